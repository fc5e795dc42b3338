"""The running program: a real process, real HTTP, a real Bot API server, and a real kill -9."""

import csv
import datetime as dt
import io
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar
from icalendar import Calendar

from bot.domain.references import new_reference
from bot.domain.visits import PREFIX
from bot.settings import DATA, Service
from bot.store import codes, matches, visits
from bot.store.clock import stamp
from bot.store.database import Database
from tests import records
from tests.botapi import TOKEN, BotApi
from tests.botapi_chats import Sent
from tests.process import Page, command, running
from tests.test_journey import visit_is_over


def browser() -> ClientSession:
    return ClientSession(cookie_jar=CookieJar(unsafe=True))


async def fill(page: Page) -> None:
    """From the first screen to the question about likes."""
    await page.open()
    await page.press("I'd like one")
    await page.press("Me")
    await page.say("Sam")
    await page.say("11")
    await page.press("Yes")


async def finish(page: Page) -> str:
    await page.press("Skip")
    await page.say("someone funny")
    await page.say("at school")
    await page.press("Skip")
    await page.press("That's right")
    await page.press("Yes, send them")
    return await page.press("Yes, they may tell")


async def test_the_whole_journey_in_a_browser_without_javascript(tmp_path: Path) -> None:
    """A child asks, keeps a code, and the coordinator exports what was agreed to."""
    async with running(tmp_path) as bot, browser() as child:
        page = Page(child, bot.url)
        await fill(page)
        words = await finish(page)
        assert "Thank you, Sam" in words
        reference = re.findall(r"IV-\w{4}-\w", words)[-1]
        assert "That's all" in await page.press("I've saved it")
        status, out, _err = await command(tmp_path, "export", "interest")
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert [(row["reference"], row["name"], row["age"], row["area"]) for row in rows] == [
        (reference, "Sam", "11", "in")
    ]
    assert rows[0]["agreed_to_send_at"]
    assert rows[0]["agreed_to_share_at"]


async def test_kill_9_in_the_middle_of_a_form_in_the_browser(tmp_path: Path) -> None:
    """After a kill -9 the same session is at the same question; nothing is lost and nothing is doubled."""
    async with browser() as child:
        async with running(tmp_path) as bot:
            await fill(Page(child, bot.url))
            await bot.kill()
            port = bot.url.rpartition(":")[2]
        async with running(tmp_path, IVBOT_WEB__PORT=port) as again:
            page = Page(child, again.url)
            words = await page.open()
            assert words.count("What do you like doing?") == 1
            assert words.count("Sam") == 1
            assert "Thank you, Sam" in await finish(page)
            status, out, _err = await command(tmp_path, "export", "interest", "--format", "json")
    assert status == 0
    assert out.count('"reference"') == 1


async def test_kill_9_in_the_middle_of_a_form_on_telegram(tmp_path: Path) -> None:
    """What was confirmed is kept, what was not is asked for again: the child sees each question once."""
    async with BotApi() as api:
        env = {"IVBOT_TELEGRAM__TOKEN": TOKEN, "IVBOT_TELEGRAM__BASE_URL": api.base_url}
        async with running(tmp_path, **env) as bot:
            api.say(7, "/start")
            await api.wait(7, 2)  # which language feels best; hello
            for number, label in enumerate(("I'd like one", "Me"), 3):
                api.press(7, label)
                await api.wait(7, number)
            api.say(7, "Sam")
            await api.wait(7, 5)
            await bot.kill()
        api.say(7, "11")
        async with running(tmp_path, **env):
            await api.wait(7, lambda sent: any("Do you live in" in message.text for message in sent))
            api.press(7, "Yes")
            await api.wait(7, lambda sent: any("What do you like doing?" in message.text for message in sent))
    texts = [message.text for message in api.sent(7)]
    assert sum("How old are you?" in text for text in texts) <= 2  # at least once: its mark may have been lost
    assert sum("Do you live in" in text for text in texts) == 1


async def test_the_whole_journey_on_telegram(tmp_path: Path) -> None:
    """The same journey with long polling; the coordinator is told without content, reads it, and gets a file."""
    async with BotApi() as api:
        env = {"IVBOT_TELEGRAM__TOKEN": TOKEN, "IVBOT_TELEGRAM__BASE_URL": api.base_url}
        async with running(tmp_path, **env) as bot:
            await telegram_journey(api, bot.code)


async def test_the_whole_journey_by_webhook(tmp_path: Path, unused_tcp_port: int) -> None:
    """The same journey with Telegram calling us."""
    port = str(unused_tcp_port)
    async with BotApi() as api:
        env = {
            "IVBOT_TELEGRAM__TOKEN": TOKEN,
            "IVBOT_TELEGRAM__BASE_URL": api.base_url,
            "IVBOT_TELEGRAM__MODE": "webhook",
            "IVBOT_TELEGRAM__WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
            "IVBOT_TELEGRAM__SECRET": "a-secret",
            "IVBOT_WEB__PORT": port,
        }
        async with running(tmp_path, **env) as bot:
            await telegram_journey(api, bot.code)
            async with ClientSession() as session, session.post(f"{bot.url}/telegram", data=b"{}") as answer:
                assert answer.status == 401


def _said(sent: list[Sent]) -> int:
    """How often the bot said something: new messages, and old ones said anew."""
    return len(sent) + sum(len(message.edits) for message in sent)


def _shows(label: str) -> Callable[[list[Sent]], bool]:
    return lambda sent: any(label in message.labels for message in sent)


def _more_than(before: int) -> Callable[[list[Sent]], bool]:
    return lambda sent: _said(sent) > before


async def telegram_journey(api: BotApi, code: str) -> None:
    api.say(1, f"/start {code}")
    await api.wait(1, 1)
    steps = [
        "/start",
        "[I'd like one",
        "[Me",
        "Sam <b>&",
        "11",
        "[Yes",
        "[Music",
        "[That's all",
        "[Skip",
        "at school",
        "[Skip",
    ]
    steps += ["[That's right", "[Yes, send them", "[No, not now"]
    for step in steps:
        if step.startswith("["):
            await api.wait(7, _shows(step[1:]))
        before = _said(api.sent(7))
        if step.startswith("["):
            api.press(7, step[1:])
        else:
            api.say(7, step)
        await api.wait(7, _more_than(before))
    await api.wait(7, lambda sent: any("This is your code" in message.text for message in sent))
    assert any("Thank you, Sam <b>&" in message.text for message in api.sent(7))
    await api.wait(1, 2)
    assert "Sam" not in api.sent(1)[1].text
    api.press(1, "New requests")
    await api.wait(1, 3)
    reference = re.findall(r"IV-\w{4}-\w", api.sent(1)[2].text)[0]
    api.say(1, f"/show {reference}")
    await api.wait(1, 5)
    assert "Sam <b>&" in api.sent(1)[3].text
    api.say(1, "/export interest csv")
    await api.wait(1, 6)
    assert reference in api.sent(1)[5].content.decode("utf-8-sig")


async def planned(folder: Path, when: dt.datetime) -> str:
    """A child, a volunteer and a visit that a coordinator has planned; the volunteer's code."""
    database, now = await Database.open(folder / "ivbot.db"), dt.datetime.now(dt.UTC)
    try:
        async with database.writer.transaction() as writer:
            interest = await records.add(writer, 0, now)
            found = await matches.find(writer, await records.add_match(writer, interest, "Kim", now))
            assert found
            reference = new_reference(PREFIX)
            await visits.add(writer, reference, found.reference, stamp(when), "", "p0", stamp(now), reminded=2)
            return await codes.for_volunteer(writer, found.volunteer, "Kim", now)
    finally:
        await database.close()


async def test_a_volunteer_on_telegram(tmp_path: Path) -> None:
    """A visit is confirmed with a word and goes into a calendar; after a kill -9 it is reported in one line."""
    when = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=2)
    code = await planned(tmp_path, when)
    async with BotApi() as api:
        env = {
            "IVBOT_TELEGRAM__TOKEN": TOKEN,
            "IVBOT_TELEGRAM__BASE_URL": api.base_url,
        }

        async def hears(words: str) -> Sent:
            sent = await api.wait(5, lambda sent: any(words in message.text for message in sent))
            return next(message for message in sent if words in message.text)

        async with running(tmp_path, **env) as bot:
            api.say(5, f"/start {code}")
            await hears("You are now known here as a volunteer.")
            api.say(5, "/work")
            page = await hears("please say if you'll be there")
            api.press(5, page.labels[0])
            await hears("Can you be there?")
            api.say(5, "I'll be there")
            confirmed = await hears("Good. You're down for")
            (event,) = Calendar.from_ical(confirmed.content).walk("VEVENT")
            assert (confirmed.file_name[-4:], event.decoded("DTSTART")) == (".ics", when)
            await bot.kill()
        visit_is_over(tmp_path)
        async with running(tmp_path, **env):
            await hears("did it happen?")
            api.say(5, "done 2.5h bowling, good mood")
            assert "Done together: bowling" in (await hears("Is that right?")).text
            api.press(5, "That's right")
            await hears("Thank you. Your report")
        status, out, _err = await command(tmp_path, "export", "visits")
    assert status == 0
    assert [(row["status"], row["minutes"]) for row in csv.DictReader(io.StringIO(out))] == [("happened", "150")]


async def test_a_second_run_on_the_same_database_is_refused(tmp_path: Path) -> None:
    """One writer: the second process ends with one clear line, the first goes on."""
    async with running(tmp_path) as bot:
        status, out, err = await command(tmp_path, "run")
        assert (status, out) == (1, "")
        assert err.strip().endswith("another ivbot is already running on this database. Stop it first.")
        assert len(err.strip().splitlines()) == 1
        async with ClientSession() as session, session.get(f"{bot.url}/healthz") as answer:
            assert answer.status == 200


async def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    """A port in use ends with exit code 1 and says what to do."""
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    async with running(tmp_path / "one") as bot:
        port = bot.url.rpartition(":")[2]
        status, _out, err = await command(tmp_path / "two", "run", IVBOT_WEB__PORT=port)
    assert status == 1
    assert (
        err.strip()
        == f"ivbot: Port {port} on 127.0.0.1 is in use. Stop the other program, or set web.port to a free one."
    )


async def test_an_address_of_another_machine_is_said_in_one_line(tmp_path: Path) -> None:
    """An address that is not this machine's ends with exit code 1, and is not taken for a port in use."""
    status, _out, err = await command(tmp_path, "run", IVBOT_WEB__HOST="192.0.2.1", IVBOT_WEB__PORT="8080")
    assert status == 1
    assert err.startswith("ivbot: Port 8080 on 192.0.2.1 cannot be listened on (")
    assert len(err.splitlines()) == 1


async def test_a_wrong_token_is_said_in_one_line(tmp_path: Path) -> None:
    """A token that Telegram refuses ends with exit code 1, and the token is nowhere in what is written."""
    async with BotApi() as api:
        env = {
            "IVBOT_TELEGRAM__TOKEN": "99999:not-the-token-of-this-bot-at-all",
            "IVBOT_TELEGRAM__BASE_URL": api.base_url,
        }
        status, out, err = await command(tmp_path, "run", **env)
    assert status == 1
    assert "Telegram refused the token" in err.splitlines()[-1]
    assert "not-the-token" not in out + err
    assert "Traceback" not in err


async def test_sigterm_finishes_and_stops(tmp_path: Path) -> None:
    """SIGTERM ends it with exit code 0, also while a page listens for news."""
    async with running(tmp_path) as bot, browser() as child:
        page = Page(child, bot.url)
        await page.open()
        async with child.get(f"{bot.url}/stream") as stream:
            assert stream.status == 200
            status, err = await bot.stop()
    assert status == 0
    assert "bot.stopped" in err


PROFILES = {
    path: tomllib.loads(path.read_text(encoding="utf-8")).get("service", {}).get("name", Service().name)
    for path in sorted((DATA / "profiles").glob("*.toml"))
}
"""Each ready profile, and what its service is called."""


@pytest.mark.parametrize("profile", PROFILES, ids=lambda path: path.stem)
async def test_every_profile_is_served(tmp_path: Path, profile: Path) -> None:
    """`ivbot run --config profiles/NAME.toml` is up, speaks for its service, and ends as every other."""
    async with running(tmp_path, "run", "--config", str(profile)) as bot, browser() as child:
        async with child.get(f"{bot.url}/healthz") as health:
            assert health.status == 200
        page = Page(child, bot.url)
        assert PROFILES[profile] in await page.open()
        status, err = await bot.stop()
    assert (status, "bot.stopped" in err) == (0, True)


@pytest.mark.parametrize("form", ["console", "json"])
async def test_the_log_has_no_content(tmp_path: Path, form: str) -> None:
    """Names, words, codes and tokens fed through every box are nowhere in what the program writes."""
    secret = "Zebedee"
    async with BotApi() as api:
        env = {
            "IVBOT_TELEGRAM__TOKEN": TOKEN, "IVBOT_TELEGRAM__BASE_URL": api.base_url,
            "IVBOT_LOG__LEVEL": "debug", "IVBOT_LOG__FORMAT": form,
        }  # fmt: skip
        async with running(tmp_path, **env) as bot, browser() as child:
            api.say(7, f"/start {secret}")
            api.say(7, secret)
            await api.wait(7, 2)
            page = Page(child, bot.url)
            await page.open()
            await page.press("I'd like one")
            await page.press("Me")
            await page.say(secret)
            api.fail_next("sendMessage", 400, f"Bad Request: {secret}")
            api.say(7, "/menu")
            await api.until(lambda: api.calls["sendMessage"] >= 3)
            code = bot.code
            status, err = await bot.stop()
    assert status == 0
    assert "turn.done" in err
    for hidden in (secret, TOKEN, TOKEN.partition(":")[2], code):
        assert hidden not in err
