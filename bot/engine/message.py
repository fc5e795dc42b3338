"""What comes in from a channel and what goes out to one: plain values, the same for every channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson


class Kind(StrEnum):
    """What happened on a channel."""

    TEXT = "text"  # words were typed, a command among them
    BUTTON = "button"  # a button was pressed; `data` says which
    UNREADABLE = "unreadable"  # a picture, a voice note, …; `text` names the sort of thing, nothing of it is taken
    EDITED = "edited"  # an earlier message was changed
    BLOCKED = "blocked"  # this address takes no more messages from us
    UNBLOCKED = "unblocked"  # it takes them again
    LEFT = "left"  # they closed the conversation: a chat page session ends
    CLOCK = "clock"  # a moment has come; `data` says for what


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that happened, as a channel tells it. (channel, event_id) happens once, however often it is told."""

    channel: str
    event_id: str
    address: str  # who speaks, in the channel's own terms: a chat, a web session, a person for the clock
    kind: Kind
    text: str = ""  # what was typed; for a button its label, where the channel knows it
    data: str = ""
    pressed: str = ""  # the channel's reference of the message whose button was pressed
    language: str = ""  # what the channel thinks they read: Telegram's language_code, Accept-Language

    @property
    def argument(self) -> str:
        """What comes after the name: of a command (`/show IV-…`), a button (`show:IV-…`) or a moment (`idle:…`)."""
        if self.kind in {Kind.BUTTON, Kind.CLOCK}:
            return self.data.partition(":")[2]
        return self.text.strip().partition(" ")[2].strip()


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a message. `data` comes back when it is pressed (64 bytes at most); a `url` opens instead."""

    label: str
    data: str = ""
    url: str = ""
    danger: bool = False  # shown in red where the channel can
    language: str = ""  # of its label, where that is not the reader's


@dataclass(frozen=True, slots=True)
class Document:
    """A file to be made when it is sent, from a read-only connection: an export, or what is kept about its reader."""

    kind: str
    format: str
    about: str = ""  # the reference of the one record that is in it


@dataclass(frozen=True, slots=True)
class Letter:
    """What makes an Outgoing an e-mail to somebody of the service who is on no chat."""

    id: str  # of its Message-ID: a mail sent twice is one mail to mail programs
    at: str  # when it was written
    subject: str
    to: str  # what they are called in ivbot.toml: complaints_team
    about: str  # a reference


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one address.

    `html` has only b, i, a, and `<div lang="…">` around what is in another language; a blank line parts paragraphs, a
    newline parts lines.
    """

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    replaces: str = ""  # the `pressed` message that this one takes the place of, where the channel can
    document: Document | None = None
    alone: bool = False  # what was said before it is erased: a chat page that shows it is drawn anew
    letter: Letter | None = None
    language: str = ""  # of its words

    def to_json(self) -> str:
        return orjson.dumps(self).decode()

    @classmethod
    def from_json(cls, body: str) -> "Outgoing":
        fields: dict[str, Any] = orjson.loads(body)
        fields["buttons"] = tuple(tuple(Button(**button) for button in row) for row in fields["buttons"])
        fields["document"] = Document(**fields["document"]) if fields["document"] else None
        fields["letter"] = Letter(**fields["letter"]) if fields.get("letter") else None
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class Parcel:
    """An Outgoing on its way: a row of the outbox."""

    id: int
    person: str  # empty: somebody who is on no chat
    channel: str
    address: str
    message: Outgoing
    attempts: int = 0


def rows(*buttons: Button | Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """Buttons one under another; a sequence of them stands side by side."""
    return tuple((item,) if isinstance(item, Button) else tuple(item) for item in buttons)
