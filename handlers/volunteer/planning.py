"""A visit planned or moved by the volunteer: so they will be there, and the child is asked at once."""

from typing import Any

from bot.domain.interest import Match
from bot.domain.recruitment import Volunteer
from bot.domain.roles import VOLUNTEERS
from bot.domain.visits import Visit
from bot.engine import appointment, filling
from bot.engine.forms import ABOUT, DRAFT, Answers, Form, Kind, Step
from bot.engine.message import Document
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.reports.calendar_file import FORMAT, KIND
from bot.store import interests, matches, visits, volunteers
from handlers import gate, menu, visit_news
from handlers.visit_news import about
from handlers.visit_planning import free_reference, runs_out
from handlers.volunteer import work

router = Router()

WHEN = _("When is the visit? Type it, like sat 2pm, or tap a day.")
TO_WHEN = _("When instead of {day} at {time}? Type it, like sun 3pm, or tap a day.")
WHAT_PLAN = _("What will you do? The young person reads it. No addresses and no surnames, please. You can skip this.")
WITH_WHOM = _("With whom?")
NO_MATCH = _("You have no match yet, so there is no visit to plan.")
NOT_READY = _("You can't plan a visit while one of your stages is not passed. My stages shows which.")
MY_STAGES = _("My stages")
DOUBLE = _("You or the young person have a visit at about that time already: {day} at {time}.")
TOO_LATE = _("That time is over now.")
PLANNED = _("Planned: {day} at {time}. {child} is asked now. This file puts it in your calendar.")
MOVED = _("Moved to {day} at {time}. {child} is told kindly, and asked. This file changes your calendar.")
RUNS_OUT = _(
    "One thing: your {stage} runs out on {until}, before that visit. Please renew it in time, or the visit has to wait."
)
STAFF_MOVED = _("{visit}: moved by the visitor to {day} at {time}. The child is asked.")
GOOD = _("Good. You're down for {day} at {time}. {child} is asked now. This file puts it in your calendar.")
STILL_GOOD = _("Good. You're down for {day} at {time}.")
STAFF_THERE = _("{visit} · {day} at {time}: the visitor will be there. The child is asked.")
DONT_KNOW = _("I don't know yet")


@router.button("vplan", VOLUNTEERS)
async def plan(turn: Turn) -> None:
    """A visit with the one child they have, or with one they choose."""
    await plan_for(turn, "")


async def plan_for(turn: Turn, said: str) -> None:
    """The same, by somebody who may have said already when it is to be."""
    volunteer = await work.known(turn)
    if volunteer is None or not await _may_plan(turn, volunteer):
        return
    found = await matches.of_volunteer(turn.reader, turn.person.id, turn.incoming.argument)
    if len(found) == 1:
        draft, wrong = appointment.typed(turn, None, said) if said else (None, None)
        turn.open_form("vplan", {ABOUT: found[0].reference} | ({DRAFT + "when": draft} if draft else {}))
        await filling.ask(turn, wrong)
        return
    turn.pause_form()
    if found:
        names = {match.reference: await child_of(turn, match.interest) for match in found}
        named = [Tap(name, f"vplan:{match}") for match, name in names.items()]
        turn.say(WITH_WHOM, *named, Tap(menu.MENU, "menu"))
    elif turn.incoming.argument:
        menu.say_menu(turn, menu.STALE)
    else:
        turn.say(NO_MATCH, Tap(work.TALK, "talk"), Tap(menu.MENU, "menu"))


async def child_of(turn: Turn, interest: str) -> Text | str:
    """What a volunteer may call a child: the first name."""
    found = await interests.find(turn.reader, interest)
    return (found.first_name if found else "") or work.THEM


async def _may_plan(turn: Turn, volunteer: Volunteer) -> bool:
    """Whether the gate is open to them; otherwise they are told what they can do, and of a suspension nothing more."""
    clear = await volunteers.clearance(turn.reader, volunteer.reference)
    if clear.ready(gate.today(turn.now).isoformat()):
        return True
    turn.pause_form()
    if clear.suspended:
        turn.say(work.ON_HOLD, Tap(work.TALK, "talk"), Tap(menu.MENU, "menu"))
    elif volunteer.paused_at:
        on_it = work.ON_A_BREAK.fill(day=turn.day(volunteer.paused_at))
        turn.say(on_it, Tap(work.I_AM_BACK, "vgoon"), Tap(menu.MENU, "menu"))
    else:
        turn.say(NOT_READY, Tap(MY_STAGES, "stages"), Tap(menu.MENU, "menu"))
    return False


async def planned(turn: Turn, answers: dict[str, Any]) -> None:
    """It is written down as confirmed, if nothing came in between."""
    volunteer = await work.known(turn)
    if volunteer is None or not await _may_plan(turn, volunteer):
        return
    match, _colon, before = str(answers["about"]).partition(":")
    found = await matches.of_volunteer(turn.reader, turn.person.id, match)
    if not found:
        menu.say_menu(turn, menu.STALE)
    elif not await _hindered(turn, "vplan", answers, found[0]):
        visit = await _add(turn, found[0], answers, before)
        await _say(turn, visit, PLANNED)
        await visit_news.tell_child(turn, visit)


def instead_of(visit: Visit) -> str:
    """What the form of a new visit is about that stands in for one a child may have known of."""
    return f"{visit.match}:{visit.planned_for if visit.told else ''}"


async def _add(turn: Turn, match: Match, answers: Answers, before: str) -> Visit:
    reference, when, words = await free_reference(turn), answers["when"], answers["plan"] or ""
    over = visit_news.reminders_over(turn.context.settings, when, turn.now)
    writer, me = await turn.write(), turn.person.id
    moved = before or None
    await visits.add(
        writer, reference, match.reference, when, words, me, turn.stamp, confirmed=True, reminded=over, moved_from=moved
    )
    return await _now(turn, reference)


async def _now(turn: Turn, reference: str) -> Visit:
    found = await visits.of_volunteer(turn.reader, reference, turn.person.id)
    if found is None:
        raise LookupError(reference)
    return found


async def _hindered(turn: Turn, form: str, answers: Answers, match: Match, moving: str = "") -> bool:
    """Whether nothing can be at that time: then they are asked for another, and what they wrote is kept."""
    double = await visits.near(turn.reader, match.reference, answers["when"], moving)
    if double is None and answers["when"] > turn.stamp:
        return False
    kept = {key: value for key, value in answers.items() if key not in {"about", "when"}}
    turn.open_form(form, {ABOUT: answers["about"], **kept})
    await filling.ask(turn, about(turn, DOUBLE, double) if double else TOO_LATE)
    return True


async def _say(turn: Turn, visit: Visit, words: Text) -> None:
    """What was planned, with its file; and what runs out before it."""
    ends = await runs_out(turn, visit.volunteer, visit.planned_for)
    said = about(turn, words, visit).fill(child=await child_of(turn, visit.interest))
    turn.say(
        turn.joined(said, *([RUNS_OUT.fill(**ends)] if ends else [])),
        *([Tap(MY_STAGES, "stages")] if ends else []),
        *taps(visit),
        document=Document(KIND, FORMAT, visit.reference),
    )


def taps(visit: Visit) -> list[Tap | list[Tap]]:
    """What a volunteer can still do about a visit they have confirmed."""
    move, cant = visit_news.answer(visit, "move"), visit_news.answer(visit, "no")
    return [[Tap(visit_news.MOVE, move), Tap(visit_news.CANT, cant)], Tap(menu.MENU, "menu")]


async def be_there(turn: Turn, found: Visit) -> None:
    """The child is asked the first time it is said; staff hear of it when they had planned it.

    Of somebody who may not visit any more, which the clock has yet to notice, the child hears nothing.
    """
    turn.drop_form("vmove")
    turn.pause_form()
    volunteer = await work.known(turn)
    if volunteer is None or not await _may_plan(turn, volunteer):
        return
    await visits.confirm(await turn.write(), found.reference, turn.stamp)
    if found.confirmed_at:
        turn.say(about(turn, STILL_GOOD, found), *taps(found))
        return
    child = await child_of(turn, found.interest)
    file = Document(KIND, FORMAT, found.reference)
    turn.say(about(turn, GOOD, found).fill(child=child), *taps(found), document=file)
    now = await visits.find(turn.reader, found.reference)
    await visit_news.tell_child(turn, now or found)
    await visit_news.tell_staff(turn, found, STAFF_THERE)


async def begin_move(turn: Turn, visit: Visit) -> None:
    """Ask for another time. That the old one does not hold is written down at once."""
    await visits.wants_to_move(await turn.write(), visit.reference, turn.stamp)
    await filling.begin(turn, "vmove", about=f"{visit.reference}:{visit.changes}:{visit.planned_for}")


async def moved(turn: Turn, answers: dict[str, Any]) -> None:
    """Another time, if the visit is still what it was."""
    reference, changes, _before = str(answers["about"]).split(":", 2)
    volunteer = await work.known(turn)
    found = await visits.of_volunteer(turn.reader, reference, turn.person.id)
    if volunteer is None or not await _may_plan(turn, volunteer):
        return
    match = await matches.find(turn.reader, found.match) if found else None
    if found is None or match is None or changes != str(found.changes) or not found.to_come(turn.stamp):
        menu.say_menu(turn, menu.STALE)
        return
    when = answers["when"]
    if when == found.planned_for:
        await be_there(turn, found)
        return
    if await _hindered(turn, "vmove", answers, match, moving=reference):
        return
    over = visit_news.reminders_over(turn.context.settings, when, turn.now)
    await visits.move(await turn.write(), found, when, found.plan, turn.stamp, confirmed=True, reminded=over)
    visit = await _now(turn, reference)
    await _say(turn, visit, MOVED)
    await visit_news.tell_child(turn, visit)
    await visit_news.tell_staff(turn, visit, STAFF_MOVED)


def _to_when(turn: Turn, answers: Answers) -> Text:
    when = str(answers[ABOUT]).split(":", 2)[2]
    return TO_WHEN.fill(day=turn.day(when), time=turn.time(when))


def _or_else(answers: Answers) -> tuple[Tap, ...]:
    """They may not know yet; or keep the time there is."""
    reference, changes, _before = str(answers[ABOUT]).split(":", 2)
    return (
        Tap(DONT_KNOW, f"vvisit:{reference}:later:{changes}"),
        Tap(visit_news.AFTER_ALL, f"vvisit:{reference}:yes:{changes}"),
    )


FORMS = (
    Form(
        "vplan",
        (
            Step("when", Kind.MOMENT, WHEN),
            Step("plan", Kind.TEXT, WHAT_PLAN, optional=True, longest=300),
        ),
        planned,
        worth_keeping=False,
    ),
    Form("vmove", (Step("when", Kind.MOMENT, _to_when, also=_or_else),), moved, worth_keeping=False),
)
