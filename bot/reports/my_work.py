"""What is kept about somebody who volunteers: their record, stages, visits, money. Of a child, a first name."""

import datetime as dt
from collections.abc import Callable, Iterator

import orjson

from bot.domain.reports import cost_pence
from bot.engine.context import Context
from bot.i18n import Dated, Pence, Text, _, n_
from bot.reports.section import LINE, Section
from bot.store.clock import moment
from bot.store.database import Row
from bot.store.my_data import Kept

Day = Callable[[str], dt.date | Text]
"""The day of a stamp, with its year when that is another one."""

RECORD = _("You as a volunteer ({reference})")
NAME = _("Name")
CALLED = _("What a child calls you")
ABOUT = _("What a child reads about you")
LIKES = _("Likes")
LANGUAGES = _("Languages")
GENDER = _("Gender")
GENDERS = {"woman": _("woman"), "man": _("man"), "other": _("other")}
FAITH = _("Faith")
AREA = _("Where you can visit")
AREAS = {"in": _("in the area"), "out": _("out of the area"), "both": _("in and out of the area")}
CAPACITY = _("How many children at a time")
PROVIDER = _("Whose volunteer you are")
SINCE = _("Written down on {day}.")
JOINED = _("In this chat since {day}.")
BREAK = _("On a break since {day}.")
LEFT = _("You stopped on {day}: {why}")
LOOKED = _("People who work here looked at it, or changed it, on these days: {days}.")

STAGES = _("Your stages")
PASSED = _("{stage}: passed on {day}")
PASSED_UNTIL = _("{stage}: passed on {day}, runs out on {until}")
WITHDRAWN = _("{stage}: passed on {day}, but it does not count any more")
SIGNED = _("A second person signed on {day}.")
ASK_FOR_NOTES = _("What was noted with each, and by whom, you can ask {provider} for.")

PROPOSED = _("Whom you were asked to meet")
YOU_SAID = {"": _("you have not answered"), "yes": _("you said yes"), "no": _("you said no")}

VISITED = _("Your visits with {child}")
SOMEBODY = _("a young person")
FROM = _("Since {day}")
UNTIL = _("From {day} to {last}")
VISIT = _("A visit on {day} at {time}")
CALLED_OFF = _("A visit on {day} at {time} that was called off")
YOU_TOLD = {
    "yes": _("You said that you would be there."),
    "move": _("You said that you needed to move it."),
    "no": _("You said that you could not come."),
}
HAPPENED = n_(
    "You reported on {day} that it went ahead, for {n} minute.",
    "You reported on {day} that it went ahead, for {n} minutes.",
)
DID_NOT = _("You reported on {day} that it did not happen.")
YOU_WROTE = _("You wrote: {words}")
FOR_CHILD = _("You wrote for the child: {words}")
PASS_ON = _("You wrote for {coordinator}: {words}")
MOOD = _("How the child seemed to you: {mood} out of 5")
GOODBYE = _("You told {coordinator} on {day} that you would like to stop.")

EXPENSES = _("Your expenses")
CLAIM = _("{sum}, not paid yet")
CLAIM_PAID = _("{sum}, paid on {day}")


def sections(kept: Kept, context: Context, day: Day) -> list[Section]:
    """Everything about them; empty for who is no volunteer."""
    record = [
        Section(RECORD.fill(reference=row["reference"]), tuple(_record(kept, row, day))) for row in kept["volunteer"]
    ]
    asked = [LINE.fill(title=day(row["at"]), value=YOU_SAID[row["volunteer_said"]]) for row in kept["proposed"]]
    visited = [
        Section(VISITED.fill(child=row["child"] or SOMEBODY), tuple(_visited(kept, context, row, day)))
        for row in kept["visited"]
    ]
    spent = [_claim(row, day) for row in kept["expenses"]]
    stages = tuple(_stages(kept, context))
    return [
        *record, Section(STAGES, stages), Section(PROPOSED, tuple(asked)), *visited, Section(EXPENSES, tuple(spent)),
    ]  # fmt: skip


def _record(kept: Kept, row: Row, day: Day) -> Iterator[Text]:
    values: list[tuple[Text, object]] = [
        (NAME, row["name"]),
        (CALLED, row["called"]),
        (ABOUT, row["about"]),
        (LIKES, orjson.loads(row["likes"])),
        (LANGUAGES, orjson.loads(row["languages"])),
        (GENDER, GENDERS.get(row["gender"], "")),
        (FAITH, row["faith"]),
        (AREA, AREAS.get(row["area"], "")),
        (CAPACITY, row["capacity"]),
        (PROVIDER, row["provider"]),
    ]
    yield from (LINE.fill(title=title, value=value) for title, value in values if value not in ("", []))
    yield SINCE.fill(day=day(row["created_at"]))
    if row["joined_at"]:
        yield JOINED.fill(day=day(row["joined_at"]))
    if row["paused_at"]:
        yield BREAK.fill(day=day(row["paused_at"]))
    if row["left_at"]:
        yield LEFT.fill(day=day(row["left_at"]), why=row["left_reason"])
    if looks := {day(look["at"]): None for look in kept["looks"] if look["subject"] == row["reference"]}:
        yield LOOKED.fill(days=list(looks))


def _stages(kept: Kept, context: Context) -> Iterator[Text]:
    titles = {stage.id: stage.title for stage in context.settings.recruitment.stages}
    for row in kept["stages"]:
        words = WITHDRAWN if row["withdrawn_at"] else PASSED_UNTIL if row["expires_on"] else PASSED
        yield words.fill(
            stage=titles.get(row["stage"], row["stage"]),
            day=_dated(row["passed_on"]),
            until=_dated(row["expires_on"]) if row["expires_on"] else "",
        )
        if row["signed_at"]:
            yield SIGNED.fill(day=_dated(row["signed_at"][:10]))
    if kept["stages"]:
        yield ASK_FOR_NOTES


def _dated(iso: str) -> Dated:
    """With its year: what holds for years is told with it."""
    return Dated.of(dt.date.fromisoformat(iso))


def _visited(kept: Kept, context: Context, row: Row, day: Day) -> Iterator[Text]:
    first = day(row["started_at"])
    yield UNTIL.fill(day=first, last=day(row["ended_at"])) if row["ended_at"] else FROM.fill(day=first)
    reports = {report["visit"]: report for report in kept["own_reports"]}
    for visit in kept["own_visits"]:
        if visit["match"] == row["reference"]:
            yield from _visit(visit, reports.get(visit["reference"]), context, day)
    for goodbye in kept["goodbyes"]:
        if goodbye["match"] == row["reference"]:
            yield GOODBYE.fill(day=day(goodbye["at"]))
            yield from _said(YOU_WROTE, goodbye["words"])


def _visit(row: Row, report: Row | None, context: Context, day: Day) -> Iterator[Text]:
    local = moment(row["planned_for"]).astimezone(context.settings.zone)
    words = CALLED_OFF if row["status"] == "cancelled" else VISIT
    yield words.fill(day=day(row["planned_for"]), time=local.time())
    yield from _said(YOU_WROTE, row["plan"])
    if row["volunteer_said"]:
        yield YOU_TOLD[row["volunteer_said"]]
    if report:
        reported = day(report["reported_at"])
        yield (HAPPENED.fill(day=reported, n=report["minutes"]) if report["happened"] else DID_NOT.fill(day=reported))
        yield from _said(YOU_WROTE, report["activity"])
        yield from _said(FOR_CHILD, report["for_child"])
        yield from _said(PASS_ON, report["pass_on"])
        if report["child_mood"]:
            yield MOOD.fill(mood=report["child_mood"])


def _said(text: Text, words: str) -> list[Text]:
    return [text.fill(words=words)] if words else []


def _claim(row: Row, day: Day) -> Text:
    cost = Pence(cost_pence(row["pence"], row["miles_tenths"], row["mileage_pence"]))
    paid = CLAIM_PAID.fill(sum=cost, day=day(row["paid_at"])) if row["paid_at"] else CLAIM.fill(sum=cost)
    return LINE.fill(title=_dated(row["spent_on"]), value=paid)
