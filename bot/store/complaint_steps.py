"""The steps of a complaint: by those who handle it, by whoever made it, and by the clock.

Each returns whether it was taken: not by somebody who may not see it, and not from a place that does not lead there.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

import orjson

from bot.domain.complaints import MOVES, OPEN, RUNNING, Clock, Complaint, Outcome, Stage, Status, Step, resumed
from bot.domain.roles import Viewer
from bot.domain.working_days import Calendar
from bot.store import complaints
from bot.store.complaints import happened, listed, seen_by
from bot.store.database import Writer

_SET_CLOCK = ", ".join(f"{name} = :{name}" for name in complaints.CLOCK)
EMPTY = (
    "what_happened = '', wanted_outcome = '', name = '', answer_way = '', extended_reason = '', person = NULL,"
    " emptied_at = :now"
)
"""What rubs out the words. What was said since, and who may read it, goes with them (migration 0003)."""


async def read(writer: Writer, reference: str, viewer: Viewer, now: str) -> bool:
    """Somebody who handles it has opened it: what was replied is read. The first time is an event."""
    if await complaints.find(writer, reference, viewer) is None:
        return False
    await _mark_read(writer, reference, "kind = 'reply'", now)
    seen = await writer.one(
        "SELECT 1 FROM complaint_events WHERE complaint = ? AND kind = ?"
        " AND stage = (SELECT stage FROM complaints WHERE reference = ?)",
        (reference, Step.SEEN, reference),
    )
    if not seen:
        await happened(writer, reference, Step.SEEN, viewer.role, now)
    return True


async def read_own(writer: Writer, reference: str, person: str, now: str) -> None:
    """Whoever complained has read what they were asked and answered."""
    if await complaints.own(writer, reference, person):
        await _mark_read(writer, reference, "kind != 'reply'", now)


async def acknowledge(writer: Writer, reference: str, viewer: Viewer, now: str) -> bool:
    return await _step(
        writer, reference, viewer, Status.ACKNOWLEDGED, Step.ACKNOWLEDGED, now,
        only=(Status.RECEIVED,), also="acknowledged_at = :now",
    )  # fmt: skip


async def ask(writer: Writer, reference: str, viewer: Viewer, words: str, now: str) -> bool:
    """A question to whoever complained; another one may follow before it is answered."""
    took = await _step(
        writer, reference, viewer, Status.ASKING, Step.ASKED, now,
        only=(Status.ACKNOWLEDGED, Status.EXTENDED, Status.ASKING),
    )  # fmt: skip
    if took:
        await _say(writer, reference, viewer.person, "question", words, now)
    return took


async def reply(writer: Writer, reference: str, person: str, words: str, now: str) -> bool:
    """Whoever complained answers a question, or adds something, while it is open."""
    complaint = await complaints.own(writer, reference, person)
    if complaint is None or complaint.status not in OPEN:
        return False
    await writer.run(
        "UPDATE complaints SET status = iif(extended_to IS NULL, 'acknowledged', 'extended')"
        " WHERE reference = ? AND status = 'asking'",
        (reference,),
    )
    await _say(writer, reference, person, "reply", words, now)
    await happened(writer, reference, Step.REPLIED, complaint.complainer, now)
    return True


async def extend(writer: Writer, reference: str, viewer: Viewer, clock: Clock, reason: str, now: str) -> bool:
    """It lawfully takes longer: `clock` is from domain.complaints.extended. Once a stage, with a reason."""
    return await _step(
        writer, reference, viewer, Status.EXTENDED, Step.EXTENDED, now,
        only=(Status.ACKNOWLEDGED, Status.ASKING), condition="c.extended_days IS NULL",
        also="extended_days = :extended_days, extended_to = :extended_to, extended_reason = :reason",
        values=complaints.clock_row(clock) | {"reason": reason},
    )  # fmt: skip


async def pause(writer: Writer, reference: str, viewer: Viewer, today: dt.date, now: str) -> bool:
    """A court, the police or a disciplinary process goes first (SI 2006/1738 reg 8). The clock stands still."""
    return await _step(
        writer,
        reference,
        viewer,
        Status.PAUSED,
        Step.PAUSED,
        now,
        also="paused_on = :today",
        values={"today": today.isoformat()},
    )


async def resume(
    writer: Writer, reference: str, viewer: Viewer, calendar: Calendar, today: dt.date, now: str
) -> Complaint | None:
    """It goes on where it was, with the days of the pause added. The complaint as it is then."""
    complaint = await complaints.find(writer, reference, viewer)
    if complaint is None or complaint.paused_on is None:
        return None
    clock = resumed(calendar, complaint.clock, complaint.paused_on, today, complaint.about)
    to = Status.RECEIVED
    if complaint.acknowledged_at:
        to = Status.EXTENDED if clock.extended_to else Status.ACKNOWLEDGED
    await _step(
        writer, reference, viewer, to, Step.RESUMED, now, only=(Status.PAUSED,), also=f"paused_on = NULL, {_SET_CLOCK}",
        values=complaints.clock_row(clock),
    )  # fmt: skip
    return await complaints.find(writer, reference, viewer)


async def panel_met(writer: Writer, reference: str, viewer: Viewer, clock: Clock, now: str) -> bool:
    """The panel has met: its report and the council's answer are due by a new clock."""
    condition, params = seen_by(viewer)
    done = await writer.run(
        f"UPDATE complaints AS c SET {_SET_CLOCK} WHERE reference = :reference AND stage = 'panel'"
        f" AND status IN ({listed(RUNNING)}) AND {condition} AND reference NOT IN (SELECT complaint FROM"
        " complaint_events WHERE kind = 'panel_met')",
        params | complaints.clock_row(clock) | {"reference": reference},
    )
    if done:
        await happened(writer, reference, Step.PANEL_MET, viewer.role, now)
    return bool(done)


async def answer(
    writer: Writer, reference: str, viewer: Viewer, words: str, outcome: Outcome, request_by: dt.date, now: str
) -> bool:
    """The answer. Without words it was given another way. `request_by` is the last day to ask for the next stage."""
    took = await _step(
        writer, reference, viewer, Status.ANSWERED, Step.ANSWERED, now,
        also="answered_at = :now, acknowledged_at = coalesce(acknowledged_at, :now), outcome = :outcome,"
        " request_by = :request_by",
        values={"outcome": outcome, "request_by": request_by.isoformat()},
    )  # fmt: skip
    if took and words:
        await _say(writer, reference, viewer.person, "answer", words, now)
    return took


async def learn(writer: Writer, reference: str, viewer: Viewer, words: str, now: str) -> bool:
    """What was changed because of it. It stays when the complaint is forgotten: no names."""
    condition, params = seen_by(viewer)
    done = await writer.run(
        f"UPDATE complaints AS c SET learning = :words WHERE reference = :reference AND status != 'withdrawn'"
        f" AND {condition}",
        params | {"reference": reference, "words": words},
    )
    if done:
        await happened(writer, reference, Step.LEARNED, viewer.role, now)
    return bool(done)


async def close(writer: Writer, reference: str, viewer: Viewer | None, now: str) -> bool:
    """Done with. Without a viewer: the clock closes it, because nobody asked for the next stage."""
    return await _step(writer, reference, viewer, Status.CLOSED, Step.CLOSED, now, also="closed_at = :now")


async def go_on(
    writer: Writer,
    reference: str,
    person: str,
    stage: Stage,
    route: Sequence[str],
    clock: Clock,
    today: dt.date,
    now: str,
) -> bool:
    """Whoever complained is not happy with the answer: the next stage, on its own route, with its own clock."""
    complaint = await complaints.own(writer, reference, person)
    over = complaint is None or complaint.status not in {Status.ANSWERED, Status.CLOSED} or complaint.emptied_at
    if complaint is None or over or complaint.request_by is None or today > complaint.request_by:
        return False
    outside = stage is Stage.OMBUDSMAN
    reset = (
        "closed_at = coalesce(closed_at, :now)"
        if outside
        else f"{_SET_CLOCK}, route = :route, closed_at = NULL, answered_at = NULL, acknowledged_at = NULL,"
        " request_by = NULL, extended_reason = '', outcome = 'none'"
    )
    await writer.run(
        f"UPDATE complaints SET stage = :stage, status = :status, {reset} WHERE reference = :reference",
        complaints.clock_row(clock)
        | {"reference": reference, "stage": stage, "status": Status.CLOSED if outside else Status.RECEIVED}
        | {"route": orjson.dumps(list(route)).decode(), "now": now},
    )
    await happened(writer, reference, Step.NEXT_STAGE, complaint.complainer, now)
    return True


async def withdraw(writer: Writer, reference: str, person: str, now: str) -> bool:
    """Whoever complained takes it back: it stays counted, without a word and without them."""
    complaint = await complaints.own(writer, reference, person)
    if complaint is None or Status.WITHDRAWN not in MOVES[complaint.status]:
        return False
    await happened(writer, reference, Step.WITHDRAWN, complaint.complainer, now)
    await writer.run(
        f"UPDATE complaints SET status = 'withdrawn', closed_at = :now, paused_on = NULL, {EMPTY}"
        " WHERE reference = :reference",
        {"reference": reference, "now": now},
    )
    return True


async def settle(writer: Writer, reference: str, person: str, now: str) -> bool:
    """Whoever complained is happy with the answer. They may still change their mind within the window."""
    complaint = await complaints.own(writer, reference, person)
    if complaint is None or complaint.status is not Status.ANSWERED:
        return False
    await writer.run("UPDATE complaints SET status = 'closed', closed_at = ? WHERE reference = ?", (now, reference))
    await happened(writer, reference, Step.CLOSED, complaint.complainer, now)
    return True


async def want_advocate(writer: Writer, reference: str, person: str, now: str) -> bool:
    """Whoever complained would like an advocate after all."""
    complaint = await complaints.own(writer, reference, person)
    if complaint is None or complaint.status not in OPEN or complaint.advocate_wanted:
        return False
    await writer.run("UPDATE complaints SET advocate_wanted = 1 WHERE reference = ?", (reference,))
    await happened(writer, reference, Step.ADVOCATE, complaint.complainer, now)
    return True


async def erase(writer: Writer, person: str, now: str) -> list[str]:
    """Rub out all that somebody complained of; open ones are withdrawn, all stay counted. Their references."""
    mine = [complaint.reference for complaint in await complaints.of_person(writer, person)]
    for reference in mine:
        await erase_one(writer, reference, person, now)
    return mine


async def erase_one(writer: Writer, reference: str, person: str, now: str) -> None:
    """Rub out one; if it is open it is withdrawn, and it stays counted either way."""
    complaint = await complaints.own(writer, reference, person)
    if complaint and not await withdraw(writer, reference, person, now):
        await happened(writer, reference, Step.ERASED, complaint.complainer, now)
        await writer.run(
            f"UPDATE complaints SET {EMPTY} WHERE reference = :reference", {"reference": reference, "now": now}
        )


async def attach(writer: Writer, reference: str, person: str, contact: str, now: str) -> bool:
    """Somebody who came by the link in an e-mail handles this one complaint. False: they may not see it."""
    return bool(
        await writer.run(
            "INSERT OR IGNORE INTO complaint_handlers (complaint, person, contact, at)"
            " SELECT c.reference, p.id, :contact, :now FROM complaints c JOIN people p ON p.id = :person"
            " WHERE c.reference = :reference AND c.person IS NOT p.id AND c.about_person IS NOT p.id"
            " AND p.role = 'guest' AND :contact IN (SELECT value FROM json_each(c.route))",
            {"reference": reference, "person": person, "contact": contact, "now": now},
        )
    )


async def reckon_again(writer: Writer, calendar: Calendar, now: str) -> list[str]:
    """Reckon the dates of all that is open with today's holidays; those whose dates are others now."""
    changed = []
    for complaint in await complaints.open_ones(writer, None, -1):
        clock = complaint.clock.again(calendar, complaint.about)
        if clock != complaint.clock:
            await writer.run(
                f"UPDATE complaints SET {_SET_CLOCK} WHERE reference = :reference",
                complaints.clock_row(clock) | {"reference": complaint.reference},
            )
            await happened(writer, complaint.reference, Step.RECKONED_AGAIN, "clock", now)
            changed.append(complaint.reference)
    return changed


async def _step(
    writer: Writer,
    reference: str,
    viewer: Viewer | None,
    to: Status,
    step: Step,
    now: str,
    *,
    only: tuple[Status, ...] = (),
    also: str = "",
    condition: str = "1",
    values: Mapping[str, object] | None = None,
) -> bool:
    """Take a complaint from wherever a step leads to `to`, or from one of `only`, if the viewer may."""
    sees, params = seen_by(viewer)
    before = only or tuple(status for status in Status if to in MOVES[status])
    done = await writer.run(
        f"UPDATE complaints AS c SET status = :to{', ' if also else ''}{also} WHERE c.reference = :reference"
        f" AND c.status IN ({listed(before)}) AND {condition} AND {sees}",
        params | dict(values or {}) | {"reference": reference, "to": to, "now": now},
    )
    if done:
        await happened(writer, reference, step, viewer.role if viewer else "clock", now)
    return bool(done)


async def _say(writer: Writer, reference: str, by: str, kind: str, words: str, now: str) -> None:
    await writer.run(
        "INSERT INTO complaint_messages (complaint, at, by_person, kind, words) VALUES (?, ?, ?, ?, ?)",
        (reference, now, by, kind, words),
    )


async def _mark_read(writer: Writer, reference: str, whose: str, now: str) -> None:
    await writer.run(
        f"UPDATE complaint_messages SET read_at = ? WHERE complaint = ? AND {whose} AND read_at IS NULL",
        (now, reference),
    )
