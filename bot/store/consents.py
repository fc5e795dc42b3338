"""Yeses and noes, each with the exact words it answered. The database keeps the words as they are."""

from bot.domain.consent import Answer, Purpose
from bot.store.database import Reader, Row, Writer


async def add(writer: Writer, person: str, interest: str, purpose: Purpose, answer: Answer) -> None:
    await writer.run(
        "INSERT INTO consents (person, interest, purpose, given, words, version, language, answered_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (person, interest, purpose, answer.given, answer.words, answer.version, answer.language, answer.answered_at),
    )


async def newest(reader: Reader, interest: str, purpose: Purpose) -> Row | None:
    """The last answer to one of the questions."""
    return await reader.one(
        "SELECT given, words, version, language, answered_at, withdrawn_at FROM consents"
        " WHERE interest = ? AND purpose = ? ORDER BY id DESC LIMIT 1",
        (interest, purpose),
    )


async def withdraw(writer: Writer, interest: str, now: str) -> None:
    """Take back every yes that was given for an interest."""
    await writer.run(
        "UPDATE consents SET withdrawn_at = ? WHERE interest = ? AND given = 1 AND withdrawn_at IS NULL",
        (now, interest),
    )


async def withdraw_one(writer: Writer, interest: str, purpose: Purpose, now: str) -> None:
    """Take back the yes to one of the questions; the others stand."""
    await writer.run(
        "UPDATE consents SET withdrawn_at = ? WHERE interest = ? AND purpose = ? AND given = 1"
        " AND withdrawn_at IS NULL",
        (now, interest, purpose),
    )
