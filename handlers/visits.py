"""The next visit, how the last one went, and wishing for something else: the child's side."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from bot.domain.concerns import Source
from bot.domain.interest import Match, Note
from bot.domain.roles import EVERYBODY
from bot.domain.visits import UNHAPPY, Said, Visit
from bot.engine import filling
from bot.engine.forms import Form, Kind, Step
from bot.engine.message import Incoming
from bot.engine.message import Kind as EventKind
from bot.engine.router import SAFETY, Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.settings import Settings
from bot.store import allegations, interests, matches, visits
from bot.store.database import Reader
from handlers import menu, pages, safety, talk

router = Router()

COMES = _("{visitor} would like to see you on {day} at {time}.")
PLAN = _("The plan: {plan}")
YOU_CHOOSE = _("Is that good for you? You can change your mind later.")
YOU_SAID = {
    Said.YES: _("You said yes. You can still change your mind."),
    Said.ANOTHER_DAY: _("You asked for another day."),
    Said.NO: _("You said that you don't want this visit."),
    Said.NOT_SAFE: _("You said that you don't feel safe."),
}
YES = _("Yes")
ANOTHER_DAY = _("Another day")
NO = _("I don't want to")
NOT_SAFE = _("I don't feel safe")
CALLED_OFF = _("The visit on {day} will not happen. It's not because of you.")
NEW_DAY_COMES = _("{Coordinator} will look for another day with {visitor}. Then I'll tell you here.")
OVER = _("That visit is over.")
NO_VISIT = _("There is no visit planned right now. When there is one, you'll find it here.")
GOOD = _("Good. {Coordinator} can see your answer, and can tell {visitor}.")
WHICH_DAY = _("That's fine. Which day would be better? {Coordinator} reads it. You can skip this.")
FIND_A_DAY = _("Thank you. {Coordinator} will look for another day with {visitor}. Then I'll tell you here.")
NOT_THIS_ONE = _(
    "That's fine. You don't have to say why. {Coordinator} can see your answer, and can tell {visitor} not to come."
)
TOLD_NOT_SAFE = _("You don't have to go to this visit. {Coordinator} is told that too.")
PAUSED = _(
    "Visits are on pause now. It's not because of you. Somebody has to look at something first. "
    "I tell you here when that changes. You can talk to a person any day."
)
HOW_WAS_IT = _("How was it with {visitor} on {day}? One tap is enough. {Coordinator} can see it. {visitor} never does.")
FACES = (("😀", 5), ("😊", 4), ("😐", 3), ("😞", 2), ("😢", 1))
DID_NOT_HAPPEN = _("It didn't happen")
THANKS_HAPPY = _("Thank you for telling me.")
THANKS_UNHAPPY = _(
    "Thank you for telling me. {Coordinator} can see that it wasn't good. You don't have to say why. "
    "If you want to, you can talk to a person. You can also ask for another visitor."
)
MISSED = _(
    "That's a let-down. It's not because of you. I've told {coordinator}. They find out why, and look for a new day."
)
ASK_ANOTHER = _("Ask for another visitor")
STOP_VISITS = _("Stop the visits")
WANT_ANOTHER = _(
    "Would you like another visitor? You don't have to say why. I tell {coordinator}, and they talk with you. "
    "{visitor} is not told what you said here."
)
YES_ANOTHER = _("Yes, another visitor")
NO_KEEP = _("No, keep it as it is")
ANOTHER_ASKED = _(
    "I've told {coordinator}. They talk with you about what happens next. You can say no to any visit until then."
)
WANT_TO_STOP = _(
    "Would you like the visits to stop? You don't have to say why. Some people like to say goodbye first. You choose."
)
STOP_WITH_GOODBYE = _("Stop, and say goodbye first")
STOP_AT_ONCE = _("Stop, without a goodbye")
STOPPED = _(
    "I've told {coordinator} that you want to stop. They talk with you, and tell {visitor} kindly. "
    "You can say no to any visit until then. You can ask for a visitor again any day."
)
STAFF_SAID = _("{reference}: the child has answered about a visit.")
STAFF_UNHAPPY = _("{reference}: the last visit was not good for the child.")
STAFF_MISSED = _("{reference}: the child says that a visit did not happen.")
STAFF_WISH = _("{reference}: the child has a wish about their visits.")
STAFF_NOT_SAFE = _("{reference}: the child does not feel safe about a visit. Please look now.")

ASKED_FOR = dt.timedelta(days=7)
"""For so long after a visit the child is asked how it was; after that it would be odd."""


@router.button("visit", EVERYBODY)
async def visit(turn: Turn) -> None:
    """One visit that is planned; or, without a reference, the next one."""
    reference, _colon, said = turn.incoming.argument.partition(":")
    found = await (visits.of_child(turn.reader, reference, turn.person.id) if reference else _next(turn))
    turn.pause_form()
    if found.status == "paused" if found else await _are_paused(turn):
        turn.say(PAUSED, pages.ACTIONS["talk"], Tap(menu.MENU, "menu"))
    elif found is None:
        turn.say(NO_VISIT, Tap(menu.MENU, "menu"))
    elif found.status == "cancelled":
        await _called_off(turn, found)
    elif found.planned_for <= turn.stamp:
        turn.say(OVER, *_faces(found), Tap(menu.MENU, "menu"))
    elif said in {choice.value for choice in Said if choice}:
        await _answer(turn, found, Said(said))
    else:
        _show(turn, found, await talk.waiting(turn))


async def _are_paused(turn: Turn) -> bool:
    """Whether their visitor is suspended: then there is no visit until a manager lifts it."""
    match = await _match(turn)
    running = await allegations.suspension(turn.reader, match.reference) if match else None
    return running is not None and running.running


async def _called_off(turn: Turn, found: Visit) -> None:
    goes_on = await matches.current(turn.reader, found.interest)
    lines = [CALLED_OFF, *([NEW_DAY_COMES] if goes_on else [])]
    text = Markup("\n\n").join(turn.html(_about(turn, line, found)) for line in lines)
    turn.say(text, pages.ACTIONS["story"], Tap(menu.MENU, "menu"))


def _show(turn: Turn, found: Visit, waiting: Sequence[Tap]) -> None:
    lines = [COMES, *([PLAN] if found.plan else []), YOU_SAID.get(found.child_said, YOU_CHOOSE)]
    data = f"visit:{found.reference}"
    turn.say(
        Markup("\n\n").join(turn.html(_about(turn, line, found)) for line in lines),
        [Tap(YES, f"{data}:{Said.YES}"), Tap(ANOTHER_DAY, f"{data}:{Said.ANOTHER_DAY}")],
        Tap(NO, f"{data}:{Said.NO}"),
        Tap(NOT_SAFE, f"{data}:{Said.NOT_SAFE}", danger=True),
        *waiting,
        Tap(menu.MENU, "menu"),
    )


async def _answer(turn: Turn, found: Visit, said: Said) -> None:
    """What the child says counts at once; the coordinator is told, without a word of it."""
    await visits.child_said(await turn.write(), found.reference, said)
    await _tell_staff(turn, STAFF_NOT_SAFE if said is Said.NOT_SAFE else STAFF_SAID, found.interest)
    match said:
        case Said.ANOTHER_DAY if not turn.form:
            await filling.begin(turn, "another_day", about=found.reference)
        case Said.ANOTHER_DAY:
            turn.say(_about(turn, FIND_A_DAY, found), *menu.taps(turn))
        case Said.NOT_SAFE:
            await safety.tell_someone(turn, Source.VISIT, TOLD_NOT_SAFE)
        case Said.NO:
            turn.say(_about(turn, NOT_THIS_ONE, found), *WISHES, Tap(menu.MENU, "menu"))
        case _:
            turn.say(_about(turn, GOOD, found), pages.ACTIONS["story"], Tap(menu.MENU, "menu"))


async def another_day(turn: Turn, answers: dict[str, Any]) -> None:
    """They may have said which day would be better."""
    found = await visits.of_child(turn.reader, answers["about"], turn.person.id)
    if found is None:
        menu.say_menu(turn, menu.STALE)
        return
    await visits.child_words(await turn.write(), found.reference, answers["day"] or "")
    turn.say(_about(turn, FIND_A_DAY, found), Tap(menu.MENU, "menu"))


async def visits_over(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    until = now - dt.timedelta(hours=settings.visits.report_after_hours)
    rows = await visits.over(reader, now - ASKED_FOR, until)
    return [_event(f"visit-over:{row['reference']}", row["person"]) for row in rows]


def _event(name: str, person: str) -> Incoming:
    return Incoming("clock", name, person, EventKind.CLOCK, data=name)


@router.moment("visit-over", visits_over)
async def visit_over(turn: Turn) -> None:
    """Some hours after a visit the child may say how it was."""
    if await visits.of_child(turn.reader, turn.incoming.argument, turn.person.id):
        await turn.nudge(turn.person, f"face:{turn.incoming.argument}")


@router.button("face", EVERYBODY)
async def face(turn: Turn) -> None:
    """How a visit was: one face, or that it did not happen. The visitor never learns which."""
    reference, _colon, felt = turn.incoming.argument.partition(":")
    found = await visits.of_child(turn.reader, reference, turn.person.id)
    if found is None or found.status != "planned" or found.planned_for > turn.stamp:
        menu.say_menu(turn, menu.STALE)
        return
    turn.pause_form()
    if felt == "missed":
        await visits.child_felt(await turn.write(), found.reference, None)
        await _tell_staff(turn, STAFF_MISSED, found.interest)
        turn.say(_about(turn, MISSED, found), pages.ACTIONS["talk"], Tap(menu.MENU, "menu"))
    elif felt.isascii() and felt.isdigit() and int(felt) in dict(FACES).values():
        await _felt(turn, found, int(felt))
    else:
        turn.say(_about(turn, HOW_WAS_IT, found), *_faces(found), Tap(menu.MENU, "menu"))


async def _felt(turn: Turn, found: Visit, felt: int) -> None:
    await visits.child_felt(await turn.write(), found.reference, felt)
    if felt > UNHAPPY:
        turn.say(THANKS_HAPPY, Tap(menu.MENU, "menu"))
        return
    await _tell_staff(turn, STAFF_UNHAPPY, found.interest)
    turn.say(
        _about(turn, THANKS_UNHAPPY, found),
        pages.ACTIONS["talk"],
        *WISHES,
        Tap(menu.NOT_SAFE, SAFETY, danger=True),
        Tap(menu.MENU, "menu"),
    )


@router.button("another", EVERYBODY)
async def another(turn: Turn) -> None:
    """Another visitor, without a reason; asked once."""
    match = await _match(turn)
    if match is None:
        menu.say_menu(turn, menu.STALE)
    elif turn.incoming.argument == match.reference:
        await _wish(turn, match, Note.ANOTHER_VISITOR)
        turn.say(ANOTHER_ASKED, Tap(menu.MENU, "menu"))
    else:
        turn.pause_form()
        yes = Tap(YES_ANOTHER, f"another:{match.reference}")
        turn.say(WANT_ANOTHER.fill(visitor=match.visitor), yes, Tap(NO_KEEP, "story"))


@router.button("stopvisits", EVERYBODY)
async def stop_visits(turn: Turn) -> None:
    """To stop, with a goodbye or without; no reason is asked. An objection of s23ZB(7): the coordinator must act."""
    match = await _match(turn)
    how, _colon, reference = turn.incoming.argument.partition(":")
    if match is None:
        menu.say_menu(turn, menu.STALE)
    elif how in {"goodbye", "now"} and reference == match.reference:
        await _wish(turn, match, Note.STOP, "goodbye" if how == "goodbye" else "")
        turn.say(STOPPED.fill(visitor=match.visitor), Tap(menu.MENU, "menu"))
    else:
        turn.pause_form()
        turn.say(
            WANT_TO_STOP,
            Tap(STOP_WITH_GOODBYE, f"stopvisits:goodbye:{match.reference}"),
            Tap(STOP_AT_ONCE, f"stopvisits:now:{match.reference}"),
            Tap(NO_KEEP, "story"),
        )


WISHES: list[Tap | list[Tap]] = [Tap(ASK_ANOTHER, "another"), Tap(STOP_VISITS, "stopvisits")]


async def _match(turn: Turn) -> Match | None:
    """The visitor they have now. A yes to a wish names the match: it is not one about the visitor who comes next."""
    interest = await interests.newest_of(turn.reader, turn.person.id)
    return await matches.current(turn.reader, interest.reference) if interest else None


async def _wish(turn: Turn, match: Match, kind: Note, words: str = "") -> None:
    await interests.add_note(await turn.write(), match.interest, kind, turn.person.id, turn.stamp, words)
    await _tell_staff(turn, STAFF_WISH, match.interest)


async def _tell_staff(turn: Turn, text: Text, request: str) -> None:
    await turn.tell_staff(text.fill(reference=request), Tap(request, f"show:{request}"))


async def _next(turn: Turn) -> Visit | None:
    interest = await interests.newest_of(turn.reader, turn.person.id)
    coming = await visits.coming(turn.reader, interest.reference, turn.stamp) if interest else []
    return coming[0] if coming else None


def _faces(found: Visit) -> list[Tap | list[Tap]]:
    data = f"face:{found.reference}"
    return [[Tap(face, f"{data}:{felt}") for face, felt in FACES], Tap(DID_NOT_HAPPEN, f"{data}:missed")]


def _about(turn: Turn, text: Text, found: Visit) -> Text:
    when = found.planned_for
    return text.fill(visitor=found.visitor, day=turn.day(when), time=turn.time(when), plan=found.plan)


FORMS = (Form("another_day", (Step("day", Kind.TEXT, WHICH_DAY, optional=True, longest=200),), another_day),)
