"""Complaining: who reads it is said before the yes, every step is followed here, and it can be taken back whole."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.domain.complaints import Complainer, Complaint, Longer, Outcome, Stage, Subject, extended, start_clock
from bot.domain.helplines import Nation
from bot.domain.roles import Role, Viewer
from bot.domain.working_days import ENGLAND
from bot.engine.message import Kind
from bot.settings import Settings
from bot.store import codes, complaint_steps, complaints, people
from bot.store.clock import stamp
from bot.store.people import Person
from handlers import complaint, my_complaint, safety_words
from handlers import complaint_words as words
from tests import records
from tests.casework import Service
from tests.conversation import Someone, World, plain
from tests.test_my_data import living, marks_in, one, rendered, staff
from tests.test_purge import every_byte

TEAMS = {name: {"name": name.replace("_", " "), "email": f"{name}@example.org"} for name in
         ("complaints_team", "director", "data_protection")}  # fmt: skip
OFFICER = Viewer("officer", Role.GUEST)
SECRET = "markedwords of a child"


def service(folder: Path, *, nation: str = "england", **sections: dict[str, Any]) -> World:
    """A service whose officers mail can reach."""
    told: dict[str, Any] = {"contacts": TEAMS, "mail": {"host": "localhost"}, "service": {"jurisdiction": nation}}
    return World(folder, Settings.model_validate(told | sections))


def label(world: World, subject: Subject, complainer: Complainer = Complainer.CHILD) -> str:
    return world.context.words.plain(words.ABOUT[complainer][subject], "en")


async def fill(child: Someone, about: str = "My visitor", what: str = SECRET, name: str = "[Skip]") -> str:
    """Up to the question whether to send it, which is what is heard at the end."""
    await child.say("/complain")
    if complaint.NEW.msgid in child.buttons:
        await child.press(complaint.NEW.msgid)
    await child.press(about)
    if complaint.BY_MYSELF.label.msgid in child.buttons:
        await child.press(complaint.BY_MYSELF.label.msgid)
    await child.say(what)
    await child.press("Skip")
    await (child.press("Skip") if name == "[Skip]" else child.say(name))
    await child.say("here in this chat, after school")
    return await child.press("That's right")


async def send(child: Someone, **told: str) -> str:
    """All the way; the reference."""
    await fill(child, **told)
    await child.press("Yes, send it")
    if child.buttons == ["I've saved it"]:
        await child.press("I've saved it")
    mine = next(button.data for row in child.last.buttons for button in row if button.data.startswith("mycomplaint:"))
    return mine.removeprefix("mycomplaint:")


async def find(world: World, reference: str) -> Complaint:
    async with world.database() as database, database.reading() as reader:
        found = await complaints.find(reader, reference, None)
    assert found
    return found


async def hire(world: World, role: str, address: str) -> Someone:
    async with world.database() as database, database.writer.transaction() as writer:
        code = await codes.issue(writer, role, "", world.now)
    someone = world.someone(address)
    await someone.say(f"/start {code}")
    return someone


async def officer(world: World, reference: str, contact: str = "complaints_team") -> None:
    """Somebody comes by the link in a mail."""
    async with world.database() as database, database.writer.transaction() as writer:
        await people.save(writer, [Person(OFFICER.person, Role.GUEST)], stamp(world.now))
        assert await complaint_steps.attach(writer, reference, OFFICER.person, contact, stamp(world.now))


async def answers(world: World, reference: str, said: str = "so it is", days: int = 20) -> None:
    """The officer answers."""
    day = world.now.date()
    async with world.database() as database, database.writer.transaction() as writer:
        assert await complaint_steps.answer(
            writer, reference, OFFICER, said, Outcome.NOT_UPHELD, ENGLAND.due(day, days), stamp(world.now)
        )


async def pressed(child: Someone, reference: str, verb: str = "") -> str:
    return await child.send(Kind.BUTTON, data=f"mycomplaint:{reference}{verb and ':'}{verb}")


async def failures(world: World) -> object:
    return await one(world, "SELECT count(*) FROM failed_events")


# Before it is sent


@pytest.mark.parametrize(("subject", "who", "not_who"), [
    (Subject.VISITOR, "the coordinator and the manager", "the visitor"),
    (Subject.COORDINATOR, "complaints team", "the coordinator and the manager"),
    (Subject.MANAGER, "complaints team", "the coordinator and the manager"),
    (Subject.SERVICE, "complaints team", "the coordinator and the manager"),
    (Subject.SOCIAL_WORKER, "complaints team", "the social worker, the coordinator, and the manager"),
    (Subject.CARER, "complaints team", "the carer, the coordinator, and the manager"),
    (Subject.COUNCIL, "complaints team", "the coordinator and the manager"),
    (Subject.COMPLAINTS_TEAM, "director", "the coordinator, the manager, and complaints team"),
    (Subject.BOT, "data protection", "the coordinator and the manager"),
])  # fmt: skip
async def test_who_reads_it_is_said_before_the_yes(tmp_path: Path, subject: Subject, who: str, not_who: str) -> None:
    """The last question names who can read a complaint, who cannot, and the day of the answer; then it is so."""
    world = service(tmp_path)
    child = world.someone("c")
    heard = (await fill(child, label(world, subject))).replace(", and ", " and ")

    assert f"Who can read it: {who}." in heard
    assert f"Who can't read it here: {not_who.replace(', and ', ' and ')}." in heard
    assert "They have until Friday 26 June to answer you." in heard
    assert heard.index("Who can read it") < heard.index(complaint.SHALL_I.msgid)
    await child.press("Yes, send it")
    kept = await find(world, str(await one(world, "SELECT reference FROM complaints")))
    assert (kept.about, kept.what_happened, kept.answer_way) == (subject, SECRET, "here, after school")
    assert kept.clock.due_on == dt.date(2026, 6, 26)


async def test_an_advocate_is_offered_before_a_word_is_written(tmp_path: Path) -> None:
    """A child chooses about whom, then whether they would like an advocate; only then is anything written."""
    world = service(tmp_path)
    child = world.someone("c")
    await child.say("/complain")
    heard = await child.press("My social worker")
    assert "advocate" in heard
    assert "Help at Hand: 0800 528 0731" in heard
    assert complaint.WHAT.msgid in await child.press("I'd like an advocate")
    for text in (SECRET, "skip", "skip", "here in this chat"):
        await child.say(text)
    await child.press("That's right")
    assert complaint.ADVOCATE_TOO.msgid in await child.press("Yes, send it")
    assert await one(world, "SELECT advocate_wanted FROM complaints") == 1


@pytest.mark.parametrize("subject", Subject)
async def test_where_somebody_may_be_hurt_the_red_button_is_there(tmp_path: Path, subject: Subject) -> None:
    """The box for what happened has the red button when it is about a visitor or a carer."""
    world = service(tmp_path)
    child = world.someone("c")
    if subject is Subject.CHILD_ARRANGEMENTS:
        return
    await child.say("/complain")
    await child.press(label(world, subject))
    heard = await child.press("No, I'll say it myself")
    asked = subject in {Subject.VISITOR, Subject.CARER}
    assert ("I'm not safe" in child.buttons) == asked
    assert (complaint.IF_NOT_SAFE.msgid in heard) == asked


async def test_nothing_is_kept_of_a_no(tmp_path: Path) -> None:
    """Whoever says no at the end has sent nothing, and nothing of it is kept but what stands on their screen."""
    world = service(tmp_path)
    child = world.someone("c")
    await fill(child)
    assert complaint.NOT_SENT.msgid in await child.press("No, don't send it")
    assert await one(world, "SELECT count(*) FROM complaints") == 0
    assert await one(world, "SELECT count(*) FROM forms") == 0


async def test_so_many_can_be_open_at_once(tmp_path: Path) -> None:
    """With as many open complaints as the settings allow, the next one waits; answered ones do not count."""
    world = service(tmp_path, limits={"open_complaints": 2})
    child = world.someone("c")
    first = await send(child, about="My social worker")
    await send(child, about="My social worker")
    await child.say("/complain")
    assert "You have 2 complaints here" in await child.press(complaint.NEW.msgid)
    assert "I'm not safe" in child.buttons
    await officer(world, first)
    await answers(world, first)
    await child.say("/complain")
    assert complaint.WHO.msgid in await child.press(complaint.NEW.msgid)


async def test_where_nobody_may_see_it_no_word_is_asked_for(tmp_path: Path) -> None:
    """A complaint that nobody here may see goes outside at once: with whom to ask, and counted without a word."""
    world = World(tmp_path)
    child = world.someone("c")
    for subject in (Subject.COORDINATOR, Subject.COMPLAINTS_TEAM, Subject.BOT):
        await child.send(Kind.BUTTON, data="complain:new")
        heard = await child.press(label(world, subject))
        assert complaint.OUTSIDE.msgid in heard
        assert ("0300 061 0614" in heard) == (subject is not Subject.BOT)
        assert "Help at Hand" in heard
    async with world.database() as database, database.reading() as reader:
        rows = await reader.all("SELECT stage, status, route, what_happened FROM complaints")
    assert [tuple(row) for row in rows] == [("ombudsman", "closed", "[]", "")] * 3


async def test_a_route_that_closes_meanwhile_is_not_taken(tmp_path: Path) -> None:
    """If nobody may see it any more when the yes comes, it goes outside, and the words are not kept."""
    world = service(tmp_path)
    child = world.someone("c")
    await fill(child, about="My social worker")
    later = World(tmp_path)
    later.screens, later.events = world.screens, world.events
    assert complaint.OUTSIDE.msgid in await later.someone("c").press("Yes, send it")
    assert await one(later, "SELECT what_happened FROM complaints") == ""


async def test_if_nobody_can_be_told_that_is_said(tmp_path: Path) -> None:
    """Where no message of ours reaches those who should read it, the complaint is kept and the child is told so."""
    world = World(tmp_path)
    child = world.someone("c")
    await fill(child)
    heard = await child.press("Yes, send it")
    assert complaint.NOBODY_TOLD.msgid in heard
    assert complaint.SENT.msgid not in heard
    assert "0800 528 0731" in heard
    assert await one(world, "SELECT count(*) FROM complaints WHERE status = 'received'") == 1


async def test_adults_and_volunteers_have_their_own_words(tmp_path: Path) -> None:
    """Who asked for a child, or is a volunteer, is not spoken to as a child; staff are told where theirs goes."""
    world = service(tmp_path)
    adult, volunteer = world.someone("a", "web"), await hire(world, "volunteer", "v")
    await records.ask_for_a_child(adult)
    for someone, mine, other in ((adult, "A social worker", "My visitor"), (volunteer, "What was planned for the child",
                                                                            "My visitor")):  # fmt: skip
        await someone.say("/complain")
        assert mine in someone.buttons
        assert other not in someone.buttons
        heard = await someone.press(mine)
        assert "advocate" not in heard
        await someone.say("it was late")
        await someone.press("Skip")
        await someone.press("Skip")
        assert "At school" not in someone.buttons
    for role in ("coordinator", "manager"):
        assert "This chat is for your work." in await (await hire(world, role, role)).say("/complain")
    assert await failures(world) == 0


async def test_a_form_half_filled_waits(tmp_path: Path) -> None:
    """Looking at something else leaves the answers; the same button goes on where it was."""
    world = service(tmp_path)
    child = world.someone("c")
    await child.say("/complain")
    await child.press("My visitor")
    await child.press("No, I'll say it myself")
    await child.say(SECRET)
    await child.say("/menu")
    assert complaint.WANTED.msgid in await child.say("/complain")
    await child.press("Stop")
    await child.press("Keep my answers for later")
    assert complaint.WANTED.msgid in await child.press("Carry on with my answers")


async def test_danger_comes_first_and_its_words_stay(tmp_path: Path) -> None:
    """Words of danger in the box of a complaint show who can help, at once; with one tap the complaint has them too."""
    world = service(tmp_path)
    child = world.someone("c")
    await child.say("/complain")
    await child.press("My visitor")
    await child.press("No, I'll say it myself")
    heard = await child.say("he hits me in the car")
    assert "999" in heard
    assert complaint.WANTED.msgid in await child.press(safety_words.USE_IT.msgid)
    for text in ("skip", "skip", "here in this chat"):
        await child.say(text)
    await child.press("That's right")
    await child.press("Yes, send it")
    assert await one(world, "SELECT what_happened FROM complaints") == "he hits me in the car"
    assert await one(world, "SELECT words FROM concerns") == "he hits me in the car"


# How the day is worked out


@pytest.mark.parametrize(("now", "days"), [
    ("2026-05-20T09:00", ["Monday 25 May (Spring Bank Holiday)"]),
    ("2026-12-21T09:00", ["Christmas Day", "Boxing Day", "New Year's Day"]),
    ("2026-06-12T09:00", []),
])  # fmt: skip
async def test_the_days_left_out_are_named(tmp_path: Path, now: str, days: Sequence[str]) -> None:
    """Who asks how the day is worked out hears each bank holiday that was left out, before the yes and after it."""
    world = service(tmp_path)
    world.now = dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC)
    child = world.someone("c")
    await fill(child)
    before = await child.press(words.HOW_THE_DAY.msgid)
    await child.press("Carry on with my answers")
    await child.press("Yes, send it")
    await child.press("I've saved it")
    await child.press(complaint.MINE.msgid)
    after = await child.press(words.HOW_THE_DAY.msgid)
    assert before == after
    assert ("These don't count" in before) == bool(days)
    assert [day for day in days if day not in before] == []


async def test_a_pause_is_part_of_the_reckoning(tmp_path: Path) -> None:
    """A day on which the clock stood still is added, and that is said; a paused one names no day of an answer."""
    world = service(tmp_path)
    child = world.someone("c")
    reference = await send(child, about="My social worker")
    await officer(world, reference)
    async with world.database() as database, database.writer.transaction() as writer:
        day = world.now.date()
        assert await complaint_steps.pause(writer, reference, OFFICER, day, stamp(world.now))
    heard = await pressed(child, reference)
    assert "It stands still since Friday 12 June." in heard
    assert "They have until" not in heard
    assert words.HOW_THE_DAY.msgid not in child.buttons
    world.now += dt.timedelta(days=3)
    async with world.database() as database, database.writer.transaction() as writer:
        await complaint_steps.resume(writer, reference, OFFICER, ENGLAND, world.now.date(), stamp(world.now))
    assert "until Monday 29 June" in await pressed(child, reference)
    assert "It stood still for 1 day." in await pressed(child, reference, "day")


# Following it


async def test_england_has_three_steps_and_then_the_ombudsman(tmp_path: Path) -> None:
    """Each next step is the child's own, asked once, with who reads it and until when; after the third it goes out."""
    world = service(tmp_path)
    child = world.someone("c")
    reference = await send(child, about="My social worker")
    await officer(world, reference)
    for picture, more in (("●●○○", "Friday 17 July"), ("●●●○", "Friday 24 July")):
        await answers(world, reference, "markedanswer")
        heard = await pressed(child, reference)
        assert "markedanswer" in heard
        assert "They see it in another way than you." in heard
        asked = await child.press(my_complaint.NOT_HAPPY.msgid)
        assert more in asked
        assert "Who can read it: complaints team." in asked
        assert (await find(world, reference)).stage == (Stage.LOCAL if picture == "●●○○" else Stage.INVESTIGATION)
        assert picture in await child.press("Yes, take it further")
    await answers(world, reference)
    await pressed(child, reference)
    heard = await child.press(my_complaint.NOT_HAPPY.msgid)
    assert words.OMBUDSMAN[Nation.ENGLAND].msgid in heard
    found = await find(world, reference)
    assert (found.stage, found.status) == (Stage.OMBUDSMAN, "closed")
    heard = await pressed(child, reference)
    assert "●●●●" in heard
    assert my_complaint.NOT_HAPPY.msgid not in child.buttons
    assert await failures(world) == 0


async def test_wales_has_two_steps_and_another_ombudsman(tmp_path: Path) -> None:
    """In Wales the second step is the last one here."""
    world = service(tmp_path, nation="wales")
    child = world.someone("c")
    reference = await send(child, about="My social worker")
    await officer(world, reference)
    await answers(world, reference)
    await pressed(child, reference, "unhappy")
    heard = await child.press("Yes, take it further")
    assert "●●○ Step 2 of 3." in heard
    assert "A person who doesn't work for the council looks into it." in heard
    await answers(world, reference)
    heard = await pressed(child, reference, "unhappy")
    assert "The ombudsman for Wales" in heard
    assert "Meic" in heard


async def test_after_the_window_others_can_still_look_at_it(tmp_path: Path) -> None:
    """When the time to go on is over, nothing is taken further here, and the child hears who else there is."""
    world = service(tmp_path)
    child = world.someone("c")
    reference = await send(child, about="My social worker")
    await officer(world, reference)
    await answers(world, reference, days=1)
    world.now += dt.timedelta(days=4)
    assert "was over on Monday 15 June" in await pressed(child, reference)
    for verb in ("unhappy", "unhappy:yes"):
        heard = await pressed(child, reference, verb)
        assert my_complaint.TOO_LATE.msgid in heard
        assert "0300 061 0614" in heard
    assert (await find(world, reference)).stage is Stage.LOCAL


async def test_where_the_next_step_has_nobody_the_way_out_is_shown(tmp_path: Path) -> None:
    """About the complaints team itself there is no second step here; nothing is moved, and it is said who can help."""
    world = service(tmp_path)
    child = world.someone("c")
    reference = await send(child, about="The complaints team")
    await officer(world, reference, "director")
    await answers(world, reference)
    assert my_complaint.NO_MORE_HERE.msgid in await pressed(child, reference, "unhappy:yes")
    assert (await find(world, reference)).status == "answered"


async def test_what_is_late_is_not_their_fault(tmp_path: Path) -> None:
    """After the last day the child is told that it is late; a lawful extension is not, and has its reason."""
    world = service(tmp_path)
    child = world.someone("c")
    reference = await send(child, about="My social worker")
    await officer(world, reference)
    world.now += dt.timedelta(days=15)
    assert "They should have answered you by Friday 26 June." in await pressed(child, reference)
    clock = extended(ENGLAND, (await find(world, reference)).clock, dt.date(2026, 7, 9), 20)
    assert clock
    async with world.database() as database, database.writer.transaction() as writer:
        now = stamp(world.now)
        assert await complaint_steps.acknowledge(writer, reference, OFFICER, now)
        why = f"{Longer.SOMEBODY_AWAY}: markednote"
        assert await complaint_steps.extend(writer, reference, OFFICER, clock, why, now)
    heard = await pressed(child, reference)
    assert "because they have to ask somebody who is away. They have until Thursday 9 July" in heard
    assert "markednote" not in heard
    assert "should have answered" not in heard


async def test_a_code_opens_it_without_a_name(tmp_path: Path) -> None:
    """A complaint without a name is answered and followed with the code, on any device; who reads it has read it."""
    world = service(tmp_path)
    child, other = world.someone("w1", "web"), world.someone("w2", "web")
    await fill(child)
    await child.press("Yes, send it")
    code = plain(child.last).splitlines()[2]
    reference = str(await one(world, "SELECT reference FROM complaints"))
    assert (await find(world, reference)).anonymous
    await child.send(Kind.LEFT)
    manager = await hire(world, "manager", "m")
    await manager.say(f"/complaints {reference}")
    await manager.press("Answer")
    await manager.say("1")
    await manager.say("markedanswer")
    await manager.press("That's right")
    assert await one(world, "SELECT read_at FROM complaint_messages") is None
    await other.say(code)
    await other.say("/complain")
    await other.press(f"mycomplaint:{reference}")
    assert "markedanswer" in plain(other.messages[-2].message)
    assert await one(world, "SELECT read_at FROM complaint_messages")
    assert await failures(world) == 0


async def test_an_answer_given_another_way_is_said_to_be(tmp_path: Path) -> None:
    """When they answered elsewhere, the child is told that, with no words of an answer here."""
    world = service(tmp_path)
    child = world.someone("c")
    reference = await send(child, about="My social worker")
    await officer(world, reference)
    await answers(world, reference, "")
    assert words.ANSWERED_ELSEWHERE.msgid in await pressed(child, reference)


VERBS = ("", "write", "day", "advocate", "happy", "unhappy", "unhappy:yes", "back", "back:yes", "nonsense")


@pytest.mark.parametrize("verb", VERBS)
async def test_nobody_follows_what_is_not_theirs(tmp_path: Path, verb: str) -> None:
    """Somebody else's number in a button shows nothing and changes nothing, and so does one that is none."""
    world = service(tmp_path)
    reference = await send(world.someone("c"), name="Markedname")
    stranger = world.someone("s")
    await stranger.say("/start")
    before = await find(world, reference)
    for asked in (reference, "C-0000-0", "", "x:y:z"):
        heard = await pressed(stranger, asked, verb)
        assert "That button is from before." in heard
        assert reference not in heard
    assert await find(world, reference) == before
    assert await failures(world) == 0


@pytest.mark.parametrize("status", ["received", "answered", "happy", "late", "further"])
async def test_every_button_can_be_pressed_at_any_time(tmp_path: Path, status: str) -> None:
    """A button of before, or a second press, is answered with where it stands now."""
    world = service(tmp_path)
    child = world.someone("c")
    reference = await send(child, about="My social worker")
    await officer(world, reference)
    if status != "received":
        await answers(world, reference)
    if status in {"happy", "further"}:
        await pressed(child, reference, "happy" if status == "happy" else "unhappy:yes")
    if status == "late":
        world.now += dt.timedelta(days=60)
    for verb in (*VERBS[:-2], *VERBS[:-2], "back:yes", *VERBS):
        assert await pressed(child, reference, verb)
        await child.say("/stop")
    assert await failures(world) == 0


async def test_what_they_add_reaches_those_who_look_at_it(tmp_path: Path) -> None:
    """Words added while it is open are told on, without content; once it is closed they are not taken."""
    world = service(tmp_path)
    child, manager = world.someone("c"), await hire(world, "manager", "m")
    reference = await send(child)
    told = len(manager.messages)
    await pressed(child, reference, "write")
    assert my_complaint.PASSED_ON.msgid in await child.say(SECRET)
    assert len(manager.messages) == told + 1
    assert SECRET not in plain(manager.last)
    await pressed(child, reference, "write")
    async with world.database() as database, database.writer.transaction() as writer:
        viewer = Viewer(str((await writer.all("SELECT id FROM people WHERE role = 'manager'"))[0]["id"]), "manager")
        await complaint_steps.answer(
            writer, reference, viewer, "so", Outcome.UPHELD, world.now.date(), stamp(world.now)
        )
    assert my_complaint.OVER.msgid in await child.say("too late")
    assert await one(world, "SELECT count(*) FROM complaint_messages WHERE kind = 'reply'") == 1


async def test_an_advocate_can_be_asked_for_later(tmp_path: Path) -> None:
    """The wish is passed on once, and the lines are shown as often as it is pressed."""
    world = service(tmp_path)
    child, manager = world.someone("c"), await hire(world, "manager", "m")
    reference = await send(child)
    told = len(manager.messages)
    for _time in range(2):
        assert "Help at Hand" in await pressed(child, reference, "advocate")
    assert len(manager.messages) == told + 1
    assert (await find(world, reference)).advocate_wanted


# Taking it back, and everything that is kept


BOXES = ["zebrahappened", "zebrawanted", "zebraname", "zebraway", "zebrareply", "zebraquestion"]


async def with_marks(world: World, child: Someone, coordinator: Someone) -> str:
    """A complaint with marked words in each box, read by staff and by an officer, who asked and was answered."""
    await child.say("/complain")
    await child.press("My visitor")
    await child.press("No, I'll say it myself")
    for text in ("zebrahappened at the park", "zebrawanted by me", "zebraname", "here in this chat, zebraway please"):
        await child.say(text)
    for text in ("That's right", "Yes, send it", "I've saved it"):
        await child.press(text)
    reference = str(await one(world, "SELECT reference FROM complaints"))
    for verb in ("Say that it has arrived", "Ask them something"):
        await coordinator.say(f"/complaints {reference}")
        await coordinator.press(verb)
    await coordinator.say("zebraquestion for them")
    await pressed(child, reference, "write")
    await child.say("zebrareply of mine")
    await coordinator.say(f"/complaints {reference}")
    return reference


@pytest.mark.parametrize("how", ["back:yes", "one", "all"])
async def test_taken_back_it_is_nowhere_and_still_counted(tmp_path: Path, how: str) -> None:
    """Taken back, rubbed out alone or with everything: no byte of any file has its words; the row stays, and counts."""
    async with living(tmp_path) as world:
        coordinator, child = await staff(world), world.someone("child", "web")
        await child.say("/start")
        reference = await with_marks(world, child, coordinator)
        await world.settled()
        assert [box for box in BOXES if box.encode() not in every_byte(tmp_path)] == []
        data = {"one": f"data:one:complaint:{reference}:yes", "all": "data:all:yes"}
        await child.send(Kind.BUTTON, data=data.get(how, f"mycomplaint:{reference}:{how}"))
        await world.settled()
        assert marks_in(tmp_path) == []
        assert reference in plain(coordinator.last)
        row = await find(world, reference)
        assert (row.status, row.person, row.about) == ("withdrawn", None, Subject.VISITOR)
        assert row.clock == start_clock(ENGLAND, world.now.date(), Subject.VISITOR, 10, 2)
        assert await failures(world) == 0


async def test_the_screen_of_an_officer_is_swept_too(tmp_path: Path) -> None:
    """Somebody who came by the link in a mail has no role here, and yet what they were shown leaves their screen."""
    world = service(tmp_path, mail={"host": "localhost"}, web={"public_url": "https://visitors.example.org"})
    child, link = world.someone("c"), world.someone("o", "web")
    reference = await send(child, about="My social worker", what="zebrahappened at the park")
    mail = next(ps[0].message.html for where, ps in world.screens.items() if where[0] == "mail")
    await link.say("/start " + mail.split("start=")[1][:14])
    await link.say(f"/complaints {reference}")
    assert "zebrahappened" in plain(link.last)
    assert await one(world, "SELECT count(*) FROM outbox WHERE body LIKE '%zebrahappened%' AND address = 'o'")
    await pressed(child, reference, "back:yes")
    assert marks_in(tmp_path) == []


async def test_those_who_may_not_see_it_hear_nothing_of_an_erasure(tmp_path: Path) -> None:
    """A complaint about the coordinator that is erased, alone or with everything, is no news for any coordinator."""
    world = service(tmp_path)
    coordinator, manager = await hire(world, "coordinator", "co"), await hire(world, "manager", "ma")
    for address, data in (("w1", "data:one:complaint:{}:yes"), ("w2", "data:all:yes")):
        child = world.someone(address, "web")
        reference = await send(child, about="The coordinator")
        await child.send(Kind.BUTTON, data=data.format(reference))
    for someone in (coordinator, manager):
        assert len(someone.messages) == 1
    assert await one(world, "SELECT count(*) FROM complaints WHERE status = 'withdrawn'") == 2


async def test_complaints_are_among_what_is_kept(tmp_path: Path) -> None:
    """What somebody complained of, what became of it and what was said is in their data, page by page and as a file."""
    async with living(tmp_path) as world:
        coordinator, child = await staff(world), world.someone("child", "web")
        reference = await with_marks(world, child, coordinator)
        await child.send(Kind.BUTTON, data="data")
        shown = plain(child.last)
        while "More of it" in child.buttons:
            shown += await child.press("More of it")
        await child.press("As a file")
        file = await rendered(world, child.messages[-1])
        for text in (shown, file):
            assert [box for box in BOXES if box not in text] == []
            assert f"Your complaint {reference}" in text
            assert "About: My visitor" in text
            assert "they told you that they have it" in text
        heard = await child.send(Kind.BUTTON, data=f"data:one:complaint:{reference}")
        assert "The note that you complained stays, without your words." in heard
        assert "I tell the coordinator" not in heard
        await child.send(Kind.BUTTON, data="data:all")
        assert "A note stays that you complained" in plain(child.messages[-2].message)


async def test_a_closed_one_can_be_rubbed_out(tmp_path: Path) -> None:
    """After it is closed it can't be taken back, and its words can still be rubbed out."""
    world = service(tmp_path)
    child = world.someone("c")
    reference = await send(child, about="My social worker", what="zebrahappened")
    await officer(world, reference)
    await answers(world, reference, "zebraanswer")
    await pressed(child, reference, "happy")
    assert my_complaint.TAKE_BACK.msgid not in child.buttons
    await child.send(Kind.BUTTON, data=f"data:one:complaint:{reference}:yes")
    assert marks_in(tmp_path) == []
    assert (await find(world, reference)).status == "closed"


async def test_what_is_added_rings_once_while_nobody_has_read_it(tmp_path: Path) -> None:
    """Ten lines are one mail, until somebody has looked."""
    service = await Service.open(tmp_path)
    child, reference = service["child"], await service.complain(Subject.COUNCIL)
    before = len(service.mailed("complaints_team"))

    async def add(words: str) -> None:
        await child.say("/complain")
        await child.press(f"mycomplaint:{reference}")
        await child.press("Add something")
        await child.say(words)

    for number in range(10):
        await add(f"line {number}")
    assert len(service.mailed("complaints_team")) == before + 1
    await service.officer()
    await add("one more")
    assert len(service.mailed("complaints_team")) == before + 2


async def test_a_volunteer_can_complain_of_what_sounds_like_danger(tmp_path: Path) -> None:
    """The alarm is raised, and what they typed can be their answer all the same."""
    service = await Service.open(tmp_path)
    volunteer = service["volunteer"]
    await volunteer.say("/complain")
    await volunteer.press("What was planned for the child")
    await volunteer.say("the carer hits the child")
    await volunteer.press("Use what I typed as my answer")

    [form] = await service.rows("SELECT answers FROM forms")
    assert "the carer hits the child" in form["answers"]
    assert len(await service.rows("SELECT 1 FROM concerns")) == 1
