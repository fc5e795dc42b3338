"""A match in a few lines for the staff: what was, what comes, and why somebody should look at it. No child is named."""

import datetime as dt
from collections.abc import Sequence

from markupsafe import Markup

from bot.domain.interest import Match
from bot.domain.reports import MISSED_TOO_OFTEN, missed_in_a_row
from bot.engine.turn import Turn
from bot.i18n import FullDate, Text, _, n_
from bot.store import figures
from bot.store.clock import moment
from bot.store.figures import Span
from bot.store.overview import Running

VISITS = n_("{n} visit", "{n} visits")

LINE = _("<b>{match}</b> · {visitor}, {volunteer} · since {since}")
LAST = _("last visit {day}")
NO_LAST = _("no visit yet")
NEXT = _("next {day} at {time}")
NO_NEXT = _("none planned")
DONE = _("this year {visits}, {hours} h")
FLAGS = Text("⚑ {flags}")
NO_VISIT_FOR = n_("no visit for {n} day", "no visit for {n} days")
MISSED = n_("{n} missed in a row", "{n} missed in a row")
UNCONFIRMED = _("the next visit is not confirmed")
RUNS_OUT = _("a check runs out on {day}")
ON_HOLD = _("visits are on hold")


def year(turn: Turn) -> Span:
    """The year it is, where the service is."""
    return figures.year(turn.day(turn.stamp).year, turn.context.settings.zone)


def running(turn: Turn, match: Running, past: Sequence[str]) -> Markup:
    """One match in three lines; the last one only when it needs a look."""
    first = line(turn, match, match.since)
    flags = _flags(turn, match, past)
    lines = [turn.html(first), joined(turn, _state(turn, match))]
    return Markup("\n").join([*lines, *([turn.html(FLAGS.fill(flags=flags))] if flags else [])])


def line(turn: Turn, match: Running | Match, since: str) -> Text:
    return LINE.fill(match=match.reference, visitor=match.visitor, volunteer=match.volunteer, since=on(turn, since))


def _state(turn: Turn, match: Running) -> list[Text]:
    last = LAST.fill(day=on(turn, match.last_visit)) if match.last_visit else NO_LAST
    coming = match.next_visit
    return [
        last,
        NEXT.fill(day=on(turn, coming), time=turn.time(coming)) if coming else NO_NEXT,
        DONE.fill(visits=visits(match.visits), hours=hours(match.minutes)),
    ]


def _flags(turn: Turn, match: Running, past: Sequence[str]) -> list[Text]:
    """Why somebody should look at it."""
    settings, today = turn.context.settings, turn.day(turn.stamp)
    days = (today - turn.day(match.last_visit or match.since)).days
    missed = missed_in_a_row(past)
    soon = dt.timedelta(hours=settings.visits.remind_hours_before[0])
    warn = today + dt.timedelta(days=settings.recruitment.warn_days[0])
    clear = dt.date.fromisoformat(match.clear_until) if match.clear_until else None
    unsure = match.next_visit and not match.next_confirmed and moment(match.next_visit) <= turn.now + soon
    return [
        *([NO_VISIT_FOR.fill(n=days)] if days >= settings.visits.expected_every_days else []),
        *([MISSED.fill(n=missed)] if missed >= MISSED_TOO_OFTEN else []),
        *([UNCONFIRMED] if unsure else []),
        *([RUNS_OUT.fill(day=dated(turn, clear))] if clear and clear <= warn else []),
        *([ON_HOLD] if match.on_hold else []),
    ]


def visits(n: int) -> Text:
    return VISITS.fill(n=n)


def hours(minutes: int) -> float:
    return round(minutes / 60, 1)


def on(turn: Turn, stamped: str) -> dt.date:
    return dated(turn, turn.day(stamped))


def dated(turn: Turn, day: dt.date) -> dt.date:
    """With its year, when that is another one."""
    return day if day.year == turn.day(turn.stamp).year else FullDate.of(day)


def joined(turn: Turn, facts: Sequence[Text]) -> Markup:
    """Some facts in one line."""
    return Markup(" · ").join(turn.html(fact) for fact in facts)
