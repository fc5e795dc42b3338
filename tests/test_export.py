"""Exports, opened again with what their readers use: csv, openpyxl, json."""

import csv
import datetime as dt
import io
import os
import pty
import re
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast
from zoneinfo import ZoneInfo

import hypothesis
import openpyxl
import orjson
import pytest
from hypothesis import strategies as st

from bot.engine.channel import NotTheirs
from bot.engine.message import Document, Outgoing, Parcel
from bot.errors import WrongUse
from bot.reports import export, kinds
from bot.reports.documents import Documents
from bot.reports.sheets import FORMULA, SHEETS, defused
from bot.store import people
from bot.store.clock import stamp
from bot.store.people import Person
from bot.store.whole import looking
from tests import records
from tests.conversation import World
from tests.shell import files, ivbot, mode, started

LONDON = ZoneInfo("Europe/London")
SEEN = kinds.Seen(dt.datetime(2026, 6, 20, 12, 0, tzinfo=dt.UTC), LONDON, None)
BOM = "\ufeff".encode()
CONTRACT = [
    "reference", "received_at", "channel", "language", "asked_by", "name", "age", "area", "likes", "visitor_wishes",
    "contact_way", "status", "status_since", "agreed_to_send_at", "agreed_to_share_at", "withdrawn_at", "closed_reason",
    "days_waiting", "volunteer",
]  # fmt: skip
"""The columns that CONTRACT.md promises; more may follow."""

NASTY = (
    "\x00\x01\x08\x0b\x0c\x0e\x1f\x7f\x85\u2028\u2029\ufeff\ufffe\uffff\U0001ffff\ue000 _x0041_ <&>\"' ]]> \r\n\t🧒🏽"
)


async def exported(path: Path, form: str, since: str = export.EARLIEST, until: str = export.LATEST) -> bytes:
    out = io.BytesIO()
    async with looking(path, "") as reader:
        await export.write(reader, "interest", form, out, SEEN, since, until)
    return out.getvalue()


def as_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def as_xlsx(data: bytes) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(cast("tuple[str, ...]", header), row, strict=True)) for row in rows]


def as_json(data: bytes) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", orjson.loads(data))


READ = {"csv": as_csv, "xlsx": as_xlsx, "json": as_json}


@pytest.mark.parametrize("form", sorted(READ))
async def test_what_a_child_sent_comes_out_in_each_form(form: str, tmp_path: Path) -> None:
    """From the first button in the chat to the file: one row, the promised columns, ISO times of the service's zone."""
    world = await records.world_of(tmp_path)

    data = await exported(world.settings.database.path, form)
    row = READ[form](data)[0]
    assert list(row)[: len(CONTRACT)] == CONTRACT
    assert re.fullmatch(r"IV-\w{4}-\w", row["reference"])
    assert {key: row[key] for key in ("channel", "asked_by", "name", "area", "contact_way", "status")} == {
        "channel": "web", "asked_by": "child", "name": "Sam", "area": "in", "contact_way": "school", "status": "asked",
    }  # fmt: skip
    assert (str(row["age"]), str(row["days_waiting"])) == ("11", "8")
    assert row["received_at"] == row["agreed_to_send_at"] == row["agreed_to_share_at"] == "2026-06-12T10:00:00+01:00"


@pytest.mark.parametrize("form", sorted(READ))
async def test_nothing_to_export_is_a_whole_file_too(form: str, tmp_path: Path) -> None:
    """Without records there is a header, or an empty list."""
    await records.fill(tmp_path / "ivbot.db", 0)

    data = await exported(tmp_path / "ivbot.db", form)
    assert READ[form](data) == []
    assert data.startswith(BOM + b"reference,") or form != "csv"


async def test_csv_begins_with_one_byte_order_mark(tmp_path: Path) -> None:
    """Excel reads UTF-8 only behind the mark, and shows a second one as dirt."""
    await records.fill(tmp_path / "ivbot.db", 1, name="Zoë 😀")

    data = await exported(tmp_path / "ivbot.db", "csv")
    assert data.count(BOM) == 1
    assert data.startswith(BOM)
    assert as_csv(data)[0]["name"] == "Zoë 😀"


async def test_rows_are_oldest_first(tmp_path: Path) -> None:
    """In whatever order they were written."""
    path = tmp_path / "ivbot.db"
    await records.fill(path, 0)
    async with World(tmp_path).database() as database, database.writer.transaction() as writer:
        for number in (3, 1, 2):
            await records.add(writer, number, records.DAY + dt.timedelta(days=number))

    assert [row["name"] for row in as_json(await exported(path, "json"))] == ["Sam 1", "Sam 2", "Sam 3"]


async def test_the_words_of_a_child_who_has_not_said_yes_stay_here(tmp_path: Path) -> None:
    """An adult's request the child has not taken over, and a child's no, are rows without anything that was told."""
    world = World(tmp_path)
    await records.ask_for_a_child(world.someone("adult", "web"), name="Markedname")
    world.now += dt.timedelta(minutes=1)
    await records.ask(world.someone("w2", "web"), name="Markedname", wishes="markedwish", send="No, don't send them")

    for form, read in READ.items():
        data = await exported(world.settings.database.path, form)
        assert [row["status"] for row in read(data)] == ["awaiting_child", "declined"]
        whole = data if form != "xlsx" else b"".join(map(zipfile.ZipFile(io.BytesIO(data)).read, _parts(data)))
        assert b"marked" not in whole.lower()


def _parts(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


async def test_a_withdrawn_yes_takes_the_words_back_as_well(tmp_path: Path) -> None:
    """Once the yes is taken back, the next export no longer has what it was given for."""
    await records.fill(tmp_path / "ivbot.db", 1, name="Markedname")
    async with World(tmp_path).database() as database, database.writer.transaction() as writer:
        await writer.run("UPDATE consents SET withdrawn_at = '2026-06-13T09:00:00.000Z'")

    row = as_json(await exported(tmp_path / "ivbot.db", "json"))[0]
    assert (row["name"], row["age"], row["agreed_to_send_at"]) == (None, None, None)


async def test_letters_that_xml_does_not_allow_do_not_break_the_file(tmp_path: Path) -> None:
    """A record made of control characters is a row like others; its neighbours are whole."""
    await records.fill(tmp_path / "ivbot.db", 1, name=NASTY, visitor_wishes=NASTY * 50, likes=(NASTY,))

    data = await exported(tmp_path / "ivbot.db", "xlsx")
    row = as_xlsx(data)[0]
    assert (row["reference"], row["age"], row["volunteer"]) == ("IV-000000", 11, None)
    assert "<&>" in row["name"]
    assert as_json(await exported(tmp_path / "ivbot.db", "json"))[0]["name"] == NASTY
    assert as_csv(await exported(tmp_path / "ivbot.db", "csv"))[0]["name"] == NASTY


async def test_a_cell_longer_than_xlsx_can_hold_is_cut_not_dropped(tmp_path: Path) -> None:
    """XLSX keeps the first 32,767 letters; CSV and JSON keep all."""
    await records.fill(tmp_path / "ivbot.db", 1, anything_else="a" * 40_000)

    assert as_xlsx(await exported(tmp_path / "ivbot.db", "xlsx"))[0]["anything_else"] == "a" * 32_767
    assert len(as_csv(await exported(tmp_path / "ivbot.db", "csv"))[0]["anything_else"]) == 40_000


INVISIBLE = st.text(
    st.sampled_from(" \t\r\n\v\u00a0\u200b\u200e\u200f\u202e\u2066\ufeff\u2060\u3000\u00ad'\x00"), max_size=4
)
SIGN = st.sampled_from("=+-@|%＝＋－＠﹢﹣﹦⁺₌−")


def runs(text: str) -> bool:
    """Whether some spreadsheet might work this out: a sign first, after all that one cannot see."""
    seen = (
        c for c in text if not (c.isspace() or unicodedata.category(c)[0] == "C" or unicodedata.category(c) == "Mn")
    )
    first = unicodedata.normalize("NFKC", next(seen, ""))[:1]
    return bool(first) and first in "=+-@|%\N{MINUS SIGN}"


@hypothesis.settings(deadline=None)
@hypothesis.example("'=1+1")
@hypothesis.example("' ＝1+1")
@hypothesis.given(st.one_of(st.text(), st.builds(lambda a, b, c: a + b + c, INVISIBLE, SIGN, st.text())))
def test_no_text_is_ever_a_formula(text: str) -> None:
    """Whatever stands in a cell, it does not run; and without the one quote that was added it is what was written."""
    cell = defused(text)

    assert isinstance(cell, str)
    assert not runs(cell)
    assert cell in {text, f"'{text}"}
    ours = cell.startswith("'") and defused(cell[1:]) == cell  # how a reader of the file tells our quote from theirs
    assert (cell[1:] if ours else cell) == text


def test_what_is_no_formula_stays_as_it_is() -> None:
    """Names, sums in the middle, numbers and nothing at all are left alone; the signs are all there."""
    assert [defused(cell) for cell in ("Sam", "1+1=2", "a@b.org", "", 11, None)] == [
        "Sam",
        "1+1=2",
        "a@b.org",
        "",
        11,
        None,
    ]
    assert {*"=+-@"} <= FORMULA


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_formulas_are_defused_in_the_file(form: str, tmp_path: Path) -> None:
    """What a child typed as a name cannot start a program on the coordinator's computer."""
    evil = "\u200f =cmd|' /C calc'!A0"
    await records.fill(tmp_path / "ivbot.db", 1, name=evil, contact_way="+44 1632 960000")

    row = READ[form](await exported(tmp_path / "ivbot.db", form))[0]
    assert (row["name"], row["contact_way"]) == (f"'{evil}", "'+44 1632 960000")


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026-01-15", "2026-01-15T00:00", "2026-01-15T23:59"),
        ("2026-03-29", "2026-03-29T00:00", "2026-03-29T22:59"),  # the clocks go forward: a day of 23 hours
        ("2026-06-15", "2026-06-14T23:00", "2026-06-15T22:59"),
        ("2026-10-25", "2026-10-24T23:00", "2026-10-25T23:59"),  # the clocks go back: a day of 25 hours
    ],
)
async def test_days_are_whole_where_the_service_is(day: str, first: str, last: str, tmp_path: Path) -> None:
    """`--since` and `--until` with one day give that day, from its first minute to its last; times here are UTC."""
    minute = dt.timedelta(minutes=1)
    moments = [dt.datetime.fromisoformat(f"{moment}:00+00:00") for moment in (first, last)]
    await records.fill(tmp_path / "ivbot.db", 0)
    async with World(tmp_path).database() as database, database.writer.transaction() as writer:
        for number, moment in enumerate((moments[0] - minute, *moments, moments[1] + minute)):
            await records.add(writer, number, moment)

    ended = ivbot(tmp_path, "export", "interest", "--since", day, "--until", day)
    assert ended.code == 0
    assert [row["name"] for row in as_csv(ended.out)] == ["Sam 1", "Sam 2"]


async def test_the_first_and_the_last_day_there_are(tmp_path: Path) -> None:
    """Days at the very ends of the calendar mean: everything."""
    await records.fill(tmp_path / "ivbot.db", 2)

    ended = ivbot(tmp_path, "export", "interest", "--since", "0001-01-01", "--until", "9999-12-31")
    assert (ended.code, len(as_csv(ended.out))) == (0, 2)


async def test_an_export_to_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Names are in it: nobody else may read it, nothing is left beside it, and the terminal stays quiet."""
    await records.fill(tmp_path / "ivbot.db", 3)
    (tmp_path / "out.xlsx").write_text("the old one", encoding="utf-8")

    ended = ivbot(tmp_path, "export", "interest", "--format", "xlsx", "--out", "out.xlsx")
    assert (ended.code, ended.out, ended.err) == (0, b"Wrote out.xlsx. Names may be in it: keep it safe.\n", "")
    assert len(as_xlsx((tmp_path / "out.xlsx").read_bytes())) == 3
    assert mode(tmp_path / "out.xlsx") == 0o600
    assert files(tmp_path) == ["ivbot.db", "out.xlsx"]


@pytest.mark.parametrize("form", sorted(READ))
async def test_an_export_that_fails_on_the_way_leaves_the_old_file(form: str, tmp_path: Path) -> None:
    """The disk fills up, the process is interrupted: the file from before is untouched and nothing else is left."""
    await records.fill(tmp_path / "ivbot.db", 3)
    target = tmp_path / "out"
    target.write_text("the old one", encoding="utf-8")

    class Interrupted(BaseException):
        pass

    def stop() -> None:
        raise Interrupted

    async with looking(tmp_path / "ivbot.db", "") as reader:
        with pytest.raises(Interrupted), export.beside(target) as out:
            await export.write(reader, "interest", form, out, SEEN, advance=stop)
    assert target.read_text(encoding="utf-8") == "the old one"
    assert [name for name in files(tmp_path) if "-" not in name] == ["ivbot.db", "out"]


@pytest.mark.parametrize("out", ["/dev/null", "folder", "nowhere/x.csv", "ivbot.db/x.csv"])
async def test_a_place_that_cannot_be_a_file_is_refused(out: str, tmp_path: Path) -> None:
    """A device is not replaced, a folder is not written over, a missing folder is not made."""
    await records.fill(tmp_path / "ivbot.db", 1)
    (tmp_path / "folder").mkdir()

    ended = ivbot(tmp_path, "export", "interest", "--out", out)
    assert ended.code == 2
    assert ended.line.startswith(f"{out}: ")
    assert files(tmp_path) == ["folder", "ivbot.db"]


async def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    """`--out` through a link replaces what the link leads to."""
    await records.fill(tmp_path / "ivbot.db", 1)
    (tmp_path / "real.csv").touch()
    (tmp_path / "link.csv").symlink_to("real.csv")

    assert ivbot(tmp_path, "export", "interest", "--out", "link.csv").code == 0
    assert (tmp_path / "link.csv").readlink() == Path("real.csv")
    assert len(as_csv((tmp_path / "real.csv").read_bytes())) == 1


class Sink(io.RawIOBase):
    """Takes everything and keeps nothing."""

    def write(self, data: Any) -> int:  # noqa: ANN401 - as RawIOBase has it
        return len(data)


async def peak(path: Path, form: str) -> int:
    """The most memory an export had at one moment, in bytes."""
    async with looking(path, "") as reader:
        tracemalloc.start()
        try:
            await export.write(reader, "interest", form, cast("IO[bytes]", Sink()), SEEN)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("form", ["csv", "json"])
async def test_memory_stays_flat_however_many_rows_there_are(form: str, tmp_path: Path) -> None:
    """Ten times the rows take no more memory: rows are fetched 100 at a time and written at once.

    It counts bytes that Python allocated, not seconds, so neither the load nor the speed of the machine matters.
    """
    few, many = tmp_path / "few.db", tmp_path / "many.db"
    await records.fill(few, 300, anything_else="a" * 2000)
    await records.fill(many, 3000, anything_else="a" * 2000)

    await peak(few, form)  # what is imported and cached on first use is not counted
    assert await peak(many, form) < 1.5 * await peak(few, form)


async def test_a_reader_who_has_seen_enough_ends_it_quietly(tmp_path: Path) -> None:
    """`ivbot export interest | head -1`: no error is written when the pipe is closed."""
    await records.fill(tmp_path / "ivbot.db", 500, anything_else="a" * 2000)

    with started(tmp_path, "export", "interest") as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith(BOM + b"reference,")
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


@pytest.mark.parametrize("command", ["export interest", "languages", "--help"])
def test_a_full_disk_behind_standard_output_is_one_line(command: str, tmp_path: Path) -> None:
    """What could not be written is said once, with exit code 1."""
    assert ivbot(tmp_path, "invite", "volunteer").code == 0

    with Path("/dev/full").open("wb") as full, started(tmp_path, *command.split(), stdout=full) as process:
        _out, err = process.communicate()
    assert process.returncode == 1
    assert err == b"ivbot: No space left on device. What was saved before is safe.\n"


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """A pseudo-terminal: our end and the command's."""
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)


def read_all(ours: int) -> bytes:
    """All that was written to a terminal whose other end is closed."""
    parts = []
    try:
        while part := os.read(ours, 65536):
            parts.append(part)
    except OSError:  # Linux says so when nobody holds the other end any more
        pass
    return b"".join(parts)


async def test_the_progress_bar_is_for_terminals(tmp_path: Path, terminal: tuple[int, int]) -> None:
    """Whoever waits for a file at a terminal sees a bar; it never gets into a pipe or among the rows."""
    await records.fill(tmp_path / "ivbot.db", 3)
    ours, theirs = terminal

    with started(tmp_path, "export", "interest", "--out", "out.csv", stderr=theirs) as process:
        os.close(theirs)
        shown = read_all(ours)
        assert process.wait() == 0
    assert b"interest" in shown
    assert b"\x1b[" in shown
    assert ivbot(tmp_path, "export", "interest", "--out", "out.csv").err == ""


async def test_rows_at_a_terminal_come_without_a_bar(tmp_path: Path, terminal: tuple[int, int]) -> None:
    """Rows and a bar on one screen would be neither."""
    await records.fill(tmp_path / "ivbot.db", 3)
    ours, theirs = terminal

    with started(tmp_path, "export", "interest", stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = read_all(ours)
        assert process.wait() == 0
    assert b"\x1b[" not in shown
    assert shown.count(b"IV-") == 3


async def test_xlsx_does_not_go_to_a_terminal(tmp_path: Path, terminal: tuple[int, int]) -> None:
    """Bytes on a screen help nobody: the command asks for a file; into a pipe it writes them."""
    await records.fill(tmp_path / "ivbot.db", 1)
    ours, theirs = terminal

    with started(tmp_path, "export", "interest", "--format", "xlsx", stdout=theirs) as process:
        os.close(theirs)
        assert read_all(ours) == b""
        _out, err = process.communicate()
    assert process.returncode == 2
    assert err == b"ivbot: An xlsx file is not for the terminal: add --out FILE.xlsx\n"
    assert len(as_xlsx(ivbot(tmp_path, "export", "interest", "--format", "xlsx").out)) == 1


async def test_every_export_is_in_the_audit(tmp_path: Path) -> None:
    """Who took data out is written down before the first row leaves."""
    await records.fill(tmp_path / "ivbot.db", 1)
    ivbot(tmp_path, "export", "interest", "--format", "json")

    async with looking(tmp_path / "ivbot.db", "") as reader:
        rows = await reader.all("SELECT role, action, subject FROM audit")
    assert [tuple(row) for row in rows] == [("operator", "export", "interest.json")]


async def test_a_document_that_could_not_be_made_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that fails on the way, or is not for this person, is not left in the folder for temporary files."""
    await records.fill(tmp_path / "ivbot.db", 1)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    parcel = Parcel(1, "p", "telegram", "7", Outgoing("", document=Document("interest", "csv")))

    world = World(tmp_path)
    async with world.database() as database:
        documents = Documents(database, world.context, lambda: records.DAY)
        with pytest.raises(NotTheirs):
            await documents.render(parcel)
        async with database.writer.transaction() as writer:
            await people.save(writer, [Person("p", "coordinator")], stamp(records.DAY))
        made = await documents.render(parcel)
        assert made.name == "interest-2026-06-12.csv"
        assert len(as_csv(made.read_bytes())) == 1
        made.unlink()
        made.parent.rmdir()
        monkeypatch.setattr(export, "EXPORTS", {})
        with pytest.raises(KeyError):
            await documents.render(parcel)
    assert files(temporary) == []


def test_every_form_has_a_reader_here() -> None:
    """No form is added without being opened again in these tests."""
    assert SHEETS.keys() == READ.keys()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["exprot"], "No such command 'exprot'. Did you mean 'export'? Help: ivbot --help"),
        (["export", "intrest"], f"export: there is no kind 'intrest'. Kinds: {', '.join(kinds.EXPORTS)}"),
        (["export", "interest", "--since", "2026-02-02", "--until", "2026-02-01"],
         "export: --since 2026-02-02 is after --until 2026-02-01. Change one of them."),
        (["export", "interest", "--since", "yesterday"],
         "Invalid value for '--since': 'yesterday' does not match the formats '%Y-%m-%d'. Help: ivbot --help"),
        (["export", "interest", "--format", "pdf"],
         "Invalid value for '--format': 'pdf' is not one of 'csv', 'xlsx', 'json'. Help: ivbot --help"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_one_line_and_2(arguments: list[str], said: str, tmp_path: Path) -> None:
    """The line says what is wrong and what there is; no database is made."""
    ended = ivbot(tmp_path, *arguments)

    assert (ended.code, ended.line) == (2, said)
    assert list(tmp_path.iterdir()) == []


def test_wrong_use_inside_the_program_is_the_same_error(tmp_path: Path) -> None:
    """`beside` says so itself, for whoever calls it."""
    with pytest.raises(WrongUse), export.beside(tmp_path):
        pass


def test_a_file_is_what_its_name_says(tmp_path: Path) -> None:
    """A name that promises another format than is asked for is refused before anything is written."""
    ended = ivbot(tmp_path, "export", "interest", "--out", "out.xlsx")
    assert ended.code == 2
    assert "Add --format xlsx" in ended.err
    assert list(tmp_path.glob("out*")) == []
