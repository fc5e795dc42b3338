"""A Telegram Bot API server on this machine, over real HTTP: what the tests and the benchmark talk to.

In a test: `async with BotApi() as api:`, with `api.base_url` and `api.token` for the settings. As a process of its
own: `python -m tests.botapi --port 0` prints the port; the controls are then POST /test/NAME with a JSON list of
keyword arguments (an object for each call), and GET /test/state tells what came of it.
"""

import argparse
import asyncio
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Self

import orjson
from aiohttp import web

from tests import botapi_rules as rules
from tests.botapi_chats import Chats, Sent
from tests.botapi_profile import Profile
from tests.botapi_rules import Args, Problem
from tests.botapi_updates import Updates

TOKEN = "1234567890:AAlocal-test-token"
_NESTED = ("reply_markup", "allowed_updates", "commands", "scope", "link_preview_options", "reply_parameters")
_CONTROLS = ("say", "press", "update", "block", "unblock", "fail_next", "drop_next")


@dataclass
class _Fault:
    """What the next call of a method meets instead of an answer. No problem: the connection drops."""

    problem: Problem | None
    times: int
    after: bool = False


class Drop(Exception):
    """The connection closes without an answer."""


class BotApi:
    """The server, and the hands of the people in its chats. `wait` and `until` wait; all else acts at once."""

    def __init__(
        self, token: str = TOKEN, *, port: int = 0, delay: float = 0.0, username: str = "visitors_bot"
    ) -> None:
        """`delay` is the time in seconds each message takes to be sent."""
        self.token = token
        self.port = port
        self.me: Args = {"id": 1234567890, "is_bot": True, "first_name": "Visitors", "username": username}
        self.calls: Counter[str] = Counter()
        self.chats = Chats(self.me, delay)
        self.profile = Profile()
        self.updates = Updates()
        methods: dict[str, Callable[[Args], Awaitable[object]]] = {
            "getMe": self._get_me,
            **self.chats.methods,
            **self.profile.methods,
            **self.updates.methods,
        }
        self._methods = {name.lower(): (name, method) for name, method in methods.items()}
        self._faults: dict[str, list[_Fault]] = defaultdict(list)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_post("/test/{name}", self._control)
        app.router.add_get("/test/state", self._state)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        self._caller = asyncio.create_task(self.updates.call_webhook())
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._caller.cancel()
        await asyncio.gather(self._caller, return_exceptions=True)
        self.updates.stop_polls()
        await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    # The hands.

    def say(self, chat_id: int, text: str, language: str = "en") -> Args:
        """Somebody types in a private chat."""
        message = self.message(chat_id, language) | {"text": text}
        if text.startswith("/"):
            length = rules.units(text.split(maxsplit=1)[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self.update({"message": message})

    def press(self, chat_id: int, label_or_data: str, language: str = "en") -> Args:
        """Somebody presses a button of the newest message that has it. Raises LookupError."""
        sent, button = self.chats.with_button(chat_id, label_or_data)
        query = {
            "id": f"q{self.updates.last + 1}",
            "from": self.person(chat_id, language),
            "chat_instance": str(chat_id),
            "message": self.chats.told(sent),
            "data": button["callback_data"],
        }
        self.chats.queries.add(query["id"])
        return self.update({"callback_query": query})

    def message(self, chat_id: int, language: str = "en") -> Args:
        """The frame of a message from a person, to be filled with what they send."""
        chat = {"id": chat_id, "type": "private", "first_name": "Sam"}
        sender = self.person(chat_id, language)
        return {"message_id": self.chats.next_message(), "from": sender, "chat": chat, "date": int(time.time())}

    def person(self, user_id: int, language: str = "en") -> Args:
        """A user as Telegram tells of them."""
        return {"id": user_id, "is_bot": False, "first_name": "Sam", "language_code": language}

    def update(self, raw: Args) -> Args:
        """Anything that happens; it gets the next update_id."""
        self.chats.meet(raw)
        return self.updates.add(raw)

    def block(self, chat_id: int) -> Args:
        """Somebody stops the bot."""
        self.chats.blocked.add(chat_id)
        return self._membership(chat_id, "member", "kicked")

    def unblock(self, chat_id: int) -> Args:
        """Somebody starts it again."""
        self.chats.blocked.discard(chat_id)
        return self._membership(chat_id, "kicked", "member")

    # What a test sees.

    def sent(self, chat_id: int) -> list[Sent]:
        """What the bot said in a chat, oldest first."""
        return list(self.chats.sent[chat_id])

    async def wait(
        self,
        chat_id: int,
        until: int | Callable[[list[Sent]], bool] = 1,
        timeout: float = 60.0,  # noqa: ASYNC109 - a test says how patient it is
    ) -> list[Sent]:
        """Wait for so many messages in a chat, or until a test of them holds."""

        def reached() -> bool:
            sent = self.chats.sent[chat_id]
            return len(sent) >= until if isinstance(until, int) else until(sent)

        try:
            await self.until(reached, timeout)
        except TimeoutError:
            raise TimeoutError(f"chat {chat_id} has {[sent.text for sent in self.sent(chat_id)]}") from None
        return self.sent(chat_id)

    async def until(self, holds: Callable[[], bool], timeout: float = 60.0) -> None:  # noqa: ASYNC109 - as above
        """Wait until something about this server holds."""
        await self.updates.until(holds, timeout)

    # What can go wrong.

    def fail_next(
        self, method: str, status: int, description: str, retry_after: int | None = None, times: int = 1
    ) -> None:
        """The next calls of a method fail with this answer."""
        parameters = {} if retry_after is None else {"retry_after": retry_after}
        self._faults[method.lower()].append(_Fault(Problem(status, description, parameters), times))

    def drop_next(self, method: str, *, after: bool = False, times: int = 1) -> None:
        """The next calls of a method get no answer: the line drops, before or `after` it was done."""
        self._faults[method.lower()].append(_Fault(None, times, after))

    # The server.

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        try:
            result = await self._perform(request)
        except Drop:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        except Problem as problem:
            body: Args = {"ok": False, "error_code": problem.status, "description": problem.description}
            if problem.parameters:
                body["parameters"] = problem.parameters
            return _json(body, problem.status)
        finally:
            self.updates.tell()
        return _json({"ok": True, "result": result})

    async def _perform(self, request: web.Request) -> object:
        token = request.match_info["token"]
        if token != self.token:
            number, _, rest = token.partition(":")
            raise Problem(401, "Unauthorized") if number.isdecimal() and rest else Problem(404, "Not Found")
        found = self._methods.get(request.match_info["method"].lower())
        if found is None:
            raise Problem(404, "Not Found")
        name, method = found
        self.calls[name] += 1
        args = await _arguments(request)
        fault = self._fault(name.lower())
        if fault and not fault.after:
            raise fault.problem or Drop
        result = await method(args)
        if fault:
            raise Drop
        return result

    def _fault(self, name: str) -> _Fault | None:
        faults = self._faults[name]
        if not faults:
            return None
        fault = faults[0]
        fault.times -= 1
        if not fault.times:
            faults.pop(0)
        return fault

    async def _get_me(self, _args: Args) -> Args:
        return self.me | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def _membership(self, chat_id: int, old: str, new: str) -> Args:
        def member(status: str) -> Args:
            return {"user": self.me, "status": status} | ({"until_date": 0} if status == "kicked" else {})

        frame = self.message(chat_id)
        del frame["message_id"]
        return self.update({"my_chat_member": frame | {"old_chat_member": member(old), "new_chat_member": member(new)}})

    async def _control(self, request: web.Request) -> web.Response:
        """The hands, for another process."""
        name = request.match_info["name"]
        if name not in _CONTROLS:
            return _json({"ok": False}, 404)
        results = [getattr(self, name)(**arguments) for arguments in orjson.loads(await request.read())]
        return _json({"ok": True, "result": results})

    async def _state(self, _request: web.Request) -> web.Response:
        counts = {str(chat): len(sent) for chat, sent in self.chats.sent.items() if sent}
        pending = len(self.updates.pending)
        return _json({"calls": self.calls, "pending": pending, "sent": sum(counts.values()), "chats": counts})


def _json(body: object, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


async def _arguments(request: web.Request) -> Args:
    """What was asked: in the address, and in a form, JSON or multipart body."""
    args: Args = dict(request.query)
    if request.content_type == "application/json":
        args |= orjson.loads(await request.read() or b"{}")
    else:
        args |= dict(await request.post())
    for name in _NESTED:
        if isinstance(args.get(name), str):
            args[name] = orjson.loads(args[name])
    return args


async def _main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.botapi", description="A local Telegram Bot API server.")
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--token", default=TOKEN)
    options.add_argument("--delay", type=float, default=0.0, help="seconds each message takes to be sent")
    chosen = options.parse_args()
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    async with BotApi(chosen.token, port=chosen.port, delay=chosen.delay) as api:
        sys.stdout.write(f"{api.port}\n")
        sys.stdout.flush()
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(_main())
