"""A child's interest in having an independent visitor: its road, and who may be asked for one."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

PREFIX = "IV"


class Status(StrEnum):
    """Where a child is on the road (DESIGN.md, "The child's road")."""

    AWAITING_CHILD = "awaiting_child"
    ASKED = "asked"
    TALKING = "talking"
    REFERRED = "referred"
    WAITING = "waiting"
    MATCHED = "matched"
    VISITING = "visiting"
    ENDED = "ended"
    NOT_NOW = "not_now"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


ROAD = (Status.ASKED, Status.TALKING, Status.REFERRED, Status.WAITING, Status.MATCHED, Status.VISITING)
BEFORE_A_VISITOR = frozenset(ROAD[:4])
WITH_A_VISITOR = frozenset(ROAD[4:])
CLOSED = frozenset({Status.ENDED, Status.DECLINED, Status.WITHDRAWN})

MOVES: Mapping[Status, tuple[Status, ...]] = {
    Status.AWAITING_CHILD: (Status.ASKED, Status.DECLINED, Status.WITHDRAWN),
    Status.ASKED: (Status.TALKING, Status.REFERRED, Status.NOT_NOW, Status.DECLINED, Status.WITHDRAWN),
    Status.TALKING: (Status.REFERRED, Status.NOT_NOW, Status.DECLINED, Status.WITHDRAWN),
    Status.REFERRED: (Status.WAITING, Status.NOT_NOW, Status.DECLINED, Status.WITHDRAWN),
    Status.WAITING: (Status.MATCHED, Status.NOT_NOW, Status.DECLINED, Status.WITHDRAWN),
    Status.MATCHED: (Status.VISITING, Status.WAITING, Status.ENDED, Status.WITHDRAWN),
    Status.VISITING: (Status.WAITING, Status.ENDED, Status.WITHDRAWN),
    Status.NOT_NOW: (*ROAD[:4], Status.DECLINED, Status.WITHDRAWN),
    Status.ENDED: (),
    Status.DECLINED: (),
    Status.WITHDRAWN: (),
}
"""Every step there is, the way ahead first. The store refuses all others (migration 0002)."""


NOT_BY_STAFF = frozenset({Status.MATCHED, Status.WITHDRAWN})
"""A visitor takes two yeses (see Proposal), and to take back is the child's alone."""


def staff_moves(status: Status) -> tuple[Status, ...]:
    """The steps a coordinator may take from here: to say yes or no is the child's alone."""
    if status is Status.AWAITING_CHILD:
        return ()
    return tuple(to for to in MOVES[status] if to not in NOT_BY_STAFF)


def picture(status: Status) -> str:
    """How far along the road, ●●●○○○; empty beside the road, where words say what is so."""
    if status not in ROAD:
        return ""
    steps = ROAD.index(status) + 1
    return "●" * steps + "○" * (len(ROAD) - steps)


class Extra(StrEnum):
    """What has to be known before a step can be taken."""

    REASON = "reason"
    REVIEW = "review"  # the day to look at it again
    PROVIDER = "provider"  # who finds the visitor where the child lives


LIVES_ELSEWHERE = "out"
"""The answer of a child who lives out of the service's area."""


def extras(to: Status, area: str) -> frozenset[Extra]:
    """What this step needs."""
    match to:
        case Status.NOT_NOW:
            return frozenset({Extra.REASON, Extra.REVIEW})
        case Status.DECLINED | Status.ENDED:
            return frozenset({Extra.REASON})
        case Status.REFERRED if area == LIVES_ELSEWHERE:
            return frozenset({Extra.PROVIDER})
    return frozenset()


ERASED = "erased"
"""Why a request ended, when everything about it was erased."""


class Reason(StrEnum):
    """Why a request pauses, is declined or ends (domain.md, section 4, D1 and D4).

    Several of them exclude nobody by law: whoever is declined is told that they can still ask, and whom.
    """

    CHILDS_WISH = "childs_wish"
    TIMING = "timing"
    CIRCUMSTANCES = "circumstances"
    NO_VISITOR_FREE = "no_visitor_free"
    TOO_YOUNG = "too_young"
    BRIEFLY_IN_CARE = "briefly_in_care"
    REGULAR_CONTACT = "regular_contact"
    SETTLED = "settled"
    SAID_GOODBYE = "said_goodbye"
    VISITOR_STOPS = "visitor_stops"
    LEFT_CARE = "left_care"
    OTHER = "other"
    CHILD_PAUSED = "child_paused"  # in the bot, by the child; never for a coordinator to choose


REASONS: Mapping[Status, tuple[Reason, ...]] = {
    Status.NOT_NOW: (
        Reason.CHILDS_WISH, Reason.TIMING, Reason.CIRCUMSTANCES, Reason.NO_VISITOR_FREE, Reason.OTHER,
    ),
    Status.DECLINED: (
        Reason.CHILDS_WISH, Reason.TOO_YOUNG, Reason.BRIEFLY_IN_CARE, Reason.REGULAR_CONTACT, Reason.SETTLED,
        Reason.OTHER,
    ),
    Status.ENDED: (
        Reason.SAID_GOODBYE, Reason.CHILDS_WISH, Reason.VISITOR_STOPS, Reason.LEFT_CARE, Reason.OTHER,
    ),
}  # fmt: skip
"""What a coordinator chooses from, by where the step leads."""

OWN_CHOICE = frozenset({Reason.CHILDS_WISH, Reason.CHILD_PAUSED})
"""A pause for one of these is the child's: they end it when they like."""

PAUSES: Mapping[str, dt.timedelta | None] = {
    "month": dt.timedelta(days=30),
    "quarter": dt.timedelta(days=91),
    "mine": None,
}
"""How long a child may wish a pause to be; None: until they say."""


class Note(StrEnum):
    """What happens beside the road. It never starts the road again."""

    ADDED = "added"
    CHANGED = "changed"
    ANOTHER_VISITOR = "another_visitor"
    STOP = "stop"
    NEW_SOCIAL_WORKER = "new_social_worker"
    MOVED = "moved"
    NO_SOCIAL_WORKER = "no_social_worker"
    NEW_PROVIDER = "new_provider"
    TO_FLAG = "to_flag"  # the new worker has to be told that there is a visitor
    FLAGGED = "flagged"
    TO_REFER = "to_refer"  # the child was asked for their yes to be referred


BY_STAFF = (Note.NEW_SOCIAL_WORKER, Note.NO_SOCIAL_WORKER, Note.MOVED, Note.NEW_PROVIDER)
"""The notes a coordinator makes, and the child reads that nothing starts again."""


class Fit(StrEnum):
    """How an age fits the service's range."""

    TOO_YOUNG = "too_young"
    FITS = "fits"
    TOO_OLD = "too_old"


def fit(age: int, age_from: int, age_to: int) -> Fit:
    """Whether the service takes this age, in whole years. Both ends are taken."""
    if age < age_from:
        return Fit.TOO_YOUNG
    return Fit.TOO_OLD if age > age_to else Fit.FITS


@dataclass(frozen=True, slots=True)
class Interest:
    """What a child, or an adult for them, told us, and where it stands."""

    reference: str
    person: str | None
    asked_by: str
    asked_by_person: str | None
    channel: str
    language: str
    received_at: str
    status: Status
    status_since: str
    name: str = ""
    age: int | None = None
    area: str = ""
    likes: tuple[str, ...] = ()
    visitor_wishes: str = ""
    contact_way: str = ""
    anything_else: str = ""
    closed_reason: str = ""  # of a pause as well
    review_on: str | None = None  # a date
    provider: str = ""  # empty: the service itself

    @property
    def first_name(self) -> str:
        """What a volunteer may know of the name."""
        return self.name.split(maxsplit=1)[0] if self.name.strip() else ""

    @property
    def may_go_on(self) -> bool:
        """Whether the child can end the pause they are in."""
        return self.status is Status.NOT_NOW and self.closed_reason in OWN_CHOICE


@dataclass(frozen=True, slots=True)
class Match:
    """A child and the visitor they both chose."""

    reference: str
    interest: str
    volunteer: str
    visitor: str
    about: str
    started_at: str
    ended_at: str | None = None
    ended_reason: str = ""


MATCH_PREFIX = "M"
PROPOSAL_PREFIX = "P"

MAY_BE_PROPOSED = frozenset({Status.REFERRED, Status.WAITING})
"""Where somebody may be asked whether they would like to meet. Anywhere else a proposal has ended."""


class Said(StrEnum):
    """What somebody says of a proposal."""

    NOTHING = ""
    YES = "yes"
    NO = "no"


class Outcome(StrEnum):
    """How a proposal ended."""

    OPEN = ""
    MATCHED = "matched"
    VOLUNTEER_NO = "volunteer_no"
    CHILD_NO = "child_no"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A coordinator's idea of who might fit. The volunteer is asked first, then the child; two yeses allow a match."""

    reference: str
    interest: str
    volunteer: str
    at: str
    volunteer_said: Said = Said.NOTHING
    volunteer_said_at: str | None = None
    child_said: Said = Said.NOTHING
    child_said_at: str | None = None
    closed_at: str | None = None
    outcome: Outcome = Outcome.OPEN

    @property
    def open(self) -> bool:
        return self.closed_at is None

    @property
    def agreed(self) -> bool:
        """Whether both have said yes."""
        return self.volunteer_said is self.child_said is Said.YES

    @property
    def since(self) -> str:
        """When something happened with it last."""
        return self.child_said_at or self.volunteer_said_at or self.at


def days_between(earlier: str, later: str) -> int:
    """Whole days between two stamps."""
    return (dt.datetime.fromisoformat(later) - dt.datetime.fromisoformat(earlier)).days
