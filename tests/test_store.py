"""The store: rules that hold for whoever writes to the file, one writer, and migrations."""

import asyncio
import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.interest import MOVES, Status
from bot.errors import AlreadyRunning, DatabaseUnavailable
from bot.store import audit
from bot.store.clock import moment, stamp
from bot.store.database import MIGRATIONS, Database, connect, only_one, opened, pending, statements
from tests.conversation import World

CONSENT = "INSERT INTO consents (person, interest, purpose, given, words, version, language, answered_at) VALUES "
INTEREST = (
    "INSERT INTO interests (reference, person, asked_by, channel, language, received_at, status, status_since) VALUES "
)


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A fresh database with one person in it."""
    async with opened(tmp_path / "ivbot.db", ""):
        pass
    with closing(connect(tmp_path / "ivbot.db")) as db:
        db.execute("INSERT INTO people (id, created_at) VALUES ('p', ''), ('other', '')")
        db.execute(f"{INTEREST} ('IV-1', 'p', 'child', 'web', 'en', '', 'awaiting_child', '')")
    return tmp_path / "ivbot.db"


def refused(path: Path, *sql: str) -> str:
    """What the database says to the last of some statements, written past all of our code."""
    with closing(connect(path)) as db:
        for statement in sql[:-1]:
            db.execute(statement)
        with pytest.raises(sqlite3.Error) as error:
            db.execute(sql[-1])
        return str(error.value)


def way_to(goal: Status) -> list[Status]:
    """The fewest steps to somewhere on the road, from the start."""
    ways = [[Status.AWAITING_CHILD]]
    for way in ways:
        if way[-1] is goal:
            return way[1:]
        ways += [[*way, to] for to in MOVES[way[-1]] if to not in way]
    raise LookupError(goal)


def step(to: Status) -> str:
    return f"UPDATE interests SET status = '{to}' WHERE reference = 'IV-1'"


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.AWAITING_CHILD, Status.DECLINED, Status.WITHDRAWN}))
async def test_nothing_moves_before_the_childs_own_yes(path: Path, status: Status) -> None:
    """In SQL as well: not at once, not with a no, not with somebody else's yes, not with a withdrawn one."""
    yes = f"{CONSENT} ('p', 'IV-1', 'send', 1, 'w', 'v', 'en', '')"
    take_back = "UPDATE consents SET withdrawn_at = 'now' WHERE given AND withdrawn_at IS NULL"
    said = "nothing moves before the child's own yes"
    assert refused(path, f"{INTEREST} ('IV-2', 'p', 'child', 'web', 'en', '', '{status}', '')").startswith(
        "an interest starts as"
    )
    *before, last = way_to(status)
    there = [step(to) for to in before]
    with closing(connect(path)) as db:
        for statement in (yes, *there, take_back):
            db.execute(statement)
    assert refused(path, step(last)) == said
    assert refused(path, f"{CONSENT} ('p', 'IV-1', 'send', 0, 'w', 'v', 'en', '')", step(last)) == said
    assert refused(path, f"{CONSENT} ('other', 'IV-1', 'send', 1, 'w', 'v', 'en', '')", step(last)) == said
    assert refused(path, f"{CONSENT} ('p', 'IV-1', 'share', 1, 'w', 'v', 'en', '')", step(last)) == said
    with closing(connect(path)) as db:
        db.execute(yes)
        db.execute(step(last))


async def test_a_consent_keeps_its_words(path: Path) -> None:
    """A consent can be withdrawn once; nothing else about it can be changed."""
    yes = f"{CONSENT} ('p', 'IV-1', 'send', 1, 'w', 'v', 'en', '')"
    for change in (
        "words = 'x'",
        "given = 0",
        "version = 'x'",
        "withdrawn_at = 'now', words = 'x'",
        "withdrawn_at = NULL",
    ):
        assert "keeps its words" in refused(path, yes, f"UPDATE consents SET {change}")
    once = "UPDATE consents SET withdrawn_at = 'now' WHERE withdrawn_at IS NULL"
    assert "keeps its words" in refused(path, yes, once, "UPDATE consents SET withdrawn_at = 'later'")


async def test_the_audit_is_append_only_and_chained(path: Path) -> None:
    """Rows can be neither changed nor deleted in SQL; what goes around the triggers breaks the chain there."""
    async with opened(path, "") as database:
        async with database.writer.transaction() as writer:
            for number in range(5):
                await audit.add(writer, "p", "guest", "show", f"IV-{number}", "2026")
        async with database.reading() as reader:
            assert await audit.broken_at(reader) is None
    assert refused(path, "UPDATE audit SET subject = 'x' WHERE seq = 3") == "the audit is append-only"
    assert refused(path, "DELETE FROM audit WHERE seq = 3") == "the audit is append-only"
    with closing(connect(path)) as db:
        db.execute("DROP TRIGGER audit_no_update")
        db.execute("UPDATE audit SET subject = 'x' WHERE seq = 3")
    async with opened(path, "") as database, database.reading() as reader:
        assert await audit.broken_at(reader) == 3


async def test_every_table_is_strict_and_its_keys_hold(path: Path) -> None:
    """All our tables are STRICT, foreign keys are on, and deleted words are overwritten in the file."""
    with closing(connect(path)) as db:
        tables = [
            row
            for row in db.execute("PRAGMA table_list")
            if row["schema"] == "main" and row["type"] == "table" and not row["name"].startswith("sqlite_")
        ]
        assert len(tables) > 12
        assert [row["name"] for row in tables if not row["strict"]] == []
        assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        assert db.execute("PRAGMA secure_delete").fetchone()[0] == 1
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert "FOREIGN KEY" in refused(
        path, "BEGIN", f"{INTEREST} ('IV-3', 'nobody', 'child', 'web', 'en', '', 'declined', '')", "COMMIT"
    )


async def test_every_foreign_key_has_an_index(path: Path) -> None:
    """Deleting a person or an interest looks nothing up by reading a whole table."""
    with closing(connect(path)) as db:
        tables = [row["name"] for row in db.execute("PRAGMA table_list") if row["schema"] == "main"]
        keys = [(table, row["from"]) for table in tables for row in db.execute(f"PRAGMA foreign_key_list({table})")]
        indexed = {
            (table, db.execute(f"PRAGMA index_info({index['name']})").fetchone()["name"])
            for table in tables
            for index in db.execute(f"PRAGMA index_list({table})")
        }
    assert len(keys) > 8
    assert set(keys) - indexed == set()


async def test_a_file_of_every_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    """From each state a released version may have left, opening arrives at the same schema."""
    schemas = set()
    for count in range(len(list(MIGRATIONS.glob("*.sql"))) + 1):
        path = tmp_path / f"{count}.db"
        with closing(connect(path)) as db:
            db.execute(
                "CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL DEFAULT 'x') STRICT,"
                " WITHOUT ROWID"
            )
            for migration in pending([])[:count]:
                for statement in statements(migration.read_text()):
                    db.execute(statement)
                db.execute("INSERT INTO migrations (name) VALUES (?)", (migration.name,))
        await (await Database.open(path)).close()
        with closing(connect(path)) as db:
            schemas.add(
                tuple(
                    row[0]
                    for row in db.execute("SELECT sql FROM sqlite_master WHERE name != 'migrations' ORDER BY name")
                )
            )
    assert len(schemas) == 1


async def test_a_broken_migration_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration and its record are one transaction."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_broken.sql").write_text("CREATE TABLE a (b TEXT) STRICT;\nCREATE TABLE a (b TEXT) STRICT;\n")
    monkeypatch.setattr("bot.store.database.MIGRATIONS", folder)
    with pytest.raises(sqlite3.Error):
        await Database.open(tmp_path / "x.db")
    with closing(connect(tmp_path / "x.db")) as db:
        assert [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")] == ["migrations"]
        assert db.execute("SELECT count(*) FROM migrations").fetchone()[0] == 0


def test_only_one_process_serves_a_database(tmp_path: Path) -> None:
    """The right to serve is held by one, and let go of at the end."""
    path = tmp_path / "ivbot.db"
    with only_one(path), pytest.raises(AlreadyRunning), only_one(path):
        pass
    with only_one(path):
        pass


async def test_readers_do_not_wait_for_the_writer_and_never_write(path: Path) -> None:
    """A reader sees what was committed while a transaction is open, and cannot change anything."""
    async with opened(path, "") as database:
        async with database.writer.transaction() as writer:
            await writer.run("DELETE FROM interests")
            async with database.reading() as reader:
                assert len(await reader.all("SELECT * FROM interests")) == 1
                with pytest.raises(DatabaseUnavailable, match="may not be written"):
                    await reader.all("DELETE FROM interests")
        async with database.reading() as reader:
            assert await reader.all("SELECT * FROM interests") == []


async def test_more_reads_than_readers_wait_their_turn(path: Path) -> None:
    """Many at once share the readers."""
    async with opened(path, "") as database:

        async def read() -> int:
            async with database.reading() as reader:
                return len(await reader.all("SELECT * FROM people"))

        assert await asyncio.gather(*(read() for _n in range(20))) == [2] * 20


@given(
    st.datetimes(
        timezones=st.just(dt.UTC),
        min_value=dt.datetime(1900, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    ),
    st.timedeltas(dt.timedelta(), dt.timedelta(days=9)),
)
def test_stamps_sort_as_moments_do(first: dt.datetime, later: dt.timedelta) -> None:
    """Text order is time order, to the millisecond, and a stamp can be read back."""
    try:
        second = first + later
    except OverflowError:
        return
    assert stamp(first) <= stamp(second)
    assert abs(moment(stamp(first)) - first) < dt.timedelta(milliseconds=1)


WORDS = st.text(st.characters(codec="utf-8"), max_size=300)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, min_size=1, max_size=12))
async def test_any_words_in_any_box_break_nothing(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    """Whatever a child types, at the menu or in a form, every line gets an answer and nothing fails."""
    world = World(tmp_path_factory.mktemp("world"))
    child = world.someone("c", "web")
    await child.say("/start")
    await child.press("interest")
    await child.press("Me")
    for line in words:
        assert await child.say(line)
    async with world.database() as database, database.reading() as reader:
        assert await reader.all("SELECT * FROM failed_events") == []
