"""Planning a visit: by the volunteer or by the coordinator, in the chat; what cannot be is caught kindly."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.interest import MATCH_PREFIX
from bot.domain.references import new_reference
from bot.engine.message import Document, Kind
from bot.store import codes, matches, volunteers
from bot.store.clock import stamp
from tests import records
from tests.conversation import START
from tests.visiting import SATURDAY, Visiting, add_child, heard

NEWS = "You have a message here."


async def test_a_volunteer_plans_a_visit(tmp_path: Path) -> None:
    """Typed, read back, confirmed with a calendar file; and the child is asked at once, without a word of it."""
    made = await Visiting.open(tmp_path)
    assert "When is the visit?" in await made.alex.say("plan a visit")
    assert await made.alex.say("sat 20 june 2pm") == "Do you mean Saturday 20 June at 2 pm?"
    await made.alex.press("Yes, that's it")
    said = await made.alex.say("bowling")

    assert "Planned: Saturday 20 June at 2 pm. Sam is asked now." in said
    visit = await made.visit()
    assert (visit.planned_for, visit.plan, visit.volunteer_said) == (stamp(SATURDAY), "bowling", "yes")
    assert visit.confirmed_at
    assert made.alex.last.document == Document("visit", "ics", visit.reference)
    assert heard(made.child) == [NEWS]
    assert await made.failures() == []


async def test_a_volunteer_may_only_tap(tmp_path: Path) -> None:
    """Every question has buttons: a likely day, a likely time, yes, skip."""
    made = await Visiting.open(tmp_path)
    await made.alex.send(Kind.BUTTON, data="vplan")
    await made.alex.press("Saturday 13 June")
    await made.alex.press("2 pm")
    await made.alex.press("Yes, that's it")
    await made.alex.press("Skip")

    assert (await made.visit()).planned_for == "2026-06-13T13:00:00.000Z"


@pytest.mark.parametrize(("typed", "answer"), [
    ("plan a visit sat 2pm", "Do you mean Saturday 13 June at 2 pm?"),
    ("Plan visit: on Saturday", "Saturday 13 June. At what time?"),
    ("plan a visit yesterday 2pm", "That day is over.\n\n2 pm. On which day?"),
])  # fmt: skip
async def test_all_of_it_in_one_message(tmp_path: Path, typed: str, answer: str) -> None:
    """Who says at once that they plan and when is not asked again; what cannot be is said as kindly."""
    made = await Visiting.open(tmp_path)

    assert await made.alex.say(typed) == answer
    assert await made.failures() == []


@pytest.mark.parametrize(("typed", "meant"), [
    ("sat 2pm", "2026-06-13T13:00:00.000Z"), ("tomorrow half 3", "2026-06-13T14:30:00.000Z"),
    ("14/6 at 10", "2026-06-14T09:00:00.000Z"),
])  # fmt: skip
async def test_days_and_times_as_people_type_them(tmp_path: Path, typed: str, meant: str) -> None:
    """As they are typed to a friend; what is kept is what was read back."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans(typed)

    assert (await made.visit()).planned_for == meant


@pytest.mark.parametrize(("typed", "answer"), [
    ("yesterday 2pm", "That day is over"), ("today 9am", "That time is over"), ("sat 3am", "between 7 am and 8 pm"),
    ("banana", "I need a day and a time"), ("20 june 2029 2pm", "more than a year away"),
])  # fmt: skip
async def test_what_cannot_be_is_said_kindly(tmp_path: Path, typed: str, answer: str) -> None:
    """Past days and hours of the night are no visits; the question stays open, and nothing was planned."""
    made = await Visiting.open(tmp_path)
    await made.alex.send(Kind.BUTTON, data="vplan")

    assert answer in await made.alex.say(typed)
    assert await made.rows("SELECT 1 FROM visits") == []
    assert "Do you mean" in await made.alex.say("sunday 21 june 2pm")


async def test_a_time_that_was_right_when_it_was_read_back(tmp_path: Path) -> None:
    """Somebody who comes back to the form too late is asked for another time; what they had written is kept."""
    made = await Visiting.open(tmp_path)
    await made.alex.send(Kind.BUTTON, data="vplan")
    await made.alex.say("today 2pm")
    await made.alex.press("Yes, that's it")
    made.world.now += dt.timedelta(hours=6)

    assert "That time is over now." in await made.alex.say("bowling")
    await made.alex.say("sat 2pm")
    assert "Planned" in await made.alex.press("Yes, that's it")
    assert (await made.visit()).plan == "bowling"


async def with_another_child(made: Visiting) -> str:
    """Alex visits Robin as well; the reference of that match."""
    async with made.world.database() as database, database.writer.transaction() as writer:
        request = await add_child(writer, "other", "Robin", made.world.now)
        alex = await volunteers.find(writer, made.volunteer)
        assert alex
        reference = new_reference(MATCH_PREFIX)
        await matches.start(writer, reference, request, alex, stamp(made.world.now + dt.timedelta(seconds=1)))
    made.world.forbidden.add("Robin")
    return reference


async def test_with_two_children_one_is_chosen(tmp_path: Path) -> None:
    """By the first name, which is all a volunteer knows; the visit is that child's, and only they are asked."""
    made = await Visiting.open(tmp_path)
    other = await with_another_child(made)
    assert await made.alex.say("plan a visit") == "With whom?"
    assert made.alex.buttons == ["Sam", "Robin", "Menu"]
    await made.alex.press("Robin")
    await made.alex.say("20 june 2pm")
    await made.alex.press("Yes, that's it")
    await made.alex.press("Skip")

    assert (await made.visit()).match == other
    assert heard(made.child) == []
    assert heard(made.world.someone("other")) == [NEWS]


@pytest.mark.parametrize("who", ["alex", "staff"])
async def test_nobody_is_in_two_places_at_once(tmp_path: Path, who: str) -> None:
    """Neither the child nor the volunteer has two visits at about the same time; another time is asked for at once."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans("20 june 2pm")
    other = await with_another_child(made)
    if who == "alex":
        await made.alex.send(Kind.BUTTON, data=f"vplan:{other}")
        await made.alex.say("20 june 3pm")
        await made.alex.press("Yes, that's it")
        said = await made.alex.say("football")
        assert "have a visit at about that time already: Saturday 20 June at 2 pm." in said
        await made.alex.say("20 june 4pm")
        await made.alex.press("Yes, that's it")
    else:
        await made.staff.send(Kind.BUTTON, data=f"plan:{made.request}")
        await made.staff.say("20 june 1pm")
        await made.staff.press("Yes, that's it")
        await made.staff.say("football")
        said = await made.staff.press("Yes, ask them")
        assert "has a visit at about that time" in said
        await made.staff.say("20 june 4pm")
        await made.staff.press("Yes, that's it")
        await made.staff.press("Yes, ask them")
    plans = await made.rows("SELECT planned_for, plan FROM visits ORDER BY planned_for")
    assert plans == [(stamp(SATURDAY), "bowling"), ("2026-06-20T15:00:00.000Z", "football")]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 40), min_size=2, max_size=5))
async def test_no_two_visits_closer_than_two_hours(
    tmp_path_factory: pytest.TempPathFactory, quarters: list[int]
) -> None:
    """Whatever is planned in whatever order, no two visits of one volunteer begin less than two hours apart."""
    made = await Visiting.open(tmp_path_factory.mktemp("v"))
    for quarter in quarters:
        time = dt.datetime.combine(dt.date(2026, 6, 20), dt.time(8)) + dt.timedelta(minutes=15 * quarter)
        await made.alex.send(Kind.BUTTON, data="vplan")
        await made.alex.say(f"20 june {time:%H:%M}")
        await made.alex.press("Yes, that's it")
        await made.alex.press("Skip")
    begins = [dt.datetime.fromisoformat(str(row[0])) for row in await made.rows("SELECT planned_for FROM visits")]
    assert begins
    assert all(abs(a - b) >= dt.timedelta(hours=2) for a in begins for b in begins if a is not b)


async def test_a_visit_after_a_check_runs_out(tmp_path: Path) -> None:
    """It is planned, and both the volunteer and the coordinator are told what has to be renewed before it."""
    made = await Visiting.open(tmp_path)
    async with made.world.database() as database, database.writer.transaction() as writer:
        await volunteers.pass_stage(
            writer, made.volunteer, "dbs", dt.date(2025, 6, 18), dt.date(2026, 6, 18), "renewed", None,
            stamp(made.world.now), signed_name="A Second",
        )  # fmt: skip
    await made.alex_plans("20 june 2pm")
    said = heard(made.alex)[-1]
    assert "Planned" in said
    assert "your Enhanced DBS check runs out on Thursday 18 June, before that visit" in said
    assert "My stages" in made.alex.buttons
    await made.alex_plans("17 june 2pm")
    assert "runs out" not in heard(made.alex)[-1]
    await made.staff_plan("21 june 2pm")
    assert "Enhanced DBS check runs out on Thursday 18 June, before this visit" in heard(made.staff)[-1]


@pytest.mark.parametrize(("column", "answer"), [
    ("suspended_at", "Your visits are on hold for now."), ("paused_at", "You are on a break"),
    ("signed_at", "You can't plan a visit while one of your stages is not passed."),
])  # fmt: skip
async def test_who_is_not_ready_plans_nothing(tmp_path: Path, column: str, answer: str) -> None:
    """They are told what they can do about it; of a suspension only that it is there. The gate itself is never met."""
    made = await Visiting.open(tmp_path)
    if column == "signed_at":
        await made.run("UPDATE stages_passed SET withdrawn_at = '2026-06-12' WHERE stage = 'dbs'")
    else:
        await made.run(f"UPDATE volunteers SET {column} = '{stamp(made.world.now)}'")
    assert answer in await made.alex.say("plan a visit")
    refused = await made.staff.send(Kind.BUTTON, data=f"plan:{made.request}")
    assert "none can be planned" in refused if column == "suspended_at" else "may not visit now" in refused
    assert await made.rows("SELECT 1 FROM visits") == []
    assert await made.failures() == []


async def test_suspended_between_two_answers(tmp_path: Path) -> None:
    """A form that was begun before a suspension ends without a visit, and without a failure."""
    made = await Visiting.open(tmp_path)
    await made.alex.send(Kind.BUTTON, data="vplan")
    await made.alex.say("20 june 2pm")
    await made.alex.press("Yes, that's it")
    await made.staff.send(Kind.BUTTON, data=f"plan:{made.request}")
    await made.staff.say("21 june 2pm")
    await made.staff.press("Yes, that's it")
    await made.staff.press("Skip")
    await made.run(f"UPDATE volunteers SET suspended_at = '{stamp(made.world.now)}'")

    assert "on hold" in await made.alex.press("Skip")
    assert "paused for now" in await made.staff.press("Yes, ask them")
    assert await made.rows("SELECT 1 FROM visits") == []
    assert await made.failures() == []


async def test_the_coordinator_plans_and_the_volunteer_is_asked(tmp_path: Path) -> None:
    """A day and a time, and no name: who it is with they read when they look."""
    made = await Visiting.open(tmp_path)
    visit = await made.staff_plan()

    assert heard(made.alex)[-1] == "A visit on Saturday 20 June at 2 pm: can you be there?"
    assert made.alex.buttons == ["I'll be there", "I need to move it", "I can't"]
    assert "Saturday 20 June at 2 pm, with Sam." in await made.alex.send(Kind.BUTTON, data=f"vvisit:{visit}")
    assert f"{visit} · Saturday 20 June at 2 pm · the visitor: no answer yet · the child: not asked yet" in (
        await made.staff.say(f"/show {made.request}")
    )
    looked = await made.rows("SELECT action, subject FROM audit WHERE action = 'plan_visit'")
    assert looked == [("plan_visit", visit)]


async def test_a_volunteer_who_is_not_in_the_bot(tmp_path: Path) -> None:
    """The coordinator asks them and says so: then the child is asked. Said twice, the child is asked once."""
    made = await Visiting.open(tmp_path, in_the_bot=False)
    visit = await made.staff_plan()
    assert "The visitor is not in the bot: please ask them." in heard(made.staff)[-1]
    assert heard(made.child) == []
    assert "The child is asked." in await made.staff.press("They told me they'll be there")
    await made.staff.send(Kind.BUTTON, data=f"confirmed:{visit}")

    assert heard(made.child) == [NEWS]
    assert (await made.visit()).confirmed_at
    assert await made.rows("SELECT action FROM audit WHERE action = 'confirm_visit'") == [("confirm_visit",)]
    await made.staff.send(Kind.BUTTON, data=f"calloff:{visit}")
    assert "Please tell the visitor yourself." in await made.staff.press("Yes, call it off")


async def test_other_peoples_visits(tmp_path: Path) -> None:
    """Another volunteer's button, or a child's, shows nothing of this visit and changes nothing."""
    made = await Visiting.open(tmp_path)
    visit = await made.staff_plan()
    async with made.world.database() as database, database.writer.transaction() as writer:
        kim = await records.add_volunteer(writer, "Kim Example", made.world.now)
        code = await codes.for_volunteer(writer, kim.reference, "Kim Example", made.world.now)
    stranger = made.world.someone("kim")
    await stranger.say(f"/start {code}")
    tried = (
        f"vvisit:{visit}", f"vvisit:{visit}:yes:0", f"vvisit:{visit}:no:0", f"vvisit:{visit}:move:0",
        f"vvisit:{visit}:later:0", f"ics:{visit}", f"vics:{visit}", f"vplan:{made.match}", f"confirmed:{visit}",
        f"moveit:{visit}",
    )  # fmt: skip
    for someone in (stranger, made.child):
        for data in tried:
            said = await someone.send(Kind.BUTTON, data=data)
            assert said
            assert not {"Sam", "20 June"} & {word for word in ("Sam", "20 June") if word in said}
            assert someone.last.document is None
    found = await made.visit()
    assert (found.status, found.volunteer_said, found.confirmed_at, found.changes) == ("planned", "", None, 0)
    assert await made.failures() == []


async def test_the_calendar_file_for_whoever_may(tmp_path: Path) -> None:
    """The volunteer and staff get it by a button, whatever became of the visit."""
    made = await Visiting.open(tmp_path)
    visit = await made.alex_plans()
    for someone, verb in ((made.alex, "vics"), (made.staff, "ics")):
        await someone.send(Kind.BUTTON, data=f"{verb}:{visit}")
        assert someone.last.document == Document("visit", "ics", visit)


async def test_pressed_twice_and_on_two_devices(tmp_path: Path) -> None:
    """The last yes of the form, twice at once, plans one visit; the second is told that the button is from before."""
    made = await Visiting.open(tmp_path)
    await made.alex.send(Kind.BUTTON, data="vplan")
    await made.alex.say("20 june 2pm")
    await made.alex.press("Yes, that's it")
    skip = next(b.data for row in made.alex.last.buttons for b in row if b.label == "Skip")
    event = made.world.event
    await made.world.happen(*(event("telegram", "alex", Kind.BUTTON, data=skip) for _twice in range(2)))

    assert len(await made.rows("SELECT 1 FROM visits")) == 1
    assert heard(made.child) == [NEWS]
    assert await made.failures() == []


@pytest.mark.parametrize(("now", "typed", "utc"), [
    (dt.datetime(2026, 3, 20, 9, tzinfo=dt.UTC), "28 march 2pm", "2026-03-28T14:00:00.000Z"),
    (dt.datetime(2026, 3, 20, 9, tzinfo=dt.UTC), "29 march 2pm", "2026-03-29T13:00:00.000Z"),
    (dt.datetime(2026, 10, 20, 9, tzinfo=dt.UTC), "24 october 2pm", "2026-10-24T13:00:00.000Z"),
    (dt.datetime(2026, 10, 20, 9, tzinfo=dt.UTC), "25 october 2pm", "2026-10-25T14:00:00.000Z"),
])  # fmt: skip
async def test_over_a_change_of_the_clocks(tmp_path: Path, now: dt.datetime, typed: str, utc: str) -> None:
    """Two o'clock is two o'clock on the clocks of that day, and is shown so to everybody."""
    made = await Visiting.open(tmp_path, now)
    await made.alex_plans(typed)

    assert (await made.visit()).planned_for == utc
    assert "at 2 pm" in await made.child.press("Show me")


async def test_the_coordinator_moves_a_visit(tmp_path: Path) -> None:
    """The volunteer is asked first; a child who knew of it reads that a new time is being found, and no time."""
    made = await Visiting.open(tmp_path)
    visit = await made.alex_plans()
    await made.child.press("Show me")
    await made.child.press("Yes")
    await made.staff.send(Kind.BUTTON, data=f"moveit:{visit}")
    await made.staff.say("21 june 3pm")
    said = await made.staff.press("Yes, that's it")

    assert f"{visit}: moved to Sunday 21 June at 3 pm." in said
    assert "The child reads now that a new time is being found." in said
    assert heard(made.alex)[-1] == "A visit on Sunday 21 June at 3 pm: can you be there?"
    shown = await made.child.press("Show me")
    assert shown.startswith("We are finding a new time for your visit on Saturday 20 June.")
    assert "21 June" not in shown
    assert await made.rows("SELECT planned_for, plan FROM visits_told") == [(stamp(SATURDAY), "")]
    await made.alex.press("I'll be there")
    shown = await made.child.press("Show me")
    assert "Alex said Sunday 21 June at 3 pm could work." in shown
    assert await made.failures() == []


async def test_moved_before_the_child_knew(tmp_path: Path) -> None:
    """A visit nobody had confirmed can move as often as it likes: the child hears of the last time alone."""
    made = await Visiting.open(tmp_path)
    visit = await made.staff_plan()
    for day in (21, 22):
        await made.staff.send(Kind.BUTTON, data=f"moveit:{visit}")
        await made.staff.say(f"{day} june 3pm")
        await made.staff.press("Yes, that's it")
    assert heard(made.child) == []
    old = next(p.message.buttons[0][0].data for p in made.alex.messages if "20 June" in p.message.html)
    assert "Something has changed since." in await made.alex.send(Kind.BUTTON, data=old)
    assert (await made.visit()).confirmed_at is None
    await made.alex.press("I'll be there")
    assert (await made.child.press("Show me")).startswith("Alex would like to see you on Monday 22 June at 3 pm.")


async def test_two_coordinators_move_the_same_visit(tmp_path: Path) -> None:
    """The second, whose form is about what was, moves nothing."""
    made = await Visiting.open(tmp_path)
    visit = await made.staff_plan()
    async with made.world.database() as database, database.writer.transaction() as writer:
        code = await codes.issue(writer, "manager", "", made.world.now)
    second = made.world.someone("second")
    await second.say(f"/start {code}")
    for someone in (made.staff, second):
        await someone.send(Kind.BUTTON, data=f"moveit:{visit}")
    await made.staff.say("21 june 3pm")
    await made.staff.press("Yes, that's it")
    await second.say("22 june 3pm")

    assert "no such visit any more" in await second.press("Yes, that's it")
    assert (await made.visit()).planned_for == "2026-06-21T14:00:00.000Z"


def test_the_beginning_is_a_friday() -> None:
    """The days in these tests are reckoned from there."""
    assert START.strftime("%A %d %B") == "Friday 12 June"
