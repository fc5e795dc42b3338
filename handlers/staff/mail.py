"""What became of a mail to somebody who is on no chat: those who may know hear of it, without a word of its own."""

import structlog

from bot.domain.complaints import PREFIX as COMPLAINT
from bot.domain.interest import PREFIX as REQUEST
from bot.engine.router import Router
from bot.engine.turn import Turn
from bot.i18n import Text, _
from bot.store import complaints
from handlers.cases import alerts, notify

log = structlog.get_logger()
router = Router()

RETURNED = _(
    "A mail about {reference} to {contact} was refused: {reason}. I don't try again. Please tell them yourself."
)
LATE = _("A mail about {reference} to {contact} is held up: {reason}. I go on trying for a day.")
WORDS = {"returned": RETURNED, "late": LATE}


@router.moment("mail")
async def mail(turn: Turn) -> None:
    """Delivery says so, as `mail:returned:C-4R9T-X:complaints_team:550`."""
    what, reference, contact, reason = turn.incoming.argument.split(":", 3)
    words = WORDS[what].fill(reference=reference, contact=contact, reason=reason)
    if reference.startswith(f"{COMPLAINT}-"):
        await _about_complaint(turn, words, reference, contact)
    elif reference.startswith(f"{REQUEST}-"):
        await turn.tell_staff(words)
    else:
        await alerts.mail_failed(turn, words, reference)


async def _about_complaint(turn: Turn, words: Text, reference: str, contact: str) -> None:
    """Staff who may know of it; where none may, whoever runs the machine reads of it in the log."""
    complaint = await complaints.find(turn.reader, reference, None)
    told = await notify.staff_who_may_know(turn, complaint) if complaint else []
    for person in told:
        await turn.tell(person, words)
    if not told:
        log.error("mail.nobody_to_tell", reference=reference, contact=contact)
