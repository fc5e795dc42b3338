"""Complaints in words for whoever makes one: who sees it, how far it is, and where else they can go."""

import datetime as dt

from markupsafe import Markup

from bot.domain.complaints import (
    IN_BOT,
    OPEN,
    RUNNING,
    Clock,
    Complainer,
    Complaint,
    Longer,
    Outcome,
    Stage,
    Status,
    Step,
    Subject,
    ladder,
    overdue,
    picture,
    route,
    start_clock,
)
from bot.domain.helplines import Nation, Who
from bot.domain.hours import parse
from bot.domain.working_days import LeftOut
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.named import Named
from handlers.cases.words import calendar, today
from handlers.hours import spelled

# Whom or what it is about

MY_VISITOR = _("My visitor")
COORDINATOR = _("{Coordinator}")
MANAGER = _("The manager of {coordinator}")
SERVICE = _("The visitor service")
MY_SOCIAL_WORKER = _("My social worker")
MY_CARER = _("My carer, or where I live")
COUNCIL = _("The council, or something else")
COMPLAINTS_TEAM = _("The complaints team")
BOT = _("This chat, or what it keeps")
A_VISITOR = _("A visitor")
A_SOCIAL_WORKER = _("A social worker")
A_CARER = _("A carer, or where a child lives")
ARRANGEMENTS = _("What was planned for the child")

ABOUT: dict[Complainer, dict[Subject, Text]] = {
    Complainer.CHILD: {
        Subject.VISITOR: MY_VISITOR,
        Subject.COORDINATOR: COORDINATOR,
        Subject.MANAGER: MANAGER,
        Subject.SERVICE: SERVICE,
        Subject.SOCIAL_WORKER: MY_SOCIAL_WORKER,
        Subject.CARER: MY_CARER,
        Subject.COUNCIL: COUNCIL,
        Subject.COMPLAINTS_TEAM: COMPLAINTS_TEAM,
        Subject.BOT: BOT,
    },
    Complainer.VOLUNTEER: {
        Subject.COORDINATOR: COORDINATOR,
        Subject.MANAGER: MANAGER,
        Subject.SERVICE: SERVICE,
        Subject.CHILD_ARRANGEMENTS: ARRANGEMENTS,
        Subject.BOT: BOT,
    },
    Complainer.ADULT: {
        Subject.VISITOR: A_VISITOR,
        Subject.COORDINATOR: COORDINATOR,
        Subject.MANAGER: MANAGER,
        Subject.SERVICE: SERVICE,
        Subject.SOCIAL_WORKER: A_SOCIAL_WORKER,
        Subject.CARER: A_CARER,
        Subject.COUNCIL: COUNCIL,
        Subject.COMPLAINTS_TEAM: COMPLAINTS_TEAM,
        Subject.BOT: BOT,
    },
}

# Who sees it

SEES = _("Who can read it: {who}.")
SEES_NOT = _("Who can't read it here: {who}.")
ITS_SUBJECT = {
    Subject.VISITOR: _("the visitor"),
    Subject.SOCIAL_WORKER: _("the social worker"),
    Subject.CARER: _("the carer"),
}
MAY_ASK = _(
    "They may have to ask others what happened. If somebody might get hurt, they must tell people who can help."
)
BY_WHEN = _("They have until {day} to answer you. By {soon} they tell you that they have it.")


def by_when(clock: Clock) -> Text:
    """By when they answer, and before that say that they have it."""
    return (BY_WHEN if clock.ack_due_on < clock.last_day else UNTIL).fill(day=clock.last_day, soon=clock.ack_due_on)


def about(complaint: Complaint) -> Text:
    """What it is about, as they chose it."""
    return ABOUT[complaint.complainer][complaint.about]


def sees(turn: Turn, subject: Subject, contacts: tuple[str, ...]) -> Markup:
    """Who can read it, and who can't."""
    unseen: list[Text | str] = [ITS_SUBJECT[subject]] if subject in ITS_SUBJECT else []
    unseen += [contact_name(turn, role) for role in IN_BOT if role not in contacts]
    if subject is Subject.COMPLAINTS_TEAM:
        unseen.append(contact_name(turn, subject))
    said = [SEES.fill(who=[contact_name(turn, contact) for contact in contacts])]
    if unseen:
        said.append(SEES_NOT.fill(who=unseen))
    return Markup("\n").join(map(turn.html, said))


def contact_name(turn: Turn, contact: str) -> Named:
    """What a contact is called in ivbot.toml."""
    return Named(getattr(turn.context.settings.contacts, contact).name)


# By the rules of this service


def route_of(turn: Turn, subject: Subject, stage: Stage, complainer: Complainer) -> tuple[str, ...]:
    """Who gets it at a stage; empty: nobody here may see it."""
    settings = turn.context.settings
    return route(subject, settings.complaints.contacts(subject, stage, complainer), settings.contacts.with_mail)


def clock_of(turn: Turn, subject: Subject, stage: Stage) -> Clock:
    """The clock of a stage that begins today."""
    settings = turn.context.settings
    days, _longest = settings.complaints.limit(settings.service.jurisdiction, stage)
    ack_days = getattr(settings.complaints.acknowledge_days, subject)
    return start_clock(calendar(turn), today(turn), subject, days, ack_days)


def stages(turn: Turn, complaint: Complaint) -> tuple[Stage, ...]:
    return ladder(turn.context.settings.service.jurisdiction, complaint.about, complaint.complainer)


# From outside

LINE = Text("{name}: {number}")
LINE_HOURS = _("{name}: {number}, {hours}")
OMBUDSMAN = {
    Nation.ENGLAND: _(
        "The ombudsman checks what councils do. It's free, and they don't work for the council. "
        "Ring 0300 061 0614, Monday to Friday, 10 to 4."
    ),
    Nation.WALES: _(
        "The ombudsman for Wales checks what councils do. It's free, and they don't work for the council. "
        "Their page shows how to ask them."
    ),
}
OMBUDSMAN_PAGE = {Nation.ENGLAND: "https://www.lgo.org.uk", Nation.WALES: "https://www.ombudsman.wales"}
OPEN_OMBUDSMAN = _("Page of the ombudsman")
ABOUT_DATA = _("There is an office that checks what others keep about you. It's called the ICO, and it's free.")
DATA_PAGE = "https://ico.org.uk"
OPEN_DATA = _("Page of the ICO")
ASK_PROVIDER = _("Please ask {provider} how you can take it further.")
THEY_HELP = _("They can help you with it, and it's free:")


def lines(turn: Turn) -> Markup:
    """Whom a child in care can ring here for help with a complaint."""
    nation = turn.context.settings.service.jurisdiction
    found = [
        LINE_HOURS.fill(name=line.name, number=line.call, hours=spelled(parse(line.hours)))
        if line.hours
        else LINE.fill(name=line.name, number=line.call)
        for line in turn.context.helplines
        if line.nation == nation and line.who in {Who.IN_CARE, Who.YOUNG} and line.call
    ]
    return Markup("\n").join(map(turn.html, found))


def advocate_lines(turn: Turn) -> Markup:
    """The service's own advocates, where their number is known, and the lines."""
    contact = turn.context.settings.contacts.advocacy
    own = [turn.html(LINE.fill(name=contact.name, number=contact.phone))] if contact.phone else []
    return Markup("\n").join([*own, lines(turn)])


def outside(turn: Turn, subject: Subject, complainer: Complainer) -> tuple[Markup, list[Tap]]:
    """Where else they can go: the words and the pages."""
    if complainer is Complainer.VOLUNTEER:
        return turn.html(ASK_PROVIDER), []
    if subject is Subject.BOT:
        parts, page = [turn.html(ABOUT_DATA)], Tap(OPEN_DATA, url=DATA_PAGE)
    else:
        nation = Nation(turn.context.settings.service.jurisdiction)
        parts, page = [turn.html(OMBUDSMAN[nation])], Tap(OPEN_OMBUDSMAN, url=OMBUDSMAN_PAGE[nation])
    if complainer is Complainer.CHILD:
        parts.append(Markup("{}\n{}").format(turn.html(THEY_HELP), lines(turn)))
    return Markup("\n\n").join(parts), [page]


# How far it is

YOURS = _("Your complaint <b>{reference}</b>, about this: {about}. It came on {day}.")
STEP_OF = Text("<b>{picture}</b> {step}")
STEP = _("Step {n} of {all}.")
STAGE = {
    Stage.LOCAL: _("{Who} looks at it now."),
    Stage.INVESTIGATION: _(
        "It is with {who}. Somebody who had no part in it looks into it. So does a person from outside the council."
    ),
    Stage.PANEL: _("It is with {who}. Three people look at it together. They don't work for the council."),
    Stage.OMBUDSMAN: _("It is done here. Others can look at it from outside, if you ask them."),
}
IN_WALES = _("It is with {who}. A person who doesn't work for the council looks into it.")
NOT_READ = _("Nobody has read it yet.")
READ = _("They have read it.")
STANDS = {
    Status.ACKNOWLEDGED: _("They have it, and they look into it."),
    Status.ASKING: _("They have asked you something. You can write back here."),
    Status.EXTENDED: _("They need more time than they first said."),
    Status.PAUSED: _(
        "It stands still since {day}. A court, the police or another check has to go first. "
        "It is not lost, and it's not because of you."
    ),
    Status.ANSWERED: _("They have answered."),
    Status.CLOSED: _("It is closed."),
}
WHY_LONGER = {
    Longer.COMPLEX: _("That's because there is a lot to find out."),
    Longer.ADVOCATE: _("That's because they wait for your advocate."),
    Longer.SOMEBODY_AWAY: _("That's because they have to ask somebody who is away."),
}
SINCE = _("This step began on {day}.")
UNTIL = _("They have until {day} to answer you.")
PANEL_UNTIL = _("They meet by {day}, and then they answer you.")
LATE = _("They should have answered you by {day}. They are late, and it's not your fault. They have been told.")
HAPPY_UNTIL = _("If you're not happy with it, you can say so here until {day}.")
ENDED_ON = _("The time to take it further here was over on {day}.")
OUTCOME = {
    Outcome.UPHELD: _("They agree with you."),
    Outcome.PARTLY: _("They agree with a part of it."),
    Outcome.NOT_UPHELD: _("They see it in another way than you."),
    Outcome.RESOLVED: _("They say that it has been put right."),
}
CHANGED = _("What they changed because of it:")
ANSWERED_ELSEWHERE = _("They told me that they have answered you in another way.")


def road(turn: Turn, complaint: Complaint, done: set[Step], *, here: bool) -> list[Markup]:
    """The picture, who looks at it, since when and until when.

    `done` is what has happened at this stage; `here`: its answer was given here.
    """
    steps = stages(turn, complaint)
    found = [_step(turn, complaint, steps)] if complaint.stage in steps else []
    if complaint.stage is Stage.OMBUDSMAN:
        return [*found, outside(turn, complaint.about, complaint.complainer)[0]]
    if complaint.status is Status.RECEIVED:
        found.append(turn.html(READ if Step.SEEN in done else NOT_READ))
    else:
        found.append(turn.html(STANDS[complaint.status].fill(day=complaint.paused_on)))
    if complaint.status in RUNNING:
        found.append(_dates(turn, complaint, met=Step.PANEL_MET in done))
    elif complaint.answered_at and complaint.status is not Status.PAUSED:
        found += [*([] if here else [turn.html(ANSWERED_ELSEWHERE)]), *_what_came_of_it(turn, complaint)]
    return found


def stage_words(turn: Turn, stage: Stage, contacts: tuple[str, ...]) -> Text:
    """Who looks at it at a stage."""
    wales = Nation(turn.context.settings.service.jurisdiction) is Nation.WALES and stage is Stage.INVESTIGATION
    return (IN_WALES if wales else STAGE[stage]).fill(who=contact_name(turn, contacts[0]) if contacts else "")


def _step(turn: Turn, complaint: Complaint, steps: tuple[Stage, ...]) -> Markup:
    number = STEP.fill(n=steps.index(complaint.stage) + 1, all=len(steps))
    head = STEP_OF.fill(picture=picture(steps, complaint.stage), step=number)
    who = stage_words(turn, complaint.stage, complaint.route)
    open_ = complaint.status in OPEN or complaint.stage is Stage.OMBUDSMAN
    return Markup(" ").join(map(turn.html, [head, *([who] if open_ else [])]))


def _dates(turn: Turn, complaint: Complaint, *, met: bool) -> Markup:
    clock = complaint.clock
    late = overdue(clock, complaint.status, today(turn))
    until = LATE if late else PANEL_UNTIL if complaint.stage is Stage.PANEL and not met else UNTIL
    if complaint.status is Status.RECEIVED and until is UNTIL and today(turn) <= clock.ack_due_on:
        until = by_when(clock)
    reason = complaint.extended_reason.partition(":")[0]  # after it stands what was noted for colleagues
    why = [WHY_LONGER[Longer(reason)]] if clock.extended_to and reason in set(Longer) else []
    said = [*why, until.fill(day=clock.last_day), SINCE.fill(day=clock.from_on)]
    return Markup(" ").join(map(turn.html, said))


def _what_came_of_it(turn: Turn, complaint: Complaint) -> list[Markup]:
    found = [turn.html(OUTCOME[complaint.outcome])] if complaint.outcome in OUTCOME else []
    if complaint.learning:
        found.append(Markup("{}\n{}").format(turn.html(CHANGED), complaint.learning))
    over = complaint.request_by is not None and today(turn) > complaint.request_by
    if complaint.request_by and len(stages(turn, complaint)) > 1:
        found.append(turn.html((ENDED_ON if over else HAPPY_UNTIL).fill(day=complaint.request_by)))
    return found


# How a day is reckoned

HOW_THE_DAY = _("How is the day worked out?")
COUNTED = n_(
    "It starts on {start}. From the day after, {n} day is counted. Only days on which offices are open count.",
    "It starts on {start}. From the day after, {n} days are counted. Only days on which offices are open count.",
)
WEEKENDS_OUT = _("Saturdays and Sundays don't count.")
ALSO_OUT = _("These don't count either: {days}.")
A_HOLIDAY = Text("{day} ({name})")
STOOD_STILL = n_("It stood still for {n} day. That day is added.", "It stood still for {n} days. Those days are added.")
SO_IT_IS = _("So the last day is {day}.")


def reckoned(turn: Turn, clock: Clock) -> Markup:
    """How the last day came about, in plain words."""
    found = clock.reckoned(calendar(turn))
    still = [STOOD_STILL.fill(n=clock.paused_days)] if clock.paused_days else []
    out = [ALSO_OUT.fill(days=[_holiday(day) for day in found.holidays])] if found.holidays else []
    said = [COUNTED.fill(n=found.days, start=found.start), *still, WEEKENDS_OUT, *out, SO_IT_IS.fill(day=found.due)]
    return Markup(" ").join(map(turn.html, said))


def _holiday(left_out: LeftOut) -> Text | dt.date:
    return A_HOLIDAY.fill(day=left_out.day, name=left_out.name) if left_out.name else left_out.day
