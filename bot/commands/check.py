"""`ivbot check`: one line for each thing that must be right. It looks, and leaves nothing behind."""

import asyncio
import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.channels.mail.smtp import probe
from bot.channels.telegram.http import AiohttpRequest
from bot.commands.languages import every_state
from bot.domain.complaints import by_mail
from bot.domain.helplines import GOOD_FOR, Nation
from bot.domain.roles import STAFF
from bot.engine.helplines import read_helplines
from bot.errors import BadPage, DatabaseUnavailable
from bot.i18n import Words
from bot.pages import Pages
from bot.settings import DATA, Settings
from bot.store import audit, inbox, outbox, people
from bot.store.database import Reader
from bot.store.whole import integrity, looking, migrations_missing

PROBE_SECONDS = 10.0
"""How long Telegram may take to say whether it knows the token, and a mail server to let us in."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check. `said` is what was seen, when nothing is wrong and nothing has to be warned of."""

    what: str
    said: str = ""
    wrong: str = ""
    warning: str = ""

    def __str__(self) -> str:
        sign = "FAIL" if self.wrong else "warn" if self.warning else "ok  "
        return f"{sign} {self.what}: {self.wrong or self.warning or self.said}"


async def run_checks(settings: Settings) -> list[Finding]:
    """Everything, whatever fails on the way."""
    service = settings.service
    return [
        Finding("settings", f"{service.name}, {service.jurisdiction}"),
        _pages(settings),
        *_translations(settings),
        *await _database(settings),
        _contacts(settings),
        _helplines(settings),
        await _mail(settings),
        await _token(settings),
    ]


def _pages(settings: Settings) -> Finding:
    service = settings.service
    try:
        words = Words(DATA / "locales", service.languages, settings.placeholders)
        pages = Pages(words, service.jurisdiction)
    except BadPage as error:
        return Finding("pages", wrong=str(error))
    return Finding("pages", f"{len(pages.every())} pages")


def _translations(settings: Settings) -> Iterable[Finding]:
    try:
        states = {state.language: state for state in every_state(settings)}
    except BadPage as error:
        return [Finding("translations", wrong=str(error))]
    findings = []
    for language in settings.service.languages:
        state = states.get(language)
        said = str(state) if state else f"there is no locales/{language}"
        findings.append(Finding(f"translations {language}", said, "" if state and state.whole else said))
    return findings


async def _database(settings: Settings) -> list[Finding]:
    path, key = settings.database.path, settings.database.key.get_secret_value()
    if not path.exists():
        return [Finding("database", f"{path}: not there yet; the first run makes it"), safeguarding(settings, ())]
    if problem := await asyncio.to_thread(integrity, path, key):
        return [Finding("database", wrong=f"{path}: {problem}")]
    whole = Finding("database", f"{path}: whole{', encrypted' if key else ''}")
    try:
        if missing := await asyncio.to_thread(migrations_missing, path, key):
            return [whole, Finding("migrations", f"{len(missing)} to come with the next run")]
        async with looking(path, key) as reader:
            here = {person.role for person in await people.with_roles(reader, sorted(STAFF))}
            kept = [await _audit(reader), await _failures(reader)]
            return [whole, Finding("migrations", "all done"), *kept, safeguarding(settings, here)]
    except DatabaseUnavailable as error:
        return [whole, Finding("records", wrong=str(error))]


async def _audit(reader: Reader) -> Finding:
    broken = await audit.broken_at(reader)
    wrong = (
        f"the chain breaks at row {broken}: somebody changed the file by hand. Restore the last backup"
        if broken
        else ""
    )
    return Finding("audit", "the chain holds", wrong)


async def _failures(reader: Reader) -> Finding:
    events, messages = await inbox.failures(reader), await outbox.failures(reader)
    said = f"{events} events not handled, {messages} messages given up"
    return Finding("failures", said, said if events + messages else "")


def _contacts(settings: Settings) -> Finding:
    """Whether people can be reached: a complaint must not wait for somebody whom no mail finds."""
    coordinator = settings.contacts.coordinator
    wrong = "" if coordinator.email or coordinator.phone else "contacts.coordinator has no email and no phone"
    named = by_mail(sorted(settings.complaints.everybody))
    without = [name for name in named if name not in settings.contacts.with_mail]
    warnings = [f"without an email, so complaints go past them: {', '.join(without)}"] if without else []
    warnings += [] if settings.mail.host else [f"mail is off, so complaints reach no mailbox: {', '.join(named)}"]
    return Finding("contacts", "the coordinator can be reached", wrong, "; ".join(warnings))


def safeguarding(settings: Settings, here: Collection[str]) -> Finding:
    """Whether somebody is told when a child may be in danger: by mail, or in the bot, where they are `here`."""
    mailed = settings.contacts.with_mail if settings.mail.host else frozenset()
    told = [name for name in (*settings.safeguarding.chain, "out_of_hours") if name in mailed or name in here]
    warning = ""
    if not told:
        warning = "nobody is told when a child may be in danger: none of safeguarding.chain has mail, or is in the bot"
    elif len(told) == 1:
        warning = f"only {told[0]} is told when a child may be in danger, and nobody after them"
    return Finding("safeguarding", f"told of danger in this order: {', '.join(told)}", warning=warning)


def _helplines(settings: Settings) -> Finding:
    try:
        every = read_helplines()
    except BadPage as error:
        return Finding("helplines", wrong=str(error))
    today = dt.datetime.now(settings.zone).date()
    lines = [line for line in every if line.nation in {settings.service.jurisdiction, Nation.UK}]
    old = ", ".join(f"{line.name} ({line.checked_on})" for line in lines if line.is_old(today))
    unknown = ", ".join(line.name for line in lines if not line.hours)
    warnings = [f"not checked for {GOOD_FOR.days} days: {old}"] if old else []
    warnings += [f"hours not known: {unknown}"] if unknown else []
    return Finding("helplines", f"{len(lines)} lines", warning="; ".join(warnings))


async def _mail(settings: Settings) -> Finding:
    mail = settings.mail
    if not mail.host:
        return Finding("mail", "off: no host")
    how = "encrypted" if mail.starttls else "in clear"
    return Finding("mail", f"{mail.host} takes mail, {how}", await probe(mail, PROBE_SECONDS))


async def _token(settings: Settings) -> Finding:
    if not settings.telegram.token.get_secret_value():
        return Finding("telegram", "off: no token")
    return Finding("telegram", "Telegram knows the token", await probe_token(settings))


async def probe_token(settings: Settings) -> str:
    """Ask Telegram who the token belongs to: what is wrong with it, or nothing. Never says the token."""
    base_url = settings.telegram.base_url
    http = AiohttpRequest(trust_env=base_url.startswith("https://"))
    bot = Bot(settings.telegram.token.get_secret_value(), base_url, request=http, get_updates_request=http)
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            await bot.initialize()
    except InvalidToken:
        return "Telegram does not know the token. Set telegram.token to the one BotFather gave you"
    except TimeoutError:
        return f"Telegram did not answer within {PROBE_SECONDS:.0f} seconds"
    except TelegramError as error:
        return f"Telegram cannot be asked ({type(error).__name__}). Check the network and telegram.base_url"
    finally:
        await http.shutdown()
    return ""
