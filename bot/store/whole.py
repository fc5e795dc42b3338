"""The database file as a whole: is it sound, is it of today, and a copy of it. Nothing here waits for a writer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from bot.errors import DatabaseUnavailable
from bot.store.database import Reader, connect, connected, pending
from bot.store.file import DAMAGED, FILE_TROUBLES, NEWER, NOT_OURS, must_be_there, translated


@asynccontextmanager
async def looking(path: Path, key: str) -> AsyncIterator[Reader]:
    """A reader and nothing else: no file is made, no migration is run."""
    must_be_there(path)
    connection = await connected(path, key, reading=True)
    try:
        yield Reader(connection, str(path))
    finally:
        await connection.close()


def copy(path: Path, key: str, target: Path) -> None:
    """A whole copy of the database as it is now, also while it is written to. The target must not be there."""
    must_be_there(path)
    with translated(str(path)), closing(connect(path, key)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master")
        try:
            connection.execute("VACUUM INTO ?", (str(target),))
        except FILE_TROUBLES as error:
            if "full" in str(error):  # which is the target's disk, not ours
                with translated(str(target)):
                    raise
            raise


def integrity(path: Path, key: str) -> str:
    """What is wrong with a database file; empty when nothing is. Changes nothing and makes no file."""
    try:
        must_be_there(path)
        with translated(str(path)), closing(connect(path, key, reading=True)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
            tables = {row["name"] for row in connection.execute("SELECT name FROM sqlite_master")}
    except DatabaseUnavailable as error:
        return error.problem
    if found != ["ok"] or broken:
        return DAMAGED
    return "" if "migrations" in tables else NOT_OURS


def migrations_missing(path: Path, key: str) -> list[str]:
    """The migrations a file has not had. Raises DatabaseUnavailable when a newer ivbot wrote it."""
    with translated(str(path)), closing(connect(path, key, reading=True)) as connection:
        done = {row["name"] for row in connection.execute("SELECT name FROM migrations")}
    if done - {migration.name for migration in pending(())}:
        raise DatabaseUnavailable(str(path), NEWER)
    return [migration.name for migration in pending(done)]
