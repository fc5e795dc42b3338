"""check, ask, invite and languages: the commands that tell how things stand, as CONTRACT.md promises them."""

import asyncio
import re
import select
import signal
import socket
from contextlib import closing
from pathlib import Path

import orjson
import pytest

from bot.commands import check
from bot.settings import Settings, Telegram
from bot.store.database import connect
from tests import records
from tests.botapi import TOKEN, BotApi
from tests.conversation import World
from tests.process import command
from tests.shell import CHECKOUT, files, ivbot, started, until_ready

TOPICS = {path.stem for path in (CHECKOUT / "locales" / "en" / "pages").glob("*.md")}


def failed(said: str) -> list[str]:
    """What `check` found wrong."""
    return [line.removeprefix("FAIL ") for line in said.splitlines() if not line.startswith(("ok   ", "warn "))]


# check


def test_check_on_a_new_machine_leaves_nothing_behind(tmp_path: Path) -> None:
    """Before the first run all is well, and a check makes neither a database nor a lock."""
    ended = ivbot(tmp_path, "check")

    assert (ended.code, ended.err, failed(ended.said)) == (0, "", [])
    assert "ok   database: ivbot.db: not there yet; the first run makes it" in ended.said.splitlines()
    assert files(tmp_path) == []


async def test_check_has_a_line_for_each_thing_and_changes_none(tmp_path: Path) -> None:
    """Settings, pages, database, audit, safeguarding, contacts, lines, mail, token and so on: one line each."""
    await records.fill(tmp_path / "ivbot.db", 2)
    before = (tmp_path / "ivbot.db").read_bytes()

    ended = ivbot(tmp_path, "check")
    assert ended.code == 0
    named = [re.split(r"[ :]+", line)[1] for line in ended.said.splitlines()]
    assert named.count("translations") == 6
    assert [*dict.fromkeys(named)] == [
        "settings", "pages", "translations", "database", "migrations", "audit", "failures", "safeguarding", "contacts",
        "helplines", "mail", "telegram",
    ]  # fmt: skip
    assert (tmp_path / "ivbot.db").read_bytes() == before
    assert files(tmp_path) == ["ivbot.db"]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET subject = 'IV-0000-0' WHERE seq = 2",
        "UPDATE audit SET person = 'somebody else' WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 1",
    ],
)
def test_check_notices_a_changed_audit(tampering: str, tmp_path: Path) -> None:
    """Whoever changes or deletes a row of the audit by hand, past the triggers, breaks the chain there."""
    for _number in range(3):
        ivbot(tmp_path, "invite", "volunteer")
    with closing(connect(tmp_path / "ivbot.db")) as db:
        db.execute("DROP TRIGGER audit_no_update")
        db.execute("DROP TRIGGER audit_no_delete")
        db.execute(tampering)

    ended = ivbot(tmp_path, "check")
    row = 3 if "DELETE" in tampering and "2" in tampering else 2
    assert ended.code == 1
    assert failed(ended.said) == [
        f"audit: the chain breaks at row {row}: somebody changed the file by hand. Restore the last backup"
    ]


async def test_check_counts_what_could_not_be_handled_or_sent(tmp_path: Path) -> None:
    """Failures are kept for somebody to look at: as long as there are any, the check fails."""
    world = World(tmp_path)
    await world.someone("1").say("/start")
    with closing(connect(tmp_path / "ivbot.db")) as db:
        db.execute(
            "INSERT INTO failed_events (channel, event_id, event, traceback, failed_at) VALUES ('', '', '{}', '', '')"
        )

    ended = ivbot(tmp_path, "check")
    assert (ended.code, failed(ended.said)) == (1, ["failures: 1 events not handled, 0 messages given up"])


@pytest.mark.parametrize("damage", [b"not a database" * 500, b""])
def test_check_reports_a_damaged_database_among_the_rest(damage: bytes, tmp_path: Path) -> None:
    """The other lines are there all the same, and nothing is changed."""
    (tmp_path / "ivbot.db").write_bytes(damage)

    ended = ivbot(tmp_path, "check")
    assert (ended.code, ended.err) == (1, "")
    assert failed(ended.said) == ["database: ivbot.db: is not an ivbot database, or database.key is not its key"]
    assert "warn contacts" in ended.said
    assert (tmp_path / "ivbot.db").read_bytes() == damage


async def test_check_tells_which_migrations_will_come(tmp_path: Path) -> None:
    """A database of an older version is in order; one of a newer version is not."""
    await records.fill(tmp_path / "ivbot.db", 1)
    with closing(connect(tmp_path / "ivbot.db")) as db:
        db.execute("DELETE FROM migrations")
        older = ivbot(tmp_path, "check")
        db.execute("INSERT INTO migrations (name) VALUES ('9999_from_the_future.sql')")
        newer = ivbot(tmp_path, "check")

    assert older.code == 0
    assert re.search(r"ok   migrations: \d+ to come with the next run", older.said)
    assert newer.code == 1
    assert "was written by a newer ivbot" in failed(newer.said)[0]


def test_check_wants_somebody_to_be_reached(tmp_path: Path) -> None:
    """A service whose coordinator has neither mail nor phone is not in order."""
    (tmp_path / "ivbot.toml").write_text('[contacts.coordinator]\nname = "the coordinator"', encoding="utf-8")

    ended = ivbot(tmp_path, "check")
    assert (ended.code, failed(ended.said)) == (1, ["contacts: contacts.coordinator has no email and no phone"])


NAMED = "complaints_team, data_protection, director"


@pytest.mark.parametrize(
    ("toml", "warning"),
    [
        (
            "",
            (
                f"without an email, so complaints go past them: {NAMED};"
                f" mail is off, so complaints reach no mailbox: {NAMED}"
            ),
        ),
        (
            "complaints.routes.carer = ['advocacy']\nmail.sender = 'a@b'\nmail.host = '127.0.0.1'\nmail.port = 1",
            f"without an email, so complaints go past them: advocacy, {NAMED}",
        ),
    ],
)
def test_check_warns_of_whoever_no_mail_finds(toml: str, warning: str, tmp_path: Path) -> None:
    """Somebody on the route of a complaint who is on no chat needs a mailbox, and a server that takes mail."""
    reached = "[contacts.coordinator]\nname = 'the coordinator'\nphone = '01632 960000'"
    (tmp_path / "ivbot.toml").write_text(f"{toml}\n{reached}", encoding="utf-8")

    said = ivbot(tmp_path, "check").said.splitlines()
    assert f"warn contacts: {warning}" in said


async def test_check_asks_telegram_about_the_token(tmp_path: Path) -> None:
    """A known token is fine, an unknown one is not; neither is shown."""
    async with BotApi() as api:
        settings = {"IVBOT_TELEGRAM__BASE_URL": api.base_url}
        good = await command(tmp_path, "check", IVBOT_TELEGRAM__TOKEN=TOKEN, **settings)
        bad = await command(tmp_path, "check", IVBOT_TELEGRAM__TOKEN="1234:marked-wrong-token", **settings)

    assert (good[0], failed(good[1]), good[2]) == (0, [], "")
    assert "ok   telegram: Telegram knows the token" in good[1]
    assert (bad[0], bad[2]) == (1, "")
    assert failed(bad[1]) == [
        "telegram: Telegram does not know the token. Set telegram.token to the one BotFather gave you"
    ]
    assert "marked" not in bad[1]
    assert TOKEN not in good[1]


async def test_check_without_a_network_says_so(tmp_path: Path) -> None:
    """A server that cannot be reached is told apart from a wrong token."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    env = {"IVBOT_TELEGRAM__TOKEN": TOKEN, "IVBOT_TELEGRAM__BASE_URL": f"http://127.0.0.1:{port}/bot"}

    ended = ivbot(tmp_path, "check", env=env)
    said = "telegram: Telegram cannot be asked (NetworkError). Check the network and telegram.base_url"
    assert (ended.code, failed(ended.said), ended.err) == (1, [said], "")


async def test_check_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the question and never answers is given up after a while."""
    monkeypatch.setattr(check, "PROBE_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base_url = f"http://127.0.0.1:{silent.getsockname()[1]}/bot"
        settings = Settings(telegram=Telegram.model_validate({"token": TOKEN, "base_url": base_url}))
        assert await check.probe_token(settings) == "Telegram did not answer within 0 seconds"


# ask


def test_ask_answers_one_question_in_words(tmp_path: Path) -> None:
    """The topic, how sure it is, and the page as a child would read it; no database is made."""
    ended = ivbot(tmp_path, "ask", "what is an independent visitor")

    assert (ended.code, ended.err) == (0, "")
    assert re.match(r"what-is-an-iv \(1\.00\)\nNearest: what-is-an-iv, [a-z, -]+\n\n\w", ended.said)
    assert "<" not in ended.said
    assert files(tmp_path) == []


def test_ask_reads_one_question_a_line(tmp_path: Path) -> None:
    """`ask - --json`: one object a line, in order, each with exactly the promised keys."""
    lines = [
        "what is an independent visitor",
        "en\thow often do they come",
        "cy\tcan i have one",
        "xyzzy plugh",
        "",
        "😀",
    ]

    ended = ivbot(tmp_path, "ask", "-", "--json", stdin="\n".join(lines).encode())
    answers = [orjson.loads(line) for line in ended.out.splitlines()]
    assert (ended.code, ended.err) == (0, "")
    assert [list(answer) for answer in answers] == [["text", "lang", "topic", "score", "offers", "danger"]] * 6
    assert [answer["text"] for answer in answers] == [line.rpartition("\t")[2] for line in lines]
    assert [answer["lang"] for answer in answers] == ["en", "en", "cy", "en", "en", "en"]
    assert [answer["topic"] for answer in answers[:2]] == ["what-is-an-iv", "how-often"]
    assert answers[3]["topic"] == "none"
    assert {answer["topic"] for answer in answers} <= TOPICS | {"none"}
    assert {offer for answer in answers for offer in answer["offers"]} <= TOPICS
    assert {answer["danger"] for answer in answers} == {"none"}


def test_ask_says_when_somebody_is_in_danger(tmp_path: Path) -> None:
    """Danger goes before every topic."""
    answer = orjson.loads(ivbot(tmp_path, "ask", "I'm not safe", "--json").out)

    assert (answer["danger"], answer["topic"]) == ("danger", "none")


def test_ask_answers_each_line_at_once(tmp_path: Path) -> None:
    """It can stand in a pipe: the answer comes before the next question is there."""
    with started(tmp_path, "ask", "-", "--json") as process:
        assert process.stdin
        assert process.stdout
        for number in range(3):
            process.stdin.write(f"question {number}\n".encode())
            process.stdin.flush()
            assert select.select([process.stdout], [], [], 60)[0]  # or it would wait for ever
            assert orjson.loads(process.stdout.readline())["text"] == f"question {number}"
        process.stdin.close()
        assert process.wait() == 0


def test_ask_takes_any_bytes(tmp_path: Path) -> None:
    """A line that is not UTF-8, or is full of nothing, is a question nobody understands."""
    ended = ivbot(tmp_path, "ask", "-", "--json", stdin=b"\xff\xfe\n\x00\n\t\n\xed\xa0\x80\r\n", env={"LC_ALL": "C"})

    assert (ended.code, ended.err) == (0, "")
    assert [orjson.loads(line)["topic"] for line in ended.out.splitlines()] == ["none"] * 4


def test_ask_ends_quietly_when_nobody_listens(tmp_path: Path) -> None:
    """`ivbot ask - | head -1` writes no error."""
    with started(tmp_path, "ask", "-", "--json") as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"hello\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b"hello\n")
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


# invite


@pytest.mark.parametrize("role", ["volunteer", "coordinator", "manager"])
async def test_an_invite_works_once(role: str, tmp_path: Path) -> None:
    """The code that the command prints makes somebody what it says, and nobody else after them."""
    ended = ivbot(tmp_path, "invite", role, "--name", "Kim \udcff\n Lee")
    code, link, use = ended.said.splitlines()
    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", code)
    assert link == f"http://127.0.0.1:8080/?start={code}"
    assert use == f"It works once, for 7 days. On Telegram: /start {code}"

    world = World(tmp_path)
    world.now = records.DAY
    assert f"You are now known here as a {role}" in await world.someone("1").say(f"/start {code}")
    assert "I don't know that code" in await world.someone("2").say(f"/start {code}")
    with closing(connect(tmp_path / "ivbot.db")) as db:
        assert [row["name"] for row in db.execute("SELECT name FROM people WHERE role = ?", (role,))] == ["Kim ? Lee"]


def test_the_link_of_an_invite_can_be_opened(tmp_path: Path) -> None:
    """The address people type is used where there is one; an address to listen on is not one to open."""
    public = ivbot(tmp_path, "invite", "manager", env={"IVBOT_WEB__PUBLIC_URL": "https://visitors.example.org"})
    every = ivbot(tmp_path, "invite", "manager", env={"IVBOT_WEB__HOST": "0.0.0.0", "IVBOT_WEB__PORT": "9999"})

    assert public.said.splitlines()[1].startswith("https://visitors.example.org/?start=")
    assert every.said.splitlines()[1].startswith("http://127.0.0.1:9999/?start=")


# languages


def test_languages_shows_how_far_each_is(tmp_path: Path) -> None:
    """English is whole: nothing missing, nothing fuzzy, every page; as words and as JSON."""
    ended = ivbot(tmp_path, "languages", "--json")
    english = next(state for state in orjson.loads(ended.out) if state["language"] == "en")

    assert ended.code == 0
    assert set(english) == {
        "language", "name", "strings", "translated", "fuzzy", "missing", "pages", "pages_missing", "pages_read",
        "review",
    }  # fmt: skip
    assert english["strings"] == english["translated"] > 100
    assert (english["fuzzy"], english["missing"], english["pages"]) == (0, 0, len(TOPICS))
    assert (english["pages_missing"], english["pages_read"]) == (0, len(TOPICS))
    assert ivbot(tmp_path, "languages").said.startswith(
        f"en  English: {english['strings']}/{english['strings']} strings, {len(TOPICS)} pages"
    )
    assert files(tmp_path) == []


# run


async def test_what_a_command_writes_is_seen_by_a_running_bot_at_once(tmp_path: Path) -> None:
    """A code made while the bot runs can be used without a restart, and the bot stops cleanly afterwards."""
    with started(tmp_path, "run", env={"IVBOT_WEB__PORT": "0"}) as process:
        until_ready(process)
        code = (await asyncio.to_thread(ivbot, tmp_path, "invite", "manager")).said.split()[0]
        checked = await asyncio.to_thread(ivbot, tmp_path, "check")
        copied = await asyncio.to_thread(ivbot, tmp_path, "backup", "copy.db")
        second = await asyncio.to_thread(ivbot, tmp_path, "run", env={"IVBOT_WEB__PORT": "0"})
        with closing(connect(tmp_path / "ivbot.db", reading=True)) as db:
            roles = [row["role"] for row in db.execute("SELECT role FROM invites ORDER BY created_at")]
        process.send_signal(signal.SIGTERM)
        _out, err = process.communicate()
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", code)
    assert roles == ["coordinator", "manager"]
    assert (checked.code, copied.code) == (0, 0)
    assert (second.code, second.line) == (
        1,
        "ivbot.db: another ivbot is already running on this database. Stop it first.",
    )
    assert process.returncode == 0
    assert b"Traceback" not in err
