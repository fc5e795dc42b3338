"""When people are at work: read from what they write, reckoned to the minute, and said in words."""

import datetime as dt
import operator
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from hypothesis import strategies as st

from bot.domain.hours import DAY_MINUTES, Hours, holiday_before, is_open, next_open, parse
from bot.errors import BadSettings
from bot.i18n import Words
from bot.settings import DATA
from bot.settings_load import load
from handlers.hours import spelled
from tests.shell import ivbot
from tests.spoken import words_of
from tests.test_i18n import write_catalogue

LONDON = ZoneInfo("Europe/London")
WORDS = Words(DATA / "locales", ["en"])

WRITTEN = {
    "Mon-Thu 09:00-15:00": "Monday to Thursday, 9 am to 3 pm",
    "Mon-Fri 9-5": "Monday to Friday, 9 am to 5 pm",
    "Monday to Thursday, 9 to 3": "Monday to Thursday, 9 am to 3 pm",
    "Mon-Wed 9:30am-4pm, Fri 9-12": "Monday to Wednesday, 9:30 am to 4 pm and Friday, 9 am to 12 pm",
    "always": "every day, day and night",
    "24/7": "every day, day and night",
    "MONDAYS, tues & Weds: 9.15 – 5.45": "Monday to Wednesday, 9:15 am to 5:45 pm",
    "Mon, Wed and Fri 9-12, 1-5": "Monday, Wednesday and Friday, 9 am to 12 pm and 1 pm to 5 pm",
    "weekdays 8-8; weekends 10 to 2": "Monday to Friday, 8 am to 8 pm and Saturday and Sunday, 10 am to 2 pm",
    "Fri-Mon 8-10pm": "Monday and Friday to Sunday, 8 pm to 10 pm",
    "every day 6-9am": "Monday to Sunday, 6 am to 9 am",
    "Mon 17:00-24:00 Tue 0:00-9:00": "Monday, 5 pm to 12 am and Tuesday, 12 am to 9 am",
    "Mon 9-11, 10-12, Mon 12-3pm": "Monday, 9 am to 3 pm",
    "Thurs from 9 a.m. until 5 p.m.": "Thursday, 9 am to 5 pm",
}


@pytest.mark.parametrize(("written", "said"), WRITTEN.items(), ids=WRITTEN)
def test_hours_are_read_as_people_write_them(written: str, said: str) -> None:
    """Days and times in any usual form are understood, and said in the words that children use."""
    assert WORDS.plain(spelled(parse(written)), "en") == said


@pytest.mark.parametrize("written", [
    "", "9-5", "Mon-Fri", "closed", "Mon 9", "Mon 25-26", "Mon 9:75-10", "Mon 13pm-14", "Mon 6-2", "Mon 9-9am",
    "Mon 22:00-06:00", "Mo-Fr 9-5", "Mon-Fri 9-5 ask for Jo", "Mon-Fri 9 till late", "most days 9-5", "Month 9-5",
])  # fmt: skip
def test_what_is_not_understood_is_refused(written: str) -> None:
    """No guess is made about hours: children would be told it."""
    with pytest.raises(ValueError, match=r"^(cannot|has|ends) "):
        parse(written)


@pytest.mark.parametrize("written", ["Mon-Fri 9 till late", "Mon-Fri", "Mon 6-2"])
def test_hours_that_are_not_understood_are_a_settings_error(written: str, tmp_path: Path) -> None:
    """The command ends with exit code 2 and one line that has an example that works."""
    (tmp_path / "ivbot.toml").write_text(f'[contacts.coordinator]\nname = "Jo"\nhours = "{written}"', encoding="utf-8")
    ended = ivbot(tmp_path, "check")

    assert ended.code == 2
    assert ended.err.startswith("ivbot: ivbot.toml: contacts.coordinator.hours: ")
    assert ended.err.endswith('. Example: hours = "Monday to Thursday, 9 to 3"\n')
    assert ended.err.count("\n") == 1


def test_hours_in_the_environment_are_checked_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line names the variable; hours that are understood, or none, are taken."""
    monkeypatch.setenv("IVBOT_CONTACTS__COORDINATOR__HOURS", "whenever")
    with pytest.raises(BadSettings, match=r"^environment IVBOT_CONTACTS__COORDINATOR__HOURS: "):
        load(DATA / "ivbot.toml")
    for hours in ("Mon-Fri 9-5", "always"):
        monkeypatch.setenv("IVBOT_CONTACTS__COORDINATOR__HOURS", hours)
        assert load(DATA / "ivbot.toml").contacts.coordinator.hours == hours


@pytest.mark.parametrize("profile", sorted((DATA / "profiles").glob("*.toml")), ids=lambda path: path.stem)
def test_every_profile_says_when_somebody_is_at_work(profile: Path) -> None:
    """A ready profile tells children truly when to expect an answer."""
    assert parse(load(profile).contacts.coordinator.hours)


stretches = st.tuples(st.integers(0, DAY_MINUTES - 1), st.integers(1, DAY_MINUTES)).filter(lambda s: s[0] < s[1])


@st.composite
def weeks(draw: st.DrawFn) -> Hours:
    """Any hours one could write: up to two stretches on some of the days."""
    days = draw(st.lists(st.lists(stretches, max_size=2), min_size=7, max_size=7).filter(any))
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    parts = [
        f"{name} {opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"
        for name, day in zip(names, days, strict=True)
        for opens, closes in day
    ]
    return parse(", ".join(parts))


@hypothesis.settings(deadline=None)
@hypothesis.given(weeks())
def test_what_is_said_is_what_was_meant(hours: Hours) -> None:
    """The words for any hours, read as somebody would write them, are the same hours again."""
    assert parse(WORDS.plain(spelled(hours), "en")) == hours


CLOCKS_CHANGE = (dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC), dt.datetime(2026, 10, 25, 1, tzinfo=dt.UTC))
"""Forward, and back."""

two_days = st.timedeltas(dt.timedelta(days=-2), dt.timedelta(days=2))
moments = st.one_of(
    st.builds(operator.add, st.just(CLOCKS_CHANGE[0]), st.timedeltas(dt.timedelta(), dt.timedelta(days=3000))),
    st.builds(operator.add, st.sampled_from(CLOCKS_CHANGE), two_days),
)


@hypothesis.settings(deadline=None)
@hypothesis.example(parse("Sun 1:30-3:00"), dt.datetime(2026, 3, 29, 0, 0, tzinfo=dt.UTC), "england")
@hypothesis.example(parse("Sun 1:00-1:30"), dt.datetime(2026, 3, 29, 0, 0, tzinfo=dt.UTC), "england")
@hypothesis.example(parse("Sun 1:30-2:00"), dt.datetime(2026, 10, 25, 1, 10, tzinfo=dt.UTC), "wales")
@hypothesis.given(weeks(), moments, st.sampled_from(["england", "wales"]))
def test_the_next_opening_is_the_first(hours: Hours, at: dt.datetime, nation: str) -> None:
    """At the next opening they are at work, and at no minute before it, when the clocks change as well."""
    opening = next_open(hours, at, LONDON, nation)

    assert opening >= at
    assert is_open(hours, opening, LONDON, nation)
    minute, earliest = opening.astimezone(dt.UTC), max(at, opening - dt.timedelta(days=3))
    while (minute := minute - dt.timedelta(minutes=1)) >= earliest:
        assert not is_open(hours, minute, LONDON, nation)


@pytest.mark.parametrize(("at", "opens"), [
    ("2026-06-12T09:00", "2026-06-15T09:00"),  # a Friday, though at work from Monday to Thursday
    ("2026-06-15T08:59", "2026-06-15T09:00"),
    ("2026-06-15T09:00", "2026-06-15T09:00"),
    ("2026-06-15T14:59", "2026-06-15T14:59"),
    ("2026-06-15T15:00", "2026-06-16T09:00"),
    ("2026-05-21T15:00", "2026-05-26T09:00"),  # over the spring bank holiday
    ("2026-12-24T16:00", "2026-12-29T09:00"),  # Monday stands in for Boxing Day
    ("2026-04-02T16:00", "2026-04-07T09:00"),  # Good Friday to Easter Monday
])  # fmt: skip
@pytest.mark.parametrize("nation", ["england", "wales"])
def test_days_off_are_left_out(nation: str, at: str, opens: str) -> None:
    """Days that are not named are free, and so are the bank holidays of England and Wales."""
    hours = parse("Monday to Thursday, 9 to 3")
    now = dt.datetime.fromisoformat(at).replace(tzinfo=LONDON)

    assert next_open(hours, now, LONDON, nation) == dt.datetime.fromisoformat(opens).replace(tzinfo=LONDON)


def test_who_is_always_there_works_on_christmas_day() -> None:
    """An out-of-hours team has no bank holidays; somebody who works every day has."""
    christmas = dt.datetime(2026, 12, 25, 3, 0, tzinfo=dt.UTC)

    assert is_open(parse("always"), christmas, LONDON, "england")
    assert not is_open(parse("every day 0:00-24:00"), christmas, LONDON, "england")


def test_a_bank_holiday_is_only_named_where_it_counts() -> None:
    """It is a reason to open later when it would have been a day of work, and not otherwise."""
    hours = parse("Mon-Thu 9-3")
    thursday = dt.datetime(2026, 4, 2, 16, 0, tzinfo=LONDON)

    assert holiday_before(hours, thursday, next_open(hours, thursday, LONDON, "england"), "england")
    assert not holiday_before(parse("Tue 9-3"), thursday, thursday + dt.timedelta(days=5), "england")


def test_hours_are_said_in_every_language(tmp_path: Path) -> None:
    """Names of days and times of day are those of the reader's language, whatever language the settings are in."""
    write_catalogue(tmp_path, "en")
    write_catalogue(tmp_path, "cy")
    write_catalogue(tmp_path, "ar")
    words = words_of(tmp_path, "en", "cy", "ar")
    hours = spelled(parse("Tue-Thu 9-3, Fri 9-12"))

    assert words.plain(hours, "cy").startswith("Dydd Mawrth to Dydd Iau, 09:00 to 15:00")
    assert "الثلاثاء" in words.plain(hours, "ar")
