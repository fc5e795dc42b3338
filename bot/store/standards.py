"""How often children said that a standard is kept: by month, without names."""

from bot.domain.standards import Answer
from bot.store.database import Reader, Writer


async def count(writer: Writer, standard: int, answer: Answer, month: str) -> None:
    """One more of this answer. `month` is `2026-06`."""
    await writer.run(
        "INSERT INTO standard_answers (standard, answer, month, count) VALUES (?, ?, ?, 1)"
        " ON CONFLICT (standard, answer, month) DO UPDATE SET count = count + 1",
        (standard, answer, month),
    )


async def counts(reader: Reader, since_month: str, until_month: str) -> dict[int, dict[Answer, int]]:
    """How many gave each answer, by standard, from the first month to the last, both counted. Zeros are left out."""
    rows = await reader.all(
        "SELECT standard, answer, sum(count) AS n FROM standard_answers WHERE month BETWEEN ? AND ?"
        " GROUP BY standard, answer ORDER BY standard",
        (since_month, until_month),
    )
    found: dict[int, dict[Answer, int]] = {}
    for row in rows:
        found.setdefault(row["standard"], {})[Answer(row["answer"])] = row["n"]
    return found
