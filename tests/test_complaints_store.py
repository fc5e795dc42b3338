"""Complaints in the store: who sees them, which steps there are, what is forgotten and what is counted."""

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

from bot.domain.complaints import (
    LADDER,
    MOVES,
    Complainer,
    Outcome,
    Stage,
    Status,
    Subject,
    extended,
    ladder,
    route,
    start_clock,
)
from bot.domain.references import new_code
from bot.domain.roles import Role, Viewer
from bot.domain.working_days import ENGLAND, ONE_DAY
from bot.engine.channel import NotTheirs
from bot.engine.message import Document, Outgoing, Parcel
from bot.reports import export, kinds
from bot.reports.documents import Documents
from bot.settings import Complaints, Retention
from bot.store import codes, complaint_steps, complaints, people, purge
from bot.store.clock import stamp
from bot.store.database import Database, Writer, connect, opened
from tests.complaining import (
    CHILD,
    COORDINATOR,
    DAY,
    EVERYBODY,
    MANAGER,
    NOW,
    OFFICER,
    VOLUNTEER,
    a_complaint,
    at,
    everybody,
    may_see,
)
from tests.conversation import World

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A database with one person of each role."""
    async with opened(tmp_path / "ivbot.db", "") as database:
        async with database.writer.transaction() as writer:
            await everybody(writer)
        yield database


@pytest.fixture
async def writer(database: Database) -> AsyncIterator[Writer]:
    async with database.writer.transaction() as writer:
        yield writer


async def listed(writer: Writer, viewer: Viewer | None) -> list[list[str]]:
    """What this viewer gets from everything that lists, finds, counts or exports."""
    async with aclosing(complaints.every(writer, "0", "9", viewer)) as rows:
        exported = [row["reference"] async for row in rows]
    found = [one.reference for one in await complaints.open_ones(writer, viewer, 999)]
    known = [row["reference"] for row in await writer.all("SELECT reference FROM complaints ORDER BY reference")]
    each = [name for name in known if await complaints.find(writer, name, viewer)]
    due = [one.reference for one in await complaints.due_by(writer, viewer, dt.date(2030, 1, 1))]
    assert await complaints.open_number(writer, viewer) == len(found)
    assert await complaints.count(writer, "0", "9", viewer) == len(exported)
    return [sorted(exported), sorted(found), sorted(each), sorted(due)]


@pytest.mark.parametrize("about", list(Subject))
async def test_every_role_against_every_subject(about: Subject, writer: Writer) -> None:
    """Lists, finds, counts, exports, notices, events and steps are for those who may see it, and nobody else."""
    wanted = (("coordinator", "manager", "complaints_team"), ("manager", "complaints_team"), ("complaints_team",))
    people_named = (None, "coordinator", "manager", "officer", "volunteer")
    complainers = ("child", "coordinator", "manager", "volunteer")
    cases = itertools.product(wanted, people_named, complainers, (False, True))
    expected: dict[Viewer, list[str]] = {viewer: [] for viewer in EVERYBODY}
    for number, (contacts, named, complainer, by_link) in enumerate(cases):
        on = route(about, contacts, frozenset({"complaints_team"}))
        if not on:
            continue
        complaint = a_complaint(f"C-{number:04}", about=about, about_person=named, person=complainer, route=on)
        await complaints.add(writer, complaint)
        attached = set()
        for viewer in EVERYBODY if by_link and "complaints_team" in on else ():
            if await complaint_steps.attach(writer, complaint.reference, viewer.person, "complaints_team", NOW):
                attached.add(viewer.person)
        guests = {viewer.person for viewer in EVERYBODY if viewer.role == Role.GUEST}
        assert attached == (guests - {complaint.person, named} if by_link and "complaints_team" in on else set())
        sees = {viewer for viewer in EVERYBODY if may_see(viewer, complaint, frozenset(attached))}
        assert {one.id for one in await complaints.watchers(writer, complaint.reference)} == {v.person for v in sees}
        for viewer in EVERYBODY:
            read = bool(await complaints.events(writer, complaint.reference, viewer))
            assert read == (viewer in sees or viewer.person == complainer)
            if viewer in sees:
                expected[viewer].append(complaint.reference)
            else:
                assert not await complaint_steps.acknowledge(writer, complaint.reference, viewer, NOW)
                assert not await complaint_steps.read(writer, complaint.reference, viewer, NOW)
                assert not await complaint_steps.pause(writer, complaint.reference, viewer, DAY, NOW)
                assert not await complaint_steps.learn(writer, complaint.reference, viewer, "x", NOW)
                assert not await complaint_steps.answer(
                    writer, complaint.reference, viewer, "x", Outcome.UPHELD, DAY, NOW
                )
    for viewer in EVERYBODY:
        assert await listed(writer, viewer) == [sorted(expected[viewer])] * 4
    assert len((await listed(writer, None))[0]) > 50 or about is Subject.COMPLAINTS_TEAM


async def test_a_link_gives_staff_and_whoever_complained_no_more_than_they_see_already(writer: Writer) -> None:
    """A coordinator or manager who uses the link of a mail about the coordinator sees nothing by it."""
    await complaints.add(writer, a_complaint(about=Subject.COORDINATOR, route=("complaints_team",)))

    for viewer in (COORDINATOR, MANAGER, VOLUNTEER, CHILD):
        assert not await complaint_steps.attach(writer, "C-0000-0", viewer.person, "complaints_team", NOW)
    assert not await complaint_steps.attach(writer, "C-0000-0", "officer", "director", NOW)
    assert await complaint_steps.attach(writer, "C-0000-0", "officer", "complaints_team", NOW)
    assert await complaints.find(writer, "C-0000-0", OFFICER)
    assert await complaints.find(writer, "C-0000-0", Viewer("officer", Role.MANAGER)) is None


async def test_a_route_that_somebody_wrote_by_hand_opens_nothing(writer: Writer) -> None:
    """Where the file was changed past its own rules, those who are conflicted still see nothing."""
    for trigger in ("complaints_keep_conflicts_out", "complaints_keep_conflicts_out_later"):
        await writer.run(f"DROP TRIGGER {trigger}")
    for number, about in enumerate((Subject.COORDINATOR, Subject.MANAGER, Subject.SERVICE)):
        await complaints.add(writer, a_complaint(f"C-{number}", about=about, route=("coordinator", "manager")))
    assert await listed(writer, COORDINATOR) == [[]] * 4
    assert await listed(writer, MANAGER) == [["C-0"]] * 4


async def test_a_pause_moves_the_last_day(writer: Writer) -> None:
    """It goes on where it was, with the working days of the pause added; while it is paused nobody is late."""
    await complaints.add(writer, a_complaint())
    await complaint_steps.acknowledge(writer, "C-0000-0", COORDINATOR, NOW)
    assert await complaint_steps.pause(writer, "C-0000-0", COORDINATOR, dt.date(2026, 6, 15), NOW)
    assert await complaints.to_remind(writer, dt.date(2026, 9, 1), dt.date(2026, 9, 3)) == []
    back = dt.date(2026, 6, 22)
    found = await complaint_steps.resume(writer, "C-0000-0", COORDINATOR, ENGLAND, back, NOW)
    assert found is not None
    assert found == await complaints.find(writer, "C-0000-0", COORDINATOR)
    assert (found.status, found.clock.paused_days, found.paused_on) == (Status.ACKNOWLEDGED, 5, None)
    assert (found.clock.due_on, found.clock.last_day) == (dt.date(2026, 7, 3), dt.date(2026, 7, 3))
    assert await complaint_steps.resume(writer, "C-0000-0", COORDINATOR, ENGLAND, back, NOW) is None


def refused(path: Path, *sql: str) -> str:
    """What the database says to the last of some statements, written past all of our code."""
    with closing(connect(path)) as db:
        db.execute("BEGIN")
        for statement in sql[:-1]:
            db.execute(statement)
        with pytest.raises(sqlite3.IntegrityError) as error:
            db.execute(sql[-1])
        return str(error.value)


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A file with one complaint about a carer, received."""
    async with opened(tmp_path / "raw.db", "") as database, database.writer.transaction() as writer:
        await everybody(writer)
        await complaints.add(writer, a_complaint(about=Subject.CARER, route=("complaints_team",)))
    return tmp_path / "raw.db"


async def test_the_file_itself_keeps_conflicts_out(path: Path) -> None:
    """In SQL as well: nobody conflicted is put on a route, no subject is changed, nobody conflicted is attached."""
    said = "somebody on the route of a complaint may not see it"
    copy = "INSERT INTO complaints SELECT 'C-1' AS reference, {} FROM complaints"
    with closing(connect(path)) as db:
        columns = [row["name"] for row in db.execute("PRAGMA table_info(complaints)")][1:]
    for about, contact in (("coordinator", "coordinator"), ("manager", "coordinator"), ("service", "manager")):
        values = {"about": f"'{about}'", "route": f"'[\"{contact}\"]'"}
        row = ", ".join(values.get(name, name) for name in columns)
        assert refused(path, copy.format(row)) == said
    assert refused(path, "UPDATE complaints SET about = 'coordinator'") == said
    attach = "INSERT INTO complaint_handlers VALUES ('C-0000-0', '{}', '{}', '')"
    for person, contact in (("child", "complaints_team"), ("manager", "complaints_team"), ("officer", "manager")):
        assert refused(path, attach.format(person, contact)) == "this person may not handle this complaint"


async def test_the_file_itself_keeps_to_the_steps(path: Path) -> None:
    """Each step that is not in the table of moves is refused by the database, whoever writes to it."""
    with closing(connect(path)) as db:
        kept = db.execute("SELECT sql FROM sqlite_master WHERE name = 'complaints_keep_to_their_way'").fetchone()[0]
        for before, after in itertools.permutations(Status, 2):
            db.execute("BEGIN")
            db.execute("DROP TRIGGER complaints_keep_to_their_way")
            db.execute(
                f"UPDATE complaints SET status = '{before}', closed_at = 'x', extended_days = 20, extended_to = 'x',"
                f" extended_reason = 'x', paused_on = iif('{before}' = 'paused', 'x', NULL)"
            )
            db.execute(kept)
            stage = "investigation" if (after, before in {"answered", "closed"}) == ("received", True) else "local"
            try:
                db.execute(
                    f"UPDATE complaints SET status = '{after}', stage = '{stage}',"
                    f" paused_on = iif('{after}' = 'paused', 'x', NULL)"
                )
                said = ""
            except sqlite3.IntegrityError as error:
                said = str(error)
            db.execute("ROLLBACK")
            assert said == ("" if after in MOVES[before] else "a complaint has no such step")


async def test_the_file_itself_keeps_stages_extensions_and_events(path: Path) -> None:
    """No stage without an answer, none left out; no second extension, none without a reason; events stay."""
    stage = "a complaint has no such stage after this one"
    assert refused(path, "UPDATE complaints SET stage = 'investigation', status = 'received'") == stage
    answered = "UPDATE complaints SET status = 'answered'"
    assert refused(path, answered, "UPDATE complaints SET stage = 'panel', status = 'received'") == stage
    assert (
        refused(path, answered, "UPDATE complaints SET stage = 'ombudsman', status = 'closed', closed_at = ''") == stage
    )
    assert refused(path, answered, "UPDATE complaints SET status = 'received'").startswith("an answered complaint")
    once = "a stage is extended once, to a later day, and with a reason"
    extend = "UPDATE complaints SET extended_days = {}, extended_to = 'x', extended_reason = '{}'"
    assert refused(path, extend.format(20, "")) == refused(path, extend.format(10, "why")) == once
    assert refused(path, extend.format(15, "why"), extend.format(20, "why")) == once
    for change in ("UPDATE complaint_events SET kind = 'x'", "DELETE FROM complaint_events"):
        assert refused(path, change) == "what happened to a complaint is append-only"
    assert refused(path, "UPDATE complaints SET emptied_at = 'x'").startswith("CHECK")
    assert "not null" not in refused(path, "UPDATE complaints SET anonymous = 1").lower()


async def steps(writer: Writer, reference: str = "C-0000-0") -> list[str]:
    rows = await writer.all("SELECT kind FROM complaint_events WHERE complaint = ? ORDER BY id", (reference,))
    return [row["kind"] for row in rows]


async def test_a_complaint_is_worked_on_from_end_to_end(writer: Writer) -> None:
    """Read, acknowledged, asked and replied, extended with a reason, answered, learned from and closed; all is kept."""
    await complaints.add(writer, a_complaint())
    name = "C-0000-0"
    assert await complaint_steps.read(writer, name, COORDINATOR, NOW)
    assert not await complaint_steps.ask(writer, name, COORDINATOR, "too early", NOW)
    assert await complaint_steps.acknowledge(writer, name, COORDINATOR, NOW)
    assert not await complaint_steps.acknowledge(writer, name, MANAGER, NOW)
    assert await complaint_steps.ask(writer, name, COORDINATOR, "which day?", NOW)
    assert not await complaint_steps.reply(writer, name, "stranger", "not mine", NOW)
    assert await complaint_steps.reply(writer, name, "child", "Monday", NOW)
    found = await complaints.find(writer, name, MANAGER)
    assert found is not None
    assert found.status is Status.ACKNOWLEDGED
    longer = extended(ENGLAND, found.clock, ENGLAND.due(DAY, 15), 20)
    assert longer is not None
    assert await complaint_steps.extend(writer, name, COORDINATOR, longer, "it is complex", NOW)
    assert not await complaint_steps.extend(writer, name, COORDINATOR, longer, "again", NOW)
    assert await complaint_steps.answer(
        writer, name, COORDINATOR, "the answer", Outcome.PARTLY, ENGLAND.due(DAY, 40), NOW
    )
    assert await complaint_steps.learn(writer, name, COORDINATOR, "we ring before", NOW)
    said = await complaints.messages(writer, name, CHILD)
    assert [(one.kind, one.words, bool(one.read_at)) for one in said] == [
        ("question", "which day?", False), ("reply", "Monday", False), ("answer", "the answer", False),
    ]  # fmt: skip
    await complaint_steps.read_own(writer, name, "child", NOW)
    assert await complaint_steps.read(writer, name, MANAGER, NOW)
    assert all(one.read_at for one in await complaints.messages(writer, name, MANAGER))
    assert await complaints.messages(writer, name, VOLUNTEER) == []
    assert await complaint_steps.close(writer, name, COORDINATOR, NOW)
    assert await steps(writer) == [
        "received", "seen", "acknowledged", "asked", "replied", "extended", "answered", "learned", "closed",
    ]  # fmt: skip
    mine = await complaints.own(writer, name, "child")
    assert mine is not None
    assert (mine.outcome, mine.learning, mine.clock.last_day) == (
        Outcome.PARTLY,
        "we ring before",
        ENGLAND.due(DAY, 15),
    )
    assert await complaints.own(writer, name, "coordinator") is None


async def test_the_stages_up_to_the_ombudsman(writer: Writer) -> None:
    """Whoever complained opens each within the window, on its own route with its own clock; then it is outside."""
    await complaints.add(writer, a_complaint())
    day, name, kept = DAY, "C-0000-0", Complaints()
    stages = ladder("england", Subject.VISITOR, Complainer.CHILD)
    handler = COORDINATOR
    for stage, after in itertools.pairwise(stages):
        day += 7 * ONE_DAY
        assert await complaint_steps.answer(
            writer, name, handler, "no", Outcome.NOT_UPHELD, ENGLAND.due(day, 20), at(day)
        )
        mine = await complaints.own(writer, name, "child")
        assert mine is not None
        assert mine.stage is stage
        assert mine.may_go_on(stages, ENGLAND.due(day, 20)) is after
        assert mine.may_go_on(stages, ENGLAND.due(day, 20) + ONE_DAY) is None
        contacts = kept.contacts("visitor", after, "child")
        on = route(Subject.VISITOR, contacts, frozenset({"complaints_team"}))
        days = 10 if after is Stage.OMBUDSMAN else kept.limit("england", after)[0]
        clock = start_clock(ENGLAND, day, Subject.VISITOR, days, 2)
        late = ENGLAND.due(day, 20) + ONE_DAY
        assert not await complaint_steps.go_on(writer, name, "child", after, on, clock, late, at(day))
        assert not await complaint_steps.go_on(writer, name, "stranger", after, on, clock, day, at(day))
        assert await complaint_steps.go_on(writer, name, "child", after, on, clock, day, at(day))
        assert await complaints.find(writer, name, COORDINATOR) is None or after is Stage.OMBUDSMAN
        assert await complaint_steps.attach(writer, name, "officer", "complaints_team", NOW) or handler == OFFICER
        handler = OFFICER
        if after is Stage.PANEL:
            met = start_clock(ENGLAND, day + 7 * ONE_DAY, Subject.VISITOR, kept.after_panel, 2)
            assert await complaint_steps.panel_met(writer, name, OFFICER, met, at(day))
            assert not await complaint_steps.panel_met(writer, name, OFFICER, met, at(day))
    mine = await complaints.own(writer, name, "child")
    assert mine is not None
    assert (mine.stage, mine.status, mine.may_go_on(stages, day)) == (Stage.OMBUDSMAN, Status.CLOSED, None)
    assert tuple(LADDER["england"]) == stages


async def test_a_complaint_that_nobody_may_handle_starts_outside(writer: Writer) -> None:
    """It is counted, closed and with the ombudsman; nobody in the bot sees it, and no other start is possible."""
    outside = a_complaint(route=(), stage=Stage.OMBUDSMAN, status=Status.CLOSED, closed_at=NOW)
    await complaints.add(writer, outside)
    assert [await listed(writer, viewer) for viewer in EVERYBODY] == [[[], [], [], []]] * len(EVERYBODY)
    assert await complaints.own(writer, outside.reference, "child") == outside
    wrong = a_complaint("C-1")
    for start in (replace(wrong, status=Status.ANSWERED), replace(wrong, stage=Stage.PANEL), replace(wrong, route=())):
        with pytest.raises(sqlite3.IntegrityError, match="starts as received"):
            await complaints.add(writer, start)


def every_byte(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("ivbot.db*"))


async def test_taken_back_is_counted_without_a_word(database: Database, tmp_path: Path) -> None:
    """A withdrawn complaint stays as a row: no words, no messages, nobody's name, not even in the gaps of the file."""
    async with database.writer.transaction() as writer:
        await complaints.add(writer, a_complaint(route=("coordinator", "complaints_team")))
        await codes.add_handler_invite(writer, new_code(), "complaints_team", NOW, "2027", complaint="C-0000-0")
        await complaint_steps.acknowledge(writer, "C-0000-0", COORDINATOR, NOW)
        await complaint_steps.ask(writer, "C-0000-0", COORDINATOR, "markedquestion", NOW)
        await complaint_steps.pause(writer, "C-0000-0", COORDINATOR, DAY, NOW)
    async with database.writer.transaction() as writer:
        assert not await complaint_steps.withdraw(writer, "C-0000-0", "stranger", NOW)
        assert await complaint_steps.withdraw(writer, "C-0000-0", "child", NOW)
        assert not await complaint_steps.withdraw(writer, "C-0000-0", "child", NOW)
        found = await complaints.find(writer, "C-0000-0", COORDINATOR)
        assert found is not None
        assert (found.status, found.what_happened, found.person) == (Status.WITHDRAWN, "", None)
        for table in ("complaint_messages", "complaint_handlers", "invites"):
            assert await writer.all(f"SELECT * FROM {table}") == []
        assert await complaints.count(writer, "0", "9", None) == 1
    await database.forget_log()
    assert b"arked" not in every_byte(tmp_path)


async def test_erasing_somebody_takes_back_what_is_open_and_empties_the_rest(writer: Writer) -> None:
    """All of one person's complaints lose their words and their person; those of others stay."""
    for number in range(3):
        await complaints.add(writer, a_complaint(f"C-{number}"))
    await complaints.add(writer, a_complaint("C-other", person="stranger"))
    await complaint_steps.answer(writer, "C-1", COORDINATOR, "yes", Outcome.UPHELD, DAY, NOW)
    await complaint_steps.answer(writer, "C-2", COORDINATOR, "yes", Outcome.UPHELD, DAY, NOW)
    await complaint_steps.close(writer, "C-2", COORDINATOR, NOW)

    assert sorted(await complaint_steps.erase(writer, "child", NOW)) == ["C-0", "C-1", "C-2"]
    rows = await writer.all(
        "SELECT reference, status, person, what_happened || name || answer_way AS words FROM complaints"
    )
    assert sorted(tuple(row) for row in rows) == [
        ("C-0", "withdrawn", None, ""),
        ("C-1", "withdrawn", None, ""),
        ("C-2", "closed", None, ""),
        ("C-other", "received", "stranger", "markedwordsMarkednamemarkedway"),
    ]


async def test_a_person_who_is_gone_leaves_a_complaint_without_a_person(writer: Writer) -> None:
    """Deleting somebody deletes no complaint of theirs, and none about them."""
    await complaints.add(writer, a_complaint(about_person="volunteer"))
    await writer.run("DELETE FROM people WHERE id IN ('child', 'volunteer')")
    found = await complaints.find(writer, "C-0000-0", COORDINATOR)
    assert found is not None
    assert (found.person, found.about_person) == (None, None)


async def test_what_is_kept_is_what_was_told(writer: Writer) -> None:
    """A complaint is read back as it was written, dates and all."""
    told = a_complaint(
        about_person="volunteer", anonymous=True, name="", clock=replace(a_complaint().clock, paused_days=3)
    )
    await complaints.add(writer, told)
    assert await complaints.find(writer, told.reference, COORDINATOR) == told
    assert await complaints.of_person(writer, "child") == [told]
    assert await complaints.open_count(writer, "child") == 1
    assert await complaints.taken(writer, told.reference)


async def test_a_code_in_a_mail_opens_one_complaint_for_one_contact(writer: Writer) -> None:
    """The invite of a handler names its complaint and its contact, and a child's code names neither."""
    await complaints.add(writer, a_complaint(route=("complaints_team",)))
    code = new_code()
    await codes.add_handler_invite(writer, code, "complaints_team", NOW, "2027", complaint="C-0000-0")
    found = await codes.invite(writer, code)
    assert found is not None
    assert (found["role"], found["complaint"], found["concern"], found["contact"]) == (
        "handler", "C-0000-0", None, "complaints_team",
    )  # fmt: skip
    for wrong in (
        {"contact": "", "complaint": "C-0000-0"},
        {"contact": "x"},
        {"contact": "x", "complaint": "C-0000-0", "concern": "S-1"},
    ):
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            await codes.add_handler_invite(writer, new_code(), wrong.pop("contact"), NOW, "2027", **wrong)


@pytest.mark.parametrize(
    ("closed", "request_by", "unread", "goes"),
    [(31, 40, 0, 1), (29, 40, 0, 0), (31, -1, 0, 0), (31, 40, 1, 0)],
)
async def test_words_go_some_time_after_the_end(
    closed: int, request_by: int, unread: int, goes: int, writer: Writer
) -> None:
    """30 days after it was closed, not before it is too late for the next stage, never while somebody has to read."""
    now = dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC)
    ended = now - dt.timedelta(days=closed)
    await complaints.add(writer, a_complaint())
    await complaint_steps.reply(writer, "C-0000-0", "child", "more", NOW)
    last = now.date() - request_by * ONE_DAY
    await complaint_steps.answer(writer, "C-0000-0", COORDINATOR, "so", Outcome.UPHELD, last, NOW)
    await complaint_steps.learn(writer, "C-0000-0", COORDINATOR, "we changed it", NOW)
    await complaint_steps.close(writer, "C-0000-0", COORDINATOR, stamp(ended))
    await complaint_steps.read_own(writer, "C-0000-0", "child", NOW)
    if not unread:
        await complaint_steps.read(writer, "C-0000-0", COORDINATOR, NOW)
    old = purge.limits(now, Retention())

    assert (await purge.run(writer, old))["complaints"] == goes
    assert (await purge.run(writer, old))["complaints"] == 0
    found = await complaints.find(writer, "C-0000-0", COORDINATOR)
    assert found is not None
    assert (found.what_happened == "") == (found.person is None) == bool(goes)
    assert (found.outcome, found.learning) == (Outcome.UPHELD, "we changed it")


async def test_nobody_with_a_complaint_is_forgotten_before_it_is(writer: Writer) -> None:
    """Whoever complained, or handles one, stays known as long as its words are there."""
    await complaints.add(writer, a_complaint(route=("complaints_team",)))
    await complaint_steps.attach(writer, "C-0000-0", "officer", "complaints_team", NOW)
    old = purge.limits(dt.datetime(2030, 1, 1, tzinfo=dt.UTC), Retention())
    await purge.run(writer, old)
    await people.remove_if_forgotten(writer, "child")
    await people.remove_if_forgotten(writer, "officer")
    assert {row["id"] for row in await writer.all("SELECT id FROM people WHERE role = 'guest'")} == {"child", "officer"}
    await complaint_steps.withdraw(writer, "C-0000-0", "child", NOW)
    await purge.run(writer, old)
    assert await writer.all("SELECT id FROM people WHERE role = 'guest'") == []


CONTRACT = [
    "reference", "received_at", "channel", "language", "about", "what_happened", "wanted_outcome", "anonymous",
    "advocate_wanted", "route", "stage", "status", "acknowledged_at", "due_on", "answered_at", "working_days_taken",
    "overdue", "outcome",
]  # fmt: skip


async def test_the_export_has_the_promised_columns(writer: Writer) -> None:
    """One row a complaint: no name in it, local times, the lawful last day, and how many working days it took."""
    await complaints.add(writer, a_complaint(day=dt.date(2026, 5, 22)))
    await complaint_steps.acknowledge(writer, "C-0000-0", COORDINATOR, "2026-05-26T09:00:00.000Z")
    answered = dt.date(2026, 6, 8)
    await complaint_steps.answer(writer, "C-0000-0", COORDINATOR, "", Outcome.UPHELD, answered, at(answered))
    out = io.BytesIO()
    seen = kinds.Seen(dt.datetime(2026, 7, 1, tzinfo=dt.UTC), LONDON, None)
    await export.write(writer, "complaints", "json", out, seen)

    (row,) = orjson.loads(out.getvalue())
    assert list(row) == CONTRACT
    assert {**row, "what_happened": "", "wanted_outcome": ""} == {
        "reference": "C-0000-0", "received_at": "2026-05-22T10:00:00+01:00", "channel": "web", "language": "en",
        "about": "visitor", "what_happened": "", "wanted_outcome": "", "anonymous": "no", "advocate_wanted": "yes",
        "route": "coordinator, manager", "stage": "local", "status": "answered",
        "acknowledged_at": "2026-05-26T10:00:00+01:00", "due_on": "2026-06-08",
        "answered_at": "2026-06-08T10:00:00+01:00", "working_days_taken": 10, "overdue": "no", "outcome": "upheld",
    }  # fmt: skip
    assert "Markedname" not in out.getvalue().decode()


@pytest.mark.parametrize(("viewer", "sees"), [(COORDINATOR, 1), (MANAGER, 2), (VOLUNTEER, None), (CHILD, None)])
async def test_a_file_has_what_its_reader_may_see(viewer: Viewer, sees: int | None, tmp_path: Path) -> None:
    """An export sent to somebody is made for them, as what they are when it is made; for others there is none."""
    world = World(tmp_path)
    async with world.database() as database:
        async with database.writer.transaction() as writer:
            await everybody(writer)
            await complaints.add(writer, a_complaint("C-0"))
            await complaints.add(writer, a_complaint("C-1", about=Subject.COORDINATOR, route=("manager",)))
            await complaints.add(writer, a_complaint("C-2", about=Subject.SERVICE, route=("complaints_team",)))
        documents = Documents(database, world.context, lambda: world.now)
        parcel = Parcel(1, viewer.person, "web", "a", Outgoing("", document=Document("complaints", "json")))
        if sees is None:
            with pytest.raises(NotTheirs):
                await documents.render(parcel)
        else:
            assert len(orjson.loads((await documents.render(parcel)).read_bytes())) == sees
