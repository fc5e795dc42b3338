"""Which handler an event goes to. Deny by default: a handler names the roles that may reach it."""

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from bot.domain.references import code_in
from bot.domain.roles import STAFF, Role
from bot.engine.danger import Danger
from bot.engine.message import Incoming, Kind
from bot.engine.turn import Turn
from bot.settings import Settings
from bot.store.database import Reader

SAFETY = "safety"
"""The data of the red button, which works however many messages came before it."""

Handler = Callable[[Turn], Awaitable[None]]
Due = Callable[[Reader, dt.datetime, Settings], Awaitable[list[Incoming]]]
"""What is due now, each with an event id that is the same however often it is found."""


@dataclass(frozen=True, slots=True)
class Route:
    """A handler, and who may reach it."""

    handle: Handler
    roles: frozenset[Role]


@dataclass(slots=True)
class Router:
    """The handlers of a topic, or of the whole bot."""

    commands: dict[str, Route] = field(default_factory=dict)
    buttons: dict[str, Route] = field(default_factory=dict)
    moments: dict[str, Route] = field(default_factory=dict)
    others: dict[str, Route] = field(default_factory=dict)
    due: list[Due] = field(default_factory=list)

    def command(self, name: str, roles: frozenset[Role]) -> Callable[[Handler], Handler]:
        """`/name`, typed or from the menu of commands."""
        return _register(self.commands, name, roles)

    def button(self, verb: str, roles: frozenset[Role]) -> Callable[[Handler], Handler]:
        """Buttons whose data is `verb` or starts with `verb:`."""
        return _register(self.buttons, verb, roles)

    def moment(self, name: str, due: Due | None = None) -> Callable[[Handler], Handler]:
        """A moment that comes; `due` tells when, unless another part of the engine does."""
        if due:
            self.due.append(due)
        return _register(self.moments, name, frozenset(Role))

    def other(self, name: str, roles: frozenset[Role]) -> Callable[[Handler], Handler]:
        """What is neither: a kind of event, or one of the names below.

        `danger`, `worry`, `too_fast`, `code`, `form`, `question`, `stale`, `unknown`.
        """
        return _register(self.others, name, roles)

    def include(self, others: Iterable["Router"]) -> "Router":
        """Take in the handlers of other topics."""
        for other in others:
            for mine, theirs in (
                (self.commands, other.commands),
                (self.buttons, other.buttons),
                (self.moments, other.moments),
                (self.others, other.others),
            ):
                if twice := mine.keys() & theirs.keys():
                    raise ValueError(f"two handlers for {', '.join(sorted(twice))}")
                mine.update(theirs)
            self.due.extend(other.due)
        return self

    async def route(self, turn: Turn) -> None:
        """Danger first; then commands and buttons, which work in every state; then codes, the open form, free text."""
        route = self.find(turn)
        if turn.person.role not in route.roles:
            route = self.others["unknown"]  # the same words as for what does not exist
        await route.handle(turn)
        turn.own_up()

    def find(self, turn: Turn) -> Route:
        incoming = turn.incoming
        words = {Kind.UNREADABLE: incoming.data, Kind.BUTTON: ""}.get(incoming.kind, incoming.text)
        if incoming.kind is Kind.CLOCK:
            return self.moments[incoming.data.split(":")[0]]
        command = words.strip().lower() in {f"/{name}" for name in self.commands}
        if words and not command and (heard := _alarm(turn, words)) is not Danger.NONE:
            return self.others[heard]
        if turn.excess and not _asks_for_safety(incoming):
            return self.others["too_fast"]
        if incoming.kind is Kind.BUTTON:
            return self.buttons.get(incoming.data.split(":")[0], self.others["stale"])
        if incoming.kind is not Kind.TEXT:
            return self.others[incoming.kind]
        return self._text(turn)

    def _text(self, turn: Turn) -> Route:
        text = turn.incoming.text.strip()
        if text.startswith("/"):
            return self.commands.get(text[1:].split(maxsplit=1)[0].lower() if text[1:] else "", self.others["unknown"])
        if code_in(text):
            return self.others["code"]
        return self.others["form" if turn.form and not turn.form.paused else "question"]


def _alarm(turn: Turn, words: str) -> Danger:
    """What it sounds like, in whatever box it was typed. Those who are at work write of danger as well."""
    if turn.person.role in STAFF or turn.at_work:
        return Danger.NONE
    return turn.context.alarm.hear(words, turn.language).danger


def _asks_for_safety(incoming: Incoming) -> bool:
    return incoming.data.split(":")[0] == SAFETY or incoming.text.strip().lower().startswith("/safe")


def _register(table: dict[str, Route], name: str, roles: frozenset[Role]) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        table[name] = Route(handler, roles)
        return handler

    return register
