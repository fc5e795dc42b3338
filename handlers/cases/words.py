"""A complaint in one line for those who handle it: facts first, and how its date was reckoned."""

import datetime as dt

from bot.domain.complaints import OPEN, Clock, Complaint, Outcome, Stage, Status, Subject, overdue
from bot.domain.working_days import Calendar, LeftOut
from bot.engine.turn import Turn
from bot.i18n import Text, _, n_
from bot.named import Named

SUBJECT = {
    Subject.VISITOR: _("about a visitor"),
    Subject.COORDINATOR: _("about the coordinator"),
    Subject.MANAGER: _("about the manager"),
    Subject.SERVICE: _("about the visitor service"),
    Subject.SOCIAL_WORKER: _("about a social worker"),
    Subject.CARER: _("about a carer or a home"),
    Subject.COUNCIL: _("about the council or something else"),
    Subject.COMPLAINTS_TEAM: _("about the complaints team"),
    Subject.CHILD_ARRANGEMENTS: _("about what was arranged for a child"),
    Subject.BOT: _("about this bot or what it keeps"),
}
STAGE = {
    Stage.LOCAL: _("local resolution"),
    Stage.INVESTIGATION: _("investigation"),
    Stage.PANEL: _("review panel"),
    Stage.OMBUDSMAN: _("with the ombudsman"),
}
OUTCOME = {
    Outcome.UPHELD: _("upheld"),
    Outcome.PARTLY: _("partly upheld"),
    Outcome.NOT_UPHELD: _("not upheld"),
    Outcome.RESOLVED: _("put right"),
    Outcome.NONE: _("no outcome"),
}
FACTS = _("{reference} · {subject} · {standing}")
DUE = _("answer due {day} ({reckoned})")
LATE = _("OVERDUE, the answer was due {day} ({reckoned})")
EXTENDED = _("extended, answer due {day} ({reckoned})")
PAUSED = _("paused since {day}, the clock stands still")
ANSWERED = _("answered on {day}, {outcome}")
CLOSED = _("closed, answered on {day}, {outcome}")
WITHDRAWN = _("taken back on {day}")
DAYS = n_("{n} working day", "{n} working days")
WITHOUT = _("{days}; {left_out} left out")
WITH_PAUSE = n_("{days}, {n} of them for a pause", "{days}, {n} of them for a pause")
ACKNOWLEDGE_BY = _("Acknowledge it by {day}.")
ACKNOWLEDGE_LATE = _("It had to be acknowledged by {day}.")

HOW = _("<b>{reference}</b>: answer due {day}.")
COUNTED = n_(
    "Counted from {start}, which does not count itself: {n} working day.",
    "Counted from {start}, which does not count itself: {n} working days.",
)
NO_HOLIDAYS = _("Left out: weekends. There was no bank holiday.")
HOLIDAYS = _("Left out: weekends, and {days}.")
NAMED = _("{day} ({name})")
SUBSTITUTE = _("{day} (instead of {name})")
BANK_HOLIDAYS = (
    _("New Year's Day"), _("Good Friday"), _("Easter Monday"), _("May Day"), _("Spring Bank Holiday"),
    _("Late Summer Bank Holiday"), _("Christmas Day"), _("Boxing Day"),
)  # fmt: skip
"""As the library names those of England and Wales; one that falls on a weekend has `OBSERVED` after its name."""
OBSERVED = " (observed)"
ANNOUNCED = _("a holiday from the settings")
PAUSE_DAYS = n_("{n} working day of them stood still for a pause.", "{n} working days of them stood still for a pause.")
EXTENDED_FROM = _("It was extended; before that it was due {day}.")
ACKNOWLEDGE = _("To be acknowledged by {day}.")
LAW = {
    "england": _("The limits are those of SI 2006/1738, or what the settings say instead."),
    "wales": _("The limits are those of WSI 2014/1795, or what the settings say instead."),
}


def calendar(turn: Turn) -> Calendar:
    """The working days where the service is."""
    settings = turn.context.settings
    return Calendar.of(settings.service.jurisdiction, settings.complaints.extra_holidays)


def today(turn: Turn) -> dt.date:
    return turn.day(turn.stamp)


def facts(turn: Turn, complaint: Complaint) -> Text:
    """`C-4R9T-X · about a social worker · answer due Friday 12 June (10 working days; Monday 25 May left out)`."""
    return FACTS.fill(
        reference=complaint.reference, subject=SUBJECT[complaint.about], standing=standing(turn, complaint)
    )


def standing(turn: Turn, complaint: Complaint) -> Text:
    """By when it has to be answered, or what became of it."""
    if complaint.status is Status.PAUSED and complaint.paused_on:
        return PAUSED.fill(day=complaint.paused_on)
    if complaint.status is Status.WITHDRAWN:
        return WITHDRAWN.fill(day=turn.day(complaint.closed_at or complaint.received_at))
    if complaint.answered_at:
        words = ANSWERED if complaint.status is Status.ANSWERED else CLOSED
        return words.fill(day=turn.day(complaint.answered_at), outcome=OUTCOME[complaint.outcome])
    words = EXTENDED if complaint.clock.extended_to else DUE
    if overdue(complaint.clock, complaint.status, today(turn)):
        words = LATE
    return words.fill(day=complaint.clock.last_day, reckoned=reckoned(complaint.clock, calendar(turn)))


def reckoned(clock: Clock, days: Calendar) -> Text:
    """`10 working days; Monday 25 May left out`."""
    found = clock.reckoned(days)
    words: Text = DAYS.fill(n=found.days)
    if clock.paused_days:
        words = WITH_PAUSE.fill(days=words, n=clock.paused_days)
    holidays = [left.day for left in found.holidays]
    return WITHOUT.fill(days=words, left_out=holidays) if holidays else words


def acknowledge_by(turn: Turn, complaint: Complaint) -> list[Text]:
    """By when it has to be said that it has arrived, until it was."""
    if complaint.status is not Status.RECEIVED:
        return []
    day = complaint.clock.ack_due_on
    return [(ACKNOWLEDGE_LATE if today(turn) > day else ACKNOWLEDGE_BY).fill(day=day)]


def reckoning(turn: Turn, complaint: Complaint) -> list[Text]:
    """How the date was reckoned, whole."""
    clock, days = complaint.clock, calendar(turn)
    found = clock.reckoned(days)
    named = [_named(left) for left in found.holidays]
    lines = [
        HOW.fill(reference=complaint.reference, day=clock.last_day),
        COUNTED.fill(start=clock.from_on, n=found.days),
        HOLIDAYS.fill(days=named) if named else NO_HOLIDAYS,
    ]
    lines += [PAUSE_DAYS.fill(n=clock.paused_days)] if clock.paused_days else []
    lines += [EXTENDED_FROM.fill(day=clock.due_on)] if clock.extended_to else []
    lines += [ACKNOWLEDGE.fill(day=clock.ack_due_on)] if complaint.status in OPEN else []
    return [*lines, LAW[days.nation]]


def _named(left: LeftOut) -> Text:
    words = SUBSTITUTE if left.name.endswith(OBSERVED) else NAMED
    return words.fill(day=left.day, name=Named(left.name.removesuffix(OBSERVED)) if left.name else ANNOUNCED)
