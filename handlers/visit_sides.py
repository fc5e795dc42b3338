"""Two people tell of one visit: where they saw it differently, the staff learn of it, and neither of the two."""

from dataclasses import dataclass

from bot.domain.reports import MISSED_TOO_OFTEN, disagree, missed_in_a_row
from bot.domain.visits import Outcome, Visit
from bot.engine.turn import Tap, Turn
from bot.i18n import _, n_
from bot.store import overview, visit_reports
from handlers import visit_news

DIFFER = _("{visit} · {day}: the child and the volunteer do not say the same of it. Neither of them knows.")
IN_A_ROW = n_("{match}: {n} visit in a row did not happen.", "{match}: {n} visits in a row did not happen.")


@dataclass(frozen=True, slots=True)
class Sides:
    """What is known of a visit that is over."""

    differ: bool
    missed: bool


async def of(turn: Turn, visit: str) -> Sides:
    """As it is now: called before anything is written, and again by `tell`."""
    log, report = await overview.visit(turn.reader, visit), await visit_reports.find(turn.reader, visit)
    if log is None:
        return Sides(differ=False, missed=False)
    mood, happened = (report["child_mood"], bool(report["happened"])) if report else (None, None)
    differ = disagree(mood, log["child_face"], happened=happened, child_missed=bool(log["child_missed"]))
    return Sides(differ, log["outcome"] == Outcome.MISSED)


async def tell(turn: Turn, visit: Visit, before: Sides) -> None:
    """Staff hear what is new since: that the two disagree, or that visits are missed in a row."""
    now = await of(turn, visit.reference)
    if now.differ and not before.differ:
        look = Tap(visit.reference, f"reported:{visit.reference}")
        await visit_news.tell_staff(turn, visit, DIFFER, look)
    if now.missed and not before.missed:
        past = await overview.outcomes(turn.reader, [visit.match], turn.stamp)
        missed = missed_in_a_row(past[visit.match])
        if missed >= MISSED_TOO_OFTEN:
            words = IN_A_ROW.fill(match=visit.match, n=missed)
            await turn.tell_staff(words, Tap(visit.match, f"matched:{visit.match}"))
