"""A visit in a calendar: one entry that follows the visit, and says nothing to whoever else sees it."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from bot.channels.web.download import download
from bot.domain.roles import Role
from bot.engine.channel import NotTheirs
from bot.engine.message import Document, Outgoing, Parcel
from bot.reports.calendar_file import FORMAT, KIND, LASTS, Entry, render
from bot.reports.documents import Documents
from bot.store import people, visits
from bot.store.clock import stamp
from bot.store.people import Person
from tests import records
from tests.conversation import World

NOW = dt.datetime(2026, 6, 12, 9, 0, tzinfo=dt.UTC)
SATURDAY = dt.datetime(2026, 6, 20, 13, 0, tzinfo=dt.UTC)


COUNTS = st.integers(0, 999)


def entry(planned_for: dt.datetime = SATURDAY, changes: int = 0, *, cancelled: bool = False) -> Entry:
    return Entry("V-7K3Q-M", planned_for, LASTS, changes, cancelled, "Visit", "visitors@example.org")


def opened(made: bytes) -> tuple[Calendar, Event]:
    """The file as a calendar program has it."""
    calendar = Calendar.from_ical(made)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.events
    return calendar, event


def test_a_visit_is_an_entry_that_says_little() -> None:
    """When and how long, a reference, an alarm three hours before: no name, and no place."""
    calendar, event = opened(render(entry(), NOW))
    (alarm,) = event.walk("VALARM")

    assert set(event) == {
        "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DURATION", "SUMMARY", "DESCRIPTION", "CLASS", "STATUS", "ORGANIZER",
    }  # fmt: skip
    assert (event["SUMMARY"], event["DESCRIPTION"], event["CLASS"]) == ("Visit", "V-7K3Q-M", "PRIVATE")
    assert event["ORGANIZER"] == "mailto:visitors@example.org"
    assert (event.decoded("DTSTART"), event.decoded("DURATION")) == (SATURDAY, dt.timedelta(hours=2))
    assert alarm.decoded("TRIGGER") == -dt.timedelta(hours=3)
    assert (calendar["METHOD"], event["STATUS"]) == ("PUBLISH", "CONFIRMED")


def test_one_that_moved_takes_the_place_of_the_first_and_one_called_off_removes_it() -> None:
    """The UID stays; the sequence rises; a visit called off is cancelled, without an alarm."""
    _first_calendar, first = opened(render(entry(), NOW))
    _moved_calendar, moved = opened(render(entry(SATURDAY + dt.timedelta(days=1), 1), NOW))
    calendar, off = opened(render(entry(changes=2, cancelled=True), NOW))

    assert first["UID"] == moved["UID"] == off["UID"] == "v-7k3q-m@ivbot"
    assert [event["SEQUENCE"] for event in (first, moved, off)] == [0, 1, 2]
    assert (calendar["METHOD"], off["STATUS"], off.walk("VALARM")) == ("CANCEL", "CANCELLED", [])


@pytest.mark.parametrize(("day", "utc"), [
    ("20261024", "130000"), ("20261025", "140000"), ("20270327", "140000"), ("20270328", "130000"),
])  # fmt: skip
def test_two_in_the_afternoon_is_that_around_a_change_of_the_clocks(day: str, utc: str) -> None:
    """The file says UTC, so no calendar needs rules for when the clocks change."""
    planned = dt.datetime.strptime(day + utc + "+0000", "%Y%m%d%H%M%S%z")
    made = render(entry(planned), NOW).decode()

    assert f"DTSTART:{day}T{utc}Z\r\n" in made
    assert "TZID" not in made


@given(st.integers(0, 5_000_000).map(lambda minutes: NOW + dt.timedelta(minutes=minutes)), st.timezones(), COUNTS)
def test_any_moment_survives_the_file(moment: dt.datetime, zone: dt.tzinfo, changes: int) -> None:
    """Whatever the zone it was given in, the moment that is read back is the moment that was written."""
    _calendar, event = opened(render(entry(moment.astimezone(zone), changes), NOW))

    assert event.decoded("DTSTART") == moment
    assert event["SEQUENCE"] == changes


async def a_visit(folder: Path) -> World:
    """V-0000-0 with volunteer `alex`; `kim` visits somebody else, `desk` coordinates, `child` is who is visited."""
    world = World(folder)
    async with world.database() as database, database.writer.transaction() as writer:
        now = stamp(world.now)
        roles = {"alex": Role.VOLUNTEER, "kim": Role.VOLUNTEER, "desk": Role.COORDINATOR}
        await people.save(writer, [Person(name, role=role) for name, role in roles.items()], now)
        interest = await records.add(writer, 1, world.now, name="Markedname")
        match = await records.add_match(writer, interest, "Alex", world.now)
        (row,) = await writer.all("SELECT volunteer FROM matches")
        await writer.run("UPDATE volunteers SET person = 'alex' WHERE reference = ?", (row["volunteer"],))
        await visits.add(writer, "V-0000-0", match, stamp(SATURDAY), "markedplan", "desk", now)
    return world


async def document(world: World, person: str, reference: str = "V-0000-0") -> bytes:
    """The file as it is sent to somebody."""
    async with world.database() as database:
        documents = Documents(database, world.context, lambda: world.now)
        message = Outgoing("", document=Document(KIND, FORMAT, reference))
        again = Outgoing.from_json(message.to_json())
        path = await documents.render(Parcel(1, person, "web", "a", again))
        assert path.name == "visit-2026-06-12.ics"
        return path.read_bytes()


@pytest.mark.parametrize("person", ["alex", "desk"])
async def test_the_volunteer_and_staff_get_the_file(person: str, tmp_path: Path) -> None:
    """The visit's own volunteer and staff: when it is, and nothing of the child or the plan."""
    world = await a_visit(tmp_path)
    made = await document(world, person)
    _calendar, event = opened(made)

    assert event.decoded("DTSTART") == SATURDAY
    assert b"arked" not in made


@pytest.mark.parametrize(("person", "reference"), [
    ("kim", "V-0000-0"), ("p1", "V-0000-0"), ("nobody", "V-0000-0"), ("alex", "V-0000-1"), ("desk", "V-0000-1"),
])  # fmt: skip
async def test_nobody_else_gets_it(person: str, reference: str, tmp_path: Path) -> None:
    """Another volunteer, the child, somebody unknown, and a visit that is none: there is no file, and none is left."""
    world = await a_visit(tmp_path)
    with pytest.raises(NotTheirs):
        await document(world, person, reference)


async def test_the_chat_page_hands_it_to_the_calendar(tmp_path: Path) -> None:
    """A browser is told that it is a calendar, and offers to open it with one."""
    made = tmp_path / "made" / "visit.ics"
    made.parent.mkdir()
    made.write_bytes(render(entry(), NOW))
    response = await download(made)

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert opened(bytes(response.body))[1]["UID"] == "v-7k3q-m@ivbot"


def test_telegram_is_told_what_it_is() -> None:
    """On a machine that knows no file types of its own as well."""
    code = (
        "import mimetypes; mimetypes.knownfiles = []; mimetypes.init([])\n"
        "import bot.channels.telegram.send, telegram\n"
        "print(telegram.InputFile(b'', filename='visit.ics').mimetype)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "text/calendar"


async def test_the_file_follows_the_visit(tmp_path: Path) -> None:
    """Fetched again after the visit was called off, it says so."""
    world = await a_visit(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        await visits.cancel(writer, "V-0000-0", "staff")
    calendar, event = opened(await document(world, "alex"))

    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
