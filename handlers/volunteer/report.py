"""What came of a visit: all of it in one line, or by taps. Every answer is read back before it counts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.references import read_reference
from bot.domain.reports import Report, cost_pence, needs_receipt, over_budget
from bot.domain.roles import VOLUNTEERS
from bot.domain.visits import PREFIX, Visit
from bot.engine import filling
from bot.engine.answers import NO, YES
from bot.engine.forms import ABOUT, Answers, Form, Kind, Step
from bot.engine.report_line import Line, read_line
from bot.engine.router import Router
from bot.engine.turn import ASIDE, Tap, Turn
from bot.i18n import Pence, Text, _
from bot.store import concerns, visit_reports, visits
from bot.store.clock import stamp
from handlers import menu, visit_sides
from handlers.volunteer.report_form import (
    A_WORRY,
    NOT_ASKED,
    STEPS,
    STILL_A_WORRY,
    About,
    both,
    costs_of,
    was_said,
    worry_button,
)

router = Router()

WHICH = _("Which visit? These are over and have no report yet.")
ONE = _("{day} at {time}")
NOTHING_TO_REPORT = _("There is no visit to report. When one is over, you find it here.")
NOT_YET = _("That visit is on {day} at {time}. You can report it once it has begun.")
WAS_CALLED_OFF = _("The visit on {day} was called off, so there is nothing to report.")
ALREADY = _("You have reported the visit on {day}. Thank you. Would you like to put something right?")
CHANGE_IT = _("Say it again")
TOO_OLD = _("You reported the visit on {day} a while ago, so it stays as it is. If it's not right, tell {coordinator}.")
FIRST_THE_OTHER = _("You began this report before. First finish it, or stop it.")

IN_ONE_LINE = _(
    "Your visit on {day} at {time}: did it happen? Tap, or say it all in one line, like:\n"
    "done 2.5h bowling, she chose, good mood, £4.20, 12 miles\nno show"
)
NOT_READ = _(
    "I couldn't tell from that how it went, so I kept nothing of it. "
    "Say it like: done 2h bowling. Or: didn't happen, he was ill. Or tap."
)
WORRY_FIRST = _("Your report waits meanwhile. This goes another way, and not into the report.")

THANKS = _("Thank you. Your report on {day} is written down.")
CLAIM = _("You claim {cost}.")
OVER = _("{Coordinator} looks at it first, as it's more than is usual.")
RECEIPT = _("Please keep the receipt: {coordinator} needs it.")
YOU_WROTE = _("About the next time you wrote: {words}")
NOT_TOLD_YET = _("You said you have a worry. Nobody has been told of it yet.")
PLAN_THE_NEXT = _("Plan the next visit")

STAFF_PASS_ON = _("{visit}: the volunteer has something to pass on.")
STAFF_NOT_EXPLAINED = _("{visit}: the child has not been told yet how to complain. The next report asks again.")
STAFF_OVER = _("{visit}: {cost} is claimed, more than the {budget} for one visit.")

MAY_CHANGE = dt.timedelta(days=7)
"""For so long a report can be put right by whoever made it."""

LONGEST_LINE = 500

TOLD_LATELY = dt.timedelta(days=1)
"""A worry that was told within this time is the one that was ticked."""


# Which visit


@router.command("report", VOLUNTEERS)
@router.button("report", VOLUNTEERS)
async def report(turn: Turn) -> None:
    """One visit, or the list of those that have no report yet. A report once begun comes first."""
    typed, _colon, said = turn.incoming.argument.partition(":")
    if said == "worry":
        await _worry(turn, typed)
    elif begun := _begun(turn):
        await _go_on(turn, begun, typed)
    elif not typed:
        await _list(turn)
    elif found := await _own(turn, typed):
        await _begin(turn, found, said)
    else:
        menu.say_menu(turn, menu.STALE)


async def _own(turn: Turn, typed: str) -> Visit | None:
    return await visits.of_volunteer(turn.reader, read_reference(typed, PREFIX) or "", turn.person.id)


async def _list(turn: Turn) -> None:
    turn.pause_form()
    waiting = await visit_reports.to_report(turn.reader, turn.person.id, turn.stamp)
    taps = [Tap(_on(turn, ONE, visit["planned_for"]), f"report:{visit['reference']}") for visit in waiting]
    turn.say(WHICH if taps else NOTHING_TO_REPORT, *taps, Tap(menu.MENU, "menu"))


async def _begin(turn: Turn, found: Visit, said: str) -> None:
    """The first screen; or the form, after a yes or a no. What cannot be reported says why."""
    before = await visit_reports.find(turn.reader, found.reference)
    words = _why_no_report(turn, found, before["reported_at"] if before else None, again=said == "again")
    if words:
        again = [Tap(CHANGE_IT, f"report:{found.reference}:again")] if words.msgid == ALREADY.msgid else []
        turn.pause_form()
        turn.say(words, *again, Tap(menu.MENU, "menu"))
        return
    about = await _about(turn, found)
    if said in {"yes", "no"}:
        begun = dict.fromkeys(NOT_ASKED) | ({"worry": True} if _is_ticked(turn) else {})
        turn.drop_form("report_line")
        await filling.begin(turn, "report", {**begun, "happened": said == "yes"}, about=about.kept())
    else:
        await filling.begin(turn, "report_line", about=about.kept())


def _why_no_report(turn: Turn, found: Visit, reported_at: str | None, *, again: bool) -> Text | None:
    """Why there is nothing to report of a visit; None when there is."""
    if found.status not in {"planned", "recorded"}:
        return _on(turn, WAS_CALLED_OFF, found.planned_for)
    if found.planned_for > turn.stamp:
        return _on(turn, NOT_YET, found.planned_for)
    if reported_at and reported_at < stamp(turn.now - MAY_CHANGE):
        return _on(turn, TOO_OLD, found.planned_for)
    return _on(turn, ALREADY, found.planned_for) if reported_at and not again else None


def _on(turn: Turn, text: Text, when: str) -> Text:
    return text.fill(day=turn.day(when), time=turn.time(when))


# A report that was begun


def _unfinished(turn: Turn) -> Mapping[str, Any]:
    """The answers of a report that was begun, whether it is open or waits."""
    if turn.form is None:
        return {}
    found: Mapping[str, Any] = (
        turn.form.answers if turn.form.name == "report" else turn.form.answers.get(ASIDE, {}).get("report", {})
    )
    return found


def _begun(turn: Turn) -> str:
    """The visit of a report that was begun."""
    kept = _unfinished(turn).get(ABOUT)
    return About.of(kept).visit if kept else ""


async def _go_on(turn: Turn, begun: str, asked: str) -> None:
    if turn.form and turn.form.name != "report":
        turn.open_form("report")
    await filling.ask(turn, FIRST_THE_OTHER if asked not in {"", begun} else None)


# A worry


async def _worry(turn: Turn, typed: str) -> None:
    """It goes the way of all worries: to those who keep children safe, and never into a report. That one waits."""
    found = await _own(turn, typed)
    if found is None:
        menu.say_menu(turn, menu.STALE)
        return
    if turn.form and turn.form.name in {"report", "report_line"}:
        turn.form = replace(turn.form, answers={"worry": True, **turn.form.answers})
    turn.open_form("tell_more", {ABOUT: found.reference})
    await filling.ask(turn, WORRY_FIRST)


def _is_ticked(turn: Turn) -> bool:
    return bool(turn.form and turn.form.name == "report_line" and turn.form.answers.get("worry"))


# In one line


async def _about(turn: Turn, found: Visit) -> About:
    settings = turn.context.settings
    explain = settings.visits.explain_complaints and not await visit_reports.explained(turn.reader, found.match)
    costs = settings.expenses
    return About(found.reference, found.planned_for, costs.budget_pence, costs.mileage_pence, explain)


def _first_words(turn: Turn, answers: Answers) -> Text:
    return _on(turn, IN_ONE_LINE, About.of(answers[ABOUT]).planned_for)


def _yes_or_no(answers: Answers) -> tuple[Tap, ...]:
    data = f"report:{About.of(answers[ABOUT]).visit}"
    return (Tap(YES, f"{data}:yes"), Tap(NO, f"{data}:no"), *worry_button(answers))


def _says_something(turn: Turn, _answers: Answers, text: str) -> Text | None:
    return NOT_READ if _read(turn, text).says_nothing else None


def _read(turn: Turn, text: str) -> Line:
    return read_line(turn.context.words, turn.language, text)


async def line_done(turn: Turn, answers: dict[str, Any]) -> None:
    """What was understood is filled in. Once it is known whether it happened, only what must be known is asked."""
    line = _read(turn, answers["line"])
    known = _known(line) | ({"worry": True} if answers.get("worry") else {})
    unsaid = {step.key: None for step in STEPS if step.optional} if line.report.happened is not None else {}
    await filling.begin(turn, "report", {**unsaid, **known}, about=answers["about"])


async def typed(turn: Turn) -> bool:
    """What came of a visit in one line, when that is the last thing they were asked. False when it is not that.

    Who was not asked has to say that it happened and for how long, and there has to be but one visit to report.
    """
    line = turn.incoming.text.strip()
    if _begun(turn) or len(line) > LONGEST_LINE:
        return False
    read = _read(turn, line).report
    which = await visit_reports.asked_last(turn.reader, turn.person.id, turn.stamp)
    if which is None and read.happened and read.minutes:
        waiting = await visit_reports.to_report(turn.reader, turn.person.id, turn.stamp)
        which = waiting[0]["reference"] if len(waiting) == 1 else None
    found = await _own(turn, which) if which and read.happened is not None else None
    if found is None:
        return False
    await line_done(turn, {"line": line, "about": (await _about(turn, found)).kept()})
    return True


def _known(line: Line) -> dict[str, Any]:
    said = line.report
    found = {
        "happened": said.happened,
        "why_not": said.why_not,
        "minutes": said.minutes,
        "activity": said.activity,
        "chosen_by": said.chosen_by,
        "child_mood": str(said.child_mood or ""),
        "costs": costs_of(said.pence, said.miles_tenths),
        "pass_on": said.pass_on,
        "next": line.next_words,
    }
    return {key: value for key, value in found.items() if value not in {None, ""}}


# What is done


async def done(turn: Turn, answers: dict[str, Any]) -> None:
    """The report is written down, and the claim with it; who should know of it is told, without a word of it."""
    found = await visits.of_volunteer(turn.reader, About.of(answers["about"]).visit, turn.person.id)
    before = await visit_reports.find(turn.reader, found.reference) if found else None
    if found is None or _why_no_report(turn, found, before["reported_at"] if before else None, again=True):
        menu.say_menu(turn, menu.STALE)
        return
    made, writer, sides = _report(answers), await turn.write(), await visit_sides.of(turn, found.reference)
    day, rate = turn.day(found.planned_for), turn.context.settings.expenses.mileage_pence
    await visit_reports.add(writer, found.reference, made, turn.person.id, turn.stamp)
    await visit_reports.spend(writer, found.reference, day.isoformat(), made.pence, made.miles_tenths, rate)
    untold = made.worry and not await _told_lately(turn)
    turn.say(
        turn.joined(
            THANKS.fill(day=day),
            *await _claim(turn, found, made),
            *([YOU_WROTE.fill(words=answers["next"])] if answers.get("next") else []),
            *([NOT_TOLD_YET] if untold else []),
        ),
        *([Tap(A_WORRY, f"report:{found.reference}:worry", danger=True)] if untold else []),
        Tap(PLAN_THE_NEXT, f"vplan:{found.match}"),
        Tap(menu.MENU, "menu"),
    )
    kept = await visit_reports.find(turn.reader, found.reference)
    if kept and kept["pass_on"]:
        await _tell_staff(turn, STAFF_PASS_ON, found)
    if made.explained is False:
        await _tell_staff(turn, STAFF_NOT_EXPLAINED, found)
    await visit_sides.tell(turn, found, sides)


def _report(answers: Answers) -> Report:
    pence, tenths = both(answers.get("costs"))
    return Report(
        happened=answers["happened"],
        why_not=answers.get("why_not") or "",
        minutes=answers.get("minutes"),
        activity=answers.get("activity") or "",
        chosen_by=answers.get("chosen_by") or "",
        child_mood=int(answers.get("child_mood") or 0) or None,
        outcomes=tuple(sorted(answers.get("outcomes") or ())),
        for_child=answers.get("for_child") or "",
        pass_on="\n".join(filter(None, (answers.get("why_over"), answers.get("pass_on")))),
        pence=pence,
        miles_tenths=tenths,
        worry=bool(answers.get("worry")),
        explained=answers.get("explained"),
    )


async def _claim(turn: Turn, found: Visit, made: Report) -> list[Text]:
    """What is claimed, and what has to be done for it; a claim above the budget is for the coordinator to look at."""
    rules = turn.context.settings.expenses
    cost = cost_pence(made.pence, made.miles_tenths, rules.mileage_pence)
    if not cost:
        return []
    over = over_budget(cost, rules.budget_pence)
    if over:
        await _tell_staff(turn, STAFF_OVER.fill(cost=Pence(cost), budget=Pence(rules.budget_pence)), found)
    receipt = needs_receipt(made.pence, rules.receipt_from_pence)
    return [CLAIM.fill(cost=Pence(cost)), *([OVER] if over else []), *([RECEIPT] if receipt else [])]


async def _told_lately(turn: Turn) -> bool:
    """Whether they have told those who keep children safe of something."""
    raised = await concerns.raised_by(turn.reader, turn.person.id)
    return bool(raised) and raised[0].raised_at > stamp(turn.now - TOLD_LATELY)


async def _tell_staff(turn: Turn, text: Text, found: Visit) -> None:
    await turn.tell_staff(text.fill(visit=found.reference), Tap(found.interest, f"show:{found.interest}"))


FORMS = (
    Form(
        "report_line",
        (
            Step("line", Kind.TEXT, _first_words, longest=LONGEST_LINE, check=_says_something, also=_yes_or_no),
            Step("worry", Kind.YES_NO, STILL_A_WORRY, when=was_said("worry")),
        ),
        line_done,
    ),
    Form("report", STEPS, done),
)
