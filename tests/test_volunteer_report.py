"""The report of a visit: one line or a few taps, read back, and a worry goes another way."""

import datetime as dt
from pathlib import Path
from typing import Any

from bot.domain.interest import ERASED, Status
from bot.settings import Settings
from bot.store import codes, interests, matches, my_data, visits
from bot.store.clock import stamp
from tests import records
from tests.conversation import Someone, World

SATURDAY = dt.datetime(2026, 6, 20, 13, 0, tzinfo=dt.UTC)  # 2 pm in London
VISIT, OTHER, CHILD = "V-0000-0", "V-1111-Y", "IV-000001"


async def visited(folder: Path, **settings: Any) -> tuple[World, Someone, Someone]:  # noqa: ANN401 - sections of ivbot.toml
    """A volunteer after two visits of one child, and the coordinator."""
    world = World(folder, Settings.model_validate(settings))
    async with world.database() as database, database.writer.transaction() as writer:
        reference = await records.add(writer, 1)
        for to in (Status.TALKING, Status.REFERRED, Status.WAITING, Status.MATCHED):
            await interests.move(writer, reference, to, "p1", stamp(world.now))
        alex = await records.add_volunteer(writer, "Alex Example")
        await matches.start(writer, "M-0000-0", reference, alex, stamp(world.now))
        for visit, when in ((VISIT, SATURDAY), (OTHER, SATURDAY - dt.timedelta(days=7))):
            await visits.add(writer, visit, "M-0000-0", stamp(when), "", "p1", stamp(world.now))
        code = await codes.for_volunteer(writer, alex.reference, "Alex", world.now)
        staff_code = await codes.issue(writer, "coordinator", "", world.now)
    volunteer, staff = world.someone("alex"), world.someone("staff")
    await volunteer.say(f"/start {code}")
    await staff.say(f"/start {staff_code}")
    world.now = SATURDAY + dt.timedelta(hours=3)
    return world, volunteer, staff


async def asked(folder: Path, **settings: Any) -> tuple[World, Someone, Someone]:  # noqa: ANN401 - as above
    """The first screen is open."""
    world, volunteer, staff = await visited(folder, **settings)
    heard = await volunteer.send(records.BUTTON, data=f"report:{VISIT}")
    assert heard.startswith("Your visit on Saturday 20 June at 2 pm: did it happen?")
    return world, volunteer, staff


async def rows(world: World, sql: str) -> list[tuple[object, ...]]:
    async with world.database() as database, database.reading() as reader:
        return [tuple(row) for row in await reader.all(sql)]


REPORT = (
    "SELECT happened, why_not, minutes, activity, chosen_by, child_mood, outcomes, for_child, pass_on"
    " FROM visit_reports"
)


async def test_one_line_and_one_tap(tmp_path: Path) -> None:
    """All of it is typed in one line, read back, and written down with one tap."""
    world, volunteer, staff = await asked(tmp_path)
    heard = await volunteer.say("yes 90 mins, walked the dog, she chose. happy. bus £4.20, 12 miles")

    assert heard.splitlines()[2:] == [
        "It happened: Yes",
        "Time together: 1 hour and 30 minutes",
        "Done together: walked the dog",
        "Who chose: They did",
        "They seemed: 😊 Happy",
        "Spent and driven: £4.20 and 12 miles",
        "To pass on: not said",
        "It helped with: not said",
        "For them to read: not said",
        "",
        "Is that right?",
    ]
    told = len(staff.messages)
    heard = await volunteer.press("That's right")
    assert heard == "Thank you. Your report on Saturday 20 June is written down.\n\nYou claim £9.60."
    assert volunteer.buttons[0] == "Plan the next visit"
    assert volunteer.last.buttons[0][0].data == "vplan:M-0000-0"
    assert await rows(world, REPORT) == [(1, "", 90, "walked the dog", "child", 4, "", "", "")]
    expenses = await rows(world, "SELECT visit, spent_on, pence, miles_tenths, mileage_pence FROM expenses")
    assert expenses == [(VISIT, "2026-06-20", 420, 120, 45)]
    assert len(staff.messages) == told


async def test_a_visit_that_did_not_happen(tmp_path: Path) -> None:
    """Two words and a tap: nothing is asked about a visit that there was not."""
    world, volunteer, _staff = await asked(tmp_path)
    heard = await volunteer.say("no show")

    assert "Why not: Nobody was there" in heard
    assert "Time together" not in heard
    assert "For them to read" not in heard
    await volunteer.press("That's right")
    assert await rows(world, REPORT) == [(0, "nobody_there", 0, "", "", None, "", "", "")]


async def test_only_what_must_be_known_is_asked_after_a_line(tmp_path: Path) -> None:
    """A line without the time is asked for it, one without the reason for that, and nothing else is."""
    world, volunteer, _staff = await asked(tmp_path)
    assert "How long were you together?" in await volunteer.say("done bowling")
    assert "Time together: 2 hours and 30 minutes" in await volunteer.say("2:30")
    await volunteer.press("✎ It happened")
    assert "Why didn't it happen?" in await volunteer.press("No")
    await volunteer.press("The weather")
    await volunteer.press("That's right")

    assert await rows(world, REPORT) == [(0, "weather", 0, "", "", None, "", "", "")]


async def test_by_taps_alone(tmp_path: Path) -> None:
    """Eight taps on a bus are a report: every question has its buttons, and what is optional can be skipped."""
    world, volunteer, _staff = await asked(tmp_path)
    for label in ("Yes", "2½ hours", "Skip", "They did", "😀 Very happy", "Skip", "Skip", "That's right"):
        heard = await volunteer.press(label)

    assert heard.startswith("Thank you.")
    assert await rows(world, REPORT) == [(1, "", 150, "", "child", 5, "", "", "")]
    assert await rows(world, "SELECT * FROM expenses") == []


async def test_what_is_not_asked_can_be_told_where_all_is_read_back(tmp_path: Path) -> None:
    """What it helped with, and the line for the child, are a tap away for whoever has the time."""
    world, volunteer, _staff = await asked(tmp_path)
    for label in ("Yes", "2½ hours"):
        await volunteer.press(label)
    await volunteer.say("baking")
    for label in ("Skip", "Skip", "Skip", "Skip", "✎ It helped with"):
        await volunteer.press(label)
    for label in ("Trusting a grown-up", "Getting on with people", "That's all", "✎ For them to read"):
        await volunteer.press(label)
    await volunteer.say("You were a great cook.")
    await volunteer.press("That's right")

    assert await rows(world, REPORT) == [(1, "", 150, "baking", "", None, "bf", "You were a great cook.", "")]


async def test_a_line_that_nobody_asked_for(tmp_path: Path) -> None:
    """With one visit to report, a line that says it happened and how long is of that one; less, or two, is asked."""
    world, volunteer, _staff = await visited(tmp_path)
    assert (await volunteer.say("report")).startswith("Which visit?")
    assert "Is that right?" not in await volunteer.say("done 2h bowling")
    async with world.database() as database, database.writer.transaction() as writer:
        await visits.cancel(writer, OTHER, "staff")
    for typed in ("yes", "no show", "I can't come, I'm ill"):
        assert "Is that right?" not in await volunteer.say(typed)

    assert "Done together: bowling" in await volunteer.say("done 2h bowling")
    await volunteer.press("That's right")
    assert await rows(world, "SELECT visit, minutes FROM visit_reports") == [(VISIT, 120)]


async def test_a_button_may_be_typed(tmp_path: Path) -> None:
    """The words of a button that leads out of the question do what it does."""
    world, volunteer, _staff = await asked(tmp_path)

    assert "How long were you together?" in await volunteer.say("yes")
    assert "This goes another way, and not into the report." in await volunteer.say("I have a worry")
    assert await rows(world, "SELECT * FROM failed_events") == []


async def test_what_is_not_understood_is_not_guessed_at(tmp_path: Path) -> None:
    """A line that says nothing of a visit is kept nowhere, and the answer says what would work."""
    world, volunteer, _staff = await asked(tmp_path)
    heard = await volunteer.say("hello there")

    assert heard.startswith("I couldn't tell from that how it went, so I kept nothing of it.")
    assert "How long" in await volunteer.press("Yes")
    for typed in ("ages", "13", "5 minutes", "40 hours"):
        assert "I need a time from 10 minutes to 12 hours" in await volunteer.say(typed)
    await volunteer.say("2")
    for _question in range(3):
        await volunteer.press("Skip")
    for typed in ("plenty", "£4.20, 12"):
        assert "I need an amount" in await volunteer.say(typed)
    await volunteer.say("£3.50")
    await volunteer.press("Skip")
    assert "Time together: 2 hours\n" in volunteer.last.html.replace("</b>", "").replace("<b>", "")
    assert await rows(world, REPORT) == []


async def test_an_answer_can_be_put_right_before_it_counts(tmp_path: Path) -> None:
    """Each line of what was read back has its button."""
    world, volunteer, _staff = await asked(tmp_path)
    await volunteer.say("done 2h bowling")
    await volunteer.press("✎ Time together")
    await volunteer.press("3 hours")
    await volunteer.press("✎ Spent and driven")
    assert "Spent and driven: £7.00 and 1.5 miles" in await volunteer.say("7 quid 1.5 miles")
    await volunteer.press("That's right")

    assert [(row[2], row[3]) for row in await rows(world, REPORT)] == [(180, "bowling")]


async def test_a_claim_above_the_budget_is_explained(tmp_path: Path) -> None:
    """Who spends more than is usual says what for; the coordinator is told, the receipt is asked for."""
    world, volunteer, staff = await asked(tmp_path)
    assert "What was it for?" in await volunteer.say("done 3h zoo £24")
    await volunteer.say("zoo tickets for two")
    heard = await volunteer.press("That's right")

    assert "You claim £24.00." in heard
    assert "The coordinator looks at it first" in heard
    assert "Please keep the receipt" in heard
    assert [row[8] for row in await rows(world, REPORT)] == ["zoo tickets for two"]
    told = [parcel.message.html for parcel in staff.messages[-2:]]
    assert told == [
        f"{VISIT}: £24.00 is claimed, more than the £20.00 for one visit.",
        f"{VISIT}: the volunteer has something to pass on.",
    ]
    assert staff.buttons == [CHILD]


async def test_a_child_is_given_no_way_past_the_service(tmp_path: Path) -> None:
    """What the child reads holds no phone number; other words pass."""
    world, volunteer, _staff = await asked(tmp_path)
    await volunteer.say("done 2h bowling")
    await volunteer.press("✎ For them to read")

    assert "Please leave out phone numbers" in await volunteer.say("ring me on 07700 900123")
    await volunteer.say("See you on the 27th")
    await volunteer.press("That's right")
    assert [row[7] for row in await rows(world, REPORT)] == ["See you on the 27th"]


async def test_a_worry_goes_another_way(tmp_path: Path) -> None:
    """The button of every step leads to those who keep children safe; the report waits, and has none of the words."""
    world, volunteer, staff = await asked(tmp_path)
    await volunteer.say("done 2h bowling")
    heard = await volunteer.press("I have a worry")

    assert heard.startswith("Your report waits meanwhile.")
    await volunteer.say("markedwords about his bruise")
    told = await rows(world, "SELECT source, words FROM concerns")
    assert told == [("volunteer", f"markedwords about his bruise\n{VISIT}")]
    assert any("may need help" in parcel.message.html for parcel in staff.messages)
    heard = await volunteer.press("Carry on with my answers")
    assert "Done together: bowling" in heard
    assert "A worry: Yes" in heard
    heard = await volunteer.press("That's right")
    assert "Nobody has been told" not in heard
    assert "markedwords" not in str(await rows(world, "SELECT * FROM visit_reports"))


async def test_a_worry_that_was_ticked_and_not_told_is_asked_about(tmp_path: Path) -> None:
    """Who turns back before telling anybody hears at the end that nobody knows."""
    _world, volunteer, _staff = await asked(tmp_path)
    await volunteer.press("I have a worry")
    await volunteer.press("Stop")
    await volunteer.press("Carry on with my answers")
    await volunteer.say("done 2h bowling")
    heard = await volunteer.press("That's right")

    assert "Nobody has been told of it yet." in heard
    assert volunteer.buttons[0] == "I have a worry"


async def test_the_words_about_the_next_time_are_kept(tmp_path: Path) -> None:
    """What was typed of the next visit is read back, and said again where it can be planned."""
    _world, volunteer, _staff = await asked(tmp_path)
    assert "Next time: next sat 2pm" in await volunteer.say("2 hrs cinema we both chose 😊 next sat 2pm")

    assert "About the next time you wrote: next sat 2pm" in await volunteer.press("That's right")


async def test_it_waits_when_something_else_comes_up(tmp_path: Path) -> None:
    """What was answered is still there after something else, and before a report of another visit."""
    world, volunteer, _staff = await asked(tmp_path)
    await volunteer.say("done bowling")
    await volunteer.say("/menu")
    heard = await volunteer.send(records.BUTTON, data=f"report:{OTHER}")
    assert heard.startswith("You began this report before.")
    assert "How long were you together?" in heard
    await volunteer.say("2h")
    await volunteer.press("That's right")

    assert await rows(world, "SELECT visit, activity FROM visit_reports") == [(VISIT, "bowling")]
    assert "13 June" in await volunteer.send(records.BUTTON, data=f"report:{OTHER}")


async def test_an_old_yes_or_no_loses_nothing(tmp_path: Path) -> None:
    """The buttons of the first screen, pressed late or twice, lead back to where the report is."""
    world, volunteer, _staff = await asked(tmp_path)
    await volunteer.press("Yes")
    await volunteer.press("3 hours")
    for data in ("yes", "no", "again", ""):
        assert "What did you do?" in await volunteer.send(records.BUTTON, data=f"report:{VISIT}:{data}")
    await volunteer.say("bowling")
    for _question in range(4):
        await volunteer.press("Skip")
    await volunteer.press("That's right")

    assert await rows(world, "SELECT happened, minutes, activity FROM visit_reports") == [(1, 180, "bowling")]


async def test_those_without_a_report_are_listed(tmp_path: Path) -> None:
    """Without a number the visits that are over and have no report are offered, the newest first."""
    world, volunteer, _staff = await visited(tmp_path)
    assert (await volunteer.say("/report")).startswith("Which visit?")
    assert volunteer.buttons[:2] == ["Saturday 20 June at 2 pm", "Saturday 13 June at 2 pm"]
    for _visit in range(2):
        await volunteer.say("/report")
        await volunteer.press(volunteer.buttons[0])
        await volunteer.say("done 2h")
        await volunteer.press("That's right")

    assert (await volunteer.say("/report")).startswith("There is no visit to report.")
    assert len(await rows(world, "SELECT * FROM visit_reports")) == 2


async def test_a_report_is_put_right_for_a_week(tmp_path: Path) -> None:
    """Told again it takes the place of what was told before; after a week it stays."""
    world, volunteer, _staff = await asked(tmp_path)
    await volunteer.say("done 2h bowling £5")
    await volunteer.press("That's right")
    assert "You have reported" in await volunteer.send(records.BUTTON, data=f"report:{VISIT}")
    await volunteer.press("Say it again")
    await volunteer.say("done 3h bowling")
    await volunteer.press("That's right")
    assert await rows(world, "SELECT minutes FROM visit_reports") == [(180,)]
    assert await rows(world, "SELECT * FROM expenses") == []
    world.now += dt.timedelta(days=8)

    assert "stays as it is" in await volunteer.send(records.BUTTON, data=f"report:{VISIT}:again")


async def test_what_cannot_be_reported_says_why(tmp_path: Path) -> None:
    """A visit to come, one that was called off, and one that is not theirs."""
    world, volunteer, _staff = await visited(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        await visits.cancel(writer, OTHER, "staff")
    world.now = SATURDAY - dt.timedelta(hours=1)

    assert "once it has begun" in await volunteer.send(records.BUTTON, data=f"report:{VISIT}")
    assert "was called off" in await volunteer.send(records.BUTTON, data=f"report:{OTHER}:yes")
    stranger = world.someone("stranger")
    async with world.database() as database, database.writer.transaction() as writer:
        other = await records.add_volunteer(writer, "Kim Example")
        code = await codes.for_volunteer(writer, other.reference, "Kim", world.now)
    await stranger.say(f"/start {code}")
    world.now = SATURDAY + dt.timedelta(hours=3)
    for data in (f"report:{VISIT}", f"report:{VISIT}:yes", f"report:{VISIT}:worry", "report:V-9999-9:no", "report:x"):
        assert "That button is from before." in await stranger.send(records.BUTTON, data=data)
    assert await rows(world, REPORT) == []


async def test_how_to_complain_is_told_at_the_first_visit(tmp_path: Path) -> None:
    """Where the service wants it, the first report asks whether the child knows how to complain, until one says so."""
    world, volunteer, _staff = await asked(tmp_path, visits={"explain_complaints": True})
    assert "how to complain" in await volunteer.say("done 2h bowling")
    await volunteer.press("Yes")
    await volunteer.press("That's right")
    assert await rows(world, "SELECT explained FROM visit_reports") == [(1,)]

    await volunteer.send(records.BUTTON, data=f"report:{OTHER}")
    assert "Is that right?" in await volunteer.say("done 2h bowling")


async def test_nobody_unasked_reads_of_the_child(tmp_path: Path) -> None:
    """What the coordinator is told of a report has its number, and not a word of it."""
    _world, volunteer, staff = await asked(tmp_path)
    told = len(staff.messages)
    await volunteer.say("cancelled by carers, markedwords")
    await volunteer.press("That's right")

    assert [parcel.message.html for parcel in staff.messages[told:]] == [
        f"{VISIT}: the volunteer has something to pass on."
    ]


async def test_nothing_is_written_of_a_child_who_erased_everything(tmp_path: Path) -> None:
    """Reported afterwards the visit is counted and paid for; what was done, and how the child was, is not kept."""
    world, volunteer, _staff = await visited(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        await interests.move(writer, CHILD, Status.WITHDRAWN, "p1", stamp(world.now), ERASED)
        await my_data.erase(writer, "p1", stamp(world.now))
    await volunteer.send(records.BUTTON, data=f"report:{VISIT}")
    await volunteer.say("done 2h markedwords, good mood, £4")
    await volunteer.press("That's right")
    async with world.database() as database, database.reading() as reader:
        [report] = await reader.all("SELECT happened, minutes, activity, child_mood FROM visit_reports")
        [spent] = await reader.all("SELECT pence FROM expenses")
    assert tuple(report) == (1, 120, "", None)
    assert spent["pence"] == 400
