"""The 14 promises: a card for each, and what children say of them, counted without names."""

import datetime as dt
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.roles import Role
from bot.domain.standards import ABOUT_A_VISITOR, STANDARDS, Answer
from bot.engine.message import Kind
from bot.i18n import Month
from bot.store import people, standards
from bot.store.clock import stamp
from bot.store.database import connect
from handlers.standards import HALF, TO_TELL
from tests.conversation import Someone, World


def counted(world: World) -> dict[tuple[int, str, str], int]:
    with closing(connect(world.settings.database.path, reading=True)) as db:
        rows = db.execute("SELECT standard, answer, month, count FROM standard_answers").fetchall()
    return {(row["standard"], row["answer"], row["month"]): row["count"] for row in rows}


async def be(world: World, role: Role) -> Someone:
    """Somebody in this role."""
    someone = world.someone("s")
    await someone.say("/start")
    async with world.database() as database, database.writer.transaction() as writer:
        person = (await people.with_roles(writer, [Role.GUEST]))[0]
        await people.save(writer, [replace(person, role=role)], stamp(world.now))
    return someone


async def test_each_card_asks_and_takes_each_answer(tmp_path: Path) -> None:
    """Every standard has its card with three answers side by side; the red button is under those about safety."""
    world = World(tmp_path)
    child = world.someone("w1", "web")
    for number in STANDARDS:
        for answer in ("Yes", "Not really", "Not sure"):
            await child.say("/standards")
            if number > HALF:
                await child.press("Promises 8 to 14")
            card = await child.press(f"page:standard-{number}")
            shown = child.messages[-1]
            assert "Is this happening for you?" in card
            assert [button.label for button in shown.message.buttons[0]] == ["Yes", "Not really", "Not sure"]
            assert ("I don't have a visitor yet" in child.buttons) == (number in ABOUT_A_VISITOR)
            heard = await child.press(answer)
            assert child.last.replaces == str(shown.id)
            assert (TO_TELL[number].msgid.split("{")[0] in heard) == (answer == "Not sure")
            danger = [button.data for row in child.last.buttons for button in row if button.danger]
            assert danger == (["safety"] if answer == "Not really" and number in {3, 5, 9, 11} else [])
            assert ("Tell what is wrong" in child.buttons) == (answer == "Not really")
            assert ("Talk to a person" in child.buttons) == (answer != "Yes")

    assert counted(world) == {(number, answer, "2026-06"): 1 for number in STANDARDS for answer in Answer}


@pytest.mark.parametrize("data", [
    "standard", "standard:", "standard:0", "standard:15", "standard:x", "standard:-1", "standard:8:maybe",
    "standard:8:yes:yes", "standard:15:yes", "standard:" + "9" * 50, "standard:²:yes",
])  # fmt: skip
async def test_a_button_nobody_made_counts_nothing(tmp_path: Path, data: str) -> None:
    """Whatever a button carries, the answer is kind and only a standard's own answers are counted."""
    world = World(tmp_path)
    child = world.someone("a")
    await child.say("/start")
    heard = await child.send(Kind.BUTTON, data=data)

    assert heard.startswith("That button is from before.")
    assert counted(world) == {}


@pytest.mark.parametrize(("role", "counts"), [(Role.GUEST, 1), (Role.VOLUNTEER, 0), (Role.MANAGER, 0)])
async def test_only_children_are_counted(tmp_path: Path, role: Role, counts: int) -> None:
    """Staff and volunteers can read the cards, but their answers are no evidence."""
    world = World(tmp_path)
    someone = await be(world, role)
    await someone.send(Kind.BUTTON, data="standard:3")
    await someone.press("Not really")

    assert sum(counted(world).values()) == counts


async def test_the_month_is_that_of_the_service(tmp_path: Path) -> None:
    """An answer shortly after midnight on 1 July in London counts for July, though it is still June in UTC."""
    world = World(tmp_path, now=dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC))
    child = world.someone("w1", "web")
    await child.send(Kind.BUTTON, data="standard:1")
    await child.press("Yes")

    assert counted(world) == {(1, "yes", "2026-07"): 1}


async def test_nobody_is_in_the_count(tmp_path: Path) -> None:
    """The table has no column for a person, and an answer leaves no other trace of what was said."""
    world = World(tmp_path)
    child = world.someone("w1", "web")
    await child.send(Kind.BUTTON, data="standard:9")
    await child.press("Not really")
    with closing(connect(world.settings.database.path, reading=True)) as db:
        columns = [row["name"] for row in db.execute("PRAGMA table_info(standard_answers)")]
        said = [row["said"] for row in db.execute("SELECT said FROM inbox")]
        audit = db.execute("SELECT * FROM audit").fetchall()

    assert columns == ["standard", "answer", "month", "count"]
    assert not any("really" in words for words in said)
    assert audit == []


async def test_small_numbers_are_not_told(tmp_path: Path) -> None:
    """Staff read how many said what from five up; below that, that it was fewer than five, none included."""
    world = World(tmp_path)
    staff = await be(world, Role.COORDINATOR)
    async with world.database() as database, database.writer.transaction() as writer:
        for answer, times in ((Answer.YES, 5), (Answer.NOT_REALLY, 4)):
            for _time in range(times):
                await standards.count(writer, 8, answer, "2026-06")
        await standards.count(writer, 9, Answer.YES, "2025-06")
    heard = (await staff.say("/promises")).split("\n\n")

    assert heard[8] == ("8: Your visitor comes often\nyes: 5 · not really: fewer than 5 · not sure: fewer than 5")
    assert heard[9].endswith("\nno answers")
    assert (
        (await staff.press("The 12 months before"))
        .split("\n\n")[9]
        .endswith("yes: fewer than 5 · not really: fewer than 5 · not sure: fewer than 5")
    )
    assert "June 2026 to June 2026" in await staff.press("This month")


ANSWERS = st.tuples(st.sampled_from(STANDARDS), st.sampled_from(Answer), st.integers(0, 30))


@settings(max_examples=30)
@given(given_=st.lists(ANSWERS, max_size=40), since=st.integers(0, 30), length=st.integers(0, 30))
async def test_a_span_counts_its_months_and_no_others(
    given_: list[tuple[int, Answer, int]], since: int, length: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever was answered when, the counts are those from the first month to the last."""
    last = Month(2026, 6)
    world = World(tmp_path_factory.mktemp("span"))
    async with world.database() as database, database.writer.transaction() as writer:
        for standard, answer, ago in given_:
            await standards.count(writer, standard, answer, str(last.before(ago)))
        found = await standards.counts(writer, str(last.before(since)), str(last.before(since).before(-length)))
    wanted = Counter((standard, answer) for standard, answer, ago in given_ if since - length <= ago <= since)

    assert {(standard, answer): n for standard, each in found.items() for answer, n in each.items()} == wanted


@given(st.dates(), st.integers(0, 500), st.integers(0, 500))
def test_months_are_reckoned(day: dt.date, one: int, other: int) -> None:
    """A month before a month before is two before, and a month is kept as text that sorts."""
    month = Month.of(day)
    if day.year > 100:
        assert month.before(one).before(other) == month.before(one + other)
        assert month.before(one).before(-one) == month
        assert str(month.before(1)) < str(month) < str(month.before(-1))
