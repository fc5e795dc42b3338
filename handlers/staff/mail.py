"""What became of a mail to somebody who is on no chat: staff hear of it, without a word of what was in it."""

from bot.domain.roles import STAFF
from bot.engine.router import Router
from bot.engine.turn import Turn
from bot.i18n import _
from bot.store import people

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
    for person in await people.with_roles(turn.reader, sorted(STAFF)):
        await turn.tell(person, words)
