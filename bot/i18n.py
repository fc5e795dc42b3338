"""Words in every language: lazy texts, catalogues read from .po, dates and lists by Babel.

A text is written once in English (`_("Hello {name}", name=...)`) and rendered when it is said, in the language
of that moment. Values put into a text are escaped, and set apart where scripts of two directions meet.
"""

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from babel.dates import format_date, format_skeleton, format_time, get_day_names
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from markupsafe import Markup, escape

from bot.catalogue import END_ISOLATE, ISOLATE, Sentences, read_catalogue
from bot.language import APART, Language, read_language
from bot.named import Named

FALLBACK = "en"
POUND, OWN_DIGITS = "GBP", "default"
"""Babel's names for the money here, and for the signs that a language puts into its numbers."""


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence that is not yet in any language. `values` fill its {placeholders}."""

    msgid: str
    plural: str = ""
    n: int = 0
    values: Mapping[str, object] = field(default_factory=dict)

    def fill(self, **values: object) -> "Text":
        """The same sentence with its {placeholders} filled; `n` chooses the plural as well."""
        n = values.get("n", self.n)
        return replace(self, n=n if isinstance(n, int) else self.n, values={**self.values, **values})


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year: `June 2026` in a text, `2026-06` where it is kept and sorted."""

    year: int
    month: int

    @classmethod
    def of(cls, day: dt.date) -> "Month":
        return cls(day.year, day.month)

    def before(self, months: int) -> "Month":
        """So many months earlier."""
        year, month = divmod(self.year * 12 + self.month - 1 - months, 12)
        return Month(year, month + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def _(msgid: str, **values: object) -> Text:
    """Mark a sentence for translation."""
    return Text(msgid, values=values)


def n_(singular: str, plural: str, n: int = 0, **values: object) -> Text:
    """Mark a sentence that depends on a number, which is {n} in it."""
    return Text(singular, plural, n, {"n": n, **values})


def in_language(html: str, language: str) -> Markup:
    """A part of a message in a language of its own: a channel that can has it read aloud by that one's voice."""
    return Markup('<div lang="{}">{}</div>').format(language, html)


class Weekday(int):
    """A day of the week to be named. Monday is 0."""


class Dated(dt.date):
    """A day that is said with its year."""

    @classmethod
    def of(cls, day: dt.date) -> "Dated":
        return cls(day.year, day.month, day.day)


class FullDate(dt.date):
    """A day that is said with its day of the week and its year."""

    @classmethod
    def of(cls, day: dt.date) -> "FullDate":
        return cls(day.year, day.month, day.day)


class Year(int):
    """A year by itself, which no sign groups into thousands."""


class Pence(int):
    """An amount of money."""


class Tongue(str):
    """A language by its code, to be named in the language of whoever reads it."""

    __slots__ = ()


OWN = Tongue("")
"""The reader's own language, by its own name."""


class Values(dict[str, str]):
    """What fills {placeholders}, each when it is needed. {Name} is the value of {name} as it starts a sentence."""

    def __init__(self, values: Mapping[str, object], shown: Callable[[object], str] = str) -> None:
        super().__init__()
        self._values, self._shown = values, shown

    def __missing__(self, name: str) -> str:
        if name in self._values:
            return self._shown(self._values[name])
        if not name[:1].isupper():
            raise KeyError(name)
        value = self[name[:1].lower() + name[1:]]
        return value[:1].upper() + value[1:]


class Words:
    """The catalogues of the languages this service speaks. `values` fill placeholders that every text may have."""

    def __init__(self, folder: Path, languages: Iterable[str], values: Mapping[str, object] | None = None) -> None:
        self.folder = folder
        self.languages = tuple(dict.fromkeys(languages)) or (FALLBACK,)
        self._values = values or {}
        self._languages = {code: read_language(folder, code) for code in dict.fromkeys((*self.languages, FALLBACK))}
        spoken = [self._languages[code] for code in self.languages]
        self._tags = {tag.lower(): language.code for language in spoken for tag in (language.code, *language.also)}
        self._sentences = {
            code: Sentences(read_catalogue(folder, code), right_to_left=language.right_to_left)
            for code, language in self._languages.items()
        }

    def language(self, code: str) -> Language:
        """What is to be known of a language; of English where it is not spoken here."""
        return self._languages.get(code) or self._languages[FALLBACK]

    def spoken(self, *wishes: str | None) -> str | None:
        """The first wish this service speaks (`pt-BR` finds `pt`)."""
        for wish in wishes:
            tag = (wish or "").lower()
            for called in (tag, tag.split("-")[0].split("_")[0]):
                if called in self._tags:
                    return self._tags[called]
        return None

    def choose(self, *wishes: str | None) -> str:
        """The first wish this service speaks; else its first language."""
        return self.spoken(*wishes) or self.languages[0]

    def name(self, language: str) -> str:
        """The language's own name for itself, as the picker shows it."""
        return self.language(language).name

    def names(self, language: str) -> set[str]:
        """What people may call a language: its code, its own names, and those it has in any language spoken here."""
        own = self.language(language)
        called = (own.named_in(reader) for reader in self._languages.values())
        return {language, *own.also, *(name for names in (own.name, *called) for name in names.split(APART))}

    def values(self, language: str) -> dict[str, str]:
        """What fills placeholders that every text may have, for a message body in a language."""
        return {name: self._value(value, language, escaping=True) for name, value in self._values.items()}

    def html(self, text: Text, language: str) -> Markup:
        """The text for a message body: its own tags are kept, its values escaped."""
        return Markup(self._render(text, language, escaping=True))  # noqa: S704 - values are escaped in _value

    def plain(self, text: Text, language: str) -> str:
        """The text for a label, a file or a log of what was shown: no tags."""
        return self._render(text, language, escaping=False)

    def every(self, text: Text) -> set[str]:
        """The text in every language spoken here: a typed answer may be any of them."""
        return {self.plain(text, language) for language in {*self.languages, FALLBACK}}

    def _render(self, text: Text, language: str, *, escaping: bool) -> str:
        template = self._translated(text, language)
        if "{" not in template:
            return template
        shown = partial(self._value, language=language, escaping=escaping)
        return template.format_map(Values({**self._values, **text.values}, shown))

    def _translated(self, text: Text, language: str) -> str:
        sentences = self._sentences[self.language(language).code]
        return sentences.counted(text.msgid, text.plural, text.n) if text.plural else sentences.said(text.msgid)

    def _value(self, value: object, language: str, *, escaping: bool) -> str:
        reader = self.language(language)
        match value:
            case Text():
                return self._render(value, language, escaping=escaping)
            case Markup():
                return str(value) if escaping else value.striptags()
            case bool():
                raise TypeError("a yes or no has words of its own")
            case list() | tuple():
                parts = [self._value(part, language, escaping=escaping) for part in value]
                return reader.comma.join(parts) if reader.comma else format_list(parts, locale=reader.locale)
            case Year():
                return reader.digital(str(int(value)))
            case Weekday() | dt.time() | Month() | dt.date() | Pence() | int() | float():
                return reader.digital(_reckoned(value, reader))
            case Tongue():
                shown = self.language(value).named_in(reader) if value else reader.name
            case Named() if value and (said := self._sentences[reader.code].said(value)) != value:
                return str(escape(said)) if escaping else said
            case _:
                shown = str(value)
        apart = reader.right_to_left and any(map(str.isalnum, shown))  # a picture runs as its reader reads
        mixed = apart or any(unicodedata.bidirectional(c) in {"R", "AL"} for c in shown)
        bare = str(escape(shown)) if escaping else shown
        return f"{ISOLATE}{bare}{END_ISOLATE}" if mixed else bare


def _reckoned(value: Weekday | dt.time | Month | dt.date | Pence | float, reader: Language) -> str:
    """A day, a time or a number as its reader writes it, in our digits."""
    locale, formats = reader.locale, reader.formats
    match value:
        case Weekday():
            return str(get_day_names(locale=locale)[value])
        case dt.time():
            on_the_hour = formats.hour if not value.minute else ""
            return format_time(value, on_the_hour or formats.time, locale=locale)
        case Month():
            first = dt.date(value.year, value.month, 1)
            return (
                format_date(first, formats.month, locale)
                if formats.month
                else format_skeleton("yMMMM", first, locale=locale)
            )
        case FullDate():
            return format_date(value, formats.full, locale=locale)
        case Dated():
            return format_date(value, formats.date, locale=locale)
        case dt.date():
            return format_date(value, formats.day, locale=locale)
        case Pence():
            told = format_currency(value / 100, POUND, locale=locale, numbering_system=OWN_DIGITS)
            return told.replace(get_currency_symbol(POUND, locale=locale), "£")
    return format_decimal(value, locale=locale, numbering_system=OWN_DIGITS)
