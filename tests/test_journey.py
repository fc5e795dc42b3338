"""The whole of it as two people see it: a child and a coordinator in browsers, the real program, a real kill -9."""

import csv
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.process import running
from tests.test_browser import ARGS, CHROMIUM, opened, violations

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SCREENS = os.environ.get("IVBOT_TEST_SCREENS", "")
"""A folder: when it is named, what is on the screens is kept there, to be looked at."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        await browser.close()


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
    if SCREENS:
        await page.screenshot(path=str(Path(SCREENS) / f"{name}.png"))


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
    await expect(staff.locator(".theirs").last).to_contain_text("Sam <b>bold</b>")
    await look(staff, "8-coordinator")
    await press(staff, "Make a file")
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
