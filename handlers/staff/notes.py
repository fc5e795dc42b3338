"""Noted beside a child's road: who works with them, where they live. The road does not start again."""

from typing import Any

from bot.domain.interest import BY_STAFF, CLOSED, Interest, Note
from bot.domain.roles import STAFF
from bot.engine import filling
from bot.engine.forms import ABOUT, Answers, Form, Kind, Step
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.store import audit, interests, matches
from handlers import menu
from handlers.staff import request

router = Router()

ABOUT_NOTE = {
    Note.NEW_SOCIAL_WORKER: _("A new social worker: anything to note for your colleagues? You can skip this."),
    Note.NO_SOCIAL_WORKER: _("No social worker right now: anything to note for your colleagues? You can skip this."),
    Note.MOVED: _("They moved: anything to note for your colleagues? You can skip this."),
    Note.NEW_PROVIDER: _("A new provider: who is it? Your colleagues read it. You can skip this."),
}
NOTED = _("{reference}: noted. The child is told that their request goes on.")
MAILED = _("{who} is told by mail, without a name.")
PLEASE_TELL = _("There is no mail to {who} from here: please tell them yourself.")
SUBJECT = _("A young person has no social worker")
MAIL = _(
    "The young person of request {reference} has no social worker right now.\n\n"
    "They were told that they can turn to you. Their request for an independent visitor goes on.\n\n"
    "Who they are is not in this mail: {coordinator} can tell you."
)
FLAGGED = _("{reference}: noted that the new worker knows of the visitor.")


@router.button("noted", STAFF)
async def note(turn: Turn) -> None:
    """A change of who works with the child, or of where they live: the road goes on."""
    reference, _colon, kind = turn.incoming.argument.partition(":")
    interest = await request.agreed(turn, reference)
    if interest is None:
        return
    if kind in BY_STAFF and interest.status not in CLOSED:
        await filling.begin(turn, "noted", about=f"{interest.reference}:{kind}")
    else:
        menu.say_menu(turn, menu.STALE)


async def noted(turn: Turn, answers: dict[str, Any]) -> None:
    """The note is made, and the child told that nothing starts again."""
    reference, _colon, kind = str(answers["about"]).partition(":")
    interest = await request.agreed(turn, reference)
    if interest is None:
        return
    writer = await turn.write()
    words = answers["words"] or ""
    await interests.add_note(writer, interest.reference, Note(kind), turn.person.id, turn.stamp, words)
    await audit.add(writer, turn.person.id, turn.person.role, f"note_{kind}", interest.reference, turn.stamp)
    said = [NOTED.fill(reference=interest.reference)]
    if interest.status not in CLOSED:
        said += await _besides(turn, interest, Note(kind))
        await request.nudge(turn, interest.person)
    flag = [Tap(request.IT_IS_FLAGGED, f"flagged:{interest.reference}")] if len(said) > 1 and _flags(turn, kind) else []
    turn.say(request.lines(turn, said), *flag, *request.after(interest.reference))


def _flags(turn: Turn, kind: str) -> bool:
    return kind == Note.NEW_SOCIAL_WORKER and turn.context.settings.road.flag_visitor


async def _besides(turn: Turn, interest: Interest, kind: Note) -> list[Text]:
    """What else has to be done about it, where the service does so."""
    if kind is Note.NO_SOCIAL_WORKER:
        return _tell_duty(turn, interest)
    if _flags(turn, kind) and await matches.current(turn.reader, interest.reference):
        writer = await turn.write()
        await interests.add_note(writer, interest.reference, Note.TO_FLAG, turn.person.id, turn.stamp)
        return await request.flag_lines(turn, interest)
    return []


def _tell_duty(turn: Turn, interest: Interest) -> list[Text]:
    """Those who are there for a child without a social worker hear of it, by a reference alone."""
    settings = turn.context.settings
    name = settings.road.no_worker_contact
    if not name:
        return []
    contact = getattr(settings.contacts, name)
    text = MAIL.fill(reference=interest.reference)
    sent = turn.mail(name, contact.email, SUBJECT, text, about=interest.reference)
    return [(MAILED if sent else PLEASE_TELL).fill(who=contact.name)]


@router.button("flagged", STAFF)
async def flagged(turn: Turn) -> None:
    """The new worker knows, and the case system says that there is a visitor."""
    turn.pause_form()
    interest = await request.agreed(turn, turn.incoming.argument)
    if interest is None:
        return
    if not await interests.to_flag(turn.reader, interest.reference):
        menu.say_menu(turn, menu.STALE)
        return
    writer = await turn.write()
    await interests.add_note(writer, interest.reference, Note.FLAGGED, turn.person.id, turn.stamp)
    await audit.add(writer, turn.person.id, turn.person.role, "note_flagged", interest.reference, turn.stamp)
    turn.say(FLAGGED.fill(reference=interest.reference), *request.after(interest.reference))


def _about_note(_turn: Turn, answers: Answers) -> Text:
    return ABOUT_NOTE[Note(answers[ABOUT].partition(":")[2])]


FORMS = (
    Form("noted", (Step("words", Kind.TEXT, _about_note, optional=True, longest=300),), noted, worth_keeping=False),
)
