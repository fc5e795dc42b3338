"""What the bot explains: one Markdown file a page and language, with the questions it answers in its front matter.

Markdown becomes the few tags that Telegram and the chat page share: b, i, a, line breaks, and bullets as text.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import frontmatter
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from bot.errors import BadPage
from bot.i18n import FALLBACK, Values

_MARKDOWN = MarkdownIt("zero").enable(["emphasis", "list", "link", "newline"])
_TAGS = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>", "link_close": "</a>"}
_REVIEWS = ("machine", "native")

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
    review: str


class Pages:
    """Every page of every language, read once at the start."""

    def __init__(self, folder: Path, languages: Sequence[str], jurisdiction: str, values: Mapping[str, str]) -> None:
        self._pages = {
            language: _read_language(folder / language / "pages", language, jurisdiction, values)
            for language in {*languages, FALLBACK}
        }
        self.names = tuple(self._pages[FALLBACK])
        for page in self.every():
            for name in page.next:
                if name not in self.names:
                    raise BadPage(
                        folder / page.language / "pages" / f"{page.name}.md", f"next: there is no page {name}"
                    )

    def get(self, name: str, language: str) -> Page | None:
        """The page in this language, else in English, else None."""
        return self._pages.get(language, {}).get(name) or self._pages[FALLBACK].get(name)

    def every(self) -> list[Page]:
        return [page for pages in self._pages.values() for page in pages.values()]


def _read_language(folder: Path, language: str, jurisdiction: str, values: Mapping[str, str]) -> dict[str, Page]:
    """The pages of one language, each with its simple form."""
    simple = {
        name: _reading(path, lambda post: render(post.content, values))
        for name, path in _paths(folder, jurisdiction, SIMPLE).items()
    }

    def read(path: Path, post: frontmatter.Post) -> Page:
        meta = post.metadata if path.parent == folder else _above(folder / path.name) | post.metadata
        return Page(
            name=path.stem,
            language=language,
            title=_text(meta["title"]),
            html=render(post.content, values),
            simple=simple.get(path.stem),
            asks=_texts(meta["asks"]),
            next=_texts(meta["next"]),
            do=_texts(meta["do"]),
            source=_text(meta["source"]),
            review=_text(meta["review"]),
        )

    return {name: _reading(path, partial(read, path)) for name, path in _paths(folder, jurisdiction).items()}


def _above(path: Path) -> dict[str, object]:
    """What a page that stands in for another has from it, unless it says otherwise: its title, how it is asked for."""
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
        review = post.metadata["review"]
    except KeyError as error:
        raise BadPage(path, f"{error.args[0]} is missing or not known") from error
    except Exception as error:  # the front matter is YAML by hand: whatever is wrong with it is wrong with the page
        raise BadPage(path, f"the page cannot be read ({type(error).__name__})") from error
    if review not in _REVIEWS:
        raise BadPage(path, f"review: must be one of {', '.join(_REVIEWS)}")
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
    """Markdown as message HTML, its {placeholders} filled from the service's settings, escaped."""
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
    escaped = Values({name: str(escape(value)) for name, value in values.items()})
    return Markup(html.format_map(escaped))  # noqa: S704 - text and values are escaped above


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
