"""`make bench`: how fast it is, on this machine, against a Bot API server in another process than the bot.

A closed loop: so many chats walk the interest form at a time, each says its next line when the last was answered,
and when one has finished another begins. Nothing here is a test: figures are read by people, and kept in
docs/performance.md.
"""

import argparse
import asyncio
import os
import re
import shutil
import signal
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot import logs
from bot.engine.intake import Intake
from bot.engine.message import Incoming, Kind
from bot.settings import Limits, Settings
from tests.botapi import TOKEN, BotApi
from tests.botapi_chats import Sent
from tests.conversation import World
from tests.machine import machine
from tests.process import CHECKOUT

WALK: tuple[tuple[str, int], ...] = (
    ("/start", 2), ("[I'd like one", 1), ("[Me", 1), ("Sam", 1), ("11", 1), ("yes", 1), ("music, dogs", 1),
    ("someone kind", 1), ("at school", 1), ("no thank you", 1), ("yes", 1), ("yes", 1), ("no", 2),
    ("[I've saved it", 1),
)  # fmt: skip
"""What one chat says, and how many messages answer it."""

TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Walker:
    """One chat on its way through the form."""

    chat: int
    step: int = -1
    waiting: int = 0
    asked_at: float = 0.0


@dataclass
class Loop:
    """All the chats, driven by what the bot sends."""

    api: BotApi
    walks: int
    chats: int
    walkers: dict[int, Walker] = field(default_factory=dict)
    begun: int = 0
    latencies: list[float] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def begin(self) -> None:
        for _number in range(min(self.chats, self.walks)):
            self._next_chat()

    def heard(self, sent: Sent) -> None:
        """The bot said something: when it was all of the answer, the chat says its next line."""
        walker = self.walkers.get(sent.chat_id)
        if walker is None:
            return
        walker.waiting -= 1
        if walker.waiting == 0:
            self.latencies.append(time.perf_counter() - walker.asked_at)
            asyncio.get_running_loop().call_soon(self._say, walker)

    def _say(self, walker: Walker) -> None:
        walker.step += 1
        if walker.step == len(WALK):
            del self.walkers[walker.chat]
            self._next_chat()
            return
        line, walker.waiting = WALK[walker.step]
        walker.asked_at = time.perf_counter()
        if line.startswith("["):
            self.api.press(walker.chat, line[1:])
        else:
            self.api.say(walker.chat, line)

    def _next_chat(self) -> None:
        if self.begun == self.walks:
            if not self.walkers:
                self.over.set()
            return
        self.begun += 1
        walker = self.walkers[1000 + self.begun] = Walker(1000 + self.begun)
        self._say(walker)


class Listening(dict[int, list[Sent]]):
    """The server's record of what was sent, that tells of each as it comes."""

    def __init__(self, heard: Callable[[Sent], None]) -> None:
        self._heard = heard

    def __missing__(self, chat: int) -> list[Sent]:
        heard = self._heard

        class Messages(list[Sent]):
            def append(self, sent: Sent) -> None:
                super().append(sent)
                heard(sent)

        self[chat] = Messages()
        return self[chat]


@asynccontextmanager
async def bot(folder: Path, api: BotApi, *before: str) -> AsyncIterator[Process]:
    """The bot as an operator runs it, with the limits out of the way."""
    env = os.environ | {
        "PYTHONPATH": str(CHECKOUT),
        "IVBOT_WEB__PORT": "0",
        "IVBOT_TELEGRAM__TOKEN": TOKEN,
        "IVBOT_TELEGRAM__BASE_URL": api.base_url,
        "IVBOT_TELEGRAM__UNDER_16": "allow",
        "IVBOT_LIMITS__MESSAGES_PER_MINUTE": "100000",
        "IVBOT_LOG__LEVEL": "warning",
    }
    process = await asyncio.create_subprocess_exec(
        *before, sys.executable, "-m", "bot", "run", cwd=folder, env=env, stdin=DEVNULL, stdout=PIPE
    )
    try:
        yield process
    finally:
        os.kill(_innermost(process.pid), signal.SIGTERM)
        await process.communicate()


def _innermost(pid: int) -> int:
    """The bot itself, when something was put before it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return _innermost(int(children[0])) if children else pid


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def peak_mebibytes(pid: int) -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


async def walk(walks: int, chats: int) -> Iterator[tuple[str, str]]:
    """The loop, and what it cost."""
    async with BotApi() as api:
        loop = Loop(api, walks, chats)
        api.chats.sent = Listening(loop.heard)
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            api.say(1, "/start")
            async with bot(Path(folder), api) as process:
                await api.until(lambda: bool(api.chats.sent[1]), 60)
                start = time.perf_counter() - began
                cpu, began = cpu_seconds(process.pid), time.perf_counter()
                loop.begin()
                await loop.over.wait()
                took, used = time.perf_counter() - began, cpu_seconds(process.pid) - cpu
                peak = peak_mebibytes(process.pid)
    updates = walks * len(WALK)
    cuts = statistics.quantiles(loop.latencies, n=100)
    return iter([
        ("updates in the loop", f"{updates:,} ({walks} walks, {chats} chats at a time)"),
        ("updates per second", f"{updates / took:,.0f}"),
        ("reply latency p50 / p95 / p99", " / ".join(f"{cuts[n - 1] * 1000:.0f} ms" for n in (50, 95, 99))),
        ("CPU of the bot per update", f"{used / updates * 1e6:,.0f} µs"),
        ("CPU of the bot while it ran", f"{used / took:.0%} of one core"),
        ("peak memory of the bot", f"{peak:.0f} MiB"),
        ("from start to first reply", f"{start:.2f} s"),
    ])  # fmt: skip


async def count_calls(walks: int, chats: int) -> Iterator[tuple[str, str]]:
    """The same under strace, which slows it down: only the counts of system calls are of use."""
    if not shutil.which("strace"):
        return iter([("writes and fsyncs per update", "not counted: strace is not installed")])
    async with BotApi() as api:
        loop = Loop(api, walks, chats)
        api.chats.sent = Listening(loop.heard)
        with tempfile.TemporaryDirectory() as folder:
            counts = Path(folder) / "counts"
            before = ("strace", "-f", "-c", "-e", "trace=pwrite64,fsync,fdatasync", "-o", str(counts))
            async with bot(Path(folder), api, *before):
                loop.begin()
                await loop.over.wait()
            found = {
                row[-1]: int(row[3])
                for line in counts.read_text().splitlines()
                if len(row := line.split()) >= 5 and row[3].isdigit()
            }
    updates = walks * len(WALK)
    fsyncs = found.get("fsync", 0) + found.get("fdatasync", 0)
    return iter([
        (f"writes to the file per update, {chats} chats", f"{found.get('pwrite64', 0) / updates:.2f}"),
        (f"fsyncs per update, {chats} chats", f"{fsyncs / updates:.3f}"),
    ])  # fmt: skip


async def turns(count: int) -> tuple[str, str]:
    """The engine alone, without a channel: events submitted a hundred at a time."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), Settings(limits=Limits(messages_per_minute=10**9)))
        async with world.database() as database:
            intake = Intake(database, world.context, lambda _parcels: None, lambda: world.now)
            running = asyncio.create_task(intake.run())
            began = time.perf_counter()
            for start in range(0, count, 100):
                await intake.submit(
                    [
                        Incoming("telegram", str(n), str(n % 1000), Kind.BUTTON, data="page:checks")
                        for n in range(start, start + 100)
                    ]
                )
            took = time.perf_counter() - began
            intake.stop()
            await running
    return ("turns per second, engine and store alone", f"{count / took:,.0f}")


async def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench")
    options.add_argument("--walks", type=int, default=600)
    options.add_argument("--chats", type=int, default=100)
    chosen = options.parse_args()
    logs.configure("warning", "console")
    table = Table("what", "figure", title=f"{machine()}")
    for row in await walk(chosen.walks, chosen.chats):
        table.add_row(*row)
    for chats in (chosen.chats, 1):
        for row in await count_calls(max(chosen.walks // 6, 5) if chats > 1 else 5, chats):
            table.add_row(*row)
    table.add_row(*await turns(20_000))
    Console(width=100).print(table)


if __name__ == "__main__":
    asyncio.run(main())
