"""The kinds of export: each is one declaration of its columns, where its rows come from, and what stands in a cell."""

import datetime as dt
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, fields
from typing import TypeVar
from zoneinfo import ZoneInfo

import orjson

from bot.domain.complaints import overdue
from bot.domain.interest import BEFORE_A_VISITOR, days_between
from bot.domain.recruitment import Clearance
from bot.domain.roles import STAFF, Role, Viewer
from bot.domain.visits import Outcome
from bot.domain.working_days import ENGLAND, Calendar
from bot.store import complaints, concerns, enquiries, interests, registers, volunteers
from bot.store.clock import moment, stamp
from bot.store.database import Reader, Row

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Seen:
    """What an export is made against: its moment, the zone of its times, who reads it, and what a working day is.

    Without a viewer it is the operator's, on the machine itself.
    """

    now: dt.datetime
    zone: ZoneInfo
    viewer: Viewer | None
    calendar: Calendar = ENGLAND

    def day(self, stamped: str) -> dt.date:
        """The day of a stamp, where the service is."""
        return moment(stamped).astimezone(self.zone).date()

    def on(self, stamped: str | None) -> str | None:
        """The same as an ISO date."""
        return self.day(stamped).isoformat() if stamped else None

    def time(self, stamped: str | None) -> str | None:
        """A stamp as local time with its offset, to the second."""
        return moment(stamped).astimezone(self.zone).isoformat(timespec="seconds") if stamped else None


@dataclass(frozen=True, slots=True)
class Export:
    """One kind: its columns, its rows oldest first between two stamps, how many, the cells of a row, and for whom."""

    columns: tuple[str, ...]
    rows: Callable[[Reader, str, str, Viewer | None], AsyncGenerator[Row, None]]
    count: Callable[[Reader, str, str, Viewer | None], Awaitable[int]]
    cells: Callable[[Row, Seen], Mapping[str, object]]
    roles: frozenset[Role] = STAFF


_TOLD = ("name", "age", "area", "visitor_wishes", "contact_way", "anything_else")


def _interest(row: Row, seen: Seen) -> dict[str, object]:
    """What a child told is in it only with their own yes (DESIGN.md, promise 3)."""
    cells = {
        column: row[column] for column in ("reference", "channel", "language", "asked_by", "status", "closed_reason")
    }
    if row["agreed_to_send_at"]:
        cells |= {column: row[column] for column in _TOLD} | {"likes": ", ".join(orjson.loads(row["likes"]))}
    moments = ("received_at", "status_since", "agreed_to_send_at", "agreed_to_share_at", "withdrawn_at")
    return cells | {
        **{column: seen.time(row[column]) for column in moments},
        "days_waiting": days_between(row["received_at"], stamp(seen.now))
        if row["status"] in BEFORE_A_VISITOR
        else None,
        "volunteer": row["visitor"],
    }


_ENQUIRY = ("reference", "channel", "language", "name", "reach", "area", "independent", "why", "status")


def _enquiry(row: Row, seen: Seen) -> dict[str, object]:
    times = ("received_at", "status_since", "agreed_at")
    return {column: row[column] for column in _ENQUIRY} | {column: seen.time(row[column]) for column in times}


def _complaint(row: Row, seen: Seen) -> dict[str, object]:
    found = complaints.from_row(dict(row))
    answered_on = seen.day(found.answered_at) if found.answered_at else None
    today = seen.now.astimezone(seen.zone).date()
    plain = (
        "reference",
        "channel",
        "language",
        "about",
        "what_happened",
        "wanted_outcome",
        "stage",
        "status",
        "outcome",
    )
    return {column: row[column] for column in plain} | {
        **{column: seen.time(row[column]) for column in ("received_at", "acknowledged_at", "answered_at")},
        "anonymous": _yes_no(sign=found.anonymous),
        "advocate_wanted": _yes_no(sign=found.advocate_wanted),
        "route": ", ".join(found.route),
        "due_on": found.clock.last_day.isoformat(),
        "working_days_taken": seen.calendar.between(found.clock.from_on, answered_on) if answered_on else None,
        "overdue": _yes_no(sign=overdue(found.clock, found.status, today, answered_on)),
    }


def _yes_no(*, sign: bool) -> str:
    return "yes" if sign else "no"


def _concern(row: Row, seen: Seen) -> dict[str, object]:
    acknowledged = row["acknowledged_at"]
    waited = moment(acknowledged) - moment(row["raised_at"]) if acknowledged else None
    return {column: row[column] for column in ("reference", "channel", "language", "kind")} | {
        "raised_at": seen.time(row["raised_at"]),
        "acknowledged_at": seen.time(acknowledged),
        "acknowledged_by": row["acknowledged_name"],
        "minutes_to_acknowledge": int(waited.total_seconds() // 60) if waited is not None else None,
    }


def _visit(row: Row, seen: Seen) -> dict[str, object]:
    """`happened` is yes or no as soon as that is known; then there are minutes as well."""
    known = {Outcome.HAPPENED: "yes", Outcome.MISSED: "no"}
    plain = ("reference", "match", "volunteer", "child_said", "activity", "child_mood")
    return {column: row[column] for column in plain} | {
        **{column: seen.time(row[column]) for column in ("planned_for", "confirmed_at", "reported_at")},
        "status": row["outcome"],
        "happened": known.get(row["outcome"]),
        "minutes": row["minutes"] if row["outcome"] in known else None,
        "concern": _yes_no(sign=bool(row["concern"])),
    }


_FLAGS = ("signed", "suspended", "paused", "gone")


def _volunteer(row: Row, seen: Seen) -> dict[str, object]:
    """Where they stand is reckoned for the day of the export."""
    values = {field.name: row[field.name] for field in fields(Clearance)}
    clearance = Clearance(**values | {name: bool(values[name]) for name in _FLAGS})
    today = seen.now.astimezone(seen.zone).date().isoformat()
    return {column: row[column] for column in ("reference", "name", "matched")} | {
        "status": clearance.standing(today),
        "stages_passed": clearance.passed,
        "ready": _yes_no(sign=clearance.ready(today)),
        "next_expiry": clearance.clear_until,
        "suspended_at": seen.time(row["suspended_at"]) if clearance.suspended else None,
        "last_visit": seen.on(row["last_visit"]),
    }


def _match(row: Row, seen: Seen) -> dict[str, object]:
    """Days without a visit are counted while it runs; before the first one, from its beginning."""
    plain = ("reference", "interest", "volunteer", "ended_reason", "visits", "minutes")
    return {column: row[column] for column in plain} | {
        "started_on": seen.on(row["started_at"]),
        "ended_on": seen.on(row["ended_at"]),
        "last_visit": seen.on(row["last_visit"]),
        "days_since_visit": None
        if row["ended_at"]
        else (seen.day(stamp(seen.now)) - seen.day(row["last_visit"] or row["started_at"])).days,
    }


def _consent(row: Row, seen: Seen) -> dict[str, object]:
    plain = ("purpose", "words", "version", "language")
    return {column: row[column] for column in plain} | {
        "reference": row["interest"],
        "given": _yes_no(sign=bool(row["given"])),
        **{column: seen.time(row[column]) for column in ("answered_at", "withdrawn_at")},
    }


def _audit(row: Row, seen: Seen) -> dict[str, object]:
    return {column: row[column] for column in ("role", "name", "action", "subject")} | {
        "number": row["seq"],
        "at": seen.time(row["at"]),
    }


def _to_all(rows: Callable[[Reader, str, str], _Found]) -> Callable[[Reader, str, str, Viewer | None], _Found]:
    """Records that every viewer sees who may have the file at all."""
    return lambda reader, since, until, _viewer: rows(reader, since, until)


EXPORTS = {
    "interest": Export(
        columns=(
            "reference", "received_at", "channel", "language", "asked_by", "name", "age", "area", "likes",
            "visitor_wishes", "contact_way", "status", "status_since", "agreed_to_send_at", "agreed_to_share_at",
            "withdrawn_at", "closed_reason", "days_waiting", "volunteer", "anything_else",
        ),
        rows=_to_all(interests.every),
        count=_to_all(interests.count),
        cells=_interest,
    ),
    "enquiries": Export(
        columns=(
            "reference", "received_at", "channel", "language", "name", "reach", "area", "independent", "why", "status",
            "status_since", "agreed_at",
        ),
        rows=_to_all(enquiries.every),
        count=_to_all(enquiries.count),
        cells=_enquiry,
    ),
    "complaints": Export(
        columns=(
            "reference", "received_at", "channel", "language", "about", "what_happened", "wanted_outcome", "anonymous",
            "advocate_wanted", "route", "stage", "status", "acknowledged_at", "due_on", "answered_at",
            "working_days_taken", "overdue", "outcome",
        ),
        rows=complaints.every,
        count=complaints.count,
        cells=_complaint,
    ),
    "concerns": Export(
        columns=(
            "reference", "raised_at", "channel", "language", "kind", "acknowledged_at", "acknowledged_by",
            "minutes_to_acknowledge",
        ),
        rows=concerns.every,
        count=concerns.count,
        cells=_concern,
    ),
    "visits": Export(
        columns=(
            "reference", "match", "volunteer", "planned_for", "status", "confirmed_at", "child_said", "happened",
            "minutes", "activity", "child_mood", "concern", "reported_at",
        ),
        rows=registers.visits,
        count=registers.count_visits,
        cells=_visit,
    ),
    "volunteers": Export(
        columns=(
            "reference", "name", "status", "stages_passed", "ready", "next_expiry", "suspended_at", "matched",
            "last_visit",
        ),
        rows=_to_all(volunteers.every),
        count=_to_all(volunteers.count),
        cells=_volunteer,
    ),
    "matches": Export(
        columns=(
            "reference", "interest", "volunteer", "started_on", "ended_on", "ended_reason", "visits", "minutes",
            "last_visit", "days_since_visit",
        ),
        rows=_to_all(registers.matches),
        count=_to_all(registers.count_matches),
        cells=_match,
    ),
    "consents": Export(
        columns=(
            "reference", "purpose", "given", "words", "version", "language", "answered_at", "withdrawn_at",
        ),
        rows=_to_all(registers.consents),
        count=_to_all(registers.count_consents),
        cells=_consent,
    ),
    "audit": Export(
        columns=("number", "at", "role", "name", "action", "subject"),
        rows=registers.audit,
        count=registers.count_audit,
        cells=_audit,
        roles=frozenset({Role.MANAGER}),
    ),
}  # fmt: skip
"""In `interest`, `volunteer` is the first name of the visitor the child has now; elsewhere a volunteer's reference."""


def kinds(role: str) -> list[str]:
    """What somebody in this role may have."""
    return [kind for kind, export in EXPORTS.items() if role in export.roles]
