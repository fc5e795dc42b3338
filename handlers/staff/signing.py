"""Stages of recruitment are taken back, and signed by a second person.

The yes to either names what it is about: pressed after a change, it is answered with where things stand.
"""

from markupsafe import Markup

from bot.domain.recruitment import current, missing
from bot.domain.roles import STAFF
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import _
from bot.store import volunteers
from handlers import gate
from handlers.staff import volunteer_words
from handlers.staff.clearing import NEWS
from handlers.staff.volunteers import at_work, note, show_one, somebody_else

router = Router()

WHICH_BACK = _("Which stage do you want to take back?")
TAKE_IT_BACK = _(
    "Take back “{stage}”, passed on {day}? The record keeps that it was noted, and that it was taken back. "
    "Planned visits wait until it is passed again and a second person has signed."
)
YES_BACK = _("Yes, take it back")
NO_KEEP = _("No, keep it")
TAKEN_BACK = _("{stage}: taken back.")
NOTHING_HELD = _("No stage is passed that could be taken back.")

YOU_SIGN = _("{reference}: you sign that you have looked at all of this, and that it is complete.")
YES_SIGN = _("Yes, I sign")
NOT_YET = _("No, not yet")
NOTHING_TO_SIGN = _("There is nothing to sign at the moment. This is how it stands.")
NOT_YOU = _("You noted “{stage}” yourself, so somebody else has to sign: another coordinator, or a manager.")
SIGNED = _("{reference}: signed.")

YOU_ARE_READY = _("You're ready.")


@router.button("vwithdraw", STAFF)
async def withdraw(turn: Turn) -> None:
    """A stage does not hold any more, or was noted by mistake: asked once."""
    typed, named, sure = (*turn.incoming.argument.split(":"), "", "")[:3]
    turn.pause_form()
    volunteer = await at_work(turn, typed)
    if volunteer is None:
        return
    titles = {stage.id: stage.title for stage in gate.stages(turn.context.settings)}
    held = {
        stage: found
        for stage, found in current(await volunteers.passes(turn.reader, volunteer.reference)).items()
        if stage in titles
    }
    back = Tap(NO_KEEP, f"volunteer:{volunteer.reference}")
    if named not in held:
        data = f"vwithdraw:{volunteer.reference}"
        taps = [Tap(title, f"{data}:{stage}") for stage, title in titles.items() if stage in held]
        turn.say(WHICH_BACK if taps else NOTHING_HELD, *taps, back)
    elif sure == str(held[named].id):
        await _withdraw(turn, volunteer.reference, named, titles[named])
    else:
        words = TAKE_IT_BACK.fill(stage=titles[named], day=turn.date(held[named].passed_on))
        turn.say(words, Tap(YES_BACK, f"vwithdraw:{volunteer.reference}:{named}:{held[named].id}"), back)


async def _withdraw(turn: Turn, reference: str, stage: str, title: str) -> None:
    await volunteers.withdraw_stage(await turn.write(), reference, stage, turn.stamp)
    await note(turn, f"withdraw_stage_{stage}", reference)
    await gate.tell_volunteer(turn, reference, NEWS)
    await gate.follow(turn, reference)
    await show_one(turn, reference, TAKEN_BACK.fill(stage=title))


@router.button("vsign", STAFF)
async def sign(turn: Turn) -> None:
    """A second person has looked at everything. The yes names what was last: after a change it asks again."""
    typed, _colon, sure = turn.incoming.argument.partition(":")
    turn.pause_form()
    volunteer = await somebody_else(turn, typed)
    if volunteer is None:
        return
    reference, settings = volunteer.reference, turn.context.settings
    passes, asked = await volunteers.passes(turn.reader, reference), gate.stages(settings)
    last = await volunteers.to_sign(turn.reader, reference)
    if last is None or missing(asked, passes, gate.today(turn.now).isoformat()):
        await show_one(turn, reference, NOTHING_TO_SIGN)
    elif last.by_person == turn.person.id:
        titles = {stage.id: stage.title for stage in asked}
        await show_one(turn, reference, NOT_YOU.fill(stage=titles[last.stage]))
    elif sure == str(last.id):
        await _sign(turn, reference)
    else:
        listed = await volunteer_words.stages(turn, asked, passes)
        text = Markup("\n\n").join([turn.html(YOU_SIGN.fill(reference=reference)), listed])
        turn.say(text, Tap(YES_SIGN, f"vsign:{reference}:{last.id}"), Tap(NOT_YET, f"volunteer:{reference}"))


async def _sign(turn: Turn, reference: str) -> None:
    await volunteers.sign(await turn.write(), reference, turn.person.id, turn.stamp)
    await note(turn, "sign_volunteer", reference)
    ready = await volunteers.is_ready(turn.reader, reference, gate.today(turn.now))
    await gate.tell_volunteer(turn, reference, YOU_ARE_READY if ready else NEWS)
    await gate.follow(turn, reference)
    await show_one(turn, reference, SIGNED.fill(reference=reference))
