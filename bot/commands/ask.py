"""`ivbot ask`: what the bot would answer to a question."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

import orjson

from bot.engine.context import read_alarm
from bot.engine.danger import Alarm, Danger
from bot.engine.understanding import SAFETY_PAGE, Understanding
from bot.i18n import Words
from bot.pages import Page, Pages
from bot.settings import DATA, Settings
from bot.typed import read_asides


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What there is to answer with."""

    pages: Pages
    understanding: Understanding
    alarm: Alarm


@dataclass(frozen=True, slots=True)
class Given:
    """One answer, as CONTRACT.md names its parts."""

    text: str
    lang: str
    topic: str
    score: float
    offers: tuple[str, ...]
    danger: str
    page: Page | None
    aside: str = ""

    def as_json(self) -> str:
        """One line."""
        parts = ("text", "lang", "topic", "score", "offers", "danger")
        return orjson.dumps({part: getattr(self, part) for part in parts}).decode()

    def as_words(self) -> str:
        """For a person at the terminal. Danger is answered by other words: whom to ring, and who is told."""
        heard = "" if self.danger == Danger.NONE else f"Heard as {self.danger}: answered with who can help now.\n"
        return heard + self._page_in_words()

    def _page_in_words(self) -> str:
        if self.page is None:
            why = f"Off topic: {self.aside}" if self.aside else f"I would not guess ({self.score:.2f})"
            return f"{why}. Nearest: {', '.join(self.offers) or 'nothing'}"
        nearest = f"Nearest: {', '.join(self.offers)}\n" if self.offers else ""
        body = unescape(re.sub(r"<[^>]+>", "", self.page.html))
        return f"{self.page.name} ({self.score:.2f})\n{nearest}\n{body}"


def read(settings: Settings) -> Knowledge:
    """The pages that `ask` answers from. Raises BadPage."""
    folder, languages = DATA / "locales", settings.service.languages
    pages = Pages(Words(folder, languages, settings.placeholders), settings.service.jurisdiction)
    asides = read_asides(folder, languages)
    return Knowledge(pages, Understanding(pages, asides), read_alarm(folder, languages, pages, asides))


def questions(text: str, language: str, lines: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """The one question; or for "-", one a line as it comes, each perhaps after its language and a tab."""
    if text != "-":
        yield language, text.encode("utf-8", "replace").decode()
        return
    for line in lines:
        before, tab, after = line.decode("utf-8", "replace").rstrip("\r\n").partition("\t")
        yield (before, after) if tab else (language, before)


def answer(known: Knowledge, language: str, text: str) -> Given:
    """What would be said to this. A worry is asked about first, whatever page it is about."""
    danger = known.alarm.hear(text, language).danger
    if danger is Danger.DANGER:
        page = known.pages.get(SAFETY_PAGE, language)
        return Given(text, language, "none", 0.0, (), danger, page)
    understood = known.understanding.topic(text, language)
    page = known.pages.get(understood.topic, language)
    return Given(text, language, understood.topic, understood.score, understood.offers, danger, page, understood.aside)
