"""A new volunteer, and the facts about one that matching needs."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot.domain.references import read_reference
from bot.domain.reports import tells_how_to_reach
from bot.domain.roles import STAFF
from bot.engine import filling
from bot.engine.forms import Answers, Form, Kind, Option, Step
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.store import audit, enquiries, volunteers
from bot.store.enquiries import OPEN
from bot.store.enquiries import PREFIX as ENQUIRY
from handlers import menu
from handlers.interest_form import LIKE
from handlers.staff import volunteer_words
from handlers.staff.volunteers import at_work, note, show_one

router = Router()

WHOLE_NAME = _("What is the volunteer's whole name? Only staff see it.")
FIRST_NAME = _("What shall children call them? A first name, no surname.")
ADDED = _("{reference} is added. Next: a code for their phone, the facts that matching needs, and their stages.")
DONE_BEFORE = _("{reference} is not open any more. Somebody may have made them a volunteer already. Nothing was added.")
WHICH_FACT = _("What do you want to change?")
NAME = _("Whole name")
CALLED = _("What children call them")
PLACES = _("Children at a time")
ABOUT = _(
    "A few words about them, for the child: what they like, what they are like. No surname. Skip leaves it empty."
)
LIKES = _("What do they like? Tap as many as fit. You can type others. Skip leaves it empty.")
LANGUAGES = _("Which languages do they speak? Type them with commas, like: English, Polish. Skip leaves it empty.")
GENDER = _("A child may wish for a woman or a man. What are they?")
FAITH = _("A child may wish for somebody of their faith. Which is theirs, if they want it noted? Skip leaves it empty.")
AREA = _("Where can they visit?")
HOW_MANY = _("How many children can they visit at a time? 0 to 9.")
PROVIDER = _("Whose volunteer are they? Skip if they are yours.")
NO_NUMBERS = _("The child reads this: no numbers, addresses or links, please.")
UNSAID = Option("unsaid", _("Not said"))
CHANGED = _("Changed.")


@router.button("newvolunteer", STAFF)
async def begin(turn: Turn) -> None:
    """A new one; with the number of an enquiry, whoever made it."""
    typed = turn.incoming.argument
    reference = read_reference(typed, ENQUIRY) if typed else None
    found = await enquiries.find(turn.reader, reference) if reference else None
    if not typed:
        await filling.begin(turn, "newvolunteer")
    elif found and found.status in OPEN:
        await filling.begin(turn, "newvolunteer", {"called": found.name}, about=found.reference)
    else:
        menu.say_menu(turn, DONE_BEFORE.fill(reference=typed[:20]))


async def add(turn: Turn, answers: dict[str, Any]) -> None:
    """They are known from now on, and nothing is proven yet. An enquiry they came from is done with."""
    writer, enquiry = await turn.write(), answers.get("about")
    if enquiry:
        found = await enquiries.find(turn.reader, enquiry)
        if found is None or found.status not in OPEN:
            menu.say_menu(turn, DONE_BEFORE.fill(reference=enquiry))
            return
        await enquiries.move(writer, enquiry, "closed", turn.stamp)
        await audit.add(writer, turn.person.id, turn.person.role, "enquiry_closed", enquiry, turn.stamp)
    new = replace(await volunteers.begin(writer, answers["name"], turn.stamp), called=answers["called"])
    await volunteers.update(writer, new)
    await note(turn, "add_volunteer", new.reference)
    await show_one(turn, new.reference, ADDED.fill(reference=new.reference))


@router.button("vedit", STAFF)
async def edit(turn: Turn) -> None:
    """Which fact; then what it is."""
    typed, _colon, fact = turn.incoming.argument.partition(":")
    turn.pause_form()
    volunteer = await at_work(turn, typed)
    if volunteer is None:
        return
    if fact in STEPS:
        await filling.begin(turn, f"vedit_{fact}", about=volunteer.reference)
        return
    taps = [Tap(label, f"vedit:{volunteer.reference}:{name}") for name, label in LABELS.items()]
    rows: list[Tap | list[Tap]] = [taps[i : i + 2] for i in range(0, len(taps), 2)]
    turn.say(WHICH_FACT, *rows, Tap(volunteer.reference, f"volunteer:{volunteer.reference}"))


def _edited(fact: str) -> Callable[[Turn, dict[str, Any]], Awaitable[None]]:
    """What is done when one fact was told anew."""

    async def done(turn: Turn, answers: dict[str, Any]) -> None:
        volunteer = await at_work(turn, str(answers["about"]))
        if volunteer is None:
            return
        value = answers["value"]
        if fact in ("likes", "languages"):
            value = tuple(value or ())
        elif value in (None, UNSAID.value):
            value = ""
        await volunteers.update(await turn.write(), replace(volunteer, **{fact: value}))
        await note(turn, f"edit_volunteer_{fact}", volunteer.reference)
        await show_one(turn, volunteer.reference, CHANGED)

    return done


def _no_numbers(_turn: Turn, _answers: Answers, words: str) -> Text | None:
    return NO_NUMBERS if tells_how_to_reach(words) else None


def _options(labels: dict[str, Text]) -> tuple[Option, ...]:
    return (*(Option(value, label) for value, label in labels.items()), UNSAID)


LABELS = {"name": NAME, "called": CALLED, **volunteer_words.FACTS, "capacity": PLACES}
STEPS = {
    step.key: step
    for step in (
        Step("name", Kind.TEXT, WHOLE_NAME, longest=60),
        Step("called", Kind.TEXT, FIRST_NAME, longest=40),
        Step("about", Kind.TEXT, ABOUT, optional=True, longest=200, check=_no_numbers),
        Step("likes", Kind.SEVERAL, LIKES, options=LIKE, optional=True, own_words=True, longest=60),
        Step("languages", Kind.SEVERAL, LANGUAGES, optional=True, own_words=True, longest=40),
        Step("gender", Kind.CHOICE, GENDER, options=_options(volunteer_words.GENDER)),
        Step("faith", Kind.TEXT, FAITH, optional=True, longest=60),
        Step("area", Kind.CHOICE, AREA, options=_options(volunteer_words.AREA)),
        Step("capacity", Kind.NUMBER, HOW_MANY, most=9),
        Step("provider", Kind.TEXT, PROVIDER, optional=True, longest=60),
    )
}

FORMS = (
    Form("newvolunteer", (STEPS["name"], STEPS["called"]), add, worth_keeping=False),
    *(
        Form(f"vedit_{fact}", (replace(step, key="value"),), _edited(fact), worth_keeping=False)
        for fact, step in STEPS.items()
    ),
)
