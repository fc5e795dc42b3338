"""`ivbot check`: one line for each thing that must be right."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.channels.telegram import probe_token
from bot.commands.languages import every_state
from bot.errors import BadPage, IvbotError
from bot.pages import Pages
from bot.settings import DATA, Settings
from bot.store import audit, inbox, outbox
from bot.store.database import Database, integrity, migrations_missing, opened


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check."""

    what: str
    ok: bool
    said: str


async def run_checks(settings: Settings) -> list[Finding]:
    """Everything, whatever fails on the way."""
    findings = [Finding("settings", True, f"{settings.service.name}, {settings.service.jurisdiction}"), _pages(settings)]
    findings += _translations(settings)
    findings += await _database(settings)
    findings += [_contacts(settings), await _token(settings)]
    return findings


def _pages(settings: Settings) -> Finding:
    try:
        pages = Pages(DATA / "locales", settings.service.languages, settings.service.jurisdiction, settings.placeholders)
    except BadPage as error:
        return Finding("pages", False, str(error))
    return Finding("pages", True, f"{len(pages.every())} pages")


def _translations(settings: Settings) -> list[Finding]:
    try:
        states = [state for state in every_state(DATA / "locales") if state.language in settings.service.languages]
    except BadPage as error:
        return [Finding("translations", False, str(error))]
    return [
        Finding(f"translations {s.language}", s.missing + s.fuzzy == 0, f"{s.translated}/{s.strings} strings, {s.pages} pages")
        for s in states
    ]


async def _database(settings: Settings) -> list[Finding]:
    path, key = settings.database.path, settings.database.key.get_secret_value()
    if not path.exists():
        return [Finding("database", True, f"{path}: not there yet; the first run makes it")]
    problem = await asyncio.to_thread(integrity, path, key)
    if problem:
        return [Finding("database", False, f"{path}: {problem}")]
    missing = await asyncio.to_thread(migrations_missing, path, key)
    findings = [
        Finding("database", True, f"{path}: whole{', encrypted' if key else ''}"),
        Finding("migrations", True, f"{len(missing)} to come with the next run" if missing else "all done"),
    ]
    if missing:
        return findings
    async with opened(path, key) as database:
        return findings + [await _try(what, look, database) for what, look in (("audit", _audit), ("failures", _failures))]


async def _try(what: str, look: Callable[[Database], Awaitable[Finding]], database: Database) -> Finding:
    try:
        return await look(database)
    except IvbotError as error:
        return Finding(what, False, str(error))


async def _audit(database: Database) -> Finding:
    async with database.reading() as reader:
        broken = await audit.broken_at(reader)
    return Finding("audit", broken is None, "the chain holds" if broken is None else f"the chain breaks at row {broken}")


async def _failures(database: Database) -> Finding:
    async with database.reading() as reader:
        events, messages = await inbox.failures(reader), await outbox.failures(reader)
    return Finding("failures", events + messages == 0, f"{events} events not handled, {messages} messages given up")


def _contacts(settings: Settings) -> Finding:
    coordinator = settings.contacts.coordinator
    reachable = bool(coordinator.email or coordinator.phone)
    return Finding("contacts", reachable, "the coordinator can be reached" if reachable else "contacts.coordinator has no email and no phone")


async def _token(settings: Settings) -> Finding:
    if not settings.telegram.token.get_secret_value():
        return Finding("telegram", True, "off: no token")
    problem = await probe_token(settings)
    return Finding("telegram", problem is None, problem or "Telegram knows the token")
