"""The turns of one transaction: loaded with one statement, handled in order, written with one `executemany` a table."""

import datetime as dt
import traceback
from collections.abc import Sequence

import orjson
import structlog

from bot.engine.context import Context
from bot.engine.message import Incoming, Kind, Parcel
from bot.engine.pace import Pace
from bot.engine.turn import Known, OpenForm, Turn, new_id
from bot.errors import DatabaseUnavailable
from bot.i18n import _
from bot.store import forms, inbox, outbox, people, traces
from bot.store.clock import stamp
from bot.store.database import Row, Writer
from bot.store.people import Address, Person
from bot.store.traces import Traces

log = structlog.get_logger()

SORRY = _(
    "Sorry, something went wrong on my side. It's not your fault. What you told me before is safe. Please try again."
)

ERASED = _("This was rubbed out.")
"""Stands on the screens of staff where the words of somebody stood who erased them."""

Where = tuple[str, str]

_UNCOUNTED = frozenset({Kind.CLOCK, Kind.BLOCKED, Kind.UNBLOCKED, Kind.LEFT})
"""Nobody says these too fast."""

_GOODBYES = frozenset({Kind.BLOCKED, Kind.LEFT})
"""From somebody unknown these change nothing: nobody is remembered for having gone."""


class Batch:
    """What the events of one transaction change, kept as values until `flush`."""

    def __init__(self, context: Context, writer: Writer, now: dt.datetime, pace: Pace) -> None:
        self._context = context
        self._writer = writer
        self._now = now
        self._pace = pace
        self._turn = self._parcel = 0
        self._seen: set[tuple[str, str]] = set()
        self._addresses: dict[Where, Address] = {}
        self._people: dict[str, Known] = {}
        self._as_saved: dict[str, Known] = {}
        self._spoke: set[Where] = set()
        self._removed: set[Where] = set()
        self._left: set[Where] = set()
        self._left_behind: set[str] = set()
        self._marks: list[tuple[int, str, str, str, str, str]] = []
        self._failures: list[tuple[str, str, str, str, str]] = []
        self._sent: list[tuple[int, Parcel]] = []
        self._traces: list[Traces] = []
        self._gone: set[str] = set()

    @property
    def erased(self) -> bool:
        """Whether anything was erased: then it has to leave the write-ahead log as well."""
        return bool(self._traces)

    @property
    def parcels(self) -> list[Parcel]:
        """What is to be delivered once this is committed."""
        return [parcel for _turn, parcel in self._sent]

    async def handle(self, events: Sequence[Incoming]) -> None:
        """Take each event in order, once."""
        rows = await inbox.load(self._writer, [(event.channel, event.event_id, event.address) for event in events])
        for event, row in zip(events, rows, strict=True):
            self._turn, self._parcel = max(self._turn, row["last_turn"]), max(self._parcel, row["last_parcel"])
            mark = (event.channel, event.event_id)
            if row["seen"] or mark in self._seen:
                continue
            self._seen.add(mark)
            self._meet(event, row)
            where = (event.channel, event.address)
            if where in self._left or (event.kind in _GOODBYES and where not in self._addresses):
                self._turn += 1
                self._marks.append((self._turn, *mark, event.address, "", stamp(self._now)))
            else:
                await self._take(event)

    async def flush(self) -> None:
        """Write what the turns left behind; forget the addresses that were closed, and what was erased, last."""
        now, writer = stamp(self._now), self._writer
        changed = [(self._as_saved.get(person), known) for person, known in self._people.items()]
        await people.save(writer, [new.person for old, new in changed if not old or old.person != new.person], now)
        await people.save_addresses(writer, [self._addresses[where] for where in sorted(self._spoke)], now)
        new_forms = [new for old, new in changed if new.form != (old.form if old else None)]
        await forms.remove(writer, [known.person.id for known in new_forms if not known.form])
        await forms.save(writer, [_form_row(known.person.id, known.form, now) for known in new_forms if known.form])
        await inbox.add(writer, self._marks)
        await inbox.add_failures(writer, self._failures)
        await outbox.add(writer, [_parcel_row(turn, parcel, now) for turn, parcel in self._sent])
        await outbox.replace(writer, [(p.address, int(p.message.replaces)) for p in self.parcels if _replaces_here(p)])
        for channel, address in sorted(self._removed):
            await people.remove_address(writer, channel, address)
        for person in sorted(self._left_behind):
            await people.remove_if_forgotten(writer, person)
        words = self._context.words
        notes = {language: words.html(ERASED, language) for language in words.languages}
        for found in self._traces:
            await traces.sweep(writer, found, notes)

    def _meet(self, event: Incoming, row: Row) -> None:
        """What the database knew of this address and its person, unless a turn of this batch knows better."""
        where = (event.channel, event.address)
        if row["role"] is None:
            return
        person = event.address if event.kind is Kind.CLOCK else row["person"]
        if person in self._gone:
            return
        if event.kind is not Kind.CLOCK:
            self._addresses.setdefault(where, Address(*where, person, row["hint"], bool(row["reachable"])))
        if person not in self._people:
            self._people[person] = self._as_saved[person] = Known(
                people.person_of(row),
                self._form(row["form"], row["answers"], row["reminded_at"]),
            )

    async def _find(self, person: str) -> Known | None:
        """Somebody else, as this batch knows them."""
        if person not in self._people and (found := await people.find(self._writer, person)):
            row = await forms.find(self._writer, person)
            form = self._form(row["name"], row["answers"], row["reminded_at"]) if row else None
            self._people[person] = self._as_saved[person] = Known(found, form)
        return self._people.get(person)

    def _form(self, name: str | None, answers: str, reminded_at: str | None) -> OpenForm | None:
        """A kept form, if this version still has one of that name."""
        return OpenForm(name, orjson.loads(answers), reminded_at) if name and name in self._context.forms else None

    async def _take(self, event: Incoming) -> None:
        self._turn += 1
        turn = self._new_turn(event)
        with structlog.contextvars.bound_contextvars(turn=self._turn):
            try:
                await self._context.router.route(turn)
                await turn.release()
            except DatabaseUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it was, it must not take the others down with it
                await turn.roll_back()
                turn = self._failed(event, error)
            log.debug("turn.done", channel=event.channel, kind=event.kind, replies=len(turn.replies))
        self._keep(turn)

    def _new_turn(self, event: Incoming) -> Turn:
        where = (event.channel, event.address)
        address = self._addresses.get(where)
        person = event.address if event.kind is Kind.CLOCK else address.person if address else ""
        known = self._people.get(person) or Known(Person(new_id()), None)
        return Turn(
            self._context,
            event,
            known,
            number=self._turn,
            now=self._now,
            writer=self._writer,
            hint=address.language if address else "",
            excess=0 if event.kind in _UNCOUNTED else self._pace.excess(where, self._now),
            find=self._find,
        )

    def _failed(self, event: Incoming, error: Exception) -> Turn:
        """The handler's effects are gone; the event is kept, the person told, the operator told."""
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error("turn.failed", error=type(error).__name__, code=f"{where.name}:{where.lineno}", kind=event.kind)
        trace = "".join(traceback.format_exception(error))
        kept = orjson.dumps(event).decode()
        self._failures.append((event.channel, event.event_id, kept, trace, stamp(self._now)))
        turn = self._new_turn(event)
        turn.reachable = event.kind is not Kind.BLOCKED
        if event.kind is Kind.LEFT:
            turn.remove_address(event.channel, event.address)
        if event.kind not in _UNCOUNTED:
            turn.say(SORRY)
        return turn

    def _keep(self, turn: Turn) -> None:
        """A turn that ended well: its values become the batch's."""
        event, where = turn.incoming, (turn.incoming.channel, turn.incoming.address)
        if turn.traces:
            self._forget(turn.traces)
        if event.kind is Kind.CLOCK:
            if turn.person.id in self._people:
                self._people[turn.person.id] = Known(turn.person, turn.form)
            self._removed |= turn.removed - self._spoke
        elif where not in turn.removed:
            self._people[turn.person.id] = Known(turn.person, turn.form)
            self._addresses[where] = Address(*where, turn.person.id, turn.hint, turn.reachable)
            self._spoke.add(where)
            self._removed.discard(where)
        else:
            self._removed |= turn.removed
            self._left.add(where)
        self._left_behind |= turn.left_behind
        self._marks.append((turn.number, event.channel, event.event_id, event.address, _said(turn), turn.stamp))
        for reply in turn.replies:
            self._parcel += 1
            self._sent.append(
                (turn.number, Parcel(self._parcel, reply.person, reply.channel, reply.address, reply.message))
            )

    def _forget(self, found: Traces) -> None:
        """What this batch still has of somebody who erased everything is not written again."""
        self._traces.append(found)
        if found.wholly:
            self._gone.add(found.person)
            self._people.pop(found.person, None)
            self._as_saved.pop(found.person, None)
            self._sent = [(number, parcel) for number, parcel in self._sent if parcel.person != found.person]
            self._addresses = {w: address for w, address in self._addresses.items() if address.person != found.person}
            self._spoke &= self._addresses.keys()


def _said(turn: Turn) -> str:
    """What the chat page shows as theirs: not the command that opens it, nor each tick in a list."""
    event = turn.incoming
    if (
        event.channel != "web"
        or event.text.startswith("/start")
        or any(reply.message.replaces for reply in turn.replies)
    ):
        return ""
    return event.text


def _form_row(person: str, form: OpenForm, now: str) -> tuple[str, str, str, str, str | None]:
    return person, form.name, orjson.dumps(form.answers).decode(), now, form.reminded_at


def _parcel_row(turn: int, parcel: Parcel, now: str) -> tuple[int, int, str | None, str, str, str, str, str | None]:
    due = None if parcel.channel == "web" else now
    return parcel.id, turn, parcel.person or None, parcel.channel, parcel.address, parcel.message.to_json(), now, due


def _replaces_here(parcel: Parcel) -> bool:
    return parcel.channel == "web" and bool(parcel.message.replaces)
