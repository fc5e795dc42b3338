"""One request whole: what was told, its road, its notes, and what can be done. Every look is in the audit."""

import datetime as dt
from collections.abc import Sequence

from markupsafe import Markup

from bot.domain.consent import Purpose
from bot.domain.interest import (
    BY_STAFF,
    CLOSED,
    MAY_BE_PROPOSED,
    PREFIX,
    Interest,
    Note,
    Reason,
    Status,
    picture,
    staff_moves,
)
from bot.domain.references import read_reference
from bot.domain.roles import STAFF
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, Tongue, _
from bot.store import audit, consents, interests, matches, people, proposals, referrals
from bot.store import visits as visit_store
from bot.store.database import Row
from handlers import channels, interest_form, menu, story
from handlers.staff import matching_words, visits

router = Router()

NOTES_SHOWN = 4
STEPS_SHOWN = 6
WHICH = _("Which one? Send /show and its number, like /show IV-7K3Q-M.")
NO_SUCH = _("There is no request with that number. Please check it.")
NEW_CODE = _("A new code for the child")
NOT_YET = _("{reference}: the child has not said yes, or has taken it back. There is nothing to see.")
FACTS = _("<b>{reference}</b> · {status} since {day} · {channel} · {language}")
ASKED_BY = _("Asked by: {who}")
CHILD = _("the child")
MAY_TELL = _("The social worker may be told: yes, on {day}.")
MAY_NOT_TELL = _("The social worker may not be told.")
ROAD = _("<b>{reference}</b> · {status}")
REVIEW_ON = _("To look at again on {day}.")
UNTIL_THEY_SAY = _("Until the child says so.")
PROVIDER = _("The visitor is looked for by {who}.")
VISITOR = _("Visitor: {visitor}, since {day}. {about}")
STEP = _("{day} · {status}")
STEP_WHY = _("{day} · {status} · {why}")
WHY = _("{why}: {words}")
NOTE = _("{day} · {note}")
NOTE_WORDS = _("{day} · {note}: {words}")
NOTES = _("Notes:")
WRITE = _("Write to them")
WHAT_THEY_READ = _("What they said yes to")
EARLIER = _("Earlier notes")
NO_MORE_NOTES = _("{reference}: no earlier notes.")
STATUS = {
    Status.AWAITING_CHILD: _("waiting for the child"), Status.ASKED: _("asked"), Status.TALKING: _("talking"),
    Status.REFERRED: _("referred"), Status.WAITING: _("waiting"), Status.MATCHED: _("matched"),
    Status.VISITING: _("visiting"), Status.ENDED: _("ended"), Status.NOT_NOW: _("not now"),
    Status.DECLINED: _("declined"), Status.WITHDRAWN: _("withdrawn"),
}  # fmt: skip
REASON = {
    Reason.CHILDS_WISH: _("The child's wish"),
    Reason.TIMING: _("Not the right time"),
    Reason.CIRCUMSTANCES: _("Circumstances are changing"),
    Reason.NO_VISITOR_FREE: _("No visitor free"),
    Reason.TOO_YOUNG: _("Too young for our service"),
    Reason.BRIEFLY_IN_CARE: _("In care only briefly"),
    Reason.REGULAR_CONTACT: _("Regular contact"),
    Reason.SETTLED: _("Settled with carers"),
    Reason.SAID_GOODBYE: _("As planned, with a goodbye"),
    Reason.VISITOR_STOPS: _("The visitor stops"),
    Reason.LEFT_CARE: _("Has left care"),
    Reason.OTHER: _("Something else"),
    Reason.CHILD_PAUSED: _("the child paused it"),
}
NOTED = {
    Note.ADDED: _("the child added"),
    Note.CHANGED: _("the child changed"),
    Note.ANOTHER_VISITOR: _("the child would like another visitor"),
    Note.STOP: _("the child wants the visits to stop"),
    Note.NEW_SOCIAL_WORKER: _("new social worker"),
    Note.MOVED: _("has moved"),
    Note.NO_SOCIAL_WORKER: _("no social worker right now"),
    Note.NEW_PROVIDER: _("new provider"),
    Note.TO_FLAG: _("the new worker has to be told that there is a visitor"),
    Note.FLAGGED: _("the visitor is flagged on the case system"),
    Note.TO_REFER: _("the child was asked if they may be referred"),
}
MOVE = {
    Status.ASKED: _("Back to new"),
    Status.TALKING: _("Talking"),
    Status.REFERRED: _("Referred"),
    Status.WAITING: _("Looking for a visitor"),
    Status.VISITING: _("Visits have begun"),
    Status.NOT_NOW: _("Not now"),
    Status.DECLINED: _("Decline"),
    Status.ENDED: _("It has ended"),
}
MAKE_NOTE = {
    Note.NEW_SOCIAL_WORKER: _("New social worker"),
    Note.NO_SOCIAL_WORKER: _("No social worker right now"),
    Note.MOVED: _("They moved"),
    Note.NEW_PROVIDER: _("New provider"),
}
WHO_COULD_FIT = _("Who could fit?")
PROPOSED = _("{proposal}: {state}.")
WAITS_FOR_YES = _("It waits for the child's yes to be referred, since {day}.")
SAID_NO_TO_REFER = _("The child said no to being referred, on {day}. You can ask again when they may think otherwise.")
TO_FLAG = _(
    "Tell the new worker: has an independent visitor ({match}). Please put the flag on the case system as well."
)
MAY_NOT_KNOW = _("The child has not said yes to the social worker being told. Please talk with the child first.")
IT_IS_FLAGGED = _("It's flagged")


@router.command("show", STAFF)
@router.button("show", STAFF)
async def show(turn: Turn) -> None:
    """One request with everything the child agreed to send; then its road, and what can be done."""
    turn.pause_form()
    if not turn.incoming.argument:
        turn.say(WHICH)
        return
    interest = await agreed(turn, turn.incoming.argument)
    if interest:
        await audit.add(await turn.write(), turn.person.id, turn.person.role, "show", interest.reference, turn.stamp)
        turn.say(Markup("\n\n").join(await _facts(turn, interest)))
        await _say_road(turn, interest)


async def agreed(turn: Turn, typed: str) -> Interest | None:
    """The request somebody means, if its child agrees that it is seen; otherwise they are told."""
    reference = read_reference(typed, PREFIX)
    interest = await interests.find(turn.reader, reference) if reference else None
    if not interest:
        turn.say(NO_SUCH)
        return None
    sent = await consents.newest(turn.reader, interest.reference, Purpose.SEND)
    if not sent or not sent["given"] or sent["withdrawn_at"]:
        imported = interest.asked_by != "child" and interest.asked_by_person is None
        may_have_a_code = imported and interest.status is Status.AWAITING_CHILD
        turn.say(
            NOT_YET.fill(reference=interest.reference),
            *([Tap(NEW_CODE, f"newcode:{interest.reference}")] if may_have_a_code else []),
        )
        return None
    return interest


async def _facts(turn: Turn, interest: Interest) -> list[Markup]:
    shared = await consents.newest(turn.reader, interest.reference, Purpose.SHARE)
    may_tell = shared and shared["given"] and not shared["withdrawn_at"]
    who = CHILD if interest.asked_by == "child" else _adult(turn, interest)
    return [
        turn.html(
            FACTS.fill(
                reference=interest.reference,
                status=STATUS[interest.status],
                day=turn.day(interest.status_since),
                channel=channels.named(interest.channel),
                language=Tongue(interest.language),
            )
        ),
        turn.html(ASKED_BY.fill(who=who)),
        story.told(turn, interest),
        turn.html(MAY_TELL.fill(day=turn.day(shared["answered_at"])) if shared and may_tell else MAY_NOT_TELL),
    ]


def _adult(turn: Turn, interest: Interest) -> Text | str:
    step = turn.context.forms["interest"].step("who")
    return step.label(interest.asked_by) if step else interest.asked_by


async def _say_road(turn: Turn, interest: Interest) -> None:
    """Where it stands and how it came there, what was noted, and a button for each step it may take."""
    noted = await interests.notes(turn.reader, interest.reference, NOTES_SHOWN + 1)
    steps = await interests.steps(turn.reader, interest.reference)
    coming = await visit_store.coming(turn.reader, interest.reference, turn.stamp)
    with_visitor = await matches.current(turn.reader, interest.reference)
    parts = [
        Markup("\n").join(turn.html(text) for text in await _stands(turn, interest)),
        Markup("\n").join(turn.html(_step(turn, step)) for step in steps[-STEPS_SHOWN:]),
        Markup("\n").join(turn.html(text) for text in visits.lines(turn, coming)),
        _notes(turn, noted[:NOTES_SHOWN]),
    ]
    turn.say(
        Markup("\n\n").join(part for part in parts if part),
        *moves_and_notes(interest, len(steps)),
        *await _to_do(turn, interest),
        *(visits.taps(interest.reference, coming) if with_visitor else []),
        Tap(WRITE, f"write:{interest.reference}"),
        Tap(WHAT_THEY_READ, f"consents:{interest.reference}"),
        *([Tap(EARLIER, f"notes:{interest.reference}:{NOTES_SHOWN}")] if len(noted) > NOTES_SHOWN else []),
        Tap(menu.MENU, "menu"),
    )


def moves_and_notes(interest: Interest, steps: int) -> list[list[Tap]]:
    """A button for each step from here. It knows how many came before, so that an old one is known for it."""
    moves = [Tap(MOVE[to], f"move:{interest.reference}:{steps}:{to}") for to in staff_moves(interest.status)]
    noting = [] if interest.status in CLOSED else list(BY_STAFF)
    notes = [Tap(MAKE_NOTE[note], f"noted:{interest.reference}:{note}") for note in noting]
    return [taps[i : i + 2] for taps in (moves, notes) for i in range(0, len(taps), 2)]


async def _to_do(turn: Turn, interest: Interest) -> list[Tap]:
    """Whom to ask for this child, or the one who is asked; and the flag that has still to be put."""
    running = await proposals.of_interest(turn.reader, interest.reference)
    asked = [Tap(running.reference, f"proposal:{running.reference}")] if running else []
    may_ask = interest.status in MAY_BE_PROPOSED
    who = [Tap(WHO_COULD_FIT, f"candidates:{interest.reference}")] if may_ask and not running else []
    flag = await interests.to_flag(turn.reader, interest.reference)
    return [*asked, *who, *([Tap(IT_IS_FLAGGED, f"flagged:{interest.reference}")] if flag else [])]


async def flag_lines(turn: Turn, interest: Interest) -> list[Text]:
    """What the new worker has to be told, while they were not; and whether the child agrees that they are."""
    if not await interests.to_flag(turn.reader, interest.reference):
        return []
    match = await matches.current(turn.reader, interest.reference)
    shared = await consents.newest(turn.reader, interest.reference, Purpose.SHARE)
    may_know = shared and shared["given"] and not shared["withdrawn_at"]
    return [TO_FLAG.fill(match=match.reference if match else ""), *([] if may_know else [MAY_NOT_KNOW])]


def day(iso: str | None) -> dt.date | str:
    return dt.date.fromisoformat(iso) if iso else ""


def stands(turn: Turn, status: Status) -> str:
    """Where a request is, with its picture if it is on the road."""
    return f"{turn.plain(STATUS[status])} {picture(status)}".strip()


async def _stands(turn: Turn, interest: Interest) -> list[Text]:
    lines = [ROAD.fill(reference=interest.reference, status=stands(turn, interest.status))]
    if interest.status is Status.NOT_NOW:
        lines.append(REVIEW_ON.fill(day=day(interest.review_on)) if interest.review_on else UNTIL_THEY_SAY)
    if interest.provider:
        lines.append(PROVIDER.fill(who=interest.provider))
    if match := await matches.current(turn.reader, interest.reference):
        lines.append(VISITOR.fill(visitor=match.visitor, day=turn.day(match.started_at), about=match.about))
    if found := await proposals.of_interest(turn.reader, interest.reference):
        state = matching_words.state(found).fill(day=turn.day(found.since))
        lines.append(PROPOSED.fill(proposal=found.reference, state=state))
    return [*lines, *await _referral(turn, interest), *await flag_lines(turn, interest)]


async def _referral(turn: Turn, interest: Interest) -> list[Text]:
    """Whether a referral waits for the child's yes, or they said no to it."""
    if since := await referrals.waits_since(turn.reader, interest):
        return [WAITS_FOR_YES.fill(day=turn.day(since))]
    answer = await consents.newest(turn.reader, interest.reference, Purpose.REFER)
    said_no = answer and not answer["given"] and interest.status not in CLOSED
    return [SAID_NO_TO_REFER.fill(day=turn.day(answer["answered_at"]))] if answer and said_no else []


def lines(turn: Turn, texts: Sequence[Text]) -> Markup:
    """Some texts, one under another."""
    return Markup("\n").join(map(turn.html, texts))


def after(reference: str) -> list[Tap]:
    """Where to go when something is done to a request."""
    return [Tap(reference, f"show:{reference}"), Tap(menu.MENU, "menu")]


async def nudge(turn: Turn, person: str | None, opens: str = "story") -> None:
    """The child learns that there is something to read: where their request stands."""
    child = await people.find(turn.reader, person) if person else None
    if child:
        await turn.nudge(child, opens)


def _step(turn: Turn, step: Row) -> Text:
    """One step it took, with its reason: a code, and a coordinator's own words after it."""
    code, _colon, words = step["reason"].partition(": ")
    line = {"day": turn.day(step["at"]), "status": STATUS[Status(step["to_status"])]}
    if not code:
        return STEP.fill(**line)
    why = REASON[Reason(code)] if code in set(Reason) else code
    return STEP_WHY.fill(**line, why=WHY.fill(why=why, words=words) if words else why)


def _notes(turn: Turn, noted: Sequence[Row]) -> Markup:
    lines = [turn.html(_note(turn, note)) for note in noted]
    return Markup("\n").join([turn.html(NOTES), *lines]) if lines else Markup()


def _note(turn: Turn, note: Row) -> Text:
    kind = Note(note["kind"])
    words = _titles(note["words"]) if kind is Note.CHANGED else note["words"]
    line = {"day": turn.day(note["at"]), "note": NOTED[kind]}
    return NOTE_WORDS.fill(**line, words=words) if words else NOTE.fill(**line)


def _titles(keys: str) -> list[Text]:
    """What was changed, as the form names it."""
    return [interest_form.TITLES[key] for key in keys.split(", ") if key in interest_form.TITLES]


@router.button("notes", STAFF)
async def earlier_notes(turn: Turn) -> None:
    """Some more of what was noted, further back."""
    reference, _colon, skipped = turn.incoming.argument.partition(":")
    interest = await agreed(turn, reference)
    if not interest:
        return
    skipping = int(skipped) if skipped.isascii() and skipped.isdigit() and len(skipped) < 6 else 0  # noqa: PLR2004
    noted = await interests.notes(turn.reader, interest.reference, NOTES_SHOWN + 1, skipping)
    if not noted:
        turn.say(NO_MORE_NOTES.fill(reference=interest.reference))
        return
    await audit.add(await turn.write(), turn.person.id, turn.person.role, "show", interest.reference, turn.stamp)
    more = [Tap(EARLIER, f"notes:{interest.reference}:{skipping + NOTES_SHOWN}")] if len(noted) > NOTES_SHOWN else []
    turn.say(_notes(turn, noted[:NOTES_SHOWN]), *more, Tap(interest.reference, f"show:{interest.reference}"))
