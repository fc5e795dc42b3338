"""Enquiries of adults who may like to become a visitor: what is taken, who sees it, how long it is kept."""

import datetime as dt
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.message import Kind
from bot.reports import export, kinds
from bot.settings import Retention
from bot.store import codes, purge
from handlers.enquiry import AGREE, DIGITS_OF_A_NUMBER, reachable
from handlers.staff import files
from tests.conversation import Someone, World, plain
from tests.test_export import LONDON, READ

COLUMNS = [
    "reference", "received_at", "channel", "language", "name", "reach", "area", "independent", "why", "status",
    "status_since", "agreed_at",
]  # fmt: skip


async def enquire(adult: Someone, *, name: str = "Kim", ties: str = "No", why: str = "[Skip]") -> None:
    """An adult goes all the way to the yes."""
    await adult.say("/enquiry")
    for words in ("[Yes]", name, "kim@example.org", "Northside", f"[{ties}]", why, "[That's right]", "[Yes, send it]"):
        await (adult.press(words[1:-1]) if words.startswith("[") else adult.say(words))


async def only(world: World) -> dict[str, object]:
    """The only enquiry there is."""
    async with world.database() as database, database.reading() as reader:
        rows = await reader.all("SELECT * FROM enquiries")
    assert len(rows) == 1
    return dict(rows[0])


async def exported(world: World, form: str) -> list[dict[str, object]]:
    out = io.BytesIO()
    async with world.database() as database, database.reading() as reader:
        await export.write(reader, "enquiries", form, out, kinds.Seen(world.now, LONDON, None))
    return READ[form](out.getvalue())


@pytest.mark.parametrize("form", sorted(READ))
async def test_an_enquiry_comes_out_in_each_form(form: str, tmp_path: Path) -> None:
    """One row with the promised columns, and times of the service's zone."""
    world = World(tmp_path)
    await enquire(world.someone("a", "web"), why="Sundays")
    row = (await exported(world, form))[0]
    assert list(row) == COLUMNS
    assert {key: row[key] for key in ("name", "reach", "area", "independent", "why", "status", "channel")} == {
        "name": "Kim", "reach": "kim@example.org", "area": "Northside", "independent": "yes", "why": "Sundays",
        "status": "new", "channel": "web",
    }  # fmt: skip
    assert row["received_at"] == row["agreed_at"] == row["status_since"] == "2026-06-12T10:00:00+01:00"


def test_staff_can_ask_for_every_kind_of_file() -> None:
    """Each kind of export has a name on the buttons of the chat."""
    assert files.KINDS.keys() == kinds.EXPORTS.keys()


@pytest.mark.parametrize(("ties", "independent"), [("Yes", "no"), ("No", "yes"), ("I'm not sure", "unsure")])
async def test_nobody_is_refused_for_their_ties(ties: str, independent: str, tmp_path: Path) -> None:
    """Who works for the council, or is not sure, is taken like anybody else: a person looks at it with them."""
    world = World(tmp_path)
    adult = world.someone("a")
    await enquire(adult, ties=ties)
    assert (await only(world))["independent"] == independent
    assert "I've sent it" in plain(adult.last)


async def test_the_words_of_the_yes_are_kept(tmp_path: Path) -> None:
    """What stood on the screen is kept with its version: who sees it, and for how long."""
    world = World(tmp_path)
    await enquire(world.someone("a"))
    kept = await only(world)
    assert str(kept["agreed_words"]).startswith(AGREE.msgid.split("{", maxsplit=1)[0])
    assert "365 days" in str(kept["agreed_words"])
    assert re.fullmatch(r"[0-9a-f]{12}", str(kept["agreed_version"]))


async def test_there_is_one_enquiry_a_person(tmp_path: Path) -> None:
    """Asking again shows the first, and a form that was open on the way does not make a second."""
    world = World(tmp_path)
    adult = world.someone("a")
    await enquire(adult)
    await adult.send(Kind.BUTTON, data="enquiry")
    assert "You sent this on" in plain(adult.last)
    await adult.press("Change it")
    for label in ("That's right", "Yes, send it"):
        await adult.press(label)
    assert (await only(world))["status"] == "new"
    await adult.send(Kind.BUTTON, data="f:enquiry:agree:=yes")
    await only(world)


async def test_an_enquiry_is_nobody_elses(tmp_path: Path) -> None:
    """Buttons of somebody who has none begin a form of their own, and change nothing of another's."""
    world = World(tmp_path)
    await enquire(world.someone("a"), name="Markedname")
    before = await only(world)
    stranger = world.someone("b")
    for data in ("enquiry:change", "enquiry:back", "enquiry:back:yes"):
        assert "Markedname" not in await stranger.send(Kind.BUTTON, data=data)
        assert "Are you 18 or over?" in plain(stranger.last)
    assert await only(world) == before


async def test_staff_are_told_without_content(tmp_path: Path) -> None:
    """The number alone goes out unasked; every look and every mark is in the audit."""
    world = World(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        code = await codes.issue(writer, "coordinator", "", world.now)
    coordinator = world.someone("work")
    await coordinator.say(f"/start {code}")
    await enquire(world.someone("a"), name="Markedname")
    told = plain(coordinator.last)
    assert "Markedname" not in told
    reference = str((await only(world))["reference"])
    assert reference in told
    assert "Markedname" in await coordinator.press(reference)
    await coordinator.press("Mark as closed")
    for data in ("contacted", "closed", "withdrawn", "nonsense"):
        await coordinator.send(Kind.BUTTON, data=f"enquiries:{reference}:{data}")
    assert (await only(world))["status"] == "closed"
    async with world.database() as database, database.reading() as reader:
        done = [row["action"] for row in await reader.all("SELECT action FROM audit WHERE subject = ?", (reference,))]
    assert done[:2] == ["show_enquiry", "enquiry_closed"]


async def test_a_closed_enquiry_does_not_stand_in_the_way(tmp_path: Path) -> None:
    """Somebody whose enquiry was closed can send another one later."""
    world = World(tmp_path)
    adult = world.someone("a")
    await enquire(adult)
    async with world.database() as database, database.writer.transaction() as writer:
        await writer.run("UPDATE enquiries SET status = 'closed'")
    world.now += dt.timedelta(days=1)
    await enquire(adult, name="Kim again")
    assert [row["name"] for row in await exported(world, "json")] == ["Kim", "Kim again"]


@pytest.mark.parametrize(
    ("status", "days", "left"),
    [("new", 4000, 1), ("contacted", 364, 1), ("contacted", 366, 0), ("closed", 366, 0), ("withdrawn", 366, 0)],
)
async def test_it_is_kept_for_a_year_after_its_last_step(status: str, days: int, left: int, tmp_path: Path) -> None:
    """An enquiry goes a year after it was answered, closed or taken back; one that nobody has read stays."""
    world = World(tmp_path)
    await enquire(world.someone("a"))
    async with world.database() as database, database.writer.transaction() as writer:
        await writer.run("UPDATE enquiries SET status = ?", (status,))
        await purge.run(writer, purge.limits(world.now + dt.timedelta(days=days), Retention()))
        rows = await writer.all("SELECT * FROM enquiries")
    assert len(rows) == left


async def test_one_who_waits_can_come_back(tmp_path: Path) -> None:
    """While an enquiry is kept, its return code and its Telegram address are too."""
    world = World(tmp_path)
    page, phone = world.someone("w", "web"), world.someone("t", "telegram")
    await enquire(page)
    await enquire(phone)
    code = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}", plain(page.last))[0]
    await page.send(Kind.LEFT)
    world.now += dt.timedelta(days=200)
    await world.look()
    assert "You sent this on" in await phone.say("/enquiry")
    await world.someone("new", "web").say(f"/start {code}")
    assert "You sent this on" in await world.someone("new", "web").say("/enquiry")


@given(st.text(max_size=40))
def test_a_number_is_enough_digits(words: str) -> None:
    """Whatever else is typed, nine digits are taken for a phone number, and fewer without an address are not."""
    bare = re.sub(r"[\d@]", "", words)
    assert reachable(bare + "1" * DIGITS_OF_A_NUMBER)
    assert not reachable(bare + "1" * (DIGITS_OF_A_NUMBER - 1))


@given(st.emails())
def test_an_email_address_is_enough(address: str) -> None:
    """Anything that is an email address by the book is taken for one, also among other words."""
    assert reachable(f"write to {address} please")


async def test_taken_back_it_is_in_no_form_either(tmp_path: Path) -> None:
    """Not in one that waits because something else was begun."""
    world = World(tmp_path)
    adult = world.someone("a", "web")
    await enquire(adult, name="Markedname")
    await adult.say("/enquiry")
    await adult.press("Change it")
    await adult.say("/complain")
    await adult.say("/enquiry")
    await adult.press("Take it back")
    await adult.press("Yes, take it back")

    async with world.database() as database, database.reading() as reader:
        (form,) = await reader.all("SELECT name, answers FROM forms")
    assert form["name"] == "complaint"
    assert "Markedname" not in form["answers"]
