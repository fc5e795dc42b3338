"""Allegations: what the LADO has to be told, and the visitor who is suspended until a manager lifts it.

Whoever sees the concern sees its allegation, and nobody else does.
"""

from dataclasses import dataclass, fields

from bot.domain.concerns import Allegation
from bot.domain.roles import Role, Viewer
from bot.store import visits
from bot.store.concerns import seen_by
from bot.store.database import Reader, Row, Writer

_NAMES = tuple(field.name for field in fields(Allegation))
_SELECT = (
    f"SELECT {', '.join(f'a.{name}' for name in _NAMES)} FROM allegations a JOIN concerns c ON c.reference = a.concern"
)


async def taken(reader: Reader, reference: str) -> bool:
    return bool(await reader.all("SELECT 1 FROM allegations WHERE reference = ?", (reference,)))


async def add(writer: Writer, allegation: Allegation, by: str) -> None:
    """Write it down. The visitor of its match is suspended at once, and their visits pause."""
    marks = ", ".join("?" * len(_NAMES))
    values = tuple(getattr(allegation, name) for name in _NAMES)
    await writer.run(f"INSERT INTO allegations ({', '.join(_NAMES)}) VALUES ({marks})", values)
    if allegation.match:
        await suspend(writer, allegation.match, by, allegation.opened_at)


async def find(reader: Reader, reference: str, viewer: Viewer | None) -> Allegation | None:
    sees, params = seen_by(viewer)
    row = await reader.one(f"{_SELECT} WHERE a.reference = :reference AND {sees}", params | {"reference": reference})
    return _allegation(row) if row else None


async def of_concern(reader: Reader, concern: str, viewer: Viewer | None) -> list[Allegation]:
    sees, params = seen_by(viewer)
    rows = await reader.all(
        f"{_SELECT} WHERE a.concern = :concern AND {sees} ORDER BY a.opened_at, a.reference",
        params | {"concern": concern},
    )
    return [_allegation(row) for row in rows]


async def open_ones(reader: Reader, viewer: Viewer | None) -> list[Allegation]:
    """What is not closed: those the LADO was not told of first, the soonest due first."""
    sees, params = seen_by(viewer)
    rows = await reader.all(
        f"{_SELECT} WHERE a.closed_at IS NULL AND {sees} ORDER BY a.lado_told_at IS NOT NULL, a.due_on, a.reference",
        params,
    )
    return [_allegation(row) for row in rows]


async def lado_told(writer: Writer, reference: str, viewer: Viewer, now: str) -> bool:
    """The LADO has been told. Only the first time counts."""
    return await _mark(writer, reference, viewer, "lado_told_at", "a.lado_told_at IS NULL", now)


async def close(writer: Writer, reference: str, viewer: Viewer, now: str) -> bool:
    """Done with: the LADO knows of it. The suspension stays until a manager lifts it."""
    return await _mark(
        writer, reference, viewer, "closed_at", "a.lado_told_at IS NOT NULL AND a.closed_at IS NULL", now
    )


@dataclass(frozen=True, slots=True)
class Suspension:
    """The suspension of a volunteer, running or lifted."""

    volunteer: str
    suspended_at: str
    suspended_by: str | None
    lifted_at: str | None
    lifted_by: str | None
    lift_reason: str

    @property
    def running(self) -> bool:
        return self.lifted_at is None


_OF_MATCH = "(SELECT volunteer FROM matches WHERE reference = ?)"


async def suspend(writer: Writer, match: str, by: str, now: str) -> bool:
    """The visitor of a match: none of their visits goes ahead and none can be planned. False when it was so before."""
    return bool(
        await writer.run(
            "UPDATE volunteers SET suspended_at = ?, suspended_by = ?,"
            " lifted_at = NULL, lifted_by = NULL, lift_reason = ''"
            f" WHERE reference = {_OF_MATCH} AND (suspended_at IS NULL OR lifted_at IS NOT NULL)",
            (now, by or None, match),
        )
    )


async def suspension(reader: Reader, match: str) -> Suspension | None:
    """The last suspension of a match's visitor, if there was one."""
    row = await reader.one(
        "SELECT reference AS volunteer, suspended_at, suspended_by, lifted_at, lifted_by, lift_reason FROM volunteers"
        f" WHERE reference = {_OF_MATCH} AND suspended_at IS NOT NULL",
        (match,),
    )
    return Suspension(**dict(row)) if row else None


async def may_lift(reader: Reader, match: str, viewer: Viewer) -> bool:
    """Whether this is a manager who sees every allegation about this visitor: one they may not see is a conflict."""
    all_of_them = await _open_about(reader, match, None)
    return viewer.role == Role.MANAGER and all_of_them == await _open_about(reader, match, viewer)


async def lift(writer: Writer, match: str, viewer: Viewer, reason: str, now: str) -> list[str] | None:
    """The visitor may visit again. None when this viewer may not say so, or nothing is suspended.

    Visits whose time has not come are planned again if nothing else stands in their way, and neither side has said yes
    to them any more: the references.
    """
    running = await suspension(writer, match)
    if not reason or running is None or not running.running or not await may_lift(writer, match, viewer):
        return None
    await writer.run(
        "UPDATE volunteers SET lifted_at = ?, lifted_by = ?, lift_reason = ? WHERE reference = ?",
        (now, viewer.person, reason, running.volunteer),
    )
    return await visits.resume(writer, running.volunteer, now)


async def _open_about(reader: Reader, match: str, viewer: Viewer | None) -> list[str]:
    sees, params = seen_by(viewer)
    rows = await reader.all(
        "SELECT a.reference FROM allegations a JOIN concerns c ON c.reference = a.concern"
        " WHERE a.match IN (SELECT reference FROM matches WHERE volunteer ="
        f" (SELECT volunteer FROM matches WHERE reference = :match)) AND {sees} ORDER BY a.reference",
        params | {"match": match},
    )
    return [row["reference"] for row in rows]


async def _mark(writer: Writer, reference: str, viewer: Viewer, column: str, condition: str, now: str) -> bool:
    sees, params = seen_by(viewer)
    return bool(
        await writer.run(
            f"UPDATE allegations AS a SET {column} = :now WHERE a.reference = :reference AND {condition}"
            f" AND EXISTS (SELECT 1 FROM concerns c WHERE c.reference = a.concern AND {sees})",
            params | {"reference": reference, "now": now},
        )
    )


def _allegation(row: Row) -> Allegation:
    return Allegation(**dict(row))
