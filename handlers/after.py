"""After a visit: its volunteer is asked what came of it, the child hears of it, and what is missing is told.

Nothing of it comes at night, but that a visit was missed: that a child hears on the same day, whenever it is known.
"""

import datetime as dt

from markupsafe import Markup

from bot.domain import reminders
from bot.domain.roles import EVERYBODY
from bot.engine.answers import NO, YES
from bot.engine.message import Incoming
from bot.engine.message import Kind as EventKind
from bot.engine.router import SAFETY, Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.settings import Settings
from bot.store import matches, people, visit_reports, visits, volunteers
from bot.store.clock import moment, stamp
from bot.store.database import Reader, Row
from handlers import menu, pages, visit_news
from handlers.visit_reminders import busy

router = Router()

DID_IT_HAPPEN = _(
    "Your visit on {day} at {time}: did it happen? Tap, or say it in one line, like: done 2h bowling, good mood."
)
ONCE_MORE = _("Your visit on {day} at {time} has no report yet: did it happen? Tap, or say it in one line.")
STAFF_UNREPORTED = _("{visit} · {day} at {time}: there is no report yet. The volunteer was asked twice.")
STAFF_NOT_ASKED = _("{visit} · {day} at {time}: there is no report, and the volunteer can't be asked here.")
REPORT_IT = _("Report for them")

NO_VISIT = n_(
    "{match}: there has been no visit for {n} day. When could the next one be?",
    "{match}: there has been no visit for {n} days. When could the next one be?",
)
NO_VISIT_YET = n_(
    "{match}: there has been no visit for {n} day. Good that the next one is planned.",
    "{match}: there has been no visit for {n} days. Good that the next one is planned.",
)
PLAN_IT = _("Plan the next visit")
REPORT_A_VISIT = _("Report a visit")
NEED_A_BREAK = _("I need a break")
STAFF_NO_VISIT = n_("{match}: no visit for {n} day.", "{match}: no visit for {n} days.")
STAFF_PLANNED = n_(
    "{match}: no visit for {n} day. The next one is planned.",
    "{match}: no visit for {n} days. The next one is planned.",
)
STAFF_ON_HOLD = n_(
    "{match}: no visit for {n} day. The volunteer may not visit now, and was not reminded.",
    "{match}: no visit for {n} days. The volunteer may not visit now, and was not reminded.",
)

THEY_WROTE = _("{visitor} wrote to you about {day}:")
NOTHING_WRITTEN = _("There is nothing to read here right now.")

TIMES = 2
"""So often a volunteer is asked, a day apart. Another day later the coordinators hear that there is no report."""

FRESH = dt.timedelta(days=7)
"""For so long after a visit something is done about it by itself; after that it would be odd."""

IN_TIME = 7
"""Days in which that there was no visit is told, from the day on which it was due."""

SHOWN = 5


# What came of it


async def to_ask(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    """The volunteer some hours after the visit, and the next day; the coordinators the day after that."""
    if visit_news.quiet(now, settings):
        return []
    found = []
    for row in await visit_reports.unreported(reader, stamp(now - FRESH), stamp(now)):
        over, reference = _asks_over(row["planned_for"], now, settings), row["reference"]
        can_be_asked = row["person"] and not row["suspended"]
        if over and can_be_asked:
            times = min(over, TIMES)
            found.append(_event(f"visit-report:{reference}:{times}", row["person"]))
        if over > (TIMES if can_be_asked else 0):
            found.append(_event(f"visit-unreported:{reference}"))
    return found


def _asks_over(planned_for: str, now: dt.datetime, settings: Settings) -> int:
    """How many of the times are over at which somebody is asked, the coordinators' one included."""
    begun, hours = moment(planned_for), settings.visits.report_after_hours
    return sum(reminders.asked_after(begun, hours, days, settings.zone) <= now for days in range(TIMES + 1))


@router.moment("visit-report", to_ask)
async def ask(turn: Turn) -> None:
    """Did it happen? A tap, or one line typed. An open form waits, so that what they type next may be the answer."""
    reference, _colon, times = turn.incoming.argument.partition(":")
    found = await visits.of_volunteer(turn.reader, reference, turn.person.id)
    if found is None or found.status != "planned" or await visit_reports.find(turn.reader, reference):
        return
    if not await busy(turn):
        turn.pause_form()
    carry_on = [Tap(menu.CARRY_ON, "resume")] if turn.form and turn.form.paused else []
    await visits.asked(await turn.write(), reference, turn.stamp)
    words = visit_news.about(turn, DID_IT_HAPPEN if times == "1" else ONCE_MORE, found)
    answers = [Tap(YES, f"report:{reference}:yes"), Tap(NO, f"report:{reference}:no")]
    await turn.tell(turn.person, words, answers, *carry_on)


@router.moment("visit-unreported")
async def unreported(turn: Turn) -> None:
    """The coordinators hear once that there is no report. Their inbox has it until there is one."""
    found = await visits.find(turn.reader, turn.incoming.argument)
    if found and found.status == "planned" and not await visit_reports.find(turn.reader, found.reference):
        volunteer = await volunteers.find(turn.reader, found.volunteer)
        stands = await volunteers.clearance(turn.reader, found.volunteer)
        asked = volunteer and volunteer.person and not stands.suspended
        words = STAFF_UNREPORTED if asked else STAFF_NOT_ASKED
        await visit_news.tell_staff(turn, found, words, Tap(REPORT_IT, f"reportfor:{found.reference}"))


# What the child hears of it


async def news_for_children(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    """That there is something to read: once for each visit, and of a missed one on its day at any hour."""
    rows = await visit_reports.news_for_children(reader, stamp(now - FRESH))
    loud = not visit_news.quiet(now, settings)
    today = now.astimezone(settings.zone).date()
    return [
        _event(f"visit-news:{row['reference']}:{'missed' if row['missed'] else 'wrote'}", row["person"])
        for row in rows
        if loud or (row["missed"] and moment(row["planned_for"]).astimezone(settings.zone).date() == today)
    ]


@router.moment("visit-news", news_for_children)
async def tell_child(turn: Turn) -> None:
    """Their visitor has reported that it did not happen, or has written them a line."""
    reference, _colon, news = turn.incoming.argument.partition(":")
    if await visits.of_child(turn.reader, reference, turn.person.id):
        await turn.nudge(turn.person, f"visit:{reference}" if news == "missed" else "wrote")


async def first_visits(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    """Where the service wants it, how to complain is told by the visitor, and can be read after the first visit."""
    if not settings.visits.explain_complaints or visit_news.quiet(now, settings):
        return []
    rows = await visit_reports.first_visits(reader, stamp(now - FRESH))
    return [_event(f"visit-first:{row['reference']}", row["person"]) for row in rows]


@router.moment("visit-first", first_visits)
async def tell_how_to_complain(turn: Turn) -> None:
    """The page that says how to tell somebody when something is wrong."""
    await turn.nudge(turn.person, "page:complain")


@router.button("wrote", EVERYBODY)
async def wrote(turn: Turn) -> None:
    """What their visitors wrote to a child, the latest first."""
    turn.pause_form()
    rows = await visit_reports.written_to(turn.reader, turn.person.id, SHOWN)
    if not rows:
        turn.say(NOTHING_WRITTEN, pages.ACTIONS["story"], Tap(menu.MENU, "menu"))
        return
    turn.say(
        turn.joined(*(_written(turn, row) for row in rows)),
        pages.ACTIONS["story"],
        pages.ACTIONS["talk"],
        Tap(menu.NOT_SAFE, SAFETY, danger=True),
        Tap(menu.MENU, "menu"),
    )


def _written(turn: Turn, row: Row) -> Markup:
    head = THEY_WROTE.fill(visitor=row["visitor"], day=turn.day(row["planned_for"]))
    return Markup("\n").join([turn.html(head), turn.html(Text("{words}").fill(words=row["for_child"]))])


# No visit for too long


async def without_a_visit(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    """Once in each such time."""
    if visit_news.quiet(now, settings):
        return []
    found = []
    for row in await _without(reader, now, settings):
        times, days = divmod(_days_since(row["since"], now, settings), settings.visits.expected_every_days)
        if days < IN_TIME:
            since = moment(row["since"]).astimezone(settings.zone).date()
            found.append(_event(f"no-visit:{row['reference']}:{since}:{times}"))
    return found


async def _without(reader: Reader, now: dt.datetime, settings: Settings, match: str = "") -> list[Row]:
    """The matches that have had no visit for too long; or one of them."""
    every = settings.visits.expected_every_days
    rows = await matches.without_a_visit(reader, stamp(now - dt.timedelta(days=every - 1)), stamp(now), match)
    return [row for row in rows if _days_since(row["since"], now, settings) >= every]


@router.moment("no-visit", without_a_visit)
async def say_no_visit(turn: Turn) -> None:
    """The coordinators hear of it, and the volunteer, unless they may not visit now."""
    match = turn.incoming.argument.split(":")[0]
    for row in await _without(turn.reader, turn.now, turn.context.settings, match):
        n = _days_since(row["since"], turn.now, turn.context.settings)
        words = STAFF_ON_HOLD if row["on_hold"] else STAFF_PLANNED if row["planned"] else STAFF_NO_VISIT
        await turn.tell_staff(words.fill(match=match, n=n), Tap(match, f"matched:{match}"))
        volunteer = await people.find(turn.reader, row["person"]) if row["person"] and not row["on_hold"] else None
        if volunteer:
            asked = NO_VISIT_YET if row["planned"] else NO_VISIT
            plan = [] if row["planned"] else [Tap(PLAN_IT, f"vplan:{match}")]
            report, pause = Tap(REPORT_A_VISIT, "report"), Tap(NEED_A_BREAK, "vpause")
            await turn.tell(volunteer, asked.fill(match=match, n=n), *plan, [report, pause])


def _days_since(since: str, now: dt.datetime, settings: Settings) -> int:
    """Days by the calendar, where the service is."""
    return (now.astimezone(settings.zone).date() - moment(since).astimezone(settings.zone).date()).days


def _event(name: str, person: str = "") -> Incoming:
    return Incoming("clock", name, person, EventKind.CLOCK, data=name)
