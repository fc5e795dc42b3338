"""The chat page over HTTP: what browsers, old browsers and strangers may do, and what the engine gets of it."""

import asyncio
import gzip
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.channels.web import stream
from bot.channels.web.labels import LABELS, PROBLEMS
from bot.channels.web.session import address_of
from bot.engine.message import Button, Kind, Outgoing, rows
from bot.settings import Web
from tests.web_app import Site, site

COOKIE = "ivbot"
HTMX = {"HX-Request": "true"}


class Browser:
    """Keeps cookies and remembers the page, as a browser without JavaScript does."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session
        self.page = ""

    @property
    def event(self) -> str:
        return str(re.findall(r'name="event" value="([^"]+)"', self.page)[-1])

    @property
    def after(self) -> str:
        return str(re.findall(r'name="after" value="([^"]+)"', self.page)[-1])

    @property
    def token(self) -> str:
        return next((cookie.value for cookie in self.session.cookie_jar if cookie.key == COOKIE), "")

    async def get(self, path: str = "/", **headers: str) -> aiohttp.ClientResponse:
        return await self._keep(await self.session.get(self.url + path, headers=headers, allow_redirects=False))

    async def post(
        self, path: str, headers: Mapping[str, str] | None = None, /, **fields: str
    ) -> aiohttp.ClientResponse:
        return await self._keep(
            await self.session.post(self.url + path, data=fields, headers=headers, allow_redirects=False)
        )

    async def say(self, text: str, **fields: str) -> aiohttp.ClientResponse:
        return await self.post("/chat", None, text=text, **{"event": self.event, **fields})

    async def _keep(self, response: aiohttp.ClientResponse) -> aiohttp.ClientResponse:
        text = await response.text()
        if 'name="event"' in text:
            self.page = text
        return response


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Site]:
    async with site(tmp_path) as running:
        yield running


@pytest.fixture
async def browser(served: Site) -> AsyncIterator[Browser]:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        yield Browser(served.url, session)


async def test_coming_in_is_a_start_turn(served: Site, browser: Browser) -> None:
    """The first GET hands `/start` to the engine and shows what it answered."""
    response = await browser.get("/", **{"Accept-Language": "pl, ar;q=0.9, en;q=0.8"})

    assert response.status == 200
    assert [(event.kind, event.text, event.language) for event in served.engine.taken] == [(Kind.TEXT, "/start", "ar")]
    assert "<b>Independent Visitors</b>" in browser.page
    assert '<html lang="ar" dir="rtl">' in browser.page


async def test_a_language_nobody_speaks_here_is_told_all_the_same(served: Site, browser: Browser) -> None:
    """The engine hears which language the browser wanted most, so that it can offer what there is."""
    await browser.get("/", **{"Accept-Language": "fr;q=0.5, pl-PL, nonsense;;q=x"})

    assert [event.language for event in served.engine.taken] == ["pl-pl"]
    assert '<html lang="en" dir="ltr">' in browser.page


async def test_the_cookie_is_for_this_browser_alone(served: Site, browser: Browser) -> None:
    """The session cookie is HttpOnly, Strict, ends with the browser, and the address does not contain it."""
    response = await browser.get()
    cookie = response.headers["Set-Cookie"]

    assert re.fullmatch(r"ivbot=[\w-]{43}; HttpOnly; Path=/; SameSite=strict", cookie)
    assert served.engine.addresses == [address_of(browser.token)]


async def test_behind_https_the_cookie_is_secure(tmp_path: Path) -> None:
    """With an https address the cookie is Secure and browsers are told to stay on https."""
    async with (
        site(tmp_path, Web(public_url="https://chat.example.org")) as running,
        aiohttp.ClientSession() as session,
        session.get(running.url) as response,
    ):
        assert "Secure" in response.headers["Set-Cookie"]
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ring <b>0800 1111</b>.", "Ring <b>0800\u00a01111</b>."),
        ("\u206801632 960 000\u2069, 9:30 am", "\u206801632\u00a0960\u00a0000\u2069, 9:30\u00a0am"),
        ("<b>IV-6R5A-H</b>", '<b><span class="whole">IV-6R5A-H</span></b>'),
        ("\u2068C-34YP-E\u2069", '\u2068<span class="whole">C-34YP-E</span>\u2069'),
        ("7K3Q-9M2X-4TBR.", '<span class="whole">7K3Q-9M2X-4TBR</span>.'),
        ('<a href="/IV-6R5A-H?0 8">this</a>', '<a href="/IV-6R5A-H?0 8">this</a>'),
        ("2 a 3, PRE-IV-6R5A-H, 7K3Q-9M2X-4TBRS", "2 a 3, PRE-IV-6R5A-H, 7K3Q-9M2X-4TBRS"),
    ],
)
async def test_what_is_copied_out_is_kept_whole(served: Site, browser: Browser, written: str, shown: str) -> None:
    """Numbers to ring, times, references and codes are kept on one line; no tag is touched."""
    await browser.get()
    await served.engine.say(served.engine.addresses[0], Outgoing(written))
    await browser.get()

    assert f">{shown}</p>" in browser.page


async def test_nobody_looking_opens_no_session(served: Site, browser: Browser) -> None:
    """A HEAD request and a prefetch leave no trace."""
    async with browser.session.head(served.url) as head:
        assert head.status == 200
    prefetch = await browser.get("/", **{"Sec-Purpose": "prefetch;prerender"})

    assert prefetch.status == 503
    assert served.engine.taken == []
    assert browser.token == ""


async def test_a_link_elsewhere_does_not_close_an_open_chat(served: Site, browser: Browser) -> None:
    """From another site the cookie is held back: the page goes on to itself instead of starting anew."""
    response = await browser.get("/?start=ABC", **{"Sec-Fetch-Site": "cross-site"})

    assert 'content="0;url=/?start=ABC&amp;in=1"' in await response.text()
    assert served.engine.taken == []


@pytest.mark.parametrize("path", ["/", "/closed", "/static/icon.svg", "/nothing", "/broken", "/chat", "/file/1"])
async def test_every_response_is_shielded(browser: Browser, path: str) -> None:
    """Pages, files and problems all carry the headers that keep the chat to itself."""
    response = await browser.get(path)

    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Permissions-Policy" in response.headers


async def test_files_are_kept_for_a_year_under_their_contents_name(browser: Browser) -> None:
    """What the page names can be kept for ever, and comes packed to whoever can unpack it."""
    await browser.get()
    names = re.findall(r'(?:src|href)="(/static/[^"]+)"', browser.page)
    assert len(names) >= 6
    for name in names:
        async with browser.session.get(browser.url + name, auto_decompress=False) as response:
            assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert response.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(await response.read())
    plain = await browser.get("/static/chat.css", **{"Accept-Encoding": "identity"})
    assert 'url("/static/face.svg?v=' in await plain.text()


async def test_there_are_no_other_files(browser: Browser) -> None:
    """Only what the page needs is served: no notes, no ways out of the folder."""
    for path in ("/static/VERSIONS", "/static/..%2Flabels.py", "/static/%00"):
        assert (await browser.get(path)).status == 404


async def test_words_are_taken_and_shown(served: Site, browser: Browser) -> None:
    """A plain form post becomes one TEXT event, and the page it leads to shows both sides, escaped."""
    await browser.get()
    response = await browser.say("  I <3 football\r\nand more ")
    await browser.get()

    assert (response.status, response.headers["Location"]) == (303, "/#latest")
    assert served.engine.taken[1].text == "I <3 football\nand more"
    assert served.engine.taken[1].event_id.startswith(f"{served.engine.addresses[0][:16]}:")
    assert '<p dir="ltr">I &lt;3 football<br>and more</p>' in browser.page


async def test_the_same_form_sent_twice_is_taken_once(served: Site, browser: Browser) -> None:
    """A double click sends the same one-time id, and the next page has another."""
    await browser.get()
    event = browser.event
    await browser.say("hello")
    await browser.say("hello")
    await browser.get()

    assert await served.said() == ["hello"]
    assert browser.event != event


async def test_two_sessions_never_share_an_event(served: Site, browser: Browser) -> None:
    """The same one-time id from two browsers is two events."""
    await browser.get()
    await browser.say("one", event="samesame")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        other = Browser(served.url, session)
        await other.get()
        await other.say("two", event="samesame")

    assert await served.said() == ["one", "two"]


async def test_an_empty_box_is_nothing(served: Site, browser: Browser) -> None:
    """Spaces alone are no message."""
    await browser.get()
    assert (await browser.say(" \n ")).status == 303
    assert await served.said() == []


async def test_very_long_words_are_cut_and_longer_ones_refused(served: Site, browser: Browser) -> None:
    """10,000 characters are kept; more than 64 KiB is a kind 413, chunked or not."""
    await browser.get()
    await browser.say("a" * 12_000)
    assert [len(text) for text in await served.said()] == [10_000]

    response = await browser.say("b" * 70_000)
    assert response.status == 413
    assert PROBLEMS[413][0].msgid in await response.text()

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(8):
            yield b"x" * 10_000

    async with browser.session.post(f"{browser.url}/chat", data=chunks()) as chunked:
        assert chunked.status == 413
    assert len(await served.said()) == 1


async def test_the_longest_words_the_box_takes_fit_into_a_request(served: Site, browser: Browser) -> None:
    """What the page lets them write is never too long, in any script."""
    await browser.get()
    longest = "字" * int(re.findall(r'maxlength="(\d+)"', browser.page)[0])
    assert (await browser.say(longest)).status == 303
    assert await served.said() == [longest]


async def test_a_button_says_what_the_bot_wrote_on_it(served: Site, browser: Browser) -> None:
    """The label comes from the message that was sent, never from the browser."""
    await browser.get()
    await browser.post("/chat", event=browser.event, data="what", message="1", text="something else")
    pressed = served.engine.taken[1]

    assert (pressed.kind, pressed.text, pressed.data, pressed.pressed) == (
        Kind.BUTTON,
        "What is a visitor?",
        "what",
        "1",
    )


async def test_the_buttons_that_are_always_there(served: Site, browser: Browser) -> None:
    """Menu and the danger button work on every page, without a message of theirs."""
    await browser.get()
    assert '<button name="data" value="safety" class="pill danger">I&#39;m not safe</button>' in browser.page
    await browser.post("/chat", event=browser.event, data="safety")

    assert (served.engine.taken[1].text, served.engine.taken[1].data) == ("I'm not safe", "safety")


@pytest.mark.parametrize(
    "fields",
    [
        {"data": "made-up"},
        {"data": "made-up", "message": "1"},
        {"data": "what", "message": "99"},
        {"data": "what", "message": "x"},
    ],
)
async def test_buttons_nobody_was_shown_are_refused(served: Site, browser: Browser, fields: dict[str, str]) -> None:
    """Data that is on no button of this session does not reach the engine."""
    await browser.get()
    response = await browser.post("/chat", event=browser.event, **fields)

    assert response.status == 404
    assert await served.said() == []


async def test_somebody_elses_messages_are_not_mine(served: Site, browser: Browser) -> None:
    """A button and a file of one session do not exist in another."""
    await browser.get()
    await browser.say("file")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        other = Browser(served.url, session)
        await other.get()
        button = await other.post("/chat", event=other.event, data="what", message="1")
        file = await other.get("/file/2")

    assert (button.status, file.status) == (404, 404)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
    ],
)
@pytest.mark.parametrize("path", ["/chat", "/leave"])
async def test_forms_of_other_sites_are_refused(
    served: Site, browser: Browser, path: str, headers: dict[str, str]
) -> None:
    """Another site can neither speak for them nor throw them out."""
    await browser.get()
    response = await browser.post(path, headers, event=browser.event, text="hello")

    assert response.status == 403
    assert len(served.engine.taken) == 1


async def test_browsers_that_tell_little_are_let_in(served: Site, browser: Browser) -> None:
    """Our own forms pass with a matching Origin, with the `null` our Referrer-Policy makes of it, and with none."""
    for number, origin in enumerate((served.url, "null", "")):
        await browser.get()
        await browser.post("/chat", {"Origin": origin} if origin else {}, event=browser.event, text=str(number))

    assert await served.said() == ["0", "1", "2"]


async def test_htmx_gets_the_new_turns_alone(browser: Browser) -> None:
    """With HX-Request only what is new comes back, with the next one-time id and the last turn."""
    await browser.get()
    event = browser.event
    response = await browser.post("/chat", HTMX, event=event, after=browser.after, text="hello")
    text = await response.text()

    assert "<html" not in text
    assert "Independent Visitors" not in text
    assert "You wrote: hello" in text
    assert 'id="after" name="after" value="2" hx-swap-oob="true"' in text
    assert 'id="event"' in text
    assert browser.event != event


async def test_news_keeps_the_one_time_id_of_the_page(served: Site, browser: Browser) -> None:
    """Fetching news must not change the id under words that are being sent again."""
    await browser.get()
    await served.engine.say(served.engine.addresses[0], Outgoing("Sam is coming.", rows(Button("Fine", "fine"))))
    news = await (await browser.get(f"/?after={browser.after}&event=keepkeep", **HTMX)).text()
    nothing = await browser.get("/?after=2", **HTMX)

    assert "Sam is coming." in news
    assert 'name="event" value="keepkeep"' in news
    assert 'id="event"' not in news
    assert nothing.status == 204


@pytest.mark.parametrize("after", ["x", "-1", "²", "9" * 30])
async def test_a_turn_that_is_no_number_is_refused(browser: Browser, after: str) -> None:
    """A page that does not know where it is gets a problem, not everything again."""
    await browser.get()
    assert (await browser.get(f"/?after={after}", **HTMX)).status == 400


async def test_only_the_newest_buttons_can_be_pressed(served: Site, browser: Browser) -> None:
    """Buttons go once something was said after them; news nobody asked for leaves them."""
    await browser.get()
    await browser.say("hello")
    await served.engine.say(served.engine.addresses[0], Outgoing("By the way."))
    await browser.get()

    assert 'value="what"' not in browser.page
    assert 'value="next"' in browser.page


async def test_a_message_that_takes_the_place_of_another(browser: Browser) -> None:
    """The old message goes: out of the page when it is loaded, out of band when it is open."""
    await browser.get()
    await browser.say("menu")
    await browser.get()
    response = await browser.post("/chat", HTMX, event=browser.event, after=browser.after, data="change", message="2")
    assert '<div id="m2" hx-swap-oob="delete">' in await response.text()

    await browser.get()
    assert "Here is what you can do." not in browser.page
    assert "Changed." in browser.page


async def test_a_new_language_renews_the_page(browser: Browser) -> None:
    """When the language changes, the labels of the page change with it."""
    await browser.get()
    await browser.say("menu")
    await browser.get()
    response = await browser.post("/chat", HTMX, event=browser.event, after=browser.after, data="arabic", message="2")
    await browser.get()

    assert response.headers["HX-Refresh"] == "true"
    assert "إرسال" in browser.page


async def test_links_open_beside_the_chat(browser: Browser) -> None:
    """A button with an address is a link that tells the other side nothing."""
    await browser.get()
    await browser.say("link")
    await browser.get()

    assert 'href="http://127.0.0.1:9/page" target="_blank" rel="noopener noreferrer"' in browser.page


async def test_a_code_waits_in_the_box(served: Site, browser: Browser) -> None:
    """Looking at a link uses up no code: it is typed in for them and they press Send."""
    await browser.get("/?start=7K3Q-MMMM")

    assert "\n7K3Q-MMMM</textarea>" in browser.page
    assert LABELS["use_code"].msgid in browser.page
    assert [event.text for event in served.engine.taken] == ["/start"]


async def test_when_nothing_can_be_saved_the_words_stay(served: Site, browser: Browser) -> None:
    """503 with their words and the same id in the page; sent again, they are taken once."""
    await browser.get()
    event = browser.event
    served.engine.unavailable = True
    response = await browser.say("my long story")
    assert (response.status, browser.event) == (503, event)
    assert "\nmy long story</textarea>" in browser.page
    assert LABELS["not_saved"].msgid in browser.page

    served.engine.unavailable = False
    await browser.say("my long story")
    assert await served.said() == ["my long story"]


async def test_when_nothing_can_be_saved_the_page_hears_so(served: Site, browser: Browser) -> None:
    """With htmx the trouble is one line for the place above the box, and says what to press."""
    await browser.get()
    served.engine.unavailable = True
    text = await browser.post("/chat", HTMX, event=browser.event, after="1", text="hello")
    button = await browser.post("/chat", HTMX, event=browser.event, after="1", data="menu")

    assert (text.status, await text.text()) == (503, f"<p>{LABELS['not_saved'].msgid.replace(chr(39), '&#39;')}</p>")
    assert (button.status, await button.text()) == (503, f"<p>{LABELS['not_pressed'].msgid}</p>")


async def test_a_start_that_cannot_be_saved(served: Site, browser: Browser) -> None:
    """Without a database there is a kind page and no session."""
    served.engine.unavailable = True
    response = await browser.get()

    assert response.status == 503
    assert PROBLEMS[503][0].msgid.replace("'", "&#39;") in await response.text()
    assert browser.token == ""


async def test_words_for_a_closed_chat_are_not_lost(served: Site, browser: Browser) -> None:
    """Whoever wrote while the chat closed finds a new one, told why, with the words in the box."""
    await browser.get()
    served.engine.end_all()
    response = await browser.say("are you there")

    assert response.status == 200
    assert "\nare you there</textarea>" in browser.page
    assert "I close a chat that has been quiet for 30 minutes" in browser.page
    assert await served.said() == []


async def test_a_button_in_a_closed_chat_leads_to_a_new_one(served: Site, browser: Browser) -> None:
    """Pressing a button of a closed chat starts again and says why."""
    await browser.get()
    served.engine.end_all()
    plain = await browser.post("/chat", event=browser.event, data="menu")
    asked = await browser.post("/chat", HTMX, event=browser.event, data="menu")
    await browser.get()

    assert (plain.status, plain.headers["Location"]) == (303, "/")
    assert asked.headers["HX-Redirect"] == "/"
    assert "I close a chat that has been quiet for 30 minutes" in browser.page


async def test_a_page_hears_that_its_chat_is_closed(served: Site, browser: Browser) -> None:
    """Words sent by htmx get 410, so that they can go along; news there is none."""
    await browser.get()
    served.engine.end_all()

    assert (await browser.post("/chat", HTMX, event=browser.event, text="hi", after="1")).status == 410
    assert (await browser.get("/?after=0", **HTMX)).status == 204


async def test_a_browser_without_cookies_hears_why(browser: Browser) -> None:
    """Somebody whose browser drops the cookie is told so, with their words kept."""
    await browser.get()
    browser.session.cookie_jar.clear()
    await browser.say("hello")

    assert LABELS["cookies"].msgid in browser.page
    assert "\nhello</textarea>" in browser.page


async def test_leaving_ends_the_session(served: Site, browser: Browser) -> None:
    """The engine hears LEFT, the cookie goes, and a blank page leads away."""
    await browser.get()
    response = await browser.post("/leave")
    page = await response.text()

    assert served.engine.taken[-1].kind is Kind.LEFT
    assert browser.token == ""
    assert 'content="0;url=https://www.bbc.co.uk/weather"' in page
    assert "<title>Loading</title>" in page


async def test_leaving_works_when_nothing_can_be_saved(served: Site, browser: Browser) -> None:
    """No trouble of ours keeps anybody on the page."""
    await browser.get()
    served.engine.unavailable = True
    response = await browser.post("/leave")

    assert response.status == 200
    assert browser.token == ""


async def test_after_leaving_the_door_stays_shut(served: Site, browser: Browser) -> None:
    """Back finds a page that says nothing; one press opens a new chat."""
    await browser.get()
    await browser.post("/leave")
    back = await browser.get()
    door = await (await browser.get("/closed")).text()
    assert (back.status, back.headers["Location"]) == (303, "/closed")
    assert "isitor" not in door

    assert (await browser.get("/?open")).status == 200
    assert (await browser.get()).status == 200
    assert len(served.engine.addresses) == 1


async def test_a_file_is_saved_once_and_leaves_nothing(served: Site, browser: Browser) -> None:
    """A document comes as a download, and its directory is gone afterwards."""
    await browser.get()
    await browser.say("file")
    response = await browser.get("/file/2")

    assert await response.text() == "reference\nIV-7K3Q-M\n"
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''interest.csv"
    assert [path.parent.exists() for path in served.engine.rendered] == [False]
    assert [(await browser.get(path)).status for path in ("/file/1", "/file/77", "/file/" + "9" * 30)] == [404] * 3


async def test_a_file_that_is_no_longer_theirs_is_none(served: Site, browser: Browser) -> None:
    """Who may not see what is in it any more is told that there is no such page."""
    await browser.get()
    await browser.say("file")
    served.engine.not_theirs = True

    assert (await browser.get("/file/2")).status == 404


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/chat", 405), ("/broken", 500)])
async def test_problems_are_kind(browser: Browser, path: str, status: int) -> None:
    """A page that failed says what to do and who helps now, and nothing of what broke."""
    response = await browser.get(path)
    text = await response.text()

    assert response.status == status
    assert PROBLEMS[status][0].msgid in text
    assert LABELS["danger"].msgid in text
    assert "secret detail" not in text
    assert "Traceback" not in text


async def test_a_problem_in_an_open_page_is_one_line(browser: Browser) -> None:
    """The page that asks by itself gets a line to show, not a page in a page."""
    text = await (await browser.get("/nothing", **HTMX)).text()

    assert text == "<p>There is nothing here. The link may be old. You can go to the chat from here.</p>"


async def events(response: aiohttp.ClientResponse, number: int) -> list[str]:
    """The next lines of a stream that are events or heartbeats."""
    found: list[str] = []
    while len(found) < number:
        line = (await response.content.readline()).decode().strip()
        if line.startswith(("event:", ":")):
            found.append(line)
    return found


async def gone(served: Site) -> None:
    async with asyncio.timeout(60):
        while served.channel.listening:  # noqa: ASYNC110 - a listener that goes tells nobody
            await asyncio.sleep(0)


async def test_news_comes_to_its_own_session(served: Site, browser: Browser) -> None:
    """A stream says `news` at once and at every message for its session, and not for another's."""
    await browser.get()
    address = served.engine.addresses[0]
    async with browser.session.get(f"{browser.url}/stream") as response:
        assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert await events(response, 1) == ["event: news"]
        await served.engine.say("somebody else", Outgoing("Not for you."))
        await served.engine.say(address, Outgoing("For you."))
        assert await events(response, 1) == ["event: news"]
        served.engine.end_all()
        await served.engine.say(address, Outgoing("Over."))
        assert await events(response, 1) == ["event: closed"]
    await gone(served)


async def test_a_quiet_stream_beats(served: Site, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comments keep the line open, and a session that ended in silence is found out by the next one."""
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.01)
    await browser.get()
    async with browser.session.get(f"{browser.url}/stream") as response:
        assert await events(response, 3) == ["event: news", ": still here", ": still here"]
        served.engine.end_all()
        while (await events(response, 1)) != ["event: closed"]:
            pass
    await gone(served)


async def test_leaving_in_one_page_closes_the_others(browser: Browser) -> None:
    """Open pages of a session that was left are told at once."""
    await browser.get()
    async with browser.session.get(f"{browser.url}/stream") as response:
        await events(response, 1)
        await browser.post("/leave")
        assert await events(response, 1) == ["event: closed"]


async def test_a_page_that_goes_leaves_no_listener(served: Site, browser: Browser) -> None:
    """When the browser hangs up, its stream ends."""
    await browser.get()
    response = await browser.session.get(f"{browser.url}/stream")
    await events(response, 1)
    assert served.channel.listening == 1
    response.close()
    await gone(served)


async def test_five_pages_may_listen(served: Site, browser: Browser) -> None:
    """The sixth stream of one session is refused, and one without a session hears that it is closed."""
    assert await (await browser.get("/stream")).text() == stream.CLOSED
    await browser.get()
    streams = [await browser.session.get(f"{browser.url}/stream") for _ in range(stream.STREAMS)]
    assert [response.status for response in streams] == [200] * stream.STREAMS
    assert (await browser.get("/stream")).status == 429
    for response in streams:
        response.close()
    await gone(served)


async def test_closing_the_channel_ends_every_stream(served: Site, browser: Browser) -> None:
    """At shutdown no page holds the server up."""
    await browser.get()
    async with browser.session.get(f"{browser.url}/stream") as response:
        await events(response, 1)
        served.channel.close()
        assert "closed" not in (await response.content.read()).decode()
    await gone(served)
    assert (await browser.get("/stream")).status == 204


async def test_a_form_of_too_many_fields_is_refused(browser: Browser) -> None:
    """A body that is not one of our forms is a kind 400."""
    await browser.get()
    body = urlencode([(f"f{number}", "x") for number in range(30)])
    async with browser.session.post(f"{browser.url}/chat", data=body) as response:
        assert response.status == 400
        assert PROBLEMS[500][0].msgid in await response.text()
