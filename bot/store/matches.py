"""Matches: a child and their visitor, one at a time."""

import datetime as dt
from dataclasses import fields

from bot.domain.interest import Match
from bot.domain.recruitment import Volunteer
from bot.store.clock import stamp
from bot.store.database import Reader, Row, Writer

_COLUMNS = ", ".join(field.name for field in fields(Match))


async def taken(reader: Reader, reference: str) -> bool:
    return bool(await reader.all("SELECT 1 FROM matches WHERE reference = ?", (reference,)))


async def start(
    writer: Writer, reference: str, interest: str, volunteer: Volunteer, now: str, spot_agreed: str = ""
) -> None:
    """A child has a visitor, who has to be ready. `spot_agreed`: who agreed to a place above the capacity."""
    await writer.run(
        "INSERT INTO matches (reference, interest, volunteer, visitor, about, created_at, started_at, spot_agreed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (reference, interest, volunteer.reference, volunteer.called, volunteer.about, now, now, spot_agreed),
    )


async def end(writer: Writer, interest: str, now: str, reason: str = "") -> None:
    """The child has no visitor any more, and no visit to come."""
    await writer.run(
        "UPDATE visits SET status = 'cancelled', cancelled_by = 'staff', changes = changes + 1"
        " WHERE status = 'planned' AND planned_for > ?"
        " AND match IN (SELECT reference FROM matches WHERE interest = ? AND ended_at IS NULL)",
        (now, interest),
    )
    await writer.run(
        "UPDATE matches SET ended_at = ?, ended_reason = ? WHERE interest = ? AND ended_at IS NULL",
        (now, reason, interest),
    )


async def current(reader: Reader, interest: str) -> Match | None:
    """The visitor a child has."""
    row = await reader.one(f"SELECT {_COLUMNS} FROM matches WHERE interest = ? AND ended_at IS NULL", (interest,))
    return _match(row) if row else None


async def newest(reader: Reader, interest: str) -> Match | None:
    """The visitor a child has, or had last."""
    row = await reader.one(
        f"SELECT {_COLUMNS} FROM matches WHERE interest = ?"
        " ORDER BY ended_at IS NULL DESC, started_at DESC, reference LIMIT 1",
        (interest,),
    )
    return _match(row) if row else None


async def at_the_time(reader: Reader, interest: str, at: str) -> Match | None:
    """The visitor a child had at a moment, or had last before it."""
    row = await reader.one(
        f"SELECT {_COLUMNS} FROM matches WHERE interest = :interest AND started_at <= :at"
        " ORDER BY ended_at IS NULL OR ended_at > :at DESC, started_at DESC, reference LIMIT 1",
        {"interest": interest, "at": at},
    )
    return _match(row) if row else None


async def find(reader: Reader, reference: str) -> Match | None:
    row = await reader.one(f"SELECT {_COLUMNS} FROM matches WHERE reference = ?", (reference,))
    return _match(row) if row else None


async def of_volunteer(reader: Reader, person: str, reference: str = "") -> list[Match]:
    """The children somebody visits now, the oldest match first; with a reference, that one if it is theirs."""
    rows = await reader.all(
        f"SELECT {_COLUMNS} FROM matches WHERE volunteer IN (SELECT reference FROM volunteers WHERE person = :person)"
        " AND ended_at IS NULL AND (:reference = '' OR reference = :reference) ORDER BY started_at, reference",
        {"person": person, "reference": reference},
    )
    return [_match(row) for row in rows]


async def ended(reader: Reader, interest: str) -> list[Match]:
    """The visitors a child had before, oldest first."""
    rows = await reader.all(
        f"SELECT {_COLUMNS} FROM matches WHERE interest = ? AND ended_at IS NOT NULL ORDER BY ended_at, reference",
        (interest,),
    )
    return [_match(row) for row in rows]


async def ended_since(reader: Reader, since: dt.datetime) -> list[Row]:
    """Matches that ended since a moment, whose volunteer is in the bot: reference, person."""
    return await reader.all(
        "SELECT m.reference, v.person FROM matches m JOIN volunteers v ON v.reference = m.volunteer"
        " WHERE m.ended_at >= ? AND v.person IS NOT NULL AND v.joined_at <= m.ended_at ORDER BY m.reference",
        (stamp(since),),
    )


async def loads(reader: Reader) -> dict[str, int]:
    """How many children each volunteer visits now; who visits none is not in it."""
    rows = await reader.all("SELECT volunteer, count(*) AS n FROM matches WHERE ended_at IS NULL GROUP BY volunteer")
    return {row["volunteer"]: row["n"] for row in rows}


async def without_a_visit(reader: Reader, before: str, now: str, reference: str = "") -> list[Row]:
    """Matches that run and have had no visit since before a moment; or one of them.

    reference, interest, since (the last visit, or the beginning), person (of the volunteer, if they are in the bot),
    on_hold (suspended or on a break), planned (whether a visit is to come).
    """
    return await reader.all(
        "SELECT m.reference, m.interest, coalesce((SELECT max(l.planned_for) FROM visit_log l"
        " WHERE l.match = m.reference AND l.outcome = 'happened'), m.started_at) AS since, v.person,"
        " v.paused_at IS NOT NULL OR v.suspended_at IS NOT NULL AND v.lifted_at IS NULL AS on_hold,"
        " EXISTS (SELECT 1 FROM visits n WHERE n.match = m.reference AND n.status = 'planned'"
        " AND n.planned_for > :now) AS planned"
        " FROM matches m JOIN volunteers v ON v.reference = m.volunteer"
        " WHERE m.ended_at IS NULL AND since < :before"
        " AND (:reference = '' OR m.reference = :reference) ORDER BY since, m.reference",
        {"before": before, "now": now, "reference": reference},
    )


async def running(reader: Reader) -> int:
    """How many children have a visitor now."""
    row = await reader.one("SELECT count(*) AS n FROM matches WHERE ended_at IS NULL")
    return int(row["n"]) if row else 0


def _match(row: Row) -> Match:
    return Match(**dict(row))
