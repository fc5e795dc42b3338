"""CSV, XLSX and JSON: a header and rows, written as they come. Nothing here knows what is in the cells."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import IO, TYPE_CHECKING, Protocol

import orjson

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

FORMULA = frozenset("=+-@|%\N{MINUS SIGN}")
"""What makes a spreadsheet read a cell as something to work out."""

_UNSEEN = frozenset({"Cf", "Cc", "Cn", "Co", "Cs", "Me", "Mn", "Zl", "Zp", "Zs"})
_TITLE = "Export"
_LONGEST_CELL = 32_767
"""Letters an XLSX cell can hold; XLSX has no way to keep more."""


class Sheet(Protocol):
    """Takes rows, one after another."""

    def add(self, cells: list[object]) -> None: ...


def defused(cell: object) -> object:
    """Text that a spreadsheet would run as a formula gets one quote before it, which is all that changes.

    Spaces, invisible characters and quotes may stand before the sign; the sign may be any width. What starts with a
    tab or a line break is quoted too: some programs pass over those.
    """
    if not isinstance(cell, str):
        return cell
    first = next((c for c in cell if c != "'" and unicodedata.category(c) not in _UNSEEN), "")
    risky = unicodedata.normalize("NFKC", first)[:1] in FORMULA if first else False
    return f"'{cell}" if risky or cell.startswith(("\t", "\r", "\n")) else cell


def undefused(text: str) -> str:
    """What text was before `defused`."""
    return text[1:] if text.startswith("'") and defused(text[1:]) == text else text


class _Utf8:
    """Text to bytes without a buffer of its own: nothing is left to flush when the other side has gone."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def write(self, text: str) -> int:
        return self._out.write(text.encode())


class _Csv:
    def __init__(self, out: IO[bytes]) -> None:
        self._writer = csv.writer(_Utf8(out))

    def add(self, cells: list[object]) -> None:
        self._writer.writerow([defused(cell) for cell in cells])


@contextmanager
def _csv(out: IO[bytes], columns: tuple[str, ...]) -> Iterator[Sheet]:
    out.write(b"\xef\xbb\xbf")  # Excel reads UTF-8 only behind this mark
    sheet = _Csv(out)
    sheet.add(list(columns))
    yield sheet


class _Json:
    def __init__(self, out: IO[bytes], columns: tuple[str, ...]) -> None:
        self._out, self._columns, self.before = out, columns, b"[\n"

    def add(self, cells: list[object]) -> None:
        self._out.write(self.before + orjson.dumps(dict(zip(self._columns, cells, strict=True))))
        self.before = b",\n"


@contextmanager
def _json(out: IO[bytes], columns: tuple[str, ...]) -> Iterator[Sheet]:
    sheet = _Json(out, columns)
    yield sheet
    out.write(b"[]\n" if sheet.before == b"[\n" else b"\n]\n")


class _Xlsx:
    def __init__(self, worksheet: "Worksheet") -> None:
        self._worksheet, self._row = worksheet, 0

    def add(self, cells: list[object]) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                self._worksheet.write_string(self._row, column, str(defused(cell))[:_LONGEST_CELL])
            elif cell is not None:
                self._worksheet.write_number(self._row, column, cell)
        self._row += 1


@contextmanager
def _xlsx(out: IO[bytes], columns: tuple[str, ...]) -> Iterator[Sheet]:
    import xlsxwriter  # noqa: PLC0415 - only an export needs it

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
        worksheet = book.add_worksheet(_TITLE)
        worksheet.freeze_panes(1, 1)
        worksheet.set_column(0, len(columns) - 1, 18)
        worksheet.set_row(0, None, book.add_format({"bold": True}))
        sheet = _Xlsx(worksheet)
        sheet.add(list(columns))
        yield sheet
    out.write(made.getvalue())


Form = Callable[[IO[bytes], tuple[str, ...]], AbstractContextManager[Sheet]]
SHEETS: dict[str, Form] = {"csv": _csv, "json": _json, "xlsx": _xlsx}
