"""Visits: the child is asked before, may answer anything, says how it was, and the visitor never learns what."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.interest import Status
from bot.domain.visits import EARLIEST, LATEST, read_time, sensible
from bot.settings import Settings
from bot.store import codes, interests, matches
from bot.store.clock import stamp
from tests import records
from tests.conversation import Someone, World

SATURDAY = dt.datetime(2026, 6, 20, 13, 0, tzinfo=dt.UTC)  # 2 pm in London


@pytest.mark.parametrize(("typed", "meant"), [
    ("2pm", dt.time(14)), ("2 p.m.", dt.time(14)), ("14:00", dt.time(14)), ("14.30", dt.time(14, 30)),
    ("2", dt.time(14)), ("half 3", dt.time(15, 30)), ("half past 10", dt.time(10, 30)), ("10", dt.time(10)),
    ("at 10am", dt.time(10)), ("12pm", dt.time(12)), ("12am", dt.time(0)), ("1430", dt.time(14, 30)),
    ("4 o'clock", dt.time(16)), ("25:00", None), ("13pm", None), ("soon", None), ("", None), ("2:75", None),
])  # fmt: skip
def test_times_are_read_as_people_type_them(typed: str, meant: dt.time | None) -> None:
    """An hour from 1 to 6 is the afternoon; what is no time of day is not guessed at."""
    assert read_time(typed) == meant


@given(st.times())
def test_a_time_written_out_is_read_as_it_stands(time: dt.time) -> None:
    """From seven in the morning on, a 24-hour time is that time, and only sensible ones begin a visit."""
    read = read_time(f"{time:%H:%M}")

    assert read == (time if not 1 <= time.hour < EARLIEST.hour else time.replace(hour=time.hour + 12)).replace(
        second=0, microsecond=0
    )
    assert sensible(read) == (EARLIEST <= read <= LATEST)


async def matched(folder: Path) -> tuple[World, Someone, Someone, str]:
    """A child with a visitor called Alex, and the coordinator."""
    world = World(folder, Settings.model_validate({"telegram": {"under_16": "allow"}}))
    async with world.database() as database, database.writer.transaction() as writer:
        code = await codes.issue(writer, "coordinator", "", world.now)
    staff, child = world.someone("staff"), world.someone("child")
    await staff.say(f"/start {code}")
    await records.ask(child)
    async with world.database() as database, database.writer.transaction() as writer:
        row = await writer.one("SELECT reference, person FROM interests")
        assert row
        for to in (Status.TALKING, Status.REFERRED, Status.WAITING, Status.MATCHED):
            await interests.move(writer, row["reference"], to, row["person"], stamp(world.now))
        await matches.start(writer, "M-0000-0", row["reference"], "Alex", "Likes dogs.", stamp(world.now))
    return world, child, staff, row["reference"]


async def planned(folder: Path) -> tuple[World, Someone, Someone, str]:
    world, child, staff, reference = await matched(folder)
    await staff.send(records.BUTTON, data=f"plan:{reference}")
    await staff.say("20 June")
    await staff.press("Yes, that day")
    await staff.say("2pm")
    await staff.say("bowling")
    assert "Saturday 20 June at 2 pm" in staff.last.html
    await staff.press("Yes, ask the child")
    return world, child, staff, reference


async def rows(world: World, sql: str) -> list[tuple[object, ...]]:
    async with world.database() as database, database.reading() as reader:
        return [tuple(row) for row in await reader.all(sql)]


async def test_the_child_is_asked_and_says_yes(tmp_path: Path) -> None:
    """A visit is planned by the coordinator; the child reads who comes, when and what for, and answers with one tap."""
    world, child, staff, reference = await planned(tmp_path)

    heard = await child.press("Show me")
    assert heard.startswith("Alex would like to see you on Saturday 20 June at 2 pm.\n\nThe plan: bowling")
    assert child.buttons[:4] == ["Yes", "Another day", "I don't want to", "I don't feel safe"]
    await child.press("Yes")
    assert await rows(world, "SELECT child_said, planned_for FROM visits") == [("yes", stamp(SATURDAY))]
    assert f"{reference}: the child has answered about a visit." in staff.last.html


async def test_another_day_may_be_named_or_not(tmp_path: Path) -> None:
    """Another day is fine, with or without saying which, and can be chosen after a yes."""
    world, child, _staff, _reference = await planned(tmp_path)
    await child.press("Show me")
    await child.press("Yes")
    await child.press("Another day")

    assert "Which day would be better?" in child.last.html
    await child.say("sunday after lunch")
    assert await rows(world, "SELECT child_said, child_words FROM visits") == [("another_day", "sunday after lunch")]


async def test_no_needs_no_reason_and_offers_more(tmp_path: Path) -> None:
    """Who does not want the visit says so with one tap, and may ask for another visitor or stop."""
    world, child, staff, reference = await planned(tmp_path)
    await child.press("Show me")
    await child.press("I don't want to")

    assert child.buttons[:2] == ["Ask for another visitor", "Stop the visits"]
    await child.press("Ask for another visitor")
    await child.press("Yes, another visitor")
    assert await rows(world, "SELECT kind, words FROM interest_notes") == [("another_visitor", "")]
    assert f"{reference}: the child has a wish" in staff.last.html


async def test_not_feeling_safe_shows_who_helps_and_tells_the_coordinator(tmp_path: Path) -> None:
    """The fourth button leads to the help lines at once; the coordinator is told without a word of it."""
    world, child, staff, _reference = await planned(tmp_path)
    await child.press("Show me")
    heard = await child.press("I don't feel safe")

    assert "0800 1111" in heard
    assert "You don't have to go to this visit. The coordinator is told that too." in heard
    assert any("does not feel safe about a visit. Please look now." in parcel.message.html for parcel in staff.messages)
    assert await rows(world, "SELECT child_said FROM visits") == [("not_safe",)]


async def test_afterwards_one_face_is_enough(tmp_path: Path) -> None:
    """Some hours after the visit the child is asked once; an unhappy face reaches the coordinator and no one else."""
    world, child, staff, reference = await planned(tmp_path)
    world.now = SATURDAY + dt.timedelta(hours=2)
    await world.look()
    before = len(child.messages)
    world.now = SATURDAY + dt.timedelta(hours=3, minutes=1)
    await world.look()
    await world.look()

    assert len(child.messages) == before + 1
    assert "How was it with Alex on Saturday 20 June?" in await child.press("Show me")
    told = len(staff.messages)
    await child.press("😢")
    assert await rows(world, "SELECT child_face, child_missed FROM visits") == [(1, 0)]
    assert len(staff.messages) == told + 1
    assert f"{reference}: the last visit was not good" in staff.last.html
    assert "Ask for another visitor" in child.buttons
    await child.press("😊")
    assert await rows(world, "SELECT child_face FROM visits") == [(4,)]
    assert len(staff.messages) == told + 1


async def test_a_visit_that_did_not_happen_is_told(tmp_path: Path) -> None:
    """A child who waited in vain is told that it is not because of them, and the coordinator knows."""
    world, child, staff, _reference = await planned(tmp_path)
    world.now = SATURDAY + dt.timedelta(hours=4)
    await world.look()
    await child.press("Show me")
    heard = await child.press("It didn't happen")

    assert "It's not because of you." in heard
    assert "did not happen" in staff.last.html
    assert await rows(world, "SELECT child_face, child_missed FROM visits") == [(None, 1)]


async def test_a_visit_called_off_is_said_kindly(tmp_path: Path) -> None:
    """The coordinator calls a visit off; the child reads that it is not because of them, from old buttons as well."""
    _world, child, staff, _reference = await planned(tmp_path)
    reference = staff.last.html.split("Planned: ")[1].split(" ")[0]
    await staff.send(records.BUTTON, data=f"calloff:{reference}")
    await staff.press("Yes, call it off")
    heard = await child.press("Show me")

    assert "It's not because of you." in heard
    assert "It's not because of you." in await child.send(records.BUTTON, data=f"visit:{reference}:yes")
    assert "There is no such visit any more." in await staff.send(records.BUTTON, data=f"calloff:{reference}:yes")


async def test_impossible_plans_are_caught_kindly(tmp_path: Path) -> None:
    """Past days, hours of the night, two visits at once and a child without a visitor are no plans."""
    world, _child, staff, reference = await planned(tmp_path)
    await staff.send(records.BUTTON, data=f"plan:{reference}")
    for typed, heard in (("1 June 2020", "That day is over"), ("20 June", "Saturday 20 June")):
        assert heard in await staff.say(typed)
    await staff.press("Yes, that day")
    for typed, heard in (("noonish", "I need a time"), ("3am", "between 7 am and 8 pm"), ("half 2", "Skip")):
        answer = await staff.say(typed)
        assert heard in answer or heard in staff.buttons
    await staff.press("Skip")
    assert "There is a visit planned at about that time" in await staff.press("Yes, ask the child")
    assert len(await rows(world, "SELECT * FROM visits")) == 1
    assert "there is no visitor at the moment" in await staff.send(records.BUTTON, data="plan:IV-0000-0")


async def test_nobody_elses_visit_is_shown(tmp_path: Path) -> None:
    """A reference that is somebody else's shows nothing and changes nothing."""
    world, _child, staff, _reference = await planned(tmp_path)
    reference = staff.last.html.split("Planned: ")[1].split(" ")[0]
    stranger = world.someone("stranger", "web")
    await stranger.say("/start")

    assert "Alex" not in await stranger.send(records.BUTTON, data=f"visit:{reference}:no")
    assert "Alex" not in await stranger.send(records.BUTTON, data=f"face:{reference}:1")
    assert await rows(world, "SELECT child_said, child_face FROM visits") == [("", None)]


async def test_the_visits_can_be_stopped_without_a_reason(tmp_path: Path) -> None:
    """With a goodbye or without, one tap each; the coordinator is told that there is a wish, not what."""
    world, child, _staff, _reference = await planned(tmp_path)
    await child.press("Show me")
    await child.press("I don't want to")
    await child.press("Stop the visits")

    assert child.buttons[:3] == ["Stop, and say goodbye first", "Stop, without a goodbye", "No, keep it as it is"]
    heard = await child.press("Stop, and say goodbye first")
    assert "You can ask for a visitor again any day." in heard
    assert await rows(world, "SELECT kind, words FROM interest_notes") == [("stop", "goodbye")]


async def test_a_wish_about_the_visitor_before_is_not_one_about_the_next(tmp_path: Path) -> None:
    """An old yes to another visitor, or to stopping, asks again when somebody else comes now."""
    world, child, _staff, reference = await matched(tmp_path)
    await child.press("My request")
    await child.press("Ask for another visitor")
    await child.press("story")
    await child.press("Stop the visits")
    async with world.database() as database, database.writer.transaction() as writer:
        await matches.end(writer, reference, stamp(world.now))
        await matches.start(writer, "M-0000-1", reference, "Kim", "", stamp(world.now))

    assert "Kim is not told" in await child.press("Yes, another visitor")
    assert (await child.send(records.BUTTON, data="stopvisits:now:M-0000-0")).startswith("Would you like the visits")
    assert await rows(world, "SELECT 1 FROM interest_notes") == []


async def test_what_was_said_of_a_day_goes_with_the_request(tmp_path: Path) -> None:
    """Whoever takes their request back leaves no word about a visit behind."""
    world, child, _staff, _reference = await planned(tmp_path)
    await child.say("/story")
    await child.press("My next visit")
    await child.press("Another day")
    await child.say("markedwords")
    assert await rows(world, "SELECT child_words FROM visits") == [("markedwords",)]
    await child.say("/story")
    await child.press("Take my request back")
    await child.press("Yes, take it back")

    assert await rows(world, "SELECT child_words FROM visits") == [("",)]
