"""One turn: what a handler sees of an event, and the only way it has any effect.

Replies, the open form and the person are values until the batch ends; records are written through `write()`, inside a
savepoint that is rolled back when the handler raises.
"""

import datetime as dt
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from bot.domain.roles import STAFF
from bot.engine.context import Context
from bot.engine.message import Button, Document, Incoming, Kind, Letter, Outgoing
from bot.i18n import Dated, Text, _
from bot.named import Named
from bot.store import people, traces
from bot.store.clock import moment, stamp
from bot.store.database import Reader, Writer
from bot.store.people import Address, Person
from bot.store.traces import Traces

WAITING = Address("web", "", "")
"""Where messages wait for somebody who can only come back with their return code."""


FAR = dt.timedelta(days=240)
"""A date as far from now as this is not plain without its year."""

NEWS = _("You have a message here.")
READ_IT = _("Show me")
BY_MACHINE = _(
    "A computer put my words into this language. People are still checking them, so some may sound odd. "
    "You can change the language at any time."
)

PAUSED = "?paused"
"""Among the answers of a form while something else is being talked about."""

ASIDE = "@aside"
"""Among the answers of a form: those forms, each with its answers, that wait until it is closed."""


def new_id() -> str:
    """The id of somebody new: a token that means nothing elsewhere."""
    return secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Tap:
    """A button before it is in a language."""

    label: Text | str
    data: str = ""
    url: str = ""
    danger: bool = False
    language: str = ""  # of its label, where that is not the reader's


@dataclass(frozen=True, slots=True)
class OpenForm:
    """The form a person is in. The answers, in the order they were given, are its whole state."""

    name: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    reminded_at: str | None = None

    @property
    def paused(self) -> bool:
        return PAUSED in self.answers


@dataclass(frozen=True, slots=True)
class Known:
    """A person and the form they are in."""

    person: Person
    form: OpenForm | None


@dataclass(frozen=True, slots=True)
class Reply:
    """An Outgoing and who gets it where."""

    person: str  # empty: somebody who is on no chat
    channel: str
    address: str
    message: Outgoing


class Turn:
    """One event being handled."""

    def __init__(
        self,
        context: Context,
        incoming: Incoming,
        known: Known,
        *,
        number: int,
        now: dt.datetime,
        writer: Writer,
        hint: str,
        excess: int,
        find: Callable[[str], Awaitable[Known | None]],
    ) -> None:
        self.context = context
        self.incoming = incoming
        self.person = known.person
        self.form = known.form
        self.number = number
        self.now = now
        self.hint = incoming.language or hint
        self.excess = excess  # how many messages too many they sent this minute
        self.replies: list[Reply] = []
        self.reachable = True
        self.about_safety = False  # whatever else there is to say can wait
        self.removed: set[tuple[str, str]] = set()
        self.left_behind: set[str] = set()
        self.traces: Traces | None = None
        self._writer = writer
        self._writing = False
        self._find = find

    @property
    def at_work(self) -> bool:
        """Whether what is typed now is written for a child or about one, in a form of those who handle cases."""
        return bool(self.form and not self.form.paused and self.context.forms[self.form.name].at_work)

    @property
    def language(self) -> str:
        """The language of this moment: the chosen one, else what the channel says they read."""
        return self.context.words.choose(self.person.language, self.hint)

    @property
    def typed_in(self) -> str | None:
        """The language of what they typed, when it plainly is another one spoken here."""
        typed = {Kind.TEXT: self.incoming.text, Kind.UNREADABLE: self.incoming.data}.get(self.incoming.kind, "")
        found = self.context.alarm.language_of(typed, self.language)
        return found if found in self.context.words.languages else None

    @property
    def stamp(self) -> str:
        return stamp(self.now)

    def day(self, stamped: str) -> dt.date:
        """The day of a stamp, where the service is."""
        return moment(stamped).astimezone(self.context.settings.zone).date()

    def date(self, iso: str) -> dt.date:
        """A date as it is said: with its year, unless it is not far from now."""
        day = dt.date.fromisoformat(iso)
        return day if abs(day - self.day(self.stamp)) < FAR else Dated.of(day)

    def time(self, stamped: str) -> dt.time:
        """The time of day of a stamp, where the service is."""
        return moment(stamped).astimezone(self.context.settings.zone).time().replace(second=0, microsecond=0)

    @property
    def reader(self) -> Reader:
        """The records as this turn sees them, its own writes included."""
        return self._writer

    async def write(self) -> Writer:
        """The records, to be changed. The first call of a turn opens its savepoint."""
        if not self._writing:
            await self._writer.run("SAVEPOINT turn")
            self._writing = True
        return self._writer

    async def become(self, person: str) -> bool:
        """From now on this address speaks for somebody known before. False when nobody has this id any more."""
        known = await self._find(person)
        if known:
            self.left_behind.add(self.person.id)
            self.person, self.form = known.person, known.form
        return known is not None

    async def forget(self, words: Sequence[str], references: Sequence[str], *, wholly: bool = False) -> None:
        """What was said so far leaves this person's screens, and `words` (or what `references` name) those of staff.

        Called before the records are erased. `wholly`: whoever is here is somebody new from now on, and only the
        language they speak goes with them.
        """
        here = (self.incoming.channel, self.incoming.address)
        ways = (here, *await traces.ways(self.reader, self.person.id))
        officers = tuple(await traces.officers(self.reader, references))
        self.traces = Traces(self.person.id, ways, here, self.number, tuple(words), tuple(references), officers, wholly)
        if wholly:
            self.person, self.form = Person(new_id(), language=self.person.language), None

    def remove_address(self, channel: str, address: str) -> None:
        """Forget an address and all that was said through it; its person too, when nothing else is kept of them."""
        self.removed.add((channel, address))

    def say(
        self, text: Text | Markup, *taps: Tap | list[Tap], replacing: bool = False, document: Document | None = None
    ) -> None:
        """Answer where the event came from. `replacing`: in place of the message whose button was pressed."""
        if self.incoming.kind is Kind.CLOCK:
            raise ValueError("nobody is there to answer: tell() them")
        message = Outgoing(
            html=self.html(text),
            buttons=self._buttons(taps, self.language),
            replaces=self.incoming.pressed if replacing else "",
            document=document,
            alone=self.traces is not None,
            language=self.language,
        )
        self.replies.append(Reply(self.person.id, self.incoming.channel, self.incoming.address, message))

    def say_again(self, message: Outgoing) -> None:
        """What was said while they could not be reached, now that they are here."""
        self.replies.append(Reply(self.person.id, self.incoming.channel, self.incoming.address, message))

    async def tell(self, person: Person, text: Text, *taps: Tap | list[Tap], document: Document | None = None) -> None:
        """Speak to somebody of our own accord, in their language, where they were last seen (staff: everywhere).

        Such a message may light up a screen: it carries no name, no topic and nothing anybody told us.
        """
        addresses = await people.addresses(self.reader, person.id)
        if person.role == "guest":
            addresses = addresses[:1]
        for address in addresses or [replace(WAITING, person=person.id)]:
            language = self.context.words.choose(person.language, address.language)
            html = self.context.words.html(text, language)
            message = Outgoing(html, self._buttons(taps, language), document=document, language=language)
            self.replies.append(Reply(person.id, address.channel, address.address, message))

    async def tell_staff(self, text: Text, *taps: Tap | list[Tap]) -> None:
        """Everybody on the staff learns that something has happened. No content, and no name."""
        for person in await people.with_roles(self.reader, sorted(STAFF)):
            await self.tell(person, text, *taps)

    async def nudge(self, person: Person, opens: str) -> None:
        """Tell somebody that there is something to read: who glances at their screen learns no more than that.

        `opens` is the data of the button that shows it.
        """
        await self.tell(person, NEWS, Tap(READ_IT, opens))

    def mail(self, to: str, address: str, subject: Text, text: Text, *, about: str) -> bool:
        """Write to somebody of the service who is on no chat, in the language of the service.

        `to` is what they are called in ivbot.toml, `about` a reference: by these staff hear when it is not taken.
        False when mail is off, or no address is known: nothing is sent, and somebody else has to be told.
        """
        if not (address and self.context.settings.mail.host):
            return False
        words, language = self.context.words, self.context.words.languages[0]
        letter = Letter(secrets.token_hex(16), self.stamp, words.plain(subject, language), to, about)
        self.replies.append(Reply("", "mail", address, Outgoing(words.html(text, language), letter=letter)))
        return True

    def own_up(self) -> None:
        """At the end of what is said, and once in each language: only a computer has seen our words in it."""
        language, here = self.context.words.language(self.language), (self.incoming.channel, self.incoming.address)
        told = self.person.owned_up.split()
        mine = [at for at, reply in enumerate(self.replies) if (reply.channel, reply.address) == here]
        if not mine or self.traces or self.about_safety or not language.by_machine or language.code in told:
            return
        self.person = replace(self.person, owned_up=" ".join((*told, language.code)))
        last = self.replies[mine[-1]]
        html = Markup("{}\n\n<i>{}</i>").format(last.message.html, self.html(BY_MACHINE))
        self.replies[mine[-1]] = replace(last, message=replace(last.message, html=html))

    def joined(self, *parts: Text | Markup) -> Markup:
        """One under another."""
        return Markup("\n\n").join(map(self.html, parts))

    def html(self, text: Text | Markup) -> Markup:
        return self.context.words.html(text, self.language) if isinstance(text, Text) else text

    def plain(self, text: Text) -> str:
        return self.context.words.plain(text, self.language)

    def open_form(self, name: str, answers: Mapping[str, Any] | None = None) -> None:
        """Open a form. One that is open already waits meanwhile; one of this name that waited goes on."""
        waiting = self._unfinished()
        before = waiting.pop(name, {})
        again = before if self.form and self.form.name != name else {}
        self.form = OpenForm(name, {**({ASIDE: waiting} if waiting else {}), **again, **(answers or {})})

    def pause_form(self) -> None:
        """Something else is being talked about: what is typed next is not an answer to the form."""
        if self.form:
            self.form = replace(self.form, answers={**self.form.answers, PAUSED: True})

    def close_form(self) -> None:
        """The form is finished, or given up. The one that waited last is there again, to be gone on with."""
        waiting = dict(self.form.answers.get(ASIDE, {})) if self.form else {}
        self.form = None
        if waiting:
            name, answers = waiting.popitem()
            self.form = OpenForm(name, {**({ASIDE: waiting} if waiting else {}), **answers, PAUSED: True})

    def drop_form(self, name: str) -> None:
        """One form is given up, whether it is open or waits."""
        if self.form and self.form.name == name:
            self.close_form()
        elif self.form and (waiting := self.form.answers.get(ASIDE)):
            waiting = {other: answers for other, answers in waiting.items() if other != name}
            self.form = replace(self.form, answers={**self.form.answers, ASIDE: waiting})

    def drop_forms(self) -> None:
        """Every form is given up, those that wait as well."""
        self.form = None

    def _unfinished(self) -> dict[str, Any]:
        """The forms that were begun and are worth keeping, each with its answers, the newest last."""
        if not self.form:
            return {}
        answers = {key: value for key, value in self.form.answers.items() if key != PAUSED}
        begun = {**answers.pop(ASIDE, {}), self.form.name: answers}
        forms = self.context.forms
        return {name: answers for name, answers in begun.items() if name in forms and forms[name].worth_keeping}

    async def release(self) -> None:
        """Keep what was written."""
        if self._writing:
            await self._writer.run("RELEASE turn")

    async def roll_back(self) -> None:
        """Undo what was written, and only that."""
        if self._writing:
            await self._writer.run("ROLLBACK TO turn")
            await self._writer.run("RELEASE turn")

    def _buttons(self, taps: tuple[Tap | list[Tap], ...], language: str) -> tuple[tuple[Button, ...], ...]:
        return tuple(
            tuple(self._button(tap, language) for tap in (row if isinstance(row, list) else [row])) for row in taps
        )

    def _button(self, tap: Tap, language: str) -> Button:
        words = self.context.words
        match tap.label:
            case Text():
                label = words.plain(tap.label, language)
            case Named():
                label = words.plain(Text("{name}", values={"name": tap.label}), language)
            case _:
                label = tap.label
        return Button(label, tap.data, tap.url, tap.danger, tap.language)
