"""What waits for a coordinator: one line each, and a button to it."""

import datetime as dt
from collections.abc import Sequence

from markupsafe import Markup

from bot.domain.interest import Interest, Proposal
from bot.domain.roles import STAFF
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.store import goodbyes, interests, proposals, visit_reports
from bot.store.clock import stamp
from bot.store.database import Row
from handlers import channels, menu
from handlers.staff import goodbyes as goodbye_words
from handlers.staff import matching_words, request

router = Router()

INBOX_SIZE = 10
NOTHING_NEW = _("Nothing new.")
NEW = n_("{n} new request:", "{n} new requests:")
STILL = n_("{n} request has not moved lately:", "{n} requests have not moved lately:")
REVIEW = n_("{n} pause to look at again:", "{n} pauses to look at again:")
PROPOSED = n_("{n} proposal:", "{n} proposals:")
UNREPORTED = n_("{n} visit without a report:", "{n} visits without a report:")
FLAGS = n_("{n} new worker to be told of a visitor:", "{n} new workers to be told of a visitor:")
MORE_THAN = _("and more.")
LINE = _("{reference} · asked {day} · {channel}")
STILL_LINE = _("{reference} · {status} since {day}")
REVIEW_LINE = _("{reference} · due {day}")
PROPOSED_LINE = _("{reference} · {state}")
UNREPORTED_LINE = _("{visit} · {match} · {day}")
FLAG_LINE = _("{reference} · has an independent visitor ({match})")

REPORT_DUE = dt.timedelta(days=2)
"""Since a visit began: by then its volunteer was asked twice what came of it."""

LOOKED_FOR = dt.timedelta(days=92)
"""For so long a report is waited for."""


@router.command("inbox", STAFF)
@router.button("inbox", STAFF)
async def inbox(turn: Turn) -> None:
    """What is new, what has not moved for too long, which pauses are over, who is proposed, whom to tell, who stops.

    And which visits nobody has reported.
    """
    turn.pause_form()
    days = turn.context.settings.road.nudge_after_days
    before, size = stamp(turn.now - dt.timedelta(days=days)), INBOX_SIZE + 1
    new = await interests.unanswered(turn.reader, before, size)
    still = await interests.still(turn.reader, before, size)
    review = await interests.to_review(turn.reader, turn.day(turn.stamp).isoformat(), size)
    proposed = await proposals.open_ones(turn.reader, size)
    flags = await interests.to_flag(turn.reader, limit=size)
    leaving = await goodbyes.open_ones(turn.reader, size)
    reports = await visit_reports.unreported(
        turn.reader, stamp(turn.now - LOOKED_FOR), stamp(turn.now - REPORT_DUE), size
    )
    parts = [
        *_part(turn, NEW, [_new_line(turn, one) for one in new]),
        *_part(turn, STILL, [_still_line(turn, one) for one in still]),
        *_part(turn, REVIEW, [_review_line(one) for one in review]),
        *_part(turn, PROPOSED, [_proposed_line(turn, one) for one in proposed]),
        *_part(turn, FLAGS, [FLAG_LINE.fill(reference=row["reference"], match=row["match"]) for row in flags]),
        *_part(turn, UNREPORTED, [_unreported_line(turn, row) for row in reports]),
        *_part(turn, goodbye_words.OPEN, [goodbye_words.line(turn, one) for one in leaving]),
    ]
    if not parts:
        turn.say(NOTHING_NEW, *menu.taps(turn))
        return
    requests = [one.reference for found in (new, still, review) for one in found[:INBOX_SIZE]]
    requests += [row["reference"] for row in flags[:INBOX_SIZE]]
    taps = [Tap(reference, f"show:{reference}") for reference in dict.fromkeys(requests)]
    taps += [Tap(one.reference, f"proposal:{one.reference}") for one in proposed[:INBOX_SIZE]]
    taps += [Tap(row["reference"], f"reportfor:{row['reference']}") for row in reports[:INBOX_SIZE]]
    taps += [Tap(one.match, f"goodbye:{one.match}") for one in leaving[:INBOX_SIZE]]
    turn.say(Markup("\n\n").join(parts), *(taps[i : i + 2] for i in range(0, len(taps), 2)))


def _part(turn: Turn, head: Text, lines: Sequence[Text]) -> list[Markup]:
    """A heading and a line for each; nothing when there is none."""
    if not lines:
        return []
    shown = lines[:INBOX_SIZE]
    more = [MORE_THAN] if len(lines) > INBOX_SIZE else []
    return [Markup("\n").join(turn.html(text) for text in (head.fill(n=len(shown)), *shown, *more))]


def _new_line(turn: Turn, one: Interest) -> Text:
    return LINE.fill(reference=one.reference, day=turn.day(one.received_at), channel=channels.named(one.channel))


def _still_line(turn: Turn, one: Interest) -> Text:
    return STILL_LINE.fill(reference=one.reference, status=request.STATUS[one.status], day=turn.day(one.status_since))


def _review_line(one: Interest) -> Text:
    return REVIEW_LINE.fill(reference=one.reference, day=request.day(one.review_on))


def _proposed_line(turn: Turn, one: Proposal) -> Text:
    return PROPOSED_LINE.fill(reference=one.reference, state=matching_words.state(one).fill(day=turn.day(one.since)))


def _unreported_line(turn: Turn, row: Row) -> Text:
    return UNREPORTED_LINE.fill(visit=row["reference"], match=row["match"], day=turn.day(row["planned_for"]))
