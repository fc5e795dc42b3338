"""Whether somebody is in danger, from what they typed. Phrases decide (locales/LANG/danger.toml). No network, no model.

Three things are looked at, in this order. A `certain` phrase is never missed, whatever stands around it. A sum over all
words, pairs and triples of words, each by how much oftener it stands in the lines about danger than in harmless ones
(naive Bayes), finds what nobody wrote down; the worst stretch of a text counts, so that danger is not diluted by much
else. And idioms are left out first. docs/danger.md has the figures.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from heapq import nlargest
from itertools import accumulate, chain
from math import inf, log
from operator import contains, sub
from typing import NamedTuple

from bot.domain.references import without_codes
from bot.engine.danger_phrases import DangerPhrases, lines_of
from bot.engine.folding import fold
from bot.engine.spelling import Spelling
from bot.i18n import FALLBACK

STRETCHES = (4, 6, 9, 12)
"""How many words are weighed together."""
DOUBT = 2.5
"""A certain phrase among words that speak this little for danger, as in a question about it, is a worry."""
UNSEEN = 0.3
"""What stands for a count of nothing: the smaller, the more a word weighs that only one side uses."""
LONGEST = 12
"""Words after the first of a phrase that are looked at."""
MOST = 0.5
"""The share of known words from which a text may be in a language that is not the person's own."""
PLAIN = 0.6
"""The share of known words from which a text is plainly in a language."""
PLAINER, PLAINER_ALONE = 7.0, 5.0
"""How much likelier its words, or its one word, then are there than in another; a logarithm."""
NEAREST = 2000
"""How many lines are learned from of those that others wrote, so that their number does not decide."""
BEGINNING = 4
"""Letters of a longer word that count by themselves, for languages that change the ends of words."""
START = "^"
"""What stands before the first word."""

NEITHER = (0.0, 0.0)
"""What a trait weighs that stands in no line."""

Trait = str | tuple[str, ...]
Sequences = dict[str, list[tuple[tuple[str, ...], str]]]


class Danger(StrEnum):
    """What a text sounds like."""

    DANGER = "danger"
    WORRY = "worry"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text sounds like, what about (a kind of danger or worry in the phrases) and the words that decided."""

    danger: Danger
    kind: str = ""
    words: str = ""
    score: float = 0.0


NOTHING = Heard(Danger.NONE)
ORDER = tuple(Danger)
"""Worst first."""


class Found(NamedTuple):
    """A phrase that stands in a text: from this word up to that one."""

    start: int
    end: int
    kind: str


class Stretch(NamedTuple):
    """Some words of a text, and what they add up to."""

    score: float
    start: int
    end: int


class Detector:
    """The phrases of one language, ready to be compared with.

    `harmless` is more of what people say in no danger: what they ask of the pages. Word for word it is no worry.
    `spelling`: of both, where it is known already.
    """

    def __init__(self, phrases: DangerPhrases, harmless: Iterable[str] = (), spelling: Spelling | None = None) -> None:
        self._near, self._sure = phrases.near, phrases.sure
        self._more = more = [*harmless]
        self._lines = {
            Danger.DANGER: [*lines_of(phrases.danger), *lines_of(phrases.certain)],
            Danger.WORRY: [*lines_of(phrases.worry)],
            Danger.NONE: [*lines_of(phrases.harmless)],
        }
        self._spelling = spelling or spelling_of(phrases, more)
        self._fillers = frozenset(self._spelling.written(phrases.fillers))
        self._alike = {
            word: f"{{{name}}}" for name, words in phrases.alike.items() for word in self._spelling.written(words)
        }
        self._certain = self._sequences(phrases.certain)
        self._idioms = self._sequences(phrases.idioms)
        self._seen = {danger: self._count(lines) for danger, lines in self._lines.items()}
        self._weights: dict[Trait, tuple[float, float]] = {"": NEITHER}
        nearest = [("", line) for line in self._nearest(more)]
        self._seen[Danger.NONE].update(self._count(nearest))
        self._lines[Danger.NONE].extend(nearest)
        self._weights = {"": NEITHER}

    def _count(self, lines: Iterable[tuple[str, str]]) -> Counter[Trait]:
        return Counter(chain.from_iterable(map(self._traits_of, lines)))

    def _nearest(self, lines: list[str]) -> list[str]:
        """Those of many harmless lines that sound most like danger, word by word. The others would teach nothing."""
        alarm = {
            word: sum(self._weigh((self._alike.get(part, part),))[0] for part in self._spelling.written(word))
            for word in set(chain.from_iterable(map(str.split, lines)))
        }
        return nlargest(NEAREST, lines, key=lambda line: sum(map(alarm.__getitem__, line.split())))

    def hear(self, text: str) -> Heard:
        """What a text sounds like. The same text is always heard the same way."""
        words = self._words(text)
        certain, idioms = self._phrases_in(words)
        left_out = {at for idiom in idioms for at in range(idiom.start, idiom.end)}
        rest = [word for at, word in enumerate(words) if at not in left_out]
        traits = [*self._traits(rest)]
        weights = [self._weigh(of_word) for of_word in traits]
        alarm = _worst([alarm for alarm, _danger in weights])
        danger = _worst([danger for _alarm, danger in weights])
        if certain:
            sure = Danger.DANGER if danger.score >= DOUBT else Danger.WORRY
            said = " ".join(words[certain[0].start : certain[0].end])
            return Heard(sure, certain[0].kind, said, danger.score)
        if fold(text) in self._ordinary:
            return NOTHING
        if danger.score >= self._sure:
            return self._heard(Danger.DANGER, danger, rest, traits)
        if alarm.score >= self._near:
            return self._heard(Danger.WORRY, alarm, rest, traits)
        return Heard(Danger.NONE, score=alarm.score)

    def _heard(self, danger: Danger, stretch: Stretch, words: list[str], traits: list[tuple[Trait, ...]]) -> Heard:
        """With the kind whose lines have most of the traits of that stretch."""
        shown = set(chain.from_iterable(traits[stretch.start : stretch.end]))
        kind = max(self._kinds[danger].items(), key=lambda named: len(shown & named[1]))[0]
        return Heard(danger, kind, " ".join(words[stretch.start : stretch.end]), stretch.score)

    def _words(self, text: str) -> list[str]:
        return [word for word in self._spelling.words(text) if word not in self._fillers]

    def _sequence(self, line: str) -> tuple[str, ...]:
        """The words of a phrase; `{who}` stays as it is."""
        words = self._spelling.written(line)
        if "{" in line:
            words = [
                *chain.from_iterable(
                    [part] if part[0] == "{" else self._spelling.written(part) for part in line.split()
                )
            ]
        return tuple(word for word in words if word not in self._fillers)

    def _sequences(self, table: Mapping[str, str]) -> Sequences:
        """Phrases by their first word."""
        sequences = defaultdict(list)
        for kind, line in lines_of(table):
            first, *others = self._sequence(line)
            sequences[first].append((tuple(others), kind))
        return dict(sequences)

    def _phrases_in(self, words: list[str]) -> tuple[list[Found], list[Found]]:
        """The certain phrases and the idioms of a text. Where they overlap the longer counts, or the danger."""
        alike = [self._alike.get(word, word) for word in words]
        certain = [*_found(self._certain, words, alike)]
        idioms = [*_found(self._idioms, words, alike)]
        said = [one for one in certain if not any(_covers(idiom, one) for idiom in idioms)]
        return said, [
            idiom for idiom in idioms if not any(idiom.start < one.end and one.start < idiom.end for one in said)
        ]

    def _traits_of(self, line: tuple[str, str]) -> Iterator[Trait]:
        return chain.from_iterable(self._traits(self._sequence(line[1])))

    def _traits(self, words: Sequence[str]) -> Iterator[tuple[Trait, ...]]:
        """Of each word what it counts as, its beginning, and what it makes with the two words before it."""
        padded = [START, START, *(self._alike.get(word, word) for word in words)]
        second, first, this = padded[:-2], padded[1:-1], padded[2:]
        beginnings = [word[:BEGINNING] + "~" if len(word) > BEGINNING else "" for word in words]
        pairs, triples = zip(first, this, strict=True), zip(second, first, this, strict=True)
        return zip(this, beginnings, pairs, triples, strict=True)

    def _weigh(self, traits: tuple[Trait, ...]) -> tuple[float, float]:
        """How much a word speaks for danger or worry, and how much for danger rather than either."""
        weights, alarm, danger = self._weights, 0.0, 0.0
        for trait in traits:
            weight = weights.get(trait) or self._weight(trait)
            alarm += weight[0]
            danger += weight[1]
        return alarm, danger

    def _weight(self, trait: Trait) -> tuple[float, float]:
        """The logarithm of how much oftener a trait stands in lines of the one sort than of the other."""
        danger, worry, none = (seen.get(trait, 0) for seen in self._seen.values())
        if not (danger or worry or none):
            return NEITHER
        dangers, worries, others = map(len, self._lines.values())
        weight = (
            _log_odds(danger + worry, dangers + worries) - _log_odds(none, others),
            _log_odds(danger, dangers) - _log_odds(worry + none, worries + others),
        )
        self._weights[trait] = weight
        return weight

    @cached_property
    def _ordinary(self) -> frozenset[str]:
        """What others wrote, word for word. Made when first asked for: most texts need none."""
        return frozenset(map(fold, self._more))

    @cached_property
    def _kinds(self) -> dict[Danger, dict[str, set[Trait]]]:
        """The traits of each kind of danger and worry, made as that is."""
        kinds: dict[Danger, dict[str, set[Trait]]] = {danger: defaultdict(set) for danger in Danger}
        for danger, lines in self._lines.items():
            for line in lines:
                kinds[danger][line[0]].update(self._traits_of(line))
        return kinds


class Alarm:
    """The detectors of every language that has phrases. `harmless` is, by language, more of what people say.

    The words of a language are known, and what they weigh is learned, when that is first needed.
    """

    def __init__(self, phrases: Mapping[str, DangerPhrases], harmless: Mapping[str, Sequence[str]]) -> None:
        self._phrases, self._harmless = phrases, harmless
        self._detectors: dict[str, Detector] = {}

    @cached_property
    def _spellings(self) -> dict[str, Spelling]:
        return {
            language: spelling_of(phrases, self._harmless.get(language, ()))
            for language, phrases in self._phrases.items()
        }

    @cached_property
    def _short(self) -> frozenset[str]:
        return frozenset(fold(word) for phrases in self._phrases.values() for word in phrases.means)

    def language_of(self, text: str, own: str) -> str | None:
        """The language of a text, when it plainly is another than somebody's own."""
        likely = {language: spelling.likelihood(text) for language, spelling in self._spellings.items()}
        best = max(likely, key=likely.__getitem__, default=own)
        plain = best != own and self._spellings[best].knows(text) >= PLAIN
        enough = PLAINER if len(text.split()) > 1 else PLAINER_ALONE
        return best if plain and likely[best] - likely.get(own, -inf) >= enough else None

    def hear(self, text: str, language: str) -> Heard:
        """The worst that is heard in the person's own language, in English, and in whichever knows most of the words.

        What several know is read in their own: a child called Sam is not `sam`, alone, in Polish. Where another
        knows more of it, short forms are not those of this text: `sa`, they are in Polish, is no English danger. Where
        it plainly is in another, a worry is heard in that one, and not in words that only look like theirs.
        The letters of a code or a reference are no words in any.
        """
        text = without_codes(text)
        known = {other: spelling.knows(text) for other, spelling in self._spellings.items()}
        mine, most = known.get(language, 0.0), max(known.values(), default=0.0)
        heard = []
        for other, share in known.items():
            if other == language:
                own = self._detector(other).hear(text if share == most else self._spelt(text))
                plainly = self.language_of(text, language) if own.danger is Danger.WORRY else None
                heard.append(self._detector(plainly).hear(text) if plainly else own)
            elif share >= MOST and share == most and (share >= mine if other == FALLBACK else share > mine):
                heard.append(self._detector(other).hear(text))
        return max(heard, key=lambda one: (-ORDER.index(one.danger), one.score), default=NOTHING)

    def _spelt(self, text: str) -> str:
        """Without the words that are short for others in any language."""
        return " ".join(word for word in text.split() if fold(word) not in self._short)

    def _detector(self, language: str) -> Detector:
        if language not in self._detectors:
            self._detectors[language] = Detector(
                self._phrases[language], self._harmless.get(language, ()), self._spellings[language]
            )
        return self._detectors[language]


def spelling_of(phrases: DangerPhrases, harmless: Iterable[str]) -> Spelling:
    """Every word of a language that is known to be written."""
    tables = (phrases.danger, phrases.certain, phrases.worry, phrases.harmless, phrases.idioms)
    written = [line for table in tables for _kind, line in lines_of(table)]
    return Spelling([*written, *phrases.alike.values(), phrases.fillers, *harmless], phrases.means)


def _log_odds(times: int, lines: int) -> float:
    return log((times + UNSEEN) / (lines + 2 * UNSEEN))


def _found(sequences: Sequences, words: list[str], alike: list[str]) -> Iterator[Found]:
    """Where one of these phrases stands, word for word; of those that start at a word the longest."""
    pairs = [*zip(words, alike, strict=True)]
    for at, (word, as_other) in enumerate(pairs):
        starting = sequences.get(word, []) + (sequences.get(as_other, []) if as_other != word else [])
        if not starting:
            continue
        following = pairs[at + 1 : at + 1 + LONGEST]
        fits = [
            (1 + len(others), kind)
            for others, kind in starting
            if len(others) <= len(following) and all(map(contains, following, others))
        ]
        if fits:
            length, kind = max(fits)
            yield Found(at, at + length, kind)


def _covers(idiom: Found, one: Found) -> bool:
    return idiom.start <= one.start and one.end <= idiom.end and idiom.end - idiom.start > one.end - one.start


def _worst(weights: list[float]) -> Stretch:
    """The stretch that weighs most."""
    totals = [0.0, *accumulate(weights)]
    best = Stretch(0.0, 0, 0)
    for size in sorted({min(length, len(weights)) for length in STRETCHES}):
        sums = [*map(sub, totals[size:], totals)]
        top = max(sums)
        if size and (top > best.score or not best.end):
            best = Stretch(top, sums.index(top), sums.index(top) + size)
    return best
