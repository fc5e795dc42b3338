"""`ivbot languages`: how far each language is."""

from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog

from bot.i18n import FALLBACK, read_catalogue
from bot.pages import Pages


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


class _AnyValue(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def every_state(folder: Path) -> list[State]:
    """Each folder of locales/ that has a catalogue. English is what the others are measured against."""
    source = read_catalogue(folder, FALLBACK)
    names = sorted(path.parent.parent.name for path in folder.glob("*/LC_MESSAGES/ivbot.po"))
    return [_state(folder, name, source) for name in names]


def _state(folder: Path, language: str, source: Catalog) -> State:
    catalogue = source if language == FALLBACK else read_catalogue(folder, language)
    wanted = [message.id for message in source if message.id]
    found = [catalogue.get(_singular(msgid)) for msgid in wanted]
    fuzzy = len([message for message in found if message and message.fuzzy])
    own = [page for page in Pages(folder, [language], "england", _AnyValue()).every() if page.language == language]
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
