"""`ivbot backup` and `ivbot restore`."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

from bot.errors import DatabaseUnavailable, WrongUse
from bot.settings import Settings
from bot.store.database import integrity, only_one, opened


async def backup(settings: Settings, target: Path) -> None:
    """A whole copy, made beside the target and renamed when it has been checked. Never overwrites."""
    if target.exists():
        raise WrongUse(f"{target}: is there already. Name another file, or move it away.")
    source, key = settings.database.path, settings.database.key.get_secret_value()
    if not source.exists():
        raise DatabaseUnavailable(str(source), "there is no database yet. Start the bot once: ivbot run")
    if not target.parent.is_dir():
        raise WrongUse(f"{target.parent}: there is no such folder.")
    with tempfile.TemporaryDirectory(prefix=".ivbot-backup-", dir=target.parent) as folder:
        copy = Path(folder) / target.name
        async with opened(source, key) as database:
            await database.copy_to(copy)
        await _check(copy, key)
        _synced_rename(copy, target)


async def restore(settings: Settings, copy: Path, *, force: bool) -> None:
    """Check the copy first; put it in place only when the bot is stopped, and over a database only when forced."""
    target, key = settings.database.path, settings.database.key.get_secret_value()
    if not copy.is_file():
        raise WrongUse(f"{copy}: there is no such file.")
    if target.exists() and not force:
        raise WrongUse(f"{target}: is there already. To put the copy in its place: ivbot restore {copy} --force")
    await _check(copy, key)
    with only_one(target), tempfile.TemporaryDirectory(prefix=".ivbot-restore-", dir=target.parent) as folder:
        fresh = Path(folder) / target.name
        await asyncio.to_thread(shutil.copyfile, copy, fresh)
        for suffix in ("-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        _synced_rename(fresh, target)


async def _check(path: Path, key: str) -> None:
    problem = await asyncio.to_thread(integrity, path, key)
    if problem:
        raise DatabaseUnavailable(str(path), problem)


def _synced_rename(made: Path, target: Path) -> None:
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.chmod(0o600)
    made.replace(target)
