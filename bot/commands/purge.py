"""`ivbot purge`: retention now."""

import datetime as dt

from bot.settings import Settings
from bot.store import audit
from bot.store import purge as store
from bot.store.clock import stamp
from bot.store.database import opened
from bot.store.file import must_be_there


async def purge(settings: Settings, *, dry_run: bool) -> tuple[dict[str, int], bool]:
    """Delete what is too old, or only count it: how many of each kind, and whether the file has forgotten them."""
    now = dt.datetime.now(dt.UTC)
    old = store.limits(now, settings.retention)
    path, key = settings.database.path, settings.database.key.get_secret_value()
    must_be_there(path)
    async with opened(path, key) as database:
        if dry_run:
            return await store.count(database.writer, old), True
        async with database.writer.transaction() as writer:
            counts = await store.run(writer, old)
            await audit.add(writer, "", "operator", "purge", "", stamp(now))
        return counts, await database.forget_log()
