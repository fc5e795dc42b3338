"""Time is an event as well: what is due becomes Incoming, so that a restart repeats nothing and forgets nothing."""

import asyncio
import datetime as dt
from collections.abc import Callable

import structlog

from bot.engine.channel import Submit
from bot.engine.context import Context
from bot.errors import DatabaseUnavailable
from bot.store.database import Database

log = structlog.get_logger()

EVERY = 20.0
"""Seconds between two looks at what is due."""


class Schedule:
    """Asks every `due` of the router, and submits what they find."""

    def __init__(self, database: Database, context: Context, submit: Submit, now: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._context = context
        self._submit = submit
        self._now = now

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except DatabaseUnavailable as error:
                log.error("schedule.database_unavailable", problem=error.problem)
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Submit what is due now."""
        async with self._database.reading() as reader:
            found = [await due(reader, self._now(), self._context.settings) for due in self._context.router.due]
        for events in found:
            await self._submit(events)
