"""Copies of the database: made while it is written to, and put back only when that is safe."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.commands.backup import restore
from bot.errors import WrongUse
from bot.settings import Database as DatabaseSettings
from bot.settings import Settings
from bot.store.database import connect, only_one
from bot.store.whole import copy, integrity
from tests import records
from tests.shell import files, ivbot, mode, written_to

KEY = {"IVBOT_DATABASE__KEY": "a key with 'quotes' and spaces"}


def names(path: Path, key: str = "") -> list[str]:
    with closing(connect(path, key, reading=True)) as db:
        return [row["name"] for row in db.execute("SELECT name FROM interests ORDER BY reference")]


async def test_a_copy_is_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    """A backup has every record, nobody else may read it, and nothing is left beside it."""
    await records.fill(tmp_path / "ivbot.db", 3)

    ended = ivbot(tmp_path, "backup", "copy.db")
    assert (ended.code, ended.said) == (0, "Copied ivbot.db to copy.db, and checked the copy.\n")
    assert names(tmp_path / "copy.db") == ["Sam 0", "Sam 1", "Sam 2"]
    assert mode(tmp_path / "copy.db") == 0o600
    assert files(tmp_path) == ["copy.db", "ivbot.db"]


async def test_a_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    """The file with children's names in it is made so that no other user of the machine may read it."""
    assert ivbot(tmp_path, "invite", "volunteer").code == 0

    assert mode(tmp_path / "ivbot.db") == 0o600


async def test_a_copy_made_while_somebody_writes_is_of_one_moment(tmp_path: Path) -> None:
    """With a program that never stops writing, a backup still ends, and holds no half of anything."""
    path = tmp_path / "ivbot.db"
    await records.fill(path, 300, anything_else="a" * 2000)

    with written_to(path) as writer:
        ended = [ivbot(tmp_path, "backup", f"copy{number}.db") for number in range(2)]
        assert writer.poll() is None  # it wrote all the time
    assert [one.code for one in ended] == [0, 0]
    counts = []
    for number in range(2):
        with closing(connect(tmp_path / f"copy{number}.db", reading=True)) as db:
            halves = [row["half"] for row in db.execute("SELECT half FROM pairs ORDER BY n")]
        assert halves == [1, 2] * (len(halves) // 2)
        counts.append(len(halves))
    assert 20 <= counts[0] < counts[1]


async def test_a_copy_does_not_change_what_it_copies(tmp_path: Path) -> None:
    """A backup before an upgrade is of the old version: no migration is run on the way."""
    await records.fill(tmp_path / "ivbot.db", 1)
    with closing(connect(tmp_path / "ivbot.db")) as db:
        db.execute("DELETE FROM migrations")
    before = (tmp_path / "ivbot.db").read_bytes()

    assert ivbot(tmp_path, "backup", "copy.db").code == 0
    assert (tmp_path / "ivbot.db").read_bytes() == before


async def test_a_copy_never_replaces_a_file(tmp_path: Path) -> None:
    """A name that is taken, or in a folder that is not there, is refused."""
    await records.fill(tmp_path / "ivbot.db", 1)
    (tmp_path / "copy.db").write_text("an older one", encoding="utf-8")

    taken, nowhere = ivbot(tmp_path, "backup", "copy.db"), ivbot(tmp_path, "backup", "nowhere/copy.db")
    assert (taken.code, taken.line) == (2, "copy.db: is there already. Name another file, or move it away.")
    assert (nowhere.code, nowhere.line) == (2, "nowhere: there is no such folder.")
    assert (tmp_path / "copy.db").read_text(encoding="utf-8") == "an older one"


async def test_a_damaged_database_gives_no_copy(tmp_path: Path) -> None:
    """A backup that would not restore is not made."""
    await records.fill(tmp_path / "ivbot.db", 1)
    with closing(connect(tmp_path / "ivbot.db")) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DELETE FROM people")

    ended = ivbot(tmp_path, "backup", "copy.db")
    assert (ended.code, "is damaged" in ended.line) == (1, True)
    assert files(tmp_path) == ["ivbot.db"]


async def test_a_copy_comes_back_on_a_new_machine(tmp_path: Path) -> None:
    """Without a database there is nothing to overwrite: no `--force` is needed."""
    await records.fill(tmp_path / "elsewhere.db", 2)
    copy(tmp_path / "elsewhere.db", "", tmp_path / "copy.db")

    ended = ivbot(tmp_path, "restore", "copy.db")
    assert (ended.code, ended.said) == (0, "Restored ivbot.db from copy.db.\n")
    assert names(tmp_path / "ivbot.db") == ["Sam 0", "Sam 1"]
    assert mode(tmp_path / "ivbot.db") == 0o600
    assert ivbot(tmp_path, "check").code == 0


async def test_a_database_is_overwritten_only_by_force(tmp_path: Path) -> None:
    """Without `--force` the line says how to go on, and nothing is touched; with it the copy is in its place."""
    await records.fill(tmp_path / "copy.db", 2)
    await records.fill(tmp_path / "ivbot.db", 1)
    before = (tmp_path / "ivbot.db").read_bytes()

    ended = ivbot(tmp_path, "restore", "copy.db")
    said = "ivbot.db: is there already. To put the copy in its place: ivbot restore copy.db --force"
    assert (ended.code, ended.line) == (2, said)
    assert (tmp_path / "ivbot.db").read_bytes() == before
    assert ivbot(tmp_path, "restore", "copy.db", "--force").code == 0
    assert names(tmp_path / "ivbot.db") == ["Sam 0", "Sam 1"]


@pytest.mark.parametrize("damage", ["rubbish", "cut off", "not a copy", "not there"])
async def test_a_bad_copy_is_noticed_before_anything_is_touched(damage: str, tmp_path: Path) -> None:
    """The copy is checked first, `--force` or not: the database stays as it is."""
    await records.fill(tmp_path / "copy.db", 50)
    await records.fill(tmp_path / "ivbot.db", 1)
    before = (tmp_path / "ivbot.db").read_bytes()
    content = (tmp_path / "copy.db").read_bytes()
    match damage:
        case "rubbish":
            (tmp_path / "copy.db").write_bytes(content[:8192] + b"\xa5" * (len(content) - 8192))
        case "cut off":
            (tmp_path / "copy.db").write_bytes(content[:8192])
        case "not a copy":
            (tmp_path / "copy.db").write_bytes(b"PDF" * 1000)
        case _:
            (tmp_path / "copy.db").unlink()

    ended = ivbot(tmp_path, "restore", "copy.db", "--force")
    assert ended.code == (2 if damage == "not there" else 1)
    assert ended.line.startswith("copy.db: ")
    assert (tmp_path / "ivbot.db").read_bytes() == before
    assert names(tmp_path / "ivbot.db") == ["Sam 0"]


async def test_nothing_is_restored_under_a_running_bot(tmp_path: Path) -> None:
    """While a bot serves the database, not even `--force` replaces it."""
    await records.fill(tmp_path / "copy.db", 2)
    await records.fill(tmp_path / "ivbot.db", 1)

    with only_one(tmp_path / "ivbot.db"):
        ended = ivbot(tmp_path, "restore", "copy.db", "--force")
    assert (ended.code, ended.line) == (
        1,
        "ivbot.db: another ivbot is already running on this database. Stop it first.",
    )
    assert names(tmp_path / "ivbot.db") == ["Sam 0"]


async def test_the_log_of_the_old_database_does_not_get_into_the_new_one(tmp_path: Path) -> None:
    """After a crash there may be a log with the last commits: it belongs to the database that is replaced."""
    path, crashed = tmp_path / "ivbot.db", tmp_path / "crashed"
    crashed.mkdir()
    await records.fill(tmp_path / "copy.db", 2)
    await records.fill(path, 1)
    with closing(connect(path)) as db:
        db.execute("UPDATE interests SET name = 'from the old log'")
        for suffix in ("", "-wal", "-shm"):  # as a kill leaves them: once the last connection closes they are gone
            (crashed / f"ivbot.db{suffix}").write_bytes((tmp_path / f"ivbot.db{suffix}").read_bytes())
    for file in crashed.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())

    assert ivbot(tmp_path, "restore", "copy.db", "--force").code == 0
    assert names(path) == ["Sam 0", "Sam 1"]
    assert integrity(path, "") == ""


async def test_a_copy_with_a_log_of_its_own_is_restored_with_it(tmp_path: Path) -> None:
    """Somebody may have copied the files by hand while the bot ran: what is in the log counts."""
    source = tmp_path / "source.db"
    await records.fill(source, 1)
    with closing(connect(source)) as db:
        db.execute("UPDATE interests SET name = 'in the log'")
        for suffix in ("", "-wal"):
            (tmp_path / f"copy.db{suffix}").write_bytes((tmp_path / f"source.db{suffix}").read_bytes())

    assert ivbot(tmp_path, "restore", "copy.db").code == 0
    assert names(tmp_path / "ivbot.db") == ["in the log"]


async def test_the_database_cannot_be_restored_from_itself(tmp_path: Path) -> None:
    """A copy is another file."""
    await records.fill(tmp_path / "ivbot.db", 1)
    settings = Settings(database=DatabaseSettings(path=tmp_path / "ivbot.db"))

    with pytest.raises(WrongUse, match="is the database itself"):
        restore(settings, tmp_path / "ivbot.db", force=True)


async def test_with_a_key_nothing_can_be_read_without_it(tmp_path: Path) -> None:
    """Database and copy are encrypted from the first byte to the last: neither words nor SQLite's own head are seen."""
    key = KEY["IVBOT_DATABASE__KEY"]
    await records.fill(tmp_path / "ivbot.db", 5, key=key, name="Markedname")

    assert ivbot(tmp_path, "backup", "copy.db", env=KEY).code == 0
    for file in ("ivbot.db", "copy.db"):
        content = (tmp_path / file).read_bytes()
        assert b"Markedname" not in content
        assert b"SQLite format" not in content
        assert b"interests" not in content
        assert len(set(content[:4096])) > 200
    with (
        pytest.raises(sqlite3.DatabaseError, match="not a database"),
        closing(sqlite3.connect(tmp_path / "copy.db")) as db,
    ):
        db.execute("SELECT * FROM interests")


async def test_with_a_key_every_command_works(tmp_path: Path) -> None:
    """From the first migration to backup, restore, check, export and purge."""
    await records.fill(tmp_path / "other.db", 2, key=KEY["IVBOT_DATABASE__KEY"])
    for command in (
        "invite coordinator", "backup copy.db", "restore other.db --force", "check", "purge", "purge --dry-run",
    ):  # fmt: skip
        ended = ivbot(tmp_path, *command.split(), env=KEY)
        assert (command, ended.code, ended.err) == (command, 0, "")

    assert "whole, encrypted" in ivbot(tmp_path, "check", env=KEY).said
    assert ivbot(tmp_path, "export", "interest", "--format", "json", env=KEY).said.count("Sam") == 2


@pytest.mark.parametrize("key", ["", "another key"])
async def test_a_copy_with_another_key_is_not_restored(key: str, tmp_path: Path) -> None:
    """A copy that this key does not open would leave a database that nobody can read."""
    await records.fill(tmp_path / "copy.db", 1, key="the key")

    ended = ivbot(tmp_path, "restore", "copy.db", env={"IVBOT_DATABASE__KEY": key})
    assert (ended.code, ended.line) == (1, "copy.db: is not an ivbot database, or database.key is not its key")
    assert files(tmp_path) == ["copy.db"]
