"""What the bot explains: one Markdown file a page and language. What a translation does not say, English says for it.

Markdown becomes the few tags that Telegram and the chat page share: b, i, a, line breaks, and bullets as text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import frontmatter
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from bot.catalogue import set_apart
from bot.errors import BadPage
from bot.i18n import FALLBACK, Values, Words
from bot.language import BadReview, Review
from bot.typed import ASKS, read_typed

_MARKDOWN = MarkdownIt("zero").enable(["emphasis", "list", "link", "newline"])
_TAGS = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>", "link_close": "</a>"}

SIMPLE = "simple"
"""The folder of the pages' simple forms."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """One thing explained, and in `simple` for younger readers.

    `asks` are the ways people ask for it, `next` the pages to offer after it, `do` the things to do from here.
    """

    name: str
    language: str
    title: str
    html: Markup
    simple: Markup | None
    asks: tuple[str, ...]
    next: tuple[str, ...]
    do: tuple[str, ...]
    source: str
    review: Review


class Pages:
    """Every page of every language, read once at the start."""

    def __init__(self, words: Words, jurisdiction: str) -> None:
        self._pages: dict[str, dict[str, Page]] = {}
        for language in (FALLBACK, *(spoken for spoken in words.languages if spoken != FALLBACK)):
            self._pages[language] = _read_language(words, language, jurisdiction, self._pages.get(FALLBACK, {}))
        self.names = tuple(self._pages[FALLBACK])
        for page in self.every():
            for name in page.next:
                if name not in self.names:
                    raise BadPage(
                        words.folder / page.language / "pages" / f"{page.name}.md", f"next: there is no page {name}"
                    )

    def get(self, name: str, language: str) -> Page | None:
        """The page in this language, else in English, else None."""
        return self._pages.get(language, {}).get(name) or self._pages[FALLBACK].get(name)

    def every(self) -> list[Page]:
        return [page for pages in self._pages.values() for page in pages.values()]


def _read_language(words: Words, language: str, jurisdiction: str, source: Mapping[str, Page]) -> dict[str, Page]:
    """The pages of one language, each with its simple form. `source`: those in English, when it is another."""
    folder, values = words.folder / language / "pages", words.values(language)
    written = set_apart if words.language(language).right_to_left else str
    simple = {
        name: _reading(path, lambda post: render(written(post.content), values))
        for name, path in _paths(folder, jurisdiction, SIMPLE).items()
    }
    paths = _paths(folder, jurisdiction)
    asked = folder.parent / ASKS
    asks = read_typed(asked, source or paths) if asked.exists() else {}

    def read(path: Path, post: frontmatter.Post) -> Page:
        meta = post.metadata if path.parent == folder else _above(folder / path.name) | post.metadata
        if path.stem in source:
            english = source[path.stem]
            meta = {"next": [*english.next], "do": [*english.do], "source": english.source} | meta
        return Page(
            name=path.stem,
            language=language,
            title=_text(meta["title"]),
            html=render(written(post.content), values),
            simple=simple.get(path.stem),
            asks=asks.get(path.stem, ()),
            next=_texts(meta["next"]),
            do=_texts(meta["do"]),
            source=_text(meta["source"]),
            review=Review.parse(meta["review"]),
        )

    return {name: _reading(path, partial(read, path)) for name, path in paths.items()}


def _above(path: Path) -> dict[str, object]:
    """What a page that stands in for another has from it, unless it says otherwise: its title, where it leads."""
    return _reading(path, lambda post: dict(post.metadata))


def _paths(folder: Path, jurisdiction: str, form: str = "") -> dict[str, Path]:
    """The file of each page; `wales/NAME.md` stands in for `NAME.md` where the service is in Wales."""
    here = {path.stem: path for path in (folder / form).glob("*.md")}
    there = {path.stem: path for path in (folder / jurisdiction / form).glob("*.md")}
    return dict(sorted((here | there).items()))


def _reading(path: Path, read: Callable[[frontmatter.Post], T]) -> T:
    """What `read` makes of a file. Raises BadPage with its path when it cannot."""
    try:
        post = frontmatter.load(str(path), encoding="utf-8")
        found = read(post)
        Review.parse(post.metadata["review"])
    except KeyError as error:
        raise BadPage(path, f"{error.args[0]} is missing or not known") from error
    except BadReview as error:
        raise BadPage(path, f"review: {error}") from error
    except Exception as error:  # the front matter is YAML by hand: whatever is wrong with it is wrong with the page
        raise BadPage(path, f"the page cannot be read ({type(error).__name__})") from error
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list")
    return tuple(_text(item) for item in value)


def render(markdown: str, values: Mapping[str, str]) -> Markup:
    """Markdown as message HTML, its {placeholders} filled with what Words says of the service."""
    blocks: list[str] = []
    marker = ""
    for token in _MARKDOWN.parse(markdown):
        match token.type:
            case "list_item_open":
                marker = f"{token.info}. " if token.info else "• "
            case "inline":
                blocks.append(marker + "".join(_inline(part) for part in token.children or []))
                marker = ""
    html = re.sub(r"\n\n(?=• |\d+\. )", "\n", "\n\n".join(blocks))
    return Markup(html.format_map(Values(values)))  # noqa: S704 - text is escaped above, values by Words


def _inline(token: Token) -> str:
    match token.type:
        case "text":
            return str(escape(token.content))
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "link_open":
            return f'<a href="{escape(str(token.attrs["href"]))}">'
    return _TAGS.get(token.type, "")
