"""The matches that run, at a glance for the staff: what was, what comes, and what each of them needs to be looked at.

Of the children there are only references.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import orjson

from bot.store.database import Reader, Row
from bot.store.figures import Span


@dataclass(frozen=True, slots=True)
class Running:
    """One match that runs. Moments are stamps; `clear_until` is a date."""

    reference: str
    interest: str
    volunteer: str
    visitor: str
    since: str
    last_visit: str | None
    next_visit: str | None
    next_confirmed: bool
    visits: int  # of this year, that happened
    minutes: int
    clear_until: str | None  # the first day on which a check of the volunteer does not hold any more
    on_hold: bool  # suspended or on a break


_RUNNING = """
SELECT m.reference, m.interest, m.volunteer, m.visitor, m.started_at AS since, n.planned_for AS next_visit,
    n.confirmed_at IS NOT NULL AS next_confirmed, c.clear_until, c.suspended OR c.paused AS on_hold,
    (SELECT max(l.planned_for) FROM visit_log l WHERE l.match = m.reference AND l.outcome = 'happened') AS last_visit,
    (SELECT count(*) FROM visit_log l WHERE l.match = m.reference AND l.outcome = 'happened'
        AND l.planned_for >= :since AND l.planned_for < :until) AS visits,
    (SELECT coalesce(sum(l.minutes), 0) FROM visit_log l WHERE l.match = m.reference
        AND l.planned_for >= :since AND l.planned_for < :until) AS minutes
FROM matches m JOIN clearances c ON c.volunteer = m.volunteer
LEFT JOIN visits n ON n.reference = (SELECT v.reference FROM visits v WHERE v.match = m.reference
    AND v.status = 'planned' AND v.planned_for > :now ORDER BY v.planned_for, v.reference LIMIT 1)
WHERE m.ended_at IS NULL AND (:match = '' OR m.reference = :match)
ORDER BY coalesce(last_visit, m.started_at), m.reference LIMIT :limit OFFSET :skipping
"""


async def running(reader: Reader, now: str, year: Span, limit: int, skipping: int = 0) -> list[Running]:
    """Those that run, the longest without a visit first."""
    return await _running(reader, now, year, limit=limit, skipping=skipping)


async def one(reader: Reader, match: str, now: str, year: Span) -> Running | None:
    """One of them, if it runs."""
    found = await _running(reader, now, year, match=match)
    return found[0] if found else None


async def _running(
    reader: Reader, now: str, year: Span, *, match: str = "", limit: int = 1, skipping: int = 0
) -> list[Running]:
    since, until = year
    rows = await reader.all(
        _RUNNING,
        {"now": now, "since": since, "until": until, "match": match, "limit": limit, "skipping": skipping},
    )
    return [_of(row) for row in rows]


async def outcomes(reader: Reader, matches: Sequence[str], now: str) -> dict[str, list[str]]:
    """What became of the visits of each match up to now, the oldest first."""
    rows = await reader.all(
        "SELECT match, outcome FROM visit_log WHERE match IN (SELECT value FROM json_each(?)) AND planned_for <= ?"
        " ORDER BY planned_for, reference",
        (orjson.dumps(matches).decode(), now),
    )
    found: dict[str, list[str]] = {match: [] for match in matches}
    for row in rows:
        found[row["match"]].append(row["outcome"])
    return found


async def history(reader: Reader, match: str, limit: int, skipping: int = 0) -> list[Row]:
    """Visits of a match, the latest first: reference, planned_for, outcome, minutes, reported_at."""
    return await reader.all(
        "SELECT reference, planned_for, outcome, minutes, reported_at FROM visit_log WHERE match = ?"
        " ORDER BY planned_for DESC, reference LIMIT ? OFFSET ?",
        (match, limit, skipping),
    )


async def visit(reader: Reader, reference: str) -> Row | None:
    """One visit as the log has it, with the child's request."""
    return await reader.one("SELECT * FROM visit_log WHERE reference = ?", (reference,))


def _of(row: Row) -> Running:
    values = {field.name: row[field.name] for field in fields(Running)}
    return Running(**values | {name: bool(values[name]) for name in ("next_confirmed", "on_hold")})
