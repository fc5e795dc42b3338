"""The chat page in a real browser: with and without JavaScript, by touch, by keyboard, and in a hurry."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Route, async_playwright, expect

from bot.channels.web.labels import LABELS
from bot.engine.message import Button, Outgoing, Parcel, rows
from bot.settings import Web
from tests.process import running
from tests.web_app import Site, elsewhere, site

pytestmark = pytest.mark.asyncio(loop_scope="module")
PATIENCE = 600
"""Seconds after which something has stopped for good: no test is so long, however busy the machine."""
expect.set_options(timeout=60_000)  # milliseconds: other tests run beside these

CHROMIUM = "/usr/bin/chromium"
ARGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
SPEECH = """
window.spoken = [];
window.queue = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, 'speechSynthesis', { value: {
  speak(speech) { window.spoken.push([speech.lang, speech.text]); window.queue.push(speech); },
  cancel() { window.spoken.push('stopped'); },
} });
"""

GAPS = """words => {
  const parts = [...words.querySelectorAll('p')].map(part => part.getBoundingClientRect());
  return parts.slice(1).map((part, at) => part.top - parts[at].bottom);
}"""
TORN = """([places, pattern]) => [...document.querySelectorAll(places)].flatMap(place => {
  const torn = [], texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) for (const found of texts.currentNode.data.matchAll(new RegExp(pattern, 'g'))) {
    const range = document.createRange();
    range.setStart(texts.currentNode, found.index);
    range.setEnd(texts.currentNode, found.index + found[0].length);
    if (range.getClientRects().length > 1) torn.push(found[0]);
  }
  return torn;
})"""
"""What is of one piece and stands on two lines."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def weather() -> AsyncIterator[str]:
    async with elsewhere() as url:
        yield url


@pytest_asyncio.fixture(loop_scope="module")
async def served(tmp_path: Path, weather: str) -> AsyncIterator[Site]:
    async with site(tmp_path, Web(leave_to=f"{weather}/moved")) as running:
        yield running


def is_wrong(message: ConsoleMessage) -> bool:
    """An error or a warning. That sending breaks off a fetch of news is meant to be, but htmx has to tell."""
    meant = message.text.startswith(("htmx:sendAbort", "htmx:afterRequest"))
    return message.type in {"error", "warning"} and not meant


@contextlib.asynccontextmanager
async def opened(
    browser: Browser,
    url: str,
    *,
    troubles: bool = False,
    **options: Any,  # noqa: ANN401 - Playwright's own
) -> AsyncIterator[Page]:
    """A page of the chat. Nothing may go wrong in its console unless `troubles` are what it is about."""
    wrong: list[str] = []
    context: BrowserContext = await browser.new_context(**options)
    context.set_default_timeout(60_000)
    page = await context.new_page()
    page.on("console", lambda message: wrong.append(message.text) if is_wrong(message) else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    try:
        async with asyncio.timeout(PATIENCE):
            await page.goto(url)
            yield page
    finally:
        await context.close()
    assert troubles or wrong == []


async def violations(page: Page) -> list[str]:
    """What axe finds, as rule and place. Run by the debugger, so that the page's own policy stays as it is."""
    found = await page.evaluate(f"{AXE};axe.run(document, {{resultTypes: ['violations']}})")
    assert len(found["passes"]) > 10
    return [f"{rule['id']}: {node['html']}" for rule in found["violations"] for node in rule["nodes"]]


async def gone_to(page: Page, weather: str) -> None:
    """They are at the weather page, by way of its own redirect."""
    await page.wait_for_url(weather.replace("localhost", "127.0.0.1") + "/weather")
    await expect(page.locator("h1")).to_have_text("Sunny")


async def forgotten(page: Page, served: Site) -> None:
    """The beacon that was sent on leaving has arrived: no session is left, and no cookie of one."""
    async with asyncio.timeout(PATIENCE):
        while {cookie.get("name") for cookie in await page.context.cookies(served.url)} != {"closed"}:  # noqa: ASYNC110 - browsers tell nobody
            await asyncio.sleep(0.01)
    assert served.engine.addresses == []


def parcel_for(address: str) -> Parcel:
    """What delivery would hand to the channel for this session."""
    return Parcel(99, "p1", "web", address, Outgoing("Nobody hears this."))


async def test_a_whole_chat(chromium: Browser, served: Site) -> None:
    """Typing, Enter, pressing: each gets its answer below, without a new page."""
    async with opened(chromium, served.url) as page:
        await page.evaluate("window.same = true")
        await expect(page.locator(".theirs")).to_have_count(1)
        await page.locator("#text").press_sequentially("hello there")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("and more")
        await page.keyboard.press("Enter")
        await expect(page.locator(".mine p")).to_have_text("hello there\nand more", use_inner_text=True)
        await expect(page.locator(".theirs").last).to_contain_text("You wrote: hello there")
        await expect(page.locator("#text")).to_have_value("")
        await expect(page.locator("#text")).to_be_focused()
        await expect(page.get_by_role("button", name="What is a visitor?")).to_have_count(0)

        await page.get_by_role("button", name="Next").click()
        await expect(page.locator(".theirs").last).to_contain_text("You wrote: Next")
        await expect(page.locator(".theirs .words").last).to_be_focused()
        await page.get_by_role("button", name="Menu").click()
        await page.get_by_role("button", name="Change it").click()
        await expect(page.locator(".theirs").last).to_contain_text("Changed.")
        await expect(page.get_by_text("Here is what you can do.")).to_have_count(0)
        assert await page.evaluate("window.same") is True
        assert [event.text for event in served.engine.taken[1:]] == [
            "hello there\nand more",
            "Next",
            "Menu",
            "Change it",
        ]


async def test_a_whole_chat_without_javascript(chromium: Browser, served: Site) -> None:
    """Plain forms do all of it: words, buttons, the menu, leaving."""
    async with opened(chromium, served.url, java_script_enabled=False) as page:
        await expect(page.locator(".read").first).to_be_hidden()
        await page.get_by_label("Write here").fill("hello")
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.locator(".mine")).to_contain_text("hello")
        assert page.url.endswith("/#latest")
        await page.get_by_role("button", name="Next").click()
        await expect(page.locator(".theirs").last).to_contain_text("You wrote: Next")
        await expect(page.get_by_role("button", name="Next")).to_have_count(1)
        await page.get_by_role("button", name="Menu").click()
        await page.get_by_role("button", name="Change it").click()
        await expect(page.locator(".theirs").last).to_contain_text("Changed.")
        assert [event.text for event in served.engine.taken[1:]] == ["hello", "Next", "Menu", "Change it"]


@pytest.mark.parametrize("script", [True, False])
async def test_a_double_click_sends_once(chromium: Browser, served: Site, script: bool) -> None:  # noqa: FBT001 - pytest's own
    """A child who presses twice has said it once."""
    async with opened(chromium, served.url, java_script_enabled=script) as page:
        await page.get_by_role("button", name="Can I have one?").dblclick()
        await expect(page.locator(".mine")).to_have_count(1)
        await page.locator("#text").fill("hello")
        await page.get_by_role("button", name="Send", exact=True).dblclick()
        await expect(page.locator(".mine")).to_have_count(2)
        assert await served.said() == ["Can I have one?", "hello"]


async def test_impatience_changes_nothing(chromium: Browser, served: Site) -> None:
    """While one thing is on its way, another press waits for nothing, and words typed meanwhile stay."""
    async with opened(chromium, served.url) as page:
        served.engine.gate.clear()
        await page.locator("#text").fill("first")
        await page.keyboard.press("Enter")
        await page.locator("html.busy").wait_for()
        await page.keyboard.press("Enter")
        await page.locator("#text").fill("second")
        await page.keyboard.press("Enter")
        served.engine.gate.set()
        await expect(page.locator(".mine")).to_have_count(1)
        await expect(page.locator("#text")).to_have_value("second")
        await page.keyboard.press("Enter")
        await expect(page.locator(".mine")).to_have_count(2)
        assert await served.said() == ["first", "second"]


async def test_news_comes_once_and_disturbs_nobody(chromium: Browser, served: Site) -> None:
    """A message nobody asked for appears once, below; typing, focus and buttons stay as they are."""
    async with opened(chromium, served.url) as page:
        address = served.engine.addresses[0]
        await page.locator("#text").press_sequentially("I am typ")
        for number in range(3):
            await served.engine.say(address, Outgoing(f"News {number}", rows(Button("Good", f"good{number}"))))
        await expect(page.get_by_text("News 2")).to_be_visible()
        await page.keyboard.type("ing")
        await expect(page.locator("#text")).to_have_value("I am typing")
        await page.keyboard.press("Enter")
        await expect(page.locator(".mine")).to_have_count(1)
        await served.engine.say(address, Outgoing("News 3"))
        await expect(page.get_by_text("News 3")).to_be_visible()
        assert await page.locator(".theirs .words").all_inner_texts() == [
            (await page.locator(".theirs .words").first.inner_text()),
            "News 0",
            "News 1",
            "News 2",
            "You wrote: I am typing",
            "News 3",
        ]


async def test_news_while_something_is_sent_comes_once(chromium: Browser, served: Site) -> None:
    """News and an answer that cross on the way are each shown once, in order."""
    async with opened(chromium, served.url) as page:
        served.engine.gate.clear()
        await page.get_by_role("button", name="What is a visitor?").click()
        await page.locator("html.busy").wait_for()
        await served.engine.say(served.engine.addresses[0], Outgoing("Crossing"))
        served.engine.gate.set()
        await expect(page.locator(".mine")).to_have_count(1)
        await served.engine.say(served.engine.addresses[0], Outgoing("Last"))
        await expect(page.get_by_text("Last")).to_be_visible()
        assert (await page.locator(".theirs .words").all_inner_texts())[1:] == [
            "Crossing",
            "You wrote: What is a visitor?",
            "Last",
        ]


async def test_news_below_a_long_answer_is_found_after_opening_the_page_again(chromium: Browser, served: Site) -> None:
    """Whoever comes back sees their own last words first, and a button that leads to what came since."""
    async with opened(chromium, served.url, viewport={"width": 360, "height": 640}) as page:
        await page.locator("#text").fill("so much to say\n" * 30)
        await page.locator("#text").press("Enter")
        await expect(page.locator(".mine")).to_have_count(1)
        await page.reload()
        await expect(page.locator("#newer")).to_be_hidden()
        await served.engine.say(served.engine.addresses[0], Outgoing("Did it happen?", rows(Button("Yes", "yes"))))
        await expect(page.get_by_text("Did it happen?")).to_be_attached()
        await page.reload()
        await expect(page.get_by_text("Did it happen?")).not_to_be_in_viewport()
        await page.get_by_role("button", name="Something new is below").click()
        await expect(page.get_by_role("button", name="Yes", exact=True)).to_be_in_viewport()
        await expect(page.locator("#newer")).to_be_hidden()


async def test_news_button_can_be_pressed(chromium: Browser, served: Site) -> None:
    """A button that came with news works like any other."""
    async with opened(chromium, served.url) as page:
        await served.engine.say(served.engine.addresses[0], Outgoing("Sunday?", rows(Button("Fine with me", "fine"))))
        await page.get_by_role("button", name="Fine with me").click()
        await expect(page.locator(".mine")).to_have_text("You said Fine with me")
        assert served.engine.taken[-1].pressed == "2"


async def test_leaving_by_the_button(chromium: Browser, served: Site, weather: str) -> None:
    """One press: away, the chat is over, and Back finds nothing of it."""
    async with opened(chromium, served.url) as page:
        await page.locator("#text").fill("my secret")
        await page.keyboard.press("Enter")
        await expect(page.locator(".mine")).to_have_count(1)
        await page.get_by_role("button", name="Leave this page quickly").click()
        await gone_to(page, weather)
        await forgotten(page, served)
        await page.go_back()
        assert page.url == "about:blank"
        await page.goto(served.url)
        assert page.url == f"{served.url}/closed"
        assert "secret" not in await page.content()


async def test_leaving_by_shift_three_times(chromium: Browser, served: Site, weather: str) -> None:
    """Shift, Shift, Shift leaves, and is counted aloud; capital letters are not counted."""
    async with opened(chromium, served.url) as page:
        status = page.locator("#leave-status")
        await page.locator("#text").focus()
        for letter in "IVB":
            await page.keyboard.press(f"Shift+{letter}")
        await expect(status).to_have_text("")
        await page.keyboard.press("Shift")
        await expect(status).to_have_text("Press Shift 2 more times to leave.")
        await page.keyboard.press("a")
        await expect(status).to_have_text("")
        await page.keyboard.press("Shift")
        await page.keyboard.press("Shift")
        await expect(status).to_have_text("Press Shift 1 more time to leave.")
        await page.keyboard.press("Shift")
        await gone_to(page, weather)
        await forgotten(page, served)
        await page.go_back()
        assert page.url == "about:blank"


async def test_leaving_blanks_the_page_at_once(chromium: Browser, served: Site) -> None:
    """Nothing is to be seen while the next page is still on its way."""
    async with opened(chromium, served.url) as page:
        await page.route("**/moved", lambda route: route.fulfill(status=204))
        async with page.expect_request("**/moved"):
            await page.get_by_role("button", name="Leave this page quickly").click()
        await expect(page).to_have_title("Loading")
        await expect(page.locator("body")).to_have_text("Leaving the page.")
        await expect(page.locator("main")).to_have_count(0)


async def test_leaving_without_javascript(chromium: Browser, served: Site, weather: str) -> None:
    """The form leaves as well, past every redirect, and Back finds a closed door."""
    async with opened(chromium, served.url, java_script_enabled=False) as page:
        await page.get_by_label("Write here").fill("my secret")
        await page.get_by_role("button", name="Send", exact=True).click()
        await page.get_by_role("button", name="Leave this page quickly").click()
        await gone_to(page, weather)
        await page.go_back()
        await expect(page.get_by_role("heading", name="This chat is closed")).to_be_visible()
        assert "secret" not in await page.content()
        await page.get_by_role("link", name="Start a new chat").click()
        await expect(page.locator(".theirs")).to_have_count(1)
        assert await page.locator(".mine").count() == 0


async def test_a_page_from_the_past_is_asked_for_again(chromium: Browser, served: Site) -> None:
    """A page that the browser kept whole is blank at once and loaded anew."""
    async with opened(chromium, served.url) as page:
        async with page.expect_navigation():
            await page.evaluate(
                """window.same = true;
                setTimeout(() => dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true})))"""
            )
        await expect(page.locator(".theirs")).to_have_count(1)
        assert await page.evaluate("window.same") is None


async def test_by_keyboard_alone(chromium: Browser, served: Site) -> None:
    """Tab, Enter and Space reach and do everything, in an order one would expect."""
    async with opened(chromium, served.url) as page:
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to the text box")).to_be_focused()
        await expect(page.get_by_role("link", name="Skip to the text box")).to_be_in_viewport()
        await page.keyboard.press("Enter")
        await expect(page.locator("#text")).to_be_focused()
        assert page.url == f"{served.url}/"
        await page.keyboard.type("hello")
        await page.keyboard.press("Tab")
        await expect(page.locator("#send")).to_be_focused()
        await page.keyboard.press("Space")
        await expect(page.locator(".theirs .words").last).to_be_focused()
        await expect(page.locator(".theirs .words").last).to_have_text("You wrote: hello")
        for name in ("Read it to me", "Next"):
            await page.keyboard.press("Tab")
            await expect(page.get_by_role("button", name=name).last).to_be_focused()
        outline = await page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert outline == "3px"
        await page.keyboard.press("Enter")
        await expect(page.locator(".theirs .words").last).to_have_text("You wrote: Next")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(chromium: Browser, served: Site, scheme: str) -> None:
    """No page has a barrier that axe knows of, in light and in dark."""
    async with opened(chromium, served.url, color_scheme=scheme, reduced_motion="reduce", troubles=True) as page:
        assert await violations(page) == []
        for text in ("file", "link", "menu"):
            await page.locator("#text").fill(text)
            await page.keyboard.press("Enter")
            await expect(page.locator("#text")).to_have_value("")
            assert await violations(page) == []
        served.engine.unavailable = True
        await page.locator("#text").fill("not saved")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("I could not save that.")
        assert await violations(page) == []
        served.engine.unavailable = False
        for path in ("/?start=ABC", "/nothing", "/closed"):
            await page.goto(served.url + path)
            assert await violations(page) == []


async def test_axe_finds_nothing_from_right_to_left(chromium: Browser, served: Site) -> None:
    """The page in Arabic is mirrored, labelled, and as free of barriers."""
    async with opened(chromium, served.url, locale="ar", viewport={"width": 320, "height": 640}) as page:
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")
        await expect(page.get_by_label("اكتب هنا")).to_be_visible()
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") == 320


async def test_a_new_language_comes_with_its_labels(chromium: Browser, served: Site) -> None:
    """Choosing a language in the chat changes the page around it."""
    async with opened(chromium, served.url) as page:
        await page.get_by_role("button", name="Menu").click()
        await page.get_by_role("button", name="العربية").click()
        await expect(page.get_by_role("button", name="إرسال")).to_be_visible()
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")


async def test_parts_of_a_message_stand_apart(chromium: Browser, served: Site) -> None:
    """There is space above each part of a message, and more where another language begins."""
    async with opened(chromium, served.url) as page:
        html = 'Один.\n\nДва.\n\n<div lang="en"><b>English</b>\nOne.\n\nTwo.</div>\n\nТри.'
        await served.engine.say(served.engine.addresses[0], Outgoing(html))
        await expect(page.get_by_text("English")).to_be_visible()
        own, other, *others = await page.locator(".words").last.evaluate(GAPS)
        assert others == [own, own]
        assert other > own > 10


async def test_what_is_copied_out_stands_on_one_line(chromium: Browser, served: Site) -> None:
    """A number to ring, a reference and a code are never broken, wherever in a line they come."""
    async with opened(chromium, served.url) as page:
        html = "\n".join(
            f"{'a ' * many}<b>0800 1111</b>, \u206801632 960000\u2069, <b>IV-6R5A-H</b>, C-34YP-E, 7K3Q-9M2X-4TBR."
            for many in range(1, 20)
        )
        await served.engine.say(served.engine.addresses[0], Outgoing(html))
        await expect(page.get_by_text("7K3Q-9M2X-4TBR").last).to_be_attached()
        for width in range(320, 400, 10):
            await page.set_viewport_size({"width": width, "height": 640})
            assert await page.evaluate(TORN, [".words", r"\d[\d\s]+\d|[\dA-Z]+(-[\dA-Z]+)+"]) == []


@pytest.mark.parametrize("language", ["uk", "pl"])
async def test_a_button_tears_no_word(chromium: Browser, tmp_path: Path, language: str) -> None:
    """On the smallest screen a row has as many lines as its longest words need, and it does not run off the side."""
    options: dict[str, Any] = {"locale": language, "viewport": {"width": 320, "height": 640}}
    async with (
        running(tmp_path, IVBOT_SERVICE__LANGUAGES='["en", "pl", "uk"]') as bot,
        opened(chromium, bot.url, troubles=True, **options) as page,
    ):
        for step in ("interest", "for:=me", "Sam", "11", "area:=in", "likes:+football", "likes:!", "x", "reach:+here"):
            await _next(page, step)
            assert await page.evaluate(TORN, ["button", r"\S+"]) == []
            assert await page.evaluate("document.documentElement.scrollWidth") == 320
        assert await page.locator("button[value^='f:interest:']").count() > 4
        await page.evaluate("document.documentElement.style.fontSize = '300%'")
        rights = await page.locator(".choice").evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
        assert max(rights) < 320


async def _next(page: Page, step: str) -> None:
    """Press the button of that data, or else say it, and wait for the answer."""
    event = await page.locator("#event").input_value()
    button = page.locator(f"button[value='{step}'], button[value^='f:interest:{step}']")
    if await button.count():
        await button.last.click()
    else:
        await page.locator("#text").fill(step)
        await page.locator("#send").click()
    await expect(page.locator("#event")).not_to_have_value(event)


@pytest.mark.parametrize("height", [640, 256])
async def test_the_smallest_screen(chromium: Browser, served: Site, height: int) -> None:
    """At 320 pixels, and at 400 % zoom, nothing runs off the side and everything can be reached and touched."""
    async with opened(chromium, served.url, viewport={"width": 320, "height": height}, has_touch=True) as page:
        await page.locator("#text").fill("Donaudampfschifffahrtsgesellschaft" * 4)
        await page.get_by_role("button", name="Send", exact=True).tap()
        await expect(page.locator(".mine")).to_have_count(1)
        assert await page.evaluate("document.documentElement.scrollWidth") == 320
        small = await page.evaluate(
            """[...document.querySelectorAll('button, a:not(.skip), textarea')]
            .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
            .map(one => one.outerHTML)"""
        )
        assert small == []
        await expect(page.get_by_role("button", name="Leave this page quickly")).to_be_in_viewport()
        await page.get_by_role("button", name="I'm not safe").tap()
        await expect(page.locator(".mine").last).to_contain_text("I'm not safe")


async def test_every_colour_of_the_system_and_paper(chromium: Browser, served: Site) -> None:
    """With forced colours the danger button is still marked; on paper only the words are left."""
    async with opened(chromium, served.url, forced_colors="active") as page:
        assert await page.locator(".pill.danger").evaluate("one => getComputedStyle(one).borderTopWidth") == "4px"
        await page.emulate_media(media="print")
        await expect(page.locator(".words")).to_be_visible()
        await expect(page.locator("#say")).to_be_hidden()
        await expect(page.locator(".top")).to_be_hidden()


async def test_words_stay_when_they_cannot_be_saved(chromium: Browser, served: Site) -> None:
    """After a 503 the words are still in the box; pressing Send again sends them once."""
    async with opened(chromium, served.url, troubles=True) as page:
        served.engine.unavailable = True
        await page.locator("#text").fill("my long story")
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.get_by_role("alert")).to_have_text(LABELS["not_saved"].msgid)
        await expect(page.locator("#text")).to_have_value("my long story")
        served.engine.unavailable = False
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.locator(".mine")).to_have_count(1)
        await expect(page.locator("#text")).to_have_value("")
        await expect(page.get_by_role("alert")).to_be_empty()
        assert await served.said() == ["my long story"]


async def test_words_stay_without_a_network(chromium: Browser, served: Site) -> None:
    """An answer that never came loses nothing: what was taken is not taken again, and is shown once."""
    async with opened(chromium, served.url, troubles=True) as page:
        await page.route("**/chat", lambda route: route.abort())
        await page.locator("#text").fill("hello")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_have_text(LABELS["offline"].msgid)
        await expect(page.locator("#text")).to_have_value("hello")
        await page.unroute("**/chat")

        async def lost(route: Route) -> None:
            await route.fetch()
            await route.abort()

        await page.route("**/chat", lost)
        await page.keyboard.press("Enter")
        await expect(page.locator(".mine")).to_have_count(1)
        await page.unroute("**/chat")
        await page.keyboard.press("Enter")
        await expect(page.locator("#text")).to_have_value("")
        await expect(page.locator(".mine")).to_have_count(1)
        assert await served.said() == ["hello"]


async def test_words_for_a_closed_chat_wait_in_a_new_one(chromium: Browser, served: Site) -> None:
    """Whoever presses Send after the chat was closed finds the words in the box of a new chat."""
    async with opened(chromium, served.url, troubles=True) as page:
        async with page.expect_response(lambda response: "after=" in response.url):
            await page.reload()
        served.engine.end_all()
        await page.locator("#text").fill("are you there")
        await page.keyboard.press("Enter")
        await expect(page.locator(".note").first).to_contain_text("This is a new chat.")
        await expect(page.locator("#text")).to_have_value("are you there")
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.locator(".mine")).to_contain_text("are you there")


async def test_a_chat_that_was_closed_is_taken_off_the_screen(chromium: Browser, served: Site) -> None:
    """When the session ends, an open page shows nothing of it any more."""
    async with opened(chromium, served.url) as page:
        (address,) = served.engine.addresses
        served.engine.end_all()
        await served.channel.send(parcel_for(address), None)
        await expect(page.get_by_role("heading", name="This chat is closed")).to_be_visible()
        await page.get_by_role("link", name="Start a new chat").click()
        await expect(page.locator(".theirs")).to_have_count(1)


async def test_half_a_message_outlives_its_chat(chromium: Browser, served: Site) -> None:
    """When the session ends while they type, the chat goes and their words stay."""
    async with opened(chromium, served.url) as page:
        (address,) = served.engine.addresses
        await page.locator("#text").fill("I want to s")
        served.engine.end_all()
        await served.channel.send(parcel_for(address), None)
        await expect(page.get_by_role("alert")).to_contain_text("I took the chat off the screen")
        await expect(page.locator(".bubble")).to_have_count(0)
        await expect(page.locator("#text")).to_have_value("I want to s")


async def test_a_message_is_read_aloud(chromium: Browser, served: Site) -> None:
    """The button reads its message in the language of the page; pressed again, it stops."""
    async with opened(chromium, "about:blank") as page:
        await page.add_init_script(SPEECH)
        await page.goto(served.url)
        await page.get_by_role("button", name="Read it to me").click()
        first, *others = [one for one in await page.evaluate("spoken") if one != "stopped"]
        assert first[1].startswith("Hello. I can tell you about Independent Visitors.")
        assert {voice for voice, _text in (first, *others)} == {"en"}
        await page.get_by_role("button", name="Stop reading").click()
        assert await page.evaluate("spoken.at(-1)") == "stopped"
        await page.get_by_role("button", name="Read it to me").click()
        await page.evaluate("queue.at(-1).onend()")
        await expect(page.get_by_role("button", name="Read it to me")).to_be_visible()


async def test_what_cannot_be_spoken_is_passed_over(chromium: Browser, served: Site) -> None:
    """A paragraph without a voice does not end the reading; and what one reading left behind does not end the next."""
    async with opened(chromium, "about:blank") as page:
        await page.add_init_script(SPEECH)
        await page.goto(served.url)
        await page.get_by_role("button", name="Read it to me").click()
        await page.evaluate("queue[0].onerror?.({ error: 'language-unavailable' })")
        await expect(page.get_by_role("button", name="Stop reading")).to_be_visible()
        await page.evaluate("queue.at(-1).onerror({ error: 'language-unavailable' })")
        await page.get_by_role("button", name="Read it to me").click()
        await page.get_by_role("button", name="Stop reading").click()
        await page.evaluate("window.left = queue.at(-1)")
        await page.get_by_role("button", name="Read it to me").click()
        await page.evaluate("left.onerror({ error: 'canceled' })")
        await expect(page.get_by_role("button", name="Stop reading")).to_be_visible()


async def test_a_browser_that_cannot_speak_offers_nothing(chromium: Browser, served: Site) -> None:
    """Without speech there is no button for it."""
    async with opened(chromium, "about:blank") as page:
        await page.add_init_script("delete window.speechSynthesis")
        await page.goto(served.url)
        await expect(page.locator(".theirs")).to_have_count(1)
        await expect(page.locator(".read")).to_be_hidden()


async def test_a_link_from_another_site_comes_back_to_the_chat(chromium: Browser, served: Site, weather: str) -> None:
    """Coming by a link on another site finds the chat that is open, and so does a reload."""
    async with opened(chromium, served.url, troubles=True) as page:  # a page that goes breaks off what it was fetching
        await page.locator("#text").fill("hello")
        await page.keyboard.press("Enter")
        await expect(page.locator(".mine")).to_have_count(1)
        await page.goto(f"{weather}/linked?to={served.url}/")
        await page.get_by_role("link", name="The chat").click()
        await expect(page.locator(".mine")).to_have_count(1)
        await page.reload()
        await expect(page.locator(".mine")).to_have_count(1)
        assert len(served.engine.addresses) == 1


async def test_a_first_visit_by_a_link_survives_a_reload(chromium: Browser, served: Site, weather: str) -> None:
    """Who came by a link the first time has one chat, not one a reload."""
    async with opened(chromium, f"{weather}/linked?to={served.url}/", troubles=True) as page:
        await page.get_by_role("link", name="The chat").click()
        await expect(page.locator(".theirs")).to_have_count(1)
        await page.reload()
        await expect(page.locator(".theirs")).to_have_count(1)
        assert len(served.engine.addresses) == 1


async def test_the_cookie_is_out_of_reach_of_scripts(chromium: Browser, served: Site) -> None:
    """No script can read the cookie, and it goes with the browser."""
    async with opened(chromium, served.url) as page:
        (cookie,) = await page.context.cookies()
        assert (cookie.get("name"), cookie.get("httpOnly"), cookie.get("sameSite")) == ("ivbot", True, "Strict")
        assert cookie.get("expires") == -1
        assert await page.evaluate("document.cookie") == ""


async def test_a_file_is_saved(chromium: Browser, served: Site) -> None:
    """A document comes as a download and the chat stays."""
    async with opened(chromium, served.url) as page:
        await page.locator("#text").fill("file")
        await page.keyboard.press("Enter")
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Save the file").click()
        assert (await download.value).suggested_filename == "interest.csv"
        await expect(page.locator(".mine")).to_have_count(1)


async def test_the_tab_tells_nothing(chromium: Browser, served: Site) -> None:
    """Title, icon and address mean nothing to somebody who looks over a shoulder."""
    async with opened(chromium, served.url) as page:
        assert await page.title() == "Chat"
        assert page.url == f"{served.url}/"
        assert "ivbot" not in (await page.locator("link[rel=icon]").get_attribute("href") or "")
