"""Confirming a visit: one tap or one word, reminders by day, and a child who hears of nothing that is not sure."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.visits import Said, VolunteerSaid
from bot.engine.message import Document, Kind
from bot.store import people, visits
from bot.store.clock import stamp
from bot.store.people import Address
from tests.test_planning import NEWS, with_another_child
from tests.visiting import SATURDAY, Visiting, heard

LONDON = ZoneInfo("Europe/London")
HOUR = dt.timedelta(hours=1)
ASK = "A visit on Saturday 20 June at 2 pm: can you be there?"
REMIND = "Your visit is on Saturday 20 June at 2 pm."


# The answers


async def test_i_will_be_there(tmp_path: Path) -> None:
    """One tap: a calendar file, the child is asked, the coordinator hears of it. A second tap does nothing more."""
    made = await Visiting.open(tmp_path)
    visit = await made.staff_plan()
    assert "You're down for Saturday 20 June at 2 pm. Sam is asked now." in await made.alex.press("I'll be there")
    assert made.alex.last.document == Document("visit", "ics", visit)
    assert heard(made.child) == [NEWS]
    assert f"{visit} · Saturday 20 June at 2 pm: the visitor will be there." in heard(made.staff)[-1]
    told = len(made.staff.messages)
    assert "You're down for" in await made.alex.press("I'll be there")
    assert heard(made.child) == [NEWS]
    assert len(made.staff.messages) == told


@pytest.mark.parametrize("word", ["yes", "I'll be there", "ok", "Yep", "ill be there", "i can make it"])
async def test_one_word_says_yes(tmp_path: Path, word: str) -> None:
    """Typed after the question, as people type it."""
    made = await Visiting.open(tmp_path)
    await made.staff_plan()
    await made.alex.say(word)

    assert (await made.visit()).volunteer_said is VolunteerSaid.YES
    assert heard(made.child) == [NEWS]


@pytest.mark.parametrize("word", ["move", "I need to move it", "another day", "can we move it?"])
async def test_one_word_asks_for_another_time(tmp_path: Path, word: str) -> None:
    """The next question is when instead."""
    made = await Visiting.open(tmp_path)
    await made.staff_plan()
    assert "When instead of Saturday 20 June at 2 pm?" in await made.alex.say(word)
    assert (await made.visit()).volunteer_said is VolunteerSaid.MOVE


@pytest.mark.parametrize("word", ["no", "I can't", "cant make it", "sorry, can't make it", "cancel"])
async def test_one_word_says_no(tmp_path: Path, word: str) -> None:
    """It is off at once, and another time is asked for."""
    made = await Visiting.open(tmp_path)
    await made.staff_plan()
    assert "When could you come instead?" in await made.alex.say(word)
    assert ((await made.visit()).status, (await made.visit()).cancelled_by) == ("cancelled", "volunteer")


@pytest.mark.parametrize("words", ["i can't wait to be there", "yes or no", "no idea", "hm", "what is an iv?"])
async def test_other_words_are_no_answer(tmp_path: Path, words: str) -> None:
    """What is not plain is not guessed at."""
    made = await Visiting.open(tmp_path)
    await made.staff_plan()
    assert await made.alex.say(words)
    assert ((await made.visit()).status, (await made.visit()).volunteer_said) == ("planned", "")


async def test_a_word_counts_only_right_after_the_question(tmp_path: Path) -> None:
    """Once they have talked of something else, a yes is one to that."""
    made = await Visiting.open(tmp_path)
    await made.staff_plan()
    made.world.now += HOUR
    await made.alex.say("/menu")
    await made.alex.say("yes")
    assert (await made.visit()).volunteer_said is VolunteerSaid.NOTHING
    made.world.now += HOUR
    await made.alex.send(Kind.BUTTON, data=f"vvisit:{(await made.visit()).reference}")
    await made.alex.say("yes")
    assert (await made.visit()).volunteer_said is VolunteerSaid.YES


async def test_a_word_with_two_visits_asked_about(tmp_path: Path) -> None:
    """Which of them is asked, and nothing is done before."""
    made = await Visiting.open(tmp_path)
    await with_another_child(made)
    first = await made.staff_plan()
    await made.staff_plan("27 june 2pm")
    assert await made.alex.say("cant make it") == "Which visit is that about?"
    assert set(made.alex.buttons) == {"Saturday 20 June at 2 pm", "Saturday 27 June at 2 pm", "Menu"}
    await made.alex.press("Saturday 20 June at 2 pm")
    assert (await made.visit(first)).status == "cancelled"
    assert await made.rows("SELECT status FROM visits ORDER BY planned_for") == [("cancelled",), ("planned",)]


async def test_danger_is_heard_before_any_answer(tmp_path: Path) -> None:
    """What sounds like danger after a reminder goes the danger road, and answers nothing."""
    made = await Visiting.open(tmp_path)
    await made.staff_plan()
    await made.alex.say("he said his carer hits him")
    assert await made.rows("SELECT count(*) FROM concerns") == [(1,)]
    assert (await made.visit()).volunteer_said is VolunteerSaid.NOTHING


async def test_i_cant_the_child_is_told_with_a_new_date(tmp_path: Path) -> None:
    """Told the same day, kindly; the new date Alex gives at once is offered under it, and no reason was asked."""
    made = await Visiting.open(tmp_path)
    visit = await made.alex_plans()
    await made.child.press("Show me")
    await made.child.press("Yes")
    await made.alex.press("I can't")
    cancelled = made.alex.messages[-2].message
    assert "You don't have to" not in cancelled.html
    assert cancelled.document == Document("visit", "ics", visit)
    assert f"{visit} · Saturday 20 June at 2 pm is off: the visitor can't come." in heard(made.staff)[-1]
    shown = await made.child.press("Show me")
    assert shown.startswith("Alex can't come on Saturday 20 June. It's not because of you.")
    await made.alex.say("sunday 21 june 2pm")
    await made.alex.press("Yes, that's it")
    await made.alex.press("Skip")
    shown = await made.child.send(Kind.BUTTON, data=f"visit:{visit}")
    assert shown.startswith(
        "Alex can't come on Saturday 20 June. It's not because of you.\n\n"
        "Alex said Sunday 21 June at 2 pm could work.\n\nIs that good for you?"
    )
    await made.child.press("Yes")
    assert await made.rows("SELECT status, child_said FROM visits ORDER BY planned_for") == [
        ("cancelled", "yes"), ("planned", "yes"),
    ]  # fmt: skip


async def test_i_cant_before_the_child_knew(tmp_path: Path) -> None:
    """A visit the child had not heard of is off without a word to them."""
    made = await Visiting.open(tmp_path)
    visit = await made.staff_plan()
    await made.alex.press("I can't")
    assert heard(made.child) == []
    assert "no visit planned" in await made.child.send(Kind.BUTTON, data=f"visit:{visit}")


async def test_the_volunteer_moves_a_visit(tmp_path: Path) -> None:
    """The new time is confirmed by them; the child is asked again and told that it is not because of them."""
    made = await Visiting.open(tmp_path)
    visit = await made.alex_plans()
    await made.child.press("Show me")
    await made.child.press("Yes")
    await made.alex.press("I need to move it")
    await made.alex.say("sunday 21 june 2pm")
    said = await made.alex.press("Yes, that's it")
    assert "Moved to Sunday 21 June at 2 pm." in said
    assert made.alex.last.document == Document("visit", "ics", visit)
    shown = await made.child.press("Show me")
    assert shown.startswith("Alex can't come on Saturday 20 June. It's not because of you.")
    assert "Alex said Sunday 21 June at 2 pm could work." in shown
    found = await made.visit()
    assert (found.reference, found.changes, found.child_said, found.plan) == (visit, 1, Said.NOTHING, "bowling")
    assert found.confirmed_at
    await made.child.press("Yes")
    assert "Alex would like to see you on Sunday 21 June" in await made.child.send(Kind.BUTTON, data="visit")


async def test_no_new_time_yet(tmp_path: Path) -> None:
    """Who does not know when says so: nobody counts on the old time, and it can be chosen later or kept after all."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans()
    await made.alex.press("I need to move it")
    assert "a new time is being found" in await made.alex.press("I don't know yet")
    assert (await made.child.press("Show me")).startswith(
        "We are finding a new time for your visit on Saturday 20 June."
    )
    assert "The visitor has no new time yet." in heard(made.staff)[-1]
    told = len(made.staff.messages)
    await made.alex.press("I don't know yet")
    assert len(made.staff.messages) == told
    await made.alex.press("Choose a time")
    await made.alex.press("I'll be there after all")
    shown = await made.child.press("Show me")
    assert shown.startswith("Alex would like to see you on Saturday 20 June at 2 pm.")
    assert (await made.visit()).confirmed_at


async def test_a_move_that_is_left_unfinished(tmp_path: Path) -> None:
    """Half an hour later the child reads that a new time is being found, staff hear of it, and Alex is asked again."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans()
    await made.alex.press("I need to move it")
    await made.at(made.world.now + dt.timedelta(minutes=29))
    assert heard(made.child) == [NEWS]
    await made.at(made.world.now + dt.timedelta(minutes=2))
    assert heard(made.child) == [NEWS, NEWS]
    assert heard(made.alex)[-1] == "The visit on Saturday 20 June at 2 pm has to move. When could it be?"
    assert "The visitor has no new time yet." in heard(made.staff)[-1]
    await made.alex.press("I'll be there after all")
    assert "Saturday 20 June at 2 pm" in await made.child.press("Show me")


async def test_a_move_that_was_thought_better_of(tmp_path: Path) -> None:
    """Kept within the half hour, nobody else ever hears of it."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans()
    await made.alex.press("I need to move it")
    told = len(made.staff.messages)
    await made.alex.press("I'll be there after all")
    await made.at(made.world.now + HOUR)
    assert heard(made.child) == [NEWS]
    assert len(made.staff.messages) == told


async def test_a_move_to_the_same_time_is_none(tmp_path: Path) -> None:
    """The time there was, chosen again, is a yes to it; an hour away is a move: a visit is not in its own way."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans()
    await made.alex.press("I need to move it")
    await made.alex.say("20 june 2pm")
    assert "You're down for Saturday 20 June at 2 pm." in await made.alex.press("Yes, that's it")
    assert ((await made.visit()).changes, heard(made.child)) == (0, [NEWS])
    await made.alex.press("I need to move it")
    await made.alex.say("20 june 3pm")
    assert "Moved to Saturday 20 June at 3 pm." in await made.alex.press("Yes, that's it")


@pytest.mark.parametrize("state", ["cancelled", "paused", "over"])
async def test_old_buttons_about_what_is_no_more(tmp_path: Path, state: str) -> None:
    """Whatever is pressed about a visit that is not to come any more is answered, and changes nothing."""
    made = await Visiting.open(tmp_path)
    await made.staff_plan()
    buttons = [button.data for row in made.alex.last.buttons for button in row]
    if state == "over":
        made.world.now = SATURDAY + HOUR
    else:
        await made.run(f"UPDATE visits SET status = '{state}'")
    before = await made.visit()
    answers = {await made.alex.send(Kind.BUTTON, data=data) for data in buttons}
    expected = {
        "cancelled": "is off. The coordinator",
        "paused": "is on pause. The coordinator",
        "over": "visit is over",
    }
    assert len(answers) == 1
    assert expected[state] in answers.pop()
    assert await made.visit() == before
    assert heard(made.child) == []


VOLUNTEER = {"I'll be there": VolunteerSaid.YES, "I need to move it": VolunteerSaid.MOVE, "I can't": VolunteerSaid.NO}


@pytest.mark.parametrize("first", VOLUNTEER)
@pytest.mark.parametrize("second", VOLUNTEER)
@pytest.mark.parametrize("child", ["", "Yes", "Another day", "I don't want to", "I don't feel safe"])
async def test_every_answer_with_every_other(tmp_path: Path, first: str, second: str, child: str) -> None:
    """Whatever both sides say one after the other: no failure, the last word counts, and what is off stays off."""
    made = await Visiting.open(tmp_path)
    await made.staff_plan()
    buttons = {button.label: button.data for row in made.alex.last.buttons for button in row}
    await made.alex.send(Kind.BUTTON, data=buttons[first])
    can_answer = first == "I'll be there" and child
    if can_answer:
        await made.child.press("Show me")
        await made.child.press(child)
    await made.alex.send(Kind.BUTTON, data=buttons[second])
    visit = await made.visit()
    off_by_child = can_answer and child.startswith("I don't")
    if off_by_child:
        assert (visit.status, visit.cancelled_by) == ("cancelled", "child")
    elif "I can't" in {first, second}:
        assert (visit.status, visit.cancelled_by) == ("cancelled", "volunteer")
    else:
        assert (visit.status, visit.volunteer_said) == ("planned", VOLUNTEER[second])
    assert await made.child.send(Kind.BUTTON, data="visit")
    assert await made.failures() == []


# Reminders


async def test_reminders_of_what_is_not_confirmed(tmp_path: Path) -> None:
    """At 48 hours they are asked, at 3 again and the coordinator is told; each once, through restarts."""
    made = await Visiting.open(tmp_path)
    visit = await made.staff_plan()
    before, told = len(made.alex.messages), len(made.staff.messages)
    await made.at(SATURDAY - 48 * HOUR - dt.timedelta(minutes=1))
    assert heard(made.alex, before) == []
    await made.at(SATURDAY - 48 * HOUR)
    assert heard(made.alex, before) == [ASK]
    assert made.alex.buttons == ["I'll be there", "I need to move it", "I can't"]
    assert heard(made.staff, told) == []
    await made.at(SATURDAY - 3 * HOUR)
    assert heard(made.alex, before) == [ASK, ASK]
    assert heard(made.staff, told) == [
        f"{visit} · Saturday 20 June at 2 pm is not sure: the visitor has not said that they will be there."
    ]
    assert made.staff.buttons == ["They told me they'll be there", made.request]
    await made.at(SATURDAY + HOUR)
    assert heard(made.alex, before) == [ASK, ASK]
    assert heard(made.child) == []


async def test_reminders_of_what_is_confirmed_ask_nothing(tmp_path: Path) -> None:
    """They only remind; staff hear nothing; a word typed then still counts."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans()
    before, told = len(made.alex.messages), len(made.staff.messages)
    await made.at(SATURDAY - 48 * HOUR)
    assert heard(made.alex, before) == [REMIND]
    assert made.alex.buttons == ["Show me", "I need to move it", "I can't"]
    assert "Saturday 20 June at 2 pm, with Sam." in await made.alex.press("Show me")
    made.world.now += HOUR
    await made.alex.say("/menu")
    before = len(made.alex.messages)
    await made.at(SATURDAY - 3 * HOUR)
    assert heard(made.alex, before) == [REMIND]
    assert heard(made.staff, told) == []
    await made.alex.say("cant make it")
    assert (await made.visit()).status == "cancelled"


async def test_after_an_outage_nothing_stale_comes_and_nothing_is_lost(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two reminders that fell due while nothing ran are one; after the visit there is none."""
    made = await Visiting.open(tmp_path)
    await made.staff_plan()
    before, told = len(made.alex.messages), len(made.staff.messages)
    await made.at(SATURDAY - HOUR)
    assert heard(made.alex, before) == [ASK]
    assert len(heard(made.staff, told)) == 1
    other = await Visiting.open(tmp_path_factory.mktemp("other"))
    await other.staff_plan()
    before = len(other.alex.messages)
    await other.at(SATURDAY + 2 * HOUR)
    assert heard(other.alex, before) == []


@pytest.mark.parametrize("status", ["cancelled", "paused"])
async def test_no_reminder_of_what_is_not_to_be(tmp_path: Path, status: str) -> None:
    """Neither volunteer nor child nor staff is reminded of a visit that is off or paused."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans()
    await made.child.press("Show me")
    await made.child.press("Yes")
    suspended = f"UPDATE volunteers SET suspended_at = '{stamp(made.world.now)}'"
    await made.run(suspended if status == "paused" else "UPDATE visits SET status = 'cancelled'")
    assert (await made.visit()).status == status
    counts = [len(who.messages) for who in (made.alex, made.child, made.staff)]
    for hours in (48, 24, 3):
        await made.at(SATURDAY - hours * HOUR)
    assert [len(who.messages) for who in (made.alex, made.child, made.staff)] == counts


@pytest.mark.parametrize(("when", "hours", "comes"), [
    ("20 june 8am", 3, "2026-06-19T18:44:00"),   # 5 am: the evening before, before quiet hours begin
    ("20 june 8pm", 48, "2026-06-18T18:44:00"),  # 8 pm is quiet already
    ("20 june 2pm", 48, "2026-06-18T13:00:00"),
])  # fmt: skip
async def test_quiet_hours_are_kept(tmp_path: Path, when: str, hours: int, comes: str) -> None:
    """What would come at night comes before it, and nothing in between."""
    made = await Visiting.open(tmp_path, visits={"remind_hours_before": [hours]})
    await made.alex_plans(when)
    before = len(made.alex.messages)
    due = dt.datetime.fromisoformat(comes).replace(tzinfo=dt.UTC)
    await made.at(due - dt.timedelta(minutes=1))
    assert heard(made.alex, before) == []
    await made.at(due)
    assert len(heard(made.alex, before)) == 1


async def test_nothing_comes_in_the_night_after_an_outage(tmp_path: Path) -> None:
    """Back at eleven at night, the bot waits until the morning to remind."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans()
    before = len(made.alex.messages)
    await made.at(dt.datetime(2026, 6, 18, 22, tzinfo=dt.UTC))
    assert heard(made.alex, before) == []
    await made.at(dt.datetime(2026, 6, 19, 7, tzinfo=dt.UTC))
    assert heard(made.alex, before) == [REMIND]


@pytest.mark.parametrize(("visit", "typed", "first"), [
    (dt.datetime(2026, 3, 29, 14, tzinfo=LONDON), "29 march 2pm", dt.datetime(2026, 3, 27, 13, tzinfo=LONDON)),
    (dt.datetime(2026, 10, 25, 14, tzinfo=LONDON), "25 october 2pm", dt.datetime(2026, 10, 23, 15, tzinfo=LONDON)),
])  # fmt: skip
async def test_reminders_over_a_change_of_the_clocks(
    tmp_path: Path, visit: dt.datetime, typed: str, first: dt.datetime
) -> None:
    """48 hours are 48 hours, and 3 are 3; the time that is said is that of the day of the visit."""
    made = await Visiting.open(tmp_path, visit.astimezone(dt.UTC) - dt.timedelta(days=7))
    await made.alex_plans(typed)
    before = len(made.alex.messages)
    await made.at(first.astimezone(dt.UTC) - dt.timedelta(minutes=1))
    assert heard(made.alex, before) == []
    await made.at(first.astimezone(dt.UTC))
    await made.at(visit.astimezone(dt.UTC) - 3 * HOUR - dt.timedelta(minutes=1))
    assert len(heard(made.alex, before)) == 1
    await made.at(visit.astimezone(dt.UTC) - 3 * HOUR)
    assert len(heard(made.alex, before)) == 2
    assert all("at 2 pm." in text for text in heard(made.alex, before))


async def test_planned_too_late_for_a_reminder(tmp_path: Path) -> None:
    """A visit planned for tomorrow is not reminded of at once: only what is still to come counts."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans("tomorrow 2pm")
    before = len(made.alex.messages)
    await made.at(made.world.now + HOUR)
    assert heard(made.alex, before) == []
    await made.at(dt.datetime(2026, 6, 13, 10, tzinfo=dt.UTC))
    assert heard(made.alex, before) == ["Your visit is on Saturday 13 June at 2 pm."]


async def test_a_moved_visit_is_reminded_of_anew(tmp_path: Path) -> None:
    """Reminders belong to the new time, and none comes for the old one."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans()
    await made.at(SATURDAY - 48 * HOUR)
    await made.alex.press("I need to move it")
    await made.alex.say("27 june 2pm")
    await made.alex.press("Yes, that's it")
    before = len(made.alex.messages)
    await made.at(SATURDAY - 3 * HOUR)
    assert heard(made.alex, before) == []
    await made.at(SATURDAY + dt.timedelta(days=7) - 48 * HOUR)
    assert heard(made.alex, before) == ["Your visit is on Saturday 27 June at 2 pm."]


async def test_the_visitor_is_not_in_the_bot(tmp_path: Path) -> None:
    """The coordinator is asked to ask them, at every reminder; once they have said so, never again."""
    made = await Visiting.open(tmp_path, in_the_bot=False)
    visit = await made.staff_plan()
    told = len(made.staff.messages)
    await made.at(SATURDAY - 48 * HOUR)
    assert heard(made.staff, told) == [
        f"{visit} · Saturday 20 June at 2 pm. The visitor is not in the bot: please ask them."
    ]
    await made.staff.press("They told me they'll be there")
    told = len(made.staff.messages)
    await made.at(SATURDAY - 3 * HOUR)
    assert heard(made.staff, told) == []


async def test_another_day_is_wanted_and_none_is_there(tmp_path: Path) -> None:
    """The reminder says what is wanted and offers to choose; at the second the coordinator is told."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans()
    await made.child.press("Show me")
    await made.child.press("Another day")
    await made.child.press("Skip")
    await made.at(SATURDAY - 48 * HOUR)
    assert heard(made.alex)[-1] == "The visit on Saturday 20 June at 2 pm: another day is wanted."
    assert made.alex.buttons == ["Choose another day", "I can't"]
    told = len(made.staff.messages)
    await made.at(SATURDAY - 3 * HOUR)
    assert "the child would like another day, and there is none yet" in heard(made.staff, told)[0]


async def test_a_reminder_and_an_open_form(tmp_path: Path) -> None:
    """A form left an hour ago waits, so that a word answers the reminder; one they are in the middle of goes on."""
    made = await Visiting.open(tmp_path)
    await made.staff_plan()
    made.world.now = SATURDAY - 49 * HOUR
    await made.alex.send(Kind.BUTTON, data="vplan")
    await made.at(SATURDAY - 48 * HOUR)
    assert "Carry on with my answers" in made.alex.buttons
    await made.alex.say("yes")
    assert (await made.visit()).volunteer_said is VolunteerSaid.YES
    assert "When is the visit?" in await made.alex.press("Carry on with my answers")
    made.world.now = SATURDAY - 3 * HOUR - dt.timedelta(minutes=5)
    await made.alex.say("27 june 2pm")
    await made.at(SATURDAY - 3 * HOUR)
    await made.alex.say("yes")
    await made.alex.press("Skip")
    assert len(await made.rows("SELECT 1 FROM visits")) == 2


async def test_two_devices_hear_the_same_and_answer_once(tmp_path: Path) -> None:
    """Both are asked; a yes here and a yes there is one yes, and the child is asked once."""
    made = await Visiting.open(tmp_path)
    async with made.world.database() as database, database.writer.transaction() as writer:
        row = await writer.one("SELECT person FROM volunteers")
        assert row
        await people.save_addresses(writer, [Address("telegram", "tablet", row["person"])], stamp(made.world.now))
    tablet = made.world.someone("tablet")
    await made.staff_plan()
    assert heard(tablet) == [ASK]
    await made.alex.press("I'll be there")
    await tablet.press("I'll be there")
    assert heard(made.child) == [NEWS]
    await tablet.press("I can't")
    assert "You called off the visit" in await made.alex.press("I'll be there")


async def test_the_child_is_reminded_the_day_before(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Who said yes reads that there is a message; who has not said yes, or says so later, does not."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans()
    await made.child.press("Show me")
    await made.child.press("Yes")
    before = len(made.child.messages)
    await made.at(SATURDAY - 25 * HOUR)
    assert heard(made.child, before) == []
    await made.at(SATURDAY - 24 * HOUR)
    assert heard(made.child, before) == [NEWS]
    assert "You said yes." in await made.child.press("Show me")
    other = await Visiting.open(tmp_path_factory.mktemp("other"))
    await other.alex_plans()
    await other.at(SATURDAY - 24 * HOUR)
    assert heard(other.child) == [NEWS]
    await other.child.press("Show me")
    await other.child.press("Yes")
    before = len(other.child.messages)
    await other.at(SATURDAY - 20 * HOUR)
    assert heard(other.child, before) == []


# After a pause


async def test_after_a_pause_the_visitor_is_asked_before_the_child(tmp_path: Path) -> None:
    """A suspension that is lifted: nobody's yes of before counts, and the child reads what is being done meanwhile."""
    made = await Visiting.open(tmp_path)
    visit = await made.alex_plans()
    await made.child.press("Show me")
    await made.child.press("Yes")
    await made.run(f"UPDATE volunteers SET suspended_at = '{stamp(made.world.now)}'")
    assert (await made.child.send(Kind.BUTTON, data=f"visit:{visit}")).startswith("Visits are on pause now.")
    assert "is on pause. The coordinator will be in touch." in await made.alex.send(Kind.BUTTON, data=f"vvisit:{visit}")
    made.world.now += HOUR
    async with made.world.database() as database, database.writer.transaction() as writer:
        await writer.run("UPDATE people SET role = 'manager' WHERE role = 'coordinator'")
        row = await writer.one("SELECT id FROM people WHERE role = 'manager'")
        assert row
        await writer.run(
            "UPDATE volunteers SET lifted_at = ?, lifted_by = ?, lift_reason = 'x'", (stamp(made.world.now), row["id"])
        )
        assert await visits.resume(writer, made.volunteer, stamp(made.world.now)) == [visit]
    found = await made.visit()
    assert (found.confirmed_at, found.volunteer_said, found.child_said) == (None, "", "")
    assert found.moved_from == found.planned_for
    shown = await made.child.send(Kind.BUTTON, data=f"visit:{visit}")
    assert shown.startswith("Visits can go on again. I'm asking Alex if Saturday 20 June is still good.")
    await made.alex.send(Kind.BUTTON, data=f"vvisit:{visit}")
    await made.alex.press("I'll be there")
    assert (await made.child.press("Show me")).startswith("Alex would like to see you on Saturday 20 June at 2 pm.")


async def test_nobody_whose_check_has_run_out_is_confirmed(tmp_path: Path) -> None:
    """It ran out at midnight, and the visits pause in the morning: until then the child is not asked about any."""
    made = await Visiting.open(tmp_path)
    visit = await made.staff_plan()
    await made.run(
        "INSERT INTO stages_passed (volunteer, stage, passed_on, expires_on, evidence, at)"
        " SELECT volunteer, stage, '2026-06-11', '2026-06-13', 'seen', '2026-06-12T08:00:00.000Z'"
        " FROM stages_passed LIMIT 1"
    )
    made.world.now = dt.datetime(2026, 6, 13, 1, 0, tzinfo=dt.UTC)
    before = len(made.child.messages)
    assert "one of your stages is not passed" in await made.alex.press("I'll be there")
    assert "may not visit now" in await made.staff.send(Kind.BUTTON, data=f"confirmed:{visit}")
    assert (await made.visit()).confirmed_at is None
    assert len(made.child.messages) == before
    assert await made.failures() == []
