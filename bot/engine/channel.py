"""What the engine asks of a channel, and what a channel asks of the engine."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.engine.message import Incoming, Parcel

Submit = Callable[[Sequence[Incoming]], Awaitable[None]]
"""Hand events to intake. Returns when they are committed; raises DatabaseUnavailable when they could not be."""


class Channel(Protocol):
    """Sends. Raises one of the errors below, and nothing else, when it could not."""

    name: str

    async def send(self, parcel: Parcel, file: Path | None) -> None:
        """Deliver one message; `file` is the rendered document when the message has one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One turn of a conversation as a chat page shows it: what they said (or pressed), then what was answered."""

    turn: int
    said: str
    answers: tuple[Parcel, ...]


class Story(Protocol):
    """What a chat page may read of its own sessions. An address is one session."""

    async def language(self, address: str) -> str | None:
        """The language of the person in this session; None when there is no such session, or it has ended."""

    async def lines(self, address: str, after: int = 0) -> list[Line]:
        """The turns after turn number `after`, oldest first."""

    async def parcel(self, address: str, parcel: int) -> Parcel | None:
        """One message of this session: whose button was pressed, whose document is wanted."""

    async def render(self, parcel: Parcel) -> Path:
        """The document of a message, made now in a temporary directory of its own, which the caller removes."""


@dataclass
class TryAgain(Exception):
    """It may go through later (429, 5xx, a dropped connection); not before `after` seconds, when that is known.

    `reason` is the channel's, without content.
    """

    after: float | None = None
    reason: str = ""


@dataclass
class Unreachable(Exception):
    """They take no messages from us: the bot is blocked, the account is gone."""


@dataclass
class Refused(Exception):
    """It will never go through as it is. `reason` is the channel's, without content."""

    reason: str


class NotTheirs(LookupError):
    """A document about something that whoever asks for it may not see, or no longer."""
