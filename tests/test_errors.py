"""Whatever goes wrong ends in one clear line on standard error and the right exit code, never in a traceback."""

import asyncio
import os
import shutil
import signal
import socket
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from bot.errors import DatabaseUnavailable
from bot.store.database import connect, only_one
from tests import records
from tests.shell import CHECKOUT, IMPATIENT, ivbot, lock_held, started, until_ready

ANY_PORT = {"IVBOT_WEB__PORT": "0"}
OPENING = ("run", "invite volunteer", "export interest", "backup copy.db")
"""A command for each way to open the database, `check` apart: that one reports instead."""

NOT_OURS = "ivbot.db: is not an ivbot database, or database.key is not its key"
DAMAGED = "ivbot.db: is damaged. Restore the last backup: ivbot restore FILE --force"


@pytest.mark.parametrize("command", ["export interest", "purge", "purge --dry-run", "backup copy.db"])
def test_without_a_database_there_is_nothing_to_do(command: str, tmp_path: Path) -> None:
    """A mistyped path is said; no empty database is made in its place."""
    ended = ivbot(tmp_path, *command.split())

    assert (ended.code, ended.line) == (1, "ivbot.db: there is no database yet. Start the bot once: ivbot run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["invite volunteer", "purge", "export interest", "run"])
async def test_a_database_that_stays_locked(command: str, tmp_path: Path) -> None:
    """A command that never gets its turn says so, and changes nothing."""
    await records.fill(tmp_path / "ivbot.db", 1)
    before = (tmp_path / "ivbot.db").read_bytes()

    with lock_held(tmp_path / "ivbot.db"):
        ended = ivbot(tmp_path, *command.split(), before=IMPATIENT, env=ANY_PORT)
    said = "ivbot.db: is locked by another program. Nothing was lost; try again when it is done"
    assert (ended.code, ended.line, ended.out) == (1, said, b"")
    assert (tmp_path / "ivbot.db").read_bytes() == before


@pytest.mark.parametrize("command", ["invite volunteer", "purge", "export interest"])
async def test_a_command_waits_its_turn(command: str, tmp_path: Path) -> None:
    """While another program writes, a command waits; then it does its work, and others see it at once."""
    path = tmp_path / "ivbot.db"
    await records.fill(path, 1)

    with lock_held(path) as writer, started(tmp_path, *command.split()) as process:
        while not _has_open(process.pid, path):  # it has come as far as the database
            assert process.poll() is None
            await asyncio.sleep(0.001)
        writer.communicate(b"\n")
        _out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    with closing(connect(path, reading=True)) as db:
        assert [row["action"] for row in db.execute("SELECT action FROM audit")] == [command.split(maxsplit=1)[0]]


def _has_open(pid: int, path: Path) -> bool:
    """Whether a process has a file open. Others come and go while we look."""
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            if link.readlink() == path.resolve():
                return True
    return False


@pytest.mark.parametrize("command", OPENING)
@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be one" * 100, b"short"])
def test_a_file_that_is_no_database(command: str, content: bytes, tmp_path: Path) -> None:
    """The file is somebody else's: it is named, and not one byte of it is changed."""
    (tmp_path / "ivbot.db").write_bytes(content)

    ended = ivbot(tmp_path, *command.split(), env=ANY_PORT)
    assert (ended.code, ended.line) == (1, NOT_OURS)
    assert (tmp_path / "ivbot.db").read_bytes() == content


@pytest.mark.parametrize("command", OPENING[:-1])
def test_the_database_of_another_program(command: str, tmp_path: Path) -> None:
    """A SQLite file that ivbot has not made gets none of its tables."""
    with closing(sqlite3.connect(tmp_path / "ivbot.db")) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    before = (tmp_path / "ivbot.db").read_bytes()

    ended = ivbot(tmp_path, *command.split(), env=ANY_PORT)
    assert (ended.code, ended.line) == (1, NOT_OURS)
    assert (tmp_path / "ivbot.db").read_bytes() == before


@pytest.mark.parametrize("command", OPENING)
async def test_a_damaged_database(command: str, tmp_path: Path) -> None:
    """Pages full of rubbish are noticed, and the way back is said."""
    await records.fill(tmp_path / "ivbot.db", 50)
    content = (tmp_path / "ivbot.db").read_bytes()
    (tmp_path / "ivbot.db").write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))

    ended = ivbot(tmp_path, *command.split(), env=ANY_PORT)
    assert (ended.code, ended.line) == (1, DAMAGED)


@pytest.mark.parametrize("command", OPENING)
async def test_a_database_that_was_cut_off(command: str, tmp_path: Path) -> None:
    """Half a file, as an interrupted copy leaves it, is noticed."""
    await records.fill(tmp_path / "ivbot.db", 50)
    os.truncate(tmp_path / "ivbot.db", 4096)

    ended = ivbot(tmp_path, *command.split(), env=ANY_PORT)
    assert (ended.code, ended.line) == (1, DAMAGED)


@pytest.mark.parametrize("command", ["run", "invite volunteer", "export interest"])
async def test_a_database_of_a_newer_ivbot(command: str, tmp_path: Path) -> None:
    """An older program leaves a newer program's file alone."""
    await records.fill(tmp_path / "ivbot.db", 1)
    with closing(connect(tmp_path / "ivbot.db")) as db:
        db.execute("INSERT INTO migrations (name) VALUES ('9999_from_the_future.sql')")

    ended = ivbot(tmp_path, *command.split(), env=ANY_PORT)
    said = "ivbot.db: was written by a newer ivbot. Install that one, or restore a backup made before it"
    assert (ended.code, ended.line) == (1, said)


@pytest.mark.parametrize("key", ["", "another key"])
@pytest.mark.parametrize("command", OPENING)
async def test_the_wrong_key(command: str, key: str, tmp_path: Path) -> None:
    """An encrypted database without its key cannot be told from rubbish: the line names both reasons."""
    await records.fill(tmp_path / "ivbot.db", 1, key="the key")
    before = (tmp_path / "ivbot.db").read_bytes()

    ended = ivbot(tmp_path, *command.split(), env={"IVBOT_DATABASE__KEY": key, **ANY_PORT})
    assert (ended.code, ended.line) == (1, NOT_OURS)
    assert (tmp_path / "ivbot.db").read_bytes() == before


@pytest.mark.parametrize("command", ["run", "invite volunteer"])
def test_a_folder_where_nothing_can_be_made(command: str, tmp_path: Path) -> None:
    """A folder that is a file stands for every folder one may not write to: even root cannot."""
    (tmp_path / "file").touch()

    ended = ivbot(tmp_path, *command.split(), env={"IVBOT_DATABASE__PATH": "file/ivbot.db", **ANY_PORT})
    assert ended.code == 1
    assert ended.line.startswith("file/ivbot.db: cannot be ")
    assert ended.line.endswith("(Not a directory)")


def test_a_full_disk(tmp_path: Path) -> None:
    """A database that cannot grow says so; once there is room the same command works."""
    small = "import bot.store.database as d; d._PRAGMAS += ('max_page_count = 20',)"

    ended = ivbot(tmp_path, "invite", "volunteer", before=small)
    said = "ivbot.db: cannot grow: the disk is full. What was saved is safe; make room and try again"
    assert (ended.code, ended.line, ended.out) == (1, said, b"")
    assert ivbot(tmp_path, "invite", "volunteer").code == 0


def test_a_port_in_use(tmp_path: Path) -> None:
    """Another program on the port is named with what to do about it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = ivbot(tmp_path, "run", env={"IVBOT_WEB__PORT": str(port)})
    said = f"Port {port} on 127.0.0.1 is in use. Stop the other program, or set web.port to a free one."
    assert (ended.code, ended.line) == (1, said)


def test_a_second_bot_on_the_same_database(tmp_path: Path) -> None:
    """The first one goes on; the second one ends at once, before it has touched anything."""
    with only_one(tmp_path / "ivbot.db"):
        ended = ivbot(tmp_path, "run", env=ANY_PORT)
    assert (ended.code, ended.line) == (
        1,
        "ivbot.db: another ivbot is already running on this database. Stop it first.",
    )
    assert not (tmp_path / "ivbot.db").exists()


def test_an_error_while_serving_is_not_mistaken_for_the_lock(tmp_path: Path) -> None:
    """What goes wrong while the right to serve is held keeps its own name."""
    with pytest.raises(ConnectionResetError), only_one(tmp_path / "ivbot.db"):
        raise ConnectionResetError
    with pytest.raises(DatabaseUnavailable), only_one(tmp_path / "nowhere" / "ivbot.db"):
        pass


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The program with words of its own, to be broken."""
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in ("bot", "handlers", "ivbot.toml"):
        (tree / name).symlink_to(CHECKOUT / name)
    shutil.copytree(CHECKOUT / "locales", tree / "locales")
    return tree


@pytest.mark.parametrize("command", ["run", "ask hello", "languages"])
def test_a_broken_page(command: str, tree: Path, tmp_path: Path) -> None:
    """A page without its front matter stops the start, with the file's name."""
    page = tree / "locales" / "en" / "pages" / "checks.md"
    page.write_text("no front matter", encoding="utf-8")

    ended = ivbot(tmp_path, *command.split(), tree=tree, env=ANY_PORT)
    assert (ended.code, ended.line) == (1, f"{page}: title is missing or not known. Mend the file and start again.")


@pytest.mark.parametrize("command", ["run", "languages"])
def test_a_broken_catalogue(command: str, tree: Path, tmp_path: Path) -> None:
    """A catalogue that cannot be read stops the start, with the file's name."""
    catalogue = tree / "locales" / "en" / "LC_MESSAGES" / "ivbot.po"
    catalogue.write_bytes(b'msgid "x\nmsgstr \xff')

    ended = ivbot(tmp_path, *command.split(), tree=tree, env=ANY_PORT)
    assert ended.code == 1
    assert ended.line.startswith(f"{catalogue}: the catalogue cannot be read (")


def test_ctrl_c_while_serving_is_a_stop_like_any_other(tmp_path: Path) -> None:
    """The bot finishes what it took and ends with exit code 0."""
    with started(tmp_path, "run", env=ANY_PORT) as process:
        until_ready(process)
        process.send_signal(signal.SIGINT)
        _out, err = process.communicate()
    assert process.returncode == 0
    assert b"Traceback" not in err


def test_ctrl_c_in_the_middle_of_a_command(tmp_path: Path) -> None:
    """An interrupted command is quiet and ends as shells expect it, with 130."""
    with started(tmp_path, "ask", "-", "--json") as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"hello\n")
        process.stdin.flush()
        assert process.stdout.readline()  # it is at work, and waits for more
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
        assert process.stderr
        assert process.stderr.read() == b""


def test_a_mistake_of_ours_does_not_show_what_it_was_about(tmp_path: Path) -> None:
    """An error nobody foresaw is a line with its kind and place; its message may quote a child."""
    broken = """
import bot.commands.ask as ask
def answer(*_arguments):
    raise ValueError("marked words of a child")
ask.answer = answer
"""
    ended = ivbot(tmp_path, "ask", "hello", before=broken)

    assert ended.code == 1
    assert ended.line.startswith("A mistake in ivbot stopped this (ValueError in answer, <string>:4). What was saved")
    assert "marked" not in ended.err


def test_help_and_wrong_calls_make_no_file_and_load_nothing_heavy(tmp_path: Path) -> None:
    """`ivbot --help` starts without the libraries that only some command needs."""
    heavy = {
        "aiohttp", "aiosqlite", "babel", "dateparser", "rapidfuzz", "sqlcipher3", "starlette",
        "structlog", "telegram", "uvicorn", "uvloop", "xlsxwriter", "handlers", "bot.app",
    }  # fmt: skip
    listing = "import atexit, sys; atexit.register(lambda: print('loaded', *sys.modules))"

    ended = ivbot(tmp_path, "--help", before=listing)
    loaded = set(ended.said.rpartition("loaded ")[2].split())
    assert ended.code == 0
    assert "bot.cli" in loaded
    assert heavy & loaded == set()
    assert heavy & set(ivbot(tmp_path, "exprot", before=listing).said.rpartition("loaded ")[2].split()) == set()
    assert list(tmp_path.iterdir()) == []


def test_without_a_command_the_commands_are_listed(tmp_path: Path) -> None:
    """`ivbot` alone shows its help and ends with 2, as a call without a command is wrong use."""
    ended = ivbot(tmp_path)

    assert (ended.code, ended.err) == (2, "")
    assert "export" in ended.said
