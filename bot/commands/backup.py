"""`ivbot backup` and `ivbot restore`."""

import os
import tempfile
from pathlib import Path

from bot.errors import DatabaseUnavailable, WrongUse
from bot.settings import Settings
from bot.store.database import only_one
from bot.store.whole import copy as copy_whole
from bot.store.whole import integrity


def backup(settings: Settings, target: Path) -> None:
    """A whole copy, made beside the target and renamed when it has been checked. Never overwrites."""
    source, key = settings.database.path, settings.database.key.get_secret_value()
    if target.exists():
        raise WrongUse(f"{target}: is there already. Name another file, or move it away.")
    if not target.parent.is_dir():
        raise WrongUse(f"{target.parent}: there is no such folder.")
    with _folder_beside(target) as folder:
        made = Path(folder) / target.name
        copy_whole(source, key, made)
        _check(made, key)
        _put(made, target)


def restore(settings: Settings, file: Path, *, force: bool) -> None:
    """Check the copy first; put it in place only when the bot is stopped, and over a database only when forced."""
    target, key = settings.database.path, settings.database.key.get_secret_value()
    if not file.is_file():
        raise WrongUse(f"{file}: there is no such file.")
    if target.exists() and file.samefile(target):
        raise WrongUse(f"{file}: is the database itself. Name a copy made by ivbot backup.")
    if target.exists() and not force:
        raise WrongUse(f"{target}: is there already. To put the copy in its place: ivbot restore {file} --force")
    _check(file, key)
    with only_one(target), _folder_beside(target) as folder:
        made = Path(folder) / target.name
        copy_whole(file, key, made)
        # The old log goes first: left beside another database, SQLite would play it into that one.
        for suffix in ("-wal", "-shm", "-journal"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        _put(made, target)


def _folder_beside(target: Path) -> tempfile.TemporaryDirectory[str]:
    """On the same disk, so that the last step is a rename; and for its owner alone."""
    try:
        return tempfile.TemporaryDirectory(prefix=".ivbot-", dir=target.parent)
    except OSError as error:
        raise WrongUse(f"{target}: cannot be written ({error.strerror})") from error


def _check(path: Path, key: str) -> None:
    if problem := integrity(path, key):
        raise DatabaseUnavailable(str(path), problem)


def _put(made: Path, target: Path) -> None:
    """Rename, with both the file and its new name safely on the disk."""
    made.chmod(0o600)
    _sync(made)
    made.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
