"""From what was typed to words that are known: short forms, misspellings, letters apart, words run together."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from math import log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.engine.folding import fold

SHORTEST = 4
"""Letters a word must have before another spelling of it is looked for."""
LONG = 7
"""Letters from which a word may have two of them wrong."""
RUN_TOGETHER = 8
"""Letters from which a word may be several written as one."""
FEWEST_LETTERS = 3
"""Letters apart from which they are read as a word."""
SHORTEST_PARTS = 2
"""Letters that words written as one have at least, each on average: in Polish nearly every letter is a word."""
LONGEST_PART = 12
"""Letters of each word of those written as one."""
LONGEST = 40
"""Letters of one word that are looked at."""
LOOKED_UP = 50
"""Unknown words of one text that are looked for, so that a long one keeps nobody waiting."""
UNSEEN = 0.1
"""What stands for no occurrence of a word."""
COMMON = 9
"""Times a word stands in the lines from which two other words that make it up are it: `my self`."""
REMEMBERED = 20_000
"""Spellings kept ready; then forgotten all at once."""

_DISGUISES = str.maketrans("013457@$!|€", "oieastasiie")
_DISGUISED = re.compile(r"[^\W\d_][*013457@$!|€]|[013457@$!|€][^\W\d_]")
_MEASURED = re.compile(r"\W?\d+(?:[.,:]\d+)?(?:h|hrs?|hours?|m|mins?|p|a|am|pm|miles?)(?:\d\dm?)?\W*")
"""How long, how much or when, as in 2.5h and 1h30: no disguise of a word."""
_REPEATED = re.compile(r"(.)\1+")


class Spelling:
    """The words of one language, and what its short forms stand for. `lines` are spelled well."""

    def __init__(self, lines: Sequence[str], means: Mapping[str, str]) -> None:
        self._means = {fold(short): tuple(map(_single, fold(long).split())) for short, long in means.items()}
        times = Counter(chain.from_iterable(map(str.split, lines)))
        self._written = {typed: self._meant(typed) for typed in times}
        self._known: Counter[str] = Counter()
        for typed, words in self._written.items():
            for word in words:
                self._known[word] += times[typed]
        self._plain: dict[str, tuple[str, ...]] = {}
        self._right: dict[str, tuple[str, ...]] = {}

    @cached_property
    def _near(self) -> dict[str, list[str]]:
        """Known words by what is left of them without one letter. Made when a word is first not known."""
        near = defaultdict(list)
        for word in self._known:
            for shorter in _shorter(word):
                near[shorter].append(word)
        return dict(near)

    @cached_property
    def _long(self) -> list[str]:
        return [word for word in self._known if len(word) >= LONG]

    def written(self, line: str) -> list[str]:
        """The words of one of the lines."""
        return [*chain.from_iterable(map(self._written.__getitem__, line.split()))]

    def words(self, text: str) -> list[str]:
        """The words of a text, each as the known word it is most likely to be."""
        if len(self._plain) + len(self._right) > REMEMBERED:
            self._plain.clear()
            self._right.clear()
        plain = chain.from_iterable(self._written.get(typed) or self._read(typed) for typed in text.casefold().split())
        words = self._together([*plain])
        for word in [word for word in dict.fromkeys(words) if word not in self._known and word not in self._right][
            :LOOKED_UP
        ]:
            self._right[word] = self._corrected(word[:LONGEST])
        return [*chain.from_iterable(self._right.get(word) or (word,) for word in words)]

    def knows(self, text: str) -> float:
        """The share of the words of a text that are known as they are typed."""
        typed = text.casefold().split()
        return sum(set(self._meant(word)) <= self._known.keys() for word in typed) / len(typed) if typed else 0.0

    def likelihood(self, text: str) -> float:
        """How likely the words of a text are, as they are typed, to be of this language; a logarithm."""
        every = self._known.total()
        return sum(
            log((min(self._known[part] for part in parts) + UNSEEN) / every)
            for typed in text.casefold().split()
            if (parts := self._meant(typed))
        )

    def _read(self, typed: str) -> tuple[str, ...]:
        """Without disguise, and what it is short for."""
        words = self._plain.get(typed)
        if words is None:
            disguised = _DISGUISED.search(typed) and not _MEASURED.fullmatch(typed) and _fold(typed) not in self._means
            words = self._plain[typed] = self._meant(self._undisguised(typed) if disguised else typed)
        return words

    def _meant(self, typed: str) -> tuple[str, ...]:
        words = _fold(typed).split()
        return tuple(
            chain.from_iterable(self._means.get(word) or (_single(word),) if len(word) > 1 else word for word in words)
        )

    def _undisguised(self, typed: str) -> str:
        """`su1cide`, `h@rm` and `k*ll` in letters."""
        bare = typed.rstrip("!").translate(_DISGUISES)
        if "*" in bare:
            near = self._near.get(_single(bare.replace("*", "")), [])
            bare = max(near, key=self._known.__getitem__, default=bare)
        return bare

    def _corrected(self, word: str) -> tuple[str, ...]:
        if len(word) < SHORTEST:
            return (word,)
        if near := self._nearest(word):
            return (near,)
        return (len(word) >= RUN_TOGETHER and self._apart(word)) or (self._far(word),)

    def _nearest(self, word: str) -> str:
        """A known word that is one letter away."""
        candidates = {known for known in self._near.get(word, ()) if len(known) > SHORTEST}
        for shorter in _shorter(word):
            candidates.update(self._near.get(shorter, ()))
            if len(shorter) >= SHORTEST and shorter in self._known:
                candidates.add(shorter)
        if len(word) == SHORTEST:  # `cats` is not `cuts`
            candidates = {known for known in candidates if len(known) != SHORTEST or sorted(known) == sorted(word)}
        close = [known for known in candidates if OSA.distance(word, known, score_cutoff=1) <= 1]
        return max(close, key=lambda known: (known[0] == word[0], self._known[known], known), default="")

    def _apart(self, letters: str) -> tuple[str, ...]:
        """Known words written as one, the fewest that fit, or none. Two may share a letter, as doubles do."""
        best: list[tuple[str, ...] | None] = [()]
        for end in range(1, len(letters) + 1):
            fits = [
                (*before, part)
                for start in range(max(0, end - LONGEST_PART), end)
                for at in {start, max(0, start - 1)}
                if (before := best[start]) is not None and (part := letters[at:end]) in self._known
            ]
            best.append(min(fits, key=len, default=None))
        parts = best[-1] or ()
        return parts if len(letters) >= SHORTEST_PARTS * len(parts) else ()

    def _far(self, word: str) -> str:
        """A known long word that is two letters away; else the word as it is."""
        if len(word) < LONG:
            return word
        found = process.extractOne(word, self._long, scorer=OSA.distance, score_cutoff=2)
        return found[0] if found else word

    def _together(self, words: list[str]) -> list[str]:
        """`k i l l`, `ki ll` and `my self` as one word each."""
        joined: list[str] = []
        letters: list[str] = []
        for word in [*words, ""]:
            if len(word) == 1:
                letters.append(word)
                continue
            parts = (*self._letters(letters), word) if letters else (word,)
            for part in parts:
                if joined and self._is_one(joined[-1], part):
                    joined[-1] = _single(joined[-1] + part)
                elif part:
                    joined.append(part)
            letters.clear()
        return joined

    def _letters(self, letters: list[str]) -> list[str]:
        """What letters that stand alone spell; what each is short for, when that is nothing."""
        whole = _single("".join(letters))[:LONGEST]
        if len(letters) >= FEWEST_LETTERS and (spelled := self._apart(whole)):
            return list(spelled)
        return [word for letter in letters for word in self._means.get(letter, (letter,))]

    def _is_one(self, first: str, second: str) -> bool:
        """Whether what was typed as two words is one: sooner when one of them is no word by itself."""
        whole = _single(first + second)
        if not second or len(whole) < SHORTEST - 1:
            return False
        both = first in self._known and second in self._known
        return self._known[whole] >= COMMON and len(second) > 1 if both else whole in self._known


def _fold(typed: str) -> str:
    """As `fold`, which does nothing to plain small letters."""
    return typed if typed.isascii() and typed.isalpha() else fold(typed)


def _single(word: str) -> str:
    """`kill`, `kiill` and `killll` are one word."""
    return _REPEATED.sub(r"\1", word) if _REPEATED.search(word) else word


def _shorter(word: str) -> Iterator[str]:
    """The word without one of its letters."""
    return (word[:at] + word[at + 1 :] for at in range(len(word)))
