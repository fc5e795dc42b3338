"""The steps of whoever handles a complaint. Each is offered only when it is lawful, and looked at again when pressed.

Whoever complained is told that there is something to read; what they read is handlers/complaint.py's.
"""

from collections.abc import Awaitable, Callable

from markupsafe import Markup

from bot.domain.complaints import Complaint, latest_extension
from bot.domain.roles import EVERYBODY
from bot.engine import filling
from bot.engine.forms import ABOUT, Answers
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.store import audit, complaint_steps, people, talks
from handlers import menu
from handlers.cases import words
from handlers.cases.complaint import COMPLAINTS, Action, lawful, longest, nothing, show, viewer, visible
from handlers.staff.talks import REACHED

router = Router()

MINE = "mycomplaint"
"""The button by which whoever complained reads where it stands."""

UNTIL_WHEN = _(
    "It is due {due}. It may be extended once, to {latest} at the latest. They are told the day and the reason, in "
    "fixed words."
)
MAY_PAUSE = _(
    "Only while a court, the police or a disciplinary process goes first (SI 2006/1738 reg 8). The clock stands still, "
    "and they are told so. Pause it?"
)
YES_PAUSE = _("Yes, pause it")
NO_PAUSE = _("No, go on")

DONE = {
    Action.ACKNOWLEDGE: _("{reference}: acknowledged."),
    Action.ASK: _("{reference}: your question is there for them."),
    Action.EXTEND: _("{reference}: it takes longer."),
    Action.PAUSE: _("{reference}: paused."),
    Action.RESUME: _("{reference}: it goes on."),
    Action.PANEL: _("{reference}: the panel has met."),
    Action.ANSWER: _("{reference}: the answer is there for them."),
    Action.LEARN: _("{reference}: what was changed is written down."),
    Action.CLOSE: _("{reference}: closed."),
}
NOT_POSSIBLE = _("That is not possible now, and nothing was changed. Here is where it stands.")

ABOUT_FORM = {
    Action.ASK: "case_ask",
    Action.EXTEND: "case_extend",
    Action.PANEL: "case_panel",
    Action.ANSWER: "case_answer",
    Action.LEARN: "case_learn",
}
"""What has to be said for a step, asked by a form."""


@router.button("case", EVERYBODY)
async def step(turn: Turn) -> None:
    """One step: at once, or after what has to be known for it."""
    what, reference, stage = (*turn.incoming.argument.split(":"), "", "", "")[:3]
    what, _yes, sure = what.partition("!")
    complaint = await as_shown(turn, what, reference, stage)
    if complaint is None:
        return
    action = Action(what)
    if action is Action.EXTEND:
        await ask_until(turn, complaint, {}, until(turn, complaint, UNTIL_WHEN))
    elif action in ABOUT_FORM:
        await filling.begin(turn, ABOUT_FORM[action], about=about(complaint))
    elif action is Action.PAUSE and not sure:
        turn.pause_form()
        again = f"case:{Action.PAUSE}!yes:{about(complaint)}"
        turn.say(MAY_PAUSE, [Tap(YES_PAUSE, again), Tap(NO_PAUSE, f"complaints:{complaint.reference}")])
    else:
        await finish(turn, complaint, action, await AT_ONCE[action](turn, complaint))


async def as_shown(turn: Turn, what: str, reference: str, stage: str) -> Complaint | None:
    """The complaint, if this may still be done with it; otherwise they are shown where it stands."""
    complaint = await visible(turn, reference)
    if complaint is None:
        await nothing(turn)
    elif complaint.stage != stage or what not in await lawful(turn, complaint):
        await show(turn, complaint, NOT_POSSIBLE)
    else:
        return complaint
    return None


def about(complaint: Complaint) -> str:
    return f"{complaint.reference}:{complaint.stage}"


async def _acknowledge(turn: Turn, complaint: Complaint) -> bool:
    return await complaint_steps.acknowledge(await turn.write(), complaint.reference, viewer(turn), turn.stamp)


async def _pause(turn: Turn, complaint: Complaint) -> bool:
    today = words.today(turn)
    return await complaint_steps.pause(await turn.write(), complaint.reference, viewer(turn), today, turn.stamp)


async def _resume(turn: Turn, complaint: Complaint) -> bool:
    days, today = words.calendar(turn), words.today(turn)
    writer = await turn.write()
    return bool(await complaint_steps.resume(writer, complaint.reference, viewer(turn), days, today, turn.stamp))


async def _close(turn: Turn, complaint: Complaint) -> bool:
    return await complaint_steps.close(await turn.write(), complaint.reference, viewer(turn), turn.stamp)


AT_ONCE: dict[Action, Callable[[Turn, Complaint], Awaitable[bool]]] = {
    Action.ACKNOWLEDGE: _acknowledge,
    Action.PAUSE: _pause,
    Action.RESUME: _resume,
    Action.CLOSE: _close,
}


async def finish(turn: Turn, complaint: Complaint, action: Action, took: bool) -> None:  # noqa: FBT001 - what the store said
    """What was done is in the audit, whoever complained is nudged, and the handler sees where it stands now."""
    now = await visible(turn, complaint.reference)
    if now is None:
        await nothing(turn)
        return
    if not took:
        await show(turn, now, NOT_POSSIBLE)
        return
    writer = await turn.write()
    await audit.add(writer, turn.person.id, turn.person.role, f"{action}_complaint", complaint.reference, turn.stamp)
    said = [DONE[action].fill(reference=complaint.reference), *await tell_them(turn, now), words.facts(turn, now)]
    turn.say(
        Markup("\n").join(map(turn.html, said)),
        Tap(complaint.reference, f"complaints:{complaint.reference}"),
        Tap(COMPLAINTS, "complaints"),
        Tap(menu.MENU, "menu"),
    )


async def tell_them(turn: Turn, complaint: Complaint) -> list[Text]:
    """Whoever complained is told that there is something to read; whether that can reach them."""
    person = await people.find(turn.reader, complaint.person) if complaint.person else None
    if person is None:
        return []
    await turn.nudge(person, f"{MINE}:{complaint.reference}")
    return [REACHED[await talks.reach(turn.reader, person.id)]]


async def ask_until(turn: Turn, complaint: Complaint, known: Answers, lead: Text) -> None:
    turn.open_form("case_extend", {ABOUT: about(complaint), **known})
    await filling.ask(turn, lead)


def until(turn: Turn, complaint: Complaint, text: Text) -> Text:
    latest = latest_extension(words.calendar(turn), complaint.clock, longest(turn, complaint))
    return text.fill(due=complaint.clock.due_on, latest=latest)
