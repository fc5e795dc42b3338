"""Exports: CSV, XLSX and JSON are written once, row by row, for all kinds (bot/reports/kinds.py)."""

import datetime as dt
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from bot.engine.channel import NotTheirs
from bot.errors import WrongUse
from bot.reports.kinds import EXPORTS, Seen
from bot.reports.sheets import SHEETS
from bot.store.clock import day_start
from bot.store.database import Reader

EARLIEST, LATEST = "0000", "9999"
_FIRST_DAY, _LAST_DAY = dt.date(1970, 1, 1), dt.date(9000, 1, 1)


async def write(
    reader: Reader,
    kind: str,
    form: str,
    out: IO[bytes],
    seen: Seen,
    since: str = EARLIEST,
    until: str = LATEST,
    *,
    advance: Callable[[], None] = lambda: None,
) -> None:
    """Write one export, row by row. `since` and `until` are stamps, the second not included.

    `advance` is called for each row. Raises NotTheirs when the file is not for whoever it is made for.
    """
    export = EXPORTS[kind]
    if seen.viewer and seen.viewer.role not in export.roles:
        raise NotTheirs
    async with aclosing(export.rows(reader, since, until, seen.viewer)) as rows:
        with SHEETS[form](out, export.columns) as sheet:
            async for row in rows:
                cells = export.cells(row, seen)
                sheet.add([cells.get(column) for column in export.columns])
                advance()


@contextmanager
def beside(path: Path) -> Iterator[IO[bytes]]:
    """Write beside the file, then rename: whoever looks sees the old file or the whole new one. For its owner alone."""
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise WrongUse(f"{path}: is not a file. Name one, or leave --out away for standard output.")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:50]}.", dir=target.parent)
    except OSError as error:
        raise WrongUse(f"{path}: cannot be written ({error.strerror})") from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = error.filename or str(path)
        raise


def span(since: dt.date | None, until: dt.date | None, zone: ZoneInfo) -> tuple[str, str]:
    """From the first moment of one day to the last of another, where the service is, as stamps for `write`."""
    first = day_start(since, zone) if since and since > _FIRST_DAY else EARLIEST
    return first, day_start(until + dt.timedelta(days=1), zone) if until and until < _LAST_DAY else LATEST
