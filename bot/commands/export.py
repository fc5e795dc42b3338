"""`ivbot export`: records to a file or to standard output."""

import datetime as dt
from dataclasses import dataclass
from typing import IO

from rich.console import Console
from rich.progress import Progress

from bot.errors import WrongUse
from bot.reports import export
from bot.settings import Settings
from bot.store import audit
from bot.store.clock import stamp
from bot.store.database import opened


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records, in which form. Both days are included."""

    kind: str
    format: str
    since: dt.date | None
    until: dt.date | None


async def export_to(settings: Settings, wanted: Wanted, out: IO[bytes], *, show_progress: bool) -> None:
    """Write the export, and a line of audit. Raises WrongUse for a kind there is none of."""
    if wanted.kind not in export.EXPORTS:
        raise WrongUse(f"export: there is no kind {wanted.kind!r}. Kinds: {', '.join(export.EXPORTS)}")
    now = dt.datetime.now(dt.UTC)
    since = export.day_start(wanted.since, settings.zone) if wanted.since else export.EARLIEST
    until = export.day_start(wanted.until + dt.timedelta(days=1), settings.zone) if wanted.until else export.LATEST
    seen = export.Seen(now, settings.zone)
    async with opened(settings.database.path, settings.database.key.get_secret_value()) as database:
        async with database.writer.transaction() as writer:
            await audit.add(writer, "", "operator", "export", f"{wanted.kind}.{wanted.format}", stamp(now))
        async with database.reading() as reader:
            with Progress(console=Console(stderr=True), disable=not show_progress, transient=True) as progress:
                task = progress.add_task(wanted.kind, total=await export.EXPORTS[wanted.kind].count(reader, since, until))
                await export.write(
                    reader, wanted.kind, wanted.format, out, seen, since, until, lambda: progress.advance(task)
                )
