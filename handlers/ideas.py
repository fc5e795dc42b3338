"""The ideas box, and what came of ideas (standard 4)."""

import re
from typing import Any

from markupsafe import Markup

from bot.domain.roles import EVERYBODY
from bot.engine import filling
from bot.engine.forms import Form, Kind, Step
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Month, _
from bot.store import audit, ideas
from bot.store.database import Row
from handlers import menu, pages

router = Router()

LATEST = 5
"""How many changes are shown: what fits on a phone and is still news."""

WHAT_TO_CHANGE = _(
    "What should we change? Tell me your idea in your own words.\n\n"
    "I show it to {coordinator}, without your name. Please leave out names, so that nobody can tell who it's from. "
    'They read every idea. What they change is shown in "You said, we did".'
)
THANKS = _(
    "Thank you. I've passed on your idea, without your name. Only I know it's yours, so that you can take it back. "
    '{Coordinator} can\'t write back to you. What changes because of ideas is shown in "You said, we did".\n\n'
    "Is something wrong, or does something worry you? Then it's better to talk to a person."
)
TAKE_BACK = _("Take my idea back")
TAKEN_BACK = _("I've rubbed your idea out. Somebody may have read it already.")
CHANGES = _("Here is what we changed because of your ideas:")
CHANGE = _("<b>You said:</b> {you_said}\n<b>We did:</b> {we_did}\n<i>{month}</i>")
NO_CHANGES = _("Nothing here yet. Ideas are read by {coordinator}. What they change because of one is shown here.")
NEW_IDEA = _("There is a new idea. /ideas shows it.")


@router.command("idea", EVERYBODY)
@router.button("idea", EVERYBODY)
async def idea(turn: Turn) -> None:
    """Ask for an idea, or take one back."""
    what, _colon, number = turn.incoming.argument.partition(":")
    if what == "erase":
        await _erase(turn, number_in(number))
    else:
        await filling.begin(turn, "idea")


def number_in(data: str) -> int:
    """The number a button carries; 0, which nothing has, when it carries none."""
    return int(data) if re.fullmatch("[0-9]{1,18}", data) else 0


async def done(turn: Turn, answers: dict[str, Any]) -> None:
    """Keep the idea; staff learn that there is one, not what it says."""
    number = await ideas.add(await turn.write(), turn.person.id, turn.language, answers["words"], turn.stamp)
    turn.say(
        THANKS,
        pages.ACTIONS["talk"],
        pages.ACTIONS["changes"],
        Tap(TAKE_BACK, f"idea:erase:{number}"),
        Tap(menu.MENU, "menu"),
    )
    await turn.tell_staff(NEW_IDEA)


async def _erase(turn: Turn, number: int) -> None:
    """Rub out an idea of theirs, at once."""
    if not await ideas.erase(await turn.write(), number, turn.person.id):
        menu.say_menu(turn, menu.STALE)
        return
    await audit.add(await turn.write(), turn.person.id, turn.person.role, "erase_idea", f"idea {number}", turn.stamp)
    menu.say_menu(turn, TAKEN_BACK)


@router.command("changes", EVERYBODY)
@router.button("changes", EVERYBODY)
async def changes(turn: Turn) -> None:
    """What came of ideas, the newest first."""
    turn.pause_form()
    told = [change(turn, row) for row in await ideas.changes(turn.reader, LATEST)]
    words = turn.html(CHANGES if told else NO_CHANGES)
    turn.say(
        Markup("\n\n").join([words, *told]),
        *([Tap(menu.CARRY_ON, "resume")] if turn.form else []),
        pages.ACTIONS["idea"],
        Tap(menu.MENU, "menu"),
    )


def change(turn: Turn, row: Row) -> Markup:
    """A change as everybody reads it."""
    return shown(turn, row["you_said"], row["we_did"], Month.of(turn.day(row["at"])))


def shown(turn: Turn, you_said: str, we_did: str, month: Month) -> Markup:
    return turn.html(CHANGE.fill(you_said=you_said, we_did=we_did, month=month))


FORMS = (Form("idea", (Step("words", Kind.TEXT, WHAT_TO_CHANGE),), done),)
