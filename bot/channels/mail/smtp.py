"""Talking to a mail server, and its answers in the engine's terms."""

import asyncio
import contextlib
import re
import ssl

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.engine.channel import Refused, TryAgain
from bot.settings import Mail

ANSWER_SECONDS = 30.0
"""How long a server may take over one answer."""

GOODBYE_SECONDS = 2.0
"""How long it may take over goodbye."""

FOR_GOOD = 500
"""Codes from here on mean: do not try this one again (RFC 5321, 4.2.1)."""

TROUBLE = (SMTPException, OSError)
"""All that the library raises when a server or the network fails."""


class _NoCertificatesError(OSError):
    """The file that says whom to trust is not there, or is no such file."""


_REASONS = (
    (SMTPAuthenticationError, "the login was refused with"),
    (SMTPSenderRefused, "the sender was refused with"),
    (SMTPResponseException, "the server said"),
    (ssl.SSLCertVerificationError, "the server's certificate is not trusted"),
    (ssl.SSLError, "the connection could not be encrypted"),
    (TimeoutError, "the server did not answer in time"),
    (_NoCertificatesError, "mail.ca_file cannot be read"),
    (OSError, "the server cannot be reached"),
)
"""The first that fits."""

_DETAIL = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")
"""An enhanced status code (RFC 3463). What stands after it may quote the mail."""


async def connect(mail: Mail) -> SMTP:
    """A server that is ready to take a mail. With `starttls` nothing but a greeting goes before encryption.

    Raises what is in TROUBLE.
    """
    smtp = SMTP(
        hostname=mail.host,
        port=mail.port,
        start_tls=False,
        timeout=ANSWER_SECONDS,
        tls_context=_trust(mail) if mail.starttls else None,
        local_hostname=mail.sender.rpartition("@")[2],
    )
    try:
        await smtp.connect()
        await smtp.ehlo()
        if mail.starttls:
            _must_offer(smtp, "starttls")
            await smtp.starttls()
            await smtp.ehlo()
        if mail.username:
            _must_offer(smtp, "auth")
            await smtp.login(mail.username, mail.password.get_secret_value())
    except BaseException:
        smtp.close()
        raise
    return smtp


async def leave(smtp: SMTP) -> None:
    """Say goodbye, and wait for no long answer."""
    with contextlib.suppress(*TROUBLE):
        await smtp.quit(timeout=GOODBYE_SECONDS)
    smtp.close()


async def probe(mail: Mail, seconds: float) -> str:
    """Whether mail could be handed in now: what is wrong, or nothing. No mail is sent."""
    try:
        async with asyncio.timeout(seconds):
            await leave(await connect(mail))
    except TimeoutError:
        return f"{mail.host} did not answer in time"
    except TROUBLE as error:
        return f"{mail.host}: {told(error).reason}"
    return ""


def told(error: Exception) -> TryAgain | Refused:
    """What a server's answer, or the lack of one, means for a mail.

    Only what was said of the mail or its reader can refuse it. A server that does not take us at all (no encryption,
    no login, no such sender) is one to be mended: mails wait for that.
    """
    match error:
        case SMTPRecipientsRefused():
            return _judged(error.recipients[0])
        case SMTPDataError():
            return _judged(error)
        case SMTPNotSupported():
            return TryAgain(reason=f"the server does not offer {error.message}")
    reason = next((reason for kind, reason in _REASONS if isinstance(error, kind)), "the server cannot be understood")
    return TryAgain(reason=f"{reason} {_code(error)}" if isinstance(error, SMTPResponseException) else reason)


def _trust(mail: Mail) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=mail.ca_file or None)
    except OSError as error:
        raise _NoCertificatesError from error


def _must_offer(smtp: SMTP, extension: str) -> None:
    if not smtp.supports_extension(extension):
        raise SMTPNotSupported(extension.upper())


def _judged(error: SMTPResponseException) -> TryAgain | Refused:
    code = _code(error)
    return Refused(code) if error.code >= FOR_GOOD else TryAgain(reason=f"the server said {code}")


def _code(error: SMTPResponseException) -> str:
    """The numbers of an answer, and none of its words."""
    detail = _DETAIL.match(error.message)
    return f"{error.code} {detail[0]}" if detail else str(error.code)
