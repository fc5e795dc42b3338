"""Breaks that volunteers take: while one lasts the gate is closed, and no visit of theirs stays planned."""

from dataclasses import dataclass

from bot.store import visits, volunteers
from bot.store.database import Reader, Row, Writer


@dataclass(frozen=True, slots=True)
class Break:
    """A break. `until` is a date, when they said one: it ends when they say so, not by itself."""

    volunteer: str
    since: str
    until: str | None


_SELECT = "SELECT v.reference AS volunteer, v.paused_at AS since, v.paused_until AS until FROM volunteers v"


async def begin(writer: Writer, volunteer: str, until: str | None, now: str) -> int:
    """From now on, or with another day than before; how many visits are called off by it."""
    await volunteers.pause(writer, volunteer, now)
    await writer.run("UPDATE volunteers SET paused_until = ? WHERE reference = ?", (until, volunteer))
    rows = await writer.all(
        "SELECT v.reference FROM visits v JOIN matches m ON m.reference = v.match WHERE m.volunteer = ?"
        " AND v.status IN ('planned', 'paused') AND v.planned_for > ?",
        (volunteer, now),
    )
    return sum([await visits.cancel(writer, row["reference"], "volunteer") for row in rows])


async def end(writer: Writer, volunteer: str) -> None:
    await volunteers.pause(writer, volunteer, None)
    await writer.run("UPDATE volunteers SET paused_until = NULL WHERE reference = ?", (volunteer,))


async def of_volunteer(reader: Reader, volunteer: str) -> Break | None:
    """The break somebody is on."""
    return _break(await reader.one(f"{_SELECT} WHERE v.reference = ? AND v.paused_at IS NOT NULL", (volunteer,)))


async def of_match(reader: Reader, match: str) -> Break | None:
    """The break a child's visitor is on."""
    return _break(
        await reader.one(
            f"{_SELECT} JOIN matches m ON m.volunteer = v.reference WHERE m.reference = ? AND v.paused_at IS NOT NULL",
            (match,),
        )
    )


async def over(reader: Reader, since: str, today: str) -> list[Row]:
    """Breaks that were to last until a day from `since` to `today`, both of them dates: volunteer, person, until."""
    return await reader.all(
        "SELECT reference AS volunteer, person, paused_until AS until FROM volunteers WHERE paused_at IS NOT NULL"
        " AND paused_until >= ? AND paused_until <= ? AND person IS NOT NULL AND left_at IS NULL ORDER BY reference",
        (since, today),
    )


def _break(row: Row | None) -> Break | None:
    return Break(**dict(row)) if row else None
