"""When a visit can be: the day and the time that somebody typed, and why it cannot be then."""

import datetime as dt
from dataclasses import replace

from bot.domain.visits import EARLIEST, LATEST, sensible
from bot.engine.reading import Half, Reading, When
from bot.engine.speech import speech
from bot.engine.turn import Turn
from bot.i18n import FALLBACK, Text, _

PAST_DAY = _("That day is over.")
FAR_DAY = _("That's more than a year away.")
ODD_TIME = _("A visit begins between {earliest} and {latest}.")
PAST_TIME = _("That time is over.")
NO_SUCH_TIME = _("The clocks go forward that day, so there is no {time}.")

YEAR = dt.timedelta(days=366)
"""Nothing further away than this is planned."""

LONGEST = 80
"""Characters that are read."""


def read_when(turn: Turn, text: str, asked: Half | None = None) -> When:
    """The day to come and the time that somebody means. A guess: it is read back before it counts."""
    return _reading(turn).when(text[:LONGEST], asked)


def read_day(turn: Turn, text: str, *, past: bool = False) -> dt.date | None:
    """The day alone; one without a year is to come, or else is over. A guess as well."""
    return replace(_reading(turn), past=past).only_day(text[:LONGEST])


def wrong_day(turn: Turn, day: dt.date) -> Text | None:
    """Why nothing can be planned for a day."""
    today = turn.day(turn.stamp)
    if day < today:
        return PAST_DAY
    return FAR_DAY if day > today + YEAR else None


def wrong_time(time: dt.time) -> Text | None:
    """Why no visit begins at a time of day."""
    return None if sensible(time) else ODD_TIME.fill(earliest=EARLIEST, latest=LATEST)


def moment(turn: Turn, day: dt.date, time: dt.time) -> dt.datetime | Text:
    """The moment of a visit, or why it cannot be then. Of a time that the clocks show twice, the first."""
    if wrong := wrong_day(turn, day) or wrong_time(time):
        return wrong
    zone = turn.context.settings.zone
    local = dt.datetime.combine(day, time, zone)
    found = local.astimezone(dt.UTC)
    if found.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        return NO_SUCH_TIME.fill(time=time)
    return PAST_TIME if found <= turn.now else found


def _reading(turn: Turn) -> Reading:
    words = turn.context.words
    return Reading(speech(words), (FALLBACK, turn.language), turn.day(turn.stamp))
