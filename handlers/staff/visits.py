"""A visit planned or called off by the coordinator; the child is told, and says yes or no to it."""

import datetime as dt
from typing import Any

from bot.domain.interest import PREFIX as INTEREST
from bot.domain.interest import Match
from bot.domain.references import new_reference, read_reference
from bot.domain.roles import STAFF
from bot.domain.visits import EARLIEST, LATEST, PREFIX, Visit, read_time, sensible
from bot.engine import filling
from bot.engine.forms import ABOUT, Answers, Form, Kind, Option, Step
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.store import allegations, audit, interests, matches, people, visits
from bot.store.clock import stamp

router = Router()

WHICH_DAY = _("Which day? Like 20 June, or next Saturday.")
PAST = _("That day is over. Which day to come?")
WHAT_TIME = _("At what time? Like 2pm or 14:30.")
NO_TIME = _("I need a time, like 2pm or 14:30.")
ODD_TIME = _("A visit begins between {earliest} and {latest}. Which time?")
TIME_PAST = _("That time is over. Which time to come?")
WHAT_PLAN = _("What will they do? The child reads this. No addresses and no surnames, please. You can skip this.")
READ_BACK = _("{reference} · a visit on {day} at {time}. Shall I ask the child?")
TELL = Option("yes", _("Yes, ask the child"))
DO_NOT = Option("no", _("No, don't plan it"))
PLANNED = _("Planned: {visit} · {day} at {time}. The child is asked, and you'll be told.")
NOT_PLANNED = _("Not planned. Nobody was told.")
DOUBLE = _("There is a visit planned at about that time: {visit}. Nothing was planned.")
NO_MATCH = _("{reference}: there is no visitor at the moment, so there is no visit to plan.")
CALL_OFF = _("{visit} · {day} at {time}. Call it off? The child is told.")
YES_CALL_OFF = _("Yes, call it off")
NO_KEEP = _("No, keep it")
CALLED_OFF = _("{visit} is called off. The child is told.")
GONE = _("There is no such visit any more.")
PAUSED = _("{reference}: visits are paused for now, so none can be planned. A manager can say when they go on.")
PLAN_A_VISIT = _("Plan a visit")
CALL_IT_OFF = _("Call off {visit}")
NEXT_VISIT = _("{visit} · {day} at {time} · the child: {said}")
SAID = {
    "": _("no answer yet"), "yes": _("yes"), "another_day": _("another day"), "no": _("does not want to"),
    "not_safe": _("does not feel safe"),
}  # fmt: skip
BETTER_DAY = _("A better day: {words}")


@router.button("plan", STAFF)
async def plan(turn: Turn) -> None:
    """A visit for a child who has a visitor."""
    reference = read_reference(turn.incoming.argument, INTEREST) or ""
    match = await matches.current(turn.reader, reference)
    if match and await _are_paused(turn, match):
        turn.say(PAUSED.fill(reference=reference), Tap(reference, f"show:{reference}"))
    elif match:
        await filling.begin(turn, "plan", about=reference)
    else:
        turn.say(NO_MATCH.fill(reference=reference or turn.incoming.argument[:20]))


async def planned(turn: Turn, answers: dict[str, Any]) -> None:
    """The visit is written down, and the child asked."""
    interest = await interests.find(turn.reader, answers["about"])
    match = await matches.current(turn.reader, answers["about"])
    if not answers["sure"]:
        turn.say(NOT_PLANNED)
        return
    if interest is None or match is None:
        turn.say(NO_MATCH.fill(reference=answers["about"]))
        return
    if await _are_paused(turn, match):
        turn.say(PAUSED.fill(reference=interest.reference), Tap(interest.reference, f"show:{interest.reference}"))
        return
    when = stamp(_moment(turn, answers))
    if double := await visits.near(turn.reader, interest.reference, when):
        turn.say(DOUBLE.fill(visit=double.reference))
        return
    while await visits.taken(turn.reader, reference := new_reference(PREFIX)):
        pass
    writer = await turn.write()
    await visits.add(writer, reference, match.reference, when, answers["plan"] or "", turn.person.id, turn.stamp)
    await audit.add(writer, turn.person.id, turn.person.role, "plan_visit", reference, turn.stamp)
    turn.say(
        PLANNED.fill(visit=reference, day=turn.day(when), time=turn.time(when)),
        Tap(interest.reference, f"show:{interest.reference}"),
    )
    await _nudge(turn, interest.person, reference)


async def _are_paused(turn: Turn, match: Match) -> bool:
    """Whether the visitor is suspended. Why is for those who may see the concern."""
    running = await allegations.suspension(turn.reader, match.reference)
    return running is not None and running.running


@router.button("calloff", STAFF)
async def call_off(turn: Turn) -> None:
    """A visit will not happen: asked once, and the child is told that it is not because of them."""
    typed, _colon, sure = turn.incoming.argument.partition(":")
    found = await visits.find(turn.reader, read_reference(typed, PREFIX) or "")
    if found is None or found.status != "planned" or found.planned_for <= turn.stamp:
        turn.say(GONE)
        return
    if sure != "yes":
        words = CALL_OFF.fill(visit=found.reference, day=turn.day(found.planned_for), time=turn.time(found.planned_for))
        data = f"calloff:{found.reference}:yes"
        turn.say(words, Tap(YES_CALL_OFF, data), Tap(NO_KEEP, f"show:{found.interest}"))
        return
    writer = await turn.write()
    await visits.cancel(writer, found.reference)
    await audit.add(writer, turn.person.id, turn.person.role, "call_off_visit", found.reference, turn.stamp)
    turn.say(CALLED_OFF.fill(visit=found.reference), Tap(found.interest, f"show:{found.interest}"))
    interest = await interests.find(turn.reader, found.interest)
    await _nudge(turn, interest.person if interest else None, found.reference)


def taps(reference: str, coming: list[Visit]) -> list[Tap | list[Tap]]:
    """What can be done about the visits of a child who has a visitor."""
    off = [Tap(CALL_IT_OFF.fill(visit=visit.reference), f"calloff:{visit.reference}") for visit in coming[:3]]
    return [Tap(PLAN_A_VISIT, f"plan:{reference}"), *off]


def lines(turn: Turn, coming: list[Visit]) -> list[Text]:
    """What is planned, and what the child says of it."""
    found = []
    for visit in coming:
        said = SAID[visit.child_said]
        found.append(
            NEXT_VISIT.fill(
                visit=visit.reference, said=said, day=turn.day(visit.planned_for), time=turn.time(visit.planned_for)
            )
        )
        found += [BETTER_DAY.fill(words=visit.child_words)] if visit.child_words else []
    return found


async def _nudge(turn: Turn, person: str | None, reference: str) -> None:
    child = await people.find(turn.reader, person) if person else None
    if child:
        await turn.nudge(child, f"visit:{reference}")


def _moment(turn: Turn, answers: Answers) -> dt.datetime:
    """The day and time that were typed, where the service is."""
    day, time = dt.date.fromisoformat(answers["day"]), read_time(answers["time"])
    if time is None:
        raise ValueError("the time was checked when it was given")
    return dt.datetime.combine(day, time, turn.context.settings.zone)


def _day_to_come(turn: Turn, _answers: Answers, day: str) -> Text | None:
    return PAST if dt.date.fromisoformat(day) < turn.day(turn.stamp) else None


def _time_to_come(turn: Turn, answers: Answers, typed: str) -> Text | None:
    time = read_time(typed)
    if time is None:
        return NO_TIME
    if not sensible(time):
        return ODD_TIME.fill(earliest=EARLIEST, latest=LATEST)
    return TIME_PAST if _moment(turn, {**answers, "time": typed}) <= turn.now else None


def _read_back(turn: Turn, answers: Answers) -> Text:
    when = stamp(_moment(turn, answers))
    return READ_BACK.fill(reference=answers[ABOUT], day=turn.day(when), time=turn.time(when))


FORMS = (
    Form(
        "plan",
        (
            Step("day", Kind.DATE, WHICH_DAY, check=_day_to_come),
            Step("time", Kind.TEXT, WHAT_TIME, longest=20, check=_time_to_come),
            Step("plan", Kind.TEXT, WHAT_PLAN, optional=True, longest=300),
            Step("sure", Kind.YES_NO, _read_back, options=(TELL, DO_NOT)),
        ),
        planned,
        worth_keeping=False,
    ),
)
