"""The clock of complaints: what is due soon or late is told, what nobody takes further is closed, holidays come in.

Reminders come on working days, in the morning: nobody is at work on others.
"""

import datetime as dt
import hashlib
from functools import cache
from importlib.metadata import version

from bot.domain.complaints import RUNNING, Complaint, Status, Step
from bot.domain.working_days import Calendar
from bot.engine.message import Incoming, Kind
from bot.engine.router import Router
from bot.engine.turn import Turn
from bot.settings import Settings
from bot.store import complaint_steps, complaints
from bot.store.database import Reader
from handlers.cases import words
from handlers.cases.notify import News, tell
from handlers.cases.steps import tell_them

router = Router()

MORNING = dt.time(9)
"""The time, where the service is, from which somebody is reminded."""

NEWS = {
    Step.NOT_ACKNOWLEDGED: News.NOT_ACKNOWLEDGED,
    Step.DUE_SOON: News.DUE_SOON,
    Step.OVERDUE: News.OVERDUE,
}


async def reminders_due(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    """What nobody was reminded of, each for the date it is about."""
    here, days = now.astimezone(settings.zone), _calendar(settings)
    if here.time() < MORNING or not days.counts(here.date()):
        return []
    soon = days.due(here.date(), settings.complaints.remind_days)
    found = await complaints.to_remind(reader, here.date(), soon)
    return [_event(f"complaint-late:{one.kind}:{one.reference}:{one.day}") for one in found]


@router.moment("complaint-late", reminders_due)
async def remind(turn: Turn) -> None:
    """Whoever answers it, and when it is late the next in line as well. Once for each date."""
    kind, reference, day = turn.incoming.argument.split(":")
    step, about = Step(kind), dt.date.fromisoformat(day)
    complaint = await complaints.find(turn.reader, reference, None)
    if (
        complaint
        and _still_so(complaint, step, about)
        and await complaints.reminded(await turn.write(), reference, step, about, turn.stamp)
    ):
        await tell(turn, complaint, NEWS[step])


def _still_so(complaint: Complaint, step: Step, day: dt.date) -> bool:
    """Whether nothing has happened between the look at what is due and now."""
    if step is Step.NOT_ACKNOWLEDGED:
        return complaint.status is Status.RECEIVED and complaint.clock.ack_due_on == day
    return complaint.status in RUNNING and complaint.clock.last_day == day


async def windows_over(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    """Answered ones whose time to ask for the next stage is over."""
    today = now.astimezone(settings.zone).date()
    found = await complaints.window_over(reader, today)
    return [_event(f"complaint-over:{reference}:{today}") for reference in found]


@router.moment("complaint-over", windows_over)
async def close(turn: Turn) -> None:
    """Nobody asked for the next stage in time. Whoever complained can read that it is closed."""
    reference = turn.incoming.argument.split(":")[0]
    complaint = await complaints.find(turn.reader, reference, None)
    in_time = complaint is None or complaint.request_by is None or complaint.request_by >= words.today(turn)
    if complaint and not in_time and await complaint_steps.close(await turn.write(), reference, None, turn.stamp):
        await tell_them(turn, complaint)


async def reckoning_due(_reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    """Once a day, and at the start when the holidays known are others than before."""
    extra = ",".join(sorted(day.isoformat() for day in settings.complaints.extra_holidays))
    known = hashlib.sha256(f"{settings.service.jurisdiction} {_known_holidays()} {extra}".encode()).hexdigest()[:12]
    return [_event(f"complaint-days:{now.astimezone(settings.zone).date()}:{known}")]


@router.moment("complaint-days", reckoning_due)
async def reckon(turn: Turn) -> None:
    """Dates that run over a newly announced holiday move; both sides are told."""
    for reference in await complaint_steps.reckon_again(await turn.write(), words.calendar(turn), turn.stamp):
        if complaint := await complaints.find(turn.reader, reference, None):
            await tell(turn, complaint, News.NEW_DATE)
            await tell_them(turn, complaint)


@cache
def _known_holidays() -> str:
    """The edition of the calendar of bank holidays that came with this version."""
    return version("holidays")


def _calendar(settings: Settings) -> Calendar:
    return Calendar.of(settings.service.jurisdiction, settings.complaints.extra_holidays)


def _event(what: str) -> Incoming:
    return Incoming("clock", what, "", Kind.CLOCK, data=what)
