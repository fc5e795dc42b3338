"""When people are at work, read from what they write: "Mon-Thu 09:00-15:00", "Monday to Thursday, 9 to 3", "always".

Times are local; nobody is at work on a bank holiday of England or Wales, unless they always are.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

_HOUR = 60
_NOON = 12 * _HOUR
DAY_MINUTES = 24 * _HOUR
_FAR = 366  # days: whoever has hours works within a year
_EARLIEST = 7 * _HOUR
"""A bare hour before this one is in the afternoon: 9 to 3, 1 to 5. No desk opens at three in the morning unsaid."""

Stretch = tuple[int, int]
"""From when until when, in minutes after midnight; the last minute is not in it."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBER = {
    **{name[:end]: day for day, name in enumerate(_DAYS) for end in range(3, len(name) + 1)},
    **{f"{name}s": day for day, name in enumerate(_DAYS)},
    "weds": 2,
}
_SOME = {"weekdays": range(5), "weekends": range(5, 7), "every day": range(7), "daily": range(7)}
_ALWAYS = {"always", "24/7"}

_TO = r"\s*(?:-|–|—|\bto\b|\buntil\b|\btill\b)\s*"
_DAY = rf"\b(?:{'|'.join(sorted(_NUMBER, key=len, reverse=True))})(?!\w)"
_TIME_PARTS = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s*(?:(?P<half>[ap])\.?m\.?)?")
_TIME = r"(?:\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?m\b\.?)?)"
_TOKEN = re.compile(
    rf"(?P<some>{'|'.join(_SOME)})\b|(?P<first>{_DAY})(?:{_TO}(?P<last>{_DAY}))?"
    rf"|(?P<opens>{_TIME}){_TO}(?P<closes>{_TIME})(?![\w:])|[\s,;:&]+|and\b|from\b"
)


@dataclass(frozen=True, slots=True)
class Hours:
    """The stretches of each day of a week, Monday first. At least one day has one."""

    week: tuple[tuple[Stretch, ...], ...]
    always: bool = False

    def grouped(self) -> list[tuple[tuple[int, ...], tuple[Stretch, ...]]]:
        """The days that have the same stretches together, in the order of the week; free days are left out."""
        found: dict[tuple[Stretch, ...], list[int]] = {}
        for day, stretches in enumerate(self.week):
            if stretches:
                found.setdefault(stretches, []).append(day)
        return [(tuple(days), stretches) for stretches, days in found.items()]


def parse(text: str) -> Hours:
    """The hours that somebody wrote. Raises ValueError when they cannot be understood."""
    written = " ".join(text.lower().split())
    if written in _ALWAYS:
        return Hours((((0, DAY_MINUTES),),) * 7, always=True)
    week: list[list[Stretch]] = [[] for _day in _DAYS]
    for days, stretches in _groups(written):
        for day in days:
            week[day] += stretches
    if not any(week):
        raise ValueError("has no days with times")
    return Hours(tuple(_merged(stretches) for stretches in week))


def is_open(hours: Hours, at: dt.datetime, zone: dt.tzinfo, nation: str) -> bool:
    """Whether they are at work at a moment. `nation` is england or wales."""
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    return _works_on(hours, local.date(), nation) and any(
        opens <= minute < closes for opens, closes in hours.week[local.weekday()]
    )


def next_open(hours: Hours, at: dt.datetime, zone: dt.tzinfo, nation: str) -> dt.datetime:
    """The first moment from this one on at which they are at work, in local time: this one, or a full minute."""
    if is_open(hours, at, zone, nation):
        return at.astimezone(zone)
    return next(
        minute.astimezone(zone)
        for day in range(_FAR)
        for minute in _minutes(at, at.astimezone(zone).date() + dt.timedelta(days=day), zone, hours, nation)
        if is_open(hours, minute, zone, nation)
    )


def holiday_before(hours: Hours, at: dt.datetime, opening: dt.datetime, nation: str) -> bool:
    """Whether a bank holiday is among the reasons why they do not open earlier. Both moments are local."""
    days = [at.date() + dt.timedelta(days=day) for day in range((opening.date() - at.date()).days)]
    return any(hours.week[day.weekday()] and not _works_on(hours, day, nation) for day in days)


def _minutes(at: dt.datetime, day: dt.date, zone: dt.tzinfo, hours: Hours, nation: str) -> Iterator[dt.datetime]:
    """The full minutes after a moment on a local day, 23 to 25 hours of them; none where the day is free."""
    if not _works_on(hours, day, nation):
        return
    midnight = [dt.datetime.combine(day + dt.timedelta(days=n), dt.time(), zone).astimezone(dt.UTC) for n in (0, 1)]
    full = at.astimezone(dt.UTC).replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
    minute = max(midnight[0], full)
    while minute < midnight[1]:
        yield minute
        minute += dt.timedelta(minutes=1)


def _works_on(hours: Hours, day: dt.date, nation: str) -> bool:
    return bool(hours.week[day.weekday()]) and (hours.always or day not in _bank_holidays(nation))


@lru_cache
def _bank_holidays(nation: str) -> "HolidayBase":
    import holidays  # noqa: PLC0415 - most runs never ask

    return holidays.country_holidays("GB", subdiv={"england": "ENG", "wales": "WLS"}[nation])


def _groups(written: str) -> Iterator[tuple[list[int], list[Stretch]]]:
    """Days, and the stretches that follow them."""
    days: list[int] = []
    stretches: list[Stretch] = []
    for found in _tokens(written):
        if found["opens"]:
            if not days:
                raise ValueError("has times before any day")
            stretches.append(_stretch(found["opens"], found["closes"]))
        elif new := _days(found):
            if stretches:
                yield days, stretches
                days, stretches = [], []
            days += new
    if not stretches:
        raise ValueError("has days without times" if days else "has no days with times")
    yield days, stretches


def _tokens(written: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(written):
        found = _TOKEN.match(written, at)
        if not found:
            raise ValueError("cannot be understood")
        yield found
        at = found.end()


def _days(found: re.Match[str]) -> list[int]:
    """The days a token names. Friday to Monday goes over the weekend."""
    if found["some"]:
        return list(_SOME[found["some"]])
    if not found["first"]:
        return []
    first = _NUMBER[found["first"]]
    last = _NUMBER[found["last"]] if found["last"] else first
    return [(first + n) % 7 for n in range((last - first) % 7 + 1)]


def _stretch(opens: str, closes: str) -> Stretch:
    """A bare hour is read as people mean it: 9 to 3 ends in the afternoon, 8 to 10pm begins in the evening."""
    start, start_clock = _time(opens)
    end, end_clock = _time(closes)
    if start_clock is _Clock.BARE:
        start = _bare_start(start, end, end_clock)
    if end_clock is _Clock.BARE and end <= start:
        end += _NOON
    end = end or DAY_MINUTES
    if not start < end <= DAY_MINUTES:
        raise ValueError("ends before it begins on some day")
    return start, end


def _bare_start(start: int, end: int, end_clock: "_Clock") -> int:
    """In the same half of the day as an end that says its half, if that is before it; else not before breakfast."""
    if end_clock is not _Clock.HALVES:
        return start + _NOON if start < _EARLIEST else start
    later = start % _NOON + _NOON
    return later if later < end else start


class _Clock(Enum):
    """Which clock a time was read from."""

    BARE = "9, 9:30"
    HALVES = "9am, 9:30 pm"
    FULL = "09:00, 0:00, 17:30"


def _time(written: str) -> tuple[int, _Clock]:
    """Minutes after midnight."""
    found = _TIME_PARTS.fullmatch(written)
    if not found:
        raise ValueError("cannot be understood")
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if minute >= _HOUR or hour * _HOUR > DAY_MINUTES or (half and not 0 < hour * _HOUR <= _NOON):
        raise ValueError("has a time that no clock shows")
    if half:
        return hour * _HOUR % _NOON + minute + (_NOON if half == "p" else 0), _Clock.HALVES
    bare = 0 < hour * _HOUR <= _NOON and not found["hour"].startswith("0")
    return hour * _HOUR + minute, _Clock.BARE if bare else _Clock.FULL


def _merged(stretches: list[Stretch]) -> tuple[Stretch, ...]:
    """In order, and those that touch made one."""
    merged: list[Stretch] = []
    for opens, closes in sorted(stretches):
        if merged and opens <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(closes, merged[-1][1])
        else:
            merged.append((opens, closes))
    return tuple(merged)
