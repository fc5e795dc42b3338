"""A line being read: where the words of a sort stand, and which have said what they say."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from bot.engine.report_line.tokens import Form, Lexicon, Token, cut, plain_digits
from bot.engine.report_line.words import Sort

LONGEST_PHRASE = 5
"""Words that are looked back over for a phrase."""

NEAR = 3
"""So many words after a "not", a word may still be denied by it."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit, and the tokens it stands in."""

    start: int
    end: int
    value: Fraction


@dataclass
class Reading:
    """A line. `used` are the tokens that have said what they say; `explained` those that said whether it happened."""

    lexicon: Lexicon
    typed: str
    text: str = field(init=False)
    tokens: list[Token] = field(init=False)
    used: set[int] = field(default_factory=set)
    explained: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.text = plain_digits(self.typed)
        self.tokens = self.lexicon.read(cut(self.text))

    def at(self, place: int, sort: Sort) -> tuple[str | int, int] | None:
        """The longest phrase of a sort that starts here: its value, and the token after it."""
        return next(self.lexicon.find(self.tokens, place, sort), None)

    def end(self, place: int, *sorts: Sort) -> int:
        """The token after the longest phrase of these sorts that starts here; this place itself when none does."""
        return max((found[1] for sort in sorts if (found := self.at(place, sort))), default=place)

    def before(self, place: int, *sorts: Sort) -> int:
        """Where the longest phrase that ends right before this place starts; this place itself when none does."""
        for start in range(max(0, place - LONGEST_PHRASE), place):
            if any(end == place for sort in sorts for _value, end in self.lexicon.find(self.tokens, start, sort)):
                return start
        return place

    def every(self, sort: Sort) -> Iterator[tuple[int, int, str | int]]:
        """Each phrase of a sort among the tokens not yet used: where it starts, where it ends, and its value."""
        place = 0
        while place < len(self.tokens):
            found = self.at(place, sort)
            if found and self.free(place, found[1]):
                yield place, found[1], found[0]
                place = found[1]
            else:
                place += 1

    def free(self, start: int, end: int) -> bool:
        return not self.used.intersection(range(start, end))

    def use(self, start: int, end: int) -> None:
        self.used.update(range(start, end))

    def stops(self, place: int) -> bool:
        """Whether the sentence, or a part of it, ends here."""
        return not 0 <= place < len(self.tokens) or self.tokens[place].form is Form.STOP

    def word(self, place: int) -> str:
        """What stands here; nothing beyond the ends of the line."""
        return self.tokens[place].word if 0 <= place < len(self.tokens) else ""

    def denied(self, place: int) -> bool:
        """Whether a "not" stands shortly before, in the same part of the sentence."""
        for before in range(place - 1, max(-1, place - 1 - NEAR), -1):
            if self.stops(before):
                return False
            if self.at(before, Sort.NOT):
                return True
        return False

    def number(self, place: int) -> Fraction | None:
        return None if self.stops(place) else self.lexicon.number(self.tokens[place])

    def quantity(self, place: int) -> Amount | None:
        """A number with the fraction after it: 2, 2.5, 2½, 2 1/2, two and a half. The end of a span, 2-3, is none."""
        value = self.number(place)
        if value is None or self.text[self.tokens[place].start - 1 : self.tokens[place].start] in {"-", "–"}:
            return None
        end = place + 1
        part = self.number(end)
        if part is not None and 0 < part < 1 <= value and value.denominator == 1:
            return Amount(place, end + 1, value + part)
        if (half := self.end(end, Sort.AND_A_HALF)) > end:
            return Amount(place, half, value + Fraction(1, 2))
        return Amount(place, end, value)

    def is_total(self, amount: Amount) -> bool:
        """Whether it is said to be that in all."""
        return self.end(amount.end, Sort.IN_ALL) > amount.end or self.before(amount.start, Sort.IN_ALL) < amount.start

    def rest(self, *, whole: bool = False) -> str:
        """The words that say nothing else. `whole`: with those that say whether it happened, if any others are left."""
        left = self._left(self.used | self.explained)
        return self._left(self.used) if whole and left else left

    def _left(self, used: set[int]) -> str:
        parts, place = [], 0
        while place < len(self.tokens):
            end = place
            while not self.stops(end):
                end += 1
            parts.append(" ".join(self._pieces([token for token in range(place, end) if token not in used], used)))
            place = end + 1
        return ", ".join(filter(None, parts))

    def _pieces(self, places: list[int], used: set[int]) -> Iterator[str]:
        """Runs of words as they were typed, without what only joined them to something else."""
        runs: list[list[int]] = []
        for place in places:
            if runs and runs[-1][-1] == place - 1:
                runs[-1].append(place)
            else:
                runs.append([place])
        for run in runs:
            start, end = self._trimmed(run[0], run[-1] + 1, used)
            if start < end:
                yield self.typed[self.tokens[start].start : self.tokens[end - 1].end]

    def _trimmed(self, start: int, end: int, used: set[int]) -> tuple[int, int]:
        """Without "at the" after a time, "for" before one, and the like."""
        while start < end and start - 1 in used and start < (after := self.end(start, Sort.BETWEEN)) <= end:
            used, start = used | {*range(start, after)}, after
        while start < end and end in used and start <= (before := self.before(end, Sort.BETWEEN)) < end:
            used, end = used | {*range(before, end)}, before
        return start, end
