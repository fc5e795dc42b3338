"""The whole of it as two people see it: a child and a coordinator in browsers, the real program, a real kill -9."""

import contextlib
import csv
import datetime as dt
import os
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.store.clock import stamp
from bot.store.database import Database
from tests import records
from tests.process import running
from tests.test_browser import chromium, opened, violations

__all__ = ["chromium"]  # pytest finds the fixture by its name here

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SCREENS = os.environ.get("IVBOT_TEST_SCREENS", "")
"""A folder: when it is named, what is on the screens is kept there, to be looked at."""


async def press(page: Page, label: str) -> None:
    """Press the button of that label that is on the screen now, and wait for the answer."""
    turns = await page.locator(".turn").count()
    await page.get_by_role("button", name=label, exact=True).last.click()
    await expect(page.locator(".turn").nth(turns)).to_be_attached()


async def say(page: Page, text: str) -> None:
    turns = await page.locator(".turn").count()
    await page.locator("#text").fill(text)
    await page.locator("#text").press("Enter")
    await expect(page.locator(".turn").nth(turns)).to_be_attached()


async def look(page: Page, name: str) -> None:
    """Nothing that axe minds, and a picture for whoever wants to see it."""
    assert await violations(page) == []
    await picture(page, name)


async def picture(page: Page, name: str) -> None:
    if SCREENS:
        await page.screenshot(path=str(Path(SCREENS) / f"{name}.png"))


async def look_everywhere(page: Page, name: str) -> None:
    """The same in the dark, and on the smallest screen, where nothing may run off the side."""
    size = page.viewport_size
    assert size
    await look(page, name)
    await page.emulate_media(color_scheme="dark")
    await look(page, f"{name}-dark")
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.locator(".theirs").last.scroll_into_view_if_needed()
    await look(page, f"{name}-small")
    assert await page.evaluate("document.documentElement.scrollWidth") == 320
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size(size)


async def swap(page: Page, label: str, words: str) -> None:
    """Press a button whose answer takes the place of the message it was under."""
    await page.get_by_role("button", name=label, exact=True).last.click()
    await expect(page.locator(".theirs").last).to_contain_text(words)


async def told(page: Page, words: str) -> None:
    """Something came unasked: it says that there is something, and no more."""
    await expect(page.locator(".theirs .words").last).to_have_text(words)


async def hears(page: Page, words: str) -> None:
    await expect(page.locator(".theirs").last).to_contain_text(words)


async def test_a_child_asks_and_a_coordinator_gets_it(chromium: Browser, tmp_path: Path) -> None:
    """From the first screen to the file on the coordinator's disk, with a kill -9 in the middle."""
    async with running(tmp_path) as bot:
        port, code = bot.url.rpartition(":")[2], bot.code
        async with opened(chromium, f"{bot.url}/?start={code}", troubles=True) as staff:
            await press(staff, "Send")
            await expect(staff.locator(".theirs").last).to_contain_text("You are now known here as a coordinator")
            await expect(staff).to_have_url(f"{bot.url}/")
            await expect(staff.get_by_text("Press Send to use your code.")).to_have_count(0)
            async with opened(chromium, bot.url, troubles=True, **PHONE) as child:
                await look(child, "1-welcome")
                await press(child, "What is an independent visitor?")
                await look(child, "2-page")
                await press(child, "I'd like one")
                await press(child, "Me")
                await say(child, "Sam <b>bold</b>")
                await say(child, "I'm 11")
                await press(child, "Yes")
                await child.get_by_role("button", name="Football", exact=True).last.click()
                await expect(child.get_by_role("button", name="✓ Football")).to_be_visible()
                await look(child, "3-likes")
                await bot.kill()
                async with running(tmp_path, IVBOT_WEB__PORT=port):
                    await child.reload()
                    await expect(child.get_by_role("button", name="✓ Football")).to_be_visible()
                    await expect(child.get_by_text("What do you like doing?")).to_have_count(1)
                    await staff.reload()
                    await finish(child)
                    await expect(staff.locator(".theirs").last).to_contain_text("There is a new request")
                    await collect(staff, tmp_path)


async def test_a_child_has_a_visitor_and_leaves_without_a_trace(chromium: Browser, tmp_path: Path) -> None:
    """Reading, asking, talking, the whole road with a visit and a face, what is kept, and all of it erased."""
    async with running(tmp_path) as bot:
        port = bot.url.rpartition(":")[2]
        async with (
            opened(chromium, f"{bot.url}/?start={bot.code}", troubles=True) as staff,
            opened(chromium, bot.url, troubles=True, accept_downloads=True, **PHONE) as child,
        ):
            await press(staff, "Send")
            await read(child)
            code = await ask(child)
            await talk(child, staff)
            reference = await move(child, staff, tmp_path)
            await plan(child, staff, reference)
            await bot.kill()
            visit_is_over(tmp_path)
            async with running(tmp_path, IVBOT_WEB__PORT=port):
                await child.reload()
                await feel(child)
                await keep(child, tmp_path)
                await erase(child, staff, code, reference)


async def read(child: Page) -> None:
    """A page in both its forms, and a promise that is not kept."""
    await press(child, "What is an independent visitor?")
    await swap(child, "Say it more simply", "They want to come.")
    await look(child, "20-simple-page")
    await press(child, "Menu")
    await press(child, "More")
    await look(child, "21-more")
    await press(child, "The 14 promises")
    await picture(child, "22-promises")
    await swap(child, "Promises 8 to 14", "Good visitor services")
    await child.get_by_role("button", name=re.compile("8")).last.click()
    await hears(child, "Is this happening for you?")
    await look_everywhere(child, "23-promise")
    await swap(child, "Not really", "It should be happening.")
    await picture(child, "24-not-really")
    await press(child, "Menu")
    await press(child, "More")
    await press(child, "Hide this chat")
    await look(child, "25-hide")


async def ask(child: Page) -> str:
    """Asks for a visitor; the code to come back with."""
    await say(child, "i'd like one")
    for line in ("me", "Sam", "8", "yes", "skip", "someone who likes dogs", "here in this chat", "skip"):
        await say(child, line)
    await press(child, "That's right")
    await press(child, "Yes, send them")
    await picture(child, "26-share")
    await press(child, "Yes, they may tell")
    code = re.search(r"\w{4}-\w{4}-\w{4}", await child.locator(".theirs").last.inner_text())
    assert code
    await press(child, "I've saved it")
    return code[0]


async def talk(child: Page, staff: Page) -> None:
    """A message to a person, the answer, and nothing of it on a screen that nobody touched."""
    await press(child, "Talk to a person")
    await look(child, "27-talk")
    await say(child, "can they come when im at nans")
    await say(child, "here in this chat")
    await picture(child, "28-sent")
    await hears(staff, "Somebody would like to talk.")
    await press(staff, "Talks")
    await staff.get_by_role("button", name=re.compile("^T-")).last.click()
    await hears(staff, "can they come when im at nans")
    await picture(staff, "29-staff-talk")
    await press(staff, "Answer here")
    await say(staff, "Yes, they can.")
    await told(child, "You have a message here.")
    await picture(child, "30-news")
    await child.get_by_role("button", name="Something new is below").click()
    await expect(child.get_by_role("button", name="Show me", exact=True)).to_be_in_viewport()
    await expect(child.get_by_role("button", name="Something new is below")).to_be_hidden()
    await press(child, "Show me")
    await hears(child, "Yes, they can.")
    await look(child, "31-answer")


async def add_volunteer(folder: Path) -> None:
    """Somebody who is ready to visit, and not in the bot."""
    database = await Database.open(folder / "ivbot.db")
    try:
        async with database.writer.transaction() as writer:
            await records.add_volunteer(writer, "Alex Example", dt.datetime.now(dt.UTC), "has a big dog")
    finally:
        await database.close()


async def move(child: Page, staff: Page, folder: Path) -> str:
    """The coordinator finds somebody, both say yes, and it is a match; the child sees the picture."""
    await add_volunteer(folder)
    await press(staff, "Menu")
    await press(staff, "Requests")
    found = re.search(r"IV-\w{4}-\w", await staff.locator(".theirs").last.inner_text())
    assert found
    reference = found[0]
    for step in ("Talking", "Referred", "Looking for a visitor"):
        await press(staff, reference)
        await press(staff, step)
    await press(staff, reference)
    await picture(staff, "32-staff-request")
    await press(staff, "Who could fit?")
    await look(staff, "32-staff-who")
    await press(staff, "Ask Alex and the child")
    found = re.search(r"P-\w{4}-\w", await staff.locator(".theirs").last.inner_text())
    assert found
    await press(staff, found[0])
    await press(staff, "The volunteer told me: yes")
    await told(child, "You have a message here.")
    await press(child, "Show me")
    await hears(child, "There is somebody you could meet: Alex.")
    await look_everywhere(child, "33-meet")
    await press(child, "Yes, I'd like to")
    await hears(staff, "the child has said yes")
    await press(staff, found[0])
    await press(staff, "Make it a match")
    await told(child, "You have a message here.")
    await press(child, "Show me")
    await hears(child, "●●●●●○")
    await look_everywhere(child, "33-road")
    return reference


async def plan(child: Page, staff: Page, reference: str) -> None:
    """A visit is planned, its visitor says that they will be there, and the child says yes."""
    await press(staff, reference)
    await press(staff, "Plan a visit")
    await say(staff, "tomorrow 2pm")
    await press(staff, "Yes, that's it")
    await say(staff, "a walk with the dog")
    await picture(staff, "34-staff-plan")
    await press(staff, "Yes, ask them")
    await press(staff, "They told me they'll be there")
    await told(child, "You have a message here.")
    await press(child, "Show me")
    await look(child, "35-visit")
    await press(child, "Yes")
    await hears(staff, "the child has answered about a visit")
    await picture(child, "36-visit-yes")


def visit_is_over(folder: Path) -> None:
    """A day has gone by."""
    with contextlib.closing(sqlite3.connect(folder / "ivbot.db")) as database, database:
        now = dt.datetime.now(dt.UTC)
        changed = (stamp(now - dt.timedelta(days=1)), stamp(now))
        database.execute("UPDATE visits SET planned_for = ?, planned_at = ?", changed)


async def feel(child: Page) -> None:
    """One face says how the visit was."""
    await told(child, "You have a message here.")
    await press(child, "Show me")
    await hears(child, "How was it with Alex")
    await look_everywhere(child, "37-face")
    await press(child, "😞")
    await picture(child, "38-unhappy")


async def keep(child: Page, folder: Path) -> None:
    """What is kept is read on the screen, and in a file."""
    await say(child, "what you keep about me")
    await look_everywhere(child, "39-data")
    await press(child, "More of it")
    await picture(child, "40-data-more")
    await press(child, "As a file")
    await picture(child, "41-file")
    async with child.expect_download() as saving:
        await child.locator("a[href^='/file/']").last.click()
    download = await saving.value
    await download.save_as(folder / "kept.txt")
    text = (folder / "kept.txt").read_text(encoding="utf-8-sig")
    for words in ("Sam", "someone who likes dogs", "can they come when im at nans", "Yes, they can.", "Alex"):
        assert words in text


async def erase(child: Page, staff: Page, code: str, reference: str) -> None:
    """Everything goes: from the screen, from the coordinator's screen, and with the code."""
    await say(child, "what you keep about me")
    await press(child, "Rub out everything")
    await look(child, "42-erase")
    await child.get_by_role("button", name="Yes, rub out everything").last.click()
    await hears(child, "Everything is rubbed out.")
    await expect(child.locator(".bubble")).to_have_count(1)
    await look(child, "43-empty")
    assert not re.search("Sam|dog|nans|Alex|IV-", await child.content())
    await child.reload()
    await expect(child.locator(".bubble")).to_have_count(1)
    await say(child, code)
    await hears(child, "I don't know that code.")
    await staff.reload()
    assert not re.search("someone who likes dogs|nans", await staff.content())
    await say(staff, f"/show {reference}")
    await hears(staff, "There is nothing to see.")


async def finish(child: Page) -> None:
    await press(child, "That's all")
    await press(child, "Skip")
    await child.get_by_role("button", name="At school", exact=True).last.click()
    await press(child, "That's all")
    await press(child, "Skip")
    await expect(child.locator(".theirs").last).to_contain_text("Sam <b>bold</b>")
    await look(child, "4-summary")
    await press(child, "That's right")
    await look(child, "5-consent")
    await press(child, "Yes, send them")
    await press(child, "No, not now")
    await expect(child.locator(".theirs").last).to_contain_text(re.compile(r"\w{4}-\w{4}-\w{4}"))
    await look(child, "6-code")
    await press(child, "I've saved it")
    await look(child, "7-done")


async def collect(staff: Page, folder: Path) -> None:
    """The coordinator reads the request and saves the file."""
    await press(staff, "New requests")
    reference = re.findall(r"IV-\w{4}-\w", await staff.locator(".theirs").last.inner_text())[0]
    await press(staff, reference)
    await expect(staff.locator(".turn").last).to_contain_text("Sam <b>bold</b>")
    await look(staff, "8-coordinator")
    await press(staff, "Menu")
    await press(staff, "Make a file")
    await press(staff, "Requests for a visitor")
    await press(staff, "CSV")
    async with staff.expect_download() as saving:
        await staff.locator("a[href^='/file/']").last.click()
    download = await saving.value
    await download.save_as(folder / "saved.csv")
    with (folder / "saved.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["reference"], row["name"], row["likes"]) for row in rows] == [
        (reference, "Sam <b>bold</b>", "football")
    ]
