"""Enquiries of adults who may like to become a visitor."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, fields

from bot.domain.consent import Answer
from bot.store.database import Reader, Row, Writer

PREFIX = "VE"

OPEN = frozenset({"new", "contacted"})


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What an adult told us. `independent` (SI 2010/959 reg 47): yes, no, or unsure, which a human looks at."""

    reference: str
    person: str | None
    channel: str
    language: str
    received_at: str
    status: str
    status_since: str
    name: str
    reach: str
    area: str
    independent: str
    why: str
    agreed_words: str
    agreed_version: str
    agreed_at: str


_COLUMNS = ", ".join(field.name for field in fields(Enquiry))
_MARKS = ", ".join(f":{field.name}" for field in fields(Enquiry))


async def taken(reader: Reader, reference: str) -> bool:
    return bool(await reader.all("SELECT 1 FROM enquiries WHERE reference = ?", (reference,)))


async def save(writer: Writer, enquiry: Enquiry) -> None:
    """A new enquiry, or one with other answers: its reference, its day and where it stands are kept."""
    await writer.run(
        f"INSERT INTO enquiries ({_COLUMNS}) VALUES ({_MARKS}) ON CONFLICT (reference) DO UPDATE SET"
        " name = excluded.name, reach = excluded.reach, area = excluded.area, independent = excluded.independent,"
        " why = excluded.why, channel = excluded.channel, language = excluded.language,"
        " agreed_words = excluded.agreed_words, agreed_version = excluded.agreed_version,"
        " agreed_at = excluded.agreed_at",
        {field.name: getattr(enquiry, field.name) for field in fields(enquiry)},
    )


async def move(writer: Writer, reference: str, to: str, now: str) -> None:
    await writer.run("UPDATE enquiries SET status = ?, status_since = ? WHERE reference = ?", (to, now, reference))


async def take_back(writer: Writer, reference: str, now: str) -> None:
    """Rub out what was told, and whose it was; that there was an enquiry, and its days, stay."""
    await writer.run(
        "UPDATE enquiries SET status = 'withdrawn', status_since = ?, person = NULL, name = '', reach = '', area = '',"
        " independent = '', why = '', channel = '', language = '' WHERE reference = ?",
        (now, reference),
    )


async def find(reader: Reader, reference: str) -> Enquiry | None:
    row = await reader.one(f"SELECT {_COLUMNS} FROM enquiries WHERE reference = ?", (reference,))
    return Enquiry(**dict(row)) if row else None


async def of_person(reader: Reader, person: str) -> Enquiry | None:
    """The enquiry of somebody that is not closed."""
    row = await reader.one(
        f"SELECT {_COLUMNS} FROM enquiries WHERE person = ? AND status IN ('new', 'contacted')"
        " ORDER BY received_at DESC LIMIT 1",
        (person,),
    )
    return Enquiry(**dict(row)) if row else None


async def new(reader: Reader, limit: int) -> list[Enquiry]:
    """Those nobody has been in touch about, oldest first."""
    rows = await reader.all(
        f"SELECT {_COLUMNS} FROM enquiries WHERE status = 'new' ORDER BY received_at, reference LIMIT ?", (limit,)
    )
    return [Enquiry(**dict(row)) for row in rows]


def every(reader: Reader, since: str, until: str) -> AsyncGenerator[Row, None]:
    """All enquiries received from `since` up to, not including, `until`, oldest first."""
    return reader.stream(
        f"SELECT {_COLUMNS} FROM enquiries WHERE received_at >= ? AND received_at < ? ORDER BY received_at, reference",
        (since, until),
    )


async def count(reader: Reader, since: str, until: str) -> int:
    row = await reader.one(
        "SELECT count(*) AS n FROM enquiries WHERE received_at >= ? AND received_at < ?", (since, until)
    )
    return int(row["n"]) if row else 0


def agreed(answer: Answer) -> dict[str, str]:
    """A yes, as an enquiry keeps it."""
    return {"agreed_words": answer.words, "agreed_version": answer.version, "agreed_at": answer.answered_at}
