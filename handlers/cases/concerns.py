"""Concerns for those who keep children safe: what is open, and what is done about one of them.

Every step is in the audit. A concern, an allegation and a complaint from the same words are closed each
by itself.
"""

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from markupsafe import Markup

from bot.domain.concerns import ALLEGATION_PREFIX, ALLEGED, LADO_DAYS, PREFIX, About, Allegation, Concern
from bot.domain.references import new_reference, read_reference
from bot.domain.roles import EVERYBODY, STAFF
from bot.domain.working_days import Calendar
from bot.engine import filling
from bot.engine.filling import NOTHING
from bot.engine.forms import Form, Step
from bot.engine.forms import Kind as StepKind
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.store import allegations, audit, concerns, interests, matches, people, visits, volunteers
from bot.store import gate as gate_store
from handlers import gate, menu, visit_news
from handlers.cases import alerts
from handlers.cases.concern import ABOUT, CONCERNS, KIND, show_one, state, viewer

router = Router()

LISTED = 10

NONE_OPEN = _("No concern is open that you can see.")
OPEN_ONES = n_("{n} concern is open:", "{n} concerns are open:")
MORE_THAN = _("More than {n} concerns are open. The first:")
LISTED_LINE = _("{reference} · {day} at {time} · {kind} · {state}")
NO_SUCH = _("There is no concern with that number that you can see.")
ACKNOWLEDGED = _("{reference}: you have read it, and take it on. They are told that somebody has read it.")
BEFORE_YOU = _("{reference}: somebody took it on before you.")
WHOM = _(
    "Who is it about, as far as you know? Don't ask the child. Whoever is, manages or works for them does not see it "
    "from now on."
)
NOW_ABOUT = _("{reference}: noted.")
OUT_OF_SIGHT = _("{reference}: noted. You don't see it any more. The next in line is told.")
ALLEGED_NOW = _("{reference}: an allegation. The LADO has to be told by {day}: {who}, {phone}.")
ALLEGED_BEFORE = _("There is an allegation to it already.")
NOW_SUSPENDED = _(
    "The visitor is suspended from now on, and their visits are paused, with every child they visit. The children are "
    "told kindly, without a reason. Nobody else is told: speak with the LADO first about what the visitor and the "
    "coordinator are told. If they ask the bot, it says that visits are on pause, and that the coordinator will speak "
    "with them."
)
NO_VISITOR = _("No visitor of theirs is known here, so nobody is suspended.")
DONE = _("{reference}: noted.")
NOT_NOW = _("That can't be done now. This is how it stands.")
WHY_LIFT = _(
    "Why may the visitor visit again? Only a manager sees it. Then both sides are asked anew about each visit."
)
LIFTED = _("The suspension is lifted. Visits that waited are planned again, and both sides are asked anew.")
LIFTED_NOT_READY = _("The suspension is lifted. No visit can be planned yet: {why}.")
NOT_LIFTED = _("It is not lifted: only a manager may who sees every allegation about this visitor.")

Action = Callable[[Turn, Concern, str], Awaitable[None]]


@router.command("concerns", EVERYBODY)
@router.button("concerns", EVERYBODY)
async def show(turn: Turn) -> None:
    """What is open; with a number that one; with an action after the number, it is done."""
    typed, _colon, what = turn.incoming.argument.partition(":")
    if not typed:
        await _list(turn)
        return
    reference = read_reference(typed, PREFIX)
    concern = await concerns.find(turn.reader, reference, viewer(turn)) if reference else None
    action, _colon, which = what.partition(":")
    if concern is None:
        await nothing(turn)
    elif action in ACTIONS:
        await ACTIONS[action](turn, concern, which)
    else:
        await show_one(turn, concern)


async def nothing(turn: Turn) -> None:
    """The same words for what is not there and for what somebody may not see; to a guest none of it exists."""
    if turn.person.role in STAFF:
        turn.pause_form()
        turn.say(NO_SUCH, Tap(CONCERNS, "concerns"), Tap(menu.MENU, "menu"))
    else:
        await menu.unknown(turn)


async def _list(turn: Turn) -> None:
    found = await concerns.open_ones(turn.reader, viewer(turn), LISTED + 1)
    if not found and turn.person.role not in STAFF:
        await menu.unknown(turn)
        return
    turn.pause_form()
    shown = found[:LISTED]
    head = OPEN_ONES.fill(n=len(found)) if len(found) <= LISTED else MORE_THAN.fill(n=LISTED)
    lines = [head if found else NONE_OPEN, *(_in_list(turn, concern) for concern in shown)]
    turn.say(
        Markup("\n").join(map(turn.html, lines)),
        *(Tap(concern.reference, f"concerns:{concern.reference}") for concern in shown),
        Tap(menu.MENU, "menu"),
    )


def _in_list(turn: Turn, concern: Concern) -> Text:
    when = {"day": turn.day(concern.raised_at), "time": turn.time(concern.raised_at)}
    return LISTED_LINE.fill(reference=concern.reference, kind=KIND[concern.kind], state=state(turn, concern), **when)


# What is done


async def _read(turn: Turn, concern: Concern, _which: str) -> None:
    """Somebody takes it on: the child can know it, and nobody else is told in vain."""
    if not await concerns.acknowledge(await turn.write(), concern.reference, viewer(turn), turn.stamp):
        await _again(turn, concern, BEFORE_YOU.fill(reference=concern.reference))
        return
    await _audit(turn, "acknowledge_concern", concern)
    await _again(turn, concern, ACKNOWLEDGED.fill(reference=concern.reference))
    await alerts.nudge_child(turn, concern)
    for person in await concerns.watchers(turn.reader, concern.reference):
        if person.id != turn.person.id:
            await alerts.notify(turn, person, alerts.TAKEN_ON.fill(reference=concern.reference), concern)


async def _who(turn: Turn, concern: Concern, which: str) -> None:
    """Whom it is about: asked, and then whoever may not see it does not."""
    if which not in set(About):
        turn.pause_form()
        taps = [Tap(label, f"concerns:{concern.reference}:who:{about}") for about, label in ABOUT.items()]
        turn.say(WHOM, *taps, Tap(concern.reference, f"concerns:{concern.reference}"))
        return
    await concerns.set_about(await turn.write(), concern.reference, About(which), None, turn.person.role, turn.stamp)
    await _audit(turn, "concern_about", concern)
    if await concerns.find(turn.reader, concern.reference, viewer(turn)):
        await _again(turn, concern, NOW_ABOUT.fill(reference=concern.reference))
        return
    turn.say(OUT_OF_SIGHT.fill(reference=concern.reference), Tap(CONCERNS, "concerns"), Tap(menu.MENU, "menu"))
    if now := await concerns.find(turn.reader, concern.reference, None):
        await alerts.ring(turn, now)


async def _alleged(turn: Turn, concern: Concern, _which: str) -> None:
    """An allegation: the LADO hears of it within a working day. About the visitor: no visit goes ahead."""
    if concern.about not in ALLEGED:
        await _again(turn, concern, NOT_NOW)
        return
    if await allegations.of_concern(turn.reader, concern.reference, None):
        await _again(turn, concern, ALLEGED_BEFORE)
        return
    match = await _visitor_of(turn, concern) if concern.about is About.VISITOR else None
    settings = turn.context.settings
    days = Calendar.of(settings.service.jurisdiction, settings.complaints.extra_holidays)
    due = days.due(turn.day(turn.stamp), LADO_DAYS)
    while await allegations.taken(turn.reader, reference := new_reference(ALLEGATION_PREFIX)):
        pass
    allegation = Allegation(reference, concern.reference, match, turn.stamp, due.isoformat())
    await allegations.add(await turn.write(), allegation, turn.person.id)
    await _audit(turn, "allegation", concern)
    lado = settings.contacts.lado
    said = [ALLEGED_NOW.fill(reference=reference, day=due, who=lado.name, phone=lado.phone or lado.email or NOTHING)]
    if concern.about is About.VISITOR:
        said.append(NOW_SUSPENDED if match else NO_VISITOR)
    await _again(turn, concern, *said)
    if match and (running := await allegations.suspension(turn.reader, match)):
        await _tell_children(turn, running.volunteer)


async def _tell_children(turn: Turn, volunteer: str, *, but: Collection[str] = ()) -> None:
    """Whoever a visitor sees has something to read: how it is with their visits, and no reason. `but`: requests."""
    for row in await gate_store.children(turn.reader, volunteer):
        child = await people.find(turn.reader, row["person"])
        if child and row["interest"] not in but:
            await turn.nudge(child, "visit")


async def _visitor_of(turn: Turn, concern: Concern) -> str | None:
    """The match of whoever raised it, as it was then: ended since, its visitor may still visit other children."""
    interest = await interests.newest_of(turn.reader, concern.person) if concern.person else None
    match = await matches.at_the_time(turn.reader, interest.reference, concern.raised_at) if interest else None
    return match.reference if match else None


async def _lado(turn: Turn, concern: Concern, which: str) -> None:
    reference = read_reference(which, ALLEGATION_PREFIX) or ""
    done = await allegations.lado_told(await turn.write(), reference, viewer(turn), turn.stamp)
    await _note(turn, concern, "lado_told", reference, done=done)


async def _over(turn: Turn, concern: Concern, which: str) -> None:
    reference = read_reference(which, ALLEGATION_PREFIX) or ""
    done = await allegations.close(await turn.write(), reference, viewer(turn), turn.stamp)
    await _note(turn, concern, "close_allegation", reference, done=done)


async def _file(turn: Turn, concern: Concern, _which: str) -> None:
    """The case file has it, with a receipt in writing: its words need not stay here."""
    done = await concerns.hand_over(await turn.write(), concern.reference, viewer(turn), turn.stamp)
    await _note(turn, concern, "hand_over_concern", concern.reference, done=done)


async def _close(turn: Turn, concern: Concern, _which: str) -> None:
    done = await concerns.close(await turn.write(), concern.reference, viewer(turn), turn.stamp)
    await _note(turn, concern, "close_concern", concern.reference, done=done)


async def _note(turn: Turn, concern: Concern, action: str, reference: str, *, done: bool) -> None:
    if done:
        await _audit(turn, action, concern)
    await _again(turn, concern, DONE.fill(reference=reference) if done else NOT_NOW)


async def _again(turn: Turn, concern: Concern, *said: Text) -> None:
    """The same concern as it is now, with what there is to say before it."""
    now = await concerns.find(turn.reader, concern.reference, viewer(turn))
    if now:
        await show_one(turn, now, *said)


async def _audit(turn: Turn, action: str, concern: Concern) -> None:
    await audit.add(await turn.write(), turn.person.id, turn.person.role, action, concern.reference, turn.stamp)


async def _lift(turn: Turn, concern: Concern, which: str) -> None:
    """Only a manager who is not conflicted, and with a reason."""
    allegation = await _its_own(turn, concern, which)
    match = allegation.match if allegation else None
    if match and await allegations.may_lift(turn.reader, match, viewer(turn)):
        await filling.begin(turn, "lift", about=f"{concern.reference}:{match}")
    else:
        await _again(turn, concern, NOT_LIFTED)


async def _its_own(turn: Turn, concern: Concern, which: str) -> Allegation | None:
    found = await allegations.of_concern(turn.reader, concern.reference, viewer(turn))
    return next((one for one in found if one.reference == read_reference(which, ALLEGATION_PREFIX)), None)


async def lifted(turn: Turn, answers: dict[str, Any]) -> None:
    """The visitor may visit again, if nothing else stands in the way: both sides are asked about each visit anew.

    A child with no visit to come is told so.
    """
    reference, _colon, match = str(answers["about"]).partition(":")
    writer = await turn.write()
    planned = await allegations.lift(writer, match, viewer(turn), answers["reason"], turn.stamp)
    if planned is None:
        turn.say(NOT_LIFTED, Tap(CONCERNS, "concerns"), Tap(menu.MENU, "menu"))
        return
    await audit.add(writer, turn.person.id, turn.person.role, "lift_suspension", match, turn.stamp)
    its = await matches.find(turn.reader, match)
    if its:
        await _go_on(turn, reference, its.volunteer, planned)


async def _go_on(turn: Turn, reference: str, volunteer: str, planned: list[str]) -> None:
    stands = await volunteers.clearance(turn.reader, volunteer)
    ready = stands.ready(gate.today(turn.now).isoformat())
    words = LIFTED if ready else LIFTED_NOT_READY.fill(why=await gate.reasons(turn, volunteer, stands))
    turn.say(words, Tap(reference, f"concerns:{reference}"), Tap(menu.MENU, "menu"))
    if ready:
        await visit_news.asked_again(turn, planned)
        found = [visit for one in planned if (visit := await visits.find(turn.reader, one))]
        await _tell_children(turn, volunteer, but={visit.interest for visit in found if visit.told})


ACTIONS: dict[str, Action] = {
    "read": _read,
    "who": _who,
    "alleged": _alleged,
    "lado": _lado,
    "over": _over,
    "file": _file,
    "close": _close,
    "lift": _lift,
}
"""What can be done about a concern, by the word its button carries."""

FORMS = (Form("lift", (Step("reason", StepKind.TEXT, WHY_LIFT, longest=500),), lifted, worth_keeping=False),)
