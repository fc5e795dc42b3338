"""News for the pages that are open: one line of server-sent events whenever there is something to fetch."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from bot.errors import DatabaseUnavailable

STREAMS = 5
"""Pages of one session that may listen at once: a browser opens six connections to one site."""

HEARTBEAT_SECONDS = 20.0
NEWS = "event: news\ndata: 1\n\n"
CLOSED = "event: closed\ndata: 1\n\n"
STILL_HERE = ": still here\n\n"


class Bells:
    """Who is listening, by address. Ringing wakes every open page of a session."""

    def __init__(self) -> None:
        self._bells: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self.closed = False

    def full(self, address: str) -> bool:
        return len(self._bells.get(address, ())) >= STREAMS

    @property
    def listening(self) -> int:
        """How many pages are open now."""
        return sum(len(bells) for bells in self._bells.values())

    def ring(self, address: str) -> None:
        for bell in self._bells.get(address, ()):
            bell.set()

    def close(self) -> None:
        """End every stream now."""
        self.closed = True
        for address in self._bells:
            self.ring(address)

    @contextmanager
    def hung(self, address: str) -> Iterator[asyncio.Event]:
        """A bell for as long as somebody listens."""
        bell = asyncio.Event()
        self._bells[address].add(bell)
        try:
            yield bell
        finally:
            self._bells[address].discard(bell)
            if not self._bells[address]:
                del self._bells[address]


class NewsStream(StreamingResponse):
    """GET /stream for one page. Ends when the page goes, when the session has ended, or when the bells close."""

    media_type = "text/event-stream"

    def __init__(self, bells: Bells, address: str, alive: Callable[[str], Awaitable[bool]]) -> None:
        self._bells = bells
        self._address = address
        self._alive = alive
        self._bell = asyncio.Event()
        super().__init__(self._events(), headers={"X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._bells.hung(self._address) as self._bell:
            await super().__call__(scope, receive, send)

    async def _events(self) -> AsyncIterator[str]:
        """News at once, for what was said while nobody listened; then at every ring."""
        yield "retry: 2000\n" + NEWS
        while True:
            rung = await self._rung()
            if self._bells.closed:
                return
            try:
                alive = await self._alive(self._address)
            except DatabaseUnavailable:
                return
            if not alive:
                yield CLOSED
                return
            yield NEWS if rung else STILL_HERE

    async def _rung(self) -> bool:
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                await self._bell.wait()
        except TimeoutError:
            return False
        self._bell.clear()
        return True
