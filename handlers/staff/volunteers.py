"""Volunteers: all of them with where they stand, and one of them whole.

Whether somebody is ready is reckoned from their stages, never set. Every look at one, and every step, is in the audit.
"""

import datetime as dt

from markupsafe import Markup

from bot.domain.recruitment import PREFIX, Stage, Volunteer, closing, missing
from bot.domain.references import read_reference
from bot.domain.roles import STAFF
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.store import audit, volunteers
from bot.store.volunteers import Listed
from handlers import gate, menu
from handlers.staff import volunteer_words

router = Router()

LISTED = 10
LONGEST_PAGE = 4
"""Digits: more are no number of a page."""

VOLUNTEERS = _("Volunteers")
NOBODY = _("There is no volunteer yet.")
COUNTED = n_("{n} volunteer, {ready} of them ready:", "{n} volunteers, {ready} of them ready:")
LINE = _("{reference} · {name} · {stands}")
RUNS_OUT = _("next expiry {day}")
CHILDREN = n_("{n} child", "{n} children")
LOOK = _("please look: visits can't be planned")
MORE = _("More")
BEFORE = _("Earlier ones")
NO_SUCH = _("There is no volunteer with that number. Please check it.")
MATCH = _("{match} · since {day}")

ADD = _("Add a volunteer")
PASS = _("Passed: {stage}")
RENEW = _("Renew a stage")
TAKE_BACK = _("Take a stage back")
SIGN = _("Sign")
EDIT = _("Edit the facts")
CODE = _("A code for their phone")
LET_GO = _("Let them go")

LEFT_BEFORE = _("{reference} has left already. Nothing was changed.")
YOUR_OWN = _("This is you. A colleague has to do it: nobody clears themselves.")


@router.command("volunteers", STAFF)
@router.button("volunteers", STAFF)
async def list_(turn: Turn) -> None:
    """Everybody who has not left: who needs something first. With a reference, that one."""
    typed = turn.incoming.argument
    if reference := read_reference(typed, PREFIX):
        await _one(turn, reference)
        return
    turn.pause_form()
    everybody = sorted(await volunteers.listed(turn.reader), key=lambda one: _urgency(turn, one))
    if not everybody:
        turn.say(NOBODY, Tap(ADD, "newvolunteer"), Tap(menu.MENU, "menu"))
        return
    last = (len(everybody) - 1) // LISTED
    page = min(int(typed), last) if typed.isdecimal() and len(typed) < LONGEST_PAGE else 0
    shown = everybody[page * LISTED : (page + 1) * LISTED]
    day = gate.today(turn.now).isoformat()
    ready = sum(one.clearance.ready(day) for one in everybody)
    lines = [turn.html(COUNTED.fill(n=len(everybody), ready=ready)), *(_line(turn, one, day) for one in shown)]
    taps = [Tap(one.volunteer.reference, f"volunteer:{one.volunteer.reference}") for one in shown]
    turning = [*([Tap(BEFORE, f"volunteers:{page - 1}")] if page else []),
               *([Tap(MORE, f"volunteers:{page + 1}")] if page < last else [])]  # fmt: skip
    turn.say(
        Markup("\n").join(lines),
        *(taps[i : i + 2] for i in range(0, len(taps), 2)),
        *([turning] if turning else []),
        Tap(ADD, "newvolunteer"),
        Tap(menu.MENU, "menu"),
    )


def _urgency(turn: Turn, one: Listed) -> int:
    """0: a child waits for it; 1: something runs out; 2: somebody has to sign; 3: nothing. By name within each."""
    clearance, today = one.clearance, gate.today(turn.now)
    soon = max(turn.context.settings.recruitment.warn_days)
    if one.children and not clearance.ready(today.isoformat()):
        return 0
    if clearance.clear_until and (dt.date.fromisoformat(clearance.clear_until) - today).days <= soon:
        return 1
    return 2 if clearance.complete and not clearance.signed else 3


def _line(turn: Turn, one: Listed, day: str) -> Markup:
    volunteer, clearance = one.volunteer, one.clearance
    parts = [
        LINE.fill(
            reference=volunteer.reference,
            name=volunteer_words.name_of(volunteer),
            stands=volunteer_words.stands(clearance, day),
        ),
        *([RUNS_OUT.fill(day=turn.date(clearance.clear_until))] if clearance.clear_until else []),
        *([CHILDREN.fill(n=one.children)] if one.children else []),
        *([LOOK] if one.children and not clearance.ready(day) else []),
    ]
    return Markup(" · ").join(map(turn.html, parts))


@router.button("volunteer", STAFF)
async def show(turn: Turn) -> None:
    await _one(turn, turn.incoming.argument)


async def _one(turn: Turn, typed: str) -> None:
    turn.pause_form()
    volunteer = await known(turn, typed)
    if volunteer:
        await show_one(turn, volunteer.reference)


async def known(turn: Turn, typed: str) -> Volunteer | None:
    """The volunteer of a reference; otherwise they are told that there is none."""
    reference = read_reference(typed, PREFIX)
    volunteer = await volunteers.find(turn.reader, reference) if reference else None
    if volunteer is None:
        turn.say(NO_SUCH, Tap(VOLUNTEERS, "volunteers"), Tap(menu.MENU, "menu"))
    return volunteer


async def at_work(turn: Turn, typed: str) -> Volunteer | None:
    """The same, for what is done only with somebody who has not left."""
    volunteer = await known(turn, typed)
    if volunteer and volunteer.left_at:
        await show_one(turn, volunteer.reference, LEFT_BEFORE.fill(reference=volunteer.reference))
        return None
    return volunteer


async def somebody_else(turn: Turn, typed: str) -> Volunteer | None:
    """The same, for what nobody does for themselves."""
    volunteer = await at_work(turn, typed)
    if volunteer and volunteer.person == turn.person.id:
        await show_one(turn, volunteer.reference, YOUR_OWN)
        return None
    return volunteer


async def show_one(turn: Turn, reference: str, *before: Text) -> None:
    """One volunteer whole: facts, stages, matches, and what can be done; what there is to say goes before it."""
    volunteer = await volunteers.find(turn.reader, reference)
    if volunteer is None:
        raise LookupError(reference)
    await note(turn, "show_volunteer", reference)
    clearance = await volunteers.clearance(turn.reader, reference)
    passes = await volunteers.passes(turn.reader, reference)
    running = await volunteers.matches(turn.reader, reference)
    stages, day = gate.stages(turn.context.settings), gate.today(turn.now).isoformat()
    head = volunteer_words.HEAD.fill(
        reference=reference, name=volunteer_words.name_of(volunteer), stands=volunteer_words.stands(clearance, day)
    )
    to_sign = await volunteers.to_sign(turn.reader, reference)
    last = closing(stages, passes) if to_sign else None
    titles = {stage.id: stage.title for stage in stages}
    sign = [volunteer_words.SIGN_NEXT.fill(stage=titles[last.stage])] if last and not volunteer.left_at else []
    parts = [
        *map(turn.html, before),
        volunteer_words.lines_of(turn, [head, *volunteer_words.facts(turn, volunteer, clearance, len(running))]),
        await volunteer_words.stages(turn, stages, passes),
        volunteer_words.lines_of(turn, sign),
        volunteer_words.lines_of(
            turn,
            [
                MATCH.fill(match=match["reference"], day=turn.date(turn.day(match["started_at"]).isoformat()))
                for match in running
            ],
        ),
    ]
    open_ones = missing(stages, passes, day)
    taps = [] if volunteer.left_at else _taps(volunteer, open_ones, passed=bool(passes), sign=bool(sign))
    turn.say(
        Markup("\n\n").join(part for part in parts if part),
        *taps,
        *(Tap(match["reference"], f"matched:{match['reference']}") for match in running),
        Tap(VOLUNTEERS, "volunteers"),
        Tap(menu.MENU, "menu"),
    )


def _taps(volunteer: Volunteer, open_ones: list[Stage], *, passed: bool, sign: bool) -> list[Tap | list[Tap]]:
    reference = volunteer.reference
    return [
        *([Tap(SIGN, f"vsign:{reference}")] if sign else []),
        *(Tap(PASS.fill(stage=stage.title), f"vpass:{reference}:{stage.id}") for stage in open_ones),
        *([[Tap(RENEW, f"vpass:{reference}"), Tap(TAKE_BACK, f"vwithdraw:{reference}")]] if passed else []),
        [Tap(EDIT, f"vedit:{reference}"), Tap(CODE, f"vcode:{reference}")],
        Tap(LET_GO, f"vletgo:{reference}"),
    ]


async def note(turn: Turn, action: str, reference: str) -> None:
    """Who did what, in the audit."""
    await audit.add(await turn.write(), turn.person.id, turn.person.role, action, reference, turn.stamp)
