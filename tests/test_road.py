"""The child's road: what may follow what, who is told, and what nobody can make cold or lose."""

import datetime as dt
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.consent import Answer, Purpose
from bot.domain.interest import (
    BEFORE_A_VISITOR,
    BY_STAFF,
    CLOSED,
    MOVES,
    OWN_CHOICE,
    PREFIX,
    REASONS,
    ROAD,
    Extra,
    Interest,
    Note,
    Reason,
    Status,
    extras,
    picture,
    staff_moves,
)
from bot.domain.references import new_reference
from bot.engine.message import Incoming, Kind
from bot.engine.turn import NEWS
from bot.reports import kinds
from bot.settings import Settings
from bot.store import codes, consents, interests, matches, people, purge, visits
from bot.store.clock import stamp
from bot.store.database import MIGRATIONS, Row, connect
from bot.store.people import Address, Person
from handlers import road_words, story
from handlers.staff import moves, notes, request
from tests import records
from tests.conversation import Someone, World, plain

OPEN = sorted({*ROAD, Status.NOT_NOW})
WAYS: dict[Status, tuple[Status, ...]] = {
    Status.ASKED: (),
    Status.TALKING: (Status.TALKING,),
    Status.REFERRED: (Status.REFERRED,),
    Status.WAITING: (Status.REFERRED, Status.WAITING),
    Status.MATCHED: (Status.REFERRED, Status.WAITING, Status.MATCHED),
    Status.VISITING: (Status.REFERRED, Status.WAITING, Status.MATCHED, Status.VISITING),
    Status.NOT_NOW: (Status.TALKING, Status.NOT_NOW),
    Status.ENDED: (Status.REFERRED, Status.WAITING, Status.MATCHED, Status.ENDED),
    Status.DECLINED: (Status.DECLINED,),
}
"""How a request that was sent comes there."""


async def staff_of(world: World, address: str = "staff", channel: str = "telegram") -> Someone:
    """A coordinator."""
    async with world.database() as database, database.writer.transaction() as writer:
        code = await codes.issue(writer, "coordinator", "", world.now)
    someone = world.someone(address, channel)
    await someone.say(f"/start {code}")
    return someone


async def asked(
    folder: Path, status: Status = Status.ASKED, *, name: str = "Sam", wishes: str = "someone funny"
) -> tuple[World, Someone, Someone, str]:
    """A child on Telegram whose request is at some step, and a coordinator."""
    world = World(folder, Settings.model_validate({"telegram": {"under_16": "allow"}}))
    staff, now = await staff_of(world), stamp(world.now)
    reference = new_reference(PREFIX)
    interest = Interest(
        reference, "p", "child", None, "telegram", "en", now, Status.AWAITING_CHILD, now,
        name=name, age=11, area="in", visitor_wishes=wishes, contact_way="school",
    )  # fmt: skip
    yes = Answer(given=True, words="May I?", version="1", language="en", answered_at=now)
    async with world.database() as database, database.writer.transaction() as writer:
        await people.save(writer, [Person("p")], now)
        await people.save_addresses(writer, [Address("telegram", "child", "p")], now)
        await interests.add(writer, interest)
        for purpose in Purpose:
            await consents.add(writer, "p", reference, purpose, yes)
        await interests.move(writer, reference, Status.ASKED, "p", now)
    await go(world, reference, *WAYS[status])
    return world, world.someone("child"), staff, reference


async def go(world: World, reference: str, *steps: Status, reason: str = "", words: str = "") -> None:
    """Steps along the road, by nobody in particular, a minute apart."""
    anybody = await _anybody(world)
    for to in steps:
        world.now += dt.timedelta(minutes=1)
        async with world.database() as database, database.writer.transaction() as writer:
            await interests.move(writer, reference, to, anybody, stamp(world.now), reason, words=words)
            if to is Status.MATCHED:
                await records.add_match(writer, reference, "Alex", world.now, "likes chess")


async def _anybody(world: World) -> str:
    return str((await rows(world, "SELECT id FROM people WHERE role = 'coordinator'"))[0]["id"])


async def rows(world: World, sql: str) -> list[Row]:
    async with world.database() as database, database.reading() as reader:
        return await reader.all(sql)


async def status(world: World) -> str:
    return str((await rows(world, "SELECT status FROM interests"))[0]["status"])


async def press(someone: Someone, data: str) -> str:
    """A button of some data, wherever it may have been shown."""
    return await someone.send(Kind.BUTTON, data=data)


async def nothing_failed(world: World) -> bool:
    return await rows(world, "SELECT 1 FROM failed_events") == []


def every_byte(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.glob("ivbot.db*")))


# The road


def allowed_by_the_store() -> set[tuple[Status, Status]]:
    sql = "".join(path.read_text() for path in sorted(MIGRATIONS.glob("*.sql")))
    trigger = sql.split("CREATE TRIGGER interests_keep_to_the_road")[1].split("END;")[0]
    return {(Status(a), Status(b)) for a, b in re.findall(r"'(\w+)>(\w+)'", trigger)}


def test_the_road_is_the_same_in_python_and_in_the_store() -> None:
    """Each step there is stands in the domain's table and in the database's trigger, and in both no other."""
    assert {(here, to) for here, steps in MOVES.items() for to in steps} == allowed_by_the_store()
    assert MOVES.keys() == set(Status)
    assert len(allowed_by_the_store()) > 30


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walk=st.lists(st.sampled_from(sorted(Status)), max_size=25))
def test_whatever_step_is_tried_the_store_and_the_rules_agree(tmp_path: Path, walk: list[Status]) -> None:
    """A random walk in raw SQL: each step is taken exactly where the rules have it, and refused otherwise."""
    path = tmp_path / "walk.db"
    if not path.exists():
        with closing(connect(path)) as db:
            for migration in sorted(MIGRATIONS.glob("*.sql")):
                db.executescript(migration.read_text())
            db.execute("INSERT INTO people (id, created_at) VALUES ('p', '')")
    here = Status.AWAITING_CHILD
    with closing(connect(path)) as db:
        db.execute("BEGIN")
        db.execute(
            "INSERT INTO interests (reference, person, asked_by, channel, language, received_at, status, status_since)"
            " VALUES ('IV-1', 'p', 'child', 'web', 'en', '', 'awaiting_child', '')"
        )
        db.execute(
            "INSERT INTO consents (person, interest, purpose, given, words, version, language, answered_at)"
            " VALUES ('p', 'IV-1', 'send', 1, '', '', '', '')"
        )
        for to in walk:
            try:
                db.execute("UPDATE interests SET status = ? WHERE reference = 'IV-1'", (to,))
                taken = True
            except sqlite3.IntegrityError:
                taken = False
            assert taken == (to in MOVES[here] or to is here), (here, to)
            here = to if taken else here
        db.execute("ROLLBACK")


def test_the_picture_grows_with_each_step() -> None:
    """Six steps on the road; beside it there is no picture, because words say what is so."""
    assert [picture(step) for step in ROAD] == ["●○○○○○", "●●○○○○", "●●●○○○", "●●●●○○", "●●●●●○", "●●●●●●"]
    assert {picture(step) for step in set(Status) - set(ROAD)} == {""}


def test_what_a_step_needs() -> None:
    """A reason to stop, a day to look again, and who looks for a visitor for a child who lives elsewhere."""
    needed = {to: extras(to, "out") for to in Status if extras(to, "out")}
    assert needed == {
        Status.NOT_NOW: {Extra.REASON, Extra.REVIEW},
        Status.DECLINED: {Extra.REASON},
        Status.ENDED: {Extra.REASON},
        Status.REFERRED: {Extra.PROVIDER},
    }
    assert not extras(Status.REFERRED, "in")
    assert moves.ASKED.keys() == needed.keys()


# The coordinator


@pytest.mark.parametrize("here", [*OPEN, Status.ENDED, Status.DECLINED])
async def test_show_offers_each_step_there_is_and_no_other(tmp_path: Path, here: Status) -> None:
    """The buttons of /show are the moves a coordinator may make from there; each of them begins, or is done."""
    world, _child, staff, reference = await asked(tmp_path, here)
    await staff.say(f"/show {reference}")
    steps = len(await rows(world, "SELECT 1 FROM interest_events"))
    shown = [button.data for row in staff.last.buttons for button in row if button.data.startswith("move:")]
    assert shown == [f"move:{reference}:{steps}:{to}" for to in staff_moves(here)]
    assert all(len(button.data.encode()) <= 64 for row in staff.last.buttons for button in row)
    assert ("New social worker" in staff.buttons) == (here not in CLOSED)
    for data in shown:
        assert "from before" not in await press(staff, data)
        break
    assert await nothing_failed(world)


@pytest.mark.parametrize("data", [
    "move", "move:", "move:x", "move:REF", "move:REF:1", "move:REF:1:", "move:REF:1:visiting", "move:REF:1:withdrawn",
    "move:REF:1:nonsense", "move:REF:0:talking", "move:REF:9:talking", "move:REF:1:awaiting_child",
    "move:IV-0000-0:1:talking", "noted", "noted:REF", "noted:REF:added", "noted:x:moved", "notes", "notes:REF",
    "notes:REF:x", "notes:REF:99999", "notes:REF:²", "f:to_declined:reason:=settled", "f:noted:words:-", "show:",
    "show:REF:1",
])  # fmt: skip
async def test_made_up_buttons_move_nothing(tmp_path: Path, data: str) -> None:
    """Whatever comes as the data of a button, the request stays where it is and the coordinator gets an answer."""
    world, child, staff, reference = await asked(tmp_path)
    before = len(child.messages)
    assert await press(staff, data.replace("REF", reference))
    assert await status(world) == "asked"
    assert len(child.messages) == before
    assert await nothing_failed(world)


async def test_a_move_pressed_twice_counts_once(tmp_path: Path) -> None:
    """The second press is answered with where things stand; the child is told once."""
    world, child, staff, reference = await asked(tmp_path)
    await staff.say(f"/show {reference}")
    await staff.press("Talking")
    told = len(child.messages)
    assert await staff.press("Talking") == (
        f"{reference}: it is at “talking” since Friday 12 June. That button is from before. Nothing was changed."
    )
    assert len(child.messages) == told
    assert len(await rows(world, "SELECT 1 FROM interest_events")) == 2


async def test_a_move_overtaken_by_a_colleague_is_not_made(tmp_path: Path) -> None:
    """While one coordinator answers a question, another moves the request: the first is told where it is."""
    world, _child, staff, reference = await asked(tmp_path)
    other = await staff_of(world, "other")
    for someone in (staff, other):
        await someone.say(f"/show {reference}")
    await staff.press("Decline")
    await other.press("Talking")
    await staff.press("Settled with carers")
    assert "it is at “talking”" in await staff.press("Skip")
    assert await status(world) == "talking"


async def test_an_old_button_is_old_even_where_the_step_would_be_right(tmp_path: Path) -> None:
    """After a pause the request stands where it stood, and last week's button still does nothing."""
    world, child, staff, reference = await asked(tmp_path)
    await staff.say(f"/show {reference}")
    await press(child, "pause:month")
    await press(child, "goon")
    assert await status(world) == "asked"
    assert "from before" in await staff.press("Talking")
    assert await status(world) == "asked"


async def test_every_look_and_move_is_in_the_audit(tmp_path: Path) -> None:
    """Each names who did what to which request, and holds no word of content."""
    world, _child, staff, reference = await asked(tmp_path)
    await staff.say(f"/show {reference}")
    await staff.press("They moved")
    await staff.say("markedwords")
    await staff.press("Talking")
    audited = await rows(world, "SELECT action, subject FROM audit WHERE role = 'coordinator'")
    assert [(row["action"], row["subject"]) for row in audited[1:]] == [
        ("show", reference), ("note_moved", reference), ("move_talking", reference),
    ]  # fmt: skip


async def test_the_inbox_has_what_is_new_still_and_due(tmp_path: Path) -> None:
    """Each in its own part, never more than ten, and a request is in one part only."""
    world, child, staff, reference = await asked(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        for number in range(12):
            await records.add(writer, number, world.now)
    heard = await staff.say("/inbox")
    assert heard.startswith("10 new requests:")
    assert heard.endswith("and more.")
    assert len(staff.buttons) == 10

    world.now += dt.timedelta(days=13)
    await press(child, "pause:month")
    world.now += dt.timedelta(days=31)
    heard = await staff.say("/inbox")
    assert "new" not in heard
    assert heard.startswith("10 requests have not moved lately:")
    assert heard.endswith(f"1 pause to look at again:\n{reference} · due Saturday 25 July")
    assert await staff.press(reference)


async def test_many_notes_are_read_page_by_page(tmp_path: Path) -> None:
    """The newest four are shown; the earlier ones are a button away, to the first."""
    world, child, staff, reference = await asked(tmp_path)
    for number in range(10):
        await press(child, "add")
        await child.say(f"thing {number}")
    seen = await staff.say(f"/show {reference}")
    for _page in range(2):
        assert "Earlier notes" in staff.buttons
        seen += await staff.press("Earlier notes")
    assert "Earlier notes" not in staff.buttons
    assert re.findall(r"thing \d", seen) == [f"thing {number}" for number in reversed(range(10))]
    assert await nothing_failed(world)


async def test_nothing_can_be_done_with_what_the_child_has_not_agreed_to(tmp_path: Path) -> None:
    """Without a yes that stands, a request can neither be seen, moved nor noted on."""
    world, _child, staff, reference = await asked(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        await writer.run("UPDATE consents SET withdrawn_at = 'now' WHERE given AND withdrawn_at IS NULL")
    for data in (
        f"show:{reference}",
        f"move:{reference}:1:talking",
        f"noted:{reference}:moved",
        f"notes:{reference}:0",
    ):
        assert "There is nothing to see." in await press(staff, data)
    assert await status(world) == "asked"


# What the child is told


@pytest.mark.parametrize("here", sorted({*ROAD, Status.NOT_NOW} - {Status.WAITING}))
async def test_a_child_is_told_where_it_stands_without_a_word_on_the_screen(tmp_path: Path, here: Status) -> None:
    """What lights up says that there is a message; where the request stands is shown when they ask for it."""
    world, child, staff, reference = await asked(tmp_path, here)
    to = next(to for to in staff_moves(here) if not extras(to, "in"))
    steps = len(await rows(world, "SELECT 1 FROM interest_events"))
    await press(staff, f"move:{reference}:{steps}:{to}")
    assert plain(child.last) == NEWS.msgid
    assert child.buttons == ["Show me"]
    heard = await child.press("Show me")
    assert heard.startswith(picture(to))
    assert picture(to)


@pytest.mark.parametrize(("to", "reason"), [(to, reason) for to, listed in REASONS.items() for reason in listed])
async def test_no_coordinator_can_make_the_words_cold(tmp_path: Path, to: Status, reason: Reason) -> None:
    """Each reason has words of its own for the child; a coordinator's own words stay with the coordinators."""
    here = Status.MATCHED if to is Status.ENDED else Status.TALKING
    world, child, staff, reference = await asked(tmp_path, here)
    await go(world, reference, to, reason=reason, words="markedcold")
    heard = await child.say("/story")
    words = {Status.NOT_NOW: road_words.PAUSED, Status.DECLINED: road_words.SAID_NO, Status.ENDED: road_words.GOODBYE}
    expected = words[to][reason].fill(visitor="Alex")
    assert heard.startswith(world.context.words.plain(expected, "en"))
    assert "markedcold" not in heard
    assert "markedcold" in await staff.say(f"/show {reference}")
    assert "Talk to a person" in child.buttons or reason in OWN_CHOICE


@pytest.mark.parametrize("jurisdiction", ["england", "wales"])
@pytest.mark.parametrize("reason", REASONS[Status.DECLINED])
async def test_no_is_never_the_end_of_the_way(tmp_path: Path, jurisdiction: str, reason: Reason) -> None:
    """Whoever is declined reads that they can still ask, of whom, and has a button to a person; no reason denies it."""
    world, child, _staff, reference = await asked(tmp_path)
    service = world.settings.service.model_copy(update={"jurisdiction": jurisdiction})
    world.context = replace(world.context, settings=world.settings.model_copy(update={"service": service}))
    await go(world, reference, Status.DECLINED, reason=reason)
    heard = await child.say("/story")
    for way in ("you can still ask", "the person who runs your reviews", "an advocate", "talk to a person"):
        assert way in heard
    assert ("Help at Hand" in heard, "Meic" in heard) == (jurisdiction == "england", jurisdiction == "wales")
    assert {"Talk to a person", "I'd like one"} <= set(child.buttons)
    assert not re.search(r"no right|not allowed|can't have|not entitled", heard)


async def test_an_adult_who_asked_learns_only_that_the_child_has_answered(tmp_path: Path) -> None:
    """Not where the request stands, nor that it moved; whatever they press, they can do nothing to it."""
    world = World(tmp_path)
    staff = await staff_of(world)
    carer = world.someone("carer", "web")
    said = await records.ask_for_a_child(carer)
    reference = re.findall(r"IV-\w{4}-\w", said)[0]
    code = re.findall(r"\w{4}-\w{4}-\w{4}", said)[0]
    assert "waiting for the child" in await press(carer, "story")
    child = world.someone("child", "web")
    for line in (code, "skip", "skip", "at school", "skip", "That's right", "Yes, send them", "Yes, they may tell"):
        await child.say(line)
    told = len(carer.messages)
    await press(staff, f"move:{reference}:1:talking")
    assert len(carer.messages) == told
    for data in (
        "story",
        "pause:month",
        "goon",
        "change",
        "add",
        "why",
        f"takeback:{reference}",
        f"move:{reference}:2:waiting",
    ):
        heard = await press(carer, data)
        assert not re.search("talk with you|●|Robin|talking", heard)
    assert await press(carer, "story") == f"{reference}: the child has answered. What they said is theirs to tell."
    assert await status(world) == "talking"


# What the child can do


@pytest.mark.parametrize("here", OPEN)
async def test_a_request_can_be_taken_back_from_every_step(tmp_path: Path, here: Status) -> None:
    """Answers, notes and reasons in words are gone, the match ends with its visits, and the coordinator is told."""
    world, child, staff, reference = await asked(tmp_path, here, name="Markedname", wishes="markedwish")
    async with world.database() as database, database.writer.transaction() as writer:
        person = (await writer.all("SELECT person FROM interests"))[0]["person"]
        await interests.add_note(writer, reference, Note.ADDED, person, stamp(world.now), "markednote")
        await writer.run("UPDATE interest_events SET reason = 'settled: markedreason' WHERE id = 1")
        if match := await matches.current(writer, reference):
            later = stamp(world.now + dt.timedelta(days=7))
            await visits.add(writer, "V-1", match.reference, later, "", person, stamp(world.now))
    heard = await press(child, "takeback")
    assert ("Alex" in heard) == (match is not None)
    await press(child, f"takeback:{reference}")
    assert await status(world) == "withdrawn"
    kept = [*await rows(world, "SELECT * FROM interests"), *await rows(world, "SELECT * FROM interest_notes")]
    kept += await rows(world, "SELECT * FROM interest_events")
    assert "arked" not in repr([tuple(row) for row in kept])
    assert [row["reason"] for row in await rows(world, "SELECT reason FROM interest_events WHERE id = 1")] == [
        "settled"
    ]
    assert await rows(world, "SELECT 1 FROM matches WHERE ended_at IS NULL") == []
    assert await rows(world, "SELECT 1 FROM visits WHERE status = 'planned'") == []
    assert plain(staff.last).startswith(f"{reference}: this request was taken back.")
    assert ("please talk to them" in plain(staff.last)) == (match is not None)
    assert "There is nothing to see." in await staff.say(f"/show {reference}")


async def test_what_is_taken_back_leaves_the_screens_of_staff(tmp_path: Path) -> None:
    """A coordinator who looked on the chat page no longer has the words there, nor has the file."""
    world, child, _staff, reference = await asked(tmp_path, name="Markedname", wishes="markedwish")
    staff = await staff_of(world, "page", "web")
    await press(child, "add")
    await child.say("markednote, and more of it")
    await staff.say(f"/show {reference}")
    assert "markednote" in plain(staff.last)
    assert b"arkedwish" in every_byte(tmp_path)
    await press(child, f"takeback:{reference}")
    async with world.database() as database:
        await database.forget_log()
    assert b"arked" not in every_byte(tmp_path)


@pytest.mark.parametrize("here", sorted(BEFORE_A_VISITOR))
async def test_a_pause_is_the_childs_to_make_and_to_end(tmp_path: Path, here: Status) -> None:
    """For a while or until they say; going on brings the request back to where it was, however often it was put off."""
    world, child, _staff, _reference = await asked(tmp_path, here)
    for wish, until in (("month", "2026-07-12"), ("quarter", "2026-09-11"), ("mine", None)):
        await press(child, f"pause:{wish}")
        paused = (await rows(world, "SELECT status, review_on FROM interests"))[0]
        assert tuple(paused) == ("not_now", until)
    await press(child, "goon")
    assert await status(world) == here
    await press(child, "goon")
    assert await status(world) == here


async def test_a_pause_of_the_coordinators_is_not_the_childs_to_end(tmp_path: Path) -> None:
    """They can talk to a person; only a pause that was their own wish has a button to go on."""
    for reason in REASONS[Status.NOT_NOW]:
        folder = tmp_path / reason
        folder.mkdir()
        world, child, _staff, reference = await asked(folder)
        await go(world, reference, Status.NOT_NOW, reason=reason)
        await child.say("/story")
        assert ("Go on again" in child.buttons) == (reason is Reason.CHILDS_WISH)
        await press(child, "goon")
        assert await status(world) == ("asked" if reason is Reason.CHILDS_WISH else "not_now")


@pytest.mark.parametrize("data", [
    "pause", "pause:month", "pause:nonsense", "goon", "change", "add", "why", "takeback", "takeback:yes", "share",
    "f:change:check:=yes", "f:add:words:-", "pause:", "goon:x",
])  # fmt: skip
@pytest.mark.parametrize("here", [None, Status.ENDED, Status.DECLINED])
async def test_buttons_of_a_request_that_is_over_do_nothing(tmp_path: Path, data: str, here: Status | None) -> None:
    """Last month's button is answered with where things stand, also when there never was a request."""
    if here:
        world, child, _staff, _reference = await asked(tmp_path, here)
    else:
        world = World(tmp_path)
        child = world.someone("child")
        await child.say("/start")
    before = [tuple(row) for row in await rows(world, "SELECT * FROM interests")]
    assert await press(child, data)
    assert [tuple(row) for row in await rows(world, "SELECT * FROM interests")] == before
    assert await nothing_failed(world)


async def test_changing_answers_begins_with_all_of_them(tmp_path: Path) -> None:
    """Even where an answer was erased: nothing is asked again unless the child taps it; a skipped one is empty."""
    world, child, staff, reference = await asked(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        await writer.run("UPDATE interests SET age = NULL, area = '', contact_way = ''")
    assert "Name: Sam\nAge: not said\nLives here: not said" in await press(child, "change")
    await child.press("✎ Visitor")
    await child.press("Skip")
    await child.press("✎ Age")
    await child.say("14")
    await child.press("That's right")
    kept = (await rows(world, "SELECT name, age, area, visitor_wishes, contact_way, channel FROM interests"))[0]
    assert tuple(kept) == ("Sam", 14, "", "", "", "telegram")
    note = (await rows(world, "SELECT kind, words FROM interest_notes"))[0]
    assert tuple(note) == ("changed", "age, wishes")
    assert plain(staff.last) == f"{reference}: the child has changed an answer."


async def test_an_age_is_checked_when_it_is_changed_as_when_it_was_given(tmp_path: Path) -> None:
    """Under 16 on Telegram, where the service insists on the page: the new age is not kept."""
    world, child, _staff, _reference = await asked(tmp_path)
    telegram = world.settings.telegram.model_copy(update={"under_16": "web_only"})
    world.context = replace(world.context, settings=world.settings.model_copy(update={"telegram": telegram}))
    await press(child, "change")
    await child.press("✎ Age")
    assert "I haven't kept your age" in await child.say("12")


async def test_a_code_that_is_not_saved_yet_comes_first(tmp_path: Path) -> None:
    """No form about the request takes the place of the return code; it is shown until they say that it is saved."""
    world = World(tmp_path)
    child = world.someone("child", "web")
    for line in ("/start", "/interest", "me", "Sam", "11", "yes", "skip", "skip", "at school", "skip"):
        await child.say(line)
    for label in ("That's right", "Yes, send them", "Yes, they may tell"):
        await child.press(label)
    for data in ("change", "add", "share"):
        assert "This is your code to come back" in await press(child, data)


@pytest.mark.parametrize("may_tell", [True, False])
async def test_a_way_that_leads_nowhere_is_named(tmp_path: Path, *, may_tell: bool) -> None:
    """Only through the social worker, who may not be told: the child reads what that means and what would help."""
    world, child, _staff, _reference = await asked(tmp_path)
    async with world.database() as database, database.writer.transaction() as writer:
        await writer.run("UPDATE interests SET contact_way = 'social_worker'")
        await writer.run("UPDATE consents SET withdrawn_at = 'now' WHERE purpose = 'share' AND ?", (not may_tell,))
    assert ("can't reach you that way" in await child.say("/story")) == (not may_tell)
    assert ("Tell my social worker too" in child.buttons) == (not may_tell)


async def test_a_coordinator_has_no_story(tmp_path: Path) -> None:
    """Staff who ask for theirs get their menu."""
    _world, _child, staff, _reference = await asked(tmp_path)
    assert await staff.say("/story") == "What would you like to do?"


# Time


async def told(world: World, someone: Someone) -> list[str]:
    """What somebody is told when what is due happens, looked for twice, after the marks of last time were purged."""
    before = len(someone.messages)
    await world.look()
    async with world.database() as database, database.writer.transaction() as writer:
        await purge.run(writer, purge.limits(world.now + dt.timedelta(days=40), world.settings.retention))
    await world.look()
    return [plain(parcel.message) for parcel in someone.messages[before:]]


@pytest.mark.parametrize("here", [*OPEN, Status.ENDED, Status.DECLINED])
async def test_a_request_that_does_not_move_is_remembered_once_a_period(tmp_path: Path, here: Status) -> None:
    """After the profile's days, and after as many again; a move, a note or a reminder starts the count anew."""
    world, child, staff, reference = await asked(tmp_path, here)
    still = [f"{reference}: nothing has moved for 14 days."] if here in BEFORE_A_VISITOR else []
    world.now += dt.timedelta(days=13)
    assert await told(world, staff) == []
    world.now += dt.timedelta(days=1, minutes=1)
    assert await told(world, staff) == still
    world.now += dt.timedelta(days=13)
    assert await told(world, staff) == []
    world.now += dt.timedelta(days=1, minutes=1)
    assert await told(world, staff) == still
    async with world.database() as database, database.writer.transaction() as writer:
        person = (await writer.all("SELECT person FROM interests"))[0]["person"]
        await interests.add_note(writer, reference, Note.ADDED, person, stamp(world.now + dt.timedelta(days=10)))
    world.now += dt.timedelta(days=20)
    assert await told(world, staff) == []
    world.now += dt.timedelta(days=5)
    assert await told(world, staff) == still
    assert [message for message in child.messages if "moved" in plain(message.message)] == []


@pytest.mark.parametrize("days", [3, 40])
async def test_the_days_are_the_profiles(tmp_path: Path, days: int) -> None:
    """`road.nudge_after_days` says after how many days without a move the coordinators are reminded."""
    world, _child, staff, reference = await asked(tmp_path)
    road = world.settings.road.model_copy(update={"nudge_after_days": days})
    world.settings = world.settings.model_copy(update={"road": road})
    world.context = replace(world.context, settings=world.settings)
    world.now += dt.timedelta(days=days, minutes=-1)
    assert await told(world, staff) == []
    world.now += dt.timedelta(minutes=2)
    assert await told(world, staff) == [f"{reference}: nothing has moved for {days} days."]


async def test_when_the_day_of_a_pause_comes_both_are_told_once(tmp_path: Path) -> None:
    """From the first minute of that day where the service is; the child reads no more than that there is a message."""
    world, child, staff, reference = await asked(tmp_path)
    await press(child, "pause:month")
    world.now = dt.datetime(2026, 7, 11, 22, 59, tzinfo=dt.UTC)
    assert await told(world, staff) == []
    world.now = dt.datetime(2026, 7, 11, 23, 1, tzinfo=dt.UTC)
    before = len(child.messages)
    assert await told(world, staff) == [f"{reference}: the day to look at it again has come."]
    assert [plain(parcel.message) for parcel in child.messages[before:]] == [NEWS.msgid]
    assert "You wanted me to ask you again." in await child.press("Show me")
    world.now += dt.timedelta(days=60)
    assert await told(world, staff) == []
    await press(child, "pause:month")
    world.now += dt.timedelta(days=31)
    assert await told(world, staff) == [f"{reference}: the day to look at it again has come."]


async def test_a_reminder_that_comes_too_late_says_nothing(tmp_path: Path) -> None:
    """What was found due and has moved before its turn came is left alone."""
    world, child, staff, reference = await asked(tmp_path)
    world.now += dt.timedelta(days=15)
    still = await due(world)
    await go(world, reference, Status.TALKING)
    await press(child, "pause:month")
    world.now += dt.timedelta(days=31)
    review = await due(world)
    await press(child, "goon")
    before = len(staff.messages)
    assert len(still) == len(review) == 1
    await world.happen(*still, *review)
    assert len(staff.messages) == before
    assert await nothing_failed(world)


async def due(world: World) -> list[Incoming]:
    """What the road has due now."""
    async with world.database() as database, database.reading() as reader:
        found = [*await moves.still(reader, world.now, world.settings)]
        return [*found, *await moves.to_review(reader, world.now, world.settings)]


# The store, and files


async def test_a_child_has_one_visitor_at_a_time(tmp_path: Path) -> None:
    """A match ends where the road leaves the visitor, whoever moves it, and only then can another begin."""
    world, _child, _staff, reference = await asked(tmp_path, Status.MATCHED)
    async with world.database() as database, database.writer.transaction() as writer:
        with pytest.raises(sqlite3.IntegrityError):
            await records.add_match(writer, reference, "Kim", world.now)
    await go(world, reference, Status.WAITING, Status.MATCHED, Status.VISITING)
    kept = await rows(world, "SELECT ended_at IS NULL AS open FROM matches ORDER BY started_at")
    assert [row["open"] for row in kept] == [0, 1]
    await go(world, reference, Status.ENDED, reason=Reason.LEFT_CARE)
    ended = await rows(world, "SELECT ended_reason FROM matches ORDER BY started_at")
    assert [row["ended_reason"] for row in ended] == ["", "left_care"]


@pytest.mark.parametrize("here", [*OPEN, Status.ENDED, Status.DECLINED])
async def test_days_are_counted_until_there_is_a_visitor(tmp_path: Path, here: Status) -> None:
    """`days_waiting` has a number while a child waits, `volunteer` a name while they have a visitor."""
    world, _child, _staff, _reference = await asked(tmp_path, here)
    seen = kinds.Seen(world.now + dt.timedelta(days=9), world.settings.zone, None)
    async with world.database() as database, database.reading() as reader:
        row = [row async for row in interests.every(reader, "0", "9")][0]  # noqa: RUF015 - there is one
        cells = kinds.EXPORTS["interest"].cells(row, seen)
    assert cells["days_waiting"] == (9 if here in BEFORE_A_VISITOR else None)
    assert cells["volunteer"] == ("Alex" if here in {Status.MATCHED, Status.VISITING} else None)
    assert cells["status"] == here


def test_every_status_reason_and_note_has_its_words() -> None:
    """Nothing that can be stored is without words, for the child and for the coordinator."""
    assert road_words.NOW.keys() == road_words.NEXT.keys() == set(ROAD)
    assert request.STATUS.keys() == set(Status)
    assert request.REASON.keys() == set(Reason)
    assert request.NOTED.keys() == set(Note)
    assert request.MAKE_NOTE.keys() == notes.ABOUT_NOTE.keys() == set(BY_STAFF)
    assert set(BY_STAFF) <= road_words.NOTED.keys()
    assert request.MOVE.keys() == {to for here in Status for to in staff_moves(here)}
    assert road_words.PAUSED.keys() == {*REASONS[Status.NOT_NOW], Reason.CHILD_PAUSED}
    assert road_words.SAID_NO.keys() == set(REASONS[Status.DECLINED])
    assert road_words.GOODBYE.keys() == set(REASONS[Status.ENDED])
    assert story.STANDS.keys() == {Status.AWAITING_CHILD, Status.DECLINED, Status.WITHDRAWN}
