"""Visits of a match, and what the child said of them."""

import datetime as dt

from bot.domain.visits import APART, Said, Visit
from bot.store.clock import moment, stamp
from bot.store.database import Reader, Row, Writer

_SELECT = (
    "SELECT v.reference, v.match, m.interest, m.visitor, v.planned_for, v.plan, v.status, v.child_said, v.child_words,"
    " v.child_missed, v.child_face FROM visits v JOIN matches m ON m.reference = v.match"
)


async def taken(reader: Reader, reference: str) -> bool:
    return bool(await reader.all("SELECT 1 FROM visits WHERE reference = ?", (reference,)))


async def add(writer: Writer, reference: str, match: str, planned_for: str, plan: str, by: str, now: str) -> None:
    await writer.run(
        "INSERT INTO visits (reference, match, planned_for, plan, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?)",
        (reference, match, planned_for, plan, now, by),
    )


async def find(reader: Reader, reference: str) -> Visit | None:
    row = await reader.one(f"{_SELECT} WHERE v.reference = ?", (reference,))
    return _visit(row) if row else None


async def of_child(reader: Reader, reference: str, person: str) -> Visit | None:
    """A visit, if it is this child's."""
    row = await reader.one(
        f"{_SELECT} JOIN interests i ON i.reference = m.interest WHERE v.reference = ? AND i.person = ?",
        (reference, person),
    )
    return _visit(row) if row else None


async def coming(reader: Reader, interest: str, now: str) -> list[Visit]:
    """What is planned for a child from now on, the next first."""
    rows = await reader.all(
        f"{_SELECT} WHERE m.interest = ? AND m.ended_at IS NULL AND v.status = 'planned' AND v.planned_for >= ?"
        " ORDER BY v.planned_for",
        (interest, now),
    )
    return [_visit(row) for row in rows]


async def near(reader: Reader, interest: str, planned_for: str) -> Visit | None:
    """A planned visit of this child at about the same time."""
    middle = moment(planned_for)
    row = await reader.one(
        f"{_SELECT} WHERE m.interest = ? AND v.status = 'planned' AND v.planned_for > ? AND v.planned_for < ? LIMIT 1",
        (interest, stamp(middle - APART), stamp(middle + APART)),
    )
    return _visit(row) if row else None


async def over(reader: Reader, since: dt.datetime, until: dt.datetime) -> list[Row]:
    """Visits that were to be between two moments and nobody has said how they went, with the child."""
    return await reader.all(
        "SELECT v.reference, i.person FROM visits v JOIN matches m ON m.reference = v.match"
        " JOIN interests i ON i.reference = m.interest WHERE v.status = 'planned' AND v.planned_for >= ?"
        " AND v.planned_for < ? AND v.child_face IS NULL AND NOT v.child_missed AND i.person IS NOT NULL",
        (stamp(since), stamp(until)),
    )


async def child_said(writer: Writer, reference: str, said: Said) -> None:
    await writer.run("UPDATE visits SET child_said = ? WHERE reference = ?", (said, reference))


async def child_words(writer: Writer, reference: str, words: str) -> None:
    """Which day would be better, in the child's own words."""
    await writer.run("UPDATE visits SET child_words = ? WHERE reference = ?", (words, reference))


async def child_felt(writer: Writer, reference: str, face: int | None) -> None:
    """How it went, 1 to 5; None: it did not happen."""
    await writer.run(
        "UPDATE visits SET child_face = ?, child_missed = ? WHERE reference = ?", (face, face is None, reference)
    )


async def cancel(writer: Writer, reference: str) -> bool:
    """Call a visit off. False when it was called off before."""
    return bool(
        await writer.run(
            "UPDATE visits SET status = 'cancelled' WHERE reference = ? AND status = 'planned'", (reference,)
        )
    )


def _visit(row: Row) -> Visit:
    values = dict(row)
    said = {"child_said": Said(values["child_said"]), "child_missed": bool(values["child_missed"])}
    return Visit(**values | said)
