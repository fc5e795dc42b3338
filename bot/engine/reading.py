"""A typed day and time of day, read: "sat 2pm", "tomorrow half 3", "14/6 at 10", "the 14th at noon".

Times and days of the week are read by the words of speech.py. Only the other words of a day go to dateparser, which
takes the 2 of "on saturday at 2" for a day of the month.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.domain.visits import EARLIEST
from bot.engine.dates import Dates
from bot.engine.speech import Speech, bare

_NOON, _HOUR = 12, 60
_WEEK = 7
_MONTHS_AHEAD = 62
"""Days in which a "sat 20" is looked for."""
_MOST_WORDS = 12
_SIGNS = "!?؟,;:.،؛()\"'-–"
"""What may stand around a word."""
_LAST_MONTH = 12
"""A number up to this after a dot may be a month."""
_DAY_OF_MONTH = re.compile(r"(?:the )?(\d{1,2})(?:st|nd|rd|th|\.)?")
_ORDINAL = re.compile(r"(?<!\w)\d{1,2}th(?!\w)")
_DATE_OF_NUMBERS = re.compile(r"\d{1,2} \d{1,2} (?:\d{4}|\d\d)")
_CALLED = {"prs": "fa"}
"""Languages that dateparser knows by another name."""
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""As dateparser reads them, whatever the language and the case they were typed in."""


class Half(Enum):
    """What is asked for when the other half is known: a number alone is that."""

    DAY = "day"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class When:
    """What was understood: a day, a time of day, both or neither, as the clocks show them where the service is."""

    day: dt.date | None = None
    time: dt.time | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One text being read, on a day."""

    speech: Speech
    languages: tuple[str, ...]
    today: dt.date
    past: bool = False  # a day that does not say when is over

    @property
    def dates(self) -> Dates:
        return Dates(self.speech, self.today, self.past)

    def only_day(self, text: str) -> dt.date | None:
        """The day where only a day is typed."""
        return self.day(self.dates.dotted(self.dates.marked(text)))

    def when(self, text: str, asked: Half | None) -> When:
        tidied = self._beginning(self.dates.marked(text))
        dotted = self.dates.dotted(tidied)
        if asked is Half.DAY or next(self._clocks(dotted), None):
            tidied = dotted
        found = next(self._clocks(tidied), None)
        if found is None and asked is not Half.DAY:
            found = next(self._numbers(tidied), None)
        time, rest = found or (None, tidied)
        return When(self.day(rest), time)

    def day(self, text: str) -> dt.date | None:
        """The day that a text without a time names: the whole of it, else the longest part that names one."""
        words = [word for word in (word.strip(_SIGNS) for word in re.split(r"[\s,;،؛]+", text)) if word]
        words = words[:_MOST_WORDS]
        parts = [
            words[begin : begin + length]
            for length in range(len(words), 0, -1)
            for begin in range(len(words) - length + 1)
        ]
        if not parts:
            return None
        named = {day for word in words if (day := self.speech.weekday(bare(word))) is not None}
        text = " ".join(words)
        if whole := self._named(words) or self._month_day(text) or self._date(text, weekday=bool(named)):
            return whole
        dates = (self._numbered(part) for part in parts if any(map(str.isdecimal, "".join(part))))
        days = (self._named(part) for part in parts)
        return next((day for day in dates if day and (not named or day.weekday() in named)), None) or next(
            (day for day in days if day), None
        )

    def _numbered(self, words: list[str]) -> dt.date | None:
        """A day with a number in it, among other words. A lone number is none: it may count anything."""
        text = " ".join(word for word in words if bare(word) not in self.speech.at)
        return None if text.isdecimal() else self._named(words) or self._month_day(text) or self._date(" ".join(words))

    def _month_day(self, text: str, weekday: int | None = None) -> dt.date | None:
        """The nearest day that is so many of its month, and that day of the week if one is given."""
        found = _DAY_OF_MONTH.fullmatch(text)
        near = (self.today + dt.timedelta(days=-days if self.past else days) for days in range(_MONTHS_AHEAD))
        fitting = (day for day in near if found and day.day == int(found[1]))
        return next((day for day in fitting if weekday in {None, day.weekday()}), None)

    def _named(self, words: list[str]) -> dt.date | None:
        """Today, tomorrow, or a day of the week; "saturday week", "sat 20"."""
        plain = [bare(word) for word in words]
        days = self.speech.from_today(" ".join(plain))
        if days is not None:
            return self.today + dt.timedelta(days=days)
        weekdays = [(place, day) for place, word in enumerate(plain) if (day := self.speech.weekday(word)) is not None]
        if len(weekdays) != 1:
            return None
        ((place, weekday),) = weekdays
        rest = " ".join(plain[:place] + plain[place + 1 :])
        coming = self.today + dt.timedelta(days=(weekday - self.today.weekday() - 1) % _WEEK + 1)
        if self.past and not rest:
            return coming - dt.timedelta(days=_WEEK)
        if rest in self.speech.next_week:
            return self.today + dt.timedelta(days=_WEEK - self.today.weekday() + weekday)
        if rest in self.speech.week_on:
            return coming + dt.timedelta(days=_WEEK)
        return self._month_day(rest, weekday) if rest else coming

    def _date(self, text: str, *, weekday: bool = False) -> dt.date | None:
        """What dateparser makes of the words of a day; the day itself must be among them, so "may" is none."""
        from dateparser.data.languages_info import language_order  # noqa: PLC0415 - as below
        from dateparser.date import DateDataParser  # noqa: PLC0415 - half a second that most runs never need

        bases = (language.split("-")[0] for language in self.languages)
        known = [language for base in bases if (language := _CALLED.get(base, base)) in language_order]
        base = dt.datetime.combine(self.today, dt.time())
        settings: Any = {
            "DATE_ORDER": "DMY",
            "PREFER_DATES_FROM": "past" if self.past else "future",
            "RELATIVE_BASE": base,
        }
        if not weekday:
            settings["REQUIRE_PARTS"] = ["day"]
        reader = DateDataParser(languages=list(dict.fromkeys(known)), use_given_order=True, settings=settings)
        named = ((word, self.speech.weekday(bare(word))) for word in text.split())
        english = " ".join(word if day is None else _ENGLISH_DAYS[day] for word, day in named)
        found: dt.datetime | None = reader.get_date_data(english).date_obj
        if found is None or found.time() != dt.time() or not self.dates.is_near(found.date()):  # no hours from now
            return None
        if found.date() < self.today and not self.past and (ordinal := _ORDINAL.search(text)):
            return self._month_day(ordinal[0])
        today_next_year = (found.month, found.day) == (self.today.month, self.today.day) and found.date() > self.today
        return self.today if today_next_year and str(found.year % 100) not in text else found.date()

    def _beginning(self, text: str) -> str:
        """Of a stretch of time only when it begins: "2-4pm" is 2 pm, "11 to 1" is eleven; "10 to 12" is no stretch."""
        plain = bare(text)
        for stretch in (*self.speech.stretches, self.speech.dashed):
            for found in stretch.finditer(plain):
                before, after = text[: found.start()], text[found.end() :]
                if not self._is_stretch(found):
                    continue
                if stretch is self.speech.dashed and not self._is_no_date(found[0], f"{before} {after}"):
                    continue
                given = found.groupdict(default="")
                part = given["own"] or given.get("part", "")
                if not given["own"] and self._hour(given["first"]) % _NOON > self._hour(given["end"]) % _NOON:
                    part = ""
                return f"{before} {min(self.speech.at)} {given['start']} {part} {after}"
        return text

    def _is_stretch(self, found: re.Match[str]) -> bool:
        """Ten to two is a time, in "sat 20 - 2pm" 20 is a day, and 3 and 45 are no hours of a clock."""
        begin, last = found.start(), found.start("end")
        times = self.speech.of_hour.finditer(found.string)
        one_time = any(time.start("before") <= begin and last < time.end() for time in times)
        first, end = self._hour(found["first"]), self._hour(found["end"])
        return not one_time and max(first, end) <= 2 * _NOON and not end < first > _NOON

    def _hour(self, typed: str) -> int:
        """The hour of 2, 2.30, 230 or two."""
        hour = re.split(r"[:.]", typed)[0]
        return self.speech.hours.get(typed) or int(hour[:-2] if len(hour) > len("12") else hour)

    def _is_no_date(self, dashed: str, rest: str) -> bool:
        """Whether 2-4 is no date: a day is named beside it, and it is not the one that the date would be."""
        day, date = self.day(rest), self._date(dashed)
        return ":" in dashed or (day is not None and (date is None or date.weekday() != day.weekday()))

    def _clocks(self, text: str) -> Iterator[tuple[dt.time, str]]:
        """The times that cannot be anything else, and what is left of the text without each."""
        plain = bare(text)
        for found in self.speech.noon.finditer(plain):
            if not self._is_within(found):
                yield dt.time(_NOON), _without(text, found.span())
        for clock in (self.speech.of_hour, *self.speech.clocks):
            for found in clock.finditer(plain):
                rest = _without(text, found.span())
                if (time := self._time(found.groupdict(), rest)) is not None:
                    yield time, rest
        for found in reversed(list(self.speech.at_hour.finditer(plain))):
            rest = _without(text, found.span())
            if (time := self._time(found.groupdict(), rest)) is not None:
                yield time, rest
        for found in self.speech.dotted.finditer(plain):
            rest = _without(text, found.span())
            time = self._time(found.groupdict(), rest)
            if time and (time.minute > _LAST_MONTH or not time.minute or self.day(rest)):
                yield time, rest

    def _is_within(self, noon: re.Match[str]) -> bool:
        """Whether a noon is only the end of a longer word or of a time: "afternoon", two "and a half"."""
        begin, end = noon.span("noon")
        parts = (found.span() for found in self.speech.part_of_day.finditer(noon.string))
        times = (found for clock in self.speech.clocks for found in clock.finditer(noon.string))
        return any(first <= begin and end <= last and last - first > end - begin for first, last in parts) or any(
            time.start("hour") < begin < time.end() and self._time(time.groupdict(), "") for time in times
        )

    def _numbers(self, text: str) -> Iterator[tuple[dt.time, str]]:
        """The numbers that may be a time, 1430 before 2 and the last first.

        What is left without it has to be a day, or nothing.
        """
        words = [word for word in (word.strip(_SIGNS) for word in text.split()) if word]
        if _DATE_OF_NUMBERS.fullmatch(text) or self._named(words):
            return
        places = reversed(range(len(words)))
        for place in sorted(places, key=lambda place: len(words[place]) < len("930") or not words[place].isdecimal()):
            for begin in (place - 1, place):
                given = self._number([bare(word) for word in words[max(begin, 0) : place + 1]])
                rest = " ".join(words[: max(begin, 0)] + words[place + 1 :])
                time = self._time(given, rest) if given else None
                if time and (bare(rest) in {"", *self.speech.at} or self.day(rest)):
                    yield time, rest

    def _number(self, words: list[str]) -> dict[str, str]:
        """Hour and minute of 2, two, 1430 or 14 30; nothing of a year."""
        match words:
            case [hour, minute] if re.fullmatch(r"\d{1,2}", hour) and re.fullmatch(r"[0-5]\d", minute):
                return {"hour": hour, "minute": minute}
            case [word] if word in self.speech.hours or re.fullmatch(r"\d{1,2}", word):
                return {"hour": word}
            case [word] if re.fullmatch(r"\d{1,2}[0-5]\d", word) and not self.dates.is_year(word):
                return {"hour": word[:-2], "minute": word[-2:]}
        return {}

    def _time(self, given: Mapping[str, str | None], rest: str) -> dt.time | None:
        """A time of day; nothing where no clock shows it. An hour from 1 to 6 that says no more is the afternoon."""
        named = given["hour"] or ""
        hour = self.speech.hours.get(named) or int(named)
        part = given.get("part")
        minutes = int(given.get("minute") or 0) + self.speech.minutes.get(
            given.get("before") or given.get("after") or "", 0
        )
        if part and not 1 <= hour <= _NOON:
            return None
        if part:
            hour = hour % _NOON + (_NOON if part in self.speech.afternoon else 0)
        since_midnight = dt.timedelta(hours=hour, minutes=minutes)
        early = hour > 0 and since_midnight < dt.timedelta(hours=EARLIEST.hour)
        evening = any(found[0] in self.speech.afternoon for found in self.speech.part_of_day.finditer(bare(rest)))
        if not part and (early or (evening and since_midnight < dt.timedelta(hours=_NOON))):
            since_midnight += dt.timedelta(hours=_NOON)
        return _of_day(since_midnight)


def _of_day(since_midnight: dt.timedelta) -> dt.time | None:
    minutes = since_midnight // dt.timedelta(minutes=1)
    hour, minute = divmod(minutes, _HOUR)
    return dt.time(hour, minute) if 0 <= hour < 2 * _NOON else None


def _without(text: str, span: tuple[int, int]) -> str:
    return f"{text[: span[0]]} {text[span[1] :]}".strip()
