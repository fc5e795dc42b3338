"""The mail channel: a few connections, kept while there is something to send."""

import asyncio
import re
from pathlib import Path

from aiosmtplib import SMTP, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected

from bot.channels.mail.letter import compose
from bot.channels.mail.smtp import TROUBLE, connect, leave, told
from bot.engine.channel import Refused, TryAgain
from bot.engine.message import Parcel
from bot.settings import EMAIL, Settings

CONNECTIONS = 4
"""At a time, at most. Mail servers take many mails over one, and few connections from one place."""

IDLE_SECONDS = 10.0
"""How long a connection is kept with nothing to send."""


class MailChannel:
    """A `Channel`. `stop` closes what is open."""

    name = "mail"

    def __init__(self, settings: Settings) -> None:
        self._mail = settings.mail
        self._service = settings.service.name
        self._gate = asyncio.Semaphore(CONNECTIONS)
        self._idle: list[SMTP] = []
        self._leaving: set[asyncio.Task[None]] = set()

    async def send(self, parcel: Parcel, file: Path | None) -> None:  # noqa: ARG002 - mails carry no files
        """Hand in one mail. Raises TryAgain or Refused, and nothing of the library's along with it."""
        letter = parcel.message.letter
        if not letter or not re.fullmatch(EMAIL, parcel.address):
            raise Refused("not an e-mail address")
        content = compose(parcel, letter, self._mail.sender, self._service)
        async with self._gate:
            failure = await self._hand_in(parcel.address, content)
        if failure:
            raise failure

    async def stop(self) -> None:
        """Say goodbye to every server."""
        for smtp in tuple(self._idle):
            self._retire(smtp)
        await asyncio.gather(*self._leaving)

    async def _hand_in(self, address: str, content: bytes) -> TryAgain | Refused | None:
        kept = smtp = self._take()
        usable = False
        try:
            smtp = smtp or await connect(self._mail)
            await smtp.sendmail(self._mail.sender, [address], content)
            usable = True
        except TROUBLE as error:
            usable = isinstance(error, SMTPRecipientsRefused | SMTPResponseException)  # it answered: it takes the next
            if kept and isinstance(error, SMTPServerDisconnected):
                return TryAgain(0.0)  # it was tired of waiting: it is there for a new connection
            return told(error)
        finally:
            self._put(smtp, usable=usable)
        return None

    def _take(self) -> SMTP | None:
        while self._idle:
            smtp = self._idle.pop()
            if smtp.is_connected:
                return smtp
        return None

    def _put(self, smtp: SMTP | None, *, usable: bool) -> None:
        if smtp and usable and smtp.is_connected:
            self._idle.append(smtp)
            asyncio.get_running_loop().call_later(IDLE_SECONDS, self._retire, smtp)
        elif smtp:
            smtp.close()

    def _retire(self, smtp: SMTP) -> None:
        if smtp in self._idle:
            self._idle.remove(smtp)
            task = asyncio.create_task(leave(smtp))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
