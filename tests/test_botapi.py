"""The local Bot API server itself: a test against it is worth what it has in common with the real one."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
import pytest

from tests import botapi_rules as rules
from tests.botapi import BotApi
from tests.botapi_rules import Args, Problem

CHAT = 42


class Caller:
    """Calls the server as any program would."""

    def __init__(self, api: BotApi, session: aiohttp.ClientSession) -> None:
        self.api = api
        self._session = session

    async def __call__(self, method: str, **args: object) -> Any:  # noqa: ANN401 - an answer is what it is
        async with self._session.post(f"{self.api.base_url}{self.api.token}/{method}", json=args) as answer:
            body = orjson.loads(await answer.read())
            assert (answer.status == 200) == body["ok"]
            return body.get("result") if body["ok"] else (body["error_code"], body["description"])

    async def raw(self, path: str, data: object = None) -> tuple[int, Any]:
        async with self._session.post(f"{self.api.base_url}{path}", data=data) as answer:
            return answer.status, orjson.loads(await answer.read())


@pytest.fixture
async def call() -> AsyncIterator[Caller]:
    async with BotApi() as api, aiohttp.ClientSession() as session:
        yield Caller(api, session)


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("a &lt; b &amp;&quot;&#39;&#x1F600; &nbsp;", "a < b &\"'😀 &nbsp;", []),
        ("<b>x</b>", "x", [("bold", 0, 1)]),
        ("😀<i>x</i>", "😀x", [("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ('<a href="https://e.org/?a&amp;b">x</a>', "x", [("text_link", 0, 1)]),
        ("  <b> x </b>  ", "x", [("bold", 0, 1)]),
        ("<b></b>x", "x", []),
    ],
)
def test_html_is_read_as_telegram_reads_it(html: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    """Four named entities and numbers are decoded, tags become entities counted in UTF-16 units, ends are trimmed."""
    shown, found = rules.parse(html)
    assert (shown, [(entity["type"], entity["offset"], entity["length"]) for entity in found]) == (text, entities)


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ],
)
def test_wrong_html_is_refused_in_telegrams_words(html: str, problem: str) -> None:
    """What Telegram cannot parse is refused, with the place where it gave up."""
    with pytest.raises(Problem) as caught:
        rules.parse(html)
    assert caught.value == Problem(400, f"Bad Request: can't parse entities: {problem}")


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": ""}]]}},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]}},
            "BUTTON_DATA_INVALID",
        ),
        ({"chat_id": 7, "text": "x"}, "chat not found"),
    ],
)
async def test_a_message_telegram_would_refuse_is_refused(call: Caller, args: Args, problem: str) -> None:
    """Empty, too long, bad buttons and strangers are refused as Telegram refuses them."""
    call.api.say(CHAT, "hello")
    assert await call("sendMessage", **({"chat_id": CHAT} | args)) == (400, f"Bad Request: {problem}")
    assert call.api.sent(CHAT) == []


async def test_the_longest_message_is_taken(call: Caller) -> None:
    """4,096 units after the tags and entities are taken away are not too many."""
    call.api.say(CHAT, "hello")
    await call("sendMessage", chat_id=CHAT, text=f"<b>{'&lt;' * 4096}</b>", parse_mode="HTML")
    assert [sent.text for sent in call.api.sent(CHAT)] == ["<" * 4096]


async def test_updates_stay_until_a_later_offset_is_asked_for(call: Caller) -> None:
    """An update is given again until it is confirmed by asking for a later one."""
    first, second = call.api.say(CHAT, "one"), call.api.say(CHAT, "two")
    assert await call("getUpdates") == [first, second]
    assert await call("getUpdates", offset=second["update_id"]) == [second]
    assert await call("getUpdates") == [second]
    assert await call("getUpdates", offset=second["update_id"] + 1) == []


async def test_a_long_poll_is_answered_when_something_happens(call: Caller) -> None:
    """A poll is held open until there is an update."""
    poll = asyncio.create_task(call("getUpdates", timeout=20))
    await call.api.until(lambda: call.api.calls["getUpdates"] == 1)
    update = call.api.say(CHAT, "hello")
    assert await poll == [update]


async def test_of_two_polls_the_older_ends_in_conflict(call: Caller) -> None:
    """Only one program may poll."""
    older = asyncio.create_task(call("getUpdates", timeout=20))
    await call.api.until(lambda: call.api.calls["getUpdates"] == 1)
    assert await call("getUpdates") == []
    assert (await older)[0] == 409


async def test_polling_conflicts_with_a_webhook(call: Caller) -> None:
    """While a webhook is set nobody may poll; once it is deleted they may."""
    await call("setWebhook", url="http://127.0.0.1:9/telegram", secret_token="s")
    assert (await call("getUpdates"))[0] == 409
    assert (await call("getWebhookInfo"))["url"] == "http://127.0.0.1:9/telegram"
    await call("deleteWebhook")
    assert await call("getUpdates") == []


async def test_only_the_sorts_asked_for_are_kept(call: Caller) -> None:
    """allowed_updates holds until it is set anew."""
    await call("getUpdates", allowed_updates=["message"])
    call.api.block(CHAT)
    update = call.api.say(CHAT, "hello")
    assert await call("getUpdates") == [update]


async def test_an_unknown_token_or_method_is_refused(call: Caller) -> None:
    """A token that looks right is unauthorized; one that does not, or an unknown method, is not found."""
    assert (await call.raw("1:wrong/getMe"))[0] == 401
    assert (await call.raw("wrong/getMe"))[0] == 404
    assert (await call.raw(f"{call.api.token}/noSuchMethod"))[0] == 404


async def test_forms_are_read_like_json(call: Caller) -> None:
    """A form holds nested values as JSON."""
    call.api.say(CHAT, "hello")
    markup = '{"inline_keyboard":[[{"text":"Yes","callback_data":"y"}]]}'
    status, _ = await call.raw(
        f"{call.api.token}/sendMessage", {"chat_id": str(CHAT), "text": "[1]", "reply_markup": markup}
    )
    assert (status, call.api.sent(CHAT)[0].text, call.api.sent(CHAT)[0].labels) == (200, "[1]", ["Yes"])


async def test_faults_come_as_often_as_they_were_asked_for(call: Caller) -> None:
    """A fault is met so many times and then no more; a drop `after` has taken effect."""
    call.api.say(CHAT, "hello")
    call.api.fail_next("sendMessage", 429, "Too Many Requests: retry after 3", retry_after=3, times=2)
    call.api.drop_next("sendMessage", after=True)
    assert [(await call("sendMessage", chat_id=CHAT, text="x"))[0] for _ in range(2)] == [429, 429]
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await call("sendMessage", chat_id=CHAT, text="x")
    await call("sendMessage", chat_id=CHAT, text="y")
    assert [sent.text for sent in call.api.sent(CHAT)] == ["x", "y"]


async def test_an_edit_must_change_something_that_is_there(call: Caller) -> None:
    """An edit of nothing, or to the same, is refused; another keeps what was said before."""
    call.api.say(CHAT, "hello")
    sent = await call("sendMessage", chat_id=CHAT, text="one")
    number = sent["message_id"]
    assert "message is not modified" in (await call("editMessageText", chat_id=CHAT, message_id=number, text="one"))[1]
    assert "to edit not found" in (await call("editMessageText", chat_id=CHAT, message_id=999, text="two"))[1]
    await call("editMessageText", chat_id=CHAT, message_id=number, text="two")
    assert (call.api.sent(CHAT)[0].text, call.api.sent(CHAT)[0].edits) == ("two", ["one"])
    assert await call("deleteMessage", chat_id=CHAT, message_id=number) is True
    assert call.api.sent(CHAT) == []


async def test_a_button_is_pressed_and_answered_once(call: Caller) -> None:
    """Pressing makes a query with the message; it can be answered once."""
    call.api.say(CHAT, "hello")
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await call("sendMessage", chat_id=CHAT, text="?", reply_markup=markup)
    query = call.api.press(CHAT, "Yes")["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("y", sent["message_id"])
    assert await call("answerCallbackQuery", callback_query_id=query["id"]) is True
    assert (await call("answerCallbackQuery", callback_query_id=query["id"]))[0] == 400
    with pytest.raises(LookupError):
        call.api.press(CHAT, "No")


async def test_another_process_can_use_the_hands(call: Caller) -> None:
    """The controls of the server on its own do what they do in a test."""
    root = call.api.base_url.removesuffix("/bot")
    async with aiohttp.ClientSession() as session:
        body = orjson.dumps([{"chat_id": 1, "text": "a"}, {"chat_id": 2, "text": "b"}])
        async with session.post(f"{root}/test/say", data=body) as answer:
            assert answer.status == 200
        async with session.get(f"{root}/test/state") as answer:
            assert (await answer.json())["pending"] == 2
        async with session.post(f"{root}/test/wait", data=b"[]") as answer:
            assert answer.status == 404
