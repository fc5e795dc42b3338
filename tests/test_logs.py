"""Logs tell what happened and where, and never who said what: marked secrets go in everywhere, and none comes out."""

import asyncio
import logging
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import structlog

from bot import logs
from bot.engine.message import Kind
from bot.store import interests
from tests import records
from tests.conversation import World
from tests.shell import ivbot

TOKEN = "1234567890:AAmarkedTokenmarkedTokenmarkedToken"
CODE = "7K3Q-9M2X-4TBR"
WORDS = "markedname lives in markedstreet"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """What `configure` changes is the whole process's: it is put back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def broken() -> None:
    """What goes wrong, with words that are nobody's business."""
    raise ValueError(WORDS)


def marked(text: str) -> list[str]:
    """The lines that say what no log may say."""
    return [line for line in text.splitlines() if re.search("marked|Traceback|7K3Q|4TBR", line, re.IGNORECASE)]


@pytest.mark.parametrize("form", ["console", "json"])
async def test_a_conversation_leaves_no_words_in_the_log(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At the lowest level, every turn is a line with its number, and none has a word of what was said."""
    logs.configure("debug", form)
    world = World(tmp_path)
    await records.ask(world.someone("markedaddress", "web"), name="Markedname", wishes=WORDS)
    await world.someone("markedaddress", "web").say(f"{TOKEN} {CODE} {WORDS}")
    await world.someone("7").send(Kind.EDITED, text=WORDS)

    err = capsys.readouterr().err
    turns = [line for line in err.splitlines() if "turn.done" in line]
    assert len(turns) > 10
    assert marked(err) == []
    if form == "json":
        assert [orjson.loads(line)["turn"] for line in turns] == list(range(1, len(turns) + 1))


@pytest.mark.parametrize("form", ["console", "json"])
async def test_a_handler_that_breaks_does_not_quote_anybody(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line says the kind of error and the place in the code; the words of the error are in the database alone."""
    logs.configure("debug", form)
    world = World(tmp_path)

    async def broken_query(*_arguments: object) -> None:
        raise ValueError(f"{WORDS} {TOKEN} {CODE}")

    monkeypatch.setattr(interests, "newest_of", broken_query)
    await world.someone("markedaddress", "web").say("/story")

    err = capsys.readouterr().err
    (line,) = [line for line in err.splitlines() if "turn.failed" in line]
    assert "ValueError" in line
    assert "broken_query:" in line
    assert marked(err) == []
    async with world.database() as database, database.reading() as reader:
        kept = await reader.all("SELECT traceback FROM failed_events")
    assert WORDS in kept[0]["traceback"]


@pytest.mark.parametrize("form", ["console", "json"])
def test_what_a_library_logs_is_only_its_place(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Its words may quote anything: a token in an address, a name in an argument, an error's message."""
    logs.configure("info", form)
    log = logging.getLogger("some.library")
    log.warning("GET https://api.telegram.org/bot%s/getMe", TOKEN)
    log.error("cannot read %s", WORDS)
    log.error(f"already put together: {WORDS}")  # noqa: G004 - as some libraries do
    try:
        broken()
    except ValueError:
        log.exception(WORDS, stack_info=True)

    err = capsys.readouterr().err
    assert marked(err) == []
    assert err.count("\n") == 4
    assert err.count("some.library") == 4
    assert err.count("ValueError") == 1
    assert err.count("test_what_a_library_logs_is_only_its_place") == 3
    assert err.count("test_logs.broken:") == 1


async def test_a_task_that_dies_unseen_does_not_quote_anybody(capsys: pytest.CaptureFixture[str]) -> None:
    """Asyncio puts the error of a forgotten task, and the arguments of a callback, into its own line: not into ours."""
    logs.configure("info", "json")
    loop = asyncio.get_running_loop()

    def callback(words: str) -> None:
        raise ValueError(words)

    loop.call_soon(callback, WORDS)
    loop.call_exception_handler({"message": WORDS, "exception": ValueError(WORDS)})
    await asyncio.sleep(0)

    err = capsys.readouterr().err
    assert marked(err) == []
    assert [orjson.loads(line)["error"] for line in err.splitlines()] == ["ValueError", "ValueError"]


def test_a_token_or_a_code_in_our_own_event_is_struck_out(capsys: pytest.CaptureFixture[str]) -> None:
    """The last guard against a mistake of ours, in every part of an event and in any writing."""
    logs.configure("info", "json")
    log = structlog.get_logger()
    log.info(
        "a", url=f"https://example.org/bot{TOKEN}/x", link=f"/?start={CODE.lower()}", other=TOKEN.replace(":", "%3A")
    )
    log.info("b", parts=[TOKEN, {"code": CODE}], text=f"one\ntwo\r\n{CODE}", number=7, nothing=None, yes=True)
    try:
        broken()
    except ValueError:
        log.exception("c")

    err = capsys.readouterr().err
    assert marked(err) == []
    first, second, third = (orjson.loads(line) for line in err.splitlines())
    assert first["link"] == "/?start=[code]"
    assert (second["text"], second["number"], second["nothing"], second["yes"]) == ("one two [code]", 7, None, True)
    assert third.keys() == {"event", "level", "timestamp"}


def test_json_lines_are_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line is an object with its time in UTC, its level and its event."""
    logs.configure("info", "json")
    structlog.get_logger().info("bot.started", web=True)
    structlog.get_logger().debug("too small to be said")

    (line,) = capsys.readouterr().err.splitlines()
    event = orjson.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", event.pop("timestamp"))
    assert event == {"event": "bot.started", "level": "info", "web": True}


def test_console_lines_are_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """Time, level, event and its parts, in plain letters where there is no terminal."""
    logs.configure("warning", "console")
    structlog.get_logger().warning("delivery.postponed", parcel=7)
    structlog.get_logger().info("too small to be said")

    err = capsys.readouterr().err
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\S+Z \[warning +\] delivery\.postponed +parcel=7\n", err)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_dies_outside_of_a_task_is_a_line_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread that breaks, or a destructor, is told without its words."""
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    logs.configure("info", "json")
    logs.hold_tracebacks()

    class Dying:
        def __del__(self) -> None:
            raise ValueError(WORDS)

    Dying()
    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()

    err = capsys.readouterr().err
    assert marked(err) == []
    events = [orjson.loads(line) for line in err.splitlines()]
    assert [event["event"] for event in events] == ["exception.ignored", "thread.died"]
    assert [event["code"].partition(":")[0] for event in events] == ["test_logs.__del__", "test_logs.broken"]


def test_settings_choose_level_and_form(tmp_path: Path) -> None:
    """`log.level` and `log.format` reach the running command."""
    noisy = "import atexit, structlog; atexit.register(lambda: structlog.get_logger().info('a.last.word'))"

    said = ivbot(tmp_path, "ask", "hello", before=noisy, env={"IVBOT_LOG__FORMAT": "json"})
    quiet = ivbot(tmp_path, "ask", "hello", before=noisy, env={"IVBOT_LOG__LEVEL": "warning"})
    assert orjson.loads(said.err)["event"] == "a.last.word"
    assert quiet.err == ""
