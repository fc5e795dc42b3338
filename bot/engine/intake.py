"""Intake: the only task that writes. All that has arrived shares one transaction and one fsync (group commit)."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import orjson
import structlog

from bot.engine.batch import Batch
from bot.engine.context import Context
from bot.engine.message import Incoming, Parcel
from bot.engine.pace import Pace
from bot.errors import DatabaseUnavailable
from bot.store import database, inbox, outbox
from bot.store.clock import stamp
from bot.store.database import Database, Writer

log = structlog.get_logger()

BATCH = 100
"""Events taken into one transaction at most."""

TIDY_EVERY = dt.timedelta(hours=1)
"""How long what was deleted may still be in the write-ahead log. What somebody erased leaves it at the next pause."""

Post = Callable[[Sequence[Parcel]], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of messages that delivery had: delivered ids, (due at, id) to try again, (why, id) given up."""

    delivered: tuple[int, ...] = ()
    postponed: tuple[tuple[str, int], ...] = ()
    given_up: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class _Work:
    events: Sequence[Incoming]
    outcome: Outcome | None
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Intake:
    """Takes events and outcomes from everywhere, and commits them in the order they came."""

    def __init__(self, database: Database, context: Context, post: Post, now: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._context = context
        self._post = post
        self._now = now
        self._pace = Pace(context.settings.limits.messages_per_minute)
        self._queue: asyncio.Queue[_Work | None] = asyncio.Queue()
        self._tidied = now()
        self._erased = False

    async def submit(self, events: Sequence[Incoming]) -> None:
        """Returns when the events are committed. Raises DatabaseUnavailable when they are not: send them again."""
        if events:
            work = _Work(events, None)
            self._queue.put_nowait(work)
            await asyncio.shield(work.done)

    def record(self, outcome: Outcome) -> None:
        """Write down what became of messages, with the next commit. One lost in a crash only repeats a message."""
        work = _Work((), outcome)
        work.done.add_done_callback(lambda done: done.exception())
        self._queue.put_nowait(work)

    async def run(self) -> None:
        """Until `stop`: everything taken before it is committed."""
        stopping = False
        while not stopping:
            works = [await self._queue.get()]
            while not self._queue.empty() and sum(len(work.events) for work in works if work) < BATCH:
                works.append(self._queue.get_nowait())
            stopping = None in works
            await self._settle([work for work in works if work])
            if self._queue.empty():
                await self._tidy()

    async def probe(self) -> None:
        """Write something that changes nothing. Raises DatabaseUnavailable when that cannot be done."""
        work = _Work((), None)
        self._queue.put_nowait(work)
        await asyncio.shield(work.done)

    def stop(self) -> None:
        self._queue.put_nowait(None)

    async def _tidy(self) -> None:
        """Now and then, and once somebody erased something: in a quiet moment it leaves the write-ahead log as well."""
        if self._erased or self._now() - self._tidied >= TIDY_EVERY:
            with contextlib.suppress(DatabaseUnavailable):
                if await self._database.forget_log(wait=False):
                    self._tidied, self._erased = self._now(), False

    async def _settle(self, works: list[_Work]) -> None:
        """Commit the works together; if that breaks on one of them, one by one, so that it stops none of the others."""
        try:
            await self._commit(works)
        except DatabaseUnavailable as error:
            log.error("intake.database_unavailable", problem=error.problem, events=sum(len(w.events) for w in works))
            _finish(works, error)
        except Exception as error:  # noqa: BLE001 - a broken event must not stop intake
            if len(works) > 1 or len(works[0].events) > 1:
                await self._settle_one_by_one(works)
            else:
                await self._give_up(works[0], error)
        else:
            _finish(works)

    async def _settle_one_by_one(self, works: list[_Work]) -> None:
        for work in works:
            alone = [_Work((event,), None) for event in work.events] or [_Work((), work.outcome)]
            for single in alone:
                await self._settle([single])
            failed = [single.done.exception() for single in alone if single.done.exception()]
            _finish([work], failed[0] if failed else None)

    async def _commit(self, works: list[_Work]) -> None:
        events = [event for work in works for event in work.events]
        async with self._database.writer.transaction() as writer:
            batch = Batch(self._context, writer, self._now(), self._pace)
            if events:
                await batch.handle(events)
                await batch.flush()
            await _write_outcomes(writer, [work.outcome for work in works if work.outcome])
            if any(not work.events and not work.outcome for work in works):
                await database.touch(writer)
        self._erased |= batch.erased
        self._post(batch.parcels)

    async def _give_up(self, work: _Work, error: Exception) -> None:
        """An event that cannot even be written with its values: kept, reported, and not asked for again."""
        log.error("intake.event_failed", error=type(error).__name__)
        try:
            async with self._database.writer.transaction() as writer:
                now = stamp(self._now())
                kept = [(e.channel, e.event_id, orjson.dumps(e).decode(), repr(error), now) for e in work.events]
                await inbox.add_failures(writer, kept)
                for event in work.events:
                    await inbox.mark(writer, event.channel, event.event_id, event.address, now)
        except Exception as trouble:  # noqa: BLE001 - intake goes on, whatever this was
            _finish([work], trouble)
        else:
            _finish([work])


async def _write_outcomes(writer: Writer, outcomes: list[Outcome]) -> None:
    await outbox.delivered(writer, [parcel for outcome in outcomes for parcel in outcome.delivered])
    await outbox.postpone(writer, [row for outcome in outcomes for row in outcome.postponed])
    await outbox.give_up(writer, [row for outcome in outcomes for row in outcome.given_up])


def _finish(works: list[_Work], error: BaseException | None = None) -> None:
    for work in works:
        if work.done.done():
            continue
        if error:
            work.done.set_exception(error)
        else:
            work.done.set_result(None)
