"""One running process: the database, the engine and every configured channel, wired together."""

import asyncio
import contextlib
import datetime as dt
import errno
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from threading import Thread

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

import handlers
from bot.channels.mail import MailChannel
from bot.channels.telegram import TelegramChannel
from bot.channels.web import WebChannel
from bot.domain.roles import STAFF
from bot.engine.channel import Channel
from bot.engine.context import Context, read_context
from bot.engine.delivery import Delivery
from bot.engine.intake import Intake
from bot.engine.schedule import Schedule
from bot.engine.story import Sessions
from bot.errors import CannotListen, DatabaseUnavailable, PortInUse
from bot.reports.documents import Documents
from bot.settings import Settings
from bot.store import codes, people, volunteers
from bot.store.database import Database, only_one, opened

log = structlog.get_logger()


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Bot:
    """Everything that runs. Built on an open database; `run` until `stop`."""

    def __init__(self, settings: Settings, database: Database, now: Callable[[], dt.datetime] = utc_now) -> None:
        self.settings = settings
        self._database = database
        self.context: Context = read_context(settings, handlers.ROUTER, handlers.FORMS)
        documents = Documents(database, self.context, now)
        channels: dict[str, Channel] = {}
        self.delivery = Delivery(database, channels, documents.render, now)
        self.intake = Intake(database, self.context, self.delivery.post, now)
        self.delivery.record, self.delivery.submit = self.intake.record, self.intake.submit
        self.schedule = Schedule(database, self.context, self.intake.submit, now)
        words = self.context.words
        sessions = Sessions(database, words, documents.render)
        self.web = WebChannel(settings, words, self.intake.submit, sessions, handlers.ALWAYS)
        self.telegram: TelegramChannel | None = None
        if settings.web.enabled:
            channels["web"] = self.web
        if settings.telegram.token.get_secret_value():
            self.telegram = TelegramChannel(
                settings, words, self.intake.submit, handlers.COMMANDS, handlers.ABOUT, handlers.NOT_HERE
            )
            channels["telegram"] = self.telegram
        self.mail: MailChannel | None = None
        if settings.mail.host:
            self.mail = MailChannel(settings)
            channels["mail"] = self.mail
        self.stopping = asyncio.Event()

    @property
    def http(self) -> Starlette:
        """The web application: the chat page, the webhook, the health check."""
        routes = [Route("/healthz", self._healthz)]
        if self.telegram:
            routes.append(Route("/telegram", self.telegram.webhook, methods=["POST"]))
        if not self.settings.web.enabled:
            return Starlette(routes=routes)
        return Starlette(routes=[*routes, *self.web.routes], exception_handlers=self.web.exception_handlers)

    async def run(self, listening: socket.socket) -> None:
        """Serve until `stopping` is set, or something breaks for good; then finish what was taken, and stop."""
        config = uvicorn.Config(
            self.http,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
            lifespan="off",
        )
        async with self._database.writer.transaction() as writer:
            await volunteers.set_stages(writer, [stage.id for stage in self.settings.recruitment.stages])
        server = _Server(config)
        writing = asyncio.create_task(self.intake.run())
        await self.delivery.start()
        jobs = [asyncio.create_task(self.schedule.run()), asyncio.create_task(server.serve(sockets=[listening]))]
        if self.telegram:
            jobs.append(asyncio.create_task(self.telegram.run()))
        waiting = asyncio.create_task(self.stopping.wait())
        Thread(target=self.context.learn, name="learning", daemon=True).start()
        log.info("bot.started", telegram=bool(self.telegram), web=self.settings.web.enabled, mail=self.mail is not None)
        try:
            finished, _pending = await asyncio.wait({writing, waiting, *jobs}, return_when=asyncio.FIRST_COMPLETED)
            for task in finished - {waiting}:
                task.result()
        finally:
            await self._stop(server, jobs, writing)
            waiting.cancel()
        log.info("bot.stopped")

    async def _stop(self, server: uvicorn.Server, jobs: list[asyncio.Task[None]], writing: asyncio.Task[None]) -> None:
        """No more is taken in; what was taken is committed; what can be sent at once is sent."""
        server.should_exit = True
        self.web.close()
        schedule, _serving, *polling = jobs
        for job in (schedule, *polling):
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        await self.delivery.stop()
        self.intake.stop()
        with contextlib.suppress(DatabaseUnavailable):
            await writing
        if self.telegram:
            await self.telegram.stop()
        if self.mail:
            await self.mail.stop()

    async def _healthz(self, _request: Request) -> Response:
        """200 when it can write, else 503."""
        try:
            await self.intake.probe()
        except DatabaseUnavailable:
            return PlainTextResponse("cannot write\n", 503)
        return PlainTextResponse("ok\n")


class _Server(uvicorn.Server):
    """uvicorn, with the signals left to us."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """`ivbot run`: one process a database. `say` prints a line for the person at the terminal.

    Raises AlreadyRunning, DatabaseUnavailable, BadPage, PortInUse, CannotListen or BadToken.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(only_one(settings.database.path))
        listening = stack.enter_context(_listen(settings.web.host, settings.web.port))
        key = settings.database.key.get_secret_value()
        database = await stack.enter_async_context(opened(settings.database.path, key))
        bot = Bot(settings, database)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, bot.stopping.set)
        for line in await greeting(settings, database, listening.getsockname()[1]):
            say(line)
        await bot.run(listening)


@contextmanager
def _listen(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUse(host, port) from error
            raise CannotListen(host, port, error.strerror or type(error).__name__) from error
        listening.listen(128)
        yield listening


async def greeting(settings: Settings, database: Database, port: int) -> list[str]:
    """The address, and while nobody is coordinator yet, a code to become one."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.web.host, settings.web.host)  # noqa: S104 - only shown
    page = settings.web.public_url or f"http://{host}:{port}"
    lines = [f"The chat page is at {page}"] if settings.web.enabled else []
    if not settings.telegram.token.get_secret_value():
        lines.append("Telegram is off: set IVBOT_TELEGRAM__TOKEN to serve it as well.")
    async with database.reading() as reader:
        staff = await people.with_roles(reader, sorted(STAFF))
    if not staff:
        async with database.writer.transaction() as writer:
            code = await codes.issue(writer, "coordinator", "", utc_now())
        lines.append(f"First coordinator code: {code}   (or open {page}/?start={code})")
    return [*lines, "Ready. Ctrl+C stops it."]
