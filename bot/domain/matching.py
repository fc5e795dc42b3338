"""Who could fit a child, with the reasons. A person decides: nobody is scored, and nobody who may be asked is hidden.

The order follows the reasons alone, so whoever is as good in every reason and better in one stands before another.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from bot.domain.interest import LIVES_ELSEWHERE, Interest, Match, Outcome, Proposal
from bot.domain.recruitment import Volunteer

LIVES_HERE = "in"
EVERYWHERE = "both"
"""A volunteer's area: in and out of the service's."""


class Wish(StrEnum):
    """What a child's words may plainly say of the visitor they would like."""

    WOMAN = "woman"
    MAN = "man"
    SAME_LANGUAGE = "same_language"
    SAME_FAITH = "same_faith"
    BUDDHIST = "buddhist"
    CHRISTIAN = "christian"
    HINDU = "hindu"
    JEWISH = "jewish"
    MUSLIM = "muslim"
    SIKH = "sikh"


GENDERS = frozenset({Wish.WOMAN, Wish.MAN})
FAITHS = frozenset({Wish.BUDDHIST, Wish.CHRISTIAN, Wish.HINDU, Wish.JEWISH, Wish.MUSLIM, Wish.SIKH})


class Fit(IntEnum):
    """How a reason speaks."""

    AGAINST = 0
    UNKNOWN = 1
    FOR = 2


class Code(StrEnum):
    """What is looked at, what counts most first. Wishes are the child's own, and differ from child to child."""

    PAST = "past"
    LIKES = "likes"
    LANGUAGE = "language"
    WISH = "wish"
    PROVIDER = "provider"  # of the volunteer, and of the child who lives elsewhere
    AREA = "area"
    FREE = "free"
    ASKED = "asked"  # for how many other children they are asked just now


class Past(StrEnum):
    """What there was between this child and this volunteer, the best first."""

    NOTHING = ""
    VOLUNTEER_NO = "volunteer_no"
    ENDED = "ended"
    CHILD_NO = "child_no"


class LeftOut(StrEnum):
    """Why somebody is not in the list."""

    NOT_READY = "not_ready"
    FULL = "full"
    CONFLICT = "conflict"  # they asked for this child, so they are not independent


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for somebody, against them, or is not known. `amount`: more is better."""

    code: Code
    fit: Fit
    amount: int = 0
    values: tuple[str, ...] = ()

    @property
    def level(self) -> tuple[int, int]:
        return self.fit, self.amount


@dataclass(frozen=True, slots=True)
class Child:
    """What is looked at of a request."""

    likes: frozenset[str]
    language: str
    area: str
    wishes: frozenset[Wish]
    provider: str = ""  # who finds their visitor; empty: the service itself


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is looked at of a volunteer, for one child. `languages`: codes; `faith`: where it is one that is known."""

    volunteer: Volunteer
    ready: bool
    load: int = 0  # children they visit now
    asked: int = 0  # other children they are asked about now
    past: Past = Past.NOTHING
    conflict: bool = False
    languages: frozenset[str] = frozenset()
    faith: Wish | None = None

    @property
    def free(self) -> int:
        return self.volunteer.capacity - self.load

    @property
    def left_out(self) -> LeftOut | None:
        if self.conflict:
            return LeftOut.CONFLICT
        if not self.ready:
            return LeftOut.NOT_READY
        return LeftOut.FULL if self.free <= 0 else None


def plain_wishes(words: str, lists: Mapping[Wish, Collection[str]], negations: Collection[str]) -> frozenset[Wish]:
    """What free words, folded, plainly ask for. A "not" anywhere, or two wishes that exclude each other: nothing."""
    said = f" {words} "
    if any(f" {negation} " in said for negation in negations):
        return frozenset()
    found = frozenset(wish for wish, phrases in lists.items() if any(f" {phrase} " in said for phrase in phrases))
    unclear = [group for group in (GENDERS, FAITHS) if len(found & group) > 1]
    found = found.difference(*unclear)
    return found - {Wish.SAME_FAITH} if found & FAITHS else found


def past(interest: Interest, volunteer: Volunteer, matches: Iterable[Match], proposals: Iterable[Proposal]) -> Past:
    """What there was between them, the heaviest of it."""
    noes = {Outcome.CHILD_NO: Past.CHILD_NO, Outcome.VOLUNTEER_NO: Past.VOLUNTEER_NO}
    found = {noes.get(p.outcome, Past.NOTHING) for p in proposals if _both(p, interest, volunteer)}
    if any(match.ended_at and _both(match, interest, volunteer) for match in matches):
        found.add(Past.ENDED)
    return max(found, key=list(Past).index, default=Past.NOTHING)


def _both(one: Match | Proposal, interest: Interest, volunteer: Volunteer) -> bool:
    return (one.interest, one.volunteer) == (interest.reference, volunteer.reference)


def reasons(child: Child, candidate: Candidate) -> tuple[Reason, ...]:
    """Everything that is looked at, the same for every candidate of a child."""
    volunteer = candidate.volunteer
    heaviest = len(Past) - 1
    before = Fit.FOR if candidate.past is Past.NOTHING else Fit.AGAINST
    shared = tuple(sorted(child.likes & set(volunteer.likes)))
    return (
        Reason(Code.PAST, before, heaviest - list(Past).index(candidate.past), (candidate.past,)),
        Reason(Code.LIKES, Fit.FOR if shared else Fit.UNKNOWN, len(shared), shared),
        Reason(Code.LANGUAGE, _language(child, candidate), values=(child.language,)),
        *(Reason(Code.WISH, _wish(wish, child, candidate), values=(wish,)) for wish in sorted(child.wishes)),
        Reason(Code.PROVIDER, _provider(child, volunteer), values=(child.provider or volunteer.provider,)),
        Reason(Code.AREA, _area(child.area, volunteer.area), values=(volunteer.area,)),
        Reason(Code.FREE, Fit.FOR, candidate.free),
        Reason(Code.ASKED, Fit.UNKNOWN if candidate.asked else Fit.FOR, -candidate.asked),
    )


def in_order(child: Child, candidates: Iterable[Candidate]) -> list[tuple[Candidate, tuple[Reason, ...]]]:
    """Those who may be asked, each with the reasons.

    First those with whom there was nothing before, then those against whom least speaks, then by each reason in turn.
    """
    found = [(one, reasons(child, one)) for one in candidates if one.left_out is None]
    return sorted(found, key=lambda pair: (*_rank(pair[1]), pair[0].volunteer.reference))


def left_out(candidates: Iterable[Candidate]) -> Counter[LeftOut]:
    """How many may not be asked, and why."""
    return Counter(one.left_out for one in candidates if one.left_out)


def _rank(found: tuple[Reason, ...]) -> tuple[object, ...]:
    against = sum(reason.fit is Fit.AGAINST for reason in found)
    levels = [(-fit, -amount) for fit, amount in (reason.level for reason in found)]
    return levels[0], against, levels


def _language(child: Child, candidate: Candidate) -> Fit:
    if not candidate.languages:
        return Fit.UNKNOWN
    return Fit.FOR if child.language in candidate.languages else Fit.AGAINST


def _wish(wish: Wish, child: Child, candidate: Candidate) -> Fit:
    known: object
    match wish:
        case Wish.SAME_LANGUAGE:
            return _language(child, candidate)
        case Wish.SAME_FAITH:
            return Fit.UNKNOWN  # nobody is asked for theirs
        case Wish.WOMAN | Wish.MAN:
            known = candidate.volunteer.gender
        case _:
            known = candidate.faith
    if not known:
        return Fit.UNKNOWN
    return Fit.FOR if known == wish else Fit.AGAINST


def _provider(child: Child, volunteer: Volunteer) -> Fit:
    if child.provider.casefold() == volunteer.provider.casefold():
        return Fit.FOR
    return Fit.AGAINST if child.provider else Fit.UNKNOWN


def _area(lives: str, visits: str) -> Fit:
    if lives not in {LIVES_HERE, LIVES_ELSEWHERE} or not visits:
        return Fit.UNKNOWN
    return Fit.FOR if visits in {lives, EVERYWHERE} else Fit.AGAINST
