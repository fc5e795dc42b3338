"""How a visit was: one face is enough. The visitor never learns which."""

import datetime as dt

from bot.domain.roles import EVERYBODY
from bot.domain.visits import UNHAPPY, Visit
from bot.engine.message import Incoming
from bot.engine.message import Kind as EventKind
from bot.engine.router import SAFETY, Router
from bot.engine.turn import Tap, Turn
from bot.i18n import _
from bot.settings import Settings
from bot.store import visits
from bot.store.database import Reader
from handlers import menu, pages, visit_news, visit_sides
from handlers.wishes import WISHES

router = Router()

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
STAFF_UNHAPPY = _("{reference}: the last visit was not good for the child.")
STAFF_MISSED = _("{reference}: the child says that a visit did not happen.")

ASKED_FOR = dt.timedelta(days=7)
"""For so long after a visit the child is asked how it was; after that it would be odd."""


async def visits_over(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    if visit_news.quiet(now, settings):
        return []
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
    if found is None or found.status not in {"planned", "recorded"} or found.planned_for > turn.stamp:
        menu.say_menu(turn, menu.STALE)
        return
    turn.pause_form()
    before = await visit_sides.of(turn, found.reference)
    if felt == "missed":
        await visits.child_felt(await turn.write(), found.reference, None)
        await visit_news.tell_staff(turn, found, STAFF_MISSED)
        turn.say(visit_news.about(turn, MISSED, found), pages.ACTIONS["talk"], Tap(menu.MENU, "menu"))
    elif felt.isascii() and felt.isdigit() and int(felt) in dict(FACES).values():
        await _felt(turn, found, int(felt))
    else:
        turn.say(visit_news.about(turn, HOW_WAS_IT, found), *taps(found), Tap(menu.MENU, "menu"))
        return
    await visit_sides.tell(turn, found, before)


async def _felt(turn: Turn, found: Visit, felt: int) -> None:
    await visits.child_felt(await turn.write(), found.reference, felt)
    if felt > UNHAPPY:
        turn.say(THANKS_HAPPY, Tap(menu.MENU, "menu"))
        return
    await visit_news.tell_staff(turn, found, STAFF_UNHAPPY)
    turn.say(
        visit_news.about(turn, THANKS_UNHAPPY, found),
        pages.ACTIONS["talk"],
        *WISHES,
        Tap(menu.NOT_SAFE, SAFETY, danger=True),
        Tap(menu.MENU, "menu"),
    )


def taps(found: Visit) -> list[Tap | list[Tap]]:
    """One for each face, and one for a visit that did not happen."""
    data = f"face:{found.reference}"
    return [[Tap(face, f"{data}:{felt}") for face, felt in FACES], Tap(DID_NOT_HAPPEN, f"{data}:missed")]
