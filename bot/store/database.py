"""One writer connection and a few readers on one SQLite file, encrypted when there is a key.

The writer belongs to one task at a time (bot/engine/intake.py while the bot runs). Readers never write.
Every failure of the file itself (locked, full, not a database, wrong key) is raised as DatabaseUnavailable.
"""

import asyncio
import fcntl
import re
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import aiosqlite
import sqlcipher3.dbapi2 as sqlcipher

from bot.errors import AlreadyRunning, DatabaseUnavailable

Row = sqlite3.Row
Params = Sequence[Any] | Mapping[str, Any]

BUSY_SECONDS = 10.0
READERS = 2
MIGRATIONS = Path(__file__).parent / "migrations"

_FILE_TROUBLES = (sqlite3.OperationalError, sqlcipher.OperationalError, sqlite3.DatabaseError, sqlcipher.DatabaseError)
_RULES = (sqlite3.IntegrityError, sqlcipher.IntegrityError, sqlite3.ProgrammingError, sqlcipher.ProgrammingError)
_SAID = {
    "locked": "is locked by another program. Nothing was lost; try again when it is done",
    "full": "cannot grow: the disk is full. What was saved is safe; make room and try again",
    "malformed": "is damaged. Restore the last backup: ivbot restore FILE --force",
    "not a database": "is not an ivbot database, or database.key is not its key",
    "readonly": "may not be written by this user. Check who owns the file and its folder",
    "unable to open": "cannot be opened. Check that its folder exists and may be written",
    "disk i/o": "could not be read or written by the disk. Check the disk, then restore the last backup if needed",
}


class Reader:
    """Reads. What a handler or a report is given when it has nothing to change."""

    def __init__(self, connection: aiosqlite.Connection, path: str) -> None:
        self._connection = connection
        self._path = path

    async def all(self, sql: str, params: Params = ()) -> list[Row]:
        with _translated(self._path):
            return list(await self._connection.execute_fetchall(sql, params))

    async def one(self, sql: str, params: Params = ()) -> Row | None:
        found = await self.all(sql, params)
        return found[0] if found else None

    async def stream(self, sql: str, params: Params = ()) -> AsyncIterator[Row]:
        """Row by row, so that a large table never sits in memory."""
        with _translated(self._path):
            async with self._connection.execute(sql, params) as cursor:
                async for row in cursor:
                    yield row


class Writer(Reader):
    """Reads and writes, inside a transaction that somebody else opens and commits."""

    async def run(self, sql: str, params: Params = ()) -> int:
        """One statement; the number of rows it changed."""
        with _translated(self._path):
            return (await self._connection.execute(sql, params)).rowcount

    async def many(self, sql: str, rows: Sequence[Params]) -> None:
        """One statement for each of the rows, in one call."""
        if rows:
            with _translated(self._path):
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
        try:
            database.writer = Writer(await database._connect(), str(path))
            with _translated(str(path)):
                await database.writer.run("PRAGMA journal_mode = WAL")
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

    async def copy_to(self, target: Path) -> None:
        """A whole copy of the database as it is now, while it is written to. Raises when the target is there."""
        with _translated(str(target)):
            connection = await self._connect()
            await connection.execute("VACUUM INTO ?", (str(target),))

    async def forget_log(self) -> None:
        """Fold the write-ahead log into the file and empty it: what was deleted is then nowhere any more."""
        await self.writer.all("PRAGMA wal_checkpoint(TRUNCATE)")

    async def _connect(self, *, reading: bool = False) -> aiosqlite.Connection:
        with _translated(str(self.path)):
            connection = await aiosqlite.Connection(lambda: connect(self.path, self._key, reading=reading), 100)
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


def integrity(path: Path, key: str) -> str:
    """What is wrong with a database file; empty when nothing is. Changes nothing and makes no file."""
    try:
        with _translated(str(path)), closing(connect(path, key, reading=True)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
            known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").fetchall()
    except DatabaseUnavailable as error:
        return error.problem
    if found != ["ok"] or broken:
        return _SAID["malformed"]
    return "" if known else _SAID["not a database"]


def migrations_missing(path: Path, key: str) -> list[str]:
    """The migrations a file has not had."""
    with _translated(str(path)), closing(connect(path, key, reading=True)) as connection:
        done = {row["name"] for row in connection.execute("SELECT name FROM migrations")}
    return [migration.name for migration in pending(done)]


def connect(path: Path, key: str = "", *, reading: bool = False) -> sqlite3.Connection:
    """A plain connection, set up as every connection of ours is. In autocommit: transactions are begun by hand."""
    driver: ModuleType = sqlcipher if key else sqlite3
    connection: sqlite3.Connection = driver.connect(str(path), isolation_level=None, timeout=BUSY_SECONDS)
    connection.row_factory = driver.Row
    if key:
        connection.execute(f"PRAGMA key = '{key.replace(chr(39), chr(39) * 2)}'")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")  # what a child erases is gone from the file
    connection.execute("PRAGMA temp_store = MEMORY")
    if reading:
        connection.execute("PRAGMA query_only = ON")
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
        with path.with_name(path.name + ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning(str(path)) from None
            yield
    except OSError as error:
        raise DatabaseUnavailable(str(path), f"cannot be opened ({error.strerror})") from error


@contextmanager
def _translated(path: str) -> Iterator[None]:
    """Troubles of the file become DatabaseUnavailable; breaches of a rule stay what they are."""
    try:
        yield
    except _RULES:
        raise
    except _FILE_TROUBLES as error:
        said = str(error).lower()
        for sign, problem in _SAID.items():
            if re.search(sign, said):
                raise DatabaseUnavailable(path, problem) from error
        raise
