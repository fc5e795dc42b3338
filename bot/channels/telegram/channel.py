"""The Telegram channel: polls or is called, hands on what was said, and sends what is to be said.

Nothing is confirmed to Telegram before it is committed: the next offset is asked for, or 200 answered, only then.
"""

import asyncio
import hmac
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, ExtBot

from bot.channels.telegram import profile
from bot.channels.telegram.courtesy import Courtesies
from bot.channels.telegram.http import AiohttpRequest
from bot.channels.telegram.send import deliver, seconds
from bot.channels.telegram.updates import ALLOWED, events
from bot.engine.channel import Submit
from bot.engine.message import Incoming, Parcel
from bot.errors import BadToken, DatabaseUnavailable
from bot.i18n import Text, Words
from bot.settings import Settings

log = structlog.get_logger()

POLL_SECONDS = 25
"""How long Telegram may hold a poll open while nothing happens."""

POLL_SLACK_SECONDS = 10
"""How much later than that its answer may come before the connection counts as dead."""

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
"""Seconds between attempts while something is down: doubling from the first to the longest."""

BODY_LIMIT = 1024 * 1024
"""The longest webhook call read, in bytes. A text update has a few kilobytes."""

_TELEGRAMS_OWN = "https://api.telegram.org/"


class TelegramChannel:
    """A `Channel`. `run` until cancelled, then `stop`; `webhook` serves POST /telegram."""

    name = "telegram"

    def __init__(
        self,
        settings: Settings,
        words: Words,
        submit: Submit,
        commands: Sequence[tuple[str, Text]],
        about: tuple[Text, Text],
        not_here: Text,
    ) -> None:
        """`commands` and `about` (short, long) are what the profile shows; `not_here` is said in a group, once."""
        self._settings = settings.telegram
        self._words = words
        self._submit = submit
        self._profile = (commands, about)
        base_url = self._settings.base_url
        self._http = AiohttpRequest(trust_env=base_url.startswith("https://"))
        # Telegram stops bots that send over 30 messages a second, so we stay below. A Bot API server of one's own has
        # limits of its own (a paid allowance, or none): it says 429 where they are, and delivery waits as it is told.
        limiter = AIORateLimiter(max_retries=0) if base_url.startswith(_TELEGRAMS_OWN) else None
        token = self._settings.token.get_secret_value()
        self._bot = ExtBot(token, base_url, request=self._http, get_updates_request=self._http, rate_limiter=limiter)
        self._courtesies = Courtesies(self._bot, words, not_here)
        self._ready = False
        self._offset: int | None = None

    async def start(self) -> None:
        """Log in to Telegram. Raises BadToken; while the network is down `run` goes on trying."""
        await self._begin()

    async def run(self) -> None:
        """Take what is said until cancelled. Raises BadToken when the token turns out wrong once the network is up."""
        for wait in _waits():
            if self._ready or await self._begin():
                break
            await asyncio.sleep(wait)
        if self._settings.mode == "webhook":
            await asyncio.Event().wait()
        while True:
            raws = await self._poll()
            updates = self._read(raws)
            await self._commit(events(updates))
            if raws:
                self._offset = raws[-1]["update_id"] + 1
            self._courtesies.after(updates, self._username)

    async def stop(self) -> None:
        """Give up what runs in the background and close the connections. `start` may follow."""
        await self._courtesies.stop()
        self._ready = False
        await self._bot.shutdown()

    async def send(self, parcel: Parcel, file: Path | None) -> None:
        """Deliver one message. Raises TryAgain, Unreachable or Refused."""
        await deliver(self._bot, parcel, file)

    async def webhook(self, request: Request) -> Response:
        """Telegram calls with one update. 200 means committed; anything else and Telegram calls again."""
        if not self._may_call(request):
            return Response(status_code=401)
        try:
            body = await _limited(request)
            raw = None if body is None else orjson.loads(body)
        except (orjson.JSONDecodeError, ClientDisconnect):
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            return Response(status_code=400)
        updates = self._read([raw])
        if not await self._committed(events(updates)):
            log.error("telegram.not_saved")
            return Response(status_code=503)
        self._courtesies.after(updates, self._username)
        return Response(status_code=200)

    @property
    def _username(self) -> str:
        return self._bot.username if self._ready else ""

    async def _begin(self) -> bool:
        """One attempt to log in and to choose between polling and webhook."""
        refused = False
        try:
            await self._bot.initialize()
            await self._choose_mode()
        except InvalidToken:
            refused = True
        except TelegramError as error:
            log.warning("telegram.start_failed", error=type(error).__name__)
            return False
        # Not inside the except block: the library's message names the token.
        if refused:
            await self.stop()
            raise BadToken
        self._ready = True
        log.info("telegram.started", mode=self._settings.mode)
        self._courtesies.begin(profile.show(self._bot, self._words, *self._profile))
        return True

    async def _choose_mode(self) -> None:
        if self._settings.mode == "polling":
            await self._bot.delete_webhook()
            return
        secret = self._settings.secret.get_secret_value()
        await self._bot.set_webhook(self._settings.webhook_url, allowed_updates=ALLOWED, secret_token=secret)

    async def _poll(self) -> list[dict[str, Any]]:
        """The next updates, however long it takes."""
        waits = _waits()
        while True:
            try:
                return await self._get_updates()
            except Conflict:  # another program reads this bot's messages, or has set a webhook
                event, least, reason = "telegram.another_poller", 0.0, "Conflict"
            except TelegramError as error:
                least = seconds(error) if isinstance(error, RetryAfter) else 0.0
                event, reason = "telegram.poll_failed", type(error).__name__
            wait = max(least, next(waits))
            log.warning(event, error=reason, wait=wait)
            await asyncio.sleep(wait)

    async def _get_updates(self) -> list[dict[str, Any]]:
        """The library's own get_updates fails as a whole, for ever, over one update that it cannot read."""
        asked = {"timeout": POLL_SECONDS, "allowed_updates": orjson.dumps(ALLOWED).decode()}
        if self._offset is not None:
            asked["offset"] = self._offset
        found = await self._http.post(
            f"{self._bot.base_url}/getUpdates?{urlencode(asked)}", read_timeout=POLL_SECONDS + POLL_SLACK_SECONDS
        )
        return found if isinstance(found, list) else []

    def _read(self, raws: Sequence[dict[str, Any]]) -> list[Update]:
        updates = []
        for raw in raws:
            try:
                updates.append(Update.de_json(raw, self._bot))
            except (TypeError, ValueError, KeyError, AttributeError) as error:
                log.warning("telegram.update_unreadable", update=raw["update_id"], error=type(error).__name__)
        return updates

    async def _commit(self, found: list[Incoming]) -> None:
        """Hand on until it is committed: the same events again while the database is away."""
        for wait in _waits():
            if await self._committed(found):
                return
            log.error("telegram.not_saved", wait=wait)
            await asyncio.sleep(wait)

    async def _committed(self, found: list[Incoming]) -> bool:
        try:
            if found:
                await self._submit(found)
        except DatabaseUnavailable:
            return False
        return True

    def _may_call(self, request: Request) -> bool:
        secret = self._settings.secret.get_secret_value()
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        known = hmac.compare_digest(given.encode(), secret.encode())
        return known and bool(secret) and self._settings.mode == "webhook"


def _waits() -> Iterator[float]:
    wait = FIRST_WAIT
    while True:
        yield wait
        wait = min(wait * 2, LONGEST_WAIT)


async def _limited(request: Request) -> bytes | None:
    """The body; None when it is longer than we read. Raises ClientDisconnect."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)
