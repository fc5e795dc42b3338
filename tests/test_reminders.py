"""When a reminder of a visit comes: real hours before it, never at night, never late."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reminders import MARGIN, due_at, in_quiet, next_loud

LONDON = ZoneInfo("Europe/London")
NIGHT = (dt.time(20), dt.time(8))
NEVER = (dt.time(8), dt.time(8))
MINUTE = dt.timedelta(minutes=1)


def local(text: str) -> dt.datetime:
    """A moment as the clocks in London show it."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(("planned", "hours", "due"), [
    ("2026-06-20T14:00", 48, "2026-06-18T14:00"), ("2026-06-20T14:00", 3, "2026-06-20T11:00"),
    ("2026-06-20T11:00", 3, "2026-06-20T08:00"), ("2026-06-20T10:00", 3, "2026-06-19T19:44"),
    ("2026-06-20T20:00", 48, "2026-06-18T19:44"), ("2026-06-20T19:59", 48, "2026-06-18T19:59"),
    ("2026-06-20T07:00", 24, "2026-06-18T19:44"),
    ("2026-10-26T14:00", 48, "2026-10-24T15:00"), ("2027-03-29T14:00", 48, "2027-03-27T13:00"),
    ("2026-10-25T10:00", 3, "2026-10-24T19:44"), ("2027-03-28T12:00", 5, "2027-03-27T19:44"),
])  # fmt: skip
def test_reminders_as_clocks_show_them(planned: str, hours: int, due: str) -> None:
    """48 hours are 48 hours when the clocks change as well; what would come at night comes the evening before."""
    assert due_at(local(planned), hours, NIGHT, LONDON) == local(due)


@pytest.mark.parametrize(("now", "loud"), [
    ("2026-06-20T12:00:30", "2026-06-20T12:00:30"), ("2026-06-20T20:00", "2026-06-21T08:00"),
    ("2026-06-20T07:59:59", "2026-06-20T08:00"), ("2026-06-20T08:00", "2026-06-20T08:00"),
    ("2026-10-24T23:00", "2026-10-25T08:00"), ("2027-03-27T23:00", "2027-03-28T08:00"),
])  # fmt: skip
def test_what_waits_for_the_morning(now: str, loud: str) -> None:
    """Quiet hours end at their time of day, however long the night was; the last second before it is quiet."""
    assert next_loud(local(now), LONDON, NIGHT) == local(loud)
    assert in_quiet(local(now), LONDON, NIGHT) == (now != loud)


def test_quiet_hours_by_day_and_none_at_all() -> None:
    """They need not go over midnight; twice the same time is never quiet."""
    school = (dt.time(9), dt.time(15))
    assert due_at(local("2026-06-20T17:00"), 3, school, LONDON) == local("2026-06-20T08:44")
    assert due_at(local("2026-06-20T10:00"), 3, NEVER, LONDON) == local("2026-06-20T07:00")
    assert not in_quiet(local("2026-06-20T03:00"), LONDON, NEVER)


CHANGES = (dt.datetime(2026, 10, 25, 1, tzinfo=dt.UTC), dt.datetime(2027, 3, 28, 1, tzinfo=dt.UTC))
AROUND = st.tuples(st.sampled_from(CHANGES), st.integers(-4 * 24 * 60, 4 * 24 * 60)).map(
    lambda parts: parts[0] + parts[1] * MINUTE
)
TIMES = st.times().map(lambda time: time.replace(second=0, microsecond=0))


def _loud_enough(quiet: tuple[dt.time, dt.time]) -> bool:
    """Whether there are two hours or more in a day that are not quiet, on the day that lacks an hour as well."""
    begins, ends = (time.hour * 60 + time.minute for time in quiet)
    return begins == ends or (begins - ends) % (24 * 60) >= 2 * 60


QUIET = st.tuples(TIMES, TIMES).filter(_loud_enough)


@given(AROUND, st.integers(0, 96), QUIET)
def test_a_reminder_is_never_late_and_never_at_night(
    planned: dt.datetime, hours: int, quiet: tuple[dt.time, dt.time]
) -> None:
    """Over both changes of the clocks: not in quiet hours, not later than asked, and no earlier than it has to be."""
    asked = planned - dt.timedelta(hours=hours)
    due = due_at(planned, hours, quiet, LONDON)

    assert due <= asked <= planned
    assert not in_quiet(due, LONDON, quiet)
    if in_quiet(asked, LONDON, quiet):
        began = due + MARGIN + MINUTE
        assert not in_quiet(began - MINUTE, LONDON, quiet)
        moments = [began + n * MINUTE for n in range((asked - began) // MINUTE + 1)]
        assert all(in_quiet(at, LONDON, quiet) for at in moments)
    else:
        assert due == asked


@given(AROUND, QUIET)
def test_the_next_loud_moment_is_the_first(now: dt.datetime, quiet: tuple[dt.time, dt.time]) -> None:
    """It is not quiet, nothing before it was loud, and asked again it is itself."""
    loud = next_loud(now, LONDON, quiet)

    assert loud >= now
    assert not in_quiet(loud, LONDON, quiet)
    assert next_loud(loud, LONDON, quiet) == loud
    assert all(in_quiet(now + n * MINUTE, LONDON, quiet) for n in range((loud - now) // MINUTE))
