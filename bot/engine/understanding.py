"""From what somebody typed to a topic: by likeness to the phrases of the pages. No network, no model to download."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import chain
from math import exp, sqrt

from bot.engine.folding import fold
from bot.engine.phrases import Phrases, parts
from bot.i18n import FALLBACK
from bot.pages import Pages
from bot.typed import Asides

NONE = "none"
SAFETY_PAGE = "not-safe"

SURE = 0.35
"""At or above this probability the page is shown; else the nearest ones are offered."""
NEAR = 0.03
"""At or above this probability a page is among those offered."""
NEAR_ASIDE = 0.1
"""The same, for a text that is likelier to ask for no page."""
LIKE = 0.6
"""At or above this probability an aside is of a group that has an answer of its own; else it is of `other`."""
OFFERS = 3
SPREAD, FEWEST_PARTS = 1.5, 40
"""The parts of a text overlap, so what they say together counts for less the more there are: as the root of their
number does. A very short text never says much."""
OFF_TOPIC = 2.5
"""How much likelier a text is off topic than of one certain topic, before it is read; a logarithm."""

LONGEST = 800
"""Characters that are read: half of them from the beginning, half from the end."""
STRETCH = 8
"""Words of a long text that are also read apart from the rest."""
PIECES = 12
"""Sentences, and stretches, of one text that are read."""
POLITE = ("hello", "thanks", "bye", "ok", "laugh")
LONGEST_POLITE = 4
"""Words of a greeting or a thank-you that are looked past."""

_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLED = re.compile(r"([^\W\d_])\1+")
_SENTENCES = re.compile(r"[.?!;:\n…؟،؛۔।]+\s*|,\s+")


@dataclass(frozen=True, slots=True)
class Understood:
    """A topic, or `none`. `offers` are the nearest ones, best first; `aside` is the group of what asks for no page."""

    topic: str
    score: float
    offers: tuple[str, ...]
    aside: str = ""


NOTHING = Understood(NONE, 0.0, ())
NO_ASIDES: Asides = {}


class Understanding:
    """The phrases of every page and every aside, learned a language at a time when it is first spoken."""

    def __init__(self, pages: Pages, asides: Asides = NO_ASIDES) -> None:
        self._pages, self._asides = pages, asides
        self._learned: dict[str, Learned] = {}

    def topic(self, text: str, language: str = FALLBACK) -> Understood:
        """The page that answers this, if one is likely enough; and the nearest ones, best first.

        It is read as English where English knows more of its words: not everybody types in the language they read in.
        """
        short = text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}\n{text[-LONGEST // 2 :]}"
        learned = self._in(language)
        unknown = learned.unknown(short)
        if unknown and language != FALLBACK and self._in(FALLBACK).unknown(short) < unknown:
            learned = self._in(FALLBACK)
        return learned.read(short)

    def _in(self, language: str) -> "Learned":
        if language not in self._learned:
            phrases = {
                page.name: [fold(phrase) for phrase in (*page.asks, page.title)]
                for page in self._pages.every()
                if page.language == language and page.asks and page.name != SAFETY_PAGE
            }
            self._learned[language] = Learned(phrases, self._asides.get(language, {}))
        return self._learned[language]


class Learned:
    """One language."""

    def __init__(self, topics: Mapping[str, Sequence[str]], asides: Mapping[str, Sequence[str]]) -> None:
        self._aside_lines = {name: [fold(line) for line in lines] for name, lines in asides.items()}
        self._topics = Phrases({**topics, NONE: [*chain.from_iterable(self._aside_lines.values())]})
        self._said = {_key(line): name for name, lines in asides.items() for line in lines}
        self._asked = {_key(line): name for name, lines in topics.items() for line in lines}
        self._polite = {
            line for name in POLITE for line in self._aside_lines.get(name, ()) if line.count(" ") < LONGEST_POLITE
        }

    def unknown(self, text: str) -> int:
        """How many words of a text are in no phrase."""
        return sum(not self._topics.has(word) for word in fold(text).split())

    def read(self, text: str) -> Understood:
        """What this is about: exactly one of our phrases, or like some of them."""
        key = _key(text)
        if key in self._said and key not in self._asked:
            return Understood(NONE, 0.0, (), self._said[key])
        text = _REPEATED.sub(r"\1", text)
        likely = self._likely(text)
        off_topic = likely.pop(NONE, 0.0)
        best = nlargest(OFFERS, likely, key=likely.__getitem__)
        if key in self._asked:
            topic = self._asked[key]
            return Understood(topic, 1.0, (topic, *(name for name in best if name != topic))[:OFFERS])
        if not best:
            return NOTHING
        score = likely[best[0]]
        aside = off_topic > score
        offers = tuple(name for name in best if likely[name] >= (NEAR_ASIDE if aside else NEAR))
        topic = best[0] if score >= SURE and not aside else NONE
        return Understood(topic, round(score, 3), offers, self._group(text) if aside else "")

    def _likely(self, text: str) -> dict[str, float]:
        """How likely each topic is and how likely none, over all ways of reading the text; nothing if it says nothing.

        It is as much on topic as the most on-topic way of reading it: a greeting before a question is a question.
        A way that is surer of its topic counts for more.
        """
        ways = [likely for way in self._ways(text) if (likely := self._topic_of(way))]
        if not ways:
            return {}
        off_topic = min(way.pop(NONE) for way in ways)
        trust = [max(way.values(), default=0.0) for way in ways]
        sums = {name: sum(way[name] * weight for way, weight in zip(ways, trust, strict=True)) for name in ways[0]}
        share = (1 - off_topic) / (sum(sums.values()) or 1)
        return {NONE: off_topic} | {name: value * share for name, value in sums.items()}

    def _topic_of(self, line: str) -> dict[str, float]:
        """How likely each topic is for one way of reading; one that is exactly a phrase of ours leaves no doubt."""
        certain = self._asked.get(_key(line))
        if certain:
            return {name: float(name == certain) for name in self._topics.labels}
        return _probable(line, self._topics, OFF_TOPIC)

    def _ways(self, text: str) -> Iterable[str]:
        """The whole text, each sentence, each without its greetings and thanks, and each stretch of a long one."""
        whole = fold(text)
        sentences = [folded for sentence in _SENTENCES.split(text) if (folded := fold(sentence))]
        lines = [whole, *nlargest(PIECES, sentences, key=len)] if whole else []
        return dict.fromkeys([*lines, *map(self._without_manners, lines), *_stretches(whole.split())])

    def _without_manners(self, line: str) -> str:
        words = line.split()
        for many in range(LONGEST_POLITE, 0, -1):
            if len(words) > many:
                if " ".join(words[:many]) in self._polite:
                    return self._without_manners(" ".join(words[many:]))
                if " ".join(words[-many:]) in self._polite:
                    return self._without_manners(" ".join(words[:-many]))
        return line

    @cached_property
    def _groups(self) -> Phrases:
        return Phrases(self._aside_lines)

    def _group(self, text: str) -> str:
        """The group of asides that this is like."""
        likely = _probable(fold(text), self._groups)
        group = max(likely, key=likely.__getitem__, default="other")
        return group if likely.get(group, 0) >= LIKE else "other"


def _probable(line: str, phrases: Phrases, off_topic: float = 0.0) -> dict[str, float]:
    """The probability of each label; nothing if nothing is known of the line."""
    found = parts(line)
    spread = SPREAD * sqrt(FEWEST_PARTS + len(found))
    weights = {name: weight / spread for name, weight in phrases.weigh(found).items()}
    if NONE in weights:
        weights[NONE] += off_topic
    most = max(weights.values(), default=0.0)
    odds = {name: exp(weight - most) for name, weight in weights.items()}
    total = sum(odds.values())
    return {name: value / total for name, value in odds.items()}


def _stretches(words: list[str]) -> Iterator[str]:
    long = max(STRETCH, 2 * len(words) // PIECES)
    if len(words) > long:
        for start in range(0, len(words) - long // 2, long // 2):
            yield " ".join(words[start : start + long])


def _key(text: str) -> str:
    """What is the same for two ways of typing one phrase; of one without letters, such as a smile, how it begins."""
    return _DOUBLED.sub(r"\1", fold(text)) or text.strip()[:1]
