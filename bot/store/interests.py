"""Interests and every step they took."""

from collections.abc import AsyncGenerator
from dataclasses import fields

import orjson

from bot.domain.interest import Interest, Status
from bot.store.database import Reader, Row, Writer

_COLUMNS = ", ".join(field.name for field in fields(Interest))
_MARKS = ", ".join(f":{field.name}" for field in fields(Interest))


async def taken(reader: Reader, reference: str) -> bool:
    return bool(await reader.all("SELECT 1 FROM interests WHERE reference = ?", (reference,)))


async def add(writer: Writer, interest: Interest) -> None:
    await writer.run(f"INSERT INTO interests ({_COLUMNS}) VALUES ({_MARKS})", _row(interest))


async def update(writer: Writer, interest: Interest) -> None:
    """Write what was told again; its road is moved by `move` alone."""
    await writer.run(
        "UPDATE interests SET person = :person, channel = :channel, language = :language, name = :name, age = :age,"
        " area = :area, likes = :likes, visitor_wishes = :visitor_wishes, contact_way = :contact_way,"
        " anything_else = :anything_else"
        " WHERE reference = :reference",
        _row(interest),
    )


async def move(writer: Writer, reference: str, to: Status, by: str, now: str, reason: str = "") -> None:
    """Take one step along the road, and keep who took it and when."""
    await writer.run(
        "INSERT INTO interest_events (interest, at, by_person, from_status, to_status)"
        " SELECT reference, ?, ?, status, ? FROM interests WHERE reference = ?",
        (now, by, to, reference),
    )
    await writer.run(
        "UPDATE interests SET status = ?, status_since = ?, closed_reason = ? WHERE reference = ?",
        (to, now, reason, reference),
    )


async def erase(writer: Writer, reference: str, now: str) -> None:
    """Rub out what was told; that there was a request, and its road, stay."""
    await writer.run(
        "UPDATE interests SET name = '', age = NULL, area = '', likes = '[]', visitor_wishes = '', contact_way = '',"
        " anything_else = '', withdrawn_at = ? WHERE reference = ?",
        (now, reference),
    )


async def find(reader: Reader, reference: str) -> Interest | None:
    row = await reader.one(f"SELECT {_COLUMNS} FROM interests WHERE reference = ?", (reference,))
    return _interest(row) if row else None


async def newest_of(reader: Reader, person: str) -> Interest | None:
    """The newest interest of a child, one that is open before one that is closed."""
    row = await reader.one(
        f"SELECT {_COLUMNS} FROM interests WHERE person = ?"
        " ORDER BY status IN ('ended', 'declined', 'withdrawn'), received_at DESC, reference LIMIT 1",
        (person,),
    )
    return _interest(row) if row else None


async def asked_for_others(reader: Reader, person: str) -> list[Interest]:
    """What this adult asked for, for children, oldest first."""
    rows = await reader.all(
        f"SELECT {_COLUMNS} FROM interests WHERE asked_by_person = ? ORDER BY received_at",
        (person,),
    )
    return [_interest(row) for row in rows]


async def unanswered(reader: Reader, limit: int) -> list[Interest]:
    """New interests that a coordinator has to look at, oldest first."""
    rows = await reader.all(
        f"SELECT {_COLUMNS} FROM interests WHERE status = 'asked' ORDER BY received_at LIMIT ?", (limit,)
    )
    return [_interest(row) for row in rows]


def every(reader: Reader, since: str, until: str) -> AsyncGenerator[Row, None]:
    """All interests received from `since` up to, not including, `until`, oldest first, with their consents."""
    return reader.stream(
        "SELECT i.*, (SELECT iif(given AND withdrawn_at IS NULL, answered_at, NULL) FROM consents"
        " WHERE interest = i.reference AND purpose = 'send' ORDER BY id DESC LIMIT 1) AS agreed_to_send_at,"
        " (SELECT iif(given AND withdrawn_at IS NULL, answered_at, NULL) FROM consents"
        " WHERE interest = i.reference AND purpose = 'share' ORDER BY id DESC LIMIT 1) AS agreed_to_share_at"
        " FROM interests i WHERE received_at >= ? AND received_at < ? ORDER BY received_at, reference",
        (since, until),
    )


async def count(reader: Reader, since: str, until: str) -> int:
    row = await reader.one(
        "SELECT count(*) AS n FROM interests WHERE received_at >= ? AND received_at < ?", (since, until)
    )
    return int(row["n"]) if row else 0


def _row(interest: Interest) -> dict[str, object]:
    row: dict[str, object] = {field.name: getattr(interest, field.name) for field in fields(interest)}
    return row | {"likes": orjson.dumps(interest.likes).decode()}


def _interest(row: Row) -> Interest:
    values = dict(row)
    return Interest(**values | {"status": Status(values["status"]), "likes": tuple(orjson.loads(values["likes"]))})
