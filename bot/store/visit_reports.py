"""What volunteers report of their visits, and what they spent: money outlives the visit it was for."""

from bot.domain.interest import ERASED
from bot.domain.reports import Report
from bot.store.database import Reader, Row, Writer

EMPTY = "why_not = '', activity = '', chosen_by = '', child_mood = NULL, outcomes = '', for_child = '', pass_on = ''"
"""A report without anything about the child: whether the visit happened, and how long it was, stays counted."""


async def add(writer: Writer, visit: str, report: Report, by: str | None, now: str) -> None:
    """What came of a visit; told again, it takes the place of what was told before.

    Of a child who has erased everything no words are kept any more.
    """
    await writer.run(
        "INSERT OR REPLACE INTO visit_reports (visit, happened, why_not, minutes, activity, chosen_by, child_mood,"
        " outcomes, for_child, pass_on, explained, reported_at, reported_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            visit,
            report.happened,
            report.why_not,
            report.minutes or 0,
            report.activity,
            report.chosen_by,
            report.child_mood,
            "".join(report.outcomes),
            report.for_child,
            report.pass_on,
            report.explained,
            now,
            by,
        ),
    )
    await writer.run(
        f"UPDATE visit_reports SET {EMPTY} WHERE visit = ? AND EXISTS (SELECT 1 FROM visits v JOIN matches m"
        " ON m.reference = v.match JOIN interests i ON i.reference = m.interest"
        " WHERE v.reference = visit_reports.visit AND i.closed_reason = ?)",
        (visit, ERASED),
    )


async def spend(writer: Writer, visit: str, spent_on: str, pence: int, miles_tenths: int, mileage_pence: int) -> None:
    """What a visit cost its volunteer; told again, unpaid, it takes the place of what was told before."""
    await writer.run("DELETE FROM expenses WHERE visit = ? AND paid_at IS NULL", (visit,))
    if pence or miles_tenths:
        await writer.run(
            "INSERT OR IGNORE INTO expenses (visit, volunteer, spent_on, pence, miles_tenths, mileage_pence)"
            " SELECT v.reference, m.volunteer, ?, ?, ?, ? FROM visits v JOIN matches m ON m.reference = v.match"
            " WHERE v.reference = ?",
            (spent_on, pence, miles_tenths, mileage_pence, visit),
        )


async def find(reader: Reader, visit: str) -> Row | None:
    """What was reported of a visit."""
    return await reader.one("SELECT * FROM visit_reports WHERE visit = ?", (visit,))


async def to_report(reader: Reader, person: str, now: str) -> list[Row]:
    """A volunteer's visits that are over and have no report, the newest first: reference, planned_for."""
    return await reader.all(
        "SELECT v.reference, v.planned_for FROM visits v JOIN matches m ON m.reference = v.match"
        " JOIN volunteers o ON o.reference = m.volunteer LEFT JOIN visit_reports r ON r.visit = v.reference"
        " WHERE o.person = ? AND v.status IN ('planned', 'recorded') AND v.planned_for <= ? AND r.visit IS NULL"
        " ORDER BY v.planned_for DESC LIMIT 8",
        (person, now),
    )


async def explained(reader: Reader, match: str) -> bool:
    """Whether a volunteer has said that they told the child how to complain."""
    return bool(
        await reader.all(
            "SELECT 1 FROM visit_reports r JOIN visits v ON v.reference = r.visit WHERE v.match = ? AND r.explained",
            (match,),
        )
    )


async def words(reader: Reader, interest: str) -> list[str]:
    """What was written about the visits of a child."""
    rows = await reader.all(
        "SELECT v.plan, r.activity, r.for_child, r.pass_on FROM visits v JOIN matches m ON m.reference = v.match"
        " LEFT JOIN visit_reports r ON r.visit = v.reference WHERE m.interest = ?",
        (interest,),
    )
    return [text for row in rows for text in tuple(row) if text]


async def unreported(reader: Reader, since: str, until: str, limit: int = -1) -> list[Row]:
    """Visits that were planned for between two moments, and of which nothing is reported, the oldest first.

    reference, match, planned_for, person (the volunteer, if they are in the bot), suspended.
    """
    return await reader.all(
        "SELECT v.reference, v.match, v.planned_for, o.person,"
        " o.suspended_at IS NOT NULL AND o.lifted_at IS NULL AS suspended"
        " FROM visits v JOIN matches m ON m.reference = v.match JOIN volunteers o ON o.reference = m.volunteer"
        " LEFT JOIN visit_reports r ON r.visit = v.reference"
        " WHERE v.status = 'planned' AND v.planned_for > ? AND v.planned_for <= ? AND r.visit IS NULL"
        " ORDER BY v.planned_for, v.reference LIMIT ?",
        (since, until, limit),
    )


async def asked_last(reader: Reader, person: str, now: str) -> str | None:
    """The visit of which a volunteer was asked what came of it, if that is the last thing they were asked.

    None when it is reported by now, or they have said anything since.
    """
    row = await reader.one(
        "SELECT v.reference, v.planned_for <= :now AND r.visit IS NULL AS over FROM visits v"
        " JOIN matches m ON m.reference = v.match JOIN volunteers o ON o.reference = m.volunteer"
        " LEFT JOIN visit_reports r ON r.visit = v.reference"
        " WHERE o.person = :person AND v.status = 'planned'"
        " AND v.asked_at >= (SELECT max(seen_at) FROM addresses WHERE person = :person)"
        " ORDER BY v.asked_at DESC, v.planned_for LIMIT 1",
        {"person": person, "now": now},
    )
    return row["reference"] if row and row["over"] else None


async def news_for_children(reader: Reader, since: str) -> list[Row]:
    """Visits since a moment that children counted on, of which there is something to read for them.

    Their visitor says that it did not happen, and they do not; or has written to them, and is not suspended since.
    reference, person, planned_for, missed.
    """
    return await reader.all(
        "SELECT v.reference, i.person, v.planned_for, NOT r.happened AND NOT v.child_missed AS missed"
        " FROM visit_reports r JOIN visits v ON v.reference = r.visit JOIN matches m ON m.reference = v.match"
        " JOIN volunteers o ON o.reference = m.volunteer JOIN interests i ON i.reference = m.interest"
        " WHERE v.planned_for > ? AND v.status = 'planned' AND v.confirmed_at IS NOT NULL AND i.person IS NOT NULL"
        " AND (NOT r.happened AND NOT v.child_missed"
        "  OR r.for_child != '' AND (o.suspended_at IS NULL OR o.lifted_at IS NOT NULL))"
        " ORDER BY r.reported_at, v.reference",
        (since,),
    )


async def written_to(reader: Reader, person: str, limit: int) -> list[Row]:
    """What visitors wrote to a child, the latest visit first: visitor, planned_for, for_child."""
    return await reader.all(
        "SELECT m.visitor, t.planned_for, r.for_child FROM visits_told t JOIN visit_reports r ON r.visit = t.reference"
        " JOIN matches m ON m.reference = t.match JOIN interests i ON i.reference = m.interest"
        " WHERE i.person = ? AND r.for_child != '' ORDER BY t.planned_for DESC, t.reference LIMIT ?",
        (person, limit),
    )


async def first_visits(reader: Reader, since: str) -> list[Row]:
    """Matches whose first visit that happened was planned for after a moment: reference of it, person of the child."""
    return await reader.all(
        "SELECT l.reference, i.person FROM visit_log l JOIN interests i ON i.reference = l.interest"
        " WHERE l.planned_for > ? AND l.outcome = 'happened' AND i.person IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM visit_log b WHERE b.match = l.match AND b.planned_for < l.planned_for"
        " AND b.outcome = 'happened') ORDER BY l.reference",
        (since,),
    )
