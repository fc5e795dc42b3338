"""Visits of a match, and what the child said of them."""

import datetime as dt

from bot.domain.visits import APART, Said, Visit, VolunteerSaid
from bot.store.clock import moment, stamp
from bot.store.database import Reader, Row, Writer

_SELECT = (
    "SELECT v.reference, v.match, m.interest, m.volunteer, m.visitor, v.planned_for, v.planned_at, v.plan, v.status,"
    " v.cancelled_by, v.changes, v.volunteer_said, v.confirmed_at, v.moved_from, v.reminded, v.child_said,"
    " v.child_words, v.child_missed, v.child_face FROM visits v JOIN matches m ON m.reference = v.match"
)

_WAS_KNOWN = "iif(confirmed_at IS NULL, moved_from, planned_for)"
"""The time a child was told of, as it was before this change."""

_NOW = "max(:now, strftime('%Y-%m-%dT%H:%M:%fZ', planned_at, '+0.001 seconds'))"
"""Whatever plans a visit anew is later than what planned it before, in the same moment too: the gate looks at it."""


async def taken(reader: Reader, reference: str) -> bool:
    return bool(await reader.all("SELECT 1 FROM visits WHERE reference = ?", (reference,)))


async def add(
    writer: Writer,
    reference: str,
    match: str,
    planned_for: str,
    plan: str,
    by: str,
    now: str,
    *,
    confirmed: bool = False,
    reminded: int = 0,
    moved_from: str | None = None,
) -> None:
    """A visit is planned; its volunteer has to be ready. `confirmed`: by themselves. `reminded`: reminders too late.

    `moved_from`: when the visit was to be that it stands in for.
    """
    await writer.run(
        "INSERT INTO visits (reference, match, planned_for, planned_at, plan, volunteer_said, confirmed_at, reminded,"
        " moved_from, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            reference,
            match,
            planned_for,
            now,
            plan,
            VolunteerSaid.YES if confirmed else VolunteerSaid.NOTHING,
            now if confirmed else None,
            reminded,
            moved_from,
            now,
            by,
        ),
    )


async def move(
    writer: Writer, before: Visit, planned_for: str, plan: str, now: str, *, confirmed: bool = False, reminded: int = 0
) -> bool:
    """Another time, for which its volunteer has to be ready. Nobody has said yes to it but who moved it.

    False when the visit is not any more what it was `before`.
    """
    return bool(
        await writer.run(
            f"UPDATE visits SET moved_from = {_WAS_KNOWN}, planned_for = :planned_for, plan = :plan,"
            f" planned_at = {_NOW}, changes = changes + 1, volunteer_said = :said,"
            " confirmed_at = iif(:confirmed, :now, NULL), reminded = :reminded, child_said = '', child_words = ''"
            " WHERE reference = :reference AND changes = :changes AND status = 'planned'",
            {
                "reference": before.reference,
                "changes": before.changes,
                "planned_for": planned_for,
                "plan": plan,
                "now": now,
                "said": VolunteerSaid.YES if confirmed else VolunteerSaid.NOTHING,
                "confirmed": confirmed,
                "reminded": reminded,
            },
        )
    )


async def confirm(writer: Writer, reference: str, now: str) -> None:
    """Its volunteer will be there."""
    await writer.run(
        "UPDATE visits SET volunteer_said = 'yes', confirmed_at = coalesce(confirmed_at, ?)"
        " WHERE reference = ? AND status = 'planned'",
        (now, reference),
    )


async def wants_to_move(writer: Writer, reference: str, now: str) -> None:
    """Its volunteer can't be there at that time, and is asked for another."""
    await writer.run("UPDATE visits SET volunteer_said = 'move', asked_at = ? WHERE reference = ?", (now, reference))


async def wait(writer: Writer, reference: str) -> None:
    """It can't be at that time, and there is no other yet: nobody's yes to it counts any more."""
    await writer.run(
        f"UPDATE visits SET moved_from = {_WAS_KNOWN}, confirmed_at = NULL, child_said = '', child_words = ''"
        " WHERE reference = ?",
        (reference,),
    )


async def asked(writer: Writer, reference: str, now: str) -> None:
    """Its volunteer was asked whether they can be there, or reminded that they said so."""
    await writer.run("UPDATE visits SET asked_at = ? WHERE reference = ?", (now, reference))


async def reminded(writer: Writer, reference: str, count: int, now: str) -> None:
    """So many of its volunteer's reminders are over, the last of them now."""
    await writer.run("UPDATE visits SET reminded = ?, asked_at = ? WHERE reference = ?", (count, now, reference))


async def record(writer: Writer, reference: str, match: str, was_at: str, by: str | None, now: str) -> None:
    """A visit that nobody had planned is written down afterwards."""
    await writer.run(
        "INSERT INTO visits (reference, match, planned_for, planned_at, status, created_at, created_by)"
        " VALUES (?, ?, ?, ?, 'recorded', ?, ?)",
        (reference, match, was_at, now, now, by),
    )


async def resume(writer: Writer, volunteer: str, now: str) -> list[str]:
    """A volunteer may visit again: paused visits to come are planned anew, and nobody has said yes to them any more.

    Those whose time is over are called off. The references of the planned ones: none while the gate is closed.
    """
    rows = await writer.all(
        "SELECT v.reference FROM visits v JOIN matches m ON m.reference = v.match JOIN ready r USING (volunteer)"
        " WHERE m.volunteer = :volunteer AND m.ended_at IS NULL AND v.status = 'paused' AND v.planned_for > :now"
        " AND r.clear_from <= substr(:now, 1, 10) AND coalesce(r.clear_until > substr(:now, 1, 10), 1)"
        " ORDER BY v.planned_for",
        {"volunteer": volunteer, "now": now},
    )
    await writer.many(
        f"UPDATE visits SET status = 'planned', planned_at = {_NOW}, changes = changes + 1, volunteer_said = '',"
        f" moved_from = {_WAS_KNOWN}, confirmed_at = NULL, child_said = '', child_words = ''"
        " WHERE reference = :reference",
        [{"now": now, "reference": row["reference"]} for row in rows],
    )
    await writer.run(
        "UPDATE visits SET status = 'cancelled', cancelled_by = 'staff', changes = changes + 1"
        " WHERE status = 'paused' AND planned_for <= ?"
        " AND match IN (SELECT reference FROM matches WHERE volunteer = ?)",
        (now, volunteer),
    )
    return [row["reference"] for row in rows]


async def pause(writer: Writer, volunteer: str, now: str) -> list[str]:
    """Whatever is planned with a volunteer from now on waits: the references."""
    rows = await writer.all(
        "UPDATE visits SET status = 'paused', changes = changes + 1 WHERE status = 'planned' AND planned_for > ?"
        " AND match IN (SELECT reference FROM matches WHERE volunteer = ?) RETURNING reference, planned_for",
        (now, volunteer),
    )
    return [row["reference"] for row in sorted(rows, key=lambda row: str(row["planned_for"]))]


async def find(reader: Reader, reference: str) -> Visit | None:
    row = await reader.one(f"{_SELECT} WHERE v.reference = ?", (reference,))
    return _visit(row) if row else None


async def of_child(reader: Reader, reference: str, person: str) -> Visit | None:
    """A visit this child knows of, if it is theirs."""
    row = await reader.one(
        f"{_SELECT} JOIN visits_told t ON t.reference = v.reference JOIN interests i ON i.reference = m.interest"
        " WHERE v.reference = ? AND i.person = ?",
        (reference, person),
    )
    return _visit(row) if row else None


async def next_of_child(reader: Reader, person: str, now: str) -> Visit | None:
    """The next visit this child knows of."""
    row = await reader.one(
        f"{_SELECT} JOIN visits_told t ON t.reference = v.reference JOIN interests i ON i.reference = m.interest"
        " WHERE i.person = ? AND m.ended_at IS NULL AND v.status = 'planned' AND v.planned_for > ?"
        " ORDER BY t.planned_for LIMIT 1",
        (person, now),
    )
    return _visit(row) if row else None


async def of_volunteer(reader: Reader, reference: str, person: str) -> Visit | None:
    """A visit, if it is this volunteer's own."""
    row = await reader.one(
        f"{_SELECT} JOIN volunteers o ON o.reference = m.volunteer WHERE v.reference = ? AND o.person = ?",
        (reference, person),
    )
    return _visit(row) if row else None


async def last_asked(reader: Reader, person: str, now: str) -> list[Visit]:
    """The visits to come that somebody was asked about, or reminded of, since they last said anything; newest first."""
    rows = await reader.all(
        f"{_SELECT} JOIN volunteers o ON o.reference = m.volunteer"
        " WHERE o.person = :person AND v.status = 'planned' AND v.planned_for > :now"
        " AND v.asked_at >= (SELECT max(seen_at) FROM addresses WHERE person = :person)"
        " ORDER BY v.asked_at DESC, v.planned_for",
        {"person": person, "now": now},
    )
    return [_visit(row) for row in rows]


async def coming(reader: Reader, interest: str, now: str) -> list[Visit]:
    """What was planned for a child from now on, the next first, whether they know of it or not; called off or not."""
    rows = await reader.all(
        f"{_SELECT} WHERE m.interest = ? AND m.ended_at IS NULL AND v.status IN ('planned', 'cancelled')"
        " AND v.planned_for >= ? ORDER BY v.planned_for",
        (interest, now),
    )
    return [_visit(row) for row in rows]


async def near(reader: Reader, match: str, planned_for: str, but: str = "") -> Visit | None:
    """Another visit, planned at about the same time, of the child or the volunteer of a match."""
    middle = moment(planned_for)
    row = await reader.one(
        f"{_SELECT} JOIN matches n ON n.reference = ? AND (n.interest = m.interest OR n.volunteer = m.volunteer)"
        " WHERE v.status = 'planned' AND v.planned_for > ? AND v.planned_for < ? AND v.reference != ?"
        " ORDER BY v.planned_for LIMIT 1",
        (match, stamp(middle - APART), stamp(middle + APART), but),
    )
    return _visit(row) if row else None


async def between(reader: Reader, since: str, until: str) -> list[Visit]:
    """What is planned after one moment and up to another, the next first."""
    rows = await reader.all(
        f"{_SELECT} WHERE v.status = 'planned' AND v.planned_for > ? AND v.planned_for <= ? ORDER BY v.planned_for",
        (since, until),
    )
    return [_visit(row) for row in rows]


async def without_a_time(reader: Reader, now: str, before: str) -> list[Row]:
    """Visits a child counts on that have to be moved, as was said before a moment, and have no new time."""
    return await reader.all(
        "SELECT reference, asked_at FROM visits WHERE status = 'planned' AND planned_for > ?"
        " AND volunteer_said = 'move' AND confirmed_at IS NOT NULL AND asked_at < ?",
        (now, before),
    )


async def over(reader: Reader, since: dt.datetime, until: dt.datetime) -> list[Row]:
    """Visits a child knew of, between two moments, of which they have not said how they went; with the child.

    Not those of which their visitor says that there was none.
    """
    return await reader.all(
        "SELECT v.reference, i.person FROM visits v JOIN matches m ON m.reference = v.match"
        " JOIN interests i ON i.reference = m.interest WHERE v.planned_for >= ? AND v.planned_for < ?"
        " AND (v.status = 'planned' AND v.confirmed_at IS NOT NULL OR v.status = 'recorded')"
        " AND v.child_face IS NULL AND NOT v.child_missed AND i.person IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM visit_reports r WHERE r.visit = v.reference AND NOT r.happened)",
        (stamp(since), stamp(until)),
    )


async def child_said(writer: Writer, reference: str, said: Said) -> None:
    """What the child says now; a better day they named is one no more when they say something else."""
    await writer.run(
        "UPDATE visits SET child_said = :said, child_words = iif(:said = 'another_day', child_words, '')"
        " WHERE reference = :reference",
        {"said": said, "reference": reference},
    )


async def child_words(writer: Writer, reference: str, words: str) -> None:
    """Which day would be better, in the child's own words."""
    await writer.run("UPDATE visits SET child_words = ? WHERE reference = ?", (words, reference))


async def child_felt(writer: Writer, reference: str, face: int | None) -> None:
    """How it went, 1 to 5; None: it did not happen."""
    await writer.run(
        "UPDATE visits SET child_face = ?, child_missed = ? WHERE reference = ?", (face, face is None, reference)
    )


async def cancel(writer: Writer, reference: str, by: str) -> bool:
    """Call a visit off: by the child, the volunteer or staff. False when it was called off before."""
    return bool(
        await writer.run(
            "UPDATE visits SET status = 'cancelled', cancelled_by = :by, changes = changes + 1,"
            " volunteer_said = iif(:by = 'volunteer', 'no', volunteer_said)"
            " WHERE reference = :reference AND status IN ('planned', 'paused')",
            {"by": by, "reference": reference},
        )
    )


def _visit(row: Row) -> Visit:
    values = dict(row)
    said = {
        "volunteer_said": VolunteerSaid(values["volunteer_said"]),
        "child_said": Said(values["child_said"]),
        "child_missed": bool(values["child_missed"]),
    }
    return Visit(**values | said)
