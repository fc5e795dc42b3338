"""Complaints for those who handle them: what is open, what is due, and one of them by its number."""

from markupsafe import Markup

from bot.domain.complaints import Complaint, Status
from bot.domain.roles import EVERYBODY, STAFF
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.store import complaints
from handlers import menu
from handlers.cases import words
from handlers.cases.complaint import COMPLAINTS, nothing, show, viewer, visible

router = Router()

AT_ONCE = 10
"""How many are listed at a time."""

NOTHING_OPEN = _("No complaint is open that you can see.")
OPEN_ONES = n_("{n} complaint is open, the soonest due first:", "{n} complaints are open, the soonest due first:")
TO_ACKNOWLEDGE = _("to be acknowledged by {day}")
NO_REPLY = _("asked something, no reply yet")
DUE_ONES = _("Late, or due by {day}:")
NOTHING_DUE = _("Nothing is late, and nothing is due by {day}.")
ANSWERED_ONES = _("Answered, not closed:")
MORE = _("More")


@router.command("complaints", EVERYBODY)
@router.button("complaints", EVERYBODY)
async def list_(turn: Turn) -> None:
    """What this viewer may see, the soonest due first; one of them whole; or how its date was reckoned."""
    what, _colon, which = turn.incoming.argument.rpartition(":")
    if not which or what == "from":
        await list_open(turn, int(which) if which.isascii() and which.isdigit() and len(which) < 6 else 0)  # noqa: PLR2004
    elif what == "how":
        await _how(turn, which)
    else:
        await show_by_reference(turn, which)


@router.command("due", EVERYBODY)
async def due(turn: Turn) -> None:
    """What is late, or will be within the days of a reminder, each with how its date was reckoned."""
    who = viewer(turn)
    if turn.person.role not in STAFF and not await complaints.open_number(turn.reader, who):
        await menu.unknown(turn)
        return
    turn.pause_form()
    ahead = turn.context.settings.complaints.remind_days
    soon = words.calendar(turn).due(words.today(turn), ahead)
    found = await complaints.due_by(turn.reader, who, soon)
    head = DUE_ONES.fill(day=soon) if found else NOTHING_DUE.fill(day=soon)
    lines = [head, *(_listed(turn, one) for one in found)]
    turn.say(
        Markup("\n").join(map(turn.html, lines)),
        *(Tap(one.reference, f"complaints:{one.reference}") for one in found[:AT_ONCE]),
        Tap(COMPLAINTS, "complaints"),
        Tap(menu.MENU, "menu"),
    )


async def show_by_reference(turn: Turn, typed: str) -> None:
    """The complaint somebody names, whole; or the same words for none and for one they may not see."""
    complaint = await visible(turn, typed)
    if complaint:
        await show(turn, complaint)
    else:
        await nothing(turn)


async def _how(turn: Turn, typed: str) -> None:
    """How its date was reckoned."""
    complaint = await visible(turn, typed)
    if complaint is None:
        await nothing(turn)
        return
    turn.pause_form()
    lines = map(turn.html, words.reckoning(turn, complaint))
    turn.say(Markup("\n").join(lines), Tap(complaint.reference, f"complaints:{complaint.reference}"))


async def list_open(turn: Turn, skipping: int = 0) -> None:
    """All that is open, then what was answered. To whoever handles nothing it does not exist."""
    who = viewer(turn)
    number = await complaints.open_number(turn.reader, who)
    shown = await complaints.open_ones(turn.reader, who, AT_ONCE, skipping)
    answered = [] if skipping else await complaints.answered(turn.reader, who, AT_ONCE)
    if not number and not answered and turn.person.role not in STAFF:
        await menu.unknown(turn)
        return
    turn.pause_form()
    lines = [OPEN_ONES.fill(n=number) if number else NOTHING_OPEN, *(_listed(turn, one) for one in shown)]
    lines += [ANSWERED_ONES, *(words.facts(turn, one) for one in answered)] if answered else []
    more = [Tap(MORE, f"complaints:from:{skipping + AT_ONCE}")] if skipping + AT_ONCE < number else []
    turn.say(
        Markup("\n").join(map(turn.html, lines)),
        *(Tap(one.reference, f"complaints:{one.reference}") for one in (*shown, *answered)),
        *more,
        Tap(menu.MENU, "menu"),
    )


def _listed(turn: Turn, complaint: Complaint) -> Text:
    """Its facts, and what it waits for."""
    facts = words.facts(turn, complaint)
    waits = {Status.RECEIVED: TO_ACKNOWLEDGE.fill(day=complaint.clock.ack_due_on), Status.ASKING: NO_REPLY}
    also = waits.get(complaint.status)
    return Text("{facts} · {also}", values={"facts": facts, "also": also}) if also else facts
