"""Imports: coordinators' spreadsheets become records, all of a file or nothing of it."""

import csv
import datetime as dt
import io
import re
import sqlite3
import textwrap
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import xlsxwriter
from hypothesis import strategies as st

from bot.domain.interest import REASONS, Status
from bot.domain.matching import LIVES_HERE
from bot.domain.references import code_in, read_code
from bot.domain.reports import CHOSEN_BY, WHY_NOT
from bot.reports import imports
from bot.reports.columns import key
from bot.reports.imports import interest, matches, visits, volunteers
from bot.reports.imports.kind import Given
from bot.reports.tables import Raw, Rows
from bot.settings import Settings
from bot.store import codes, purge
from bot.store.database import Database
from handlers import interest_form
from tests import records
from tests.conversation import World
from tests.shell import CHECKOUT, IMPATIENT, Ended, files, ivbot, lock_held, mode, started, until_ready

NOW = dt.datetime(2026, 6, 20, 12, 0, tzinfo=dt.UTC)
GIVEN = Given(Settings(), NOW)

VOLUNTEERS = """\
Our visitors,,,,,,,,,,
,,,,,,,,,,
IV,Hobbies,M/F,Max children,Application,references,DBS date,dbs EXPIRES,Training,independence,Signed off by
Alex Example,"Football, cooking, chess",F,2,1/2/2025,1.3.25,14 March 2025,1/1/2099,2025-04-01,2nd April 2025,Kim Second
"Sample, Pat",music,male,,1/2/2025,,,,,,
"""
CHILDREN = "Name,Age,Area,Referred by,Referral date\nRobin,9,yes,Social worker,1/5/2025\nZoë,12,OOA,IRO,14-May-25\n"
MATCHES = "YP,IV,Start date,End date,Reason\nRobin,Alex,1/6/2025,,\nzoe,Pat Sample,1/6/2025,1/9/2025,child's wish\n"
VISITS = """\
Child;Date;Time;Hrs;Took place;Activity;Mood;Expenses;Paid;Miles
Robin;14/06/2025;2pm;2:30;y;bowling;good;£4.20;y;12,5
Robin;20/06/2025;;1h30;;;;;;

Robin;21/06/2025;;;no;;;;;
Robin;22/06/2025;;;cancelled;;;;;
"""


TABLES = (
    "volunteers", "stages_passed", "interests", "invites", "matches", "visits", "visit_reports", "expenses", "audit",
    "stages",
)  # fmt: skip
THERE = "is there already. Codes are kept nowhere else: name another file."
BAD_CHILDREN = """\
Child,Age,Referral date,Colour
Robin,9,31/02/2025,red
,,,
Sam,many,06/14/2025,
Zoë,12,1/5/2025,
zoe,12,,
Kim,99,,
"""


def imported(folder: Path, kind: str, text: str, *options: str, encoding: str = "utf-8", before: str = "") -> Ended:
    (folder / f"{kind}.csv").write_bytes(text.encode(encoding))
    return ivbot(folder, "import", kind, f"{kind}.csv", *options, before=before)


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "ivbot.db")) as db:
        return db.execute(sql).fetchall()


def counts(folder: Path) -> dict[str, int]:
    return {table: rows(folder, f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A place with an empty database."""
    await records.fill(tmp_path / "ivbot.db", 0)
    return tmp_path


def test_a_service_moves_in(folder: Path) -> None:
    """Volunteers, children, matches and visits from four files become records; no child is moved or told."""
    for kind, text, said in (
        ("volunteers", VOLUNTEERS, "2 volunteers: 1 ready to visit, 1 not yet.\nImported.\n"),
        ("interest", CHILDREN, "2 requests, each waiting for the child's own yes.\n"),
        ("matches", MATCHES, "2 matches: 1 go on, 1 ended.\nImported.\n"),
        ("visits", VISITS, "4 visits: 2 happened (4.00 hours), 1 missed, 1 cancelled.\nImported.\n"),
    ):
        ended = imported(folder, kind, text)
        assert (ended.code, ended.err, said in ended.said) == (0, "", True), ended.said

    assert rows(folder, "SELECT name, called, likes, gender, capacity FROM volunteers ORDER BY name") == [
        ("Alex Example", "Alex", '["football","food","chess"]', "woman", 2),
        ("Pat Sample", "Pat", '["music"]', "man", 1),
    ]
    assert rows(folder, "SELECT stage, passed_on, expires_on, signed_name FROM stages_passed ORDER BY id LIMIT 5") == [
        ("application", "2025-02-01", None, ""),
        ("references", "2025-03-01", None, ""),
        ("dbs", "2025-03-14", "2099-01-01", ""),
        ("training", "2025-04-01", None, ""),
        ("independence", "2025-04-02", None, "Kim Second"),
    ]
    assert rows(
        folder, "SELECT name, age, area, asked_by, received_at, status, person FROM interests ORDER BY name"
    ) == [
        ("Robin", 9, "in", "social_worker", "2025-04-30T23:00:00.000Z", "awaiting_child", None),
        ("Zoë", 12, "out", "reviewing_officer", "2025-05-13T23:00:00.000Z", "awaiting_child", None),
    ]
    assert rows(folder, "SELECT visitor, started_at, ended_at, ended_reason FROM matches ORDER BY visitor") == [
        ("Alex", "2025-05-31T23:00:00.000Z", None, ""),
        ("Pat", "2025-05-31T23:00:00.000Z", "2025-08-31T23:00:00.000Z", "childs_wish"),
    ]
    assert rows(folder, "SELECT planned_for, outcome, minutes FROM visit_log ORDER BY planned_for") == [
        ("2025-06-14T13:00:00.000Z", "happened", 150),
        ("2025-06-20T11:00:00.000Z", "happened", 90),
        ("2025-06-21T11:00:00.000Z", "missed", 0),
        ("2025-06-22T11:00:00.000Z", "cancelled", 0),
    ]
    assert rows(folder, "SELECT activity, child_mood FROM visit_reports WHERE activity != ''") == [("bowling", 4)]
    spent = "SELECT spent_on, pence, miles_tenths, mileage_pence, paid_at IS NOT NULL FROM expenses"
    assert rows(folder, spent) == [("2025-06-14", 420, 125, 45, 1)]
    assert rows(folder, "SELECT count(*) FROM consents UNION ALL SELECT count(*) FROM outbox") == [(0,), (0,)]
    audit = rows(folder, "SELECT person, role, action, subject FROM audit ORDER BY seq")
    assert audit == [("", "operator", "import", kind) for kind in ("volunteers", "interest", "matches", "visits")]


def test_a_dry_run_says_all_and_changes_nothing(folder: Path) -> None:
    """The same lines as the real one, the last one apart; not even a line of audit stays."""
    before = counts(folder)
    tried = imported(folder, "volunteers", VOLUNTEERS, "--dry-run")
    assert (tried.code, counts(folder)) == (0, before)

    done = imported(folder, "volunteers", VOLUNTEERS)
    assert done.said.splitlines()[:-1] == tried.said.splitlines()[:-1] == ["2 volunteers: 1 ready to visit, 1 not yet."]
    assert tried.said.splitlines()[-1] == "Only tried: nothing was imported. Leave --dry-run away to do it."


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_every_bad_row_is_named_and_nothing_is_written(options: tuple[str, ...], folder: Path) -> None:
    """By the number people see, with the title of the column and the reason; the good rows are not taken either."""
    before = counts(folder)
    ended = imported(folder, "interest", BAD_CHILDREN, *options, encoding="cp1252")

    assert (ended.code, ended.err) == (1, "")
    assert ended.said.splitlines() == [
        "Blank rows left out: 1.",
        "Columns that are not read: Colour.",
        "Read as Windows-1252: check letters like é and signs like £.",
        "row 2, column Referral date: 31/02/2025 is no date: there is no such day",
        "row 4, column Age: many is no number",
        "row 4, column Referral date: 06/14/2025 is no date in UK order: the day comes before the month",
        "row 6, column Child: zoe, 12, is in row 5 already: add a letter if this is another child",
        "row 7, column Age: 99 is not within 5 to 18",
        "4 rows cannot be taken. Nothing was imported: mend the file and try again.",
    ]
    assert counts(folder) == before


def test_the_same_file_twice_is_refused_whole(folder: Path) -> None:
    """Whoever presses again by mistake is told of each row what it is already."""
    assert imported(folder, "volunteers", VOLUNTEERS).code == 0
    before = counts(folder)
    again = imported(folder, "volunteers", VOLUNTEERS)
    assert (again.code, counts(folder), again.said.count("is there already as VO-")) == (1, before, 2)


def test_a_workbook_is_read_as_well(folder: Path) -> None:
    """Dates, durations and money in their own cells; of several sheets the one that is named."""
    for kind, text in (("volunteers", VOLUNTEERS), ("interest", CHILDREN), ("matches", MATCHES)):
        assert imported(folder, kind, text).code == 0
    with xlsxwriter.Workbook(folder / "visits.xlsx") as book:
        book.add_worksheet("Notes").write(0, 0, "for me")
        sheet = book.add_worksheet("2025")
        sheet.write_row(0, 0, ["Child", "Date", "Hours", "Cost", "Paid"])
        sheet.write_string(2, 0, "Robin")
        sheet.write_datetime(2, 1, dt.datetime(2025, 6, 14), book.add_format({"num_format": "dd/mm/yy"}))  # noqa: DTZ001
        sheet.write_number(2, 2, 2.5 / 24, book.add_format({"num_format": "[h]:mm"}))
        sheet.write_row(2, 3, [4.2, "no"])

    assert ivbot(folder, "import", "visits", "visits.xlsx").code == 2
    ended = ivbot(folder, "import", "visits", "visits.xlsx", "--sheet", "2025")
    assert (ended.code, ended.said) == (
        0,
        "Blank rows left out: 1.\n1 visit: 1 happened (2.50 hours), 0 missed, 0 cancelled.\nImported.\n",
    )
    assert rows(folder, "SELECT spent_on, pence, paid_at FROM expenses") == [("2025-06-14", 420, None)]


def test_codes_for_children_go_to_a_file(folder: Path) -> None:
    """For its owner alone, never over another one, as nobody can tell the codes again; and only when all was taken."""
    bad = imported(folder, "interest", CHILDREN.replace("9", "99"), "--codes", "codes.csv")
    assert (bad.code, files(folder)) == (1, ["interest.csv", "ivbot.db"])

    good = imported(folder, "interest", CHILDREN, "--codes", "codes.csv")
    assert (good.code, mode(folder / "codes.csv")) == (0, 0o600)
    told = list(csv.DictReader(io.StringIO((folder / "codes.csv").read_text(encoding="utf-8-sig"))))
    assert [(row["name"], read_code(row["code"])) for row in told] == [(row["name"], row["code"]) for row in told]
    assert {row["reference"] for row in told} == {
        reference for (reference,) in rows(folder, "SELECT reference FROM interests")
    }
    assert not any(row["code"] in good.said for row in told)

    again = imported(folder, "interest", "Name,Age\nKim,11\n", "--codes", "codes.csv")
    assert (again.code, again.line) == (2, f"codes.csv: {THERE}")


def test_nothing_is_committed_when_the_codes_cannot_be_kept(folder: Path) -> None:
    """A full disk under the file of codes undoes the requests: without codes no child could ever answer."""
    before = counts(folder)
    full = "import os\ndef full(_file):\n    raise OSError(28, 'No space left on device')\nos.fsync = full"
    ended = imported(folder, "interest", CHILDREN, "--codes", "codes.csv", before=full)

    assert (ended.code, "No space left" in ended.line, counts(folder)) == (1, True, before)
    assert "codes.csv" not in files(folder)


def test_while_another_program_writes_nothing_is_half_done(folder: Path) -> None:
    """The import waits its turn; when it takes too long, it says so and nothing was imported."""
    before = counts(folder)
    with lock_held(folder / "ivbot.db"):
        ended = imported(folder, "volunteers", VOLUNTEERS, before=IMPATIENT)

    assert (ended.code, "is locked by another program" in ended.line, counts(folder)) == (1, True, before)


def test_an_import_while_the_bot_runs(folder: Path) -> None:
    """Both write to one file, each in their turn."""
    with started(folder, "run", env={"IVBOT_WEB__PORT": "0"}) as bot:
        until_ready(bot)
        assert imported(folder, "volunteers", VOLUNTEERS).code == 0
    assert counts(folder)["volunteers"] == 2


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("people", "x.csv"), "import: there is no kind 'people'. Kinds: volunteers, matches, visits, interest"),
        (("visits", "x.csv", "--codes", "c.csv"), "import: only interest has codes for children. Leave --codes away."),
        (("interest", "x.csv", "--codes", "c", "--dry-run"), "import: a dry run makes no codes. Leave --codes away."),
        (("visits", "none.csv"), "none.csv: there is no such file."),
        (("visits", "x.csv"), "x.csv: no column is called Date. The titles in row 1 are: Name, Colour."),
        (("volunteers", "empty.csv"), "empty.csv: has titles, but no rows below them."),
    ],
)
def test_wrong_use(arguments: tuple[str, ...], line: str, folder: Path) -> None:
    """One line that says what would work, and exit code 2."""
    (folder / "x.csv").write_text("Name,Colour\nSam,red\n", encoding="utf-8")
    (folder / "empty.csv").write_text("Name\n\n", encoding="utf-8")
    ended = ivbot(folder, "import", *arguments)

    assert (ended.code, ended.line) == (2, line)


def test_without_a_database_there_is_nothing_to_import_into(tmp_path: Path) -> None:
    """A wrong --config or folder does not make a new database by itself."""
    ended = imported(tmp_path, "volunteers", VOLUNTEERS)
    assert (ended.code, "there is no database yet" in ended.line, files(tmp_path)) == (1, True, ["volunteers.csv"])


def test_what_is_said_of_records_is_what_the_records_hold() -> None:
    """The words a cell may have are those of the domain, and of the children's own form."""
    assert set(matches.ENDED_REASONS) == {str(reason) for reason in REASONS[Status.ENDED]}
    assert set(visits.REASONS) == set(WHY_NOT)
    assert set(visits.CHOSEN) == set(CHOSEN_BY)
    assert set(interest.ASKED_BY) == {option.value for option in interest_form.ADULTS}
    assert set(interest.AREAS) == {option.value for option in interest_form.AREAS}
    assert set(volunteers.LIKES) == {option.value for option in interest_form.LIKE}


@pytest.mark.parametrize("kind", imports.IMPORTS)
def test_titles_lead_to_one_field(kind: str) -> None:
    """No title may mean two columns."""
    columns = imports.IMPORTS[kind].columns(Settings())
    titles = [(key(title), name) for name, column in columns.items() for title in {key(t) for t in column.titles}]

    assert len(titles) == len(dict(titles))
    assert {name for group in imports.IMPORTS[kind].needed for name in group} <= columns.keys()


GUIDE = (CHECKOUT / "docs" / "operating.md").read_text(encoding="utf-8")
CHAPTERS = {name.lower(): text for name, text in re.findall(r"(?ms)^### (\w+)$(.*?)(?=^##|\Z)", GUIDE)}


@pytest.mark.parametrize("kind", imports.IMPORTS)
def test_the_guide_names_every_column(kind: str) -> None:
    """An operator can look up each column but those of the stages, which are named for the settings."""
    columns = imports.IMPORTS[kind].columns(Settings())
    table = " ".join(re.findall(r"(?m)^\| (.+?) \|", CHAPTERS[kind]))

    assert [c.titles[0] for name, c in columns.items() if " " not in name and c.titles[0] not in table] == []


async def test_the_examples_of_the_guide_are_good_files(tmp_path: Path) -> None:
    """Each can be imported as it is printed, but for a volunteer who has yet to pass a stage."""
    async with World(tmp_path).database() as database:
        found = {
            kind: await taken(database, tmp_path, kind, *csv.DictReader(textwrap.dedent(example).splitlines()))
            for kind, text in CHAPTERS.items()
            for example in re.findall(r"(?:^    .+\n)+", text, re.MULTILINE)
        }
    not_ready = "row 2, column Volunteer: Alex Example is not ready to visit: 2 of 5 stages are passed"
    assert found == {
        "volunteers": [], "interest": [], "matches": [not_ready], "visits": ["row 2: there is no match of Robin"],
    }  # fmt: skip


async def taken(database: Database, folder: Path, kind: str, *lines: Mapping[str, str]) -> list[str]:
    """What is wrong with rows that have these cells; those of a good file are written."""
    titles = list(dict.fromkeys(title for line in lines for title in line))
    path = folder / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, titles)
        writer.writeheader()
        writer.writerows(lines)
    sheet = imports.read(kind, path, "", GIVEN)
    async with database.writer.transaction() as transaction:
        taker, problems = await imports.take(kind, sheet, transaction, GIVEN)
        if not problems:
            await taker.write(transaction)
    return [str(problem) for problem in problems]


STAGES = {
    "Application and interview": "1/2/2026", "Two references": "1/2/2026", "DBS date": "1/2/2026",
    "Training": "1/2/2026", "Independence declaration": "2/2/2026",
}  # fmt: skip
READY = {"Name": "Alex Example", **STAGES, "Signed by": "Kim Second"}


async def test_an_imported_child_says_yes_themselves(tmp_path: Path) -> None:
    """With the code they find what the bot says that it knows, and nothing moves before their own yes."""
    world = World(tmp_path)
    world.now = NOW
    line: Rows = [(2, ["Robin", 9, "yes", "Social worker"])]
    sheet = imports.sheet_of("interest", Raw([(1, ["Name", "Age", "Area", "Asked by"]), *line]), GIVEN)
    async with world.database() as database, database.writer.transaction() as writer:
        taker, _problems = await imports.take("interest", sheet, writer, GIVEN)
        await taker.write(writer)
    assert isinstance(taker, interest.Interests)
    ((reference, _name, code),) = taker.codes

    async with world.database() as database, database.writer.transaction() as writer:
        staff_code = await codes.issue(writer, "coordinator", "", world.now)
    staff = world.someone("staff")
    await staff.say(f"/start {staff_code}")
    assert "There is nothing to see." in await staff.say(f"/show {reference}")
    lost, code = code, code_in(await staff.press("A new code for the child"))

    child = world.someone("w1", "web")
    await child.say("/start")
    assert "I don't know that code." in await child.say(lost)
    assert "Your social worker thought you might like an independent visitor" in await child.say(code)
    await child.press("Skip")
    await child.say("someone funny")
    await child.say("at school")
    for label in ("Skip", "That's right", "Yes, send them"):
        assert rows(tmp_path, "SELECT status FROM interests") == [("awaiting_child",)]
        await child.press(label)
    await child.press("Yes, they may tell")
    told = rows(tmp_path, "SELECT reference, status, name, age, area, asked_by FROM interests")
    assert told == [(reference, "asked", "Robin", 9, LIVES_HERE, "social_worker")]


async def test_a_child_with_an_imported_visitor_keeps_them(tmp_path: Path) -> None:
    """Their code may run out, or they come and say yes: the match goes on, and their road is where they are."""
    world = World(tmp_path)
    world.now = NOW
    line: Rows = [(2, ["Robin", 9, "yes"])]
    sheet = imports.sheet_of("interest", Raw([(1, ["Name", "Age", "Area"]), *line]), GIVEN)
    async with world.database() as database:
        async with database.writer.transaction() as writer:
            taker, _problems = await imports.take("interest", sheet, writer, GIVEN)
            await taker.write(writer)
        assert await taken(database, tmp_path, "volunteers", READY) == []
        match = {"Child": "Robin", "Volunteer": "Alex", "Started": "1/3/2026"}
        assert await taken(database, tmp_path, "matches", match) == []
        old = purge.limits(NOW + dt.timedelta(days=400), Settings().retention)
        assert (await purge.count(database.writer, old))["interests"] == 0
    assert isinstance(taker, interest.Interests)

    child = world.someone("w1", "web")
    await child.say("/start")
    await child.say(taker.codes[0][2])
    await child.press("Skip")
    await child.say("someone funny")
    await child.say("at school")
    for label in ("Skip", "That's right", "Yes, send them", "Yes, they may tell"):
        await child.press(label)
    assert rows(tmp_path, "SELECT status FROM interests") == [("visiting",)]
    assert rows(tmp_path, "SELECT ended_at FROM matches") == [(None,)]
    assert rows(tmp_path, "SELECT to_status FROM interest_events ORDER BY id") == [
        ("asked",), ("referred",), ("waiting",), ("matched",), ("visiting",),
    ]  # fmt: skip


BAD_VOLUNTEERS: tuple[tuple[dict[str, str], str], ...] = (
        ({"Name": ""}, ": has no name"),
        ({"Name": "12"}, ", column Name: 12 is no name"),
        ({"DBS date": "21/6/2026"}, ", column DBS date: 21/06/2026 is still to come"),
        ({"DBS expires": "1/2/2026"}, ", column DBS expires: 01/02/2026 is not after 01/02/2026"),
        ({"DBS date": "", "DBS expires": "1/2/2029", "Signed by": ""},
         ", column DBS expires: runs out, but there is no date on which it was passed"),
        ({"Training": ""}, ", column Signed by: is signed, but not passed: Training"),
        ({"Signed by": "alex example"}, ", column Signed by: nobody signs for themselves"),
        ({"Signed on": "1/2/2026"},
         ", column Signed on: 01/02/2026 is before the last stage was passed, or still to come"),
        ({"Signed by": "", "Signed on": "3/2/2026"}, ", column Signed on: is signed by nobody"),
        ({"Capacity": "10"}, ", column Capacity: 10 children at a time are more than 9"),
        ({"Gender": "yes"}, ", column Gender: yes is none of: woman, man, other"),
        ({"About": "x" * 1001}, ", column About: xxxxxxxxxxxxxxxxxxxx… is longer than 1000 letters"),
    )  # fmt: skip


async def test_volunteers_that_cannot_be_taken(tmp_path: Path) -> None:
    """A stage without its day, a signature without its stages, a day to come: each is said."""
    async with World(tmp_path).database() as database:
        found = [await taken(database, tmp_path, "volunteers", {**READY, **cells}) for cells, _why in BAD_VOLUNTEERS]
    assert found == [[f"row 2{why}"] for _cells, why in BAD_VOLUNTEERS]


@pytest.mark.parametrize(
    ("cells", "ready"),
    [
        ({}, True),
        ({"Signed on": "3/2/2026"}, True),
        ({"Signed by": ""}, False),
        ({"Training": "", "Signed by": ""}, False),
        ({"DBS date": "1/2/2020"}, False),
        ({"DBS date": "1/2/2020", "DBS expires": "1/2/2027"}, True),
        ({"DBS expires": "20/6/2026"}, False),
        ({"DBS expires": "21/6/2026"}, True),
    ],
)
async def test_nobody_is_ready_because_a_cell_says_so(cells: dict[str, str], ready: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """Ready is whoever has passed every stage, in date, signed by another; a running match needs that."""
    async with World(tmp_path).database() as database:
        assert await taken(database, tmp_path, "volunteers", {**READY, **cells}) == []
        assert await taken(database, tmp_path, "interest", {"Name": "Robin", "Age": "9"}) == []
        match = {"Child": "Robin", "Volunteer": "Alex", "Started": "1/3/2026"}
        found = await taken(database, tmp_path, "matches", match)
        assert bool(found) is not ready
        signed = rows(tmp_path, "SELECT signed_at FROM stages_passed WHERE signed_at IS NOT NULL")
        on_paper = "2026-02-03T00:00:00.000Z" if "Signed on" in cells else GIVEN.stamp
        assert signed == ([] if cells.get("Signed by") == "" else [(on_paper,)])
        assert all(line.startswith("row 2, column Volunteer: Alex Example is not ready to visit: ") for line in found)
        assert await taken(database, tmp_path, "matches", {**match, "Started": "2/3/2026", "Ended": "3/3/2026"}) == []


def not_as_said(found: list[list[str]], expected: tuple[tuple[dict[str, str], str], ...]) -> list[list[str]]:
    """What was said of rows where it is not the one thing expected."""
    said = zip(found, expected, strict=True)
    return [lines for lines, (_cells, why) in said if len(lines) != 1 or not re.fullmatch(f"row 2{why}", lines[0])]


async def service(database: Database, folder: Path) -> None:
    """Two volunteers of one first name, four children of whom two have one name, and a running match."""
    await taken(database, folder, "volunteers", READY, {**READY, "Name": "Alex Other"}, {"Name": "Pat Sample"})
    names = (("Robin", "9"), ("Robin", "10"), ("Kim", "11"), ("Jo", "11"))
    children = [{"Name": name, "Age": age} for name, age in names]
    assert await taken(database, folder, "interest", *children) == []
    async with database.writer.transaction() as writer:
        await records.add(writer, 1, NOW)
    match = {"Child": "Kim", "Volunteer": "Alex Example", "Started": "1/3/2026"}
    assert await taken(database, folder, "matches", match) == []


BAD_MATCHES: tuple[tuple[dict[str, str], str], ...] = (
    ({"Child": "Sam"}, r", column Child: there is no request of Sam"),
    ({"Child": "Robin"}, r", column Child: Robin may be IV-\S+ or IV-\S+: write the reference"),
    ({"Child": "IV-0000-1"}, r", column Child: IV-0000-1 is no reference: check each letter"),
    ({"Child": "IV-0000-0"}, r", column Child: there is no request of IV-0000-0"),
    ({"Volunteer": "Alex"}, r", column Volunteer: Alex may be VO-\S+ or VO-\S+: write the reference"),
    ({"Volunteer": "Nobody"}, r", column Volunteer: there is no volunteer Nobody"),
    (
        {"Child": "Jo", "Volunteer": "Pat"},
        r", column Volunteer: Pat Sample is not ready to visit: 0 of 5 stages are passed",
    ),
    ({"Child": "Sam 1"}, r", column Child: IV-000001 is asked in the bot: match them there"),
    ({}, r", column Child: this child has a visitor already: M-\S+"),
    ({"Started": "1/3/2026"}, r": the match is there already as M-\S+"),
    ({"Started": ""}, r", column Started: is blank"),
    ({"Started": "21/6/2026"}, r", column Started: 21/06/2026 is still to come"),
    ({"Ended": "1/3/2026"}, r", column Ended: 01/03/2026 is before it started"),
    ({"Ended": "21/6/2026"}, r", column Ended: 21/06/2026 is still to come"),
    ({"Reason": "other"}, r", column Reason: has a reason for the end, but no day on which it ended"),
    ({"Ended": "3/3/2026", "Reason": "bored"}, r", column Reason: bored is none of: said_goodbye, .*"),
)


async def test_matches_that_cannot_be_taken(tmp_path: Path) -> None:
    """Whom a cell means is never guessed, and the gate holds: nobody is matched past the bot, or past their checks."""
    async with World(tmp_path).database() as database:
        await service(database, tmp_path)
        line = {"Child": "Kim", "Volunteer": "Alex Example", "Started": "2/3/2026"}
        found = [await taken(database, tmp_path, "matches", {**line, **cells}) for cells, _why in BAD_MATCHES]
    assert not_as_said(found, BAD_MATCHES) == []


async def test_one_child_has_one_visitor_in_a_file_too(tmp_path: Path) -> None:
    """Two running matches of one child in one file: the second is a mistake."""
    async with World(tmp_path).database() as database:
        await taken(database, tmp_path, "volunteers", READY, {**READY, "Name": "Bo Other"})
        await taken(database, tmp_path, "interest", {"Name": "Robin", "Age": "9"})
        lines = [{"Child": "Robin", "IV": name, "From": "2/3/2026"} for name in ("Alex", "Bo")]
        found = await taken(database, tmp_path, "matches", *lines)
    assert found == ["row 3, column Child: this child has a visitor already: see row 2"]


BAD_VISITS: tuple[tuple[dict[str, str], str], ...] = (
    ({"Child": "Robin"}, ": there is no match of Robin"),
    ({"Child": ""}, ": says neither which match, nor which child or volunteer"),
    ({"Volunteer": "Pat"}, ": there is no match of Kim and Pat"),
    ({"Match": "M-0000-1"}, ", column Match: M-0000-1 is no reference: check each letter"),
    ({"Date": "28/2/2026"}, r", column Date: 28/02/2026 is not within the match M-\S+"),
    ({"Date": "21/6/2026"}, ", column Date: 21/06/2026 is still to come: plan the visit in the bot"),
    ({"Date": "20/6/2026 14:30"}, ", column Date: 20/06/2026 is still to come: plan the visit in the bot"),
    ({"Hours": ""}, ": says neither that it happened, nor for how long"),
    ({"Hours": "", "Happened": "yes"}, ": happened, but has no hours"),
    ({"Happened": "no"}, ": did not happen, but took 120 minutes"),
    ({"Happened": "perhaps"}, ", column Happened: perhaps is none of: happened, missed, cancelled"),
    ({"Why not": "weather"}, ", column Why not: happened, but has a reason why not"),
    ({"Minutes": "90"}, ", column Minutes: 90 minutes are not the hours beside them"),
    ({"Hours": "120"}, ", column Hours: 120 is longer than 12 hours"),
    ({"Expenses": "£5"}, ": says what was spent, but not whether it was paid: write yes or no in a column Paid"),
    ({"Expenses": "£501", "Paid": "y"}, ", column Expenses: £501.00 is more than £500"),
    ({"Miles": "501", "Paid": "y"}, ", column Miles: 501 miles are more than 500"),
    ({"Mood": "green"}, ", column Mood: green is none of: 5, 4, 3, 2, 1"),
)


async def test_visits_that_cannot_be_taken(tmp_path: Path) -> None:
    """A visit is of one match, within its days, over, and it adds up."""
    async with World(tmp_path).database() as database:
        await service(database, tmp_path)
        line = {"Child": "Kim", "Date": "14/6/2026", "Hours": "2"}
        found = [await taken(database, tmp_path, "visits", {**line, **cells}) for cells, _why in BAD_VISITS]
    assert not_as_said(found, BAD_VISITS) == []


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [("", "", True), ("10:00", "", True), ("10:00", "11:59", True), ("10:00", "12:00", False), ("10:00", "9:00", True)],
)
async def test_the_same_visit_twice_is_a_mistake(first: str, second: str, same: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """On one day, as far as times are known: in one file, and against what is there."""
    visit = {"Child": "Kim", "Date": "14/6/2026", "Hours": "2"}
    async with World(tmp_path).database() as database:
        await service(database, tmp_path)
        found = await taken(database, tmp_path, "visits", {**visit, "Time": first}, {**visit, "Time": second})
        assert found == (["row 3: the visit is in row 2 already"] if same else [])
        first_only = [] if not same else await taken(database, tmp_path, "visits", {**visit, "Time": first or "12:00"})
        assert first_only == []
        (again,) = await taken(database, tmp_path, "visits", {**visit, "Time": second})
    assert re.fullmatch(r"row 2: the visit is there already as V-\S+", again)


NAMES = ("Ash", "Bo", "Cai")
GOOD = st.fixed_dictionaries({"Name": st.sampled_from(NAMES), "Age": st.integers(8, 10)})
BAD = st.fixed_dictionaries({"Name": st.sampled_from(["", "Fi", "Zo�"]), "Age": st.sampled_from(["x", 4, 19, "#N/A"])})


@hypothesis.given(st.lists(GOOD | BAD, min_size=1, max_size=8))
def test_every_row_is_taken_or_named(lines: list[dict[str, str | int]]) -> None:
    """Whatever is in a file: a row is bad for what is in it, or because the same was there before it."""
    bad, seen = set(), set()
    for number, line in enumerate(lines, 3):
        which = (line["Name"], line["Age"])
        if line["Name"] not in NAMES or which in seen:
            bad.add(number)
        seen.add(which)
    taker = interest.Interests(GIVEN, [])
    listed: Rows = [(number, [line["Name"], line["Age"]]) for number, line in enumerate(lines, 3)]
    problems = imports.judge(taker, imports.sheet_of("interest", Raw([(1, ["Name", "Age"]), *listed]), GIVEN))

    assert {problem.row for problem in problems} == bad
    assert taker.summary()[0].split()[0] == str(len(lines) - len(bad))
