"""One line cut into words, numbers and signs; and where the phrases of a language stand in it."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from fractions import Fraction
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.engine.answers import NUMBER_WORDS
from bot.engine.folding import fold
from bot.engine.report_line.words import FACES, LISTS, Sort
from bot.i18n import FALLBACK, Words

SHORTEST_MISSPELT = 6
"""Letters a word must have before one letter too many, one too few, or two that changed places are looked past."""

_GROUPED = (
    r"[1-9]\d{0,2}(?:(?:[,٬\u00a0\u202f]\d{3})+|(?: \d{3})+(?=(?:[.,]\d{1,2})?\s?£))(?:[.,٫]\d{1,2})?"
    r"(?![.,:٫]?\d)"
)
"""1,234.50 and the like. A common blank joins only before the sign, as in 1 234,50 £: £4 120 miles are two numbers."""
_GROUPING = re.compile(r"[,٬\s](?=\d{3})")
_FACE = "|".join(re.escape(face) for face in sorted(FACES, key=len, reverse=True))
_TOKEN = re.compile(
    rf"(?P<face>{_FACE})|(?P<part>[¼½¾])|(?P<number>\d+/\d+|(?P<grouped>{_GROUPED})|\d+(?:[.,:٫]\d+)*)"
    r"|(?P<word>[^\W\d_]+(?:['’ʼ‘`][^\W\d_]+)*)|(?P<stop>[.,;!?\n()،؛؟…•]+|(?<=\s)[-–—](?=\s))|(?P<sign>[^\s:='\"“”*_–—-])"
)
_FRACTIONS = {"1/2": Fraction(1, 2), "1/4": Fraction(1, 4), "3/4": Fraction(3, 4)}

Phrases = Mapping[Sort, Mapping[str, list[tuple[tuple[str, ...], str | int]]]]
"""By what they say, then by their first word: the words after it, and the value. The longest first."""


class Form(Enum):
    """What a token looks like."""

    WORD = auto()
    NUMBER = auto()
    PART = auto()  # ½
    FACE = auto()
    SIGN = auto()
    STOP = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a line, and where it stands there. `word` is folded, and a number without what groups its digits."""

    form: Form
    word: str
    start: int
    end: int


def plain_digits(text: str) -> str:
    """The same text, letter for letter, with the digits of every script as 0 to 9."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def cut(text: str) -> list[Token]:
    """The tokens of a line in their order."""
    found = []
    for match in _TOKEN.finditer(text):
        form = Form[str(match.lastgroup).upper()]
        if unicodedata.category(match[0][0]) not in {"Mn", "Sk", "Cf"}:
            word = fold(match[0]) if form is Form.WORD else match[0]
            word = _GROUPING.sub("", word) if match["grouped"] else word
            found.append(Token(form, word, match.start(), match.end()))
    return found


class Lexicon:
    """The phrases of one language and of English: not everybody types in the language they read in."""

    def __init__(self, words: Words, language: str) -> None:
        languages = dict.fromkeys((language, FALLBACK))
        phrases: dict[Sort, dict[str, list[tuple[tuple[str, ...], str | int]]]] = {}
        for sort, value, text in LISTS:
            by_first = phrases.setdefault(sort, defaultdict(list))
            for listed in languages:
                for phrase in re.split("[,/]", words.plain(text, listed)):
                    if spelt := [token.word for token in cut(phrase) if token.form is Form.WORD]:
                        by_first[spelt[0]].append((tuple(spelt[1:]), value))
        for by_first in phrases.values():
            for starting in by_first.values():
                starting.sort(key=lambda phrase: -len(phrase[0]))
        self._phrases: Phrases = phrases
        self._numbers = {
            fold(word): number
            for listed in languages
            for number, forms in enumerate(words.plain(NUMBER_WORDS, listed).split(","), 1)
            for word in forms.split("/")
        }
        self._long = sorted({
            word
            for by_first in phrases.values()
            for first, starting in by_first.items()
            for word in (first, *(other for others, _value in starting for other in others))
            if len(word) >= SHORTEST_MISSPELT
        })  # fmt: skip

    def read(self, tokens: list[Token]) -> list[Token]:
        """The tokens with words that are misspelt by a letter put right."""
        return [replace(token, word=self._right(token.word)) if token.form is Form.WORD else token for token in tokens]

    def find(self, tokens: list[Token], at: int, sort: Sort) -> Iterator[tuple[str | int, int]]:
        """The phrases of this sort that start at a token, the longest first: the value, and the token after it."""
        if 0 <= at < len(tokens):
            for others, value in self._phrases[sort].get(tokens[at].word, ()):
                end = at + 1 + len(others)
                if tuple(token.word for token in tokens[at + 1 : end]) == others:
                    yield value, end

    def number(self, token: Token) -> Fraction | None:
        """What a number is worth, in digits or in words. A time of day, a date or the like is none."""
        if token.form is Form.WORD:
            worth = self._numbers.get(token.word)
            return Fraction(worth) if worth else None
        if token.word in _FRACTIONS:
            return _FRACTIONS[token.word]
        if token.form is Form.PART:
            return Fraction(unicodedata.numeric(token.word))
        plain = re.fullmatch(r"\d{1,4}(?:[.,٫]\d{1,2})?", token.word)
        return Fraction(re.sub(r"[,٫]", ".", plain[0])) if plain else None

    def _right(self, word: str) -> str:
        if len(word) < SHORTEST_MISSPELT or word in self._long:
            return word
        near = [known for known in self._long if known[0] == word[0] and _one_slip(word, known)]
        return near[0] if len(near) == 1 else word


@lru_cache(maxsize=16)
def lexicon(words: Words, language: str) -> Lexicon:
    """Made once a language."""
    return Lexicon(words, language)


def _one_slip(typed: str, known: str) -> bool:
    """A letter too many or too few, or two that changed places. Another letter may be another word: packed, picked."""
    slip = len(typed) != len(known) or sorted(typed) == sorted(known)
    return slip and OSA.distance(typed, known, score_cutoff=1) <= 1
