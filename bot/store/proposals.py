"""Proposals: a child and a volunteer who are asked whether they would like to meet, one at a time for a child."""

import datetime as dt
from dataclasses import fields

from bot.domain.interest import Outcome, Proposal, Said
from bot.store.clock import stamp
from bot.store.database import Params, Reader, Row, Writer

_NAMES = tuple(field.name for field in fields(Proposal))
_COLUMNS = ", ".join(f"p.{name}" for name in _NAMES)
_SINCE = "max(p.at, coalesce(p.volunteer_said_at, ''), coalesce(p.child_said_at, ''), coalesce(p.nudged_at, ''))"
"""When something happened last, a reminder among it."""


async def taken(reader: Reader, reference: str) -> bool:
    return bool(await reader.all("SELECT 1 FROM proposals WHERE reference = ?", (reference,)))


async def add(writer: Writer, proposal: Proposal, by: str) -> None:
    """A volunteer is asked. Raises sqlite3.IntegrityError while another is open for this child."""
    await writer.run(
        "INSERT INTO proposals (reference, interest, volunteer, at, by_person) VALUES (?, ?, ?, ?, ?)",
        (proposal.reference, proposal.interest, proposal.volunteer, proposal.at, by),
    )


async def volunteer_says(writer: Writer, reference: str, said: Said, now: str) -> None:
    """Their answer; a no ends it."""
    await writer.run(
        "UPDATE proposals SET volunteer_said = :said, volunteer_said_at = :now,"
        " closed_at = iif(:said = 'no', :now, NULL), outcome = iif(:said = 'no', 'volunteer_no', '')"
        " WHERE reference = :reference AND closed_at IS NULL",
        {"said": said, "now": now, "reference": reference},
    )


async def child_says(writer: Writer, reference: str, said: Said, now: str) -> None:
    """Their answer; a no ends it."""
    await writer.run(
        "UPDATE proposals SET child_said = :said, child_said_at = :now,"
        " closed_at = iif(:said = 'no', :now, NULL), outcome = iif(:said = 'no', 'child_no', '')"
        " WHERE reference = :reference AND closed_at IS NULL",
        {"said": said, "now": now, "reference": reference},
    )


async def close(writer: Writer, interest: str, outcome: Outcome, now: str) -> None:
    """Whoever was proposed for a child is so no more."""
    await writer.run(
        "UPDATE proposals SET closed_at = ?, outcome = ? WHERE interest = ? AND closed_at IS NULL",
        (now, outcome, interest),
    )


async def nudged(writer: Writer, reference: str, now: str) -> None:
    """Coordinators were reminded; the next reminder is counted from here."""
    await writer.run("UPDATE proposals SET nudged_at = ? WHERE reference = ?", (now, reference))


async def find(reader: Reader, reference: str) -> Proposal | None:
    return await _one(reader, "p.reference = ?", (reference,))


async def of_interest(reader: Reader, interest: str) -> Proposal | None:
    """The one that is open for a child."""
    return await _one(reader, "p.interest = ? AND p.closed_at IS NULL", (interest,))


async def of_child(reader: Reader, person: str, reference: str = "") -> Proposal | None:
    """The open one that a child is asked about, because the volunteer said yes; with a reference, if it is that one."""
    return await _one(
        reader,
        "p.closed_at IS NULL AND p.volunteer_said = 'yes' AND (:reference = '' OR p.reference = :reference)"
        " AND EXISTS (SELECT 1 FROM interests i WHERE i.reference = p.interest AND i.person = :person)",
        {"person": person, "reference": reference},
    )


async def of_volunteer(reader: Reader, person: str) -> list[Proposal]:
    """The open ones that somebody is asked about, oldest first."""
    return await _some(reader, f"{_THEIRS} AND p.closed_at IS NULL", {"person": person})


async def asked_of(reader: Reader, reference: str, person: str) -> Proposal | None:
    """One, open or not, if this is the volunteer who is asked."""
    return await _one(reader, f"{_THEIRS} AND p.reference = :reference", {"person": person, "reference": reference})


async def open_ones(reader: Reader, limit: int) -> list[Proposal]:
    """All that are open: those that wait longest first."""
    return await _some(reader, "p.closed_at IS NULL", {"limit": limit}, f"{_SINCE}, p.reference LIMIT :limit")


async def loads(reader: Reader, besides: str) -> dict[str, int]:
    """About how many children each volunteer is asked now, one request left aside; who is about none is not in it."""
    rows = await reader.all(
        "SELECT volunteer, count(*) AS n FROM proposals WHERE closed_at IS NULL AND interest != ? GROUP BY volunteer",
        (besides,),
    )
    return {row["volunteer"]: row["n"] for row in rows}


async def closed_before(reader: Reader, interest: str) -> list[Proposal]:
    """What came of earlier ones for a child, oldest first."""
    return await _some(reader, "p.interest = :interest AND p.closed_at IS NOT NULL", {"interest": interest})


async def waiting(reader: Reader, before: str, reference: str = "") -> list[Row]:
    """Those, or that one, with which nothing has happened since a moment: reference, and since when."""
    return await reader.all(
        f"SELECT p.reference, {_SINCE} AS since FROM proposals p WHERE p.closed_at IS NULL AND {_SINCE} < :before"
        " AND (:reference = '' OR p.reference = :reference) ORDER BY p.reference",
        {"before": before, "reference": reference},
    )


async def closed_since(reader: Reader, since: dt.datetime) -> list[Row]:
    """Those that ended otherwise than by the volunteer's no, with the volunteer: reference, person."""
    return await reader.all(
        "SELECT p.reference, v.person FROM proposals p JOIN volunteers v ON v.reference = p.volunteer"
        " WHERE p.closed_at >= ? AND p.outcome != 'volunteer_no' AND v.person IS NOT NULL"
        " AND v.joined_at <= p.closed_at ORDER BY p.reference",
        (stamp(since),),
    )


_THEIRS = "EXISTS (SELECT 1 FROM volunteers v WHERE v.reference = p.volunteer AND v.person = :person)"


async def _one(reader: Reader, condition: str, params: Params) -> Proposal | None:
    row = await reader.one(f"SELECT {_COLUMNS} FROM proposals p WHERE {condition}", params)
    return _proposal(row) if row else None


async def _some(reader: Reader, condition: str, params: Params, order: str = "p.at, p.reference") -> list[Proposal]:
    rows = await reader.all(f"SELECT {_COLUMNS} FROM proposals p WHERE {condition} ORDER BY {order}", params)
    return [_proposal(row) for row in rows]


def _proposal(row: Row) -> Proposal:
    values = dict(row)
    said = {name: Said(values[name]) for name in ("volunteer_said", "child_said")}
    return Proposal(**values | said | {"outcome": Outcome(values["outcome"])})
