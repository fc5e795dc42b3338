"""What a child can do about their request: pause it, go on, change an answer, add something, ask why it takes long."""

import datetime as dt
from dataclasses import replace
from typing import Any

from bot.domain.interest import BEFORE_A_VISITOR, MAY_BE_PROPOSED, PAUSES, Interest, Note, Reason, Status
from bot.domain.roles import EVERYBODY
from bot.engine import filling
from bot.engine.forms import Answers, Form, Kind, Step
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.store import interests, referrals
from handlers import menu, pages, referral, story
from handlers.interest_form import STEPS, check_age

router = Router()

HOW_LONG = _("How long shall I wait? I tell {coordinator}. You don't have to say why, and you can go on any day.")
LATER = {
    "month": _("Ask me again in a month"),
    "quarter": _("Ask me again in three months"),
    "mine": _("Wait until I say"),
}
NO_PAUSE = _("No, go on")
PAUSED = _("That's fine. I've told {coordinator}.")
GOES_ON = _("Your request goes on from where it was. I've told {coordinator}.")
CHANGE_WHICH = _('Tap what you want to change. When you tap "That\'s right", {coordinator} can see the new answers.')
CHANGED = _("I've changed it. {Coordinator} can see your new answers.")
NOTHING_CHANGED = _("Your answers stay as they were.")
WHAT_TO_ADD = _("What would you like to add? {Coordinator} can read it, and nobody else but those with the same job.")
ADDED = _("Thank you. I've added it. {Coordinator} can read it now.")
SO_LONG = _("You asked on {asked}. It has been at this step since {since}.")
STAFF_PAUSED = _("{reference}: the child wants a pause.")
STAFF_GOES_ON = _("{reference}: the child wants to go on.")
STAFF_CHANGED = _("{reference}: the child has changed an answer.")
STAFF_ADDED = _("{reference}: the child has added something.")


@router.button("pause", EVERYBODY)
async def pause(turn: Turn) -> None:
    """Not now: for some time, or until they say. Asked once; no reason is wanted."""
    turn.pause_form()
    interest = await story.open_request(turn)
    if interest is None or not (interest.status in BEFORE_A_VISITOR or interest.may_go_on):
        await story.show(turn)
        return
    wish = turn.incoming.argument
    if wish not in PAUSES:
        turn.say(HOW_LONG, *(Tap(label, f"pause:{key}") for key, label in LATER.items()), Tap(NO_PAUSE, "story"))
        return
    await _pause(turn, interest, PAUSES[wish])
    await story.tell_staff(turn, STAFF_PAUSED, interest.reference)
    await story.show(turn, PAUSED)


async def _pause(turn: Turn, interest: Interest, wait: dt.timedelta | None) -> None:
    """A pause that is there already only gets another day."""
    day = (turn.day(turn.stamp) + wait).isoformat() if wait else None
    writer, reference = await turn.write(), interest.reference
    if interest.status is Status.NOT_NOW:
        await interests.review(writer, reference, day)
        return
    reason = Reason.CHILD_PAUSED
    await interests.move(writer, reference, Status.NOT_NOW, turn.person.id, turn.stamp, reason, review_on=day)


@router.button("goon", EVERYBODY)
async def go_on(turn: Turn) -> None:
    """The pause is over: the request is back where it was."""
    turn.pause_form()
    interest = await story.open_request(turn)
    if interest is None or not interest.may_go_on:
        await story.show(turn)
        return
    back = await interests.before_pause(turn.reader, interest.reference)
    if back in MAY_BE_PROPOSED and await referrals.may_answer(turn.reader, interest):
        await referral.begin(turn, interest)  # they took that yes back
        return
    writer = await turn.write()
    await interests.move(writer, interest.reference, back, turn.person.id, turn.stamp)
    await story.tell_staff(turn, STAFF_GOES_ON, interest.reference)
    await story.show(turn, GOES_ON)


@router.button("why", EVERYBODY)
async def why(turn: Turn) -> None:
    """Why it takes so long: since when it has been under way, and what is done meanwhile."""
    turn.pause_form()
    interest = await story.open_request(turn)
    if interest is None:
        await story.show(turn)
        return
    turn.say(SO_LONG.fill(asked=turn.day(interest.received_at), since=turn.day(interest.status_since)))
    page = turn.context.pages.get("waiting", turn.language)
    if page:
        pages.show(turn, page)


@router.button("change", EVERYBODY)
async def change(turn: Turn) -> None:
    """Every answer as it is today, each with a button to change it."""
    if interest := await _to_tell_more(turn, "change"):
        turn.open_form("change", story.answers_of(interest))
        await filling.ask(turn, CHANGE_WHICH)


async def changed(turn: Turn, answers: dict[str, Any]) -> None:
    """The new answers take the place of the old; that there was a change is noted, and not what it was before."""
    interest = await story.open_request(turn)
    if interest is None:
        menu.say_menu(turn, menu.STALE)
        return
    before = story.answers_of(interest)
    keys = [key for key in before if before[key] != answers[key]]
    if not keys:
        await story.show(turn, NOTHING_CHANGED)
        return
    writer = await turn.write()
    await interests.update(writer, _with(interest, answers))
    note = ", ".join(keys)
    await interests.add_note(writer, interest.reference, Note.CHANGED, turn.person.id, turn.stamp, note)
    await story.tell_staff(turn, STAFF_CHANGED, interest.reference)
    await story.show(turn, CHANGED)


def _with(interest: Interest, answers: Answers) -> Interest:
    """The request with other answers in it."""
    return replace(
        interest,
        name=answers["name"] or "",
        age=answers["age"],
        area=answers["area"] or "",
        likes=tuple(answers["likes"] or ()),
        visitor_wishes=answers["wishes"] or "",
        contact_way=", ".join(answers["reach"] or ()),
        anything_else=answers["anything"] or "",
    )


@router.button("add", EVERYBODY)
async def add(turn: Turn) -> None:
    """Something they want the coordinator to know as well."""
    if await _to_tell_more(turn, "add"):
        await filling.begin(turn, "add")


async def added(turn: Turn, answers: dict[str, Any]) -> None:
    interest = await story.open_request(turn)
    if interest is None:
        menu.say_menu(turn, menu.STALE)
        return
    words = answers["words"]
    await interests.add_note(await turn.write(), interest.reference, Note.ADDED, turn.person.id, turn.stamp, words)
    await story.tell_staff(turn, STAFF_ADDED, interest.reference)
    await story.show(turn, ADDED)


async def _to_tell_more(turn: Turn, form: str) -> Interest | None:
    """Their request, if a form about it can begin: one that is open already, or a code not yet saved, comes first."""
    if turn.form and turn.form.name in {form, "receipt"}:
        await filling.ask(turn)
        return None
    interest = await story.open_request(turn)
    if interest is None:
        await story.show(turn)
    return interest


def _check_age(turn: Turn, answers: Answers, age: int) -> Text | None:
    return check_age(turn, {**answers, "for": "me"}, age)


def _always(_answers: Answers) -> bool:
    return True


def _change_steps() -> tuple[Step, ...]:
    """The questions of the interest form about the child, each of which may be left open here."""
    asked = [step for step in STEPS if step.key in {"name", "age", "area", "likes", "wishes", "reach", "anything"}]
    steps = [replace(step, when=_always, optional=True) for step in asked]
    steps = [replace(step, check=_check_age) if step.key == "age" else step for step in steps]
    return (*steps, Step("check", Kind.CHECK, CHANGE_WHICH))


FORMS = (
    Form("change", _change_steps(), changed, worth_keeping=False),
    Form("add", (Step("words", Kind.TEXT, WHAT_TO_ADD, longest=1000),), added, worth_keeping=False),
)
