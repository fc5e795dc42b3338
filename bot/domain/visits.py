"""Visits: the times that make sense for one, and what a child may say of them."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

PREFIX = "V"

NOON = 12

EARLIEST, LATEST = dt.time(7), dt.time(20)
"""A visit begins between these, where the service is."""

APART = dt.timedelta(hours=2)
"""Two visits of one child that begin closer together than this are a mistake."""

UNHAPPY = 2
"""A face of this or less, and the coordinator is told."""


class Said(StrEnum):
    """What a child says of a visit that is planned."""

    NOTHING = ""
    YES = "yes"
    ANOTHER_DAY = "another_day"
    NO = "no"
    NOT_SAFE = "not_safe"


class VolunteerSaid(StrEnum):
    """What a volunteer says of a visit that is planned."""

    NOTHING = ""
    YES = "yes"
    MOVE = "move"
    NO = "no"


class Outcome(StrEnum):
    """What became of a visit: the view visit_log says which."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    HAPPENED = "happened"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit. `visitor` is the first name a child knows, `volunteer` their reference; moments are UTC stamps.

    `confirmed_at`: by the volunteer; only then is the child told. `moved_from`: the time they were told of before.
    `changes`: how often it was moved, paused or called off.
    """

    reference: str
    match: str
    interest: str
    volunteer: str
    visitor: str
    planned_for: str
    planned_at: str
    plan: str
    status: str
    cancelled_by: str
    changes: int
    volunteer_said: VolunteerSaid
    confirmed_at: str | None
    moved_from: str | None
    reminded: int
    child_said: Said
    child_words: str
    child_missed: bool
    child_face: int | None

    @property
    def told(self) -> bool:
        """Whether the child knows of it."""
        return bool(self.confirmed_at or self.moved_from or self.status == "recorded")

    def to_come(self, now: str) -> bool:
        """Whether it is planned, and not over."""
        return self.status == "planned" and self.planned_for > now


def read_time(typed: str) -> dt.time | None:
    """A time of day as people type it: 2pm, 14:00, half 3 (half past), 2. From 1 to 6 is the afternoon."""
    text = typed.strip().lower().replace("o'clock", "").replace("oclock", "").strip()
    half = re.fullmatch(r"half (?:past )?(\d{1,2})", text)
    found = half or re.fullmatch(r"(?:at )?(\d{1,2})(?:[:.h ]?([0-5]\d))?\s*([ap]\.?m\.?)?", text)
    if not found:
        return None
    hour = int(found[1])
    minute = 30 if half else int(found[2] or 0)
    sign = "" if half else (found[3] or "")[:1]
    if sign and not 1 <= hour <= NOON:
        return None
    if sign:
        hour = hour % NOON + (NOON if sign == "p" else 0)
    elif 1 <= hour < EARLIEST.hour:
        hour += NOON
    return dt.time(hour, minute) if hour < 2 * NOON else None


def sensible(time: dt.time) -> bool:
    """Whether a visit may begin then."""
    return EARLIEST <= time <= LATEST
