"""A child's road, moved by the coordinator: each move asks only what it needs, and the child is told.

A button knows how many steps the road had when it was shown: pressed twice, or after somebody else's move, it is
answered with where things stand.
"""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

from bot.domain.interest import (
    MAY_BE_PROPOSED,
    REASONS,
    WITH_A_VISITOR,
    Interest,
    Match,
    Note,
    Reason,
    Status,
    extras,
    staff_moves,
)
from bot.domain.roles import STAFF
from bot.engine import filling
from bot.engine.forms import Answers, Form, Kind, Option, Step
from bot.engine.message import Incoming
from bot.engine.message import Kind as EventKind
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.settings import Settings
from bot.store import audit, interests, matches, referrals, volunteers
from bot.store.clock import stamp
from bot.store.database import Reader
from handlers import menu, story
from handlers.staff import request

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
MOVED = _("{reference}: {status}. The child is told.")
NOT_IN_THE_BOT = _("{visitor} is not in the bot: please tell them that it has ended.")
ASKED_FIRST = _("{reference}: the child is asked first. It is referred when they say yes; you are told what they say.")
ASKED_ALREADY = _("{reference}: it waits for the child's yes, since {day}. Nothing is referred before.")
STANDS = _("{reference}: it is at “{status}” since {day}. That button is from before. Nothing was changed.")
STILL_THERE = n_("{reference}: nothing has moved for {n} day.", "{reference}: nothing has moved for {n} days.")
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
    interest = await request.agreed(turn, reference)
    if interest is None:
        return None
    now = await interests.step_count(turn.reader, interest.reference)
    if steps == str(now) and to in staff_moves(interest.status):
        return interest
    words = STANDS.fill(
        reference=interest.reference, status=request.STATUS[interest.status], day=turn.day(interest.status_since)
    )
    turn.say(words, Tap(interest.reference, f"show:{interest.reference}"), Tap(menu.MENU, "menu"))
    return None


async def _move(turn: Turn, interest: Interest, to: Status, answers: Answers) -> None:
    writer, reference = await turn.write(), interest.reference
    reason, words, review = answers.get("reason") or "", answers.get("words") or "", answers.get("review")
    if provider := answers.get("provider"):
        await interests.set_provider(writer, reference, provider)
    if await _must_be_asked(turn, interest, to):
        await _ask_first(turn, interest)
        return
    match = await matches.current(turn.reader, reference)
    await interests.move(writer, reference, to, turn.person.id, turn.stamp, reason, words=words, review_on=review)
    await audit.add(writer, turn.person.id, turn.person.role, f"move_{to}", reference, turn.stamp)
    told = [MOVED.fill(reference=reference, status=request.stands(turn, to))]
    if match and to not in WITH_A_VISITOR and not await _in_the_bot(turn, match):
        told.append(NOT_IN_THE_BOT.fill(visitor=match.visitor))
    turn.say(request.lines(turn, told), *request.after(reference))
    await request.nudge(turn, interest.person)


async def _in_the_bot(turn: Turn, match: Match) -> bool:
    """Whether the volunteer hears of it here."""
    volunteer = await volunteers.find(turn.reader, match.volunteer)
    return volunteer is not None and volunteer.person is not None


async def _must_be_asked(turn: Turn, interest: Interest, to: Status) -> bool:
    """Whether this service refers only whom it has asked, and they have not said yes."""
    refers = to in MAY_BE_PROPOSED and interest.status not in MAY_BE_PROPOSED | WITH_A_VISITOR
    asks = turn.context.settings.road.ask_before_referral
    return refers and asks and not await referrals.agreed(turn.reader, interest.reference)


async def _ask_first(turn: Turn, interest: Interest) -> None:
    """The child's own yes moves the road then (handlers/referral.py)."""
    reference = interest.reference
    if since := await referrals.waits_since(turn.reader, interest):
        turn.say(ASKED_ALREADY.fill(reference=reference, day=turn.day(since)), *request.after(reference))
        return
    writer = await turn.write()
    await interests.add_note(writer, reference, Note.TO_REFER, turn.person.id, turn.stamp)
    await audit.add(writer, turn.person.id, turn.person.role, "ask_to_refer", reference, turn.stamp)
    turn.say(ASKED_FIRST.fill(reference=reference), *request.after(reference))
    await request.nudge(turn, interest.person, "refer")


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
        await story.tell_staff(turn, STILL_THERE.fill(n=settings.road.nudge_after_days), reference)


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
        await request.nudge(turn, row["person"])


def _too_long(now: dt.datetime, settings: Settings) -> str:
    return stamp(now - dt.timedelta(days=settings.road.nudge_after_days))


def _event(data: str, since: str) -> Incoming:
    return Incoming("clock", f"{data}:{since}", "", EventKind.CLOCK, data=data)


def _reasons(to: Status) -> tuple[Option, ...]:
    return tuple(Option(reason, request.REASON[Reason(reason)]) for reason in REASONS[to])


def _day_to_come(turn: Turn, _answers: Answers, day: str) -> Text | None:
    today, chosen = turn.day(turn.stamp), dt.date.fromisoformat(day)
    if chosen <= today:
        return IN_THE_PAST
    return TOO_LATE if chosen > today + LATEST_REVIEW else None


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
}
"""What each move asks."""

FORMS = tuple(Form(f"to_{to}", steps, _moved(to), worth_keeping=False) for to, steps in ASKED.items())
