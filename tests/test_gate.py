"""The gate of the file itself: what nobody can do in SQL, and that Python and the file agree on who is ready."""

import datetime as dt
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import recruitment
from bot.domain.recruitment import Clearance, Stage
from bot.domain.roles import Role
from bot.store import allegations, people, volunteers
from bot.store.clock import stamp
from bot.store.database import Database, Writer, connect, opened, pending, statements
from bot.store.people import Person
from tests import records

NOW = "2026-06-12T09:00:00.000Z"
PASS = "INSERT INTO stages_passed (volunteer, stage, passed_on, expires_on, evidence, at, by_person) VALUES "
PAPER = PASS.replace("expires_on, ", "").replace(") VALUES", ", signed_at, signed_by, signed_name) VALUES")
SIGN = "UPDATE stages_passed SET signed_at = '2026-06-12', signed_by = 'cole' WHERE id = 2"
READY = f"""
INSERT INTO stages (id, position) VALUES ('a', 0), ('b', 1);
INSERT INTO people (id, role, created_at) VALUES ('child', 'guest', ''), ('child2', 'guest', ''),
    ('vol', 'volunteer', ''), ('vol2', 'volunteer', ''), ('cora', 'coordinator', ''), ('cole', 'coordinator', ''),
    ('mia', 'manager', '');
INSERT INTO interests (reference, person, asked_by, channel, language, received_at, status, status_since) VALUES
    ('IV-1', 'child', 'child', 'web', 'en', '', 'awaiting_child', ''),
    ('IV-2', 'child2', 'child', 'web', 'en', '', 'awaiting_child', '');
INSERT INTO volunteers (reference, person, name, called, created_at) VALUES
    ('VO-1', 'vol', 'A B', 'A', '{NOW}'), ('VO-2', 'vol2', 'C D', 'C', '{NOW}');
{PASS} ('VO-1', 'a', '2026-05-01', '2026-09-01', 'seen', '{NOW}', 'cora');
{PASS} ('VO-1', 'b', '2026-06-02', NULL, 'seen', '{NOW}', 'cora');
{SIGN};
INSERT INTO matches (reference, interest, volunteer, visitor, created_at, started_at) VALUES
    ('M-1', 'IV-1', 'VO-1', 'A', '{NOW}', '{NOW}');
INSERT INTO visits (reference, match, planned_for, planned_at, status, created_at) VALUES
    ('V-1', 'M-1', '2026-06-20T13:00:00.000Z', '{NOW}', 'planned', '{NOW}'),
    ('V-2', 'M-1', '2026-06-27T13:00:00.000Z', '{NOW}', 'paused', '{NOW}');
"""
"""A volunteer VO-1 whose two stages are passed by Cora and signed by Cole, with a match, a visit and a paused one."""


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    async with opened(tmp_path / "ivbot.db", ""):
        pass
    with closing(connect(tmp_path / "ivbot.db")) as db:
        run(db, *statements(READY))
    return tmp_path / "ivbot.db"


def run(db: sqlite3.Connection, *sql: str) -> None:
    for statement in sql:
        db.execute(statement)


def refused(path: Path, *sql: str) -> str:
    """What the file says to the last of some statements; those before it have to be taken, and are taken back."""
    with closing(connect(path)) as db:
        db.execute("BEGIN")
        run(db, *sql[:-1])
        with pytest.raises(sqlite3.Error) as error:
            db.execute(sql[-1])
        return str(error.value)


def taken(path: Path, *sql: str) -> None:
    """The same statements are not refused; they are taken back."""
    with closing(connect(path)) as db:
        db.execute("BEGIN")
        run(db, *sql)


AT = "2026-06-13T10:00:00.000Z"
MATCH = (
    "INSERT {}INTO matches (reference, interest, volunteer, visitor, created_at, started_at)"
    " VALUES ('M-2', 'IV-2', 'VO-1', 'A', '{at}', '{at}')"
)
PLAN = (
    "INSERT {}INTO visits (reference, match, planned_for, planned_at, created_at)"
    " VALUES ('V-3', 'M-1', '2027-06-20T13:00:00.000Z', '{at}', '{at}')"
)
OVER_IT = PLAN.replace("'V-3'", "'V-1'")
RESUME = "UPDATE {}visits SET status = 'planned', planned_at = '{at}' WHERE reference = 'V-2'"
MOVE = "UPDATE {}visits SET planned_for = '2026-06-21T13:00:00.000Z', planned_at = '{at}' WHERE reference = 'V-1'"
ATTEMPTS = {"match": MATCH, "plan": PLAN, "over": OVER_IT, "resume": RESUME, "move": MOVE}
CLAUSES = ("", "OR REPLACE ", "OR IGNORE ", "OR FAIL ", "OR ROLLBACK ")

AGAIN = f"{PASS} ('VO-1', 'b', '2026-06-12', NULL, 'seen', '{AT}', 'cora')"
BACK = f"UPDATE stages_passed SET withdrawn_at = '{NOW}' WHERE id = 2"
NOT_READY = {
    "a stage was taken back": ([BACK], AT),
    "a stage is asked for that nobody passed": (["INSERT INTO stages VALUES ('c', 2)"], AT),
    "no stage is asked for": (["DELETE FROM stages"], AT),
    "nobody signed since": ([BACK, AGAIN], AT),
    "the signature was taken back": ([BACK, "DELETE FROM stages WHERE id = 'b'"], AT),
    "it runs out that day": ([], "2026-09-01T00:00:00.000Z"),
    "it ran out before": ([], "2027-01-01T10:00:00.000Z"),
    "it was not passed yet": ([], "2026-06-01T23:59:59.999Z"),
    "suspended": ([f"UPDATE volunteers SET suspended_at = '{NOW}' WHERE reference = 'VO-1'"], AT),
    "on a break": ([f"UPDATE volunteers SET paused_at = '{NOW}' WHERE reference = 'VO-1'"], AT),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
@pytest.mark.parametrize("why", NOT_READY)
async def test_no_match_and_no_visit_without_a_ready_volunteer(path: Path, why: str, attempt: str) -> None:
    """In SQL as well, however it is written: each is refused, and the same is taken of somebody who is ready."""
    before, at = NOT_READY[why]
    words = "the volunteer is not ready: " + ("no match" if attempt == "match" else "no visit can be planned")
    for clause in CLAUSES:
        if attempt == "move" and why == "suspended":
            assert refused(path, *before, RESUME.format(clause, at=at)) == words
        else:
            assert refused(path, *before, ATTEMPTS[attempt].format(clause, at=at)) == words
    taken(path, ATTEMPTS[attempt].format("OR REPLACE " if attempt == "over" else "", at=AT))


async def test_nobody_is_matched_who_has_left(path: Path) -> None:
    """Whoever has a match does not leave, whoever has left is not matched, and nobody comes back by a stroke."""
    leave = f"UPDATE volunteers SET left_at = '{NOW}', left_reason = 'moved' WHERE reference = 'VO-1'"
    assert refused(path, leave) == "a volunteer leaves when their matches have ended"
    end = f"UPDATE matches SET ended_at = '{NOW}'"
    assert refused(path, end, leave, MATCH.format("", at=AT)) == "the volunteer is not ready: no match"
    assert refused(path, end, leave, "UPDATE volunteers SET left_at = NULL") == "whoever has left begins anew"
    assert refused(path, end, leave, "UPDATE volunteers SET left_at = 'later'") == "whoever has left begins anew"


async def test_a_match_keeps_its_volunteer_and_stays_ended(path: Path) -> None:
    """It cannot be handed to somebody who is not ready, dated to a day when they were, or begin again."""
    kept = "a match has one child and one volunteer, and ends once"
    end = f"UPDATE matches SET ended_at = '{NOW}'"
    for change in ("volunteer = 'VO-2'", "interest = 'IV-2'", "created_at = '2026-07-01'"):
        assert refused(path, f"UPDATE OR REPLACE matches SET {change}") == kept
    assert refused(path, end, "UPDATE matches SET ended_at = NULL") == kept
    for plan in (PLAN, RESUME, MOVE):
        assert refused(path, end, plan.format("", at=AT)) == "the volunteer is not ready: no visit can be planned"
    taken(path, end, MATCH.format("", at=AT))


async def test_a_visit_is_planned_anew_or_not_at_all(path: Path) -> None:
    """Not another time by the yes of the first, not moved to another match, and not written down before it was."""
    no_visit = "the volunteer is not ready: no visit can be planned"
    assert refused(path, "UPDATE visits SET planned_for = '2027' WHERE reference = 'V-1'") == no_visit
    assert refused(path, f"UPDATE visits SET planned_at = '{NOW}', planned_for = '2027'") == no_visit
    assert refused(path, "UPDATE visits SET planned_at = '2026-06-11', planned_for = '2027'") == no_visit
    recorded = (
        "INSERT OR REPLACE INTO visits (reference, match, planned_for, planned_at, status, created_at)"
        " VALUES ('V-9', 'M-1', '{}', '', 'recorded', '2026-06-10')"
    )
    afterwards = "a visit is recorded afterwards"
    assert refused(path, recorded.format("2026-06-11")) == afterwards
    for change in ("planned_for = '2026-06-11'", "created_at = '2027'", "status = 'planned', planned_at = '2027'"):
        done = recorded.format("2026-06-09")
        assert refused(path, done, f"UPDATE visits SET {change} WHERE reference = 'V-9'") == afterwards
    assert refused(path, "UPDATE visits SET status = 'recorded' WHERE reference = 'V-1'") == afterwards


NUMBERED = PASS.replace("INSERT", "{}").replace("(volunteer", "(id, volunteer")
OTHERS = "INSERT OR REPLACE INTO volunteers (reference, person, name, called, created_at) VALUES "
THERE = "there is this volunteer already"
KEEPS = "a stage that was passed keeps its facts: it can be signed once, and withdrawn once"
AFTER = "a stage that was passed keeps its facts: what comes is written after it"
NOT_DELETED = "a stage that was passed is withdrawn, not deleted"
ONLY_STAFF = "only staff pass a stage, and nobody their own"
SECOND = "a second person signs, when every stage is passed"


@pytest.mark.parametrize(("change", "says"), [
    ("UPDATE stages_passed SET passed_on = '2026-05-02' WHERE id = 1", KEEPS),
    ("UPDATE stages_passed SET expires_on = NULL WHERE id = 1", KEEPS),
    ("UPDATE stages_passed SET expires_on = '2036-01-01' WHERE id = 1", KEEPS),
    ("UPDATE stages_passed SET stage = 'c' WHERE id = 1", KEEPS),
    ("UPDATE stages_passed SET volunteer = 'VO-2' WHERE id = 1", KEEPS),
    ("UPDATE stages_passed SET evidence = 'more' WHERE id = 1", KEEPS),
    ("UPDATE stages_passed SET at = '2026-01-01' WHERE id = 1", KEEPS),
    ("UPDATE stages_passed SET id = 9 WHERE id = 1", KEEPS),
    ("UPDATE OR REPLACE stages_passed SET id = 1 WHERE id = 2", KEEPS),
    ("UPDATE stages_passed SET by_person = NULL", KEEPS),
    ("UPDATE stages_passed SET by_person = 'cole'", KEEPS),
    ("UPDATE stages_passed SET signed_name = 'Somebody'", KEEPS),
    ("UPDATE stages_passed SET signed_at = NULL WHERE id = 2", KEEPS),
    ("UPDATE stages_passed SET signed_by = 'mia' WHERE id = 2", KEEPS),
    ("UPDATE stages_passed SET signed_by = NULL WHERE id = 2", KEEPS),
    ("UPDATE stages_passed SET signed_by = 'cole' WHERE id = 1", KEEPS),
    ("DELETE FROM stages_passed WHERE id = 1", NOT_DELETED),
    (f"{NUMBERED.format('INSERT OR REPLACE')} (2, 'VO-1', 'b', '2026-05-01', NULL, 'x', '{AT}', 'cora')", AFTER),
    (f"{NUMBERED.format('INSERT')} (-1, 'VO-1', 'a', '2026-05-01', NULL, 'x', '{AT}', 'cora')", AFTER),
    (f"{PASS} ('VO-1', 'a', '2026-05-01', NULL, 'x', '{AT}', 'child')", ONLY_STAFF),
    (f"{PASS} ('VO-1', 'a', '2026-05-01', NULL, 'x', '{AT}', 'vol2')", ONLY_STAFF),
    (f"{PASS} ('VO-1', 'a', '2026-05-01', NULL, 'x', '{AT}', 'nobody')", ONLY_STAFF),
    (f"{PASS} ('VO-1', 'a', '2026-5-1', NULL, 'x', '{AT}', 'cora')", "CHECK"),
    (f"{PASS} ('VO-1', 'a', '2026-05-01', '2026-13-01', 'x', '{AT}', 'cora')", "CHECK"),
    (f"{PASS} ('VO-1', 'a', '2026-05-01', '2026-05-01', 'x', '{AT}', 'cora')", "CHECK"),
    (f"{PASS} ('VO-1', 'a', '2026-05-01', NULL, '', '{AT}', 'cora')", "CHECK"),
    (f"{PAPER} ('VO-1', 'b', '2026-05-01', 'x', '{AT}', 'cora', '{AT}', 'cole', '')", SECOND),
    (f"{PAPER} ('VO-1', 'b', '2026-05-01', 'x', '{AT}', NULL, '{AT}', 'cole', '')", SECOND),
    (f"{PAPER} ('VO-1', 'b', '2026-05-01', 'x', '{AT}', NULL, '{AT}', NULL, '')", SECOND),
    (f"{PAPER} ('VO-1', 'b', '2026-05-01', 'x', '{AT}', NULL, '{AT}', NULL, 'On Paper')", SECOND),
    (f"{PAPER} ('VO-1', 'b', '2026-05-01', 'x', '{AT}', NULL, NULL, 'cole', '')", SECOND),
    (f"{OTHERS} ('VO-1', NULL, 'A', 'A', '{NOW}')", THERE),
    (f"{OTHERS} ('VO-9', 'vol', 'A', 'A', '{NOW}')", THERE),
    ("DELETE FROM volunteers WHERE reference = 'VO-1'", "FOREIGN KEY"),
])  # fmt: skip
async def test_what_was_passed_cannot_be_forged(path: Path, change: str, says: str) -> None:
    """Neither altered, moved, deleted, nor written over or before what is there; and never by whoever likes."""
    assert refused(path, change).startswith(says)


async def test_a_stage_is_taken_back_once_and_for_good(path: Path) -> None:
    """It does not count again by a stroke."""
    assert refused(path, BACK, "UPDATE stages_passed SET withdrawn_at = NULL WHERE id = 2") == KEEPS
    assert refused(path, BACK, "UPDATE stages_passed SET withdrawn_at = '9' WHERE id = 2") == KEEPS


SIGN_3 = f"UPDATE stages_passed SET signed_at = '{AT}', signed_by = '{{}}' WHERE id = 3"


@pytest.mark.parametrize(("before", "sign"), [
    ([BACK, AGAIN], SIGN_3.format("cora")),
    ([BACK, AGAIN], SIGN_3.format("child")),
    ([BACK, AGAIN], SIGN_3.format("vol2")),
    ([BACK, AGAIN], SIGN_3.format("nobody")),
    ([BACK, AGAIN], f"UPDATE stages_passed SET signed_at = '{AT}' WHERE id = 3"),
    ([BACK, AGAIN], SIGN_3.format("mia").replace("id = 3", "id = 1")),
    ([BACK, AGAIN, "UPDATE people SET role = 'coordinator' WHERE id = 'vol'"], SIGN_3.format("vol")),
    ([BACK, AGAIN, "UPDATE people SET role = 'guest' WHERE id = 'cole'"], SIGN_3.format("cole")),
    ([BACK, AGAIN, "INSERT INTO stages VALUES ('c', 2)"], SIGN_3.format("mia")),
    ([BACK, AGAIN, "DELETE FROM stages"], SIGN_3.format("mia")),
    ([BACK, AGAIN, f"{PASS} ('VO-1', 'a', '2026-06-12', NULL, 'again', '{AT}', 'cole')"],
     SIGN_3.format("cora").replace("id = 3", "id = 4")),
    ([BACK, AGAIN, f"UPDATE stages_passed SET withdrawn_at = '{AT}' WHERE id = 3"], SIGN_3.format("mia")),
])  # fmt: skip
async def test_a_second_person_signs_or_nobody(path: Path, before: list[str], sign: str) -> None:
    """Not whoever passed it, not the volunteer, nobody but staff, only what was last, and only when all is passed."""
    assert refused(path, *before, sign) == SECOND
    taken(path, BACK, AGAIN, SIGN_3.format("cole"), MATCH.format("", at=AT))


async def test_staff_may_be_forgotten_and_what_they_noted_stays(path: Path) -> None:
    """Deleting a person takes their name from what they passed and signed, and nothing else."""
    with closing(connect(path)) as db:
        db.execute("BEGIN")
        db.execute("DELETE FROM people WHERE id IN ('cora', 'cole')")
        db.execute("COMMIT")
        rows = [tuple(row) for row in db.execute("SELECT stage, by_person, signed_at, signed_by FROM stages_passed")]
        assert rows == [("a", None, None, None), ("b", None, "2026-06-12", None)]
    taken(path, MATCH.format("", at=AT))


async def test_a_suspension_is_not_slipped_off(path: Path) -> None:
    """Not by erasing it, not by a coordinator, not without a reason; visits to come pause with it."""
    suspend = f"UPDATE OR IGNORE volunteers SET suspended_at = '{NOW}' WHERE reference = 'VO-1'"
    lift = "UPDATE OR IGNORE volunteers SET lifted_at = 'x', lifted_by = '{}', lift_reason = '{}'"
    only = "only a manager lifts a suspension, with a reason"
    for change in (
        lift.format("cora", "why"), lift.format("mia", ""), lift.format("nobody", "why"),
        "UPDATE volunteers SET suspended_at = NULL", "UPDATE volunteers SET lifted_at = 'x'",
    ):  # fmt: skip
        assert refused(path, suspend, change) == only
    with closing(connect(path)) as db:
        db.execute("BEGIN")
        run(db, suspend)
        assert [row[0] for row in db.execute("SELECT status FROM visits")] == ["paused", "paused"]
        run(db, lift.format("mia", "nothing in it"), RESUME.format("", at=AT))


# Python and the file agree


STAGES = (Stage("a", "A"), Stage("b", "B", 2), Stage("c", "C", 1))
STAFF = ("cora", "cole", "mia")
STEPS = st.one_of(
    st.tuples(st.just("pass"), st.sampled_from(STAGES), st.sampled_from(STAFF)),
    st.tuples(st.just("withdraw"), st.sampled_from(STAGES)),
    st.tuples(st.just("sign"), st.sampled_from([*STAFF, "child"])),
    st.tuples(st.just("wait"), st.sampled_from([0, 1, 13, 30, 45])),
    st.tuples(st.just("ask"), st.lists(st.sampled_from(STAGES), unique=True, min_size=1)),
    st.tuples(st.just("suspend")),
    st.tuples(st.just("lift")),
    st.tuples(st.just("break"), st.booleans()),
)


@dataclass
class History:
    """What happens to one volunteer who was ready at the start, and has a match; tried in Python and in the file."""

    writer: Writer
    now: dt.datetime = records.DAY
    asked: tuple[Stage, ...] = STAGES

    async def begin(self) -> None:
        await self.ask(STAGES)
        await people.save(self.writer, [Person(name, Role.COORDINATOR) for name in STAFF[:2]], stamp(self.now))
        await people.save(self.writer, [Person("mia", Role.MANAGER)], stamp(self.now))
        self.interest = await records.add(self.writer, 1)
        await records.add(self.writer, 2)
        self.match = await records.add_match(self.writer, self.interest, "Alex", self.now)
        [self.volunteer] = [one.reference for one in await volunteers.some(self.writer)]

    async def do(self, name: str, *details: object) -> None:
        self.now += dt.timedelta(minutes=1)
        match name, details:
            case "pass", (Stage() as stage, str() as by):
                day = self.now.date()
                await volunteers.pass_stage(
                    self.writer, self.volunteer, stage.id, day, recruitment.expiry(stage, day), "x", by, stamp(self.now)
                )
            case "withdraw", (Stage() as stage,):
                await volunteers.withdraw_stage(self.writer, self.volunteer, stage.id, stamp(self.now))
            case "sign", (str() as by,):
                await self.sign(by)
            case "wait", (int() as days,):
                self.now += dt.timedelta(days=days)
            case "ask", (list() as stages,):
                await self.ask(tuple(stages))
            case "suspend", ():
                await allegations.suspend(self.writer, self.match, "", stamp(self.now))
            case "lift", ():
                await self.writer.run(
                    "UPDATE volunteers SET lifted_at = ?, lifted_by = 'mia', lift_reason = 'x'", (stamp(self.now),)
                )
            case "break", (bool() as begins,):
                await volunteers.pause(self.writer, self.volunteer, stamp(self.now) if begins else None)

    async def ask(self, stages: tuple[Stage, ...]) -> None:
        self.asked = stages
        await volunteers.set_stages(self.writer, [stage.id for stage in stages])

    async def sign(self, by: str) -> None:
        """Exactly those sign who may: of staff the store knows, of everybody else the file."""
        passes, before = await volunteers.passes(self.writer, self.volunteer), await self.reckoned()
        last = recruitment.closing(self.asked, passes)
        may = before.complete and not before.signed and last is not None and last.by_person != by
        if may and by not in STAFF:
            with pytest.raises(sqlite3.Error, match="a second person signs"):
                await volunteers.sign(self.writer, self.volunteer, by, stamp(self.now))
        else:
            assert await volunteers.sign(self.writer, self.volunteer, by, stamp(self.now)) == may

    async def reckoned(self) -> Clearance:
        volunteer = await volunteers.find(self.writer, self.volunteer)
        assert volunteer
        return recruitment.clearance(self.asked, await volunteers.passes(self.writer, self.volunteer), volunteer)

    async def agree(self) -> None:
        """The rule, the view and the triggers say the same."""
        reckoned, day = await self.reckoned(), self.now.date()
        assert await volunteers.clearance(self.writer, self.volunteer) == reckoned
        ready = reckoned.ready(day.isoformat())
        assert [one.reference for one in await volunteers.ready(self.writer, day)] == [self.volunteer] * ready
        assert await self.lets(MATCH.replace("IV-2", "IV-000002").replace("VO-1", self.volunteer)) == ready
        assert await self.lets(PLAN.replace("M-1", self.match)) == ready

    async def lets(self, sql: str) -> bool:
        """Whether the file takes a statement now; it is taken back."""
        await self.writer.run("SAVEPOINT attempt")
        try:
            await self.writer.run(sql.format("", at=stamp(self.now)))
        except sqlite3.IntegrityError:
            return False
        finally:
            await self.writer.run("ROLLBACK TO attempt")
            await self.writer.run("RELEASE attempt")
        return True


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Writer]:
    async with opened(tmp_path / "empty.db", "") as database, database.writer.transaction() as writer:
        yield writer


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=1, max_size=12))
async def test_python_and_the_file_agree(writer: Writer, steps: list[tuple[Any, ...]]) -> None:
    """Whatever happens to a volunteer, in whatever order: the rule, the view and the triggers say the same of them."""
    await writer.run("SAVEPOINT history")
    try:
        history = History(writer)
        await history.begin()
        await history.agree()
        for step in steps:
            await history.do(*step)
            await history.agree()
    finally:
        await writer.run("ROLLBACK TO history")


async def test_a_stage_that_is_asked_for_no_more_costs_nobody_their_signature(writer: Writer) -> None:
    """Nor does one that was renewed in time; one that had run out is signed anew, and so is a new one."""
    history = History(writer)
    await history.begin()

    async def signed() -> bool:
        await history.agree()
        return (await history.reckoned()).signed

    await history.do("ask", [*STAGES[:2]])
    assert await signed()
    await history.do("pass", STAGES[1], "cora")
    await history.do("wait", 30)
    await history.do("pass", STAGES[1], "cora")
    assert await signed()
    await history.do("wait", 100)
    await history.do("pass", STAGES[1], "cora")
    assert not await signed()
    await history.do("pass", STAGES[1], "cole")
    assert not await signed()
    await history.do("sign", "cole")
    assert await signed()
    await history.do("ask", [*STAGES[:2], Stage("d", "D")])
    await history.do("pass", Stage("d", "D"), "cora")
    assert not await signed()


# Files of before


BEFORE = """
INSERT INTO people (id, role, created_at) VALUES ('child', 'guest', ''), ('child2', 'guest', ''),
    ('cora', 'coordinator', ''), ('mia', 'manager', '');
INSERT INTO interests (reference, person, asked_by, channel, language, received_at, status, status_since) VALUES
    ('IV-1', 'child', 'child', 'web', 'en', '', 'awaiting_child', ''),
    ('IV-2', 'child2', 'child', 'web', 'en', '', 'awaiting_child', '');
INSERT INTO consents (person, interest, purpose, given, words, version, language, answered_at, withdrawn_at) VALUES
    ('child', 'IV-1', 'send', 1, 'May I?', 'v', 'en', 't', NULL),
    ('child', 'IV-1', 'share', 0, 'And they?', 'v', 'en', 't', 'u');
UPDATE interests SET status = 'asked' WHERE reference = 'IV-1';
INSERT INTO interest_notes (interest, at, by_person, kind, words) VALUES ('IV-1', 't', 'cora', 'moved', 'far');
INSERT INTO matches (reference, interest, visitor, about, started_at, ended_at, ended_reason) VALUES
    ('M-1AAA-A', 'IV-1', 'Alex', 'Likes dogs.', 's', NULL, ''), ('M-2BBB-B', 'IV-2', 'Bo', '', 's', 'e', 'left_care');
INSERT INTO visits (reference, match, planned_for, plan, child_said, child_words, child_face, created_at, created_by)
    VALUES ('V-1', 'M-1AAA-A', '2027', 'bowling', 'another_day', 'sunday', 4, 'c', 'cora');
INSERT INTO concerns (reference, raised_at, channel, language, person, source, kind, about, words, chain,
    level) VALUES ('S-1', 't', 'web', 'en', 'child', 'text', 'danger', 'visitor', 'w', '[]', 0);
INSERT INTO allegations (reference, concern, match, opened_at, due_on) VALUES ('A-1', 'S-1', 'M-1AAA-A', 't', 'd');
UPDATE matches SET suspended_at = '2026', suspended_by = 'mia' WHERE reference = 'M-1AAA-A';
INSERT INTO invites (hash, role, name, created_at, expires_at) VALUES
    ('h', 'volunteer', '', '', ''), ('k', 'coordinator', '', '', '');
"""
"""What a file of the version before may hold."""


async def test_a_file_of_before_keeps_everything(tmp_path: Path) -> None:
    """Matches, visits, a suspension, consents and notes are all there after the migration, and every key holds."""
    path = tmp_path / "before.db"
    with closing(connect(path)) as db:
        db.execute("CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at TEXT DEFAULT 'x') STRICT")
        for migration in pending([])[:4]:
            run(db, *statements(migration.read_text()))
            db.execute("INSERT INTO migrations (name) VALUES (?)", (migration.name,))
        run(db, *statements(BEFORE))
    await (await Database.open(path)).close()
    with closing(connect(path)) as db:

        def rows(sql: str) -> list[tuple[object, ...]]:
            return [tuple(row) for row in db.execute(sql)]

        assert rows("PRAGMA foreign_key_check") == []
        assert rows("PRAGMA integrity_check") == [("ok",)]
        assert rows("SELECT reference, name, called, about, person, suspended_at, suspended_by FROM volunteers") == [
            ("VO-1AAA-A", "Alex", "Alex", "Likes dogs.", None, "2026", "mia"),
            ("VO-2BBB-B", "Bo", "Bo", "", None, None, None),
        ]
        assert rows("SELECT reference, interest, volunteer, visitor, about, started_at, ended_at, ended_reason FROM"
                    " matches") == [
            ("M-1AAA-A", "IV-1", "VO-1AAA-A", "Alex", "Likes dogs.", "s", None, ""),
            ("M-2BBB-B", "IV-2", "VO-2BBB-B", "Bo", "", "s", "e", "left_care"),
        ]  # fmt: skip
        assert rows("SELECT reference, match, planned_for, plan, status, created_by FROM visits") == [
            ("V-1", "M-1AAA-A", "2027", "bowling", "paused", "cora")
        ]
        assert rows("SELECT child_said, child_words, child_face FROM visits") == [("another_day", "sunday", 4)]
        assert rows("SELECT reference, concern, match, due_on FROM allegations") == [("A-1", "S-1", "M-1AAA-A", "d")]
        assert rows("SELECT purpose, given, words, withdrawn_at FROM consents ORDER BY id") == [
            ("send", 1, "May I?", None), ("share", 0, "And they?", "u"),
        ]  # fmt: skip
        assert rows("SELECT kind, words, by_person FROM interest_notes") == [("moved", "far", "cora")]
        assert rows("SELECT role FROM invites") == [("coordinator",)]
        db.execute("BEGIN")
        run(db, "DELETE FROM interests WHERE reference = 'IV-1'")
        assert rows("SELECT reference FROM matches") == [("M-2BBB-B",)]
        assert rows("SELECT * FROM visits UNION ALL SELECT * FROM visits") == []
        assert rows("SELECT match FROM allegations") == [(None,)]
    assert refused(path, MATCH.format("", at=AT).replace("VO-1", "VO-2BBB-B")).startswith("the volunteer is not ready")
    assert refused(path, "UPDATE consents SET words = 'x' WHERE id = 1").startswith("a consent keeps its words")
    assert "own yes" in refused(path, "UPDATE interests SET status = 'asked' WHERE reference = 'IV-2'")
