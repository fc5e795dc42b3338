"""Retention: what is too old goes, from the file as well, and nothing else does."""

import asyncio
import datetime as dt
import random
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.complaints import Stage, Status
from bot.engine.message import Kind
from bot.settings import Retention
from bot.store import complaints, concerns, purge
from bot.store.clock import stamp
from bot.store.database import Database, Writer, connect
from tests import records
from tests.complaining import CONCERN, MANAGER, OFFICER, a_complaint, everybody
from tests.conversation import World
from tests.shell import ivbot

LONG_AGO = dt.datetime(2020, 1, 1, 9, 0, tzinfo=dt.UTC)
KINDS = [
    "complaints",
    "concerns",
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


async def an_old_complaint_and_two_old_concerns(writer: Writer) -> None:
    """All closed; the case file has both concerns, one of them for as long as stubs are kept."""
    await everybody(writer)
    outside = a_complaint(route=(), stage=Stage.OMBUDSMAN, status=Status.CLOSED, closed_at=stamp(LONG_AGO))
    await complaints.add(writer, outside)
    recently = stamp(dt.datetime.now(dt.UTC) - dt.timedelta(days=90))
    for reference, when in (("S-0", stamp(LONG_AGO)), ("S-1", recently)):
        await concerns.add(writer, replace(CONCERN, reference=reference), "guest")
        await concerns.attach(writer, reference, OFFICER.person, "safeguarding_duty", when)
        for step in (concerns.acknowledge, concerns.hand_over, concerns.close):
            assert await step(writer, reference, MANAGER, when)


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
            " WHERE CAST(substr(reference, 4) AS INTEGER) % 2 = 1"
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
