"""Turns a conversation into HTML: whole pages, and the pieces the page asks for later."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.channels.web.assets import Assets
from bot.channels.web.labels import PROBLEMS, spoken
from bot.engine.channel import Line
from bot.engine.message import Parcel
from bot.i18n import Text, Words
from bot.settings import Settings

Always = Sequence[tuple[Text, str, bool]]
"""Buttons on every screen: label, data, danger."""

TEXT_LENGTH = 7000
"""What the box takes. Written as a form, a character is up to 9 bytes: the longest still fits into one request."""

HTMX = {
    "allowEval": False,
    "allowScriptTags": False,
    "historyCacheSize": 0,
    "historyEnabled": False,
    "includeIndicatorStyles": False,
    "selfRequestsOnly": True,
    "timeout": 30_000,
    "responseHandling": [
        {"code": "204|410", "swap": False},
        {"code": "502|504", "swap": False, "error": True},
        {"code": "[23]..", "swap": True},
        {"code": "[45]..", "swap": True, "target": "#trouble", "swapOverride": "innerHTML"},
    ],
}


_ROAD = re.compile("[●○]{3,}")
_KEPT = re.compile(
    r"(<[^>]*>)|(?<=\d) (?=\d|[ap]m\b)"
    r"|(?<![\w-])([A-Z]{1,2}-[0-9A-Z]{4}-[0-9A-Z]|[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2})(?![\w-])"
)
"""A tag; the space in a number to ring or a time; a reference or a code."""
_PART = re.compile(r'<div lang="([\w-]+)">(.*?)</div>', re.DOTALL)
_APART = re.compile("<[^>]*>|[\u2066-\u2068][^\u2069]*\u2069")


@dataclass(frozen=True, slots=True)
class Turn:
    """What they said and the answers that still stand. Only the newest turns have buttons to press."""

    said: Markup
    answers: tuple[Parcel, ...]
    pressable: bool
    latest: bool


@dataclass(frozen=True, slots=True)
class View:
    """All that a chat page shows. `after` is the last turn in it, `event` the id of what is sent from it."""

    language: str
    lines: Sequence[Line]
    event: str
    after: int = 0
    text: str = ""
    notes: Sequence[str] = field(default=())
    trouble: str = ""


def paragraphs(html: str) -> Markup:
    """A message's own markup, with its blank lines as paragraphs and its newlines as line breaks.

    The picture of a road is larger than its words, which say the same; what is copied out stays on one line. Each
    paragraph begins on the side of its own language: browsers let a name that is set apart decide, or align by the
    line before.
    """
    parts = iter(_PART.split(html))
    said = _paragraphs(next(parts))
    for language, other, after in zip(parts, parts, parts, strict=True):
        said += Markup('<div lang="{}">{}</div>').format(language, _paragraphs(other)) + _paragraphs(after)
    return said


def _paragraphs(html: str) -> Markup:
    html = _ROAD.sub(r'<span class="road" aria-hidden="true">\g<0></span>', html)
    html = _KEPT.sub(_whole, html)
    parts = re.split(r"\n\s*\n", html.strip()) if html.strip() else []
    return Markup("").join(
        Markup(f"<p{direction(part)}>") + Markup(part.replace("\n", "<br>")) + Markup("</p>")  # noqa: S704 - the engine escaped it
        for part in parts
    )


def _whole(found: re.Match[str]) -> str:
    """The same on one line: spaces do not break, and dashes not either. A tag stays as it is."""
    tag, reference = found.groups()
    return f'<span class="whole">{reference}</span>' if reference else tag or "\u00a0"


def direction(html: str) -> str:
    """The side from which a paragraph is read: that of its first letter, if it has one that is not set apart."""
    letters = (unicodedata.bidirectional(letter) for letter in _APART.sub("", html))
    first = next((letter for letter in letters if letter in {"L", "R", "AL"}), "")
    return ' dir="rtl"' if first in {"R", "AL"} else ' dir="ltr"' if first else ""


def replaced(lines: Sequence[Line]) -> set[str]:
    """The messages that later ones take the place of."""
    return {answer.message.replaces for line in lines for answer in line.answers if answer.message.replaces}


def turns(lines: Sequence[Line]) -> list[Turn]:
    """The conversation as it stands now. A message nobody asked for leaves the buttons before it in place."""
    gone = replaced(lines)
    spoke = max((line.turn for line in lines if line.said), default=0)
    latest = spoke or (lines[-1].turn if lines else 0)
    return [
        Turn(
            said=paragraphs(str(escape(line.said))) if line.said else Markup(""),
            answers=tuple(answer for answer in line.answers if str(answer.id) not in gone),
            pressable=line.turn >= spoke,
            latest=line.turn == latest,
        )
        for line in lines
    ]


class Pages:
    """The templates, and what they all need."""

    def __init__(self, settings: Settings, words: Words, always: Always, assets: Assets) -> None:
        self._words = words
        self._always = always
        self._leave_to = settings.web.leave_to
        self._idle_minutes = settings.web.idle_minutes
        loader = FileSystemLoader(Path(__file__).parent / "templates")
        self._templates = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.globals |= {"asset": assets.address, "htmx": orjson.dumps(HTMX).decode()}
        self._templates.globals["ever"] = {data for _text, data, _danger in always}
        self._templates.filters["paragraphs"] = paragraphs
        self._said = {language: spoken(words, language, self._idle_minutes) for language in words.languages}

    def say(self, label: str, language: str) -> str:
        """One of the page's own labels."""
        return self._labels(language)[label]

    def chat(self, view: View) -> str:
        """The whole page."""
        return self._render("chat.html", view.language, turns=turns(view.lines), **self._form(view))

    def news(self, view: View, *, sent: bool) -> str:
        """The turns after `view.after`, for a page that has the rest. `sent`: it sent something, which was taken."""
        after = view.lines[-1].turn if view.lines else view.after
        shown = {str(answer.id) for line in view.lines for answer in line.answers}
        fields = self._form(view) | {"after": after}
        return self._render(
            "news.html",
            view.language,
            turns=turns(view.lines),
            gone=sorted(replaced(view.lines) - shown),
            sent=sent,
            **fields,
        )

    def problem(self, status: int, language: str) -> str:
        """What happened, what was kept, what to do next."""
        heading, text = PROBLEMS.get(status, PROBLEMS[500])
        said = {"heading": self._words.plain(heading, language), "text": self._words.plain(text, language)}
        return self._render("problem.html", language, **said)

    def trouble(self, text: str) -> str:
        """The same for a page that is open already: one line above the box."""
        return str(Markup("<p>{}</p>").format(text))

    def problem_line(self, status: int, language: str) -> str:
        """A problem in one line."""
        heading, text = PROBLEMS.get(status, PROBLEMS[500])
        return self.trouble(f"{self._words.plain(heading, language)}. {self._words.plain(text, language)}")

    def closed(self, language: str) -> str:
        """A door that says nothing of what was behind it."""
        return self._render("closed.html", language)

    def onward(self, to: str, language: str) -> str:
        """A blank page that goes on by itself. It takes the place of the page before in the browser's history."""
        return self._render("onward.html", language, to=to)

    def _form(self, view: View) -> dict[str, object]:
        always = [(self._words.plain(text, view.language), data, danger) for text, data, danger in self._always]
        return {
            "always": always,
            "after": view.after,
            "event": view.event,
            "length": TEXT_LENGTH,
            "notes": view.notes,
            "text": view.text,
            "trouble": view.trouble,
        }

    def _labels(self, language: str) -> dict[str, str]:
        return self._said.get(language) or self._said[self._words.languages[0]]

    def _render(self, template: str, language: str, **values: object) -> str:
        direction = "rtl" if self._words.language(language).right_to_left else "ltr"
        page = self._templates.get_template(template)
        return page.render(
            language=language, direction=direction, say=self._labels(language), leave_to=self._leave_to, **values
        )
