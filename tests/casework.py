"""A service at work on complaints: one person of each role, a child, a stranger, and officers who come by mail."""

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.complaints import Complainer, Complaint, Subject
from bot.domain.roles import Role
from bot.engine.message import Outgoing
from bot.settings import Complaints, Contact, Contacts, Mail, Settings, Web
from bot.store import codes, complaints
from bot.store.database import Row
from handlers.complaint_words import ABOUT
from tests import records
from tests.conversation import START, Someone, World, plain

SECRET = "markedwords of a child"
MAIL = Mail(host="mail.example.org", sender="visitors@example.org")
STAFF = (Role.COORDINATOR, Role.MANAGER, Role.VOLUNTEER)


def settings(**told: object) -> Settings:
    """Everybody has a mailbox and a telephone, and the chat page an address."""
    everybody = {
        name: Contact(name=f"the {name}", email=f"{name}@example.org", phone="01632 960001")
        for name in Contacts.model_fields
    }
    page = Web(public_url="https://visitors.example.org")
    return Settings.model_validate({"mail": MAIL, "contacts": everybody, "web": page} | told)


def to_everybody() -> Complaints:
    """Routes that name everybody, conflicts or not."""
    named = ["coordinator", "manager", "complaints_team", "director", "data_protection"]
    theirs = dict.fromkeys(Complaints().routes.model_dump(), named)
    volunteers = dict.fromkeys(Complaints().volunteer_routes.model_dump(), named)
    return Complaints.model_validate({"routes": theirs, "volunteer_routes": volunteers})


@dataclass
class Service:
    """The world, and who is in it by name."""

    world: World
    cast: dict[str, Someone] = field(default_factory=dict)

    @classmethod
    async def open(cls, folder: Path, made: Settings | None = None, now: dt.datetime = START) -> "Service":
        service = cls(World(folder, made or settings(), now))
        for role in STAFF:
            await service.hire(role, role)
        for name in ("child", "stranger"):
            service.cast[name] = service.world.someone(name, "web")
            await service.cast[name].say("/start")
        return service

    def __getitem__(self, name: str) -> Someone:
        return self.cast[name]

    async def volunteer(self, name: str = "Alex Example") -> tuple[Someone, str]:
        """Somebody who is ready to visit, and in the bot; and their reference."""
        async with self.world.database() as database, database.writer.transaction() as writer:
            ready = await records.add_volunteer(writer, name, self.world.now)
            code = await codes.for_volunteer(writer, ready.reference, name, self.world.now)
        self.cast[name] = self.world.someone(name)
        await self.cast[name].say(f"/start {code}")
        return self.cast[name], ready.reference

    async def hire(self, name: str, role: str) -> Someone:
        async with self.world.database() as database, database.writer.transaction() as writer:
            code = await codes.issue(writer, role, "", self.world.now)
        self.cast[name] = self.world.someone(name)
        await self.cast[name].say(f"/start {code}")
        return self.cast[name]

    async def officer(self, contact: str = "complaints_team", name: str = "officer") -> Someone:
        """Whoever opens the newest link that a contact was mailed."""
        self.cast[name] = self.world.someone(name, "web")
        await self.cast[name].say(f"/start {link_in(self.mailed(contact)[-1])}")
        return self.cast[name]

    def mailed(self, contact: str) -> list[Outgoing]:
        parcels = self.world.screens.get(("mail", f"{contact}@example.org"), [])
        return [parcel.message for parcel in parcels]

    async def complain(self, about: Subject, who: str = "child", words: str = SECRET) -> str:
        """All the way from the first button to the yes; the reference."""
        child = self.cast[who]
        complainer = Complainer.VOLUNTEER if who == Role.VOLUNTEER else Complainer.CHILD
        await child.say("/complain")
        await child.press(self.world.context.words.plain(ABOUT[complainer][about], "en"))
        if "No, I'll say it myself" in child.buttons:
            await child.press("No, I'll say it myself")
        await child.say(words)
        for label in ("Skip", "Skip", "Here in this chat", "That's all", "That's right", "Yes, send it"):
            await child.press(label)
        if child.buttons == ["I've saved it"]:
            await child.press("I've saved it")
        [row] = await self.rows("SELECT reference FROM complaints")
        return str(row["reference"])

    async def now(self) -> Complaint:
        """The one complaint as it is."""
        [row] = await self.rows("SELECT reference FROM complaints")
        async with self.world.database() as database, database.reading() as reader:
            found = await complaints.find(reader, row["reference"], None)
        assert found
        return found

    async def person(self, name: str) -> str:
        """The id of somebody."""
        someone = self.cast[name]
        sql = "SELECT person FROM addresses WHERE channel = ? AND address = ?"
        [row] = await self.rows(sql, someone.channel, someone.address)
        return str(row["person"])

    async def rows(self, sql: str, *params: object) -> list[Row]:
        async with self.world.database() as database, database.reading() as reader:
            return await reader.all(sql, params)

    async def run(self, sql: str, *params: object) -> None:
        """Something done past the bot."""
        async with self.world.database() as database, database.writer.transaction() as writer:
            await writer.run(sql, params)

    async def failures(self) -> list[Row]:
        return await self.rows("SELECT traceback FROM failed_events")


def link_in(mail: Outgoing) -> str:
    """The code of the link in a mail."""
    return str(re.findall(r"(?:start=|\n)((?:[0-9A-Z]{4}-){2}[0-9A-Z]{4})", plain(mail))[0])
