"""My work: what a volunteer has before them, what they have done, and what they can do about it."""

import datetime as dt
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from bot.domain.commitment import commitment
from bot.domain.recruitment import Clearance, Volunteer, current
from bot.domain.reports import cost_pence
from bot.domain.roles import VOLUNTEERS
from bot.domain.visits import Said, VolunteerSaid
from bot.engine import filling
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Pence, Text, Year, _, n_
from bot.store import breaks, proposals, volunteers, work
from bot.store.breaks import Break
from bot.store.clock import stamp
from bot.store.database import Row
from bot.store.work import Child, Coming
from handlers import gate, likes, menu, pages

router = Router()

NOTHING_KNOWN = _(
    "Nothing is written down about you as a volunteer yet. Please ask {coordinator}: they can give you a new code."
)
STOPPED = _(
    "You stopped visiting on {day}. Thank you for your time. If you'd like to begin again, talk to {coordinator}."
)
THEM = _("the young person")
BULLET = Markup("• ")

VISITS = _("Your visits")
NO_VISIT = _("No visit is planned.")
VISIT = _("{day} at {time}, with {child}")
STATE = Text("{visit}: {state}")
PAUSED = _("on pause for now")
SAID = {
    VolunteerSaid.NOTHING: _("please say if you'll be there"),
    VolunteerSaid.YES: _("you'll be there"),
    VolunteerSaid.MOVE: _("you need to move it"),
    VolunteerSaid.NO: _("you can't come"),
}
CHILD_SAID = {
    Said.NOTHING: _("you'll be there, no answer from {child} yet"),
    Said.YES: _("you'll be there, and {child} said yes"),
    Said.ANOTHER_DAY: _("{child} would like another day"),
}

CHILDREN = _("Who you visit")
NOBODY = _("You have no match yet. When there is somebody for you to meet, you are asked here.")
LIKES = _("{child} likes: {likes}.")
CHILD = _("{child}. You can ask what they like.")

THIS_YEAR = _("This year, {year}")
DONE = n_("{n} visit, {hours} h. Thank you.", "{n} visits, {hours} h. Thank you.")
NOT_DONE = _("No visit reported yet.")
MONEY = _("Expenses: {paid} paid, {open} still to be paid.")
NO_MONEY = _("Expenses: none claimed.")

YOUR_PART = _("Your part")
KEEPING = n_(
    "You promised {n} month. You have been visiting for {done}. Thank you for staying.",
    "You promised {n} months. You have been visiting for {done}. Thank you for staying.",
)
JUST_BEGUN = n_(
    "You promised {n} month, and have just begun. Thank you.",
    "You promised {n} months, and have just begun. Thank you.",
)
KEPT = n_(
    "You promised {n} month, and have been visiting for {done}. That means a lot. Thank you.",
    "You promised {n} months, and have been visiting for {done}. That means a lot. Thank you.",
)
STAGES_TO_GO = _("Stages: {passed} of {required} passed.")
TO_SIGN = _("Stages: all passed. A second person signs, then you can be matched.")
RUN_OUT = _("Stages: {stage} ran out on {day}. Visits wait until it is renewed.")
ALL_HELD = _("Stages: all passed.")
RUNS_OUT_NEXT = _("Stages: all passed. The next to renew is {stage}, by {day}.")
ON_HOLD = _("Your visits are on hold for now. {Coordinator} talks with you about it.")
ON_A_BREAK = _("You are on a break, since {day}. Nothing is planned until you're back.")
ON_A_BREAK_UNTIL = _("You are on a break until {until}. Nothing is planned until you say that you're back.")

OPEN_VISIT = _("{day}")
PLAN = _("Plan a visit")
PLAN_WITH = _("Plan a visit with {child}")
I_AM_BACK = _("I'm back")
NEED_A_BREAK = _("I need a break")
STOP_VISITING = _("Stop visiting")
TALK = _("Talk to {coordinator}")
SOMEBODY = _("{proposal}: somebody to meet")

ROLE = _("These pages say what a visitor is there for. The young people read the same ones. Which one?")
ROLE_PAGES = (
    "what-we-do", "how-often", "how-long", "private", "money", "missed-visit", "not-getting-on", "ending", "checks",
    "speak-up",
)  # fmt: skip


async def known(turn: Turn) -> Volunteer | None:
    """Who is here, as a volunteer at work; otherwise they are told."""
    volunteer = await volunteers.of_person(turn.reader, turn.person.id)
    if volunteer is None:
        turn.say(NOTHING_KNOWN, Tap(TALK, "talk"), Tap(menu.MENU, "menu"))
    elif volunteer.left_at:
        turn.say(STOPPED.fill(day=turn.day(volunteer.left_at)), Tap(TALK, "talk"), Tap(menu.MENU, "menu"))
    else:
        return volunteer
    return None


@router.command("work", VOLUNTEERS)
@router.button("work", VOLUNTEERS)
async def show(turn: Turn) -> None:
    """Everything on one page."""
    turn.pause_form()
    volunteer = await known(turn)
    if volunteer is None:
        return
    children = await work.children(turn.reader, turn.person.id)
    coming = await work.coming(turn.reader, turn.person.id, turn.stamp)
    pause = await breaks.of_volunteer(turn.reader, volunteer.reference)
    clear = await volunteers.clearance(turn.reader, volunteer.reference)
    parts = [
        *_stopped_for_now(turn, clear, pause),
        _part(turn, VISITS, _visits(turn, coming, children)),
        _part(turn, CHILDREN, _children(children)),
        _part(turn, THIS_YEAR.fill(year=Year(turn.day(turn.stamp).year)), await _this_year(turn, volunteer)),
        _part(turn, YOUR_PART, await _your_part(turn, volunteer, clear)),
    ]
    asked = await proposals.of_volunteer(turn.reader, turn.person.id)
    meet = [Tap(SOMEBODY.fill(proposal=found.reference), f"vmeet:{found.reference}") for found in asked]
    turn.say(Markup("\n\n").join(parts), *meet, *_taps(turn, children, coming, pause))


def name_of(children: Sequence[Child], match: str) -> Text | str:
    """What a child is called."""
    return next((child.name for child in children if child.match == match and child.name), THEM)


def _part(turn: Turn, title: Text, lines: Sequence[Text]) -> Markup:
    head = Markup("<b>{}</b>").format(turn.html(title))
    return Markup("\n").join([head, *(BULLET + turn.html(line) for line in lines)])


def _stopped_for_now(turn: Turn, clear: Clearance, pause: Break | None) -> list[Markup]:
    """Why nothing can be planned, if it is so; of a suspension only that it is there."""
    said = [ON_HOLD] if clear.suspended else []
    if pause and pause.until:
        said.append(ON_A_BREAK_UNTIL.fill(until=turn.date(pause.until)))
    elif pause:
        said.append(ON_A_BREAK.fill(day=turn.day(pause.since)))
    return [turn.html(line) for line in said]


def _visits(turn: Turn, coming: Sequence[Coming], children: Sequence[Child]) -> list[Text]:
    return [_visit(turn, visit, name_of(children, visit.match)) for visit in coming] or [NO_VISIT]


def _visit(turn: Turn, visit: Coming, child: Text | str) -> Text:
    """When, with whom, and how it stands."""
    if visit.paused:
        state = PAUSED
    elif visit.confirmed:
        state = CHILD_SAID[visit.child_said]
    else:
        state = SAID[visit.volunteer_said]
    when = VISIT.fill(day=turn.day(visit.planned_for), time=turn.time(visit.planned_for), child=child)
    return STATE.fill(visit=when, state=state.fill(child=child))


def _children(children: Sequence[Child]) -> list[Text]:
    """Each child's first name and what they like: but for the visits, a volunteer knows no more of them here."""
    found = []
    for child in children:
        name = name_of(children, child.match)
        listed = [likes.label(like) for like in child.likes]
        found.append(LIKES.fill(child=name, likes=listed) if listed else CHILD.fill(child=name))
    return found or [NOBODY]


async def _this_year(turn: Turn, volunteer: Volunteer) -> list[Text]:
    first = dt.date(turn.day(turn.stamp).year, 1, 1)
    after = first.replace(year=first.year + 1)
    done = await work.done(turn.reader, volunteer.reference, _midnight(turn, first), _midnight(turn, after))
    spent = await work.spent(turn.reader, volunteer.reference, first.isoformat(), after.isoformat())
    visits = DONE.fill(n=done.visits, hours=round(done.minutes / 60, 1)) if done.visits else NOT_DONE
    money = MONEY.fill(paid=total(spent, paid=True), open=total(spent, paid=False)) if spent else NO_MONEY
    return [visits, money]


def _midnight(turn: Turn, day: dt.date) -> str:
    """The moment a day begins where the service is."""
    return stamp(dt.datetime.combine(day, dt.time(), turn.context.settings.zone))


def cost(row: Row) -> int:
    """What a claim comes to, in pence."""
    return cost_pence(row["pence"], row["miles_tenths"], row["mileage_pence"])


def total(rows: Sequence[Row], *, paid: bool) -> Pence:
    return Pence(sum(cost(row) for row in rows if (row["paid_at"] is not None) == paid))


async def _your_part(turn: Turn, volunteer: Volunteer, clear: Clearance) -> list[Text]:
    """How far the promise to stay is kept, and whether every stage holds."""
    first = await work.first_match(turn.reader, volunteer.reference)
    stays = []
    if first:
        kept = commitment(turn.day(first), turn.day(turn.stamp), turn.context.settings.visits.commitment_months)
        words = KEPT if kept.kept else KEEPING if kept.done else JUST_BEGUN
        stays = [words.fill(n=kept.promised, done=months(kept.done))]
    return [*stays, await _stages(turn, volunteer, clear)]


MONTHS = n_("{n} month", "{n} months")


def months(n: int) -> Text:
    return MONTHS.fill(n=n)


async def _stages(turn: Turn, volunteer: Volunteer, clear: Clearance) -> Text:
    titles = {stage.id: stage.title for stage in turn.context.settings.recruitment.stages}
    held = current(await volunteers.passes(turn.reader, volunteer.reference))
    ends = [(found.expires_on, titles[stage]) for stage, found in held.items() if stage in titles and found.expires_on]
    if not clear.complete:
        return STAGES_TO_GO.fill(passed=clear.passed, required=clear.required)
    if not ends:
        return ALL_HELD if clear.signed else TO_SIGN
    until, stage = min(ends)
    day = turn.date(until)
    if not clear.in_date(gate.today(turn.now).isoformat()):
        return RUN_OUT.fill(stage=stage, day=day)
    return RUNS_OUT_NEXT.fill(stage=stage, day=day) if clear.signed else TO_SIGN


def _taps(
    turn: Turn, children: Sequence[Child], coming: Sequence[Coming], pause: Break | None
) -> list[Tap | list[Tap]]:
    return [
        *([Tap(menu.CARRY_ON, "resume")] if turn.form else []),
        *(Tap(OPEN_VISIT.fill(day=turn.day(visit.planned_for)), f"vvisit:{visit.reference}") for visit in coming[:3]),
        *([] if pause else _planning(children)),
        [Tap(_("Report a visit"), "report"), Tap(_("Expenses"), "vexpenses")],
        [Tap(_("My stages"), "stages"), Tap(I_AM_BACK, "vgoon") if pause else Tap(NEED_A_BREAK, "vpause")],
        Tap(_("I have a worry"), "vworry", danger=True),
        [Tap(TALK, "talk"), Tap(_("Complain"), "complain")],
        [Tap(STOP_VISITING, "vend"), Tap(menu.MENU, "menu")],
    ]


def _planning(children: Sequence[Child]) -> Iterator[Tap]:
    for child in children:
        label = PLAN_WITH.fill(child=name_of(children, child.match)) if len(children) > 1 else PLAN
        yield Tap(label, f"vplan:{child.match}")


@router.button("vworry", VOLUNTEERS)
async def worry(turn: Turn) -> None:
    """Straight to those who keep children safe: who reads it is said before a word is written."""
    await filling.begin(turn, "tell_more")


@router.button("vrole", VOLUNTEERS)
async def role(turn: Turn) -> None:
    """What a visitor is there for."""
    turn.pause_form()
    found = [page for name in ROLE_PAGES if (page := turn.context.pages.get(name, turn.language))]
    turn.say(ROLE, *(pages.tap(page) for page in found), Tap(menu.MENU, "menu"))
