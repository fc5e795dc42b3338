"""Spreadsheets as coordinators have them: what a cell means, which column is which, and files that are no tables."""

import contextlib
import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import xlsxwriter
from hypothesis import strategies as st

from bot.errors import WrongUse
from bot.reports import cells, columns, tables
from bot.reports.cells import BadCell, Cell
from bot.reports.sheets import SHEETS

JUNE = dt.date(2026, 6, 14)


@pytest.mark.parametrize(
    "typed",
    [
        "14/06/2026", "14/6/2026", "14/06/26", "14.6.26", "14.06.2026", "14-06-2026", "14 06 2026", "2026-06-14",
        "2026/06/14", "14 June 2026", "14th June 2026", "14th of June, 2026", "14 Jun 26", "14-Jun-26", "14-Jun-2026",
        "Sunday 14 June 2026", "Sun, 14 June 2026", "Sun. 14/6/26", "14 JUNE 2026", "2026-06-14T00:00:00",
        "14/06/2026 00:00", "14/06/2026 00:00:00",
    ],
)  # fmt: skip
def test_dates_are_read_in_uk_order(typed: str) -> None:
    """The day comes first, however it is written; a date of a spreadsheet in a CSV file is one as well."""
    assert cells.moment(typed) == (JUNE, None)
    assert cells.date(typed) == JUNE


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("06/14/2026", "06/14/2026 is no date in UK order: the day comes before the month"),
        ("31/02/2026", "31/02/2026 is no date: there is no such day"),
        ("29/02/2025", "29/02/2025 is no date: there is no such day"),
        ("0/6/2026", "0/6/2026 is no date: there is no such day"),
        ("14/06", "14/06 has no year"),
        ("14 June", "14 June has no year"),
        ("June", "June is no date, write 14/06/2026"),
        ("14 Juno 2026", "14 Juno 2026 is no date, write 14/06/2026"),
        ("tomorrow", "tomorrow is no date, write 14/06/2026"),
        ("yes", "yes is no date, write 14/06/2026"),
        ("ab 14 June 2026", "ab 14 June 2026 is no date, write 14/06/2026"),
        ("Monday 14 June 2026", "Monday 14 June 2026 is a Sunday"),
        ("about 14/06/2026", "about 14/06/2026 is no date, write 14/06/2026"),
        ("14/06/1026", "14/06/1026 is in the year 1026"),
        ("14/06/2206", "14/06/2206 is in the year 2206"),
        ("14/06/2026 25:10", "25:10 is no time of day"),
        (46187, "46187 is a number, not a date: format the column as a date"),
        (True, "yes is no date"),
        (dt.time(10), "10:00:00 is no date"),
        (dt.datetime(1900, 1, 3), "1900-01-03 is in the year 1900"),  # noqa: DTZ001 - a spreadsheet has no zone
    ],
)
def test_what_is_no_date_is_said_so(typed: Cell, why: str) -> None:
    """American dates, days that do not exist and half a date are refused with the reason, and never guessed."""
    with pytest.raises(BadCell) as error:
        cells.date(typed)
    assert str(error.value) == why


@hypothesis.given(st.dates(dt.date(cells.FIRST_YEAR, 1, 1), dt.date(cells.LAST_YEAR, 12, 31)), st.data())
def test_every_day_can_be_written_in_every_way(day: dt.date, data: st.DataObject) -> None:
    """Whichever way a day is written, it is that day again."""
    ways = ["%d/%m/%Y", "%d.%m.%Y", "%d-%b-%Y", "%d %B %Y", "%A %d %B %Y", "%a, %d %b %Y", "%Y-%m-%d", "%Y-%m-%d 14:30"]
    ways += ["%d/%m/%y", "%d-%b-%y"] if day.year >= 2000 else []
    assert cells.date(day.strftime(data.draw(st.sampled_from(ways)))) == day


@hypothesis.given(st.text() | st.from_regex(r"[0-9]{1,4}[/. -][0-9a-z]{1,9}[/. -][0-9]{1,5}", fullmatch=True))
def test_no_text_breaks_a_reader(typed: str) -> None:
    """Whatever is in a cell is read, or refused with a reason."""
    readers: list[Callable[[Cell], object]] = [
        cells.plain, cells.date, cells.time, cells.hours, cells.minutes, cells.pence, cells.number, cells.whole,
        cells.yes_no, cells.several, cells.text,
    ]  # fmt: skip
    for reader in readers:
        with contextlib.suppress(BadCell):
            reader(typed)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("2.5", 150), ("2,5", 150), ("2:30", 150), ("02:30", 150), ("2:30:00", 150), ("2h30", 150), ("2h 30m", 150),
        ("2 hrs", 120), ("2hrs 30 mins", 150), ("2 hours and 30 minutes", 150), ("90 mins", 90), ("90m", 90),
        ("1½", 90), ("½", 30), ("1 ½ hours", 90), (".5", 30), ("0", 0), ("2.50 hours", 150), ("1 hour", 60), ("1h", 60),
        (2.5, 150), (2, 120), (0.33, 20), (1.1, 66), (dt.time(2, 30), 150), (dt.timedelta(hours=2, minutes=30), 150),
        (dt.datetime(1899, 12, 31, 2, 30), 150), (dt.datetime(1904, 1, 1, 2, 30), 150),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_hours_are_read_as_they_are_written(cell: Cell, minutes: int) -> None:
    """Decimal hours, a clock, words, halves, and the durations of a spreadsheet are all minutes."""
    assert cells.hours(cell) == minutes


@pytest.mark.parametrize(
    "cell",
    ["150", 150, "13 hours", "-1", -0.5, "two", "2:75", "2.5.1", "h", "", True, JUNE, dt.datetime(2026, 6, 14)],  # noqa: DTZ001
)
def test_what_are_no_hours(cell: Cell) -> None:
    """Minutes in a column of hours are too long for a visit; what cannot be read is not guessed."""
    with pytest.raises(BadCell):
        cells.hours(cell)


@hypothesis.given(st.integers(0, cells.LONGEST_VISIT))
def test_every_length_can_be_written_in_every_way(minutes: int) -> None:
    """Minutes come back from a clock, from words and from a spreadsheet's duration."""
    hours, rest = divmod(minutes, 60)
    for written in (f"{hours}:{rest:02}", f"{hours}h{rest}", f"{minutes} mins", dt.timedelta(minutes=minutes)):
        assert cells.hours(written) == minutes
    assert cells.hours(minutes / 60) == cells.hours(f"{minutes / 60:.4f}") == minutes
    assert cells.minutes(minutes) == cells.minutes(str(minutes)) == minutes


@pytest.mark.parametrize(
    ("cell", "minutes"), [("90", 90), (90, 90), (90.0, 90), ("1:30", 90), ("1.5 hrs", 90), (dt.time(1, 30), 90)]
)
def test_minutes_may_be_written_as_hours(cell: Cell, minutes: int) -> None:
    """In a column of minutes a bare number is minutes; a clock and words say what they are."""
    assert cells.minutes(cell) == minutes


@pytest.mark.parametrize(
    ("cell", "pence"),
    [
        ("£4.20", 420), ("4.20", 420), ("4.2", 420), (4.2, 420), (4, 400), ("£1,204.50", 120450), ("85p", 85),
        ("£ 3", 300), ("4,20", 420), ("0", 0), ("GBP 5", 500), (0.1 + 0.2, 30),
    ],
)  # fmt: skip
def test_money_is_read_in_pence(cell: Cell, pence: int) -> None:
    """Pounds with or without their sign, and pence."""
    assert cells.pence(cell) == pence


@pytest.mark.parametrize("cell", ["£4.205", "-£3", "-3", "four", "€4", "4.2.0", True, JUNE, 0.001])
def test_what_is_no_money(cell: Cell) -> None:
    """Another currency, parts of a penny and less than nothing are refused."""
    with pytest.raises(BadCell):
        cells.pence(cell)


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("14:30", (14, 30)), ("2.30pm", (14, 30)), ("2pm", (14, 0)), ("10:00:00", (10, 0)), ("half 3", (15, 30)),
        (dt.time(9, 15), (9, 15)), (14.3, (14, 30)), (10, (10, 0)), (dt.datetime(2026, 6, 14, 9, 15), (9, 15)),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_times_of_day(cell: Cell, time: tuple[int, int]) -> None:
    """As people type them in the chat, and as a spreadsheet has them."""
    assert cells.time(cell) == dt.time(*time)


@pytest.mark.parametrize("cell", ["25:00", "soon", 99, True, JUNE, "14:61"])
def test_what_is_no_time_of_day(cell: Cell) -> None:
    """It is said so."""
    with pytest.raises(BadCell):
        cells.time(cell)


def test_a_date_may_carry_its_time() -> None:
    """A column of moments gives both; midnight is how spreadsheets write that there is none."""
    half_two = dt.time(14, 30)
    assert cells.moment("14/06/2026 14:30") == cells.moment("14/6/26 2:30pm") == (JUNE, half_two)
    assert cells.moment("2026-06-14T14:30:00+01:00") == (JUNE, half_two)
    assert cells.moment(dt.datetime.combine(JUNE, half_two)) == (JUNE, half_two)
    assert cells.moment(dt.datetime.combine(JUNE, dt.time())) == cells.moment(JUNE) == (JUNE, None)


def test_yes_and_no_in_many_ways() -> None:
    """Letters, words, ticks, crosses, numbers and the spreadsheet's own; anything else is neither."""
    assert [cells.yes_no(cell) for cell in ("y", "Yes", "x", "✓", "☑", "TRUE", "1", 1, 1.0, True, "Y.")] == [True] * 11
    assert [cells.yes_no(cell) for cell in ("n", "No", "✗", "☐", "false", "0", 0, False)] == [False] * 8
    for cell in ("maybe", 2, JUNE):
        with pytest.raises(BadCell):
            cells.yes_no(cell)


def test_blanks_and_dashes_are_nothing() -> None:
    """A dash, n/a and odd spaces stand for nothing; inside words odd spaces become plain ones."""
    assert [cells.plain(cell) for cell in ("", "  ", "-", "–", "N/A", "None", "\u00a0", "\ufeff", None)] == [None] * 9
    assert cells.plain(" a\u00a0 b\t\n c ") == "a b\nc"
    assert [cells.plain(cell) for cell in (0, False, "0")] == [0, False, "0"]


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#name?"])
def test_an_error_of_the_spreadsheet_is_no_value(cell: str) -> None:
    """A broken formula is a bad cell, never text."""
    with pytest.raises(BadCell, match="error of the spreadsheet"):
        cells.plain(cell)


@hypothesis.given(st.text(st.sampled_from("éèêüñçØßôö£–‘“’€łżбдйпقس abc"), min_size=1))
def test_letters_that_were_spoilt_on_the_way_are_noticed(text: str) -> None:
    """UTF-8 read as Windows-1252 is refused with what it may have been."""
    spoilt = f"a{text}a".encode().decode("cp1252", "ignore")
    hypothesis.assume(spoilt.encode("cp1252") == f"a{text}a".encode() and not text.isascii())
    with pytest.raises(BadCell, match="spoilt letters"):
        cells.plain(spoilt)


@hypothesis.given(st.text(st.sampled_from("éèüñçÀÉÖßôö£–“”’€łžşčąאбд字🙂abc"), min_size=1))
@hypothesis.example("CAFÉ”")
@hypothesis.example("CAFÉ–BAR")
@hypothesis.example("Ö–")
def test_letters_that_are_as_they_were_meant_are_left_alone(text: str) -> None:
    """Accents, signs and other scripts are no fault."""
    assert cells.plain(f"a{text}a") == f"a{text}a"


def test_lost_letters_are_noticed() -> None:
    """The sign that stands for a letter nobody could read is no letter."""
    with pytest.raises(BadCell, match="Zo� has spoilt letters: write it again"):
        cells.plain("Zo�")


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")
ROWS = [["Name", "Hours", "What"], ["Zoë", "2,5", 'a "b"\nc; d'], ["Siân", "1", "£4 – tea’s on"]]


def as_csv(rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: list[list[Any]], options: dict[str, Any] | None = None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy", **(options or {})}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def read(folder: Path, data: bytes, sheet: str = "") -> tables.Raw:
    (folder / "file").write_bytes(data)
    return tables.rows(folder / "file", sheet)


def refused(folder: Path, data: bytes, sheet: str = "") -> str:
    with pytest.raises(WrongUse) as error:
        read(folder, data, sheet)
    return str(error.value).removeprefix(f"{folder / 'file'}: ")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_csv_in_every_encoding_and_with_every_delimiter(
    encoding: str, delimiter: str, end: str, tmp_path: Path
) -> None:
    """What was written is what is read, with the number of each row; how it was read is said when it is not UTF-8."""
    raw = read(tmp_path, as_csv(ROWS, delimiter, encoding, end))

    assert raw.rows == [(1, ROWS[0]), (2, ROWS[1]), (3, ROWS[2])]
    said = {"utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}
    assert raw.encoding == said.get(encoding, "")


@hypothesis.given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), min_size=3, max_size=3),
        max_size=9,
    ),
    st.sampled_from([",", ";", "\t"]),
)
def test_whatever_is_in_a_csv_file_comes_out(rows: list[list[str]], delimiter: str) -> None:
    """No text is lost, split or joined, and each row keeps its number."""
    rows = [["Name", "Hours", "Ünïcode"], *rows]
    raw = tables.csv_rows(as_csv(rows, delimiter))

    assert raw.rows == [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]


def test_rows_have_the_numbers_that_people_see(tmp_path: Path) -> None:
    """Blank rows count, a line break in a cell does not, and Excel's own line for the delimiter is no row."""
    data = b'sep=;\r\nName;Hours\r\n\r\n"a\nb";1\r\n;\r\nc;2\r\n'

    assert read(tmp_path, data).rows == [(1, ["Name", "Hours"]), (3, ["a\nb", "1"]), (5, ["c", "2"])]
    assert [number for number, _row in read(tmp_path, as_xlsx([["a"], [], ["", " "], ["b"]])).rows] == [1, 4]


@pytest.mark.parametrize("since_1904", [False, True])
def test_xlsx_cells_are_what_the_spreadsheet_says(since_1904: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """Dates by either calendar, times, durations, money, ticks, and the last value of a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"date_1904": since_1904}) as book:
        sheet = book.add_worksheet()
        formats = {form: book.add_format({"num_format": form}) for form in ("dd/mm/yyyy", "hh:mm", "[h]:mm", "£0.00")}
        sheet.write_row(0, 0, ["Date", "Time", "Hours", "Spent", "Ok", "Sum", "Broken"])
        sheet.write_datetime(1, 0, dt.datetime(2026, 6, 14), formats["dd/mm/yyyy"])  # noqa: DTZ001
        sheet.write_datetime(1, 1, dt.time(14, 30), formats["hh:mm"])
        sheet.write_number(1, 2, 2.5 / 24, formats["[h]:mm"])
        sheet.write_number(1, 3, 4.2, formats["£0.00"])
        sheet.write_boolean(1, 4, True)  # noqa: FBT003
        sheet.write_formula(1, 5, "=1+1", None, 2)
        sheet.write_formula(1, 6, "=NA()", None, "#N/A")
    row = read(tmp_path, out.getvalue()).rows[1][1]

    assert (cells.date(row[0]), cells.time(row[1]), cells.hours(row[2])) == (JUNE, dt.time(14, 30), 150)
    assert (cells.pence(row[3]), cells.yes_no(row[4]), cells.whole(row[5])) == (420, True, 2)
    with pytest.raises(BadCell):
        cells.plain(row[6])


def test_a_time_longer_than_a_day_is_still_a_length() -> None:
    """A spreadsheet shows 1.5 days in a cell for times as a day of 1900."""
    with pytest.raises(BadCell, match="longer than 12 hours"):
        cells.hours(dt.datetime(1900, 1, 1, 12))  # noqa: DTZ001


def test_of_several_sheets_one_is_chosen(tmp_path: Path) -> None:
    """Empty and hidden sheets do not count; of two with rows, neither is guessed; any can be named."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name in ("2025", "2026", "Notes", "Lists"):
            sheet = book.add_worksheet(name)
            if name != "Notes":
                sheet.write_row(0, 0, [name])
            if name == "Lists":
                sheet.hide()
    data = out.getvalue()

    assert refused(tmp_path, data) == "has several sheets. Choose one with --sheet: 2025, 2026."
    assert refused(tmp_path, data, "2024") == "has no sheet 2024. Its sheets are: 2025, 2026, Notes, Lists."
    assert refused(tmp_path, data, "notes") == "there is nothing in it."
    assert read(tmp_path, data, "2026").rows == [(1, ("2026",))]
    assert read(tmp_path, data, "LISTS").rows == [(1, ("Lists",))]


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert change(parts[part]) != parts[part]
    return packed(parts | {part: change(parts[part])})


SAVE = "Open it in your spreadsheet program and save it as .xlsx or .csv."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">%s]>' % b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "there is nothing in it."),
        (b" \r\n ,,\n", "there is nothing in it."),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "has a password. Save a copy without one, import that,"),
        (OLE, f"is in the old format of Excel. {SAVE}"),
        (packed({"content.xml": b"", "mimetype": b""}), f"is another kind of file than .xlsx. {SAVE}"),
        (packed({"xl/workbook.bin": b""}), f"is another kind of file than .xlsx. {SAVE}"),
        (packed({"xl/workbook.xml": b"0" * (tables.LARGEST_UNPACKED + 1)}), "unpacks to more than 200 MB."),
        (packed({"xl/workbook.xml": b"<x/>"}), "is damaged (KeyError)."),
        (as_xlsx(ROWS)[:900], "is damaged. Get it again from whoever has it."),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00\x01", "is no table"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" * 9, "is no table"),
        (b"<html><table><tr><td>Name", f"is no table. {SAVE}"),
        (b'Name,Hours\n"Sam,1\nKim,2\n', "row 2: a quotation mark is out of place"),
        (b"Name\n" + b"Sam\n" * (tables.MOST_ROWS + 1), "has more than 50,000 rows. Split it into several files."),
        (b"," * 250 + b"x", "has more than 200 columns in row 1."),
        (b"0" * (tables.LARGEST_FILE + 1), "is larger than 20 MB. Split it into several files."),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_no_table_is_refused_kindly(data: bytes, why: str, tmp_path: Path) -> None:
    """In one line, with what would work; and without filling memory or time."""
    assert refused(tmp_path, data).startswith(why)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_an_xlsx_file_that_unfolds_without_end_is_refused(part: str, tmp_path: Path) -> None:
    """Entities that double and double are an attack, not a spreadsheet."""
    data = changed(as_xlsx([["a"]]), part, lambda xml: LAUGHS + xml.split(b"?>", 1)[1].replace(b">a<", b">&a9;<"))
    data = changed(data, part, lambda xml: xml.replace(b"<v>0<", b"<v>&a9;<")) if "sheet1" in part else data

    assert refused(tmp_path, data).startswith("is damaged (ParseError).")


def test_one_cell_at_the_far_end_of_a_sheet_costs_nothing(tmp_path: Path) -> None:
    """A stray cell in the last row is read with its number; in the last column it is refused.

    What a file says of its own size counts for nothing.
    """
    for place, count in (((tables.LAST_ROW - 1, 3), 2), ((tables.LAST_ROW - 1, 16383), 0)):
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as book:
            sheet = book.add_worksheet()
            sheet.write(0, 0, "Name")
            sheet.write(*place, "stray")
        if count:
            assert [number for number, _row in read(tmp_path, out.getvalue()).rows] == [1, tables.LAST_ROW]
        else:
            assert refused(tmp_path, out.getvalue()).startswith("has more than 200 columns in row 1048576.")
    small = changed(
        as_xlsx([["a"], ["b"]]), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'ref="A1:A2"', b'ref="A1"')
    )
    assert read(tmp_path, small).rows == [(1, ("a",)), (2, ("b",))]
    far = changed(
        as_xlsx([["a"], ["b"]]), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="2"', b'r="9999999999"')
    )
    assert refused(tmp_path, far).startswith("has a row 1048577, which no spreadsheet has.")


def test_a_folder_and_nothing_are_no_files(tmp_path: Path) -> None:
    """It is said which of the two."""
    for path, why in ((tmp_path, "is not a file."), (tmp_path / "none.csv", "there is no such file.")):
        with pytest.raises(WrongUse) as error:
            tables.rows(path)
        assert str(error.value) == f"{path}: {why}"


FIELDS = {"child": ("Child", "YP"), "date": ("Date", "Date of visit"), "hours": ("Hours", "Hrs")}


def test_titles_are_found_however_they_are_written() -> None:
    """Below a heading, in any case, with signs, in any order; what is left out is said."""
    rows: tables.Rows = [
        (1, ["Visits 2026", "", ""]),
        (3, ["HRS.", "date_of visit", "Colour", "yp", ""]),
        (4, ["2", "14/6/26", "red", "Sam", "x"]),
        (7, ["-", "14/6/26", "", ""]),
        (8, ["#REF!", "14/6/26"]),
        (9, ["", "Totals:", "", "3 visits"]),
        (10, ["45.5", "14/6/26", "", "Total Sam"]),
    ]
    table = columns.named(rows, FIELDS, [("date",), ("child", "hours")])

    assert table.titles == {"hours": "HRS.", "date": "date_of visit", "child": "yp"}
    assert [(line.number, dict(line.cells)) for line in table.lines] == [
        (4, {"hours": "2", "date": "14/6/26", "child": "Sam"}),
        (7, {"date": "14/6/26"}),
        (10, {"hours": "45.5", "date": "14/6/26", "child": "Total Sam"}),
    ]
    assert [str(problem)[:26] for problem in table.problems] == ["row 8, column HRS.: #REF! "]
    assert (table.blank, table.totals, table.unread) == (2, (9,), ("Colour", "number 5"))


def test_a_missing_column_and_two_of_one_are_refused() -> None:
    """It is said which title was looked for, and which are there."""
    with pytest.raises(WrongUse) as error:
        columns.named([(1, ["Child", "Colour"])], FIELDS, [("date",)])
    assert str(error.value) == "no column is called Date. The titles in row 1 are: Child, Colour."
    with pytest.raises(WrongUse) as error:
        columns.named([(1, ["Date", "Hrs", "Hours"])], FIELDS, [("child", "date")])
    assert str(error.value) == "two columns could be Hours: Hrs and Hours. Rename or delete one of them."


def test_names_are_compared_without_what_people_vary() -> None:
    """Case, Latin accents, spaces and apostrophes; the marks of other scripts are letters."""
    assert columns.key("  Zoë O’Neill ") == columns.key("zoe oneill")
    assert columns.key("सीमा") != columns.key("समा")
    assert columns.key("🙂") != columns.key("😢")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_our_own_exports_can_be_read_again(form: str, tmp_path: Path) -> None:
    """What an export defused is what it was before."""
    out = io.BytesIO()
    with SHEETS[form](out, ("name", "what")) as sheet:
        sheet.add(["=Zoë", "'quoted"])

    header, row = (row for _number, row in read(tmp_path, out.getvalue()).rows)
    assert list(header) == ["name", "what"]
    assert [cells.plain(cell) for cell in row] == ["=Zoë", "'quoted"]
