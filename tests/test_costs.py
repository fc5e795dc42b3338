"""What a service costs: the sums in the Harrow report, and any bands."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.costs import monthly_cost, yearly_cost
from bot.settings import DATA, Band
from bot.settings_load import load

HARROW = [Band(up_to=30, monthly_rate=Decimal("102.04")), Band(monthly_rate=Decimal("81.50"))]


def bands(ends: list[int], rates: list[int]) -> list[Band]:
    priced = zip([*sorted(ends), None], rates, strict=True)
    return [Band(up_to=end, monthly_rate=Decimal(pence) / 100) for end, pence in priced]


BANDS = st.lists(st.integers(1, 40), max_size=4, unique=True).flatmap(
    lambda ends: st.lists(st.integers(0, 30_000), min_size=len(ends) + 1, max_size=len(ends) + 1).map(
        lambda rates: bands(ends, rates)
    )
)
MATCHES = st.integers(0, 60)


def price(number: int, bands: list[Band]) -> int:
    """Of the first match, of the second, and so on."""
    return next(band.pence for band in bands if band.up_to is None or number <= band.up_to)


@pytest.mark.parametrize(
    ("matches", "pence"),
    [
        (0, 0),
        (1, 1_224_48),
        (24, 29_387_52),
        (30, 36_734_40),  # printed there as £29,387.52, which is the sum for 24 (domain.md, D2)
        (31, 36_734_40 + 978_00),
    ],
)
def test_the_sums_of_the_report(matches: int, pence: int) -> None:
    """A year costs what the report's own rates come to: £102.04 a month for each of 30, £81.50 for each one more."""
    assert yearly_cost(matches, HARROW) == pence
    assert yearly_cost(matches, load(DATA / "profiles" / "harrow.toml").costs.bands) == pence


@given(MATCHES, BANDS)
def test_each_match_is_priced_by_the_band_it_falls_in(matches: int, bands: list[Band]) -> None:
    """The sum is that of the matches, taken one by one; the year's is twelve times that."""
    cost = sum(price(number, bands) for number in range(1, matches + 1))

    assert monthly_cost(matches, bands) == cost
    assert yearly_cost(matches, bands) == 12 * cost


@given(MATCHES)
def test_without_prices_nothing_is_reckoned(matches: int) -> None:
    """No bands is not the same as no cost."""
    assert (monthly_cost(matches, []), yearly_cost(matches, [])) == (None, None)


@given(st.decimals(0, 9999, places=2))
def test_a_rate_loses_no_penny(rate: Decimal) -> None:
    """Pounds become pence exactly, also where binary fractions would not."""
    assert Decimal(Band(monthly_rate=rate).pence) / 100 == rate
