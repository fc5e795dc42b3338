"""The chat page as a channel: its routes, its open streams, its way out. It keeps no conversation of its own."""

import contextlib
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.web import session as sessions
from bot.channels.web import shield
from bot.channels.web.assets import Assets
from bot.channels.web.chat import Chat
from bot.channels.web.door import CHANNEL, Door
from bot.channels.web.download import download
from bot.channels.web.problems import Handler, Problems
from bot.channels.web.render import Always, Pages
from bot.channels.web.stream import CLOSED, Bells, NewsStream
from bot.engine.channel import NotTheirs, Story, Submit
from bot.engine.message import Incoming, Kind, Parcel
from bot.errors import DatabaseUnavailable
from bot.i18n import Words
from bot.settings import Settings


class WebChannel:
    """The `web` channel. `submit` takes what they say, `story` tells what was said, `always` is on every screen."""

    name = CHANNEL

    def __init__(self, settings: Settings, words: Words, submit: Submit, story: Story, always: Always) -> None:
        self._web = settings.web
        self._words = words
        self._submit = submit
        self._story = story
        self._assets = Assets()
        self._pages = Pages(settings, words, always, self._assets)
        self._door = Door(settings.web, words, submit, story, self._pages)
        self._chat = Chat(self._door, always)
        self._headers = shield.headers(settings.web)
        self._bells = Bells()

    @property
    def routes(self) -> list[BaseRoute]:
        """What app.py serves for this channel, at the root of the site."""
        shielded = [Middleware(shield.Shield, headers=self._headers)]
        return [
            Route("/", self._door.page, methods=["GET"], middleware=shielded),
            Route("/chat", self._chat.post, methods=["POST"], middleware=shielded),
            Route("/stream", self._stream, methods=["GET"], middleware=shielded),
            Route("/leave", self._leave, methods=["POST"], middleware=shielded),
            Route("/closed", self._closed, methods=["GET"], middleware=shielded),
            Route("/file/{parcel:int}", self._file, methods=["GET"], middleware=shielded),
            Route("/static/{name}", self._assets.serve, methods=["GET"], middleware=shielded),
        ]

    @property
    def exception_handlers(self) -> dict[int | type[Exception], Handler]:
        """Kind pages for whatever fails anywhere in the application."""
        return Problems(self._pages, self._words, self._headers).handlers

    @property
    def listening(self) -> int:
        """How many pages are open and waiting for news."""
        return self._bells.listening

    async def send(self, parcel: Parcel, file: Path | None) -> None:  # noqa: ARG002 - a document is made when it is fetched
        """Tell the open pages of this session that there is something to fetch. The message itself is in the outbox."""
        self._bells.ring(parcel.address)

    def close(self) -> None:
        """End every stream now, so that the server can stop. Pages come back by themselves."""
        self._bells.close()

    async def _stream(self, request: Request) -> Response:
        session = await self._door.session(request)
        if self._bells.closed:
            return Response(status_code=204)
        if session is None:
            return Response(CLOSED, media_type=NewsStream.media_type)
        if self._bells.full(session.address):
            raise HTTPException(429)
        return NewsStream(self._bells, session.address, self._is_alive)

    async def _is_alive(self, address: str) -> bool:
        return await self._story.language(address) is not None

    async def _leave(self, request: Request) -> Response:
        """End the session and go, even when nothing can be saved: without its cookie nobody gets back into it.

        Not by a redirect: `form-action` in Chromium holds for every further redirect of leave_to's own.
        """
        sessions.refuse_other_sites(request, self._web)
        with contextlib.suppress(DatabaseUnavailable):
            session = await self._door.session(request)
            if session is not None:
                await self._submit([Incoming(self.name, session.event_id("left"), session.address, Kind.LEFT)])
                self._bells.ring(session.address)
        response = HTMLResponse(self._pages.onward(self._web.leave_to, sessions.language_of(request, self._words)))
        sessions.forget(response, self._web)
        return response

    async def _closed(self, request: Request) -> Response:
        return HTMLResponse(self._pages.closed(sessions.language_of(request, self._words)))

    async def _file(self, request: Request) -> Response:
        session = await self._door.session(request)
        number = sessions.parcel_number(str(request.path_params["parcel"]))
        if session is None or number is None:
            raise HTTPException(404)
        parcel = await self._story.parcel(session.address, number)
        if parcel is None or parcel.message.document is None:
            raise HTTPException(404)
        try:
            file = await self._story.render(parcel)
        except NotTheirs as error:
            raise HTTPException(404) from error
        return await download(file)
