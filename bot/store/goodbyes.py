"""Volunteers who would like to stop visiting a child: a coordinator agrees first, and it is they who end the match."""

from dataclasses import dataclass, fields

from bot.store.database import Reader, Row, Writer


@dataclass(frozen=True, slots=True)
class Goodbye:
    """A wish to end. `how`: last_visit, said (it was said already), cannot (they can't come again)."""

    match: str
    at: str
    how: str
    last_on: str | None  # a date
    leaving: bool  # they stop altogether
    words: str = ""  # for the coordinator
    agreed_at: str | None = None  # only then is the child told


_NAMES = tuple(field.name for field in fields(Goodbye))
_SELECT = f"SELECT {', '.join(f'g.{name}' for name in _NAMES)} FROM goodbyes g JOIN matches m ON m.reference = g.match"


async def ask(writer: Writer, goodbye: Goodbye) -> None:
    """Asked again, it takes the place of what was asked before."""
    await writer.run(
        f"INSERT OR REPLACE INTO goodbyes ({', '.join(_NAMES)}) VALUES ({', '.join('?' * len(_NAMES))})",
        tuple(getattr(goodbye, name) for name in _NAMES),
    )


async def take_back(writer: Writer, match: str) -> bool:
    """They go on after all. False when there was nothing to take back, or it was agreed to already."""
    return bool(await writer.run("DELETE FROM goodbyes WHERE match = ? AND agreed_at IS NULL", (match,)))


async def agree(writer: Writer, match: str, now: str) -> bool:
    """A coordinator agrees to a last visit. Only the first time counts."""
    return bool(
        await writer.run(
            "UPDATE goodbyes SET agreed_at = ? WHERE match = ? AND how = 'last_visit' AND agreed_at IS NULL",
            (now, match),
        )
    )


async def of_match(reader: Reader, match: str) -> Goodbye | None:
    """The wish to end this match, while it runs."""
    row = await reader.one(f"{_SELECT} WHERE g.match = ? AND m.ended_at IS NULL", (match,))
    return _goodbye(row) if row else None


async def open_ones(reader: Reader, limit: int) -> list[Goodbye]:
    """Those whose matches still run, the oldest first."""
    rows = await reader.all(f"{_SELECT} WHERE m.ended_at IS NULL ORDER BY g.at, g.match LIMIT ?", (limit,))
    return [_goodbye(row) for row in rows]


def _goodbye(row: Row) -> Goodbye:
    return Goodbye(**dict(row) | {"leaving": bool(row["leaving"])})
