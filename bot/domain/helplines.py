"""The lines a child can ring or text, and which of them are open. helplines.toml has them (domain.md, section 6)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain import hours

GOOD_FOR = dt.timedelta(days=90)
"""After that a line should be looked up again (domain.md, section 6): numbers and hours change."""

ADULT = 18
"""Somebody whose age is not known is taken for younger."""


class Nation(StrEnum):
    """Where a line is for. A service is in one of the first two."""

    ENGLAND = "england"
    WALES = "wales"
    UK = "uk"


class Who(StrEnum):
    """Whom a line is for."""

    ANYONE = "anyone"
    YOUNG = "young"  # children and young people
    IN_CARE = "in_care"  # those of them who are in care, or have been
    AWAY = "away"  # who has run away, or thinks of it
    WORRIED = "worried"  # adults who worry about a child


class Mark(StrEnum):
    """How the facts of a line are known (domain.md, "How to read the sources")."""

    SEEN = "S"
    TOLD = "2"  # on the page of a council, a charity or a paper, not the line's own
    MEMORY = "M"


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One line. At least one of `call`, `text` and `url` is there."""

    name: str
    nation: Nation
    who: Who
    checked_on: dt.date  # the day what is here was last seen to be so
    mark: Mark
    source: str
    hours: str  # as bot/domain/hours.py reads them; empty: not known
    call: str = ""
    text: str = ""  # the number texts go to
    text_word: str = ""  # what to text, when it matters
    press: str = ""  # on a mobile, when one cannot speak: what to press when asked
    url: str = ""
    age_from: int = 0
    age_to: int = 120
    bank_holidays: bool = False  # open on them as on other days
    first: bool = False  # shown before all others

    def is_for(self, nation: str, age: int | None) -> bool:
        """Whether somebody of this age, there, may turn to it."""
        return self.nation in {nation, Nation.UK} and (
            self.age_from < ADULT if age is None else self.age_from <= age <= self.age_to
        )

    def is_open(self, nation: str, now: dt.datetime, zone: dt.tzinfo) -> bool:
        """Whether somebody answers at this moment. Not when its hours are not known: nobody is sent to a dead line."""
        if not self.hours:
            return False
        known = hours.parse(self.hours)
        return hours.is_open(replace(known, always=known.always or self.bank_holidays), now, zone, nation)

    def is_old(self, today: dt.date) -> bool:
        """Whether it is time to look it up again."""
        return today - self.checked_on > GOOD_FOR


def open_lines(
    lines: Iterable[HelpLine], nation: str, age: int | None, now: dt.datetime, zone: dt.tzinfo
) -> tuple[HelpLine, ...]:
    """Those that answer somebody of this age, in this nation, at this moment: 999 and Childline before all others."""
    found = [line for line in lines if line.is_for(nation, age) and line.is_open(nation, now, zone)]
    return tuple(sorted(found, key=lambda line: not line.first))
