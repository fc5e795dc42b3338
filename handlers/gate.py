"""The gate as people notice it: checks that run out, visits that wait for them, and visits that go on again.

Days are those of the gate in the store, which goes by UTC. Why a visitor is suspended is never told here.
"""

import datetime as dt

from bot.domain import reminders
from bot.domain.recruitment import Clearance, Stage, current, missing, warning
from bot.engine.message import Incoming
from bot.engine.message import Kind as EventKind
from bot.engine.router import Router
from bot.engine.turn import READ_IT, Tap, Turn
from bot.i18n import Text, _, n_
from bot.settings import Settings
from bot.store import gate, people, visits, volunteers
from bot.store.clock import stamp
from bot.store.database import Reader, Row
from handlers import visit_news

router = Router()

RUNS_OUT = _("One of your checks runs out on {day}. Please renew it in time. {Coordinator} can help.")
HAS_RUN_OUT = _("One of your checks has run out. No visit can be planned until it is renewed.")
ON_PAUSE = _("Your visits are on pause, because one of your checks has run out or is missing.")
STAFF_RUNS_OUT = _("{volunteer}: {stage} runs out on {day}.")
STAFF_HAS_RUN_OUT = _("{volunteer}: {stage} ran out on {day}.")
STAFF_ON_PAUSE = n_(
    "{volunteer}: {n} visit is on pause. Why: {why}.", "{volunteer}: {n} visits are on pause. Why: {why}."
)
STAFF_GO_ON = n_(
    "{volunteer}: may visit again. {n} visit is planned again, and both sides are asked anew.",
    "{volunteer}: may visit again. {n} visits are planned again, and both sides are asked anew.",
)
RAN_OUT = _("{stage} ran out on {day}")
NOT_PASSED = _("{stage} is not passed")
NOT_SIGNED = _("a second person has to sign")
ON_A_BREAK = _("a break")
HAS_LEFT = _("has left")


def today(now: dt.datetime) -> dt.date:
    """The day, as the gate has it."""
    return now.astimezone(dt.UTC).date()


def stages(settings: Settings) -> list[Stage]:
    """What everybody has to pass, in its order."""
    return [Stage(one.id, one.title, one.valid_months) for one in settings.recruitment.stages]


async def follow(turn: Turn, volunteer: str) -> None:
    """After something has changed with a volunteer: visits to come wait, or go on, and whoever has to know is told."""
    stands = await volunteers.clearance(turn.reader, volunteer)
    if stands.ready(today(turn.now).isoformat()):
        await _go_on(turn, volunteer)
    else:
        await _wait(turn, volunteer, stands)


async def _go_on(turn: Turn, volunteer: str) -> None:
    planned = await visits.resume(await turn.write(), volunteer, turn.stamp)
    if planned:
        await tell_staff(turn, STAFF_GO_ON.fill(n=len(planned)), volunteer)
        await visit_news.asked_again(turn, planned)


async def _wait(turn: Turn, volunteer: str, stands: Clearance) -> None:
    """Children hear that there is something to read, and read no reason; of a suspension nobody hears by this way."""
    waiting = await visits.pause(await turn.write(), volunteer, turn.stamp)
    if not waiting or stands.suspended:
        return
    found = [visit for reference in waiting if (visit := await visits.find(turn.reader, reference))]
    for visit in {visit.interest: visit for visit in reversed(found) if visit.told}.values():
        await visit_news.tell_child(turn, visit)
    why = await reasons(turn, volunteer, stands)
    await tell_staff(turn, STAFF_ON_PAUSE.fill(n=len(waiting), why=why), volunteer)
    await tell_volunteer(turn, volunteer, ON_PAUSE)


async def reasons(turn: Turn, volunteer: str, stands: Clearance) -> list[Text]:
    """Why somebody is not ready, but for a suspension."""
    passes, day = await volunteers.passes(turn.reader, volunteer), today(turn.now).isoformat()
    held = current(passes)
    found = []
    for stage in missing(stages(turn.context.settings), passes, day):
        out = held[stage.id].expires_on if stage.id in held else None
        found.append((RAN_OUT.fill(day=turn.date(out)) if out else NOT_PASSED).fill(stage=stage.title))
    unsigned = [NOT_SIGNED] if stands.complete and not stands.signed else []
    return [*found, *unsigned, *([ON_A_BREAK] if stands.paused else []), *([HAS_LEFT] if stands.gone else [])]


async def tell_volunteer(turn: Turn, volunteer: str, text: Text) -> None:
    """There is news for a volunteer, if they are in the bot; the rest is read by a button."""
    known = await volunteers.find(turn.reader, volunteer)
    person = await people.find(turn.reader, known.person) if known and known.person else None
    if person:
        await turn.tell(person, text, Tap(READ_IT, "stages"))


async def tell_staff(turn: Turn, text: Text, volunteer: str) -> None:
    """There is news of a volunteer, for the staff."""
    await turn.tell_staff(text.fill(volunteer=volunteer), Tap(volunteer, f"volunteer:{volunteer}"))


# Time


async def running_out(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    """Each warning once, and the day itself; not at night."""
    if visit_news.quiet(now, settings):
        return []
    return [
        _event("runs-out", row["volunteer"], f"{row['id']}:{days}") for row, days in await _due(reader, now, settings)
    ]


@router.moment("runs-out", running_out)
async def say_it_runs_out(turn: Turn) -> None:
    """The volunteer and the staff are told what runs out; a check that was renewed meanwhile is none of it."""
    volunteer = turn.incoming.argument
    titles = {stage.id: stage.title for stage in stages(turn.context.settings)}
    for row, days in await _due(turn.reader, turn.now, turn.context.settings, volunteer):
        await gate.warned(await turn.write(), row["id"], days)
        about = {"day": turn.date(row["expires_on"]), "stage": titles[row["stage"]]}
        await tell_staff(turn, (STAFF_RUNS_OUT if days else STAFF_HAS_RUN_OUT).fill(**about), volunteer)
        await tell_volunteer(turn, volunteer, (RUNS_OUT if days else HAS_RUN_OUT).fill(**about))


async def _due(reader: Reader, now: dt.datetime, settings: Settings, volunteer: str = "") -> list[tuple[Row, int]]:
    """What has to be told, and for how many days before: of several warnings that are over, the last."""
    warn_days, day = settings.recruitment.warn_days, today(now)
    until = (day + dt.timedelta(days=max(warn_days))).isoformat()
    found = []
    for row in await gate.running_out(reader, until, volunteer):
        days = warning(dt.date.fromisoformat(row["expires_on"]), day, warn_days)
        if days is not None and (row["warned"] is None or row["warned"] > days):
            found.append((row, days))
    return found


async def to_follow(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    """Visits that have to wait, or can go on, whatever has changed: a day, a check, the settings.

    At night only what would begin before the morning.
    """
    morning, day = reminders.next_loud(now, settings.zone, settings.visits.quiet), today(now).isoformat()
    waiting = await gate.to_pause(reader, stamp(now), day)
    going_on = await gate.to_resume(reader, stamp(now), day) if morning == now else []
    return [
        *(_event("gate", row["volunteer"], row["planned_at"]) for row in waiting
          if morning == now or row["next_visit"] < stamp(morning)),
        *(_event("gate", row["volunteer"], str(row["changes"])) for row in going_on),
    ]  # fmt: skip


@router.moment("gate", to_follow)
async def follow_now(turn: Turn) -> None:
    """Somebody who has visits to come may not make them any more, or may again."""
    await follow(turn, turn.incoming.argument)


def _event(name: str, volunteer: str, since: str) -> Incoming:
    return Incoming("clock", f"{name}:{volunteer}:{since}", "", EventKind.CLOCK, data=f"{name}:{volunteer}")
