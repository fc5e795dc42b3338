"""What is kept about a volunteer, put right by themselves: what they like, speak, and what a child reads of them."""

from dataclasses import replace
from typing import Any

from bot.domain.recruitment import Volunteer
from bot.domain.reports import tells_how_to_reach
from bot.domain.roles import VOLUNTEERS
from bot.engine import filling
from bot.engine.forms import Answers, Form, Kind, Step
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.store import audit, volunteers
from handlers import menu
from handlers.interest_form import LIKE
from handlers.volunteer import pause, work

router = Router()

WHAT_IS_RIGHT = _(
    "Tap what is not right, then say what is. The name, your stages and your visits are noted by {coordinator}: "
    "please write to them about those."
)
LIKES = _("What do you like doing? Tap as many as you like. You can type your own too.")
LANGUAGES = _("Which languages do you speak? Like English, Polish.")
ABOUT = _("A few words about you. A child reads them before they say whether they would like to meet you.")
NO_NUMBERS = _("A child finds you through the service: please leave out numbers, addresses and links.")
DONE = _("Thank you. It's put right, and {coordinator} has been told that something changed.")
SAME = _("Nothing has changed.")
STAFF_CHANGED = _("{volunteer}: they have put right something about themselves.")


@router.button("vfacts", VOLUNTEERS)
async def facts(turn: Turn) -> None:
    """Everything they may change by themselves, as it is now."""
    volunteer = await work.known(turn)
    if volunteer is None:
        return
    turn.open_form("vfacts", _answers(volunteer))
    await filling.ask(turn, WHAT_IS_RIGHT)


def _answers(volunteer: Volunteer) -> dict[str, Any]:
    return {
        "likes": list(volunteer.likes) or None,
        "languages": ", ".join(volunteer.languages) or None,
        "about": volunteer.about or None,
    }


async def changed(turn: Turn, answers: dict[str, Any]) -> None:
    """What they said takes the place of what was there. A match that runs keeps the words its child knows."""
    volunteer = await work.known(turn)
    if volunteer is None:
        return
    spoken = [part.strip() for part in (answers["languages"] or "").split(",")]
    new = replace(
        volunteer,
        likes=tuple(answers["likes"] or ()),
        languages=tuple(part for part in spoken if part),
        about=answers["about"] or "",
    )
    taps = (Tap(_("My visits"), "work"), Tap(menu.MENU, "menu"))
    if new == volunteer:
        turn.say(SAME, *taps)
        return
    await volunteers.update(await turn.write(), new)
    await audit.add(await turn.write(), turn.person.id, turn.person.role, "put_right", new.reference, turn.stamp)
    turn.say(DONE, *taps)
    await pause.tell_staff(turn, STAFF_CHANGED, new.reference)


def _no_numbers(_turn: Turn, _answers: Answers, words: str) -> Text | None:
    return NO_NUMBERS if tells_how_to_reach(words) else None


FORMS = (
    Form(
        "vfacts",
        (
            Step("likes", Kind.SEVERAL, LIKES, _("Likes"), LIKE, optional=True, own_words=True, longest=60),
            Step("languages", Kind.TEXT, LANGUAGES, _("Languages"), optional=True, longest=200),
            Step("about", Kind.TEXT, ABOUT, _("About you"), optional=True, longest=200, check=_no_numbers),
            Step("check", Kind.CHECK, WHAT_IS_RIGHT),
        ),
        changed,
        worth_keeping=False,
    ),
)
