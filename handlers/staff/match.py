"""One match whole: how it stands, what became of its visits, and what was reported of each, on a press of its own."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.domain.interest import MATCH_PREFIX, Match
from bot.domain.references import read_reference
from bot.domain.roles import STAFF
from bot.domain.visits import PREFIX, Outcome
from bot.engine.answers import NO, YES
from bot.engine.forms import Option
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Pence, Text, _
from bot.store import audit, expenses, figures, overview, visit_reports, visits
from bot.store import matches as store
from bot.store.database import Row
from bot.store.figures import Tally
from handlers import faces, menu
from handlers.staff import match_words as words
from handlers.staff import visits as planning
from handlers.staff.matches import EXPENSES, MATCHES, number
from handlers.volunteer import report_form as form

router = Router()

VISITS_SHOWN = 6

WHICH = _("Which one? Send /matches, and tap its number.")
NO_SUCH = _("There is no match with that number.")
ENDED = _("ended {day}")
ALL = Text("{visits}: {parts}")
OUTCOME = {
    Outcome.PLANNED: _("planned"), Outcome.CONFIRMED: _("confirmed"), Outcome.PAUSED: _("on hold"),
    Outcome.CANCELLED: _("called off"), Outcome.HAPPENED: _("happened"), Outcome.MISSED: _("missed"),
}  # fmt: skip
COUNTED = Text("{outcome} {n}")
HOURS = _("{hours} h in all")
VISIT = _("{visit} · {day} at {time}")
LASTED = _("{hours} h")
NO_REPORT = _("no report")
READ_REPORT = _("Report on {visit}")
MAKE_REPORT = _("Report {visit} for them")
OLDER = _("Earlier visits")

NOT_REPORTED = _("There is no report of that visit.")
REPORT = _("<b>{visit}</b> · {day} · reported {by}")
FACT = Text("{title}: {words}")
CLAIMED = _("Claimed: {sum}")
FACE = _("The child, afterwards: {face}")
CHILD_MISSED = _("The child says that it did not happen.")
FACES = {felt: face for face, felt in faces.FACES}


@router.button("matched", STAFF)
async def matched(turn: Turn) -> None:
    """One match: how it stands, what became of its visits, and what can be done about it."""
    turn.pause_form()
    typed, _colon, skipped = turn.incoming.argument.partition(":")
    match = await store.find(turn.reader, read_reference(typed, MATCH_PREFIX) or "")
    if match is None:
        turn.say(NO_SUCH if typed else WHICH, *menu.taps(turn))
        return
    skipping = number(skipped)
    found = await overview.history(turn.reader, match.reference, VISITS_SHOWN + 1, skipping)
    tally = await figures.of_match(turn.reader, match.reference)
    lines = Markup("\n").join(_visit(turn, row) for row in found[:VISITS_SHOWN])
    parts = [await _stands(turn, match), _totals(turn, tally), lines]
    older = [Tap(OLDER, f"matched:{match.reference}:{skipping + VISITS_SHOWN}")] if len(found) > VISITS_SHOWN else []
    turn.say(
        Markup("\n\n").join(part for part in parts if part),
        *_reports(turn, found[:VISITS_SHOWN]),
        *older,
        *await _doing(turn, match),
        [Tap(EXPENSES, "expenses"), Tap(MATCHES, "matches")],
        Tap(menu.MENU, "menu"),
    )


async def _stands(turn: Turn, match: Match) -> Markup:
    running = await overview.one(turn.reader, match.reference, turn.stamp, words.year(turn))
    if running:
        past = await overview.outcomes(turn.reader, [match.reference], turn.stamp)
        return words.running(turn, running, past[match.reference])
    ended = ENDED.fill(day=words.on(turn, match.ended_at or match.started_at))
    return words.joined(turn, [words.line(turn, match, match.started_at), ended])


def _totals(turn: Turn, tally: Tally) -> Markup:
    """Each outcome there was, so that they add up to all."""
    parts = [COUNTED.fill(n=count, outcome=said) for outcome, said in OUTCOME.items() if (count := tally.of(outcome))]
    if not parts:
        return Markup()
    every = ALL.fill(visits=words.visits(tally.visits), parts=parts)
    return words.joined(turn, [every, HOURS.fill(hours=tally.hours)])


def _visit(turn: Turn, row: Row) -> Markup:
    """One visit in a line, with how long it was, or that nobody has reported it."""
    outcome, when = Outcome(row["outcome"]), row["planned_for"]
    first = VISIT.fill(visit=row["reference"], day=words.on(turn, when), time=turn.time(when))
    became: list[Text] = [first, OUTCOME[outcome]]
    became += [LASTED.fill(hours=words.hours(row["minutes"]))] if row["minutes"] else []
    became += [NO_REPORT] if _to_report(row, turn.stamp) else []
    return words.joined(turn, became)


def _to_report(row: Row, now: str) -> bool:
    open_ones = {Outcome.PLANNED, Outcome.CONFIRMED, Outcome.MISSED}
    return row["reported_at"] is None and row["planned_for"] <= now and row["outcome"] in open_ones


def _reports(turn: Turn, rows: Sequence[Row]) -> list[list[Tap]]:
    """A button for each report there is, and for each that is missing."""
    taps = []
    for row in rows:
        if row["reported_at"]:
            taps.append(Tap(READ_REPORT.fill(visit=row["reference"]), f"reported:{row['reference']}"))
        elif _to_report(row, turn.stamp):
            taps.append(Tap(MAKE_REPORT.fill(visit=row["reference"]), f"reportfor:{row['reference']}"))
    return [taps[i : i + 2] for i in range(0, len(taps), 2)]


async def _doing(turn: Turn, match: Match) -> list[Tap | list[Tap]]:
    """What can be done while it runs."""
    if match.ended_at:
        return []
    coming = await visits.coming(turn.reader, match.interest, turn.stamp)
    return [
        *planning.taps(match.interest, coming),
        [Tap(match.interest, f"show:{match.interest}"), Tap(match.volunteer, f"volunteer:{match.volunteer}")],
    ]


@router.button("reported", STAFF)
async def reported(turn: Turn) -> None:
    """What the volunteer reported of one visit, and how the child felt about it. Every look is in the audit."""
    turn.pause_form()
    visit = await visits.find(turn.reader, read_reference(turn.incoming.argument, PREFIX) or "")
    report = await visit_reports.find(turn.reader, visit.reference) if visit else None
    if visit is None or report is None:
        turn.say(NOT_REPORTED, *menu.taps(turn))
        return
    await audit.add(await turn.write(), turn.person.id, turn.person.role, "read_report", visit.reference, turn.stamp)
    claim = await expenses.find(turn.reader, visit.reference)
    head = REPORT.fill(
        visit=visit.reference, day=words.on(turn, visit.planned_for), by=words.on(turn, report["reported_at"])
    )
    said = [FACT.fill(title=title, words=value) for title, value in _told(report)]
    said += [CLAIMED.fill(sum=Pence(claim.cost))] if claim else []
    said += [FACE.fill(face=FACES[visit.child_face])] if visit.child_face else []
    said += [CHILD_MISSED] if visit.child_missed else []
    turn.say(
        Markup("\n").join(turn.html(text) for text in (head, *said)),
        Tap(visit.match, f"matched:{visit.match}"),
        Tap(menu.MENU, "menu"),
    )


def _told(report: Row) -> list[tuple[Text, object]]:
    """What was said, under the names the volunteer's form has for it."""
    found = {
        "why_not": _label(form.REASONS, report["why_not"]),
        "minutes": LASTED.fill(hours=words.hours(report["minutes"])) if report["minutes"] else None,
        "activity": report["activity"],
        "chosen_by": _label(form.CHOSEN_BY, report["chosen_by"]),
        "child_mood": _label(form.MOODS, str(report["child_mood"] or "")),
        "outcomes": [_label(form.OUTCOMES, letter) for letter in report["outcomes"]],
        "for_child": report["for_child"],
        "pass_on": report["pass_on"],
        "explained": None if report["explained"] is None else YES if report["explained"] else NO,
    }
    happened = (form.TITLES["happened"], YES if report["happened"] else NO)
    return [happened, *((form.TITLES[key], value) for key, value in found.items() if value)]


def _label(options: Sequence[Option], value: str) -> Text | None:
    return next((option.label for option in options if option.value == value), None)
