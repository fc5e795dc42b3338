"""A child's own yes to be referred, where the service asks for it by itself."""

from bot.domain.consent import Purpose
from bot.domain.interest import Interest, Note, Status
from bot.store import consents
from bot.store.database import Reader


async def agreed(reader: Reader, reference: str) -> bool:
    """Whether their yes stands."""
    answer = await consents.newest(reader, reference, Purpose.REFER)
    return bool(answer and answer["given"] and not answer["withdrawn_at"])


async def may_answer(reader: Reader, interest: Interest) -> bool:
    """Whether they were asked, and a yes of theirs would count now: after a no, or a pause of their own, as well."""
    asked = await _asked_at(reader, interest.reference)
    if not asked or await agreed(reader, interest.reference):
        return False
    paused = interest.status is Status.NOT_NOW and (interest.may_go_on or asked >= interest.status_since)
    return paused or interest.status in {Status.ASKED, Status.TALKING}


async def waits_since(reader: Reader, interest: Interest) -> str:
    """When they were asked, if they have not answered; empty otherwise."""
    asked = await _asked_at(reader, interest.reference)
    answer = await consents.newest(reader, interest.reference, Purpose.REFER)
    answered = answer["answered_at"] if answer else ""
    waits = asked > answered and asked >= interest.status_since and await may_answer(reader, interest)
    return asked if waits else ""


async def _asked_at(reader: Reader, reference: str) -> str:
    row = await reader.one(
        "SELECT max(at) AS at FROM interest_notes WHERE interest = ? AND kind = ?", (reference, Note.TO_REFER)
    )
    return str(row["at"] or "") if row else ""
