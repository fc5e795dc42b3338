"""Talking to a person: nothing is lost, nobody is pretended to be there, and only the right eyes see it."""

import datetime as dt
from pathlib import Path

import pytest

from bot.engine.message import Kind, Outgoing
from bot.settings import Settings
from bot.store import codes, purge
from bot.store.database import Database, Row
from bot.store.talks import Reach
from handlers import menu, talk
from handlers.hours import CANNOT_WAIT
from handlers.staff import talks as staff_talks
from tests import records
from tests.conversation import Someone, World, plain

SECRET = "markedwords of a child"


def service(folder: Path, *, at: str = "2026-06-12T09:00", hours: str = "Monday to Thursday, 9 to 3") -> World:
    """A service with these hours, at a moment of UTC."""
    settings = Settings.model_validate({"contacts": {"coordinator": {"name": "the coordinator", "hours": hours}}})
    return World(folder, settings, now=dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC))


async def coordinator(world: World, address: str = "s1", name: str = "") -> Someone:
    async with world.database() as database, database.writer.transaction() as writer:
        code = await codes.issue(writer, "coordinator", name, world.now)
    someone = world.someone(address)
    await someone.say(f"/start {code}")
    return someone


async def begin(child: Someone, words: str = SECRET, way: str = "here in this chat") -> str:
    """A child goes all the way; what they are told at the end."""
    await child.say("/talk")
    await child.say(words)
    heard = await child.say(way)
    return heard + (await child.press("I've saved it") if child.buttons == ["I've saved it"] else "")


async def rows(world: World, sql: str) -> list[Row]:
    async with world.database() as database, database.reading() as reader:
        return await reader.all(sql)


async def reference(world: World) -> str:
    return str((await rows(world, "SELECT reference FROM talks"))[0]["reference"])


def rung(someone: Someone) -> int:
    return sum(plain(parcel.message) == talk.NEW_TALK.msgid for parcel in someone.messages)


@pytest.mark.parametrize(("at", "said"), [
    ("2026-06-13T09:00", "It is Saturday now. So they can see this on Monday 15 June at 9 am at the earliest."),
    ("2026-06-14T20:00", "It is Sunday now. So they can see this tomorrow at 9 am at the earliest."),
    ("2026-06-15T06:30", "It is Monday now. So they can see this today at 9 am at the earliest."),
    ("2026-06-15T08:00", "So they can see this today at the earliest."),
    ("2026-05-22T08:00", "They are off on bank holidays. It is Friday now. So they can see this on Tuesday 26 May"),
])  # fmt: skip
async def test_when_somebody_can_see_it_is_said_before_the_first_word(tmp_path: Path, at: str, said: str) -> None:
    """Before they type anything a child learns who reads it, when they work and when they can see it."""
    heard = await service(tmp_path, at=at).someone("c").say("/talk")

    assert "The coordinator and their manager read what you write." in heard
    assert "They work Monday to Thursday, 9 am to 3 pm." in heard
    assert said in heard
    assert heard.index(said) < heard.index(talk.MESSAGE.msgid)


@pytest.mark.parametrize(("at", "hours", "times"), [
    ("2026-06-13T09:00", "Monday to Thursday, 9 to 3", 1),
    ("2026-06-15T22:00", "Monday to Thursday, 9 to 3", 1),
    ("2026-06-15T10:00", "Monday to Thursday, 9 to 3", 0),
    ("2026-06-13T03:00", "always", 0),
    ("2026-06-15T10:00", "", 1),
])  # fmt: skip
async def test_outside_hours_a_child_learns_who_is_there_meanwhile(
    tmp_path: Path, at: str, hours: str, times: int
) -> None:
    """Childline is named when nobody can be expected to look now; nobody is ever said to be there."""
    heard = await begin(service(tmp_path, at=at, hours=hours).someone("c"))

    assert heard.count(CANNOT_WAIT.msgid) == times
    assert "are there now" not in heard


async def test_staff_are_told_without_a_word_of_it(tmp_path: Path) -> None:
    """Every coordinator and manager learns that somebody would like to talk, and nothing else."""
    world = service(tmp_path)
    staff = [await coordinator(world, address) for address in ("s1", "s2")]
    child = world.someone("c", "web")
    await begin(child)

    assert [rung(someone) for someone in staff] == [1, 1]
    assert not any(SECRET in parcel.message.html for someone in staff for parcel in someone.messages)
    assert all(not line["by_staff"] for line in await rows(world, "SELECT by_staff FROM talk_messages"))


async def test_ten_lines_ring_once_while_nobody_has_read_them(tmp_path: Path) -> None:
    """A child who writes on and on is told to staff once; again only after they have read what was there."""
    world = service(tmp_path)
    staff, child = await coordinator(world), world.someone("c")
    await begin(child)
    for number in range(9):
        await child.press("Talk to a person") if "Talk to a person" in child.buttons else await child.say("/talk")
        await child.press("Add something")
        await child.say(f"line {number}")
    assert rung(staff) == 1

    heard = await staff.press("Talks")
    assert "not read yet" in heard
    shown = await staff.press(await reference(world))
    assert [f"line {number}" in shown for number in range(9)] == [True] * 9
    await child.say("/talk")
    await child.press("Add something")
    await child.say("one more")
    assert rung(staff) == 2
    assert len(await rows(world, "SELECT 1 FROM talks")) == 1


async def test_every_look_and_every_answer_is_in_the_audit(tmp_path: Path) -> None:
    """Who read a talk, answered it, or answered in another way is kept, without content."""
    world = service(tmp_path)
    staff, child = await coordinator(world), world.someone("c")
    await begin(child, way="at school")
    number = await reference(world)
    await staff.say(f"/talks {number}")
    await staff.press("I've answered another way")
    await child.say("/talk")
    await child.press("Write back")
    await child.say("thanks")
    await staff.say(f"/talks {number}")

    done = await rows(world, "SELECT action, subject FROM audit WHERE action LIKE '%talk%'")
    assert [(row["action"], row["subject"]) for row in done] == [
        ("read_talk", number), ("answer_talk", number), ("read_talk", number),
    ]  # fmt: skip


async def test_a_talk_is_shown_to_nobody_else(tmp_path: Path) -> None:
    """Somebody else's number in a button or a command shows nothing, to whatever guest."""
    world = service(tmp_path)
    staff, child, other = await coordinator(world), world.someone("c"), world.someone("o")
    await begin(child)
    number = await reference(world)
    await staff.say(f"/talks {number}")
    await staff.press("Answer here")
    await staff.say("markedanswer")
    await begin(other, "mine")

    for data in (
        f"talk:{number}",
        "talk:T-0000-0",
        "talk:x",
        f"talks:{number}",
        f"talks:answer:{number}",
        "talk:more:x",
    ):
        heard = await other.send(Kind.BUTTON, data=data)
        assert heard in {menu.STALE.msgid, menu.UNKNOWN.msgid}, data
    assert "markedanswer" in await child.send(Kind.BUTTON, data=f"talk:{number}")


async def test_an_old_button_of_a_talk_that_is_gone(tmp_path: Path) -> None:
    """Whoever presses a button of a talk that there is no more is answered kindly, child or staff."""
    world = service(tmp_path)
    staff, child = await coordinator(world), world.someone("c")
    await begin(child)
    number = await reference(world)
    await staff.say(f"/talks {number}")
    await staff.press("Answer here")
    await child.say("/talk")
    await child.press("Add something")
    async with world.database() as database, database.writer.transaction() as writer:
        await writer.run("DELETE FROM talks")

    assert menu.STALE.msgid in await child.say("too late")
    assert menu.STALE.msgid in await child.send(Kind.BUTTON, data="talk:way")
    assert staff_talks.NO_SUCH.msgid in await staff.say("too late as well")
    assert staff_talks.NO_SUCH.msgid in await staff.send(Kind.BUTTON, data=f"talks:other:{number}")


async def test_whoever_left_the_page_finds_the_answer_with_their_code(tmp_path: Path) -> None:
    """An answer here waits for the child's code, and then is on their screen as a neutral line with a button."""
    world = service(tmp_path)
    staff, child = await coordinator(world), world.someone("w1", "web")
    await child.say("/talk")
    await child.say(SECRET)
    code = (await child.say("here in this chat")).split("\n\n")[2]
    await child.press("I've saved it")
    await child.send(Kind.LEFT)
    number = await reference(world)
    assert staff_talks.REACHED[Reach.LATER].msgid in await staff.say(f"/talks {number}")
    await staff.press("Answer here")
    await staff.say("markedanswer")

    again = world.someone("w2", "web")
    await again.say(f"/start {code}")
    waiting = await rows(world, "SELECT body FROM outbox WHERE address = 'w2' AND body LIKE '%talk:%'")
    message = Outgoing.from_json(waiting[0]["body"])
    assert plain(message) == "You have a message here."
    assert "markedanswer" in await again.send(Kind.BUTTON, data=message.buttons[0][0].data)


async def test_who_cannot_be_reached_is_said_when_answering(tmp_path: Path) -> None:
    """A page left without a code: the coordinator learns that an answer here reaches nobody; the words are kept."""
    world = service(tmp_path)
    staff, child = await coordinator(world), world.someone("w1", "web")
    await child.say("/talk")
    await child.say(SECRET)
    await child.say("here in this chat")
    async with world.database() as database, database.writer.transaction() as writer:
        await writer.run("DELETE FROM receipts")
    await child.send(Kind.LEFT)

    shown = await staff.say(f"/talks {await reference(world)}")
    assert SECRET in shown
    assert staff_talks.REACHED[Reach.NEVER].msgid in shown
    assert staff_talks.REACHED[Reach.NEVER].msgid in await staff.press("Answer here")


async def test_one_return_code_is_enough(tmp_path: Path) -> None:
    """Who has a code already, or is answered elsewhere, or is on Telegram, is not given one."""
    world = service(tmp_path)
    asked, at_school, on_telegram = world.someone("w1", "web"), world.someone("w2", "web"), world.someone("t1")
    await records.ask(asked)
    before = len(await rows(world, "SELECT 1 FROM receipts"))
    for child, way in ((asked, "here in this chat"), (at_school, "at school"), (on_telegram, "here in this chat")):
        await child.say("/talk")
        await child.say("hello")
        await child.say(way)
        assert "I've saved it" not in child.buttons

    assert len(await rows(world, "SELECT 1 FROM receipts")) == before == 1


async def test_a_coordinator_can_write_first(tmp_path: Path) -> None:
    """From a request: the child gets a neutral line and can write back; where there was no yes, nothing is sent."""
    world = service(tmp_path)
    staff, child, declined = await coordinator(world), world.someone("w1", "web"), world.someone("w2", "web")
    await records.ask(child)
    await records.ask(declined, send="No, don't send them")
    requests = await rows(world, "SELECT reference, status FROM interests ORDER BY status")
    asked, said_no = (str(row["reference"]) for row in requests)

    heard = await staff.send(Kind.BUTTON, data=f"write:{asked}")
    assert "They have not chosen this chat as a safe way to reach them. They chose: At school." in heard
    assert "sent." in await staff.say("Shall we meet?")
    assert plain(child.last) == "You have a message here."
    assert "Shall we meet?" in await child.press("Show me")
    await child.press("Write back")
    await child.say("yes")
    assert asked in await staff.press("Talks")
    assert "yes" in await staff.press(await reference(world))
    for data in (f"write:{said_no}", "write:IV-0000-0", "write:x"):
        await staff.send(Kind.BUTTON, data=data)
        assert "Stop" not in staff.buttons


async def test_a_talk_waits_for_a_human_for_ever_and_is_then_forgotten(tmp_path: Path) -> None:
    """Retention never takes a talk that waits; 30 days after the last word it is gone, and so is who nobody knows."""
    world = service(tmp_path)
    staff, child = await coordinator(world), world.someone("w1", "web")
    await begin(child, way="at school")
    await child.send(Kind.LEFT)
    number = await reference(world)
    await purged(world, days=400)
    assert await reference(world) == number

    await staff.say(f"/talks {number}")
    await staff.press("I've answered another way")
    await purged(world, days=29)
    assert await reference(world) == number
    await purged(world, days=2)
    assert await rows(world, "SELECT 1 FROM talks UNION SELECT 1 FROM talk_messages") == []
    assert await rows(world, "SELECT 1 FROM people WHERE role = 'guest'") == []


async def purged(world: World, *, days: int) -> None:
    world.now += dt.timedelta(days=days)
    database = await Database.open(world.settings.database.path)
    async with database.writer.transaction() as writer:
        await purge.run(writer, purge.limits(world.now, world.settings.retention))
    await database.close()


async def test_two_devices_have_one_talk(tmp_path: Path) -> None:
    """What was begun on one device is gone on with on the other; nothing opens a second talk."""
    world = service(tmp_path)
    phone, laptop = world.someone("t1"), world.someone("w1", "web")
    await laptop.say("/talk")
    await laptop.say("from the laptop")
    code = (await laptop.say("here in this chat")).split("\n\n")[2]
    await laptop.press("I've saved it")
    await phone.say(f"/start {code}")
    assert "You asked on Friday 12 June." in await phone.say("/talk")
    await phone.press("Add something")
    await phone.say("from the phone")

    said = await rows(world, "SELECT words FROM talk_messages ORDER BY id")
    assert [row["words"] for row in said] == ["from the laptop", "from the phone"]


async def test_a_form_that_waits_is_gone_on_with(tmp_path: Path) -> None:
    """However often a child goes to and fro between two forms, neither loses an answer, and nothing piles up."""
    world = service(tmp_path)
    child = world.someone("c", "web")
    await child.say("/start")
    await child.press("I'd like one")
    await child.press("Me")
    await child.say("Robin")
    await child.say("/talk")
    await child.say("hello")
    sizes = set()
    for _again in range(4):
        assert "How old are you?" in await child.say("/interest")
        assert "safe for you" in await child.say("/talk")
        sizes.add((await rows(world, "SELECT length(answers) AS n FROM forms"))[0]["n"])
    assert len(sizes) == 1

    await child.say("at school")
    assert "How old are you?" in await child.press("Carry on with my answers")
    await child.say("/stop")
    await child.press("Rub my answers out")
    assert await rows(world, "SELECT * FROM forms") == []
    assert [row["words"] for row in await rows(world, "SELECT words FROM talk_messages")] == ["hello"]


async def test_danger_comes_before_too_many_words(tmp_path: Path) -> None:
    """Ten thousand characters of danger: who can help comes first, and the form asks again."""
    world = service(tmp_path)
    child = world.someone("c")
    await child.say("/talk")
    heard = await child.say("he hits me " * 1000)
    assert "0800 1111" in heard
    assert talk.KEPT.msgid.split("{", maxsplit=1)[0] not in heard
    assert talk.MESSAGE.msgid in await child.press("Carry on with my answers")


async def test_who_answered_is_named_to_colleagues_alone(tmp_path: Path) -> None:
    """Staff see who of them answered and whether it was read; the child hears of the coordinator, not of a name."""
    world = service(tmp_path)
    one, two = await coordinator(world, "s1", "Markedname"), await coordinator(world, "s2")
    child = world.someone("c")
    await begin(child)
    number = await reference(world)
    await one.say(f"/talks {number}")
    await one.press("Answer here")
    await one.say("Hello.")

    assert "Markedname (not read yet)" in await two.say(f"/talks {number}")
    assert "Markedname" not in await child.press("Show me")
    assert "Markedname (read)" in await two.say(f"/talks {number}")
    assert "you (read)" in await one.say(f"/talks {number}")


async def test_danger_under_a_picture_is_passed_on_as_it_was_written(tmp_path: Path) -> None:
    """The words under it reach the coordinator, not the name of what they stood under."""
    world = service(tmp_path)
    child = world.someone("child", "web")
    await begin(child)
    await child.press("I've saved it")
    await child.say("/talk")
    await child.press("Add something")

    await child.send(Kind.UNREADABLE, text="photo", data="he hits me every night")

    said = [row["words"] for row in await rows(world, "SELECT words FROM talk_messages ORDER BY id")]
    assert said == [SECRET, "he hits me every night"]


async def test_an_answer_is_not_lost_behind_other_news(tmp_path: Path) -> None:
    """Who opens only the newest of several messages finds a button to the answer under it, until they have read it."""
    world = World(tmp_path, Settings.model_validate({"telegram": {"under_16": "allow"}}))
    child, staff = world.someone("child"), await coordinator(world)
    await records.ask(child)
    await begin(child)
    await staff.say(f"/talks {await reference(world)}")
    await staff.press("Answer here")
    await staff.say("markedanswer")
    await child.say("/story")
    assert "markedanswer" in await child.press("Read the other message")
    await child.say("/story")
    assert "Read the other message" not in child.buttons
