"""From what somebody typed to a topic: by closeness to the questions a page says it answers. No network, no model."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from bot.pages import Pages

NONE = "none"
SAFETY_PAGE = "not-safe"
SURE = 78.0
"""At or above this score (of 100) the page is shown."""
NEAR = 55.0
"""At or above this score a page is offered as a button."""
OFFERS = 3
DANGER = 88.0
"""How close a stretch of the text must come to one of the safety page's phrases."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A topic, or `none` with the nearest ones to offer."""

    topic: str
    score: float
    offers: tuple[str, ...]


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Letters and digits alone: case, accents, punctuation and doubled spaces do not count."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"['’]", "", bare).replace("_", " ").translate(_PUNCTUATION).split())


class _Punctuation(dict[int, int]):
    def __missing__(self, point: int) -> int:
        return point if chr(point).isalnum() or unicodedata.category(chr(point)).startswith("M") else 32


_PUNCTUATION = _Punctuation()


class Understanding:
    """The phrases of every page, ready to be compared with."""

    def __init__(self, pages: Pages) -> None:
        every = [(fold(ask), page.name) for page in pages.every() for ask in (*page.asks, page.title)]
        self._danger = [phrase for phrase, name in every if name == SAFETY_PAGE]
        self._phrases = [phrase for phrase, name in every if name != SAFETY_PAGE]
        self._names = [name for _phrase, name in every if name != SAFETY_PAGE]

    def danger(self, text: str) -> bool:
        """Whether somebody says that they are not safe."""
        folded = fold(text)
        if not folded:
            return False
        return any(_within(phrase, folded) >= DANGER for phrase in self._danger)

    def topic(self, text: str) -> Understood:
        """The page that answers this, if one is close enough; and the nearest ones, best first."""
        best: dict[str, float] = {}
        found = process.extract(fold(text), self._phrases, scorer=_closeness, limit=40, score_cutoff=NEAR)
        for _phrase, score, index in found:
            best.setdefault(self._names[index], score)
        if not best:
            return Understood(NONE, 0.0, ())
        offers = tuple(best)[:OFFERS]
        score = best[offers[0]]
        return Understood(offers[0] if score >= SURE else NONE, round(score / 100, 3), offers)


def _closeness(typed: str, phrase: str, **_options: object) -> float:
    return max(fuzz.token_sort_ratio(typed, phrase), 0.95 * fuzz.ratio(typed, phrase))


def _within(phrase: str, text: str) -> float:
    """How close the phrase comes to some stretch of a text that is at least as long; a shorter text must be it all."""
    return fuzz.partial_ratio(phrase, text) if len(text) >= len(phrase) else fuzz.ratio(phrase, text)
