"""What was shown of somebody before they erased it: on screens, in messages under way, in events that failed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson
from markupsafe import escape

from bot.store import people
from bot.store.database import Reader, Writer

_SHORTEST, _LONGEST = 6, 24
"""Letters of a line by which it is looked for on the screens of staff: fewer are no sign, more may be cut off there."""

_WORK = "(SELECT id FROM people WHERE role != 'guest' UNION SELECT value FROM json_each(:officers))"
_TO_WORK = f"(person IS NULL OR person IN {_WORK})"
"""Messages to staff, officers and mails to those of them who are on no chat among them."""

_NOTE = (
    "coalesce((SELECT value FROM json_each(:notes) WHERE key = body ->> '$.language'),"
    " (SELECT value FROM json_each(:notes) LIMIT 1))"
)
"""In the language of the message; else in the first."""


@dataclass(frozen=True, slots=True)
class Traces:
    """Where erased words may still stand: on screens, in messages under way, in events that failed."""

    person: str
    ways: tuple[tuple[str, str], ...]  # every channel and address of theirs
    here: tuple[str, str]  # the one they are erasing from; on the chat page other sessions end
    turn: int  # the turn that erases: what was said before it goes
    words: tuple[str, ...]
    references: tuple[str, ...]
    officers: tuple[str, ...]  # who came by the link in a mail to handle any of it: they have no role here
    wholly: bool  # everything about them is erased


async def ways(reader: Reader, person: str) -> list[tuple[str, str]]:
    """Every channel and address of somebody, reachable or not."""
    rows = await reader.all("SELECT channel, address FROM addresses WHERE person = ?", (person,))
    return [(row["channel"], row["address"]) for row in rows]


async def officers(reader: Reader, references: Iterable[str]) -> list[str]:
    """Who came by the link in a mail to handle any of these complaints or concerns."""
    rows = await reader.all(
        "SELECT person FROM complaint_handlers WHERE complaint IN (SELECT value FROM json_each(:references))"
        " UNION SELECT person FROM concern_handlers WHERE concern IN (SELECT value FROM json_each(:references))",
        {"references": _json(list(references))},
    )
    return [row["person"] for row in rows]


async def sweep(writer: Writer, found: Traces, notes: Mapping[str, str]) -> None:
    """Remove what still stands. On the screens of staff a note takes its place, as HTML, in the message's language."""
    for channel, address in found.ways:
        where = {"channel": channel, "address": address, "turn": found.turn}
        await writer.run("DELETE FROM outbox WHERE channel = :channel AND address = :address AND turn < :turn", where)
        await writer.run(
            "UPDATE inbox SET said = '' WHERE said != '' AND channel = :channel AND address = :address"
            " AND turn <= :turn",
            where,
        )
        await writer.run(
            "UPDATE failed_events SET event = '{}', traceback = ''"
            " WHERE channel = :channel AND event ->> 'address' = :address",
            where,
        )
        if channel == "web" and (channel, address) != found.here:
            await people.remove_address(writer, channel, address)
    await _sweep_work(writer, found, notes)


async def _sweep_work(writer: Writer, found: Traces, notes: Mapping[str, str]) -> None:
    """What staff were shown of it or had typed about it, and what failed."""
    lines = {line.strip() for text in found.words for line in text.splitlines()}
    plain = [line[:_LONGEST] for line in lines if len(line) >= _SHORTEST]
    values = {
        "person": found.person,
        "notes": _json(notes),
        "officers": _json(found.officers),
        "plain": _json(plain),
        "html": _json([_json(str(escape(line)))[1:-1] for line in plain]),
        "inner": _json([_json(line)[1:-1] for line in plain]),
        "references": _json(found.references),
        "ended": _json(found.references if found.wholly else ()),
    }
    # What staff were told unasked has no words in it; what they asked for may have, under its number.
    asked_for = "EXISTS (SELECT 1 FROM inbox i WHERE i.turn = outbox.turn AND i.address = outbox.address)"
    for sql in (
        (
            f"UPDATE outbox SET body = json_set(body, '$.html', {_NOTE}) WHERE failure = '' AND"
            f" {_TO_WORK} AND ({_holds('body', 'html')} OR {asked_for} AND {_holds('body', 'references')})"
        ),
        f"DELETE FROM outbox WHERE {_TO_WORK} AND {_holds('body', 'inner')}",
        (
            "UPDATE inbox SET said = '' WHERE said != ''"
            f" AND address IN (SELECT address FROM addresses WHERE person IN {_WORK})"
            f" AND ({_holds('said', 'plain')} OR {_holds('said', 'ended')})"
        ),
        f"DELETE FROM forms WHERE person IN {_WORK} AND ({_holds('answers', 'inner')} OR {_holds('answers', 'ended')})",
        (
            "UPDATE failed_events SET event = '{}', traceback = '' WHERE event ->> 'address' = :person"
            f" OR {_holds('event', 'inner')} OR {_holds('traceback', 'plain')}"
            f" OR {_holds('event', 'ended')} OR {_holds('traceback', 'ended')}"
        ),
    ):
        await writer.run(sql, values)


def _holds(column: str, signs: str) -> str:
    return f"EXISTS (SELECT 1 FROM json_each(:{signs}) sign WHERE instr({column}, sign.value))"


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
