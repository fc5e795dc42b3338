"""A child's interest in having an independent visitor: its road, and who may be asked for one."""

import datetime as dt
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


CLOSED = frozenset({Status.ENDED, Status.DECLINED, Status.WITHDRAWN})


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
    """What a child, or an adult for them, told us."""

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


def days_between(earlier: str, later: str) -> int:
    """Whole days between two stamps."""
    return (dt.datetime.fromisoformat(later) - dt.datetime.fromisoformat(earlier)).days
