"""What stays the same from turn to turn."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.helplines import HelpLine
from bot.engine.danger import Alarm
from bot.engine.danger_phrases import read_phrases
from bot.engine.helplines import read_helplines
from bot.engine.understanding import SAFETY_PAGE, Understanding
from bot.i18n import FALLBACK, Words
from bot.pages import Pages
from bot.settings import DATA, Settings
from bot.typed import Asides, read_asides

if TYPE_CHECKING:
    from bot.engine.forms import Form
    from bot.engine.router import Router


@dataclass(frozen=True, slots=True)
class Context:
    """Settings, words, pages, help lines, and what is done with them."""

    settings: Settings
    words: Words
    pages: Pages
    understanding: Understanding
    alarm: Alarm
    router: "Router"
    forms: "Mapping[str, Form]"
    helplines: tuple[HelpLine, ...] = ()

    def learn(self) -> None:
        """What else is learned while somebody waits: the words of every language, and all of the first one."""
        first = self.words.languages[0]
        self.alarm.hear("", first)
        self.understanding.topic("", first)


def read_context(settings: Settings, router: "Router", forms: "Mapping[str, Form]") -> Context:
    """Read everything a running bot needs from locales/ and helplines.toml. Raises BadPage."""
    folder = DATA / "locales"
    languages = settings.service.languages
    words = Words(folder, languages, settings.placeholders)
    pages = Pages(words, settings.service.jurisdiction)
    asides = read_asides(folder, languages)
    understanding, alarm = Understanding(pages, asides), read_alarm(folder, languages, pages, asides)
    return Context(settings, words, pages, understanding, alarm, router, forms, read_helplines())


def read_alarm(folder: Path, languages: Sequence[str], pages: Pages, asides: Asides) -> Alarm:
    """What hears danger: in the languages spoken here and in English, which anybody may type. Raises BadPage.

    What is asked of the pages is no danger, nor is what asks for none of them; but who is sad may be in danger.
    """
    harmless: dict[str, list[str]] = defaultdict(list)
    for page in pages.every():
        if page.name != SAFETY_PAGE:
            harmless[page.language].extend((*page.asks, page.title.lower()))
    for language, groups in asides.items():
        harmless[language].extend(line for group, lines in groups.items() if group != "sad" for line in lines)
    return _alarm(folder, (*languages, FALLBACK), tuple((name, tuple(lines)) for name, lines in harmless.items()))


@lru_cache(maxsize=1)
def _alarm(folder: Path, languages: tuple[str, ...], harmless: tuple[tuple[str, tuple[str, ...]], ...]) -> Alarm:
    """Learned once a process, however many services are in it."""
    return Alarm(read_phrases(folder, dict.fromkeys(languages)), dict(harmless))
