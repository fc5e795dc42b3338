"""Wishing for something else: another visitor, or no more visits. No reason is asked, and the visitor is not told."""

from bot.domain.interest import Match, Note
from bot.domain.roles import EVERYBODY
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import _
from bot.store import interests, matches
from handlers import menu

router = Router()

ASK_ANOTHER = _("Ask for another visitor")
STOP_VISITS = _("Stop the visits")
WANT_ANOTHER = _(
    "Would you like another visitor? You don't have to say why. I tell {coordinator}, and they talk with you. "
    "{visitor} is not told what you said here."
)
YES_ANOTHER = _("Yes, another visitor")
NO_KEEP = _("No, keep it as it is")
ANOTHER_ASKED = _(
    "I've told {coordinator}. They talk with you about what happens next. You can say no to any visit until then."
)
WANT_TO_STOP = _(
    "Would you like the visits to stop? You don't have to say why. Some people like to say goodbye first. You choose."
)
STOP_WITH_GOODBYE = _("Stop, and say goodbye first")
STOP_AT_ONCE = _("Stop, without a goodbye")
STOPPED = _(
    "I've told {coordinator} that you want to stop. They talk with you, and tell {visitor} kindly. "
    "You can say no to any visit until then. You can ask for a visitor again any day."
)
STAFF_WISH = _("{reference}: the child has a wish about their visits.")

WISHES: list[Tap | list[Tap]] = [Tap(ASK_ANOTHER, "another"), Tap(STOP_VISITS, "stopvisits")]


@router.button("another", EVERYBODY)
async def another(turn: Turn) -> None:
    """Another visitor, without a reason; asked once."""
    match = await current(turn)
    if match is None:
        menu.say_menu(turn, menu.STALE)
    elif turn.incoming.argument == match.reference:
        await _wish(turn, match, Note.ANOTHER_VISITOR)
        turn.say(ANOTHER_ASKED, Tap(menu.MENU, "menu"))
    else:
        turn.pause_form()
        yes = Tap(YES_ANOTHER, f"another:{match.reference}")
        turn.say(WANT_ANOTHER.fill(visitor=match.visitor), yes, Tap(NO_KEEP, "story"))


@router.button("stopvisits", EVERYBODY)
async def stop_visits(turn: Turn) -> None:
    """To stop, with a goodbye or without; no reason is asked. An objection of s23ZB(7): the coordinator must act."""
    match = await current(turn)
    how, _colon, reference = turn.incoming.argument.partition(":")
    if match is None:
        menu.say_menu(turn, menu.STALE)
    elif how in {"goodbye", "now"} and reference == match.reference:
        await _wish(turn, match, Note.STOP, "goodbye" if how == "goodbye" else "")
        turn.say(STOPPED.fill(visitor=match.visitor), Tap(menu.MENU, "menu"))
    else:
        turn.pause_form()
        turn.say(
            WANT_TO_STOP,
            Tap(STOP_WITH_GOODBYE, f"stopvisits:goodbye:{match.reference}"),
            Tap(STOP_AT_ONCE, f"stopvisits:now:{match.reference}"),
            Tap(NO_KEEP, "story"),
        )


async def current(turn: Turn) -> Match | None:
    """The visitor they have now. A yes to a wish names the match: it is not one about the visitor who comes next."""
    interest = await interests.newest_of(turn.reader, turn.person.id)
    return await matches.current(turn.reader, interest.reference) if interest else None


async def _wish(turn: Turn, match: Match, kind: Note, words: str = "") -> None:
    await interests.add_note(await turn.write(), match.interest, kind, turn.person.id, turn.stamp, words)
    await turn.tell_staff(STAFF_WISH.fill(reference=match.interest), Tap(match.interest, f"show:{match.interest}"))
