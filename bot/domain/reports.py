"""What came of a visit as the volunteer tells it, what it cost, and where two people saw it differently.

The fields are those of domain.md, section 9, that matter. A worry is none of them but a mark: what it is about goes
down the safeguarding road, never into a report.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

WHY_NOT = (
    "i_could_not", "child_could_not", "child_did_not_want", "nobody_there", "called_off_by_adults", "weather", "other",
)  # fmt: skip
"""Why a visit did not happen."""

CHOSEN_BY = ("child", "both", "visitor")

OUTCOMES = "abcdefghi"
"""What a visit may have helped with, by the letters of domain.md, section 9."""

SHORTEST, LONGEST = 10, 720
"""Minutes: a visit is not shorter, and not longer than a long day out."""

MIDDLE = 3
"""Of the five faces this one is neither happy nor unhappy."""

DEAREST = 50_000
"""Pence: more than this for one visit is a slip of the finger."""

FARTHEST = 5_000
"""Tenths of a mile: the same for a drive."""

MISSED_TOO_OFTEN = 2
"""So many visits missed in a row, and the coordinator looks at it."""

_NO_VISIT = frozenset({"cancelled", "paused", "planned", "confirmed"})
_WAY_TO_REACH = re.compile(
    r"\d(?:[\s().-]?\d){5,}|\w@\w|(?<!\w)@\w{3,}|https?:|www\.|\w\.(?:com|co\.uk|org|net|me)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Report:
    """What a volunteer says of a visit. What was not said is empty or None."""

    happened: bool | None = None
    why_not: str = ""
    minutes: int | None = None
    activity: str = ""
    chosen_by: str = ""
    child_mood: int | None = None  # as the volunteer saw it, 5 is the happiest
    outcomes: tuple[str, ...] = ()
    for_child: str = ""  # the part that the child reads
    pass_on: str = ""  # for the coordinator
    pence: int = 0
    miles_tenths: int = 0
    worry: bool = False  # they were shown whom to tell; what it is about is never in a report
    explained: bool | None = None  # how to complain, at the first visit; None: not asked


def cost_pence(pence: int, miles_tenths: int, mileage_pence: int) -> int:
    """What was spent and what the miles come to, in pence. Half a penny is rounded up: nobody pays for a visit."""
    return pence + (miles_tenths * mileage_pence + 5) // 10


def over_budget(cost: int, budget_pence: int) -> bool:
    """Whether a coordinator looks at the claim before it is paid, and the volunteer says what it was for."""
    return cost > budget_pence


def needs_receipt(pence: int, receipt_from_pence: int) -> bool:
    """Whether what was spent needs a receipt. Miles need none."""
    return pence > 0 and pence >= receipt_from_pence


def disagree(child_mood: int | None, child_face: int | None, *, happened: bool | None, child_missed: bool) -> bool:
    """Whether the child and the volunteer saw a visit so differently that the coordinator should know.

    One says that it happened and the other that it did not; or one saw a happy face and the other an unhappy one:
    two faces or more apart, with the middle between them.
    """
    if (happened and child_missed) or (happened is False and child_face is not None):
        return True
    if child_mood is None or child_face is None:
        return False
    return (child_mood - MIDDLE) * (child_face - MIDDLE) < 0


def missed_in_a_row(outcomes: Sequence[str]) -> int:
    """How many visits in a row were missed up to now, of outcomes as the visit log has them, the newest last.

    One that was called off in time, or is still to come, says nothing either way.
    """
    missed = 0
    for outcome in reversed([outcome for outcome in outcomes if outcome not in _NO_VISIT]):
        if outcome != "missed":
            break
        missed += 1
    return missed


def tells_how_to_reach(words: str) -> bool:
    """Whether words for a child hold a phone number, an address on the net or a name there.

    Visitor and child find each other through the service, never past it.
    """
    return _WAY_TO_REACH.search(words) is not None
