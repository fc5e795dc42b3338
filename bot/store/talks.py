"""Talks with a person: one for each who asked for it, with all that was said in it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from bot.store.database import Reader, Row, Writer

PREFIX = "T"


class Reach(StrEnum):
    """What becomes of a message to somebody in this chat."""

    NOW = "now"
    LATER = "later"  # it waits until they come back
    NEVER = "never"  # they have left without a code


@dataclass(frozen=True, slots=True)
class Talk:
    """Somebody who wants to talk, and how they may be answered safely. `waiting`: for a coordinator."""

    reference: str
    person: str
    channel: str
    language: str
    reply_way: str  # options and own words, with commas between them
    opened_at: str
    waiting: bool
    touched_at: str

    @property
    def ways(self) -> list[str]:
        return [way for way in self.reply_way.split(", ") if way]

    @property
    def here(self) -> bool:
        """Whether this chat is one of the safe ways."""
        return "here" in self.ways


@dataclass(frozen=True, slots=True)
class Line:
    """Something said in a talk. Without words: please get in touch; by staff, answered another way."""

    at: str
    by_staff: bool
    by_person: str | None
    name: str  # of whoever of the staff said it
    words: str
    read_at: str | None  # by the other side


_COLUMNS = ", ".join(field.name for field in fields(Talk))


async def taken(reader: Reader, reference: str) -> bool:
    return bool(await reader.all("SELECT 1 FROM talks WHERE reference = ?", (reference,)))


async def add(writer: Writer, talk: Talk) -> None:
    marks = ", ".join("?" * len(fields(Talk)))
    values = tuple(getattr(talk, field.name) for field in fields(Talk))
    await writer.run(f"INSERT INTO talks ({_COLUMNS}) VALUES ({marks})", values)


async def find(reader: Reader, reference: str) -> Talk | None:
    row = await reader.one(f"SELECT {_COLUMNS} FROM talks WHERE reference = ?", (reference,))
    return _talk(row) if row else None


async def of(reader: Reader, person: str) -> Talk | None:
    """The talk of somebody."""
    row = await reader.one(f"SELECT {_COLUMNS} FROM talks WHERE person = ?", (person,))
    return _talk(row) if row else None


async def set_way(writer: Writer, reference: str, way: str) -> None:
    await writer.run("UPDATE talks SET reply_way = ? WHERE reference = ?", (way, reference))


async def say(writer: Writer, reference: str, by: str, words: str, now: str, *, by_staff: bool) -> None:
    """One more line. The talk waits for a coordinator until they have answered all that they have read."""
    await writer.run(
        "INSERT INTO talk_messages (talk, at, by_staff, by_person, words) VALUES (?, ?, ?, ?, ?)",
        (reference, now, by_staff, by, words),
    )
    await writer.run(
        "UPDATE talks SET touched_at = ?, waiting = EXISTS"
        " (SELECT 1 FROM talk_messages WHERE talk = reference AND by_staff = 0 AND read_at IS NULL)"
        " WHERE reference = ?",
        (now, reference),
    )


async def read(writer: Writer, reference: str, now: str, *, by_staff: bool) -> None:
    """Everything that the other side said has now been read."""
    await writer.run(
        "UPDATE talk_messages SET read_at = ? WHERE talk = ? AND by_staff = ? AND read_at IS NULL",
        (now, reference, not by_staff),
    )


async def unread(reader: Reader, reference: str) -> bool:
    """Whether there is something of theirs that no coordinator has read."""
    rows = await reader.all(
        "SELECT 1 FROM talk_messages WHERE talk = ? AND by_staff = 0 AND read_at IS NULL LIMIT 1", (reference,)
    )
    return bool(rows)


async def answer_waits(reader: Reader, person: str) -> bool:
    """Whether somebody has an answer that they have not read."""
    rows = await reader.all(
        "SELECT 1 FROM talk_messages m JOIN talks t ON t.reference = m.talk"
        " WHERE t.person = ? AND m.by_staff = 1 AND m.read_at IS NULL LIMIT 1",
        (person,),
    )
    return bool(rows)


async def lines(reader: Reader, reference: str) -> list[Line]:
    """All that was said, in order."""
    rows = await reader.all(
        "SELECT m.at, m.by_staff, m.by_person, coalesce(p.name, '') AS name, m.words, m.read_at FROM talk_messages m"
        " LEFT JOIN people p ON p.id = m.by_person AND m.by_staff WHERE m.talk = ? ORDER BY m.id",
        (reference,),
    )
    return [Line(**{**row, "by_staff": bool(row["by_staff"])}) for row in rows]


async def waiting(reader: Reader, limit: int) -> Sequence[Row]:
    """Talks that wait for a coordinator, longest first: reference, since when, lines not read, their open request."""
    return await reader.all(
        "SELECT t.reference, min(m.at) AS since, sum(m.read_at IS NULL) AS unread, (SELECT i.reference FROM interests i"
        " WHERE i.person = t.person AND i.status NOT IN ('awaiting_child', 'declined', 'withdrawn', 'ended')"
        " ORDER BY i.received_at DESC LIMIT 1) AS interest"
        " FROM talks t JOIN talk_messages m ON m.talk = t.reference AND m.by_staff = 0 AND (m.read_at IS NULL OR m.id >"
        " coalesce((SELECT max(id) FROM talk_messages WHERE talk = t.reference AND by_staff = 1), 0))"
        " WHERE t.waiting = 1 GROUP BY t.reference ORDER BY since, t.reference LIMIT ?",
        (limit,),
    )


async def answered(reader: Reader, limit: int) -> Sequence[Row]:
    """Talks that were answered, newest first: reference, when, and whether the answer was read."""
    return await reader.all(
        "SELECT t.reference, m.at, m.words, m.read_at FROM talks t JOIN talk_messages m ON m.id ="
        " (SELECT max(id) FROM talk_messages WHERE talk = t.reference AND by_staff = 1)"
        " WHERE t.waiting = 0 ORDER BY m.id DESC LIMIT ?",
        (limit,),
    )


async def reach(reader: Reader, person: str) -> Reach:
    """Whether somebody sees a message in this chat now, only when they come back by themselves, or never."""
    row = await reader.one(
        "SELECT max(reachable) AS reachable, EXISTS (SELECT 1 FROM receipts WHERE person = :person) AS code"
        " FROM addresses WHERE person = :person",
        {"person": person},
    )
    if row and row["reachable"]:
        return Reach.NOW
    return Reach.LATER if row and (row["code"] or row["reachable"] is not None) else Reach.NEVER


def _talk(row: Row) -> Talk:
    return Talk(**{**row, "waiting": bool(row["waiting"])})
