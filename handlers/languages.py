"""Choosing a language, by the languages' own names; never by nationality."""

from dataclasses import replace

from bot.domain.roles import EVERYBODY
from bot.engine import filling
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import _
from handlers import menu

router = Router()

WHICH = _("Which language feels best?")
ONE_ONLY = _("I only speak one language here so far.")
CHOSEN = _("I'll use this language from now on.")
NOTICED = _("I can talk with you in this language too. Which one feels best?")
BY_MACHINE = _(
    "A computer put my words into this language. People are still checking them, so some may sound odd. "
    "You can change the language at any time."
)


@router.command("language", EVERYBODY)
@router.button("languages", EVERYBODY)
async def ask(turn: Turn) -> None:
    words = turn.context.words
    if len(words.languages) == 1:
        menu.say_menu(turn, ONE_ONLY)
        return
    turn.say(WHICH, *(Tap(words.name(language), f"language:{language}") for language in words.languages))


@router.button("language", EVERYBODY)
async def choose(turn: Turn) -> None:
    """From now on in this language; an open question is asked again in it."""
    language = turn.incoming.argument
    if language not in turn.context.words.languages:
        menu.say_menu(turn, menu.STALE)
        return
    turn.person = replace(turn.person, language=language)
    if turn.form:
        await filling.ask(turn, CHOSEN)
    else:
        menu.say_menu(turn, CHOSEN)
