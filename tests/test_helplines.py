"""Help lines: what the file holds, which line is open when, and for whom."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.check import run_checks
from bot.domain import helplines
from bot.domain.helplines import HelpLine, Mark, Nation, Who, open_lines
from bot.engine.helplines import read_helplines
from bot.errors import BadPage
from bot.settings import Database, Service, Settings

LONDON = ZoneInfo("Europe/London")
LINES = read_helplines()
ALWAYS_OPEN = ["999", "Childline", "Shout", "Samaritans"]

GOOD = """
[[line]]
name = "999"
nation = "uk"
who = "anyone"
call = "999"
hours = "always"
first = true
checked_on = 2026-11-22
mark = "2"
source = "a page"
"""


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


def names(nation: str, age: int | None, now: str) -> list[str]:
    return [line.name for line in open_lines(LINES, nation, age, at(now), LONDON)]


def test_the_lines_of_the_domain_are_there() -> None:
    """Each line of domain.md, section 6, can be reached, and says when it was seen and where."""
    assert {line.name for line in LINES} == {
        *ALWAYS_OPEN, "Runaway Helpline", "Missing People", "Meic", "Help at Hand", "Coram Voice", "NYAS", "NSPCC",
    }  # fmt: skip
    assert all(line.source and line.mark for line in LINES)
    assert all(not line.url or line.url.startswith("https://") for line in LINES)
    assert {line.name for line in LINES if line.first} == {"999", "Childline"}


@pytest.mark.parametrize(
    ("nation", "age", "now", "expected"),
    [
        ("england", 9, "2026-06-10 03:00", ALWAYS_OPEN),  # in the night
        ("england", 9, "2026-06-10 10:00", [*ALWAYS_OPEN, "Runaway Helpline", "Help at Hand", "Coram Voice"]),
        ("england", 9, "2026-06-10 17:30", [*ALWAYS_OPEN, "Runaway Helpline", "Coram Voice"]),
        ("england", 9, "2026-06-10 22:59", [*ALWAYS_OPEN, "Runaway Helpline"]),
        ("england", 9, "2026-06-10 23:00", ALWAYS_OPEN),
        ("england", 9, "2026-06-13 10:00", [*ALWAYS_OPEN, "Runaway Helpline"]),  # a Saturday
        ("england", 9, "2026-12-25 10:00", ALWAYS_OPEN),
        ("wales", 9, "2026-06-10 10:00", [*ALWAYS_OPEN, "Runaway Helpline", "Meic"]),
        ("wales", 9, "2026-06-10 23:59", [*ALWAYS_OPEN, "Meic"]),
        ("wales", 9, "2026-06-11 00:00", ALWAYS_OPEN),
        ("wales", 9, "2026-12-25 10:00", [*ALWAYS_OPEN, "Meic"]),  # they say so: public holidays too
        ("wales", 25, "2026-06-10 10:00", ["999", "Shout", "Samaritans", "Missing People", "NSPCC"]),
        ("england", 18, "2026-06-10 03:00", ALWAYS_OPEN),
        ("england", 19, "2026-06-10 03:00", ["999", "Shout", "Samaritans"]),
        ("england", None, "2026-06-10 10:00", [*ALWAYS_OPEN, "Runaway Helpline", "Help at Hand", "Coram Voice"]),
    ],
)
def test_only_lines_that_answer_are_shown(nation: str, age: int | None, now: str, expected: list[str]) -> None:
    """Open at this hour of this day, in this nation, for this age; nobody is sent to a line that does not answer."""
    assert names(nation, age, now) == expected


def test_hours_are_those_of_the_clock_on_the_wall() -> None:
    """In summer time a line that opens at nine opens at eight UTC."""
    line = replace(LINES[0], hours="Monday to Friday, 9am to 5pm")
    assert not line.is_open("england", dt.datetime(2026, 6, 10, 7, 59, tzinfo=dt.UTC), LONDON)
    assert line.is_open("england", dt.datetime(2026, 6, 10, 8, 0, tzinfo=dt.UTC), LONDON)
    assert not line.is_open("england", dt.datetime(2026, 1, 14, 8, 0, tzinfo=dt.UTC), LONDON)


@given(
    now=st.datetimes(min_value=dt.datetime(2025, 1, 1), max_value=dt.datetime(2030, 12, 31)),  # noqa: DTZ001 - UTC below
    nation=st.sampled_from(["england", "wales"]),
    age=st.none() | st.integers(0, 25),
    order=st.permutations(LINES),
)
def test_a_child_always_has_somebody_to_ring(
    now: dt.datetime, nation: str, age: int | None, order: list[HelpLine]
) -> None:
    """At every moment and for every age, in whatever order the file is: 999, and for children Childline, come first."""
    found = open_lines(order, nation, age, now.replace(tzinfo=dt.UTC), LONDON)
    first = {"999", "Childline"} if age is None or age <= 18 else {"999"}
    assert {line.name for line in found[: len(first)]} == first
    assert {"Shout", "Samaritans"} <= {line.name for line in found}
    assert all(line.hours and line.nation in {nation, "uk"} for line in found)


def test_a_line_is_old_after_ninety_days() -> None:
    """On the ninetieth day it still counts as checked."""
    line = replace(LINES[0], checked_on=dt.date(2026, 1, 1))
    assert not line.is_old(dt.date(2026, 4, 1))
    assert line.is_old(dt.date(2026, 4, 2))


# The file


def test_a_line_is_read_as_it_is_written(tmp_path: Path) -> None:
    """What is left out is for everybody, and closed on bank holidays."""
    (tmp_path / "lines.toml").write_text(GOOD, encoding="utf-8")
    assert read_helplines(tmp_path / "lines.toml") == (
        HelpLine(
            "999", Nation.UK, Who.ANYONE, dt.date(2026, 11, 22), Mark.TOLD, "a page", "always", call="999", first=True
        ),
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace('"uk"', '"france"'), "line 1 (999): nation: Input should be"),
        (lambda text: text.replace('"anyone"', '"dogs"'), "line 1 (999): who: Input should be"),
        (lambda text: text.replace("2026-11-22", '"soon"'), "line 1 (999): checked_on: Input should be a valid date"),
        (lambda text: text.replace("checked_on = 2026-11-22", ""), "line 1 (999): checked_on: Field required"),
        (lambda text: text.replace('"always"', '"when we can"'), "line 1 (999): hours: cannot be understood"),
        (lambda text: text.replace('call = "999"', ""), "line 1 (999): there is nothing to ring, text or open"),
        (lambda text: text.replace("call =", "phone ="), "line 1 (999): there is no phone"),
        (lambda text: text.replace('name = "999"', ""), "line 1 (no name): name: Field required"),
        (lambda text: text * 2, "999 is there twice"),
        (lambda text: text.replace("first = true", ""), "no line is marked with first = true"),
        (lambda text: text.replace("[[line]]", "[line]"), "has no [[line]] tables"),
        (lambda text: text.replace("[[line]]", "line = 3\n[x]"), "has no [[line]] tables"),
        (lambda text: text.replace("[[line]]", "[[lines]]"), "has no [[line]] tables"),
        (lambda _text: "", "has no [[line]] tables"),
        (lambda text: text + "=", "is not TOML: "),
    ],
)
def test_what_is_wrong_in_the_file_is_said_in_one_line(tmp_path: Path, change: Callable[[str], str], said: str) -> None:
    """Which line, which key, and what is wrong with it."""
    path = tmp_path / "lines.toml"
    path.write_text(change(GOOD), encoding="utf-8")
    with pytest.raises(BadPage) as error:
        read_helplines(path)
    assert error.value.problem.startswith(said)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    """As any other file that cannot be read."""
    with pytest.raises(BadPage, match="cannot be read"):
        read_helplines(tmp_path / "nowhere.toml")


# check


@pytest.mark.parametrize(
    ("jurisdiction", "day", "old", "fresh"),
    [
        ("england", "2026-11-22", ["Runaway Helpline (2021-01-01)", "Coram Voice"], ["999", "Meic", "Shout"]),
        ("wales", "2026-11-22", ["Meic (2021-03-31)"], ["Coram Voice", "Help at Hand", "Shout"]),
        ("england", "2027-02-21", ["999 (2026-11-22)", "Shout", "Help at Hand"], ["Meic"]),
    ],
)
async def test_check_warns_of_lines_nobody_looked_up(
    tmp_path: Path, jurisdiction: str, day: str, old: list[str], fresh: list[str]
) -> None:
    """A warning names the lines shown here that were not checked for 90 days, and does not fail the check."""
    service = Service.model_validate({"jurisdiction": jurisdiction})
    settings = Settings(service=service, database=Database(path=tmp_path / "ivbot.db"))
    with time_machine.travel(f"{day} 12:00", tick=False):
        findings = await run_checks(settings)
    found = next(finding for finding in findings if finding.what == "helplines")

    assert str(found).startswith("warn helplines: not checked for 90 days: ")
    assert not found.wrong
    assert [name for name in old if name not in str(found)] == []
    assert [name for name in fresh if name in str(found)] == []
    assert str(found).endswith("hours not known: NYAS")


async def test_check_has_nothing_to_say_of_fresh_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All checked, all hours known: ok."""
    today = dt.datetime.now(LONDON).date()
    fresh = tuple(replace(line, checked_on=today, hours=line.hours or "always") for line in LINES)
    monkeypatch.setattr("bot.commands.check.read_helplines", lambda: fresh)
    findings = await run_checks(Settings(database=Database(path=tmp_path / "ivbot.db")))
    assert "ok   helplines: 10 lines" in map(str, findings)


def test_the_limit_is_the_domains() -> None:
    """domain.md, section 6: warn when over 90 days old."""
    assert helplines.GOOD_FOR.days == 90
