"""The open form of each person: its answers are its whole state."""

from collections.abc import Sequence

from bot.store.database import Reader, Row, Writer


async def save(writer: Writer, rows: Sequence[tuple[str, str, str, str, str | None]]) -> None:
    """(person, name, answers, touched at, reminded at)."""
    await writer.many(
        "INSERT INTO forms (person, name, answers, touched_at, reminded_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (person) DO UPDATE SET name = excluded.name, answers = excluded.answers,"
        " touched_at = excluded.touched_at, reminded_at = excluded.reminded_at",
        rows,
    )


async def remove(writer: Writer, people: Sequence[str]) -> None:
    await writer.many("DELETE FROM forms WHERE person = ?", [(person,) for person in people])


async def find(reader: Reader, person: str) -> Row | None:
    return await reader.one("SELECT name, answers, reminded_at FROM forms WHERE person = ?", (person,))


async def left_alone(reader: Reader, since: str, before: str) -> list[Row]:
    """Forms last touched between two moments, and nobody was reminded of."""
    return await reader.all(
        "SELECT person, touched_at FROM forms WHERE touched_at >= ? AND touched_at < ? AND reminded_at IS NULL",
        (since, before),
    )
