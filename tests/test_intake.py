"""Intake: one transaction for all that has arrived, each event once, a failing one alone."""

import asyncio
import datetime as dt
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.roles import EVERYBODY
from bot.engine.batch import SORRY
from bot.engine.intake import Intake, Outcome
from bot.engine.message import Incoming, Kind, Parcel
from bot.engine.router import Router
from bot.engine.turn import Turn
from bot.errors import DatabaseUnavailable
from bot.i18n import _
from bot.store import audit, codes, forms, outbox
from bot.store import database as databases
from bot.store.database import Database
from handlers import ROUTER
from tests import records
from tests.conversation import World

ECHO = Router()


@ECHO.command("write", EVERYBODY)
async def write(turn: Turn) -> None:
    """Writes a record and answers."""
    await audit.add(await turn.write(), turn.person.id, "guest", "write", turn.incoming.text, turn.stamp)
    turn.say(_("written"))


@ECHO.command("break", EVERYBODY)
async def break_(turn: Turn) -> None:
    """Writes a record, answers, opens a form, and breaks."""
    await audit.add(await turn.write(), turn.person.id, "guest", "break", "lost", turn.stamp)
    turn.open_form("interest", {"for": "me"})
    turn.say(_("never heard"))
    raise RuntimeError("broken on purpose")


@ECHO.command("orphan", EVERYBODY)
async def orphan(turn: Turn) -> None:
    """Leaves something behind that only the commit finds out about."""
    await (await turn.write()).run("INSERT INTO receipts (hash, person, created_at) VALUES ('x', 'nobody', '')")


class Running:
    """An intake on an open database, and what it handed to delivery."""

    def __init__(self, world: World, database: Database) -> None:
        world.context = replace(world.context, router=Router().include([ROUTER, ECHO]))
        self.world, self.database = world, database
        self.posted: list[Parcel] = []
        self.intake = Intake(database, world.context, self.posted.extend, lambda: world.now)

    def event(self, text: str, address: str = "a", event_id: str = "") -> Incoming:
        event = self.world.event("telegram", address, Kind.TEXT, text=text)
        return event if not event_id else Incoming("telegram", event_id, address, Kind.TEXT, text)

    @property
    def heard(self) -> list[str]:
        return [parcel.message.html for parcel in self.posted]

    async def rows(self, table: str) -> list[sqlite3.Row]:
        async with self.database.reading() as reader:
            return await reader.all(f"SELECT * FROM {table} ORDER BY 1")


@asynccontextmanager
async def intake(folder: Path) -> AsyncIterator[Running]:
    world = World(folder)
    async with world.database() as database:
        running = Running(world, database)
        task = asyncio.create_task(running.intake.run())
        yield running
        running.intake.stop()
        await task


async def test_a_burst_shares_one_commit(tmp_path: Path) -> None:
    """All that has arrived is one transaction, in order; a lone message does not wait for others."""
    async with intake(tmp_path) as bot:
        statements: list[str] = []
        await bot.database.writer._connection.set_trace_callback(statements.append)  # noqa: SLF001 - to see each statement
        await asyncio.gather(*(bot.intake.submit([bot.event(f"/write {n}", address=str(n))]) for n in range(50)))
        assert statements.count("COMMIT") == 1
        assert [row["subject"] for row in await bot.rows("audit")] == [f"/write {n}" for n in range(50)]
        statements.clear()
        await bot.intake.submit([bot.event("/write alone")])
        assert statements.count("COMMIT") == 1


async def test_an_event_takes_effect_once(tmp_path: Path) -> None:
    """The same event told again, in one batch or later, changes nothing and says nothing."""
    async with intake(tmp_path) as bot:
        event = bot.event("/write once")
        await bot.intake.submit([event, event])
        await bot.intake.submit([event])
        assert len(await bot.rows("audit")) == 1
        assert bot.heard == ["written"]


async def test_a_handler_that_raises_loses_its_own_effects_only(tmp_path: Path) -> None:
    """Its record, form and words are gone; the event is kept; the person is told; the others go on."""
    async with intake(tmp_path) as bot:
        await bot.intake.submit(
            [bot.event("/write 1"), bot.event("/break"), bot.event("/write 2"), bot.event("/break", "b")]
        )
        assert [row["subject"] for row in await bot.rows("audit")] == ["/write 1", "/write 2"]
        assert bot.heard == ["written", SORRY.msgid, "written", SORRY.msgid]
        failed = await bot.rows("failed_events")
        assert ["RuntimeError: broken on purpose" in row["traceback"] for row in failed] == [True, True]
        assert await bot.rows("forms") == []


async def test_what_only_the_commit_finds_out_stops_none_of_the_others(tmp_path: Path) -> None:
    """A batch that cannot be committed is taken event by event; the culprit is kept and not asked for again."""
    async with intake(tmp_path) as bot:
        await asyncio.gather(
            bot.intake.submit([bot.event("/write 1"), bot.event("/orphan"), bot.event("/write 2")]),
            bot.intake.submit([bot.event("/write 3", "b")]),
        )
        assert [row["subject"] for row in await bot.rows("audit")] == ["/write 1", "/write 2", "/write 3"]
        assert len(await bot.rows("failed_events")) == 1


async def test_nothing_leaves_before_the_commit(tmp_path: Path) -> None:
    """While the commit cannot be made, nothing is handed to delivery and the channel is told."""
    async with intake(tmp_path) as bot:
        await bot.intake.submit([bot.event("/write 1")])
        row = await bot.database.writer.one("PRAGMA page_count")
        assert row
        await bot.database.writer.all(f"PRAGMA max_page_count = {row[0]}")
        await bot.database.writer.run("PRAGMA wal_autocheckpoint = 1")
        big = [bot.event("/write " + "x" * 4000) for _n in range(30)]
        with pytest.raises(DatabaseUnavailable, match="disk is full"):
            await bot.intake.submit(big)
        assert bot.heard == ["written"]
        await bot.database.writer.all("PRAGMA max_page_count = 1000000")
        await bot.intake.submit(big)
        assert len(await bot.rows("audit")) == 31


async def test_a_locked_database_is_waited_for_and_then_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program's lock is waited out; when it lasts, the event is not acknowledged and can be sent again."""
    monkeypatch.setattr(databases, "BUSY_SECONDS", 0.05)
    async with intake(tmp_path) as bot:
        other = sqlite3.connect(bot.database.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        event = bot.event("/write 1")
        with pytest.raises(DatabaseUnavailable, match="locked"):
            await bot.intake.submit([event])
        with pytest.raises(DatabaseUnavailable):
            await bot.intake.probe()
        other.execute("ROLLBACK")
        other.close()
        await bot.intake.submit([event])
        await bot.intake.probe()
        assert bot.heard == ["written"]


async def test_somebody_too_fast_is_told_once_a_minute(tmp_path: Path) -> None:
    """Over the limit one answer asks for a pause; danger is answered all the same; the next minute is free again."""
    async with intake(tmp_path) as bot:
        await bot.intake.submit([bot.event("/write x") for _n in range(120)])
        assert bot.heard.count("written") == 90
        assert sum("That was a lot at once" in text for text in bot.heard) == 1
        await bot.intake.submit([bot.event("someone is hurting me")])
        assert "You were right to tell" in bot.heard[-2]
        await bot.intake.submit([bot.event("/write y", "somebody else")])
        assert bot.heard[-1] == "written"


async def test_outcomes_share_the_next_commit(tmp_path: Path) -> None:
    """What became of messages is written down: delivered ones are gone, others have a new time or a reason."""
    async with intake(tmp_path) as bot:
        await bot.intake.submit([bot.event("/write x") for _n in range(3)])
        first, second, third = (parcel.id for parcel in bot.posted)
        bot.intake.record(
            Outcome(delivered=(first,), postponed=(("2026-07-01T00:00:00.000Z", second),), given_up=(("why", third),))
        )
        await bot.intake.probe()
        rows = await bot.rows("outbox")
        assert [(row["id"], row["attempts"], row["due_at"], row["failure"], row["body"] == "{}") for row in rows] == [
            (second, 1, "2026-07-01T00:00:00.000Z", "", False),
            (third, 0, None, "why", True),
        ]


async def test_stopping_finishes_what_was_taken(tmp_path: Path) -> None:
    """Everything submitted before the stop is committed."""
    world = World(tmp_path)
    async with world.database() as database:
        bot = Running(world, database)
        submitted = [asyncio.create_task(bot.intake.submit([bot.event(f"/write {n}")])) for n in range(5)]
        await asyncio.sleep(0)
        bot.intake.stop()
        await bot.intake.run()
        await asyncio.gather(*submitted)
        assert len(bot.heard) == 5


async def test_people_who_only_looked_are_forgotten_with_their_session(tmp_path: Path) -> None:
    """A chat page session that is left takes its transcript, its form and its nameless person with it."""
    world = World(tmp_path)
    child = world.someone("s1", "web")
    await child.say("/start")
    await child.press("I'd like one")
    await child.say("secret words")
    await child.send(Kind.LEFT)
    async with world.database() as database, database.reading() as reader:
        for table in ("people", "addresses", "forms", "outbox"):
            assert await reader.all(f"SELECT * FROM {table}") == [], table
        assert await reader.all("SELECT * FROM inbox WHERE said != ''") == []
    await child.send(Kind.LEFT)
    async with world.database() as database, database.reading() as reader:
        assert await reader.all("SELECT * FROM people") == []


async def test_opening_and_leaving_in_one_batch_leaves_nothing(tmp_path: Path) -> None:
    """The same when all of it arrives at once."""
    world = World(tmp_path)
    await world.happen(
        world.event("web", "s1", Kind.TEXT, text="/start"),
        world.event("web", "s1", Kind.BUTTON, data="interest"),
        world.event("web", "s1", Kind.LEFT),
    )
    async with world.database() as database, database.reading() as reader:
        for table in ("people", "addresses", "forms", "outbox"):
            assert await reader.all(f"SELECT * FROM {table}") == [], table


async def test_an_idle_session_that_speaks_again_in_time_stays(tmp_path: Path) -> None:
    """The clock found it idle, but they spoke before the clock's event was handled."""
    world = World(tmp_path)
    child = world.someone("s1", "web")
    await child.say("/start")
    world.now += dt.timedelta(minutes=33)
    async with world.database() as database, database.reading() as reader:
        found = [await due(reader, world.now, world.settings) for due in world.context.router.due]
    clock = [event for events in found for event in events if event.data.startswith("idle")]
    assert len(clock) == 1
    await world.happen(world.event("web", "s1", Kind.TEXT, text="hello"), *clock)
    async with world.database() as database, database.reading() as reader:
        assert len(await reader.all("SELECT * FROM addresses")) == 1
        assert await forms.left_alone(reader, "", "9999") == []
        assert len(await outbox.of_session(reader, "s1", 0)) == 2


async def test_a_form_of_somebody_forgotten_meanwhile_is_not_mentioned(tmp_path: Path) -> None:
    """The bot was away for a month: the form and its person are rubbed out in the batch that could mention it."""
    world = World(tmp_path)
    child = world.someone("s1", "web")
    await child.say("/start")
    await child.press("I'd like one")
    world.now += dt.timedelta(days=world.settings.retention.drafts, hours=1)
    await world.look()
    async with world.database() as database, database.reading() as reader:
        assert await reader.all("SELECT * FROM people") == await reader.all("SELECT * FROM forms") == []


def every_byte(folder: Path) -> bytes:
    """The database file and what lies beside it."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("ivbot.db*")))


async def test_erased_words_leave_the_log_within_the_hour(tmp_path: Path) -> None:
    """What was written and erased is in neither file once an hour has passed and something was committed."""
    async with intake(tmp_path) as bot:
        await bot.intake.submit([bot.event("/start", "marked-address")])
        bot.intake.record(Outcome(delivered=(bot.posted[0].id,)))
        async with bot.database.reading() as reader:
            row = await reader.one("SELECT body FROM outbox")
        assert row
        assert row["body"].encode()[:60] in every_byte(tmp_path)
        bot.world.now += dt.timedelta(hours=1)
        await bot.intake.probe()
        await bot.intake.probe()
        assert row["body"].encode()[:60] not in every_byte(tmp_path)


async def test_what_was_told_while_nobody_looked_waits_for_the_code(tmp_path: Path) -> None:
    """A coordinator whose page was closed meanwhile finds the notice when they come back with their code."""
    world = World(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        invite = await codes.issue(writer, "coordinator", "", world.now)
    staff = world.someone("s1", "web")
    back = re.findall(r"\w{4}-\w{4}-\w{4}", await staff.say(f"/start {invite}"))[0]
    world.now += dt.timedelta(minutes=1)
    await records.ask(world.someone("w1", "web"))
    world.now += dt.timedelta(minutes=31)
    await world.look()
    await world.someone("s2", "web").say(back)
    async with world.database() as database, database.reading() as reader:
        shown = [row["body"] for row in await outbox.of_session(reader, "s2", 0)]
    assert any("There is a new request" in body for body in shown)


async def test_leaving_is_never_too_fast(tmp_path: Path) -> None:
    """Somebody who pressed everything and then leaves takes it all along; asking for help is always heard."""
    async with intake(tmp_path) as bot:
        await bot.intake.submit([bot.world.event("web", "s", Kind.TEXT, text=f"secret {n}") for n in range(120)])
        await bot.intake.submit([bot.world.event("web", "s", Kind.TEXT, text="/safe")])
        assert "You were right to tell" in bot.heard[-1]
        await bot.intake.submit(
            [bot.world.event("web", "s", Kind.LEFT), bot.world.event("web", "s", Kind.TEXT, text="late")]
        )
        assert await bot.rows("people") == []
        assert [row["said"] for row in await bot.rows("inbox") if row["said"]] == []


async def test_an_event_that_cannot_be_written_is_not_asked_for_again(tmp_path: Path) -> None:
    """The culprit of a failed commit is kept once, however often it is told."""
    async with intake(tmp_path) as bot:
        event = bot.event("/orphan")
        for _time in range(3):
            await bot.intake.submit([event])
        assert len(await bot.rows("failed_events")) == 1
