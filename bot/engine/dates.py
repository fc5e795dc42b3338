"""The dates in a typed text, marked, so that their numbers are not read as times: 20/6, 20/6/2026, 13th."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.engine.speech import Speech, bare, light

_YEARS_AWAY = 10
"""A number that close to this year is a year, and no time in the evening."""
_HUNDRED = 100
_LAST_MINUTE, _LAST_HOUR, _NOON = 59, 23, 12
_FIVE_PAST = "05"
_LONGEST_DAY = len("31")
_DAY, _MONTH = r"(?<![\w:./-])(?P<day>0?[1-9]|[12]\d|3[01])", r"(?P<month>0?[1-9]|1[0-2])"
_FULL_DATE = re.compile(
    rf"{_DAY}(?:(?P<sign>[./-])|\s){_MONTH}(?(sign)(?P=sign)|\s)(?P<year>\d{{4}}|(?(sign)\d\d|(?!)))"
    r"(?![\w:]|[./-]\d)"
)
_DOTTED_DATE = re.compile(rf"{_DAY}\.{_MONTH}(?P<dot>\.)?(?![\d:]|\.\d)")
_NUMBER = re.compile(r",?\s+\d")


@dataclass(frozen=True, slots=True)
class Dates:
    """What marks the dates, on a day."""

    speech: Speech
    today: dt.date
    past: bool

    def marked(self, text: str) -> str:
        """The text as it is compared, with its dates; a weekday of several words is one word."""
        tidied = _replaced(self.speech.long_weekdays, light(text), lambda found: found[0].replace(" ", ""))
        tidied = _replaced(_FULL_DATE, tidied, self._full)
        tidied = _replaced(_DOTTED_DATE, tidied, lambda found: self._dotted(found, likely=False))
        for named in self.speech.dates:
            tidied = _replaced(named, tidied, self._named)
        return " ".join(_replaced(self.speech.ordinal, tidied, self._ordinal).split())

    def dotted(self, text: str) -> str:
        """The same where a day is likely: 5.12 may be twelve minutes past five."""
        return _replaced(_DOTTED_DATE, text, lambda found: self._dotted(found, likely=True))

    def is_year(self, number: str) -> bool:
        """Whether a number is a year: of four digits, or 26 and 27 in 2026."""
        if len(number) <= _LONGEST_DAY:
            return int(number) - self.today.year % _HUNDRED in {0, 1}
        hour, minute = divmod(int(number), _HUNDRED)
        no_time = self.past or hour > _LAST_HOUR or minute > _LAST_MINUTE
        return no_time or abs(int(number) - self.today.year) <= _YEARS_AWAY

    def is_near(self, day: dt.date) -> bool:
        """Whether a day can be meant: none to come is that far away."""
        return day.year <= self.today.year + _YEARS_AWAY

    def _full(self, found: re.Match[str]) -> str:
        return f"{int(found['day'])}/{int(found['month'])}/{self._year(found['year'])}"

    def _year(self, typed: str) -> int:
        """2026 of 26, and 1998 of 98."""
        if len(typed) > _LONGEST_DAY:
            return int(typed)
        year = self.today.year - self.today.year % _HUNDRED + int(typed)
        return year if year <= self.today.year + _YEARS_AWAY else year - _HUNDRED

    def _dotted(self, found: re.Match[str], *, likely: bool) -> str:
        """20.06 is a date: nobody comes at six minutes past. 2.05 and 5.12 may be times."""
        before, after = found.string[: found.start()].split()[-1:], found.string[found.end() :].lstrip()
        if self.speech.part_of_day.match(after) or (not likely and before and before[0] in self.speech.at):
            return found[0]
        day, month = int(found["day"]), found["month"]
        never_a_time = day > _LAST_HOUR or (month[0] == "0" and (month != _FIVE_PAST or day > _NOON))
        return f"{day}/{int(month)}" if likely or found["dot"] or never_a_time else found[0]

    def _named(self, found: re.Match[str]) -> str:
        """What stands after a month is its year, or left as it is. In "25 past 10 june 15" 15 is the day."""
        date, year, text = f"{found['day']}/{self.speech.months[found['name']]}", found["year"], found.string
        hours = (time.end("hour") for time in self.speech.of_hour.finditer(text))
        if found.end("day") in hours and _NUMBER.match(text, found.end("name")):
            return found[0]
        if year and self.is_year(year):
            return f"{date}/{self._year(year)} "
        return f"{date} {text[found.start('year') : found.end()] if year else ''}"

    def _ordinal(self, found: re.Match[str]) -> str:
        """The 14th, in any language; 2 with the letter of an afternoon is a time."""
        is_time = int(found["day"]) <= _NOON and self.speech.part_of_day.fullmatch(found["suffix"])
        return found[0] if is_time else f"{found['day']}th "


def _replaced(pattern: re.Pattern[str], text: str, by: Callable[[re.Match[str]], str]) -> str:
    """The text with what the pattern finds in it, accents aside, said in another way."""
    for found in reversed(list(pattern.finditer(bare(text)))):
        text = text[: found.start()] + by(found) + text[found.end() :]
    return text
