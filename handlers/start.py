"""Beginning, stopping, and going on with an open form."""

from bot.domain.roles import EVERYBODY
from bot.engine import filling, taking
from bot.engine.answers import is_typed
from bot.engine.forms import given
from bot.engine.message import Kind
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import _, n_
from handlers import codes, languages, menu, story

router = Router()

WELCOME = _(
    "Hello. I can tell you about independent visitors, and help you ask for one.\n\n"
    "I'm a computer program, not a person. I work for {service}. I don't send anything to anyone until you say yes."
)
NOTHING_TO_STOP = _("There is nothing to stop here. You can leave at any time.")
STOPPED = _("That's fine. I've stopped, and kept nothing of it.")
STOP_HERE = _("Do you want to stop here? You don't have to say why.")
KEEP = _("Keep my answers for later")
ERASE = _("Rub my answers out")
ERASED = _(
    "I've rubbed them out. That's fine. Your words may still show on this screen until you close it. "
    "You can start again any day."
)
KEPT = n_(
    "I'll keep your answers for {n} day. Then I rub them out.",
    "I'll keep your answers for {n} days. Then I rub them out.",
)


@router.command("start", EVERYBODY)
async def start(turn: Turn) -> None:
    """Hello; or, with a code after it, what the code opens."""
    if code := turn.incoming.argument:
        await codes.redeem(turn, code)
        return
    if len(turn.context.words.languages) > 1 and not turn.person.language:
        turn.say(languages.WHICH, *languages.picker(turn))
    menu.say_menu(turn, WELCOME)


@router.command("stop", EVERYBODY)
@router.button("stop", EVERYBODY)
async def stop(turn: Turn) -> None:
    """Ask once, then do what they say."""
    if not turn.form:
        menu.say_menu(turn, NOTHING_TO_STOP)
        return
    form = turn.context.forms[turn.form.name]
    if not form.can_stop:
        await filling.ask(turn)
        return
    if not form.worth_keeping or not given(turn.form.answers):
        turn.close_form()
        if form.name in story.FORMS_ABOUT_IT:
            await story.show(turn)
        else:
            menu.say_menu(turn, STOPPED)
        return
    match turn.incoming.data:
        case "stop:erase":
            turn.close_form()
            turn.say(ERASED, *menu.taps(turn))
        case "stop:keep":
            turn.pause_form()
            days = turn.context.settings.retention.drafts
            taps = (Tap(menu.CARRY_ON, "resume"), Tap(menu.MENU, "menu"))
            if turn.incoming.channel == "web":
                await codes.give(turn, KEPT.fill(n=days), *taps)
            else:
                turn.say(KEPT.fill(n=days), *taps)
        case _:
            turn.pause_form()
            turn.say(STOP_HERE, Tap(KEEP, "stop:keep"), Tap(ERASE, "stop:erase"), Tap(menu.CARRY_ON, "resume"))


@router.button("resume", EVERYBODY)
async def resume(turn: Turn) -> None:
    """Back to the question that was open."""
    if turn.form:
        await filling.ask(turn)
    else:
        menu.say_menu(turn, menu.STALE)


@router.button(filling.VERB, EVERYBODY)
@router.other("form", EVERYBODY)
async def form(turn: Turn) -> None:
    """An answer; but the menu's button is on every screen, so its word is not one."""
    if turn.incoming.kind is Kind.TEXT and is_typed(turn, menu.MENU):
        await menu.menu(turn)
    else:
        await taking.take(turn)
