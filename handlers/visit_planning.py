"""What stands in the way of a visit at some time, for whoever plans it."""

import datetime as dt

from bot.domain.recruitment import current
from bot.domain.references import new_reference
from bot.domain.visits import PREFIX
from bot.engine.turn import Turn
from bot.store import visits, volunteers


async def free_reference(turn: Turn) -> str:
    """The number of a new visit."""
    while await visits.taken(turn.reader, reference := new_reference(PREFIX)):
        pass
    return reference


async def runs_out(turn: Turn, volunteer: str, planned_for: str) -> dict[str, object]:
    """The stage of a volunteer's that runs out before a visit, and the day: as values of a text. Empty: none does."""
    clear = await volunteers.clearance(turn.reader, volunteer)
    if clear.clear_until is None or clear.clear_until > turn.day(planned_for).isoformat():
        return {}
    held = current(await volunteers.passes(turn.reader, volunteer))
    titles = {stage.id: stage.title for stage in turn.context.settings.recruitment.stages}
    ending = [titles[stage] for stage, one in held.items() if one.expires_on == clear.clear_until and stage in titles]
    return {"stage": ending[0], "until": dt.date.fromisoformat(clear.clear_until)} if ending else {}
