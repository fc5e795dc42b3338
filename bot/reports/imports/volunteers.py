"""Volunteers from a spreadsheet, with the stages they have passed: nobody is ready because a cell says so."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from bot.domain.recruitment import Stage, Volunteer, expiry
from bot.reports import cells
from bot.reports.cells import Cell
from bot.reports.columns import key
from bot.reports.imports.kind import (
    LONGEST_NAME,
    LONGEST_TEXT,
    BadRow,
    Column,
    Given,
    Kind,
    Row,
    a_name,
    counted,
    one_of,
    words,
)
from bot.settings import Settings
from bot.store import volunteers
from bot.store.clock import day_start
from bot.store.database import Reader, Writer

MOST_CHILDREN = 9

GENDERS = {
    "woman": ("female", "f", "w", "lady", "she/her"),
    "man": ("male", "m", "gentleman", "he/him"),
    "other": ("non-binary", "nonbinary", "nb", "x", "they/them"),
}
AREAS = {
    "in": ("in area", "in county", "in borough", "local", "inside"),
    "out": ("out of area", "out of county", "out of borough", "elsewhere", "outside"),
    "both": ("either", "any", "anywhere", "in and out"),
}
LIKES = {
    "football": ("soccer",),
    "sport": ("sports", "other sport", "swimming", "gym", "running"),
    "music": ("singing", "guitar", "piano", "concerts"),
    "making": ("art", "arts", "crafts", "arts and crafts", "drawing", "painting", "art and making things"),
    "games": ("gaming", "video games", "board games"),
    "films": ("film", "cinema", "tv", "films and shows"),
    "reading": ("books", "books and stories"),
    "animals": ("pets", "dogs"),
    "food": ("cooking", "baking", "eating out", "cooking and eating out"),
    "outdoors": ("walking", "walks", "hiking", "nature", "being outside"),
    "shops": ("shopping", "shops and hair"),
    "talking": ("chatting", "a chat and a walk"),
}
"""What children choose from, with what people write for it; anything else stays in their own words."""

_LIKES = {key(said): value for value, many in LIKES.items() for said in (value, *many)}


def _likes(cell: Cell) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_LIKES.get(key(like), like) for like in cells.several(cell)))


_ABOUT = {
    "about": Column(("About", "About them", "Profile", "Bio", "Description"), words(LONGEST_TEXT)),
    "likes": Column(("Likes", "Interests", "Hobbies", "Hobbies and interests"), _likes),
    "languages": Column(("Languages", "Language", "Languages spoken", "Speaks"), cells.several),
    "gender": Column(("Gender", "Sex", "M/F"), one_of(GENDERS)),
    "faith": Column(("Faith", "Religion", "Belief"), words(LONGEST_NAME)),
    "area": Column(("Area", "Can visit", "Area covered"), one_of(AREAS)),
    "capacity": Column(("Capacity", "Places", "Number of children", "Max children", "Max matches"), cells.whole),
    "provider": Column(("Provider", "Agency", "Organisation"), words(LONGEST_NAME)),
}
_PASSED = ("{}", "{} date", "{} passed", "{} passed on", "{} completed", "{} done", "{} on", "{} check",
           "{} check date", "{} issued", "{} issue date", "date of {}", "date {}")  # fmt: skip
_EXPIRES = ("{} expires", "{} expires on", "{} expiry", "{} expiry date", "{} valid until", "{} renewal",
            "{} renewal date", "{} renew by", "{} due")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Passed:
    stage: Stage
    on: dt.date
    expires_on: dt.date | None


@dataclass(frozen=True, slots=True)
class _New:
    volunteer: Volunteer
    passed: tuple[_Passed, ...]  # in the order of their days
    evidence: str
    signed_by: str
    signed_on: dt.date | None


class Volunteers(Kind):
    """People who visit, or will."""

    needed = (("name", "called"),)

    def __init__(self, given: Given, known: list[Volunteer]) -> None:
        self._given = given
        self._stages = stages(given.settings)
        self._there = {key(volunteer.name): f"is there already as {volunteer.reference}" for volunteer in known}
        self._new: list[_New] = []
        self._ready = 0

    @staticmethod
    def columns(settings: Settings) -> Mapping[str, Column]:
        name = Column(
            ("Name", "Full name", "Volunteer", "Volunteer name", "IV", "IV name", "Independent visitor"),
            a_name,
        )
        found = {
            "name": name,
            "called": Column(("First name", "Known as", "Called", "Forename", "Preferred name"), a_name),
            "surname": Column(("Surname", "Last name", "Family name"), a_name),
            **_ABOUT,
        }
        for stage in stages(settings):
            found[f"{stage.id} passed"] = Column(_titles(stage, _PASSED), cells.date)
            found[f"{stage.id} expires"] = Column(_titles(stage, _EXPIRES), cells.date)
        return found | {
            "evidence": Column(("Evidence", "Evidence seen", "Checks seen"), words(LONGEST_TEXT)),
            "signed_by": Column(
                ("Signed by", "Signed off by", "Second signature", "Approved by", "Countersigned by"),
                words(LONGEST_NAME),
            ),
            "signed_on": Column(("Signed on", "Signed off", "Signed off on", "Date signed", "Approved on"), cells.date),
        }

    @classmethod
    async def begin(cls, reader: Reader, given: Given) -> Self:
        return cls(given, await volunteers.some(reader, "1"))

    def take(self, row: Row) -> None:
        name = _in_order(row.get("name")) or " ".join(filter(None, (row.get("called"), row.get("surname"))))
        if not name:
            raise BadRow("has no name")
        if there := self._there.get(key(name)):
            raise BadRow(f"{name} {there}", "name")
        if row.get("capacity", 1) > MOST_CHILDREN:
            raise BadRow(f"{row.get('capacity')} children at a time are more than {MOST_CHILDREN}", "capacity")
        told = {field: row.values[field] for field in _ABOUT if field in row.values}
        called = row.get("called") or name.split()[0]
        passed = self._passed(row)
        self._check_signed(row, passed, name)
        volunteer = replace(Volunteer("", name, called), **told)
        evidence = row.get("evidence", "from a spreadsheet")
        signed = row.get("signed_by"), row.get("signed_on", None)
        self._there[key(name)] = f"is in row {row.number} already"
        self._new.append(_New(volunteer, passed, evidence, *signed))

    def _passed(self, row: Row) -> tuple[_Passed, ...]:
        found = []
        for stage in self._stages:
            on, expires = row.get(f"{stage.id} passed", None), row.get(f"{stage.id} expires", None)
            if on is None:
                if expires:
                    raise BadRow("runs out, but there is no date on which it was passed", f"{stage.id} expires")
                continue
            if on > self._given.today:
                raise BadRow(f"{on:%d/%m/%Y} is still to come", f"{stage.id} passed")
            if expires and expires <= on:
                raise BadRow(f"{expires:%d/%m/%Y} is not after {on:%d/%m/%Y}", f"{stage.id} expires")
            found.append(_Passed(stage, on, expires or expiry(stage, on)))
        return tuple(sorted(found, key=lambda one: one.on))

    def _check_signed(self, row: Row, passed: tuple[_Passed, ...], name: str) -> None:
        by, on = row.get("signed_by"), row.get("signed_on", None)
        if not by:
            if on:
                raise BadRow("is signed by nobody", "signed_on")
            return
        missing = [stage.title for stage in self._stages if stage not in [one.stage for one in passed]]
        if missing:
            raise BadRow(f"is signed, but not passed: {', '.join(missing)}", "signed_by")
        if key(by) == key(name):
            raise BadRow("nobody signs for themselves", "signed_by")
        if on and not passed[-1].on <= on <= self._given.today:
            raise BadRow(f"{on:%d/%m/%Y} is before the last stage was passed, or still to come", "signed_on")

    async def write(self, writer: Writer) -> None:
        now = self._given.stamp
        for new in self._new:
            begun = await volunteers.begin(writer, new.volunteer.name, now)
            volunteer = replace(new.volunteer, reference=begun.reference, created_at=now)
            await volunteers.update(writer, volunteer)
            for passed in new.passed:
                await volunteers.pass_stage(
                    writer, volunteer.reference, passed.stage.id, passed.on, passed.expires_on, new.evidence, None, now,
                    signed_name=new.signed_by if passed is new.passed[-1] else "",
                    signed_at=day_start(new.signed_on, self._given.zone) if new.signed_on else now,
                )  # fmt: skip
            self._ready += await volunteers.is_ready(writer, volunteer.reference, self._given.today)

    def summary(self) -> list[str]:
        new = len(self._new)
        return [
            f"{counted(new, 'volunteer', 'volunteers')}: {self._ready} ready to visit, {new - self._ready} not yet."
        ]


def stages(settings: Settings) -> tuple[Stage, ...]:
    """What everybody has to pass."""
    return tuple(Stage(one.id, one.title, one.valid_months) for one in settings.recruitment.stages)


def _in_order(name: str) -> str:
    """Alex Example, also when the surname came first: Example, Alex."""
    last, _comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}".strip()


def _titles(stage: Stage, patterns: tuple[str, ...]) -> tuple[str, ...]:
    """What a column of a stage may be called: by its title or its id."""
    return tuple(pattern.format(name) for pattern in patterns for name in (stage.title, stage.id))
