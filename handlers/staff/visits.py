"""A visit planned, moved or called off by the coordinator. Its visitor is asked first; the child when they said yes."""

from collections.abc import Sequence
from typing import Any

from bot.domain.interest import PREFIX as INTEREST
from bot.domain.interest import Match
from bot.domain.references import read_reference
from bot.domain.roles import STAFF
from bot.domain.visits import PREFIX, Visit, VolunteerSaid
from bot.engine import filling
from bot.engine.forms import ABOUT, Answers, Form, Kind, Option, Step
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.store import allegations, audit, matches, visits, volunteers
from handlers import gate, menu, visit_news
from handlers.visit_news import about
from handlers.visit_planning import free_reference, runs_out

router = Router()

WHEN = _("When? Like Saturday 2pm, or 20 June at 14:30.")
TO_WHEN = _("{visit} · {day} at {time}. When instead? Like Saturday 2pm, or 20 June at 14:30.")
WHAT_PLAN = _("What will they do? The child reads this. No addresses and no surnames, please. You can skip this.")
READ_BACK = _("{reference} · a visit on {day} at {time}. Shall I ask the visitor, and then the child?")
YES_PLAN = Option("yes", _("Yes, ask them"))
DO_NOT = Option("no", _("No, don't plan it"))
PLANNED = _("Planned: {visit} · {day} at {time}. The visitor is asked; the child when they have said yes.")
MOVED = _("{visit}: moved to {day} at {time}. The visitor is asked; the child when they have said yes.")
CHILD_WAITS = _("The child reads now that a new time is being found.")
RUNS_OUT = _("The visitor's {stage} runs out on {until}, before this visit.")
TOO_LATE = _("That time is over.")
NOT_PLANNED = _("Not planned. Nobody was told.")
DOUBLE = _("The child or the visitor has a visit at about that time: {visit} · {day} at {time}.")
NO_MATCH = _("{reference}: there is no visitor at the moment, so there is no visit to plan.")
CALL_OFF = _("{visit} · {day} at {time}. Call it off? Whoever knows of it is told.")
YES_CALL_OFF = _("Yes, call it off")
NO_KEEP = _("No, keep it")
CALLED_OFF = _("{visit} is called off. The visitor is told, and the child if they knew of it.")
CALLED_OFF_TELL = _("{visit} is called off. The child is told if they knew of it. Please tell the visitor yourself.")
GONE = _("There is no such visit any more.")
PAUSED = _("{reference}: visits are paused for now, so none can be planned. A manager can say when they go on.")
NOT_READY = _(
    "{reference}: the visitor may not visit now, so no visit can be planned. Their page says what is missing."
)
CONFIRMED = _("{visit} · {day} at {time}: noted. The child is asked.")
SURE = _("{visit} · {day} at {time}: the visitor had said so. The child has been asked.")
PLAN_A_VISIT = _("Plan a visit")
CALL_IT_OFF = _("Call off {visit}")
MOVE_IT = _("Move {visit}")
WILL_BE_THERE = _("They'll be there: {visit}")
NEXT_VISIT = _("{visit} · {day} at {time} · the visitor: {answer} · the child: {said}")
ANSWER = {
    VolunteerSaid.NOTHING: _("no answer yet"), VolunteerSaid.YES: _("will be there"),
    VolunteerSaid.MOVE: _("has to move it"), VolunteerSaid.NO: _("can't come"),
}  # fmt: skip
SAID = {
    "": _("no answer yet"), "yes": _("yes"), "another_day": _("another day"), "no": _("does not want to"),
    "not_safe": _("does not feel safe"),
}  # fmt: skip
NOT_TOLD = _("not asked yet")
IS_OFF = _("{visit} · {day} at {time} · off · {who}")
WHO = {
    "child": _("the child: {said}"), "volunteer": _("the visitor can't come"), "staff": _("called off by staff"),
    "": _("called off"),
}  # fmt: skip
BETTER_DAY = _("A better day: {words}")

SHOWN = 3
"""Visits to come that have buttons."""


@router.button("plan", STAFF)
async def plan(turn: Turn) -> None:
    """A visit for a child who has a visitor."""
    reference = read_reference(turn.incoming.argument, INTEREST) or ""
    if await _free_to_plan(turn, reference or turn.incoming.argument[:20]):
        await filling.begin(turn, "plan", about=reference)


async def _free_to_plan(turn: Turn, reference: str) -> Match | None:
    """The child's match, if a visit can be planned; otherwise they are told why. Of a suspension, that it is there."""
    match = await matches.current(turn.reader, reference)
    if match is None:
        turn.say(NO_MATCH.fill(reference=reference))
        return None
    if await volunteers.is_ready(turn.reader, match.volunteer, gate.today(turn.now)):
        return match
    running = await allegations.suspension(turn.reader, match.reference)
    if running and running.running:
        turn.say(PAUSED.fill(reference=reference), Tap(reference, f"show:{reference}"))
    else:
        page = Tap(match.volunteer, f"volunteer:{match.volunteer}")
        turn.say(NOT_READY.fill(reference=reference), page, Tap(reference, f"show:{reference}"))
    return None


async def planned(turn: Turn, answers: dict[str, Any]) -> None:
    """The visit is written down, and the visitor asked."""
    if not answers["sure"]:
        turn.say(NOT_PLANNED)
        return
    match = await _free_to_plan(turn, answers["about"])
    if match is None or await _hindered(turn, "plan", answers, match.reference):
        return
    reference, when, words = await free_reference(turn), answers["when"], answers["plan"] or ""
    over = visit_news.reminders_over(turn.context.settings, when, turn.now)
    writer, me = await turn.write(), turn.person.id
    await visits.add(writer, reference, match.reference, when, words, me, turn.stamp, reminded=over)
    await _ask(turn, reference, "plan_visit", PLANNED)


async def _hindered(turn: Turn, form: str, answers: Answers, match: str, moving: str = "") -> bool:
    """Whether nothing can be at that time: then they are asked for another, and what they wrote is kept."""
    double = await visits.near(turn.reader, match, answers["when"], moving)
    if double is None and answers["when"] > turn.stamp:
        return False
    kept = {"plan": answers["plan"]} if "plan" in answers else {}
    turn.open_form(form, {ABOUT: answers["about"], **kept})
    await filling.ask(turn, about(turn, DOUBLE, double) if double else TOO_LATE)
    return True


async def _ask(turn: Turn, reference: str, action: str, words: Text) -> None:
    """Staff read what is so now, the visitor is asked, and a child who knew of another time hears that it is off."""
    visit = await visits.find(turn.reader, reference)
    if visit is None:
        raise LookupError(reference)
    await audit.add(await turn.write(), turn.person.id, turn.person.role, action, reference, turn.stamp)
    asked = await visit_news.ask_visitor(turn, visit)
    ends = await runs_out(turn, visit.volunteer, visit.planned_for)
    lines = [
        words if asked else visit_news.NOT_IN_THE_BOT,
        *([CHILD_WAITS] if visit.told else []),
        *([RUNS_OUT.fill(**ends)] if ends else []),
    ]
    told_me = [] if asked else [Tap(visit_news.THEY_TOLD_ME, f"confirmed:{reference}")]
    said = turn.joined(*(about(turn, line, visit) for line in lines))
    turn.say(
        said, *told_me, Tap(visit_news.CALENDAR, f"ics:{reference}"), Tap(visit.interest, f"show:{visit.interest}")
    )
    await visit_news.tell_child(turn, visit)


@router.button("moveit", STAFF)
async def move_it(turn: Turn) -> None:
    """Another day or time for a visit to come."""
    found = await _to_come(turn, turn.incoming.argument)
    if found and await _free_to_plan(turn, found.interest):
        await filling.begin(turn, "moveit", about=f"{found.reference}:{found.changes}:{found.planned_for}")


async def moved(turn: Turn, answers: dict[str, Any]) -> None:
    """If it is still what it was when they were asked."""
    reference, changes, _before = str(answers["about"]).split(":", 2)
    found = await _to_come(turn, reference)
    if found is None or not await _free_to_plan(turn, found.interest):
        return
    if changes != str(found.changes):
        turn.say(GONE, Tap(found.interest, f"show:{found.interest}"))
        return
    if await _hindered(turn, "moveit", answers, found.match, moving=reference):
        return
    when = answers["when"]
    over = visit_news.reminders_over(turn.context.settings, when, turn.now)
    await visits.move(await turn.write(), found, when, found.plan, turn.stamp, reminded=over)
    await _ask(turn, reference, "move_visit", MOVED)


@router.button("confirmed", STAFF)
async def confirmed(turn: Turn) -> None:
    """The visitor told the coordinator that they will be there: so the child is asked."""
    found = await _to_come(turn, turn.incoming.argument)
    if found is None:
        return
    if found.confirmed_at and found.volunteer_said is VolunteerSaid.YES:
        turn.say(about(turn, SURE, found), Tap(found.interest, f"show:{found.interest}"))
        return
    if not await _free_to_plan(turn, found.interest):
        return
    writer = await turn.write()
    await visits.confirm(writer, found.reference, turn.stamp)
    await audit.add(writer, turn.person.id, turn.person.role, "confirm_visit", found.reference, turn.stamp)
    file = Tap(visit_news.CALENDAR, f"ics:{found.reference}")
    turn.say(about(turn, CONFIRMED, found), file, Tap(found.interest, f"show:{found.interest}"))
    now = await visits.find(turn.reader, found.reference)
    if now and not found.confirmed_at:
        await visit_news.tell_child(turn, now)


@router.button("calloff", STAFF)
async def call_off(turn: Turn) -> None:
    """A visit will not happen: asked once, and the child is told that it is not because of them."""
    typed, _colon, sure = turn.incoming.argument.partition(":")
    found = await _to_come(turn, typed)
    if found is None:
        return
    if sure != "yes":
        data = f"calloff:{found.reference}:yes"
        turn.say(about(turn, CALL_OFF, found), Tap(YES_CALL_OFF, data), Tap(NO_KEEP, f"show:{found.interest}"))
        return
    writer = await turn.write()
    await visits.cancel(writer, found.reference, "staff")
    await audit.add(writer, turn.person.id, turn.person.role, "call_off_visit", found.reference, turn.stamp)
    told = await visit_news.tell_visitor_off(turn, found)
    words = CALLED_OFF if told else CALLED_OFF_TELL
    turn.say(about(turn, words, found), Tap(found.interest, f"show:{found.interest}"))
    await visit_news.tell_child(turn, found)


@router.button("ics", STAFF)
async def calendar(turn: Turn) -> None:
    """The file of a visit, for a calendar."""
    turn.pause_form()
    found = await visits.find(turn.reader, read_reference(turn.incoming.argument, PREFIX) or "")
    if found:
        visit_news.say_file(turn, found)
    else:
        turn.say(GONE, Tap(menu.MENU, "menu"))


async def _to_come(turn: Turn, typed: str) -> Visit | None:
    """The visit somebody means, if it is planned and to come; otherwise they are told."""
    found = await visits.find(turn.reader, read_reference(typed, PREFIX) or "")
    if found is None or not found.to_come(turn.stamp):
        turn.pause_form()
        turn.say(GONE, Tap(menu.MENU, "menu"))
        return None
    return found


def taps(reference: str, coming: Sequence[Visit]) -> list[Tap | list[Tap]]:
    """What can be done about the visits of a child who has a visitor."""
    found: list[Tap | list[Tap]] = [Tap(PLAN_A_VISIT, f"plan:{reference}")]
    for visit in [visit for visit in coming if visit.status == "planned"][:SHOWN]:
        name = visit.reference
        found += [] if visit.confirmed_at else [Tap(WILL_BE_THERE.fill(visit=name), f"confirmed:{name}")]
        found.append(
            [Tap(MOVE_IT.fill(visit=name), f"moveit:{name}"), Tap(CALL_IT_OFF.fill(visit=name), f"calloff:{name}")]
        )
    return found


def lines(turn: Turn, coming: Sequence[Visit]) -> list[Text]:
    """What is planned, and what its visitor and the child say of it."""
    found = []
    for visit in coming:
        if visit.status != "planned":
            who = WHO[visit.cancelled_by].fill(said=SAID[visit.child_said])
            found.append(about(turn, IS_OFF, visit).fill(who=who))
            continue
        said = SAID[visit.child_said] if visit.confirmed_at else NOT_TOLD
        found.append(about(turn, NEXT_VISIT, visit).fill(answer=ANSWER[visit.volunteer_said], said=said))
        found += [BETTER_DAY.fill(words=visit.child_words)] if visit.child_words else []
    return found


def _read_back(turn: Turn, answers: Answers) -> Text:
    when = answers["when"]
    return READ_BACK.fill(reference=answers[ABOUT], day=turn.day(when), time=turn.time(when))


def _to_when(turn: Turn, answers: Answers) -> Text:
    visit, _changes, when = str(answers[ABOUT]).split(":", 2)
    return TO_WHEN.fill(visit=visit, day=turn.day(when), time=turn.time(when))


FORMS = (
    Form(
        "plan",
        (
            Step("when", Kind.MOMENT, WHEN),
            Step("plan", Kind.TEXT, WHAT_PLAN, optional=True, longest=300),
            Step("sure", Kind.YES_NO, _read_back, options=(YES_PLAN, DO_NOT)),
        ),
        planned,
        worth_keeping=False,
    ),
    Form("moveit", (Step("when", Kind.MOMENT, _to_when),), moved, worth_keeping=False),
)
