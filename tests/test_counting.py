"""Counting agrees everywhere: the visit log, the totals of matches and volunteers, the figures of months and years."""

import asyncio
import datetime as dt
import io
from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis
import orjson
import pytest
from hypothesis import strategies as st

from bot.domain.visits import Outcome
from bot.i18n import Month
from bot.reports import export, kinds
from bot.store import figures, matches, visits, work
from bot.store.clock import moment, stamp
from bot.store.database import Database
from bot.store.figures import Tally
from tests.history import BEGIN, HISTORIES, History

ZONES = [ZoneInfo(name) for name in ("Europe/London", "Pacific/Auckland", "America/New_York")]
YEARS = range(2025, 2030)
LONDON = ZONES[0]

Steps = list[tuple[str, int, int]]


async def exported(history: History, kind: str, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The rows of an export, as its reader has them."""
    out = io.BytesIO()
    await export.write(history.writer, kind, "json", out, kinds.Seen(history.now, zone, None))
    rows: list[dict[str, Any]] = orjson.loads(out.getvalue())
    return rows


def counted(tally: Tally) -> Counter[str]:
    """The same without what there was none of."""
    found = Counter({outcome.value: tally.of(outcome) for outcome in Outcome}) + Counter()
    found["minutes"] += tally.minutes
    return found


async def played(database: Database, steps: Steps) -> History:
    """A history in a transaction that is rolled back by whoever asked for it."""
    await database.writer.run("BEGIN IMMEDIATE")
    history = History(database.writer)
    await history.begin()
    for step in steps:
        await history.step(*step)
    return history


async def the_log_is_right(history: History, zone: ZoneInfo) -> None:
    """The export of visits has each visit once, with the one outcome it has, on its local day."""
    rows = await exported(history, "visits", zone)
    assert {row["reference"]: (row["status"], row["minutes"] or 0, row["happened"]) for row in rows} == {
        visit.reference: (visit.outcome, visit.minutes, {"happened": "yes", "missed": "no"}.get(visit.outcome))
        for visit in history.visits
    }
    assert len(rows) == len(history.visits)
    assert [moment(row["planned_for"]) for row in rows] == sorted(visit.when for visit in history.visits)
    assert {row["status"] for row in rows} <= set(Outcome)


async def the_matches_are_right(history: History, zone: ZoneInfo) -> None:
    """The totals of each match, in the export and in the chat."""
    rows = {row["reference"]: row for row in await exported(history, "matches", zone)}
    assert len(rows) == len(history.matches)
    for match in history.matches:
        expected, row = history.tally(zone, match=match.reference), rows[match.reference]
        assert counted(await figures.of_match(history.writer, match.reference)) == expected
        assert (row["visits"], row["minutes"]) == (expected["happened"], expected["minutes"])
        last = max((v.when for v in history.visits if v.match is match and v.outcome == "happened"), default=None)
        assert row["last_visit"] == (last.astimezone(zone).date().isoformat() if last else None)
        assert (row["days_since_visit"] is None) == (match.until is not None)


async def the_volunteers_are_right(history: History, zone: ZoneInfo) -> None:
    """The hours of each volunteer in each year, as the staff count them and as they read them themselves."""
    for volunteer in history.volunteers:
        for year in YEARS:
            span = figures.year(year, zone)
            expected = history.tally(zone, volunteer=volunteer, year=year)
            assert counted(await figures.of_volunteer(history.writer, volunteer, span)) == expected
            done = await work.done(history.writer, volunteer, *span)
            assert (done.visits, done.minutes) == (expected["happened"], expected["minutes"])


async def the_years_are_right(history: History, zone: ZoneInfo) -> None:
    """The figures of years and months; and months make years, matches and volunteers make the service."""
    spans = [figures.year(year, zone) for year in YEARS]
    tallies = [counted(tally) for tally in await figures.of_service(history.writer, spans)]
    assert tallies == [history.tally(zone, year=year) for year in YEARS]
    months = [Month(year, month) for year in YEARS for month in range(1, 13)]
    by_month = await figures.of_service(history.writer, [figures.month(month, zone) for month in months])
    assert [counted(tally) for tally in by_month] == [
        history.tally(zone, month=(month.year, month.month)) for month in months
    ]
    [ever] = await figures.of_service(history.writer, [figures.EVER])
    every_match = [await figures.of_match(history.writer, match.reference) for match in history.matches]
    every_volunteer = [await figures.of_volunteer(history.writer, reference) for reference in history.volunteers]
    for parts in (every_match, every_volunteer, by_month):
        assert sum((counted(part) for part in parts), Counter()) == +counted(ever)
    assert ever.visits == len(history.visits)


async def the_matched_are_right(history: History) -> None:
    """How many had a visitor, now and at any moment before."""
    assert await figures.matched(history.writer, history.stamp) == await matches.running(history.writer)
    moments = [at for match in history.matches for at in (match.since, match.until) if at]
    for at in (BEGIN, *moments, *(at - dt.timedelta(minutes=1) for at in moments), history.now):
        there = [match for match in history.matches if match.since <= at and (match.until is None or match.until > at)]
        assert await figures.matched(history.writer, stamp(at)) == len(there)
    running = {match.volunteer for match in history.matches if match.until is None}
    rows = await exported(history, "volunteers", LONDON)
    assert {row["reference"] for row in rows if row["matched"]} == running


async def everything_is_right(database: Database, steps: Steps, zone: ZoneInfo) -> None:
    history = await played(database, steps)
    try:
        await the_log_is_right(history, zone)
        await the_matches_are_right(history, zone)
        await the_volunteers_are_right(history, zone)
        await the_years_are_right(history, zone)
        await the_matched_are_right(history)
    finally:
        await database.writer.run("ROLLBACK")


def test_every_count_agrees_with_what_happened(tmp_path: Path) -> None:
    """Whatever is planned, confirmed, moved, called off, paused, reported and told again: one truth, counted alike."""
    with asyncio.Runner() as runner:
        database = runner.run(Database.open(tmp_path / "ivbot.db"))

        @hypothesis.settings(deadline=None, max_examples=100)
        @hypothesis.given(HISTORIES, st.sampled_from(ZONES))
        def check(steps: Steps, zone: ZoneInfo) -> None:
            runner.run(everything_is_right(database, steps, zone))

        try:
            check()
        finally:
            runner.run(database.close())


@pytest.mark.parametrize(
    ("zone", "at", "year", "month"),
    [
        ("Europe/London", "2025-12-31T23:30:00.000Z", 2025, 12),
        ("Europe/London", "2026-01-01T00:00:00.000Z", 2026, 1),
        ("Europe/Berlin", "2025-12-31T23:30:00.000Z", 2026, 1),
        ("America/New_York", "2026-01-01T04:30:00.000Z", 2025, 12),
        ("Europe/London", "2026-05-31T23:30:00.000Z", 2026, 6),
        ("Europe/London", "2026-10-31T23:30:00.000Z", 2026, 10),
        ("Europe/London", "2026-03-29T00:30:00.000Z", 2026, 3),
    ],
)
async def test_a_visit_counts_on_its_local_day(zone: str, at: str, year: int, month: int, tmp_path: Path) -> None:
    """Around midnight of New Year, and of a month, a visit belongs to the day it was where the service is."""
    here = ZoneInfo(zone)
    database = await Database.open(tmp_path / "ivbot.db")
    try:
        history = await played(database, [])
        await visits.record(history.writer, "V-0", "M-0", at, None, "2027-01-01T00:00:00.000Z")
        years = await figures.of_service(history.writer, [figures.year(year, here) for year in (2025, 2026)])
        of_month = await figures.of_service(history.writer, [figures.month(Month(year, n), here) for n in range(1, 13)])
        await history.writer.run("ROLLBACK")
    finally:
        await database.close()
    assert [tally.visits for tally in years] == [int(year == 2025), int(year == 2026)]
    assert [tally.visits for tally in of_month] == [int(n == month) for n in range(1, 13)]
