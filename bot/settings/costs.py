"""What the service costs the council."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.settings.section import Section


class Band(Section):
    """Pounds a month for each match that comes after the band before, up to so many matches in all."""

    up_to: int | None = Field(None, ge=1)
    monthly_rate: Decimal = Field(ge=0, max_digits=9, decimal_places=2)

    @property
    def pence(self) -> int:
        return int(self.monthly_rate * 100)


def _ascending(bands: list[Band]) -> list[Band]:
    ends = [band.up_to for band in bands[:-1] if band.up_to]
    open_ended = [band for band in bands if band.up_to is None]
    if open_ended != bands[-1:] or ends != sorted(set(ends)):
        raise ValueError("has to go up: each band has a higher up_to than the one before, and only the last has none")
    return bands


# One setting, one line.
# fmt: off


class Costs(Section):
    """What the council pays whoever runs the service."""

    bands: Annotated[list[Band], AfterValidator(_ascending)] = Field([], description="Pounds a month for each match up to so many, then for each further one. The last has no up_to. Empty: there are no prices.", examples=[[{"up_to": 30, "monthly_rate": "102.04"}, {"monthly_rate": "81.50"}]])


# fmt: on
