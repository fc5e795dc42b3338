"""What the bot explains, asked for by button or in somebody's own words."""

from markupsafe import Markup

from bot.domain.roles import EVERYBODY
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import FALLBACK, _
from bot.pages import Page
from handlers import menu

router = Router()

ONLY_ENGLISH = _("This page is not in your language yet, so here it is in English.")
DID_YOU_MEAN = _("I'm not sure what you mean. Is it one of these?")
NO_IDEA = _(
    "I don't know about that. I'm a computer program. I only know about independent visitors. "
    'If something bad is happening, tap "I\'m not safe".'
)
LIKE_ONE = _("I'd like one")


@router.button("page", EVERYBODY)
async def page(turn: Turn) -> None:
    """One page, by name."""
    found = turn.context.pages.get(turn.incoming.argument, turn.language)
    if found:
        show(turn, found)
    else:
        menu.say_menu(turn, menu.STALE)


@router.other("question", EVERYBODY)
async def question(turn: Turn) -> None:
    """Words outside a form: the page they ask for, or the nearest ones to choose from."""
    understood = turn.context.understanding.topic(turn.incoming.text)
    offers = [turn.context.pages.get(name, turn.language) for name in understood.offers]
    if understood.topic != "none" and offers[0]:
        show(turn, offers[0])
    elif any(offers):
        turn.pause_form()
        turn.say(DID_YOU_MEAN, *(_tap(offer) for offer in offers if offer), Tap(menu.MENU, "menu"))
    else:
        menu.say_menu(turn, NO_IDEA)


def show(turn: Turn, found: Page) -> None:
    """A page, and where to go from it."""
    turn.pause_form()
    body = Markup("<b>{}</b>\n\n{}").format(found.title, found.html)
    if found.language != turn.language and found.language == FALLBACK:
        body = Markup("<i>{}</i>\n\n{}").format(turn.html(ONLY_ENGLISH), body)
    further = [turn.context.pages.get(name, turn.language) for name in found.next]
    resume = [Tap(menu.CARRY_ON, "resume")] if turn.form else [Tap(LIKE_ONE, "interest")]
    turn.say(body, *resume, *(_tap(page) for page in further if page), Tap(menu.MENU, "menu"))


def _tap(page: Page) -> Tap:
    return Tap(page.title, f"page:{page.name}")
