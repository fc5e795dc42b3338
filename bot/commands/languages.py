"""`ivbot languages`: how far each language is, and who has read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog

from bot.catalogue import read_catalogue
from bot.i18n import FALLBACK, Words
from bot.language import FILE, NATIVE
from bot.pages import Pages
from bot.settings import DATA, Settings


@dataclass(frozen=True, slots=True)
class State:
    """One language. `review`: who read its strings and phrases; `pages_read`: pages a native speaker has read."""

    language: str
    name: str
    strings: int
    translated: int
    fuzzy: int
    missing: int
    pages: int
    pages_missing: int
    pages_read: int
    review: str

    @property
    def whole(self) -> bool:
        """Whether everything can be said in it."""
        return not (self.fuzzy or self.missing or self.pages_missing)

    def __str__(self) -> str:
        lacking = {"fuzzy": self.fuzzy, "missing": self.missing, "pages missing": self.pages_missing}
        return (
            f"{self.translated}/{self.strings} strings, {self.pages} pages ({self.pages_read} read by a native speaker)"
            + "".join(f", {count} {what}" for what, count in lacking.items() if count)
        )


def every_state(settings: Settings, folder: Path = DATA / "locales") -> list[State]:
    """Each folder of locales/ that is a language, English first: the others are measured against it. Raises BadPage."""
    source = read_catalogue(folder, FALLBACK)
    codes = sorted((path.parent.name for path in folder.glob(f"*/{FILE}")), key=lambda code: (code != FALLBACK, code))
    words = Words(folder, codes, settings.placeholders)
    pages = Pages(words, settings.service.jurisdiction)
    return [_state(words, pages, code, source) for code in codes]


def _state(words: Words, pages: Pages, code: str, source: Catalog) -> State:
    catalogue = source if code == FALLBACK else read_catalogue(words.folder, code)
    wanted = [message.id for message in source if message.id]
    found = [catalogue.get(_singular(msgid)) for msgid in wanted]
    fuzzy = len([message for message in found if message and message.fuzzy])
    whole = [message for message in found if message and not message.fuzzy and _complete(message.string)]
    done = len(wanted) if code == FALLBACK else len(whole)
    own = [page for page in pages.every() if page.language == code]
    return State(
        language=code,
        name=words.name(code),
        strings=len(wanted),
        translated=done,
        fuzzy=fuzzy,
        missing=len(wanted) - done - fuzzy,
        pages=len(own),
        pages_missing=len(pages.names) - len(own),
        pages_read=sum(page.review.state == NATIVE for page in own),
        review=str(words.language(code).review),
    )


def _singular(msgid: str | Iterable[str]) -> str:
    return msgid if isinstance(msgid, str) else next(iter(msgid))


def _complete(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)
