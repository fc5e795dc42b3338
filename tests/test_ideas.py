"""The ideas box, and what came of ideas (standard 4)."""

import datetime as dt
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from markupsafe import Markup

from bot.engine.message import Kind
from bot.settings import Retention
from bot.store import codes, ideas, purge
from bot.store.clock import stamp
from bot.store.database import Row, connect
from tests.conversation import Someone, World


def rows(world: World, sql: str) -> Sequence[Row]:
    with closing(connect(world.settings.database.path, reading=True)) as db:
        return db.execute(sql).fetchall()


async def coordinator(world: World) -> Someone:
    async with world.database() as database, database.writer.transaction() as writer:
        code = await codes.issue(writer, "coordinator", "", world.now)
    someone = world.someone("c")
    await someone.say(f"/start {code}")
    return someone


async def put_in(child: Someone, words: str) -> str:
    await child.say("/idea")
    return await child.say(words)


async def test_staff_learn_that_there_is_one_and_not_what(tmp_path: Path) -> None:
    """What lights up a coordinator's screen has nothing of the idea in it."""
    world = World(tmp_path)
    staff = await coordinator(world)
    await put_in(world.someone("w1", "web"), "markedwords")

    assert staff.last.html == "There is a new idea. /ideas shows it."


async def test_nobody_sees_whose_it_is(tmp_path: Path) -> None:
    """Staff see the words and the day of an idea, and nothing of the child, whose request they know."""
    world = World(tmp_path)
    staff = await coordinator(world)
    await put_in(world.someone("w1", "web"), "longer visits")
    [idea] = rows(world, "SELECT person FROM ideas")
    heard = await staff.say("/ideas")

    assert heard == "1 new idea:\n\nFriday 12 June · English\nlonger visits"
    assert idea["person"] not in heard
    assert idea["person"] not in str(staff.last)


async def test_new_ideas_come_first_and_a_few_at_once(tmp_path: Path) -> None:
    """Unread ideas are shown oldest first, the rest is a button away; then come those read before, newest first."""
    world = World(tmp_path)
    staff = await coordinator(world)
    child = world.someone("w1", "web")
    for number in range(7):
        await put_in(child, f"idea {number}")

    def shown(heard: str) -> list[str]:
        return [line.removeprefix("idea ") for line in heard.splitlines() if line.startswith("idea ")]

    assert shown(await staff.say("/ideas")) == ["0", "1", "2", "3", "4"]
    assert staff.buttons[0] == "2 more new ideas"
    assert shown(await staff.press("2 more new ideas")) == ["5", "6", "4", "3", "2"]
    assert shown(await staff.say("/ideas")) == ["6", "5", "4", "3", "2"]


async def test_what_is_typed_is_shown_as_typed(tmp_path: Path) -> None:
    """Marks of a markup language in an idea, or in what staff wrote, stay marks."""
    world = World(tmp_path)
    staff, child = await coordinator(world), world.someone("w1", "web")
    await put_in(child, "<b>loud</b> & {name}")
    await staff.say("/ideas")
    assert Markup.escape("<b>loud</b> & {name}") in staff.last.html

    await staff.press("Write what we did")
    await staff.say("<i>x</i> {you}")
    await staff.say("y & z")
    await staff.press("Publish it")
    await child.say("/changes")
    assert Markup.escape("<i>x</i> {you}") in child.last.html
    assert "y &amp; z" in child.last.html


async def test_only_the_child_can_take_an_idea_back(tmp_path: Path) -> None:
    """A button with the number of somebody else's idea, or with no number, changes nothing."""
    world = World(tmp_path)
    child, other = world.someone("w1", "web"), world.someone("w2", "web")
    await put_in(child, "markedwords")
    await put_in(other, "another")
    for data in ("idea:erase:1", "idea:erase:", "idea:erase:x", "idea:erase:" + "9" * 40):
        assert (await other.send(Kind.BUTTON, data=data)).startswith("That button is from before.")
    assert len(rows(world, "SELECT * FROM ideas")) == 2

    await child.press("Take my idea back")
    assert [row["words"] for row in rows(world, "SELECT words FROM ideas")] == ["another"]


async def test_an_idea_stays_without_its_child(tmp_path: Path) -> None:
    """A child who leaves takes nothing from the box: the idea stays, and is nobody's."""
    world = World(tmp_path)
    child = world.someone("w1", "web")
    await put_in(child, "longer visits")
    await child.send(Kind.LEFT)

    assert rows(world, "SELECT * FROM people") == []
    assert [tuple(row) for row in rows(world, "SELECT person, words FROM ideas")] == [(None, "longer visits")]


async def test_looks_and_changes_are_in_the_audit_without_words(tmp_path: Path) -> None:
    """Who read, published, took off or rubbed out which number is kept; what it said is not."""
    world = World(tmp_path)
    staff, child = await coordinator(world), world.someone("w1", "web")
    await put_in(child, "markedidea")
    await staff.say("/ideas")
    for press in (
        "Write what we did",
        "",
        "",
        "Publish it",
        "Ideas",
        "What we wrote",
        "Take 1 off",
        "Yes, take it off",
    ):
        await (staff.press(press) if press else staff.say("markedchange"))
    await child.press("Take my idea back")
    audit = rows(world, "SELECT action, subject FROM audit")

    assert [tuple(row) for row in audit if "invite" not in row["action"]] == [
        ("read_idea", "idea 1"), ("publish_change", "change 1"), ("read_idea", "idea 1"),
        ("take_off_change", "change 1"), ("erase_idea", "idea 1"),
    ]  # fmt: skip


@pytest.mark.parametrize("data", ["did:off", "did:off:x", "did:off:7", "did:off:7:yes", "did:off:" + "9" * 40, "did:?"])
async def test_a_change_that_is_not_there(tmp_path: Path, data: str) -> None:
    """A button for a change that is gone, or never was, is answered and changes nothing."""
    world = World(tmp_path)
    staff = await coordinator(world)
    async with world.database() as database, database.writer.transaction() as writer:
        await ideas.publish(writer, rows(world, "SELECT id FROM people")[0]["id"], "a", "b", stamp(world.now))

    assert await staff.send(Kind.BUTTON, data=data)
    assert len(rows(world, "SELECT * FROM changes")) == 1
    assert rows(world, "SELECT * FROM failed_events") == []


async def test_five_changes_are_shown(tmp_path: Path) -> None:
    """The latest five changes are shown, the newest first, each with its month and year."""
    world = World(tmp_path)
    child = world.someone("w1", "web")
    await child.say("/start")
    async with world.database() as database, database.writer.transaction() as writer:
        by = rows(world, "SELECT id FROM people")[0]["id"]
        for number in range(7):
            when = world.now - dt.timedelta(days=31 * (6 - number))
            await ideas.publish(writer, by, f"said {number}", f"did {number}", stamp(when))
    heard = (await child.say("/changes")).split("\n\n")[1:]

    assert [block.splitlines()[1] for block in heard] == [f"We did: did {number}" for number in (6, 5, 4, 3, 2)]
    assert [block.splitlines()[2] for block in heard][::4] == ["June 2026", "February 2026"]


async def test_an_open_form_is_not_lost(tmp_path: Path) -> None:
    """A form that was begun before waits while an idea is told, and is there again after it."""
    world = World(tmp_path)
    child = world.someone("w1", "web")
    for label in ("/interest", "me", "Robin"):
        await child.say(label)
    await put_in(child, "more football")

    assert [row["answers"] for row in rows(world, "SELECT answers FROM forms")] == [
        '{"for":"me","name":"Robin","?paused":true}'
    ]
    assert "How old are you?" in await child.press("Menu") + await child.press("Carry on with my answers")


async def test_ideas_are_kept_a_year_after_they_were_read(tmp_path: Path) -> None:
    """An idea goes when it was read a year ago, never before somebody read it; what was changed stays."""
    world = World(tmp_path)
    child = world.someone("w1", "web")
    for words in ("read long ago", "read lately", "never read"):
        await put_in(child, words)
    ago = {1: 366, 2: 364}
    async with world.database() as database, database.writer.transaction() as writer:
        for number, days in ago.items():
            await ideas.mark_read(writer, number, stamp(world.now - dt.timedelta(days=days)))
        by = rows(world, "SELECT id FROM people")[0]["id"]
        await ideas.publish(writer, by, "a", "b", "2020-01-01T09:00:00.000Z")
        deleted = await purge.run(writer, purge.limits(world.now, Retention()))

    assert deleted["ideas"] == 1
    assert [row["words"] for row in rows(world, "SELECT words FROM ideas")] == ["read lately", "never read"]
    assert len(rows(world, "SELECT * FROM changes")) == 1
