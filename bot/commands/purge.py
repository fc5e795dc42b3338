"""`ivbot purge`: retention now."""

import datetime as dt

from bot.settings import Settings
from bot.store import audit
from bot.store import purge as store
from bot.store.clock import stamp
from bot.store.database import opened


async def purge(settings: Settings, *, dry_run: bool) -> dict[str, int]:
    """Delete what is too old, or only count it; how many of each kind."""
    now = dt.datetime.now(dt.UTC)
    old = store.limits(now, settings.retention)
    async with opened(settings.database.path, settings.database.key.get_secret_value()) as database:
        if dry_run:
            async with database.reading() as reader:
                return await store.count(reader, old)
        async with database.writer.transaction() as writer:
            counts = await store.run(writer, old)
            await audit.add(writer, "", "operator", "purge", "", stamp(now))
        await database.forget_log()
        return counts
