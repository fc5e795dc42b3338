"""The events taken, and all that the turns of a batch need to know, in one statement."""

from collections.abc import Sequence

import orjson

from bot.store.database import Reader, Row, Writer
from bot.store.people import COLUMNS


async def load(reader: Reader, events: Sequence[tuple[str, str, str]]) -> list[Row]:
    """For each (channel, event id, address), in their order: was it seen, who is it, which form is open.

    `last_turn` and `last_parcel` are the highest numbers given out so far.
    """
    return await reader.all(
        f"SELECT i.turn IS NOT NULL AS seen, a.person, a.language AS hint, a.reachable, {COLUMNS},"
        " f.name AS form, f.answers, f.reminded_at,"
        " (SELECT coalesce(max(turn), 0) FROM inbox) AS last_turn,"
        " (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'outbox') AS last_parcel"
        " FROM json_each(?) e"
        " LEFT JOIN inbox i ON i.channel = e.value ->> 0 AND i.event_id = e.value ->> 1"
        " LEFT JOIN addresses a ON a.channel = e.value ->> 0 AND a.address = e.value ->> 2"
        " LEFT JOIN people p ON p.id = coalesce(a.person, CASE WHEN e.value ->> 0 = 'clock' THEN e.value ->> 2 END)"
        " LEFT JOIN forms f ON f.person = p.id"
        " ORDER BY e.key",
        (orjson.dumps(events).decode(),),
    )


async def add(writer: Writer, rows: Sequence[tuple[int, str, str, str, str, str]]) -> None:
    """Mark events as taken: (turn, channel, event id, address, said, received at)."""
    await writer.many(
        "INSERT INTO inbox (turn, channel, event_id, address, said, received_at) VALUES (?, ?, ?, ?, ?, ?)", rows
    )


async def mark(writer: Writer, channel: str, event_id: str, address: str, now: str) -> None:
    """Mark one event as taken, whatever became of it."""
    await writer.run(
        "INSERT INTO inbox (turn, channel, event_id, address, received_at)"
        " SELECT coalesce(max(turn), 0) + 1, ?, ?, ?, ? FROM inbox WHERE true ON CONFLICT DO NOTHING",
        (channel, event_id, address, now),
    )


async def add_failures(writer: Writer, rows: Sequence[tuple[str, str, str, str, str]]) -> None:
    """Keep events that could not be handled: (channel, event id, event, traceback, failed at)."""
    await writer.many(
        "INSERT INTO failed_events (channel, event_id, event, traceback, failed_at) VALUES (?, ?, ?, ?, ?)", rows
    )


async def failures(reader: Reader) -> int:
    """How many events could not be handled and are still kept."""
    row = await reader.one("SELECT count(*) AS n FROM failed_events")
    return int(row["n"]) if row else 0


async def said(reader: Reader, address: str, after: int) -> list[Row]:
    """What was typed or pressed in a chat page session, by turn."""
    return await reader.all(
        "SELECT turn, said FROM inbox WHERE address = ? AND said != '' AND channel = 'web' AND turn > ? ORDER BY turn",
        (address, after),
    )
