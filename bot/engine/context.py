"""What stays the same from turn to turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.asides import read_asides
from bot.domain.helplines import HelpLine
from bot.engine.helplines import read_helplines
from bot.engine.understanding import Understanding
from bot.i18n import Words
from bot.pages import Pages
from bot.settings import DATA, Settings

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
    router: "Router"
    forms: "Mapping[str, Form]"
    helplines: tuple[HelpLine, ...] = ()


def read_context(settings: Settings, router: "Router", forms: "Mapping[str, Form]") -> Context:
    """Read everything a running bot needs from locales/ and helplines.toml. Raises BadPage."""
    folder = DATA / "locales"
    languages, values = settings.service.languages, settings.placeholders
    pages = Pages(folder, languages, settings.service.jurisdiction, values)
    words = Words(folder, languages, values)
    return Context(settings, words, pages, Understanding(pages, read_asides(folder, languages)), router, forms, read_helplines())
