"""Danger: answered first, told to a human, and the truth about whether one has read it."""

import datetime as dt
import io
import re
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.commands import ask, check
from bot.domain.concerns import About
from bot.domain.interest import ERASED, Status
from bot.engine.message import Kind
from bot.settings import Contact, Contacts, Mail, Safeguarding, Settings, Telegram
from bot.store import codes, interests, matches, visits
from bot.store.clock import stamp
from handlers import menu, safety_words
from handlers.cases import alerts, concerns
from handlers.safety_words import ARE_YOU_SAFE, NOBODY, NOT_READ, THANKS
from handlers.staff.visits import PAUSED as NO_PLANNING
from handlers.visits import PAUSED
from tests import casework, records
from tests.casework import Service
from tests.conversation import Someone, World, plain

DANGER = "my carer hits me with markedbelt"
WORRY = "i feel sad all the time"
OFFICE = "Monday to Friday, 9 to 5"
SUNDAY_NIGHT = dt.datetime(2026, 6, 14, 22, 0, tzinfo=dt.UTC)


def settings(**told: Any) -> Settings:  # noqa: ANN401 - any section
    """Duty staff with mail and hours; the night team is always there."""
    names = {
        name: Contact(name=f"the {name}", email=f"{name}@example.org", hours=OFFICE) for name in Contacts.model_fields
    }
    night = {"out_of_hours": Contact(name="the night team", email="out_of_hours@example.org", hours="always")}
    line = Safeguarding(chain=["safeguarding_duty", "safeguarding_deputy", "manager"])
    return casework.settings(**{"contacts": Contacts(**names | night), "safeguarding": line, **told})


async def open_(folder: Path, **told: Any) -> Service:  # noqa: ANN401 - any section
    now = {"now": told.pop("now")} if "now" in told else {}
    return await Service.open(folder, settings(**told), **now)


async def pass_time(service: Service, minutes: int) -> None:
    service.world.now += dt.timedelta(minutes=minutes)
    await service.world.look()


async def concern(service: Service) -> dict[str, Any]:
    [row] = await service.rows("SELECT * FROM concerns")
    return dict(row)


def mailed(service: Service) -> list[str]:
    """The contacts that were mailed, in order."""
    sent = [p for where, parcels in service.world.screens.items() if where[0] == "mail" for p in parcels]
    return [p.message.letter.to for p in sorted(sent, key=lambda p: p.id) if p.message.letter]


def unasked(someone: Someone) -> list[str]:
    return [plain(parcel.message) for parcel in someone.messages]


async def with_visitor(service: Service) -> str:
    """The child has a visitor, and a visit planned in a week; the reference of the request."""
    await records.ask(service["child"])
    [row] = await service.rows("SELECT reference, person FROM interests")
    now, name, person = stamp(service.world.now), str(row["reference"]), row["person"]
    async with service.world.database() as database, database.writer.transaction() as writer:
        for status in (Status.REFERRED, Status.WAITING, Status.MATCHED):
            await interests.move(writer, name, status, person, now)
        await records.add_match(writer, name, "Alex", service.world.now, reference="M-0000-0")
        when = stamp(service.world.now + dt.timedelta(days=7))
        await visits.add(writer, "V-0000-0", "M-0000-0", when, "", person, now, confirmed=True)
    return name


# What the child is told


async def test_danger_in_any_box_is_answered_first(tmp_path: Path) -> None:
    """The fixed words, who is told, who can help now, one question; the form waits and took none of it as an answer."""
    service = await open_(tmp_path)
    child = service["child"]
    await child.press("I'd like one")
    await child.press("Me")
    heard = await child.say(DANGER)
    for words in (
        THANKS.msgid,
        "I can't keep this secret",
        "I am telling the safeguarding_duty now",
        ARE_YOU_SAFE.msgid,
    ):
        assert words in heard
    assert heard.index("999") < heard.index("0800 1111") < heard.index("85258")
    assert "press 55" in heard
    assert {"Yes", "No", "Has somebody read it?", "Talk to a person", "Carry on with my answers"} <= set(child.buttons)
    assert "What shall we call you?" in await child.press("Carry on with my answers")
    assert (await concern(service))["words"] == DANGER
    assert mailed(service) == ["safeguarding_duty"]


@pytest.mark.parametrize(("kind", "parts"), [
    (Kind.TEXT, {"text": DANGER}),
    (Kind.TEXT, {"text": f"/talk {DANGER}"}),
    (Kind.EDITED, {"text": DANGER}),
    (Kind.UNREADABLE, {"text": "photo", "data": DANGER}),
])  # fmt: skip
async def test_whatever_it_was_typed_into(kind: Kind, parts: dict[str, str], tmp_path: Path) -> None:
    """Words of danger count in a message, a command, a change of one, or under a picture; kept as they were typed."""
    service = await open_(tmp_path)
    assert THANKS.msgid in await service["child"].send(kind, **parts)
    assert (await concern(service))["words"] == (parts["data"] if kind is Kind.UNREADABLE else parts["text"])


async def test_harmless_words_ring_nobody(tmp_path: Path) -> None:
    """Homework that kills is answered as ever: nothing is written down and nobody told."""
    service = await open_(tmp_path)
    assert THANKS.msgid not in await service["child"].say("this homework is killing me")
    assert await service.rows("SELECT * FROM concerns") == []
    assert mailed(service) == []


async def test_those_at_work_write_of_danger(tmp_path: Path) -> None:
    """A coordinator who writes about it is not sent to the safety words, nor is an officer in a form of theirs."""
    service = await open_(tmp_path)
    assert THANKS.msgid not in await service["coordinator"].say(DANGER)
    assert all(form.at_work for form in service.world.context.forms.values() if form.name in {"lift", "case_answer"})
    assert not service.world.context.forms["talk"].at_work
    assert await service.rows("SELECT * FROM concerns") == []


@pytest.mark.parametrize("said", ["press", "type"])
async def test_not_safe_right_now(said: str, tmp_path: Path) -> None:
    """No, pressed or typed: 999 with what to say, Childline, and one more is told at once, but only once."""
    service = await open_(tmp_path)
    child = service["child"]
    await child.say(DANGER)
    heard = await (child.press("No") if said == "press" else child.say("no"))
    assert heard.startswith("Call 999. Say your name and where you are.")
    assert "0800 1111" in heard
    assert "I am telling the safeguarding_deputy too." in heard
    await child.press("No")
    assert mailed(service) == ["safeguarding_duty", "safeguarding_deputy"]
    await child.say("/concerns")
    officer = await service.officer("safeguarding_duty")
    assert "they said: NO" in plain(officer.last)


async def test_safe_right_now(tmp_path: Path) -> None:
    """Yes: they need not say more, and whoever reads it sees that they said so."""
    service = await open_(tmp_path)
    await service["child"].say(DANGER)
    assert "You don't have to say more" in await service["child"].say("yes")
    assert [row["kind"] for row in await service.rows("SELECT kind FROM concern_events WHERE kind LIKE '%safe'")] == [
        "safe"
    ]


async def test_more_of_it_goes_with_it(tmp_path: Path) -> None:
    """Within the hour nobody is rung anew for each line, nothing that is said is lost, and each line is answered."""
    service = await open_(tmp_path)
    child = service["child"]
    await child.say(DANGER)
    for line in ("he hits me every night", "please dont tell", "i feel sad all the time"):
        heard = await child.say(line)
        assert safety_words.AGAIN.msgid in heard
        assert "Not yet" in heard
    assert (await concern(service))["words"].split("\n\n") == [
        DANGER, "he hits me every night", "please dont tell", "i feel sad all the time",
    ]  # fmt: skip
    assert mailed(service) == ["safeguarding_duty"]
    assert safety_words.AGAIN.msgid not in await child.say("thank you")
    assert safety_words.AGAIN.msgid not in await child.say("who pays for the bus on trips?")
    service.world.now += dt.timedelta(hours=2)
    await child.say(DANGER)
    assert len(await service.rows("SELECT * FROM concerns")) == 2
    assert mailed(service)[-1] == "safeguarding_duty"


async def test_has_somebody_read_it(tmp_path: Path) -> None:
    """The truth: nobody yet; then by whom in general and when; and they are nudged, and told of what came after."""
    service = await open_(tmp_path)
    child = service["child"]
    assert "You have not asked me" in await child.send(Kind.BUTTON, data="safety:read")
    await child.say(DANGER)
    heard = await child.press("Has somebody read it?")
    assert NOT_READ.msgid in heard
    assert "999" in heard
    officer = await service.officer("safeguarding_duty")
    assert DANGER in plain(officer.last)
    assert NOT_READ.msgid in await child.press("Has somebody read it?")
    await officer.press("I have read it and take it on")
    assert unasked(child)[-1] == "You have a message here."
    heard = await child.press("Show me")
    assert heard.startswith("Yes. Somebody whose job is to help read it on Friday 12 June at 10 am.")
    await child.say("he hits me again today")
    assert unasked(officer)[-1] == "You have a message here."
    assert "You told me more after that." in await child.press("Has somebody read it?")


# The red button


async def test_the_red_button_needs_no_typing(tmp_path: Path) -> None:
    """It shows who can help at once; only "Tell someone now" tells anybody, and then without a word."""
    service = await open_(tmp_path)
    child = service["child"]
    heard = await child.press("I'm not safe")
    assert heard.startswith(THANKS.msgid)
    assert heard.index("999") < heard.index("Nobody reads this chat right now")
    assert "I have told nobody" in await child.press("Only show me who can help")
    assert await service.rows("SELECT * FROM concerns") == []
    heard = await child.press("Tell someone now")
    assert "I am telling the safeguarding_duty now." in heard
    assert await concern(service) | {"source": "button", "words": ""} == await concern(service)
    await child.say("the lock is broken and they come in")
    assert (await concern(service))["words"] == "the lock is broken and they come in"
    assert "Tell someone now" not in (await child.press("I'm not safe"), child.buttons)[1]
    await child.press("Tell someone now")
    assert len(await service.rows("SELECT * FROM concerns")) == 1
    assert mailed(service) == ["safeguarding_duty"]


async def test_the_red_button_counts_again_after_somebody_has_read_it(tmp_path: Path) -> None:
    """It says who has read what was told, and whoever took it on hears that there is more."""
    service = await open_(tmp_path)
    child = service["child"]
    await child.say(DANGER)
    officer = await service.officer("safeguarding_duty")
    await officer.press("I have read it and take it on")
    heard = await child.press("I'm not safe")
    assert "Somebody whose job is to help read it" in heard
    assert "if you want that" not in heard
    await child.press("Tell someone now")
    assert "I've told them that there is more." in plain(child.messages[-2].message)
    assert unasked(officer)[-1] == "You have a message here."


async def test_the_red_button_works_however_many_messages_came(tmp_path: Path) -> None:
    """Neither the button nor what stands under it is ever too fast."""
    service = await open_(tmp_path)
    events = [service.world.event("web", "child", Kind.BUTTON, data="page:checks") for _number in range(200)]
    events += [service.world.event("web", "child", Kind.BUTTON, data=f"safety{what}") for what in ("", ":tell", ":no")]
    said = [plain(parcel.message) for parcel in await service.world.happen(*events)]
    assert menu.TOO_FAST.msgid in said
    assert said[-1].startswith("Call 999")
    assert await concern(service)


async def test_telegram_gets_the_words_and_the_page(tmp_path: Path) -> None:
    """A child on Telegram is answered all the same, and is shown the web page."""
    service = await open_(tmp_path)
    phone = service.world.someone("phone")
    heard = await phone.say(DANGER)
    assert THANKS.msgid in heard
    assert safety_words.WEB_PAGE.msgid in heard
    assert "https://visitors.example.org" in [button.url for row in phone.last.buttons for button in row]


# Whoever is told


async def test_the_next_in_line_is_told_until_somebody_has_read_it(tmp_path: Path) -> None:
    """Each quarter of an hour one more, whoever is at work first; a restart repeats nothing; then nobody any more."""
    service = await open_(tmp_path)
    await service["child"].say(DANGER)
    await pass_time(service, 10)
    assert mailed(service) == ["safeguarding_duty"]
    await pass_time(service, 5)
    await service.world.look()
    assert mailed(service) == ["safeguarding_duty", "safeguarding_deputy"]
    assert unasked(service["child"])[-1] == "You have a message here."
    await pass_time(service, 16)
    await pass_time(service, 16)
    told = ["safeguarding_duty", "safeguarding_deputy", "manager", "out_of_hours"]
    assert mailed(service) == told
    assert any(
        alerts.READ_NOW.msgid in [b.label for row in p.message.buttons for b in row]
        for p in service["manager"].messages
    )
    assert await service["manager"].press("Read it now")
    await service["manager"].press("I have read it and take it on")
    await pass_time(service, 60)
    assert mailed(service) == told
    assert alerts.TAKEN_ON.msgid.split(":")[1] not in "".join(unasked(service["coordinator"]))


async def test_outside_hours(tmp_path: Path) -> None:
    """The night team is told first, and the child hears plainly that nobody is awake at the desk."""
    service = await open_(tmp_path, now=SUNDAY_NIGHT)
    heard = await service["child"].say(DANGER)
    assert "Nobody is awake at the desk now" in heard
    assert "So I am telling the night team." in heard
    assert mailed(service) == ["out_of_hours"]
    assert "Nobody is awake at the desk" in await service["child"].press("Has somebody read it?")


async def test_nobody_to_tell(tmp_path: Path) -> None:
    """Without mail and without a manager here the child is told so; as soon as there is a manager, they are told."""
    world = World(tmp_path, settings(mail=Mail()))
    service = Service(world, {"child": world.someone("child", "web")})
    heard = await service["child"].say(DANGER)
    assert NOBODY.msgid in heard
    assert "I am telling" not in heard
    assert NOBODY.msgid in await service["child"].press("Has somebody read it?")
    await service.hire("manager", "manager")
    await pass_time(service, 16)
    assert (await concern(service))["level"] == 1
    assert NOT_READ.msgid in await service["child"].press("Has somebody read it?")


async def test_a_mailbox_that_refuses_is_passed_over(tmp_path: Path) -> None:
    """When a mail is refused the next in line is told at once; when all are refused nobody is mailed in a circle."""
    service = await open_(tmp_path)
    await service["child"].say(DANGER)
    reference = (await concern(service))["reference"]
    for number in range(8):
        name = f"mail:returned:{reference}:safeguarding_duty:550"
        await service.world.happen(service.world.event("clock", f"x{number}", Kind.CLOCK, data=name))
    assert mailed(service) == ["safeguarding_duty", "safeguarding_deputy", "manager", "out_of_hours"]
    assert "refused" in "".join(unasked(service["manager"]))
    assert "refused" not in "".join(unasked(service["coordinator"]))


@pytest.mark.parametrize("about", list(About))
async def test_nobody_conflicted_hears_of_it(about: About, tmp_path: Path) -> None:
    """Once it is known whom it is about, whoever is, manages or works for them is not told and finds nothing."""
    service = await open_(tmp_path, safeguarding=Safeguarding(chain=["safeguarding_duty", "coordinator", "manager"]))
    await service["child"].say(DANGER)
    officer = await service.officer("safeguarding_duty")
    await officer.press("Who is it about?")
    await officer.press(f"concerns:{(await concern(service))['reference']}:who:{about}")
    barred = {
        About.VISITOR: {"coordinator"}, About.COORDINATOR: {"coordinator"}, About.MANAGER: {"coordinator", "manager"},
    }.get(about, set())  # fmt: skip
    before = {name: len(service[name].messages) for name in ("coordinator", "manager")}
    for _time in range(6):
        await pass_time(service, 16)
    reference = (await concern(service))["reference"]
    for name in ("coordinator", "manager"):
        assert (len(service[name].messages) == before[name]) == (name in barred)
        assert (DANGER in await service[name].say(f"/concerns {reference}")) == (name not in barred)
        assert (name in mailed(service)) == (name not in barred)
    for stranger in ("stranger", "volunteer", "child"):
        assert menu.UNKNOWN.msgid in await service[stranger].say(f"/concerns {reference}")
        assert menu.UNKNOWN.msgid in await service[stranger].send(Kind.BUTTON, data=f"concerns:{reference}:read")
    assert (await concern(service))["acknowledged_at"] is None


async def test_no_notice_carries_what_was_said(tmp_path: Path) -> None:
    """No mail, no notice, no log line and no name of a file has a word of it, nor who it is from."""
    log = io.StringIO()
    with redirect_stdout(log), redirect_stderr(log):
        service = await open_(tmp_path)
        await with_visitor(service)
        await service["child"].say(DANGER)
        await service["child"].press("No")
        for _time in range(5):
            await pass_time(service, 16)
        await service["child"].say("he hits me and markedbelt")
    shown = [
        plain(parcel.message) + str(parcel.message.letter)
        for (_channel, address), parcels in service.world.screens.items()
        for parcel in parcels
        if address != "child"
    ]
    assert [text for text in shown if "markedbelt" in text or "Sam" in text or "carer" in text] == []
    assert len(shown) > 10
    assert "markedbelt" not in log.getvalue()
    assert "turn.done" in log.getvalue()
    officer = await service.officer("safeguarding_duty")
    assert "markedbelt" in plain(officer.last)


# A worry


async def test_a_worry_is_asked_about_gently(tmp_path: Path) -> None:
    """Nothing is written down or sent; who can help is shown; I'm OK goes back to the question that was open."""
    service = await open_(tmp_path)
    child = service["child"]
    await child.press("I'd like one")
    await child.press("Me")
    heard = await child.say(WORRY)
    assert heard.startswith("Are you OK? Do you want to tell me more, or talk to someone?")
    assert "0800 1111" in heard
    assert {"Talk to a person", "I'm OK", "I want to tell more", "Use what I typed as my answer"} <= set(child.buttons)
    assert "What shall we call you?" in await child.press("I'm OK")
    assert await service.rows("SELECT * FROM concerns") == []
    assert mailed(service) == []
    await child.press("Use what I typed as my answer")
    assert "typed" not in (await service.rows("SELECT answers FROM forms"))[0]["answers"]


async def test_a_worry_may_be_the_answer(tmp_path: Path) -> None:
    """A harmless answer that sounds like a worry is not lost: with one press it is the answer."""
    service = await open_(tmp_path)
    child = service["child"]
    await child.say("/talk")
    await child.say(WORRY)
    assert "How can they answer you" in await child.press("Use what I typed as my answer")
    assert (await service.rows("SELECT answers ->> 'message' AS words FROM forms"))[0]["words"] == WORRY
    assert "typed" not in (await service.rows("SELECT answers FROM forms"))[0]["answers"]


async def test_a_worry_is_told_when_they_want(tmp_path: Path) -> None:
    """Who reads it is said before a word is written; what sounds like a worry there is what they want to tell."""
    service = await open_(tmp_path)
    child = service["child"]
    await child.say(WORRY)
    assert "Use what I typed as my answer" not in child.buttons
    assert "I send it to the safeguarding_duty." in await child.press("I want to tell more")
    assert "I have sent it to the safeguarding_duty." in await child.say(
        "i feel sad all the time and i cry every night"
    )
    row = await concern(service)
    assert (row["kind"], row["words"]) == ("worry", "i feel sad all the time and i cry every night")


# Visits and volunteers, talks and complaints


async def test_a_visit_that_is_not_safe_is_a_concern(tmp_path: Path) -> None:
    """Whoever says it about a visit need not type: somebody is told, and it is known what it was about."""
    service = await open_(tmp_path)
    await with_visitor(service)
    child = service["child"]
    await child.send(Kind.BUTTON, data="visit:V-0000-0")
    heard = await child.press("I don't feel safe")
    assert "I am telling the safeguarding_duty now." in heard
    assert "You don't have to go to this visit." in heard
    assert (await concern(service))["source"] == "visit"


async def test_a_volunteer_tells_of_danger(tmp_path: Path) -> None:
    """A volunteer is told what to do and what not; the words go to those who keep children safe."""
    service = await open_(tmp_path)
    heard = await service["volunteer"].say("he told me that his carer hits him")
    assert "The safeguarding_duty is told now" in heard
    assert "don't ask the child more" in heard
    assert ARE_YOU_SAFE.msgid not in heard
    assert (await concern(service))["source"] == "volunteer"


async def test_danger_in_a_complaint(tmp_path: Path) -> None:
    """The safety words come first and somebody is told; the complaint waits, and the words can stand in it as well."""
    service = await open_(tmp_path)
    child = service["child"]
    await child.say("/complain")
    await child.press("My carer, or where I live")
    await child.press("No, I'll say it myself")
    heard = await child.say(DANGER)
    assert heard.startswith(THANKS.msgid)
    assert (await concern(service))["source"] == "complaint"
    assert "What would you like to happen?" in await child.press("Use what I typed as my answer")


# What is done about it


async def test_an_allegation_against_the_visitor(tmp_path: Path) -> None:
    """Suspended at once, visits pause, the child is told kindly; nobody plans one; a manager lifts it with a reason."""
    service = await open_(tmp_path, telegram=Telegram(under_16="allow"))
    service.cast["child"] = service.world.someone("phone")
    child, manager, coordinator = service["child"], service["manager"], service["coordinator"]
    request = await with_visitor(service)
    await child.say("my visitor touched me")
    reference = (await concern(service))["reference"]
    await manager.say(f"/concerns {reference}")
    await manager.press("I have read it and take it on")
    await manager.press("Who is it about?")
    await manager.press("Their visitor")
    heard = await manager.press("It is an allegation")
    assert "The LADO has to be told by Monday 15 June" in heard
    assert "The visitor is suspended from now on" in heard
    assert [row["status"] for row in await service.rows("SELECT status FROM visits")] == ["paused"]
    assert PAUSED.msgid in await child.press("Show me")
    assert PAUSED.msgid in await child.send(Kind.BUTTON, data="visit:V-0000-0:yes")
    await coordinator.say("/inbox")
    assert NO_PLANNING.msgid.split("}")[1] in await coordinator.send(Kind.BUTTON, data=f"plan:{request}")
    assert "no concern" in (await coordinator.say("/concerns")).lower()
    [allegation] = await service.rows("SELECT reference FROM allegations")
    service.world.now += dt.timedelta(days=3)
    await service.world.look()
    assert "the LADO has to be told by Monday 15 June" in unasked(manager)[-1]
    await manager.press(f"LADO told ({allegation['reference']})")
    await manager.press("The case file has it in writing")
    await manager.press("Close it")
    assert (await service.rows("SELECT closed_at FROM allegations"))[0]["closed_at"] is None
    await manager.press(f"Close {allegation['reference']}")
    assert [row["status"] for row in await service.rows("SELECT status FROM visits")] == ["paused"]
    await manager.press("Lift the suspension")
    assert "The suspension is lifted" in await manager.say("The LADO found nothing in it.")
    assert "Visits can go on again." in await child.press("Show me")
    await coordinator.press("They told me they'll be there")
    assert "would like to see you" in await child.press("Show me")
    assert {"Yes", "Another day", "I don't want to"} <= set(child.buttons)
    looks = {row["action"] for row in await service.rows("SELECT action FROM audit WHERE subject = ?", reference)}
    assert {"read_concern", "acknowledge_concern", "concern_about", "allegation", "close_concern"} <= looks
    assert await service.failures() == []


@pytest.mark.parametrize("next_visitor", [False, True])
async def test_an_allegation_is_about_the_visitor_of_that_time(tmp_path: Path, *, next_visitor: bool) -> None:
    """The match ended meanwhile, as it should have, and another may have begun: the one they told of is suspended."""
    service = await open_(tmp_path, telegram=Telegram(under_16="allow"))
    service.cast["child"] = service.world.someone("phone")
    manager, request = service["manager"], await with_visitor(service)
    [then] = await service.rows("SELECT volunteer FROM matches")
    await service["child"].say("my visitor touched me")
    service.world.now += dt.timedelta(hours=1)
    async with service.world.database() as database, database.writer.transaction() as writer:
        await matches.end(writer, request, stamp(service.world.now))
        if next_visitor:
            await records.add_match(writer, request, "Bea", service.world.now)
    await manager.say(f"/concerns {(await concern(service))['reference']}")
    for label in ("I have read it and take it on", "Who is it about?", "Their visitor"):
        await manager.press(label)
    assert "The visitor is suspended from now on" in await manager.press("It is an allegation")
    suspended = await service.rows("SELECT reference FROM volunteers WHERE suspended_at IS NOT NULL")
    assert [row["reference"] for row in suspended] == [then["volunteer"]]
    assert await service.failures() == []


async def test_only_a_manager_lifts_a_suspension(tmp_path: Path) -> None:
    """An officer sees that it is there, and has no button to lift it; a made-up one does nothing."""
    service = await open_(tmp_path)
    await with_visitor(service)
    await service["child"].say("my visitor touched me")
    officer = await service.officer("safeguarding_duty")
    for label in ("Who is it about?", "Their visitor", "It is an allegation"):
        await officer.press(label)
    assert "Lift the suspension" not in officer.buttons
    [row] = await service.rows("SELECT a.reference, concern FROM allegations a")
    assert concerns.NOT_LIFTED.msgid in await officer.send(
        Kind.BUTTON, data=f"concerns:{row['concern']}:lift:{row['reference']}"
    )
    assert (await service.rows("SELECT lifted_at FROM volunteers"))[0]["lifted_at"] is None


async def test_whoever_names_themselves_out_of_it_hands_it_on(tmp_path: Path) -> None:
    """A coordinator of the chain who notes that it is about the visitor loses sight of it, and the next is told."""
    service = await open_(tmp_path, safeguarding=Safeguarding(chain=["coordinator", "manager"]))
    await service["child"].say(DANGER)
    coordinator = service["coordinator"]
    for label in ("Read it now", "I have read it and take it on", "Who is it about?"):
        await coordinator.press(label)
    assert "You don't see it any more" in await coordinator.press("Their visitor")
    assert alerts.READ_NOW.msgid in service["manager"].buttons


# What is kept


async def test_a_child_sees_and_erases_what_may_go(tmp_path: Path) -> None:
    """Who told it stays known while it is looked into, and that is said; closed, the words stay without who it was."""
    service = await open_(tmp_path)
    child, manager = service["child"], service["manager"]
    await child.say(DANGER)
    assert DANGER in await child.say("/data")
    for old_button in ("data:all", "data:all:yes"):
        assert "I can't rub out everything yet." in await child.send(Kind.BUTTON, data=old_button)
    assert (await concern(service))["person"]
    await manager.say(f"/concerns {(await concern(service))['reference']}")
    await manager.press("I have read it and take it on")
    await manager.press("Close it")
    await child.say("/data")
    await child.press("Rub out everything")
    assert "What you told me about not being safe stays" in "".join(unasked(child)[-2:])
    await child.press("Yes, rub out everything")
    row = await concern(service)
    assert (row["words"], row["person"]) == (DANGER, None)


async def test_what_the_case_file_has_goes(tmp_path: Path) -> None:
    """Once the case file has the words, rubbing out everything takes them from here as well."""
    service = await open_(tmp_path)
    child = service["child"]
    await child.say(DANGER)
    await service["manager"].say(f"/concerns {(await concern(service))['reference']}")
    await service["manager"].press("I have read it and take it on")
    await service["manager"].press("The case file has it in writing")
    await child.say("/data")
    await child.press("Rub out everything")
    await child.press("Yes, rub out everything")
    assert (await concern(service))["words"] == ""
    assert ERASED == "erased"


# Commands


def test_ask_says_which() -> None:
    """`ivbot ask` tells danger from worry and from neither, and in danger answers with the safety page alone."""
    known = ask.read(settings())
    found = {text: ask.answer(known, "en", text) for text in (DANGER, WORRY, "who pays for the bus on trips?")}
    assert [given.danger for given in found.values()] == ["danger", "worry", "none"]
    assert found[DANGER].topic == "none"
    assert '"danger":"worry"' in found[WORRY].as_json()


@pytest.mark.parametrize(("told", "warned"), [
    ({"mail": Mail()}, "nobody is told when a child may be in danger"),
    ({"contacts": Contacts(manager=Contact(name="m", email="m@example.org"))}, "only manager is told"),
    ({}, ""),
])  # fmt: skip
def test_check_says_who_is_told(told: dict[str, Any], warned: str) -> None:
    """`ivbot check` warns when nobody would be told of danger, or one contact alone."""
    finding = check.safeguarding(settings(**told), ())
    assert finding.warning.startswith(warned)
    assert bool(finding.warning) == bool(warned)
    assert not check.safeguarding(settings(mail=Mail()), {"manager", "coordinator"}).warning.startswith("nobody")


@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hour=st.integers(0, 167),
    waits=st.lists(st.integers(1, 40), max_size=8),
)
async def test_somebody_is_always_told_in_time(
    hour: int, waits: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the hour: one is told at once, and no later than a quarter of an hour plus one look the next."""
    now = dt.datetime(2026, 6, 8, tzinfo=dt.UTC) + dt.timedelta(hours=hour)
    service = await open_(tmp_path_factory.mktemp("w"), now=now)
    await service["child"].say(DANGER)
    times, passed, due = [0], 0, 15
    for wait in waits:
        passed += wait
        await pass_time(service, wait)
        if passed >= due:
            times.append(passed)
            due = passed + 15
    assert len(mailed(service)) == len(times)
    assert len(set(mailed(service)[:4])) == min(4, len(times))


# Coming back


async def test_what_was_told_before_the_code_is_theirs(tmp_path: Path) -> None:
    """A child who cries for help, or writes to a person, and types their code only then, is known by it."""
    service = await open_(tmp_path)
    child = service["child"]
    await records.ask(child)
    shown = " ".join(unasked(child))
    code = re.findall(r"\b\w{4}-\w{4}-\w{4}\b", shown)[0]
    page = service.world.someone("another", "web")
    await page.say(DANGER)
    await page.press("Menu")
    await page.say("/talk")
    await page.press("Skip")
    await page.press("Here in this chat")
    await page.press("That's all")
    await page.say(code)

    [kept] = await service.rows("SELECT person FROM interests")
    assert (await concern(service))["person"] == kept["person"]
    assert await service.rows("SELECT person FROM talks") == [kept]


async def test_a_coordinator_alone_hears_of_danger(tmp_path: Path) -> None:
    """With the settings ivbot comes with, and nobody but a coordinator in chat, somebody is told."""
    world = World(tmp_path)
    staff = world.someone("staff")
    async with world.database() as database, database.writer.transaction() as writer:
        code = await codes.issue(writer, "coordinator", "", world.now)
    await staff.say(f"/start {code}")
    before = len(staff.messages)
    heard = await world.someone("child", "web").say(DANGER)

    assert len(staff.messages) == before + 1
    assert alerts.READ_NOW.msgid in staff.buttons
    assert NOBODY.msgid not in heard
