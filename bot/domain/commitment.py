"""What a volunteer promises: to stay for some months, counted from their first match (domain.md, section 9)."""

import datetime as dt
from dataclasses import dataclass

MONTHS = 12
"""In a year."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """How far somebody is: whole months done, of those they promised."""

    done: int
    promised: int

    @property
    def kept(self) -> bool:
        return self.done >= self.promised


def commitment(first: dt.date, today: dt.date, promised: int) -> Commitment:
    """Where it stands today; `first` is the day of their first match."""
    return Commitment(months_between(first, today), promised)


def months_between(first: dt.date, last: dt.date) -> int:
    """Whole months: the last day of a month counts as the day that a shorter month does not have."""
    months = MONTHS * (last.year - first.year) + last.month - first.month
    ends_a_month = (last + dt.timedelta(days=1)).month != last.month
    return max(0, months - (last.day < first.day and not ends_a_month))
