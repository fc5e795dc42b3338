"""Requests to the Bot API for python-telegram-bot, over one aiohttp session.

A Bot API address holds the token. Nothing raised here names an address, and nothing raised here carries the error
of the HTTP library along: aiohttp's errors know the address they were made for.
"""

import io
import logging
import os
from http import HTTPStatus
from typing import Any

import aiohttp
import orjson
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

os.environ.setdefault("PTB_TIMEDELTA", "1")  # the library warns at every RetryAfter otherwise

# The library logs each address (with the token) and each call (with what people wrote). What matters we log ourselves.
logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)

CONNECTIONS = 128
"""One is held by the long poll; the rest bounds how many messages are on their way at once."""

READ_SECONDS = 10.0
WRITE_SECONDS = 10.0
UPLOAD_SECONDS = 60.0
CONNECT_SECONDS = 10.0
POOL_SECONDS = 20.0


class AiohttpRequest(BaseRequest):
    """The library's request back end. One is enough for a bot: polls and sends share its connections.

    `trust_env` honours HTTPS_PROXY, as council networks need it.
    """

    def __init__(self, *, trust_env: bool = False) -> None:
        self._trust_env = trust_env
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the session; one that is open stays."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                trust_env=self._trust_env,
            )

    async def shutdown(self) -> None:
        """Close the session; one that is closed stays closed."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request; the status and the body of its answer. Raises NetworkError, TimedOut or BadRequest."""
        if self._session is None:
            raise NetworkError("The session is not open")
        uploads = bool(request_data and request_data.contains_files)
        timeout = _timeout(
            _seconds(read_timeout, READ_SECONDS),
            _seconds(write_timeout, UPLOAD_SECONDS if uploads else WRITE_SECONDS),
            _seconds(connect_timeout, CONNECT_SECONDS),
            _seconds(pool_timeout, POOL_SECONDS),
        )
        try:
            # A redirect would carry the token to another host.
            async with self._session.request(
                method, url, timeout=timeout, allow_redirects=False, **_body(request_data)
            ) as response:
                status, payload = response.status, await response.read()
        except TimeoutError:
            failure: NetworkError = TimedOut()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure = NetworkError(type(error).__name__)
        else:
            return status, _checked(status, payload)
        # Outside of the except block: an error raised in there would keep aiohttp's as its context.
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as an object. The library's own version would log what it cannot read."""
        answer = _object(payload)
        if answer is None:
            raise TelegramError("The answer is not of the Bot API")
        return answer


def _seconds(given: ODVInput[float], usual: float) -> float | None:
    return usual if isinstance(given, DefaultValue) else given


def _timeout(
    read: float | None, write: float | None, connect: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    """The limits aiohttp has: none for writing, so the total bounds it; connecting includes waiting for the pool."""
    both = None if connect is None or pool is None else connect + pool
    total = None if read is None or write is None or both is None else read + write + both
    return aiohttp.ClientTimeout(total=total, connect=both, sock_connect=connect, sock_read=read)


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None or not (data.parameters or data.contains_files):
        return {}
    if not data.contains_files:
        return {"data": orjson.dumps(data.parameters), "headers": {"Content-Type": "application/json"}}
    form = aiohttp.FormData(quote_fields=False)  # Telegram shows a file name as it was sent
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mimetype) in data.multipart_data.items():
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=filename, content_type=mimetype)
    return {"data": form}


def _checked(status: int, payload: bytes) -> bytes:
    """What the library may read: it puts a body it cannot parse into its message, and a proxy's page may quote us."""
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        raise BadRequest("Request entity too large")  # to the library a trouble of the network, to be tried for ever
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        if b'"result"' not in payload:
            raise NetworkError("The answer is not of the Bot API")
        return payload
    return b"{}" if _object(payload) is None else payload


def _object(payload: bytes) -> dict[str, Any] | None:
    try:
        answer = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None
    return answer if isinstance(answer, dict) else None
