"""A break: visits are called off kindly, nothing new is planned, and it ends when the volunteer says so."""

import datetime as dt
from typing import Any

from bot.domain.recruitment import Volunteer
from bot.domain.roles import VOLUNTEERS
from bot.engine import filling
from bot.engine.forms import Answers, Form, Kind, Option, Step
from bot.engine.message import Incoming
from bot.engine.message import Kind as EventKind
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.settings import Settings
from bot.store import audit, breaks, people, volunteers
from bot.store import gate as gate_store
from bot.store.breaks import Break
from bot.store.database import Reader
from handlers import gate, menu, visit_news
from handlers.volunteer import work

router = Router()

LONGEST = dt.timedelta(days=366)
ASKED_FOR = dt.timedelta(days=7)
"""For so long after the day they named, they are asked whether they are back; once."""

UNTIL = _("Take the time you need. Until when, if you know it? Like 1 September. You can skip this.")
IN_THE_PAST = _("That day is over. Which day to come?")
TOO_FAR = _("That is more than a year away. Which day before that? You can also skip it.")
SHALL_I = _(
    "A break, starting now. Visits that are planned are called off, and nothing new is planned until you're back. "
    "Whoever you visit reads kind words from me, and that it's not because of them. {Coordinator} is told. Shall I?"
)
SHALL_I_UNTIL = _(
    "A break from now on, until {until} if you can. Visits that are planned are called off, and nothing new is planned "
    "until you're back. Whoever you visit reads kind words from me, and that it's not because of them. "
    "{Coordinator} is told. Shall I?"
)
YES = Option("yes", _("Yes, I need a break"))
NO = Option("no", _("No, I'll go on"))
GOES_ON = _("That's fine. Nothing has changed.")
BEGUN = n_(
    "Your break has begun. {n} visit is called off. {Coordinator} and whoever you visit are told. "
    "When you're back, tap \"I'm back\".",
    "Your break has begun. {n} visits are called off. {Coordinator} and whoever you visit are told. "
    "When you're back, tap \"I'm back\".",
)
BEGUN_NONE = _("Your break has begun. {Coordinator} has been told. When you're back, tap \"I'm back\".")
ANOTHER_DAY = _("Noted. {Coordinator} has been told.")
ON_IT = _("You are on a break, since {day}.")
ON_IT_UNTIL = _("You are on a break until {until}.")
CHANGE_DAY = _("Change until when")
BACK = _("Welcome back. Visits can be planned again, and {coordinator} has been told.")
BACK_BUT = _(
    "Welcome back, and {coordinator} has been told. Visits can't be planned yet: something else is missing. "
    "My stages shows what, or {coordinator} can tell you."
)
NOT_ON_IT = _("You are not on a break. Visits can be planned.")
ARE_YOU_BACK = _("You wanted a break until {until}. Are you back? Take longer if you need to.")
LONGER = _("I need longer")

STAFF_BEGUN = n_(
    "{volunteer}: takes a break. {n} visit is called off.", "{volunteer}: takes a break. {n} visits are called off."
)
STAFF_BEGUN_UNTIL = n_(
    "{volunteer}: takes a break until {until}. {n} visit is called off.",
    "{volunteer}: takes a break until {until}. {n} visits are called off.",
)
STAFF_BACK = _("{volunteer}: is back from a break.")
STAFF_OVER = _("{volunteer}: the break was to end on {until}. They are asked whether they are back.")


@router.button("vpause", VOLUNTEERS)
async def pause(turn: Turn) -> None:
    """I need a break; or, when there is one, until when."""
    volunteer = await work.known(turn)
    if volunteer is None:
        return
    running = await breaks.of_volunteer(turn.reader, volunteer.reference)
    if running and turn.incoming.argument != "longer":
        turn.pause_form()
        turn.say(_stands(turn, running), Tap(work.I_AM_BACK, "vgoon"), Tap(CHANGE_DAY, "vpause:longer"), _menu())
    else:
        await filling.begin(turn, "break")


def _stands(turn: Turn, running: Break) -> Text:
    if running.until:
        return ON_IT_UNTIL.fill(until=turn.date(running.until))
    return ON_IT.fill(day=turn.day(running.since))


def _menu() -> Tap:
    return Tap(menu.MENU, "menu")


async def begun(turn: Turn, answers: dict[str, Any]) -> None:
    """The break begins, or gets another day: visits are called off, and both sides are told."""
    volunteer = await work.known(turn)
    if volunteer is None:
        return
    if not answers["sure"]:
        turn.say(GOES_ON, Tap(_("My visits"), "work"), _menu())
        return
    before = await breaks.of_volunteer(turn.reader, volunteer.reference)
    writer, until = await turn.write(), answers["until"]
    count = await breaks.begin(writer, volunteer.reference, until, turn.stamp)
    await audit.add(writer, turn.person.id, turn.person.role, "begin_break", volunteer.reference, turn.stamp)
    words = ANOTHER_DAY if before else BEGUN.fill(n=count) if count else BEGUN_NONE
    turn.say(words, Tap(work.I_AM_BACK, "vgoon"), Tap(_("My visits"), "work"), _menu())
    told = STAFF_BEGUN_UNTIL.fill(until=turn.date(until)) if until else STAFF_BEGUN
    await tell_staff(turn, told.fill(n=count), volunteer.reference)
    if not before:
        await _tell_children(turn, volunteer)


async def _tell_children(turn: Turn, volunteer: Volunteer) -> None:
    """Whoever they visit has something to read: kind words, where their request stands."""
    for row in await gate_store.children(turn.reader, volunteer.reference):
        if child := await people.find(turn.reader, row["person"]):
            await turn.nudge(child, "story")


async def tell_staff(turn: Turn, words: Text, reference: str) -> None:
    """Staff learn that something has changed with a volunteer, by their number."""
    await turn.tell_staff(words.fill(volunteer=reference), Tap(reference, f"volunteer:{reference}"))


@router.button("vgoon", VOLUNTEERS)
async def go_on(turn: Turn) -> None:
    """I'm back. The gate opens again if nothing else keeps it closed."""
    turn.pause_form()
    volunteer = await work.known(turn)
    if volunteer is None:
        return
    if not await breaks.of_volunteer(turn.reader, volunteer.reference):
        turn.say(NOT_ON_IT, Tap(_("My visits"), "work"), _menu())
        return
    turn.drop_form("break")
    writer = await turn.write()
    await breaks.end(writer, volunteer.reference)
    await audit.add(writer, turn.person.id, turn.person.role, "end_break", volunteer.reference, turn.stamp)
    ready = await volunteers.is_ready(turn.reader, volunteer.reference, gate.today(turn.now))
    turn.say(BACK if ready else BACK_BUT, Tap(_("My visits"), "work"), Tap(_("My stages"), "stages"), _menu())
    await tell_staff(turn, STAFF_BACK, volunteer.reference)


async def breaks_over(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    """Once the day has come that they named, and not at night."""
    if visit_news.quiet(now, settings):
        return []
    today = now.astimezone(settings.zone).date()
    rows = await breaks.over(reader, (today - ASKED_FOR).isoformat(), today.isoformat())
    return [_event(f"break-over:{row['volunteer']}", row["until"], row["person"]) for row in rows]


def _event(data: str, until: str, person: str) -> Incoming:
    return Incoming("clock", f"{data}:{until}", person, EventKind.CLOCK, data=data)


@router.moment("break-over", breaks_over)
async def break_over(turn: Turn) -> None:
    """They are asked whether they are back; nothing begins again by itself."""
    volunteer = await volunteers.of_person(turn.reader, turn.person.id)
    running = await breaks.of_volunteer(turn.reader, volunteer.reference) if volunteer else None
    if volunteer and running and running.until and running.until <= turn.day(turn.stamp).isoformat():
        until = turn.date(running.until)
        taps = (Tap(work.I_AM_BACK, "vgoon"), Tap(LONGER, "vpause:longer"))
        await turn.tell(turn.person, ARE_YOU_BACK.fill(until=until), *taps)
        await tell_staff(turn, STAFF_OVER.fill(until=until), volunteer.reference)


def _day_to_come(turn: Turn, _answers: Answers, day: str) -> Text | None:
    today, chosen = turn.day(turn.stamp), dt.date.fromisoformat(day)
    if chosen <= today:
        return IN_THE_PAST
    return TOO_FAR if chosen > today + LONGEST else None


def _sure(turn: Turn, answers: Answers) -> Text:
    until = answers["until"]
    return SHALL_I_UNTIL.fill(until=turn.date(until)) if until else SHALL_I


FORMS = (
    Form(
        "break",
        (
            Step("until", Kind.DATE, UNTIL, optional=True, check=_day_to_come),
            Step("sure", Kind.YES_NO, _sure, options=(YES, NO)),
        ),
        begun,
        worth_keeping=False,
    ),
)
