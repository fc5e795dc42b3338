"""The volunteer's own road: which stages they have passed, what is missing, and what happens next."""

from markupsafe import Markup

from bot.domain.recruitment import Clearance, Pass, Stage, Volunteer, current, missing
from bot.domain.roles import VOLUNTEERS
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.store import volunteers
from handlers import gate, menu, pages

router = Router()

NO_RECORD = _("I can't find you among the volunteers. Please ask {coordinator} for a new code, and type it here.")
LEFT = _("You are not a volunteer here any more. Thank you for the time you gave. If you have questions, ask away.")
ROAD = n_("{picture}\n{done} of {n} stage", "{picture}\n{done} of {n} stages")
PASSED = _("● {stage}: passed, {day}")
PASSED_UNTIL = _("● {stage}: passed, {day}. Runs out {until}")
RAN_OUT = _("○ {stage}: ran out, {until}")
NOT_YET = _("○ {stage}: not yet")
NEXT = _(
    "Next: {stage}. {Coordinator} arranges it with you and notes it here when it's done. You meet no child before all "
    "of this is complete."
)
TO_SIGN = _("Everything is passed. Next, a second person looks at all of it and signs. I'll tell you here.")
READY = _("You're ready. {Coordinator} looks for a child you could fit. You are asked before anything is agreed.")
READY_WITH_CHILD = _("You're ready, and you can plan visits.")
ON_A_BREAK = _("You are on a break. When you're back, say so under My visits.")
ON_PAUSE = _("Visits are on pause. {Coordinator} will speak with you.")
MY_VISITS = _("My visits")


@router.command("stages", VOLUNTEERS)
@router.button("stages", VOLUNTEERS)
async def show(turn: Turn) -> None:
    """Where they stand."""
    turn.pause_form()
    volunteer = await volunteers.of_person(turn.reader, turn.person.id)
    if volunteer is None:
        turn.say(NO_RECORD, pages.ACTIONS["talk"], Tap(menu.MENU, "menu"))
    elif volunteer.left_at:
        turn.say(LEFT, pages.ACTIONS["talk"], Tap(menu.MENU, "menu"))
    else:
        turn.say(await road(turn, volunteer), Tap(MY_VISITS, "work"), Tap(menu.MENU, "menu"))


async def road(turn: Turn, volunteer: Volunteer) -> Markup:
    """The picture, each stage, and what comes next. Nothing of who noted what, nor of the evidence."""
    stages, passes = gate.stages(turn.context.settings), await volunteers.passes(turn.reader, volunteer.reference)
    day = gate.today(turn.now).isoformat()
    open_ones = missing(stages, passes, day)
    done = len(stages) - len(open_ones)
    picture = ROAD.fill(picture="●" * done + "○" * len(open_ones), done=done, n=len(stages))
    stands = await volunteers.clearance(turn.reader, volunteer.reference)
    lines = [_line(turn, stage, current(passes).get(stage.id), day) for stage in stages]
    has_child = await volunteers.load(turn.reader, volunteer.reference) > 0
    parts = [
        turn.html(picture),
        Markup("\n").join(map(turn.html, lines)),
        turn.html(_next(stands, open_ones, has_child=has_child)),
    ]
    return Markup("\n\n").join(parts)


def _line(turn: Turn, stage: Stage, held: Pass | None, day: str) -> Text:
    if held is None:
        return NOT_YET.fill(stage=stage.title)
    until = turn.date(held.expires_on) if held.expires_on else None
    words = RAN_OUT if not held.holds(day) and until else PASSED_UNTIL if until else PASSED
    return words.fill(stage=stage.title, day=turn.date(held.passed_on), until=until)


def _next(stands: Clearance, open_ones: list[Stage], *, has_child: bool) -> Text:
    """What happens next. Of a suspension only that visits are on pause: the rest is told by a person."""
    if stands.suspended:
        return ON_PAUSE
    if open_ones:
        return NEXT.fill(stage=open_ones[0].title)
    if not stands.signed:
        return TO_SIGN
    if stands.paused:
        return ON_A_BREAK
    return READY_WITH_CHILD if has_child else READY
