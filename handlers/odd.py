"""What is neither words nor buttons: pictures, changed messages, coming and going."""

from bot.domain.interest import CLOSED
from bot.domain.roles import EVERYBODY
from bot.engine import filling
from bot.engine.message import Kind
from bot.engine.router import Router
from bot.engine.turn import Turn
from bot.i18n import _
from bot.store import interests, people
from handlers import channels, menu

router = Router()

EDITED = _("I saw that you changed a message. I only read what you sent first. If it matters, please send it again.")
UNREADABLE = {
    "photo": _("I can't look at pictures. Please tell me in words. I haven't kept it."),
    "video": _("I can't watch videos. Please tell me in words. I haven't kept it."),
    "voice": _("I can't listen to voice messages. Please tell me in words. I haven't kept it."),
    "audio": _("I can't listen to sounds. Please tell me in words. I haven't kept it."),
    "sticker": _("I can't see stickers. Please tell me in words."),
    "document": _("I can't open files. Please tell me in words. I haven't kept it."),
    "location": _("I can't read maps, and I don't want to know where you are. I haven't kept it."),
    "contact": _("I can't open that card. Please tell me in words. I haven't kept it."),
    "poll": _("I can't answer polls. Please ask me in words."),
}
UNREADABLE_OTHER = _("I can only read words. Please tell me in words. I haven't kept what you sent.")
UNREACHABLE = _("{reference}: this young person can't be reached on {channel} any more.")


@router.other(Kind.UNREADABLE, EVERYBODY)
async def unreadable(turn: Turn) -> None:
    """A picture, a voice note and so on: nothing of it was taken."""
    words = UNREADABLE.get(turn.incoming.text, UNREADABLE_OTHER)
    if turn.form and not turn.form.paused:
        await filling.ask(turn, words)
    else:
        turn.say(words, *menu.taps(turn))


@router.other(Kind.EDITED, EVERYBODY)
async def edited(turn: Turn) -> None:
    turn.say(EDITED)


@router.other(Kind.BLOCKED, EVERYBODY)
async def blocked(turn: Turn) -> None:
    """They take no messages here any more. If a request of theirs is under way, those who work on it must know."""
    turn.reachable = False
    await _tell_staff(turn)


@router.other(Kind.UNBLOCKED, EVERYBODY)
async def unblocked(_turn: Turn) -> None:
    """They can be reached again, which the address now says; the greeting comes with the /start that follows."""


@router.other(Kind.LEFT, EVERYBODY)
async def left(turn: Turn) -> None:
    """The page was left: nothing of the session stays."""
    turn.remove_address(turn.incoming.channel, turn.incoming.address)


async def _tell_staff(turn: Turn) -> None:
    """Staff learn that somebody with a request under way has blocked the bot, unless there is another way to them."""
    interest = await interests.newest_of(turn.reader, turn.person.id)
    ways = await people.addresses(turn.reader, turn.person.id)
    others = [way for way in ways if (way.channel, way.address) != (turn.incoming.channel, turn.incoming.address)]
    if interest and interest.status not in CLOSED and not others:
        words = UNREACHABLE.fill(reference=interest.reference, channel=channels.named(turn.incoming.channel))
        await turn.tell_staff(words)
