"""Arabic, and Dari and Farsi, in a real browser: mirrored, readable, and what is written the other way set apart."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.i18n import Text, Words
from handlers import interest_form, menu
from tests.extract import LOCALES
from tests.process import running
from tests.test_browser import SPEECH, chromium, opened
from tests.test_journey import PHONE, look_everywhere, press, say

__all__ = ["chromium"]  # pytest finds the fixture by its name here

pytestmark = pytest.mark.asyncio(loop_scope="module")

SPOKEN = '["en", "ar", "fa"]'
WRITTEN = """() => [...document.querySelectorAll('.theirs .words p')].map(one =>
  [one.innerText, getComputedStyle(one).direction])"""
"""Each paragraph, and on which side it begins."""
TAGGED = """message => Object.fromEntries(['h3', '.words', '.read', '.choices']
  .map(part => [part, message.querySelector(part)?.closest('[lang]').lang]).filter(([_part, lang]) => lang))"""
"""The language that each part of a message says it is in."""


@pytest.mark.parametrize("language", ["ar", "fa"])
async def test_a_child_reads_from_right_to_left(chromium: Browser, tmp_path: Path, language: str) -> None:
    """The first screen, a page, a form, and the safety words with numbers to ring and the English beside."""
    words = Words(LOCALES, [language])

    def label(text: Text) -> str:
        return words.plain(text, language)

    async with (
        running(tmp_path, IVBOT_SERVICE__LANGUAGES=SPOKEN) as bot,
        opened(chromium, bot.url, troubles=True, locale=language, **PHONE) as page,
    ):
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")
        await look_everywhere(page, f"{language}-1-welcome")
        await press(page, words.plain(Text("What is an independent visitor?"), language))
        await look_everywhere(page, f"{language}-2-page")
        await press(page, words.plain(Text("I'd like one"), language))
        await press(page, label(interest_form.ME.label))
        await say(page, "Sam Jones (IV-7K3Q-M)")
        await say(page, "11")
        await look_everywhere(page, f"{language}-3-form")
        await press(page, label(menu.NOT_SAFE))
        await look_everywhere(page, f"{language}-4-safety")
        written = await _written(page)
        english = [side for text, side in written if "Thank you for telling me" in text]
        own = [side for text, side in written if any("\u0600" <= letter <= "\u06ff" for letter in text)]

        assert english == ["ltr"]
        assert set(own) == {"rtl"}
        assert "0800\u00a01111" in await page.locator(".theirs").last.inner_text()
        slants = await page.locator(".words i").evaluate_all("all => all.map(one => getComputedStyle(one).fontStyle)")
        assert set(slants) == {"normal"}
        await _hear(page, language)
        await press(page, label(menu.LANGUAGE))
        await press(page, "English")  # the language that was spoken before stays that of what was said in it
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        assert await page.locator(".message").first.evaluate(TAGGED) == {"h3": "en", ".words": language, ".read": "en"}
        last = await page.locator(".message").last.evaluate(TAGGED)
        assert last == {"h3": "en", ".words": "en", ".read": "en", ".choices": "en"}


async def _hear(page: Page, language: str) -> None:
    """Each paragraph is read aloud by the voice of its own language."""
    await page.add_init_script(SPEECH)
    await page.reload()
    await page.locator(".read").last.click()
    spoken = [one for one in await page.evaluate("spoken") if one != "stopped"]
    voices = [voice for voice, _text in spoken]
    assert voices == sorted(voices, key=["en", language].index, reverse=True)
    assert [voice for voice, text in spoken if "Thank you for telling me" in text] == ["en"]
    assert all(voice == language for voice, text in spoken if text[0] > "\u0600")


async def _written(page: Page) -> list[tuple[str, str]]:
    return [(text, side) for text, side in await page.evaluate(WRITTEN)]
