"""Phrases learned by counting, and which of their labels a text is most like: naive Bayes, each step of it to be read.

A phrase is taken apart into its words, the pairs of words that stand close together, and every four letters in a row
(they know a misspelt word, and a word of a language that bends its words). A label weighs a part by how much more often
its own phrases have it than all phrases have. docs/understanding.md says what else was tried, with figures.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from math import log

Part = str | tuple[str, ...]

NEARBY = 3
"""Words this close, in this order, are a pair."""
LETTERS = 4
REMEMBERED = 5000
"""Parts whose weights are kept ready: the common ones, in a few megabytes."""
SMOOTHING = 50.0
"""So many parts of all labels are mixed into those of each, so that one that a label never had does not rule it out."""


def parts(text: str) -> Collection[Part]:
    """What a text is made of, each part once, in an order that is always the same.

    The text is folded: words with one space between them.
    """
    words = text.split()
    spaced = f" {text} "
    letters = (spaced[at : at + LETTERS] for at in range(len(spaced) - LETTERS + 1))
    pairs = (zip(words, words[gap:], strict=False) for gap in range(1, NEARBY + 1))
    return dict.fromkeys(chain(zip(words, strict=True), letters, *pairs))


class Phrases:
    """Folded phrases by label, counted."""

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        self.labels = tuple(phrases)
        self._counts: dict[Part, tuple[int, ...]] = {}
        totals = [self._learn(at, phrases[label]) for at, label in enumerate(self.labels)]
        self._chance = SMOOTHING / max(sum(totals), 1)
        self._unseen = [-log(1 + total / SMOOTHING) for total in totals]
        self._weights_of = lru_cache(maxsize=REMEMBERED)(self._reckon)

    def _learn(self, at: int, lines: Sequence[str]) -> int:
        """Count the parts of a label's phrases; their number. A part keeps the label, the count, the next label ..."""
        counted = Counter(chain.from_iterable(map(parts, lines)))
        for part, count in counted.items():
            self._counts[part] = (*self._counts.get(part, ()), at, count)
        return counted.total()

    def weigh(self, found: Collection[Part]) -> dict[str, float]:
        """For each label the logarithm of how much likelier than by chance a text of it has these parts.

        Parts that no label has say nothing; if all are such, nothing is said.
        """
        known = [weights for part in found if (weights := self._weights_of(part))]
        sums = map(sum, zip(*known, strict=True))
        return {
            label: weight + len(known) * unseen
            for label, weight, unseen in zip(self.labels, sums, self._unseen, strict=bool(known))
        }

    def has(self, word: str) -> bool:
        """Whether any phrase has this word."""
        return (word,) in self._counts

    def _reckon(self, part: Part) -> list[float]:
        """What a part adds to each label, over what it would if the label never had it; nothing if none has."""
        kept = self._counts.get(part)
        if not kept:
            return []
        labels, counts = kept[::2], kept[1::2]
        chance = self._chance * sum(counts)
        weights = [0.0] * len(self.labels)
        for at, count in zip(labels, counts, strict=True):
            weights[at] = log(1 + count / chance)
        return weights
