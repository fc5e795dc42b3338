"""What the bot explains, asked for by button or in somebody's own words."""

from dataclasses import replace

from markupsafe import Markup

from bot.domain.roles import EVERYBODY
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import FALLBACK, Text, _, in_language
from bot.pages import Page
from handlers import menu

router = Router()

ONLY_ENGLISH = _("This page is not in your language yet, so here it is in English.")
SIMPLER = _("Say it more simply")
FULLER = _("Tell me more")
ACTIONS = {
    "interest": Tap(_("I'd like one"), "interest"),
    "refer": Tap(_("Ask for a child"), "interest:child"),
    "story": Tap(_("My request"), "story"),
    "talk": Tap(_("Talk to a person"), "talk"),
    "complain": Tap(_("Tell what is wrong"), "complain"),
    "data": Tap(_("What you keep about me"), "data"),
    "enquiry": Tap(_("I'd like to be a visitor"), "enquiry"),
    "idea": Tap(_("I have an idea"), "idea"),
    "changes": Tap(_("You said, we did"), "changes"),
    "standards": Tap(_("The 14 promises"), "standards"),
}
"""What a page may offer to do, by the name its front matter has for it."""

QUESTIONS: dict[str, tuple[Text, list[Tap | list[Tap]]]] = {}
"""What a page asks, with the answers to it, by the page's name: from the module that counts them."""


@router.button("page", EVERYBODY)
async def page(turn: Turn) -> None:
    """One page, by name."""
    found = turn.context.pages.get(turn.incoming.argument, turn.language)
    if found:
        show(turn, found)
    else:
        menu.say_menu(turn, menu.STALE)


@router.button("simple", EVERYBODY)
async def simple(turn: Turn) -> None:
    """The page in its other form, and from now on every page."""
    form, _colon, name = turn.incoming.argument.partition(":")
    turn.person = replace(turn.person, simple=form == "yes")
    found = turn.context.pages.get(name, turn.language)
    if found:
        show(turn, found, replacing=True)
    else:
        menu.say_menu(turn, menu.STALE)


def show(turn: Turn, found: Page, *, replacing: bool = False) -> None:
    """A page, and where to go from it."""
    turn.pause_form()
    simply = found.simple is not None and turn.person.simple
    body = Markup("<b>{}</b>\n\n{}").format(found.title, found.simple if simply else found.html)
    if found.language != turn.language and found.language == FALLBACK:
        body = Markup("<i>{}</i>\n\n{}").format(turn.html(ONLY_ENGLISH), in_language(body, FALLBACK))
    asked, answers = QUESTIONS.get(found.name, (None, []))
    if asked:
        body = Markup("\n\n").join([body, turn.html(asked)])
    turn.say(body, *answers, *further(turn, found, simply=simply), replacing=replacing)


def further(turn: Turn, found: Page, *, simply: bool) -> list[Tap]:
    """What to do and where to go after a page."""
    pages = [turn.context.pages.get(name, turn.language) for name in found.next]
    other = [Tap(FULLER, f"simple:no:{found.name}") if simply else Tap(SIMPLER, f"simple:yes:{found.name}")]
    return [
        *([Tap(menu.CARRY_ON, "resume")] if turn.form else []),
        *(ACTIONS[name] for name in found.do if not (name == "interest" and turn.form)),
        *(tap(page) for page in pages if page),
        *(other if found.simple is not None else []),
        Tap(menu.MENU, "menu"),
    ]


def tap(page: Page) -> Tap:
    """A button that opens a page."""
    return Tap(page.title, f"page:{page.name}")
