"""A child called Sam with a visitor called Alex, both on Telegram, and a coordinator: for tests of visits."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.consent import Answer, Purpose
from bot.domain.interest import MATCH_PREFIX, PREFIX, Interest, Status
from bot.domain.references import new_reference
from bot.domain.visits import Visit
from bot.engine.message import Kind
from bot.settings import Settings
from bot.store import codes, consents, interests, matches, people, visits
from bot.store.clock import stamp
from bot.store.database import Writer
from bot.store.people import Address, Person
from tests import records
from tests.conversation import START, Someone, World

SATURDAY = dt.datetime(2026, 6, 20, 13, 0, tzinfo=dt.UTC)
"""2 pm in London, eight days after the beginning."""

AWAITING = Status.AWAITING_CHILD


async def add_child(writer: Writer, address: str, name: str, now: dt.datetime) -> str:
    """Somebody on Telegram who has asked, and for whom a visitor is found; the reference of their request."""
    reference, at = new_reference(PREFIX), stamp(now)
    await people.save(writer, [Person(name)], at)
    await people.save_addresses(writer, [Address("telegram", address, name)], at)
    told: dict[str, Any] = {"name": name, "age": 11, "area": "in", "likes": ["drawing"]}
    await interests.add(writer, Interest(reference, name, "child", None, "telegram", "en", at, AWAITING, at, **told))
    yes = Answer(given=True, words="May I?", version="1", language="en", answered_at=at)
    await consents.add(writer, name, reference, Purpose.SEND, yes)
    for to in (Status.ASKED, Status.TALKING, Status.REFERRED, Status.WAITING, Status.MATCHED):
        await interests.move(writer, reference, to, name, at)
    return reference


async def add_match(writer: Writer, now: dt.datetime) -> tuple[str, str, str, str]:
    """Sam's visitor is Alex: the request, the match, the volunteer, and the code with which Alex comes into the bot."""
    request = await add_child(writer, "child", "Sam", now)
    alex = await records.add_volunteer(writer, "Alex Example", now, "Likes dogs.")
    match = new_reference(MATCH_PREFIX)
    await matches.start(writer, match, request, alex, stamp(now))
    return request, match, alex.reference, await codes.for_volunteer(writer, alex.reference, "Alex Example", now)


async def add_other(writer: Writer, number: int, now: dt.datetime) -> None:
    """A child and a visitor, neither of them in the bot: one place taken."""
    request = await records.add(writer, number, now)
    for to in (Status.TALKING, Status.REFERRED, Status.WAITING, Status.MATCHED):
        await interests.move(writer, request, to, f"p{number}", stamp(now))
    await records.add_match(writer, request, f"Other {number}", now)


@dataclass
class Visiting:
    """Who is in it; `match` is theirs, `request` the child's."""

    world: World
    child: Someone
    alex: Someone
    staff: Someone
    request: str
    match: str
    volunteer: str

    @classmethod
    async def open(
        cls, folder: Path, now: dt.datetime = START, *, in_the_bot: bool = True, **told: object
    ) -> "Visiting":
        """`told`: settings. `in_the_bot`: whether Alex has redeemed their code."""
        world = World(folder, Settings.model_validate(told), now)
        world.forbidden = {"Sam", "drawing"}
        made = cls(world, world.someone("child"), world.someone("alex"), world.someone("staff"), "", "", "")
        async with world.database() as database, database.writer.transaction() as writer:
            made.request, made.match, made.volunteer, for_alex = await add_match(writer, now)
            for_staff = await codes.issue(writer, "coordinator", "", now)
        await made.staff.say(f"/start {for_staff}")
        if in_the_bot:
            await made.alex.say(f"/start {for_alex}")
        return made

    async def staff_plan(self, when: str = "20 June at 2pm", plan: str = "bowling") -> str:
        """The coordinator plans a visit; its number."""
        await self.staff.send(Kind.BUTTON, data=f"plan:{self.request}")
        await self.staff.say(when)
        await self.staff.press("Yes, that's it")
        await self.staff.say(plan)
        await self.staff.press("Yes, ask them")
        return (await self.visit()).reference

    async def alex_plans(self, when: str = "20 June at 2pm", plan: str = "bowling") -> str:
        """Alex plans a visit, and so will be there; its number."""
        await self.alex.send(Kind.BUTTON, data="vplan")
        await self.alex.say(when)
        await self.alex.press("Yes, that's it")
        await self.alex.say(plan)
        return (await self.visit()).reference

    async def visit(self, reference: str = "") -> Visit:
        """A visit; without a reference the newest."""
        newest = "SELECT reference FROM visits ORDER BY created_at DESC LIMIT 1"
        async with self.world.database() as database, database.reading() as reader:
            row = await reader.one(newest)
            found = await visits.find(reader, reference or (str(row["reference"]) if row else ""))
        assert found
        return found

    async def rows(self, sql: str) -> list[tuple[object, ...]]:
        async with self.world.database() as database, database.reading() as reader:
            return [tuple(row) for row in await reader.all(sql)]

    async def run(self, sql: str) -> None:
        """Something done past the bot."""
        async with self.world.database() as database, database.writer.transaction() as writer:
            await writer.run(sql)

    async def at(self, now: dt.datetime) -> None:
        """The clock shows this, and what is due happens; twice, for nothing may come of the second time."""
        self.world.now = now
        await self.world.look()
        before = sum(map(len, self.world.screens.values()))
        await self.world.look()
        assert sum(map(len, self.world.screens.values())) == before, "something came twice"

    async def failures(self) -> list[tuple[object, ...]]:
        return await self.rows("SELECT traceback FROM failed_events")


def heard(someone: Someone, since: int = 0) -> list[str]:
    """What is on somebody's screen, without tags, from a number of messages on."""
    return [re.sub(r"<[^>]+>", "", parcel.message.html) for parcel in someone.messages[since:]]
