"""The updates of the local Bot API server: waiting to be polled for, or told to a webhook."""

import asyncio
import time
from collections.abc import Callable

import aiohttp
import orjson

from tests import botapi_rules as rules
from tests.botapi_rules import Args, Problem

FIRST_UPDATE = 700_000_001
POLLED_ELSEWHERE = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


class Updates:
    """The methods of the Bot API that fetch them, and the calls to a webhook, told again after `retry` seconds."""

    def __init__(self) -> None:
        self.pending: list[Args] = []
        self.webhook: Args = {"url": "", "secret": ""}
        self.retry = 0.05
        self.last = FIRST_UPDATE - 1
        self._allowed: list[str] = []
        self._changed = asyncio.Event()
        self._poll: object = None
        self.methods = {
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
        }

    def add(self, raw: Args) -> Args:
        self.last += 1
        update = {"update_id": self.last} | raw
        if not self._allowed or any(name in self._allowed for name in raw):
            self.pending.append(update)
        self.tell()
        return update

    def tell(self) -> None:
        """Wake whoever waits for something to happen here."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, holds: Callable[[], bool], seconds: float) -> None:
        """Wait until something holds; it is asked after everything that happens here."""
        async with asyncio.timeout(seconds):
            while not holds():
                await self._changed.wait()

    def stop_polls(self) -> None:
        self._poll = None
        self.tell()

    async def call_webhook(self) -> None:
        """Call the webhook with one update after another; one that is not answered 2xx is told again."""
        async with aiohttp.ClientSession() as session:
            while True:
                await self.until(lambda: bool(self.pending and self.webhook["url"]), 3600)
                if await self._called(session, self.pending[0]):
                    self.pending.pop(0)
                    self.tell()
                else:
                    await asyncio.sleep(self.retry)

    async def _called(self, session: aiohttp.ClientSession, update: Args) -> bool:
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": self.webhook["secret"]}
        try:
            async with session.post(self.webhook["url"], data=orjson.dumps(update), headers=headers) as answer:
                status = answer.status
        except aiohttp.ClientError:
            status = 0
        if 200 <= status < 300:
            return True
        self.webhook["last_error_date"] = int(time.time())
        self.webhook["last_error_message"] = f"Wrong response from the webhook: {status}"
        self.tell()
        return False

    async def _get_updates(self, args: Args) -> list[Args]:
        if self.webhook["url"]:
            raise Problem(409, WEBHOOK_ACTIVE)
        mine = self._poll = object()
        self.tell()  # a poll that is open ends here
        self._confirm(int(args.get("offset", 0)))
        self._allowed = args.get("allowed_updates", self._allowed)
        try:
            await self.until(lambda: bool(self.pending) or self._poll is not mine, float(args.get("timeout", 0)))
        except TimeoutError:
            return []
        if self._poll is not mine:
            raise Problem(409, POLLED_ELSEWHERE)
        return self.pending[: int(args.get("limit", 100))]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]

    async def _set_webhook(self, args: Args) -> bool:
        url = rules.webhook_url(str(args["url"])) if args.get("url") else ""
        self.webhook = {"url": url, "secret": rules.webhook_secret(str(args.get("secret_token", "")))}
        self._allowed = args.get("allowed_updates", self._allowed)
        if args.get("drop_pending_updates"):
            self.pending.clear()
        self.stop_polls()
        return True

    async def _delete_webhook(self, args: Args) -> bool:
        return await self._set_webhook({"drop_pending_updates": args.get("drop_pending_updates")})

    async def _get_webhook_info(self, _args: Args) -> Args:
        told = {key: value for key, value in self.webhook.items() if key != "secret"}
        return told | {"has_custom_certificate": False, "pending_update_count": len(self.pending)}
