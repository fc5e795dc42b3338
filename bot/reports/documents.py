"""Files that are made when a message is sent."""

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot.domain.roles import Role, Viewer
from bot.domain.working_days import Calendar
from bot.engine.context import Context
from bot.engine.message import Parcel
from bot.reports import export, my_data
from bot.store import people
from bot.store.database import Database, Reader


class Documents:
    """Renders the documents of messages from a read-only connection."""

    def __init__(self, database: Database, context: Context, now: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._context = context
        self._now = now

    async def render(self, parcel: Parcel) -> Path:
        """The file, in a temporary directory of its own that the caller removes."""
        document = parcel.message.document
        if document is None:
            raise LookupError("this message has no document")
        settings = self._context.settings
        now = self._now()
        day = now.astimezone(settings.zone).date().isoformat()
        calendar = Calendar.of(settings.service.jurisdiction, settings.complaints.extra_holidays)
        path = Path(tempfile.mkdtemp(prefix="ivbot-")) / f"{document.kind}-{day}.{document.format}"
        try:
            async with self._database.reading() as reader:
                with path.open("wb") as out:
                    if document.kind == my_data.KIND:
                        text = await my_data.write(reader, parcel, self._context, now)
                        out.write(text.encode("utf-8-sig"))  # phones take text for UTF-8 only behind this mark
                    else:
                        seen = export.Seen(now, settings.zone, await self._viewer(reader, parcel.person), calendar)
                        await export.write(reader, document.kind, document.format, out, seen)
        except BaseException:
            shutil.rmtree(path.parent, ignore_errors=True)
            raise
        return path

    @staticmethod
    async def _viewer(reader: Reader, person: str) -> Viewer:
        """Whoever the file goes to, as what they are now: nobody reads in a file what they may not see in the chat."""
        known = await people.find(reader, person)
        return Viewer(person, known.role if known else Role.GUEST)
