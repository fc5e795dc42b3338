"""What has to be known for a step of whoever handles a complaint: a form each."""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

from bot.domain.complaints import Complaint, Outcome, extended, start_clock
from bot.engine import filling
from bot.engine.forms import ABOUT, Answers, Form, Kind, Option, Step
from bot.engine.turn import Turn
from bot.i18n import Text, _
from bot.store import complaint_steps
from handlers.cases import words
from handlers.cases.complaint import LONGER, Action, longest, viewer
from handlers.cases.steps import about, as_shown, ask_until, finish, until

LONGEST = 3000
"""Characters of an answer."""

CHILD_READS = _(
    "Whoever complained reads it here. Write as to somebody of nine: short and plain, without names of others."
)
WHAT_TO_ASK = _("What would you like to ask them?")
NEW_DAY = _("Until which day? A working day, like 26 June.")
NOT_THAT_DAY = _(
    "It can't be extended to that day: it has to be a working day after {due}, and {latest} at the latest."
)
WHY = _("Why does it take longer?")
OWN_WORDS = _("Anything to add for your colleagues? Whoever complained does not see it. You can skip this.")
WHEN_MET = _("On which day did the panel meet? Like today, yesterday, or 12 June 2026.")
TO_COME = _("That day is still to come. On which day did it meet? If it was last year, add the year.")
BEFORE_IT = _("The panel can't have met before {day}, when it was asked for. Which day?")
WHICH_OUTCOME = _("What came of it?")
OUTCOMES = (
    Option(Outcome.UPHELD.value, _("They were right")),
    Option(Outcome.PARTLY.value, _("They were right in part")),
    Option(Outcome.NOT_UPHELD.value, _("They were not right")),
    Option(Outcome.RESOLVED.value, _("Put right, without deciding that")),
)
ANSWER = _("What is the answer? Skip this only if they have had it in another way.")
ANSWER_SO = _("The answer")
OUTCOME_SO = _("What came of it")
WHAT_CHANGED = _("What was changed because of it? It stays when the complaint is erased, so without any names.")


def _done(
    action: Action, write: Callable[[Turn, Complaint, Answers], Awaitable[bool | None]]
) -> Callable[[Turn, dict[str, Any]], Awaitable[None]]:
    """What is done when everything a step needs is known. None: it is asked again."""

    async def done(turn: Turn, answers: dict[str, Any]) -> None:
        reference, _colon, stage = str(answers["about"]).partition(":")
        complaint = await as_shown(turn, action, reference, stage)
        if complaint and (took := await write(turn, complaint, answers)) is not None:
            await finish(turn, complaint, action, took)

    return done


async def _asked(turn: Turn, complaint: Complaint, answers: Answers) -> bool:
    writer = await turn.write()
    return await complaint_steps.ask(writer, complaint.reference, viewer(turn), answers["words"], turn.stamp)


async def _answered(turn: Turn, complaint: Complaint, answers: Answers) -> bool:
    """The answer reaches whoever complained here; from then on the next stage can be asked for, for a while."""
    settings = turn.context.settings
    window = settings.complaints.request_days(settings.service.jurisdiction)
    return await complaint_steps.answer(
        await turn.write(), complaint.reference, viewer(turn), answers["words"] or "", Outcome(answers["outcome"]),
        words.calendar(turn).due(words.today(turn), window), turn.stamp,
    )  # fmt: skip


async def _learned(turn: Turn, complaint: Complaint, answers: Answers) -> bool:
    writer = await turn.write()
    return await complaint_steps.learn(writer, complaint.reference, viewer(turn), answers["words"], turn.stamp)


async def _extended(turn: Turn, complaint: Complaint, answers: Answers) -> bool | None:
    """It lawfully takes longer; a day that the law does not allow is asked for again."""
    to = dt.date.fromisoformat(answers["to"])
    clock = extended(words.calendar(turn), complaint.clock, to, longest(turn, complaint))
    if clock is None:
        known = {"why": answers["why"], "own": answers["own"]}
        await ask_until(turn, complaint, known, until(turn, complaint, NOT_THAT_DAY))
        return None
    reason = ": ".join(part for part in (answers["why"], answers["own"]) if part)
    writer = await turn.write()
    return await complaint_steps.extend(writer, complaint.reference, viewer(turn), clock, reason, turn.stamp)


def _not_to_come(turn: Turn, _answers: Answers, day: str) -> Text | None:
    return TO_COME if dt.date.fromisoformat(day) > words.today(turn) else None


async def _panel_met(turn: Turn, complaint: Complaint, answers: Answers) -> bool | None:
    """From its meeting on, the panel's report and the council's answer have days of their own."""
    day, asked_for = dt.date.fromisoformat(answers["day"]), complaint.clock.from_on
    if day < asked_for:
        turn.open_form("case_panel", {ABOUT: about(complaint)})
        await filling.ask(turn, BEFORE_IT.fill(day=asked_for))
        return None
    days = turn.context.settings.complaints.after_panel
    clock = start_clock(words.calendar(turn), day, complaint.about, days, complaint.clock.ack_days)
    return await complaint_steps.panel_met(await turn.write(), complaint.reference, viewer(turn), clock, turn.stamp)


def _to_them(question: Text) -> Text:
    """A question whose answer whoever complained reads."""
    return Text("{question}\n\n{how}", values={"question": question, "how": CHILD_READS})


FORMS = (
    Form(
        "case_ask",
        (Step("words", Kind.TEXT, _to_them(WHAT_TO_ASK), longest=LONGEST),),
        _done(Action.ASK, _asked),
        worth_keeping=False,
    ),
    Form(
        "case_extend",
        (
            Step("to", Kind.DATE, NEW_DAY),
            Step("why", Kind.CHOICE, WHY, options=tuple(Option(why.value, label) for why, label in LONGER.items())),
            Step("own", Kind.TEXT, OWN_WORDS, optional=True),
        ),
        _done(Action.EXTEND, _extended),
        worth_keeping=False,
    ),
    Form(
        "case_panel",
        (Step("day", Kind.DATE, WHEN_MET, check=_not_to_come),),
        _done(Action.PANEL, _panel_met),
        worth_keeping=False,
    ),
    Form(
        "case_answer",
        (
            Step("outcome", Kind.CHOICE, WHICH_OUTCOME, title=OUTCOME_SO, options=OUTCOMES),
            Step("words", Kind.TEXT, _to_them(ANSWER), title=ANSWER_SO, optional=True, longest=LONGEST),
            Step("sure", Kind.CHECK, ANSWER),
        ),
        _done(Action.ANSWER, _answered),
        worth_keeping=False,
    ),
    Form(
        "case_learn",
        (Step("words", Kind.TEXT, WHAT_CHANGED),),
        _done(Action.LEARN, _learned),
        worth_keeping=False,
    ),
)
