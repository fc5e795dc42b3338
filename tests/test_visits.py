"""Visits: the child is asked before, may answer anything, says how it was, and the visitor never learns what."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.visits import EARLIEST, LATEST, Said, read_time, sensible
from bot.engine.message import Document
from bot.store import matches
from bot.store.clock import stamp
from tests import records
from tests.visiting import SATURDAY, Visiting, heard


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


async def asked(folder: Path) -> Visiting:
    """Alex has planned a visit for Saturday at 2, so the child is asked."""
    made = await Visiting.open(folder)
    await made.alex_plans()
    return made


async def test_the_child_is_asked_and_says_yes(tmp_path: Path) -> None:
    """A visit is confirmed by the visitor; the child reads who comes, when and what for, and answers with one tap."""
    made = await asked(tmp_path)

    said = await made.child.press("Show me")
    assert said.startswith("Alex would like to see you on Saturday 20 June at 2 pm.\n\nThe plan: bowling")
    assert made.child.buttons[:4] == ["Yes", "Another day", "I don't want to", "I don't feel safe"]
    await made.child.press("Yes")
    assert await made.rows("SELECT child_said, planned_for FROM visits") == [("yes", stamp(SATURDAY))]
    assert f"{made.request}: the child has answered about a visit." in made.staff.last.html


async def test_the_child_hears_of_nothing_that_is_not_confirmed(tmp_path: Path) -> None:
    """Planned by the coordinator, a visit is no news to the child, on no screen, before its visitor has said yes."""
    made = await Visiting.open(tmp_path)
    visit = await made.staff_plan()

    assert made.child.messages == []
    assert "no visit planned" in await made.child.send(records.BUTTON, data="visit")
    assert "no visit planned" in await made.child.send(records.BUTTON, data=f"visit:{visit}")
    assert "no visit planned" in await made.child.send(records.BUTTON, data=f"visit:{visit}:yes:0")
    assert "20 June" not in await made.child.say("/story")
    assert await made.rows("SELECT child_said FROM visits") == [("",)]
    assert await made.rows("SELECT reference FROM visits_told") == []
    await made.alex.press("I'll be there")
    assert "Saturday 20 June at 2 pm" in await made.child.press("Show me")


async def test_another_day_may_be_named_or_not(tmp_path: Path) -> None:
    """Another day is fine, with or without saying which; who reads it is said before, and the visitor hears no word."""
    made = await asked(tmp_path)
    await made.child.press("Show me")
    await made.child.press("Yes")
    question = await made.child.press("Another day")

    assert "Which day would be better? The coordinator and your visitor can read it." in question
    assert heard(made.alex)[-1] == "The visit on Saturday 20 June at 2 pm: another day is wanted."
    await made.child.say("sunday after lunch")
    assert await made.rows("SELECT child_said, child_words FROM visits") == [("another_day", "sunday after lunch")]
    shown = await made.alex.press("Show me")
    assert "Sam would like another day." in shown
    assert "They wrote: sunday after lunch" in shown


async def test_from_another_day_back_to_yes(tmp_path: Path) -> None:
    """As long as nothing new was planned the child may say yes after all, and the visitor hears that it stands."""
    made = await asked(tmp_path)
    await made.child.press("Show me")
    await made.child.press("Another day")
    await made.child.say("sunday after lunch")
    await made.child.send(records.BUTTON, data="visit")
    await made.child.press("Yes")

    assert await made.rows("SELECT child_said, child_words FROM visits") == [("yes", "")]
    assert heard(made.alex)[-1] == "The visit on Saturday 20 June at 2 pm: the day is fine after all."


async def test_no_needs_no_reason_and_offers_more(tmp_path: Path) -> None:
    """Who does not want the visit says so with one tap: it is off, and they may ask for another visitor or stop."""
    made = await asked(tmp_path)
    await made.child.press("Show me")
    said = await made.child.press("I don't want to")

    assert "The visit on Saturday 20 June will not happen." in said
    assert await made.rows("SELECT status, cancelled_by, child_said FROM visits") == [("cancelled", "child", "no")]
    assert made.child.buttons[:2] == ["Ask for another visitor", "Stop the visits"]
    await made.child.press("Ask for another visitor")
    await made.child.press("Yes, another visitor")
    assert await made.rows("SELECT kind, words FROM interest_notes") == [("another_visitor", "")]
    assert f"{made.request}: the child has a wish" in made.staff.last.html
    assert "the child: does not want to" in await made.staff.say(f"/show {made.request}")


@pytest.mark.parametrize("label", ["I don't want to", "I don't feel safe"])
async def test_the_visitor_never_learns_which_no_it_was(tmp_path: Path, label: str) -> None:
    """Whatever the child said, the visitor reads the same words, unasked and when they look."""
    made = await asked(tmp_path)
    await made.child.press("Show me")
    before = len(made.alex.messages)
    await made.child.press(label)
    off = "The visit on Saturday 20 June at 2 pm is off. The coordinator will be in touch."

    assert heard(made.alex, before) == [off]
    assert made.alex.last.document == Document("visit", "ics", (await made.visit()).reference)
    assert await made.alex.press("Show me") == off
    assert made.alex.buttons == ["Calendar file", "Talk to the coordinator", "Menu"]
    assert "is over" not in await made.alex.send(
        records.BUTTON, data=made.alex.messages[before].message.buttons[0][0].data
    )


async def test_not_feeling_safe_shows_who_helps_and_tells_the_coordinator(tmp_path: Path) -> None:
    """The fourth button leads to the help lines at once, and the visit is off; the coordinator reads no word of it."""
    made = await asked(tmp_path)
    await made.child.press("Show me")
    said = await made.child.press("I don't feel safe")

    assert "0800 1111" in said
    assert "You don't have to go to this visit. The coordinator is told that too." in said
    assert "The visit on Saturday 20 June is off. I don't tell Alex why." in said
    assert any("does not feel safe about a visit. Please look now." in text for text in heard(made.staff))
    assert await made.rows("SELECT child_said, status FROM visits") == [("not_safe", "cancelled")]
    assert await made.rows("SELECT source FROM concerns") == [("visit",)]


@pytest.mark.parametrize("when", ["cancelled", "moved", "over", "paused"])
async def test_the_oldest_button_still_helps_who_does_not_feel_safe(tmp_path: Path, when: str) -> None:
    """Whatever became of the visit meanwhile: somebody is told. Only a visit to come is called off."""
    made = await asked(tmp_path)
    await made.child.press("Show me")
    if when == "moved":
        await made.alex.press("I need to move it")
        await made.alex.say("sunday 21 june 3pm")
        await made.alex.press("Yes, that's it")
    elif when == "over":
        made.world.now = SATURDAY + dt.timedelta(hours=1)
    else:
        await made.run(f"UPDATE visits SET status = '{when}'")
    assert "0800 1111" in await made.child.press("I don't feel safe")
    assert await made.rows("SELECT source FROM concerns") == [("visit",)]
    expected = {"cancelled": "cancelled", "moved": "cancelled", "over": "planned", "paused": "paused"}[when]
    assert (await made.visit()).status == expected


FINAL = {"I don't want to": Said.NO, "I don't feel safe": Said.NOT_SAFE}
OPEN = {"Yes": Said.YES, "Another day": Said.ANOTHER_DAY}


@pytest.mark.parametrize("first", [*OPEN, *FINAL])
@pytest.mark.parametrize("second", [*OPEN, *FINAL])
async def test_every_answer_after_every_other(tmp_path: Path, first: str, second: str) -> None:
    """What was said last counts; a visit that is off stays off, and every press is answered."""
    made = await asked(tmp_path)
    shown = made.child.messages
    await made.child.press("Show me")
    buttons = {button.label: button.data for row in made.child.last.buttons for button in row}
    for label in (first, second):
        assert await made.child.send(records.BUTTON, data=buttons[label])
    visit = await made.visit()
    assert shown
    if first in FINAL:
        assert (visit.status, visit.child_said) == ("cancelled", FINAL[first])
    elif second in FINAL:
        assert (visit.status, visit.child_said) == ("cancelled", FINAL[second])
    else:
        assert (visit.status, visit.child_said) == ("planned", OPEN[second])
    assert await made.failures() == []


async def test_a_yes_to_what_was_moved_is_no_yes(tmp_path: Path) -> None:
    """The button of the time before shows the new one, and says nothing for the child."""
    made = await asked(tmp_path)
    await made.child.press("Show me")
    old = made.child.last.buttons[0][0].data
    await made.alex.press("I need to move it")
    await made.alex.say("sunday 21 june 3pm")
    await made.alex.press("Yes, that's it")
    said = await made.child.send(records.BUTTON, data=old)

    assert "Something has changed since you last looked." in said
    assert "Alex can't come on Saturday 20 June. It's not because of you." in said
    assert "Alex said Sunday 21 June at 3 pm could work." in said
    assert await made.rows("SELECT child_said FROM visits") == [("",)]


async def test_no_other_day_is_looked_for_with_an_earlier_visitor(tmp_path: Path) -> None:
    """The match ended, and the next visitor is here: an old button does not promise the earlier one."""
    made = await Visiting.open(tmp_path)
    visit = await made.alex_plans()
    made.world.now += dt.timedelta(hours=1)
    async with made.world.database() as database, database.writer.transaction() as writer:
        await matches.end(writer, made.request, stamp(made.world.now))
        await records.add_match(writer, made.request, "Bea", made.world.now)
    heard = await made.child.send(records.BUTTON, data=f"visit:{visit}")
    assert "will not happen. It's not because of you." in heard
    assert "another day" not in heard


async def test_how_it_was_is_not_asked_at_night(tmp_path: Path) -> None:
    """A visit in the evening ends in quiet hours: the child is asked in the morning."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans("20 June at 7pm")
    await made.at(SATURDAY + dt.timedelta(hours=5))
    before = len(made.child.messages)
    await made.at(SATURDAY + dt.timedelta(hours=9))
    assert len(made.child.messages) == before
    await made.at(SATURDAY + dt.timedelta(hours=19))
    assert "How was it with Alex on Saturday 20 June?" in await made.child.press("Show me")


async def test_afterwards_one_face_is_enough(tmp_path: Path) -> None:
    """Some hours after the visit the child is asked once; an unhappy face reaches the coordinator and no one else."""
    made = await asked(tmp_path)
    world, child, staff, reference = made.world, made.child, made.staff, made.request
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
    assert await made.rows("SELECT child_face, child_missed FROM visits") == [(1, 0)]
    assert len(staff.messages) == told + 1
    assert f"{reference}: the last visit was not good" in staff.last.html
    assert "Ask for another visitor" in child.buttons
    await child.press("😊")
    assert await made.rows("SELECT child_face FROM visits") == [(4,)]
    assert len(staff.messages) == told + 1


async def test_a_visit_that_did_not_happen_is_told(tmp_path: Path) -> None:
    """A child who waited in vain is told that it is not because of them, and the coordinator knows."""
    made = await asked(tmp_path)
    world, child, staff = made.world, made.child, made.staff
    world.now = SATURDAY + dt.timedelta(hours=4)
    await world.look()
    await child.press("Show me")
    heard = await child.press("It didn't happen")

    assert "It's not because of you." in heard
    assert "did not happen" in staff.last.html
    assert await made.rows("SELECT child_face, child_missed FROM visits") == [(None, 1)]


async def test_a_visit_called_off_is_said_kindly(tmp_path: Path) -> None:
    """The coordinator calls a visit off; the child reads that it is not because of them, from old buttons as well."""
    made = await asked(tmp_path)
    visit = (await made.visit()).reference
    await made.staff.send(records.BUTTON, data=f"calloff:{visit}")
    await made.staff.press("Yes, call it off")
    said = await made.child.press("Show me")

    assert "It's not because of you." in said
    assert "It's not because of you." in await made.child.send(records.BUTTON, data=f"visit:{visit}:yes:0")
    assert heard(made.alex)[-1].startswith("The visit on Saturday 20 June at 2 pm is off.")
    assert "There is no such visit any more." in await made.staff.send(records.BUTTON, data=f"calloff:{visit}:yes")


async def test_nobody_elses_visit_is_shown(tmp_path: Path) -> None:
    """A reference that is somebody else's shows nothing and changes nothing."""
    made = await asked(tmp_path)
    world = made.world
    reference = (await made.visit()).reference
    stranger = world.someone("stranger", "web")
    await stranger.say("/start")

    assert "Alex" not in await stranger.send(records.BUTTON, data=f"visit:{reference}:no:0")
    assert "Alex" not in await stranger.send(records.BUTTON, data=f"face:{reference}:1")
    assert await made.rows("SELECT child_said, child_face FROM visits") == [("", None)]


async def test_the_visits_can_be_stopped_without_a_reason(tmp_path: Path) -> None:
    """With a goodbye or without, one tap each; the coordinator is told that there is a wish, not what."""
    made = await asked(tmp_path)
    child = made.child
    await child.press("Show me")
    await child.press("I don't want to")
    await child.press("Stop the visits")

    assert child.buttons[:3] == ["Stop, and say goodbye first", "Stop, without a goodbye", "No, keep it as it is"]
    heard = await child.press("Stop, and say goodbye first")
    assert "You can ask for a visitor again any day." in heard
    assert await made.rows("SELECT kind, words FROM interest_notes") == [("stop", "goodbye")]


async def test_a_wish_about_the_visitor_before_is_not_one_about_the_next(tmp_path: Path) -> None:
    """An old yes to another visitor, or to stopping, asks again when somebody else comes now."""
    made = await Visiting.open(tmp_path)
    world, child, reference = made.world, made.child, made.request
    await child.say("/story")
    await child.press("Ask for another visitor")
    await child.press("story")
    await child.press("Stop the visits")
    async with world.database() as database, database.writer.transaction() as writer:
        await matches.end(writer, reference, stamp(world.now))
        await records.add_match(writer, reference, "Kim", world.now)

    assert "Kim is not told" in await child.press("Yes, another visitor")
    assert (await child.send(records.BUTTON, data="stopvisits:now:M-0000-0")).startswith("Would you like the visits")
    assert await made.rows("SELECT 1 FROM interest_notes") == []


async def test_what_was_said_of_a_day_goes_with_the_request(tmp_path: Path) -> None:
    """Whoever takes their request back leaves no word about a visit behind."""
    made = await asked(tmp_path)
    child = made.child
    await child.say("/story")
    await child.press("My next visit")
    await child.press("Another day")
    await child.say("markedwords")
    assert await made.rows("SELECT child_words FROM visits") == [("markedwords",)]
    await child.say("/story")
    await child.press("Take my request back")
    await child.press("Yes, take it back")

    assert await made.rows("SELECT child_words FROM visits") == [("",)]
