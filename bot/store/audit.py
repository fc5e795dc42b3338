"""Who looked at or changed what: append-only, each row hashed together with the one before it."""

import hashlib
from contextlib import aclosing

from bot.store.database import Reader, Writer


async def add(writer: Writer, person: str, role: str, action: str, subject: str, now: str) -> None:
    """One line. `person` is empty for a command on the machine; `subject` is a reference, never content."""
    last = await writer.one("SELECT hash FROM audit ORDER BY seq DESC LIMIT 1")
    entry = (now, person, role, action, subject)
    await writer.run(
        "INSERT INTO audit (at, person, role, action, subject, hash) VALUES (?, ?, ?, ?, ?, ?)",
        (*entry, _chained(last["hash"] if last else "", entry)),
    )


async def broken_at(reader: Reader) -> int | None:
    """The first row that does not follow from the one before it; None when the chain holds."""
    previous, expected = "", 1
    rows = reader.stream("SELECT seq, at, person, role, action, subject, hash FROM audit ORDER BY seq")
    async with aclosing(rows):
        async for row in rows:
            entry = (row["at"], row["person"], row["role"], row["action"], row["subject"])
            if row["hash"] != _chained(previous, entry) or row["seq"] != expected:
                return int(row["seq"])
            previous, expected = row["hash"], expected + 1
    return None


def _chained(previous: str, entry: tuple[str, ...]) -> str:
    return hashlib.sha256("\x1f".join((previous, *entry)).encode()).hexdigest()
