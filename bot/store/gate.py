"""What the gate leads to: checks that run out, visits that have to wait, and visits that can go on."""

from bot.store.database import Reader, Row, Writer


async def running_out(reader: Reader, until: str, reference: str = "") -> list[Row]:
    """What runs out by a day, or has: the newest pass of each stage, of whoever has not left; or of one of them.

    id, volunteer, stage, expires_on, and `warned`: how many days before it that was last told.
    """
    return await reader.all(
        "SELECT h.id, h.volunteer, h.stage, h.expires_on, h.warned FROM stages_newest h"
        " JOIN volunteers v ON v.reference = h.volunteer"
        " WHERE v.left_at IS NULL AND h.expires_on <= :until AND (:reference = '' OR h.volunteer = :reference)"
        " ORDER BY h.expires_on, h.id",
        {"until": until, "reference": reference},
    )


async def warned(writer: Writer, passed: int, days: int) -> None:
    """It was told that a stage runs out in so many days; 0: that it has."""
    await writer.run("UPDATE stages_passed SET warned = ? WHERE id = ?", (days, passed))


_READY = (
    "EXISTS (SELECT 1 FROM ready WHERE volunteer = m.volunteer"
    " AND clear_from <= :day AND coalesce(clear_until > :day, 1))"
)
"""Asked for those alone who have such visits."""


async def to_pause(reader: Reader, now: str, day: str) -> list[Row]:
    """Those who have visits to come and may not make them: volunteer, planned_at (the latest), next_visit."""
    return await reader.all(
        "SELECT m.volunteer, max(x.planned_at) AS planned_at, min(x.planned_for) AS next_visit FROM visits x"
        " JOIN matches m ON m.reference = x.match WHERE x.status = 'planned' AND x.planned_for > :now"
        f" AND NOT {_READY} GROUP BY m.volunteer ORDER BY m.volunteer",
        {"now": now, "day": day},
    )


async def to_resume(reader: Reader, now: str, day: str) -> list[Row]:
    """Those who have paused visits to come and may make them: volunteer, changes (of all those visits)."""
    return await reader.all(
        "SELECT m.volunteer, sum(x.changes) AS changes FROM visits x"
        " JOIN matches m ON m.reference = x.match AND m.ended_at IS NULL"
        f" WHERE x.status = 'paused' AND x.planned_for > :now AND {_READY}"
        " GROUP BY m.volunteer ORDER BY m.volunteer",
        {"now": now, "day": day},
    )


async def children(reader: Reader, volunteer: str) -> list[Row]:
    """The children in the bot whom somebody visits now: interest, person."""
    return await reader.all(
        "SELECT m.interest, i.person FROM matches m JOIN interests i ON i.reference = m.interest"
        " WHERE m.volunteer = ? AND m.ended_at IS NULL AND i.person IS NOT NULL ORDER BY m.reference",
        (volunteer,),
    )
