"""One proposal: who has said what, what a coordinator was told in person, and the match that two yeses make."""

import datetime as dt
from typing import Any

from markupsafe import Markup

from bot.domain.costs import monthly_cost
from bot.domain.interest import (
    MATCH_PREFIX,
    MAY_BE_PROPOSED,
    PROPOSAL_PREFIX,
    Interest,
    Outcome,
    Proposal,
    Said,
    Status,
)
from bot.domain.recruitment import Volunteer
from bot.domain.references import new_reference, read_reference
from bot.domain.roles import STAFF
from bot.engine import filling
from bot.engine.forms import Answers, Form, Kind, Step
from bot.engine.message import Incoming
from bot.engine.message import Kind as EventKind
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Pence, Text, _, n_
from bot.settings import Settings
from bot.store import audit, interests, matches, proposals, volunteers
from bot.store.clock import stamp
from bot.store.database import Reader
from handlers import gate, meeting, menu
from handlers.staff import matching_words, request

router = Router()

UNANSWERED = dt.timedelta(days=7)
"""Without news of a proposal for so long, the coordinators are reminded."""

NO_SUCH = _("There is no proposal with that number.")
HEAD = _("<b>{proposal}</b> · {request} · {name}, {volunteer}\n{state}")
NOT_HERE = _("{called} is not in the bot: please talk to them yourself.")
NOT_READY = _("{called} is not ready to visit now: their road says what is missing. Until then there can be no match.")
IS_FULL = _("{called} visits as many children as they can take. Until that changes there can be no match.")
WITH_THIS = _("With this match {n} of {capacity} places are taken.")
COST = _("Cost a month: {before} now, {after} with this match.")
CHANGED = _("That has changed meanwhile. Here is how it stands.")
VOLUNTEER_YES = _("The volunteer told me: yes")
VOLUNTEER_NO = _("The volunteer told me: no")
CHILD_YES = _("The child told me: yes")
CHILD_NO = _("The child told me: no")
MAKE_IT = _("Make it a match")
MAKE_IT_SO = _("Yes, make it a match")
WITHDRAW = _("Withdraw it")
SHALL_I = _(
    "Withdraw {proposal}? The volunteer is told that it will not be this one, and no more. "
    "A child who has said yes is told kindly."
)
YES_WITHDRAW = _("Yes, withdraw it")
NO_KEEP = _("No, keep it")
NOTED = _("{proposal}: noted.")
ABOVE = _("{capacity} places are paid for, and all are taken. This would be number {n}. Shall I make it a match?")
WHO_AGREED = _(
    "All {capacity} places that are paid for are taken, so this would be a spot place. "
    "Who agreed to a spot place? Their name or role, and the day."
)
MATCHED = _("{match}: {called} and the child of {reference} are a match. The child is told, and so is {called}.")
MATCHED_NOT_HERE = _(
    "{match}: {called} and the child of {reference} are a match. The child is told. "
    "{called} is not in the bot: please tell them yourself."
)
WAITS = n_(
    "{reference}: nothing has happened with this proposal for {n} day.",
    "{reference}: nothing has happened with this proposal for {n} days.",
)


def taps(proposal: Proposal) -> list[Tap]:
    """To the proposal, and to the request it is for."""
    return [
        Tap(proposal.reference, f"proposal:{proposal.reference}"),
        Tap(proposal.interest, f"show:{proposal.interest}"),
        Tap(menu.MENU, "menu"),
    ]


@router.button("proposal", STAFF)
async def proposal(turn: Turn) -> None:
    """Where one stands; or what a coordinator does with it: an answer they were told, or withdrawing it."""
    turn.pause_form()
    typed, _colon, what = turn.incoming.argument.partition(":")
    found = await _find(turn, typed)
    if found is None:
        return
    doing = {data: said for said, data, _label in _answers(found)}
    if not what:
        await _show(turn, found)
    elif what in doing:
        await _told(turn, found, what, doing[what])
    elif what == "drop" and found.open:
        words = SHALL_I.fill(proposal=found.reference)
        yes = Tap(YES_WITHDRAW, f"proposal:{found.reference}:drop:yes")
        turn.say(words, yes, Tap(NO_KEEP, f"proposal:{found.reference}"))
    elif what == "drop:yes" and found.open:
        await proposals.close(await turn.write(), found.interest, Outcome.DROPPED, turn.stamp)
        await _audit(turn, "withdraw_proposal", found)
        await meeting.tell_not_them(turn, found)
        await _show(turn, await _again(turn, found), NOTED)
    else:
        await _show(turn, found, CHANGED)


async def _find(turn: Turn, typed: str) -> Proposal | None:
    """A proposal whose child agrees that their request is seen; otherwise they are told."""
    reference = read_reference(typed, PROPOSAL_PREFIX)
    found = await proposals.find(turn.reader, reference) if reference else None
    if found is None:
        turn.say(NO_SUCH, Tap(menu.MENU, "menu"))
        return None
    return found if await request.agreed(turn, found.interest) else None


async def _again(turn: Turn, found: Proposal) -> Proposal:
    return await proposals.find(turn.reader, found.reference) or found


def _answers(found: Proposal) -> list[tuple[Said, str, Text]]:
    """What a coordinator may have been told: of the volunteer, and after their yes of the child."""
    if not found.open:
        return []
    if found.volunteer_said is Said.NOTHING:
        return [(Said.YES, "volunteer:yes", VOLUNTEER_YES), (Said.NO, "volunteer:no", VOLUNTEER_NO)]
    if found.child_said is Said.NOTHING:
        return [(Said.YES, "child:yes", CHILD_YES), (Said.NO, "child:no", CHILD_NO)]
    return []


async def _told(turn: Turn, found: Proposal, what: str, said: Said) -> None:
    """An answer given in person. The child sees what was noted as theirs, and can change it."""
    who, writer = what.partition(":")[0], await turn.write()
    says = proposals.volunteer_says if who == "volunteer" else proposals.child_says
    await says(writer, found.reference, said, turn.stamp)
    await _audit(turn, f"{who}_said_{said}", found)
    now = await _again(turn, found)
    await _show(turn, now, NOTED)
    if now.open:
        await meeting.ask(turn, now)


async def _show(turn: Turn, found: Proposal, lead: Text | None = None) -> None:
    volunteer = await _volunteer(turn, found)
    state = matching_words.state(found).fill(day=turn.day(found.closed_at or found.since))
    head = HEAD.fill(
        proposal=found.reference,
        request=found.interest,
        name=volunteer.name,
        volunteer=volunteer.reference,
        state=state,
    )
    hindrance = await _hindrance(turn, volunteer) if found.open else None
    lines = [
        *([lead.fill(proposal=found.reference)] if lead else []),
        head,
        *([NOT_HERE.fill(called=volunteer.called)] if volunteer.person is None else []),
        *([hindrance] if hindrance else []),
        *(await _places(turn) if found.open and found.agreed else []),
    ]
    data = f"proposal:{found.reference}"
    told = [Tap(label, f"{data}:{what}") for _said, what, label in _answers(found)]
    make_it = [Tap(MAKE_IT, f"match:{found.reference}")] if found.open and found.agreed and not hindrance else []
    turn.say(
        Markup("\n").join(turn.html(line) for line in lines),
        *make_it,
        *told,
        *([Tap(WITHDRAW, f"{data}:drop")] if found.open else []),
        *([Tap(volunteer.reference, f"volunteer:{volunteer.reference}")] if hindrance else []),
        Tap(found.interest, f"show:{found.interest}"),
        Tap(menu.MENU, "menu"),
    )


async def _volunteer(turn: Turn, found: Proposal) -> Volunteer:
    volunteer = await volunteers.find(turn.reader, found.volunteer)
    if volunteer is None:
        raise LookupError(found.volunteer)
    return volunteer


async def _hindrance(turn: Turn, volunteer: Volunteer) -> Text | None:
    """Why there can be no match with somebody today."""
    if not await volunteers.is_ready(turn.reader, volunteer.reference, gate.today(turn.now)):
        return NOT_READY.fill(called=volunteer.called)
    full = await volunteers.load(turn.reader, volunteer.reference) >= volunteer.capacity
    return IS_FULL.fill(called=volunteer.called) if full else None


async def _places(turn: Turn) -> list[Text]:
    """How many places this would take, and what it would cost."""
    settings, running = turn.context.settings, await matches.running(turn.reader)
    capacity, bands = settings.service.capacity, settings.costs.bands
    before, after = monthly_cost(running, bands), monthly_cost(running + 1, bands)
    places = [] if capacity is None else [WITH_THIS.fill(n=running + 1, capacity=capacity)]
    cost = [] if before is None or after is None else [COST.fill(before=Pence(before), after=Pence(after))]
    return [*places, *cost]


@router.button("match", STAFF)
async def match(turn: Turn) -> None:
    """Both have said yes: they are a match from now on. Above the capacity it takes a word more."""
    typed, _colon, sure = turn.incoming.argument.partition(":")
    found = await _to_make(turn, typed)
    if found is None:
        return
    service, number = turn.context.settings.service, await matches.running(turn.reader) + 1
    if service.capacity is None or number <= service.capacity:
        await _make(turn, found)
    elif service.spot_places:
        await filling.begin(turn, "spot", about=found.reference)
    elif sure == "yes":
        await _make(turn, found)
    else:
        turn.pause_form()
        yes = Tap(MAKE_IT_SO, f"match:{found.reference}:yes")
        words = ABOVE.fill(capacity=service.capacity, n=number)
        turn.say(words, yes, Tap(NO_KEEP, f"proposal:{found.reference}"))


async def agreed(turn: Turn, answers: dict[str, Any]) -> None:
    """Somebody agreed to a place above the capacity: who it was is kept with the match."""
    if found := await _to_make(turn, answers["about"]):
        await _make(turn, found, answers["agreed"])


async def _to_make(turn: Turn, typed: str) -> Proposal | None:
    """A proposal that can become a match now; otherwise they see how it stands."""
    found = await _find(turn, typed)
    if found is None:
        return None
    interest = await interests.find(turn.reader, found.interest)
    on_the_road = interest is not None and interest.status in MAY_BE_PROPOSED
    hindrance = await _hindrance(turn, await _volunteer(turn, found))
    if found.open and found.agreed and on_the_road and not hindrance:
        return found
    turn.pause_form()
    await _show(turn, found, CHANGED)
    return None


async def _make(turn: Turn, found: Proposal, spot_agreed: str = "") -> None:
    """The road goes on to `matched`, and both are told."""
    interest, volunteer = await interests.find(turn.reader, found.interest), await _volunteer(turn, found)
    if interest is None:
        raise LookupError(found.interest)
    while await matches.taken(turn.reader, reference := new_reference(MATCH_PREFIX)):
        pass
    writer = await turn.write()
    await proposals.close(writer, interest.reference, Outcome.MATCHED, turn.stamp)
    for step in _way(interest):
        await interests.move(writer, interest.reference, step, turn.person.id, turn.stamp)
    await matches.start(writer, reference, interest.reference, volunteer, turn.stamp, spot_agreed)
    await _audit(turn, "make_match", found)
    words = MATCHED if volunteer.person else MATCHED_NOT_HERE
    turn.say(
        words.fill(match=reference, called=volunteer.called, reference=interest.reference),
        *request.after(interest.reference),
    )
    await request.nudge(turn, interest.person)


def _way(interest: Interest) -> tuple[Status, ...]:
    """The steps to a visitor: somebody may have been asked before anybody was looked for."""
    return (Status.MATCHED,) if interest.status is Status.WAITING else (Status.WAITING, Status.MATCHED)


async def _audit(turn: Turn, action: str, found: Proposal) -> None:
    await audit.add(await turn.write(), turn.person.id, turn.person.role, action, found.reference, turn.stamp)


async def unanswered(reader: Reader, now: dt.datetime, _settings: Settings) -> list[Incoming]:
    rows = await proposals.waiting(reader, stamp(now - UNANSWERED))
    return [_event(f"proposal-waits:{row['reference']}", row["since"]) for row in rows]


@router.moment("proposal-waits", unanswered)
async def say_unanswered(turn: Turn) -> None:
    """Nobody has said or done anything for a week: those who can ask again are reminded, once in each week."""
    reference = turn.incoming.argument
    if await proposals.waiting(turn.reader, stamp(turn.now - UNANSWERED), reference):
        await proposals.nudged(await turn.write(), reference, turn.stamp)
        words = WAITS.fill(reference=reference, n=UNANSWERED.days)
        await turn.tell_staff(words, Tap(reference, f"proposal:{reference}"))


def _event(data: str, since: str) -> Incoming:
    return Incoming("clock", f"{data}:{since}", "", EventKind.CLOCK, data=data)


def _who_agreed(turn: Turn, _answers: Answers) -> Text:
    return WHO_AGREED.fill(capacity=turn.context.settings.service.capacity or 0)


FORMS = (Form("spot", (Step("agreed", Kind.TEXT, _who_agreed, longest=200),), agreed, worth_keeping=False),)
