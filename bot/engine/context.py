"""What stays the same from turn to turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.engine.understanding import Understanding
from bot.i18n import Words
from bot.pages import Pages
from bot.settings import DATA, Settings

if TYPE_CHECKING:
    from bot.engine.forms import Form
    from bot.engine.router import Router


@dataclass(frozen=True, slots=True)
class Context:
    """Settings, words, pages, and what is done with them."""

    settings: Settings
    words: Words
    pages: Pages
    understanding: Understanding
    router: "Router"
    forms: "Mapping[str, Form]"


def read_context(settings: Settings, router: "Router", forms: "Mapping[str, Form]") -> Context:
    """Read everything a running bot needs from locales/. Raises BadPage."""
    folder = DATA / "locales"
    pages = Pages(folder, settings.service.languages, settings.service.jurisdiction, settings.placeholders)
    return Context(settings, Words(folder, settings.service.languages), pages, Understanding(pages), router, forms)
