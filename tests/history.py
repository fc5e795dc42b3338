"""Random histories of visits: played through the store, with a plain model in Python beside it."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.domain.interest import Status
from bot.domain.reports import Report
from bot.domain.roles import Viewer
from bot.store import allegations, breaks, interests, matches, people, visit_reports, visits, volunteers
from bot.store.clock import stamp
from bot.store.database import Writer
from bot.store.people import Person
from tests import records

BEGIN = dt.datetime(2025, 12, 20, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
MANAGER = Viewer("manager", "manager")
CHILDREN = 3


@dataclass
class Match:
    """A match as the model has it."""

    reference: str
    child: int
    volunteer: str
    since: dt.datetime
    until: dt.datetime | None = None


@dataclass
class Visit:
    """A visit as the model has it. `report`: the minutes it took; None, when it was reported: it did not happen."""

    reference: str
    match: Match
    when: dt.datetime
    status: str = "planned"
    confirmed: bool = False
    missed: bool = False
    reported: bool = False
    report: int | None = None

    @property
    def outcome(self) -> str:
        if self.status in {"cancelled", "paused"}:
            return self.status
        if self.reported:
            return "missed" if self.report is None else "happened"
        return "missed" if self.missed else "confirmed" if self.confirmed else "planned"

    @property
    def minutes(self) -> int:
        return self.report or 0 if self.outcome == "happened" else 0


@dataclass
class History:
    """What has happened so far, in the store and in the model. `a` and `b` of a step choose among what there is."""

    writer: Writer
    now: dt.datetime = BEGIN
    volunteers: list[str] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    on_break: set[str] = field(default_factory=set)
    suspended: set[str] = field(default_factory=set)

    async def begin(self) -> None:
        """Two volunteers who are ready, each with a child, and a child who waits for one."""
        await people.save(self.writer, [Person("manager", "manager")], self.stamp)
        for name in ("Alex", "Kim"):
            self.volunteers.append((await records.add_volunteer(self.writer, name, self.now)).reference)
        for number in range(CHILDREN):
            reference = await records.add(self.writer, number, self.now)
            for to in (Status.TALKING, Status.REFERRED, Status.WAITING):
                await interests.move(self.writer, reference, to, f"p{number}", self.stamp)
        await self.step("match", 0, 0)
        await self.step("match", 1, 1)

    @property
    def stamp(self) -> str:
        return stamp(self.now)

    async def step(self, name: str, a: int, b: int) -> None:
        """One thing happens, if it can. A minute passes with each, so that no two are at the same moment."""
        self.now += MINUTE
        await getattr(self, name)(a, b)

    # Matches

    async def wait(self, a: int, b: int) -> None:
        self.now += (a % 40 * 24 * 60 + b % (24 * 60)) * MINUTE

    async def match(self, a: int, b: int) -> None:
        child, volunteer = a % CHILDREN, self.volunteers[b % 2]
        if not self.running(child) and self.ready(volunteer):
            found = Match(f"M-{len(self.matches)}", child, volunteer, self.now)
            known = await volunteers.find(self.writer, volunteer)
            assert known
            await interests.move(self.writer, interest(child), Status.MATCHED, f"p{child}", self.stamp)
            await matches.start(self.writer, found.reference, interest(child), known, self.stamp)
            self.matches.append(found)

    async def end(self, a: int, _b: int) -> None:
        found = self.running(a % CHILDREN)
        if found:
            await interests.move(self.writer, interest(found.child), Status.WAITING, f"p{found.child}", self.stamp)
            found.until = self.now
            for visit in self.visits:
                to_come = visit.status == "planned" and visit.when > self.now
                if visit.match is found and (to_come or visit.status == "paused"):
                    visit.status = "cancelled"

    # Visits

    async def plan(self, a: int, b: int) -> None:
        found = self.running(a % CHILDREN)
        if found and self.ready(found.volunteer):
            visit = Visit(f"V-{len(self.visits)}", found, self.now + (1 + b * 37) * MINUTE)
            await visits.add(self.writer, visit.reference, found.reference, stamp(visit.when), "", "p0", self.stamp)
            self.visits.append(visit)

    async def record(self, a: int, b: int) -> None:
        found = self.running(a % CHILDREN)
        if found:
            visit = Visit(f"V-{len(self.visits)}", found, self.now - b * 37 * MINUTE, "recorded")
            await visits.record(self.writer, visit.reference, found.reference, stamp(visit.when), None, self.stamp)
            self.visits.append(visit)
            await self._report(visit, b)

    async def confirm(self, a: int, _b: int) -> None:
        if visit := self._one(a, {"planned"}):
            await visits.confirm(self.writer, visit.reference, self.stamp)
            visit.confirmed = True

    async def move(self, a: int, b: int) -> None:
        visit = self._one(a, {"planned"})
        if visit and visit.match.until is None and self.ready(visit.match.volunteer):
            known = await visits.find(self.writer, visit.reference)
            assert known
            visit.when, visit.confirmed = self.now + (1 + b * 37) * MINUTE, bool(b % 2)
            assert await visits.move(self.writer, known, stamp(visit.when), "", self.stamp, confirmed=visit.confirmed)

    async def call_off(self, a: int, b: int) -> None:
        if visit := self._one(a, {"planned", "paused"}):
            assert await visits.cancel(self.writer, visit.reference, ("child", "volunteer", "staff")[b % 3])
            visit.status = "cancelled"

    # Afterwards

    async def felt(self, a: int, b: int) -> None:
        if visit := self._one(a, {"planned", "recorded"}, over=True):
            await visits.child_felt(self.writer, visit.reference, b % 6 or None)
            visit.missed = b % 6 == 0

    async def report(self, a: int, b: int) -> None:
        """By the volunteer; again, it takes the place of the one before; of one called off it changes nothing."""
        if visit := self._one(a, {"planned", "recorded", "cancelled", "paused"}, over=True):
            await self._report(visit, b)

    async def _report(self, visit: Visit, b: int) -> None:
        visit.reported, visit.report = True, 10 + b % 700 if b % 4 else None
        told = Report(happened=visit.report is not None, minutes=visit.report)
        await visit_reports.add(self.writer, visit.reference, told, None, self.stamp)

    # Volunteers

    async def take_a_break(self, a: int, _b: int) -> None:
        volunteer = self.volunteers[a % 2]
        await breaks.begin(self.writer, volunteer, None, self.stamp)
        self.on_break.add(volunteer)
        self._each(volunteer, {"planned", "paused"}, "cancelled")

    async def come_back(self, a: int, _b: int) -> None:
        volunteer = self.volunteers[a % 2]
        await breaks.end(self.writer, volunteer)
        self.on_break.discard(volunteer)

    async def suspend(self, a: int, _b: int) -> None:
        if self.matches:
            found = self.matches[a % len(self.matches)]
            await allegations.suspend(self.writer, found.reference, "manager", self.stamp)
            self.suspended.add(found.volunteer)
            self._each(found.volunteer, {"planned"}, "paused")

    async def lift(self, a: int, _b: int) -> None:
        found = self.matches[a % len(self.matches)] if self.matches else None
        if found and found.volunteer in self.suspended:
            await allegations.lift(self.writer, found.reference, MANAGER, "looked into", self.stamp)
            self.suspended.discard(found.volunteer)
            self._resumed(found.volunteer)

    async def run_out(self, a: int, _b: int) -> None:
        """A check of theirs ran out: what is to come waits."""
        await visits.pause(self.writer, self.volunteers[a % 2], self.stamp)
        self._each(self.volunteers[a % 2], {"planned"}, "paused")

    async def renew(self, a: int, _b: int) -> None:
        await visits.resume(self.writer, self.volunteers[a % 2], self.stamp)
        self._resumed(self.volunteers[a % 2])

    # The model

    def running(self, child: int) -> Match | None:
        return next((match for match in self.matches if match.child == child and match.until is None), None)

    def ready(self, volunteer: str) -> bool:
        return volunteer not in self.on_break | self.suspended

    def _one(self, a: int, statuses: set[str], *, over: bool = False) -> Visit | None:
        fit = [visit for visit in self.visits if visit.status in statuses and (visit.when <= self.now or not over)]
        return fit[a % len(fit)] if fit else None

    def _each(self, volunteer: str, statuses: set[str], to: str) -> None:
        """Every visit of a volunteer that is to come."""
        for visit in self.visits:
            if visit.match.volunteer == volunteer and visit.status in statuses and visit.when > self.now:
                visit.status = to

    def _resumed(self, volunteer: str) -> None:
        for visit in self.visits:
            if visit.match.volunteer == volunteer and visit.status == "paused":
                if visit.when <= self.now:
                    visit.status = "cancelled"
                elif self.ready(volunteer) and visit.match.until is None:
                    visit.status, visit.confirmed = "planned", False

    def tally(self, zone: ZoneInfo, **wanted: object) -> Counter[str]:
        """How many of each outcome, and the minutes: of a match, a volunteer, a local year or month."""
        found: Counter[str] = Counter()
        for visit in self.visits:
            day = visit.when.astimezone(zone).date()
            known = {
                "match": visit.match.reference, "volunteer": visit.match.volunteer, "year": day.year,
                "month": (day.year, day.month),
            }  # fmt: skip
            if wanted.items() <= known.items():
                found[visit.outcome] += 1
                found["minutes"] += visit.minutes
        return found


def interest(child: int) -> str:
    return f"IV-{child:06}"


STEPS = (
    *("plan", "record", "report") * 4, *("wait", "confirm", "felt", "match", "come_back", "lift") * 3, "renew", "move",
    "call_off", "end", "take_a_break", "suspend", "run_out",
)  # fmt: skip
"""What may happen, by the names of the methods above; what is usual more often."""

NUMBER = st.integers(0, 2000)
HISTORIES = st.lists(st.tuples(st.sampled_from(STEPS), NUMBER, NUMBER), min_size=30, max_size=80)
