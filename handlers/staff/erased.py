"""What stays of a request that was erased while there was a visitor: whom to tell that the visits are over."""

from bot.domain.interest import ERASED, PREFIX
from bot.domain.references import read_reference
from bot.domain.roles import STAFF
from bot.engine.router import Router
from bot.engine.turn import Turn
from bot.i18n import _
from bot.store import audit, interests, matches
from handlers import menu

router = Router()

VISITOR_WAS = _("{reference}: the visitor is {visitor}, since {day}. All else was erased by the young person.")
NOT_ERASED = _("There is nothing of that kind under this number.")


@router.button("erased", STAFF)
async def erased(turn: Turn) -> None:
    """The visitor of a request that was erased."""
    turn.pause_form()
    reference = read_reference(turn.incoming.argument, PREFIX)
    interest = await interests.find(turn.reader, reference) if reference else None
    match = await matches.newest(turn.reader, interest.reference) if interest else None
    if not (interest and match and match.visitor and interest.closed_reason == ERASED):
        menu.say_menu(turn, NOT_ERASED)
        return
    await audit.add(await turn.write(), turn.person.id, turn.person.role, "show", interest.reference, turn.stamp)
    text = VISITOR_WAS.fill(reference=interest.reference, visitor=match.visitor, day=turn.day(match.started_at))
    turn.say(text, *menu.taps(turn))
