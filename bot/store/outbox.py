"""What is to be said: written in the turn's transaction, delivered after it."""

from collections.abc import Sequence

from bot.store.database import Reader, Row, Writer

_COLUMNS = "id, turn, person, channel, address, body, attempts, due_at"


async def add(writer: Writer, rows: Sequence[tuple[int, int, str | None, str, str, str, str, str | None]]) -> None:
    """(id, turn, person, channel, address, body, created at, due at).

    The person is null for somebody on no chat; due at is null where nothing is pushed.
    """
    await writer.many(
        "INSERT INTO outbox (id, turn, person, channel, address, body, created_at, due_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


async def due(reader: Reader) -> list[Row]:
    """Everything still to be pushed, oldest first."""
    return await reader.all(f"SELECT {_COLUMNS} FROM outbox WHERE due_at IS NOT NULL ORDER BY id")


async def delivered(writer: Writer, ids: Sequence[int]) -> None:
    """What has been delivered is not kept."""
    await writer.many("DELETE FROM outbox WHERE id = ?", [(parcel,) for parcel in ids])


async def postpone(writer: Writer, rows: Sequence[tuple[str, int]]) -> None:
    """Try again later: (due at, id)."""
    await writer.many("UPDATE outbox SET due_at = ?, attempts = attempts + 1 WHERE id = ?", rows)


async def give_up(writer: Writer, rows: Sequence[tuple[str, int]]) -> None:
    """Will never go through: (why, id). The words are dropped, the fact is kept for the operator."""
    await writer.many("UPDATE outbox SET due_at = NULL, body = '{}', failure = ? WHERE id = ?", rows)


async def failures(reader: Reader) -> int:
    """How many messages were given up and are still kept."""
    row = await reader.one("SELECT count(*) AS n FROM outbox WHERE failure != ''")
    return int(row["n"]) if row else 0


async def of_session(reader: Reader, address: str, after: int) -> list[Row]:
    """The messages of one chat page session, in order."""
    return await reader.all(
        f"SELECT {_COLUMNS} FROM outbox WHERE channel = 'web' AND address = ? AND turn > ? AND failure = ''"
        " ORDER BY id",
        (address, after),
    )


async def parcel(reader: Reader, address: str, parcel: int) -> Row | None:
    """One message of a chat page session."""
    return await reader.one(
        f"SELECT {_COLUMNS} FROM outbox WHERE channel = 'web' AND address = ? AND id = ? AND failure = ''",
        (address, parcel),
    )


async def replace(writer: Writer, rows: Sequence[tuple[str, int]]) -> None:
    """Take back messages of a chat page session that newer ones stand in for: (address, id)."""
    await writer.many("DELETE FROM outbox WHERE channel = 'web' AND address = ? AND id = ?", rows)


async def take_waiting(writer: Writer, person: str) -> list[str]:
    """The bodies of what waited for somebody to come back, the oldest first. They wait no more."""
    where = "person = ? AND channel = 'web' AND address = '' AND failure = ''"
    rows = await writer.all(f"SELECT body FROM outbox WHERE {where} ORDER BY id", (person,))
    await writer.run(f"DELETE FROM outbox WHERE {where}", (person,))
    return [row["body"] for row in rows]
