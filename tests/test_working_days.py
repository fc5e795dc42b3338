"""Working days: what counts, across weekends, Christmas, Easter and holidays nobody knew of."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.working_days import ENGLAND, ONE_DAY, Calendar

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
NATIONS = st.sampled_from(["england", "wales"])
EXTRAS = st.frozensets(st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 31)), max_size=20)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-06-12", 1, "2026-06-15"),  # from a Friday to the Monday
        ("2026-06-13", 1, "2026-06-15"),  # received on a Saturday: the Monday is the first
        ("2026-06-15", 10, "2026-06-29"),
        ("2026-05-01", 1, "2026-05-05"),  # early May bank holiday
        ("2026-04-02", 1, "2026-04-07"),  # Good Friday, weekend, Easter Monday
        ("2026-12-24", 1, "2026-12-29"),  # Friday is Christmas; Boxing Day on Saturday moves to Monday
        ("2027-12-24", 1, "2027-12-29"),  # Christmas on Saturday and Boxing Day on Sunday move to Monday and Tuesday
        ("2021-12-31", 1, "2022-01-04"),  # New Year's Day on Saturday moves to Monday
        ("2026-12-18", 10, "2027-01-06"),
        ("2026-06-12", 0, "2026-06-12"),
        ("2026-06-13", 0, "2026-06-15"),
    ],
)
@pytest.mark.parametrize("nation", ["england", "wales"])
def test_dates_worked_out_by_hand(nation: str, start: str, days: int, due: str) -> None:
    """Weekends, Christmas, Easter and Mondays off are left out, and the day it begins does not count."""
    assert Calendar(nation).due(day(start), days) == day(due)


def test_every_day_left_out_is_shown_with_its_reason() -> None:
    """Whoever asks how a date came about sees each day that did not count, holidays by name."""
    found = ENGLAND.reckon(day("2026-12-23"), 3)

    assert found.due == day("2026-12-30")
    assert [(left.day.day, left.name, left.weekend) for left in found.left_out] == [
        (25, "Christmas Day", False),
        (26, "Boxing Day", True),
        (27, "", True),
        (28, "Boxing Day (observed)", False),
    ]
    assert [left.day.day for left in found.holidays] == [25, 28]


@given(DAYS, st.integers(0, 70), NATIONS, EXTRAS)
def test_exactly_so_many_days_count(start: dt.date, days: int, nation: str, extra: frozenset[dt.date]) -> None:
    """The due day is a working day, as many count as were given, and every other day is named with a reason."""
    calendar = Calendar(nation, extra)
    found = calendar.reckon(start, days)
    between = [start + n * ONE_DAY for n in range(1, (found.due - start).days + 1)]
    left_out = {left.day for left in found.left_out}

    assert calendar.counts(found.due)
    assert {date for date in between if not calendar.counts(date)} == left_out
    assert calendar.between(start, found.due) == len(between) - len(left_out)
    assert calendar.between(start, found.due) == (days or (1 if found.due > start else 0))


@given(st.dates(dt.date(2024, 12, 1), dt.date(2027, 1, 31)), NATIONS, EXTRAS)
def test_no_weekend_and_no_holiday_counts(date: dt.date, nation: str, extra: frozenset[dt.date]) -> None:
    """Saturdays, Sundays, 25 and 26 December, New Year's Day and whatever was announced are never working days."""
    calendar = Calendar(nation, extra)
    free = date.weekday() >= 5 or (date.month, date.day) in {(12, 25), (12, 26), (1, 1)} or date in extra

    assert not (free and calendar.counts(date))


@given(st.integers(2020, 2035), NATIONS)
def test_easter_and_christmas_of_every_year(year: int, nation: str) -> None:
    """Good Friday and Easter Monday never count; two weekdays are free for Christmas, whatever days it falls on."""
    a, b, c = year % 19, year // 100, year % 100  # the computus, to have Easter from elsewhere
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    sum_ = h + weekday - 7 * m + 114
    easter = dt.date(year, sum_ // 31, sum_ % 31 + 1)
    calendar = Calendar(nation)
    christmas = [dt.date(year, 12, 25) + n * ONE_DAY for n in range(6)]

    assert not calendar.counts(easter - 2 * ONE_DAY)
    assert not calendar.counts(easter + ONE_DAY)
    assert calendar.counts(easter + 2 * ONE_DAY)
    assert sum(date.weekday() < 5 and not calendar.counts(date) for date in christmas) == 2


@given(DAYS, st.integers(1, 70), st.integers(-5, 110))
def test_a_holiday_announced_later_only_moves_what_runs_over_it(start: dt.date, days: int, after: int) -> None:
    """One more holiday moves a due day on when it lies between, and changes nothing when it does not."""
    announced = start + after * ONE_DAY
    before, moved = ENGLAND.due(start, days), Calendar.of("england", [announced]).due(start, days)
    in_between = start < announced <= before and ENGLAND.counts(announced)

    assert (moved > before) == in_between
    assert in_between or moved == before


@given(DAYS, st.integers(0, 60), st.integers(1, 20), NATIONS)
def test_more_days_are_later(start: dt.date, days: int, more: int, nation: str) -> None:
    """With more working days the due day is later, and so it is from a later start, or the same."""
    calendar = Calendar(nation)

    assert calendar.due(start, days) < calendar.due(start, days + more) or days == 0
    assert calendar.due(start, days) <= calendar.due(start + ONE_DAY, days)
