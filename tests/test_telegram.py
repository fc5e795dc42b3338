"""The Telegram channel, over real HTTP against the local Bot API server."""

import asyncio
import io
import logging
import socket
import traceback
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import uvicorn
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from structlog.testing import capture_logs
from telegram.ext import AIORateLimiter

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram import channel as telegram
from bot.channels.telegram.text import pieces, width
from bot.engine.channel import Refused, TryAgain, Unreachable
from bot.engine.message import Button, Document, Incoming, Kind, Outgoing, Parcel, rows
from bot.errors import BadToken, DatabaseUnavailable
from bot.i18n import Words, _, in_language
from bot.settings import Settings
from tests import botapi_rules as rules
from tests.botapi import BotApi
from tests.botapi_rules import Args
from tests.spoken import words_of, write_language

CHAT = 42
GROUP = -1001
CONTENT = b"\x00\xff" * 700_000
SECRET_TOKEN = "1234567890:MARKEDtokenMARKED"
NOT_HERE = _("I only talk <b>one to one</b>.")
COMMANDS = (("start", _("Begin")), ("help", _("Get help")))
ABOUT = (_("What a visitor is"), _("All about visitors"))
WELSH = {"Begin": "Dechrau", "I only talk <b>one to one</b>.": "Dim ond <b>un i un</b>."}


class Intake:
    """Takes what the channel hands on. Fails `troubles` times first; waits at `gate` while that is shut."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self.offered: list[list[Incoming]] = []
        self.taken: list[Incoming] = []
        self.troubles = 0
        self.crash = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, events: Sequence[Incoming]) -> None:
        self.offered.append(list(events))
        self._api.updates.tell()
        await self.gate.wait()
        if self.crash:
            raise RuntimeError("killed")
        if self.troubles:
            self.troubles -= 1
            raise DatabaseUnavailable("ivbot.db", "disk full")
        self.taken += events
        self._api.updates.tell()


def settings(api: BotApi, **more: str) -> Settings:
    return Settings.model_validate({"telegram": {"token": api.token, "base_url": api.base_url} | more})


def channel_of(api: BotApi, words: Words, intake: Intake, **more: str) -> TelegramChannel:
    return TelegramChannel(settings(api, **more), words, intake, COMMANDS, ABOUT, NOT_HERE)


def parcel(html: str = "Hello", chat: int = CHAT, **more: Any) -> Parcel:  # noqa: ANN401 - any field of Outgoing
    return Parcel(1, "p", "telegram", str(chat), Outgoing(html, **more))


@asynccontextmanager
async def running(channel: TelegramChannel) -> AsyncIterator[asyncio.Task[None]]:
    await channel.start()
    task = asyncio.create_task(channel.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await channel.stop()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram, "FIRST_WAIT", 0.001)
    monkeypatch.setattr(telegram, "LONGEST_WAIT", 0.01)


@pytest.fixture
def words(tmp_path: Path) -> Words:
    for language, translated in (("en", {}), ("cy", WELSH), ("prs", {})):
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        lines = [f'msgid "{msgid}"\nmsgstr "{msgstr}"\n' for msgid, msgstr in translated.items()]
        header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
        (folder / "ivbot.po").write_text("\n".join([header, *lines]), encoding="utf-8")
    write_language(tmp_path, "prs", alike="fa")
    return words_of(tmp_path, "en", "cy", "prs")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(SECRET_TOKEN) as server:
        yield server


@pytest.fixture
def intake(api: BotApi) -> Intake:
    return Intake(api)


@pytest.fixture
async def sender(api: BotApi, words: Words, intake: Intake) -> AsyncIterator[TelegramChannel]:
    """A channel that only sends, to somebody who has spoken."""
    api.say(CHAT, "hello")
    channel = channel_of(api, words, intake)
    await channel.start()
    yield channel
    await channel.stop()


# Taking what is said.


async def test_an_update_is_confirmed_only_after_the_commit(api: BotApi, words: Words, intake: Intake) -> None:
    """While intake is at work the update stays with Telegram; once it is committed the next offset is asked for."""
    intake.gate.clear()
    async with running(channel_of(api, words, intake)):
        api.say(CHAT, "hello")
        await api.until(lambda: bool(intake.offered))
        assert (len(api.updates.pending), api.calls["getUpdates"]) == (1, 1)
        intake.gate.set()
        await api.until(lambda: not api.updates.pending)
    assert [event.text for event in intake.taken] == ["hello"]


async def test_an_update_is_told_again_after_a_crash(api: BotApi, words: Words, intake: Intake) -> None:
    """When the process dies before the commit, the next one is told the same event."""
    intake.crash = True
    update = api.say(CHAT, "hello")
    async with running(channel_of(api, words, intake)) as task:
        with pytest.raises(RuntimeError, match="killed"):
            await task
    intake.crash = False
    async with running(channel_of(api, words, intake)):
        await api.until(lambda: not api.updates.pending)
    assert [event.event_id for event in intake.taken] == [str(update["update_id"])]


async def test_the_same_events_are_offered_until_the_database_is_back(
    api: BotApi, words: Words, intake: Intake
) -> None:
    """Trouble with the database costs nothing but time: nothing is confirmed, and one line is logged an attempt."""
    intake.troubles = 3
    api.say(CHAT, "one")
    api.say(CHAT, "two")
    with capture_logs() as logs:
        async with running(channel_of(api, words, intake)):
            await api.until(lambda: not api.updates.pending)
    assert intake.offered == [intake.taken] * 4
    assert [entry["event"] for entry in logs].count("telegram.not_saved") == 3


@pytest.mark.parametrize(
    ("status", "description", "event"),
    [
        (502, "Bad Gateway", "telegram.poll_failed"),
        (409, "Conflict: terminated by other getUpdates request", "telegram.another_poller"),
        (401, "Unauthorized", "telegram.poll_failed"),
    ],
)
async def test_polling_goes_on_after_trouble(
    api: BotApi, words: Words, intake: Intake, status: int, description: str, event: str
) -> None:
    """Whatever Telegram answers to a poll, the channel waits, says so in one line, and asks again."""
    api.fail_next("getUpdates", status, description)
    api.drop_next("getUpdates")
    with capture_logs() as logs:
        async with running(channel_of(api, words, intake)):
            api.say(CHAT, "hello")
            await api.until(lambda: bool(intake.taken))
    waited = [entry["event"] for entry in logs if "wait" in entry]
    assert waited == [event, "telegram.poll_failed"]


async def test_polling_waits_as_long_as_it_is_told(api: BotApi, words: Words, intake: Intake) -> None:
    """A poll refused with retry_after is not repeated before that."""
    api.fail_next("getUpdates", 429, "Too Many Requests: retry after 1", retry_after=1)
    with capture_logs() as logs:
        async with running(channel_of(api, words, intake)):
            api.say(CHAT, "hello")
            await api.until(lambda: bool(intake.taken))
    assert [entry["wait"] for entry in logs if entry["event"] == "telegram.poll_failed"] == [1.0]


async def test_cancelling_ends_a_poll_at_once(api: BotApi, words: Words, intake: Intake) -> None:
    """Nobody waits for a long poll to run out when the bot is stopped."""
    async with running(channel_of(api, words, intake)) as task:
        await api.until(lambda: api.calls["getUpdates"] == 1)
        task.cancel()
        done, _pending = await asyncio.wait([task], timeout=5)
    assert [one.cancelled() for one in done] == [True]


async def test_an_update_nobody_can_read_does_not_stop_the_others(api: BotApi, words: Words, intake: Intake) -> None:
    """An update that is not as the library knows it is noted by its number, and passed over."""
    odd = api.update({"message": {"chat": {"id": CHAT, "type": "private"}}})
    api.say(CHAT, "hello")
    with capture_logs() as logs:
        async with running(channel_of(api, words, intake)):
            await api.until(lambda: not api.updates.pending)
    assert [event.text for event in intake.taken] == ["hello"]
    assert [entry["update"] for entry in logs if entry["event"] == "telegram.update_unreadable"] == [odd["update_id"]]


async def test_the_network_may_come_up_after_the_bot(api: BotApi, words: Words, intake: Intake) -> None:
    """While Telegram is away at the start nothing is raised; run goes on trying until it is there."""
    api.drop_next("getMe", times=3)
    api.fail_next("deleteWebhook", 502, "Bad Gateway")
    api.say(CHAT, "hello")
    async with running(channel_of(api, words, intake)):
        await api.until(lambda: bool(intake.taken))
    assert api.calls["getMe"] == 4


@pytest.mark.parametrize("token", ["1234567890:wrong", "wrong"])
async def test_a_wrong_token_is_said_at_once(api: BotApi, words: Words, intake: Intake, token: str) -> None:
    """Telegram's 401 and 404 for a token both stop the start, with what to do."""
    channel = channel_of(api, words, intake, token=token)
    with pytest.raises(BadToken) as caught:
        await channel.start()
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


async def test_run_says_a_wrong_token_too(api: BotApi, words: Words, intake: Intake) -> None:
    """When the network comes up only after the start, it is run that finds the token wrong."""
    with pytest.raises(BadToken):
        await channel_of(api, words, intake, token="wrong").run()


# Every sort of update.


def media(name: str) -> Args:
    """A message of a sort, with as little in it as Telegram sends."""
    file = {"file_id": "f", "file_unique_id": "u"}
    frame = {"width": 1, "height": 1, "duration": 1}
    parts: dict[str, Args] = {
        "photo": {"photo": [file | {"width": 1, "height": 1}]},
        "sticker": {
            "sticker": file | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
        },
        "voice": {"voice": file | {"duration": 1}},
        "video": {"video": file | frame},
        "video_note": {"video_note": file | {"length": 1, "duration": 1}},
        "animation": {"animation": file | frame, "document": file},
        "audio": {"audio": file | {"duration": 1}},
        "document": {"document": file},
        "location": {"location": {"longitude": 0.0, "latitude": 0.0}},
        "venue": {
            "venue": {"location": {"longitude": 0.0, "latitude": 0.0}, "title": "x", "address": "y"},
            "location": {"longitude": 0.0, "latitude": 0.0},
        },
        "contact": {"contact": {"phone_number": "1", "first_name": "x"}},
        "poll": {
            "poll": {
                "id": "1",
                "question": "?",
                "options": [],
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
                "allows_revoting": False,
                "members_only": False,
            }
        },
        "dice": {"dice": {"value": 1, "emoji": "🎲"}},
        "story": {"story": {"id": 1, "chat": {"id": CHAT, "type": "private"}}},
        "tomorrows": {"hologram": file},
    }
    return parts[name]


async def told(api: BotApi, words: Words, intake: Intake, *raws: Args) -> list[Incoming]:
    """What the channel makes of updates; all are confirmed by the time it returns."""
    for raw in raws:
        api.update(raw)
    async with running(channel_of(api, words, intake)):
        await api.until(lambda: not api.updates.pending)
    return intake.taken


@pytest.mark.parametrize(
    ("typed", "text"),
    [("Hi <b>you</b> ", "Hi <b>you</b> "), ("/start IV-7K3Q", "/start IV-7K3Q"), ("/help@visitors_bot x", "/help x")],
)
async def test_words_arrive_as_they_were_typed(
    api: BotApi, words: Words, intake: Intake, typed: str, text: str
) -> None:
    """Text is handed on unchanged, with the reader's language; only a command loses the bot's name."""
    update = api.say(CHAT, typed, language="cy")
    assert await told(api, words, intake) == [
        Incoming("telegram", str(update["update_id"]), "42", Kind.TEXT, text, language="cy")
    ]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("photo", "photo"),
        ("sticker", "sticker"),
        ("voice", "voice"),
        ("video", "video"),
        ("video_note", "video"),
        ("animation", "video"),
        ("audio", "audio"),
        ("document", "document"),
        ("location", "location"),
        ("venue", "location"),
        ("contact", "contact"),
        ("poll", "poll"),
        ("dice", "other"),
        ("story", "other"),
        ("tomorrows", "other"),
    ],
)
async def test_what_cannot_be_read_is_named(api: BotApi, words: Words, intake: Intake, name: str, word: str) -> None:
    """A picture, a voice note and the like arrive as the plain word for their sort, and nothing of them."""
    events = await told(api, words, intake, {"message": api.message(CHAT) | media(name)})
    assert [(event.kind, event.text, event.data) for event in events] == [(Kind.UNREADABLE, word, "")]


async def test_words_under_a_picture_come_along(api: BotApi, words: Words, intake: Intake) -> None:
    """A caption may be a cry for help, so it comes as data."""
    photo = {"message": api.message(CHAT) | media("photo") | {"caption": "help me"}}
    events = await told(api, words, intake, photo)
    assert [(event.kind, event.text, event.data) for event in events] == [(Kind.UNREADABLE, "photo", "help me")]


async def test_an_album_is_told_once(api: BotApi, words: Words, intake: Intake) -> None:
    """Five pictures sent together get one answer; words under any of them still arrive."""
    pictures = [{"message": api.message(CHAT) | media("photo") | {"media_group_id": "a"}} for _picture in range(4)]
    captioned = {"message": api.message(CHAT) | media("photo") | {"media_group_id": "a", "caption": "help"}}
    events = await told(api, words, intake, *pictures, captioned)
    assert [event.data for event in events] == ["", "help"]


async def test_a_changed_message_arrives_as_changed(api: BotApi, words: Words, intake: Intake) -> None:
    """New words arrive as an edit; a live location that moves is no edit of anybody's."""
    frame = api.message(CHAT) | {"edit_date": 1}
    raws = [
        {"edited_message": frame | {"text": "new"}},
        {"edited_message": frame | media("photo") | {"caption": "newer"}},
        {"edited_message": frame | media("location")},
    ]
    events = await told(api, words, intake, *raws)
    assert [(event.kind, event.text) for event in events] == [(Kind.EDITED, "new"), (Kind.EDITED, "newer")]


async def test_blocking_and_coming_back_are_told(api: BotApi, words: Words, intake: Intake) -> None:
    """Stopping and starting the bot arrive as such."""
    api.block(CHAT)
    api.unblock(CHAT)
    events = await told(api, words, intake)
    assert [(event.kind, event.address) for event in events] == [(Kind.BLOCKED, "42"), (Kind.UNBLOCKED, "42")]


async def test_a_pressed_button_arrives_and_stops_spinning(api: BotApi, words: Words, intake: Intake) -> None:
    """A button arrives with its data and its message; Telegram is answered after the commit, once."""
    api.say(CHAT, "hello")
    async with running(channel := channel_of(api, words, intake)):
        await channel.send(parcel("?", buttons=rows(Button("Yes", "y"))), None)
        intake.gate.clear()
        api.press(CHAT, "Yes", language="cy")
        await api.until(lambda: any(event.kind is Kind.BUTTON for batch in intake.offered for event in batch))
        assert api.chats.answered == []
        intake.gate.set()
        await api.until(lambda: len(api.chats.answered) == 1)
    button, message = intake.taken[-1], api.sent(CHAT)[0]
    assert (button.kind, button.data, button.pressed, button.language, button.text) == (
        Kind.BUTTON,
        "y",
        str(message.id),
        "cy",
        "",
    )


async def test_a_button_of_an_old_message_still_works(api: BotApi, words: Words, intake: Intake) -> None:
    """Telegram no longer shows what the message said, but which it was; failing to answer it does no harm."""
    message = {"chat": {"id": CHAT, "type": "private"}, "message_id": 5, "date": 0}
    query = {"id": "old", "from": api.person(CHAT), "chat_instance": "1", "message": message, "data": "y"}
    events = await told(api, words, intake, {"callback_query": query}, {"message": api.message(CHAT) | {"text": "x"}})
    assert [(event.data or event.text, event.pressed) for event in events] == [("y", "5"), ("x", "")]


async def test_what_nobody_said_is_passed_over(api: BotApi, words: Words, intake: Intake) -> None:
    """Service messages, bots, channel posts and sorts of update not known today are confirmed and otherwise ignored."""
    robot = api.message(CHAT) | {"from": api.person(9) | {"is_bot": True}, "text": "x"}
    raws = [
        {"message": api.message(CHAT) | {"pinned_message": api.message(CHAT) | {"text": "x"}}},
        {"message": api.message(CHAT) | {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}}},
        {"message": robot},
        {"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "channel"}, "text": "x"}},
        {"tomorrows_update": {"x": 1}},
    ]
    assert await told(api, words, intake, *raws) == []


# Groups and channels.


def group_message(api: BotApi, text: str, **more: object) -> Args:
    chat = {"id": GROUP, "type": "supergroup", "title": "Home"}
    return {"message": api.message(CHAT, "cy") | {"chat": chat, "text": text} | more}


def added(api: BotApi, sort: str, status: str) -> Args:
    frame = api.message(CHAT, "cy") | {"chat": {"id": GROUP, "type": sort, "title": "Home"}}
    del frame["message_id"]
    user = {"user": api.me}
    return {
        "my_chat_member": frame
        | {"old_chat_member": user | {"status": "left"}, "new_chat_member": user | {"status": status}}
    }


async def test_a_group_is_told_why_and_left(api: BotApi, words: Words, intake: Intake) -> None:
    """Added to a group, the bot says once, in the language of who added it, that it only talks one to one; and goes."""
    raws = [added(api, "supergroup", "member"), group_message(api, "/start@visitors_bot")]
    for raw in raws:
        api.update(raw)
    async with running(channel_of(api, words, intake)):
        await api.until(lambda: GROUP in api.chats.left)
    assert [sent.text for sent in api.sent(GROUP)] == ["Dim ond un i un."]
    assert intake.taken == []


async def test_a_channel_is_left_without_a_word(api: BotApi, words: Words, intake: Intake) -> None:
    """Whoever reads a channel did not ask anything."""
    administrator = added(api, "channel", "left")
    administrator["my_chat_member"]["new_chat_member"] = {"user": api.me, "status": "member"}
    api.update(administrator)
    async with running(channel_of(api, words, intake)):
        await api.until(lambda: GROUP in api.chats.left)
    assert api.sent(GROUP) == []


@pytest.mark.parametrize(
    ("text", "addressed"),
    [
        ("/help@visitors_bot", True),
        ("/help", True),
        ("/help@other_bot", False),
        ("ask @Visitors_Bot!", True),
        ("ask @visitors_bottle", False),
        ("hello all", False),
    ],
)
async def test_a_group_is_answered_only_when_it_speaks_to_the_bot(
    api: BotApi, words: Words, intake: Intake, text: str, *, addressed: bool
) -> None:
    """A command or our name is for us, whatever else is said there is not; none of it is handed on."""
    api.update(group_message(api, text))
    async with running(channel_of(api, words, intake)):
        await api.until(lambda: not api.updates.pending and (GROUP in api.chats.left) >= addressed)
    assert (bool(api.sent(GROUP)), GROUP in api.chats.left, intake.taken) == (addressed, addressed, [])


async def test_an_answer_to_the_bot_in_a_group_is_for_it(api: BotApi, words: Words, intake: Intake) -> None:
    """A reply to what the bot said is addressed to it."""
    ours = api.message(CHAT) | {"from": api.me, "chat": {"id": GROUP, "type": "supergroup"}, "text": "x"}
    api.update(group_message(api, "why?", reply_to_message=ours))
    async with running(channel_of(api, words, intake)):
        await api.until(lambda: GROUP in api.chats.left)
    assert intake.taken == []


async def test_being_removed_from_a_group_is_nothing(api: BotApi, words: Words, intake: Intake) -> None:
    """Nobody is there to be told."""
    assert await told(api, words, intake, added(api, "supergroup", "left")) == []
    assert (api.sent(GROUP), api.calls["leaveChat"]) == ([], 0)


# What Telegram shows of the bot.


async def test_the_profile_is_set_in_every_language(api: BotApi, words: Words, intake: Intake) -> None:
    """Commands and descriptions are set for every language Telegram knows, and the first is everybody else's."""
    async with running(channel_of(api, words, intake)):
        await api.until(lambda: len(api.profile.descriptions) == 3)
    assert {code: listed[0]["description"] for code, listed in api.profile.commands.items()} == {
        "": "Begin",
        "en": "Begin",
        "cy": "Dechrau",
    }
    assert api.profile.short_descriptions == dict.fromkeys(("", "en", "cy"), "What a visitor is")
    assert api.profile.descriptions == dict.fromkeys(("", "en", "cy"), "All about visitors")


def called(api: BotApi, method: str, times: int) -> bool:
    return api.calls[method] == times


async def test_a_profile_that_is_right_is_left_alone(api: BotApi, words: Words, intake: Intake) -> None:
    """Telegram allows few changes, so a restart makes none."""
    for _start in range(2):
        asked = api.calls["getMyDescription"]
        async with running(channel_of(api, words, intake)):
            await api.until(partial(called, api, "getMyDescription", asked + 3))
            await api.until(lambda: len(api.profile.descriptions) == 3)
    changes = ("setMyCommands", "setMyShortDescription", "setMyDescription")
    assert [api.calls[name] for name in changes] == [3, 3, 3]


async def test_a_profile_that_cannot_be_set_is_only_a_warning(api: BotApi, words: Words, intake: Intake) -> None:
    """A refusal there holds nothing up: it is logged, the rest is set, and messages are taken."""
    api.fail_next("setMyCommands", 429, "Too Many Requests: retry after 9", retry_after=9)
    with capture_logs() as logs:
        async with running(channel_of(api, words, intake)):
            await api.until(lambda: len(api.profile.descriptions) == 3)
    failed = [(entry["part"], entry["log_level"]) for entry in logs if entry["event"] == "telegram.profile_failed"]
    assert failed == [("commands", "warning")]
    assert sorted(api.profile.commands) == ["cy", "en"]


# Being called by Telegram.


@asynccontextmanager
async def served(
    api: BotApi, words: Words, intake: Intake, *, mode: str = "webhook", secret: str = "s3cret_-"
) -> AsyncIterator[str]:
    """The channel behind a real web server; the address of its webhook."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/telegram"
    channel = channel_of(api, words, intake, mode=mode, webhook_url=url, secret=secret)
    app = Starlette(routes=[Route("/telegram", channel.webhook, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        async with running(channel):
            yield url
    finally:
        server.should_exit = True
        await task


async def post(url: str, body: bytes, secret: str | None) -> int:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    async with aiohttp.ClientSession() as session, session.post(url, data=io.BytesIO(body), headers=headers) as answer:
        return answer.status


async def test_a_call_is_answered_after_the_commit(api: BotApi, words: Words, intake: Intake) -> None:
    """Telegram calls, the event is committed, and the call is not repeated."""
    async with served(api, words, intake) as url:
        assert api.updates.webhook == {"url": url, "secret": "s3cret_-"}
        api.say(CHAT, "hello")
        await api.until(lambda: not api.updates.pending)
    assert [event.text for event in intake.taken] == ["hello"]


async def test_telegram_calls_again_until_the_database_is_back(api: BotApi, words: Words, intake: Intake) -> None:
    """What could not be saved is answered 503, so Telegram tells it again."""
    intake.troubles = 2
    async with served(api, words, intake):
        api.say(CHAT, "hello")
        await api.until(lambda: not api.updates.pending)
        assert api.updates.webhook["last_error_message"].endswith("503")
    assert intake.offered == [intake.taken] * 3


@pytest.mark.parametrize("secret", [None, "", "wrong", "s3cret_-x", "sécret"])
async def test_a_call_without_the_secret_is_refused(
    api: BotApi, words: Words, intake: Intake, secret: str | None
) -> None:
    """Whoever does not know the secret hands nothing on."""
    async with served(api, words, intake) as url:
        assert await post(url, b'{"update_id":1}', secret) == 401
    assert intake.offered == []


async def test_a_call_without_the_secret_is_not_read(api: BotApi, words: Words, intake: Intake) -> None:
    """The secret is looked at before the body."""

    async def never() -> Args:
        raise AssertionError("the body was read")

    channel = channel_of(api, words, intake, mode="webhook", secret="s3cret")
    request = Request({"type": "http", "method": "POST", "headers": []}, never)
    assert (await channel.webhook(request)).status_code == 401


async def test_a_call_that_breaks_off_does_no_harm(api: BotApi, words: Words, intake: Intake) -> None:
    """Half an update is not taken."""
    parts: Iterator[Args] = iter(
        [{"type": "http.request", "body": b'{"upd', "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> Args:
        return next(parts)

    channel = channel_of(api, words, intake, mode="webhook", secret="s3cret")
    headers = [(b"x-telegram-bot-api-secret-token", b"s3cret")]
    request = Request({"type": "http", "method": "POST", "headers": headers}, receive)
    assert ((await channel.webhook(request)).status_code, intake.offered) == (400, [])


@pytest.mark.parametrize(("mode", "secret"), [("polling", "s3cret"), ("webhook", "")])
async def test_nobody_may_call_when_no_call_is_expected(
    api: BotApi, words: Words, intake: Intake, mode: str, secret: str
) -> None:
    """While polling, or without a secret, every call is refused."""
    async with served(api, words, intake, mode=mode, secret=secret) as url:
        assert await post(url, b'{"update_id":1}', secret) == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'{"update_id":"1"}', 400),
        (b"x" * (1024 * 1024 + 1), 413),
        (b'{"update_id":1}', 200),
        (b'{"update_id":1,"message":{}}', 200),
    ],
)
async def test_a_call_is_judged_by_its_body(
    api: BotApi, words: Words, intake: Intake, body: bytes, status: int
) -> None:
    """What is no update is refused; an update that means nothing to us is taken, so that it is not told for ever."""
    async with served(api, words, intake) as url:
        assert await post(url, body, "s3cret_-") == status


# Sending.


async def test_a_message_arrives_with_its_buttons(api: BotApi, sender: TelegramChannel) -> None:
    """HTML, links and rows of buttons arrive as they were meant; danger is shown in red, once."""
    buttons = rows(
        Button("Yes", "y"),
        (Button("Unsafe", "d", danger=True), Button("🔴 Stop", "s", danger=True)),
        Button("Site", url="https://e.org"),
    )
    await sender.send(parcel("<b>Hi</b> &amp; welcome", buttons=buttons), None)
    (sent,) = api.sent(CHAT)
    assert (sent.text, sent.labels) == ("Hi & welcome", ["Yes", "🔴 Unsafe", "🔴 Stop", "Site"])
    assert [len(row) for row in sent.buttons] == [1, 2, 1]
    assert sent.buttons[2][0] == {"text": "Site", "url": "https://e.org"}


async def test_a_message_can_take_the_place_of_another(api: BotApi, sender: TelegramChannel) -> None:
    """An edit changes words and buttons; the same edit again is as good as done."""
    await sender.send(parcel("one", buttons=rows(Button("Yes", "y"))), None)
    number = str(api.sent(CHAT)[0].id)
    for _time in range(2):
        await sender.send(parcel("two", replaces=number), None)
    (sent,) = api.sent(CHAT)
    assert (sent.text, sent.labels, sent.edits) == ("two", [], ["one"])


@pytest.mark.parametrize("replaces", ["999", "not-a-number"])
async def test_a_message_that_cannot_be_replaced_is_said_anew(
    api: BotApi, sender: TelegramChannel, replaces: str
) -> None:
    """An answer reaches people even when the message it was to replace is gone."""
    await sender.send(parcel("two", replaces=replaces), None)
    assert [sent.text for sent in api.sent(CHAT)] == ["two"]


async def test_a_long_message_arrives_in_pieces(api: BotApi, sender: TelegramChannel) -> None:
    """More than Telegram takes is sent in order, cut at paragraphs, with the buttons under the last."""
    html = "\n\n".join(f"<b>{number}</b> " + "word " * 300 for number in range(9))
    await sender.send(parcel(html, buttons=rows(Button("Yes", "y"))), None)
    sent = api.sent(CHAT)
    assert [message.labels for message in sent] == [[]] * (len(sent) - 1) + [["Yes"]]
    assert "".join("".join(message.text for message in sent).split()) == "".join(rules.parse(html)[0].split())
    assert [message.text[0] for message in sent] == ["0", "2", "4", "6", "8"]


@pytest.mark.parametrize("named", ["", "visits.csv"])
async def test_a_part_in_another_language_arrives(
    api: BotApi, sender: TelegramChannel, tmp_path: Path, named: str
) -> None:
    """Telegram has no tag for the language of a part: its words are sent without one."""
    file = tmp_path / named if named else None
    if file:
        file.write_bytes(CONTENT)
    html = f"<b>Dziękuję</b>\n\n{in_language(Markup('<i>Thank you</i>'), 'en')}"
    await sender.send(parcel(html, document=Document("visits", "csv") if named else None), file)
    assert [sent.text for sent in api.sent(CHAT)] == ["Dziękuję\n\nThank you"]


async def test_a_file_arrives_under_its_name(api: BotApi, sender: TelegramChannel, tmp_path: Path) -> None:
    """A document keeps its bytes and name, with the words under it and the buttons."""
    file = tmp_path / "visits ü.csv"
    file.write_bytes(CONTENT)
    out = parcel("<b>Visits</b>", document=Document("visits", "csv"), buttons=rows(Button("Done", "d")))
    await sender.send(out, file)
    (sent,) = api.sent(CHAT)
    assert (sent.file_name, sent.content, sent.text, sent.labels) == (file.name, CONTENT, "Visits", ["Done"])


async def test_words_too_long_for_a_file_go_before_it(api: BotApi, sender: TelegramChannel, tmp_path: Path) -> None:
    """Telegram takes 1,024 under a file; more is a message of its own."""
    file = tmp_path / "visits.csv"
    file.write_bytes(b"x")
    await sender.send(parcel("x" * 1025, document=Document("visits", "csv")), file)
    assert [(sent.file_name, len(sent.text)) for sent in api.sent(CHAT)] == [("", 1025), ("visits.csv", 0)]


async def test_a_file_that_is_not_there_is_tried_again(sender: TelegramChannel, tmp_path: Path) -> None:
    """Each attempt renders the file anew, so a lost one is no reason to give up."""
    for file in (None, tmp_path / "gone.csv"):
        with pytest.raises(TryAgain):
            await sender.send(parcel(document=Document("visits", "csv")), file)


@pytest.mark.parametrize(
    ("status", "description", "retry_after", "expected"),
    [
        (403, "Forbidden: bot was blocked by the user", None, Unreachable()),
        (403, "Forbidden: user is deactivated", None, Unreachable()),
        (400, "Bad Request: chat not found", None, Unreachable()),
        (400, 'Bad Request: can\'t parse entities: Unsupported start tag "Sam"', None, Refused("can't parse entities")),
        (
            400,
            "Bad Request: inline keyboard button URL 'https://x' is invalid",
            None,
            Refused("inline keyboard button url"),
        ),
        (413, "Request Entity Too Large", None, Refused("request entity too large")),
        (429, "Too Many Requests: retry after 7", 7, TryAgain(7.0)),
        (429, "Too Many Requests", None, TryAgain()),
        (500, "Internal Server Error", None, TryAgain()),
        (502, "Bad Gateway", None, TryAgain()),
        (401, "Unauthorized", None, TryAgain()),
    ],
)
async def test_telegrams_refusals_are_told_in_the_engines_words(
    api: BotApi, sender: TelegramChannel, status: int, description: str, retry_after: int | None, expected: Exception
) -> None:
    """Each refusal says whether to try again, to give up on the message or on the address; it quotes no content."""
    api.fail_next("sendMessage", status, description, retry_after=retry_after)
    with pytest.raises(type(expected)) as caught:
        await sender.send(parcel(), None)
    assert caught.value == expected
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize(("after", "arrived"), [(False, 1), (True, 2)])
async def test_a_dropped_line_is_tried_again(
    api: BotApi, sender: TelegramChannel, *, after: bool, arrived: int
) -> None:
    """Nobody knows whether it arrived, so it is sent again: at least once, perhaps twice."""
    api.drop_next("sendMessage", after=after)
    with pytest.raises(TryAgain):
        await sender.send(parcel(), None)
    await sender.send(parcel(), None)
    assert len(api.sent(CHAT)) == arrived


async def test_somebody_who_blocked_the_bot_is_unreachable(api: BotApi, sender: TelegramChannel) -> None:
    """Blocked, or never met: no message will arrive there."""
    api.block(CHAT)
    for chat in (CHAT, 77):
        with pytest.raises(Unreachable):
            await sender.send(parcel(chat=chat), None)


async def test_an_empty_message_is_refused(sender: TelegramChannel) -> None:
    """What has nothing to say will never be sent."""
    with pytest.raises(Refused):
        await sender.send(parcel("<b> </b>"), None)


async def test_sending_before_the_start_is_tried_again(api: BotApi, words: Words, intake: Intake) -> None:
    """A message is not lost for having come early."""
    with pytest.raises(TryAgain):
        await channel_of(api, words, intake).send(parcel(), None)


@pytest.mark.parametrize(
    ("base_url", "limited"), [("https://api.telegram.org/bot", 1), ("http://127.0.0.1:8081/bot", 0)]
)
async def test_only_telegrams_own_server_is_spared(
    api: BotApi, words: Words, intake: Intake, monkeypatch: pytest.MonkeyPatch, base_url: str, limited: int
) -> None:
    """The limit of 30 messages a second is kept towards Telegram; a server of one's own says itself when to wait."""
    made = []

    class Limiter(AIORateLimiter):
        def __init__(self, **options: int) -> None:
            super().__init__()
            made.append(options)

    monkeypatch.setattr(telegram, "AIORateLimiter", Limiter)
    channel_of(api, words, intake, base_url=base_url)
    assert made == [{"max_retries": 0}] * limited


# The token.


def chain(error: BaseException | None) -> str:
    """All that a log could show of an error: its words, its traceback and every error behind it."""
    if error is None:
        return ""
    shown = [str(error), repr(error), *traceback.format_exception(error)]
    return "".join(shown) + chain(error.__cause__) + chain(error.__context__)


@pytest.fixture
async def proxy() -> AsyncIterator[str]:
    """A proxy that answers with a page, which names the address that was asked for."""

    async def page(request: web.Request) -> web.Response:
        status = {"sendMessage": 400, "sendDocument": 302}.get(request.path.rsplit("/", 1)[1], 200)
        return web.Response(text=f"<html>{request.url}</html>", status=status, headers={"Location": str(request.url)})

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    await runner.cleanup()


async def test_the_token_is_in_no_log_and_no_error(
    api: BotApi,
    words: Words,
    intake: Intake,
    proxy: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever goes wrong, neither the token nor the address with it is written anywhere."""
    caplog.set_level(logging.DEBUG)
    file = tmp_path / "x.csv"
    file.write_bytes(b"x")
    api.say(CHAT, "hello")
    seen = []
    with capture_logs() as logs:
        for more in ({"base_url": proxy}, {"base_url": "http://127.0.0.1:1/bot"}, {"token": SECRET_TOKEN + "x"}, {}):
            api.drop_next("getUpdates")
            api.fail_next("sendMessage", 400, "Bad Request: x")
            channel = channel_of(api, words, intake, **more)
            seen.append(await error_of(channel.start))
            run = asyncio.create_task(channel.run())
            await asyncio.wait([run], timeout=0.1)
            seen += [
                await error_of(partial(channel.send, parcel(), None)),
                await error_of(partial(channel.send, parcel(document=Document("v", "csv")), file)),
            ]
            run.cancel()
            (late,) = await asyncio.gather(run, return_exceptions=True)
            seen.append(late)
            await channel.stop()
    written = "".join([caplog.text, str(logs), *map(chain, seen)])
    assert "telegram.start_failed" in written
    assert sum(error is not None for error in seen) >= 10
    assert "MARKED" not in written


async def error_of(work: Callable[[], Any]) -> BaseException | None:
    try:
        await work()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is looked into
        return error
    return None


# Cutting long messages.

CHARACTERS = st.text(st.sampled_from("ab <>&'\n\u00a0é😀👍🏽"), max_size=12)
HTML = st.recursive(
    CHARACTERS.map(lambda text: str(escape(text))),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map("".join),
        st.lists(inner, max_size=4).map("\n\n".join),
        inner.map(lambda html: f"<b>{html}</b>"),
        inner.map(lambda html: f"<i>{html}</i>"),
        inner.map(lambda html: f'<a href="https://e.org/?a=1&amp;b=2">{html}</a>'),
    ),
    max_leaves=12,
)


def styled(html: str) -> list[tuple[str, frozenset[str]]]:
    """Each visible character with what it is shown in."""
    text, entities = rules.parse(html)
    found, at = [], 0
    for character in text:
        over = frozenset(
            entity["type"] for entity in entities if entity["offset"] <= at < entity["offset"] + entity["length"]
        )
        at += rules.units(character)
        if not character.isspace():
            found.append((character, over))
    return found


@given(HTML, st.integers(2, 40))
def test_pieces_join_to_the_whole(html: str, limit: int) -> None:
    """Each piece is valid and within the limit, none is empty, and together they show every character as it was."""
    cut = pieces(html, limit)
    assert all(0 <= rules.units(rules.parse(piece)[0]) <= limit for piece in cut)
    assert [part for piece in cut for part in styled(piece)] == styled(html)
    assert len(cut) == 1 or all(styled(piece) for piece in cut)


@given(HTML)
def test_a_length_is_what_telegram_takes_it_for(html: str) -> None:
    """A message is as long as the text that is shown, before its ends are trimmed."""
    assert width(f"x{html}x") == rules.units(rules.parse(f"x{html}x")[0])


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("one two\n\nthree\nfour five", ["one two", "three", "four five"]),
        ("<b>one two three four</b>", ["<b>one two </b>", "<b>three four</b>"]),
        ("abcdefghijklmnop", ["abcdefghijkl", "mnop"]),
        ("&lt;&lt;&lt;&lt;&lt;&lt; 12345", ["&lt;&lt;&lt;&lt;&lt;&lt; 12345"]),
        ("short", ["short"]),
    ],
)
def test_a_message_is_cut_where_a_reader_would_pause(html: str, expected: list[str]) -> None:
    """Paragraphs before lines, lines before words, and a word only when it is longer than a message."""
    assert pieces(html, 12) == expected


def test_nothing_is_cut_at_telegrams_own_limit() -> None:
    """4,096 are one message, one more are two; a character outside the basic plane counts twice."""
    assert [len(pieces(text)) for text in ("x" * 4096, "x" * 4097, "😀" * 2048, "😀" * 2049)] == [1, 2, 1, 2]
