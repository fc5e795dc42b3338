"""Files that are made when a message is sent."""

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot.engine.message import Parcel
from bot.reports import export
from bot.settings import Settings
from bot.store.database import Database


class Documents:
    """Renders the documents of messages from a read-only connection."""

    def __init__(self, database: Database, settings: Settings, now: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._settings = settings
        self._now = now

    async def render(self, parcel: Parcel) -> Path:
        """The file, in a temporary directory of its own that the caller removes."""
        document = parcel.message.document
        if document is None:
            raise LookupError("this message has no document")
        seen = export.Seen(self._now(), self._settings.zone)
        day = seen.now.astimezone(seen.zone).date().isoformat()
        path = Path(tempfile.mkdtemp(prefix="ivbot-")) / f"{document.kind}-{day}.{document.format}"
        try:
            async with self._database.reading() as reader:
                with path.open("wb") as out:
                    await export.write(reader, document.kind, document.format, out, seen)
        except BaseException:
            shutil.rmtree(path.parent, ignore_errors=True)
            raise
        return path
