"""Telling those who keep children safe, one after another, until somebody says that they have read it.

Nobody is told what was said: they get a number, and a button or a link to read it with. Nobody hears of a concern who
is, manages or works for whoever it is about.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from markupsafe import Markup

from bot.domain.concerns import PREFIX, About, Concern, Kind, Source, line, next_in_line
from bot.domain.hours import is_open, parse
from bot.domain.references import new_code, new_reference
from bot.domain.retention import HANDLER_CODE_VALID
from bot.domain.roles import STAFF
from bot.engine.message import Incoming
from bot.engine.message import Kind as EventKind
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.settings import Contact, Settings
from bot.store import allegations, codes, concerns, people
from bot.store.clock import moment, stamp
from bot.store.database import Reader
from bot.store.people import Person

log = structlog.get_logger()
router = Router()

NIGHT = "out_of_hours"
"""The contact that is told first when nobody of the chain is at work."""

REMINDERS_FROM = 9
"""The hour of the day, where the service is, from which the LADO's deadline is reminded of."""

CALL = _("{reference}: a child may need help now. Please read it, and say that you have. {next_one}")
NEXT_ONE = n_(
    "Until somebody does, the next person is told every {n} minute.",
    "Until somebody does, the next person is told every {n} minutes.",
)
READ_NOW = _("Read it now")
MAIL_SUBJECT = _("{reference}: a child may need help now")
MAIL_TEXT = _(
    "A child may need help now. The number is {reference}.\n\n{way}\n\nThen say there that you have read it. "
    "{next_one}\n\nWhat was said is not in this mail, on purpose. "
    "Please don't pass it on."
)
BY_LINK = _("To read it, open this link. It works once, until {day}:\n{link}")
BY_CODE = _("To read it, open the chat of {service} and type this code. It works once, until {day}:\n{code}")
MORE = _("{reference}: more was said. Please read it now.")
TAKEN_ON = _("{reference}: somebody has read it and takes it on.")
LADO_DUE = _("{reference}: the LADO has to be told by {day}. Nobody has said yet that it was done.")


@dataclass(frozen=True, slots=True)
class Told:
    """Who has been told: a contact, or nobody. `away`: none of the chain is at work at this hour."""

    contact: str = ""
    away: bool = False


# Raising


async def raise_concern(
    turn: Turn, words: str, source: Source, kind: Kind, visit: str | None = None
) -> tuple[Concern, Told]:
    """Write down what was said, word for word, and tell the first in line. `visit`: where a report of it led here."""
    while await concerns.taken(turn.reader, reference := new_reference(PREFIX)):
        pass
    concern = Concern(
        reference=reference,
        raised_at=turn.stamp,
        channel=turn.incoming.channel,
        language=turn.language,
        person=turn.person.id,
        source=source,
        kind=kind,
        about=About.UNKNOWN,
        about_person=None,
        words=words,
        chain=tuple(turn.context.settings.safeguarding.chain),
        visit=visit,
    )
    await concerns.add(await turn.write(), concern, turn.person.role)
    return concern, await ring(turn, concern)


async def add_words(turn: Turn, concern: Concern, words: str) -> None:
    """More was said about the same. Whoever took it on is told; otherwise the next in line will be."""
    await concerns.say_more(await turn.write(), concern.reference, words, turn.person.role, turn.stamp)
    if concern.acknowledged_at:
        await say_there_is_more(turn, concern)


async def say_there_is_more(turn: Turn, concern: Concern) -> None:
    """To whoever took it on."""
    for person in await _taking_it_on(turn, concern):
        await notify(turn, person, MORE.fill(reference=concern.reference), concern)


async def _taking_it_on(turn: Turn, concern: Concern) -> list[Person]:
    """Whoever acknowledged it, while they may still see it; else all who may."""
    watchers = await concerns.watchers(turn.reader, concern.reference)
    return [one for one in watchers if one.id == concern.acknowledged_by] or watchers


# Telling


async def ring(turn: Turn, concern: Concern, *, somebody_new: bool = False) -> Told:
    """Tell the next in line, on every way there is to them. `somebody_new`: only who was not told before."""
    watchers = await concerns.watchers(turn.reader, concern.reference)
    named = await people.find(turn.reader, concern.about_person) if concern.about_person else None
    reached = [name for name in (*concern.chain, NIGHT) if await _ways(turn, name, watchers, named)]
    away = nobody_at_work(turn, concern.chain)
    at_work = [name for name in concern.chain if _at_work(turn, name)]
    night = NIGHT if NIGHT in reached else ""
    waiting = line([name for name in reached if name != NIGHT], at_work, concern.about, night)
    before = await concerns.told_when(turn.reader, concern.reference)
    contact = next_in_line(waiting, before)
    if somebody_new and contact in before:
        return Told(away=away)
    if contact is None:
        log.error("concern.nobody_told", reference=concern.reference)
        return Told(away=away)
    await _tell(turn, concern, contact, watchers, named)
    await concerns.told(await turn.write(), concern.reference, contact, turn.stamp)
    return Told(contact, away)


def nobody_at_work(turn: Turn, chain: Sequence[str]) -> bool:
    """Whether the hours of all of them are known, and none is at work now."""
    return all(_contact(turn, name).hours and not _at_work(turn, name) for name in chain)


async def _ways(turn: Turn, contact: str, watchers: Sequence[Person], named: Person | None) -> bool:
    """Whether this contact can be told. Nobody writes to the mailbox of whoever it is about."""
    here = [one for one in watchers if one.role == contact and await people.addresses(turn.reader, one.id)]
    return bool(here) or _mailbox(turn, contact, named) != ""


def _mailbox(turn: Turn, contact: str, named: Person | None) -> str:
    theirs = named is not None and named.role == contact
    return _contact(turn, contact).email if turn.context.settings.mail.host and not theirs else ""


def _at_work(turn: Turn, contact: str) -> bool:
    written, settings = _contact(turn, contact).hours, turn.context.settings
    return bool(written) and is_open(parse(written), turn.now, settings.zone, settings.service.jurisdiction)


def _contact(turn: Turn, name: str) -> Contact:
    found: Contact = getattr(turn.context.settings.contacts, name)
    return found


def name_of(turn: Turn, contact: str) -> str:
    """What a contact is called."""
    return _contact(turn, contact).name


async def _tell(turn: Turn, concern: Concern, contact: str, watchers: Sequence[Person], named: Person | None) -> None:
    next_one = NEXT_ONE.fill(n=turn.context.settings.safeguarding.escalate_minutes)
    call = CALL.fill(reference=concern.reference, next_one=next_one)
    for person in watchers:
        if person.role == contact:
            await turn.tell(person, call, Tap(READ_NOW, f"concerns:{concern.reference}"))
    if address := _mailbox(turn, contact, named):
        text = MAIL_TEXT.fill(reference=concern.reference, next_one=next_one, way=await _way_in(turn, concern, contact))
        subject = MAIL_SUBJECT.fill(reference=concern.reference)
        turn.mail(contact, address, subject, text, about=concern.reference)


async def _way_in(turn: Turn, concern: Concern, contact: str) -> Text:
    """A link with a code that opens this one concern; the code alone where no page of ours has an address."""
    code, until = new_code(), stamp(turn.now + HANDLER_CODE_VALID)
    await codes.add_handler_invite(await turn.write(), code, contact, turn.stamp, until, concern=concern.reference)
    page = turn.context.settings.web.public_url
    link = Markup(f"{page}/?start={code}")  # noqa: S704 - a setting and a code: nothing anybody wrote
    return (BY_LINK.fill(link=link) if page else BY_CODE.fill(code=code)).fill(day=turn.day(until))


async def notify(turn: Turn, person: Person, text: Text, concern: Concern) -> None:
    """Something about a concern, for somebody who may see it: an officer's screen says only that there is something."""
    if person.role in STAFF:
        await turn.tell(person, text, Tap(concern.reference, f"concerns:{concern.reference}"))
    else:
        await turn.nudge(person, f"concerns:{concern.reference}")


# Time


async def unanswered(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    """The concerns whose next in line is due. Found again before anybody could be told, they are the same event."""
    wait = settings.safeguarding.escalate_minutes
    found = await concerns.unacknowledged(reader, now - dt.timedelta(minutes=wait))
    span = int(now.timestamp()) // (60 * wait)
    return [_event("concern", concern.reference, f"{concern.level}:{span}", concern.person) for concern in found]


@router.moment("concern", unanswered)
async def next_one(turn: Turn) -> None:
    """Nobody has said that they have read it: the next in line is told. The child can look, once, what came of it."""
    concern = await concerns.find(turn.reader, turn.incoming.argument, None)
    wait = dt.timedelta(minutes=turn.context.settings.safeguarding.escalate_minutes)
    if concern is None or concern.acknowledged_at:
        return
    if concern.told_at and moment(concern.told_at) > turn.now - wait:
        return
    told = await ring(turn, concern)
    if told.contact and concern.level == 1:
        await nudge_child(turn, concern)


async def nudge_child(turn: Turn, concern: Concern, opens: str = "safety:read") -> None:
    """Whoever raised it learns that there is something to read."""
    child = await people.find(turn.reader, concern.person) if concern.person else None
    if child:
        await turn.nudge(child, opens)


async def mail_failed(turn: Turn, words: Text, reference: str) -> None:
    """A mail about a concern was not taken: those who may see it hear of it, and the next in line is told at once."""
    concern = await concerns.find(turn.reader, reference, None)
    if concern is None:
        return
    for person in await concerns.watchers(turn.reader, reference):
        await notify(turn, person, words, concern)
    if not concern.acknowledged_at:
        await ring(turn, concern, somebody_new=True)


async def lado_untold(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    """The allegations the LADO has to be told of today, or should have been: once a day."""
    here = now.astimezone(settings.zone)
    if here.hour < REMINDERS_FROM:
        return []
    today = here.date().isoformat()
    found = await allegations.open_ones(reader, None)
    return [_event("lado", one.reference, today, None) for one in found if not one.lado_told_at and one.due_on <= today]


@router.moment("lado", lado_untold)
async def remind_of_lado(turn: Turn) -> None:
    """Everybody who may see it is reminded; where nobody here may, the next in line has it by mail."""
    allegation = await allegations.find(turn.reader, turn.incoming.argument, None)
    concern = await concerns.find(turn.reader, allegation.concern, None) if allegation else None
    if allegation is None or concern is None or allegation.lado_told_at:
        return
    watchers = await concerns.watchers(turn.reader, concern.reference)
    for person in watchers:
        day = dt.date.fromisoformat(allegation.due_on)
        await notify(turn, person, LADO_DUE.fill(reference=allegation.reference, day=day), concern)
    if not watchers:
        await ring(turn, concern)


def _event(what: str, reference: str, which: str, person: str | None) -> Incoming:
    data = f"{what}:{reference}"
    return Incoming("clock", f"{data}:{which}", person or "", EventKind.CLOCK, data=data)
