"""What a bot owes Telegram besides answers: buttons that stop spinning, and groups it does not stay in.

None of it may hold up a message, so it runs beside; none of it is lost to anybody, so a failure is only noted.
"""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.channels.telegram.updates import Elsewhere, elsewhere
from bot.i18n import Text, Words

log = structlog.get_logger()


class Courtesies:
    """Runs them in the background of a bot. `not_here` is said in a group before it is left."""

    def __init__(self, bot: Bot, words: Words, not_here: Text) -> None:
        """Nothing runs yet."""
        self._bot = bot
        self._words = words
        self._not_here = not_here
        self._tasks: set[asyncio.Task[None]] = set()

    def after(self, updates: Sequence[Update], username: str) -> None:
        """Do what these updates, now committed, ask for. `username` is the bot's own; empty before it has logged in."""
        places = dict[int, Elsewhere]()
        for update in updates:
            if update.callback_query:
                self.begin(self._answer(update.callback_query.id))
            if place := elsewhere(update, username):
                places[place.chat] = place
        for place in places.values():
            self.begin(self._leave(place))

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside; `stop` ends it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Give up what still runs."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _answer(self, query: str) -> None:
        with _noted():
            await self._bot.answer_callback_query(query)

    async def _leave(self, place: Elsewhere) -> None:
        if place.group:
            html = self._words.html(self._not_here, self._words.choose(place.language))
            with _noted():
                await self._bot.send_message(place.chat, html, parse_mode=ParseMode.HTML)
        with _noted():
            await self._bot.leave_chat(place.chat)


@contextmanager
def _noted() -> Iterator[None]:
    try:
        yield
    except TelegramError as error:
        log.debug("telegram.courtesy_failed", error=type(error).__name__)
