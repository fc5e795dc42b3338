"""People and the addresses they write from."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.store.database import Reader, Row, Writer

_NAMES = ("id", "role", "language", "name", "simple", "misses", "owned_up", "offered")
_COLUMNS = ", ".join(_NAMES)
COLUMNS = ", ".join(f"p.{name}" for name in _NAMES)
"""Of a person, in a query that calls the table p."""


IN_COMPLAINTS = (
    "(SELECT person FROM complaints WHERE person IS NOT NULL UNION SELECT person FROM concerns WHERE person IS NOT NULL"
    " UNION SELECT person FROM complaint_handlers UNION SELECT person FROM concern_handlers)"
)
"""Those who have complained or raised a concern, and those who handle one: they are not forgotten before it is."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the bot talks to. `id` is a random token that means nothing elsewhere."""

    id: str
    role: str = "guest"
    language: str = ""
    name: str = ""
    simple: bool = False  # reads the short form of pages
    misses: int = 0  # questions in a row that were not understood
    owned_up: str = ""  # languages in which they know that a computer wrote our words, spaces between
    offered: str = ""  # languages that were offered to them because they typed in them


@dataclass(frozen=True, slots=True)
class Address:
    """One way to reach a person."""

    channel: str
    address: str
    person: str
    language: str = ""
    reachable: bool = True


async def save(writer: Writer, people: Sequence[Person], now: str) -> None:
    """Write new people and changed ones."""
    await writer.many(
        "INSERT INTO people (id, role, language, name, simple, misses, owned_up, offered, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET role = excluded.role, language = excluded.language, name = excluded.name,"
        " simple = excluded.simple, misses = excluded.misses, owned_up = excluded.owned_up,"
        " offered = excluded.offered",
        [(p.id, p.role, p.language, p.name, p.simple, p.misses, p.owned_up, p.offered, now) for p in people],
    )


async def save_addresses(writer: Writer, addresses: Sequence[Address], now: str) -> None:
    """Write addresses that have just spoken."""
    await writer.many(
        "INSERT INTO addresses (channel, address, person, language, reachable, seen_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (channel, address) DO UPDATE SET person = excluded.person, language = excluded.language,"
        " reachable = excluded.reachable, seen_at = excluded.seen_at",
        [(a.channel, a.address, a.person, a.language, a.reachable, now) for a in addresses],
    )


async def find(reader: Reader, person: str) -> Person | None:
    row = await reader.one(f"SELECT {_COLUMNS} FROM people WHERE id = ?", (person,))
    return person_of(row) if row else None


def person_of(row: Row) -> Person:
    """A person from a row that has their columns."""
    own = {name: row[name] for name in _NAMES}
    return Person(**{**own, "simple": bool(row["simple"])})


async def with_roles(reader: Reader, roles: Sequence[str]) -> list[Person]:
    """Everybody in one of these roles."""
    marks = ", ".join("?" * len(roles))
    rows = await reader.all(f"SELECT {_COLUMNS} FROM people WHERE role IN ({marks}) ORDER BY id", tuple(roles))
    return [person_of(row) for row in rows]


async def handles(reader: Reader, person: str) -> bool:
    """Whether somebody came by the link in a mail, to handle a complaint or a concern."""
    rows = await reader.all(
        "SELECT 1 FROM complaint_handlers WHERE person = :id UNION SELECT 1 FROM concern_handlers WHERE person = :id",
        {"id": person},
    )
    return bool(rows)


async def addresses(reader: Reader, person: str) -> list[Address]:
    """Where a person can be reached now, the one they used last first."""
    rows = await reader.all(
        "SELECT channel, address, person, language FROM addresses WHERE person = ? AND reachable = 1"
        " ORDER BY seen_at DESC",
        (person,),
    )
    return [Address(**row) for row in rows]


async def address(reader: Reader, channel: str, address: str) -> Row | None:
    """An address with its person's language and when it last spoke."""
    return await reader.one(
        "SELECT a.language, a.seen_at, p.language AS chosen, p.role FROM addresses a JOIN people p ON p.id = a.person"
        " WHERE a.channel = ? AND a.address = ?",
        (channel, address),
    )


async def idle_pages(reader: Reader, before: str) -> list[Row]:
    """Chat page sessions that last spoke before a moment."""
    return await reader.all(
        "SELECT address, person, seen_at FROM addresses WHERE channel = 'web' AND seen_at < ?", (before,)
    )


async def remove_address(writer: Writer, channel: str, address: str) -> None:
    """Forget an address, everything said through it, and its person if nothing is kept about them any more.

    What they were told of our own accord since they last spoke waits for those who can come back with a code.
    """
    row = await writer.one("SELECT person FROM addresses WHERE channel = ? AND address = ?", (channel, address))
    await writer.run(
        "UPDATE outbox SET address = '' WHERE channel = 'web' AND :channel = 'web' AND address = :address"
        " AND failure = ''"
        " AND created_at > (SELECT seen_at FROM addresses WHERE channel = 'web' AND address = :address)"
        " AND EXISTS (SELECT 1 FROM receipts WHERE person = outbox.person)",
        {"channel": channel, "address": address},
    )
    await writer.run("DELETE FROM outbox WHERE channel = ? AND address = ?", (channel, address))
    await writer.run(
        "UPDATE failed_events SET event = '{}', traceback = '' WHERE channel = ? AND event ->> 'address' = ?",
        (channel, address),
    )
    await writer.run("UPDATE inbox SET said = '' WHERE said != '' AND channel = ? AND address = ?", (channel, address))
    await writer.run("DELETE FROM addresses WHERE channel = ? AND address = ?", (channel, address))
    if row:
        await remove_if_forgotten(writer, row["person"])


async def sign_out(writer: Writer, person: str) -> None:
    """Every address of somebody, and every return code of theirs, speaks for them no more."""
    await writer.run("DELETE FROM receipts WHERE person = ?", (person,))
    for row in await writer.all("SELECT channel, address FROM addresses WHERE person = ?", (person,)):
        await remove_address(writer, row["channel"], row["address"])


async def hand_on(writer: Writer, before: str, person: str, now: str) -> None:
    """What somebody told before they said who they are belongs to who they are: nothing of it is lost to them."""
    for table in ("concerns", "complaints", "ideas", "enquiries"):
        await writer.run(f"UPDATE {table} SET person = ? WHERE person = ?", (person, before))
    await writer.run("UPDATE OR IGNORE talks SET person = ? WHERE person = ?", (person, before))
    talk = await writer.one("SELECT reference FROM talks WHERE person = ?", (before,))
    if talk:  # they had one already: both go on as one
        await writer.run(
            "UPDATE talk_messages SET talk = (SELECT reference FROM talks WHERE person = ?) WHERE talk = ?",
            (person, talk["reference"]),
        )
        await writer.run("UPDATE talks SET waiting = 1, touched_at = ? WHERE person = ?", (now, person))
        await writer.run("DELETE FROM talks WHERE reference = ?", (talk["reference"],))


async def remove_if_forgotten(writer: Writer, person: str) -> None:
    """Delete a person who has no address, no code to come back with, and no record."""
    await writer.run(
        "DELETE FROM people WHERE id = :id AND role = 'guest'"
        " AND NOT EXISTS (SELECT 1 FROM addresses WHERE person = :id)"
        " AND NOT EXISTS (SELECT 1 FROM receipts WHERE person = :id)"
        " AND NOT EXISTS (SELECT 1 FROM interests WHERE person = :id OR asked_by_person = :id)"
        " AND NOT EXISTS (SELECT 1 FROM consents WHERE person = :id)"
        " AND NOT EXISTS (SELECT 1 FROM talks WHERE person = :id)"
        f" AND id NOT IN {IN_COMPLAINTS}",
        {"id": person},
    )
