"""Words outside a form: the page they ask for, the nearest ones to choose from, or a kind word and a person."""

from dataclasses import replace

from bot.domain.roles import EVERYBODY, STAFF, VOLUNTEERS
from bot.engine.answers import yes_or_no
from bot.engine.message import Kind
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.engine.understanding import NONE, Understood
from bot.i18n import _
from bot.pages import Page
from handlers import languages, menu, pages, safety
from handlers.volunteer import report, visits

router = Router()

DID_YOU_MEAN = _("I'm not sure what you mean. Is it one of these?")
NO_IDEA = _(
    "I don't know about that. I'm a computer program. I only know about independent visitors. "
    "You can try other words, or talk to a person."
)
MISSED_AGAIN = _(
    "I still don't get it. That's my fault, not yours. A person may know. You can send them a message from here."
)
ASIDES = {
    "hello": _("Hello. What would you like to know? Tap a button, or type a question."),
    "thanks": _("You're welcome. You can come back any time."),
    "bye": _("Bye for now. You can come back any time."),
    "ok": _("OK. What would you like to do next?"),
    "laugh": _("That's a good laugh. What would you like to do next?"),
    "rude": _(
        "That's OK. I'm a computer program, so it can't hurt me. If something made you angry, you can tell a person."
    ),
    "joke": _("I don't know any good jokes. I only know about independent visitors. What would you like to know?"),
    "sad": _(
        "That sounds hard. I'm a computer program, but people will listen. "
        "You can ring Childline on 0800 1111, day or night. It's free. You can also send a message to a person here."
    ),
}
"""What is said to what is no question, by the group it belongs to."""

ONLY_BY_BUTTON = _(
    "OK. If that was a yes or a no: I only take those from a button, so nothing has changed. "
    "What would you like to do next?"
)

WANTS_A_PERSON = frozenset({"rude", "sad"})

PATIENCE = 2
"""So many misses in a row, and a person is offered first."""


@router.other("question", EVERYBODY)
async def question(turn: Turn) -> None:
    """Words outside a form."""
    if turn.person.role in STAFF:
        await _command(turn)
        return
    if turn.person.role in VOLUNTEERS and (await report.typed(turn) or await visits.typed(turn)):
        return
    named = languages.named(turn)
    if data := f"language:{named}" if named else menu.typed(turn):
        turn.incoming = replace(turn.incoming, kind=Kind.BUTTON, data=data)
        turn.person = replace(turn.person, misses=0)
        await turn.context.router.buttons[data.split(":")[0]].handle(turn)
        return
    understood = turn.context.understanding.topic(turn.incoming.text, turn.typed_in or turn.language)
    offers = [page for name in understood.offers if (page := turn.context.pages.get(name, turn.language))]
    missed = understood.topic == NONE and understood.aside not in ASIDES
    turn.person = replace(turn.person, misses=turn.person.misses + 1 if missed else 0)
    manners = understood.aside in ASIDES.keys() - WANTS_A_PERSON
    if understood.topic == NONE and await safety.follow_up(turn, manners=manners):
        return
    _say(turn, understood, offers)
    languages.offer(turn, understood.topic)


def _say(turn: Turn, understood: Understood, offers: list[Page]) -> None:
    """The page, or the nearest ones to choose from, or a kind word and a person."""
    talk = pages.ACTIONS["talk"]
    carry_on = [Tap(menu.CARRY_ON, "resume")] if turn.form else []
    if understood.topic != NONE and offers:
        pages.show(turn, offers[0])
    elif understood.aside in ASIDES:
        turn.pause_form()
        _answer_aside(turn, understood.aside, [talk, *carry_on, Tap(menu.MENU, "menu")])
    elif turn.person.misses >= PATIENCE:
        turn.pause_form()
        turn.say(MISSED_AGAIN, talk, *carry_on, *(pages.tap(offer) for offer in offers), Tap(menu.MENU, "menu"))
    elif offers:
        turn.pause_form()
        turn.say(DID_YOU_MEAN, *carry_on, *(pages.tap(offer) for offer in offers), talk, Tap(menu.MENU, "menu"))
    else:
        menu.say_menu(turn, NO_IDEA)


def _answer_aside(turn: Turn, aside: str, person: list[Tap]) -> None:
    """What is said to what is no question. A yes or a no to something counts by its button alone: that is said too."""
    if aside in WANTS_A_PERSON:
        turn.say(ASIDES[aside], *person)
    elif yes_or_no(turn, turn.incoming.text) is not None:
        turn.say(ONLY_BY_BUTTON, *menu.taps(turn))
    else:
        turn.say(ASIDES[aside], *menu.taps(turn))


async def _command(turn: Turn) -> None:
    """Staff may leave out the slash of a command."""
    name = turn.incoming.text.split(maxsplit=1)[0].lower() if turn.incoming.text.strip() else ""
    route = turn.context.router.commands.get(name)
    await (route.handle(turn) if route and turn.person.role in route.roles else menu.help_(turn))
