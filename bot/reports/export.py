"""Exports: each kind is one declaration; CSV, XLSX and JSON are written once, row by row, for all of them."""

import csv
import datetime as dt
import io
import os
import tempfile
import unicodedata
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Iterator, Protocol
from zoneinfo import ZoneInfo

import orjson

from bot.domain.interest import days_between
from bot.errors import WrongUse
from bot.store import interests
from bot.store.clock import moment, stamp
from bot.store.database import Reader, Row

FORMATS = ("csv", "xlsx", "json")
EARLIEST, LATEST = "0000", "9999"

_FORMULA = frozenset("=+-@|%＝＋－＠")
_SHEET = "Export"


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
    rows: Callable[[Reader, str, str], AsyncIterator[Row]]
    count: Callable[[Reader, str, str], Any]
    cells: Callable[[Row, Seen], Mapping[str, object]]


def _interest(row: Row, seen: Seen) -> dict[str, object]:
    """What a child told is in it only with their own yes (DESIGN.md, promise 3)."""
    told = {
        "name": row["name"],
        "age": row["age"],
        "area": row["area"],
        "likes": ", ".join(orjson.loads(row["likes"])),
        "visitor_wishes": row["visitor_wishes"],
        "contact_way": row["contact_way"],
        "anything_else": row["anything_else"],
    }
    return {
        "reference": row["reference"],
        "received_at": seen.time(row["received_at"]),
        "channel": row["channel"],
        "language": row["language"],
        "asked_by": row["asked_by"],
        **(told if row["agreed_to_send_at"] else {}),
        "status": row["status"],
        "status_since": seen.time(row["status_since"]),
        "agreed_to_send_at": seen.time(row["agreed_to_send_at"]),
        "agreed_to_share_at": seen.time(row["agreed_to_share_at"]),
        "withdrawn_at": seen.time(row["withdrawn_at"]),
        "closed_reason": row["closed_reason"],
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
    reader: Reader, kind: str, form: str, out: IO[bytes], seen: Seen, since: str = EARLIEST, until: str = LATEST,
    advance: Callable[[], None] = lambda: None,
) -> None:
    """Write one export. `since` and `until` are stamps, the second not included; `advance` is called for each row."""
    export = EXPORTS[kind]
    with _SHEETS[form](out, export.columns) as sheet:
        async for row in export.rows(reader, since, until):
            cells = export.cells(row, seen)
            sheet.add([cells.get(column) for column in export.columns])
            advance()


class Sheet(Protocol):
    """Takes rows, one after another."""

    def add(self, cells: list[object]) -> None: ...


def defused(cell: object) -> object:
    """Text that a spreadsheet would run as a formula, also behind spaces and invisible characters, gets a quote before it."""
    if not isinstance(cell, str):
        return cell
    visible = next((c for c in cell if unicodedata.category(c) not in {"Cf", "Cc", "Zs", "Zl", "Zp", "Mn", "Co", "Cn"}), "")
    return f"'{cell}" if visible in _FORMULA or cell[:1] in {"\t", "\r", "\n"} else cell


class _Csv:
    def __init__(self, text: IO[str]) -> None:
        self._writer = csv.writer(text)

    def add(self, cells: list[object]) -> None:
        self._writer.writerow([defused(cell) for cell in cells])


@contextmanager
def _csv(out: IO[bytes], columns: tuple[str, ...]) -> Iterator[Sheet]:
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    sheet = _Csv(text)
    sheet.add(list(columns))
    yield sheet
    text.flush()
    text.detach()


class _Json:
    def __init__(self, out: IO[bytes], columns: tuple[str, ...]) -> None:
        self._out, self._columns, self._before = out, columns, b"[\n"

    def add(self, cells: list[object]) -> None:
        self._out.write(self._before + orjson.dumps(dict(zip(self._columns, cells, strict=True))))
        self._before = b",\n"


@contextmanager
def _json(out: IO[bytes], columns: tuple[str, ...]) -> Iterator[Sheet]:
    sheet = _Json(out, columns)
    yield sheet
    out.write(b"[]\n" if sheet._before == b"[\n" else b"\n]\n")


class _Xlsx:
    def __init__(self, worksheet: Any) -> None:
        self._worksheet, self._row = worksheet, 0

    def add(self, cells: list[object]) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                self._worksheet.write_string(self._row, column, str(defused(cell)))
            elif cell is not None:
                self._worksheet.write_number(self._row, column, cell)
        self._row += 1


@contextmanager
def _xlsx(out: IO[bytes], columns: tuple[str, ...]) -> Iterator[Sheet]:
    import xlsxwriter  # noqa: PLC0415 - only an export needs it

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
        worksheet = book.add_worksheet(_SHEET)
        worksheet.freeze_panes(1, 1)
        worksheet.set_column(0, len(columns) - 1, 18)
        sheet = _Xlsx(worksheet)
        sheet.add(list(columns))
        worksheet.set_row(0, None, book.add_format({"bold": True}))
        yield sheet
    out.write(made.getvalue())


_SHEETS = {"csv": _csv, "json": _json, "xlsx": _xlsx}


@contextmanager
def beside(path: Path) -> Iterator[IO[bytes]]:
    """Write beside the file, then rename: whoever looks sees the old file or the whole new one."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise WrongUse(f"{path}: cannot be written ({error.strerror})") from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def day_start(day: dt.date, zone: ZoneInfo) -> str:
    """The stamp of a day's first moment, where the service is."""
    return stamp(dt.datetime.combine(day, dt.time(), zone))
