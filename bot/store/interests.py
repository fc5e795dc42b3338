"""Interests, every step they took, and what was noted beside the road."""

from collections.abc import AsyncGenerator
from dataclasses import fields

import orjson

from bot.domain.interest import MAY_BE_PROPOSED, ROAD, WITH_A_VISITOR, Interest, Note, Outcome, Status
from bot.store import matches, proposals
from bot.store.database import Params, Reader, Row, Writer
from bot.store.visit_reports import EMPTY as EMPTY_REPORT

_COLUMNS = ", ".join(field.name for field in fields(Interest))
_MARKS = ", ".join(f":{field.name}" for field in fields(Interest))


async def taken(reader: Reader, reference: str) -> bool:
    return bool(await reader.all("SELECT 1 FROM interests WHERE reference = ?", (reference,)))


async def add(writer: Writer, interest: Interest) -> None:
    await writer.run(f"INSERT INTO interests ({_COLUMNS}) VALUES ({_MARKS})", _row(interest))


async def update(writer: Writer, interest: Interest) -> None:
    """Write what was told again; its road is moved by `move` alone."""
    await writer.run(
        "UPDATE interests SET person = :person, channel = :channel, language = :language, name = :name, age = :age,"
        " area = :area, likes = :likes, visitor_wishes = :visitor_wishes, contact_way = :contact_way,"
        " anything_else = :anything_else"
        " WHERE reference = :reference",
        _row(interest),
    )


async def move(
    writer: Writer,
    reference: str,
    to: Status,
    by: str,
    now: str,
    reason: str = "",
    *,
    words: str = "",
    review_on: str | None = None,
) -> None:
    """Take one step along the road, and keep who took it and when, and why.

    `reason` is a code, `words` a coordinator's own, `review_on` the day to look at it again. Where the road leaves the
    visitor, the match ends; where nobody can be proposed any more, a proposal does.
    """
    await _step(writer, reference, to, by, now, reason, words, review_on)
    if to not in WITH_A_VISITOR:
        await matches.end(writer, reference, now, reason)
    if to not in MAY_BE_PROPOSED:
        await proposals.close(writer, reference, Outcome.DROPPED, now)


async def go_on(writer: Writer, reference: str, by: str, now: str) -> None:
    """A child whose match was imported has said yes: their road is where they are, and the visits go on."""
    for to in ROAD:
        if to is not Status.TALKING:
            await _step(writer, reference, to, by, now, "", "", None)


async def review(writer: Writer, reference: str, day: str | None) -> None:
    """Another day to look at a pause again; None: when the child says."""
    await writer.run("UPDATE interests SET review_on = ?, nudged_at = NULL WHERE reference = ?", (day, reference))


async def set_provider(writer: Writer, reference: str, provider: str) -> None:
    """Who finds the visitor where the child lives."""
    await writer.run("UPDATE interests SET provider = ? WHERE reference = ?", (provider, reference))


async def nudged(writer: Writer, reference: str, now: str) -> None:
    """Those who work on it were reminded; the next reminder is counted from here."""
    await writer.run("UPDATE interests SET nudged_at = ? WHERE reference = ?", (now, reference))


async def steps(reader: Reader, reference: str) -> list[Row]:
    """The steps it took, oldest first: at, from_status, to_status, reason, and whether the child took it."""
    return await reader.all(
        "SELECT e.at, e.from_status, e.to_status, e.reason, e.by_person IS i.person AS by_child FROM interest_events e"
        " JOIN interests i ON i.reference = e.interest WHERE e.interest = ? ORDER BY e.id",
        (reference,),
    )


async def step_count(reader: Reader, reference: str) -> int:
    """How many steps it took: what a button knew of it, when it was shown."""
    row = await reader.one("SELECT count(*) AS n FROM interest_events WHERE interest = ?", (reference,))
    return int(row["n"]) if row else 0


async def before_pause(reader: Reader, reference: str) -> Status:
    """Where it was when it was paused."""
    row = await reader.one(
        "SELECT from_status FROM interest_events WHERE interest = ? AND to_status = 'not_now' ORDER BY id DESC LIMIT 1",
        (reference,),
    )
    return Status(row["from_status"]) if row else Status.ASKED


async def add_note(writer: Writer, reference: str, kind: Note, by: str, now: str, words: str = "") -> None:
    """Something happened beside the road."""
    await writer.run(
        "INSERT INTO interest_notes (interest, at, by_person, kind, words) VALUES (?, ?, ?, ?, ?)",
        (reference, now, by, kind, words),
    )


async def notes(reader: Reader, reference: str, limit: int, skipping: int = 0) -> list[Row]:
    """What was noted, the newest first: at, kind, words."""
    return await reader.all(
        "SELECT at, kind, words FROM interest_notes WHERE interest = ? ORDER BY id DESC LIMIT ? OFFSET ?",
        (reference, limit, skipping),
    )


async def to_flag(reader: Reader, reference: str = "", limit: int = -1) -> list[Row]:
    """Where a new worker has still to be told that there is a visitor, or whether it is so here: reference, match."""
    return await reader.all(
        "SELECT i.reference, m.reference AS match FROM interests i"
        " JOIN matches m ON m.interest = i.reference AND m.ended_at IS NULL"
        " WHERE (:reference = '' OR i.reference = :reference) AND 'to_flag' ="
        " (SELECT kind FROM interest_notes WHERE interest = i.reference AND kind IN ('to_flag', 'flagged')"
        " ORDER BY id DESC LIMIT 1) ORDER BY i.reference LIMIT :limit",
        {"reference": reference, "limit": limit},
    )


async def erase(writer: Writer, reference: str, now: str) -> None:
    """Rub out what was told, and what was written about it; that there was a request, and its road, stay."""
    await writer.run(
        "UPDATE interests SET name = '', age = NULL, area = '', likes = '[]', visitor_wishes = '', contact_way = '',"
        " anything_else = '', withdrawn_at = ? WHERE reference = ?",
        (now, reference),
    )
    await writer.run("UPDATE interest_notes SET words = '' WHERE interest = ?", (reference,))
    of_it = "(SELECT reference FROM matches WHERE interest = ?)"
    await writer.run(f"UPDATE visits SET child_words = '', plan = '' WHERE match IN {of_it}", (reference,))
    await writer.run(
        f"UPDATE visit_reports SET {EMPTY_REPORT} WHERE visit IN (SELECT reference FROM visits WHERE match IN {of_it})",
        (reference,),
    )
    await writer.run(f"DELETE FROM goodbyes WHERE match IN {of_it}", (reference,))
    await writer.run(
        "UPDATE interest_events SET reason = substr(reason, 1, instr(reason, ': ') - 1)"
        " WHERE interest = ? AND instr(reason, ': ') > 0",
        (reference,),
    )


async def find(reader: Reader, reference: str) -> Interest | None:
    row = await reader.one(f"SELECT {_COLUMNS} FROM interests WHERE reference = ?", (reference,))
    return _interest(row) if row else None


async def newest_of(reader: Reader, person: str) -> Interest | None:
    """The newest interest of a child, one that is open before one that is closed."""
    row = await reader.one(
        f"SELECT {_COLUMNS} FROM interests WHERE person = ?"
        " ORDER BY status IN ('ended', 'declined', 'withdrawn'), received_at DESC, reference LIMIT 1",
        (person,),
    )
    return _interest(row) if row else None


async def asked_for_others(reader: Reader, person: str) -> list[Interest]:
    """What this adult asked for, for children, oldest first."""
    rows = await reader.all(
        f"SELECT {_COLUMNS} FROM interests WHERE asked_by_person = ? ORDER BY received_at",
        (person,),
    )
    return [_interest(row) for row in rows]


_MOVED = "max(status_since, coalesce((SELECT max(at) FROM interest_notes WHERE interest = reference), ''))"
"""The last time that something happened."""

_STILL = f"status IN ('asked', 'talking', 'referred', 'waiting') AND status_since < :before AND {_MOVED} < :before"


async def unanswered(reader: Reader, since: str, limit: int) -> list[Interest]:
    """New interests that a coordinator has to look at, oldest first."""
    return await _some(reader, f"status = 'asked' AND {_MOVED} >= ? ORDER BY received_at LIMIT ?", (since, limit))


async def still(reader: Reader, before: str, limit: int) -> list[Interest]:
    """Those on their way to a visitor with which nothing has happened since a moment, the stillest first."""
    return await _some(reader, f"{_STILL} ORDER BY status_since LIMIT :limit", {"before": before, "limit": limit})


async def still_unsaid(reader: Reader, before: str, reference: str = "") -> list[Row]:
    """Of those, or of one, the ones whose coordinators have not been reminded since: reference, and since when."""
    return await reader.all(
        f"SELECT reference, max({_MOVED}, coalesce(nudged_at, '')) AS since FROM interests"
        f" WHERE {_of(reference)} AND {_STILL} AND coalesce(nudged_at, '') < :before ORDER BY reference",
        {"before": before, "reference": reference},
    )


async def to_review(reader: Reader, today: str, limit: int) -> list[Interest]:
    """Pauses whose day has come, the longest due first."""
    return await _some(reader, "status = 'not_now' AND review_on <= ? ORDER BY review_on LIMIT ?", (today, limit))


async def review_unsaid(reader: Reader, today: str, reference: str = "") -> list[Row]:
    """Of those, or of one, the ones nobody was told of: reference, person, review_on."""
    return await reader.all(
        "SELECT reference, person, review_on FROM interests"
        f" WHERE {_of(reference)} AND status = 'not_now' AND review_on <= :today AND nudged_at IS NULL"
        " ORDER BY reference",
        {"today": today, "reference": reference},
    )


async def _step(
    writer: Writer, reference: str, to: Status, by: str, now: str, reason: str, words: str, review_on: str | None
) -> None:
    await writer.run(
        "INSERT INTO interest_events (interest, at, by_person, from_status, to_status, reason)"
        " SELECT reference, ?, ?, status, ?, ? FROM interests WHERE reference = ?",
        (now, by, to, f"{reason}: {words}" if words else reason, reference),
    )
    await writer.run(
        "UPDATE interests SET status = ?, status_since = ?, closed_reason = ?, review_on = ?, nudged_at = NULL"
        " WHERE reference = ?",
        (to, now, reason, review_on, reference),
    )


def _of(reference: str) -> str:
    """The condition of being this one; without a reference, of being any."""
    return "reference = :reference" if reference else "1"


async def _some(reader: Reader, condition: str, params: Params) -> list[Interest]:
    return [_interest(row) for row in await reader.all(f"SELECT {_COLUMNS} FROM interests WHERE {condition}", params)]


def every(reader: Reader, since: str, until: str) -> AsyncGenerator[Row, None]:
    """All interests received from `since` up to, not including, `until`, oldest first, with their consents."""
    return reader.stream(
        "SELECT i.*, (SELECT iif(given AND withdrawn_at IS NULL, answered_at, NULL) FROM consents"
        " WHERE interest = i.reference AND purpose = 'send' ORDER BY id DESC LIMIT 1) AS agreed_to_send_at,"
        " (SELECT iif(given AND withdrawn_at IS NULL, answered_at, NULL) FROM consents"
        " WHERE interest = i.reference AND purpose = 'share' ORDER BY id DESC LIMIT 1) AS agreed_to_share_at,"
        " (SELECT visitor FROM matches m WHERE m.interest = i.reference AND ended_at IS NULL) AS visitor"
        " FROM interests i WHERE received_at >= ? AND received_at < ? ORDER BY received_at, reference",
        (since, until),
    )


async def count(reader: Reader, since: str, until: str) -> int:
    row = await reader.one(
        "SELECT count(*) AS n FROM interests WHERE received_at >= ? AND received_at < ?", (since, until)
    )
    return int(row["n"]) if row else 0


def _row(interest: Interest) -> dict[str, object]:
    row: dict[str, object] = {field.name: getattr(interest, field.name) for field in fields(interest)}
    return row | {"likes": orjson.dumps(interest.likes).decode()}


def _interest(row: Row) -> Interest:
    values = dict(row)
    return Interest(**values | {"status": Status(values["status"]), "likes": tuple(orjson.loads(values["likes"]))})
