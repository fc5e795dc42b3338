"""Outgoing to an e-mail: plain text, headers that nothing written by anybody can add to, and no more than needed."""

import datetime as dt
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import unescape

from bot.engine.message import Letter, Parcel

_POLICY = SMTP.clone(cte_type="7bit")
"""Every server takes it, however old: what is not ASCII is encoded."""

_TAG = re.compile(r"</?(?:b|i|a)\b[^>]*>")


def compose(parcel: Parcel, letter: Letter, sender: str, service: str) -> bytes:
    """The mail as it goes over the wire. `service` is what mail programs show as its sender."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = Address(_line(service), addr_spec=sender)
    mail["To"] = Address(addr_spec=parcel.address)
    mail["Subject"] = _line(letter.subject)
    mail["Date"] = dt.datetime.fromisoformat(letter.at)
    mail["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_body(parcel.message.html))
    return mail.as_bytes()


def _body(html: str) -> str:
    """The words without their tags, nor characters that are not to be seen."""
    words = unescape(_TAG.sub("", html))
    kept = "".join(c for c in words if c == "\n" or c.isprintable() or c in _MARKS)
    return kept.strip() + "\n"


_JOINING = "\u200c\u200d"
_ISOLATES = "\u2068\u2069"
_MARKS = f"\t{_JOINING}{_ISOLATES}"
"""Not printable, and yet part of what is read: emoji, scripts that join, and directions that meet."""


def _line(words: str) -> str:
    """One line, whatever was in it."""
    kept = (c if c.isprintable() or c in _JOINING else " " for c in words if c not in _ISOLATES)
    return " ".join("".join(kept).split())
