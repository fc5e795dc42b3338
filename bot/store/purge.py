"""Retention: what is older than its limit is deleted, and words are rubbed out where only a count stays.

Nothing that a human has yet to read is among it. With secure_delete on, it is gone from the file.
"""

import datetime as dt
from dataclasses import dataclass

from bot.domain.retention import MOMENTS_KEPT
from bot.settings import Retention
from bot.store.clock import stamp
from bot.store.complaint_steps import EMPTY
from bot.store.database import Writer
from bot.store.people import IN_COMPLAINTS
from bot.store.visit_reports import EMPTY as EMPTY_REPORT

RECEIPT_SHOWN_FOR = dt.timedelta(days=1)
"""A return code that nobody said was saved is shown again for this long; then only its hash is left."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The stamp before which each kind of thing is too old to keep."""

    now: str
    drafts: str
    receipts: str
    messages: str
    moments: str
    failures: str
    closed_interests: str
    talks: str
    ideas: str
    enquiries: str
    complaints: str
    concerns: str
    concern_stubs: str
    volunteers: str
    proposals: str
    expenses: str


def limits(now: dt.datetime, kept: Retention) -> Limits:
    """The stamps before which things are too old now."""

    def before(days: int) -> str:
        return stamp(now - dt.timedelta(days=days))

    return Limits(
        now=stamp(now),
        drafts=before(kept.drafts),
        receipts=stamp(now - RECEIPT_SHOWN_FOR),
        messages=before(kept.messages),
        moments=stamp(now - MOMENTS_KEPT),
        failures=before(kept.failures),
        closed_interests=before(kept.closed_interests),
        talks=before(kept.talks),
        ideas=before(kept.ideas),
        enquiries=before(kept.enquiries),
        complaints=before(kept.complaints),
        concerns=before(kept.concerns),
        concern_stubs=before(kept.concern_stubs),
        volunteers=before(kept.volunteers),
        proposals=before(kept.proposals),
        expenses=before(kept.expenses),
    )


_NO_OPEN_ALLEGATION = (
    "NOT EXISTS (SELECT 1 FROM allegations a WHERE a.concern = concerns.reference AND a.closed_at IS NULL)"
)

_NOT_LOOKED_INTO = "NOT EXISTS (SELECT 1 FROM allegations a WHERE a.match = m.reference AND a.closed_at IS NULL)"

_LONG_OVER = f"(SELECT reference FROM matches m WHERE m.ended_at < :closed_interests AND {_NOT_LOOKED_INTO})"
"""Matches that ended so long ago that only counts of them stay (domain.md, section 7), though the child goes on."""

_LONG_GONE = (
    "left_at < :volunteers AND name != '' AND NOT EXISTS (SELECT 1 FROM matches m WHERE m.volunteer ="
    f" volunteers.reference AND (m.ended_at IS NULL OR NOT {_NOT_LOOKED_INTO}))"
    " AND NOT EXISTS (SELECT 1 FROM expenses e WHERE e.volunteer = volunteers.reference AND e.paid_at IS NULL)"
)
"""Volunteers of whom nothing is kept any more but a reference, for what they are counted in or were paid."""

_WORDS = {
    "complaints": (
        f"UPDATE complaints SET {EMPTY} WHERE emptied_at IS NULL AND closed_at < :complaints"
        " AND coalesce(request_by, '') < substr(:now, 1, 10)"
        " AND NOT EXISTS"
        " (SELECT 1 FROM complaint_messages m WHERE m.complaint = complaints.reference AND m.read_at IS NULL)"
    ),
    "concerns": (
        "UPDATE concerns SET words = '', person = NULL, emptied_at = :now"
        " WHERE emptied_at IS NULL AND handed_over_at < :concerns"
    ),
    "visits": (
        "UPDATE visits SET plan = '', child_said = '', child_words = '', child_face = NULL"
        f" WHERE match IN {_LONG_OVER} AND (plan, child_said, child_words, child_face) IS NOT ('', '', '', NULL)"
    ),
    "visit_reports": (
        f"UPDATE visit_reports SET {EMPTY_REPORT}"
        f" WHERE visit IN (SELECT reference FROM visits WHERE match IN {_LONG_OVER})"
        " AND (why_not, activity, chosen_by, child_mood, outcomes, for_child, pass_on)"
        " IS NOT ('', '', '', NULL, '', '', '')"
    ),
    "matches": f"UPDATE matches SET about = '' WHERE about != '' AND reference IN {_LONG_OVER}",
    "roles": (
        "UPDATE people SET role = 'guest', name = '' WHERE role = 'volunteer'"
        f" AND id IN (SELECT person FROM volunteers WHERE {_LONG_GONE})"
    ),
    "volunteers": (
        "UPDATE volunteers SET person = NULL, name = '', called = '', about = '', likes = '[]', languages = '[]',"
        " gender = '', faith = '', area = '', provider = '', paused_until = NULL, lift_reason = '', left_reason = ''"
        f" WHERE {_LONG_GONE}"
    ),
}
"""Words that are rubbed out; that there was something stays."""

_OLD = {
    "goodbyes": ("goodbyes", f"match IN {_LONG_OVER}"),
    "proposals": ("proposals", "closed_at < :proposals"),
    "expenses": ("expenses", "paid_at < :expenses"),
    "stages": ("stages_passed", "volunteer IN (SELECT reference FROM volunteers WHERE name = '')"),
    "concern_stubs": (
        "concerns",
        f"emptied_at IS NOT NULL AND handed_over_at < :concern_stubs AND {_NO_OPEN_ALLEGATION}",
    ),
    "handlers": (
        "concern_handlers",
        (
            "concern IN (SELECT reference FROM concerns WHERE emptied_at IS NOT NULL AND closed_at IS NOT NULL"
            f" AND {_NO_OPEN_ALLEGATION})"
        ),
    ),
    "drafts": ("forms", "name != 'receipt' AND touched_at < :drafts OR name = 'receipt' AND touched_at < :receipts"),
    "messages": ("outbox", "created_at < :messages"),
    "marks": ("inbox", "received_at < iif(channel = 'clock', :moments, :messages)"),
    "failures": ("failed_events", "failed_at < :failures"),
    "codes": ("invites", "expires_at < :now"),
    "talks": ("talks", "waiting = 0 AND touched_at < :talks"),
    "ideas": ("ideas", "read_at < :ideas"),
    "enquiries": ("enquiries", "status != 'new' AND status_since < :enquiries"),
    "interests": (
        "interests",
        (
            "status IN ('declined', 'withdrawn', 'ended') AND status_since < :closed_interests"
            " OR status = 'awaiting_child' AND NOT EXISTS"
            " (SELECT 1 FROM invites v WHERE v.interest = reference AND v.used_at IS NULL AND v.expires_at >= :now)"
            " AND (person IS NULL OR received_at < :closed_interests)"
            " AND reference NOT IN (SELECT interest FROM matches)"
        ),
    ),
    "volunteer_stubs": (
        "volunteers",
        (
            "name = '' AND reference NOT IN (SELECT volunteer FROM matches)"
            " AND reference NOT IN (SELECT volunteer FROM expenses)"
        ),
    ),
    "receipts": (
        "receipts",
        (
            "created_at < :drafts AND person IN (SELECT id FROM people WHERE role = 'guest')"
            " AND person NOT IN (SELECT person FROM forms)"
            " AND person NOT IN (SELECT person FROM interests WHERE person IS NOT NULL)"
            " AND person NOT IN (SELECT asked_by_person FROM interests WHERE asked_by_person IS NOT NULL)"
            " AND person NOT IN (SELECT person FROM talks)"
            " AND person NOT IN (SELECT person FROM enquiries WHERE person IS NOT NULL)"
            f" AND person NOT IN {IN_COMPLAINTS}"
        ),
    ),
    "addresses": (
        "addresses",
        (
            "seen_at < :messages AND person IN (SELECT id FROM people WHERE role = 'guest')"
            " AND person NOT IN (SELECT person FROM forms)"
            " AND NOT EXISTS (SELECT 1 FROM interests i WHERE i.person = addresses.person"
            " OR i.asked_by_person = addresses.person)"
            " AND person NOT IN (SELECT person FROM talks)"
            " AND person NOT IN (SELECT person FROM enquiries WHERE person IS NOT NULL)"
            f" AND person NOT IN {IN_COMPLAINTS}"
        ),
    ),
    "people": (
        "people",
        (
            "role = 'guest' AND NOT EXISTS (SELECT 1 FROM addresses WHERE person = people.id)"
            " AND NOT EXISTS (SELECT 1 FROM receipts WHERE person = people.id)"
            " AND NOT EXISTS (SELECT 1 FROM interests WHERE person = people.id OR asked_by_person = people.id)"
            " AND NOT EXISTS (SELECT 1 FROM consents WHERE person = people.id)"
            " AND NOT EXISTS (SELECT 1 FROM talks WHERE person = people.id)"
            f" AND id NOT IN {IN_COMPLAINTS}"
        ),
    ),
}


async def count(writer: Writer, old: Limits) -> dict[str, int]:
    """How many rows of each kind `run` would delete. One kind may hang on another, so it is done and taken back."""
    await writer.run("BEGIN IMMEDIATE")
    try:
        return await run(writer, old)
    finally:
        await writer.run("ROLLBACK")


async def run(writer: Writer, old: Limits) -> dict[str, int]:
    """Delete them, and rub words out; how many of each kind."""
    counts = {kind: await writer.run(sql, _params(old)) for kind, sql in _WORDS.items()}
    for kind, (table, condition) in _OLD.items():
        counts[kind] = await writer.run(f"DELETE FROM {table} WHERE {condition}", _params(old))
    return counts


def _params(old: Limits) -> dict[str, str]:
    return {name: getattr(old, name) for name in Limits.__dataclass_fields__}
