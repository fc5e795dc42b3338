"""The real command in a process of its own."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import ClientSession

CHECKOUT = Path(__file__).parent.parent


@dataclass
class Running:
    """`ivbot run`, from the moment it has said where it is."""

    process: Process
    url: str = ""
    code: str = ""
    said: list[str] = field(default_factory=list)

    async def kill(self) -> None:
        """As the kernel or a power cut does it."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> tuple[int, str]:
        """As an operator does it: the exit code and all it wrote to standard error."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        assert self.process.stderr
        errors = await self.process.stderr.read()
        return await self.process.wait(), errors.decode()


@asynccontextmanager
async def running(folder: Path, *arguments: str, **environment: str) -> AsyncIterator[Running]:
    """Run the bot in a folder on a free port; it is gone when the block ends."""
    process = await _start(folder, environment, *arguments)
    started = Running(process)
    try:
        await _read_greeting(started)
        yield started
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def command(folder: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    """Run a command to its end: exit code, standard output, standard error."""
    process = await _start(folder, environment, *arguments)
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def _start(folder: Path, environment: dict[str, str], *arguments: str) -> Process:
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("IVBOT_")},
        "PYTHONPATH": str(CHECKOUT),
        "IVBOT_WEB__PORT": "0",
        "IVBOT_LIMITS__MESSAGES_PER_MINUTE": "1000",
        "IVBOT_TELEGRAM__UNDER_16": "allow",
        "IVBOT_VISITS__QUIET_FROM": "08:00",  # never: at whatever hour a test runs, nothing waits for the morning
        **environment,
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *(arguments or ("run",)),
        cwd=folder,
        env=env,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )


async def _read_greeting(started: Running) -> None:
    """Read what it says until it has said where the page is and how to become coordinator, or it has ended."""
    assert started.process.stdout
    while line := (await started.process.stdout.readline()).decode():
        started.said.append(line.strip())
        if found := re.search(r"The chat page is at (\S+)", line):
            started.url = found[1]
        if found := re.search(r"First coordinator code: (\S+)", line):
            started.code = found[1]
        if line.startswith("Ready") and await _is_up(started.url):
            return


async def _is_up(url: str) -> bool:
    async with ClientSession() as session, session.get(f"{url}/healthz") as answer:
        return answer.status == 200


class Page:
    """A browser without JavaScript: a cookie, the page, its forms."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session = session
        self._url = url
        self.html = ""

    async def open(self, query: str = "") -> str:
        async with self._session.get(f"{self._url}/{query}") as answer:
            self.html = await answer.text()
        return self.words

    async def say(self, text: str) -> str:
        """Type into the text box and send; the words on the page then."""
        return await self._post(self._forms[-1], {"text": text})

    async def press(self, label: str) -> str:
        """Press the last button of that label."""
        for form in reversed(self._forms):
            buttons = re.findall(
                r'<button[^>]*?name="data"[^>]*?value="([^"]*)"[^>]*>\s*(.*?)\s*</button>', form, re.DOTALL
            )
            buttons += [
                (v, label_)
                for v, label_ in re.findall(
                    r'<button[^>]*?value="([^"]*)"[^>]*?name="data"[^>]*>\s*(.*?)\s*</button>', form, re.DOTALL
                )
            ]
            for value, shown in buttons:
                if re.sub(r"<[^>]+>", "", shown).strip().replace("&#39;", "'") == label:
                    return await self._post(form, {"data": value})
        raise LookupError(f"no button {label!r} on the page")

    @property
    def words(self) -> str:
        return re.sub(r"<[^>]+>", "", self.html).replace("&#39;", "'")

    @property
    def _forms(self) -> list[str]:
        return re.findall(r'<form[^>]*action="/chat".*?</form>', self.html, re.DOTALL)

    async def _post(self, form: str, fields: dict[str, str]) -> str:
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)"[^>]*? value="([^"]*)"', form))
        async with self._session.post(f"{self._url}/chat", data={**hidden, **fields}) as answer:
            self.html = await answer.text()
        return self.words
