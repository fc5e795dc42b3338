"""Matches from a spreadsheet. One that goes on needs a volunteer who is ready: the gate holds here as well."""

from collections.abc import Mapping
from typing import Self

from bot.domain import interest, recruitment
from bot.domain.interest import MATCH_PREFIX, Status
from bot.domain.recruitment import Clearance, Volunteer
from bot.reports import cells
from bot.reports.imports import who
from bot.reports.imports.kind import BadRow, Column, Given, Kind, Row, counted, one_of
from bot.reports.imports.who import Index
from bot.settings import Settings
from bot.store import imports, volunteers
from bot.store.clock import day_start
from bot.store.database import Reader, Writer
from bot.store.database import Row as Record

CHILD = Column(("Child", "Child's name", "Child reference", "Young person", "YP", "Child or young person", "Interest"))
VOLUNTEER = Column((
    "Volunteer", "Volunteer's name", "Volunteer reference", "IV", "IV name", "IV's name", "Independent visitor",
    "Visitor", "Visitor's name",
))  # fmt: skip
ENDED_REASONS = {
    "said_goodbye": ("said goodbye", "goodbye", "planned ending", "completed"),
    "childs_wish": ("child's wish", "child wanted to stop", "child's choice"),
    "visitor_stops": ("visitor stops", "visitor stopped", "volunteer left", "iv left", "volunteer stopped"),
    "left_care": ("left care", "turned 18", "returned home", "adopted"),
    "other": ("other reason", "something else"),
}


class Matches(Kind):
    """Children and their visitors, now and before."""

    needed = (("child",), ("volunteer",), ("started_on",))

    def __init__(
        self,
        given: Given,
        children: list[Record],
        known: list[Volunteer],
        standing: Mapping[str, Clearance],
        there: list[Record],
    ) -> None:
        self._given = given
        self._children = Index[Record](interest.PREFIX, _reference, lambda row: str(row["name"])).add(children)
        self._volunteers = Index[Volunteer](
            recruitment.PREFIX, lambda one: one.reference, lambda one: one.name, lambda one: one.called
        ).add(known)
        self._standing = standing
        self._running = {row["interest"]: row["reference"] for row in there if row["ended_at"] is None}
        self._there = {
            (
                row["interest"],
                row["volunteer"],
                given.day(row["started_at"]),
            ): f"is there already as {row['reference']}"
            for row in there
        }
        self._references = {row["reference"] for row in there}
        self._new: list[dict[str, object]] = []

    @staticmethod
    def columns(settings: Settings) -> Mapping[str, Column]:  # noqa: ARG004 - other kinds depend on the settings
        return {
            "child": CHILD,
            "volunteer": VOLUNTEER,
            "started_on": Column(
                ("Started on", "Started", "Start", "Start date", "Match date", "Matched on", "Date matched", "From"),
                cells.date,
            ),
            "ended_on": Column(("Ended on", "Ended", "End", "End date", "Date ended", "To", "Until"), cells.date),
            "ended_reason": Column(
                ("Ended reason", "Reason", "Reason ended", "Reason for ending", "Why ended"), one_of(ENDED_REASONS)
            ),
        }

    @classmethod
    async def begin(cls, reader: Reader, given: Given) -> Self:
        return cls(
            given,
            await imports.children(reader),
            await volunteers.some(reader, "1"),
            {one.volunteer.reference: one.clearance for one in await volunteers.listed(reader)},
            await imports.matches(reader),
        )

    def take(self, row: Row) -> None:
        child, volunteer = self._child(row.get("child")), self._volunteer(row.get("volunteer"))
        started, ended = row.get("started_on"), row.get("ended_on", None)
        for field, day in (("started_on", started), ("ended_on", ended)):
            if day and day > self._given.today:
                raise BadRow(f"{day:%d/%m/%Y} is still to come", field)
        if ended and ended < started:
            raise BadRow(f"{ended:%d/%m/%Y} is before it started", "ended_on")
        if row.get("ended_reason") and not ended:
            raise BadRow("has a reason for the end, but no day on which it ended", "ended_reason")
        which = (child["reference"], volunteer.reference, started)
        if there := self._there.get(which):
            raise BadRow(f"the match {there}")
        if not ended:
            self._check_running(child, volunteer, row.number)
        self._there[which] = f"is in row {row.number} already"
        reference = who.free_reference(MATCH_PREFIX, self._references)
        self._new.append({
            "reference": reference,
            "interest": child["reference"],
            "volunteer": volunteer.reference,
            "now": self._given.stamp,
            "started_at": day_start(started, self._given.zone),
            "ended_at": day_start(ended, self._given.zone) if ended else None,
            "ended_reason": row.get("ended_reason"),
        })  # fmt: skip

    def _check_running(self, child: Record, volunteer: Volunteer, number: int) -> None:
        """One at a time, with somebody who is ready, and past nobody who can be asked in the bot."""
        if there := self._running.get(child["reference"]):
            raise BadRow(f"this child has a visitor already: {there}", "child")
        if child["status"] != Status.AWAITING_CHILD:
            raise BadRow(f"{child['reference']} is {child['status']} in the bot: match them there", "child")
        standing = self._standing.get(volunteer.reference)
        if standing is None or not standing.ready(self._given.today.isoformat()):
            raise BadRow(f"{volunteer.name} is not ready to visit: {_why_not(standing)}", "volunteer")
        self._running[child["reference"]] = f"see row {number}"

    def _child(self, typed: str) -> Record:
        found = self._children.find(typed, "child")
        return who.only(found, f"there is no request of {typed}", typed, "child", _reference)

    def _volunteer(self, typed: str) -> Volunteer:
        found = self._volunteers.find(typed, "volunteer")
        return who.only(found, f"there is no volunteer {typed}", typed, "volunteer", lambda one: one.reference)

    async def write(self, writer: Writer) -> None:
        await imports.add_matches(writer, self._new)

    def summary(self) -> list[str]:
        running = sum(match["ended_at"] is None for match in self._new)
        return [f"{counted(len(self._new), 'match', 'matches')}: {running} go on, {len(self._new) - running} ended."]


def _why_not(standing: Clearance | None) -> str:
    if standing is None:
        return "no volunteer any more"
    if standing.suspended or standing.paused:
        return "suspended" if standing.suspended else "pausing"
    if not standing.complete:
        return f"{standing.passed} of {standing.required} stages are passed"
    return "a stage has run out" if standing.signed else "nobody has signed that every stage is passed"


def _reference(row: Record) -> str:
    return str(row["reference"])
