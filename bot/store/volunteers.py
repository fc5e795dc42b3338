"""Volunteers, the stages they have passed, and whether they may visit."""

import datetime as dt
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, fields

import orjson

from bot.domain.recruitment import PREFIX, Clearance, Pass, Volunteer
from bot.domain.references import new_reference
from bot.store.database import Params, Reader, Row, Writer

_COLUMNS = ", ".join(field.name for field in fields(Volunteer))
_MARKS = ", ".join(f":{field.name}" for field in fields(Volunteer))
_PASS = ", ".join(field.name for field in fields(Pass))
_CLEARANCE = ", ".join(field.name for field in fields(Clearance))


@dataclass(frozen=True, slots=True)
class Listed:
    """A volunteer, where they stand, and how many children they visit."""

    volunteer: Volunteer
    clearance: Clearance
    children: int


async def set_stages(writer: Writer, stages: Sequence[str]) -> None:
    """What everybody has to pass, as the settings have it: without it the gate lets nobody through."""
    await writer.run("DELETE FROM stages")
    await writer.many("INSERT INTO stages (id, position) VALUES (?, ?)", [(name, n) for n, name in enumerate(stages)])


async def taken(reader: Reader, reference: str) -> bool:
    return bool(await reader.all("SELECT 1 FROM volunteers WHERE reference = ?", (reference,)))


async def add(writer: Writer, volunteer: Volunteer) -> None:
    await writer.run(f"INSERT INTO volunteers ({_COLUMNS}) VALUES ({_MARKS})", _row(volunteer))


async def begin(writer: Writer, name: str, now: str) -> Volunteer:
    """A new volunteer, of whom nothing is known but perhaps a name."""
    while await taken(writer, reference := new_reference(PREFIX)):
        pass
    volunteer = Volunteer(reference, name or reference, name.split(" ", maxsplit=1)[0] or reference, created_at=now)
    await add(writer, volunteer)
    return volunteer


async def update(writer: Writer, volunteer: Volunteer) -> None:
    """Write anew what is known about them; joining, pausing, suspending and leaving have their own verbs."""
    await writer.run(
        "UPDATE volunteers SET name = :name, called = :called, about = :about, likes = :likes, languages = :languages,"
        " gender = :gender, faith = :faith, area = :area, capacity = :capacity, provider = :provider"
        " WHERE reference = :reference",
        _row(volunteer),
    )


async def find(reader: Reader, reference: str) -> Volunteer | None:
    row = await reader.one(f"SELECT {_COLUMNS} FROM volunteers WHERE reference = ?", (reference,))
    return _volunteer(row) if row else None


async def of_person(reader: Reader, person: str) -> Volunteer | None:
    """The volunteer somebody in the bot is."""
    row = await reader.one(f"SELECT {_COLUMNS} FROM volunteers WHERE person = ?", (person,))
    return _volunteer(row) if row else None


async def some(reader: Reader, condition: str = "left_at IS NULL", params: Params = ()) -> list[Volunteer]:
    """Those of whom something holds, by name."""
    rows = await reader.all(f"SELECT {_COLUMNS} FROM volunteers WHERE {condition} ORDER BY name, reference", params)
    return [_volunteer(row) for row in rows]


async def join(writer: Writer, reference: str, person: str, now: str) -> None:
    """Somebody in the bot is this volunteer from now on."""
    await writer.run("UPDATE volunteers SET person = NULL WHERE person = ? AND reference != ?", (person, reference))
    await writer.run(
        "UPDATE volunteers SET person = ?, joined_at = coalesce(joined_at, ?) WHERE reference = ?",
        (person, now, reference),
    )


async def pause(writer: Writer, reference: str, now: str | None) -> None:
    """A break they wish for; None: it is over."""
    await writer.run("UPDATE volunteers SET paused_at = ? WHERE reference = ?", (now, reference))


async def leave(writer: Writer, reference: str, now: str, reason: str) -> bool:
    """They are no volunteer any more. Their matches have to be ended by themselves. False when they had left before."""
    return bool(
        await writer.run(
            "UPDATE volunteers SET left_at = ?, left_reason = ? WHERE reference = ? AND left_at IS NULL",
            (now, reason, reference),
        )
    )


async def clearance(reader: Reader, reference: str) -> Clearance:
    """Where somebody stands, as the gate sees it. Raises LookupError when there is no such volunteer."""
    row = await reader.one(f"SELECT {_CLEARANCE} FROM clearances WHERE volunteer = ?", (reference,))
    if row is None:
        raise LookupError(reference)
    return _clearance(row)


async def listed(reader: Reader) -> list[Listed]:
    """Everybody who has not left, by name."""
    rows = await reader.all(
        f"SELECT {', '.join(f'v.{field.name}' for field in fields(Volunteer))},"
        f" {', '.join(f'c.{field.name}' for field in fields(Clearance))},"
        " (SELECT count(*) FROM matches m WHERE m.volunteer = v.reference AND m.ended_at IS NULL) AS children"
        " FROM volunteers v JOIN clearances c ON c.volunteer = v.reference WHERE v.left_at IS NULL"
        " ORDER BY v.name, v.reference"
    )
    return [Listed(_volunteer(row), _clearance(row), row["children"]) for row in rows]


async def ready(reader: Reader, day: dt.date) -> list[Volunteer]:
    """Those who may be matched on a day."""
    return await some(
        reader,
        "reference IN (SELECT volunteer FROM ready WHERE clear_from <= :day AND coalesce(clear_until > :day, 1))",
        {"day": day.isoformat()},
    )


async def is_ready(reader: Reader, reference: str, day: dt.date) -> bool:
    """Whether this one may."""
    return (await clearance(reader, reference)).ready(day.isoformat())


async def passes(reader: Reader, reference: str) -> list[Pass]:
    """Every stage somebody passed, oldest first, those that were withdrawn as well."""
    rows = await reader.all(f"SELECT {_PASS} FROM stages_passed WHERE volunteer = ? ORDER BY id", (reference,))
    return [Pass(**dict(row)) for row in rows]


async def pass_stage(
    writer: Writer,
    reference: str,
    stage: str,
    passed_on: dt.date,
    expires_on: dt.date | None,
    evidence: str,
    by: str | None,
    now: str,
    *,
    signed_name: str = "",
    signed_at: str = "",
) -> None:
    """A stage is passed. `signed_name`: who signed on paper what is imported, by nobody in the bot; and when."""
    await writer.run(
        "INSERT INTO stages_passed (volunteer, stage, passed_on, expires_on, evidence, at, by_person, signed_at,"
        " signed_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            reference,
            stage,
            passed_on.isoformat(),
            expires_on.isoformat() if expires_on else None,
            evidence,
            now,
            by,
            signed_at or now if signed_name else None,
            signed_name,
        ),
    )


async def withdraw_stage(writer: Writer, reference: str, stage: str, now: str) -> bool:
    """A stage does not hold any more, or was noted by mistake. False when it was not passed."""
    return bool(
        await writer.run(
            "UPDATE stages_passed SET withdrawn_at = ? WHERE volunteer = ? AND stage = ? AND withdrawn_at IS NULL",
            (now, reference, stage),
        )
    )


async def to_sign(reader: Reader, reference: str) -> Pass | None:
    """The stage a second person has to sign: the last one passed, when every stage is."""
    row = await reader.one(
        f"SELECT {_PASS} FROM stages_held WHERE volunteer = :volunteer AND NOT again AND signed_at IS NULL"
        " AND id = (SELECT max(id) FROM stages_held WHERE volunteer = :volunteer AND NOT again)"
        " AND EXISTS (SELECT 1 FROM clearances WHERE volunteer = :volunteer AND required > 0 AND passed = required"
        " AND NOT signed)",
        {"volunteer": reference},
    )
    return Pass(**dict(row)) if row else None


async def sign(writer: Writer, reference: str, by: str, now: str) -> bool:
    """A second person has looked at everything. False when there is nothing to sign, or they passed it themselves."""
    found = await to_sign(writer, reference)
    if found is None or found.by_person == by:
        return False
    return bool(
        await writer.run("UPDATE stages_passed SET signed_at = ?, signed_by = ? WHERE id = ?", (now, by, found.id))
    )


async def matches(reader: Reader, reference: str) -> list[Row]:
    """Whom they visit now, oldest first: reference, interest, started_at."""
    return await reader.all(
        "SELECT reference, interest, started_at FROM matches WHERE volunteer = ? AND ended_at IS NULL"
        " ORDER BY started_at, reference",
        (reference,),
    )


async def load(reader: Reader, reference: str) -> int:
    """How many children they visit now."""
    row = await reader.one("SELECT count(*) AS n FROM matches WHERE volunteer = ? AND ended_at IS NULL", (reference,))
    return int(row["n"]) if row else 0


def every(reader: Reader, since: str, until: str) -> AsyncGenerator[Row, None]:
    """All volunteers known from `since` up to, not including, `until`, oldest first, with where they stand."""
    return reader.stream(
        "SELECT v.*, c.*, (SELECT count(*) FROM matches m WHERE m.volunteer = v.reference AND m.ended_at IS NULL)"
        " AS matched, (SELECT max(l.planned_for) FROM visit_log l WHERE l.volunteer = v.reference"
        " AND l.outcome = 'happened') AS last_visit"
        " FROM volunteers v JOIN clearances c ON c.volunteer = v.reference"
        " WHERE v.created_at >= ? AND v.created_at < ? ORDER BY v.created_at, v.reference",
        (since, until),
    )


async def count(reader: Reader, since: str, until: str) -> int:
    row = await reader.one(
        "SELECT count(*) AS n FROM volunteers WHERE created_at >= ? AND created_at < ?", (since, until)
    )
    return int(row["n"]) if row else 0


def _row(volunteer: Volunteer) -> dict[str, object]:
    row: dict[str, object] = {field.name: getattr(volunteer, field.name) for field in fields(volunteer)}
    lists = {name: orjson.dumps(row[name]).decode() for name in ("likes", "languages")}
    return row | lists


def _volunteer(row: Row) -> Volunteer:
    values = {field.name: row[field.name] for field in fields(Volunteer)}
    return Volunteer(**values | {name: tuple(orjson.loads(values[name])) for name in ("likes", "languages")})


def _clearance(row: Row) -> Clearance:
    values = {field.name: row[field.name] for field in fields(Clearance)}
    return Clearance(**values | {name: bool(values[name]) for name in ("signed", "suspended", "paused", "gone")})
