"""What came of a visit, written down by the staff as its volunteer told them: whether it happened, and how long."""

from typing import Any

from bot.domain.references import read_reference
from bot.domain.reports import Report
from bot.domain.roles import STAFF
from bot.domain.visits import PREFIX, Visit
from bot.engine import filling
from bot.engine.forms import Form
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import _
from bot.store import audit, visit_reports, visits
from handlers import menu, visit_news, visit_sides
from handlers.volunteer import report_form

router = Router()

WRITTEN_DOWN = _("{visit} · {day}: written down.")
NOTHING_TO_REPORT = _("{visit}: there is nothing to report. It is to come, was called off, or has its report.")
NO_SUCH = _("There is no visit with that number.")


@router.button("reportfor", STAFF)
async def report_for(turn: Turn) -> None:
    """Ask what is needed to count the visit; anything else is the volunteer's to tell."""
    found = await _to_report(turn, turn.incoming.argument)
    if found:
        await filling.begin(turn, "report_for", about=found.reference)


async def _to_report(turn: Turn, typed: str) -> Visit | None:
    """The visit, if it is over and nothing is reported of it; otherwise they are told."""
    found = await visits.find(turn.reader, read_reference(typed, PREFIX) or "")
    if found is None:
        turn.say(NO_SUCH, *menu.taps(turn))
        return None
    over = found.status in {"planned", "recorded"} and found.planned_for <= turn.stamp
    if over and not await visit_reports.find(turn.reader, found.reference):
        return found
    taps = (Tap(found.match, f"matched:{found.match}"), Tap(menu.MENU, "menu"))
    turn.say(NOTHING_TO_REPORT.fill(visit=found.reference), *taps)
    return None


async def done(turn: Turn, answers: dict[str, Any]) -> None:
    """If the volunteer has not told it meanwhile."""
    found = await _to_report(turn, answers["about"])
    if found is None:
        return
    writer, before = await turn.write(), await visit_sides.of(turn, found.reference)
    made = Report(answers["happened"], answers.get("why_not") or "", answers.get("minutes"))
    await visit_reports.add(writer, found.reference, made, turn.person.id, turn.stamp)
    await audit.add(writer, turn.person.id, turn.person.role, "report_visit", found.reference, turn.stamp)
    turn.say(visit_news.about(turn, WRITTEN_DOWN, found), Tap(found.match, f"matched:{found.match}"))
    await visit_sides.tell(turn, found, before)


FORMS = (Form("report_for", report_form.BARE, done, worth_keeping=False),)
