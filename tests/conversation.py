"""Conversations through the front door: an Incoming in, Outgoings out, everything else thrown away between two lines.

For each line the database is opened anew, the batch is committed and the database is closed again, so a restart is
tested at every step.
"""

import datetime as dt
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

import handlers
from bot.engine.batch import Batch
from bot.engine.context import Context, read_context
from bot.engine.message import Incoming, Kind, Outgoing, Parcel
from bot.engine.pace import Pace
from bot.engine.turn import NEWS, READ_IT
from bot.settings import Database as DatabaseSettings
from bot.settings import Settings
from bot.store import outbox, people, volunteers
from bot.store.database import Database
from handlers.menu import CARRY_ON
from handlers.moments import LEFT_ALONE

NEUTRAL = (NEWS, LEFT_ALONE.fill(day="\0"))
"""The only words that ever come to a child unasked."""

NEUTRAL_LABELS = (READ_IT, CARRY_ON)
"""And the only buttons: some phones show them with the notification."""

START = dt.datetime(2026, 6, 12, 9, 0, tzinfo=dt.UTC)


@dataclass
class World:
    """A service, its clock, and what everybody has on their screens."""

    folder: Path
    settings: Settings = field(default_factory=Settings)
    now: dt.datetime = START
    context: Context = field(init=False)
    screens: dict[tuple[str, str], list[Parcel]] = field(default_factory=dict)
    events: int = 0
    forbidden: set[str] = field(default_factory=set)  # what must not come to volunteers and staff unasked

    def __post_init__(self) -> None:
        self.settings = self.settings.model_copy(update={"database": DatabaseSettings(path=self.folder / "ivbot.db")})
        self.context = read_context(self.settings, handlers.ROUTER, handlers.FORMS)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        database = await Database.open(self.settings.database.path)
        try:
            async with database.writer.transaction() as writer:
                await volunteers.set_stages(writer, [stage.id for stage in self.settings.recruitment.stages])
            yield database
        finally:
            await database.close()

    async def happen(self, *events: Incoming) -> list[Parcel]:
        """The events, in one batch; what was sent because of them."""
        async with self.database() as database:
            async with database.writer.transaction() as writer:
                batch = Batch(self.context, writer, self.now, Pace(self.settings.limits.messages_per_minute))
                await batch.handle(events)
                await batch.flush()
            async with database.writer.transaction() as writer:
                await outbox.delivered(writer, [parcel.id for parcel in batch.parcels if parcel.channel != "web"])
        for parcel in batch.parcels:
            self.screens.setdefault((parcel.channel, parcel.address), []).append(parcel)
        await self._must_be_neutral(events, batch.parcels)
        return batch.parcels

    async def _must_be_neutral(self, events: Sequence[Incoming], parcels: Sequence[Parcel]) -> None:
        """What comes unasked may light up a screen: to a child it says no more than that there is something.

        To a volunteer or staff it has no child's name, nothing a child wrote, and no `forbidden` word.
        """
        spoke = {(event.channel, event.address) for event in events}
        unasked = [p for p in parcels if (p.channel, p.address) not in spoke and p.channel != "mail"]
        if not unasked:
            return
        async with self.database() as database, database.reading() as reader:
            known = {parcel.person: await people.find(reader, parcel.person) for parcel in unasked}
            rows = await reader.all("SELECT name FROM interests UNION SELECT child_words FROM visits")
        words = self.context.words
        neutral = [re.escape(bare(said)).replace("\0", ".*") for text in NEUTRAL for said in words.every(text)]
        harmless = {label for text in NEUTRAL_LABELS for label in words.every(text)}
        private = {*self.forbidden, *(row["name"] for row in rows if row["name"])}
        for parcel in unasked:
            person, message = known[parcel.person], parcel.message
            labels = {button.label for row in message.buttons for button in row}
            if person is None or person.role == "guest":
                assert re.fullmatch("|".join(neutral), bare(plain(message))), f"not neutral: {message.html}"
                assert labels <= harmless, f"not neutral: {labels}"
                assert message.document is None, "not neutral: a file"
            else:
                said = "\n".join([plain(message), *labels])
                told = [word for word in private if re.search(rf"\b{re.escape(word)}\b", said)]
                assert not told, f"not neutral: {told} in {said}"

    async def look(self) -> list[Parcel]:
        """Time has passed: whatever is due happens."""
        async with self.database() as database, database.reading() as reader:
            found = [await due(reader, self.now, self.settings) for due in self.context.router.due]
        return await self.happen(*(event for events in found for event in events))

    def event(self, channel: str, address: str, kind: Kind, **parts: str) -> Incoming:
        self.events += 1
        return Incoming(channel, f"e{self.events}", address, kind, **parts)

    def someone(self, address: str, channel: str = "telegram") -> "Someone":
        return Someone(self, channel, address)


@dataclass(frozen=True)
class Someone:
    """One address: a child's phone, a coordinator's browser."""

    world: World
    channel: str
    address: str

    async def say(self, text: str, language: str = "") -> str:
        """Type something; the words of the answer to it, without tags."""
        return await self._answer(self.world.event(self.channel, self.address, Kind.TEXT, text=text, language=language))

    async def press(self, label: str) -> str:
        """Press the newest button with this label (or whose data this is)."""
        parcel, data = self._find(label)
        event = self.world.event(
            self.channel, self.address, Kind.BUTTON, text=label, data=data, pressed=str(parcel.id if parcel else "")
        )
        return await self._answer(event)

    async def send(self, kind: Kind, **parts: str) -> str:
        return await self._answer(self.world.event(self.channel, self.address, kind, **parts))

    async def _answer(self, event: Incoming) -> str:
        parcels = await self.world.happen(event)
        return "\n\n".join(plain(p.message) for p in parcels if (p.channel, p.address) == (self.channel, self.address))

    def _find(self, label: str) -> tuple[Parcel | None, str]:
        for parcel in reversed(self.messages):
            for button in (button for row in parcel.message.buttons for button in row):
                if label in {button.label, button.data}:
                    return parcel, button.data
        for text, data, _danger in handlers.ALWAYS if self.channel == "web" else ():
            if label in {text.msgid, data}:
                return None, data
        raise LookupError(f"nobody showed {self.address} a button {label!r}; there are {self.buttons}")

    @property
    def messages(self) -> list[Parcel]:
        return self.world.screens.get((self.channel, self.address), [])

    @property
    def last(self) -> Outgoing:
        return self.messages[-1].message

    @property
    def buttons(self) -> list[str]:
        """The labels under the newest message."""
        return [button.label for row in self.last.buttons for button in row] if self.messages else []


def bare(words: str) -> str:
    """Without what sets names and days apart."""
    return re.sub("[\u2068\u2069]", "", words)


def plain(message: Outgoing) -> str:
    """The words of a message without its tags."""
    return Markup(re.sub(r"<[^>]+>", "", message.html)).unescape()
