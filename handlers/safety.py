"""Danger is answered first, in every state and before anything else."""

from bot.domain.roles import EVERYBODY, STAFF
from bot.engine import filling
from bot.engine.router import SAFETY, Router
from bot.engine.turn import Tap, Turn
from bot.engine.understanding import SAFETY_PAGE
from handlers import menu, talk

router = Router()


@router.other("danger", EVERYBODY)
async def danger(turn: Turn) -> None:
    """Who can help comes first. Staff who write of danger in a form are at work; what was for a person is not lost."""
    if turn.person.role in STAFF and turn.form and not turn.form.paused:
        await filling.take(turn)
        return
    kept = await talk.keep_words(turn)
    await not_safe(turn)
    if kept:
        turn.say(kept, *([Tap(menu.CARRY_ON, "resume")] if turn.form else []), Tap(menu.MENU, "menu"))


@router.command("safe", EVERYBODY)
@router.button(SAFETY, EVERYBODY)
async def not_safe(turn: Turn) -> None:
    """Who can help right now. An open form stays where it was."""
    turn.pause_form()
    page = turn.context.pages.get(SAFETY_PAGE, turn.language)
    if page is None:
        raise LookupError(SAFETY_PAGE)
    turn.say(page.html, *([Tap(menu.CARRY_ON, "resume")] if turn.form else []), Tap(menu.MENU, "menu"))
