"""A stage of recruitment is passed: on which day, what was seen, and until when it holds.

The form knows the newest note about its stage: finished after somebody else's, it is answered with where things stand.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.domain.recruitment import Pass, Stage, expiry
from bot.domain.roles import STAFF
from bot.engine import filling
from bot.engine.forms import ABOUT, Answers, Form, Kind, Option, Step
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.store import people, volunteers
from handlers import gate
from handlers.staff.volunteers import note, show_one, somebody_else

router = Router()

LONGEST_AGO = dt.timedelta(days=3653)
"""A stage that was passed ten years ago is more likely a slip in the year."""

WHICH_STAGE = _("Which stage? What was noted before stays in the record.")
WHICH_DAY = _("{stage}: on which day was it passed? Like 2 June, or 2/6/2025.")
STILL_TO_COME = _("That day is still to come. On which day was it passed?")
LONG_AGO = _("That is more than ten years ago. Please check the year.")
OUT_BY_NOW = _("Passed on that day, it ran out on {day}. It has to be done again. On which day was it?")
EVIDENCE = _(
    "What have you seen? A few words, like: certificate 001234, enhanced, nothing on it. No copies, and nothing about "
    "anybody else. The volunteer may ask to read it."
)
RUNS_OUT = _("The settings let it hold until {day}: on that day it has run out. Is that right?")
RIGHT = Option("yes", _("Yes"))
SOONER = Option("no", _("No, sooner"))
HOW_LONG = _("On which day has it run out? It has to be before {day}.")
NOT_BEFORE = _("It has to run out after today, and before {day}. On which day?")
NOTED = _("{stage}: noted as passed.")
MEANWHILE = _("Somebody noted something about this stage meanwhile, so yours was not kept. This is how it stands.")
NO_SUCH_STAGE = _("The settings have no such stage any more. Nothing was written.")

NOBODY_ELSE = _("Nobody else of the staff is in the bot yet: invite a second coordinator, or a manager, to sign.")
SIGN_PLEASE = _("{volunteer}: every stage is passed. A second person can sign: please look.")

NEWS = _("There is news about your checks.")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a form is about: a stage of a volunteer, as it stood when it was opened. `months`: 0 where it never ends."""

    reference: str
    stage: str
    newest: int
    months: int

    @classmethod
    def of(cls, about: str) -> "_Asked":
        reference, stage, newest, months = about.split(":")
        return cls(reference, stage, int(newest), int(months))

    def __str__(self) -> str:
        return f"{self.reference}:{self.stage}:{self.newest}:{self.months}"


@router.button("vpass", STAFF)
async def pass_(turn: Turn) -> None:
    """A stage was passed, or again; without a stage, which one."""
    typed, _colon, named = turn.incoming.argument.partition(":")
    turn.pause_form()
    volunteer = await somebody_else(turn, typed)
    if volunteer is None:
        return
    asked = gate.stages(turn.context.settings)
    stage = next((stage for stage in asked if stage.id == named), None)
    if stage:
        passes = await volunteers.passes(turn.reader, volunteer.reference)
        about = _Asked(volunteer.reference, stage.id, _newest(passes, stage.id), stage.valid_months or 0)
        await filling.begin(turn, "vpass", about=str(about))
    elif named:
        await show_one(turn, volunteer.reference, NO_SUCH_STAGE)
    else:
        taps = [
            Tap(Text("{stage}").fill(stage=stage.title), f"vpass:{volunteer.reference}:{stage.id}") for stage in asked
        ]
        turn.say(WHICH_STAGE, *taps, Tap(volunteer.reference, f"volunteer:{volunteer.reference}"))


async def passed(turn: Turn, answers: dict[str, Any]) -> None:
    """The stage is noted; the volunteer hears that there is news, and whoever can sign is told when it was the last."""
    asked = _Asked.of(answers["about"])
    volunteer = await somebody_else(turn, asked.reference)
    if volunteer is None:
        return
    stage = _stage(turn, asked)
    passes = await volunteers.passes(turn.reader, asked.reference)
    if stage is None or _newest(passes, asked.stage) != asked.newest:
        await show_one(turn, asked.reference, MEANWHILE if stage else NO_SUCH_STAGE)
        return
    day = dt.date.fromisoformat(answers["day"])
    sooner = answers.get("sooner")
    until = dt.date.fromisoformat(sooner) if sooner else expiry(stage, day)
    writer = await turn.write()
    await volunteers.pass_stage(
        writer, asked.reference, stage.id, day, until, answers["evidence"], turn.person.id, turn.stamp
    )
    await note(turn, f"pass_stage_{stage.id}", asked.reference)
    said = [NOTED.fill(stage=stage.title)]
    await gate.tell_volunteer(turn, asked.reference, NEWS)
    await gate.follow(turn, asked.reference)
    last = await volunteers.to_sign(turn.reader, asked.reference)
    if last and last.id > max((one.id for one in passes), default=0):
        said += await _ask_to_sign(turn, asked.reference)
    await show_one(turn, asked.reference, *said)


async def _ask_to_sign(turn: Turn, reference: str) -> list[Text]:
    """Everybody who may sign is told. What there is to say when nobody can."""
    others = [one for one in await people.with_roles(turn.reader, sorted(STAFF)) if one.id != turn.person.id]
    for person in others:
        await turn.tell(person, SIGN_PLEASE.fill(volunteer=reference), Tap(reference, f"volunteer:{reference}"))
    return [] if others else [NOBODY_ELSE]


def _newest(passes: list[Pass], stage: str) -> int:
    """What was last noted about a stage, whether it was taken back or not."""
    return max((found.id for found in passes if found.stage == stage), default=0)


def _stage(turn: Turn, asked: _Asked) -> Stage | None:
    """The stage a form is about, if it is still the same."""
    found = (stage for stage in gate.stages(turn.context.settings) if stage.id == asked.stage)
    return next((stage for stage in found if (stage.valid_months or 0) == asked.months), None)


def _proposed(turn: Turn, answers: Answers, day: str) -> dt.date | None:
    """When a stage that was passed on a day runs out, by the settings."""
    stage = _stage(turn, _Asked.of(answers[ABOUT]))
    return expiry(stage, dt.date.fromisoformat(day)) if stage else None


def _which_day(turn: Turn, answers: Answers) -> Text:
    stage = _stage(turn, _Asked.of(answers[ABOUT]))
    return WHICH_DAY.fill(stage=stage.title if stage else "?")


def _day_is_over(turn: Turn, answers: Answers, day: str) -> Text | None:
    today, chosen = turn.day(turn.stamp), dt.date.fromisoformat(day)
    if chosen > today:
        return STILL_TO_COME
    if chosen < today - LONGEST_AGO:
        return LONG_AGO
    until = _proposed(turn, answers, day)
    return OUT_BY_NOW.fill(day=turn.date(until.isoformat())) if until and until <= today else None


def _until(text: Text) -> Callable[[Turn, Answers], Text]:
    """The question with the day that the settings propose."""

    def words(turn: Turn, answers: Answers) -> Text:
        until = _proposed(turn, answers, answers["day"])
        return text.fill(day=turn.date(until.isoformat()) if until else "?")

    return words


def _is_sooner(turn: Turn, answers: Answers, day: str) -> Text | None:
    today, until = turn.day(turn.stamp), _proposed(turn, answers, answers["day"])
    if until and today < dt.date.fromisoformat(day) < until:
        return None
    return NOT_BEFORE.fill(day=turn.date(until.isoformat()) if until else "?")


def _runs_out(answers: Answers) -> bool:
    return _Asked.of(answers[ABOUT]).months > 0


def _another_day(answers: Answers) -> bool:
    return answers.get("holds") is False


FORMS = (
    Form(
        "vpass",
        (
            Step("day", Kind.DATE, _which_day, past=True, check=_day_is_over),
            Step("evidence", Kind.TEXT, EVIDENCE, longest=200),
            Step("holds", Kind.YES_NO, _until(RUNS_OUT), when=_runs_out, options=(RIGHT, SOONER)),
            Step("sooner", Kind.DATE, _until(HOW_LONG), when=_another_day, check=_is_sooner),
        ),
        passed,
        worth_keeping=False,
    ),
)
