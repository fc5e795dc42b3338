"""Whoever handles complaints: who hears of one, who sees it, what they may do, and what the clock does for them."""

import datetime as dt
import itertools
import re
from pathlib import Path

import pytest
import structlog
from aiohttp import ClientSession, CookieJar

from bot.domain.complaints import Stage, Status, Subject
from bot.domain.references import new_code
from bot.domain.roles import Role, Viewer
from bot.engine.context import read_context
from bot.engine.danger import Danger
from bot.engine.message import Incoming, Kind
from bot.reports.documents import Documents
from bot.settings import Complaints, Contacts, Mail, Web
from bot.store import codes
from bot.store.clock import stamp
from handlers import cases as package
from handlers import complaint, menu
from handlers.cases import complaint as one
from handlers.cases import link, notify, steps
from handlers.cases.complaint import Action
from tests.casework import SECRET, Service, link_in, settings, to_everybody
from tests.complaining import may_see
from tests.conversation import plain
from tests.mailserver import CERTIFICATE, NAME, PASSWORD, mail_server
from tests.process import Page, running

LOOKERS = ("coordinator", "manager", "volunteer", "officer", "stranger", "other_officer")
UTC = dt.UTC


def at(year: int, month: int, day: int, hour: int = 9) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=UTC)


# Conflicts


async def another_officer(service: Service) -> None:
    """An officer with a complaint of somebody else's: they have no business with the one that is looked at."""
    service.cast["other_officer"] = service.world.someone("other_officer", "web")
    await service["other_officer"].say("/start")


async def verdict(service: Service, name: str, reference: str) -> set[bool]:
    """What each front door says to somebody about a complaint: shown or not."""
    who, said = service[name], set()
    for what, kind in ((f"/complaints {reference}", Kind.TEXT), (f"complaints:{reference}", Kind.BUTTON)):
        said.add(SECRET in await who.send(kind, text=what, data=what))
    said.add("Counted from" in await who.send(Kind.BUTTON, data=f"complaints:how:{reference}"))
    for command in ("/complaints", "/due"):
        await who.say(command)
    said.add(reference in await who.say("/complaints"))
    return said


@pytest.mark.parametrize("routes", ["as they come", "naming everybody"])
@pytest.mark.parametrize("about", list(Subject))
async def test_each_role_and_each_subject(about: Subject, routes: str, tmp_path: Path) -> None:
    """Notices, lists, the complaint itself, its date, its buttons and files: all for whoever may see it, or none."""
    made = settings(complaints=to_everybody()) if routes == "naming everybody" else settings()
    service = await Service.open(tmp_path, made, now=at(2026, 6, 12))
    who = "volunteer" if about is Subject.CHILD_ARRANGEMENTS else "child"
    before = {name: len(someone.messages) for name, someone in service.cast.items()}
    reference = await service.complain(about, who)
    told = {name for name in ("coordinator", "manager", "stranger") if len(service[name].messages) > before[name]}
    made_one = await service.now()
    mailed = [contact for contact in Contacts.model_fields if service.mailed(contact)]
    assert set(mailed) == set(made_one.route) - {"coordinator", "manager"}
    if mailed:
        await service.officer(mailed[0])
    await another_officer(service)

    for name in (looker for looker in LOOKERS if looker in service.cast and looker != who):
        role = name if name in set(Role) else Role.GUEST
        person = await service.person(name)
        sees = may_see(Viewer(person, role), made_one, {person} if name == "officer" else set())
        assert (name in told) == (sees and name != "officer"), name
        if sees:
            assert await verdict(service, name, reference) == {True}, name
        else:
            assert await verdict(service, name, reference) == {False}, name
            await no_button_works(service, name, reference)
        assert (SECRET in await exported(service, name)) == (sees and name != "officer"), name
    assert await service.failures() == []
    shown = [parcel for where, parcels in service.world.screens.items() for parcel in parcels if where[0] == "mail"]
    assert not [parcel for parcel in shown if SECRET in parcel.message.html]


async def no_button_works(service: Service, name: str, reference: str) -> None:
    """Made-up data does nothing, and says what it says of a complaint that is not there."""
    who = service[name]
    made_up = list(itertools.product([*Action, "pause!yes"], Stage))
    for named in (reference, "C-0000-0"):
        events = [
            service.world.event(who.channel, who.address, Kind.BUTTON, data=f"case:{action}:{named}:{stage}")
            for action, stage in made_up
        ]
        words = {plain(parcel.message) for parcel in await service.world.happen(*events)}
        assert words == {(one.NO_SUCH if name in {"coordinator", "manager"} else menu.UNKNOWN).msgid}
    assert (await service.now()).status is Status.RECEIVED
    looks = await service.rows(
        "SELECT role FROM audit WHERE subject = ? AND person = ?", reference, await service.person(name)
    )
    assert looks == []


async def exported(service: Service, name: str) -> str:
    """What `/export complaints` has in it for somebody; nothing where there is no such thing for them."""
    who = service[name]
    await who.say("/export complaints json")
    if not who.last.document:
        return ""
    async with service.world.database() as database:
        file = await Documents(database, service.world.context, lambda: service.world.now).render(who.messages[-1])
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("about", [Subject.VISITOR, Subject.CARER])
async def test_the_very_person_it_is_about_is_left_out(about: Subject, tmp_path: Path) -> None:
    """A manager whom a complaint is known to be about sees none of it, is not told, and no reminder reaches them."""
    service = await Service.open(tmp_path, now=at(2026, 6, 12))
    reference = await service.complain(about)
    await service.run("UPDATE complaints SET about_person = ?", await service.person("manager"))
    heard = len(service["manager"].messages)
    for day in range(13, 31):
        service.world.now = at(2026, 6, day)
        await service.world.look()
    assert len(service["manager"].messages) == heard
    assert await verdict(service, "manager", reference) == {False}


async def test_a_role_that_is_taken_on_later_sees_no_more_than_it_may(tmp_path: Path) -> None:
    """Whoever came by a link and then became staff sees what staff see."""
    service = await Service.open(tmp_path)
    reference = await service.complain(Subject.COORDINATOR)
    officer = await service.officer()
    assert SECRET in await officer.say(f"/complaints {reference}")
    await service.run("UPDATE people SET role = 'coordinator' WHERE id = ?", await service.person("officer"))
    assert await officer.say(f"/complaints {reference}") == one.NO_SUCH.msgid


def test_every_route_asks_the_store() -> None:
    """All verbs that the matrix above tries are all there are for complaints."""
    verbs = {*package.complaints.router.buttons, *package.complaints.router.commands, *package.steps.router.buttons}
    assert verbs == {"complaints", "case", "due"}
    assert not package.steps.router.commands


# The link in a mail


async def test_a_link_opens_for_one_person_again_and_again(tmp_path: Path) -> None:
    """Whoever opened it first may come back by it; somebody else is refused kindly, and the mailbox gets another."""
    service = await Service.open(tmp_path)
    await service.complain(Subject.CARER)
    code = link_in(service.mailed("complaints_team")[0])
    officer = await service.officer()
    assert "To come back here later" in plain(officer.messages[-2].message)
    assert SECRET in await officer.say(code)
    second = service.world.someone("second", "web")
    assert await second.say(f"/start {code}") == link.SENT_ANEW.msgid
    assert await second.say(f"/start {code}") == link.USED.msgid  # one waits in the mailbox that nobody has opened
    assert SECRET not in await second.say("/complaints")
    assert len(service.mailed("complaints_team")) == 2
    assert SECRET in await second.say(link_in(service.mailed("complaints_team")[1]))
    assert [row["n"] for row in await service.rows("SELECT count(*) AS n FROM complaint_handlers")] == [2]


async def test_an_officer_comes_back_with_their_code(tmp_path: Path) -> None:
    """The code given with the first look opens their list, in another browser as well."""
    service = await Service.open(tmp_path)
    reference = await service.complain(Subject.CARER)
    officer = await service.officer()
    code = plain(officer.messages[-2].message).split("\n\n")[-2]
    back = await service.world.someone("elsewhere", "web").say(f"/start {code}")
    assert back.startswith("Welcome back.\n\n1 complaint is open")
    assert reference in back


async def test_a_second_mail_needs_no_second_browser(tmp_path: Path) -> None:
    """An officer with one complaint opens the link to the next one where they are, and gets no second code."""
    service = await Service.open(tmp_path)
    await service.complain(Subject.CARER)
    officer = await service.officer()
    service.world.now += dt.timedelta(days=20)
    await service.world.look()
    mails = service.mailed("complaints_team")
    assert SECRET in await officer.say(f"/start {link_in(mails[-1])}")
    assert "To come back here later" not in plain(officer.messages[-1].message)


async def test_a_link_opens_a_concern_as_well(tmp_path: Path) -> None:
    """Duty staff come the same way: one concern is theirs, again and again; nobody else opens it with the same link."""
    service = await Service.open(tmp_path)
    await service["child"].say("my carer hits me")
    code = link_in(service.mailed("out_of_hours")[0])
    officer = await service.officer("out_of_hours")
    for _time in range(2):
        assert "my carer hits me" in plain(officer.last)
        assert "I have read it and take it on" in officer.buttons
        await officer.say(f"/start {code}")
    assert "the out_of_hours, and see this and nothing else. /concerns shows it again." in plain(
        officer.messages[0].message
    )
    other = service.world.someone("other", "web")
    assert await other.say(f"/start {code}") == link.USED.msgid
    assert await service.failures() == []


@pytest.mark.parametrize("role", ["coordinator", "manager", "volunteer"])
async def test_a_link_is_not_for_staff(role: str, tmp_path: Path) -> None:
    """A coordinator who gets hold of the mail about them sees nothing by it, and the link is not used up."""
    service = await Service.open(tmp_path)
    await service.complain(Subject.COORDINATOR)
    code = link_in(service.mailed("complaints_team")[0])
    assert await service[role].say(f"/start {code}") == link.NOT_WITH_ROLE.msgid
    assert SECRET in await service.world.someone("officer", "web").say(f"/start {code}")


async def test_a_childs_chat_is_no_officers(tmp_path: Path) -> None:
    """Neither whoever complained nor another child with something of their own can use a link in their chat."""
    service = await Service.open(tmp_path)
    await service.complain(Subject.CARER)
    code = link_in(service.mailed("complaints_team")[0])
    assert await service["child"].say(f"/start {code}") == link.NOT_THIS_CHAT.msgid
    assert SECRET in await service.world.someone("officer", "web").say(f"/start {code}")


async def test_a_link_ends(tmp_path: Path) -> None:
    """After its weeks, once the complaint is with somebody else, or once it is taken back, it opens nothing."""
    service = await Service.open(tmp_path)
    await service.complain(Subject.VISITOR)
    code, expires = new_code(), stamp(service.world.now + dt.timedelta(days=1))
    reference, now = (await service.now()).reference, stamp(service.world.now)
    async with service.world.database() as database, database.writer.transaction() as writer:
        await codes.add_handler_invite(writer, code, "complaints_team", now, expires, complaint=reference)
    officer = service.world.someone("officer", "web")
    assert await officer.say(f"/start {code}") == link.OVER.msgid  # their contact is not on its route
    service.world.now += dt.timedelta(days=2)
    assert "I don't know that code." in await officer.say(f"/start {code}")


# What is mailed


@pytest.mark.parametrize("about", ["carer", "coordinator"])
async def test_a_mail_has_a_number_a_date_and_a_way_in(about: str, tmp_path: Path) -> None:
    """No word of the child. Without a page there is the code, and whom to ring: nobody with a conflict."""
    service = await Service.open(tmp_path, settings(web=Web()), now=at(2026, 5, 14))
    reference = await service.complain(Subject(about))
    [mail] = service.mailed("complaints_team")
    words = plain(mail)
    assert mail.letter
    assert mail.letter.subject == f"{reference}: a new complaint"
    subject = {"carer": "a carer or a home", "coordinator": "the coordinator"}[about]
    assert (
        f"{reference} · about {subject} · answer due Friday 29 May (10 working days; Monday 25 May left out)." in words
    )
    assert "Acknowledge it by Monday 18 May." in words
    assert "until Thursday 25 June" in words
    assert ("01632 960001" in words) == (about == "carer")
    assert SECRET not in words
    assert SECRET in await service.world.someone("officer", "web").say(link_in(mail))


async def test_words_are_mailed_only_where_the_settings_say_so(tmp_path: Path) -> None:
    """A subject in complaints.include_text; its reminders and replies have none all the same."""
    service = await Service.open(tmp_path, settings(complaints=Complaints(include_text=["carer"])), now=at(2026, 6, 12))
    await service.complain(Subject.CARER)
    assert SECRET in plain(service.mailed("complaints_team")[0])
    service.world.now = at(2026, 6, 30)
    await service.world.look()
    assert len(service.mailed("complaints_team")) > 1
    assert not [mail for mail in service.mailed("complaints_team")[1:] if SECRET in plain(mail)]


@pytest.mark.parametrize(
    ("about", "hears"), [("carer", True), ("coordinator", False), ("manager", False), ("service", False)]
)
async def test_nobody_could_be_told(about: str, hears: bool, tmp_path: Path) -> None:  # noqa: FBT001 - of the table
    """With mail off the log has it; the manager hears that somebody must be reached, unless it is about theirs."""
    service = await Service.open(tmp_path, settings(mail=Mail()))
    before = len(service["manager"].messages)
    with structlog.testing.capture_logs() as logs:
        reference = await service.complain(Subject(about))
    assert [line["reference"] for line in logs if line["event"] == "complaint.nobody_told"] == [reference]
    told = [plain(parcel.message) for parcel in service["manager"].messages[before:]]
    assert bool(told) == hears
    assert all(text.startswith(f"{reference}: nobody who may read this") for text in told)
    assert len(service["coordinator"].messages) == 1
    assert complaint.NOBODY_TOLD.msgid in "".join(plain(p.message) for p in service["child"].messages)


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ("visitor", ["coordinator", "manager"]), ("carer", ["manager"]), ("coordinator", []), ("manager", []),
        ("service", []), ("bot", ["manager"]),
    ],
)  # fmt: skip
async def test_a_refused_mail_is_no_way_round_a_conflict(about: str, told: list[str], tmp_path: Path) -> None:
    """Only staff who may know of the complaint hear that a mail about it was refused; otherwise the log says so."""
    service = await Service.open(tmp_path)
    reference = await service.complain(Subject(about))
    event = Incoming("clock", "m", "", Kind.CLOCK, data=f"mail:returned:{reference}:complaints_team:550 5.1.1")
    with structlog.testing.capture_logs() as logs:
        parcels = await service.world.happen(event)
    assert sorted(parcel.address for parcel in parcels) == told
    assert [line["reference"] for line in logs if line["event"] == "mail.nobody_to_tell"] == (
        [] if told else [reference]
    )


# Steps


async def test_a_colleague_was_quicker(tmp_path: Path) -> None:
    """Two write an answer: the first one counts, and the second is shown where it stands. Nothing is sent twice."""
    service = await Service.open(tmp_path)
    await service.complain(Subject.VISITOR)
    for name in ("coordinator", "manager"):
        await service[name].press("Open it")
        await service[name].press("Answer")
        await service[name].press("They were right")
        await service[name].say(f"from the {name}")
    await service["manager"].press("That's right")
    assert steps.NOT_POSSIBLE.msgid in await service["coordinator"].press("That's right")
    assert [row["words"] for row in await service.rows("SELECT words FROM complaint_messages")] == ["from the manager"]
    assert await service.failures() == []


async def test_a_button_of_an_earlier_stage_does_nothing(tmp_path: Path) -> None:
    """What was open when the child went one stage further answers nothing there, neither buttons nor forms."""
    routes = Complaints(formal=["manager"])
    service = await Service.open(tmp_path, settings(complaints=routes))
    await service.complain(Subject.VISITOR)
    manager, child = service["manager"], service["child"]
    await manager.press("Open it")
    old = manager.messages[-1].message
    await manager.press("Answer")
    await manager.press("They were right")
    await manager.say("so it was")
    await service["coordinator"].press("Open it")
    for label in ("Answer", "They were not right", "Skip", "That's right"):
        await service["coordinator"].press(label)
    await child.press("Show me")
    await child.press("I'm not happy with the answer")
    await child.press("Yes, take it further")
    assert (await service.now()).stage is Stage.INVESTIGATION
    assert steps.NOT_POSSIBLE.msgid in await manager.press("That's right")
    for button in (button for row in old.buttons for button in row if button.data.startswith("case:")):
        assert steps.NOT_POSSIBLE.msgid in await manager.send(Kind.BUTTON, data=button.data)
    assert (await service.now()).status is Status.RECEIVED


async def test_only_what_is_lawful_is_offered_and_all_that_is_offered_can_be_done(tmp_path: Path) -> None:
    """At each place a complaint can be in, every button leads somewhere, and all others say that they do not."""
    service = await Service.open(tmp_path)
    reference = await service.complain(Subject.VISITOR)
    who = service["coordinator"]
    seen = set()
    for path in (
        (), ("ack",), ("ack", "ask"), ("ack", "extend"), ("pause",), ("ack", "extend", "pause", "resume"),
        ("answer", "learn"), ("answer", "close"),
    ):  # fmt: skip
        folder = tmp_path / "-".join(("p", *path))
        folder.mkdir()
        service = await Service.open(folder)
        reference = await service.complain(Subject.VISITOR)
        who = service["coordinator"]
        for step in path:
            await do(service, step, reference)
        await who.say(f"/complaints {reference}")
        offered = {label for label in who.buttons if label in {text.msgid for text in one.LABEL.values()}}
        status = (await service.now()).status
        seen.add(status)
        for action, label in one.LABEL.items():
            said = await who.send(Kind.BUTTON, data=f"case:{action}:{reference}:local")
            allowed = steps.NOT_POSSIBLE.msgid not in said
            assert allowed == (label.msgid in offered), (path, action)
            if status is not (await service.now()).status:
                break  # it was done: the next one would be asked somewhere else
    assert seen == set(Status) - {Status.WITHDRAWN}
    assert await service.failures() == []


async def do(service: Service, action: str, reference: str) -> None:
    """One step to its end."""
    who = service["coordinator"]
    await who.send(Kind.BUTTON, data=f"case:{action}:{reference}:local")
    match action:
        case "ask" | "learn":
            await who.say("some words")
        case "extend":
            await who.say("30 June")
            await who.press("Yes, that day")
            await who.say("1")
            await who.press("Skip")
        case "pause":
            await who.press("Yes, pause it")
        case "answer":
            await who.say("1")
            await who.say("some words")
            await who.press("That's right")


async def test_every_step_is_told_and_in_the_audit(tmp_path: Path) -> None:
    """Whoever complained is nudged after each, without a word of it; a look and a step leave a line each."""
    service = await Service.open(tmp_path)
    reference = await service.complain(Subject.VISITOR)
    child = service["child"]
    every = ("ack", "ask", "extend", "pause", "resume", "answer", "learn", "close")
    for action in every:
        before = len(child.messages)
        await do(service, action, reference)
        assert [plain(parcel.message) for parcel in child.messages[before:]] == ["You have a message here."], action
        assert child.last.buttons[0][0].data == f"mycomplaint:{reference}"
    rows = await service.rows("SELECT action FROM audit WHERE subject = ?", reference)
    assert [row["action"] for row in rows] == [f"{action}_complaint" for action in every]
    await service["coordinator"].say(f"/complaints {reference}")
    assert (await service.rows("SELECT action FROM audit"))[-1]["action"] == "read_complaint"


async def test_a_day_that_the_law_does_not_allow_is_asked_for_again(tmp_path: Path) -> None:
    """No weekend, no day before, none after the longest, and not twice."""
    service = await Service.open(tmp_path, now=at(2026, 6, 12))
    reference = await service.complain(Subject.VISITOR)
    await do(service, "ack", reference)
    who = service["coordinator"]
    await who.send(Kind.BUTTON, data=f"case:extend:{reference}:local")
    await who.say("26 June")
    await who.press("Yes, that day")
    await who.say("1")
    said = await who.press("Skip")
    for day in ("13 July", "4 July", "1 May 2026"):
        assert "after Friday 26 June, and Friday 10 July at the latest." in said, day
        await who.say(day)
        said = await who.press("Yes, that day")
    await who.say("10 July")
    assert "extended, answer due Friday 10 July (20 working days)" in await who.press("Yes, that day")
    assert "It takes longer" not in who.buttons
    assert (await service.now()).extended_reason == "complex"


async def test_a_panel_has_its_own_days(tmp_path: Path) -> None:
    """Its meeting is written down once, for a day that was, and the answer is due 20 working days after."""
    service = await Service.open(tmp_path, now=at(2026, 6, 12))
    reference = await service.complain(Subject.CARER)
    officer = await service.officer()
    child = service["child"]
    for _stage in range(2):
        for label in ("Answer", "They were not right", "Skip", "That's right"):
            await officer.press(label)
        await child.press("Show me")
        await child.press("I'm not happy with the answer")
        await child.press("Yes, take it further")
        await officer.press("Show me")
    assert (await service.now()).stage is Stage.PANEL
    service.world.now = at(2026, 6, 25)
    await officer.press("The panel has met")
    assert "still to come" in await officer.say("30 June")
    await officer.say("11 June 2026")
    assert "before Friday 12 June" in await officer.press("Yes, that day")
    await officer.say("yesterday")
    assert "answer due Wednesday 22 July (20 working days)" in await officer.press("Yes, that day")
    await officer.say(f"/complaints {reference}")
    assert "The panel has met" not in officer.buttons
    assert "Stage 3 of 4, review panel ●●●○" in plain(officer.last)


async def test_whoever_writes_of_danger_at_work_is_not_taken_for_a_child(tmp_path: Path) -> None:
    """An officer's answer may name what happened; it reaches the child, and raises no alarm."""
    service = await Service.open(tmp_path)
    await service.complain(Subject.CARER)
    officer = await service.officer()
    for label in ("Answer", "They were right"):
        await officer.press(label)
    assert service.world.context.alarm.hear("my carer hits me", "en").danger is Danger.DANGER
    await officer.say("You told us: my carer hits me. We believe you.")
    await officer.press("That's right")
    assert "We believe you." in await service["child"].press("Show me")
    assert await service.rows("SELECT * FROM concerns") == []


# The clock


async def days(service: Service, last: dt.date) -> list[tuple[dt.date, str, str]]:
    """Day by day, at night, in the morning and in the evening: who is told what, in the morning."""
    heard = []
    day = service.world.now.date()
    while day < last:
        day += dt.timedelta(days=1)
        for hour in (1, 10, 20):
            service.world.now = at(day.year, day.month, day.day, hour)
            for parcel in await service.world.look():
                heard.append((day, parcel.address, plain(parcel.message)))
                assert hour == 10
    return sorted(heard)


@pytest.mark.parametrize(
    ("came", "late_ack", "soon", "late", "line"),
    [
        ("2026-12-15", "2026-12-18", "2026-12-29", "2027-01-04",
         "10 working days; Friday 25 December and Monday 28 December left out"),
        ("2027-03-17", "2027-03-22", "2027-03-31", "2027-04-05",
         "10 working days; Friday 26 March and Monday 29 March left out"),
        ("2026-05-12", "2026-05-15", "2026-05-22", "2026-05-28", "10 working days; Monday 25 May left out"),
    ],
)  # fmt: skip
async def test_reminders_across_holidays(
    came: str, late_ack: str, soon: str, late: str, line: str, tmp_path: Path
) -> None:
    """Christmas, Easter, a Monday: each reminder once, on the right working day, to the right people, by day."""
    start = dt.date.fromisoformat(came)
    service = await Service.open(tmp_path, now=at(start.year, start.month, start.day))
    reference = await service.complain(Subject.VISITOR)
    heard = await days(service, start + dt.timedelta(days=24))

    def news(what: notify.News) -> str:
        return f"{reference}, about a visitor: {notify.HEARD[what].msgid}."

    assert [(day.isoformat(), *rest) for day, *rest in heard] == [
        (late_ack, "coordinator", news(notify.News.NOT_ACKNOWLEDGED)),
        (late_ack, "manager", news(notify.News.NOT_ACKNOWLEDGED)),
        (soon, "coordinator", news(notify.News.DUE_SOON)),
        (late, "coordinator", news(notify.News.OVERDUE)),
        (late, "manager", news(notify.News.OVERDUE)),
    ]
    assert "OVERDUE, the answer was due" in await service["coordinator"].say("/due")
    assert line in plain(service["coordinator"].last)


async def test_what_is_late_is_told_above(tmp_path: Path) -> None:
    """A complaints team that is late is reminded, and so is the manager: without a way in, for it is not theirs."""
    service = await Service.open(tmp_path, now=at(2026, 6, 12))
    reference = await service.complain(Subject.CARER)
    heard = await days(service, dt.date(2026, 7, 2))
    assert [(day.isoformat(), who) for day, who, _words in heard] == [
        ("2026-06-17", "complaints_team@example.org"), ("2026-06-17", "manager"),
        ("2026-06-24", "complaints_team@example.org"),
        ("2026-06-29", "complaints_team@example.org"), ("2026-06-29", "manager"),
    ]  # fmt: skip
    assert service["manager"].buttons == []
    assert await verdict(service, "manager", reference) == {False}


async def test_lawfully_longer_is_not_late(tmp_path: Path) -> None:
    """An extension moves the reminders; a pause holds them back, and they come once it goes on."""
    service = await Service.open(tmp_path, now=at(2026, 6, 12))
    reference = await service.complain(Subject.VISITOR)
    for action in ("ack", "extend"):
        await do(service, action, reference)
    assert [day.isoformat() for day, _who, _words in await days(service, dt.date(2026, 6, 26))] == ["2026-06-26"]
    await do(service, "pause", reference)
    assert await days(service, dt.date(2026, 7, 10)) == []
    await do(service, "resume", reference)
    assert (await service.now()).clock.last_day == dt.date(2026, 7, 14)
    heard = await days(service, dt.date(2026, 7, 16))
    assert [(day.isoformat(), who) for day, who, _words in heard] == [
        ("2026-07-13", "coordinator"), ("2026-07-15", "coordinator"), ("2026-07-15", "manager"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["not_acknowledged", "due_soon", "overdue"])
async def test_what_was_done_meanwhile_is_not_reminded_of(kind: str, tmp_path: Path) -> None:
    """A reminder that was on its way when the answer was sent, or the date moved, is dropped and not written down."""
    service = await Service.open(tmp_path, now=at(2026, 6, 12))
    reference = await service.complain(Subject.VISITOR)
    for action, day in (("ack", "2026-06-16"), ("answer", "2026-06-26")):
        await do(service, action, reference)
        late = f"complaint-late:{kind}:{reference}:{day}"
        assert await service.world.happen(Incoming("clock", late, "", Kind.CLOCK, data=late)) == []
    kinds = {row["kind"] for row in await service.rows("SELECT kind FROM complaint_events")}
    assert kind not in kinds


async def test_a_window_that_is_over_closes_it(tmp_path: Path) -> None:
    """Nobody took it further: it is closed on the day after, and whoever complained can read so, once."""
    service = await Service.open(tmp_path, now=at(2026, 6, 12))
    reference = await service.complain(Subject.VISITOR)
    await do(service, "answer", reference)
    child = service["child"]
    before = len(child.messages)
    for day in (10, 11, 12, 13):
        service.world.now = at(2026, 7, day)
        await service.world.look()
        await service.world.look()
        assert (await service.now()).status is (Status.ANSWERED if day == 10 else Status.CLOSED)
    waiting = await service.rows("SELECT body FROM outbox WHERE body LIKE '%mycomplaint%' AND address = ''")
    assert len(child.messages) - before + len(waiting) >= 1
    kinds = [row["kind"] for row in await service.rows("SELECT kind FROM complaint_events")]
    assert kinds.count("closed") == 1


async def test_a_new_holiday_moves_what_is_open(tmp_path: Path) -> None:
    """At the next start, both sides are told of the new date, once; a restart tells nobody again."""
    service = await Service.open(tmp_path, now=at(2026, 6, 12))
    reference = await service.complain(Subject.VISITOR)
    await service.world.look()
    told = {name: len(service[name].messages) for name in service.cast}
    holiday = settings(complaints=Complaints(extra_holidays=[dt.date(2026, 6, 22)]))
    world = service.world
    world.settings = holiday.model_copy(update={"database": world.settings.database})
    world.context = read_context(world.settings, world.context.router, world.context.forms)
    for _look in range(3):
        await world.look()
    assert (await service.now()).clock.due_on == dt.date(2026, 6, 29)
    news = {name: len(service[name].messages) - told[name] for name in service.cast}
    assert {name: count for name, count in news.items() if count} == {"coordinator": 1, "manager": 1, "child": 1}
    how = await service["coordinator"].send(Kind.BUTTON, data=f"complaints:how:{reference}")
    assert "Left out: weekends, and Monday 22 June (a holiday from the settings)." in how


async def test_long_lists_have_pages(tmp_path: Path) -> None:
    """Ten at a time, the soonest due first; a made-up page is empty and harmless."""
    service = await Service.open(tmp_path, now=at(2026, 6, 12))
    await service.complain(Subject.VISITOR)
    columns = [row["name"] for row in await service.rows("PRAGMA table_info(complaints)")]
    for number in range(11):
        picked = ", ".join(
            {"reference": f"'C-X{number:03}-0'", "due_on": f"'2026-07-{number + 1:02}'"}.get(c, c) for c in columns
        )
        await service.run(f"INSERT INTO complaints SELECT {picked} FROM complaints WHERE reference NOT LIKE 'C-X%'")
    who = service["coordinator"]
    first = await who.say("/complaints")
    assert first.startswith("12 complaints are open, the soonest due first:")
    assert first.count("about a visitor") == 10
    assert (await who.press("More")).count("about a visitor") == 2
    assert "More" not in who.buttons
    for page in ("from:999", "from:99999999", "from:x", "from:-1", "from:", "how:", "how:x", ":", "x:y:z"):
        assert await who.send(Kind.BUTTON, data=f"complaints:{page}")
    assert await service.failures() == []


# By real mail


async def test_from_the_child_to_the_mailbox_and_back(tmp_path: Path, unused_tcp_port: int) -> None:
    """The running program, a mail server, two browsers: complained, mailed, opened, acknowledged, answered, read."""
    page = f"http://127.0.0.1:{unused_tcp_port}"
    async with mail_server(starttls=True, login=True) as server:
        environment = {
            "IVBOT_WEB__PORT": str(unused_tcp_port),
            "IVBOT_WEB__PUBLIC_URL": page,
            "IVBOT_MAIL__HOST": "localhost",
            "IVBOT_MAIL__PORT": str(server.port),
            "IVBOT_MAIL__SENDER": "visitors@example.org",
            "IVBOT_MAIL__CA_FILE": str(CERTIFICATE),
            "IVBOT_MAIL__USERNAME": NAME,
            "IVBOT_MAIL__PASSWORD": PASSWORD,
            "IVBOT_CONTACTS__COMPLAINTS_TEAM__NAME": "the complaints team",
            "IVBOT_CONTACTS__COMPLAINTS_TEAM__EMAIL": "complaints@example.org",
        }
        async with running(tmp_path, **environment) as bot, browser() as first, browser() as second:
            child, officer = Page(first, bot.url), Page(second, bot.url)
            await complain_in_the_browser(child)
            await server.until(1)
            [mail] = server.received
            assert (mail.to, mail.encrypted, SECRET in mail.words) == (["complaints@example.org"], True, False)
            assert " · about a social worker · answer due " in mail.words
            [code] = re.findall(rf"(?m)^{page}/\?start=(\S+)$", mail.words)
            assert code in await officer.open(f"?start={code}")
            assert SECRET in await officer.say(code)
            assert ": acknowledged." in await officer.press("Say that it has arrived")
            assert "They have it, and they look into it." in await read(child)
            reference = re.findall(r"C-\w{4}-\w", mail.words)[0]
            await officer.press(reference)
            await officer.press("Answer")
            await officer.press("They were right")
            await officer.say("We are sorry. She rings you on Monday.")
            await officer.press("That's right")
            assert "We are sorry. She rings you on Monday." in await read(child)
            assert (await bot.stop())[0] == 0


def browser() -> ClientSession:
    return ClientSession(cookie_jar=CookieJar(unsafe=True))


async def read(child: Page) -> str:
    """Come back to the page and press what is there."""
    assert "You have a message here." in await child.open()
    return await child.press("Show me")


async def complain_in_the_browser(child: Page) -> None:
    await child.open()
    await child.say("/complain")
    await child.press("My social worker")
    await child.press("No, I'll say it myself")
    await child.say(SECRET)
    for label in ("Skip", "Skip", "Here in this chat", "That's all", "That's right", "Yes, send it"):
        await child.press(label)
    await child.press("I've saved it")
