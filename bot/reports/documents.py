"""Files that are made when a message is sent."""

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.domain.roles import STAFF, Role, Viewer
from bot.domain.working_days import Calendar
from bot.engine.channel import NotTheirs
from bot.engine.context import Context
from bot.engine.message import Parcel
from bot.i18n import _
from bot.reports import calendar_file, export, kinds, my_data
from bot.store import people, visits
from bot.store.clock import moment
from bot.store.database import Database, Reader

VISIT = _("Visit")
"""In somebody's calendar, where others may read it: no name and no place."""


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
                    elif document.kind == calendar_file.KIND:
                        out.write(await self._visit(reader, document.about, parcel.person, now))
                    else:
                        seen = kinds.Seen(now, settings.zone, await self._viewer(reader, parcel.person), calendar)
                        await export.write(reader, document.kind, document.format, out, seen)
        except BaseException:
            shutil.rmtree(path.parent, ignore_errors=True)
            raise
        return path

    async def _visit(self, reader: Reader, reference: str, person: str, now: dt.datetime) -> bytes:
        """A visit for the calendar of its volunteer or of staff. Raises NotTheirs for anybody else."""
        viewer = await self._viewer(reader, person)
        find = visits.find if viewer.role in STAFF else partial(visits.of_volunteer, person=person)
        visit, reader_of_it = await find(reader, reference), await people.find(reader, person)
        if visit is None or reader_of_it is None:
            raise NotTheirs
        ways, words = await people.addresses(reader, person), self._context.words
        entry = calendar_file.Entry(
            visit.reference,
            moment(visit.planned_for),
            calendar_file.LASTS,
            visit.changes,
            visit.status in {"cancelled", "paused"},
            words.plain(VISIT, words.choose(reader_of_it.language, *(way.language for way in ways))),
            self._context.settings.contacts.coordinator.email,
        )
        return calendar_file.render(entry, now)

    @staticmethod
    async def _viewer(reader: Reader, person: str) -> Viewer:
        """Whoever the file goes to, as what they are now: nobody reads in a file what they may not see in the chat."""
        known = await people.find(reader, person)
        return Viewer(person, known.role if known else Role.GUEST)
