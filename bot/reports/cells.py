"""What is meant by a cell of a coordinator's spreadsheet: dates in UK order, hours, money, yes and no. No I/O.

Each reader takes a cell that is not blank and returns a value, or raises BadCell with the reason a person reads.
"""

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation

from bot.domain import reports, visits
from bot.reports.sheets import undefused

Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
"""Text as it was typed, or what a spreadsheet made of it."""

LONGEST_VISIT = reports.LONGEST
"""Minutes."""

FIRST_YEAR, LAST_YEAR = 1990, 2099
"""Whatever is outside of these is a slip."""

_DURATIONS_FROM = (dt.datetime(1899, 12, 31), dt.datetime(1904, 1, 1))  # noqa: DTZ001 - a spreadsheet has no zone
"""Where a spreadsheet begins to count days: 26 hours in a cell for times are the second day."""

_BLANK = frozenset({"", "-", "–", "—", "n/a", "na", "none", "nil", "."})
_FAULTS = frozenset({"#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "#getting_data", "#spill!"})
_YES = frozenset({"y", "yes", "true", "t", "1", "x", "✓", "✔", "☑", "✅", "done", "ok"})
_NO = frozenset({"n", "no", "false", "f", "0", "✗", "✘", "☐", "❌"})

_LIKELY = re.compile("[\u0000-\u017f\u0400-\u06ff\u2000-\u20cf]*")
"""Letters and signs that names and notes are made of here: CAFÉ” may be read as others, and is well as it is."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ISO = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})")
_UK = re.compile(
    r"(?:(?P<w>[a-z]{3,9})\.?,?\s+)?(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s*[\s./-]\s*(?P<m>\d{1,2}|[a-z]{3,9})\.?,?"
    r"\s*[\s./-]\s*(?P<y>\d{4}|\d{2})"
)
_CLOCK = re.compile(r"[\st]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]\.?m\.?)?)(?:z|[+-]\d{2}:?\d{2})?$")
_HOURS_AND_MINUTES = re.compile(
    r"(?:(?P<h>\d{1,3})\s*(?:h|hr|hrs|hour|hours)\.?\s*(?:and\s*)?)?(?:(?P<m>\d{1,3})\s*(?:m|min|mins|minute|minutes)?\.?)?"
)
_CLOCK_HOURS = re.compile(r"(?P<h>\d{1,3}):(?P<m>[0-5]\d)(?::[0-5]\d)?")
_ONLY_HOURS = re.compile(r"(?P<n>\d{0,3}(?:[.,]\d+)?)\s*(?P<part>[½¼¾]?)\s*(?:h|hr|hrs|hour|hours)?\.?")
_PARTS = {"": Decimal(0), "¼": Decimal("0.25"), "½": Decimal("0.5"), "¾": Decimal("0.75")}


class BadCell(ValueError):
    """What is in a cell cannot be read; the reason, as a person reads it after the name of the column."""


def plain(cell: Cell) -> Cell:
    """A cell without odd spaces around and in it. None: it is blank, or has a dash for nothing.

    Raises BadCell for a spreadsheet's own error, and for letters that a wrong encoding has spoilt.
    """
    if not isinstance(cell, str):
        return cell
    lines = unicodedata.normalize("NFC", cell.replace("\ufeff", "")).splitlines()
    text = undefused("\n".join(" ".join(line.split()) for line in lines).strip())
    if text.casefold() in _BLANK:
        return None
    if text.casefold() in _FAULTS:
        raise BadCell(f"{text} is an error of the spreadsheet: mend its formula")
    if (meant := _spoilt(text)) is not None:
        may_be = f" (it may be {meant})" if meant else ""
        raise BadCell(f"{text} has spoilt letters{may_be}: write it again, and save the file as UTF-8")
    return text


def text(cell: Cell) -> str:
    """Words. A number is written as people would: 7, not 7.0."""
    match cell:
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case str():
            return cell
    return str(cell)


def date(cell: Cell) -> dt.date:
    """A day: 14/06/2026, 14.6.26, 14 June 2026, 14-Jun-26, 2026-06-14, or a date of the spreadsheet."""
    return moment(cell)[0]


def moment(cell: Cell) -> tuple[dt.date, dt.time | None]:
    """A day, and the time of day when the cell has one: 14/06/2026 14:30."""
    match cell:
        case dt.datetime():
            clock = cell.time().replace(microsecond=0)
            return _in_range(cell.date(), str(cell.date())), clock if clock != dt.time() else None
        case dt.date():
            return _in_range(cell, str(cell)), None
        case str():
            return _typed_moment(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        raise BadCell(f"{text(cell)} is a number, not a date: format the column as a date")
    raise BadCell(f"{text(cell)} is no date")


def time(cell: Cell) -> dt.time:
    """A time of day: 14:30, 2.30pm, 2pm, half 3, or a time of the spreadsheet."""
    match cell:
        case dt.datetime():
            return cell.time()
        case dt.time():
            return cell.replace(microsecond=0)
        case str() if (found := visits.read_time(re.sub(r"(:\d{2}):\d{2}$", r"\1", cell))) is not None:
            return found
        case int() | float() if not isinstance(cell, bool):
            found = visits.read_time(f"{cell:.2f}" if isinstance(cell, float) and not cell.is_integer() else text(cell))
            if found is not None:
                return found
    raise BadCell(f"{text(cell)} is no time of day")


def hours(cell: Cell) -> int:
    """Minutes, from hours: 2.5, 2:30, 2h30, 2 hrs, 90 mins, 1½, or a duration of the spreadsheet."""
    match cell:
        case dt.time():
            minutes = Decimal(cell.hour * 60 + cell.minute)
        case dt.timedelta():
            minutes = Decimal(round(cell.total_seconds() / 60))
        case dt.datetime() if cell.year < _DURATIONS_FROM[-1].year + 1:
            start = max(day for day in _DURATIONS_FROM if day <= cell)
            minutes = Decimal(round((cell - start).total_seconds() / 60))
        case int() | float() if not isinstance(cell, bool):
            minutes = Decimal(str(cell)) * 60
        case str() if (typed := _typed_minutes(cell.casefold())) is not None:
            minutes = typed
        case _:
            raise BadCell(f"{text(cell)} is no number of hours, write 2.5 or 2:30")
    return _visit_long(minutes, cell)


def minutes(cell: Cell) -> int:
    """Minutes, from a number of minutes; whoever writes 1:30 or 2 hrs there means hours."""
    if isinstance(cell, str) and (bare := _decimal(cell)) is not None:
        return _visit_long(bare, cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _visit_long(Decimal(str(cell)), cell)
    return hours(cell)


def pence(cell: Cell) -> int:
    """Pence, from pounds: £4.20, 4.2, 1,204.50, 85p."""
    if isinstance(cell, str):
        bare = cell.casefold().replace("gbp", "").replace("£", "").replace(" ", "")
        found = _decimal(bare.removesuffix("p"), thousands=True)
        amount = found if found is None or bare.endswith("p") else found * 100
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        amount = Decimal(f"{cell:.4f}") * 100
    else:
        amount = None
    if amount is None:
        raise BadCell(f"{text(cell)} is no sum of money, write 4.20")
    if amount != amount.to_integral_value():
        raise BadCell(f"{text(cell)} has parts of a penny")
    if amount < 0:
        raise BadCell(f"{text(cell)} is less than nothing")
    return int(amount)


def number(cell: Cell) -> Decimal:
    """A number that is not negative: 12, 12.5, 12 miles."""
    if isinstance(cell, str):
        found = _decimal(re.sub(r"\s*(?:miles?|mi)\.?$", "", cell.casefold()), thousands=True)
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        found = Decimal(str(cell))
    else:
        found = None
    if found is None:
        raise BadCell(f"{text(cell)} is no number")
    if found < 0:
        raise BadCell(f"{text(cell)} is less than nothing")
    return found


def whole(cell: Cell) -> int:
    """A whole number that is not negative."""
    found = number(cell)
    if found != found.to_integral_value():
        raise BadCell(f"{text(cell)} is no whole number")
    return int(found)


def yes_no(cell: Cell) -> bool:
    """Y, yes, x, a tick, true, 1; or n, no, a cross, false, 0."""
    said = text(cell).casefold().strip(" .!") if not isinstance(cell, bool) else "yes" if cell else "no"
    if said in _YES | _NO:
        return said in _YES
    raise BadCell(f"{text(cell)} is neither yes nor no")


def several(cell: Cell) -> tuple[str, ...]:
    """Words with commas, semicolons, strokes or line breaks between them."""
    parts = (" ".join(part.split()) for part in re.split(r"[,;/|\n•]", text(cell)))
    return tuple(dict.fromkeys(part for part in parts if part))


def _typed_moment(typed: str) -> tuple[dt.date, dt.time | None]:
    bare = " ".join(typed.casefold().split())
    clock = _CLOCK.search(bare)
    day = bare[: clock.start()] if clock else bare
    found = _ISO.fullmatch(day) or _UK.fullmatch(day)
    if not found:
        if re.fullmatch(r"\d{1,2}[\s./-]+(\d{1,2}|[a-z]{3,9})", day):
            raise BadCell(f"{typed} has no year")
        raise BadCell(f"{typed} is no date, write 14/06/2026")
    parts = found.groupdict()
    month = _month(parts["m"])
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)  # noqa: PLR2004 - two digits
    if month is None:
        raise BadCell(f"{typed} is no date, write 14/06/2026")
    if month > len(_MONTHS) and int(parts["d"]) <= len(_MONTHS):
        raise BadCell(f"{typed} is no date in UK order: the day comes before the month")
    try:
        read = dt.date(year, month, int(parts["d"]))
    except ValueError:
        raise BadCell(f"{typed} is no date: there is no such day") from None
    if (named := parts.get("w")) and named[:3] in _DAYS and _DAYS.index(named[:3]) != read.weekday():
        raise BadCell(f"{typed} is a {read:%A}")
    if named and named[:3] not in _DAYS:
        raise BadCell(f"{typed} is no date, write 14/06/2026")
    at = time(re.sub(r"\.\d+$", "", clock[1])) if clock else None
    return _in_range(read, typed), at if at != dt.time() else None


def _month(typed: str) -> int | None:
    if typed.isdecimal():
        return int(typed)
    if typed in _LONG_MONTHS:
        return _LONG_MONTHS.index(typed) + 1
    short = "sep" if typed == "sept" else typed
    return _MONTHS.index(short) + 1 if short in _MONTHS else None


def _in_range(day: dt.date, typed: str) -> dt.date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadCell(f"{typed} is in the year {day.year}")
    return day


def _typed_minutes(typed: str) -> Decimal | None:
    if found := _CLOCK_HOURS.fullmatch(typed):
        return Decimal(int(found["h"]) * 60 + int(found["m"]))
    if (found := _ONLY_HOURS.fullmatch(typed)) and (found["n"] or found["part"]):
        return (Decimal(f"0{found['n']}".replace(",", ".")) + _PARTS[found["part"]]) * 60
    found = _HOURS_AND_MINUTES.fullmatch(typed)
    if found and (found["h"] or found["m"]):
        return Decimal(int(found["h"] or 0) * 60 + int(found["m"] or 0))
    return None


def _visit_long(found: Decimal, cell: Cell) -> int:
    if found < 0:
        raise BadCell(f"{text(cell)} is less than nothing")
    if found > LONGEST_VISIT:
        raise BadCell(f"{text(cell)} is longer than {LONGEST_VISIT // 60} hours")
    return int(found.to_integral_value())


def _decimal(typed: str, *, thousands: bool = False) -> Decimal | None:
    bare = typed.strip()
    if thousands and re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", bare):
        bare = bare.replace(",", "")
    if not re.fullmatch(r"-?\d*[.,]?\d+|-?\d+[.,]", bare):
        return None
    try:
        return Decimal(bare.replace(",", "."))
    except InvalidOperation:
        return None


def _spoilt(typed: str) -> str | None:
    """What was meant by text that was UTF-8, read as something else; "" when letters are lost; None: all is well."""
    if "\ufffd" in typed:
        return ""
    if typed.isascii():
        return None
    try:
        meant = typed.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None
    return meant if _LIKELY.fullmatch(meant) and not any(map(unicodedata.combining, meant)) else None
