"""One writer connection and a few readers on one SQLite file, encrypted when there is a key.

The writer belongs to one task at a time (bot/engine/intake.py while the bot runs). Readers never write.
Every failure of the file itself (locked, full, not a database, wrong key) is raised as DatabaseUnavailable.
"""

import asyncio
import fcntl
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import aiosqlite
import sqlcipher3.dbapi2 as sqlcipher

from bot.errors import AlreadyRunning, DatabaseUnavailable
from bot.store.file import NEWER, NOT_OURS, make, translated

Row = sqlite3.Row
Params = Sequence[Any] | Mapping[str, Any]

BUSY_SECONDS = 10.0
"""How long a command waits for its turn while the bot, or another command, writes."""

READERS = 2
ROWS_AT_A_TIME = 100
"""How many rows a reader fetches in one go."""

MIGRATIONS = Path(__file__).parent / "migrations"

_PRAGMAS = (
    "foreign_keys = ON",
    "synchronous = FULL",
    "secure_delete = ON",  # what a child erases is gone from the file
    "temp_store = MEMORY",
)


class Reader:
    """Reads. What a handler or a report is given when it has nothing to change."""

    def __init__(self, connection: aiosqlite.Connection, path: str) -> None:
        self._connection = connection
        self._path = path

    async def all(self, sql: str, params: Params = ()) -> list[Row]:
        with translated(self._path):
            return list(await self._connection.execute_fetchall(sql, params))

    async def one(self, sql: str, params: Params = ()) -> Row | None:
        found = await self.all(sql, params)
        return found[0] if found else None

    async def stream(self, sql: str, params: Params = ()) -> AsyncGenerator[Row, None]:
        """Row by row: a large table never sits in memory. Close it (`aclosing`) unless it is read to its end."""
        with translated(self._path):
            async with self._connection.execute(sql, params) as cursor:
                async for row in cursor:
                    yield row


class Writer(Reader):
    """Reads and writes, inside a transaction that somebody else opens and commits."""

    async def run(self, sql: str, params: Params = ()) -> int:
        """One statement; the number of rows it changed."""
        with translated(self._path):
            return (await self._connection.execute(sql, params)).rowcount

    async def many(self, sql: str, rows: Sequence[Params]) -> None:
        """One statement for each of the rows, in one call."""
        if rows:
            with translated(self._path):
                await self._connection.executemany(sql, rows)

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Writer"]:
        """All of it or nothing."""
        await self.run("BEGIN IMMEDIATE")
        try:
            yield self
            await self.run("COMMIT")
        except BaseException:
            if self.in_transaction:
                await self.run("ROLLBACK")
            raise


class Database:
    """An open database. `await Database.open(...)`, and close it: an open connection keeps the process alive."""

    def __init__(self, path: Path, key: str) -> None:
        self.path = path
        self._key = key
        self._connections: list[aiosqlite.Connection] = []
        self._readers: asyncio.LifoQueue[Reader] = asyncio.LifoQueue()
        self.writer: Writer

    @classmethod
    async def open(cls, path: Path, key: str = "") -> "Database":
        """Open the file, make it when it is not there, and bring it to today's schema."""
        database = cls(path, key)
        make(path)
        try:
            database.writer = Writer(await database._connect(), str(path))
            await _known(database.writer, path)
            await database.writer.all("PRAGMA journal_mode = WAL")
            await migrate(database.writer)
            for _number in range(READERS):
                connection = await database._connect(reading=True)
                database._readers.put_nowait(Reader(connection, str(path)))
        except BaseException:
            await database.close()
            raise
        return database

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        """A reader of your own, for a moment. It sees what has been committed."""
        reader = await self._readers.get()
        try:
            yield reader
        finally:
            self._readers.put_nowait(reader)

    async def close(self) -> None:
        while self._connections:
            await self._connections.pop().close()

    async def forget_log(self, *, wait: bool = True) -> bool:
        """Fold the write-ahead log into the file and empty it: what was deleted is then nowhere any more.

        False when somebody is still reading from the log: the next time will do it.
        """
        if not wait:  # the writer has others to serve
            await self.writer.all("PRAGMA busy_timeout = 0")
        try:
            rows = await self.writer.all("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            await self.writer.all(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
        return not rows[0][0]

    async def _connect(self, *, reading: bool = False) -> aiosqlite.Connection:
        connection = await connected(self.path, self._key, reading=reading)
        self._connections.append(connection)
        return connection


@asynccontextmanager
async def opened(path: Path, key: str) -> AsyncIterator[Database]:
    """A database for the length of a command."""
    database = await Database.open(path, key)
    try:
        yield database
    finally:
        await database.close()


async def connected(path: Path, key: str, *, reading: bool) -> aiosqlite.Connection:
    """A connection for one task at a time. Close it: an open one keeps the process alive."""
    with translated(str(path)):
        # Opened here and not by aiosqlite: when that fails to open, its thread outlives the event loop and says so.
        made = await asyncio.to_thread(connect, path, key, reading=reading)
    return await aiosqlite.Connection(lambda: made, ROWS_AT_A_TIME)


def connect(path: Path, key: str = "", *, reading: bool = False) -> sqlite3.Connection:
    """A plain connection, set up as every connection of ours is. In autocommit: transactions are begun by hand."""
    driver: ModuleType = sqlcipher if key else sqlite3
    connection: sqlite3.Connection = driver.connect(
        f"{path.absolute().as_uri()}?mode={'rw' if reading else 'rwc'}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_SECONDS,
    )
    connection.row_factory = driver.Row
    try:
        if key:
            connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to standard error past our logs
            connection.execute(f"PRAGMA key = '{key.replace(chr(39), chr(39) * 2)}'")
        for pragma in (*_PRAGMAS, *(["query_only = ON"] if reading else [])):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


async def migrate(writer: Writer) -> None:
    """Run each migration this file has not had yet, each with its record in one transaction."""
    await writer.run(
        "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL"
        " DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))) STRICT, WITHOUT ROWID"
    )
    done = {row["name"] for row in await writer.all("SELECT name FROM migrations")}
    for path in pending(done):
        async with writer.transaction():
            for statement in statements(path.read_text(encoding="utf-8")):
                await writer.run(statement)
            await writer.run("INSERT INTO migrations (name) VALUES (?)", (path.name,))


async def touch(writer: Writer) -> None:
    """A write that changes nothing, to know that one can write."""
    await writer.run("UPDATE migrations SET applied_at = applied_at")


def pending(done: Iterable[str]) -> list[Path]:
    """The migrations that are not among those done, in their order."""
    return [path for path in sorted(MIGRATIONS.glob("*.sql")) if path.name not in set(done)]


def statements(script: str) -> Iterator[str]:
    """The statements of a migration: unlike `executescript`, run one by one they stay in one transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the right to serve this database; the kernel lets go of it however the process ends.

    Raises AlreadyRunning when another process holds it.
    """
    try:
        lock = path.with_name(path.name + ".lock").open("w")
    except OSError as error:
        raise DatabaseUnavailable(str(path), f"cannot be opened ({error.strerror})") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(str(path)) from None
        except OSError as error:
            raise DatabaseUnavailable(str(path), f"cannot be locked ({error.strerror})") from error
        yield


async def _known(reader: Reader, path: Path) -> None:
    """Refuse to touch what another program, or a newer ivbot, has written."""
    tables = {row["name"] for row in await reader.all("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and "migrations" not in tables:
        raise DatabaseUnavailable(str(path), NOT_OURS)
    done = {row["name"] for row in await reader.all("SELECT name FROM migrations")} if tables else set()
    if done - {migration.name for migration in pending(())}:
        raise DatabaseUnavailable(str(path), NEWER)
