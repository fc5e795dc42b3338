"""Matching: a person decides, with reasons in words; two yeses make a match, and a no costs nobody anything."""

import datetime as dt
import itertools
import random
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.interest import Interest, Match, Note, Outcome, Proposal, Reason, Said, Status
from bot.domain.matching import (
    Candidate,
    Child,
    Code,
    Fit,
    LeftOut,
    Past,
    Wish,
    in_order,
    left_out,
    past,
    reasons,
)
from bot.domain.recruitment import Volunteer
from bot.engine.message import Kind
from bot.engine.turn import NEWS
from bot.i18n import Words
from bot.settings import DATA, Settings
from bot.store import interests, matches, proposals, volunteers
from bot.store.clock import stamp
from handlers.staff import matching_words
from handlers.volunteer.meeting import CLOSED
from tests import records
from tests.casework import Service
from tests.conversation import Someone, plain

LIKES = ("chess", "football", "games", "films")
PROVIDERS = st.sampled_from(["", "Seaside Friends", "Others"])
NOT_THIS_ONE = "It will not be this one ({found}). Thank you for being ready to."


# The reasons


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    volunteer = Volunteer(
        f"VO-{draw(st.integers(0, 10**6))}", "Alex", "Alex",
        likes=tuple(draw(st.sets(st.sampled_from(LIKES)))),
        gender=draw(st.sampled_from(["", "woman", "man", "other"])),
        area=draw(st.sampled_from(["", "in", "out", "both"])),
        capacity=draw(st.integers(0, 4)),
        provider=draw(PROVIDERS),
    )  # fmt: skip
    return Candidate(
        volunteer,
        ready=draw(st.booleans()),
        load=draw(st.integers(0, 3)),
        asked=draw(st.integers(0, 2)),
        past=draw(st.sampled_from(Past)),
        conflict=draw(st.booleans()),
        languages=draw(st.frozensets(st.sampled_from(["en", "pl"]))),
        faith=draw(st.sampled_from([None, Wish.MUSLIM, Wish.SIKH])),
    )


CHILDREN = st.builds(
    Child,
    likes=st.frozensets(st.sampled_from(LIKES)),
    language=st.sampled_from(["en", "pl"]),
    area=st.sampled_from(["in", "out", "unsure", ""]),
    wishes=st.frozensets(st.sampled_from(Wish)),
    provider=PROVIDERS,
)
EVERYBODY = st.lists(candidates(), max_size=7, unique_by=lambda one: one.volunteer.reference)


FREE = candidates().map(
    lambda one: replace(one, volunteer=replace(one.volunteer, capacity=4), ready=True, conflict=False)
)


@st.composite
def much_alike(draw: st.DrawFn) -> list[Candidate]:
    """Some who may be asked, who differ from the first in one thing or two each."""
    first, others = draw(FREE), draw(st.lists(FREE, min_size=1, max_size=5))
    found = [first]
    for number, other in enumerate(others):
        volunteer = replace(first.volunteer, reference=f"VO-X{number}")
        for name in draw(st.sets(st.sampled_from(["likes", "gender", "area", "provider"]), max_size=1)):
            volunteer = replace(volunteer, **{name: getattr(other.volunteer, name)})
        changed = draw(st.sets(st.sampled_from(["load", "asked", "past", "languages", "faith"]), max_size=2))
        found.append(replace(first, volunteer=volunteer, **{name: getattr(other, name) for name in changed}))
    return found


@given(child=CHILDREN, everybody=much_alike(), again=st.randoms())
def test_the_order_is_total_and_prefers_nobody_over_who_is_better(
    child: Child, everybody: list[Candidate], again: random.Random
) -> None:
    """Whoever is as good in every reason and better in one comes first, in whatever order they are looked at."""
    found = in_order(child, everybody)
    shuffled = list(everybody)
    again.shuffle(shuffled)
    assert in_order(child, shuffled) == found
    for (first, earlier), (second, later) in itertools.combinations(found, 2):
        assert [reason.code for reason in earlier] == [reason.code for reason in later]
        levels = [(one.level, other.level) for one, other in zip(earlier, later, strict=True)]
        second_is_better = all(other >= one for one, other in levels) and any(other > one for one, other in levels)
        assert not second_is_better, (first, second)


@pytest.mark.parametrize(("child", "volunteer", "fit"), [
    ("Seaside Friends", "seaside friends", Fit.FOR), ("Seaside Friends", "", Fit.AGAINST),
    ("Seaside Friends", "Others", Fit.AGAINST), ("", "Others", Fit.UNKNOWN), ("", "", Fit.FOR),
])  # fmt: skip
def test_whose_volunteer_somebody_is_counts_for_a_child_of_another_provider(
    child: str, volunteer: str, fit: Fit
) -> None:
    """A child who lives elsewhere has a provider there; where neither has one there is nothing to say."""
    alex = Candidate(Volunteer("VO-1", "Alex", "Alex", provider=volunteer), ready=True)
    found = reasons(Child(frozenset(), "en", "out", frozenset(), child), alex)
    reason = next(reason for reason in found if reason.code is Code.PROVIDER)

    assert reason.fit is fit
    assert (matching_words.told(reason, "", []) is None) == (not child and not volunteer)


@given(child=CHILDREN, everybody=EVERYBODY)
def test_nobody_is_hidden_but_for_a_reason_that_is_counted(child: Child, everybody: list[Candidate]) -> None:
    """Who is listed and who is counted as left out are everybody together; only these three leave somebody out."""
    listed = [one for one, _why in in_order(child, everybody)]
    assert len(listed) + left_out(everybody).total() == len(everybody)
    assert all(one.ready and one.free > 0 and not one.conflict for one in listed)
    assert set(left_out(everybody)) <= set(LeftOut)


@given(child=CHILDREN, everybody=EVERYBODY)
def test_every_reason_has_words(child: Child, everybody: list[Candidate]) -> None:
    """Whatever is looked at can be said; a thing that speaks against somebody is never passed over in silence."""
    words = Words(DATA / "locales", ["en"])
    for one in everybody:
        for reason in reasons(child, one):
            text = matching_words.told(reason, "English", [*reason.values])
            assert text is not None or reason.code in {Code.PAST, Code.PROVIDER, Code.ASKED}
            assert text is not None or reason.fit is Fit.FOR
            assert text is None or words.plain(text, "en")


def child_with(**told: Any) -> Child:  # noqa: ANN401 - the fields of a child
    return replace(Child(frozenset(), "en", "in", frozenset()), **told)


def somebody(reference: str, **known: Any) -> Candidate:  # noqa: ANN401 - the fields of both
    looked_at = {name: known.pop(name) for name in ("load", "asked", "past", "languages", "faith") if name in known}
    return Candidate(Volunteer(reference, reference, reference, **known), ready=True, **looked_at)


@pytest.mark.parametrize(("child", "first", "second"), [
    (child_with(likes=frozenset({"chess", "games"})), {"likes": ("chess", "games")}, {"likes": ("chess",)}),
    (child_with(), {"languages": frozenset({"en"})}, {"languages": frozenset({"pl"})}),
    (child_with(), {"languages": frozenset()}, {"languages": frozenset({"pl"}), "likes": ("chess",)}),
    (child_with(wishes=frozenset({Wish.WOMAN})), {"gender": "woman"}, {"gender": ""}),
    (child_with(wishes=frozenset({Wish.WOMAN})), {"gender": ""}, {"gender": "man"}),
    (child_with(wishes=frozenset({Wish.SIKH})), {"faith": Wish.SIKH}, {"faith": Wish.MUSLIM}),
    (child_with(area="out"), {"area": "both"}, {"area": "in"}),
    (child_with(area="out"), {"area": ""}, {"area": "in"}),
    (child_with(), {"capacity": 3, "load": 1}, {"capacity": 2, "load": 1}),
    (child_with(), {}, {"asked": 1}),
    (child_with(), {"area": "out", "languages": frozenset({"pl"})}, {"past": Past.ENDED}),
    (child_with(), {"past": Past.VOLUNTEER_NO}, {"past": Past.ENDED, "capacity": 9}),
    (child_with(), {"past": Past.ENDED}, {"past": Past.CHILD_NO, "capacity": 9}),
])  # fmt: skip
def test_who_comes_first(child: Child, first: dict[str, Any], second: dict[str, Any]) -> None:
    """Each reason counts; whom the child has known or refused before comes after everybody else."""
    found = in_order(child, [somebody("VO-1", **second), somebody("VO-2", **first)])
    assert [one.volunteer.reference for one, _why in found] == ["VO-2", "VO-1"]


@pytest.mark.parametrize(("said", "wishes"), [
    ("a woman please", {Wish.WOMAN}),
    ("someone funny", set()),
    ("Not a man", set()),
    ("I don't want a man", set()),
    ("a man or a woman, I don't mind", set()),
    ("a man or a woman", set()),
    ("A MAN who is Muslim", {Wish.MAN, Wish.MUSLIM}),
    ("the same faith as me", {Wish.SAME_FAITH}),
    ("somebody of my religion, I'm Sikh", {Wish.SIKH}),
    ("Christian or Muslim", set()),
    ("who speaks my language", {Wish.SAME_LANGUAGE}),
    ("manchester united fan", set()),
    ("", set()),
])  # fmt: skip
def test_what_is_read_in_a_childs_words(said: str, wishes: set[Wish]) -> None:
    """Only what is plain; a "not", or two that exclude each other, is left to whoever reads the words."""
    assert matching_words.wishes(Words(DATA / "locales", ["en"]), said, "en") == wishes


@pytest.mark.parametrize(("said", "language", "wishes"), [
    ("a woman please", "fa", {Wish.WOMAN}), ("kobieta", "en", {Wish.WOMAN}), ("nie kobieta", "en", set()),
    ("not a woman", "fa", set()), ("nie muslim", "pl", set()), ("یک زن مسلمان", "fa", {Wish.WOMAN, Wish.MUSLIM}),
])  # fmt: skip
def test_a_wish_may_be_in_another_language(said: str, language: str, wishes: set[Wish]) -> None:
    """Whatever the chat speaks; a "not" of any language leaves it to whoever reads the words."""
    words = Words(DATA / "locales", ["en", "cy", "ar", "fa", "pl", "uk"])
    assert matching_words.wishes(words, said, language) == wishes


@pytest.mark.parametrize(("said", "faith"), [
    ("Roman Catholic", Wish.CHRISTIAN), ("islam", Wish.MUSLIM), ("Quaker", None), ("", None), ("a woman", None),
])  # fmt: skip
def test_the_faith_a_volunteer_is_noted_with(said: str, faith: Wish | None) -> None:
    """One that is not in the list is not known, rather than another than the one that is wished for."""
    assert matching_words.faith(Words(DATA / "locales", ["en"]), said) == faith


def test_what_there_was_before() -> None:
    """The heaviest of it, of this child and this volunteer alone."""
    child = Interest("IV-1", "p", "child", None, "web", "en", "", Status.WAITING, "")
    alex = Volunteer("VO-1", "Alex", "Alex")
    no = Proposal("P-1", "IV-1", "VO-1", "", closed_at="x", outcome=Outcome.VOLUNTEER_NO)
    match = Match("M-1", "IV-1", "VO-1", "Alex", "", "", ended_at="x")
    assert past(child, alex, [], [replace(no, volunteer="VO-2"), replace(no, interest="IV-2")]) is Past.NOTHING
    assert past(child, alex, [], [replace(no, outcome=Outcome.DROPPED)]) is Past.NOTHING
    assert past(child, alex, [], [no]) is Past.VOLUNTEER_NO
    assert past(child, alex, [match], [no]) is Past.ENDED
    assert past(child, alex, [match], [no, replace(no, outcome=Outcome.CHILD_NO)]) is Past.CHILD_NO


# The conversation


async def waiting(folder: Path, settings: Settings | None = None, to: Status = Status.WAITING) -> tuple[Service, str]:
    """A service with a child whose request is waiting; its reference."""
    service = await Service.open(folder, settings or Settings())
    await records.ask(service["child"], name="Sam Sammson")
    [row] = await service.rows("SELECT reference FROM interests")
    staff = await service.person("coordinator")
    for step in (Status.REFERRED, Status.WAITING)[: 1 + (to is Status.WAITING)]:
        async with service.world.database() as database, database.writer.transaction() as writer:
            await interests.move(writer, row["reference"], step, staff, stamp(service.world.now))
    return service, str(row["reference"])


async def press(someone: Someone, data: str) -> str:
    """A button of some data, wherever it may have been shown."""
    return await someone.send(Kind.BUTTON, data=data)


async def proposed(service: Service, reference: str, volunteer: str) -> str:
    """Somebody is asked; the proposal."""
    await press(service["coordinator"], f"propose:{reference}:{volunteer}")
    [row] = await service.rows("SELECT reference FROM proposals WHERE closed_at IS NULL")
    return str(row["reference"])


async def both_yes(folder: Path, settings: Settings | None = None) -> tuple[Service, str, str]:
    """A proposal to which both have said yes: the service, the request and the proposal."""
    service, reference = await waiting(folder, settings)
    alex, volunteer = await service.volunteer()
    found = await proposed(service, reference, volunteer)
    await press(alex, f"vmeet:{found}:yes")
    await press(service["child"], f"meet:{found}:yes")
    return service, reference, found


async def now(service: Service) -> Proposal:
    async with service.world.database() as database, database.reading() as reader:
        [row] = await reader.all("SELECT reference FROM proposals ORDER BY at DESC LIMIT 1")
        found = await proposals.find(reader, row["reference"])
    assert found
    return found


def news(someone: Someone, since: int) -> list[str]:
    return [plain(parcel.message) for parcel in someone.messages[since:]]


async def test_a_child_is_asked_nothing_before_the_volunteer_has_said_yes(tmp_path: Path) -> None:
    """Nothing lights up, nothing is offered, and a guessed button tells and changes nothing."""
    service, reference = await waiting(tmp_path)
    _alex, volunteer = await service.volunteer()
    before = len(service["child"].messages)
    found = await proposed(service, reference, volunteer)
    assert news(service["child"], before) == []
    assert "See who it is" not in (await service["child"].say("/story"), service["child"].buttons)[1]
    assert "Alex" not in await press(service["child"], f"meet:{found}")
    await press(service["child"], f"meet:{found}:yes")
    assert (await now(service)).child_said is Said.NOTHING
    assert await service.failures() == []


async def test_a_volunteer_learns_the_first_name_after_both_yeses_and_no_surname_ever(tmp_path: Path) -> None:
    """Before it they know what the child likes, and nothing else."""
    service, reference = await waiting(tmp_path)
    alex, volunteer = await service.volunteer()
    found = await proposed(service, reference, volunteer)
    seen = plain(alex.last) + await press(alex, f"vmeet:{found}") + await press(alex, f"vmeet:{found}:yes")
    seen += await press(alex, f"vmeet:{found}")
    assert "Sam" not in seen
    await press(service["child"], f"meet:{found}:yes")
    heard = await press(alex, f"vmeet:{found}")
    assert "They are called Sam." in heard
    assert "Sammson" not in heard
    assert "funny" not in heard + seen


@pytest.mark.parametrize("who", ["stranger", "volunteer", "Kim Other"])
async def test_what_is_anothers_is_nobodys_to_see_or_answer(tmp_path: Path, who: str) -> None:
    """Another child, a volunteer without a record, another volunteer: kind words, no name, no effect."""
    service, reference = await waiting(tmp_path)
    alex, volunteer = await service.volunteer()
    await service.volunteer("Kim Other")
    found = await proposed(service, reference, volunteer)
    before = await now(service)
    for data in ("vmeet:", "vmeet::yes", "vmeet::no", "meet:", "meet::no", "match:", "proposal::drop:yes"):
        heard = await press(service[who], data.replace(":", f":{found}", 1))
        assert heard
        assert "Alex" not in heard
        assert "looking for" not in heard
    assert await now(service) == before
    await press(alex, f"vmeet:{found}:yes")
    assert "Alex" not in await press(service["stranger"], f"meet:{found}:no")
    assert (await now(service)).open
    assert await service.failures() == []


@pytest.mark.parametrize("data", [
    "candidates", "candidates:x", "candidates:REF:x", "candidates:REF:999", "candidates:REF:²", "candidates:IV-0000-0",
    "propose", "propose:REF", "propose:REF:x", "propose:REF:VO-0000-0", "propose:IV-0000-0:VOL", "proposal",
    "proposal:x", "proposal:P-0000-0", "proposal:P-0000-0:drop:yes", "proposal:P-0000-0:child:yes", "match", "match:x",
    "match:P-0000-0", "match:P-0000-0:yes", "vmeet", "vmeet:x:yes", "meet", "meet:x:yes", "meet::yes", "refer",
    "norefer", "flagged", "flagged:REF", "flagged:x", "f:spot:agreed:-", "f:refer:refer:=yes",
])  # fmt: skip
async def test_made_up_buttons_change_nothing(tmp_path: Path, data: str) -> None:
    """Whatever comes as the data of a button, from whomever: an answer, and nothing is different."""
    service, reference = await waiting(tmp_path)
    alex, volunteer = await service.volunteer()
    for someone in (service["coordinator"], service["child"], alex):
        assert await press(someone, data.replace("REF", reference).replace("VOL", volunteer))
    assert await service.rows("SELECT 1 FROM proposals") == []
    assert await service.rows("SELECT 1 FROM matches") == []
    [row] = await service.rows("SELECT status FROM interests")
    assert row["status"] == "waiting"
    assert await service.failures() == []


async def test_answers_pressed_twice_count_once(tmp_path: Path) -> None:
    """Nobody is told twice, and there is one match."""
    service, reference, found = await both_yes(tmp_path)
    told = len(service["coordinator"].messages)
    await press(service["child"], f"meet:{found}:yes")
    await press(service["Alex Example"], f"vmeet:{found}:yes")
    assert len(service["coordinator"].messages) == told
    await press(service["coordinator"], f"match:{found}")
    assert "has changed meanwhile" in await press(service["coordinator"], f"match:{found}")
    assert len(await service.rows("SELECT 1 FROM matches")) == 1
    [row] = await service.rows("SELECT status FROM interests WHERE reference = ?", reference)
    assert row["status"] == "matched"


async def test_one_is_asked_at_a_time_for_a_child_and_one_may_be_asked_for_several(tmp_path: Path) -> None:
    """A second press, or a colleague's, is shown the proposal there is; the store lets in no other."""
    service, reference = await waiting(tmp_path)
    _alex, volunteer = await service.volunteer()
    _kim, other = await service.volunteer("Kim Other")
    found = await proposed(service, reference, volunteer)
    assert f"{found} is open" in await press(service["coordinator"], f"propose:{reference}:{other}")
    assert len(await service.rows("SELECT 1 FROM proposals")) == 1
    with pytest.raises(sqlite3.IntegrityError):
        await service.run(
            "INSERT INTO proposals (reference, interest, volunteer, at) VALUES ('P-2', ?, ?, '')", reference, other
        )
    await service.run("UPDATE volunteers SET capacity = 2")
    staff = await service.person("coordinator")
    await records.ask(service.world.someone("second", "web"))
    [row] = await service.rows("SELECT reference FROM interests WHERE reference != ?", reference)
    second = str(row["reference"])
    async with service.world.database() as database, database.writer.transaction() as writer:
        await interests.move(writer, second, Status.REFERRED, staff, stamp(service.world.now))
    assert "is asked about 1 other child now" in await press(service["coordinator"], f"candidates:{second}")
    await press(service["coordinator"], f"propose:{second}:{volunteer}")
    assert len(await service.rows("SELECT 1 FROM proposals WHERE closed_at IS NULL")) == 2


End = Callable[[Service, str], Awaitable[None]]


async def no(service: Service, _reference: str) -> None:
    await press(service["child"], f"meet:{(await now(service)).reference}:no")


async def pause(service: Service, _reference: str) -> None:
    await press(service["child"], "pause:month")


async def take_back(service: Service, reference: str) -> None:
    await press(service["child"], f"takeback:{reference}")


async def erase(service: Service, _reference: str) -> None:
    await press(service["child"], "data:all:yes")


async def withdraw(service: Service, _reference: str) -> None:
    await press(service["coordinator"], f"proposal:{(await now(service)).reference}:drop:yes")


async def decline(service: Service, reference: str) -> None:
    await service["coordinator"].say(f"/show {reference}")
    for label in ("Decline", "Settled with carers", "Skip"):
        await service["coordinator"].press(label)


@pytest.mark.parametrize("end", [no, pause, take_back, erase, withdraw, decline])
async def test_however_it_ends_the_volunteer_hears_the_same(tmp_path: Path, end: End) -> None:
    """It will not be this one: never why, never who, once, and no match can be made of it."""
    service, reference, found = await both_yes(tmp_path)
    alex = service["Alex Example"]
    before = len(alex.messages)
    await end(service, reference)
    assert not (await now(service)).open
    service.world.now += dt.timedelta(minutes=1)
    await service.world.look()
    await service.world.look()
    assert news(alex, before) == [NOT_THIS_ONE.format(found=found)]
    await press(service["coordinator"], f"match:{found}")
    assert NOT_THIS_ONE.format(found=found) in await press(alex, f"vmeet:{found}:yes")
    assert await service.rows("SELECT 1 FROM matches") == []
    assert await service.failures() == []


async def test_a_no_after_the_match_is_one_to_the_visits(tmp_path: Path) -> None:
    """The button is still on the child's screen: they read that it is a match, and how to change their mind."""
    service, _reference, found = await both_yes(tmp_path)
    await press(service["coordinator"], f"match:{found}")
    heard = await press(service["child"], f"meet:{found}:no")
    assert "Alex is your visitor now. You can still change your mind" in heard
    assert {"Ask for another visitor", "Stop the visits"} <= set(service["child"].buttons)


async def test_a_request_that_is_over_finds_nobody_to_meet(tmp_path: Path) -> None:
    """Nobody goes on looking for a child whose request was declined."""
    service, reference, found = await both_yes(tmp_path)
    await decline(service, reference)
    assert "We go on looking" not in await press(service["child"], f"meet:{found}")


def test_a_childs_no_sounds_like_anything_else() -> None:
    """Word for word what is said of a proposal that was withdrawn."""
    assert CLOSED[Outcome.CHILD_NO] == CLOSED[Outcome.DROPPED]


async def test_a_volunteer_may_change_their_mind_until_the_match(tmp_path: Path) -> None:
    """The child who opens it later reads that it is not because of them, and is still in the line."""
    service, _reference, found = await both_yes(tmp_path)
    await press(service["Alex Example"], f"vmeet:{found}:no")
    assert (await now(service)).outcome is Outcome.VOLUNTEER_NO
    heard = await press(service["child"], f"meet:{found}")
    assert "It's not because of you. We go on looking" in heard
    [row] = await service.rows("SELECT status FROM interests")
    assert row["status"] == "waiting"


async def changed_mind(service: Service, _reference: str) -> None:
    await press(service["Alex Example"], f"vmeet:{(await now(service)).reference}:no")


@pytest.mark.parametrize("end", [changed_mind, withdraw])
async def test_a_child_who_said_yes_does_not_wait_for_nothing(tmp_path: Path, end: End) -> None:
    """That it will not be them after all is there to be read at once, with its name only behind the button."""
    service, reference, _found = await both_yes(tmp_path)
    child = service["child"]
    before = len(child.messages)
    await end(service, reference)
    assert news(child, before) == [NEWS.msgid]
    heard = await child.press("Show me")
    assert heard.startswith("It will not be Alex after all. It's not because of you.")
    assert "Talk to a person" in child.buttons


async def test_a_child_who_was_only_asked_is_not_told_that_it_is_off(tmp_path: Path) -> None:
    """They have not said yes to anybody: the button they have says that there is nobody right now."""
    service, reference = await waiting(tmp_path)
    alex, volunteer = await service.volunteer()
    found = await proposed(service, reference, volunteer)
    await press(alex, f"vmeet:{found}:yes")
    before = len(service["child"].messages)
    await withdraw(service, reference)
    assert news(service["child"], before) == []
    assert "nobody to say yes or no to" in await service["child"].press("Show me")


async def test_a_no_counts_while_the_volunteer_cannot_come(tmp_path: Path) -> None:
    """Who said yes and takes it back is heard at once, whatever stands open with the volunteer."""
    service, _reference, found = await both_yes(tmp_path)
    await stop_being_ready(service)
    assert "That's fine" in await press(service["child"], f"meet:{found}:no")
    assert (await now(service)).outcome is Outcome.CHILD_NO


async def stop_being_ready(service: Service) -> None:
    """A stage is withdrawn, so the gate is closed."""
    stage = service.world.settings.recruitment.stages[0].id
    async with service.world.database() as database, database.writer.transaction() as writer:
        [volunteer] = await volunteers.some(writer, "name = 'Alex Example'")
        await volunteers.withdraw_stage(writer, volunteer.reference, stage, stamp(service.world.now))


async def test_nobody_is_matched_who_is_not_ready_any_more(tmp_path: Path) -> None:
    """The coordinator reads why, the child finds nobody to answer, and the store refuses as well."""
    service, reference, found = await both_yes(tmp_path)
    await stop_being_ready(service)
    heard = await press(service["coordinator"], f"match:{found}")
    assert "Alex is not ready to visit now" in heard
    assert "Make it a match" not in service["coordinator"].buttons
    assert "nobody to say yes or no to" in await press(service["child"], f"meet:{found}")
    assert await service.rows("SELECT 1 FROM matches") == []
    async with service.world.database() as database, database.writer.transaction() as writer:
        [alex] = await volunteers.some(writer, "name = 'Alex Example'")
        with pytest.raises(sqlite3.IntegrityError, match="not ready"):
            await matches.start(writer, "M-1", reference, alex, stamp(service.world.now))
    assert "2 not ready" in await press(service["coordinator"], f"candidates:{reference}")


async def test_a_yes_of_somebody_who_is_not_ready_waits(tmp_path: Path) -> None:
    """They are shown where to see what is missing, and the child is not asked."""
    service, reference = await waiting(tmp_path)
    alex, volunteer = await service.volunteer()
    found = await proposed(service, reference, volunteer)
    await stop_being_ready(service)
    before = len(service["child"].messages)
    assert "You can't be matched just now" in await press(alex, f"vmeet:{found}:yes")
    assert "My stages" in alex.buttons
    assert (await now(service)).volunteer_said is Said.NOTHING
    assert len(service["child"].messages) == before


async def full(service: Service, children: int = 1) -> None:
    """So many other children have a visitor."""
    async with service.world.database() as database, database.writer.transaction() as writer:
        for number in range(children):
            other = await records.add(writer, number, service.world.now)
            await records.add_match(writer, other, f"Other {number}", service.world.now)


@pytest.mark.parametrize("there", [0, 1, 2])
async def test_above_the_capacity_a_match_is_confirmed(tmp_path: Path, there: int) -> None:
    """Within it a match is made at once; above it a coordinator is told and says yes again."""
    settings = Settings.model_validate({"service": {"capacity": 2}})
    service, _reference, found = await both_yes(tmp_path, settings)
    await full(service, there)
    heard = await press(service["coordinator"], f"match:{found}")
    asked = there >= 2
    assert ("2 places are paid for, and all are taken. This would be number 3." in heard) == asked
    if asked:
        assert (await now(service)).open
        await service["coordinator"].press("Yes, make it a match")
    assert (await now(service)).outcome is Outcome.MATCHED
    [row] = await service.rows("SELECT m.spot_agreed FROM matches m JOIN proposals p USING (interest)")
    assert row["spot_agreed"] == ""


async def test_a_spot_place_has_the_name_of_who_agreed(tmp_path: Path) -> None:
    """Without a name there is no match; it is kept with it."""
    settings = Settings.model_validate({"service": {"capacity": 1, "spot_places": True}})
    service, _reference, found = await both_yes(tmp_path, settings)
    await full(service)
    assert "Who agreed to a spot place?" in await press(service["coordinator"], f"match:{found}:yes")
    assert (await now(service)).open
    await service["coordinator"].say("   ")
    assert (await now(service)).open
    await service["coordinator"].say("Head of service, 12 June")
    [row] = await service.rows("SELECT m.spot_agreed FROM matches m JOIN proposals p USING (interest)")
    assert row["spot_agreed"] == "Head of service, 12 June"


async def test_a_coordinator_alone_makes_no_match(tmp_path: Path) -> None:
    """The road has no step to a visitor for them, and a proposal with one yes is none either."""
    service, reference = await waiting(tmp_path)
    alex, volunteer = await service.volunteer()
    [steps] = await service.rows("SELECT count(*) AS n FROM interest_events")
    assert "from before" in await press(service["coordinator"], f"move:{reference}:{steps['n']}:matched")
    found = await proposed(service, reference, volunteer)
    for _yes in range(2):
        await press(service["coordinator"], f"match:{found}:yes")
        await press(alex, f"vmeet:{found}:yes")
    assert "Make it a match" not in service["coordinator"].buttons
    assert await status(service) == "waiting"


async def test_a_match_from_referred_goes_by_way_of_waiting(tmp_path: Path) -> None:
    """Somebody may be asked before the search has begun; no step is left out, and the child's place is as it was."""
    service, reference = await waiting(tmp_path, to=Status.REFERRED)
    alex, volunteer = await service.volunteer()
    found = await proposed(service, reference, volunteer)
    await press(alex, f"vmeet:{found}:yes")
    await press(service["child"], f"meet:{found}:yes")
    await press(service["coordinator"], f"match:{found}")
    steps = await service.rows("SELECT to_status FROM interest_events ORDER BY id")
    assert [row["to_status"] for row in steps][-3:] == ["referred", "waiting", "matched"]


@pytest.mark.parametrize("to", [Status.WAITING, Status.ENDED, Status.WITHDRAWN, None])
async def test_the_volunteer_hears_that_a_match_has_ended(tmp_path: Path, to: Status | None) -> None:
    """However it ended, also when the child erased everything; once, and without why."""
    service, reference, found = await both_yes(tmp_path)
    alex = service["Alex Example"]
    await press(service["coordinator"], f"match:{found}")
    service.world.now += dt.timedelta(minutes=1)
    await service.world.look()
    before = len(alex.messages)
    if to:
        staff = await service.person("coordinator")
        async with service.world.database() as database, database.writer.transaction() as writer:
            await interests.move(writer, reference, to, staff, stamp(service.world.now), Reason.CHILDS_WISH)
    else:
        await press(service["child"], "data:all:yes")
    service.world.now += dt.timedelta(minutes=1)
    await service.world.look()
    await service.world.look()
    [heard] = [line for line in news(alex, before) if "come to an end" in line]
    assert "wish" not in heard
    assert "Sam" not in heard


async def test_after_another_visitor_the_place_is_kept_and_somebody_new_comes_first(tmp_path: Path) -> None:
    """`received_at` does not change, and whoever visited before stands last, whatever else speaks for them."""
    service, reference, found = await both_yes(tmp_path)
    await service.run("UPDATE volunteers SET capacity = 9, area = 'in'")
    await press(service["coordinator"], f"match:{found}")
    [before] = await service.rows("SELECT received_at FROM interests")
    service.world.now += dt.timedelta(days=30)
    await service.volunteer("Kim New")
    await service["coordinator"].say(f"/show {reference}")
    await service["coordinator"].press("Looking for a visitor")
    [after] = await service.rows("SELECT received_at FROM interests")
    assert tuple(before) == tuple(after)
    heard = await press(service["coordinator"], f"candidates:{reference}")
    assert heard.index("Kim New") < heard.index("Alex Example")
    assert "visited this child before" in heard


@pytest.mark.parametrize("answered", ["nobody", "volunteer", "both"])
async def test_a_proposal_nobody_answers_is_remembered_each_week(tmp_path: Path, answered: str) -> None:
    """After seven days without news and after as many again; staff alone are told, and the child never is."""
    service, reference = await waiting(tmp_path)
    alex, volunteer = await service.volunteer()
    found = await proposed(service, reference, volunteer)
    if answered != "nobody":
        await press(alex, f"vmeet:{found}:yes")
    if answered == "both":
        await press(service["child"], f"meet:{found}:yes")
    told = []
    for days in (6, 1, 1, 6):
        service.world.now += dt.timedelta(days=days, minutes=1)
        before, child = len(service["coordinator"].messages), len(service["child"].messages)
        await service.world.look()
        await service.world.look()
        lines = [line for line in news(service["coordinator"], before) if line.startswith("P-")]
        told.append(len(lines))
        assert news(service["child"], child) == []
    assert told == [0, 1, 0, 1]


async def test_who_asked_for_the_child_is_no_visitor_of_theirs(tmp_path: Path) -> None:
    """A visitor is independent: whoever asked for this child is left out, and counted."""
    service, reference = await waiting(tmp_path)
    _alex, volunteer = await service.volunteer()
    person = await service.person("Alex Example")
    await service.run("UPDATE interests SET asked_by_person = ?", person)
    heard = await press(service["coordinator"], f"candidates:{reference}")
    assert "There is nobody who can be asked." in heard
    assert "1 who asked for this child" in heard
    await press(service["coordinator"], f"propose:{reference}:{volunteer}")
    assert await service.rows("SELECT 1 FROM proposals") == []


@pytest.mark.parametrize("noted", ["en", "English", "ENGLISH "])
async def test_a_language_is_known_however_it_was_noted(tmp_path: Path, noted: str) -> None:
    """By its code or by its name; and so is what both like."""
    service, reference = await waiting(tmp_path)
    async with service.world.database() as database, database.writer.transaction() as writer:
        kim = await records.add_volunteer(writer, "Kim Example", service.world.now)
        await volunteers.update(writer, replace(kim, languages=(noted,), likes=("Football", "bingo ")))
        await writer.run("UPDATE interests SET likes = ?", ('["football", "Bingo"]',))
    heard = await press(service["coordinator"], f"candidates:{reference}")
    assert "speaks English" in heard
    assert "both like bingo and Football" in heard


async def test_many_are_read_page_by_page(tmp_path: Path) -> None:
    """Four at a time, each once, and to the last."""
    service, reference = await waiting(tmp_path)
    async with service.world.database() as database, database.writer.transaction() as writer:
        for number in range(9):
            await records.add_volunteer(writer, f"Name{number} Example", service.world.now)
    seen = await press(service["coordinator"], f"candidates:{reference}")
    while "More people" in service["coordinator"].buttons:
        assert all(len(b.data.encode()) <= 64 for row in service["coordinator"].last.buttons for b in row)
        seen += await service["coordinator"].press("More people")
    assert sorted(word for word in seen.split() if word.startswith("Name")) == [f"Name{n}" for n in range(9)]


async def test_every_answer_noted_for_somebody_is_in_the_audit(tmp_path: Path) -> None:
    """Who proposed, who noted whose yes, who made the match; without a word of content."""
    service, reference = await waiting(tmp_path)
    async with service.world.database() as database, database.writer.transaction() as writer:
        lee = await records.add_volunteer(writer, "Lee Elsewhere", service.world.now)
    found = await proposed(service, reference, lee.reference)
    for data in ("volunteer:yes", "volunteer:no", "child:yes"):
        await press(service["coordinator"], f"proposal:{found}:{data}")
    assert (await now(service)).agreed
    await press(service["coordinator"], f"match:{found}")
    audited = await service.rows("SELECT action FROM audit WHERE subject = ?", found)
    assert [row["action"] for row in audited] == ["propose", "volunteer_said_yes", "child_said_yes", "make_match"]
    assert plain(service["child"].last) == NEWS.msgid


# May we refer? Who works with the child


ASKS_FIRST = Settings.model_validate({"road": {"ask_before_referral": True}})


async def asked_to_refer(folder: Path) -> tuple[Service, str]:
    """A child who was asked whether they may be referred."""
    service = await Service.open(folder, ASKS_FIRST)
    await records.ask(service["child"])
    [row] = await service.rows("SELECT reference FROM interests")
    await service["coordinator"].say(f"/show {row['reference']}")
    await service["coordinator"].press("Referred")
    return service, str(row["reference"])


async def status(service: Service) -> str:
    [row] = await service.rows("SELECT status FROM interests")
    return str(row["status"])


async def test_only_the_childs_yes_refers(tmp_path: Path) -> None:
    """Not a second press, not a way round over a pause; the yes is kept with the words it answered."""
    service, reference = await asked_to_refer(tmp_path)
    staff = service["coordinator"]
    assert await status(service) == "asked"
    await staff.press("Referred")
    await staff.say(f"/show {reference}")
    for label in ("Not now", "Not the right time"):
        await staff.press(label)
    for line in ("1 September", "yes", "skip"):
        await staff.say(line)
    assert await status(service) == "not_now"
    await staff.say(f"/show {reference}")
    await staff.press("Looking for a visitor")
    assert await status(service) == "not_now"
    await press(service["child"], "refer")
    await service["child"].press("Yes, put my name down")
    assert await status(service) == "referred"
    [row] = await service.rows("SELECT given, words FROM consents WHERE purpose = 'refer'")
    assert row["given"]
    assert "put your name down for a visitor?" in row["words"]


async def test_a_yes_to_be_referred_taken_back_stops_the_search(tmp_path: Path) -> None:
    """The road has a pause, a proposal ends, and going on asks the question again."""
    service, reference = await asked_to_refer(tmp_path)
    await press(service["child"], "refer")
    await service["child"].press("Yes, put my name down")
    _alex, volunteer = await service.volunteer()
    await proposed(service, reference, volunteer)
    await press(service["child"], "norefer")
    assert await status(service) == "not_now"
    assert (await now(service)).outcome is Outcome.DROPPED
    assert "May the coordinator put your name down" in await press(service["child"], "goon")
    assert await status(service) == "not_now"
    await service["child"].press("Yes, put my name down")
    assert await status(service) == "referred"


async def test_an_answer_nobody_asked_for_refers_nobody(tmp_path: Path) -> None:
    """An old button, after somebody moved on: where it stands is shown, and nothing is kept."""
    service, _reference = await asked_to_refer(tmp_path)
    await press(service["child"], "refer")
    await press(service["child"], "pause:month")
    [row] = await service.rows("SELECT reference FROM interests")
    staff = await service.person("coordinator")
    async with service.world.database() as database, database.writer.transaction() as writer:
        moment = stamp(service.world.now + dt.timedelta(minutes=5))
        await interests.move(writer, row["reference"], Status.DECLINED, staff, moment, Reason.SETTLED)
    await service["child"].press("Yes, put my name down")
    assert await service.rows("SELECT 1 FROM consents WHERE purpose = 'refer'") == []
    assert await status(service) == "declined"


@pytest.mark.parametrize(("flags", "visitor"), [(True, True), (True, False), (False, True)])
async def test_a_new_worker_is_told_of_a_visitor(tmp_path: Path, *, flags: bool, visitor: bool) -> None:
    """Only where the service does so and there is one; until it is done it is in the inbox."""
    settings = Settings.model_validate({"road": {"flag_visitor": flags}})
    service, reference, found = await both_yes(tmp_path, settings)
    if visitor:
        await press(service["coordinator"], f"match:{found}")
    await press(service["coordinator"], f"noted:{reference}:{Note.NEW_SOCIAL_WORKER}")
    heard = await service["coordinator"].press("Skip")
    assert ("has an independent visitor" in heard) == (flags and visitor)
    assert ("It's flagged" in service["coordinator"].buttons) == (flags and visitor)
    assert ("new worker to be told" in await service["coordinator"].say("/inbox")) == (flags and visitor)
    await press(service["coordinator"], f"flagged:{reference}")
    assert "new worker to be told" not in await service["coordinator"].say("/inbox")
    kept = await service.rows("SELECT kind FROM interest_notes WHERE kind = 'flagged'")
    assert len(kept) == (flags and visitor)


async def test_who_has_no_social_worker_reads_who_is_there_for_them(tmp_path: Path) -> None:
    """Without mail the coordinator is told to tell them; the road and the match stay as they are."""
    told = {"road": {"no_worker_contact": "duty_team"}, "contacts": {"duty_team": {"name": "the duty team"}}}
    service, reference, found = await both_yes(tmp_path, Settings.model_validate(told))
    await press(service["coordinator"], f"match:{found}")
    service.world.now += dt.timedelta(minutes=1)
    await press(service["coordinator"], f"noted:{reference}:{Note.NO_SOCIAL_WORKER}")
    assert "There is no mail to the duty team" in await service["coordinator"].press("Skip")
    heard = await service["child"].press("Show me")
    assert "Nothing starts again." in heard
    assert "the duty team is there for you." in heard
    assert await status(service) == "matched"
    assert len(await service.rows("SELECT 1 FROM matches WHERE ended_at IS NULL")) == 1


async def test_a_proposal_is_closed_once_and_keeps_its_two(tmp_path: Path) -> None:
    """The store refuses a second end, another volunteer, a match of one yes, and a child asked first."""
    service, reference = await waiting(tmp_path)
    _alex, volunteer = await service.volunteer()
    _kim, other = await service.volunteer("Kim Other")
    found = await proposed(service, reference, volunteer)
    for change in (
        f"volunteer = '{other}'",
        "child_said = 'yes'",
        "closed_at = 'x', outcome = 'matched'",
        "closed_at = 'x'",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            await service.run(f"UPDATE proposals SET {change} WHERE reference = ?", found)
    await withdraw(service, reference)
    with pytest.raises(sqlite3.IntegrityError, match="closed once"):
        await service.run("UPDATE proposals SET outcome = 'child_no'")
    await service.run("UPDATE proposals SET by_person = NULL")
