"""Exports: each kind is one declaration; CSV, XLSX and JSON are written once, row by row, for all of them."""

import datetime as dt
import os
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import orjson

from bot.domain.interest import days_between
from bot.errors import WrongUse
from bot.reports.sheets import SHEETS
from bot.store import interests
from bot.store.clock import moment, stamp
from bot.store.database import Reader, Row

EARLIEST, LATEST = "0000", "9999"
_FIRST_DAY, _LAST_DAY = dt.date(1970, 1, 1), dt.date(9000, 1, 1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What cells are reckoned against: the moment of the export, and the zone its times are shown in."""

    now: dt.datetime
    zone: ZoneInfo

    def time(self, stamped: str | None) -> str | None:
        """A stamp as local time with its offset, to the second."""
        return moment(stamped).astimezone(self.zone).isoformat(timespec="seconds") if stamped else None


@dataclass(frozen=True, slots=True)
class Export:
    """One kind: its columns, its rows oldest first between two stamps, how many, and the cells of a row."""

    columns: tuple[str, ...]
    rows: Callable[[Reader, str, str], AsyncGenerator[Row, None]]
    count: Callable[[Reader, str, str], Awaitable[int]]
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
        "days_waiting": days_between(row["received_at"], stamp(seen.now)) if row["status"] == "asked" else None,
    }


EXPORTS = {
    "interest": Export(
        columns=(
            "reference", "received_at", "channel", "language", "asked_by", "name", "age", "area", "likes",
            "visitor_wishes", "contact_way", "status", "status_since", "agreed_to_send_at", "agreed_to_share_at",
            "withdrawn_at", "closed_reason", "days_waiting", "volunteer", "anything_else",
        ),
        rows=interests.every,
        count=interests.count,
        cells=_interest,
    )
}  # fmt: skip
"""`volunteer` stays empty until there are matches."""


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
    async with aclosing(export.rows(reader, since, until)) as rows:
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
