"""Retention: what is too old goes, from the file as well, and nothing else does."""

import asyncio
import datetime as dt
import random
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.complaints import Stage
from bot.domain.complaints import Status as ComplaintStatus
from bot.domain.concerns import Allegation
from bot.domain.interest import Outcome, Proposal, Status
from bot.domain.reports import Report
from bot.engine.message import Incoming, Kind
from bot.settings import Retention
from bot.store import (
    allegations,
    complaints,
    concerns,
    expenses,
    figures,
    goodbyes,
    interests,
    matches,
    people,
    proposals,
    purge,
    visit_reports,
    visits,
    volunteers,
)
from bot.store.clock import stamp
from bot.store.database import Database, Reader, Row, Writer, connect
from bot.store.goodbyes import Goodbye
from bot.store.people import Person
from tests import records
from tests.complaining import CONCERN, MANAGER, OFFICER, a_complaint, everybody
from tests.conversation import World
from tests.shell import ivbot

DAY = dt.timedelta(days=1)
LONG_AGO = dt.datetime(2020, 1, 1, 9, 0, tzinfo=dt.UTC)
KINDS = [
    "complaints",
    "concerns",
    "visits",
    "visit_reports",
    "matches",
    "roles",
    "volunteers",
    "goodbyes",
    "proposals",
    "expenses",
    "stages",
    "concern_stubs",
    "handlers",
    "drafts",
    "messages",
    "marks",
    "failures",
    "codes",
    "talks",
    "ideas",
    "enquiries",
    "interests",
    "volunteer_stubs",
    "receipts",
    "addresses",
    "people",
]


def counted(said: str) -> dict[str, int]:
    return {line.split()[0]: int(line.split()[1]) for line in said.splitlines()}


async def a_life_long_ago(folder: Path) -> None:
    """One of each kind of thing that retention knows, all of it years old, under words that can be looked for."""
    world = World(folder, now=LONG_AGO)
    await records.ask(world.someone("w1", "web"), name="Markedname", wishes="markedwish", send="No, don't send them")
    await records.ask_for_a_child(world.someone("w2", "web"), name="Markedchild")
    await world.someone("w3", "web").say("markedquestion")
    drafting = world.someone("w4", "web")
    for label in ("/start", "/interest", "me", "Markeddraft"):
        await drafting.say(label)
    await drafting.say("/stop")
    await drafting.press("Keep my answers for later")
    async with world.database() as database, database.writer.transaction() as writer:
        await writer.run(
            "INSERT INTO failed_events (channel, event_id, event, traceback, failed_at)"
            " VALUES ('web', '1', '{}', 'markedtraceback', '2020-01-01T09:00:00.000Z')"
        )
        await writer.run(
            "INSERT INTO talks (reference, person, channel, language, reply_way, opened_at, waiting, touched_at)"
            " SELECT 'T-7K3Q-M', id, 'web', 'en', 'markedway', created_at, 0, created_at FROM people LIMIT 1"
        )
        await writer.run(
            "INSERT INTO ideas (at, language, words, read_at)"
            " VALUES ('2020-01-01T09:00:00.000Z', 'en', 'markedidea', '2020-01-01T09:00:00.000Z')"
        )
        await writer.run(
            "INSERT INTO enquiries (reference, channel, language, received_at, status, status_since, name,"
            " agreed_words, agreed_version, agreed_at) VALUES ('VE-7K3Q-M', 'web', 'en', '2020-01-01T09:00:00.000Z',"
            " 'closed', '2020-01-01T09:00:00.000Z', 'Markedenquirer', '', '', '2020-01-01T09:00:00.000Z')"
        )
        await an_old_complaint_and_two_old_concerns(writer)
        await an_old_match(writer)
        await gone(writer, (await records.add_volunteer(writer, "Pat Markedcandidate", LONG_AGO)).reference)


async def an_old_complaint_and_two_old_concerns(writer: Writer) -> None:
    """All closed; the case file has both concerns, one of them for as long as stubs are kept."""
    await everybody(writer)
    outside = a_complaint(route=(), stage=Stage.OMBUDSMAN, status=ComplaintStatus.CLOSED, closed_at=stamp(LONG_AGO))
    await complaints.add(writer, outside)
    recently = stamp(dt.datetime.now(dt.UTC) - dt.timedelta(days=90))
    for reference, when in (("S-0", stamp(LONG_AGO)), ("S-1", recently)):
        await concerns.add(writer, replace(CONCERN, reference=reference), "guest")
        await concerns.attach(writer, reference, OFFICER.person, "safeguarding_duty", when)
        for step in (concerns.acknowledge, concerns.hand_over, concerns.close):
            assert await step(writer, reference, MANAGER, when)


async def an_old_match(writer: Writer, *, about: str = "Likes markeddogs.") -> str:
    """A child who goes on without their visitor, who left: all that was written of them. Their reference."""
    child, at = await records.add(writer, 50, LONG_AGO), [stamp(LONG_AGO + n * DAY) for n in range(10)]
    volunteer = await records.add_volunteer(writer, "Kim Markedvolunteer", LONG_AGO, about=about)
    await people.save(writer, [Person("kim", "volunteer", name="Markedperson")], at[0])
    await volunteers.join(writer, volunteer.reference, "kim", at[0])
    for to in (Status.TALKING, Status.REFERRED, Status.WAITING):
        await interests.move(writer, child, to, "p50", at[0])
    proposal = Proposal("P-8PX0-E", child, volunteer.reference, at[0])
    await proposals.add(writer, proposal, "p50")
    await proposals.close(writer, child, Outcome.DROPPED, at[0])
    await interests.move(writer, child, Status.MATCHED, "p50", at[1])
    await matches.start(writer, "M-8XJ7-B", child, volunteer, at[1])
    await visits.add(writer, "V-1", "M-8XJ7-B", at[3], "markedplan", "p50", at[2])
    report = Report(happened=True, minutes=90, activity="markedactivity", child_mood=2, pass_on="markednote")
    await visit_reports.add(writer, "V-1", report, "kim", at[4])
    await visit_reports.spend(writer, "V-1", at[3][:10], 400, 0, 45)
    claim = await expenses.find(writer, "V-1")
    assert claim
    await expenses.pay(writer, claim.visit, at[5])
    await goodbyes.ask(writer, Goodbye("M-8XJ7-B", at[5], "said", None, leaving=True, words="markedgoodbye"))
    await interests.move(writer, child, Status.WAITING, "p50", at[6])
    await gone(writer, volunteer.reference)
    return volunteer.reference


async def gone(writer: Writer, volunteer: str) -> None:
    """They left, and long ago something had been noted of them."""
    now = stamp(LONG_AGO + 7 * DAY)
    await volunteers.pass_stage(writer, volunteer, "dbs", LONG_AGO.date(), None, "markedevidence", None, now)
    await volunteers.leave(writer, volunteer, now, "markedreason")


def every_byte(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.glob("ivbot.db*")))


async def test_what_is_too_old_is_deleted_and_counted(tmp_path: Path) -> None:
    """Each kind of thing goes when its time is over; `--dry-run` only counts, and counts the same."""
    await a_life_long_ago(tmp_path)
    before = every_byte(tmp_path)

    dry = ivbot(tmp_path, "purge", "--dry-run")
    assert dry.code == 0
    assert list(counted(dry.said)) == KINDS
    assert every_byte(tmp_path) == before
    done = ivbot(tmp_path, "purge")
    assert (done.code, counted(done.said)) == (0, counted(dry.said))
    assert counted(done.said)["interests"] == 2
    assert min(counted(done.said).values()) > 0
    assert set(counted(ivbot(tmp_path, "purge").said).values()) == {0}


async def test_what_was_deleted_is_nowhere_in_the_files(tmp_path: Path) -> None:
    """After a purge the words are not in the database, nor in its log, nor in the gaps between what stayed."""
    await a_life_long_ago(tmp_path)
    await records.fill(tmp_path / "ivbot.db", 20, LONG_AGO, name="Keptname")
    with closing(connect(tmp_path / "ivbot.db")) as db:
        db.execute(
            "UPDATE interests SET status = 'withdrawn', name = 'Markedname', visitor_wishes = 'marked' || reference"
            " WHERE name = 'Keptname' AND CAST(substr(reference, 4) AS INTEGER) % 2 = 1"
        )
    assert b"arked" in every_byte(tmp_path)

    assert ivbot(tmp_path, "purge").code == 0
    left = every_byte(tmp_path)
    assert b"arked" not in left
    assert left.count(b"Keptname") >= 10


async def test_a_purge_in_the_face_of_a_reader_says_that_the_log_remembers(tmp_path: Path) -> None:
    """While somebody reads from the log it cannot be emptied: the command says so, and a later one does it."""
    path = tmp_path / "ivbot.db"
    await a_life_long_ago(tmp_path)
    impatient = "import bot.store.database as d; d.BUSY_SECONDS = 0.05"
    with closing(connect(path)) as writer, closing(connect(path, reading=True)) as reader:
        writer.execute("UPDATE migrations SET applied_at = applied_at")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM people").fetchall()
        ended = ivbot(tmp_path, "purge", before=impatient)
    assert ended.code == 0
    assert ended.said.splitlines()[-1] == (
        "The database is being read: its log still holds what was deleted. Run ivbot purge again later."
    )
    assert "log" not in ivbot(tmp_path, "purge").said
    assert b"arked" not in every_byte(tmp_path)


async def test_nothing_young_is_touched(tmp_path: Path) -> None:
    """What is within its time stays, to the row."""
    world = World(tmp_path, now=dt.datetime.now(dt.UTC))
    await records.ask(world.someone("w1", "web"))
    await records.ask(world.someone("w2", "web"), send="No, don't send them")
    await records.ask_for_a_child(world.someone("w3", "web"))
    before = contents(tmp_path / "ivbot.db")

    assert set(counted(ivbot(tmp_path, "purge").said).values()) == {0}
    after = contents(tmp_path / "ivbot.db")
    assert after.pop("audit")[:-1] == before.pop("audit")
    assert after == before


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(connect(path, reading=True)) as db:
        tables = [
            row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        return {name: [tuple(row) for row in db.execute(f"SELECT * FROM {name}")] for name in tables}


@pytest.mark.parametrize("seed", range(8))
def test_a_dry_run_counts_what_a_purge_deletes(seed: int, tmp_path: Path) -> None:
    """For whatever is in the database, whenever: counted and deleted are the same, and a second time finds none."""
    chance = random.Random(seed)

    async def play() -> None:
        world = World(tmp_path, now=LONG_AGO)
        for number in range(12):
            someone = world.someone(f"w{number}", "web")
            match chance.randrange(4):
                case 0:
                    await records.ask(someone)
                case 1:
                    await records.ask(someone, send="No, don't send them")
                case 2:
                    await records.ask_for_a_child(someone)
                case _:
                    await someone.say("hello")
            if chance.randrange(3) == 0:
                await someone.send(Kind.LEFT)
            world.now += dt.timedelta(days=chance.randrange(60))
        old = purge.limits(world.now, Retention(closed_interests=30))
        database = await Database.open(tmp_path / "ivbot.db")
        try:
            counted_first = await purge.count(database.writer, old)
            async with database.writer.transaction() as writer:
                deleted = await purge.run(writer, old)
            again = await purge.count(database.writer, old)
        finally:
            await database.close()
        assert counted_first == deleted
        assert set(again.values()) == {0}

    asyncio.run(play())
    with closing(connect(tmp_path / "ivbot.db", reading=True)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


async def purged(folder: Path, years: int = 7) -> Database:
    """A database after a purge so many years after LONG_AGO. Close it."""
    database = await Database.open(folder / "ivbot.db")
    async with database.writer.transaction() as writer:
        await purge.run(writer, purge.limits(LONG_AGO + years * 366 * DAY, Retention()))
    return database


async def one(reader: Reader, sql: str) -> Row:
    [row] = await reader.all(sql)
    return row


async def test_the_words_of_an_old_match_go_and_its_counts_stay(tmp_path: Path) -> None:
    """A child who goes on with nobody, or with somebody new, keeps no words of the old match; what is counted stays."""
    async with World(tmp_path).database() as database, database.writer.transaction() as writer:
        await an_old_match(writer)
        before = await figures.of_match(writer, "M-8XJ7-B")

    database = await purged(tmp_path, years=2)
    try:
        assert await figures.of_match(database.writer, "M-8XJ7-B") == before
        assert (before.happened, before.minutes) == (1, 90)
        row = await one(database.writer, "SELECT * FROM visits JOIN visit_reports ON visit = reference")
        assert {row[name] for name in ("plan", "activity", "pass_on", "child_mood")} == {"", None}
    finally:
        await database.close()


async def test_of_a_volunteer_who_left_only_the_reference_stays_where_it_is_counted_or_paid(tmp_path: Path) -> None:
    """Money is kept for six years without a name; then the child's match alone holds the reference."""
    async with World(tmp_path).database() as database, database.writer.transaction() as writer:
        reference = await an_old_match(writer)

    database = await purged(tmp_path, years=2)
    try:
        row = await one(database.writer, "SELECT * FROM volunteers")
        assert (row["reference"], row["name"], row["called"], row["person"]) == (reference, "", "", None)
        assert (await one(database.writer, "SELECT volunteer, pence FROM expenses"))["volunteer"] == reference
        assert await database.writer.all("SELECT * FROM stages_passed") == []
        assert await database.writer.all("SELECT * FROM people WHERE role = 'volunteer'") == []
        async with database.writer.transaction() as writer:
            await interests.move(writer, "IV-000050", Status.WITHDRAWN, "p50", stamp(LONG_AGO + 800 * DAY))
    finally:
        await database.close()
    database = await purged(tmp_path, years=5)
    try:
        assert await database.writer.all("SELECT * FROM matches") == []
        assert len(await database.writer.all("SELECT * FROM volunteers JOIN expenses ON volunteer = reference")) == 1
    finally:
        await database.close()
    database = await purged(tmp_path)
    try:
        for table in ("volunteers", "expenses"):
            assert await database.writer.all(f"SELECT * FROM {table}") == []
    finally:
        await database.close()


@pytest.mark.parametrize("reason", ["running", "unpaid", "looked_into"])
async def test_a_volunteer_who_is_still_needed_stays_whole(reason: str, tmp_path: Path) -> None:
    """While a match runs, money is owed or an allegation is open, nothing of them is emptied."""
    async with World(tmp_path).database() as database, database.writer.transaction() as writer:
        reference = await an_old_match(writer)
        if reason == "running":
            other = await records.add_volunteer(writer, "Alex Needed", LONG_AGO)
            await matches.start(writer, "M-8PX0-E", "IV-000050", other, stamp(LONG_AGO + 8 * DAY))
            reference = other.reference
        elif reason == "unpaid":
            await writer.run("UPDATE expenses SET paid_at = NULL")
        else:
            await everybody(writer)
            await concerns.add(writer, CONCERN, "guest")
            now = stamp(LONG_AGO + 8 * DAY)
            await allegations.add(writer, Allegation("A-1", CONCERN.reference, "M-8XJ7-B", now, now[:10]), "p50")

    database = await purged(tmp_path)
    try:
        row = await one(database.writer, f"SELECT name FROM volunteers WHERE reference = '{reference}'")
        assert row["name"]
        words = await database.writer.all("SELECT 1 FROM visit_reports WHERE activity != ''")
        assert bool(words) == (reason == "looked_into")
    finally:
        await database.close()


async def test_what_was_due_once_is_not_due_again(tmp_path: Path) -> None:
    """That a moment has come is remembered longer than anything said, or it would come again."""
    world = World(tmp_path)
    await world.someone("w1", "web").say("hello")
    await world.happen(Incoming("clock", "purge:2026-06-12", "", Kind.CLOCK, data="purge:2026-06-12"))
    kept = []
    for days in (0, 31, 401):
        async with world.database() as database, database.writer.transaction() as writer:
            await purge.run(writer, purge.limits(world.now + days * DAY, Retention(messages=1)))
            kept.append([row["channel"] for row in await writer.all("SELECT channel FROM inbox ORDER BY channel")])

    assert kept == [["clock", "web"], ["clock"], []]
