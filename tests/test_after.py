"""After a visit: who is asked, who is told, and who never learns what."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.reminders import asked_after, in_quiet, next_loud
from bot.store import breaks, visit_reports
from bot.store.clock import moment, stamp
from tests import records
from tests.visiting import SATURDAY, Visiting, heard

LONDON = ZoneInfo("Europe/London")
QUIET = (dt.time(20), dt.time(8))
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
NEW_YEAR = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ASKED = "Your visit on Saturday 20 June at 2 pm: did it happen?"
NUDGE = "You have a message here."


async def over(folder: Path) -> Visiting:
    """Alex has planned a visit for Saturday at 2, the child has said yes, and it is over."""
    made = await Visiting.open(folder)
    await made.alex_plans()
    await made.child.press("Show me")
    await made.child.press("Yes")
    made.world.now = SATURDAY + HOUR
    await made.world.look()
    return made


async def told(made: Visiting, line: str) -> None:
    """Alex reports the visit in one line."""
    await made.alex.send(records.BUTTON, data=f"report:{(await made.visit()).reference}")
    await made.alex.say(line)
    await made.alex.press("That's right")


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: NEW_YEAR + dt.timedelta(minutes=minutes)), st.integers(1, 72)
)
@example(dt.datetime(2026, 3, 28, 14, tzinfo=dt.UTC), 3)  # the clocks go forward in the night after
@example(dt.datetime(2026, 10, 24, 14, tzinfo=dt.UTC), 3)  # and back
def test_the_same_time_of_day_on_the_next_days(planned_for: dt.datetime, hours: int) -> None:
    """Asked again a day later by the clock on the wall, on the days when it changes too, and never at night."""
    times = [asked_after(planned_for, hours, days, LONDON) for days in range(3)]
    asked = [next_loud(time, LONDON, QUIET) for time in times]

    assert times[0] - planned_for == hours * HOUR
    local = [time.astimezone(LONDON) for time in times]
    assert {time.time() for time in local} == {local[0].time()}
    assert [(time.date() - local[0].date()).days for time in local] == [0, 1, 2]
    assert not any(in_quiet(time, LONDON, QUIET) for time in asked)
    days = [time.astimezone(LONDON).date() for time in asked]
    assert days == sorted(set(days))


async def test_did_it_happen_is_asked_once_and_once_again(tmp_path: Path) -> None:
    """Three hours after it began, the next day at that time, and on the third day the coordinator hears of it."""
    made = await over(tmp_path)
    alex, staff = len(made.alex.messages), len(made.staff.messages)
    await made.at(SATURDAY + 3 * HOUR - dt.timedelta(minutes=1))
    assert heard(made.alex, alex) == []
    await made.at(SATURDAY + 3 * HOUR)
    assert [text.startswith(ASKED) for text in heard(made.alex, alex)] == [True]
    await made.at(SATURDAY + 3 * HOUR + DAY)
    assert len(made.alex.messages) == alex + 2
    assert heard(made.staff, staff) == []
    await made.at(SATURDAY + 3 * HOUR + 2 * DAY)

    assert len(made.alex.messages) == alex + 2
    visit = (await made.visit()).reference
    assert heard(made.staff, staff) == [
        f"{visit} · Saturday 20 June at 2 pm: there is no report yet. The volunteer was asked twice."
    ]
    assert f"1 visit without a report:\n{visit} · {made.match} · Saturday 20 June" in await made.staff.say("/inbox")
    await told(made, "done 2h bowling")
    assert visit not in await made.staff.say("/inbox")
    alex = len(made.alex.messages)
    await made.at(SATURDAY + 6 * DAY)
    assert len(made.alex.messages) == alex


@pytest.mark.parametrize(("begins", "asks"), [
    # 28 March 2027: the clocks go forward at 1 am. 31 October 2027: they go back at 2 am.
    ("2027-03-27T16:30", "2027-03-27T19:30"),
    ("2027-03-27T18:00", "2027-03-28T07:00"),  # 9 pm is too late, so 8 am, in summer by now
    ("2027-10-30T15:30", "2027-10-30T18:30"),
    ("2027-10-30T17:00", "2027-10-31T08:00"),  # 9 pm is too late, so 8 am, in winter by now
])  # fmt: skip
async def test_at_night_nobody_is_asked(tmp_path: Path, begins: str, asks: str) -> None:
    """What would be asked in quiet hours is asked when they are over, whatever the clocks do in that night."""
    at, due = (dt.datetime.fromisoformat(time).replace(tzinfo=dt.UTC) for time in (begins, asks))
    made = await Visiting.open(tmp_path, at - 3 * DAY)
    await made.alex_plans(f"{at.astimezone(LONDON):%d/%m/%Y at %H:%M}")
    assert moment((await made.visit()).planned_for) == at
    await made.at(at)
    before = len(made.alex.messages)
    await made.at(due - dt.timedelta(minutes=1))
    assert heard(made.alex, before) == []
    await made.at(due)

    assert len(heard(made.alex, before)) == 1


async def test_the_answer_is_one_line_typed(tmp_path: Path) -> None:
    """After the question a line is the report; it is read back, and says nothing before it is right."""
    made = await over(tmp_path)
    await made.at(SATURDAY + 3 * HOUR)
    assert "Time together: 2 hours" in await made.alex.say("done 2h bowling, good mood")
    await made.alex.press("That's right")

    assert await made.rows("SELECT happened, minutes, activity FROM visit_reports") == [(1, 120, "bowling")]
    assert "bowling" not in await made.alex.say("done 2h bowling")


async def test_a_word_that_is_no_report_is_none(tmp_path: Path) -> None:
    """What says nothing of the visit is a question like any other, and a no is one to what was asked last."""
    made = await over(tmp_path)
    await made.at(SATURDAY + 3 * HOUR)
    made.world.now += dt.timedelta(minutes=1)
    assert "Time together" not in await made.alex.say("what do I do about money?")
    made.world.now += dt.timedelta(minutes=1)
    assert "Why didn't it happen" not in await made.alex.say("no")
    await made.at(SATURDAY + 3 * HOUR + DAY)

    assert "Why didn't it happen?" in await made.alex.say("no")
    assert await made.rows("SELECT status FROM visits") == [("planned",)]


async def test_a_form_that_is_open_waits(tmp_path: Path) -> None:
    """Whoever is in the middle of something is not taken out of it, and can go on."""
    made = await over(tmp_path)
    await made.alex.press("work")
    await made.alex.send(records.BUTTON, data="vfacts")
    await made.at(SATURDAY + 3 * HOUR)

    assert made.alex.buttons == ["Yes", "No", "Carry on with my answers"]


async def test_who_is_not_in_the_bot_cannot_be_asked(tmp_path: Path) -> None:
    """Then the coordinator hears at once, and writes down what they were told."""
    made = await Visiting.open(tmp_path, in_the_bot=False)
    await made.staff_plan()
    await made.staff.press("They told me they'll be there")
    await made.at(SATURDAY + 3 * HOUR)
    assert heard(made.staff)[-1].endswith("there is no report, and the volunteer can't be asked here.")
    await made.staff.press("Report for them")
    await made.staff.press("Yes")
    assert "written down" in await made.staff.say("2.5h")

    assert await made.rows("SELECT happened, minutes FROM visit_reports") == [(1, 150)]
    assert await made.rows("SELECT outcome, minutes FROM visit_log") == [("happened", 150)]
    visit = (await made.visit()).reference
    assert "nothing to report" in await made.staff.send(records.BUTTON, data=f"reportfor:{visit}")
    assert "no visit with that number" in await made.staff.send(records.BUTTON, data="reportfor:V-9999-9")


async def test_somebody_suspended_is_asked_nothing(tmp_path: Path) -> None:
    """While an allegation is looked into the volunteer hears nothing of the visit; the coordinator does."""
    made = await over(tmp_path)
    await suspend(made)
    before = len(made.alex.messages)
    await made.at(SATURDAY + 3 * HOUR)

    assert len(made.alex.messages) == before
    assert "can't be asked here" in heard(made.staff)[-1]


async def suspend(made: Visiting) -> None:
    await made.run(f"UPDATE volunteers SET suspended_at = '{stamp(made.world.now)}'")


# What the child hears


async def test_a_missed_visit_is_told_on_the_same_day(tmp_path: Path) -> None:
    """The child reads kind words, and the day on which their visitor could come instead; their phone says nothing."""
    made = await over(tmp_path)
    before = len(made.child.messages)
    await told(made, "no, I was ill")
    await made.at(SATURDAY + 8 * HOUR)
    assert heard(made.child, before) == [NUDGE]
    said = await made.child.press("Show me")
    assert said == (
        "Alex couldn't come on Saturday 20 June. It's not because of you.\n\n"
        "The coordinator will look for another day with Alex. Then I'll tell you here."
    )
    await made.alex_plans("sunday 28 june 3pm")
    said = await made.child.send(records.BUTTON, data=made.child.messages[before].message.buttons[0][0].data)

    assert "Alex said Sunday 28 June at 3 pm could work." in said
    assert made.child.buttons[:2] == ["Yes", "Another day"]
    assert "It did happen" in made.child.buttons


async def test_nobody_asks_how_a_visit_was_that_there_was_not(tmp_path: Path) -> None:
    """After a missed visit no face is asked for; whoever knows better can say that it happened."""
    made = await over(tmp_path)
    before = len(made.child.messages)
    await told(made, "no show")
    for hours in (2, 4, 24):
        await made.at(SATURDAY + hours * HOUR)
    assert heard(made.child, before) == [NUDGE]
    await made.child.press("Show me")

    assert "How was it with Alex" in await made.child.press("It did happen")


@pytest.mark.parametrize(("line", "words"), [
    ("no show", "You did nothing wrong."),
    ("didn't happen, she didn't want to", "You did nothing wrong."),
    ("didn't happen, weather", "It's not because of you."),
    ("cancelled by carers", "It's not because of you."),
])  # fmt: skip
async def test_no_reason_is_held_against_a_child(tmp_path: Path, line: str, words: str) -> None:
    """Whatever the volunteer says why, the child reads that it is not their fault, and not the reason."""
    made = await over(tmp_path)
    await told(made, line)
    await made.at(SATURDAY + 4 * HOUR)
    said = await made.child.press("Show me")

    assert said.startswith(f"Your visit with Alex on Saturday 20 June did not happen. {words}")
    assert "carers" not in said


async def test_on_a_later_day_it_waits_for_the_morning(tmp_path: Path) -> None:
    """What is reported in the night after is told when quiet hours are over."""
    made = await over(tmp_path)
    made.world.now = SATURDAY + 12 * HOUR  # 2 am
    await told(made, "no show")
    before = len(made.child.messages)
    await made.at(SATURDAY + 13 * HOUR)
    assert heard(made.child, before) == []
    await made.at(SATURDAY + 18 * HOUR)

    assert heard(made.child, before) == [NUDGE]


async def test_who_knew_of_no_visit_hears_of_none(tmp_path: Path) -> None:
    """A visit its volunteer never confirmed was none to the child."""
    made = await Visiting.open(tmp_path)
    await made.staff_plan()
    made.world.now = SATURDAY + HOUR
    await told(made, "no show")
    await made.at(SATURDAY + 4 * HOUR)

    assert made.child.messages == []


async def test_who_reads_that_a_new_time_is_found_hears_nothing_else(tmp_path: Path) -> None:
    """A visit that had to move and got no time was missed by nobody."""
    made = await over(tmp_path)
    made.world.now = SATURDAY - HOUR
    await made.alex.send(records.BUTTON, data=f"vvisit:{(await made.visit()).reference}:move:0")
    await made.alex.press("I don't know yet")
    made.world.now = SATURDAY + HOUR
    await made.world.look()
    before = len(made.child.messages)
    await told(made, "no show")
    await made.at(SATURDAY + 4 * HOUR)

    assert heard(made.child, before) == []


async def test_a_line_for_the_child_is_theirs_to_read(tmp_path: Path) -> None:
    """They hear that there is something, read who wrote what, and find it again in their request."""
    made = await over(tmp_path)
    await told_with_a_line(made)
    before = len(made.child.messages)
    await made.at(SATURDAY + 2 * HOUR)
    assert heard(made.child, before) == [NUDGE]
    said = await made.child.press("Show me")
    assert said == "Alex wrote to you about Saturday 20 June:\nYou were great at bowling."
    assert "I'm not safe" in made.child.buttons
    await made.child.say("/story")
    assert "You were great" in await made.child.press("What Alex wrote")
    stranger = made.world.someone("stranger", "web")
    await stranger.say("/start")

    assert "nothing to read" in await stranger.send(records.BUTTON, data="wrote")


async def told_with_a_line(made: Visiting) -> None:
    await made.alex.send(records.BUTTON, data=f"report:{(await made.visit()).reference}")
    await made.alex.say("done 2h bowling, good mood")
    await made.alex.press("✎ For them to read")
    await made.alex.say("You were great at bowling.")
    await made.alex.press("That's right")


async def test_what_somebody_suspended_wrote_is_not_brought_to_the_child(tmp_path: Path) -> None:
    """Nobody is made to look at the words of a person who is being looked at."""
    made = await over(tmp_path)
    await told_with_a_line(made)
    await suspend(made)
    before = len(made.child.messages)
    await made.at(SATURDAY + 2 * HOUR)

    assert heard(made.child, before) == []


EXPLAIN = {"explain_complaints": True}


async def test_how_to_complain_is_told_until_it_was(tmp_path: Path) -> None:
    """The volunteer reads it before the visit and is asked after it; a no is told, and asked again after the next."""
    made = await Visiting.open(tmp_path, visits=EXPLAIN)
    question = "Have you told them how to complain"
    for weeks, said in enumerate(("No", "Yes", "")):
        visit = await made.alex_plans(f"{SATURDAY + weeks * 7 * DAY:%d/%m/%Y} at 2pm")
        shown = await made.alex.send(records.BUTTON, data=f"vvisit:{visit}")
        assert ("please tell Sam how to complain" in shown) == bool(said)
        assert ("How to complain" in made.alex.buttons) == bool(said)
        made.world.now = SATURDAY + weeks * 7 * DAY + 2 * HOUR
        await made.alex.send(records.BUTTON, data=f"report:{visit}")
        assert (question in await made.alex.say("done 2h")) == bool(said)
        if said:
            await made.alex.press(said)
        staff = len(made.staff.messages)
        await made.alex.press("That's right")
        told = [f"{visit}: the child has not been told yet how to complain. The next report asks again."]
        assert heard(made.staff, staff) == (told if said == "No" else [])
        made.world.now += HOUR


@pytest.mark.parametrize("wanted", [True, False])
async def test_after_the_first_visit_the_child_can_read_how_to_complain(tmp_path: Path, *, wanted: bool) -> None:
    """Once, after the first visit that happened, and only where the service wants it."""
    made = await Visiting.open(tmp_path, visits={"explain_complaints": wanted})
    nudges = []
    for weeks, line in enumerate(("no show", "done 2h", "done 2h")):
        visit = await made.alex_plans(f"{SATURDAY + weeks * 7 * DAY:%d/%m/%Y} at 2pm")
        made.world.now = SATURDAY + weeks * 7 * DAY + 2 * HOUR
        await made.alex.send(records.BUTTON, data=f"report:{visit}")
        await made.alex.say(line)
        if made.alex.buttons[0] == "Yes":
            await made.alex.press("Yes")
        await made.alex.press("That's right")
        before = len(made.child.messages)
        await made.at(made.world.now + dt.timedelta(minutes=1))
        opened = [parcel.message.buttons[0][0].data for parcel in made.child.messages[before:]]
        nudges.append([data for data in opened if data.startswith("page:")])
        assert set(heard(made.child, before)) <= {NUDGE}

    assert nudges == [[], ["page:complain"] if wanted else [], []]


# Two sides


DIFFER = "the child and the volunteer do not say the same of it"


@pytest.mark.parametrize("first", ["child", "volunteer"])
@pytest.mark.parametrize(("line", "answer"), [("done 2h, good mood", "😢"), ("no show", "😊"), ("done 2h", "missed")])
async def test_staff_hear_that_two_do_not_say_the_same(tmp_path: Path, first: str, line: str, answer: str) -> None:
    """Whoever tells it second: the coordinator hears of it once, and neither of the two anything."""
    made = await over(tmp_path)
    visit = (await made.visit()).reference
    made.world.now = SATURDAY + 4 * HOUR

    async def face() -> None:
        await made.child.send(records.BUTTON, data=f"face:{visit}")
        await made.child.press("It didn't happen" if answer == "missed" else answer)

    if first == "child":
        await face()
    await told(made, line)
    alex, child = len(made.alex.messages), len(made.child.messages)
    if first == "volunteer":
        assert not any(DIFFER in text for text in heard(made.staff))
        await face()
        assert len(made.alex.messages) == alex
    else:
        assert len(made.child.messages) == child
    await face()
    assert [DIFFER in text for text in heard(made.staff)].count(True) == 1
    assert not any(DIFFER in text for text in heard(made.alex) + heard(made.child))
    await made.staff.press(visit)
    assert "reported" in made.staff.last.html


async def test_who_agrees_is_not_reported(tmp_path: Path) -> None:
    """Two happy faces are no news, and the volunteer never sees the child's."""
    made = await over(tmp_path)
    visit = (await made.visit()).reference
    await told(made, "done 2h, happy")
    before = len(made.staff.messages)
    await made.child.send(records.BUTTON, data=f"face:{visit}:5")

    assert heard(made.staff, before) == []
    assert "😀" not in await made.alex.send(records.BUTTON, data=f"vvisit:{visit}")


async def test_two_missed_in_a_row_are_flagged(tmp_path: Path) -> None:
    """The first is no more than told; at the second the coordinator reads how many it were."""
    made = await over(tmp_path)
    await told(made, "no show")
    flag = f"{made.match}: 2 visits in a row did not happen."
    assert flag not in heard(made.staff)
    await made.alex_plans("sunday 28 june 3pm")
    made.world.now = SATURDAY + 8 * DAY + 2 * HOUR
    await told(made, "no show")
    assert heard(made.staff)[-1] == flag
    before = len(made.staff.messages)
    visit = (await made.visit()).reference
    await made.child.send(records.BUTTON, data=f"face:{visit}:missed")

    assert flag not in heard(made.staff, before)


# No visit for too long


async def test_no_visit_for_too_long_is_told_once_in_each_such_time(tmp_path: Path) -> None:
    """On the 31st day without a visit both hear of it, then not before the 62nd; a visit begins it anew."""
    made = await Visiting.open(tmp_path)
    begun, alex, staff = made.world.now, len(made.alex.messages), len(made.staff.messages)
    await made.at(begun + 30 * DAY)
    assert heard(made.alex, alex) + heard(made.staff, staff) == []
    await made.at(begun + 31 * DAY)
    assert heard(made.alex, alex) == [f"{made.match}: there has been no visit for 31 days. When could the next one be?"]
    assert made.alex.buttons == ["Plan the next visit", "Report a visit", "I need a break"]
    assert heard(made.staff, staff) == [f"{made.match}: no visit for 31 days."]
    for days in range(32, 62):
        await made.world.look()
        made.world.now = begun + days * DAY
    assert len(made.alex.messages) == alex + 1
    await made.at(begun + 62 * DAY)

    assert heard(made.staff, staff)[-1] == f"{made.match}: no visit for 62 days."


async def test_it_is_told_once_though_the_marks_of_messages_are_gone(tmp_path: Path) -> None:
    """What was seen is remembered for 30 days; such a time may be longer."""
    made = await Visiting.open(tmp_path, visits={"expected_every_days": 60})
    begun, staff = made.world.now, len(made.staff.messages)
    for days in (60, 95, 100, 119):
        await made.at(begun + days * DAY)

    assert heard(made.staff, staff) == [f"{made.match}: no visit for 60 days."]


async def test_a_visit_begins_the_count_anew(tmp_path: Path) -> None:
    """The days are those since the last visit that happened; what is planned is said."""
    made = await over(tmp_path)
    await told(made, "done 2h")
    staff = len(made.staff.messages)
    await made.at(made.world.now + 30 * DAY)
    assert heard(made.staff, staff) == []
    await made.alex_plans("25 july at 2pm")
    staff = len(made.staff.messages)
    await made.at(SATURDAY + 31 * DAY)

    assert heard(made.staff, staff) == [f"{made.match}: no visit for 31 days. The next one is planned."]
    assert "Good that the next one is planned." in heard(made.alex)[-1]


@pytest.mark.parametrize("why", ["break", "suspended"])
async def test_on_a_break_only_the_coordinator_hears(tmp_path: Path, why: str) -> None:
    """Who may not visit now is not asked when they will."""
    made = await Visiting.open(tmp_path)
    if why == "break":
        async with made.world.database() as database, database.writer.transaction() as writer:
            await breaks.begin(writer, made.volunteer, None, stamp(made.world.now))
    else:
        await suspend(made)
    alex = len(made.alex.messages)
    await made.at(made.world.now + 31 * DAY)

    assert len(made.alex.messages) == alex
    assert heard(made.staff)[-1] == (
        f"{made.match}: no visit for 31 days. The volunteer may not visit now, and was not reminded."
    )


async def test_nothing_is_told_at_night(tmp_path: Path) -> None:
    """The 31st day begins at midnight; it is told at eight, in the summer and in the winter."""
    start = dt.datetime(2026, 10, 1, 9, tzinfo=dt.UTC)
    made = await Visiting.open(tmp_path, start)
    staff = len(made.staff.messages)
    await made.at(dt.datetime(2026, 11, 1, 7, 59, tzinfo=dt.UTC))
    assert heard(made.staff, staff) == []
    await made.at(dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC))

    assert heard(made.staff, staff) == [f"{made.match}: no visit for 31 days."]
    assert await made.failures() == []


async def test_nothing_of_it_goes_to_somebody_else(tmp_path: Path) -> None:
    """What visitors write is looked up by who reads it, never by a number."""
    made = await over(tmp_path)
    await told_with_a_line(made)
    async with made.world.database() as database, database.reading() as reader:
        assert len(await visit_reports.written_to(reader, "Sam", 5)) == 1
        assert await visit_reports.written_to(reader, "somebody", 5) == []
