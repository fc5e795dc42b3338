"""What time does to a visit to come: its visitor is reminded, and the child; staff hear what is not sure.

Each is once for each time a visit is planned for, whenever this runs: what is over by then is left out, and of two
reminders that are due only the later comes.
"""

import datetime as dt

from bot.domain import reminders
from bot.domain.visits import Said, Visit, VolunteerSaid
from bot.engine.message import Incoming, Kind
from bot.engine.router import Router
from bot.engine.turn import READ_IT, Tap, Turn
from bot.i18n import _
from bot.settings import Settings
from bot.store import people, visits, volunteers
from bot.store.clock import moment, stamp
from bot.store.database import Reader
from handlers import menu, visit_news
from handlers.visit_news import answer

router = Router()

REMIND = _("Your visit is on {day} at {time}.")
CHOOSE_A_DAY = _("Choose another day")
WHEN_INSTEAD = _("The visit on {day} at {time} has to move. When could it be?")
NOT_SURE = _("{visit} · {day} at {time} is not sure: the visitor has not said that they will be there.")
NOT_MOVED = _("{visit} · {day} at {time}: the child would like another day, and there is none yet.")

SECOND = 2
"""At this reminder, or at the last if there are fewer, staff hear of a visit that is not sure."""

DAY_BEFORE = 24
"""Hours before a visit at which the child is reminded."""

AT_NIGHT = dt.timedelta(hours=24)
"""What is due in quiet hours is due before them: by no more than this."""

MOVING = dt.timedelta(minutes=30)
"""For so long somebody may look for another time before the child hears that the old one does not hold."""

BUSY = dt.timedelta(minutes=15)
"""Who wrote so recently may be in the middle of a form: a reminder does not take them out of it."""


async def to_remind(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    if visit_news.quiet(now, settings):
        return []
    ahead = dt.timedelta(hours=max(settings.visits.remind_hours_before))
    coming = await visits.between(reader, stamp(now), stamp(now + ahead + AT_NIGHT))
    found = []
    for visit in coming:
        over = visit_news.reminders_over(settings, visit.planned_for, now)
        if over > visit.reminded:
            name = f"visit-remind:{visit.reference}:{visit.planned_for}:{over}"
            found.append(_event(name, await _person(reader, visit)))
    return found


async def _person(reader: Reader, visit: Visit) -> str:
    """The visitor, if they are in the bot."""
    volunteer = await volunteers.find(reader, visit.volunteer)
    return (volunteer.person if volunteer else None) or ""


@router.moment("visit-remind", to_remind)
async def remind(turn: Turn) -> None:
    """One who has confirmed is only reminded; one who has not is asked, and staff hear of it at the second time."""
    found = await visits.find(turn.reader, turn.incoming.argument.split(":")[0])
    settings = turn.context.settings
    over = visit_news.reminders_over(settings, found.planned_for, turn.now) if found else 0
    if found is None or not found.to_come(turn.stamp) or over <= found.reminded:
        return
    await visits.reminded(await turn.write(), found.reference, over, turn.stamp)
    reached = await _remind(turn, found)
    last = over >= min(SECOND, len(settings.visits.remind_hours_before))
    if last and found.child_said is Said.ANOTHER_DAY:
        await visit_news.tell_staff(turn, found, NOT_MOVED)
    elif _sure(found):
        return
    elif last or not reached:
        told = Tap(visit_news.THEY_TOLD_ME, f"confirmed:{found.reference}")
        await visit_news.tell_staff(turn, found, NOT_SURE if reached else visit_news.NOT_IN_THE_BOT, told)


async def _remind(turn: Turn, found: Visit) -> bool:
    """False when the visitor is not in the bot. An open form waits, so that what they type next may be their answer."""
    if not await busy(turn):
        turn.pause_form()
    carry_on = [Tap(menu.CARRY_ON, "resume")] if turn.form and turn.form.paused else []
    move, cant = Tap(visit_news.MOVE, answer(found, "move")), Tap(visit_news.CANT, answer(found, "no"))
    if found.child_said is Said.ANOTHER_DAY:
        choose = Tap(CHOOSE_A_DAY, answer(found, "move"))
        return await visit_news.tell_visitor(turn, found, visit_news.ANOTHER_DAY, choose, cant, *carry_on)
    if _sure(found):
        show = Tap(READ_IT, f"vvisit:{found.reference}")
        return await visit_news.tell_visitor(turn, found, REMIND, show, [move, cant], *carry_on)
    return await visit_news.tell_visitor(turn, found, visit_news.ASK, *visit_news.answers(found), *carry_on)


def _sure(found: Visit) -> bool:
    return found.confirmed_at is not None and found.volunteer_said is VolunteerSaid.YES


async def busy(turn: Turn) -> bool:
    """Whether whoever this is for has written something just now."""
    for way in (await people.addresses(turn.reader, turn.person.id))[:1]:
        row = await people.address(turn.reader, way.channel, way.address)
        return row is not None and row["seen_at"] > stamp(turn.now - BUSY)
    return False


async def without_a_time(reader: Reader, now: dt.datetime, _settings: Settings) -> list[Incoming]:
    rows = await visits.without_a_time(reader, stamp(now), stamp(now - MOVING))
    return [_event(f"visit-unmoved:{row['reference']}:{row['asked_at']}") for row in rows]


@router.moment("visit-unmoved", without_a_time)
async def unmoved(turn: Turn) -> None:
    """Somebody said that a visit has to move, and has chosen no time: nobody is left to count on the old one."""
    found = await visits.find(turn.reader, turn.incoming.argument.split(":")[0])
    if found and found.to_come(turn.stamp) and found.confirmed_at and found.volunteer_said is VolunteerSaid.MOVE:
        await visit_news.has_no_time(turn, found)
        taps = [
            Tap(CHOOSE_A_DAY, answer(found, "move")),
            Tap(visit_news.AFTER_ALL, answer(found, "yes")),
            Tap(visit_news.CANT, answer(found, "no")),
        ]
        await visit_news.tell_visitor(turn, found, WHEN_INSTEAD, *taps)


async def tomorrow(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    if visit_news.quiet(now, settings):
        return []
    coming = await visits.between(reader, stamp(now), stamp(now + dt.timedelta(hours=DAY_BEFORE) + AT_NIGHT))
    return [
        _event(f"visit-tomorrow:{visit.reference}:{visit.planned_for}")
        for visit in coming
        if visit.confirmed_at and _due(visit, settings) <= now
    ]


@router.moment("visit-tomorrow", tomorrow)
async def tell_tomorrow(turn: Turn) -> None:
    """The day before, a child who has said yes is reminded; whoever says so later knows of it anyhow."""
    found = await visits.find(turn.reader, turn.incoming.argument.split(":")[0])
    if found and found.confirmed_at and found.to_come(turn.stamp) and found.child_said is Said.YES:
        await visit_news.tell_child(turn, found)


def _due(visit: Visit, settings: Settings) -> dt.datetime:
    return reminders.due_at(moment(visit.planned_for), DAY_BEFORE, settings.visits.quiet, settings.zone)


def _event(name: str, person: str = "") -> Incoming:
    return Incoming("clock", name, person, Kind.CLOCK, data=name)
