"""Ideas of children (standard 4), and what was changed because of them. Whose an idea is, is never read for others."""

from bot.store.database import Reader, Row, Writer


async def add(writer: Writer, person: str, language: str, words: str, now: str) -> int:
    """Keep an idea; its number."""
    rows = await writer.all(
        "INSERT INTO ideas (at, person, language, words) VALUES (?, ?, ?, ?) RETURNING id",
        (now, person, language, words),
    )
    return int(rows[0]["id"])


async def erase(writer: Writer, idea: int, person: str) -> bool:
    """Rub out somebody's own idea. False when it is not theirs, or gone."""
    return bool(await writer.run("DELETE FROM ideas WHERE id = ? AND person = ?", (idea, person)))


async def newest(reader: Reader, limit: int) -> list[Row]:
    """Ideas nobody has read, oldest first; then those read, newest first. Nobody's name is with them."""
    return await reader.all(
        "SELECT id, at, language, words, read_at FROM ideas"
        " ORDER BY read_at IS NOT NULL, iif(read_at IS NULL, id, -id) LIMIT ?",
        (limit,),
    )


async def unread(reader: Reader) -> int:
    """How many ideas nobody has read."""
    row = await reader.one("SELECT count(*) AS n FROM ideas WHERE read_at IS NULL")
    return int(row["n"]) if row else 0


async def mark_read(writer: Writer, idea: int, now: str) -> None:
    """Somebody has read it: from now on its time runs."""
    await writer.run("UPDATE ideas SET read_at = ? WHERE id = ? AND read_at IS NULL", (now, idea))


async def publish(writer: Writer, person: str, you_said: str, we_did: str, now: str) -> int:
    """Keep what was changed, for everybody to read; its number."""
    rows = await writer.all(
        "INSERT INTO changes (at, by_person, you_said, we_did) VALUES (?, ?, ?, ?) RETURNING id",
        (now, person, you_said, we_did),
    )
    return int(rows[0]["id"])


async def change(reader: Reader, number: int) -> Row | None:
    """One change."""
    return await reader.one("SELECT id, at, you_said, we_did FROM changes WHERE id = ?", (number,))


async def changes(reader: Reader, limit: int) -> list[Row]:
    """The latest changes, newest first."""
    return await reader.all("SELECT id, at, you_said, we_did FROM changes ORDER BY id DESC LIMIT ?", (limit,))


async def take_back(writer: Writer, number: int) -> bool:
    """Take a change off the list. False when it is gone already."""
    return bool(await writer.run("DELETE FROM changes WHERE id = ?", (number,)))
