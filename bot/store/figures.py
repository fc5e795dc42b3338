"""What became of visits, counted in one way for everybody: over the view visit_log, and nothing else.

A visit counts on the day it was planned for, where the service is. Minutes are those of visits that happened.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import orjson

from bot.domain.visits import Outcome
from bot.i18n import Month
from bot.store.clock import day_start
from bot.store.database import Reader, Row

EVER = ("", "9999")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many visits there were of each outcome; every visit has one."""

    planned: int  # and not confirmed
    confirmed: int
    paused: int
    cancelled: int
    happened: int
    missed: int
    minutes: int

    def of(self, outcome: Outcome) -> int:
        return int(getattr(self, outcome))

    @property
    def visits(self) -> int:
        """All of them, whatever became of them."""
        return sum(self.of(outcome) for outcome in Outcome)

    @property
    def hours(self) -> float:
        return round(self.minutes / 60, 1)


Span = tuple[str, str]
"""From one stamp up to, not including, another."""

_SUMS = ", ".join(
    [f"coalesce(sum(l.outcome = '{outcome}'), 0) AS {outcome}" for outcome in Outcome]
    + ["coalesce(sum(l.minutes), 0) AS minutes"]
)


def year(of: int, zone: ZoneInfo) -> Span:
    """A year where the service is."""
    return day_start(dt.date(of, 1, 1), zone), day_start(dt.date(of + 1, 1, 1), zone)


def month(of: Month, zone: ZoneInfo) -> Span:
    """A month where the service is."""
    after = of.before(-1)
    return day_start(dt.date(of.year, of.month, 1), zone), day_start(dt.date(after.year, after.month, 1), zone)


async def of_match(reader: Reader, match: str, span: Span = EVER) -> Tally:
    """What became of the visits of one match."""
    row = await reader.one(
        f"SELECT {_SUMS} FROM visit_log l WHERE l.match = ? AND l.planned_for >= ? AND l.planned_for < ?",
        (match, *span),
    )
    return _tally(row)


async def of_volunteer(reader: Reader, volunteer: str, span: Span = EVER) -> Tally:
    """What became of the visits of one volunteer, whomever they visited."""
    row = await reader.one(
        f"SELECT {_SUMS} FROM visit_log l WHERE l.volunteer = ? AND l.planned_for >= ? AND l.planned_for < ?",
        (volunteer, *span),
    )
    return _tally(row)


async def of_service(reader: Reader, spans: Sequence[Span]) -> list[Tally]:
    """What became of all visits, for each span of time."""
    rows = await reader.all(
        f"SELECT {_SUMS} FROM json_each(?) s LEFT JOIN visit_log l"
        " ON l.planned_for >= s.value ->> 0 AND l.planned_for < s.value ->> 1 GROUP BY s.key ORDER BY s.key",
        (orjson.dumps(spans).decode(),),
    )
    return [_tally(row) for row in rows]


async def matched(reader: Reader, at: str) -> int:
    """How many children had a visitor at a moment."""
    row = await reader.one(
        "SELECT count(*) AS n FROM matches WHERE started_at <= :at AND coalesce(ended_at > :at, 1)", {"at": at}
    )
    return int(row["n"]) if row else 0


async def waiting(reader: Reader) -> int:
    """How many children a visitor is looked for now."""
    row = await reader.one("SELECT count(*) AS n FROM interests WHERE status = 'waiting'")
    return int(row["n"]) if row else 0


def _tally(row: Row | None) -> Tally:
    return Tally(**dict(row)) if row else Tally(*[0] * 7)
