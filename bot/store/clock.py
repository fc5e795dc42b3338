"""Times as the store keeps them: UTC, ISO 8601, to the millisecond, so that they sort as text."""

import datetime as dt
from zoneinfo import ZoneInfo


def stamp(moment: dt.datetime) -> str:
    """`2026-06-12T09:30:00.000Z`. A moment without a time zone is a defect."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def moment(stamped: str) -> dt.datetime:
    """The moment of a stamp."""
    return dt.datetime.fromisoformat(stamped)


def day_start(day: dt.date, zone: ZoneInfo) -> str:
    """The stamp of a day's first moment, where the service is."""
    return stamp(dt.datetime.combine(day, dt.time(), zone))
