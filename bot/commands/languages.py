"""`ivbot languages`: how far each language is."""

from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog

from bot.i18n import FALLBACK, read_catalogue
from bot.pages import Pages
from bot.settings import DATA, Settings


@dataclass(frozen=True, slots=True)
class State:
    """One language: its short strings, its pages, and who has checked them."""

    language: str
    strings: int
    translated: int
    fuzzy: int
    missing: int
    pages: int
    review: str


def every_state(settings: Settings, folder: Path = DATA / "locales") -> list[State]:
    """Each folder of locales/ that has a catalogue. English is what the others are measured against.

    Raises BadPage.
    """
    source = read_catalogue(folder, FALLBACK)
    names = sorted(path.parent.parent.name for path in folder.glob("*/LC_MESSAGES/ivbot.po"))
    return [_state(settings, folder, name, source) for name in names]


def _state(settings: Settings, folder: Path, language: str, source: Catalog) -> State:
    catalogue = source if language == FALLBACK else read_catalogue(folder, language)
    wanted = [message.id for message in source if message.id]
    found = [catalogue.get(_singular(msgid)) for msgid in wanted]
    fuzzy = len([message for message in found if message and message.fuzzy])
    pages = Pages(folder, [language], settings.service.jurisdiction, settings.placeholders)
    own = [page for page in pages.every() if page.language == language]
    whole = [message for message in found if message and not message.fuzzy and _complete(message.string)]
    done = len(wanted) if language == FALLBACK else len(whole)
    reviews = {page.review for page in own}
    return State(
        language, len(wanted), done, fuzzy, len(wanted) - done - fuzzy, len(own),
        "native" if reviews == {"native"} else "machine",
    )  # fmt: skip


def _singular(msgid: str | tuple[str, ...] | list[str]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


def _complete(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)
