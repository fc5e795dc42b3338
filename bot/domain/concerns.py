"""Concerns: a child may be in danger. Who is told, in which order, and who may see it (domain.md, section 6).

An allegation is a concern about somebody who works or volunteers with children: the LADO hears of it within one working
day (Working Together 2023, chapter 4). A complaint, a concern and an allegation may come from one message; closing one
closes no other.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

PREFIX = "S"
ALLEGATION_PREFIX = "A"

LADO_DAYS = 1
"""Working days in which the LADO has to be told."""


class Kind(StrEnum):
    """How sure it is."""

    DANGER = "danger"
    WORRY = "worry"


class Source(StrEnum):
    """How it came to be known."""

    TEXT = "text"  # something typed, in whatever box
    BUTTON = "button"
    VISIT = "visit"
    VOLUNTEER = "volunteer"
    COMPLAINT = "complaint"


class About(StrEnum):
    """Who may be the danger, as far as it is known. Nobody is asked for it."""

    VISITOR = "visitor"
    COORDINATOR = "coordinator"
    MANAGER = "manager"
    CARER = "carer"
    SOCIAL_WORKER = "social_worker"
    SOMEBODY_ELSE = "somebody_else"
    UNKNOWN = "unknown"


ALLEGED = (About.VISITOR, About.COORDINATOR, About.MANAGER, About.CARER, About.SOCIAL_WORKER)
"""A concern about one of these is an allegation: they work or volunteer with children."""

BARRED: Mapping[About, frozenset[str]] = {
    About.VISITOR: frozenset({"coordinator"}),  # until the LADO agrees
    About.COORDINATOR: frozenset({"coordinator"}),
    About.MANAGER: frozenset({"manager", "coordinator"}),
}
"""The contacts that never see a concern about this, whatever the settings say."""


def barred(about: About, contact: str) -> bool:
    return contact in BARRED.get(about, ())


def barred_from(contact: str) -> tuple[About, ...]:
    """What a concern must not be about for this contact to see it."""
    return tuple(about for about in About if barred(about, contact))


def line(chain: Sequence[str], at_work: Collection[str], about: About, out_of_hours: str) -> tuple[str, ...]:
    """Who can be told now, first to last.

    Whoever of the chain is at work, in its order; then the out-of-hours team; then those who are not at work. So
    outside hours the out-of-hours team comes first. Nobody who may not see it is among them.
    """
    fit = [contact for contact in dict.fromkeys(chain) if not barred(about, contact) and contact != out_of_hours]
    night = [out_of_hours] if out_of_hours else []
    return (
        *(contact for contact in fit if contact in at_work),
        *night,
        *(contact for contact in fit if contact not in at_work),
    )


def next_in_line(waiting: Sequence[str], told: Mapping[str, str]) -> str | None:
    """Whom to tell next: the first who was not told yet; when all were, whoever was told longest ago.

    `told` has the stamp of the last time for each contact. None only when there is nobody at all.
    """
    return min(waiting, key=lambda contact: told.get(contact, ""), default=None)


@dataclass(frozen=True, slots=True)
class Concern:
    """A child may be in danger. The words stay as they were said, until the case file has them. Times are stamps."""

    reference: str
    raised_at: str
    channel: str
    language: str
    person: str | None  # whoever raised it
    source: Source
    kind: Kind
    about: About
    about_person: str | None  # the very person, where they are known here; they never see it
    words: str
    chain: tuple[str, ...]  # contacts, as they were when it was raised
    complaint: str | None = None  # the complaint that the same message opened
    level: int = 0  # how many times somebody was told
    told_at: str | None = None  # the last time
    acknowledged_at: str | None = None
    acknowledged_by: str | None = None
    handed_over_at: str | None = None  # the case file has confirmed in writing that it has it
    closed_at: str | None = None
    emptied_at: str | None = None
    visit: str | None = None  # the one whose report a volunteer was making


@dataclass(frozen=True, slots=True)
class Allegation:
    """What has to be told to the LADO about a concern. `match` is suspended with it. `due_on` is a date."""

    reference: str
    concern: str
    match: str | None
    opened_at: str
    due_on: str
    lado_told_at: str | None = None
    closed_at: str | None = None
