"""Matches: a child and their visitor, one at a time."""

from dataclasses import fields

from bot.domain.interest import Match
from bot.store.database import Reader, Row, Writer

_COLUMNS = ", ".join(field.name for field in fields(Match))


async def taken(reader: Reader, reference: str) -> bool:
    return bool(await reader.all("SELECT 1 FROM matches WHERE reference = ?", (reference,)))


async def start(writer: Writer, reference: str, interest: str, visitor: str, about: str, now: str) -> None:
    """A child has a visitor. `about` is a few words for the child."""
    await writer.run(
        "INSERT INTO matches (reference, interest, visitor, about, started_at) VALUES (?, ?, ?, ?, ?)",
        (reference, interest, visitor, about, now),
    )


async def end(writer: Writer, interest: str, now: str, reason: str = "") -> None:
    """The child has no visitor any more, and no visit to come."""
    await writer.run(
        "UPDATE visits SET status = 'cancelled' WHERE status = 'planned' AND planned_for > ?"
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


def _match(row: Row) -> Match:
    return Match(**dict(row))
