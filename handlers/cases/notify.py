"""Who hears of a complaint, and how: staff here, officers by mail with a link. Never what somebody wrote in it.

Only a subject that `complaints.include_text` names has its words in the mail.
"""

from collections.abc import Sequence
from enum import StrEnum

import structlog
from markupsafe import Markup

from bot.domain.complaints import Complaint, Subject, barred, by_mail, told_when_late
from bot.domain.references import new_code
from bot.domain.retention import HANDLER_CODE_VALID
from bot.domain.roles import STAFF, Role
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.settings import Contact
from bot.store import codes, complaints, people
from bot.store.clock import stamp
from bot.store.people import Person
from handlers.cases import words

log = structlog.get_logger()


class News(StrEnum):
    """What happened to a complaint that somebody has to hear of."""

    NEW = "new"
    NEXT_STAGE = "next_stage"  # whoever complained is not happy with the answer
    REPLY = "reply"
    ADVOCATE = "advocate"  # they would like one after all
    WITHDRAWN = "withdrawn"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    NEW_DATE = "new_date"  # a holiday was announced
    LINK = "link"  # a link was lost, and is asked for anew


HEARD = {
    News.NEW: _("a new complaint"),
    News.NEXT_STAGE: _("a complaint at its next stage"),
    News.REPLY: _("something was written in reply"),
    News.ADVOCATE: _("they would like an advocate to help them"),
    News.WITHDRAWN: _("the complaint was taken back"),
    News.NOT_ACKNOWLEDGED: _("a complaint that nobody has acknowledged"),
    News.DUE_SOON: _("a complaint whose answer is due soon"),
    News.OVERDUE: _("a complaint whose answer is OVERDUE"),
    News.NEW_DATE: _("a complaint with a new date, because a holiday was announced"),
    News.LINK: _("the link to a complaint"),
}
LINE = _("{reference}, {subject}: {news}.")
OPEN_IT = _("Open it")
MAIL_SUBJECT = _("{reference}: {news}")
MAIL_FACTS = _("{facts}.")
MAIL_LINK = _(
    "To read it and to answer, open this link:\n{link}\n\nIt opens this one complaint, for one person, until {day}. "
    "Please don't pass it on to anybody whom the complaint is about, or who works for them."
)
MAIL_CODE = _(
    "To read it and to answer, open the chat of {service} and type this code:\n{code}\n\n"
    "It opens this one complaint, for one person, until {day}. "
    "Please don't pass it on to anybody whom the complaint is about, or who works for them."
)
MAIL_RING = _("If you don't know how to reach the chat, ring {who}: {phone}.")
MAIL_WITHDRAWN = _("There is nothing more to do. What was written in it is rubbed out here; please delete any copy.")
MAIL_NOTHING = _("What was written in it is not in this mail, on purpose.")
MAIL_WORDS = _("What happened:\n{happened}\n\nWhat they would like to happen:\n{wanted}")
NOT_SAID = _("(not said)")
NOBODY = _(
    "{reference}: nobody who may read this complaint can be told. Please see that {contacts} can be reached: with an "
    "e-mail address and the [mail] settings, or with a code for staff."
)

_WITH_WORDS = (News.NEW, News.NEXT_STAGE)
_WHEN_LATE = (News.NOT_ACKNOWLEDGED, News.OVERDUE)


async def tell(turn: Turn, complaint: Complaint, news: News) -> bool:
    """Tell those whom it concerns. False: nobody who may read it could be told; a manager who may know of it was.

    Reminders go to whoever answers first, and what is late to the next in line as well.
    """
    complaint = await complaints.find(turn.reader, complaint.reference, None) or complaint
    first = _whom(complaint, news)
    told = await _tell(turn, complaint, news, first)
    if told or await _tell(turn, complaint, news, [contact for contact in complaint.route if contact not in first]):
        return True
    log.error("complaint.nobody_told", reference=complaint.reference, news=news, route=complaint.route)
    for person in await _managers(turn, complaint):
        await turn.tell(
            person,
            NOBODY.fill(reference=complaint.reference, contacts=[name(turn, contact) for contact in complaint.route]),
        )
    return False


async def staff_who_may_know(turn: Turn, complaint: Complaint) -> list[Person]:
    """Staff who may hear that there is this complaint: those who see it, and a manager with no conflict."""
    seeing = [p for p in await complaints.watchers(turn.reader, complaint.reference) if p.role in STAFF]
    known = {person.id for person in seeing}
    return seeing + [person for person in await _managers(turn, complaint) if person.id not in known]


async def new_link(turn: Turn, complaint: Complaint, contact: str) -> bool:
    """Mail a contact another link, where the last one was used. False: there is one that nobody has opened."""
    if contact not in complaint.route or await codes.handler_link_waits(
        turn.reader, complaint.reference, contact, turn.stamp
    ):
        return False
    return await _mail(turn, complaint, News.LINK, contact)


def _whom(complaint: Complaint, news: News) -> tuple[str, ...]:
    """The contacts that this news is for."""
    if news in _WHEN_LATE:
        return told_when_late(complaint.about, complaint.route)
    return complaint.route[:1] if news is News.DUE_SOON else complaint.route


async def _tell(turn: Turn, complaint: Complaint, news: News, contacts: Sequence[str]) -> bool:
    """Tell these contacts, each in the way they can be reached."""
    told = False
    seeing = await complaints.watchers(turn.reader, complaint.reference)
    for person in seeing:
        if person.id != turn.person.id and _is_meant(person, contacts):
            await _notice(turn, person, complaint, news)
            told |= bool(await people.addresses(turn.reader, person.id))
    if Role.MANAGER in contacts and Role.MANAGER not in complaint.route:
        for person in await _managers(turn, complaint):
            await turn.tell(person, _line(complaint, news))
    for contact in by_mail(contacts):
        told |= await _mail(turn, complaint, news, contact)
    return told


def _is_meant(person: Person, contacts: Sequence[str]) -> bool:
    return person.role in contacts or (person.role == Role.GUEST and bool(by_mail(contacts)))


async def _notice(turn: Turn, person: Person, complaint: Complaint, news: News) -> None:
    """An officer's screen shows no more than a child's: who they are is known to nobody but themselves."""
    if person.role == Role.GUEST:
        await turn.nudge(person, f"complaints:{complaint.reference}")
    else:
        await turn.tell(person, _line(complaint, news), Tap(OPEN_IT, f"complaints:{complaint.reference}"))


def _line(complaint: Complaint, news: News) -> Text:
    return LINE.fill(reference=complaint.reference, news=HEARD[news], subject=words.SUBJECT[complaint.about])


async def _managers(turn: Turn, complaint: Complaint) -> list[Person]:
    """Managers who may know that it is there: not where it is about somebody they are, manage or work for."""
    if complaint.about is Subject.COORDINATOR or barred(complaint.about, Role.MANAGER):
        return []
    involved = {complaint.person, complaint.about_person, turn.person.id}
    return [p for p in await people.with_roles(turn.reader, [Role.MANAGER]) if p.id not in involved]


async def _mail(turn: Turn, complaint: Complaint, news: News, contact: str) -> bool:
    """A mail to a contact, with a link of its own. False: mail cannot reach them."""
    reached = _contact(turn, contact)
    if not (reached.email and turn.context.settings.mail.host):
        return False
    parts = [_line(complaint, news)]
    if news is News.WITHDRAWN:
        parts.append(MAIL_WITHDRAWN)
    else:
        parts += [MAIL_FACTS.fill(facts=words.facts(turn, complaint)), *words.acknowledge_by(turn, complaint)]
        parts += [await _way_in(turn, complaint, contact), *_how_to_reach(turn, complaint)]
        parts.append(_content(turn, complaint, news))
    subject = MAIL_SUBJECT.fill(reference=complaint.reference, news=HEARD[news])
    return turn.mail(contact, reached.email, subject, _paragraphs(parts), about=complaint.reference)


async def _way_in(turn: Turn, complaint: Complaint, contact: str) -> Text:
    """The link, or the code where no page of ours has an address."""
    code, until = new_code(), turn.now + HANDLER_CODE_VALID
    await codes.add_handler_invite(
        await turn.write(), code, contact, turn.stamp, stamp(until), complaint=complaint.reference
    )
    page = turn.context.settings.web.public_url
    link = Markup(f"{page}/?start={code}")  # noqa: S704 - a setting and a code: nothing anybody wrote
    return (MAIL_LINK.fill(link=link) if page else MAIL_CODE.fill(code=code)).fill(day=turn.day(stamp(until)))


def _how_to_reach(turn: Turn, complaint: Complaint) -> list[Text]:
    """Without an address of ours: whom to ring who may know of this."""
    manager = turn.context.settings.contacts.manager
    conflicted = complaint.about is Subject.COORDINATOR or barred(complaint.about, Role.MANAGER)
    if turn.context.settings.web.public_url or conflicted or not manager.phone:
        return []
    return [MAIL_RING.fill(who=manager.name, phone=manager.phone)]


def _content(turn: Turn, complaint: Complaint, news: News) -> Text:
    if news not in _WITH_WORDS or complaint.about not in turn.context.settings.complaints.include_text:
        return MAIL_NOTHING
    wanted = complaint.wanted_outcome or NOT_SAID
    return MAIL_WORDS.fill(happened=complaint.what_happened, wanted=wanted)


def _paragraphs(parts: Sequence[Text]) -> Text:
    """Texts one under another, a blank line between them."""
    named = {f"part{number}": part for number, part in enumerate(parts)}
    return Text("\n\n".join(f"{{{part}}}" for part in named), values=named)


def _contact(turn: Turn, contact: str) -> Contact:
    found = getattr(turn.context.settings.contacts, contact)
    if not isinstance(found, Contact):
        raise TypeError(contact)
    return found


def name(turn: Turn, contact: str) -> str:
    """What a contact is called in ivbot.toml."""
    return _contact(turn, contact).name
