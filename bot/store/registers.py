"""Whole registers for exports, row by row: visits, matches, consents, and the audit. Each from one stamp up to another.

Whatever a viewer may not see is left out here; without one it is the operator's, on the machine itself.
"""

from collections.abc import AsyncGenerator

from bot.domain.roles import Viewer
from bot.store.concerns import seen_by
from bot.store.database import Params, Reader, Row


def visits(reader: Reader, since: str, until: str, viewer: Viewer | None) -> AsyncGenerator[Row, None]:
    """The visit log, with what was reported. `concern`: the volunteer raised one from the report that this viewer sees.

    So somebody who may not see it reads the same as if there were none.
    """
    sees, params = seen_by(viewer)
    return reader.stream(
        "SELECT l.*, coalesce(r.activity, '') AS activity, r.child_mood,"
        f" EXISTS (SELECT 1 FROM concerns c WHERE c.visit = l.reference AND {sees}) AS concern"
        " FROM visit_log l LEFT JOIN visit_reports r ON r.visit = l.reference"
        " WHERE l.planned_for >= :since AND l.planned_for < :until ORDER BY l.planned_for, l.reference",
        params | {"since": since, "until": until},
    )


async def count_visits(reader: Reader, since: str, until: str, _viewer: Viewer | None) -> int:
    return await _count(reader, "visits WHERE planned_for >= ? AND planned_for < ?", (since, until))


def matches(reader: Reader, since: str, until: str) -> AsyncGenerator[Row, None]:
    """Every match by the day it began, with the visits that happened in it."""
    return reader.stream(
        "SELECT m.reference, m.interest, m.volunteer, m.started_at, m.ended_at, m.ended_reason,"
        " coalesce(sum(l.outcome = 'happened'), 0) AS visits, coalesce(sum(l.minutes), 0) AS minutes,"
        " max(iif(l.outcome = 'happened', l.planned_for, NULL)) AS last_visit"
        " FROM matches m LEFT JOIN visit_log l ON l.match = m.reference"
        " WHERE m.started_at >= ? AND m.started_at < ? GROUP BY m.reference ORDER BY m.started_at, m.reference",
        (since, until),
    )


async def count_matches(reader: Reader, since: str, until: str) -> int:
    return await _count(reader, "matches WHERE started_at >= ? AND started_at < ?", (since, until))


def consents(reader: Reader, since: str, until: str) -> AsyncGenerator[Row, None]:
    """What children were asked, word for word, and what they answered."""
    return reader.stream(
        "SELECT interest, purpose, given, words, version, language, answered_at, withdrawn_at FROM consents"
        " WHERE answered_at >= ? AND answered_at < ? ORDER BY answered_at, id",
        (since, until),
    )


async def count_consents(reader: Reader, since: str, until: str) -> int:
    return await _count(reader, "consents WHERE answered_at >= ? AND answered_at < ?", (since, until))


_ABOUT_NO_CASE = "subject NOT GLOB '[ACS]-*'"
"""Lines that are not about a complaint, a concern or an allegation: some of those may be about the very reader."""


def audit(reader: Reader, since: str, until: str, viewer: Viewer | None) -> AsyncGenerator[Row, None]:
    """Who looked at or changed what, with the name of whoever it was."""
    return reader.stream(
        "SELECT a.seq, a.at, a.role, coalesce(p.name, '') AS name, a.action, a.subject FROM audit a"
        f" LEFT JOIN people p ON p.id = a.person WHERE a.at >= ? AND a.at < ? AND {_seen(viewer)} ORDER BY a.seq",
        (since, until),
    )


async def count_audit(reader: Reader, since: str, until: str, viewer: Viewer | None) -> int:
    return await _count(reader, f"audit WHERE at >= ? AND at < ? AND {_seen(viewer)}", (since, until))


def _seen(viewer: Viewer | None) -> str:
    return "1" if viewer is None else _ABOUT_NO_CASE


async def _count(reader: Reader, rows: str, params: Params) -> int:
    row = await reader.one(f"SELECT count(*) AS n FROM {rows}", params)
    return int(row["n"]) if row else 0
