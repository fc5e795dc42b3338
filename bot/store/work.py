"""What a volunteer may see of their own work. Of a child: the first name, the likes and the next visit, nothing else.

How a child answered is known here as a yes, or a wish for another day: nothing else they say of a visit is for the
volunteer, least of all that they do not feel safe.
"""

from dataclasses import dataclass

from bot.domain.visits import Said, VolunteerSaid
from bot.store import interests, matches
from bot.store.database import Reader, Row


@dataclass(frozen=True, slots=True)
class Child:
    """A child somebody visits now."""

    match: str
    name: str  # the first name; empty: not told
    likes: tuple[str, ...]
    since: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A visit to come."""

    reference: str
    match: str
    planned_for: str
    paused: bool
    confirmed: bool
    volunteer_said: VolunteerSaid
    child_said: Said  # yes, another_day or nothing


@dataclass(frozen=True, slots=True)
class Done:
    """What was done in some time."""

    visits: int
    minutes: int


async def children(reader: Reader, person: str) -> list[Child]:
    """The children somebody visits, the oldest match first."""
    return [
        Child(match.reference, interest.first_name, interest.likes, match.started_at)
        for match in await matches.of_volunteer(reader, person)
        if (interest := await interests.find(reader, match.interest))
    ]


async def coming(reader: Reader, person: str, now: str) -> list[Coming]:
    """Their visits to come, the next first."""
    rows = await reader.all(
        "SELECT v.reference, v.match, v.planned_for, v.status, v.confirmed_at, v.volunteer_said,"
        " iif(v.child_said IN ('yes', 'another_day'), v.child_said, '') AS child_said"
        " FROM visits v JOIN matches m ON m.reference = v.match JOIN volunteers o ON o.reference = m.volunteer"
        " WHERE o.person = ? AND m.ended_at IS NULL AND v.status IN ('planned', 'paused') AND v.planned_for >= ?"
        " ORDER BY v.planned_for",
        (person, now),
    )
    return [
        Coming(
            row["reference"],
            row["match"],
            row["planned_for"],
            row["status"] == "paused",
            row["confirmed_at"] is not None,
            VolunteerSaid(row["volunteer_said"]),
            Said(row["child_said"]),
        )
        for row in rows
    ]


async def done(reader: Reader, volunteer: str, since: str, until: str) -> Done:
    """The visits that happened from `since` up to, not including, `until`."""
    row = await reader.one(
        "SELECT count(*) AS visits, coalesce(sum(minutes), 0) AS minutes FROM visit_log"
        " WHERE volunteer = ? AND outcome = 'happened' AND planned_for >= ? AND planned_for < ?",
        (volunteer, since, until),
    )
    return Done(row["visits"], row["minutes"]) if row else Done(0, 0)


async def first_match(reader: Reader, volunteer: str) -> str | None:
    """When their first match began, however it went on."""
    row = await reader.one("SELECT min(started_at) AS first FROM matches WHERE volunteer = ?", (volunteer,))
    return row["first"] if row else None


async def spent(reader: Reader, volunteer: str, since: str, until: str) -> list[Row]:
    """What was claimed for the days from `since` up to, not including, `until`; what is not paid yet whenever it was.

    The newest first: spent_on, pence, miles_tenths, mileage_pence, paid_at.
    """
    return await reader.all(
        "SELECT spent_on, pence, miles_tenths, mileage_pence, paid_at FROM expenses"
        " WHERE volunteer = ? AND (spent_on >= ? AND spent_on < ? OR paid_at IS NULL) ORDER BY spent_on DESC, visit",
        (volunteer, since, until),
    )
