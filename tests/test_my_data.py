"""My data: all of it is shown, each thing can be erased by itself or with everything, and then it is nowhere."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.app import Bot
from bot.domain.interest import Status
from bot.domain.reports import Report
from bot.domain.roles import EVERYBODY
from bot.engine.intake import Intake
from bot.engine.message import Incoming, Kind, Outgoing, Parcel
from bot.engine.router import Router
from bot.engine.turn import Turn
from bot.i18n import Text
from bot.reports import my_data as report
from bot.reports.documents import Documents
from bot.reports.section import Section
from bot.store import audit, codes, goodbyes, interests, visit_reports, visits
from bot.store.clock import stamp
from bot.store.database import Database, Reader
from bot.store.goodbyes import Goodbye
from bot.store.my_data import ABOUT
from handlers import ROUTER, erase_all, my_data
from tests import records
from tests.conversation import Someone, World, plain
from tests.test_purge import every_byte
from tests.test_web import Browser
from tests.web_app import listening

BOXES = [
    "zebraname", "zebralikes", "zebrawishes", "zebrareach", "zebraanything", "zebranote", "zebratalk", "zebraidea",
    "zebraway", "zebravisit", "zebradraft", "zebrafree", "zebraphone", "zebrareply", "zebracarry", "zebraabout",
    "zebratext", "zebraenquirer", "zebra@example.org", "zebratown", "zebrawhy", "zebraplan", "zebraactivity",
    "zebraforchild", "zebrapasson", "zebragoodbye",
]  # fmt: skip
"""What is typed into each box there is, by the child, by staff about them and by their visitor.

Every marked word begins with zebra.
"""

BREAKING = Router()


@BREAKING.command("break", EVERYBODY)
async def break_(_turn: Turn) -> None:
    """Fails, and what was typed is kept for whoever looks into it."""
    raise RuntimeError("zebratraceback")


@dataclass
class Live(World):
    """A world on a database that stays open, written by the intake of the running bot."""

    posted: list[Parcel] = field(default_factory=list)
    open: Database | None = None
    intake: Intake | None = None

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        assert self.open
        yield self.open

    async def happen(self, *events: Incoming) -> list[Parcel]:
        assert self.intake
        self.posted.clear()
        await self.intake.submit(events)
        parcels = list(self.posted)
        for parcel in parcels:
            self.screens.setdefault((parcel.channel, parcel.address), []).append(parcel)
        return parcels

    async def settled(self) -> None:
        """The pause after what has happened so far is over."""
        assert self.intake
        await self.intake.probe()


@asynccontextmanager
async def living(folder: Path) -> AsyncIterator[Live]:
    world = Live(folder)
    world.context = replace(world.context, router=Router().include([ROUTER, BREAKING]))
    world.open = await Database.open(world.settings.database.path)
    world.intake = Intake(world.open, world.context, world.posted.extend, lambda: world.now)
    task = asyncio.create_task(world.intake.run())
    try:
        yield world
    finally:
        world.intake.stop()
        await task
        await world.open.close()


async def staff(world: World, address: str = "work", channel: str = "web") -> Someone:
    """A coordinator, on the chat page."""
    async with world.database() as database, database.writer.transaction() as writer:
        code = await codes.issue(writer, "coordinator", "", world.now)
    coordinator = world.someone(address, channel)
    await coordinator.say(f"/start {code}")
    return coordinator


async def asks(child: Someone) -> str:
    """A child fills in every box of the form; the number of the request."""
    await child.say("/start")
    for words in ("[I'd like one]", "[Me]", "zebraname", "11", "[Yes]", "football, zebralikes", "zebrawishes",
                  "school, zebrareach", "zebraanything", "[That's right]", "[Yes, send them]", "[Yes, they may tell]",
                  "[I've saved it]"):  # fmt: skip
        await act(child, words)
    return await number_of(child.world, "interests")


async def act(someone: Someone, words: str) -> str:
    """Press what stands in brackets, else type it."""
    return await (someone.press(words[1:-1]) if words.startswith("[") else someone.say(words))


async def number_of(world: World, table: str) -> str:
    """The number of the only record in a table."""
    return str(await one(world, f"SELECT reference FROM {table} LIMIT 1"))


async def one(world: World, sql: str) -> object:
    async with world.database() as database, database.reading() as reader:
        row = await reader.one(sql)
    return row[0] if row else None


def marks_in(folder: Path) -> list[str]:
    """The marked words in any byte of the database and the files beside it."""
    return sorted({found.decode() for found in re.findall(rb"zebra\w*", every_byte(folder))})


def code_on(someone: Someone) -> str:
    """The first code that stands on their screen."""
    screen = " ".join(plain(parcel.message) for parcel in someone.messages)
    return str(re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}", screen)[0])


async def has_a_visitor(world: World, reference: str, child_words: str = "") -> None:
    """The road is gone to its end; a visit is planned of which the child said something, and one was reported."""
    async with world.database() as database, database.writer.transaction() as writer:
        now = stamp(world.now)
        by = (await writer.all("SELECT id FROM people"))[0]["id"]
        for to in (Status.REFERRED, Status.WAITING, Status.MATCHED):
            await interests.move(writer, reference, to, by, now, words="zebraabout" if to is Status.MATCHED else "")
        await records.add_match(writer, reference, "Alex", world.now, "likes dogs", "M-1")
        await visits.add(writer, "V-1", "M-1", "2026-06-20T13:00:00.000Z", "the park, zebraplan", by, now)
        await visits.confirm(writer, "V-1", now)
        await visits.child_words(writer, "V-1", child_words)
        await visits.record(writer, "V-2", "M-1", "2026-06-10T13:00:00.000Z", None, now)
        report = Report(
            happened=True, minutes=90, activity="bowling and zebraactivity", chosen_by="child", child_mood=2,
            outcomes=("a", "b"), for_child="it was fun, zebraforchild", pass_on="zebrapasson was sad",
        )  # fmt: skip
        await visit_reports.add(writer, "V-2", report, None, now)
        await goodbyes.ask(writer, Goodbye("M-1", now, "said", None, leaving=False, words="zebragoodbye"))


async def visitor_of(world: World) -> Someone:
    """The visitor comes to the bot, and looks at all there is for them."""
    async with world.database() as database, database.writer.transaction() as writer:
        [row] = await writer.all("SELECT volunteer FROM matches")
        code = await codes.for_volunteer(writer, row["volunteer"], "Alex", world.now)
    alex = world.someone("alex")
    await alex.say(f"/start {code}")
    await alex.say("/work")
    await alex.say("/data")
    while "More of it" in alex.buttons:
        await alex.press("More of it")
    return alex


async def fill_every_box(world: World) -> tuple[Someone, Someone, str]:
    """A child, with marked words wherever words can be, and a coordinator who has read and answered them."""
    coordinator, child = await staff(world), world.someone("child", "web")
    reference = await asks(child)
    await child.press("My request")
    for words in ("[Add something]", "zebranote", "[Menu]", "[Talk to a person]", "zebratalk", "zebraway",
                  "[Menu]", "[More]", "[I have an idea]", "zebraidea is what I want"):  # fmt: skip
        await act(child, words)
    await coordinator.say(f"/show {reference}")
    await coordinator.say("/ideas")
    await coordinator.say("/menu they said zebrawishes")
    talk = await number_of(world, "talks")
    await coordinator.send(Kind.BUTTON, data=f"talks:{talk}")
    await coordinator.send(Kind.BUTTON, data=f"talks:answer:{talk}")
    await coordinator.say("zebrareply from a grown-up")
    await has_a_visitor(world, reference, "zebravisit")
    await visitor_of(world)
    await coordinator.send(Kind.BUTTON, data="goodbye:M-1")
    await coordinator.send(Kind.BUTTON, data=f"talks:answer:{talk}")
    await coordinator.say("/break zebracarry " + talk)
    await child.say("/break zebrafree")
    for words in ("/enquiry", "[Yes]", "zebraenquirer", "zebra@example.org", "zebratown", "[No]", "zebrawhy",
                  "[That's right]", "[Yes, send it]", "zebratext on the page", "[Menu]", "[More]", "[Ask for a child]",
                  "[I care for them]", "zebradraft"):  # fmt: skip
        await act(child, words)
    return child, coordinator, reference


async def test_after_an_erasure_the_words_are_nowhere(tmp_path: Path) -> None:
    """What a child typed into any box, what staff saw or wrote of it, and what failed, is in no byte of any file."""
    async with living(tmp_path) as world:
        child, coordinator, reference = await fill_every_box(world)
        phone = world.someone("phone", "telegram")
        await phone.say(f"/start {code_on(child)}")
        await phone.say("/break zebraphone")
        await world.settled()
        before = every_byte(tmp_path)
        assert [box for box in BOXES if box.encode() not in before] == []

        await child.send(Kind.BUTTON, data="data:all")
        await child.press("Yes, rub out everything")
        await world.settled()
        assert marks_in(tmp_path) == []
        talk, enquiry = re.findall(r"(?:T|VE)-\w{4}-\w", plain(coordinator.last))
        assert plain(coordinator.last) == erase_all.ERASED.msgid.replace("{references}", f"{talk} and {enquiry}")
        assert reference in plain(coordinator.messages[-2].message)
        assert await one(world, "SELECT count(*) FROM forms") == 0
        assert str(await one(world, "SELECT reference FROM interests")) == reference
    assert marks_in(tmp_path) == []


async def test_what_stays_is_a_number_its_days_and_how_it_ended(tmp_path: Path) -> None:
    """A request that was erased has nothing else in it, and no table but the audit knows of the person."""
    async with living(tmp_path) as world:
        child, _coordinator, reference = await fill_every_box(world)
        person = await one(world, "SELECT person FROM interests")
        await child.send(Kind.BUTTON, data="data:all:yes")
        async with world.database() as database, database.reading() as reader:
            left = dict((await reader.all("SELECT * FROM interests"))[0])
            assert {key: value for key, value in left.items() if value not in (None, "", "[]")} == {
                "reference": reference,
                "asked_by": "child",
                "received_at": stamp(world.now),
                "status": "withdrawn",
                "status_since": stamp(world.now),
                "withdrawn_at": stamp(world.now),
                "closed_reason": "erased",
            }
            assert await holding(reader, str(person)) == {"audit"}
            assert await reader.all("PRAGMA foreign_key_check") == []
            assert await audit.broken_at(reader) is None
            gone = ("consents", "interest_notes", "talks", "talk_messages", "ideas", "goodbyes", "proposals")
            for table in gone:
                assert await reader.all(f"SELECT * FROM {table}") == []


async def test_visits_stay_counted(tmp_path: Path) -> None:
    """After an erasure the visit log is what it was: when, whether it happened, how long; nothing said of it stays."""
    counted = "SELECT reference, planned_for, status, happened, minutes, outcome FROM visit_log ORDER BY reference"
    async with living(tmp_path) as world:
        child, _coordinator, _reference = await fill_every_box(world)
        await world.look()
        async with world.database() as database, database.reading() as reader:
            before = [tuple(row) for row in await reader.all(counted)]
        await child.send(Kind.BUTTON, data="data:all:yes")
        async with world.database() as database, database.reading() as reader:
            after = [tuple(row) for row in await reader.all(counted)]
            assert [row for row in after if row[0] == "V-2"] == [row for row in before if row[0] == "V-2"]
            assert [(row[0], row[2], row[5]) for row in after] == [
                ("V-1", "cancelled", "cancelled"), ("V-2", "recorded", "happened"),
            ]  # fmt: skip
            [report] = await reader.all("SELECT * FROM visit_reports")
            kept = {key: value for key, value in dict(report).items() if value not in (None, "")}
            assert kept == {"visit": "V-2", "happened": 1, "minutes": 90, "reported_at": report["reported_at"]}
            [match] = await reader.all("SELECT visitor, about FROM matches")
            assert tuple(match) == ("Alex", "")


async def test_what_was_taken_back_has_no_words_of_visits(tmp_path: Path) -> None:
    """A request taken back: what was written of its visits is nowhere, on no screen of the visitor either."""
    async with living(tmp_path) as world:
        child = world.someone("child", "web")
        reference = await asks(child)
        await has_a_visitor(world, reference)
        await visitor_of(world)
        await world.settled()
        assert {"zebraactivity", "zebraforchild", "zebrapasson", "zebraplan", "zebragoodbye"} <= set(marks_in(tmp_path))
        await child.send(Kind.BUTTON, data=f"takeback:{reference}")
        await world.settled()
        assert marks_in(tmp_path) == []
        assert await one(world, "SELECT sum(minutes) FROM visit_log") == 90


async def test_what_a_visitor_wrote_of_a_visit(tmp_path: Path) -> None:
    """A child reads what they did, how they seemed, and the part for them; what was passed on they may ask to read."""
    async with living(tmp_path) as world:
        child = world.someone("child", "web")
        await has_a_visitor(world, await asks(child))
        await child.send(Kind.BUTTON, data="data")
        shown = plain(child.last)
        while "More of it" in child.buttons:
            shown += await child.press("More of it")
        for words in (
            "Your visitor wrote that it went ahead, for 90 minutes.", "as your visitor wrote it: bowling",
            "Your visitor wrote that you chose it.", "How you seemed to your visitor: 2 out of 5",
            "What your visitor wrote for you: it was fun", "You can ask them to read it with you.",
        ):  # fmt: skip
            assert words in shown, words
        assert "zebrapasson" not in shown
        assert "zebragoodbye" not in shown


async def holding(reader: Reader, value: str) -> set[str]:
    """The tables in which a value stands anywhere."""
    tables = [row["name"] for row in await reader.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        table
        for table in tables
        if any(value in str(cell) for row in await reader.all(f"SELECT * FROM {table}") for cell in tuple(row))
    }


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("answer:{interest}:name", "zebraname"),
        ("answer:{interest}:likes", "zebralikes"),
        ("answer:{interest}:wishes", "zebrawishes"),
        ("answer:{interest}:reach", "zebrareach"),
        ("answer:{interest}:anything", "zebraanything"),
        ("note:1", "zebranote"),
        ("talk:{talk}", "zebratalk"),
        ("idea:1", "zebraidea"),
        ("visit:V-1", "zebravisit"),
    ],
)
async def test_one_thing_erased_is_nowhere_and_the_others_stay(key: str, word: str, tmp_path: Path) -> None:
    """One answer, note, talk, idea or word about a visit leaves every file; what else they told stays."""
    async with living(tmp_path) as world:
        child, _coordinator, reference = await fill_every_box(world)
        await world.settled()
        assert word.encode() in every_byte(tmp_path)
        talk = await number_of(world, "talks")
        await child.send(Kind.BUTTON, data=f"data:one:{key.format(interest=reference, talk=talk)}:yes")
        await world.settled()
        left = every_byte(tmp_path)
        assert word.encode() not in left
        kept = {"zebraname", "zebraanything", "zebranote", "zebraidea", "zebravisit"} - {word}
        assert [other for other in kept if other.encode() not in left] == []
        assert "I've rubbed it out." in plain(child.last)


async def test_everything_there_is_is_shown(tmp_path: Path) -> None:
    """Each word of the child's, of staff to them, and about them is in the file, and page by page in the chat."""
    async with living(tmp_path) as world:
        child, _coordinator, _reference = await fill_every_box(world)
        await child.send(Kind.BUTTON, data="data")
        shown = plain(child.last)
        while "More of it" in child.buttons:
            shown += await child.press("More of it")
        await child.press("As a file")
        file = await rendered(world, child.messages[-1])
        theirs = set(BOXES) - {"zebrafree", "zebratext", "zebraphone", "zebracarry", "zebrapasson", "zebragoodbye"}
        assert {word for word in theirs if word not in shown} == set()
        assert {word for word in theirs if word not in file} == set()
        assert "you said yes to this" in file
        assert "Your visitor, Alex" in file


async def rendered(world: World, parcel: Parcel) -> str:
    async with world.database() as database:
        path = await Documents(database, world.context, lambda: world.now).render(parcel)
    try:
        assert path.name == "my-data-2026-06-12.txt"
        return path.read_text(encoding="utf-8-sig")
    finally:
        path.unlink()
        path.parent.rmdir()


async def test_the_file_is_for_nobody_else(tmp_path: Path) -> None:
    """A file asked for before somebody else came to the same screen, or before everything was erased, has nothing."""
    world = World(tmp_path)
    child, other = world.someone("w1", "web"), world.someone("w2", "web")
    await records.ask(child, name="Markedname")
    await records.ask(other, name="Othername")
    await child.send(Kind.BUTTON, data="data:file")
    parcel = child.messages[-1]
    assert "Markedname" in await rendered(world, parcel)
    await child.say(code_on(other))
    assert "name" not in (await rendered(world, parcel)).lower().replace("names", "")
    await child.send(Kind.BUTTON, data="data:file")
    await child.send(Kind.BUTTON, data="data:all:yes")
    assert "Othername" not in await rendered(world, parcel)


async def test_nobody_erases_what_is_not_theirs(tmp_path: Path) -> None:
    """Somebody else's number in a button shows nothing and changes nothing."""
    world = World(tmp_path)
    await records.ask(world.someone("w1", "web"), name="Markedname")
    reference = await number_of(world, "interests")
    stranger = world.someone("w2", "web")
    await stranger.say("/start")
    for data in (f"answer:{reference}:name", f"answer:{reference}:name:yes", "note:1:yes", "idea:1:yes", "talk:T-1:yes",
                 "draft:yes", "99", "visit:V-1:yes", "", "answer:x:person:yes"):  # fmt: skip
        heard = await stranger.send(Kind.BUTTON, data=f"data:one:{data}")
        assert my_data.NOTHING_TO_RUB.msgid in heard
        assert "Markedname" not in heard
    assert "haven't said yes" in await stranger.send(Kind.BUTTON, data="data:noshare")
    assert await one(world, "SELECT name FROM interests") == "Markedname"
    assert await one(world, "SELECT count(*) FROM audit WHERE action LIKE 'erase%'") == 0


async def test_a_code_ends_with_everything(tmp_path: Path) -> None:
    """Return codes of whoever erased everything are not known any more, and no code an adult got for the child is."""
    world = World(tmp_path)
    child = world.someone("w1", "web")
    await records.ask(child)
    code = code_on(child)
    await child.send(Kind.BUTTON, data="data:all:yes")
    assert "I don't know that code." in await world.someone("w2", "web").say(code)
    adult = world.someone("w3", "web")
    await records.ask_for_a_child(adult)
    code = code_on(adult)
    await adult.send(Kind.BUTTON, data="data:all:yes")
    assert "I don't know that code." in await world.someone("w4", "web").say(code)
    assert await one(world, "SELECT count(*) FROM invites") == 0


async def test_a_child_who_erases_leaves_the_adult_their_answer(tmp_path: Path) -> None:
    """What an adult asked stays theirs to see as answered, without anything of the child in it."""
    world = World(tmp_path)
    adult, child = world.someone("w1", "web"), world.someone("w2", "web")
    await records.ask_for_a_child(adult, name="Markedname")
    await child.say(f"/start {code_on(adult)}")
    await child.send(Kind.BUTTON, data="data:all:yes")
    assert "the child has answered" in await adult.say("/story")
    assert await one(world, "SELECT name FROM interests") == ""
    assert "Markedname" not in await adult.say("/data")


async def test_erasing_twice_is_the_same(tmp_path: Path) -> None:
    """The same button pressed again, or by somebody of whom nothing is kept, is answered kindly."""
    world = World(tmp_path)
    child = world.someone("t1", "telegram")
    await child.say("/start")
    for _time in range(3):
        heard = await child.send(Kind.BUTTON, data="data:all:yes")
        assert erase_all.ALL_GONE.msgid in heard
        assert erase_all.SCREEN_STAYS.msgid in heard
    assert await one(world, "SELECT count(*) FROM people") == 1


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (1, 2, 0), (2, 1, 0)])
async def test_two_devices_at_once(order: Sequence[int], tmp_path: Path) -> None:
    """Words from another device in the same commit are neither lost in a failure nor kept with whoever is gone."""
    world = World(tmp_path)
    child, phone = world.someone("w1", "web"), world.someone("t1", "telegram")
    await records.ask(child, name="zebraname")
    await phone.say(code_on(child))
    events = [
        world.event("telegram", "t1", Kind.BUTTON, data="data"),
        world.event("web", "w1", Kind.BUTTON, data="data:all:yes"),
        world.event("telegram", "t1", Kind.TEXT, text="/story"),
    ]
    sent = await world.happen(*(events[number] for number in order))
    assert [parcel for parcel in sent if "zebra" in parcel.message.html] == []
    assert marks_in(tmp_path) == []
    assert await one(world, "SELECT count(*) FROM failed_events") == 0
    assert await one(world, "SELECT count(*) FROM interests WHERE person IS NULL") == 1
    async with world.database() as database, database.reading() as reader:
        assert await reader.all("PRAGMA foreign_key_check") == []


async def test_other_pages_of_theirs_close(tmp_path: Path) -> None:
    """When something is erased, a chat page open on another device ends with its transcript; a phone stays."""
    world = World(tmp_path)
    first, second = world.someone("w1", "web"), world.someone("w2", "web")
    await records.ask(first)
    await second.say(code_on(first))
    reference = await number_of(world, "interests")
    await first.send(Kind.BUTTON, data=f"data:one:answer:{reference}:wishes:yes")
    assert await one(world, "SELECT group_concat(address) FROM addresses") == "w1"
    assert await one(world, "SELECT count(*) FROM outbox WHERE address = 'w2'") == 0
    assert await one(world, "SELECT count(*) FROM outbox WHERE address = 'w1'") == 1


async def test_a_chat_page_draws_itself_anew(tmp_path: Path) -> None:
    """The answer to an erasure stands alone: the page that shows more than that is told to fetch itself again."""
    world = World(tmp_path)
    child = world.someone("w1", "web")
    await records.ask(child)
    await child.send(Kind.BUTTON, data="data:all:yes")
    *before, last = [parcel.message for parcel in child.messages]
    assert [message for message in before if message.alone] == []
    assert last.alone
    assert Outgoing.from_json(last.to_json()).alone
    assert not Outgoing.from_json('{"html": "of before", "buttons": [], "replaces": "", "document": null}').alone


async def test_the_screen_of_a_browser_is_emptied(tmp_path: Path) -> None:
    """After an erasure the open page is told to draw itself anew, and what it then draws has none of the words."""
    async with served(World(tmp_path)) as browser:
        await browser.get()
        await browser.post("/chat", text="/menu zebrafree", event=browser.event)
        await browser.post("/chat", text="/data", event="anevent-1")
        await browser.get()
        assert "zebrafree" in browser.page
        await browser.post("/chat", data="data:all", message=message_with(browser, "data:all"), event=browser.event)
        await browser.get()
        sure = {"data": "data:all:yes", "message": message_with(browser, "data:all:yes"), "after": "1"}
        answer = await browser.post("/chat", {"HX-Request": "true"}, event=browser.event, **sure)
        assert answer.headers.get("HX-Refresh") == "true"
        await browser.get()
        assert "zebrafree" not in browser.page
        assert "Everything is rubbed out." in browser.page
    assert marks_in(tmp_path) == []


@asynccontextmanager
async def served(world: World) -> AsyncIterator[Browser]:
    """A browser at the chat page of a whole bot."""
    database = await Database.open(world.settings.database.path)
    bot = Bot(world.settings, database)
    writing = asyncio.create_task(bot.intake.run())
    try:
        jar = aiohttp.CookieJar(unsafe=True)
        async with listening(bot.http) as port, aiohttp.ClientSession(cookie_jar=jar) as session:
            yield Browser(f"http://127.0.0.1:{port}", session)
    finally:
        bot.intake.stop()
        await writing
        await database.close()


def message_with(browser: Browser, data: str) -> str:
    """The message on the page that has this button."""
    found = re.findall(rf'name="message" value="(\d+)">(?:(?!<form).)*?value="{data}"', browser.page, re.DOTALL)
    return str(found[-1])


async def test_work_is_not_erased_here(tmp_path: Path) -> None:
    """Whoever has a role sees what is kept of them, keeps their account, and is told whom to ask."""
    world = World(tmp_path)
    coordinator = await staff(world)
    assert "coordinator" in await coordinator.say("/data")
    for data in ("data:all", "data:all:yes", "data:one", "data:one:draft:yes"):
        assert "please ask the council" in await coordinator.send(Kind.BUTTON, data=data)
    assert await one(world, "SELECT role FROM people") == "coordinator"


async def test_a_yes_is_taken_back_alone(tmp_path: Path) -> None:
    """The social worker is not told any more, the request goes on, and staff know it by its number."""
    world = World(tmp_path)
    coordinator, child = await staff(world), world.someone("w1", "web")
    await records.ask(child)
    reference = await number_of(world, "interests")
    await child.say("/data")
    await child.press("Take back a yes")
    assert "Don't tell my social worker" in child.buttons
    await child.press("Don't tell my social worker")
    assert plain(coordinator.last) == my_data.SHARE_TAKEN_BACK.msgid.replace("{reference}", reference)
    assert "may not be told" in await coordinator.say(f"/show {reference}")
    await child.send(Kind.BUTTON, data="data:yes")
    assert child.buttons == ["Take my request back", "What you keep about me", "Menu"]
    assert "haven't said yes" not in plain(child.last)
    assert await one(world, "SELECT status FROM interests") == "asked"
    assert await one(world, "SELECT count(*) FROM audit WHERE action = 'take_back_share'") == 1


async def test_the_visitor_can_be_told(tmp_path: Path) -> None:
    """Staff are told by number that a visitor has to know; who it was is shown to staff alone, and nothing else is."""
    world = World(tmp_path)
    coordinator, child = await staff(world), world.someone("w1", "web")
    await records.ask(child, name="Markedname")
    reference = await number_of(world, "interests")
    await has_a_visitor(world, reference)
    heard = await child.send(Kind.BUTTON, data="data:all")
    assert "so that your visitor knows" in heard
    await child.press("Yes, rub out everything")
    assert "Alex" not in plain(coordinator.last)
    heard = await coordinator.press("Who is the visitor?")
    assert "Alex" in heard
    assert "Markedname" not in heard
    assert "Alex" not in await child.send(Kind.BUTTON, data=f"erased:{reference}")
    assert await one(world, "SELECT ended_at IS NOT NULL FROM matches") == 1


async def test_what_is_asked_is_said_before(tmp_path: Path) -> None:
    """Before everything goes, they are told what stays and why; who has sent nothing is told nothing of a request."""
    world = World(tmp_path)
    child = world.someone("w1", "web")
    await child.say("/start")
    heard = await child.send(Kind.BUTTON, data="data:all")
    assert "75" not in heard
    assert "a note stays" not in heard
    await records.ask(child)
    heard = await child.send(Kind.BUTTON, data="data:all")
    for words in ("until you are 75", "For 180 days a note stays", "Copies", "I tell the coordinator its number"):
        assert words in heard
    await child.press("No, keep it")
    assert await one(world, "SELECT name FROM interests") == "Sam"


async def test_every_table_about_people_is_shown(tmp_path: Path) -> None:
    """A table that leads to a person is collected and erased here, or stands in this list with its reason."""
    others = {
        "outbox": "what is said on its way; swept",
        "invites": "a code's hash; deleted with the request it is for",
        "changes": "what staff wrote for everybody",
        "interest_events": "the road: shown as its steps",
        "interest_notes": "shown as notes",
        "talk_messages": "shown with their talk",
    }
    by_their_own_rules = ("complaint", "concern", "allegation")  # kept until a human has dealt with them (domain.md 7)
    async with World(tmp_path).database() as database, database.reading() as reader:
        tables = [row["name"] for row in await reader.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
        leads: set[str] = {"people"}
        while True:
            more = {
                table
                for table in tables
                for key in await reader.all(f"PRAGMA foreign_key_list({table})")
                if key["table"] in leads
            }
            if more <= leads:
                break
            leads |= more
    collected = {name for sql in ABOUT.values() for name in re.findall(r"FROM (\w+)", sql)}
    assert {table for table in leads - collected - others.keys() if not table.startswith(by_their_own_rules)} == set()
    assert len(leads) > 10


@given(st.lists(st.lists(st.text("ab <&\n", max_size=900), max_size=6), max_size=6))
def test_pages_lose_nothing(sections: list[list[str]]) -> None:
    """However much is kept, every line of it is on one page, in its order, and only a long line makes a long page."""
    made = [Section(Text("{n}").fill(n=number), tuple(Text("{w}").fill(w=w) for w in lines))
            for number, lines in enumerate(sections)]  # fmt: skip

    def said(text: Text) -> Markup:
        return Markup("{}").format(text.values.get("w", text.values.get("n")))

    pages = report.paged(made, said)
    expected = [str(said(line)) for section in made for line in section.lines]
    shown = "\n".join(pages)
    at = 0
    for line in expected:
        at = shown.index(line, at) + len(line)
    longest = max((len(line) for line in expected), default=0)
    assert all(len(page) <= 2 * report.LONGEST_PAGE + longest for page in pages)
