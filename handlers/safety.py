"""Danger is answered first, in every state and before anything else."""

from bot.domain.roles import EVERYBODY
from bot.engine.router import SAFETY, Router
from bot.engine.turn import Tap, Turn
from bot.engine.understanding import SAFETY_PAGE
from handlers import menu

router = Router()


@router.command("safe", EVERYBODY)
@router.button(SAFETY, EVERYBODY)
@router.other("danger", EVERYBODY)
async def not_safe(turn: Turn) -> None:
    """Who can help right now. An open form stays where it was."""
    turn.pause_form()
    page = turn.context.pages.get(SAFETY_PAGE, turn.language)
    if page is None:
        raise LookupError(SAFETY_PAGE)
    turn.say(page.html, *([Tap(menu.CARRY_ON, "resume")] if turn.form else []), Tap(menu.MENU, "menu"))
