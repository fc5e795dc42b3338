"""My work: one page of a volunteer's own, breaks, kind goodbyes; of a child a first name, likes and the next visit."""

import datetime as dt
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commitment import MONTHS, commitment, months_between
from bot.domain.interest import Note, Status
from bot.domain.reports import Report, cost_pence
from bot.engine.message import Kind
from bot.reports.documents import Documents
from bot.store import interests, matches, visit_reports, visits, volunteers, work
from bot.store.clock import stamp
from handlers import volunteer as volunteers_side
from handlers.menu import VOLUNTEER_TAPS
from handlers.volunteer.work import ROLE_PAGES
from tests import records
from tests.casework import Service
from tests.conversation import Someone, plain
from tests.visiting import SATURDAY, Visiting, heard

BUTTON = Kind.BUTTON


async def tell(made: Visiting, was_at: dt.datetime, minutes: int = 150, reference: str = "", **told: object) -> None:
    """A visit that was, and what Alex reported of it."""
    async with made.world.database() as database, database.writer.transaction() as writer:
        reference = reference or f"V-{was_at:%y%m%d%H}"
        now = stamp(max(made.world.now, was_at))
        await visits.record(writer, reference, made.match, stamp(was_at), None, now)
        report = Report(happened=minutes > 0, minutes=minutes, **told)  # type: ignore[arg-type]
        await visit_reports.add(writer, reference, report, None, now)


async def child_of(made: Visiting) -> str:
    """The child, as the records know them."""
    [(person,)] = await made.rows(f"SELECT person FROM interests WHERE reference = '{made.request}'")
    return str(person)


async def ends(made: Visiting) -> None:
    """The match is over."""
    person = await child_of(made)
    async with made.world.database() as database, database.writer.transaction() as writer:
        await interests.move(writer, made.request, Status.ENDED, person, stamp(made.world.now), "left_care")


async def spend(made: Visiting, visit: str, day: str, pence: int, miles: int, paid: str | None = None) -> None:
    async with made.world.database() as database, database.writer.transaction() as writer:
        await writer.run(
            "INSERT INTO expenses (visit, volunteer, spent_on, pence, miles_tenths, mileage_pence, paid_at)"
            " VALUES (?, ?, ?, ?, ?, 45, ?)",
            (visit, made.volunteer, day, pence, miles, paid),
        )


# The page


async def test_one_page_has_all_of_it(tmp_path: Path) -> None:
    """Visits to come and how they stand, each child, this year's visits, hours and money, the promise, the stages."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans()
    await tell(made, dt.datetime(2026, 6, 10, 13, tzinfo=dt.UTC), 150)
    await tell(made, dt.datetime(2026, 6, 3, 13, tzinfo=dt.UTC), 90)
    await tell(made, dt.datetime(2026, 5, 3, 13, tzinfo=dt.UTC), 0)
    await tell(made, dt.datetime(2025, 12, 3, 13, tzinfo=dt.UTC), 600)
    await spend(made, "V-1", "2026-06-10", 420, 123)
    await spend(made, "V-2", "2026-06-03", 1000, 0, stamp(made.world.now))
    await spend(made, "V-3", "2025-06-03", 99900, 0, stamp(made.world.now))

    page = await made.alex.say("/work")
    assert "Saturday 20 June at 2 pm, with Sam: you'll be there, no answer from Sam yet" in page
    assert "Sam likes: drawing.\n" in page
    assert "This year, 2026\n• 2 visits, 4 h. Thank you." in page
    assert f"£10.00 paid, £{cost_pence(420, 123, 45) / 100:.2f} still to be paid" in page
    assert "You promised 12 months, and have just begun. Thank you." in page
    assert "Stages: all passed." in page
    assert await made.alex.press("My stages")
    assert await made.failures() == []


async def test_how_a_visit_stands(tmp_path: Path) -> None:
    """A yes and a wish for another day are shown; a child who does not feel safe seems not to have answered."""
    made = await Visiting.open(tmp_path)
    reference = await made.staff_plan()
    assert "with Sam: please say if you'll be there" in await made.alex.say("/work")
    async with made.world.database() as database, database.writer.transaction() as writer:
        await visits.confirm(writer, reference, stamp(made.world.now))
    for said, shown in (
        ("yes", "you'll be there, and Sam said yes"), ("another_day", "Sam would like another day"),
        ("no", "no answer from Sam yet"), ("not_safe", "no answer from Sam yet"),
    ):  # fmt: skip
        await made.run(f"UPDATE visits SET child_said = '{said}'")
        assert shown in await made.alex.say("/work")


async def test_a_year_is_one_of_the_service(tmp_path: Path) -> None:
    """A visit on new year's eve in UTC may be of the new year where the service is, and is then counted in it."""
    made = await Visiting.open(tmp_path, service={"timezone": "Europe/Warsaw"})
    await tell(made, dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC), 60)
    await tell(made, dt.datetime(2025, 12, 31, 22, 30, tzinfo=dt.UTC), 60)
    assert "1 visit, 1 h." in await made.alex.say("/work")


async def test_nothing_is_known_or_all_is_over(tmp_path: Path) -> None:
    """Who has no record, or has stopped, is told so kindly by every part of the page."""
    service = await Service.open(tmp_path)
    await service.run("UPDATE volunteers SET person = NULL")
    for verb in ("work", "vexpenses", "vpause", "vgoon", "vend", "vend:M-0000-0", "vfacts"):
        assert "they can give you a new code" in await service["volunteer"].send(BUTTON, data=verb)
    other, reference = await service.volunteer()
    await service.run("UPDATE volunteers SET left_at = ? WHERE reference = ?", stamp(service.world.now), reference)
    for verb in ("work", "vexpenses", "vpause", "vgoon", "vend", "vfacts"):
        assert "You stopped visiting on Friday 12 June. Thank you" in await other.send(BUTTON, data=verb)
    assert await service.failures() == []


async def test_expenses_are_shown_with_what_they_came_to(tmp_path: Path) -> None:
    """Each claim of the year and whatever is unpaid, with the miles at the rate of that day; sums; and the rules."""
    made = await Visiting.open(tmp_path, expenses={"mileage_pence": 50})
    assert "Nothing claimed this year." in await made.alex.send(BUTTON, data="vexpenses")
    await spend(made, "V-1", "2026-06-10", 420, 120)
    await spend(made, "V-2", "2026-06-03", 1000, 0, stamp(made.world.now))
    await spend(made, "V-3", "2025-06-03", 300, 0)
    await spend(made, "V-4", "2025-06-04", 70000, 0, stamp(made.world.now))
    said = await made.alex.send(BUTTON, data="vexpenses")
    assert "Wednesday 10 June: £9.60 with 12 miles at £0.45 each, not paid yet" in said
    assert "Wednesday 3 June: £10.00, paid on Friday 12 June" in said
    assert "3 June 2025: £3.00, not paid yet" in said
    assert "700" not in said
    assert "In all: £10.00 paid, £12.60 still to be paid." in said
    assert "A mile in your own car is £0.50." in said


async def test_what_stages_there_are_to_renew(tmp_path: Path) -> None:
    """The next stage to run out is named with its day; one that ran out, too; and what is missing is counted."""
    made = await Visiting.open(tmp_path)
    async with made.world.database() as database, database.writer.transaction() as writer:
        day = made.world.now.date()
        until = day + dt.timedelta(days=400)
        await volunteers.pass_stage(
            writer, made.volunteer, "dbs", day, until, "seen", None, stamp(made.world.now), signed_name="B"
        )
    assert "The next to renew is Enhanced DBS check, by 17 July 2027." in await made.alex.say("/work")
    made.world.now += dt.timedelta(days=400)
    assert "Enhanced DBS check ran out on" in await made.alex.say("/work")
    async with made.world.database() as database, database.writer.transaction() as writer:
        await volunteers.withdraw_stage(writer, made.volunteer, "dbs", stamp(made.world.now))
    page = await made.alex.say("/work")
    assert "Stages: 4 of 5 passed." in page
    assert "You promised 12 months, and have been visiting for 13 months." in page


# The promise

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))


@given(DAYS, st.integers(0, 3000))
def test_months_are_whole_ones(first: dt.date, days: int) -> None:
    """They never go back, a year has twelve, and a month is never less than 28 days."""
    last = first + dt.timedelta(days=days)
    months = months_between(first, last)
    assert days // 31 <= months <= (days + 3) // 28
    assert months_between(first, last + dt.timedelta(days=1)) - months in {0, 1}
    year = first.replace(year=first.year + 1, day=min(first.day, 28))
    assert months_between(first.replace(day=min(first.day, 28)), year) == MONTHS


@pytest.mark.parametrize(("first", "last", "months"), [
    ("2026-01-31", "2026-02-27", 0), ("2026-01-31", "2026-02-28", 1), ("2026-01-31", "2026-03-30", 1),
    ("2026-01-15", "2026-02-14", 0), ("2026-01-15", "2027-01-15", 12), ("2026-06-12", "2026-06-11", 0),
])  # fmt: skip
def test_months_end_with_short_ones(first: str, last: str, months: int) -> None:
    """A month that has no such day ends with its last one."""
    assert months_between(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == months


def test_a_promise_is_kept_on_the_day() -> None:
    """Twelve months after the first match, to the day."""
    first = dt.date(2026, 6, 12)
    assert not commitment(first, dt.date(2027, 6, 11), 12).kept
    assert commitment(first, dt.date(2027, 6, 12), 12).kept


# Breaks


async def break_of(alex: Someone, until: str = "") -> None:
    await alex.send(BUTTON, data="vpause")
    if until:
        await alex.say(until)
        await alex.press("Yes, that day")
    else:
        await alex.press("Skip")
    await alex.press("Yes, I need a break")


async def test_a_break_calls_visits_off_kindly(tmp_path: Path) -> None:
    """The child reads kind words, staff a number and a day, and the gate holds whoever tries to plan or match."""
    made = await Visiting.open(tmp_path)
    reference = await made.alex_plans()
    told = len(made.child.messages)
    await break_of(made.alex, "1 september")

    assert "1 visit is called off." in plain(made.alex.last)
    assert (
        plain(made.staff.last) == f"{made.volunteer}: takes a break until Tuesday 1 September. 1 visit is called off."
    )
    assert heard(made.child, told) == ["You have a message here."]
    shown = await made.child.press("Show me")
    assert "Alex has a break from visits, until Tuesday 1 September or a bit longer. It's not because of you." in shown
    found = await made.visit(reference)
    assert (found.status, found.cancelled_by) == ("cancelled", "volunteer")
    child = await child_of(made)
    async with made.world.database() as database, database.writer.transaction() as writer:
        now, when = stamp(made.world.now + dt.timedelta(minutes=1)), stamp(SATURDAY)
        with pytest.raises(sqlite3.IntegrityError, match="not ready"):
            await visits.add(writer, "V-new", made.match, when, "", child, now)
        alex = await volunteers.find(writer, made.volunteer)
        other = await records.add(writer, 2)
        assert alex
        with pytest.raises(sqlite3.IntegrityError, match="not ready"):
            await matches.start(writer, "M-new", other, alex, now)
        assert alex.reference not in [one.reference for one in await volunteers.ready(writer, made.world.now.date())]
    assert "Plan a visit" not in (await made.alex.say("/work"), made.alex.buttons)[1]
    assert "You are on a break until Tuesday 1 September." in heard(made.alex)[-1]


async def test_back_from_a_break(tmp_path: Path) -> None:
    """The gate is open again, staff are told, visits can be planned, and the child's page says no more of it."""
    made = await Visiting.open(tmp_path)
    await break_of(made.alex)
    assert "Alex has a break from visits. It's not" in await made.child.say("/story")
    await made.alex.press("I'm back")
    assert plain(made.staff.last) == f"{made.volunteer}: is back from a break."
    assert "Visits can be planned again" in plain(made.alex.last)
    assert "break" not in await made.child.say("/story")
    assert "You are not on a break." in await made.alex.send(BUTTON, data="vgoon")
    assert await made.rows("SELECT action FROM audit WHERE action LIKE '%break'") == [
        ("begin_break",), ("end_break",)
    ]  # fmt: skip
    await made.alex_plans()
    assert (await made.visit()).status == "planned"


async def test_back_but_the_gate_is_closed(tmp_path: Path) -> None:
    """Coming back opens nothing that something else keeps closed: a suspension stays one, and is not explained."""
    made = await Visiting.open(tmp_path)
    await break_of(made.alex)
    await made.run(f"UPDATE volunteers SET suspended_at = '{stamp(made.world.now)}'")
    assert "Visits can't be planned yet" in await made.alex.send(BUTTON, data="vgoon")
    page = await made.alex.say("/work")
    assert "Your visits are on hold for now. The coordinator talks with you about it." in page
    assert "suspen" not in page


async def test_no_break_after_all(tmp_path: Path) -> None:
    """A day that is over or far away is asked again; who says no goes on, and nobody is told anything."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans()
    told = len(made.staff.messages), len(made.child.messages)
    await made.alex.send(BUTTON, data="vpause")
    assert "That day is over." in await made.alex.say("1 june 2026")
    assert "more than a year away" in await made.alex.say("1 june 2030")
    await made.alex.press("Skip")
    assert "Nothing has changed." in await made.alex.press("No, I'll go on")
    assert (len(made.staff.messages), len(made.child.messages)) == told
    assert await made.rows("SELECT paused_at FROM volunteers") == [(None,)]


async def test_a_longer_break(tmp_path: Path) -> None:
    """Who is on a break already may name another day; the child is not told twice."""
    made = await Visiting.open(tmp_path)
    await break_of(made.alex)
    told = len(made.child.messages)
    assert "You are on a break, since Friday 12 June." in await made.alex.send(BUTTON, data="vpause")
    await made.alex.press("Change until when")
    await made.alex.say("1 october")
    await made.alex.press("Yes, that day")
    await made.alex.press("Yes, I need a break")
    assert await made.rows("SELECT paused_until FROM volunteers") == [("2026-10-01",)]
    assert len(made.child.messages) == told


async def test_the_day_they_named(tmp_path: Path) -> None:
    """They are asked once, in daytime, whether they are back; nothing begins again by itself."""
    made = await Visiting.open(tmp_path)
    await break_of(made.alex, "1 july")
    before = len(made.alex.messages)
    await made.at(dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC))
    await made.at(dt.datetime(2026, 7, 1, 5, tzinfo=dt.UTC))
    assert len(made.alex.messages) == before
    await made.at(dt.datetime(2026, 7, 1, 8, tzinfo=dt.UTC))
    assert heard(made.alex, before) == [
        "You wanted a break until Wednesday 1 July. Are you back? Take longer if you need to."
    ]
    await made.at(dt.datetime(2026, 7, 5, 8, tzinfo=dt.UTC))
    assert len(made.alex.messages) == before + 1
    assert await made.rows("SELECT paused_at IS NOT NULL FROM volunteers") == [(1,)]
    await made.alex.press("I'm back")
    assert await made.rows("SELECT paused_at, paused_until FROM volunteers") == [(None, None)]


# Goodbyes


async def wish(made: Visiting, label: str, *lines: str) -> None:
    await made.alex.send(BUTTON, data=f"vend:{made.match}")
    await made.alex.press(label)
    for line in lines:
        await (made.alex.press(line[1:-1]) if line.startswith("[") else made.alex.say(line))
    await made.alex.press("Yes, tell the coordinator")


LAST = ("11 july", "[Yes, that day]", "[No, I'd like to stop altogether]", "markedwords")


async def test_a_goodbye_is_agreed_before_the_child_hears(tmp_path: Path) -> None:
    """The coordinator is told first; the child reads nothing of it until they agree, and then kind words and a day."""
    made = await Visiting.open(tmp_path)
    told, story = len(made.child.messages), await made.child.say("/story")
    await wish(made, "A last visit, to say goodbye", *LAST)

    assert "I've told the coordinator" in plain(made.alex.last)
    assert plain(made.staff.last) == f"{made.match}: the volunteer would like to stop. The child is not told."
    assert len(made.child.messages) == told + 1  # what they asked for themselves
    assert await made.child.say("/story") == story
    assert "markedwords" not in await made.child.say("/data")
    assert f"{made.match} · asked Friday 12 June · a last visit on Saturday 11 July" in await made.staff.say("/inbox")
    shown = await made.staff.press(made.match)
    for words in (
        "a last visit on Saturday 11 July",
        "They wrote: markedwords",
        "stop altogether",
        "The child is told",
    ):
        assert words in shown
    told = len(made.child.messages)
    await made.staff.press("Agree, and tell the child")
    assert heard(made.child, told) == ["You have a message here."]
    assert heard(made.alex)[-1].startswith(f"{made.match}: the coordinator has agreed to a last visit on Saturday 11")
    shown = await made.child.press("Show me")
    assert "Alex can't be your visitor for much longer. It's not because of you." in shown
    assert "You can have a last visit to say goodbye. They thought of Saturday 11 July." in shown
    assert "markedwords" not in shown
    said = await made.alex.send(BUTTON, data=f"vend:{made.match}")
    assert "The coordinator has agreed to a last visit on Saturday 11 July. Sam can read it now" in said

    before = len(made.child.messages), len(made.alex.messages)
    await made.staff.send(BUTTON, data=f"goodbye:{made.match}:agree")
    assert (len(made.child.messages), len(made.alex.messages)) == before


async def test_the_coordinator_ends_it(tmp_path: Path) -> None:
    """The to-do leads to the move on the child's road, with its reason; then the to-do is gone, and so is the match."""
    made = await Visiting.open(tmp_path)
    await wish(made, "We've said goodbye already", "[Yes, or perhaps]", "[Skip]")
    await made.staff.press(made.match)
    assert "Agree, and tell the child" not in made.staff.buttons
    await made.staff.press("End it: the visitor stops")
    await made.staff.press("Skip")
    assert await made.rows("SELECT status, closed_reason FROM interests") == [("ended", "visitor_stops")]
    assert await made.rows("SELECT ended_reason FROM matches WHERE ended_at IS NOT NULL") == [("visitor_stops",)]
    assert "Alex can't visit you any more. It's not because of you." in await made.child.say("/story")
    assert made.match not in await made.staff.say("/inbox")
    assert "There is no wish to stop under this number" in await made.staff.send(BUTTON, data=f"goodbye:{made.match}")
    assert "That match is over." in await made.alex.send(BUTTON, data=f"vend:{made.match}")


async def test_another_visitor_may_be_looked_for(tmp_path: Path) -> None:
    """Instead of ending it for good, the child goes back to the line, and reads that they did nothing wrong."""
    made = await Visiting.open(tmp_path)
    await wish(made, "I can't come again", "[Yes, or perhaps]", "[Skip]")
    await made.staff.press(made.match)
    await made.staff.press("Look for another visitor")
    assert await made.rows("SELECT status FROM interests") == [("waiting",)]
    assert "You did nothing wrong." in await made.child.say("/story")


async def test_a_goodbye_is_taken_back(tmp_path: Path) -> None:
    """Before it is agreed they may go on, and nobody but staff ever knew; after that a person has to talk about it."""
    made = await Visiting.open(tmp_path)
    story = await made.child.say("/story")
    await wish(made, "A last visit, to say goodbye", *LAST)
    assert "has not answered yet" in await made.alex.send(BUTTON, data="vend")
    await made.alex.press("I'd like to go on after all")
    assert plain(made.staff.last) == f"{made.match}: the volunteer goes on after all."
    assert await made.rows("SELECT * FROM goodbyes") == []
    assert await made.child.say("/story") == story
    assert "Who you visit" in await made.alex.send(BUTTON, data=f"vend:{made.match}:stay")

    await wish(made, "A last visit, to say goodbye", *LAST)
    await made.staff.send(BUTTON, data=f"goodbye:{made.match}:agree")
    assert "talk to the coordinator" in await made.alex.send(BUTTON, data=f"vend:{made.match}:stay")
    assert await made.rows("SELECT count(*) FROM goodbyes") == [(1,)]


@pytest.mark.parametrize(("months", "said"), [(0, "it has been 0 months"), (4, "it has been 4 months"), (12, None)])
async def test_twelve_months_are_named_without_blame(months: int, said: str | None, tmp_path: Path) -> None:
    """Before the promised time is over that is said once, plainly, with a break as another way; after it not at all."""
    made = await Visiting.open(tmp_path)
    made.world.now = dt.datetime(2026 + (5 + months) // 12, (5 + months) % 12 + 1, 13, 9, tzinfo=dt.UTC)
    asked = await made.alex.send(BUTTON, data=f"vend:{made.match}")
    assert ("You promised 12 months" in asked) == (said is not None)
    assert said is None or said in asked
    for blame in ("only", "must", "should", "unfortunately", "disappoint", "!"):
        assert blame not in asked
    assert made.alex.buttons[-1] == "No, I'll go on"
    assert "I need a break" in made.alex.buttons


async def test_no_goodbye_after_all(tmp_path: Path) -> None:
    """A day that is over is asked again; who says no at the end goes on, and nobody is told."""
    made = await Visiting.open(tmp_path)
    told = len(made.staff.messages)
    await made.alex.send(BUTTON, data="vend")
    await made.alex.press("A last visit, to say goodbye")
    assert "That day is over." in await made.alex.say("1 june 2026")
    assert "more than a year away" in await made.alex.say("1 june 2030")
    for line in ("11 july", "[Yes, that day]", "[Yes, or perhaps]", "[Skip]", "[No, I'll go on]"):
        await (made.alex.press(line[1:-1]) if line.startswith("[") else made.alex.say(line))
    assert "Nothing was told to anybody." in plain(made.alex.last)
    assert len(made.staff.messages) == told
    assert await made.rows("SELECT * FROM goodbyes") == []


async def test_whose_match_it_is(tmp_path: Path) -> None:
    """Somebody else's match, or one ended while they were asked, is answered kindly and nothing happens."""
    made = await Visiting.open(tmp_path)
    async with made.world.database() as database, database.writer.transaction() as writer:
        other = await records.add_match(writer, await records.add(writer, 2), "Kim")
    for data in (f"vend:{other}", f"vend:{other}:stay", f"vend:{other}:said", "vend:M-0000-0", "vend:nonsense"):
        assert "That match is over." in await made.alex.send(BUTTON, data=data)
    await made.alex.send(BUTTON, data=f"vend:{made.match}:said")
    await made.alex.press("Yes, or perhaps")
    await made.alex.press("Skip")
    await ends(made)
    assert "That match is over." in await made.alex.press("Yes, tell the coordinator")
    assert await made.rows("SELECT * FROM goodbyes") == []
    assert await made.failures() == []


async def test_stopping_altogether(tmp_path: Path) -> None:
    """Who visits nobody stops at once when they say so; the gate is closed, codes open nothing, staff are told."""
    made = await Visiting.open(tmp_path)
    await made.alex.send(BUTTON, data="vend:leave")
    assert "You'd like to stop visiting Sam" not in plain(made.alex.last)  # not by an old button
    assert await made.rows("SELECT left_at FROM volunteers") == [(None,)]
    await ends(made)
    assert "nobody is left waiting" in await made.alex.send(BUTTON, data="vend")
    await made.alex.press("Yes, I'd like to stop")
    assert plain(made.staff.last) == f"{made.volunteer}: has stopped volunteering, by their own wish."
    assert await made.rows("SELECT left_reason FROM volunteers WHERE left_at IS NOT NULL") == [("own wish",)]
    told = len(made.staff.messages)
    assert "You stopped visiting on Friday 12 June." in await made.alex.send(BUTTON, data="vend:leave")
    assert len(made.staff.messages) == told


# What a volunteer never learns


async def test_of_a_child_only_three_things(tmp_path: Path) -> None:
    """Whatever a volunteer opens or was ever sent has the first name, the likes and the next visit, nothing else."""
    made = await Visiting.open(tmp_path)
    child = await child_of(made)
    async with made.world.database() as database, database.writer.transaction() as writer:
        told = await interests.find(writer, made.request)
        assert told
        marked = replace(
            told, name="Sam zebrasurname", age=77, area="out", visitor_wishes="zebrawish", contact_way="zebrareach",
            anything_else="zebraelse",
        )  # fmt: skip
        await interests.update(writer, marked)
        await interests.set_provider(writer, made.request, "Zebraprovider")
        await interests.add_note(
            writer, made.request, Note.NEW_SOCIAL_WORKER, child, stamp(made.world.now), "zebraworker"
        )
        await interests.add_note(writer, made.request, Note.ADDED, child, stamp(made.world.now), "zebranote")
    made.world.forbidden = {"zebrasurname"}
    reference = await made.alex_plans()
    await made.child.press("Show me")
    await made.child.press("Yes")
    await made.alex.say("/work")
    for verb in volunteers_side.ROUTER.buttons:
        for argument in ("", f":{made.match}", f":{reference}", f":{made.volunteer}", f":{made.request}"):
            await made.alex.send(BUTTON, data=verb + argument)
    for command in volunteers_side.ROUTER.commands:
        await made.alex.say(f"/{command}")
    await wish(made, "A last visit, to say goodbye", *LAST)
    await made.staff.send(BUTTON, data=f"goodbye:{made.match}:agree")
    for label in ("/data", "/menu", "/help", "/work"):
        await made.alex.say(label)
    async with made.world.database() as database:
        await made.alex.send(BUTTON, data="data:file")
        path = await Documents(database, made.world.context, lambda: made.world.now).render(made.alex.messages[-1])
        file = path.read_text(encoding="utf-8-sig")
    everything = file + " ".join(parcel.message.to_json() for parcel in made.alex.messages)
    for fact in ("zebra", "Zebra", made.request, "77", "social worker"):
        assert fact not in everything, fact
    assert "Sam" in everything
    assert "drawing" in everything
    assert await made.failures() == []


async def test_only_their_own(tmp_path: Path) -> None:
    """Another volunteer's page has nothing of this child, this visit or this money."""
    made = await Visiting.open(tmp_path)
    await made.alex_plans()
    await tell(made, dt.datetime(2026, 6, 10, 13, tzinfo=dt.UTC))
    service = Service(made.world)
    kim, _reference = await service.volunteer("Kim Example")
    page = await kim.say("/work")
    assert "Sam" not in page
    assert "No visit is planned." in page
    assert "No visit reported yet." in page
    assert "You have no match yet." in page
    person = await service.person("Kim Example")
    async with made.world.database() as database, database.reading() as reader:
        assert await work.children(reader, person) == []
        assert await work.coming(reader, person, stamp(made.world.now)) == []


# The menu, worries, complaints


async def test_the_menu_of_a_volunteer(tmp_path: Path) -> None:
    """Their own taps in place of a child's, each of which leads somewhere; the help names /work; nothing of staff's."""
    made = await Visiting.open(tmp_path)
    await made.alex.say("/menu")
    shown = list(made.alex.buttons)
    assert "My visits" in shown
    assert not {"I'd like one", "Can I have one?", "Requests"} & set(shown)
    labels = [tap for row in VOLUNTEER_TAPS for tap in (row if isinstance(row, list) else [row])]
    assert len(labels) == len(shown)
    for tap in labels:
        assert made.world.context.router.buttons[tap.data.split(":")[0]]
        assert await made.alex.send(BUTTON, data=tap.data)
    assert "/work" in await made.alex.say("/help")
    assert "Your visits" in await made.alex.say("my visits")
    await made.alex.send(BUTTON, data="vrole")
    assert len(made.alex.buttons) == len(ROLE_PAGES) + 1
    assert await made.failures() == []


async def test_a_worry_goes_to_those_who_keep_children_safe(tmp_path: Path) -> None:
    """One tap, who reads it is said first, the words are kept as they are, and they hear what not to do."""
    service = await Service.open(tmp_path)
    volunteer, _reference = await service.volunteer()
    asked = await volunteer.send(BUTTON, data="vworry")
    assert "The safeguarding_duty reads it at once" in asked
    assert "ring 999 first" in asked
    said = await volunteer.say("She was very thin and would not eat")
    assert "Please don't ask the child more" in said
    [row] = await service.rows("SELECT source, kind, words FROM concerns")
    assert tuple(row) == ("volunteer", "worry", "She was very thin and would not eat")
    assert service.mailed("safeguarding_duty") or service.mailed("out_of_hours")
    assert "Nobody has answered yet." in await volunteer.press("Has somebody read it?")


# What is kept about them


async def test_what_is_kept_about_a_volunteer(tmp_path: Path) -> None:
    """Their record, stages without names, matches by first name, own reports and money; never what the child said."""
    made = await Visiting.open(tmp_path)
    reference = await made.alex_plans(plan="bowling")
    await made.run("UPDATE visits SET child_said = 'not_safe', child_face = 1, child_missed = 1, child_words = 'zebra'")
    await tell(
        made, dt.datetime(2026, 6, 10, 13, tzinfo=dt.UTC), 150, activity="wrote1", for_child="wrote2", pass_on="wrote3",
        child_mood=4,
    )  # fmt: skip
    await spend(made, "V-1", "2026-06-10", 420, 0)
    await wish(made, "We've said goodbye already", "[Yes, or perhaps]", "wrote4")
    made.world.forbidden = set()
    await made.alex.send(BUTTON, data="data")
    shown = plain(made.alex.last)
    while "More of it" in made.alex.buttons:
        shown += await made.alex.press("More of it")
    for words in (
        f"You as a volunteer ({made.volunteer})", "Name: Alex Example", "What a child reads about you: Likes dogs.",
        "Enhanced DBS check: passed on 2 June 2026", "Your visits with Sam", "bowling", "wrote1", "wrote2", "wrote3",
        "wrote4", "4 out of 5", "10 June 2026: £4.20, not paid yet", "Put something right",
    ):  # fmt: skip
        assert words in shown + str(made.alex.buttons), words
    for words in ("A Second", "seen", "zebra", "feel safe", "did not happen", "1 out of 5", reference, made.request):
        assert words not in shown, words


async def test_a_volunteer_does_not_erase_what_has_to_be_kept(tmp_path: Path) -> None:
    """They are told kindly what is kept, how long, why, and whom to ask; nothing is erased."""
    made = await Visiting.open(tmp_path)
    await tell(made, dt.datetime(2026, 6, 10, 13, tzinfo=dt.UTC))
    for data in ("data:all", "data:all:yes", "data:one", "data:one:draft:yes"):
        said = await made.alex.send(BUTTON, data=data)
        assert "365 days after" in said
        assert "for 6 years" in said
        assert "ask the coordinator or the data protection officer" in said
    assert await made.rows("SELECT name, person IS NOT NULL FROM volunteers") == [("Alex Example", 1)]
    assert await made.rows("SELECT count(*) FROM visit_reports") == [(1,)]


async def test_a_volunteer_puts_it_right(tmp_path: Path) -> None:
    """What they like, speak and say of themselves is theirs to change; a phone number does not get to a child."""
    made = await Visiting.open(tmp_path)
    await made.alex.say("/data")
    await made.alex.press("Put something right")
    await made.alex.press(next(label for label in made.alex.buttons if "About you" in label))
    assert "leave out numbers" in await made.alex.say("ring me on 07700 900123")
    await made.alex.say("I like cats and jokes")
    await made.alex.press(next(label for label in made.alex.buttons if "Languages" in label))
    await made.alex.say("English, Polish")
    await made.alex.press("That's right")
    assert plain(made.staff.last) == f"{made.volunteer}: they have put right something about themselves."
    async with made.world.database() as database, database.reading() as reader:
        found = await volunteers.find(reader, made.volunteer)
    assert found
    assert (found.about, found.languages, found.name) == (
        "I like cats and jokes",
        ("English", "Polish"),
        "Alex Example",
    )
    assert await made.rows("SELECT about FROM matches") == [("Likes dogs.",)]
    told = len(made.staff.messages)
    await made.alex.send(BUTTON, data="vfacts")
    assert "Nothing has changed." in await made.alex.press("That's right")
    assert len(made.staff.messages) == told
