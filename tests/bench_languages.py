"""What each language costs: the start of the program, and memory. `python -m tests.bench_languages`, or `make bench`.

Nothing here is a test. One language and all of them are started in turns, so that a busy machine slows both alike.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.i18n import FALLBACK
from bot.settings import DATA
from tests.machine import machine

ROUNDS = 7
EVERY = [FALLBACK, *sorted({path.parent.name for path in (DATA / "locales").glob("*/language.toml")} - {FALLBACK})]

STARTED = """
import resource, sys, time
began = time.process_time()
import handlers
from bot.engine.context import read_context
from bot.settings import Service, Settings
languages = sys.argv[1].split(",")
imported = time.process_time()
context = read_context(Settings(service=Service(languages=languages)), handlers.ROUTER, handlers.FORMS)
started = time.process_time()
context.alarm.hear("one two three", languages[-1])
heard = time.process_time()
context.understanding.topic("one two three", languages[-1])
asked = time.process_time()
kept = int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 2**20
print(imported - began, started - imported, heard - started, asked - heard, kept)
"""
"""A process of its own: seconds of import, of reading the words, of the first danger heard and first question; MiB."""


def figures(languages: list[str]) -> list[float]:
    """The least of each figure, so that others on the machine count less."""
    rounds = [_once(languages) for _round in range(ROUNDS)]
    return [min(column) for column in zip(*rounds, strict=True)]


def _once(languages: list[str]) -> list[float]:
    command = [sys.executable, "-c", STARTED, ",".join(languages)]
    return [float(part) for part in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]


def starts() -> tuple[float, float]:
    """Seconds until `ivbot run` says where it is, with English and with every language, in turns; the least of each."""
    one, every = [], []
    for _round in range(ROUNDS):
        one.append(_start([FALLBACK]))
        every.append(_start(EVERY))
    return min(one), min(every)


def _start(languages: list[str]) -> float:
    spoken = "[" + ", ".join(f'"{language}"' for language in languages) + "]"
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=folder,
            env={"PYTHONPATH": str(Path(__file__).parent.parent), "IVBOT_WEB__PORT": "0", "PTB_TIMEDELTA": "1"}
            | {"IVBOT_SERVICE__LANGUAGES": spoken},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        with process:
            assert process.stdout
            process.stdout.readline()
            took = time.perf_counter() - began
            process.terminate()
    return took


def table() -> Table:
    """One row a language, and what all of them cost together."""
    columns = ("languages", "words read", "first danger heard", "first question", "memory", "more than English")
    shown = Table(*columns, title=f"What languages cost: {machine()}")
    alone = figures([FALLBACK])
    for languages in ([FALLBACK], *([FALLBACK, code] for code in EVERY[1:]), EVERY):
        _imported, read, heard, asked, kept = alone if languages == [FALLBACK] else figures(languages)
        shown.add_row(
            ", ".join(languages),
            *(f"{1000 * seconds:.0f} ms" for seconds in (read, heard, asked)),
            f"{kept:.0f} MiB",
            f"{1000 * (read - alone[1]):.0f} ms, {kept - alone[4]:.0f} MiB",
        )
    return shown


def main() -> None:
    one, every = starts()
    console = Console(width=118)
    console.print(table())
    console.print(f"Until it listens: {one:.2f} s with English, {every:.2f} s with all, {every - one:.2f} s more")


if __name__ == "__main__":
    main()
