"""Who would like to talk, and the coordinator's answers. Every look is in the audit."""

from typing import Any

from markupsafe import Markup

from bot.domain.consent import Purpose
from bot.domain.interest import CLOSED, Interest, Status
from bot.domain.interest import PREFIX as REQUEST
from bot.domain.references import read_reference
from bot.domain.roles import STAFF
from bot.engine import filling
from bot.engine.forms import ABOUT, Form, Kind, Step
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, Tongue, _, n_
from bot.store import audit, consents, interests, people, talks
from bot.store.database import Row
from bot.store.talks import PREFIX, Line, Reach, Talk
from handlers import channels, menu
from handlers.interest_form import HERE, WAYS
from handlers.talk import LONGEST, TALKS, open_talk

router = Router()

AT_ONCE = 10
"""How many talks are listed."""

NOBODY_WAITS = _("Nobody is waiting to talk.")
WAITING = n_("{n} person waiting to talk:", "{n} people waiting to talk:")
MORE_THAN = _("More than {n} people waiting to talk. The longest:")
WAITS = _("{reference} · since {day} at {time} · {request} · {state}")
NO_REQUEST = _("no request")
ANSWERED = _("Answered:")
WAS_ANSWERED = _("{reference} · {day} at {time} · {state}")
READ = _("read")
NOT_READ = _("not read yet")
ANOTHER_WAY = _("in another way")
NO_SUCH = _("There is no talk with that number any more.")
HEAD = _("<b>{reference}</b> · since {day} · {channel} · {language} · {request}")
SAFE_WAYS = _("Safe ways to answer them: {ways}")
THEY = _("they")
YOU = _("you")
A_COLLEAGUE = _("a colleague")
LINE = _("<b>{day} at {time}, {who}</b> ({state}):")
WANTS_TO_TALK = _("Please get in touch. (They did not say what about.)")
DID_OTHERWISE = _("Answered in another way.")
ANSWER = _("Answer here")
DID_ANOTHER_WAY = _("I've answered another way")
NOTED = _("Noted: {reference} was answered in another way.")
ANSWERED_ALREADY = _("{reference} was answered before.")
WHAT_TO_SAY = _(
    "What do you want to say? They read it in their chat. Write as you would to somebody of nine: short and plain, "
    "without names of others. Until they open it, their screen only shows that there is a message."
)
REACHED = {
    Reach.NOW: _("They are told that there is something to read."),
    Reach.LATER: _("They can't be reached at this moment: it waits here until they come back."),
    Reach.NEVER: _("It can't reach them: they have left the page, and have no code to come back with."),
}
NOT_CHOSEN = _("They have not chosen this chat as a safe way to reach them. They chose: {ways}.")
SENT = _("{reference}: sent.")
ONE_WAS_SENT = _("An answer was sent already, on {day} at {time}, by {who}. Yours was sent as well.")
THERE_IS_MORE = _("They have written something that nobody has read yet.")
NO_REQUEST_SO = _("There is no request with that number.")
NOT_YET = _("{reference}: the child has not said yes, or has taken it back. You can't write to them.")


@router.command("talks", STAFF)
@router.button("talks", STAFF)
async def list_(turn: Turn) -> None:
    """Who waits, longest first, and what was answered; or one of them, to be read or answered."""
    what, _colon, which = turn.incoming.argument.rpartition(":")
    if not which:
        await _list(turn)
        return
    reference = read_reference(which, PREFIX)
    talk = await talks.find(turn.reader, reference) if reference else None
    if not talk:
        turn.say(NO_SUCH, Tap(TALKS, "talks"), Tap(menu.MENU, "menu"))
    elif what == "answer":
        await _ask(turn, talk.reference, talk.person)
    elif what == "other":
        await _note(turn, talk)
    else:
        await _show(turn, talk)


async def _list(turn: Turn) -> None:
    turn.pause_form()
    waiting = await talks.waiting(turn.reader, AT_ONCE + 1)
    answered = await talks.answered(turn.reader, AT_ONCE)
    shown = waiting[:AT_ONCE]
    head = WAITING.fill(n=len(waiting)) if len(waiting) <= AT_ONCE else MORE_THAN.fill(n=AT_ONCE)
    lines = [head if waiting else NOBODY_WAITS, *(_waits(turn, row) for row in shown)]
    lines += [ANSWERED, *(_was_answered(turn, row) for row in answered)] if answered else []
    turn.say(
        Markup("\n").join(map(turn.html, lines)),
        *(Tap(row["reference"], f"talks:{row['reference']}") for row in (*shown, *answered)),
        Tap(menu.MENU, "menu"),
    )


def _waits(turn: Turn, row: Row) -> Text:
    return WAITS.fill(
        reference=row["reference"],
        day=turn.day(row["since"]),
        time=turn.time(row["since"]),
        request=row["interest"] or NO_REQUEST,
        state=NOT_READ if row["unread"] else READ,
    )


def _was_answered(turn: Turn, row: Row) -> Text:
    state = (READ if row["read_at"] else NOT_READ) if row["words"] else ANOTHER_WAY
    return WAS_ANSWERED.fill(
        reference=row["reference"], day=turn.day(row["at"]), time=turn.time(row["at"]), state=state
    )


async def _show(turn: Turn, talk: Talk) -> None:
    """One talk whole. Whoever looks has read it."""
    turn.pause_form()
    writer = await turn.write()
    lines = await talks.lines(turn.reader, talk.reference)
    await talks.read(writer, talk.reference, turn.stamp, by_staff=True)
    await audit.add(writer, turn.person.id, turn.person.role, "read_talk", talk.reference, turn.stamp)
    interest = await _open_request(turn, talk.person)
    head = HEAD.fill(
        reference=talk.reference,
        day=turn.day(talk.opened_at),
        channel=channels.named(talk.channel),
        language=Tongue(talk.language),
        request=interest.reference if interest else NO_REQUEST,
    )
    reach = await talks.reach(turn.reader, talk.person)
    cannot = [turn.html(REACHED[reach])] if talk.here and reach is not Reach.NOW else []
    taps = [Tap(ANSWER, f"talks:answer:{talk.reference}")] if talk.here else []
    other = talk.waiting and talk.ways != [HERE.value]
    taps += [Tap(DID_ANOTHER_WAY, f"talks:other:{talk.reference}")] if other else []
    taps += [Tap(interest.reference, f"show:{interest.reference}")] if interest else []
    turn.say(
        Markup("\n\n").join(
            [
                turn.html(head),
                *(_line(turn, line) for line in lines),
                turn.html(SAFE_WAYS.fill(ways=_labels(talk.ways))),
                *cannot,
            ]
        ),
        *taps,
        Tap(TALKS, "talks"),
    )


async def _open_request(turn: Turn, person: str) -> Interest | None:
    """The request they have sent, while it is open."""
    interest = await interests.newest_of(turn.reader, person)
    return interest if interest and interest.status not in CLOSED | {Status.AWAITING_CHILD} else None


def _line(turn: Turn, line: Line) -> Markup:
    who = _name(turn, line) if line.by_staff else THEY
    head = LINE.fill(day=turn.day(line.at), time=turn.time(line.at), who=who, state=READ if line.read_at else NOT_READ)
    words = line.words or turn.html(DID_OTHERWISE if line.by_staff else WANTS_TO_TALK)
    return Markup("{}\n{}").format(turn.html(head), words)


def _name(turn: Turn, line: Line) -> Text | str:
    return YOU if line.by_person == turn.person.id else line.name or A_COLLEAGUE


def _labels(ways: list[str]) -> list[Text | str]:
    labels = {option.value: option.label for option in WAYS}
    return [labels.get(way, way) for way in ways]


async def _note(turn: Turn, talk: Talk) -> None:
    """They were answered by telephone, at school, …: nobody waits any more."""
    if not talk.waiting:
        turn.say(ANSWERED_ALREADY.fill(reference=talk.reference), Tap(TALKS, "talks"))
        return
    writer = await turn.write()
    await talks.say(writer, talk.reference, turn.person.id, "", turn.stamp, by_staff=True)
    await audit.add(writer, turn.person.id, turn.person.role, "answer_talk", talk.reference, turn.stamp)
    turn.say(NOTED.fill(reference=talk.reference), Tap(TALKS, "talks"), Tap(menu.MENU, "menu"))


@router.button("write", STAFF)
async def write(turn: Turn) -> None:
    """Begin a talk with somebody who has sent a request, or go on with theirs."""
    reference = read_reference(turn.incoming.argument, REQUEST)
    interest = await interests.find(turn.reader, reference) if reference else None
    if not interest:
        turn.say(NO_REQUEST_SO, Tap(menu.MENU, "menu"))
    elif not await _may_write(turn, interest):
        turn.say(NOT_YET.fill(reference=interest.reference), Tap(menu.MENU, "menu"))
    else:
        ways = [way for way in interest.contact_way.split(", ") if way]
        not_chosen = None if HERE.value in ways else NOT_CHOSEN.fill(ways=_labels(ways))
        await _ask(turn, interest.reference, interest.person or "", not_chosen)


async def _may_write(turn: Turn, interest: Interest) -> bool:
    """Only to whom the child's own yes leads: not where an adult asked and they have not answered."""
    sent = await consents.newest(turn.reader, interest.reference, Purpose.SEND)
    return bool(interest.person and sent and sent["given"] and not sent["withdrawn_at"])


async def _ask(turn: Turn, about: str, person: str, lead: Text | None = None) -> None:
    """The one-step form of an answer; what stands in its way is said first."""
    reach = await talks.reach(turn.reader, person)
    turn.open_form("talk_answer", {ABOUT: about})
    await filling.ask(turn, lead if reach is Reach.NOW else REACHED[reach])


async def done(turn: Turn, answers: dict[str, Any]) -> None:
    """The answer goes into their talk, and they are nudged. If somebody else was quicker, both are delivered."""
    talk = await _talk_about(turn, answers["about"])
    if not talk:
        turn.say(NO_SUCH, Tap(TALKS, "talks"), Tap(menu.MENU, "menu"))
        return
    earlier = [line for line in await talks.lines(turn.reader, talk.reference) if line.by_staff]
    twice = earlier and not talk.waiting and earlier[-1].by_person != turn.person.id
    writer = await turn.write()
    await talks.say(writer, talk.reference, turn.person.id, answers["words"], turn.stamp, by_staff=True)
    await audit.add(writer, turn.person.id, turn.person.role, "answer_talk", talk.reference, turn.stamp)
    person = await people.find(turn.reader, talk.person)
    if person:
        await turn.nudge(person, f"talk:{talk.reference}")
    said = [SENT.fill(reference=talk.reference), REACHED[await talks.reach(turn.reader, talk.person)]]
    said += [_also(turn, earlier[-1])] if twice else []
    more = await talks.unread(turn.reader, talk.reference)
    said += [THERE_IS_MORE] if more else []
    turn.say(
        Markup("\n").join(map(turn.html, said)),
        *([Tap(talk.reference, f"talks:{talk.reference}")] if more else []),
        Tap(TALKS, "talks"),
        Tap(menu.MENU, "menu"),
    )


def _also(turn: Turn, line: Line) -> Text:
    return ONE_WAS_SENT.fill(day=turn.day(line.at), time=turn.time(line.at), who=_name(turn, line))


async def _talk_about(turn: Turn, reference: str) -> Talk | None:
    """The talk of this number; or that of the child whose request this is, a new one if there was none."""
    if not reference.startswith(f"{REQUEST}-"):
        return await talks.find(turn.reader, reference)
    interest = await interests.find(turn.reader, reference)
    if not interest or not interest.person or not await _may_write(turn, interest):
        return None
    mine = await talks.of(turn.reader, interest.person)
    return mine or await open_talk(turn, interest.person, interest.channel, interest.language, HERE.value)


FORMS = (Form("talk_answer", (Step("words", Kind.TEXT, WHAT_TO_SAY, longest=LONGEST),), done, worth_keeping=False),)
