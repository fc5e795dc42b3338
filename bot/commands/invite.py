"""`ivbot invite`: a one-time code and link for staff or a volunteer."""

import datetime as dt

from bot.domain.retention import INVITE_VALID
from bot.settings import Settings
from bot.store import codes
from bot.store.database import opened


async def invite(settings: Settings, role: str, name: str) -> list[str]:
    """The code first, on a line of its own; then how to use it."""
    path, key = settings.database.path, settings.database.key.get_secret_value()
    readable = " ".join(name.encode("utf-8", "replace").decode().split())
    async with opened(path, key) as database, database.writer.transaction() as writer:
        code = await codes.issue(writer, role, readable, dt.datetime.now(dt.UTC))
    web = settings.web
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(web.host, web.host)  # noqa: S104 - only shown
    page = web.public_url or f"http://{host}:{web.port}"
    return [code, f"{page}/?start={code}", f"It works once, for {INVITE_VALID.days} days. On Telegram: /start {code}"]
