"""What is to be known of a language besides its words: locales/LANG/language.toml."""

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from babel import Locale, UnknownLocaleError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.errors import BadPage

FILE = "language.toml"
APART = " / "
"""Stands between two names of one language."""
DIGITS = "0123456789"
MACHINE, NATIVE = "machine", "native"
"""A computer wrote it; or somebody whose own language it is has written or read it."""

_REVIEW = re.compile(rf"(?P<state>{MACHINE}|{NATIVE}), by (?P<by>.+), on (?P<on>\d{{4}}-\d\d-\d\d)")


class BadReview(ValueError):
    """Nobody can tell from this who read the words."""


@dataclass(frozen=True, slots=True)
class Review:
    """Who wrote or read words last, and when: `machine, by a computer, on 2026-11-22`."""

    state: str
    by: str
    on: dt.date

    @classmethod
    def parse(cls, written: object) -> "Review":
        """Raises BadReview with an example."""
        if found := _REVIEW.fullmatch(str(written)):
            return cls(found["state"], found["by"], dt.date.fromisoformat(found["on"]))
        raise BadReview("must be like: machine, by a computer, on 2026-11-22; or: native, by NAME, on DAY")

    def __str__(self) -> str:
        return f"{self.state}, by {self.by}, on {self.on}"


def _locale(name: object) -> object:
    try:
        return Locale.parse(str(name))
    except UnknownLocaleError as error:
        raise ValueError("is no locale of CLDR") from error


class Formats(BaseModel):
    """How days and times are written where CLDR's own way is not ours: patterns of CLDR."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    day: str = "EEEE, d MMMM"
    full: str = "full"
    date: str = "long"
    month: str = ""
    time: str = "short"
    hour: str = ""


class Language(BaseModel):
    """One language: its own name, the locale of its dates and numbers, and who has read its words.

    `called`: CLDR's tags of what others call it, where its code is not enough; `also`: what else it is called, by
    people or in tags. `review` is about the catalogue and the phrases; a page says it for itself. `digits`: those of
    its readers, 0 to 9, where they are others; numbers to ring and codes to type keep ours. `comma`: what
    joins a list where CLDR's own way cannot be read out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    code: str
    name: str
    locale: Annotated[Locale, BeforeValidator(_locale)]
    called: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    review: Annotated[Review, BeforeValidator(Review.parse)]
    digits: Annotated[str, Field(min_length=10, max_length=10)] = DIGITS
    comma: str = ""
    formats: Formats = Formats()

    @property
    def right_to_left(self) -> bool:
        return bool(self.locale.text_direction == "rtl")

    @property
    def by_machine(self) -> bool:
        """Nobody whose own language it is has read it yet."""
        return self.review.state == MACHINE

    def digital(self, reckoned: str) -> str:
        """The same in the digits of its readers."""
        return reckoned if self.digits == DIGITS else reckoned.translate(str.maketrans(DIGITS, self.digits))

    def named_in(self, reader: "Language") -> str:
        """What its reader calls this language, such as `Dari / Persian`."""
        names = (reader.locale.languages.get(tag) for tag in self.called or (self.code,))
        return APART.join(dict.fromkeys(name for name in names if name)) or self.name


def read_language(folder: Path, code: str) -> Language:
    """Raises BadPage with the path when it cannot be read."""
    path = folder / code / FILE
    try:
        return Language.model_validate({"code": code} | tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        raise BadPage(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise BadPage(path, f"it cannot be read ({type(error).__name__})") from error
