"""Exports: each kind is one declaration; CSV, XLSX and JSON are written once, row by row, for all of them."""

import datetime as dt
import os
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar
from zoneinfo import ZoneInfo

import orjson

from bot.domain.complaints import overdue
from bot.domain.interest import BEFORE_A_VISITOR, days_between
from bot.domain.roles import Viewer
from bot.domain.working_days import ENGLAND, Calendar
from bot.errors import WrongUse
from bot.reports.sheets import SHEETS
from bot.store import complaints, concerns, enquiries, interests
from bot.store.clock import moment, stamp
from bot.store.database import Reader, Row

_Found = TypeVar("_Found")

EARLIEST, LATEST = "0000", "9999"
_FIRST_DAY, _LAST_DAY = dt.date(1970, 1, 1), dt.date(9000, 1, 1)


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

    def time(self, stamped: str | None) -> str | None:
        """A stamp as local time with its offset, to the second."""
        return moment(stamped).astimezone(self.zone).isoformat(timespec="seconds") if stamped else None


@dataclass(frozen=True, slots=True)
class Export:
    """One kind: its columns, its rows oldest first between two stamps, how many, and the cells of a row."""

    columns: tuple[str, ...]
    rows: Callable[[Reader, str, str, Viewer | None], AsyncGenerator[Row, None]]
    count: Callable[[Reader, str, str, Viewer | None], Awaitable[int]]
    cells: Callable[[Row, Seen], Mapping[str, object]]


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
}  # fmt: skip
"""`volunteer` is the first name of the visitor the child has now."""


async def write(
    reader: Reader,
    kind: str,
    form: str,
    out: IO[bytes],
    seen: Seen,
    since: str = EARLIEST,
    until: str = LATEST,
    *,
    advance: Callable[[], None] = lambda: None,
) -> None:
    """Write one export, row by row. `since` and `until` are stamps, the second not included.

    `advance` is called for each row.
    """
    export = EXPORTS[kind]
    async with aclosing(export.rows(reader, since, until, seen.viewer)) as rows:
        with SHEETS[form](out, export.columns) as sheet:
            async for row in rows:
                cells = export.cells(row, seen)
                sheet.add([cells.get(column) for column in export.columns])
                advance()


@contextmanager
def beside(path: Path) -> Iterator[IO[bytes]]:
    """Write beside the file, then rename: whoever looks sees the old file or the whole new one. For its owner alone."""
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise WrongUse(f"{path}: is not a file. Name one, or leave --out away for standard output.")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:50]}.", dir=target.parent)
    except OSError as error:
        raise WrongUse(f"{path}: cannot be written ({error.strerror})") from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = error.filename or str(path)
        raise


def span(since: dt.date | None, until: dt.date | None, zone: ZoneInfo) -> tuple[str, str]:
    """From the first moment of one day to the last of another, where the service is, as stamps for `write`."""
    first = day_start(since, zone) if since and since > _FIRST_DAY else EARLIEST
    return first, day_start(until + dt.timedelta(days=1), zone) if until and until < _LAST_DAY else LATEST


def day_start(day: dt.date, zone: ZoneInfo) -> str:
    """The stamp of a day's first moment, where the service is."""
    return stamp(dt.datetime.combine(day, dt.time(), zone))
