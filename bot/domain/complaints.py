"""Complaints: about whom, along which route, through which stages, and by when (domain.md, section 5).

England: Children Act 1989 s26 and SI 2006/1738. Wales: SSWBA 2014 s174 and WSI 2014/1795.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.roles import Role
from bot.domain.working_days import Calendar, Reckoned

PREFIX = "C"


class Subject(StrEnum):
    """Whom or what a complaint is about."""

    VISITOR = "visitor"
    COORDINATOR = "coordinator"
    MANAGER = "manager"
    SERVICE = "service"
    SOCIAL_WORKER = "social_worker"
    CARER = "carer"
    COUNCIL = "council"
    COMPLAINTS_TEAM = "complaints_team"  # offered beside the council
    CHILD_ARRANGEMENTS = "child_arrangements"  # a volunteer's, about what was arranged for the child
    BOT = "bot"


class Complainer(StrEnum):
    """As whom somebody complains."""

    CHILD = "child"
    VOLUNTEER = "volunteer"
    ADULT = "adult"


SUBJECTS: Mapping[Complainer, tuple[Subject, ...]] = {
    Complainer.CHILD: (
        Subject.VISITOR, Subject.COORDINATOR, Subject.MANAGER, Subject.SERVICE, Subject.SOCIAL_WORKER, Subject.CARER,
        Subject.COUNCIL, Subject.COMPLAINTS_TEAM, Subject.BOT,
    ),
    Complainer.VOLUNTEER: (
        Subject.COORDINATOR, Subject.MANAGER, Subject.SERVICE, Subject.CHILD_ARRANGEMENTS, Subject.BOT,
    ),
    Complainer.ADULT: (
        Subject.VISITOR, Subject.COORDINATOR, Subject.MANAGER, Subject.SERVICE, Subject.SOCIAL_WORKER, Subject.CARER,
        Subject.COUNCIL, Subject.COMPLAINTS_TEAM, Subject.BOT,
    ),
}  # fmt: skip
"""What each may choose from, in this order."""

IN_BOT = (Role.COORDINATOR, Role.MANAGER)
"""Contacts that are roles in the bot; all others are reached by e-mail."""

BARRED: Mapping[Subject, frozenset[str]] = {
    Subject.COORDINATOR: frozenset({"coordinator"}),
    Subject.MANAGER: frozenset({"manager", "coordinator"}),
    Subject.SERVICE: frozenset({"manager", "coordinator"}),
    Subject.COMPLAINTS_TEAM: frozenset({"complaints_team"}),
}
"""The contacts that never see a complaint about this, whatever the settings say: they are it, manage it or work for it.

A manager manages the coordinator, so they see such a complaint only where the provider has put them on its route.
Migration 0003 says the same. A volunteer never sees a complaint that is not their own.
"""


def barred(about: Subject, contact: str) -> bool:
    """Whether a contact may never see a complaint about this."""
    return contact in BARRED.get(about, ())


def barred_from(contact: str) -> tuple[Subject, ...]:
    """What a complaint must not be about for this contact to see it."""
    return tuple(about for about in Subject if barred(about, contact))


def route(about: Subject, contacts: Sequence[str], with_mail: Collection[str]) -> tuple[str, ...]:
    """Who gets a complaint, in order, out of those the settings name: first the one who answers it, then deputies.

    `with_mail` are the contacts that have an e-mail address. Empty: everybody who could handle it is conflicted, or
    cannot be reached, so it goes outside (the ombudsman, Help at Hand).
    """
    fit = (contact for contact in contacts if contact in IN_BOT or contact in with_mail)
    return tuple(dict.fromkeys(contact for contact in fit if not barred(about, contact)))


def by_mail(contacts: Sequence[str]) -> tuple[str, ...]:
    """Those on a route who are told by e-mail."""
    return tuple(contact for contact in contacts if contact not in IN_BOT)


def told_when_late(about: Subject, contacts: Sequence[str]) -> tuple[str, ...]:
    """Who hears that a complaint is late: whoever answers it, and the next on its route.

    Where nobody is next it is the manager, unless it is about somebody they are, manage or work for.
    """
    unfit = {Subject.COORDINATOR, *barred_from(Role.MANAGER)}
    above = () if len(contacts) > 1 or about in unfit else (Role.MANAGER.value,)
    return tuple(dict.fromkeys((*contacts[:2], *above)))


class Stage(StrEnum):
    """How far a complaint has gone. Each further stage is opened by whoever complained."""

    LOCAL = "local"
    INVESTIGATION = "investigation"
    PANEL = "panel"
    OMBUDSMAN = "ombudsman"  # no longer here


LADDER: Mapping[str, tuple[Stage, ...]] = {
    "england": (Stage.LOCAL, Stage.INVESTIGATION, Stage.PANEL, Stage.OMBUDSMAN),
    "wales": (Stage.LOCAL, Stage.INVESTIGATION, Stage.OMBUDSMAN),
}
"""The stages in order. Wales has no panel."""


def ladder(nation: str, about: Subject, complainer: Complainer) -> tuple[Stage, ...]:
    """The stages of a complaint. One about the bot (then the ICO), or by a volunteer, has one answer and no more."""
    if about is Subject.BOT or complainer is Complainer.VOLUNTEER:
        return (Stage.LOCAL,)
    return LADDER[nation]


def next_stage(stages: Sequence[Stage], stage: Stage) -> Stage | None:
    """What "I'm not happy with the answer" opens; None: nothing more here."""
    after = stages.index(stage) + 1 if stage in stages else len(stages)
    return stages[after] if after < len(stages) else None


def picture(stages: Sequence[Stage], stage: Stage) -> str:
    """How far along its stages, ●●○○."""
    steps = stages.index(stage) + 1
    return "●" * steps + "○" * (len(stages) - steps)


class Status(StrEnum):
    """Where a complaint is within its stage."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ASKING = "asking"  # a question to whoever complained is open
    EXTENDED = "extended"  # lawfully takes longer; they were told why
    PAUSED = "paused"  # a court or the police goes first (SI 2006/1738 reg 8)
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


_WORKED_ON = (Status.ASKING, Status.PAUSED, Status.ANSWERED, Status.WITHDRAWN)

MOVES: Mapping[Status, tuple[Status, ...]] = {
    Status.RECEIVED: (Status.ACKNOWLEDGED, Status.PAUSED, Status.ANSWERED, Status.WITHDRAWN),
    Status.ACKNOWLEDGED: (Status.EXTENDED, *_WORKED_ON),
    Status.ASKING: (Status.ACKNOWLEDGED, Status.EXTENDED, Status.PAUSED, Status.ANSWERED, Status.WITHDRAWN),
    Status.EXTENDED: _WORKED_ON,
    Status.PAUSED: (Status.RECEIVED, Status.ACKNOWLEDGED, Status.EXTENDED, Status.WITHDRAWN),
    Status.ANSWERED: (Status.RECEIVED, Status.CLOSED, Status.WITHDRAWN),
    Status.CLOSED: (Status.RECEIVED,),
    Status.WITHDRAWN: (),
}
"""Every step there is. Back to received is the next stage. The store refuses all others (migration 0003)."""

OPEN = (Status.RECEIVED, Status.ACKNOWLEDGED, Status.ASKING, Status.EXTENDED, Status.PAUSED)
RUNNING = OPEN[:-1]
"""The clock runs."""


class Outcome(StrEnum):
    """What came of it."""

    UPHELD = "upheld"
    PARTLY = "partly"
    NOT_UPHELD = "not_upheld"
    RESOLVED = "resolved"  # put right without deciding who was right
    NONE = "none"


class Longer(StrEnum):
    """Why a stage lawfully takes longer (SI 2006/1738 reg 14): begins `extended_reason`. Whoever complained is told."""

    COMPLEX = "complex"
    ADVOCATE = "advocate"  # one is waited for
    SOMEBODY_AWAY = "somebody_away"  # who has to be asked


class Step(StrEnum):
    """What happened to a complaint: each is an event, without content."""

    RECEIVED = "received"
    SEEN = "seen"  # somebody who handles it has read it for the first time
    ACKNOWLEDGED = "acknowledged"
    ASKED = "asked"
    REPLIED = "replied"
    ADVOCATE = "advocate"  # whoever complained would like one after all
    EXTENDED = "extended"
    PAUSED = "paused"
    RESUMED = "resumed"
    PANEL_MET = "panel_met"
    ANSWERED = "answered"
    LEARNED = "learned"
    NEXT_STAGE = "next_stage"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    RECKONED_AGAIN = "reckoned_again"
    DUE_SOON = "due_soon"  # the handler was reminded
    OVERDUE = "overdue"  # the handler and the next above were reminded
    NOT_ACKNOWLEDGED = "not_acknowledged"  # both were reminded


REMINDERS = (Step.NOT_ACKNOWLEDGED, Step.DUE_SOON, Step.OVERDUE)


@dataclass(frozen=True, slots=True)
class Clock:
    """The dates of one stage, where the service is, and all that is needed to reckon them again."""

    from_on: dt.date  # the day it came, or the next stage was asked for; it does not count itself
    days: int  # working days to answer in
    due_on: dt.date
    ack_days: int  # working days to say that it has arrived; days of any kind for a complaint about the bot
    ack_due_on: dt.date
    paused_days: int = 0  # working days the clock stood still
    extended_days: int | None = None  # working days since from_on, when lawfully extended
    extended_to: dt.date | None = None

    @property
    def last_day(self) -> dt.date:
        """The day by which it has to be answered."""
        return self.extended_to or self.due_on

    def reckoned(self, calendar: Calendar) -> Reckoned:
        """How the last day came about."""
        return calendar.reckon(self.from_on, (self.extended_days or self.days) + self.paused_days)

    def again(self, calendar: Calendar, about: Subject) -> "Clock":
        """The same clock with today's holidays: one may have been announced since."""
        return replace(
            self,
            due_on=calendar.due(self.from_on, self.days + self.paused_days),
            ack_due_on=_acknowledge_by(calendar, self.from_on, self.ack_days, about),
            extended_to=calendar.due(self.from_on, self.extended_days + self.paused_days)
            if self.extended_days is not None
            else None,
        )


def start_clock(calendar: Calendar, day: dt.date, about: Subject, days: int, ack_days: int) -> Clock:
    """The clock of a stage that begins on a local day. `days` to answer in and `ack_days` are from the settings."""
    return Clock(day, days, calendar.due(day, days), ack_days, _acknowledge_by(calendar, day, ack_days, about))


def _acknowledge_by(calendar: Calendar, day: dt.date, days: int, about: Subject) -> dt.date:
    """About the use of data it is days of any kind (Data (Use and Access) Act 2025), otherwise working days."""
    return day + dt.timedelta(days=days) if about is Subject.BOT else calendar.due(day, days)


def latest_extension(calendar: Calendar, clock: Clock, longest: int) -> dt.date | None:
    """The last day to which a stage may be extended, `longest` working days in all; None: it may not, or not again."""
    if clock.extended_days is not None or longest <= clock.days:
        return None
    return calendar.due(clock.from_on, longest + clock.paused_days)


def extended(calendar: Calendar, clock: Clock, to: dt.date, longest: int) -> Clock | None:
    """The clock with its one extension, to a working day later than before; None: the law does not allow this one."""
    latest = latest_extension(calendar, clock, longest)
    if latest is None or not calendar.counts(to) or not clock.due_on < to <= latest:
        return None
    days = calendar.between(clock.from_on, to) - clock.paused_days
    return replace(clock, extended_days=days, extended_to=to)


def resumed(calendar: Calendar, clock: Clock, paused_on: dt.date, today: dt.date, about: Subject) -> Clock:
    """The clock after a pause: it stood still on the working days from the day after the pause began, until today."""
    paused = clock.paused_days + calendar.between(paused_on, today)
    return replace(clock, paused_days=paused).again(calendar, about)


def overdue(clock: Clock, status: Status, today: dt.date, answered_on: dt.date | None = None) -> bool:
    """Whether an answer is late, or was. A lawful extension is not, nor is a pause, nor what was taken back."""
    if answered_on:
        return answered_on > clock.last_day
    return status in RUNNING and today > clock.last_day


@dataclass(frozen=True, slots=True)
class Complaint:
    """What somebody complained of, and where it stands. Times are stamps."""

    reference: str
    person: str | None  # whoever complained; None once they have taken it back, or it is forgotten
    complainer: Complainer
    channel: str
    language: str
    received_at: str
    about: Subject
    about_person: str | None  # the very person, where they are known here; they never see it
    what_happened: str
    wanted_outcome: str
    anonymous: bool  # the name is not asked for
    name: str
    answer_way: str
    advocate_wanted: bool
    route: tuple[str, ...]  # contacts, as they were when it came to this stage
    stage: Stage
    status: Status
    clock: Clock
    acknowledged_at: str | None = None
    extended_reason: str = ""
    paused_on: dt.date | None = None
    answered_at: str | None = None
    outcome: Outcome = Outcome.NONE
    learning: str = ""  # what was changed
    request_by: dt.date | None = None  # the last day to ask for the next stage
    closed_at: str | None = None
    emptied_at: str | None = None  # when its words were rubbed out

    def may_go_on(self, stages: Sequence[Stage], today: dt.date) -> Stage | None:
        """The stage that "I'm not happy with the answer" opens today; None when it opens none."""
        answered = self.status in {Status.ANSWERED, Status.CLOSED} and self.answered_at is not None
        if not answered or self.emptied_at or (self.request_by and today > self.request_by):
            return None
        return next_stage(stages, self.stage)


@dataclass(frozen=True, slots=True)
class Message:
    """Something said about a complaint after it was made."""

    at: str
    kind: str  # question, answer: by whoever handles it; reply: by whoever complained
    words: str
    read_at: str | None  # by the other side
