"""The real command, run to its end in a process of its own; and other programs that get in its way."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

CHECKOUT = Path(__file__).parent.parent
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Ended:
    """What came of a command."""

    code: int
    out: bytes
    err: str

    @property
    def said(self) -> str:
        return self.out.decode()

    @property
    def line(self) -> str:
        """The one line on standard error. More lines, or a traceback, fail the test."""
        assert self.err.startswith("ivbot: "), self.err
        assert self.err.count("\n") == 1, self.err
        return self.err.removeprefix("ivbot: ").strip()


def environment(tree: Path, more: Mapping[str, str]) -> dict[str, str]:
    """The environment of the tests without anything that would change how ivbot behaves, and `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("IVBOT_", "PYTHON"))}
    return {**kept, "PYTHONPATH": str(tree), **more}


@contextmanager
def started(
    folder: Path,
    *arguments: str,
    before: str = "",
    tree: Path = CHECKOUT,
    stdout: int | IO[bytes] = subprocess.PIPE,
    stderr: int | IO[bytes] = subprocess.PIPE,
    env: Mapping[str, str] = NOTHING,
) -> Iterator[subprocess.Popen[bytes]]:
    """`ivbot …` in a folder; it is gone when the block ends.

    `before` is Python that its process runs first: to shorten a wait, to shrink a disk.
    """
    program = ["-c", f"{before}\nfrom bot.cli import main\nmain()"] if before else ["-m", "bot"]
    with subprocess.Popen(
        [sys.executable, *program, *arguments],
        cwd=folder,
        env=environment(tree, env),
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def until_ready(process: subprocess.Popen[bytes]) -> None:
    """Wait until `ivbot run` has said that it serves."""
    assert process.stdout
    assert process.stderr
    while not (line := process.stdout.readline()).startswith(b"Ready"):
        assert line, process.stderr.read().decode()


def ivbot(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    before: str = "",
    tree: Path = CHECKOUT,
    env: Mapping[str, str] = NOTHING,
) -> Ended:
    """`ivbot …` in a folder, to its end."""
    with started(folder, *arguments, before=before, tree=tree, env=env) as process:
        out, err = process.communicate(stdin)
    return Ended(process.returncode, out, err.decode())


def files(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(file.name for file in folder.iterdir())


def mode(path: Path) -> int:
    """Who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


IMPATIENT = "import bot.store.database as d; d.BUSY_SECONDS = 0.05"
"""`before` for a command that does not wait long for its turn."""

_HOLD = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
db.execute("COMMIT")
"""

_WRITE = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
db.execute("CREATE TABLE pairs (n INTEGER PRIMARY KEY, half INTEGER NOT NULL)")
n = 0
while True:
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO pairs (half) VALUES (1)")
    db.execute("INSERT INTO pairs (half) VALUES (2)")
    db.execute("COMMIT")
    n += 1
    if n == 10:
        print("writing", flush=True)
"""


@contextmanager
def another_program(script: str, path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another program at work on the database, from its first word on; it is gone when the block ends."""
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def lock_held(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another program is in the middle of writing, until a line is sent to it."""
    with another_program(_HOLD, path) as process:
        yield process


@contextmanager
def written_to(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another program writes pairs of rows all the time, each pair in one transaction."""
    with another_program(_WRITE, path) as process:
        yield process
