"""`ivbot export`: records to a file or to standard output."""

import datetime as dt
from dataclasses import dataclass
from typing import IO

from rich.console import Console
from rich.progress import Progress

from bot.domain.working_days import Calendar
from bot.errors import WrongUse
from bot.reports import export, kinds
from bot.settings import Settings
from bot.store import audit
from bot.store.clock import stamp
from bot.store.database import opened
from bot.store.file import must_be_there


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records, in which form. Both days are included."""

    kind: str
    format: str
    since: dt.date | None
    until: dt.date | None

    def check(self) -> None:
        """Raises WrongUse when there can be no such export."""
        if self.kind not in kinds.EXPORTS:
            raise WrongUse(f"export: there is no kind {self.kind!r}. Kinds: {', '.join(kinds.EXPORTS)}")
        if self.since and self.until and self.since > self.until:
            raise WrongUse(f"export: --since {self.since} is after --until {self.until}. Change one of them.")


async def export_to(settings: Settings, wanted: Wanted, out: IO[bytes], *, show_progress: bool) -> None:
    """Write the export, and a line of audit."""
    now = dt.datetime.now(dt.UTC)
    span = export.span(wanted.since, wanted.until, settings.zone)
    calendar = Calendar.of(settings.service.jurisdiction, settings.complaints.extra_holidays)
    seen = kinds.Seen(now, settings.zone, None, calendar)
    path, key = settings.database.path, settings.database.key.get_secret_value()
    must_be_there(path)
    async with opened(path, key) as database:
        async with database.writer.transaction() as writer:
            await audit.add(writer, "", "operator", "export", f"{wanted.kind}.{wanted.format}", stamp(now))
        async with database.reading() as reader:
            with Progress(console=Console(stderr=True), disable=not show_progress, transient=True) as progress:
                total = await kinds.EXPORTS[wanted.kind].count(reader, *span, seen.viewer)
                task = progress.add_task(wanted.kind, total=total)
                await export.write(
                    reader, wanted.kind, wanted.format, out, seen, *span, advance=lambda: progress.advance(task)
                )
