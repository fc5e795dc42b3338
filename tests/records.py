"""Records for tests: a few by way of the conversation, many by way of the store."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.domain.consent import Answer, Purpose
from bot.domain.interest import MATCH_PREFIX, Interest, Status
from bot.domain.recruitment import Volunteer
from bot.domain.references import new_reference
from bot.engine.message import Kind
from bot.settings import Settings
from bot.store import consents, interests, matches, people, volunteers
from bot.store.clock import stamp
from bot.store.database import Database, Writer
from bot.store.people import Person
from tests.conversation import Someone, World

BUTTON = Kind.BUTTON

DAY = dt.datetime(2026, 6, 12, 9, 0, tzinfo=dt.UTC)


async def ask(
    child: Someone, *, name: str = "Sam", wishes: str = "someone funny", send: str = "Yes, send them"
) -> None:
    """A child goes all the way from the first button to the yes, or to the no."""
    await child.say("/start")
    for label in ("I'd like one", "Me"):
        await child.press(label)
    await child.say(name)
    await child.say("11")
    for label in ("Yes", "Skip"):
        await child.press(label)
    await child.say(wishes)
    await child.say("at school")
    await child.press("Skip")
    await child.press("That's right")
    await child.press(send)
    if send.startswith("Yes"):
        await child.press("Yes, they may tell")
        await child.press("I've saved it")


async def ask_for_a_child(adult: Someone, *, name: str = "Robin") -> str:
    """An adult asks for a child; the last thing they are told."""
    await adult.say("/start")
    await adult.press("I'd like one")
    await adult.press("A child I care for or work with")
    await adult.press("I care for them")
    await adult.say(name)
    await adult.say("9")
    await adult.press("Yes")
    return await adult.press("That's right")


async def add_volunteer(
    writer: Writer, name: str = "Alex Example", when: dt.datetime = DAY, about: str = ""
) -> Volunteer:
    """Somebody who is ready to visit: every stage passed, signed on paper."""
    now = stamp(when)
    stages = [row["id"] for row in await writer.all("SELECT id FROM stages ORDER BY position")]
    if not stages:
        stages = [stage.id for stage in Settings().recruitment.stages]
        await volunteers.set_stages(writer, stages)
    volunteer = replace(await volunteers.begin(writer, name, now), about=about)
    await volunteers.update(writer, volunteer)
    for stage in stages:
        passed = when.date() - dt.timedelta(days=10)
        await volunteers.pass_stage(
            writer, volunteer.reference, stage, passed, None, "seen", None, now, signed_name="A Second"
        )
    return volunteer


async def add_match(
    writer: Writer, interest: str, name: str = "Alex", when: dt.datetime = DAY, about: str = "", reference: str = ""
) -> str:
    """A child has a visitor who is ready; the reference of the match."""
    volunteer = await add_volunteer(writer, name, when, about=about)
    reference = reference or new_reference(MATCH_PREFIX)
    await matches.start(writer, reference, interest, volunteer, stamp(when))
    return reference


async def add(writer: Writer, number: int, when: dt.datetime = DAY, **told: object) -> str:
    """One interest with the child's own yes; its reference."""
    person, reference, now = f"p{number}", f"IV-{number:06}", stamp(when)
    await people.save(writer, [Person(person)], now)
    values: dict[str, Any] = {"name": f"Sam {number}", "age": 11, "area": "in", **told}
    interest = Interest(reference, person, "child", None, "web", "en", now, Status.AWAITING_CHILD, now, **values)
    await interests.add(writer, interest)
    yes = Answer(given=True, words="May I?", version="1", language="en", answered_at=now)
    await consents.add(writer, person, reference, Purpose.SEND, yes)
    await interests.move(writer, reference, Status.ASKED, person, now)
    return reference


async def fill(path: Path, count: int, when: dt.datetime = DAY, key: str = "", **told: object) -> None:
    """A database with this many interests."""
    database = await Database.open(path, key)
    try:
        async with database.writer.transaction() as writer:
            for number in range(count):
                await add(writer, number, when + dt.timedelta(minutes=number), **told)
    finally:
        await database.close()


async def world_of(folder: Path) -> World:
    """A world with one request in it."""
    world = World(folder)
    await ask(world.someone("w1", "web"))
    return world
