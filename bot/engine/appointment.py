"""Agreeing on a day and a time in a form: what was given is kept, the missing half is asked for, and all is read back.

A draft is what a form keeps meanwhile: the half that is known (`{"day": "2026-06-20"}` or `{"time": "14:00"}`), or the
stamp of the moment that was read back and not yet confirmed.
"""

import datetime as dt
from collections.abc import Iterable

from bot.engine.answers import NEED_DATE, NEED_TIME, yes_or_no
from bot.engine.reading import Half, When
from bot.engine.turn import Turn
from bot.engine.when import PAST_TIME, moment, read_when, wrong_day, wrong_time
from bot.i18n import FullDate, Text, _
from bot.store.clock import stamp

YES, NO = "yes", "no"
DAY, TIME = "d", "t"

NEED_MOMENT = _("I need a day and a time, like Saturday 2pm.")
AT_WHAT_TIME = _("{day}. At what time?")
ON_WHICH_DAY = _("{time}. On which day?")
READ_BACK = _("Do you mean {day} at {time}?")
RIGHT = _("Yes, that's it")
ANOTHER_TIME = _("Another time")
ANOTHER_DAY = _("Another day")
DAY_AND_TIME = _("{day} at {time}")

LIKELY_DAYS = frozenset({2, 5, 6})
"""Wednesday and the weekend: when there is no school, or half a day of it."""
LIKELY_TIMES = (dt.time(10), dt.time(11), dt.time(13), dt.time(14), dt.time(16))
OFFERED = 3
"""Days that are offered, and times side by side."""

Draft = str | dict[str, str]
Label = tuple[Text, str]
"""A button's label, and the value it stands for."""


def question(turn: Turn, draft: Draft | None) -> Text | None:
    """What is asked next; None: everything, in the words of the step."""
    known = _known(turn, draft)
    match known.day, known.time:
        case dt.date() as day, dt.time() as time:
            return READ_BACK.fill(day=_day(turn, day), time=time)
        case dt.date() as day, _:
            return AT_WHAT_TIME.fill(day=_day(turn, day))
        case _, dt.time() as time:
            return ON_WHICH_DAY.fill(time=time)
    return None


def labels(turn: Turn, draft: Draft | None) -> list[list[Label]]:
    """What may be tapped instead of typed, in rows."""
    known = _known(turn, draft)
    if isinstance(draft, str):
        return [[(RIGHT, YES), (ANOTHER_TIME, NO)]]
    if known.day:
        times = [time for time in LIKELY_TIMES if not isinstance(moment(turn, known.day, time), Text)]
        taps = [(Text("{time}").fill(time=time), f"{TIME}{time:%H:%M}") for time in times]
        return [*(taps[begin : begin + OFFERED] for begin in range(0, len(taps), OFFERED)), [(ANOTHER_DAY, NO)]]
    days = [[(Text("{day}").fill(day=day), f"{DAY}{day}")] for day in _likely_days(turn)]
    return [*days, [(ANOTHER_TIME, NO)]] if known.time else list(days)


def understood(turn: Turn, text: str) -> bool:
    """Whether there is a day or a time in it."""
    return read_when(turn, text) != When()


def typed(turn: Turn, draft: Draft | None, text: str) -> tuple[Draft | None, Text | None]:
    """The draft after something was typed, and what was wrong with it. What is typed later counts."""
    known = _known(turn, draft)
    if isinstance(draft, str) and not text.strip().isdecimal() and yes_or_no(turn, text) is False:
        return None, None
    asked = Half.TIME if known.day else Half.DAY if known.time else None
    given = read_when(turn, text, asked)
    if given == When():
        return draft, NEED_TIME if known.day else NEED_DATE if known.time else NEED_MOMENT
    return _agreed(turn, When(given.day or known.day, given.time or known.time))


def pressed(turn: Turn, draft: Draft | None, value: str) -> tuple[Draft | None, Text | None] | None:
    """The draft after a button; None when there is no such button now."""
    known = _known(turn, draft)
    if value == NO and draft:
        return None, None
    if value not in {offered for row in labels(turn, draft) for _label, offered in row}:
        return None
    if value.startswith(DAY):
        return _agreed(turn, When(dt.date.fromisoformat(value.removeprefix(DAY)), known.time))
    return _agreed(turn, When(known.day, dt.time.fromisoformat(value.removeprefix(TIME))))


def confirmed(turn: Turn, draft: Draft | None, text: str) -> bool:
    """Whether they say yes to the moment that was read back."""
    return isinstance(draft, str) and not text.strip().isdecimal() and yes_or_no(turn, text) is True


def too_late(turn: Turn, stamped: str) -> Text | None:
    """Why a moment that was fine when it was read back no longer is."""
    return PAST_TIME if stamped <= turn.stamp else None


def shown(turn: Turn, stamped: str) -> Text:
    """A kept moment as people read it."""
    return DAY_AND_TIME.fill(day=_day(turn, turn.day(stamped)), time=turn.time(stamped))


def day_of(turn: Turn, stamped: str) -> Draft:
    """The draft in which only the day of a moment is left."""
    return {"day": turn.day(stamped).isoformat()}


def _agreed(turn: Turn, given: When) -> tuple[Draft | None, Text | None]:
    """What is known now. Of what cannot be, the half that is wrong is dropped, and why is said."""
    if given.day and (wrong := wrong_day(turn, given.day)):
        return _draft(When(time=given.time)), wrong
    if given.time and (wrong := wrong_time(given.time)):
        return _draft(When(day=given.day)), wrong
    if not (given.day and given.time):
        return _draft(given), None
    found = moment(turn, given.day, given.time)
    return (_draft(When(day=given.day)), found) if isinstance(found, Text) else (stamp(found), None)


def _draft(known: When) -> Draft | None:
    if known.day:
        return {"day": known.day.isoformat()}
    return {"time": f"{known.time:%H:%M}"} if known.time else None


def _known(turn: Turn, draft: Draft | None) -> When:
    match draft:
        case str():
            return When(turn.day(draft), turn.time(draft))
        case {"day": day}:
            return When(day=dt.date.fromisoformat(day))
        case {"time": time}:
            return When(time=dt.time.fromisoformat(time))
    return When()


def _likely_days(turn: Turn) -> Iterable[dt.date]:
    today = turn.day(turn.stamp)
    ahead = (today + dt.timedelta(days=days) for days in range(1, 8))
    return [day for day in ahead if day.weekday() in LIKELY_DAYS][:OFFERED]


def _day(turn: Turn, day: dt.date) -> dt.date:
    """The day, with its year when that is another one."""
    this_year = turn.day(turn.stamp).year
    return day if day.year == this_year else FullDate.of(day)
