"""What a child said yes or no to, word for word: in the language in which they read it."""

from markupsafe import Markup

from bot.domain.consent import Purpose
from bot.domain.roles import STAFF
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, Tongue, _, in_language
from bot.store import audit, consents
from bot.store.database import Row
from handlers import menu
from handlers.staff.request import agreed

router = Router()

TITLE = _("<b>{reference}</b> · what the child read, and what they said")
NAMED = {
    Purpose.SEND: _("That their answers are sent"),
    Purpose.SHARE: _("That the social worker may be told"),
    Purpose.REFER: _("That they may be referred"),
}
YES = _("{what}: yes, on {day}. They read, in {language}:")
NO = _("{what}: no, on {day}. They read, in {language}:")
TAKEN_BACK = _("{what}: yes, on {day}, and taken back on {end}. They read, in {language}:")
BACK = _("Back to the request")


@router.button("consents", STAFF)
async def show(turn: Turn) -> None:
    """Each question of theirs with its last answer, as it was asked."""
    turn.pause_form()
    interest = await agreed(turn, turn.incoming.argument)
    if interest is None:
        return
    await audit.add(await turn.write(), turn.person.id, turn.person.role, "show", interest.reference, turn.stamp)
    found = {purpose: await consents.newest(turn.reader, interest.reference, purpose) for purpose in Purpose}
    said = [_answer(turn, purpose, row) for purpose, row in found.items() if row]
    turn.say(
        turn.joined(TITLE.fill(reference=interest.reference), *said),
        Tap(BACK, f"show:{interest.reference}"),
        Tap(menu.MENU, "menu"),
    )


def _answer(turn: Turn, purpose: Purpose, row: Row) -> Markup:
    words: Text = TAKEN_BACK if row["withdrawn_at"] else YES if row["given"] else NO
    end = turn.day(row["withdrawn_at"]) if row["withdrawn_at"] else ""
    told = words.fill(what=NAMED[purpose], day=turn.day(row["answered_at"]), end=end, language=Tongue(row["language"]))
    read = in_language(Markup("<i>{}</i>").format(row["words"]), row["language"])
    return turn.joined(told, read)
