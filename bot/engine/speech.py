"""The words in which people tell a day and a time, in every language spoken here at once.

Each list is translated like any text; an entry may be whatever people type. Commas part the entries; in WEEKDAYS and
HOURS, where the place of an entry counts, a slash parts its forms: "saturday/sat".
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.engine.folding import ALIKE
from bot.i18n import Text, Words, _

WEEKDAYS = _(
    "monday/mon, tuesday/tue/tues, wednesday/wed/weds, thursday/thu/thur/thurs, friday/fri, saturday/sat, sunday/sun"
)
TODAY = _("today, tonight, this morning, this afternoon, this evening")
TOMORROW = _("tomorrow, tmrw, tmr, tomoz, 2moro")
DAY_AFTER = _("day after tomorrow, the day after tomorrow")
WEEK_ON = _("week, a week, week on, a week on, week from, a week from")
NEXT_WEEK = _("next week, next week on, of next week")
HOURS = _("one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve")
MONTHS = _(
    "january/jan, february/feb, march/mar, april/apr, may, june/jun, july/jul, august/aug, september/sept/sep, "
    "october/oct, november/nov, december/dec"
)
ORDINALS = _("st, nd, rd, th")
"""What is written after a number that counts days: the 14th."""
AT = _("at, @, around, about, from")
O_CLOCK = _("o'clock, oclock, o clock, h, ish")
NOON = _("noon, midday, lunchtime")
MORNING = _("am, a.m., a.m, in the morning, morning")
AFTERNOON = _(
    "pm, p.m., p.m, in the afternoon, afternoon, in the evening, evening, in the eve, eve, at night, night, tonight"
)
UNTIL = _("-, –, to, til, till, until")
BETWEEN = _("between, from")
AND = _("and, &")
BEFORE_HOUR = {
    30: _("half past, half"),
    -30: _("half to"),
    15: _("quarter past, a quarter past"),
    -15: _("quarter to, a quarter to"),
    10: _("ten past, 10 past, ten minutes past, 10 minutes past, 10 mins past, 10 min past"),
    -10: _("ten to, 10 to, ten minutes to, 10 minutes to, 10 mins to, 10 min to"),
    20: _("twenty past, 20 past, twenty minutes past, 20 minutes past, 20 mins past, 20 min past"),
    -20: _("twenty to, 20 to, twenty minutes to, 20 minutes to, 20 mins to, 20 min to"),
    5: _("five past, 5 past, five minutes past, 5 minutes past, 5 mins past, 5 min past"),
    -5: _("five to, 5 to, five minutes to, 5 minutes to, 5 mins to, 5 min to"),
    25: _(
        "twenty-five past, twenty five past, 25 past, twenty-five minutes past, twenty five minutes past, "
        "25 minutes past, 25 mins past, 25 min past"
    ),
    -25: _(
        "twenty-five to, twenty five to, 25 to, twenty-five minutes to, twenty five minutes to, "
        "25 minutes to, 25 mins to, 25 min to"
    ),
    35: _("thirty-five past, thirty five past, 35 past"),
    40: _("forty past, 40 past"),
    45: _("forty-five past, forty five past, 45 past"),
    50: _("fifty past, 50 past"),
    55: _("fifty-five past, fifty five past, 55 past"),
    -35: _("thirty-five to"),
    -40: _("forty to"),
    -45: _("three quarters to"),
    -50: _("fifty to"),
    -55: _("fifty-five to"),
}
"""Minutes: "half 3" is half past three in English, and half to three in Polish; "a quarter of the third" is a quarter
past two in Ukrainian, three quarters of an hour before it."""
AFTER_HOUR = {
    30: _("and a half, thirty"),
    15: _("and a quarter, fifteen"),
    -15: _("less a quarter"),
    5: _("and five minutes"),
    10: _("and ten minutes"),
    20: _("and twenty minutes, twenty"),
    25: _("and twenty-five minutes, twenty-five, twenty five"),
    35: _("and thirty-five minutes, thirty-five, thirty five"),
    40: _("and forty minutes, forty"),
    45: _("and forty-five minutes, forty-five, forty five"),
    50: _("and fifty minutes, fifty"),
    55: _("and fifty-five minutes, fifty-five, fifty five"),
    -5: _("less five minutes"),
    -10: _("less ten minutes"),
    -20: _("less twenty minutes"),
    -25: _("less twenty-five minutes"),
}
"""Minutes: three and a half is how half past three is said in Arabic and Dari."""

LISTS = (
    WEEKDAYS, MONTHS, ORDINALS, TODAY, TOMORROW, DAY_AFTER, WEEK_ON, NEXT_WEEK, HOURS, AT, O_CLOCK, NOON, MORNING,
    AFTERNOON, UNTIL, BETWEEN, AND,
    *BEFORE_HOUR.values(), *AFTER_HOUR.values(),
)  # fmt: skip
"""No sentences: what typed words are compared with."""

_SLIP = 6
"""Letters from which on a word with one of them wrong, or two of them swapped, is still that word."""
_ARABIC_MARKS = re.compile("[\u0640\u064b-\u065f]")
"""Written or not, as one pleases."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What the lists of all languages come to."""

    weekdays: Mapping[str, int]
    long_weekdays: re.Pattern[str]  # those of several words
    months: Mapping[str, int]
    dates: tuple[re.Pattern[str], ...]  # 20 june, june 20
    ordinal: re.Pattern[str]
    days: Mapping[str, int]  # from today on
    week_on: frozenset[str]
    next_week: frozenset[str]
    hours: Mapping[str, int]
    at: frozenset[str]
    afternoon: frozenset[str]
    minutes: Mapping[str, int]
    part_of_day: re.Pattern[str]
    noon: re.Pattern[str]
    of_hour: re.Pattern[str]  # ten to two
    clocks: tuple[re.Pattern[str], ...]
    at_hour: re.Pattern[str]
    dotted: re.Pattern[str]
    stretches: tuple[re.Pattern[str], ...]
    dashed: re.Pattern[str]

    def weekday(self, word: str) -> int | None:
        """The day of the week that a word names, Monday 0; one slip of the finger is looked past, not in an hour."""
        return self.weekdays.get(word if word in self.hours else _nearest(word, self.weekdays))

    def from_today(self, phrase: str) -> int | None:
        """How many days from today a phrase names."""
        return self.days.get(_nearest(phrase, self.days))


def light(text: str) -> str:
    """In small letters, digits as 0 to 9, single spaces, without what does not show."""
    folded = _ARABIC_MARKS.sub("", unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("@", " @ "))
    seen = (c for c in folded if unicodedata.category(c) != "Cf")
    return " ".join("".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in seen).split())


def bare(text: str) -> str:
    """Without accents, letter for letter."""
    return text if text.isascii() else "".join(_letter(c) for c in text)


def _letter(character: str) -> str:
    first, *marks = list(unicodedata.normalize("NFD", ALIKE.get(character, character)))
    return first if all(unicodedata.combining(mark) for mark in marks) else character


@lru_cache(maxsize=8)
def speech(words: Words) -> Speech:
    """The speech of a service."""
    at, o_clock, until = (_any(_entries(words, text)) for text in (AT, O_CLOCK, UNTIL))
    before, after = _values(words, BEFORE_HOUR), _values(words, AFTER_HOUR)
    hours, weekdays, months = (_places(words, listed) for listed in (HOURS, WEEKDAYS, MONTHS))
    named = _any(hours)
    part = _any((*_entries(words, MORNING), *_entries(words, AFTERNOON)))
    alone, lead, tail = r"(?<![\w:./-])", rf"(?:(?<!\w){at}\s*)?", rf"(?:\s*(?P<part>{part}))?(?!\w|[:./]\d)"
    hour, clock = rf"(?P<hour>\d{{1,2}}|{named})", rf"(?:\s*{o_clock})?"
    time = rf"(?:\d{{1,2}}(?:[:.]?[0-5]\d)?|{named}(?!\w))"
    minutes_to, minutes_past = rf"(?:{_any(before)}\s*)?", rf"(?:\s*{_any(after)})?"
    start, whole_start = (  # between three and five are two times; without a "between", in some languages, one
        rf"{alone}(?P<start>{minutes_to}(?P<first>{time}){clock}{past})\s*(?P<own>{part})?\s*"
        for past in (minutes_past, f"(?>{minutes_past})")
    )
    end = rf"(?:(?<![-–])(?<![-–] ){lead})?{minutes_to}(?P<end>{time}){minutes_past}"
    *dates, ordinal = _of_dates(words, rf"(?!\s*(?:{part}|{o_clock})(?!\w))")
    return Speech(
        weekdays={name.replace(" ", ""): place - 1 for name, place in weekdays.items()},
        long_weekdays=re.compile(rf"(?<!\w){_any(name for name in weekdays if ' ' in name)}(?!\w)"),
        months=months,
        dates=tuple(dates),
        ordinal=ordinal,
        days=_values(words, dict(enumerate((TODAY, TOMORROW, DAY_AFTER)))),
        week_on=frozenset(_entries(words, WEEK_ON)),
        next_week=frozenset(_entries(words, NEXT_WEEK)),
        hours=hours,
        at=frozenset(_entries(words, AT)),
        afternoon=frozenset(_entries(words, AFTERNOON)),
        minutes=before | after,
        part_of_day=re.compile(rf"(?<!\w){part}(?!\w)"),
        noon=re.compile(rf"{lead}(?<!\w)(?:12\s*)?(?P<noon>{_any(_entries(words, NOON))})(?!\w)"),
        of_hour=re.compile(rf"{lead}{alone}(?P<before>{_any(before)})\s*{hour}{clock}{tail}"),
        clocks=(
            re.compile(rf"{lead}{alone}{hour}{clock}\s*(?P<after>{_any(after)}){tail}"),
            re.compile(rf"{lead}{alone}{hour}[:h](?P<minute>[0-5]\d){tail}(?![:./-]\d)"),
            re.compile(rf"{lead}{alone}{hour}(?:[.]?(?P<minute>[0-5]\d))?\s*(?P<part>{part})(?!\w)"),
            re.compile(rf"{lead}{alone}{hour}\s*{o_clock}{tail}"),
        ),
        at_hour=re.compile(rf"(?<!\w){at}\s*{hour}(?:[.\s]?(?P<minute>[0-5]\d))?(?!\w|[:./-]\d)"),
        dotted=re.compile(rf"{alone}{hour}[.](?P<minute>[0-5]\d)(?!\w|[:./-]\d)"),
        stretches=(
            re.compile(
                rf"(?<!\w){_any(_entries(words, BETWEEN))}\s*{lead}{start}(?:{until}|{_any(_entries(words, AND))})\s*"
                rf"{end}{tail}"
            ),
            re.compile(rf"{whole_start}(?P<until>{until})\s*{end}\s*(?P<part>{part})(?!\w)"),
            re.compile(rf"{whole_start}(?![-–])(?P<until>{until})\s+{end}(?!\w|[:./-]\d)"),
        ),
        dashed=re.compile(rf"{whole_start}[-–]\s*{end}(?!\w|[:./-]\d)"),
    )


def _of_dates(words: Words, no_time: str) -> tuple[re.Pattern[str], ...]:
    """20 june, june 20, and last the 20th; a number with a part of the day or a clock after it is none of a date."""
    suffix, month = _any(_entries(words, ORDINALS)), rf"(?P<name>{_any(_places(words, MONTHS))})"
    day, dash = r"(?<![\w:./-])(?P<day>\d{1,2})", r"(?!\w)(?:\s*[-–]\s*(?=\d))?"
    year = r"(?:,?\s+(?P<year>\d{4}|\d\d)(?!\w|[:.]\d))?"
    return (
        re.compile(rf"{day}(?:[-.]?{suffix})?\s*(?:of\s)?{month}(?!\w|\s\d{{1,2}}{no_time}{suffix}(?!\w)){year}{dash}"),
        re.compile(rf"(?<!\w){month}\s+(?P<day>\d{{1,2}}){no_time}(?:[-.]?{suffix})?(?!\w|[:./]\d){year}{dash}"),
        re.compile(rf"{day}[-.]?(?P<suffix>{suffix}){dash}"),
    )


def _entries(words: Words, text: Text) -> list[str]:
    found = (bare(light(entry)) for listed in words.every(text) for entry in listed.split(","))
    return [entry for entry in found if entry]


def _values(words: Words, texts: Mapping[int, Text]) -> dict[str, int]:
    """Each entry of some lists, with the number its list stands for."""
    return {entry: value for value, text in texts.items() for entry in _entries(words, text)}


def _places(words: Words, text: Text) -> dict[str, int]:
    """Each form of an entry, and the place of the entry in its list, from 1 on."""
    return {
        bare(light(form)): place
        for listed in words.every(text)
        for place, entry in enumerate(listed.split(","), 1)
        for form in entry.split("/")
        if form.strip()
    }


def _any(entries: Iterable[str]) -> str:
    """A pattern of any of them, the longest that fits; of none, one that fits nothing."""
    return f"(?:{'|'.join(sorted(map(re.escape, entries), key=len, reverse=True)) or '(?!)'})"


def _nearest(word: str, known: Iterable[str]) -> str:
    """The known word that this is, or very nearly is."""
    if len(word) < _SLIP or word in (listed := list(known)):
        return word
    return next((name for name in listed if len(name) >= _SLIP and OSA.distance(word, name) <= 1), word)
