"""Complaints and a concern for tests, and one person of each role to look at them."""

import datetime as dt
from collections.abc import Set as AbstractSet
from typing import TypedDict, Unpack

from bot.domain.complaints import Clock, Complainer, Complaint, Stage, Status, Subject, start_clock
from bot.domain.concerns import About, Concern, Kind, Source
from bot.domain.roles import Role, Viewer
from bot.domain.working_days import ENGLAND
from bot.store import people
from bot.store.clock import stamp
from bot.store.database import Writer
from bot.store.people import Person

DAY = dt.date(2026, 6, 12)
NOW = "2026-06-12T09:00:00.000Z"
CHILD = Viewer("child", Role.GUEST)
COORDINATOR = Viewer("coordinator", Role.COORDINATOR)
MANAGER = Viewer("manager", Role.MANAGER)
OFFICER = Viewer("officer", Role.GUEST)
VOLUNTEER = Viewer("volunteer", Role.VOLUNTEER)
EVERYBODY = (CHILD, COORDINATOR, MANAGER, OFFICER, VOLUNTEER, Viewer("stranger", Role.GUEST))

CONCERN = Concern(
    reference="S-0000-0",
    raised_at=NOW,
    channel="web",
    language="en",
    person="child",
    source=Source.TEXT,
    kind=Kind.DANGER,
    about=About.UNKNOWN,
    about_person=None,
    words="markedwords",
    chain=("safeguarding_duty", "manager"),
)


def at(day: dt.date) -> str:
    return stamp(dt.datetime.combine(day, dt.time(9), dt.UTC))


async def everybody(writer: Writer) -> None:
    await people.save(writer, [Person(one.person, one.role) for one in EVERYBODY], NOW)


class Told(TypedDict, total=False):
    """What a test may say of a complaint."""

    day: dt.date
    about: Subject
    about_person: str | None
    person: str
    anonymous: bool
    name: str
    route: tuple[str, ...]
    stage: Stage
    status: Status
    clock: Clock
    closed_at: str


def a_complaint(reference: str = "C-0000-0", **told: Unpack[Told]) -> Complaint:
    """A child's, about their visitor, received on DAY; or what is told of it."""
    day, about = told.get("day", DAY), told.get("about", Subject.VISITOR)
    return Complaint(
        reference=reference,
        person=told.get("person", "child"),
        complainer=Complainer.CHILD,
        channel="web",
        language="en",
        received_at=at(day),
        about=about,
        about_person=told.get("about_person"),
        what_happened="markedwords",
        wanted_outcome="markedwish",
        anonymous=told.get("anonymous", False),
        name=told.get("name", "Markedname"),
        answer_way="markedway",
        advocate_wanted=True,
        route=told.get("route", ("coordinator", "manager")),
        stage=told.get("stage", Stage.LOCAL),
        status=told.get("status", Status.RECEIVED),
        clock=told.get("clock", start_clock(ENGLAND, day, about, 10, 2)),
        closed_at=told.get("closed_at"),
    )


def may_see(viewer: Viewer, complaint: Complaint, attached: AbstractSet[str]) -> bool:
    """Said again, from the issue: routed, or come by a link; and is, manages or works for nobody it is about."""
    never: dict[str, set[Subject]] = {
        "coordinator": {Subject.COORDINATOR, Subject.MANAGER, Subject.SERVICE},
        "manager": {Subject.MANAGER, Subject.SERVICE},
    }
    if viewer.person in {complaint.person, complaint.about_person} or complaint.about in never.get(viewer.role, ()):
        return False
    return viewer.role in complaint.route or (viewer.role == Role.GUEST and viewer.person in attached)
