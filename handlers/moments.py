"""What happens because time has passed."""

import datetime as dt
from dataclasses import replace

from bot.domain.retention import DRAFT_REMINDED_AFTER
from bot.engine.message import Incoming, Kind
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import _
from bot.settings import Settings
from bot.store import forms, people, purge
from bot.store.clock import stamp
from bot.store.database import Reader
from handlers import menu

router = Router()

LEFT_ALONE = _(
    "You have something here that isn't finished. I keep it until {day}. Then I rub it out. "
    "You can carry on, or leave it."
)


async def forms_left_alone(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    """Not those that are rubbed out today: after a long absence their person may be forgotten with them."""
    kept_since = now - dt.timedelta(days=settings.retention.drafts)
    rows = await forms.left_alone(reader, stamp(kept_since + DRAFT_REMINDED_AFTER), stamp(now - DRAFT_REMINDED_AFTER))
    return [_event(f"form-left:{row['person']}:{row['touched_at']}", row["person"], "form-left") for row in rows]


@router.moment("form-left", forms_left_alone)
async def form_left(turn: Turn) -> None:
    """Said once, then the form waits."""
    if not turn.form or turn.form.reminded_at or turn.form.name == "receipt":
        return
    turn.form = replace(turn.form, reminded_at=turn.stamp)
    day = turn.day(stamp(turn.now + dt.timedelta(days=turn.context.settings.retention.drafts)))
    await turn.tell(turn.person, LEFT_ALONE.fill(day=day), Tap(menu.CARRY_ON, "resume"))


async def sessions_idle(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    rows = await people.idle_pages(reader, _idle_since(now, settings))
    return [_event(f"idle:{row['address']}:{row['seen_at']}", row["person"], f"idle:{row['address']}") for row in rows]


@router.moment("idle", sessions_idle)
async def session_idle(turn: Turn) -> None:
    """A chat page nobody has used for a while closes, and its transcript is gone."""
    address = turn.incoming.argument
    row = await people.address(turn.reader, "web", address)
    if row and row["seen_at"] < _idle_since(turn.now, turn.context.settings):
        turn.remove_address("web", address)


async def purge_due(_reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    day = now.astimezone(settings.zone).date().isoformat()
    return [_event(f"purge:{day}", "", "purge")]


@router.moment("purge", purge_due)
async def purge_now(turn: Turn) -> None:
    """Once a day, what is too old is deleted."""
    await purge.run(await turn.write(), purge.limits(turn.now, turn.context.settings.retention))


def _idle_since(now: dt.datetime, settings: Settings) -> str:
    return stamp(now - dt.timedelta(minutes=settings.web.idle_minutes))


def _event(event_id: str, person: str, data: str) -> Incoming:
    return Incoming("clock", event_id, person, Kind.CLOCK, data=data)
