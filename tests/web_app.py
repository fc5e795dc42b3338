"""A chat page on a real port, with an engine small enough to keep in the test."""

import asyncio
import contextlib
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from markupsafe import escape
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.web import WebChannel
from bot.engine.channel import Line, NotTheirs
from bot.engine.message import Button, Document, Incoming, Kind, Outgoing, Parcel, rows
from bot.errors import DatabaseUnavailable
from bot.i18n import Words, _
from bot.settings import Settings, Web
from tests.spoken import words_of

ALWAYS = ((_("I'm not safe"), "safety", True), (_("Menu"), "menu", False))

WELCOME = (
    "Hello. I can tell you about <b>Independent Visitors</b>.\n\n"
    "A visitor is a grown-up who is there for you.\nThey come to see you, and you do things together."
)
TOPICS = rows(
    Button("What is a visitor?", "what"),
    Button("Can I have one?", "can"),
    (Button("Yes, send it", "yes"), Button("No, not now", "no")),
    Button("I want to talk to someone now", "talk", danger=True),
)

ARABIC = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=1; plural=0;\\n"

msgid "Send"
msgstr "إرسال"

msgid "Write here"
msgstr "اكتب هنا"
"""
ENGLISH = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'


def catalogues(folder: Path) -> Words:
    """Two languages, one of them written from right to left."""
    for language, text in (("en", ENGLISH), ("ar", ARABIC)):
        path = folder / language / "LC_MESSAGES" / "ivbot.po"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return words_of(folder, "en", "ar")


@dataclass
class Engine:
    """Behaves like intake and the story: takes each event once, remembers turns, rings the channel after it."""

    ring: Callable[[Parcel], Awaitable[None]] | None = None
    taken: list[Incoming] = field(default_factory=list)
    unavailable: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    rendered: list[Path] = field(default_factory=list)
    not_theirs: bool = False
    _seen: set[str] = field(default_factory=set)
    _lines: dict[str, list[Line]] = field(default_factory=dict)
    _languages: dict[str, str] = field(default_factory=dict)
    _parcels: int = 0
    _turns: int = 0

    def __post_init__(self) -> None:
        self.gate.set()

    async def submit(self, events: Sequence[Incoming]) -> None:
        await self.gate.wait()
        if self.unavailable:
            raise DatabaseUnavailable("ivbot.db", "disk full")
        for event in events:
            if event.event_id not in self._seen:
                self._seen.add(event.event_id)
                self.taken.append(event)
                await self._turn(event)

    async def _turn(self, event: Incoming) -> None:
        if event.kind is Kind.LEFT:
            self.end(event.address)
            return
        if event.text == "/start":
            self._languages[event.address] = "ar" if event.language.startswith("ar") else "en"
        if event.text == "break":
            raise RuntimeError("the engine never lets this out")
        if event.data == "arabic":
            self._languages[event.address] = "ar"
        said = "" if event.text == "/start" else event.text
        await self.say(event.address, self._answer(event), said=said)

    def _answer(self, event: Incoming) -> Outgoing:
        if event.text == "/start":
            return Outgoing(WELCOME, TOPICS)
        if event.text == "menu" or event.data == "menu":
            return Outgoing(
                "Here is what you can do.", rows(Button("Change it", "change"), Button("العربية", "arabic"))
            )
        if event.text == "file":
            return Outgoing("Here is your file.", document=Document("interest", "csv"))
        if event.text == "link":
            return Outgoing("Read more.", rows(Button("Open the page", url="http://127.0.0.1:9/page")))
        if event.data == "change":
            return Outgoing("Changed.", replaces=event.pressed)
        return Outgoing(f"You wrote: {escape(event.text)}", rows(Button("Next", "next"), Button("Back", "back")))

    async def say(self, address: str, message: Outgoing, said: str = "") -> None:
        """One more turn: an answer, or news when nothing was said."""
        self._turns += 1
        self._parcels += 1
        parcel = Parcel(self._parcels, "p1", "web", address, message)
        self._lines.setdefault(address, []).append(Line(self._turns, said, (parcel,)))
        if self.ring:
            await self.ring(parcel)

    def end(self, address: str) -> None:
        """The session is over, and its transcript gone."""
        self._languages.pop(address, None)
        self._lines.pop(address, None)

    def end_all(self) -> None:
        for address in list(self._languages):
            self.end(address)

    @property
    def addresses(self) -> list[str]:
        return list(self._languages)

    async def language(self, address: str) -> str | None:
        return self._languages.get(address)

    async def lines(self, address: str, after: int = 0) -> list[Line]:
        return [line for line in self._lines.get(address, []) if line.turn > after]

    async def parcel(self, address: str, parcel: int) -> Parcel | None:
        every = [answer for line in self._lines.get(address, []) for answer in line.answers]
        return next((answer for answer in every if answer.id == parcel), None)

    async def render(self, parcel: Parcel) -> Path:
        assert parcel.message.document is not None
        if self.not_theirs:
            raise NotTheirs
        path = Path(tempfile.mkdtemp()) / f"{parcel.message.document.kind}.{parcel.message.document.format}"
        path.write_text("reference\nIV-7K3Q-M\n", encoding="utf-8")
        self.rendered.append(path)
        return path

    def clean(self) -> None:
        for path in self.rendered:
            shutil.rmtree(path.parent, ignore_errors=True)


@dataclass
class Site:
    """A running chat page, and the engine behind it."""

    url: str
    engine: Engine
    channel: WebChannel

    async def said(self) -> list[str]:
        """What was taken from whoever came, without their coming."""
        return [event.text for event in self.engine.taken if event.text != "/start" and event.kind is not Kind.LEFT]


async def _elsewhere(request: Request) -> Response:  # noqa: ARG001 - Starlette hands it over
    """Where leaving leads, and where a link to the chat is."""
    return HTMLResponse('<!doctype html><html lang="en"><title>Weather</title><h1>Sunny</h1>')


async def _moved(request: Request) -> Response:
    """Where leaving leads may lead further, to another site again."""
    return RedirectResponse(f"http://127.0.0.1:{request.url.port}/weather")


async def _linked(request: Request) -> Response:
    return HTMLResponse(f'<!doctype html><title>Council</title><a href="{request.query_params["to"]}">The chat</a>')


async def _broken(request: Request) -> Response:  # noqa: ARG001 - Starlette hands it over
    raise RuntimeError("secret detail")


class Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@contextlib.asynccontextmanager
async def listening(app: Starlette) -> AsyncIterator[int]:
    """The application on a free port of this machine."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=10)
        server = Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        await server.ready.wait()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await task


@contextlib.asynccontextmanager
async def elsewhere() -> AsyncIterator[str]:
    """Another site, under another name than the chat's, so that browsers hold it for one."""
    app = Starlette(
        routes=[
            Route("/weather", _elsewhere),
            Route("/favicon.ico", _elsewhere),
            Route("/moved", _moved),
            Route("/linked", _linked),
        ]
    )
    async with listening(app) as port:
        yield f"http://localhost:{port}"


@contextlib.asynccontextmanager
async def site(folder: Path, web: Web | None = None) -> AsyncIterator[Site]:
    """The chat page, served as app.py serves it."""
    words, engine = catalogues(folder), Engine()
    channel = WebChannel(Settings(web=web or Web()), words, engine.submit, engine, ALWAYS)
    engine.ring = lambda parcel: channel.send(parcel, None)
    routes = [*channel.routes, Route("/broken", _broken)]
    app = Starlette(routes=routes, exception_handlers=channel.exception_handlers)
    try:
        async with listening(app) as port:
            try:
                yield Site(f"http://127.0.0.1:{port}", engine, channel)
            finally:
                channel.close()
    finally:
        engine.clean()
