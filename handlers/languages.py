"""Choosing a language, by the languages' own names; never by nationality."""

from dataclasses import replace

from bot.domain.roles import EVERYBODY
from bot.engine import filling
from bot.engine.folding import fold
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import _, in_language
from handlers import menu, pages, safety

router = Router()

WHICH = _("Which language feels best?")
ONE_ONLY = _("I only speak one language here so far.")
ABREAST = 2
"""Names side by side: a phone shows them whole."""

CHOSEN = _("I'll use this language from now on.")
NOTICED = _("I can talk with you in this language too. Which one feels best?")


def picker(turn: Turn) -> list[Tap | list[Tap]]:
    """Every language by its own name, a few side by side."""
    words = turn.context.words
    taps = [_named(turn, language) for language in words.languages]
    return [taps[at : at + ABREAST] for at in range(0, len(taps), ABREAST)]


def _named(turn: Turn, language: str, topic: str = "") -> Tap:
    return Tap(turn.context.words.name(language), f"language:{language}{topic}", language=language)


def named(turn: Turn) -> str | None:
    """The language whose name was typed, in any language spoken here."""
    words, typed = turn.context.words, fold(turn.incoming.text)
    return next((code for code in words.languages if typed in map(fold, words.names(code)) and typed != code), None)


def offer(turn: Turn, topic: str) -> None:
    """They typed in another language that is spoken here: it is offered, once. What they asked is answered in it."""
    typed = turn.typed_in
    if typed is None or typed in turn.person.offered.split():
        return
    turn.person = replace(turn.person, offered=f"{turn.person.offered} {typed}".strip())
    words = turn.context.words
    taps = [_named(turn, language, f":{topic}") for language in (typed, turn.language)]
    turn.say(in_language(words.html(NOTICED, typed), typed), taps)


@router.command("language", EVERYBODY)
@router.button("languages", EVERYBODY)
async def ask(turn: Turn) -> None:
    words = turn.context.words
    if len(words.languages) == 1:
        menu.say_menu(turn, ONE_ONLY)
        return
    turn.pause_form()
    turn.say(WHICH, *picker(turn))


@router.button("language", EVERYBODY)
async def choose(turn: Turn) -> None:
    """From now on in this language; an open question is asked again in it."""
    language, _colon, topic = turn.incoming.argument.partition(":")
    if language not in turn.context.words.languages:
        menu.say_menu(turn, menu.STALE)
        return
    turn.person = replace(turn.person, language=language)
    page = turn.context.pages.get(topic, language)
    if await safety.goes_on(turn):
        return
    if page:
        turn.say(CHOSEN)
        pages.show(turn, page)
    elif turn.form:
        await filling.ask(turn, CHOSEN)
    else:
        menu.say_menu(turn, CHOSEN)
