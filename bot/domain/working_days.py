"""Working days, as the law on complaints counts them (SI 2006/1738 reg 2; the Welsh regulations count alike).

Weekends, Christmas Day, Boxing Day, Good Friday and bank holidays do not count.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5
_SUBDIVISION = {"england": "ENG", "wales": "WLS"}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A day that did not count. `name` is the holiday's; empty: a weekend, or a holiday announced in the settings."""

    day: dt.date
    name: str
    weekend: bool


@dataclass(frozen=True, slots=True)
class Reckoned:
    """How a date was reckoned: `days` working days after `start`, without those left out, is `due`."""

    start: dt.date
    days: int
    due: dt.date
    left_out: tuple[LeftOut, ...]

    @property
    def holidays(self) -> tuple[LeftOut, ...]:
        """The days left out that are no weekend."""
        return tuple(day for day in self.left_out if not day.weekend)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of a nation, england or wales. `extra` are holidays announced since: the settings have them."""

    nation: str = "england"
    extra: frozenset[dt.date] = frozenset()

    @classmethod
    def of(cls, nation: str, extra: Iterable[dt.date]) -> "Calendar":
        return cls(nation, frozenset(extra))

    def left_out(self, day: dt.date) -> LeftOut | None:
        """Why a day does not count; None when it does."""
        weekend = day.weekday() >= _SATURDAY
        name = _bank_holidays(self.nation).get(day, "")
        return LeftOut(day, name, weekend) if weekend or name or day in self.extra else None

    def counts(self, day: dt.date) -> bool:
        """Whether a day is a working day."""
        return self.left_out(day) is None

    def reckon(self, start: dt.date, days: int) -> Reckoned:
        """The day by which `days` working days have passed since `start`, which does not count itself.

        With no days it is the start itself, or the next working day after it.
        """
        day, counted, left_out = start, 0, []
        while counted < days or not self.counts(day):
            day += ONE_DAY
            if free := self.left_out(day):
                left_out.append(free)
            else:
                counted += 1
        return Reckoned(start, days, day, tuple(left_out))

    def due(self, start: dt.date, days: int) -> dt.date:
        return self.reckon(start, days).due

    def between(self, start: dt.date, end: dt.date) -> int:
        """Working days after `start` up to and including `end`: how long something took."""
        return sum(self.counts(start + n * ONE_DAY) for n in range(1, (end - start).days + 1))


ENGLAND = Calendar()


@lru_cache
def _bank_holidays(nation: str) -> "HolidayBase":
    import holidays  # noqa: PLC0415 - most runs never ask

    return holidays.country_holidays("GB", subdiv=_SUBDIVISION[nation])
