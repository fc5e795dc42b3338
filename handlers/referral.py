"""May we put your name down? Where the service asks before it refers, the child's own yes moves the road."""

from typing import Any

from markupsafe import Markup

from bot.domain.consent import Answer, Purpose
from bot.domain.interest import MAY_BE_PROPOSED, WITH_A_VISITOR, Interest, Reason, Status
from bot.domain.roles import EVERYBODY
from bot.engine import filling
from bot.engine.forms import Answers, Form, Kind, Option, Step
from bot.engine.router import Router
from bot.engine.turn import Turn
from bot.i18n import _
from bot.store import audit, consents, interests, referrals
from handlers import story

router = Router()

PROVIDER = "?provider"
"""Among the answers: who looks for a visitor near a child who lives elsewhere, and has to see their answers."""

REFER = _(
    "May {coordinator} put your name down for a visitor? Then they start to look for the right person. "
    "Nobody looks before you say yes. No is fine, and you can change your mind any day."
)
THEY_SEE = _("You live outside {area}. So {who} looks for a visitor near you, and they see your answers too.")
REFER_YES = Option("yes", _("Yes, put my name down"))
REFER_NO = Option("no", _("No, not now"))
NAME_IS_DOWN = _("Thank you. Your name is down for a visitor. I've told {coordinator}.")
NOT_DOWN = _("That's fine. Your name is not put down. You can say yes any day. I've told {coordinator}.")
TAKEN_OFF = _("I've taken your name off, and told {coordinator}. Nobody looks for a visitor until you say yes again.")
STAFF_YES = _("{reference}: the child has said yes to being referred. It is referred now.")
STAFF_NO = _("{reference}: the child has said no to being referred.")
VISITS_GO_ON = _("I've taken your name off, and told {coordinator}. Your visits go on. You can stop them any day.")
STAFF_TAKEN_OFF = _("{reference}: the child has taken back the yes to being referred.")


@router.button("refer", EVERYBODY)
async def refer(turn: Turn) -> None:
    """The question, if it is theirs to answer now; a code that is not saved yet comes first."""
    turn.pause_form()
    interest = await story.open_request(turn)
    if turn.form and turn.form.name == "receipt":
        await filling.ask(turn)
    elif interest and await referrals.may_answer(turn.reader, interest):
        await begin(turn, interest)
    else:
        await story.show(turn)


async def begin(turn: Turn, interest: Interest) -> None:
    await filling.begin(turn, "refer", {PROVIDER: interest.provider})


async def answered(turn: Turn, answers: dict[str, Any]) -> None:
    """The answer is kept with its words; a yes moves the road."""
    interest = await story.open_request(turn)
    if interest is None or not await referrals.may_answer(turn.reader, interest):
        await story.show(turn)
        return
    answer, writer = Answer.read(answers["refer"]), await turn.write()
    await consents.add(writer, turn.person.id, interest.reference, Purpose.REFER, answer)
    if answer.given:
        await interests.move(writer, interest.reference, Status.REFERRED, turn.person.id, turn.stamp)
    await story.tell_staff(turn, STAFF_YES if answer.given else STAFF_NO, interest.reference)
    await story.show(turn, NAME_IS_DOWN if answer.given else NOT_DOWN)


@router.button("norefer", EVERYBODY)
async def take_off(turn: Turn) -> None:
    """That yes is taken back, and done at once: nobody is looked for, and whoever was proposed is so no more."""
    turn.pause_form()
    interest = await story.open_request(turn)
    if interest is None or not await referrals.agreed(turn.reader, interest.reference):
        await story.show(turn)
        return
    writer, reference = await turn.write(), interest.reference
    await consents.withdraw_one(writer, reference, Purpose.REFER, turn.stamp)
    if interest.status in MAY_BE_PROPOSED:  # nobody is looked for until they say
        reason = Reason.CHILD_PAUSED
        await interests.move(writer, reference, Status.NOT_NOW, turn.person.id, turn.stamp, reason)
    await audit.add(writer, turn.person.id, turn.person.role, "take_back_refer", reference, turn.stamp)
    await story.tell_staff(turn, STAFF_TAKEN_OFF, reference)
    await story.show(turn, VISITS_GO_ON if interest.status in WITH_A_VISITOR else TAKEN_OFF)


def _words(turn: Turn, answers: Answers) -> Markup:
    who = answers.get(PROVIDER)
    return Markup("\n\n").join(turn.html(text) for text in (REFER, *([THEY_SEE.fill(who=who)] if who else [])))


FORMS = (
    Form("refer", (Step("refer", Kind.CONSENT, _words, options=(REFER_YES, REFER_NO)),), answered, worth_keeping=False),
)
