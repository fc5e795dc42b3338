"""A child's road, moved by the coordinator: each move asks only what it needs, and the child is told.

A button knows how many steps the road had when it was shown: pressed twice, or after somebody else's move, it is
answered with where things stand.
"""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

from bot.domain.interest import (
    BY_STAFF,
    CLOSED,
    MATCH_PREFIX,
    REASONS,
    Interest,
    Note,
    Reason,
    Status,
    extras,
    staff_moves,
)
from bot.domain.references import new_reference
from bot.domain.roles import STAFF
from bot.engine import filling
from bot.engine.forms import ABOUT, Answers, Form, Kind, Option, Step
from bot.engine.message import Incoming
from bot.engine.message import Kind as EventKind
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.settings import Settings
from bot.store import audit, interests, matches, people
from bot.store.clock import stamp
from bot.store.database import Reader
from handlers import menu, story
from handlers.staff import inbox

router = Router()

LATEST_REVIEW = dt.timedelta(days=366)
"""A pause is looked at again within a year."""

WHY_NOT_NOW = _("Why not now? The child reads kind words that are fixed, never yours.")
WHY_NO = _(
    "Why is it declined? None of these takes a child's right away: the child reads kind words that are fixed, "
    "that they can still ask, and whom."
)
WHY_ENDED = _("Why has it ended? The child reads a kind goodbye, never your words.")
OWN_WORDS = _("Anything to add for your colleagues? The child does not see it. You can skip this.")
WHEN_AGAIN = _("When shall it be looked at again? The child is told the day. Like 1 September, or in 2 months.")
IN_THE_PAST = _("That day is over. Which day to come?")
TOO_LATE = _("That is more than a year away. Which day before that?")
WHICH_PROVIDER = _("The child lives outside the area. Who finds the visitor there? The child reads the name.")
VISITOR_NAME = _("What is the visitor's first name? The child reads it.")
VISITOR_ABOUT = _("A few words about them, for the child: what they like, what they are like. You can skip this.")
ABOUT_NOTE = {
    Note.NEW_SOCIAL_WORKER: _("A new social worker: anything to note for your colleagues? You can skip this."),
    Note.MOVED: _("They moved: anything to note for your colleagues? You can skip this."),
}
MOVED = _("{reference}: {status}. The child is told.")
NOTED = _("{reference}: noted. The child is told that their request goes on.")
STANDS = _("{reference}: it is at “{status}” since {day}. That button is from before. Nothing was changed.")
STILL_THERE = _("{reference}: nothing has moved for {days} days.")
REVIEW_DUE = _("{reference}: the day to look at it again has come.")


@router.button("move", STAFF)
async def move(turn: Turn) -> None:
    """One step: at once, or after what has to be known for it."""
    reference, steps, to = (*turn.incoming.argument.split(":"), "", "")[:3]
    interest = await _as_shown(turn, reference, steps, to)
    if interest is None:
        return
    if extras(Status(to), interest.area):
        await filling.begin(turn, f"to_{to}", about=f"{interest.reference}:{steps}")
    else:
        await _move(turn, interest, Status(to), {})


def _moved(to: Status) -> Callable[[Turn, dict[str, Any]], Awaitable[None]]:
    """What is done when everything a step needs is known."""

    async def done(turn: Turn, answers: dict[str, Any]) -> None:
        reference, _colon, steps = str(answers["about"]).partition(":")
        interest = await _as_shown(turn, reference, steps, to)
        if interest:
            await _move(turn, interest, to, answers)

    return done


async def _as_shown(turn: Turn, reference: str, steps: str, to: str) -> Interest | None:
    """The request, if it still stands where it did when the button was shown; otherwise they are told where it is."""
    interest = await inbox.agreed(turn, reference)
    if interest is None:
        return None
    now = await interests.step_count(turn.reader, interest.reference)
    if steps == str(now) and to in staff_moves(interest.status):
        return interest
    words = STANDS.fill(
        reference=interest.reference, status=inbox.STATUS[interest.status], day=turn.day(interest.status_since)
    )
    turn.say(words, Tap(interest.reference, f"show:{interest.reference}"), Tap(menu.MENU, "menu"))
    return None


async def _move(turn: Turn, interest: Interest, to: Status, answers: Answers) -> None:
    writer, reference = await turn.write(), interest.reference
    reason, words, review = answers.get("reason") or "", answers.get("words") or "", answers.get("review")
    await interests.move(writer, reference, to, turn.person.id, turn.stamp, reason, words=words, review_on=review)
    if provider := answers.get("provider"):
        await interests.set_provider(writer, reference, provider)
    if visitor := answers.get("visitor"):
        await matches.start(writer, await _free(turn), reference, visitor, answers["visitor_about"] or "", turn.stamp)
    await audit.add(writer, turn.person.id, turn.person.role, f"move_{to}", reference, turn.stamp)
    turn.say(MOVED.fill(reference=reference, status=inbox.stands(turn, to)), *_after(reference))
    await _nudge(turn, interest.person)


async def _free(turn: Turn) -> str:
    """The number of a new match."""
    while await matches.taken(turn.reader, reference := new_reference(MATCH_PREFIX)):
        pass
    return reference


def _after(reference: str) -> list[Tap]:
    return [Tap(reference, f"show:{reference}"), Tap(menu.MENU, "menu")]


async def _nudge(turn: Turn, person: str | None) -> None:
    """The child learns that there is something to read: where their request stands."""
    child = await people.find(turn.reader, person) if person else None
    if child:
        await turn.nudge(child, "story")


@router.button("noted", STAFF)
async def note(turn: Turn) -> None:
    """A change of social worker, or of where the child lives: noted beside the road, which goes on."""
    reference, _colon, kind = turn.incoming.argument.partition(":")
    interest = await inbox.agreed(turn, reference)
    if interest is None:
        return
    if kind in BY_STAFF and interest.status not in CLOSED:
        await filling.begin(turn, "noted", about=f"{interest.reference}:{kind}")
    else:
        menu.say_menu(turn, menu.STALE)


async def noted(turn: Turn, answers: dict[str, Any]) -> None:
    """The note is made, and the child told that nothing starts again."""
    reference, _colon, kind = str(answers["about"]).partition(":")
    interest = await inbox.agreed(turn, reference)
    if interest is None:
        return
    writer = await turn.write()
    words = answers["words"] or ""
    await interests.add_note(writer, interest.reference, Note(kind), turn.person.id, turn.stamp, words)
    await audit.add(writer, turn.person.id, turn.person.role, f"note_{kind}", interest.reference, turn.stamp)
    turn.say(NOTED.fill(reference=interest.reference), *_after(interest.reference))
    if interest.status not in CLOSED:
        await _nudge(turn, interest.person)


async def still(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    rows = await interests.still_unsaid(reader, _too_long(now, settings))
    return [_event(f"road-still:{row['reference']}", row["since"]) for row in rows]


@router.moment("road-still", still)
async def say_still(turn: Turn) -> None:
    """Nothing has moved for too long: those who can move it are reminded, once in each such time."""
    settings = turn.context.settings
    reference = turn.incoming.argument
    if reference and await interests.still_unsaid(turn.reader, _too_long(turn.now, settings), reference):
        await interests.nudged(await turn.write(), reference, turn.stamp)
        await story.tell_staff(turn, STILL_THERE.fill(days=settings.road.nudge_after_days), reference)


async def to_review(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    today = now.astimezone(settings.zone).date().isoformat()
    rows = await interests.review_unsaid(reader, today)
    return [_event(f"road-review:{row['reference']}", row["review_on"]) for row in rows]


@router.moment("road-review", to_review)
async def say_review(turn: Turn) -> None:
    """The day to look at a pause again has come: both sides are told, once."""
    reference = turn.incoming.argument
    today = turn.day(turn.stamp).isoformat()
    for row in await interests.review_unsaid(turn.reader, today, reference):
        await interests.nudged(await turn.write(), reference, turn.stamp)
        await story.tell_staff(turn, REVIEW_DUE, reference)
        await _nudge(turn, row["person"])


def _too_long(now: dt.datetime, settings: Settings) -> str:
    return stamp(now - dt.timedelta(days=settings.road.nudge_after_days))


def _event(data: str, since: str) -> Incoming:
    return Incoming("clock", f"{data}:{since}", "", EventKind.CLOCK, data=data)


def _reasons(to: Status) -> tuple[Option, ...]:
    return tuple(Option(reason, inbox.REASON[Reason(reason)]) for reason in REASONS[to])


def _day_to_come(turn: Turn, _answers: Answers, day: str) -> Text | None:
    today, chosen = turn.day(turn.stamp), dt.date.fromisoformat(day)
    if chosen <= today:
        return IN_THE_PAST
    return TOO_LATE if chosen > today + LATEST_REVIEW else None


def _about_note(_turn: Turn, answers: Answers) -> Text:
    return ABOUT_NOTE[Note(answers[ABOUT].partition(":")[2])]


WORDS = Step("words", Kind.TEXT, OWN_WORDS, optional=True, longest=300)
ASKED: dict[Status, tuple[Step, ...]] = {
    Status.NOT_NOW: (
        Step("reason", Kind.CHOICE, WHY_NOT_NOW, options=_reasons(Status.NOT_NOW)),
        Step("review", Kind.DATE, WHEN_AGAIN, check=_day_to_come),
        WORDS,
    ),
    Status.DECLINED: (Step("reason", Kind.CHOICE, WHY_NO, options=_reasons(Status.DECLINED)), WORDS),
    Status.ENDED: (Step("reason", Kind.CHOICE, WHY_ENDED, options=_reasons(Status.ENDED)), WORDS),
    Status.REFERRED: (Step("provider", Kind.TEXT, WHICH_PROVIDER, longest=60),),
    Status.MATCHED: (
        Step("visitor", Kind.TEXT, VISITOR_NAME, longest=40),
        Step("visitor_about", Kind.TEXT, VISITOR_ABOUT, optional=True, longest=200),
    ),
}
"""What each move asks."""

FORMS = (
    *(Form(f"to_{to}", steps, _moved(to), worth_keeping=False) for to, steps in ASKED.items()),
    Form("noted", (Step("words", Kind.TEXT, _about_note, optional=True, longest=300),), noted, worth_keeping=False),
)
