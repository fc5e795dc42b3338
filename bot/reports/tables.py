"""A coordinator's spreadsheet as rows: CSV in whatever encoding and with whatever delimiter, or XLSX.

What cannot be a table is refused with WrongUse. Rows have the numbers that people see in their spreadsheet program.
"""

import csv
import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import WrongUse
from bot.reports.cells import Cell

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MOST_ROWS = 50_000
MOST_COLUMNS = 200
LARGEST_FILE = 20_000_000
LARGEST_UNPACKED = 200_000_000
"""Bytes that an XLSX file may unpack to."""

LAST_ROW = 1_048_576
"""No spreadsheet has more."""

ENCODINGS = {"utf_16": "UTF-16", "utf_16_le": "UTF-16", "utf_16_be": "UTF-16", "cp1252": "Windows-1252"}
"""What spreadsheet programs here write besides UTF-8. Others would be guessed, and wrongly, from two accents."""

_LOOKED_AT = 100
"""Lines of a CSV file that are enough to know its delimiter."""

_DELIMITERS = (",", ";", "\t")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "Open it in your spreadsheet program and save it as .xlsx or .csv."

Rows = list[tuple[int, Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class Raw:
    """The rows that are not blank, each with its number, before anybody knows what they are about."""

    rows: Rows
    encoding: str = ""  # of a CSV file that is not UTF-8


def rows(path: Path, sheet: str = "") -> Raw:
    """The rows of a file; `sheet` is the name of one of its sheets. Raises WrongUse for whatever is no table."""
    try:
        data = _bytes(path)
        raw = Raw(_xlsx(data, sheet)) if data.startswith(b"PK\x03\x04") else csv_rows(data)
    except WrongUse as error:
        raise WrongUse(f"{path}: {error}") from error
    if not raw.rows:
        raise WrongUse(f"{path}: there is nothing in it.")
    return raw


def filled(cells: Iterable[Cell]) -> bool:
    """Whether there is anything in a row."""
    return any(cell.strip() if isinstance(cell, str) else cell is not None for cell in cells)


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise WrongUse("is not a file." if path.exists() else "there is no such file.")
    if path.stat().st_size > LARGEST_FILE:
        raise WrongUse(f"is larger than {LARGEST_FILE // 1_000_000} MB. Split it into several files.")
    data = path.read_bytes()
    if data.startswith(_OLD_OFFICE):
        if _ENCRYPTED in data:
            raise WrongUse("has a password. Save a copy without one, import that, then delete it.")
        raise WrongUse(f"is in the old format of Excel. {_SAVE_AS}")
    return data


def _counted(numbered: Iterable[tuple[int, Sequence[Cell]]]) -> Rows:
    """Those that are not blank, as long as there are not too many of them."""
    found: Rows = []
    for number, cells in numbered:
        if number > LAST_ROW:
            raise WrongUse(f"has a row {number}, which no spreadsheet has. {_SAVE_AS}")
        if not filled(cells):
            continue
        if len(found) > MOST_ROWS:  # and the titles
            raise WrongUse(f"has more than {MOST_ROWS:,} rows. Split it into several files.")
        if filled(cells[MOST_COLUMNS:]):
            raise WrongUse(f"has more than {MOST_COLUMNS} columns in row {number}. Delete those that are not needed.")
        found.append((number, cells[:MOST_COLUMNS]))
    return found


def csv_rows(data: bytes) -> Raw:
    """The rows of a CSV file. Raises WrongUse."""
    text, encoding = _decoded(data)
    if text.lstrip().startswith("<"):
        raise WrongUse(f"is no table. {_SAVE_AS}")
    first, _end, rest = text.partition("\n")
    if named := re.fullmatch(r'"?sep=(.)"?\s*', first):  # Excel's own way to say it: no row of the sheet
        return Raw(_split(rest, named[1]), encoding)
    head = "".join(text.splitlines(keepends=True)[:_LOOKED_AT])
    return Raw(_split(text, max(_DELIMITERS, key=lambda sign: _comes_apart(head, sign))), encoding)


def _decoded(data: bytes) -> tuple[str, str]:
    """The text, and what it was written in unless that is UTF-8."""
    with suppress(UnicodeDecodeError):
        if not _CONTROL.search(text := data.decode("utf-8-sig")):
            return text, ""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - only an import needs it

    found = from_bytes(data, cp_isolation=list(ENCODINGS)).best()
    if found is None or _CONTROL.search(str(found)):
        raise WrongUse(f"is no table, or its letters cannot be read. {_SAVE_AS}")
    return str(found).removeprefix("\ufeff"), ENCODINGS[found.encoding]


def _comes_apart(head: str, delimiter: str) -> tuple[float, int]:
    """How well rows come apart this way: the share that has the usual number of columns, and that number."""
    counts = Counter(len(cells) for cells in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter) if cells)
    columns, rows = counts.most_common(1)[0] if counts else (0, 0)
    return (rows / counts.total(), columns) if columns > 1 else (0, 0)


def _split(text: str, delimiter: str) -> Rows:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)

    def numbered() -> Iterator[tuple[int, Sequence[Cell]]]:
        number = 0
        try:
            for number, cells in enumerate(reader, 1):
                yield number, cells
        except csv.Error as error:
            raise WrongUse(f"row {number + 1}: a quotation mark is out of place ({error}). {_SAVE_AS}") from error

    return _counted(numbered())


def _xlsx(data: bytes, sheet: str) -> Rows:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names, size = set(archive.namelist()), sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise WrongUse("is damaged. Get it again from whoever has it.") from error
    if not any(name.startswith("xl/") for name in names) or "xl/workbook.bin" in names:
        raise WrongUse(f"is another kind of file than .xlsx. {_SAVE_AS}")
    if size > LARGEST_UNPACKED:
        raise WrongUse(f"unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB. Copy its rows into a new file.")
    try:
        return _sheet(data, sheet)
    except WrongUse:
        raise
    except Exception as error:  # openpyxl raises whatever it trips over
        raise WrongUse(f"is damaged ({type(error).__name__}). {_SAVE_AS}") from error


def _sheet(data: bytes, wanted: str) -> Rows:
    """The rows of the sheet that is wanted, or of the only one with something in it."""
    from openpyxl import load_workbook  # noqa: PLC0415 - only an import needs it

    with warnings.catch_warnings(action="ignore"):  # what openpyxl does not know is no matter of rows
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        named = {one.title.casefold(): one for one in book.worksheets}
        if wanted and wanted.casefold() not in named:
            raise WrongUse(f"has no sheet {wanted}. Its sheets are: {', '.join(book.sheetnames)}.")
        found = {
            one.title: _counted(enumerate(_values(one), 1))
            for one in ([named[wanted.casefold()]] if wanted else book.worksheets)
            if wanted or one.sheet_state == "visible"
        }
    full = {title: rows for title, rows in found.items() if rows}
    if len(full) > 1:
        raise WrongUse(f"has several sheets. Choose one with --sheet: {', '.join(full)}.")
    return next(iter(full.values()), [])


def _values(sheet: "ReadOnlyWorksheet") -> Iterator[Sequence[Cell]]:
    """Its rows to the last one there is, whatever the file says of its own size."""
    sheet.reset_dimensions()
    yield from sheet.iter_rows(values_only=True)
