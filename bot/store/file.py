"""The database file itself: how it comes to be, and what can be wrong with it, in words an operator can act on."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher

from bot.errors import DatabaseUnavailable

FILE_TROUBLES = (sqlite3.OperationalError, sqlcipher.OperationalError, sqlite3.DatabaseError, sqlcipher.DatabaseError)
_RULES = (sqlite3.IntegrityError, sqlcipher.IntegrityError, sqlite3.ProgrammingError, sqlcipher.ProgrammingError)
NOT_OURS = "is not an ivbot database, or database.key is not its key"
DAMAGED = "is damaged. Restore the last backup: ivbot restore FILE --force"
NEWER = "was written by a newer ivbot. Install that one, or restore a backup made before it"
MISSING = "there is no database yet. Start the bot once: ivbot run"
SAID = {
    "is locked": "is locked by another program. Nothing was lost; try again when it is done",
    "disk is full": "cannot grow: the disk is full. What was saved is safe; make room and try again",
    "disk image is malformed": DAMAGED,
    "not a database": NOT_OURS,
    "readonly": "may not be written by this user. Check who owns the file and its folder",
    "unable to open": "cannot be opened. Check that its folder exists and may be written",
    "disk i/o": "could not be read or written by the disk. Check the disk, then restore the last backup if needed",
}
"""What SQLite says, and what an operator is told."""


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Troubles of the file become DatabaseUnavailable; breaches of a rule stay what they are."""
    try:
        yield
    except _RULES:
        raise
    except FILE_TROUBLES as error:
        said = str(error).lower()
        for sign, problem in SAID.items():
            if sign in said:
                raise DatabaseUnavailable(path, problem) from error
        raise


def make(path: Path) -> None:
    """A new database is readable for its owner alone: children's names are in it."""
    with suppress(FileExistsError):
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise
        except OSError as error:
            raise DatabaseUnavailable(str(path), f"cannot be made ({error.strerror})") from error


def must_be_there(path: Path) -> None:
    """Raises DatabaseUnavailable when there is no database file."""
    if not path.is_file():
        raise DatabaseUnavailable(str(path), MISSING)
