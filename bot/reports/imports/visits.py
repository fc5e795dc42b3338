"""Visits from a spreadsheet: what happened, or did not, written down afterwards."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from bot.domain import interest, recruitment
from bot.domain.interest import MATCH_PREFIX
from bot.domain.recruitment import Volunteer
from bot.domain.reports import DEAREST, FARTHEST
from bot.domain.visits import APART, NOON, PREFIX
from bot.reports import cells
from bot.reports.cells import BadCell, Cell
from bot.reports.imports import who
from bot.reports.imports.kind import LONGEST_TEXT, BadRow, Column, Given, Kind, Row, counted, one_of, words
from bot.reports.imports.matches import CHILD, VOLUNTEER
from bot.reports.imports.who import Index
from bot.settings import Settings
from bot.store import imports, volunteers
from bot.store.clock import moment, stamp
from bot.store.database import Reader, Writer
from bot.store.database import Row as Record

HAPPENED = {
    "happened": ("completed", "took place", "went ahead", "attended", "visited"),
    "missed": ("did not happen", "didn't happen", "not happened", "dna", "did not attend", "no show", "not completed"),
    "cancelled": ("canceled", "called off", "postponed", "rearranged"),
}
REASONS = {
    "i_could_not": ("volunteer could not", "iv could not", "volunteer cancelled", "iv cancelled", "volunteer ill"),
    "child_could_not": ("child could not", "child ill", "yp could not", "child cancelled"),
    "child_did_not_want": ("child did not want to", "child refused", "yp refused", "declined"),
    "nobody_there": ("nobody there", "no one there", "not there", "not at home"),
    "called_off_by_adults": ("called off by adults", "carer cancelled", "placement cancelled", "carer", "placement"),
    "weather": ("snow", "bad weather"),
    "other": ("something else",),
}
MOODS = {
    "5": ("very happy", "great", "excellent", "brilliant", "😀", "😄"),
    "4": ("happy", "good", "cheerful", "🙂", "😊"),
    "3": ("ok", "okay", "fine", "neutral", "mixed", "calm", "😐"),
    "2": ("sad", "low", "quiet", "tired", "unhappy", "🙁", "☹️"),
    "1": ("very sad", "very unhappy", "upset", "angry", "awful", "😢", "😞"),
}
CHOSEN = {
    "child": ("the child", "yp", "young person"),
    "both": ("together", "both of them"),
    "visitor": ("iv", "volunteer"),
}
_DEFAULT_TIME = dt.time(NOON)
"""Of a visit of which only the day was noted."""


def _happened(cell: Cell) -> str:
    """Yes, no, or a word for it."""
    try:
        return "happened" if cells.yes_no(cell) else "missed"
    except BadCell:
        return one_of(HAPPENED)(cell)


@dataclass(frozen=True, slots=True)
class _Match:
    reference: str
    interest: str
    child: str
    volunteer: Volunteer
    began: dt.date
    ended: dt.date | None


class Visits(Kind):
    """Visits of matches that are there already."""

    needed = (("date",), ("match", "child", "volunteer"))

    def __init__(
        self, given: Given, children: list[Record], known: list[Volunteer], matches: list[Record], there: list[Record]
    ) -> None:
        self._given = given
        names = {row["reference"]: str(row["name"]) for row in children}
        visitors = {volunteer.reference: volunteer for volunteer in known}
        self._matches = [
            _Match(
                row["reference"],
                row["interest"],
                names.get(row["interest"], ""),
                visitors[row["volunteer"]],
                given.day(row["started_at"]),
                given.day(row["ended_at"]) if row["ended_at"] else None,
            )
            for row in matches
        ]
        self._which = {
            "match": Index[_Match](MATCH_PREFIX, _reference),
            "child": Index[_Match](interest.PREFIX, lambda one: one.interest, lambda one: one.child),
            "volunteer": Index[_Match](
                recruitment.PREFIX,
                lambda one: one.volunteer.reference,
                lambda one: one.volunteer.name,
                lambda one: one.volunteer.called,
            ),
        }
        for index in self._which.values():
            index.add(self._matches)
        self._references = {str(row["reference"]) for row in there}
        self._seen: dict[tuple[str, dt.date], list[tuple[dt.time | None, str]]] = {}
        for row in there:
            at = moment(row["planned_for"]).astimezone(given.zone)
            known_as = f"is there already as {row['reference']}"
            self._seen.setdefault((row["match"], at.date()), []).append((at.time(), known_as))
        self._new: list[dict[str, object]] = []

    @staticmethod
    def columns(settings: Settings) -> Mapping[str, Column]:  # noqa: ARG004 - other kinds depend on the settings
        return {
            "match": Column(("Match", "Match reference", "Match ID")),
            "child": CHILD,
            "volunteer": VOLUNTEER,
            "date": Column(("Date", "Date of visit", "Visit date", "Visited on", "When", "Planned for"), cells.moment),
            "time": Column(("Time", "Start time", "Time of visit", "Started at", "Start"), cells.time),
            "happened": Column(("Happened", "Took place", "Completed", "Outcome", "Status", "Attended"), _happened),
            "why_not": Column(("Why not", "Reason", "Reason not", "If not, why"), one_of(REASONS)),
            "hours": Column(("Hours", "Hrs", "Duration", "Length", "Length of visit", "Time spent"), cells.hours),
            "minutes": Column(("Minutes", "Mins", "Duration (minutes)", "Duration (mins)"), cells.minutes),
            "activity": Column(("Activity", "Activities", "What we did", "What did you do"), words(LONGEST_TEXT)),
            "chosen_by": Column(("Chosen by", "Who chose"), one_of(CHOSEN)),
            "mood": Column(("Mood", "Child's mood", "Child mood", "How was the child"), one_of(MOODS)),
            "expenses": Column(("Expenses", "Cost", "Costs", "Spent", "Spend"), cells.pence),
            "miles": Column(("Miles", "Mileage"), cells.number),
            "paid": Column(("Paid", "Expenses paid", "Reimbursed"), cells.yes_no),
            "pass_on": Column(("Notes", "Comments", "To pass on", "Remarks"), words(LONGEST_TEXT)),
        }

    @classmethod
    async def begin(cls, reader: Reader, given: Given) -> Self:
        return cls(
            given,
            await imports.children(reader),
            await volunteers.some(reader, "1"),
            await imports.matches(reader),
            await imports.visits(reader),
        )

    def take(self, row: Row) -> None:
        day, in_date = row.get("date")
        clock = row.get("time", in_date)
        was_at = dt.datetime.combine(day, clock or _DEFAULT_TIME, self._given.zone)
        if was_at > self._given.now:
            raise BadRow(f"{day:%d/%m/%Y} is still to come: plan the visit in the bot", "date")
        match = self._match(row, day)
        happened, minutes = _outcome(row)
        spent = self._spent(row)
        self._remember(match, day, clock, row.number)
        self._new.append({
            "reference": who.free_reference(PREFIX, self._references),
            "match": match,
            "was_at": stamp(was_at),
            "now": self._given.stamp,
            "status": "cancelled" if happened == "cancelled" else "recorded",
            "happened": happened == "happened",
            "why_not": row.get("why_not"),
            "minutes": minutes,
            "activity": row.get("activity"),
            "chosen_by": row.get("chosen_by"),
            "mood": int(row.get("mood")) if row.get("mood") else None,
            "pass_on": row.get("pass_on"),
            "spent_on": day.isoformat(),
            **spent,
        })  # fmt: skip

    def _match(self, row: Row, day: dt.date) -> str:
        """The one match that fits all that the row says of it."""
        told = {field: row.get(field) for field in self._which if row.get(field)}
        if not told:
            raise BadRow("says neither which match, nor which child or volunteer")
        found = [self._which[field].find(typed, field) for field, typed in told.items()]
        fitting = [match for match in found[0] if all(match in others for others in found[1:])]
        running = [match for match in fitting if match.began <= day and (match.ended is None or day <= match.ended)]
        if fitting and not running:
            raise BadRow(f"{day:%d/%m/%Y} is not within the match {fitting[0].reference}", "date")
        typed = " and ".join(told.values())
        return who.only(running, f"there is no match of {typed}", typed, "", _reference).reference

    def _spent(self, row: Row) -> dict[str, object]:
        pence, miles = row.get("expenses", 0), row.get("miles", 0)
        if pence > DEAREST:
            raise BadRow(f"£{pence / 100:,.2f} is more than £{DEAREST // 100}", "expenses")
        if miles * 10 > FARTHEST:
            raise BadRow(f"{miles} miles are more than {FARTHEST // 10}", "miles")
        if (pence or miles) and "paid" not in row.values:
            raise BadRow("says what was spent, but not whether it was paid: write yes or no in a column Paid")
        return {
            "pence": pence,
            "miles_tenths": round(miles * 10),
            "mileage_pence": self._given.settings.expenses.mileage_pence,
            "paid": row.get("paid", False),
        }

    def _remember(self, match: str, day: dt.date, clock: dt.time | None, number: int) -> None:
        """Raises BadRow when there is a visit of this match at about the same time, as far as times are known."""
        there = self._seen.setdefault((match, day), [])
        for other, which in there:
            if clock is None or other is None or abs(_minutes(clock) - _minutes(other)) * 60 < APART.total_seconds():
                raise BadRow(f"the visit {which}")
        there.append((clock, f"is in row {number} already"))

    async def write(self, writer: Writer) -> None:
        await imports.add_visits(writer, self._new)

    def summary(self) -> list[str]:
        happened = [visit for visit in self._new if visit["happened"]]
        missed = sum(visit["status"] == "recorded" and not visit["happened"] for visit in self._new)
        hours = sum(int(str(visit["minutes"])) for visit in happened) / 60
        others = f"{missed} missed, {len(self._new) - len(happened) - missed} cancelled"
        return [
            f"{counted(len(self._new), 'visit', 'visits')}: {len(happened)} happened ({hours:.2f} hours), {others}."
        ]


def _outcome(row: Row) -> tuple[str, int]:
    """Whether it happened, and for how many minutes."""
    hours, minutes = row.get("hours", None), row.get("minutes", None)
    if hours is not None and minutes is not None and hours != minutes:
        raise BadRow(f"{minutes} minutes are not the hours beside them", "minutes")
    long = hours if hours is not None else minutes
    happened = row.get("happened") or ("happened" if long else "")
    if not happened:
        raise BadRow("says neither that it happened, nor for how long")
    if happened == "happened" and not long:
        raise BadRow("happened, but has no hours")
    if happened == "happened" and row.get("why_not"):
        raise BadRow("happened, but has a reason why not", "why_not")
    if happened != "happened" and long:
        raise BadRow(f"did not happen, but took {long} minutes")
    return happened, long or 0


def _reference(match: _Match) -> str:
    return match.reference


def _minutes(clock: dt.time) -> int:
    return clock.hour * 60 + clock.minute
