"""Safer recruitment: nobody meets a child before every stage is passed, in date and signed (domain.md, section 8).

The store has the same gate as triggers (migration 0005): a test holds the two against each other.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

PREFIX = "VO"


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of recruitment that everybody passes. `valid_months`: how long it holds; None: for good."""

    id: str
    title: str
    valid_months: int | None = None


@dataclass(frozen=True, slots=True)
class Pass:
    """A stage somebody passed. `expires_on` is the first day on which it does not hold any more; dates are ISO."""

    id: int
    stage: str
    passed_on: str
    expires_on: str | None
    evidence: str
    at: str
    by_person: str | None
    signed_at: str | None
    signed_by: str | None
    signed_name: str
    withdrawn_at: str | None

    def holds(self, day: str) -> bool:
        """Whether it counts on a day."""
        return self.passed_on <= day and (self.expires_on is None or self.expires_on > day)


class Standing(StrEnum):
    """Where somebody stands, in one word."""

    IN_RECRUITMENT = "in_recruitment"
    READY = "ready"
    EXPIRED = "expired"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Clearance:
    """Where somebody stands: whether they may visit is reckoned from it, and never set."""

    required: int
    passed: int
    clear_from: str | None  # the day the newest of their stages was passed
    clear_until: str | None  # the first day one of them does not hold any more; None: none runs out
    signed: bool
    suspended: bool
    paused: bool
    gone: bool

    @property
    def complete(self) -> bool:
        """Whether every stage was passed at some time."""
        return 0 < self.required == self.passed

    def in_date(self, day: str) -> bool:
        """Whether what was passed holds on a day."""
        return (self.clear_from or "9") <= day and (self.clear_until is None or self.clear_until > day)

    def ready(self, day: str) -> bool:
        """Whether they may be matched, and a visit of theirs planned, on a day."""
        free = not (self.suspended or self.paused or self.gone)
        return self.complete and self.signed and free and self.in_date(day)

    def standing(self, day: str) -> Standing:
        """In one word, on a day; what stands in the way most comes first."""
        if self.gone:
            return Standing.LEFT
        if self.suspended:
            return Standing.SUSPENDED
        if self.complete and self.clear_until is not None and self.clear_until <= day:
            return Standing.EXPIRED
        if self.paused:
            return Standing.PAUSED
        return Standing.READY if self.ready(day) else Standing.IN_RECRUITMENT


@dataclass(frozen=True, slots=True)
class Volunteer:
    """Somebody who visits, or wants to. `called` is the first name a child knows; `person` is theirs in the bot."""

    reference: str
    name: str
    called: str
    person: str | None = None
    about: str = ""
    likes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    gender: str = ""
    faith: str = ""
    area: str = ""  # where they can visit: in, out, both; empty: not said
    capacity: int = 1  # children at a time
    provider: str = ""  # whose volunteer; empty: the service itself
    created_at: str = ""
    joined_at: str | None = None
    paused_at: str | None = None
    suspended_at: str | None = None
    lifted_at: str | None = None
    left_at: str | None = None
    left_reason: str = ""


def current(passes: Iterable[Pass]) -> dict[str, Pass]:
    """The pass that counts for each stage: the newest that was not withdrawn."""
    return {found.stage: found for found in sorted(passes, key=lambda one: one.id) if found.withdrawn_at is None}


def missing(stages: Sequence[Stage], passes: Iterable[Pass], day: str) -> list[Stage]:
    """The stages that are not passed, or have run out, in their order."""
    held = current(passes)
    return [stage for stage in stages if stage.id not in held or not held[stage.id].holds(day)]


def clearance(stages: Sequence[Stage], passes: Sequence[Pass], volunteer: Volunteer) -> Clearance:
    """Where somebody stands."""
    asked = {stage.id for stage in stages}
    held = {stage: found for stage, found in current(passes).items() if stage in asked}
    last = closing(stages, passes)
    return Clearance(
        required=len(asked),
        passed=len(held),
        clear_from=max((found.passed_on for found in held.values()), default=None),
        clear_until=min((found.expires_on for found in held.values() if found.expires_on), default=None),
        signed=last is not None and any(_signs(found, last) for found in passes),
        suspended=volunteer.suspended_at is not None and volunteer.lifted_at is None,
        paused=volunteer.paused_at is not None,
        gone=volunteer.left_at is not None,
    )


def closing(stages: Sequence[Stage], passes: Sequence[Pass]) -> Pass | None:
    """The pass that was the last one missing, which a second person signs: not one that was only renewed in time."""
    asked = {stage.id for stage in stages}
    new = [found for found in _kept(passes) if found.stage in asked and not _again(found, passes)]
    return max(new, key=lambda one: one.id, default=None)


def _kept(passes: Iterable[Pass]) -> list[Pass]:
    return [found for found in passes if found.withdrawn_at is None]


def _signs(found: Pass, last: Pass) -> bool:
    """Whether a signature is for all that was passed until the last one."""
    return found.signed_at is not None and found.withdrawn_at is None and found.id >= last.id


def _again(found: Pass, passes: Iterable[Pass]) -> bool:
    """Whether it was passed anew before it had run out: then nobody has to sign again."""
    before = [one for one in _kept(passes) if one.stage == found.stage and one.id < found.id]
    newest = max(before, key=lambda one: one.id, default=None)
    return newest is not None and (newest.expires_on is None or newest.expires_on > found.at[:10])


def expiry(stage: Stage, passed_on: dt.date) -> dt.date | None:
    """The first day on which a stage passed on a day does not hold any more."""
    if stage.valid_months is None:
        return None
    years, month = divmod(passed_on.month - 1 + stage.valid_months, 12)
    first = dt.date(passed_on.year + years, month + 1, 1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    return min(first + dt.timedelta(days=passed_on.day - 1), following - dt.timedelta(days=1))


def warning(runs_out: dt.date, day: dt.date, warn_days: Iterable[int]) -> int | None:
    """Which warning somebody is due: so many days before it runs out, 0 when it has; None before the first."""
    left = max((runs_out - day).days, 0)
    return 0 if left == 0 else min((days for days in warn_days if days >= left), default=None)
