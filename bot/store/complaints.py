"""Complaints, and who may see them. Nobody who is, manages or works for the subject of one finds it here.

Whatever lists, finds, counts or exports takes the viewer; without one it is the operator's, on the machine itself.
Whoever complained reads their own by `own` and `of_person`. bot/store/complaint_steps.py changes them.
"""

import datetime as dt
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import orjson

from bot.domain.complaints import (
    IN_BOT,
    OPEN,
    REMINDERS,
    RUNNING,
    Clock,
    Complainer,
    Complaint,
    Message,
    Outcome,
    Stage,
    Status,
    Step,
    Subject,
    barred_from,
)
from bot.domain.roles import Viewer
from bot.store.database import Reader, Row, Writer
from bot.store.people import COLUMNS, Person, person_of

PLAIN = tuple(field.name for field in fields(Complaint) if field.name != "clock")
CLOCK = tuple(field.name for field in fields(Clock))
_COLUMNS = ", ".join(f"c.{name}" for name in (*PLAIN, *CLOCK))
_DAYS = ("from_on", "due_on", "ack_due_on", "extended_to", "paused_on", "request_by")
_LAST_DAY = "coalesce(c.extended_to, c.due_on)"

_BARRED = orjson.dumps({role.value: barred_from(role) for role in IN_BOT}).decode()


def listed(statuses: tuple[Status, ...]) -> str:
    """Statuses as SQL writes them."""
    return ", ".join(f"'{status}'" for status in statuses)


def _sees(person: str, role: str) -> str:
    """The one condition of seeing a complaint `c`, for SQL expressions of a person and a role."""
    return (
        f"c.person IS NOT {person} AND c.about_person IS NOT {person}"
        f" AND c.about NOT IN (SELECT value FROM json_each(:barred, '$.' || {role}))"
        f" AND ({role} IN ('coordinator', 'manager') AND {role} IN (SELECT value FROM json_each(c.route))"
        f" OR {role} = 'guest' AND EXISTS"
        f" (SELECT 1 FROM complaint_handlers h WHERE h.complaint = c.reference AND h.person = {person}"
        f" AND h.contact IN (SELECT value FROM json_each(c.route))))"
    )


def seen_by(viewer: Viewer | None) -> tuple[str, dict[str, Any]]:
    """The condition under which this viewer sees a complaint `c`, and its parameters."""
    if viewer is None:
        return "1", {}
    return f"({_sees(':viewer', ':role')})", {"viewer": viewer.person, "role": viewer.role, "barred": _BARRED}


async def taken(reader: Reader, reference: str) -> bool:
    return bool(await reader.all("SELECT 1 FROM complaints WHERE reference = ?", (reference,)))


async def add(writer: Writer, complaint: Complaint) -> None:
    """A new one: received and local; or, where its route is empty, closed and with the ombudsman."""
    names = (*PLAIN, *CLOCK)
    await writer.run(
        f"INSERT INTO complaints ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})",
        _row(complaint),
    )
    await happened(writer, complaint.reference, Step.RECEIVED, complaint.complainer, complaint.received_at)


async def happened(writer: Writer, reference: str, step: Step, by_role: str, now: str) -> None:
    """One more event, at the stage where the complaint is."""
    await writer.run(
        "INSERT INTO complaint_events (complaint, at, by_role, kind, stage)"
        " SELECT reference, ?, ?, ?, stage FROM complaints WHERE reference = ?",
        (now, by_role, step, reference),
    )


async def find(reader: Reader, reference: str, viewer: Viewer | None) -> Complaint | None:
    """A complaint, for those who handle it."""
    found = await _some(reader, viewer, "c.reference = :reference", reference=reference)
    return found[0] if found else None


async def own(reader: Reader, reference: str, person: str) -> Complaint | None:
    """A complaint, for whoever made it."""
    row = await reader.one(
        f"SELECT {_COLUMNS} FROM complaints c WHERE c.reference = ? AND c.person = ?", (reference, person)
    )
    return _complaint(row) if row else None


async def of_person(reader: Reader, person: str) -> list[Complaint]:
    """What somebody complained of, newest first."""
    rows = await reader.all(
        f"SELECT {_COLUMNS} FROM complaints c WHERE c.person = ? ORDER BY c.received_at DESC, c.reference", (person,)
    )
    return [_complaint(row) for row in rows]


async def open_count(reader: Reader, person: str) -> int:
    """How many of somebody's own are open (limits.open_complaints)."""
    row = await reader.one(
        f"SELECT count(*) AS n FROM complaints WHERE person = ? AND status IN ({listed(OPEN)})", (person,)
    )
    return int(row["n"]) if row else 0


async def open_ones(reader: Reader, viewer: Viewer | None, limit: int, skipping: int = 0) -> list[Complaint]:
    """What this viewer has to work on, the soonest due first."""
    condition = f"c.status IN ({listed(OPEN)}) ORDER BY {_LAST_DAY}, c.reference LIMIT :limit OFFSET :skipping"
    return await _some(reader, viewer, condition, limit=limit, skipping=skipping)


async def open_number(reader: Reader, viewer: Viewer | None) -> int:
    """How many this viewer has to work on."""
    return await _count(reader, viewer, f"c.status IN ({listed(OPEN)})")


async def due_by(reader: Reader, viewer: Viewer | None, day: dt.date) -> list[Complaint]:
    """What has to be answered by a day, or acknowledged by it and is not; the longest due first."""
    condition = (
        f"c.status IN ({listed(RUNNING)}) AND ({_LAST_DAY} <= :day OR c.status = 'received' AND c.ack_due_on <= :day)"
        f" ORDER BY {_LAST_DAY}, c.reference"
    )
    return await _some(reader, viewer, condition, day=day.isoformat())


async def answered(reader: Reader, viewer: Viewer | None, limit: int) -> list[Complaint]:
    """What was answered and is not closed, the newest first."""
    condition = "c.status = 'answered' ORDER BY c.answered_at DESC, c.reference LIMIT :limit"
    return await _some(reader, viewer, condition, limit=limit)


async def watchers(reader: Reader, reference: str) -> list[Person]:
    """Everybody in the bot who may be told of a complaint: roles on its route, and those who came by a link."""
    rows = await reader.all(
        f"SELECT {COLUMNS} FROM complaints c JOIN people p"
        f" WHERE c.reference = :reference AND {_sees('p.id', 'p.role')} ORDER BY p.id",
        {"reference": reference, "barred": _BARRED},
    )
    return [person_of(row) for row in rows]


async def messages(reader: Reader, reference: str, viewer: Viewer) -> list[Message]:
    """What was said since, oldest first, for those who handle it and for whoever complained."""
    condition, params = seen_by(viewer)
    rows = await reader.all(
        "SELECT m.at, m.kind, m.words, m.read_at FROM complaint_messages m"
        " JOIN complaints c ON c.reference = m.complaint"
        f" WHERE c.reference = :reference AND (c.person = :viewer OR {condition}) ORDER BY m.id",
        params | {"reference": reference},
    )
    return [Message(**row) for row in rows]


async def events(reader: Reader, reference: str, viewer: Viewer) -> list[Row]:
    """What happened, oldest first: at, by_role, kind, stage. For those who handle it and for whoever complained."""
    condition, params = seen_by(viewer)
    return await reader.all(
        "SELECT e.at, e.by_role, e.kind, e.stage FROM complaint_events e JOIN complaints c ON c.reference = e.complaint"
        f" WHERE c.reference = :reference AND (c.person = :viewer OR {condition}) ORDER BY e.id",
        params | {"reference": reference},
    )


@dataclass(frozen=True, slots=True)
class Reminder:
    """A complaint that somebody has to be reminded of. `day` is the date it is about."""

    reference: str
    kind: Step
    about: Subject
    route: tuple[str, ...]
    day: dt.date


async def to_remind(reader: Reader, today: dt.date, soon: dt.date) -> list[Reminder]:
    """What nobody was reminded of: not acknowledged, due by `soon`, overdue. Each once for each date it has."""
    rows = await reader.all(
        "SELECT reference, 'not_acknowledged' AS kind, about, route, ack_due_on AS day FROM complaints c"
        " WHERE status = 'received' AND ack_due_on < :today AND not_acknowledged_for IS NOT ack_due_on"
        f" UNION ALL SELECT reference, 'due_soon', about, route, {_LAST_DAY} FROM complaints c"
        f" WHERE status IN ({listed(RUNNING)}) AND {_LAST_DAY} BETWEEN :today AND :soon"
        f" AND due_soon_for IS NOT {_LAST_DAY}"
        f" UNION ALL SELECT reference, 'overdue', about, route, {_LAST_DAY} FROM complaints c"
        f" WHERE status IN ({listed(RUNNING)}) AND {_LAST_DAY} < :today AND overdue_for IS NOT {_LAST_DAY}"
        " ORDER BY reference, kind",
        {"today": today.isoformat(), "soon": soon.isoformat()},
    )
    return [
        Reminder(
            row["reference"],
            Step(row["kind"]),
            Subject(row["about"]),
            tuple(orjson.loads(row["route"])),
            dt.date.fromisoformat(row["day"]),
        )
        for row in rows
    ]


async def reminded(writer: Writer, reference: str, kind: Step, day: dt.date, now: str) -> bool:
    """They are reminded now. False when they were before, for this very date."""
    if kind not in REMINDERS:
        raise ValueError(kind)
    done = await writer.run(
        f"UPDATE complaints SET {kind}_for = :day WHERE reference = :reference AND {kind}_for IS NOT :day",
        {"reference": reference, "day": day.isoformat()},
    )
    if done:
        await happened(writer, reference, kind, "clock", now)
    return bool(done)


async def window_over(reader: Reader, today: dt.date) -> list[str]:
    """Answered ones whose time to ask for the next stage is over: they can be closed."""
    rows = await reader.all(
        "SELECT reference FROM complaints WHERE status = 'answered' AND request_by < ? ORDER BY reference",
        (today.isoformat(),),
    )
    return [row["reference"] for row in rows]


def every(reader: Reader, since: str, until: str, viewer: Viewer | None) -> AsyncGenerator[Row, None]:
    """Those received from `since` up to, not including, `until`, oldest first."""
    condition, params = seen_by(viewer)
    return reader.stream(
        f"SELECT {_COLUMNS} FROM complaints c WHERE c.received_at >= :since AND c.received_at < :until AND {condition}"
        " ORDER BY c.received_at, c.reference",
        params | {"since": since, "until": until},
    )


async def count(reader: Reader, since: str, until: str, viewer: Viewer | None) -> int:
    return await _count(reader, viewer, "c.received_at >= :since AND c.received_at < :until", since=since, until=until)


async def _count(reader: Reader, viewer: Viewer | None, condition: str, **params: object) -> int:
    sees, known = seen_by(viewer)
    row = await reader.one(f"SELECT count(*) AS n FROM complaints c WHERE {sees} AND {condition}", known | params)
    return int(row["n"]) if row else 0


async def _some(reader: Reader, viewer: Viewer | None, condition: str, **params: object) -> list[Complaint]:
    sees, known = seen_by(viewer)
    rows = await reader.all(f"SELECT {_COLUMNS} FROM complaints c WHERE {sees} AND {condition}", known | params)
    return [_complaint(row) for row in rows]


def clock_row(clock: Clock) -> dict[str, object]:
    """A clock as its columns."""
    return {name: _written(getattr(clock, name)) for name in CLOCK}


def _row(complaint: Complaint) -> dict[str, object]:
    row = {name: _written(getattr(complaint, name)) for name in PLAIN}
    return row | clock_row(complaint.clock) | {"route": orjson.dumps(complaint.route).decode()}


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def _complaint(row: Row) -> Complaint:
    return from_row(dict(row))


def from_row(row: Mapping[str, Any]) -> Complaint:
    """A complaint from a row that has its columns."""
    values = {name: row[name] for name in (*PLAIN, *CLOCK)}
    values |= {name: dt.date.fromisoformat(values[name]) for name in _DAYS if values[name]}
    clock = Clock(**{name: values.pop(name) for name in CLOCK})
    values |= {
        "complainer": Complainer(values["complainer"]),
        "about": Subject(values["about"]),
        "anonymous": bool(values["anonymous"]),
        "advocate_wanted": bool(values["advocate_wanted"]),
        "route": tuple(orjson.loads(values["route"])),
        "stage": Stage(values["stage"]),
        "status": Status(values["status"]),
        "outcome": Outcome(values["outcome"]),
    }
    return Complaint(**values, clock=clock)
