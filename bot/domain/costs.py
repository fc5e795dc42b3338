"""What a service costs the council, where a contract prices each match (domain.md, D2)."""

from collections.abc import Sequence
from typing import Protocol


class Band(Protocol):
    """A price for each match that comes after the band before, up to so many in all; the last band has no end."""

    @property
    def up_to(self) -> int | None: ...

    @property
    def pence(self) -> int: ...


def monthly_cost(matches: int, bands: Sequence[Band]) -> int | None:
    """Pence a month for so many matches, each at the price of the band it falls in. None: there are no prices."""
    if not bands:
        return None
    cost = below = 0
    for band in bands:
        end = matches if band.up_to is None else min(matches, band.up_to)
        cost += (end - below) * band.pence
        below = end
    return cost


def yearly_cost(matches: int, bands: Sequence[Band]) -> int | None:
    """Pence for twelve months of so many matches."""
    month = monthly_cost(matches, bands)
    return None if month is None else 12 * month
