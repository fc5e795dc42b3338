"""Delivery: sends what has been committed. In order per address, addresses side by side, again when it failed."""

import asyncio
import contextlib
import datetime as dt
import itertools
import random
import shutil
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import structlog

from bot.engine.channel import Channel, Refused, TryAgain, Unreachable
from bot.engine.intake import Outcome
from bot.engine.message import Incoming, Kind, Outgoing, Parcel
from bot.errors import DatabaseUnavailable
from bot.store import outbox
from bot.store.clock import moment, stamp
from bot.store.database import Database

log = structlog.get_logger()

AT_ONCE = 100
"""Sends under way at a time."""

LONGEST_PAUSE = 300.0
"""Seconds between two tries, at most."""

TRIES = 300
"""About a day of pauses; then a message is given up."""

LATE_TRIES = 12
"""Tries, over a quarter of an hour, after which staff hear that a mail is late. Most servers that let strangers wait
have let them in by then."""

BROKEN_TRIES = 10
"""A message that breaks on our own side is given up sooner: it is not likely to mend itself."""

Render = Callable[[Parcel], Awaitable[Path]]


class Delivery:
    """One lane an address; a lane works while it has something to send."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        render: Render,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._database = database
        self._channels = channels
        self._render = render
        self._now = now
        self._lanes: dict[tuple[str, str], deque[tuple[Parcel, dt.datetime]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._stopping = False
        self.record: Callable[[Outcome], None]
        self.submit: Callable[[Sequence[Incoming]], Awaitable[None]]

    async def start(self) -> None:
        """Take up what an earlier run did not get delivered."""
        async with self._database.reading() as reader:
            rows = await outbox.due(reader)
        for row in rows:
            message = Outgoing.from_json(row["body"])
            parcel = Parcel(row["id"], row["person"] or "", row["channel"], row["address"], message, row["attempts"])
            self._enqueue(parcel, moment(row["due_at"]))

    def post(self, parcels: Sequence[Parcel]) -> None:
        """Send these now. Called after their commit."""
        for parcel in parcels:
            self._enqueue(parcel, self._now())

    async def stop(self) -> None:
        """Leave the rest for the next run. A send under way is given a moment to end."""
        self._stopping = True
        for lane in self._lanes.values():
            while len(lane) > 1:
                lane.pop()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=3)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _enqueue(self, parcel: Parcel, due: dt.datetime) -> None:
        if self._stopping or parcel.channel not in self._channels or not parcel.address:
            return
        where = (parcel.channel, parcel.address)
        if where in self._lanes:
            self._lanes[where].append((parcel, due))
            return
        self._lanes[where] = deque([(parcel, due)])
        task = asyncio.create_task(self._work(where))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, where: tuple[str, str]) -> None:
        lane = self._lanes[where]
        try:
            while lane:
                try:
                    await self._deliver(*lane[0])
                    lane.popleft()
                except Unreachable:
                    await self._give_up_lane(where)
        finally:
            del self._lanes[where]

    async def _deliver(self, parcel: Parcel, due: dt.datetime) -> None:
        """Try until it went through, will never, or they cannot be reached (raises Unreachable)."""
        for attempt in range(parcel.attempts + 1, TRIES + 1):
            await asyncio.sleep(max(0.0, (due - self._now()).total_seconds()))
            try:
                async with self._gate:
                    await self._send(parcel)
            except TryAgain as trouble:
                pause = trouble.after if trouble.after is not None else _pause(attempt)
                due = self._now() + dt.timedelta(seconds=pause)
                log.warning(
                    "delivery.postponed",
                    parcel=parcel.id,
                    channel=parcel.channel,
                    attempt=attempt,
                    why=trouble.reason,
                )
                self.record(Outcome(postponed=((stamp(due), parcel.id),)))
                if attempt == LATE_TRIES:
                    await self._report(parcel, "late", trouble.reason)
            except Refused as refused:
                await self._give_up(parcel, refused.reason)
                return
            except Unreachable:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it was, those who wait behind it must not wait for ever
                log.error("delivery.broken", parcel=parcel.id, channel=parcel.channel, error=type(error).__name__)
                if attempt >= BROKEN_TRIES:
                    await self._give_up(parcel, "could not be made")
                    return
                due = self._now() + dt.timedelta(seconds=_pause(attempt))
                self.record(Outcome(postponed=((stamp(due), parcel.id),)))
            else:
                if parcel.channel != "web":
                    self.record(Outcome(delivered=(parcel.id,)))
                return
        await self._give_up(parcel, "tried for a day")

    async def _send(self, parcel: Parcel) -> None:
        channel = self._channels[parcel.channel]
        if not parcel.message.document or parcel.channel == "web":
            await channel.send(parcel, None)
            return
        file = await self._render(parcel)
        try:
            await channel.send(parcel, file)
        finally:
            shutil.rmtree(file.parent, ignore_errors=True)

    async def _give_up(self, parcel: Parcel, why: str) -> None:
        log.error("delivery.given_up", parcel=parcel.id, channel=parcel.channel, why=why)
        await self._report(parcel, "returned", why)
        self.record(Outcome(given_up=((why, parcel.id),)))

    async def _report(self, parcel: Parcel, what: str, why: str) -> None:
        """Who is mailed is on no chat to ask again: what became of a mail is an event, the moment `mail`.

        Committed before the mail is given up: after a crash it is tried, refused and told of again, and told once.
        """
        letter = parcel.message.letter
        if not letter:
            return
        data = f"mail:{what}:{letter.about}:{letter.to}:{why}"
        event = Incoming("clock", f"mail-{what}:{letter.id}", "", Kind.CLOCK, data=data)
        for attempt in itertools.count(1):
            with contextlib.suppress(DatabaseUnavailable):
                await self.submit([event])
                return
            await asyncio.sleep(_pause(attempt))

    async def _give_up_lane(self, where: tuple[str, str]) -> None:
        """They take no messages from us: what was for them is dropped, and the address is marked."""
        parcels = [parcel for parcel, _due in self._lanes[where]]
        self._lanes[where].clear()
        log.info("delivery.unreachable", channel=where[0], parcels=len(parcels))
        self.record(Outcome(given_up=tuple(("unreachable", parcel.id) for parcel in parcels)))
        with contextlib.suppress(DatabaseUnavailable):  # the next message to them finds it out again
            await self.submit([Incoming(where[0], f"unreachable:{parcels[0].id}", where[1], Kind.BLOCKED)])


def _pause(attempt: int) -> float:
    """Seconds before the next try: doubling, with a spread so that not everybody comes back at once."""
    return min(LONGEST_PAUSE, 2.0 ** min(attempt, 12)) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
