"""Concerns, and who may see them: never whoever they are about, nor those who work for them.

Whatever lists, finds, counts or exports takes the viewer; without one it is the operator's, on the machine itself.
Whoever raised a concern learns by `raised_by` whether somebody has read it.
"""

import datetime as dt
from collections.abc import AsyncGenerator
from dataclasses import fields
from typing import Any

import orjson

from bot.domain.concerns import About, Concern, Kind, Source, barred_from
from bot.domain.roles import STAFF, Viewer
from bot.store.clock import stamp
from bot.store.database import Reader, Row, Writer
from bot.store.people import COLUMNS, Person, person_of

_NAMES = tuple(field.name for field in fields(Concern))
_COLUMNS = ", ".join(f"c.{name}" for name in _NAMES)
_VISIT = "(SELECT reference FROM visits WHERE reference = :visit)"
_BARRED = orjson.dumps({role.value: barred_from(role) for role in sorted(STAFF)}).decode()


def _sees(person: str, role: str) -> str:
    """The one condition of seeing a concern `c`: a manager, a coordinator of its chain, or who came by a link."""
    return (
        f"c.person IS NOT {person} AND c.about_person IS NOT {person}"
        f" AND c.about NOT IN (SELECT value FROM json_each(:barred, '$.' || {role}))"
        f" AND ({role} = 'manager' OR {role} = 'coordinator' AND {role} IN (SELECT value FROM json_each(c.chain))"
        f" OR {role} = 'guest' AND EXISTS"
        f" (SELECT 1 FROM concern_handlers h WHERE h.concern = c.reference AND h.person = {person}"
        f" AND c.about NOT IN (SELECT value FROM json_each(:barred, '$.' || h.contact))))"
    )


def seen_by(viewer: Viewer | None) -> tuple[str, dict[str, Any]]:
    """The condition under which this viewer sees a concern `c`, and its parameters."""
    if viewer is None:
        return "1", {}
    return f"({_sees(':viewer', ':role')})", {"viewer": viewer.person, "role": viewer.role, "barred": _BARRED}


async def taken(reader: Reader, reference: str) -> bool:
    return bool(await reader.all("SELECT 1 FROM concerns WHERE reference = ?", (reference,)))


async def add(writer: Writer, concern: Concern, by_role: str) -> None:
    """A child may be in danger. Nobody has been told yet. A visit that was erased meanwhile is left away."""
    row = {name: getattr(concern, name) for name in _NAMES} | {"chain": orjson.dumps(concern.chain).decode()}
    marks = ", ".join(_VISIT if name == "visit" else f":{name}" for name in _NAMES)
    await writer.run(f"INSERT INTO concerns ({', '.join(_NAMES)}) VALUES ({marks})", row)
    await _happened(writer, concern.reference, "raised", by_role, concern.raised_at)


async def say_more(writer: Writer, reference: str, words: str, by_role: str, now: str) -> None:
    """More was said about the same: it stands under what was said before."""
    await writer.run(
        "UPDATE concerns SET words = words || iif(words = '', '', char(10, 10)) || ? WHERE reference = ?",
        (words, reference),
    )
    await _happened(writer, reference, "more", by_role, now)


async def more_since_read(reader: Reader, reference: str) -> bool:
    """Whether more was said after somebody had acknowledged it."""
    rows = await reader.all(
        "SELECT 1 FROM concern_events m JOIN concern_events a ON a.concern = m.concern AND a.kind = 'acknowledged'"
        " WHERE m.concern = ? AND m.kind = 'more' AND m.id > a.id LIMIT 1",
        (reference,),
    )
    return bool(rows)


async def say_safe(writer: Writer, reference: str, by_role: str, now: str, *, safe: bool) -> None:
    """Whoever raised it says whether they are safe right now."""
    await _happened(writer, reference, "safe" if safe else "not_safe", by_role, now)


async def safe_now(reader: Reader, reference: str) -> bool | None:
    """What they said last of being safe; None: nothing yet."""
    row = await reader.one(
        "SELECT kind FROM concern_events WHERE concern = ? AND kind IN ('safe', 'not_safe') ORDER BY id DESC LIMIT 1",
        (reference,),
    )
    return row["kind"] == "safe" if row else None


async def told(writer: Writer, reference: str, contact: str, now: str) -> None:
    """A contact is told now; the time until the next in line begins anew."""
    await writer.run("UPDATE concerns SET told_at = ?, level = level + 1 WHERE reference = ?", (now, reference))
    await _happened(writer, reference, "told", contact, now)


async def told_when(reader: Reader, reference: str) -> dict[str, str]:
    """The last time that each contact was told: for domain.concerns.next_in_line."""
    rows = await reader.all(
        "SELECT whom, max(at) AS at FROM concern_events WHERE concern = ? AND kind = 'told' GROUP BY whom", (reference,)
    )
    return {row["whom"]: row["at"] for row in rows}


async def unacknowledged(reader: Reader, before: dt.datetime) -> list[Concern]:
    """Those nobody has acknowledged, and for which nobody was told since a moment: the next in line is due."""
    return await _some(
        reader, None, "c.acknowledged_at IS NULL AND coalesce(c.told_at, '') <= :before ORDER BY c.raised_at",
        before=stamp(before),
    )  # fmt: skip


async def find(reader: Reader, reference: str, viewer: Viewer | None) -> Concern | None:
    found = await _some(reader, viewer, "c.reference = :reference", reference=reference)
    return found[0] if found else None


async def open_ones(reader: Reader, viewer: Viewer | None, limit: int) -> list[Concern]:
    """What is not closed: those nobody has acknowledged first, then the oldest."""
    condition = "c.closed_at IS NULL ORDER BY c.acknowledged_at IS NOT NULL, c.raised_at, c.reference LIMIT :limit"
    return await _some(reader, viewer, condition, limit=limit)


async def raised_by(reader: Reader, person: str) -> list[Concern]:
    """What somebody raised themselves, newest first: for telling them whether anybody has read it."""
    rows = await reader.all(
        f"SELECT {_COLUMNS} FROM concerns c WHERE c.person = ? ORDER BY c.raised_at DESC, c.reference", (person,)
    )
    return [_concern(row) for row in rows]


async def watchers(reader: Reader, reference: str) -> list[Person]:
    """Everybody in the bot who may be told of a concern."""
    rows = await reader.all(
        f"SELECT {COLUMNS} FROM concerns c JOIN people p"
        f" WHERE c.reference = :reference AND {_sees('p.id', 'p.role')} ORDER BY p.id",
        {"reference": reference, "barred": _BARRED},
    )
    return [person_of(row) for row in rows]


async def events(reader: Reader, reference: str, viewer: Viewer) -> list[Row]:
    """What happened, oldest first: at, kind, whom."""
    sees, params = seen_by(viewer)
    return await reader.all(
        "SELECT e.at, e.kind, e.whom FROM concern_events e JOIN concerns c ON c.reference = e.concern"
        f" WHERE c.reference = :reference AND {sees} ORDER BY e.id",
        params | {"reference": reference},
    )


async def acknowledge(writer: Writer, reference: str, viewer: Viewer, now: str) -> bool:
    """Somebody has read it and takes it on. Only the first counts."""
    return await _once(
        writer, reference, viewer, "acknowledged", now, "acknowledged_at = :now, acknowledged_by = :viewer",
        "c.acknowledged_at IS NULL",
    )  # fmt: skip


async def hand_over(writer: Writer, reference: str, viewer: Viewer, now: str) -> bool:
    """The case file has confirmed in writing that it has it: the words here are rubbed out some time after."""
    return await _once(
        writer, reference, viewer, "handed_over", now, "handed_over_at = :now",
        "c.acknowledged_at IS NOT NULL AND c.handed_over_at IS NULL",
    )  # fmt: skip


async def close(writer: Writer, reference: str, viewer: Viewer, now: str) -> bool:
    """Done with. A complaint or an allegation from the same words stays open."""
    return await _once(
        writer, reference, viewer, "closed", now, "closed_at = :now",
        "c.acknowledged_at IS NOT NULL AND c.closed_at IS NULL",
    )  # fmt: skip


async def set_about(writer: Writer, reference: str, about: About, about_person: str | None, by: str, now: str) -> None:
    """It has become known whom it is about: those who may not see it lose sight of it."""
    await writer.run(
        "UPDATE concerns SET about = ?, about_person = ? WHERE reference = ?", (about, about_person, reference)
    )
    await _happened(writer, reference, "about", by, now)


async def link(writer: Writer, reference: str, complaint: str) -> None:
    """The same message opened a complaint as well."""
    await writer.run("UPDATE concerns SET complaint = ? WHERE reference = ?", (complaint, reference))


async def attach(writer: Writer, reference: str, person: str, contact: str, now: str) -> bool:
    """Duty staff who came by the link in an e-mail. False: they, or whoever it was mailed to, may not see it."""
    return bool(
        await writer.run(
            "INSERT OR IGNORE INTO concern_handlers (concern, person, contact, at)"
            " SELECT c.reference, p.id, :contact, :now FROM concerns c JOIN people p ON p.id = :person"
            " WHERE c.reference = :reference AND c.person IS NOT p.id AND c.about_person IS NOT p.id"
            " AND p.role = 'guest' AND c.about NOT IN (SELECT value FROM json_each(:barred, '$.' || :contact))",
            {"reference": reference, "person": person, "contact": contact, "now": now, "barred": _BARRED},
        )
    )


async def erase(writer: Writer, person: str, now: str) -> list[str]:
    """Rub out the words that the case file has. The references of those that have to stay: say so honestly."""
    await writer.run(
        "UPDATE concerns SET words = '', emptied_at = :now, person = NULL"
        " WHERE person = :person AND handed_over_at IS NOT NULL AND emptied_at IS NULL",
        {"person": person, "now": now},
    )
    return [concern.reference for concern in await raised_by(writer, person)]


def every(reader: Reader, since: str, until: str, viewer: Viewer | None) -> AsyncGenerator[Row, None]:
    """Those raised from `since` up to, not including, `until`, oldest first, with the role of who acknowledged them."""
    sees, params = seen_by(viewer)
    return reader.stream(
        f"SELECT {_COLUMNS}, coalesce(nullif(p.name, ''), p.role, '') AS acknowledged_name FROM concerns c"
        " LEFT JOIN people p ON p.id = c.acknowledged_by"
        f" WHERE c.raised_at >= :since AND c.raised_at < :until AND {sees} ORDER BY c.raised_at, c.reference",
        params | {"since": since, "until": until},
    )


async def count(reader: Reader, since: str, until: str, viewer: Viewer | None) -> int:
    sees, params = seen_by(viewer)
    row = await reader.one(
        f"SELECT count(*) AS n FROM concerns c WHERE c.raised_at >= :since AND c.raised_at < :until AND {sees}",
        params | {"since": since, "until": until},
    )
    return int(row["n"]) if row else 0


async def _once(
    writer: Writer, reference: str, viewer: Viewer, kind: str, now: str, change: str, condition: str
) -> bool:
    sees, params = seen_by(viewer)
    done = await writer.run(
        f"UPDATE concerns AS c SET {change} WHERE c.reference = :reference AND {condition} AND {sees}",
        params | {"reference": reference, "now": now},
    )
    if done:
        await _happened(writer, reference, kind, viewer.role, now)
    return bool(done)


async def _happened(writer: Writer, reference: str, kind: str, whom: str, now: str) -> None:
    await writer.run(
        "INSERT INTO concern_events (concern, at, kind, whom) VALUES (?, ?, ?, ?)", (reference, now, kind, whom)
    )


async def _some(reader: Reader, viewer: Viewer | None, condition: str, **params: object) -> list[Concern]:
    sees, known = seen_by(viewer)
    rows = await reader.all(f"SELECT {_COLUMNS} FROM concerns c WHERE {sees} AND {condition}", known | params)
    return [_concern(row) for row in rows]


def _concern(row: Row) -> Concern:
    values = dict(row)
    return Concern(
        **values
        | {
            "source": Source(values["source"]),
            "kind": Kind(values["kind"]),
            "about": About(values["about"]),
            "chain": tuple(orjson.loads(values["chain"])),
        }
    )
