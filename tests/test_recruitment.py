"""Recruitment by message: stages passed and signed, checks that run out, and what that does to visits."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.interest import MATCH_PREFIX, Status
from bot.domain.recruitment import Stage, expiry, warning
from bot.domain.references import new_reference
from bot.domain.visits import PREFIX as VISIT
from bot.settings import Recruitment
from bot.store import interests, matches, visits, volunteers
from bot.store.clock import stamp
from handlers import gate
from handlers.cases import concerns
from handlers.staff import clearing, signing, volunteer_facts
from handlers.staff import volunteers as staff
from handlers.visits import PAUSED
from handlers.volunteer import stages
from tests import casework, records
from tests.casework import Service
from tests.conversation import Someone, plain
from tests.records import BUTTON

TWO = {"stages": [{"id": "training", "title": "Training"}, {"id": "dbs", "title": "DBS check", "valid_months": 36}]}


async def open_(folder: Path, **recruitment: object) -> Service:
    """A service with two stages, one of which runs out."""
    return await Service.open(folder, casework.settings(recruitment=TWO | recruitment, telegram={"under_16": "allow"}))


async def new_volunteer(service: Service, name: str = "Kim Sample") -> str:
    await service["coordinator"].send(BUTTON, data="newvolunteer")
    await service["coordinator"].say(name)
    await service["coordinator"].say(name.split(maxsplit=1)[0])
    [row] = await service.rows("SELECT reference FROM volunteers WHERE name = ?", name)
    return str(row["reference"])


async def pass_stage(
    service: Service, reference: str, stage: str, day: str = "2 June", who: str = "coordinator"
) -> str:
    """All the questions of a stage, answered; the page that comes of it."""
    someone = service[who]
    await someone.send(BUTTON, data=f"vpass:{reference}:{stage}")
    await someone.say(day)
    await someone.press("Yes, that day")
    heard = await someone.say("seen by me")
    return await someone.press("Yes") if "Is that right?" in heard else heard


async def sign(service: Service, reference: str, who: str = "manager") -> str:
    await service[who].send(BUTTON, data=f"vsign:{reference}")
    return await service[who].press("Yes, I sign")


async def with_child(service: Service, reference: str, child: Someone, days: int = 8) -> str:
    """A volunteer visits a child, who said yes to a visit so many days ahead; its reference."""
    world = service.world
    await records.ask(child)
    visit = new_reference(VISIT)
    async with world.database() as database, database.writer.transaction() as writer:
        row = await writer.one("SELECT reference, person FROM interests WHERE status = 'asked'")
        assert row
        for to in (Status.TALKING, Status.REFERRED, Status.WAITING, Status.MATCHED):
            await interests.move(writer, row["reference"], to, row["person"], stamp(world.now))
        volunteer = await volunteers.find(writer, reference)
        assert volunteer
        match = new_reference(MATCH_PREFIX)
        await matches.start(writer, match, row["reference"], volunteer, stamp(world.now))
        when, now = stamp(world.now + dt.timedelta(days=days)), stamp(world.now)
        await visits.add(writer, visit, match, when, "bowling", row["person"], now, confirmed=True)
    return visit


async def at_work(folder: Path, **recruitment: object) -> tuple[Service, Someone, str]:
    """A service whose volunteer Alex visits the child; Alex, and their reference."""
    service = await open_(folder, **recruitment)
    service.cast["child"] = service.world.someone("phone")
    alex, reference = await service.volunteer()
    await with_child(service, reference, service["child"])
    return service, alex, reference


async def status(service: Service) -> list[str]:
    return [row["status"] for row in await service.rows("SELECT status FROM visits ORDER BY reference")]


def unasked(someone: Someone, before: int) -> list[str]:
    """What they were told since."""
    return [plain(parcel.message) for parcel in someone.messages[before:]]


# Joining


async def test_ready_is_what_comes_of_stages_and_a_second_person(tmp_path: Path) -> None:
    """In the bot by a code, passed with a day and what was seen, signed by somebody else: only then are they ready."""
    service = await open_(tmp_path)
    manager, coordinator = service["manager"], service["coordinator"]
    reference = await new_volunteer(service)
    assert "0 of 2 stages" in coordinator.last.html
    await coordinator.press("A code for their phone")
    kim = service.world.someone("kim")
    heard = await kim.say(coordinator.last.html.split("<b>")[1].split("</b>")[0])
    assert "You are now known here as a volunteer." in heard
    assert "○○\n0 of 2 stages" in heard
    assert "Next: Training." in heard

    before = len(kim.messages)
    await pass_stage(service, reference, "training")
    assert unasked(kim, before) == [clearing.NEWS.msgid]
    heard = await kim.press("Show me")
    assert "●○\n1 of 2 stages" in heard
    assert "● Training: passed, Tuesday 2 June" in heard
    assert "seen by me" not in heard
    heard = await pass_stage(service, reference, "dbs")
    assert "DBS check · passed on Tuesday 2 June · a coordinator · seen by me · runs out 2 June 2029" in heard
    assert "any coordinator or manager but whoever noted “DBS check”" in heard
    assert "every stage is passed" in manager.last.html
    assert "a second person looks at all of it and signs" in await kim.say("/stages")

    assert "You noted “DBS check” yourself" in await coordinator.press("Sign")
    before = len(kim.messages)
    assert f"{reference} · Kim Sample · ready" in await sign(service, reference)
    assert unasked(kim, before) == [signing.YOU_ARE_READY.msgid]
    assert "●●\n2 of 2 stages" in await kim.press("Show me")
    steps = [row["action"] for row in await service.rows("SELECT action FROM audit WHERE subject = ?", reference)]
    assert {"add_volunteer", "code_for_volunteer", "pass_stage_training", "pass_stage_dbs", "sign_volunteer"} <= {
        *steps
    }
    assert await service.failures() == []


@pytest.mark.parametrize(("typed", "heard"), [
    ("15 June 2026", "still to come"), ("tomorrow", "still to come"), ("2 June 2014", "more than ten years ago"),
    ("2 June 2023", "it ran out on Tuesday 2 June. It has to be done again"), ("soon", "I need a day"),
    ("15 June", "Do you mean 15 June 2025?"), ("2/6/25", "Do you mean 2 June 2025?"), ("friday", "Friday 12 June"),
])  # fmt: skip
async def test_the_day_a_stage_was_passed_is_over_and_makes_sense(tmp_path: Path, typed: str, heard: str) -> None:
    """A day without a year is over, is read back with its year where that is not plain, and has not run out."""
    service = await open_(tmp_path)
    reference = await new_volunteer(service)
    await service["coordinator"].send(BUTTON, data=f"vpass:{reference}:dbs")

    assert heard in await service["coordinator"].say(typed)
    assert await service.rows("SELECT 1 FROM stages_passed") == []


async def test_a_stage_may_run_out_sooner_never_later(tmp_path: Path) -> None:
    """The settings say how long it holds; a coordinator may know better, but not that it holds longer."""
    service = await open_(tmp_path)
    coordinator, reference = service["coordinator"], await new_volunteer(service)
    await coordinator.send(BUTTON, data=f"vpass:{reference}:dbs")
    await coordinator.say("2 June")
    await coordinator.press("Yes, that day")
    assert "hold until 2 June 2029" in await coordinator.say("certificate 001234")
    assert "before 2 June 2029" in await coordinator.press("No, sooner")
    for day in ("2 June 2029", "1 June 2020", "12 June 2026"):
        assert "It has to run out after today, and before 2 June 2029" in await coordinator.say(day)
    assert "Do you mean 1 March 2027?" in await coordinator.say("1 March 2027")
    assert "runs out 1 March 2027" in await coordinator.press("Yes, that day")


async def test_an_enquiry_becomes_one_volunteer(tmp_path: Path) -> None:
    """Their name is known, the enquiry is closed with it, and the old button adds nobody again."""
    service = await open_(tmp_path)
    coordinator = service["coordinator"]
    stranger = service["stranger"]
    await stranger.press("More")
    await stranger.press("I'd like to be a visitor")
    for said in ("yes", "Jo", "jo@example.org", "Riverside"):
        await stranger.say(said)
    for label in ("No", "Skip", "That's right", "Yes, send it"):
        await stranger.press(label)
    [row] = await service.rows("SELECT reference FROM enquiries")
    await coordinator.say(f"/enquiries {row['reference']}")
    await coordinator.press("Make them a volunteer")
    assert "Children know them as Jo." in await coordinator.say("Jo Sample")
    assert [tuple(r) for r in await service.rows("SELECT status FROM enquiries")] == [("closed",)]
    assert "is not open any more" in await coordinator.send(BUTTON, data=f"newvolunteer:{row['reference']}")
    assert len(await service.rows("SELECT 1 FROM volunteers WHERE name = 'Jo Sample'")) == 1


async def test_the_facts_that_matching_needs(tmp_path: Path) -> None:
    """Each is changed by itself, and what is not known is named; a child reads nothing one can be reached by."""
    service = await open_(tmp_path)
    coordinator, reference = service["coordinator"], await new_volunteer(service)
    assert "Not noted yet: About them (for the child), Likes, Languages, Gender, Faith and Can visit" in plain(
        coordinator.last
    )

    async def edit(fact: str, *said: str) -> str:
        await coordinator.send(BUTTON, data=f"vedit:{reference}:{fact}")
        return [await coordinator.say(words) for words in said][-1]

    assert "no numbers" in await edit("about", "Ring me on 07700 900123")
    await coordinator.say("Likes dogs")
    await edit("likes", "football, model trains")
    await edit("languages", "English, Polish")
    await edit("gender", "a woman")
    await edit("faith", "Muslim")
    await edit("area", "in the area and outside")
    assert "I need a number" in await edit("capacity", "10")
    await coordinator.say("2")
    heard = await edit("called", "Kimmy")
    for line in (
        "Children know them as Kimmy", "About them (for the child): Likes dogs", "Likes: Football and model trains",
        "Languages: English and Polish", "Gender: a woman", "Faith: Muslim", "Can visit: in the area and outside",
        "Children at a time: 2. Now: 0.",
    ):  # fmt: skip
        assert line in heard
    assert "Not noted yet: Gender" in await edit("gender", "Not said")
    [row] = await service.rows(
        "SELECT likes, languages, gender, area, capacity FROM volunteers WHERE reference = ?", reference
    )
    assert tuple(row) == ('["football","model trains"]', '["English","Polish"]', "", "both", 2)
    assert {f"vedit_{fact}" for fact in volunteer_facts.STEPS} <= set(service.world.context.forms)


# Codes and devices


def code_in(someone: Someone) -> str:
    return someone.last.html.split("<b>")[1].split("</b>")[0]


async def test_a_second_device_is_the_same_volunteer(tmp_path: Path) -> None:
    """A new code opens what is theirs on another phone as well; news comes to both, and a code works once."""
    service = await open_(tmp_path)
    alex, reference = await service.volunteer()
    await service["coordinator"].send(BUTTON, data=f"vcode:{reference}")
    first = code_in(service["coordinator"])
    await service["coordinator"].send(BUTTON, data=f"vcode:{reference}")
    second = code_in(service["coordinator"])
    tablet = service.world.someone("tablet", "web")
    assert "I don't know that code" in await tablet.say(first)
    heard = await tablet.say(second)
    assert "To come back here later, use this code" in heard
    assert "●●\n2 of 2 stages" in heard
    assert "I don't know that code" in await service.world.someone("other").say(second)
    assert len(await service.rows("SELECT 1 FROM people WHERE role = 'volunteer'")) == 2  # and the one without stages

    counts = len(alex.messages), len(tablet.messages)
    await pass_stage(service, reference, "training")
    assert (len(alex.messages), len(tablet.messages)) == (counts[0] + 1, counts[1] + 1)


async def test_a_lost_phone_is_signed_out(tmp_path: Path) -> None:
    """All they used before is a stranger from then on; the new code finds everything."""
    service = await open_(tmp_path)
    alex, reference = await service.volunteer()
    await service["coordinator"].send(BUTTON, data=f"vcode:{reference}")
    heard = await service["coordinator"].press("Sign their other phones out")
    assert "is signed out" in heard
    assert "I don't know that one" in await alex.say("/stages")
    new = service.world.someone("new")
    assert "2 of 2 stages" in await new.say(code_in(service["coordinator"]))
    assert "2 of 2 stages" in await new.say("/stages")


async def test_a_volunteer_without_a_record_asks_for_a_new_code(tmp_path: Path) -> None:
    """Whoever came by a code of before, or whose record is another's now, is told what helps."""
    service = await open_(tmp_path)
    await service.run("UPDATE volunteers SET person = NULL")

    assert await service["volunteer"].say("/stages") == (
        "I can't find you among the volunteers. Please ask the coordinator for a new code, and type it here."
    )


# Who may do what


async def test_nobody_clears_themselves(tmp_path: Path) -> None:
    """A volunteer who is of the staff as well passes and signs nothing of their own; a colleague does."""
    service = await open_(tmp_path)
    reference = await new_volunteer(service)
    await service.run(
        "UPDATE volunteers SET person = ? WHERE reference = ?", await service.person("coordinator"), reference
    )
    heard = await service["coordinator"].send(BUTTON, data=f"vpass:{reference}:training")
    assert staff.YOUR_OWN.msgid in heard
    await pass_stage(service, reference, "training", who="manager")
    await pass_stage(service, reference, "dbs", who="manager")
    assert staff.YOUR_OWN.msgid in await service["coordinator"].send(BUTTON, data=f"vsign:{reference}")
    assert "somebody else has to sign" in await service["manager"].send(BUTTON, data=f"vsign:{reference}")
    await service.hire("coordinator2", "coordinator")
    assert "ready" in await sign(service, reference, "coordinator2")


async def test_one_person_alone_is_told_that_it_takes_two(tmp_path: Path) -> None:
    """Where nobody else is of the staff, the last stage says that somebody has to be invited."""
    service = await open_(tmp_path)
    await service.run("UPDATE people SET role = 'guest' WHERE role = 'manager'")
    reference = await new_volunteer(service)
    await pass_stage(service, reference, "training")

    assert clearing.NOBODY_ELSE.msgid in await pass_stage(service, reference, "dbs")


async def test_old_buttons_and_double_presses_change_nothing(tmp_path: Path) -> None:
    """Every button pressed again, after somebody else's, or with a number that is none, is answered kindly."""
    service = await open_(tmp_path)
    coordinator, manager = service["coordinator"], service["manager"]
    reference = await new_volunteer(service)
    await coordinator.send(BUTTON, data=f"vpass:{reference}:training")
    await coordinator.say("2 June")
    await coordinator.press("Yes, that day")
    await pass_stage(service, reference, "training", who="manager")
    assert clearing.MEANWHILE.msgid in await coordinator.say("seen by me")
    assert len(await service.rows("SELECT 1 FROM stages_passed")) == 1

    await coordinator.send(BUTTON, data=f"vwithdraw:{reference}:training")
    assert "Training: taken back." in await coordinator.press("Yes, take it back")
    again = "vwithdraw:{}:training:{}"
    for data in (again.format(reference, 1), again.format(reference, 99), f"vwithdraw:{reference}"):
        assert signing.NOTHING_HELD.msgid in await coordinator.send(BUTTON, data=data)
    await pass_stage(service, reference, "training")
    await pass_stage(service, reference, "dbs", who="manager")
    assert "you sign" in await coordinator.send(BUTTON, data=f"vsign:{reference}:1")
    await coordinator.press("Yes, I sign")
    assert signing.NOTHING_TO_SIGN.msgid in await coordinator.press("Yes, I sign")
    assert clearing.NO_SUCH_STAGE.msgid in await coordinator.send(BUTTON, data=f"vpass:{reference}:singing")
    for verb in ("volunteer", "vpass", "vwithdraw", "vsign", "vcode", "vedit", "vletgo"):
        for wrong in ("", "VO-0000-1", "nonsense", "VO-7K3Q-M:x:y:z"):
            assert staff.NO_SUCH.msgid in await manager.send(BUTTON, data=f"{verb}:{wrong}".rstrip(":"))
    assert len(await service.rows("SELECT 1 FROM stages_passed WHERE signed_at IS NOT NULL")) == 1
    assert await service.failures() == []


# Letting go


async def test_a_volunteer_is_let_go_when_no_child_counts_on_them(tmp_path: Path) -> None:
    """While matched they are not; then with a reason, once, and their codes open nothing."""
    service, alex, reference = await at_work(tmp_path)
    coordinator = service["coordinator"]
    assert "still visits 1 child. End that match first" in await coordinator.send(BUTTON, data=f"vletgo:{reference}")
    assert any(label.startswith("M-") for label in coordinator.buttons)
    async with service.world.database() as database, database.writer.transaction() as writer:
        [row] = await writer.all("SELECT interest FROM matches")
        await matches.end(writer, row["interest"], stamp(service.world.now))
    await coordinator.send(BUTTON, data=f"vletgo:{reference}")
    async with service.world.database() as database, database.writer.transaction() as writer:
        volunteer = await volunteers.find(writer, reference)
        assert volunteer
        await matches.start(writer, "M-2", row["interest"], volunteer, stamp(service.world.now))
    assert "still visits 1 child" in await coordinator.say("has moved away")
    async with service.world.database() as database, database.writer.transaction() as writer:
        await matches.end(writer, row["interest"], stamp(service.world.now))
    await coordinator.send(BUTTON, data=f"vcode:{reference}")
    code = code_in(coordinator)
    await coordinator.send(BUTTON, data=f"vletgo:{reference}")
    assert f"{reference} is no volunteer any more" in await coordinator.say("has moved away")

    assert stages.LEFT.msgid in await alex.say("/stages")
    assert "I don't know that code" in await service.world.someone("new").say(code)
    assert reference not in await coordinator.say("/volunteers")
    heard = await coordinator.send(BUTTON, data=f"volunteer:{reference}")
    assert "Left on Friday 12 June: has moved away" in heard
    for verb in ("vpass", "vwithdraw", "vsign", "vcode", "vedit", "vletgo"):
        assert "has left already. Nothing was changed." in await coordinator.send(BUTTON, data=f"{verb}:{reference}")


# Running out


async def test_expiries_are_announced_once_each(tmp_path: Path) -> None:
    """90, 30 and 7 days ahead, by day, to the volunteer and the staff; after a renewal no more."""
    service, alex, reference = await at_work(tmp_path)
    coordinator, world = service["coordinator"], service.world
    await coordinator.send(BUTTON, data=f"vpass:{reference}:dbs")
    await coordinator.say("2 June")
    await coordinator.press("Yes, that day")
    await coordinator.say("seen")
    await coordinator.press("No, sooner")
    await coordinator.say("1 December 2026")
    await coordinator.press("Yes, that day")
    told = {"alex": len(alex.messages), "coordinator": len(coordinator.messages), "manager": 0}
    days = []
    for day in range(1, 172):
        world.now = dt.datetime(2026, 6, 12, 10, tzinfo=dt.UTC) + dt.timedelta(days=day)
        before = len(alex.messages)
        await world.look()
        await world.look()
        if any("runs out" in words for words in unasked(alex, before)):
            days.append((dt.date(2026, 12, 1) - world.now.date()).days)
    assert days == [90, 30, 7]
    assert sum("One of your checks runs out on" in words for words in unasked(alex, told["alex"])) == 3
    words = [line for line in unasked(coordinator, told["coordinator"]) if reference in line]
    assert words == [f"{reference}: DBS check runs out on Tuesday 1 December."] * 3

    await pass_stage(service, reference, "dbs", "today")
    since = len(alex.messages), len(coordinator.messages)
    for _day in range(10):
        world.now += dt.timedelta(days=1)
        await world.look()
    assert not any("check" in line for line in unasked(alex, since[0]))
    assert not any(reference in line for line in unasked(coordinator, since[1]))


async def test_an_outage_is_made_up_for_with_one_warning(tmp_path: Path) -> None:
    """Whoever was off for months says what is so now, and not what was to be said before."""
    service, alex, reference = await at_work(tmp_path)
    await runs_out(service, reference, "2029-06-02")
    service.world.now = dt.datetime(2029, 5, 25, 9, 0, tzinfo=dt.UTC)
    before = len(alex.messages)
    await service.world.look()
    assert [line for line in unasked(alex, before) if "check" in line] == [
        "One of your checks runs out on Saturday 2 June. Please renew it in time. The coordinator can help."
    ]


async def runs_out(service: Service, reference: str, on: str) -> None:
    """Their DBS check runs out on a day."""
    manager = await service.person("manager")
    async with service.world.database() as database, database.writer.transaction() as writer:
        await volunteers.pass_stage(
            writer, reference, "dbs", dt.date(2026, 6, 1), dt.date.fromisoformat(on), "seen",
            manager, stamp(service.world.now),
        )  # fmt: skip


async def test_on_the_day_visits_pause_and_everybody_knows_what_they_may(tmp_path: Path) -> None:
    """The volunteer and the staff why, the child that it is not because of them; renewed and signed, all are asked."""
    service, alex, reference = await at_work(tmp_path)
    child, coordinator, world = service["child"], service["coordinator"], service.world
    await runs_out(service, reference, "2026-06-15")
    world.now = dt.datetime(2026, 6, 15, 7, 30, tzinfo=dt.UTC)
    before = len(alex.messages), len(coordinator.messages), len(child.messages)
    await world.look()
    await world.look()

    assert await status(service) == ["paused"]
    assert unasked(child, before[2]) == ["You have a message here."]
    assert await child.press("Show me") == PAUSED.msgid
    assert gate.HAS_RUN_OUT.msgid in unasked(alex, before[0])
    assert gate.ON_PAUSE.msgid in unasked(alex, before[0])
    assert "○ DBS check: ran out, Monday 15 June" in await alex.press("Show me")
    lines = unasked(coordinator, before[1])
    assert f"{reference}: 1 visit is on pause. Why: DBS check ran out on Monday 15 June." in lines
    assert f"{reference}: DBS check ran out on Monday 15 June." in lines
    assert f"{reference} · Alex Example · a stage has run out" in await coordinator.press(reference)
    [match] = await service.rows("SELECT interest FROM matches")
    await coordinator.send(BUTTON, data=f"plan:{match['interest']}")
    assert await status(service) == ["paused"]

    await pass_stage(service, reference, "dbs", "today")
    assert await status(service) == ["paused"]
    before = len(alex.messages), len(coordinator.messages), len(child.messages)
    await sign(service, reference)
    assert await status(service) == ["planned"]
    assert any("can you be there?" in line for line in unasked(alex, before[0]))
    assert f"{reference}: may visit again. 1 visit is planned again, and both sides are asked anew." in unasked(
        coordinator, before[1]
    )
    assert unasked(child, before[2]) == ["You have a message here."]
    [row] = await service.rows("SELECT confirmed_at, child_said FROM visits")
    assert tuple(row) == (None, "")
    assert await service.failures() == []


async def test_a_renewal_in_time_keeps_visits_as_they_are(tmp_path: Path) -> None:
    """Nobody signs anew, nothing pauses and no child is disturbed."""
    service, _alex, reference = await at_work(tmp_path)
    await runs_out(service, reference, "2026-06-15")
    await pass_stage(service, reference, "dbs", "today")
    service.world.now += dt.timedelta(days=5)
    before = len(service["child"].messages)
    await service.world.look()
    assert await status(service) == ["planned"]
    assert len(service["child"].messages) == before


async def test_a_stage_taken_back_pauses_at_once(tmp_path: Path) -> None:
    """Asked once; then visits wait, and go on when it is passed and signed again."""
    service, alex, reference = await at_work(tmp_path)
    coordinator, child = service["coordinator"], service["child"]
    await coordinator.send(BUTTON, data=f"vwithdraw:{reference}")
    assert "Take back “Training”" in await coordinator.press("Training")
    assert await status(service) == ["planned"]
    before = len(alex.messages)
    await coordinator.press("Yes, take it back")
    assert await status(service) == ["paused"]
    assert unasked(alex, before) == [clearing.NEWS.msgid, gate.ON_PAUSE.msgid]
    assert await child.press("Show me") == PAUSED.msgid
    await pass_stage(service, reference, "training")
    await sign(service, reference)
    assert await status(service) == ["planned"]


async def test_a_new_stage_in_the_settings_pauses_by_itself(tmp_path: Path) -> None:
    """Whatever the settings ask for from now on is looked at by day; taken out again, visits go on."""
    service, alex, reference = await at_work(tmp_path)
    more = {"stages": [*TWO["stages"], {"id": "modules", "title": "Modules"}]}
    asked = service.world.settings
    before = len(alex.messages)
    service.world.settings = asked.model_copy(update={"recruitment": Recruitment.model_validate(more)})
    service.world.context = replace(service.world.context, settings=service.world.settings)
    await service.world.look()
    assert await status(service) == ["paused"]
    assert gate.ON_PAUSE.msgid in unasked(alex, before)
    assert f"{reference}: 1 visit is on pause. Why: Modules is not passed." in plain(service["manager"].last)
    service.world.settings = asked
    service.world.context = replace(service.world.context, settings=asked)
    await service.world.look()
    assert await status(service) == ["planned"]


@pytest.mark.parametrize(("hours", "waits"), [(30, False), (4, True)])
async def test_at_night_only_what_would_begin_before_the_morning_pauses(
    tmp_path: Path, hours: int, *, waits: bool
) -> None:
    """Nobody is woken for a visit of the afternoon; one at seven in the morning does not go ahead."""
    service = await open_(tmp_path)
    _alex, reference = await service.volunteer()
    service.world.now = dt.datetime(2026, 6, 14, 20, 0, tzinfo=dt.UTC)
    await runs_out(service, reference, "2026-06-15")
    service.world.now = dt.datetime(2026, 6, 14, 2, 30, tzinfo=dt.UTC) + dt.timedelta(hours=17)
    await with_child(service, reference, service["child"])
    begins = dt.datetime(2026, 6, 15, 2, 30, tzinfo=dt.UTC) + dt.timedelta(hours=hours)
    async with service.world.database() as database, database.writer.transaction() as writer:
        [row] = await writer.all("SELECT reference FROM visits")
        visit = await visits.find(writer, row["reference"])
        assert visit
        await visits.move(writer, visit, stamp(begins), "", stamp(service.world.now), confirmed=True)
    service.world.now = dt.datetime(2026, 6, 15, 2, 30, tzinfo=dt.UTC)
    await service.world.look()
    assert await status(service) == ["paused" if waits else "planned"]
    service.world.now = dt.datetime(2026, 6, 15, 7, 1, tzinfo=dt.UTC)
    await service.world.look()
    assert await status(service) == ["paused"]


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)), st.integers(1, 60))
def test_a_stage_runs_out_so_many_months_later(day: dt.date, months: int) -> None:
    """On the same day of the month, or the last one of a shorter month."""
    found = expiry(Stage("a", "A", months), day)

    assert found
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + dt.timedelta(days=1)).day == 1)


@given(st.integers(-400, 400))
def test_the_last_warning_that_is_due_is_the_one_that_is_given(left: int) -> None:
    """Of 90, 30 and 7 days the fewest that are not less than what is left; 0 when it has run out."""
    day = dt.date(2026, 6, 12)
    found = warning(day + dt.timedelta(days=left), day, [90, 30, 7])

    assert found == (0 if left <= 0 else 7 if left <= 7 else 30 if left <= 30 else 90 if left <= 90 else None)


# Suspension


async def test_an_allegation_pauses_every_child_and_tips_nobody_off(tmp_path: Path) -> None:
    """Each child reads kind words; the volunteer hears nothing unasked, and when asking only that there is a pause."""
    service, alex, reference = await at_work(tmp_path)
    child, other = service["child"], service.world.someone("other phone")
    await with_child(service, reference, other)
    manager, coordinator = service["manager"], service["coordinator"]
    await child.say("my visitor touched me")
    [row] = await service.rows("SELECT reference FROM concerns")
    await manager.say(f"/concerns {row['reference']}")
    for label in ("I have read it and take it on", "Who is it about?", "Their visitor"):
        await manager.press(label)
    before = len(alex.messages), len(other.messages), len(coordinator.messages)
    heard = await manager.press("It is an allegation")
    assert concerns.NOW_SUSPENDED.msgid in heard

    assert await status(service) == ["paused", "paused"]
    assert unasked(other, before[1]) == ["You have a message here."]
    assert await other.press("Show me") == PAUSED.msgid
    assert await child.press("Show me") == PAUSED.msgid
    await service.world.look()
    assert unasked(alex, before[0]) == []
    assert not any("pause" in line for line in unasked(coordinator, before[2]))
    heard = await alex.say("/stages")
    assert stages.ON_PAUSE.msgid.replace("{Coordinator}", "The coordinator") in heard
    assert "You're ready" not in heard
    for someone in (coordinator, manager):
        heard = await someone.send(BUTTON, data=f"volunteer:{reference}")
        assert "Visits are on pause. A manager can say when they go on." in heard
        assert "suspend" not in heard
        assert "suspend" not in await someone.say("/volunteers")

    await runs_out(service, reference, "2026-06-14")
    service.world.now += dt.timedelta(days=3)
    await service.world.look()
    [allegation] = await service.rows("SELECT reference FROM allegations")
    data = f"concerns:{row['reference']}"
    await manager.send(BUTTON, data=f"{data}:lado:{allegation['reference']}")
    await manager.send(BUTTON, data=f"{data}:lift:{allegation['reference']}")
    heard = await manager.say("The LADO found nothing in it.")
    assert "No visit can be planned yet: DBS check ran out on Sunday 14 June." in heard
    assert await status(service) == ["paused", "paused"]
    await pass_stage(service, reference, "dbs", "today")
    since = len(other.messages), len(child.messages)
    await sign(service, reference)
    assert await status(service) == ["planned", "planned"]
    assert (len(other.messages), len(child.messages)) == (since[0] + 1, since[1] + 1)
    assert await service.failures() == []


async def test_lifting_tells_every_child(tmp_path: Path) -> None:
    """Also the one with no visit to come: they were told that there is a pause."""
    service, _alex, reference = await at_work(tmp_path)
    child, other, manager = service["child"], service.world.someone("other phone"), service["manager"]
    visit = await with_child(service, reference, other)
    await service.run("DELETE FROM visits WHERE reference = ?", visit)
    await child.say("my visitor touched me")
    [row] = await service.rows("SELECT reference FROM concerns")
    await manager.say(f"/concerns {row['reference']}")
    for label in ("Who is it about?", "Their visitor", "It is an allegation"):
        await manager.press(label)
    before = len(other.messages), len(child.messages)
    [allegation] = await service.rows("SELECT reference FROM allegations")
    await manager.send(BUTTON, data=f"concerns:{row['reference']}:lift:{allegation['reference']}")
    assert concerns.LIFTED.msgid in await manager.say("nothing in it")
    assert (unasked(other, before[0]), unasked(child, before[1])) == (["You have a message here."],) * 2


async def test_a_suspension_is_told_to_nobody_however_it_came_about(tmp_path: Path) -> None:
    """A visit that is found planned with somebody suspended waits at once, and no word of it is sent."""
    service, alex, _reference = await at_work(tmp_path)
    people = (alex, service["child"], service["coordinator"], service["manager"])
    await service.run("UPDATE volunteers SET suspended_at = '9' WHERE person IS NOT NULL")
    before = [len(someone.messages) for someone in people]
    assert await status(service) == ["planned"]
    await service.world.look()
    assert await status(service) == ["paused"]
    assert [len(someone.messages) for someone in people] == before


# The list


async def test_who_needs_something_comes_first(tmp_path: Path) -> None:
    """A child who waits, then what runs out, then what is to be signed; the rest by name, ten to a page."""
    service = await open_(tmp_path)
    coordinator = service["coordinator"]
    async with service.world.database() as database, database.writer.transaction() as writer:
        for name in ("Ada", "Ben", "Cas", "Dot", "Eli", "Fay", "Gus", "Hal", "Ida"):
            await records.add_volunteer(writer, name, service.world.now)
        soon, tosign, waiting = [await records.add_volunteer(writer, name, service.world.now) for name in "XYZ"]
        interest = await records.add(writer, 1)
        await matches.start(writer, new_reference(MATCH_PREFIX), interest, waiting, stamp(service.world.now))
    await runs_out(service, soon.reference, "2026-07-01")
    await service.run(
        "UPDATE stages_passed SET withdrawn_at = 'x' WHERE volunteer = ? AND stage = 'dbs'", tosign.reference
    )
    await runs_out(service, tosign.reference, "2029-07-01")
    await service.run("UPDATE volunteers SET paused_at = 'x' WHERE reference = ?", waiting.reference)
    heard = (await coordinator.say("/volunteers")).splitlines()

    assert heard[0] == "13 volunteers, 10 of them ready:"
    assert heard[1] == f"{waiting.reference} · Z · on a break · 1 child · please look: visits can't be planned"
    assert heard[2] == f"{soon.reference} · X · ready · next expiry Wednesday 1 July"
    assert heard[3] == f"{tosign.reference} · Y · to be signed · next expiry 1 July 2029"
    assert [line.split(" · ")[1] for line in heard[4:]] == ["Ada", "Ben", "Cas", "Dot", "Eli", "Fay", "Gus"]
    heard = (await coordinator.press("More")).splitlines()
    assert [line.split(" · ")[1] for line in heard[1:]][:2] == ["Hal", "Ida"]
    assert heard[3].endswith("no name yet · 0 of 2 stages")
    assert (await coordinator.press("Earlier ones")).splitlines()[1].startswith(waiting.reference)
    for odd in ("99999", "9", "x", "-1"):
        assert "13 volunteers" in await coordinator.send(BUTTON, data=f"volunteers:{odd}")
    assert "X · ready" in await coordinator.say(f"/volunteers {soon.reference.lower()}")
