"""Children of whom a spreadsheet says that they may want a visitor.

None of them has said so here: each request waits for the child's own yes (DESIGN.md, promise 3), given with a code.
Only what the bot tells them that it knows is taken: a name, an age, and whether they live in the area.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Self

from bot.domain.interest import CLOSED, LIVES_ELSEWHERE, PREFIX, Fit, Interest, Status, fit
from bot.domain.references import new_code
from bot.domain.retention import CHILD_CODE_VALID
from bot.reports import cells
from bot.reports.columns import key
from bot.reports.imports import who
from bot.reports.imports.kind import BadRow, Column, Given, Kind, Row, counted, one_of, words
from bot.settings import Settings
from bot.store import codes, imports, interests
from bot.store.clock import day_start, stamp
from bot.store.database import Reader, Writer
from bot.store.database import Row as Record

LONGEST_NAME = 40
CHANNEL = "import"
ASKED_BY = {
    "carer": ("foster carer", "kinship carer", "residential worker", "keyworker", "key worker"),
    "social_worker": ("social worker", "sw"),
    "reviewing_officer": ("reviewing officer", "iro", "independent reviewing officer"),
    "advocate": ("advocacy",),
    "family": ("parent", "mum", "dad", "relative"),
    "other": ("school", "teacher", "self", "child", "virtual school", "health"),
}
AREAS = {
    "in": ("yes", "y", "in area", "in county", "in borough", "local"),
    LIVES_ELSEWHERE: ("no", "n", "out of area", "out of county", "out of borough", "ooa", "elsewhere"),
    "unsure": ("not sure", "unknown", "don't know", "?"),
}


class Interests(Kind):
    """Requests that wait for the children's own yes."""

    needed = (("name",), ("age",))

    def __init__(self, given: Given, there: list[Record]) -> None:
        self._given = given
        self._there = {
            (key(row["name"]), row["age"]): f"is there already as {row['reference']}"
            for row in there
            if row["status"] not in CLOSED
        }
        self._references = {str(row["reference"]) for row in there}
        self._new: list[Interest] = []
        self.codes: list[tuple[str, str, str]] = []
        """What was written: the reference, the name, and the code of each child."""

    @staticmethod
    def columns(settings: Settings) -> Mapping[str, Column]:
        return {
            "name": Column(
                ("Name", "Child", "Child's name", "First name", "Young person", "YP", "Known as"), words(LONGEST_NAME)
            ),
            "age": Column(("Age", "Age now", "Years"), cells.whole),
            "area": Column(("Area", "In area", "Lives here", "Lives in area", "Placement area"), one_of(AREAS)),
            "asked_by": Column(("Asked by", "Referred by", "Referrer", "Who asked", "Referral from"), one_of(ASKED_BY)),
            "received_on": Column(
                ("Date", "Received", "Received at", "Received on", "Referred on", "Referral date", "Date of referral",
                 "Date referred"), cells.date,
            ),
            "language": Column(("Language",), one_of(dict.fromkeys(settings.service.languages, ()))),
        }  # fmt: skip

    @classmethod
    async def begin(cls, reader: Reader, given: Given) -> Self:
        return cls(given, await imports.children(reader))

    def take(self, row: Row) -> None:
        name, age, service = row.get("name"), row.get("age"), self._given.settings.service
        if fit(age, service.age_from, service.age_to) is not Fit.FITS:
            raise BadRow(f"{age} is not within {service.age_from} to {service.age_to}", "age")
        received: dt.date | None = row.get("received_on", None)
        if received and received > self._given.today:
            raise BadRow(f"{received:%d/%m/%Y} is still to come", "received_on")
        if there := self._there.get((key(name), age)):
            raise BadRow(f"{name}, {age}, {there}: add a letter if this is another child", "name")
        self._there[key(name), age] = f"is in row {row.number} already"
        self._new.append(Interest(
            reference=who.free_reference(PREFIX, self._references),
            person=None,
            asked_by=row.get("asked_by", "other"),
            asked_by_person=None,
            channel=CHANNEL,
            language=row.get("language", service.languages[0]),
            received_at=day_start(received, self._given.zone) if received else self._given.stamp,
            status=Status.AWAITING_CHILD,
            status_since=self._given.stamp,
            name=name,
            age=age,
            area=row.get("area", "unsure"),
        ))  # fmt: skip

    async def write(self, writer: Writer) -> None:
        expires = stamp(self._given.now + CHILD_CODE_VALID)
        for interest in self._new:
            code = new_code()
            await interests.add(writer, interest)
            await codes.add_invite(writer, code, "child", self._given.stamp, expires, interest=interest.reference)
            self.codes.append((interest.reference, interest.name, code))

    def summary(self) -> list[str]:
        return [f"{counted(len(self._new), 'request', 'requests')}, each waiting for the child's own yes."]
