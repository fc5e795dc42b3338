"""When people are reminded of a visit: so many hours before it, and never at night.

Moments are aware; quiet hours are times of day, as the clocks show them where the service is. All reckoning is done
in real time, so that an hour is an hour on the days when the clocks change as well.
"""

import datetime as dt

Quiet = tuple[dt.time, dt.time]
"""From when until when nobody is disturbed; over midnight as a rule. Twice the same time: never quiet."""

MARGIN = dt.timedelta(minutes=15)
"""Before quiet hours begin: time enough for what is due then to be looked up and sent."""

_MINUTE = dt.timedelta(minutes=1)


def due_at(planned_for: dt.datetime, hours_before: int, quiet: Quiet, zone: dt.tzinfo) -> dt.datetime:
    """When a reminder of a visit is due. One that would come in quiet hours comes before they begin, never after."""
    due = planned_for.astimezone(dt.UTC) - dt.timedelta(hours=hours_before)
    if not in_quiet(due, zone, quiet):
        return due
    while in_quiet(due, zone, quiet):
        due -= _MINUTE
    return due - MARGIN


def in_quiet(now: dt.datetime, zone: dt.tzinfo, quiet: Quiet) -> bool:
    """Whether nobody is to be disturbed now. The first minute of quiet hours is one of them, the last is not."""
    begins, ends = quiet
    time = now.astimezone(zone).time()
    return begins <= time < ends if begins <= ends else time >= begins or time < ends


def next_loud(now: dt.datetime, zone: dt.tzinfo, quiet: Quiet) -> dt.datetime:
    """The first moment from now on that is not quiet: now, or a full minute."""
    if not in_quiet(now, zone, quiet):
        return now
    minute = now.astimezone(dt.UTC).replace(second=0, microsecond=0)
    while in_quiet(minute, zone, quiet):
        minute += _MINUTE
    return minute


def asked_after(planned_for: dt.datetime, hours_after: int, days_later: int, zone: dt.tzinfo) -> dt.datetime:
    """When somebody is asked what came of a visit: some hours after it began, or at that time of day some days later.

    In quiet hours it waits until they are over.
    """
    first = planned_for.astimezone(dt.UTC) + dt.timedelta(hours=hours_after)
    return first.astimezone(zone) + dt.timedelta(days=days_later)
