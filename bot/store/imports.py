"""What an import has to know of what is there, and what it writes: many rows in one call, while the bot waits."""

from collections.abc import Sequence

from bot.store.database import Params, Reader, Row, Writer


async def children(reader: Reader) -> list[Row]:
    """Every request that was not erased: reference, name, age, status."""
    return await reader.all("SELECT reference, name, age, status FROM interests WHERE name != '' ORDER BY reference")


async def matches(reader: Reader) -> list[Row]:
    """Every match: reference, interest, volunteer, started_at, ended_at."""
    return await reader.all(
        "SELECT reference, interest, volunteer, started_at, ended_at FROM matches ORDER BY reference"
    )


async def visits(reader: Reader) -> list[Row]:
    """Every visit: reference, match, planned_for."""
    return await reader.all("SELECT reference, match, planned_for FROM visits ORDER BY reference")


async def add_matches(writer: Writer, rows: Sequence[Params]) -> None:
    """Matches as they were, with their volunteers' names of now. A running one needs a volunteer who is ready."""
    await writer.many(
        "INSERT INTO matches (reference, interest, volunteer, visitor, about, created_at, started_at, ended_at,"
        " ended_reason) SELECT :reference, :interest, reference, called, about, :now, :started_at, :ended_at,"
        " :ended_reason FROM volunteers WHERE reference = :volunteer",
        rows,
    )


async def add_visits(writer: Writer, rows: Sequence[Params]) -> None:
    """Visits that are over, written down afterwards: each with its report, and with what it cost if it did."""
    await writer.many(
        "INSERT INTO visits (reference, match, planned_for, planned_at, status, created_at)"
        " VALUES (:reference, :match, :was_at, :now, :status, :now)",
        rows,
    )
    await writer.many(
        "INSERT INTO visit_reports (visit, happened, why_not, minutes, activity, chosen_by, child_mood, pass_on,"
        " reported_at) SELECT :reference, :happened, :why_not, :minutes, :activity, :chosen_by, :mood, :pass_on, :now"
        " WHERE :status = 'recorded'",
        rows,
    )
    await writer.many(
        "INSERT INTO expenses (visit, volunteer, spent_on, pence, miles_tenths, mileage_pence, paid_at)"
        " SELECT :reference, volunteer, :spent_on, :pence, :miles_tenths, :mileage_pence, iif(:paid, :now, NULL)"
        " FROM matches WHERE reference = :match AND (:pence OR :miles_tenths)",
        rows,
    )
