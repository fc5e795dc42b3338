"""What a chat page may read of its own sessions (see bot/engine/channel.py, Story)."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.engine.channel import Line
from bot.engine.message import Outgoing, Parcel
from bot.i18n import Words
from bot.store import inbox, outbox, people
from bot.store.database import Database, Row


class Sessions:
    """Reads sessions of the chat page from a read-only connection."""

    def __init__(self, database: Database, words: Words, render: Callable[[Parcel], Awaitable[Path]]) -> None:
        self._database = database
        self._words = words
        self._render = render

    async def language(self, address: str) -> str | None:
        async with self._database.reading() as reader:
            row = await people.address(reader, "web", address)
        return self._words.choose(row["chosen"], row["language"]) if row else None

    async def lines(self, address: str, after: int = 0) -> list[Line]:
        async with self._database.reading() as reader:
            said = {row["turn"]: str(row["said"]) for row in await inbox.said(reader, address, after)}
            answers: dict[int, list[Parcel]] = {}
            for row in await outbox.of_session(reader, address, after):
                answers.setdefault(row["turn"], []).append(_parcel(row))
        return [
            Line(turn, said.get(turn, ""), tuple(answers.get(turn, ())))
            for turn in sorted(said.keys() | answers.keys())
        ]

    async def parcel(self, address: str, parcel: int) -> Parcel | None:
        async with self._database.reading() as reader:
            row = await outbox.parcel(reader, address, parcel)
        return _parcel(row) if row else None

    async def render(self, parcel: Parcel) -> Path:
        return await self._render(parcel)


def _parcel(row: Row) -> Parcel:
    return Parcel(
        row["id"], row["person"], row["channel"], row["address"], Outgoing.from_json(row["body"]), row["attempts"]
    )
