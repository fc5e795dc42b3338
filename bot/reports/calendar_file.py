"""A visit as a calendar file (RFC 5545): whoever keeps a calendar opens it once, and again when the visit is moved.

Such a calendar may be shared or lie open on a desk: the entry says "Visit" and a reference, no name and no place.
"""

import datetime as dt
from dataclasses import dataclass

KIND, FORMAT = "visit", "ics"
"""Of the document (bot/engine/message.py)."""

BEFORE = dt.timedelta(hours=3)
"""How long before the visit the calendar reminds of it."""

LASTS = 120
"""Minutes: most visits last two to three hours, and how long this one will is not known before."""

PROGRAM = "-//ivbot//visits//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a calendar is told of a visit. `changes` counts what happened to it since it was planned.

    `title` is shown in the calendar; `organizer` is an e-mail address, or empty.
    """

    reference: str
    planned_for: dt.datetime
    minutes: int
    changes: int
    cancelled: bool
    title: str
    organizer: str = ""


def render(entry: Entry, now: dt.datetime) -> bytes:
    """The file. It has the same UID ever after, so the one with more changes replaces or removes the earlier ones.

    The time is UTC, which every calendar shows as local time, on either side of a change of the clocks.
    """
    from icalendar import Alarm, Calendar, Event, vCalAddress  # noqa: PLC0415 - most runs never make one

    event = Event()
    event.add("uid", f"{entry.reference.lower()}@ivbot")
    event.add("sequence", entry.changes)
    event.add("dtstamp", now.astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtstart", entry.planned_for.astimezone(dt.UTC))
    event.add("duration", dt.timedelta(minutes=entry.minutes))
    event.add("summary", entry.title)
    event.add("description", entry.reference)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    if entry.organizer:
        event["organizer"] = vCalAddress(f"mailto:{entry.organizer}")
    if not entry.cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -BEFORE)
        alarm.add("description", entry.title)
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", PROGRAM)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if entry.cancelled else "PUBLISH")
    calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made
