"""Stopping kindly: a goodbye that is planned. A coordinator agrees before the child is told, and they end the match."""

import datetime as dt
from typing import Any

from markupsafe import Markup

from bot.domain.commitment import commitment
from bot.domain.interest import MATCH_PREFIX, Match
from bot.domain.recruitment import Volunteer
from bot.domain.references import read_reference
from bot.domain.roles import VOLUNTEERS
from bot.engine import filling
from bot.engine.forms import Answers, Form, Kind, Option, Step
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.store import audit, codes, goodbyes, matches, volunteers
from bot.store import work as store
from bot.store.goodbyes import Goodbye
from handlers import menu
from handlers.volunteer import pause, work

router = Router()

LONGEST = dt.timedelta(days=366)
LAST_VISIT, SAID, CANNOT = "last_visit", "said", "cannot"

WHO = _("With whom would you like to stop?")
WHY_GOODBYES = _(
    "You'd like to stop visiting {child}. Thank you for saying so first. Many young people in care have known adults "
    "who were gone from one day to the next. A goodbye that is planned shows that it's not because of them."
)
NOT_LONG_YET = n_(
    "You promised {n} month, and it has been {done}. Lives change, and that's no reproach. "
    "It makes the goodbye matter more. A break may help as well.",
    "You promised {n} months, and it has been {done}. Lives change, and that's no reproach. "
    "It makes the goodbye matter more. A break may help as well.",
)
CHILD_NOT_TOLD = _("{Coordinator} talks with you first. Please don't tell {child} before that.")
WHICH_WAY = _("Which is closest to what you'd like?")
HOW = {
    LAST_VISIT: _("A last visit, to say goodbye"),
    SAID: _("We've said goodbye already"),
    CANNOT: _("I can't come again"),
}
RATHER_NOT = _("No, I'll go on")
WHICH_DAY = _("Which day could the last visit be? Three or four weeks give time to get used to it. Like 20 June.")
IN_THE_PAST = _("That day is over. Which day to come?")
TOO_FAR = _("That is more than a year away. Which day before that?")
ANOTHER_CHILD = _("Would you like to visit another young person one day?")
MAYBE = Option("yes", _("Yes, or perhaps"))
ALTOGETHER = Option("no", _("No, I'd like to stop altogether"))
ANYTHING = _("Is there anything {coordinator} should know? Only they read it. You can skip this.")
SHALL_I = {
    LAST_VISIT: _(
        "I tell {coordinator} that you'd like a last visit on {day}. The young person is told after they have agreed. "
        "Shall I?"
    ),
    SAID: _("I tell {coordinator} that you have said goodbye, and they end it. Shall I?"),
    CANNOT: _("I tell {coordinator} that you can't come again. They talk with the young person. Shall I?"),
}
YES = Option("yes", _("Yes, tell {coordinator}"))
NO = Option("no", _("No, I'll go on"))
GOES_ON = _("That's fine. Nothing was told to anybody.")
TOLD = _(
    "I've told {coordinator}, and they get in touch with you. Until then please keep what is planned, if you can. "
    "Thank you for the time you gave."
)
ASKED = {
    LAST_VISIT: _("You asked on {day} for a last visit on {last}. {Coordinator} has not answered yet."),
    SAID: _("You told {coordinator} on {day} that you have said goodbye. They have not ended it yet."),
    CANNOT: _("You told {coordinator} on {day} that you can't come again. They have not ended it yet."),
}
AGREED = _(
    "{Coordinator} has agreed to a last visit on {last}. {Child} can read it now, and that it's not because of them."
)
STAY = _("I'd like to go on after all")
STAYS = _("That's good to hear. I've told {coordinator}, and nobody else knew.")
TOO_LATE = _("The young person knows of the goodbye already. Please talk to {coordinator}.")
OVER = _("That match is over.")
LEAVE = _(
    "Would you like to stop being a visitor? You visit nobody now, so nobody is left waiting. {Coordinator} is told, "
    "and you can come back to them any day."
)
YES_LEAVE = _("Yes, I'd like to stop")
LEFT = _("Thank you for the time you gave. I've told {coordinator}. What is kept about you is under /data.")
OWN_WISH = "own wish"

STAFF_ASKED = _("{match}: the volunteer would like to stop. The child is not told.")
STAFF_STAYS = _("{match}: the volunteer goes on after all.")
STAFF_LEFT = _("{volunteer}: has stopped volunteering, by their own wish.")


@router.button("vend", VOLUNTEERS)
async def end(turn: Turn) -> None:
    """`vend:M-…` one match; without it, the only one or a choice; with none, stopping altogether."""
    turn.pause_form()
    volunteer = await work.known(turn)
    if volunteer is None:
        return
    typed, _colon, how = turn.incoming.argument.partition(":")
    mine = await matches.of_volunteer(turn.reader, turn.person.id)
    wanted = read_reference(typed, MATCH_PREFIX)
    match = next((match for match in mine if match.reference == wanted), None)
    if match is None and not typed and len(mine) == 1:
        match = mine[0]
    if match:
        await _one(turn, volunteer, match, how)
    elif typed and typed != "leave":
        turn.say(OVER, Tap(_("My visits"), "work"), Tap(menu.MENU, "menu"))
    elif mine:
        await _which(turn)
    else:
        await _leave(turn, volunteer, sure=typed == "leave")


async def _which(turn: Turn) -> None:
    children = await store.children(turn.reader, turn.person.id)
    taps = [Tap(work.name_of(children, child.match), f"vend:{child.match}") for child in children]
    turn.say(WHO, *taps, Tap(RATHER_NOT, "work"))


async def _one(turn: Turn, volunteer: Volunteer, match: Match, how: str) -> None:
    asked = await goodbyes.of_match(turn.reader, match.reference)
    if how == "stay":
        await _stay(turn, match, asked)
    elif asked:
        taps = [] if asked.agreed_at else [Tap(STAY, f"vend:{match.reference}:stay")]
        turn.say(await _stands(turn, asked), *taps, Tap(work.TALK, "talk"), Tap(menu.MENU, "menu"))
    elif how in HOW:
        await filling.begin(turn, "goodbye", {"how": how}, about=match.reference)
    else:
        await _ask(turn, volunteer, match)


async def _stands(turn: Turn, asked: Goodbye) -> Text:
    last = turn.date(asked.last_on) if asked.last_on else ""
    child = work.name_of(await store.children(turn.reader, turn.person.id), asked.match)
    return (AGREED if asked.agreed_at else ASKED[asked.how]).fill(day=turn.day(asked.at), last=last, child=child)


async def _ask(turn: Turn, volunteer: Volunteer, match: Match) -> None:
    """Why a goodbye matters; what was promised, if it is not over; and how they would like to stop."""
    child = work.name_of(await store.children(turn.reader, turn.person.id), match.reference)
    first = await store.first_match(turn.reader, volunteer.reference) or match.started_at
    kept = commitment(turn.day(first), turn.day(turn.stamp), turn.context.settings.visits.commitment_months)
    promised = [] if kept.kept else [NOT_LONG_YET.fill(n=kept.promised, done=work.months(kept.done))]
    lines = [WHY_GOODBYES.fill(child=child), *promised, CHILD_NOT_TOLD.fill(child=child), WHICH_WAY]
    turn.say(
        Markup("\n\n").join(turn.html(line) for line in lines),
        *(Tap(label, f"vend:{match.reference}:{how}") for how, label in HOW.items()),
        *([] if volunteer.paused_at else [Tap(work.NEED_A_BREAK, "vpause")]),
        Tap(RATHER_NOT, "work"),
    )


async def asked(turn: Turn, answers: dict[str, Any]) -> None:
    """The wish is written down, and the coordinators are told. The child is not."""
    match = next(iter(await matches.of_volunteer(turn.reader, turn.person.id, answers["about"])), None)
    if not answers["sure"]:
        turn.say(GOES_ON, Tap(_("My visits"), "work"), Tap(menu.MENU, "menu"))
        return
    if match is None:
        turn.say(OVER, Tap(_("My visits"), "work"), Tap(menu.MENU, "menu"))
        return
    writer = await turn.write()
    leaving, words = not answers["another"], answers["words"] or ""
    goodbye = Goodbye(match.reference, turn.stamp, answers["how"], answers.get("day"), leaving, words)
    await goodbyes.ask(writer, goodbye)
    await audit.add(writer, turn.person.id, turn.person.role, "ask_goodbye", match.reference, turn.stamp)
    turn.say(TOLD, Tap(work.TALK, "talk"), Tap(_("My visits"), "work"), Tap(menu.MENU, "menu"))
    await turn.tell_staff(STAFF_ASKED.fill(match=match.reference), Tap(match.reference, f"goodbye:{match.reference}"))


async def _stay(turn: Turn, match: Match, asked: Goodbye | None) -> None:
    """They go on: said in time, nobody but the coordinators ever knew."""
    if asked and await goodbyes.take_back(await turn.write(), match.reference):
        await audit.add(await turn.write(), turn.person.id, turn.person.role, "go_on", match.reference, turn.stamp)
        turn.say(STAYS, Tap(_("My visits"), "work"), Tap(menu.MENU, "menu"))
        await turn.tell_staff(STAFF_STAYS.fill(match=match.reference))
    elif asked:
        turn.say(TOO_LATE, Tap(work.TALK, "talk"), Tap(menu.MENU, "menu"))
    else:
        await work.show(turn)


async def _leave(turn: Turn, volunteer: Volunteer, *, sure: bool) -> None:
    """Whoever visits nobody stops at once, if that is their wish."""
    if not sure:
        turn.say(LEAVE, Tap(YES_LEAVE, "vend:leave"), Tap(RATHER_NOT, "work"))
        return
    writer = await turn.write()
    await volunteers.leave(writer, volunteer.reference, turn.stamp, OWN_WISH)
    await codes.end_volunteer_codes(writer, volunteer.reference)
    await audit.add(writer, turn.person.id, turn.person.role, "leave", volunteer.reference, turn.stamp)
    turn.say(LEFT, Tap(work.TALK, "talk"), Tap(menu.MENU, "menu"))
    await pause.tell_staff(turn, STAFF_LEFT, volunteer.reference)


def _day_to_come(turn: Turn, _answers: Answers, day: str) -> Text | None:
    today, chosen = turn.day(turn.stamp), dt.date.fromisoformat(day)
    if chosen < today:
        return IN_THE_PAST
    return TOO_FAR if chosen > today + LONGEST else None


def _wants_a_last_visit(answers: Answers) -> bool:
    return answers.get("how") == LAST_VISIT


def _shall_i(turn: Turn, answers: Answers) -> Text:
    day = answers.get("day")
    return SHALL_I[answers["how"]].fill(day=turn.date(day) if day else "")


FORMS = (
    Form(
        "goodbye",
        (
            Step("how", Kind.CHOICE, WHICH_WAY, options=tuple(Option(how, label) for how, label in HOW.items())),
            Step("day", Kind.DATE, WHICH_DAY, when=_wants_a_last_visit, check=_day_to_come),
            Step("another", Kind.YES_NO, ANOTHER_CHILD, options=(MAYBE, ALTOGETHER)),
            Step("words", Kind.TEXT, ANYTHING, optional=True, longest=500),
            Step("sure", Kind.YES_NO, _shall_i, options=(YES, NO)),
        ),
        asked,
        worth_keeping=False,
    ),
)
