"""Asked whether one would like to meet a young person, and told what came of it: neutrally, whoever said no."""

import datetime as dt

from markupsafe import Markup

from bot.domain.interest import Interest, Outcome, Proposal, Said
from bot.domain.recruitment import Volunteer
from bot.domain.roles import VOLUNTEERS
from bot.engine.message import Incoming, Kind
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.settings import Settings
from bot.store import audit, interests, matches, proposals, volunteers
from bot.store.database import Reader, Row
from handlers import gate, likes, meeting, menu, visit_news

router = Router()

SOMEBODY = _("A young person is looking for an independent visitor, and {coordinator} thought of you.")
NAME = _("They are called {child}.")
THEY_LIKE = _("They like {likes}.")
WOULD_YOU = _(
    "Would you like to meet them? No is fine, and needs no reason. If you say yes, the young person is asked as well, "
    "and only two yeses make a match."
)
YES = _("Yes, I'd like to")
NO = _("No, not this one")
THANK_YOU = _("Thank you. The young person is asked now. They choose freely, and may take their time. I'll tell you.")
CANNOT_BE_ASKED = _("Thank you, I've noted your yes. The young person can't be asked just yet: {coordinator} knows.")
NOT_READY = _("Thank you. You can't be matched just now: your stages show what is missing. Your answer can wait.")
STAGES = _("My stages")
YOU_SAID_YES = _("You said yes. You can still change your mind.")
CHANGED_MIND = _("No, not after all")
THATS_FINE = _("That's fine, and thank you for saying so. I've told {coordinator}.")
NOT_YOURS = _("There is nothing of that kind for you to answer.")
CLOSED = {
    Outcome.MATCHED: _("It's a match ({reference}). My visits shows what is next."),
    Outcome.VOLUNTEER_NO: _("You said no to this one ({reference}), and that's fine."),
    Outcome.CHILD_NO: _("It will not be this one ({reference}). Thank you for being ready to."),
    Outcome.DROPPED: _("It will not be this one ({reference}). Thank you for being ready to."),
}
MY_VISITS = _("My visits")
ENDED = _(
    "{reference}: this match has come to an end, and no visit is planned any more. Thank you for the time you gave. "
    "{Coordinator} can tell you more."
)
STAFF_YES = _("{reference}: the volunteer has said yes. The child is asked now.")
STAFF_YES_BUT = _("{reference}: the volunteer has said yes, but has no free place now. The child is not asked.")
STAFF_NO_AFTER_ALL = _(
    "{reference}: the volunteer has said no after all. The child had said yes, and is told kindly. The search goes on."
)
STAFF_NO = _("{reference}: the volunteer has said no. The child knows nothing of it, and the search goes on.")


@router.button("vmeet", VOLUNTEERS)
async def meet(turn: Turn) -> None:
    """A young person one could meet: what may be known of them, and yes or no."""
    turn.pause_form()
    reference, _colon, said = turn.incoming.argument.partition(":")
    found = await proposals.asked_of(turn.reader, reference, turn.person.id)
    volunteer = await volunteers.of_person(turn.reader, turn.person.id)
    interest = await interests.find(turn.reader, found.interest) if found else None
    if found is None or volunteer is None or interest is None:
        turn.say(NOT_YOURS, *_onward())
    elif not found.open:
        turn.say(CLOSED[found.outcome].fill(reference=found.reference), *_onward())
    elif said == Said.NO:
        await _no(turn, found)
    elif said == Said.YES and found.volunteer_said is Said.NOTHING:
        await _yes(turn, found, volunteer)
    else:
        _show(turn, found, interest)


def _show(turn: Turn, found: Proposal, interest: Interest) -> None:
    """Their first name only after they have said yes themselves: until then nobody is told who they are."""
    told = [likes.label(like) for like in interest.likes]
    said_yes = found.volunteer_said is Said.YES
    lines = [
        SOMEBODY,
        *([NAME.fill(child=interest.first_name)] if found.agreed and interest.first_name else []),
        *([THEY_LIKE.fill(likes=told)] if told else []),
        YOU_SAID_YES if said_yes else WOULD_YOU,
    ]
    data = f"vmeet:{found.reference}"
    no = Tap(CHANGED_MIND if said_yes else NO, f"{data}:{Said.NO}")
    answers = [no] if said_yes else [Tap(YES, f"{data}:{Said.YES}"), no]
    turn.say(Markup("\n\n").join(map(turn.html, lines)), answers, *_onward())


async def _yes(turn: Turn, found: Proposal, volunteer: Volunteer) -> None:
    if not await volunteers.is_ready(turn.reader, volunteer.reference, gate.today(turn.now)):
        turn.say(NOT_READY, Tap(STAGES, "stages"), *_onward())
        return
    await proposals.volunteer_says(await turn.write(), found.reference, Said.YES, turn.stamp)
    await _audit(turn, "volunteer_said_yes", found)
    asked = await meeting.ask(turn, found)
    turn.say(THANK_YOU if asked else CANNOT_BE_ASKED, *_onward())
    await meeting.tell_staff(turn, STAFF_YES if asked else STAFF_YES_BUT, found)


async def _no(turn: Turn, found: Proposal) -> None:
    await proposals.volunteer_says(await turn.write(), found.reference, Said.NO, turn.stamp)
    await _audit(turn, "volunteer_said_no", found)
    turn.say(THATS_FINE, *_onward())
    await meeting.tell_staff(turn, STAFF_NO_AFTER_ALL if found.child_said is Said.YES else STAFF_NO, found)
    await meeting.tell_not_them(turn, found)


async def _audit(turn: Turn, action: str, found: Proposal) -> None:
    await audit.add(await turn.write(), turn.person.id, turn.person.role, action, found.reference, turn.stamp)


def _onward() -> list[Tap]:
    return [Tap(MY_VISITS, "work"), Tap(menu.MENU, "menu")]


async def closed(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    if visit_news.quiet(now, settings):
        return []
    rows = await proposals.closed_since(reader, _remembered(now, settings))
    return [_event("proposal-closed", row) for row in rows]


@router.moment("proposal-closed", closed)
async def say_closed(turn: Turn) -> None:
    """What came of it. Where it did not come to a match, not why: that is the child's, or a coordinator's, to tell."""
    found = await proposals.asked_of(turn.reader, turn.incoming.argument, turn.person.id)
    if found and not found.open:
        await _tell(turn, CLOSED[found.outcome], found.reference)


async def ended(reader: Reader, now: dt.datetime, settings: Settings) -> list[Incoming]:
    if visit_news.quiet(now, settings):
        return []
    return [_event("match-ended", row) for row in await matches.ended_since(reader, _remembered(now, settings))]


@router.moment("match-ended", ended)
async def say_ended(turn: Turn) -> None:
    """However a match ended, its volunteer is told; a child who erased everything leaves nothing else to tell."""
    match = await matches.find(turn.reader, turn.incoming.argument)
    volunteer = await volunteers.of_person(turn.reader, turn.person.id)
    if match and volunteer and match.volunteer == volunteer.reference:
        await _tell(turn, ENDED, match.reference)


async def _tell(turn: Turn, text: Text, reference: str) -> None:
    await turn.tell(turn.person, text.fill(reference=reference), Tap(MY_VISITS, "work"))


def _remembered(now: dt.datetime, settings: Settings) -> dt.datetime:
    """What was said is known for as long as messages are kept: nothing older is looked at, so nothing is said twice."""
    return now - dt.timedelta(days=settings.retention.messages)


def _event(name: str, row: Row) -> Incoming:
    data = f"{name}:{row['reference']}"
    return Incoming("clock", data, row["person"], Kind.CLOCK, data=data)
