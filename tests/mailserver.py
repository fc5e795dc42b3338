"""A real SMTP server on this machine, and what it does to the mails that come."""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from tempfile import NamedTemporaryFile

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

AUTHORITY = trustme.CA()
_FILE = NamedTemporaryFile(suffix=".pem")  # noqa: SIM115 - it is there as long as the tests run
AUTHORITY.cert_pem.write_to_path(_FILE.name)
CERTIFICATE = Path(_FILE.name)
"""Whoever trusts this file trusts the server, as `localhost` and nothing else."""

NAME, PASSWORD = "ivbot", "marked-password"


@dataclass(frozen=True)
class Received:
    """A mail that was taken, and how it came."""

    sender: str
    to: list[str]
    mail: EmailMessage
    raw: bytes
    encrypted: bool
    logged_in: bool

    @property
    def words(self) -> str:
        return str(self.mail.get_content()).replace("\r\n", "\n")


@dataclass
class MailServer:
    """`answers` are said once each, in order, in place of yes: to "RCPT" and "DATA". `held` holds back the yes."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    held: asyncio.Event | None = None
    clings: bool = False  # does not answer to goodbye
    connections: int = 0
    at_once: int = 0
    offered: list[str] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, mails: int) -> None:
        """Wait for so many mails to have been offered, taken or not."""
        async with asyncio.timeout(60), self.news:
            await self.news.wait_for(lambda: len(self.offered) >= mails)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.answers["RCPT"]:
            await self._offer(address)
            return self.answers["RCPT"].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        raw = envelope.content
        assert isinstance(raw, bytes)
        mail = message_from_bytes(raw, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        if self.answers["DATA"]:
            await self._offer(str(mail["Message-ID"]))
            return self.answers["DATA"].pop(0)
        self.received.append(
            Received(
                envelope.mail_from or "",
                list(envelope.rcpt_tos),
                mail,
                raw,
                encrypted=session.ssl is not None,
                logged_in=bool(session.authenticated),
            )
        )
        self.at_once += 1
        await self._offer(str(mail["Message-ID"]))
        if self.held:
            await self.held.wait()
        self.at_once -= 1
        return "250 OK"

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - as above
        if self.clings:
            await asyncio.Event().wait()
        return "221 Bye"

    async def _offer(self, what: str) -> None:
        async with self.news:
            self.offered.append(what)
            self.news.notify_all()


@asynccontextmanager
async def mail_server(*, starttls: bool = False, login: bool = False, port: int = 0) -> AsyncIterator[MailServer]:
    """A server that takes mail until the block ends."""
    made = MailServer()
    context = None
    if starttls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        AUTHORITY.issue_cert("localhost").configure_cert(context)

    def protocol() -> SMTP:
        made.connections += 1
        return SMTP(
            made,
            hostname="localhost",
            tls_context=context,
            require_starttls=starttls,
            authenticator=_authenticate if login else None,
            auth_required=login,
            auth_require_tls=starttls or not login,
        )

    server = await asyncio.get_running_loop().create_server(protocol, "localhost", port, family=2)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: object) -> AuthResult:
    known = isinstance(given, LoginPassword) and (given.login, given.password) == (NAME.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)
