"""Concerns and allegations in the store: who sees them, what stays done, and no visit while a visitor is suspended."""

import datetime as dt
import io
import itertools
import sqlite3
from collections.abc import AsyncIterator
from contextlib import aclosing, closing
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.concerns import About, Allegation, Concern, line, next_in_line
from bot.domain.interest import Status
from bot.domain.roles import Role, Viewer
from bot.domain.visits import Said
from bot.reports import export, kinds
from bot.settings import Retention
from bot.store import (
    allegations,
    codes,
    complaint_steps,
    complaints,
    concerns,
    interests,
    matches,
    people,
    purge,
    visits,
)
from bot.store.clock import moment, stamp
from bot.store.database import Writer, connect, opened
from tests import records
from tests.complaining import (
    CHILD,
    CONCERN,
    COORDINATOR,
    EVERYBODY,
    MANAGER,
    NOW,
    OFFICER,
    VOLUNTEER,
    a_complaint,
    everybody,
)

LATER = "2026-06-12T09:20:30.000Z"
NAME = "S-0000-0"


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A file with one person of each role, and a child who has a visitor and a visit planned."""
    async with opened(tmp_path / "ivbot.db", "") as database, database.writer.transaction() as writer:
        await everybody(writer)
        name = await records.add(writer, 1)
        for status in (Status.REFERRED, Status.WAITING, Status.MATCHED):
            await interests.move(writer, name, status, "coordinator", NOW)
        await records.add_match(writer, name, "Alex", moment(NOW), reference="M-1")
        for number, when in enumerate(("2026-06-01", "2026-06-20", "2026-07-20")):
            await visits.add(writer, f"V-{number}", "M-1", f"{when}T09:00:00.000Z", "", "coordinator", NOW)
    return tmp_path / "ivbot.db"


@pytest.fixture
async def writer(path: Path) -> AsyncIterator[Writer]:
    async with opened(path, "") as database, database.writer.transaction() as writer:
        yield writer


def may_see(viewer: Viewer, concern: Concern, *, by_link: bool) -> bool:
    """Said again, from the issue: duty staff and managers, never whoever it is about or works for them."""
    never = {
        "coordinator": {About.VISITOR, About.COORDINATOR, About.MANAGER},
        "manager": {About.MANAGER},
        "volunteer": set(About),
        "guest": set(),
    }
    if viewer.person in {concern.person, concern.about_person} or concern.about in never[viewer.role]:
        return False
    on_chain = viewer.role == "manager" or viewer.role in concern.chain
    return on_chain or (by_link and viewer.role == "guest")


@pytest.mark.parametrize("about", list(About))
async def test_every_role_against_every_danger(about: About, writer: Writer) -> None:
    """Lists, finds, counts, exports, notices, allegations and steps: for those who may see it, and nobody else."""
    chains = (("safeguarding_duty", "manager"), ("coordinator",), ())
    cases = itertools.product(chains, (None, "manager", "officer"), ("child", "volunteer", "manager"), (False, True))
    expected: dict[Viewer, list[str]] = {viewer: [] for viewer in EVERYBODY}
    for number, (chain, named, person, by_link) in enumerate(cases):
        name = f"S-{number:04}"
        concern = replace(CONCERN, reference=name, about=about, about_person=named, person=person, chain=chain)
        await concerns.add(writer, concern, "guest")
        await allegations.add(writer, Allegation(f"A-{number:04}", name, None, NOW, "2026-06-15"), "")
        for viewer in EVERYBODY if by_link else ():
            attached = await concerns.attach(writer, name, viewer.person, "safeguarding_duty", NOW)
            assert attached == (viewer.role == Role.GUEST and viewer.person not in {person, named})
        sees = {viewer for viewer in EVERYBODY if may_see(viewer, concern, by_link=by_link)}
        assert {one.id for one in await concerns.watchers(writer, name)} == {viewer.person for viewer in sees}
        for viewer in EVERYBODY:
            assert bool(await concerns.events(writer, name, viewer)) == (viewer in sees)
            assert bool(await allegations.find(writer, f"A-{number:04}", viewer)) == (viewer in sees)
            assert bool(await allegations.of_concern(writer, name, viewer)) == (viewer in sees)
            if viewer in sees:
                expected[viewer].append(name)
            else:
                assert not await concerns.acknowledge(writer, name, viewer, NOW)
                assert not await concerns.hand_over(writer, name, viewer, NOW)
                assert not await concerns.close(writer, name, viewer, NOW)
                assert not await allegations.lado_told(writer, f"A-{number:04}", viewer, NOW)
    for viewer in EVERYBODY:
        async with aclosing(concerns.every(writer, "0", "9", viewer)) as rows:
            assert [row["reference"] async for row in rows] == expected[viewer]
        assert [one.reference for one in await concerns.open_ones(writer, viewer, 999)] == expected[viewer]
        assert len(await allegations.open_ones(writer, viewer)) == len(expected[viewer])
        assert await concerns.count(writer, "0", "9", viewer) == len(expected[viewer])
    assert await concerns.count(writer, "0", "9", None) == 54


async def test_somebody_reads_it_takes_it_on_hands_it_over_and_closes_it(writer: Writer) -> None:
    """Only the first acknowledgement counts; nothing is handed over or closed before it; whoever raised it can know."""
    await concerns.add(writer, CONCERN, "guest")
    assert not await concerns.hand_over(writer, NAME, MANAGER, NOW)
    assert not await concerns.close(writer, NAME, MANAGER, NOW)
    assert (await concerns.raised_by(writer, "child"))[0].acknowledged_at is None
    assert await concerns.attach(writer, NAME, "officer", "safeguarding_duty", NOW)
    assert await concerns.acknowledge(writer, NAME, OFFICER, LATER)
    assert not await concerns.acknowledge(writer, NAME, MANAGER, LATER)
    assert (await concerns.raised_by(writer, "child"))[0].acknowledged_at == LATER
    assert await concerns.hand_over(writer, NAME, MANAGER, LATER)
    assert await concerns.close(writer, NAME, MANAGER, LATER)
    assert not await concerns.close(writer, NAME, MANAGER, LATER)
    assert [(row["kind"], row["whom"]) for row in await concerns.events(writer, NAME, MANAGER)] == [
        ("raised", "guest"), ("acknowledged", "guest"), ("handed_over", "manager"), ("closed", "manager"),
    ]  # fmt: skip
    found = await concerns.find(writer, NAME, MANAGER)
    assert found is not None
    assert (found.words, found.acknowledged_by) == ("markedwords", "officer")


async def test_what_is_kept_is_what_was_said(writer: Writer) -> None:
    """A concern is read back word for word, in its language."""
    told = replace(CONCERN, words="he said: don't tell 😢\n\nпомогите", language="uk", about_person="volunteer")
    await concerns.add(writer, told, "guest")
    assert await concerns.find(writer, NAME, None) == told
    assert await concerns.taken(writer, NAME)


async def test_those_who_come_to_be_named_lose_sight_of_it(writer: Writer) -> None:
    """When it becomes known that it is about the manager, or about a person, they do not find it any more."""
    await concerns.add(writer, CONCERN, "guest")
    await concerns.attach(writer, NAME, "officer", "safeguarding_duty", NOW)
    assert await concerns.find(writer, NAME, MANAGER)
    await concerns.set_about(writer, NAME, About.MANAGER, None, "guest", NOW)
    assert await concerns.find(writer, NAME, MANAGER) is None
    assert await concerns.find(writer, NAME, OFFICER)
    await concerns.set_about(writer, NAME, About.CARER, "officer", "guest", NOW)
    assert await concerns.find(writer, NAME, OFFICER) is None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    waits=st.lists(st.integers(1, 40), min_size=1, max_size=15),
    read_after=st.integers(0, 200),
    at_work=st.frozensets(st.sampled_from(["safeguarding_duty", "safeguarding_deputy", "manager"])),
)
async def test_the_next_in_line_is_told_until_somebody_reads_it(
    waits: list[int], read_after: int, at_work: frozenset[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each 15 minutes without an acknowledgement one more is told, never the same before all were, and then nobody."""
    chain = ("safeguarding_duty", "safeguarding_deputy", "manager")
    start = moment(NOW)
    async with (
        opened(tmp_path_factory.mktemp("w") / "x.db", "") as database,
        database.writer.transaction() as writer,
    ):
        await everybody(writer)
        await concerns.add(writer, replace(CONCERN, chain=chain), "guest")
        minutes, told_at, told = 0, -99, []
        for wait in [0, *waits]:
            minutes += wait
            now = start + dt.timedelta(minutes=minutes)
            if minutes >= read_after:
                await concerns.acknowledge(writer, NAME, MANAGER, stamp(now))
            due = await concerns.unacknowledged(writer, now - dt.timedelta(minutes=15))
            assert bool(due) == (minutes < read_after and minutes - told_at >= 15)
            for concern in due:
                waiting = line(concern.chain, at_work, concern.about, "out_of_hours")
                contact = next_in_line(waiting, await concerns.told_when(writer, NAME))
                assert contact is not None
                await concerns.told(writer, NAME, contact, stamp(now))
                told_at = minutes
                told.append(contact)
        assert len(set(told[:4])) == len(told[:4])
        found = await concerns.find(writer, NAME, None)
        assert found is not None
        assert found.level == len(told)


def refused(path: Path, *sql: str) -> str:
    """What the database says to the last of some statements, written past all of our code."""
    with closing(connect(path)) as db:
        db.execute("BEGIN")
        for statement in sql[:-1]:
            db.execute(statement)
        with pytest.raises(sqlite3.IntegrityError) as error:
            db.execute(sql[-1])
        return str(error.value)


async def test_the_file_itself_keeps_words_and_deeds(path: Path) -> None:
    """In SQL as well: words stay until the case file has them, what was done stays done, nobody wrong is attached."""
    async with opened(path, "") as database, database.writer.transaction() as writer:
        await concerns.add(writer, replace(CONCERN, about_person="volunteer"), "guest")
    words = "a concern keeps its words until the case file has them"
    empty = "UPDATE concerns SET words = '', emptied_at = 'x'"
    seen = "UPDATE concerns SET acknowledged_at = 'x'"
    assert refused(path, empty) == refused(path, seen, empty) == words
    over = "UPDATE concerns SET handed_over_at = 'x'"
    assert refused(path, seen, over, "UPDATE concerns SET words = 'other', emptied_at = 'x'") == words
    assert refused(path, over).startswith("CHECK")
    assert refused(path, "UPDATE concerns SET closed_at = 'x'").startswith("CHECK")
    undone = "what was done about a concern stays done"
    assert refused(path, seen, "UPDATE concerns SET acknowledged_at = NULL") == undone
    assert refused(path, seen, over, "UPDATE concerns SET handed_over_at = 'y'") == undone
    for change in ("UPDATE concern_events SET kind = 'x'", "DELETE FROM concern_events"):
        assert refused(path, change) == "what happened to a concern is append-only"
    for person in ("child", "volunteer", "coordinator", "manager"):
        attach = f"INSERT INTO concern_handlers VALUES ('{NAME}', '{person}', 'x', '')"
        assert refused(path, attach) == "this person may not see this concern"
    untold = f"INSERT INTO allegations VALUES ('A-1', '{NAME}', NULL, '', '', NULL, 'x')"
    assert refused(path, untold).startswith("CHECK")


async def planned(writer: Writer) -> list[str]:
    rows = await writer.all("SELECT status FROM visits ORDER BY planned_for")
    return [row["status"] for row in rows]


async def alleged(writer: Writer, number: int = 1, about: About = About.VISITOR, named: str | None = None) -> None:
    await concerns.add(writer, replace(CONCERN, reference=f"S-{number}", about=about, about_person=named), "guest")
    allegation = Allegation(f"A-{number}", f"S-{number}", "M-1", NOW, "2026-06-15")
    await allegations.add(writer, allegation, "child")


async def test_an_allegation_suspends_the_visitor_at_once(writer: Writer) -> None:
    """The visits to come pause, the past one stays, and none can be planned until a manager lifts it with a reason."""
    await alleged(writer)
    assert await planned(writer) == ["planned", "paused", "paused"]
    assert not await allegations.suspend(writer, "M-1", "manager", LATER)
    with pytest.raises(sqlite3.IntegrityError, match="not ready"):
        await visits.add(writer, "V-9", "M-1", "2026-08-01T09:00:00.000Z", "", "manager", NOW)
    for viewer in (COORDINATOR, VOLUNTEER, CHILD, OFFICER):
        assert await allegations.lift(writer, "M-1", viewer, "fine", LATER) is None
    assert await allegations.lift(writer, "M-1", MANAGER, "", LATER) is None
    later = "2026-07-01T09:00:00.000Z"
    await visits.child_said(writer, "V-2", Said.YES)
    assert await allegations.lift(writer, "M-1", MANAGER, "nothing in it", later) == ["V-2"]
    assert await allegations.lift(writer, "M-1", MANAGER, "again", later) is None
    assert await planned(writer) == ["planned", "cancelled", "planned"]
    visit = await visits.find(writer, "V-2")
    assert visit is not None
    assert visit.child_said == ""
    lifted = await allegations.suspension(writer, "M-1")
    assert lifted is not None
    assert (lifted.running, lifted.lifted_by, lifted.lift_reason) == (False, "manager", "nothing in it")
    await visits.add(writer, "V-9", "M-1", "2026-08-01T09:00:00.000Z", "", "manager", NOW)
    assert await allegations.suspend(writer, "M-1", "manager", later)
    assert await planned(writer) == ["planned", "cancelled", "paused", "paused"]


async def test_a_manager_who_is_named_lifts_nothing(writer: Writer) -> None:
    """One allegation about this match that a manager may not see is a conflict, whatever else they may see."""
    await people.save(writer, [people.Person("other", Role.MANAGER)], NOW)
    await alleged(writer, 1)
    await alleged(writer, 2, About.VISITOR, named="manager")
    assert await allegations.lift(writer, "M-1", MANAGER, "fine", LATER) is None
    assert not await allegations.may_lift(writer, "M-1", MANAGER)
    assert await allegations.lift(writer, "M-1", Viewer("other", Role.MANAGER), "fine", LATER) == ["V-1", "V-2"]


async def test_a_suspension_without_an_allegation_is_lifted_by_managers_too(writer: Writer) -> None:
    """Whatever it was for, a coordinator does not lift it."""
    assert await allegations.suspend(writer, "M-1", "coordinator", NOW)
    assert await allegations.lift(writer, "M-1", COORDINATOR, "fine", LATER) is None
    assert await allegations.lift(writer, "M-1", MANAGER, "fine", LATER) == ["V-1", "V-2"]


async def test_a_match_that_ends_while_suspended_has_no_visit_to_come(writer: Writer) -> None:
    """Paused visits are called off when the match ends."""
    await alleged(writer)
    interest = await writer.one("SELECT interest FROM matches")
    assert interest is not None
    await matches.end(writer, interest["interest"], LATER)
    assert await planned(writer) == ["planned", "cancelled", "cancelled"]


async def test_the_file_itself_keeps_a_suspension(path: Path) -> None:
    """In SQL as well: nothing is planned or stays planned, and only a manager lifts it, with a reason."""
    suspended = f"UPDATE volunteers SET suspended_at = '{NOW}'"
    no_visit = "the volunteer is not ready: no visit can be planned"
    visit = (
        "INSERT INTO visits (reference, match, planned_for, planned_at, created_at)"
        f" VALUES ('V-9', 'M-1', '2027', '{NOW}', '{NOW}')"
    )
    assert refused(path, suspended, visit) == no_visit
    assert refused(path, suspended, "UPDATE visits SET status = 'planned' WHERE status = 'paused'") == no_visit
    assert refused(path, suspended, "UPDATE visits SET planned_for = '2027' WHERE reference = 'V-0'") == no_visit
    with closing(connect(path)) as db:
        db.execute("BEGIN")
        db.execute(suspended)
        assert db.execute("SELECT count(*) FROM visits WHERE status = 'paused'").fetchone()[0] == 2
    lifted = "only a manager lifts a suspension, with a reason"
    lift = "UPDATE volunteers SET lifted_at = 'x', lifted_by = '{}', lift_reason = '{}'"
    for change in (
        lift.format("coordinator", "why"), lift.format("nobody", "why"), lift.format("manager", ""),
        "UPDATE volunteers SET suspended_at = NULL",
    ):  # fmt: skip
        assert refused(path, suspended, change) == lifted


async def test_one_message_opens_three_things_and_closing_one_closes_no_other(writer: Writer) -> None:
    """Safeguarding, LADO and the complaint each have their own end, in any order; the suspension outlives all three."""
    orders = list(itertools.permutations(("complaint", "concern", "allegation")))
    for number, order in enumerate(orders):
        complaint, concern, allegation = f"C-{number}", f"S-{number}", f"A-{number}"
        await complaints.add(writer, a_complaint(complaint, route=("manager",)))
        await alleged(writer, number)
        await concerns.link(writer, concern, complaint)
        await concerns.acknowledge(writer, concern, MANAGER, NOW)
        assert not await allegations.close(writer, allegation, MANAGER, NOW)
        assert await allegations.lado_told(writer, allegation, MANAGER, NOW)
        assert not await allegations.lado_told(writer, allegation, MANAGER, LATER)
        left = {"complaint", "concern", "allegation"}
        for what in order:
            if what == "complaint":
                assert await complaint_steps.withdraw(writer, complaint, "child", NOW)
            elif what == "concern":
                assert await concerns.close(writer, concern, MANAGER, NOW)
            else:
                assert await allegations.close(writer, allegation, MANAGER, NOW)
            left.remove(what)
            mine = await complaints.find(writer, complaint, MANAGER)
            found = await concerns.find(writer, concern, MANAGER)
            lado = await allegations.find(writer, allegation, MANAGER)
            assert mine is not None
            assert found is not None
            assert lado is not None
            assert found.words == "markedwords"
            closed = {"complaint": mine.closed_at, "concern": found.closed_at, "allegation": lado.closed_at}
            assert {name for name, when in closed.items() if when is None} == left
        suspension = await allegations.suspension(writer, "M-1")
        assert suspension is not None
        assert suspension.running


@pytest.mark.parametrize(("days", "handed_over", "goes"), [(31, 1, 1), (29, 1, 0), (4000, 0, 0)])
async def test_words_stay_until_the_case_file_has_them(days: int, handed_over: int, goes: int, writer: Writer) -> None:
    """30 days after the written receipt the words go; without a receipt they never do. The stub stays six years."""
    now = moment(NOW) + dt.timedelta(days=days)
    await concerns.add(writer, CONCERN, "guest")
    await concerns.attach(writer, NAME, "officer", "safeguarding_duty", NOW)
    await concerns.acknowledge(writer, NAME, MANAGER, NOW)
    if handed_over:
        await concerns.hand_over(writer, NAME, MANAGER, NOW)
    await concerns.close(writer, NAME, MANAGER, NOW)
    done = await purge.run(writer, purge.limits(now, Retention()))
    assert (done["concerns"], done["concern_stubs"], done["handlers"]) == (goes, 0, goes)
    found = await concerns.find(writer, NAME, MANAGER)
    assert found is not None
    assert (found.words == "") == (found.person is None) == bool(goes)
    six_years_on = now + dt.timedelta(days=2193)
    done = await purge.run(writer, purge.limits(six_years_on, Retention()))
    assert done["concern_stubs"] == handed_over
    assert await purge.run(writer, purge.limits(six_years_on, Retention())) == dict.fromkeys(done, 0)


async def test_an_open_allegation_keeps_its_stub_and_those_who_work_on_it(writer: Writer) -> None:
    """Nothing of a concern is forgotten but its words while the LADO's part is open."""
    await alleged(writer)
    await concerns.attach(writer, "S-1", "officer", "safeguarding_duty", NOW)
    await concerns.acknowledge(writer, "S-1", MANAGER, NOW)
    await concerns.hand_over(writer, "S-1", MANAGER, NOW)
    await concerns.close(writer, "S-1", MANAGER, NOW)
    await purge.run(writer, purge.limits(moment(NOW) + dt.timedelta(days=5000), Retention()))
    assert await allegations.find(writer, "A-1", OFFICER)


async def test_erasing_somebody_rubs_out_only_what_the_case_file_has(writer: Writer) -> None:
    """What has to stay is named, so that it can be said honestly; when they are gone it stays without them."""
    for number in (1, 2):
        await concerns.add(writer, replace(CONCERN, reference=f"S-{number}"), "guest")
    await concerns.acknowledge(writer, "S-1", MANAGER, NOW)
    await concerns.hand_over(writer, "S-1", MANAGER, NOW)
    assert await concerns.erase(writer, "child", LATER) == ["S-2"]
    await writer.run("DELETE FROM people WHERE id = 'child'")
    rows = await writer.all("SELECT reference, words, person FROM concerns ORDER BY reference")
    assert [tuple(row) for row in rows] == [("S-1", "", None), ("S-2", "markedwords", None)]


async def test_a_code_in_a_mail_opens_one_concern(writer: Writer) -> None:
    """The invite of duty staff names its concern and its contact, and goes with the concern."""
    await concerns.add(writer, CONCERN, "guest")
    await codes.add_handler_invite(writer, "7K3Q-9M2X-4TBR", "safeguarding_duty", NOW, "2027", concern=NAME)
    found = await codes.invite(writer, "7K3Q-9M2X-4TBR")
    assert found is not None
    assert (found["role"], found["concern"], found["contact"]) == ("handler", NAME, "safeguarding_duty")


async def test_the_export_has_the_promised_columns(writer: Writer) -> None:
    """One row a concern: no words in it, and the whole minutes until somebody read it."""
    await people.save(writer, [people.Person("manager", Role.MANAGER, name="Jo")], NOW)
    for number in range(3):
        await concerns.add(writer, replace(CONCERN, reference=f"S-{number}"), "guest")
    await concerns.attach(writer, "S-1", "officer", "safeguarding_duty", NOW)
    await concerns.acknowledge(writer, "S-0", MANAGER, LATER)
    await concerns.acknowledge(writer, "S-1", OFFICER, NOW)
    out = io.BytesIO()
    seen = kinds.Seen(moment(LATER), ZoneInfo("Europe/London"), None)
    await export.write(writer, "concerns", "json", out, seen)

    rows = orjson.loads(out.getvalue())
    assert rows[0] == {
        "reference": "S-0", "raised_at": "2026-06-12T10:00:00+01:00", "channel": "web", "language": "en",
        "kind": "danger", "acknowledged_at": "2026-06-12T10:20:30+01:00", "acknowledged_by": "Jo",
        "minutes_to_acknowledge": 20,
    }  # fmt: skip
    assert [(row["acknowledged_by"], row["minutes_to_acknowledge"]) for row in rows[1:]] == [("guest", 0), ("", None)]
    assert b"arked" not in out.getvalue()


@pytest.mark.parametrize("before", [True, False])
async def test_the_link_in_a_mail_shows_no_more_than_whoever_it_was_mailed_to_may_see(
    writer: Writer, *, before: bool
) -> None:
    """A link to a coordinator's mailbox opens nothing about a coordinator, whenever that came to be known."""
    await concerns.add(writer, CONCERN, "guest")
    officer = Viewer(OFFICER.person, OFFICER.role)
    if before:
        assert await concerns.attach(writer, NAME, officer.person, "coordinator", NOW)
        assert await concerns.find(writer, NAME, officer)
    await concerns.set_about(writer, NAME, About.COORDINATOR, None, "manager", NOW)
    if not before:
        assert not await concerns.attach(writer, NAME, officer.person, "coordinator", NOW)

    assert await concerns.find(writer, NAME, officer) is None
    assert officer.person not in {person.id for person in await concerns.watchers(writer, NAME)}
