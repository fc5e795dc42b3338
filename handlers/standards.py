"""The 14 promises: a card for each, and what children say of them, counted without names."""

from markupsafe import Markup

from bot.domain.roles import EVERYBODY, Role
from bot.domain.standards import ABOUT_A_VISITOR, ABOUT_SAFETY, STANDARDS, Answer
from bot.engine.answers import YES
from bot.engine.router import SAFETY, Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Month, Text, _
from bot.pages import Page
from bot.store import standards
from handlers import menu, pages

router = Router()

HALF = 7
"""How many promises stand in one list: as many buttons as a small phone shows at once."""

NO_VISITOR = "no_visitor"

PROMISES = _("Good visitor services keep 14 promises to you. Tap one to read it.")
FIRST_HALF = _("Promises 1 to 7")
SECOND_HALF = _("Promises 8 to 14")
HAPPENING = _("This is a promise to you. <b>Is this happening for you?</b> I count the answers, and keep no names.")
NOT_REALLY = _("Not really")
NOT_SURE = _("Not sure")
NO_VISITOR_YET = _("I don't have a visitor yet")
THANKS = _("Thank you. That's good to know. I've counted it, without your name.")
SHOULD_BE = _(
    "Thank you for telling me. It should be happening. It's not your fault that it isn't.\n\n"
    "I've counted your answer, without your name. So nobody knows that it was you. "
    "Would you like somebody to help? You can choose here. You can leave it, too."
)
FINE = _("That's fine. I've counted it, without your name.")
CANNOT_SAY = _("That's fine. I haven't counted it. You can come back to it when you have met a visitor.")
FOR_CHILDREN = _("I only count what children and young people say. So I haven't counted yours.")
TO_TELL = {
    1: _("Has anybody told you how to ask for a visitor? The person who runs your reviews can tell you more."),
    2: _("Think of the last visit. Did somebody ask what you wanted? If not, you can say so."),
    3: _("You can ask your visitor: who do you tell about what I say? They should have an answer."),
    4: _("Has anybody asked for your ideas, and told you what they did? You can ask {coordinator}."),
    5: _("You can ask {coordinator} if your visitor has been checked. It's a good thing to ask."),
    6: _("You can ask your visitor what they have learned for this, and who helps them."),
    7: _('Look under "My request". If that doesn\'t help, {coordinator} can tell you what comes next.'),
    8: _("Think back: have they come most months? Did you hear why when they didn't?"),
    9: _("Has anybody asked how it goes with your visitor, when your visitor was not there? You can ask them to."),
    10: _("You can ask your visitor who they work for. They should not work for your social worker."),
    11: _("You can ask your visitor, or {coordinator}, to tell you the rules."),
    12: _("You can ask {coordinator} how many children wait for a visitor, and for how long."),
    13: _("Do people use words you know? Can you be who you are? If not, you can say so."),
    14: _("Do you know who to tell if something is wrong? If not, a person here can tell you."),
}
"""How one could tell whether a promise is kept, or who can help to find out."""


def name(number: int) -> str:
    """The page that is this standard's card."""
    return f"standard-{number}"


def _answers(number: int) -> list[Tap | list[Tap]]:
    three = [(YES, Answer.YES), (NOT_REALLY, Answer.NOT_REALLY), (NOT_SURE, Answer.NOT_SURE)]
    row = [Tap(label, f"standard:{number}:{answer}") for label, answer in three]
    return [row, Tap(NO_VISITOR_YET, f"standard:{number}:{NO_VISITOR}")] if number in ABOUT_A_VISITOR else [row]


pages.QUESTIONS.update({name(number): (HAPPENING, _answers(number)) for number in STANDARDS})


@router.command("standards", EVERYBODY)
@router.button("standards", EVERYBODY)
async def promises(turn: Turn) -> None:
    """One half of the 14 cards; the other is a button away."""
    turn.pause_form()
    second = turn.incoming.argument == "more"
    half = STANDARDS[HALF:] if second else STANDARDS[:HALF]
    other = Tap(FIRST_HALF, "standards:first") if second else Tap(SECOND_HALF, "standards:more")
    turn.say(
        PROMISES,
        *([Tap(menu.CARRY_ON, "resume")] if turn.form else []),
        *(pages.tap(card) for card in (_card(turn, number) for number in half) if card),
        other,
        Tap(menu.MENU, "menu"),
        replacing=turn.incoming.argument in {"first", "more"},
    )


@router.button("standard", EVERYBODY)
async def standard(turn: Turn) -> None:
    """A card, or an answer to the question under it, which then stands in its place."""
    asked, _colon, answer = turn.incoming.argument.partition(":")
    card = _card(turn, int(asked)) if asked.isdecimal() else None
    if card is None or (answer and answer not in {*Answer, NO_VISITOR}):
        menu.say_menu(turn, menu.STALE)
    elif answer:
        await _answered(turn, int(asked), card, answer)
    else:
        pages.show(turn, card)


async def _answered(turn: Turn, number: int, card: Page, answer: str) -> None:
    turn.pause_form()
    words = await _heard(turn, number, answer)
    turn.say(
        Markup("\n\n").join([Markup("<b>{}</b>").format(card.title), *(turn.html(text) for text in words)]),
        *([Tap(menu.CARRY_ON, "resume")] if turn.form else []),
        *_help(turn, number, answer),
        *([pages.tap(after)] if (after := _card(turn, number + 1)) else []),
        pages.ACTIONS["standards"],
        Tap(menu.MENU, "menu"),
        replacing=True,
    )


async def _heard(turn: Turn, number: int, answer: str) -> list[Text]:
    """Count the answer of a child, and say so."""
    if turn.person.role != Role.GUEST:
        return [FOR_CHILDREN]
    if answer == NO_VISITOR:
        return [CANNOT_SAY]
    month = Month.of(turn.day(turn.stamp))
    await standards.count(await turn.write(), number, Answer(answer), str(month))
    if answer == Answer.NOT_SURE:
        return [FINE, TO_TELL[number]]
    return [THANKS if answer == Answer.YES else SHOULD_BE]


def _help(turn: Turn, number: int, answer: str) -> list[Tap]:
    """Who can help, for those who may want it."""
    if answer == NO_VISITOR:
        return [pages.ACTIONS["interest"]]
    if answer == Answer.NOT_SURE:
        return [pages.ACTIONS["talk"]]
    if answer != Answer.NOT_REALLY:
        return []
    way = turn.context.pages.get("speak-up", turn.language)
    danger = [Tap(menu.NOT_SAFE, SAFETY, danger=True)] if number in ABOUT_SAFETY else []
    return [pages.ACTIONS["talk"], pages.ACTIONS["complain"], *([pages.tap(way)] if way else []), *danger]


def _card(turn: Turn, number: int) -> Page | None:
    return turn.context.pages.get(name(number), turn.language) if number in STANDARDS else None
