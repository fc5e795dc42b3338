"""Random lives of a complaint: nothing is missed, doubled, late by mistake, or seen by the wrong people."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.complaints import (
    RUNNING,
    Complainer,
    Complaint,
    Outcome,
    Status,
    Step,
    Subject,
    extended,
    ladder,
    overdue,
    route,
    start_clock,
)
from bot.domain.roles import Viewer
from bot.domain.working_days import ENGLAND, ONE_DAY, Calendar
from bot.store import complaint_steps, complaints
from bot.store.database import Writer, opened
from tests.complaining import COORDINATOR, EVERYBODY, MANAGER, NOW, OFFICER, a_complaint, at, everybody, may_see

NAME = "C-0000-0"
WITH_MAIL = frozenset({"complaints_team"})


class Life:
    """One complaint day by day, and what has to be true of it each morning."""

    def __init__(self, writer: Writer, about: Subject, day: dt.date, holiday: dt.date) -> None:
        self.writer, self.about, self.day, self.announced = writer, about, day, holiday
        self.calendar = ENGLAND
        self.handlers = route(about, ("coordinator", "manager", "complaints_team"), WITH_MAIL)
        self.reminders: list[tuple[Step, dt.date]] = []
        self.actions: dict[str, Callable[[], Awaitable[object]]] = {
            "acknowledge": lambda: complaint_steps.acknowledge(writer, NAME, self.handler, at(self.day)),
            "ask": lambda: complaint_steps.ask(writer, NAME, self.handler, "?", at(self.day)),
            "reply": lambda: complaint_steps.reply(writer, NAME, "child", "!", at(self.day)),
            "pause": lambda: complaint_steps.pause(writer, NAME, self.handler, self.day, at(self.day)),
            "resume": lambda: complaint_steps.resume(writer, NAME, self.handler, self.calendar, self.day, at(self.day)),
            "close": lambda: complaint_steps.close(writer, NAME, self.handler, at(self.day)),
            "withdraw": lambda: complaint_steps.withdraw(writer, NAME, "child", at(self.day)),
            "extend": self.extend,
            "answer": self.answer,
            "go on": self.go_on,
            "holiday": self.holiday,
        }

    @property
    def handler(self) -> Viewer:
        return next((viewer for viewer in (COORDINATOR, MANAGER) if viewer.role in self.handlers), OFFICER)

    async def begin(self) -> None:
        await everybody(self.writer)
        await complaints.add(self.writer, a_complaint(about=self.about, day=self.day, route=self.handlers))
        assert await complaint_steps.attach(self.writer, NAME, "officer", "complaints_team", NOW)

    async def now(self) -> Complaint:
        found = await complaints.find(self.writer, NAME, None)
        assert found is not None
        return found

    async def extend(self) -> None:
        clock = (await self.now()).clock
        longest = 2 * clock.days
        to = self.calendar.due(clock.from_on, longest + clock.paused_days)
        if longer := extended(self.calendar, clock, to, longest):
            await complaint_steps.extend(self.writer, NAME, self.handler, longer, "why", at(self.day))

    async def answer(self) -> None:
        by = self.calendar.due(self.day, 20)
        await complaint_steps.answer(self.writer, NAME, self.handler, "so", Outcome.NONE, by, at(self.day))

    async def go_on(self) -> None:
        stage = (await self.now()).may_go_on(ladder("england", self.about, Complainer.CHILD), self.day)
        if stage:
            clock = start_clock(self.calendar, self.day, self.about, 25, 2)
            on = route(self.about, ("complaints_team",), WITH_MAIL)
            if await complaint_steps.go_on(self.writer, NAME, "child", stage, on, clock, self.day, at(self.day)):
                self.handlers = (await self.now()).route

    async def holiday(self) -> None:
        self.calendar = Calendar.of("england", [self.announced])
        await complaint_steps.reckon_again(self.writer, self.calendar, at(self.day))

    async def morning(self) -> None:
        """What the clock does, and what must be so afterwards."""
        self.day += ONE_DAY
        soon = self.calendar.due(self.day, 2)
        for found in await complaints.to_remind(self.writer, self.day, soon):
            assert (found.kind, found.day) not in self.reminders
            self.reminders.append((found.kind, found.day))
            assert await complaints.reminded(self.writer, NAME, found.kind, found.day, at(self.day))
            assert not await complaints.reminded(self.writer, NAME, found.kind, found.day, at(self.day))
        complaint = await self.now()
        self.check_clock(complaint, soon)
        attached = {row["person"] for row in await self.writer.all("SELECT person FROM complaint_handlers")}
        for viewer in EVERYBODY:
            sees = await complaints.find(self.writer, NAME, viewer) is not None
            assert sees == may_see(viewer, complaint, attached if "complaints_team" in complaint.route else set())

    def check_clock(self, complaint: Complaint, soon: dt.date) -> None:
        last = complaint.clock.last_day
        if complaint.status in RUNNING:
            late = overdue(complaint.clock, complaint.status, self.day)
            assert late == (self.day > last)
            assert not late or (Step.OVERDUE, last) in self.reminders
            assert (Step.DUE_SOON, last) in self.reminders or not self.day <= last <= soon
            assert complaint.clock.reckoned(self.calendar).due == last
            assert self.calendar.counts(last)
        if complaint.status is Status.RECEIVED and self.day > complaint.clock.ack_due_on:
            assert (Step.NOT_ACKNOWLEDGED, complaint.clock.ack_due_on) in self.reminders


ACTIONS = (
    "acknowledge", "ask", "reply", "pause", "resume", "close", "withdraw", "extend", "answer", "go on", "holiday",
)  # fmt: skip
LIFE = st.lists(
    st.tuples(st.sampled_from([*ACTIONS[:5], *ACTIONS[7:], *ACTIONS]), st.sampled_from([0, 1, 3, 8, 15])), max_size=20
)
STARTS = st.one_of(
    st.dates(dt.date(2026, 12, 1), dt.date(2026, 12, 31)),
    st.dates(dt.date(2027, 3, 8), dt.date(2027, 3, 30)),
    st.dates(dt.date(2026, 4, 20), dt.date(2026, 5, 26)),
)
"""Days whose deadlines run over Christmas, Easter, or a bank holiday on a Monday."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    about=st.sampled_from([about for about in Subject if about is not Subject.COMPLAINTS_TEAM]),
    start=STARTS,
    life=LIFE,
    announced=st.integers(1, 40),
)
def test_random_lives_of_a_complaint(
    about: Subject,
    start: dt.date,
    life: list[tuple[str, int]],
    announced: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Whatever happens when: no reminder is missed or doubled, deadlines are right, nobody conflicted ever sees it."""

    async def play(writer: Writer) -> None:
        lived = Life(writer, about, start, start + announced * ONE_DAY)
        await lived.begin()
        for action, days in life:
            await lived.actions[action]()
            for _day in range(days):
                await lived.morning()

    async def run() -> None:
        path = tmp_path_factory.mktemp("life") / "ivbot.db"
        async with opened(path, "") as database, database.writer.transaction() as writer:
            await play(writer)

    asyncio.run(run())


def test_there_is_an_action_for_each_name() -> None:
    """The random lives use all that can happen to a complaint."""
    assert set(Life(None, Subject.CARER, dt.date(2026, 6, 12), dt.date(2026, 6, 12)).actions) == set(ACTIONS)  # type: ignore[arg-type]
