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


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as the child and the coordinator know it. `visitor` is the first name; `planned_for` a UTC stamp."""

    reference: str
    match: str
    interest: str
    visitor: str
    planned_for: str
    plan: str
    status: str
    child_said: Said
    child_words: str
    child_missed: bool
    child_face: int | None


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
