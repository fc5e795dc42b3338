"""One complaint as whoever handles it sees it, and what they may do with it now. Every look is in the audit."""

from collections.abc import Sequence
from enum import StrEnum

from markupsafe import Markup

from bot.domain.complaints import (
    OPEN,
    PREFIX,
    RUNNING,
    Complainer,
    Complaint,
    Longer,
    Message,
    Stage,
    Status,
    Step,
    ladder,
    latest_extension,
    picture,
)
from bot.domain.references import read_reference
from bot.domain.roles import STAFF, Viewer
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, Tongue, _
from bot.store import audit, complaint_steps, complaints, talks
from bot.store.talks import Reach
from handlers import channels, menu
from handlers.cases import words
from handlers.interest_form import WAYS
from handlers.staff.talks import REACHED

COMPLAINTS = _("Complaints")
NO_SUCH = _("There is no complaint with that number that you can see.")
ASKED = _("They were asked something, and have not replied yet.")
ROAD = _("Stage {n} of {stages}, {stage} {picture}")
CAME = _("Came on {day} · {channel} · {language} · {complainer} · {who}")
COMPLAINER = {
    Complainer.CHILD: _("a young person"),
    Complainer.VOLUNTEER: _("a volunteer"),
    Complainer.ADULT: _("an adult"),
}
ANONYMOUS = _("without a name")
SAFE_WAYS = _("Safe ways to answer them: {ways}")
THROUGH_ADVOCATE = _("Through their advocate")
ADVOCATE = _("They would like an advocate to help them.")
LONGER = {
    Longer.COMPLEX: _("there is a lot to find out"),
    Longer.ADVOCATE: _("waiting for an advocate"),
    Longer.SOMEBODY_AWAY: _("somebody to be asked is away"),
}
BECAUSE = _("It takes longer, because of this: {why}")
WITH_WORDS = _("{why} ({words})")
HAPPENED = _("What happened:")
WANTED = _("What they would like to happen:")
SAID = {
    "question": _("{day} at {time}, a question to them ({state}):"),
    "reply": _("{day} at {time}, they wrote:"),
    "answer": _("{day} at {time}, the answer to them ({state}):"),
}
READ = _("read")
NOT_READ = _("not read yet")
CHANGED = _("What was changed:")
RUBBED_OUT = _("Its words are rubbed out.")
HOW_RECKONED = _("How was the date reckoned?")


class Action(StrEnum):
    """What whoever handles a complaint may do with it, when the law allows it."""

    ACKNOWLEDGE = "ack"
    ASK = "ask"
    ANSWER = "answer"
    EXTEND = "extend"
    PANEL = "panel"
    PAUSE = "pause"
    RESUME = "resume"
    LEARN = "learn"
    CLOSE = "close"


LABEL = {
    Action.ACKNOWLEDGE: _("Say that it has arrived"),
    Action.ASK: _("Ask them something"),
    Action.ANSWER: _("Answer"),
    Action.EXTEND: _("It takes longer"),
    Action.PANEL: _("The panel has met"),
    Action.PAUSE: _("Pause: court or police"),
    Action.RESUME: _("Go on after the pause"),
    Action.LEARN: _("What we changed"),
    Action.CLOSE: _("Close it"),
}
_ALLOWED = {
    Status.RECEIVED: (Action.ACKNOWLEDGE, Action.ANSWER, Action.PAUSE),
    Status.ACKNOWLEDGED: (Action.ASK, Action.ANSWER, Action.PAUSE),
    Status.ASKING: (Action.ASK, Action.ANSWER, Action.PAUSE),
    Status.EXTENDED: (Action.ASK, Action.ANSWER, Action.PAUSE),
    Status.PAUSED: (Action.RESUME,),
    Status.ANSWERED: (Action.LEARN, Action.CLOSE),
    Status.CLOSED: (Action.LEARN,),
    Status.WITHDRAWN: (),
}


def viewer(turn: Turn) -> Viewer:
    return Viewer(turn.person.id, turn.person.role)


async def visible(turn: Turn, typed: str) -> Complaint | None:
    """The complaint somebody names, if they may see it."""
    reference = read_reference(typed, PREFIX)
    return await complaints.find(turn.reader, reference, viewer(turn)) if reference else None


async def nothing(turn: Turn) -> None:
    """The same words for what is not there and for what somebody may not see."""
    if turn.person.role in STAFF:
        turn.pause_form()
        turn.say(NO_SUCH, Tap(COMPLAINTS, "complaints"), Tap(menu.MENU, "menu"))
    else:
        await menu.unknown(turn)


async def lawful(turn: Turn, complaint: Complaint) -> list[Action]:
    """What may be done with it now."""
    found = list(_ALLOWED[complaint.status])
    if complaint.status in {Status.ACKNOWLEDGED, Status.ASKING} and latest_extension(
        words.calendar(turn), complaint.clock, longest(turn, complaint)
    ):
        found.append(Action.EXTEND)
    if complaint.stage is Stage.PANEL and complaint.status in RUNNING:
        happened = await complaints.events(turn.reader, complaint.reference, viewer(turn))
        found += [] if any(event["kind"] == Step.PANEL_MET for event in happened) else [Action.PANEL]
    return found


def longest(turn: Turn, complaint: Complaint) -> int:
    """Working days that its stage may take in all, when it is extended."""
    settings = turn.context.settings
    return settings.complaints.limit(settings.service.jurisdiction, complaint.stage)[1]


async def show(turn: Turn, complaint: Complaint, lead: Text | None = None) -> None:
    """One complaint whole, and what may be done with it. Whoever looks has read it."""
    turn.pause_form()
    writer, reference = await turn.write(), complaint.reference
    said = await complaints.messages(turn.reader, reference, viewer(turn))
    await complaint_steps.read(writer, reference, viewer(turn), turn.stamp)
    await audit.add(writer, turn.person.id, turn.person.role, "read_complaint", reference, turn.stamp)
    parts = [
        *([turn.html(lead)] if lead else []),
        Markup("\n").join(turn.html(text) for text in await _head(turn, complaint)),
        *_words(turn, complaint),
        *(_message(turn, message) for message in said),
    ]
    turn.say(Markup("\n\n").join(parts), *await taps(turn, complaint))


async def taps(turn: Turn, complaint: Complaint) -> list[Tap | list[Tap]]:
    """A button for each thing that may be done. It knows the stage it was shown at."""
    actions = await lawful(turn, complaint)
    buttons = [Tap(LABEL[action], f"case:{action}:{complaint.reference}:{complaint.stage}") for action in actions]
    how = [Tap(HOW_RECKONED, f"complaints:how:{complaint.reference}")] if complaint.status in OPEN else []
    return [
        *(buttons[i : i + 2] for i in range(0, len(buttons), 2)),
        *how,
        Tap(COMPLAINTS, "complaints"),
        Tap(menu.MENU, "menu"),
    ]


async def _head(turn: Turn, complaint: Complaint) -> list[Text]:
    """The facts: one line of them first, then where it is on its road, and whom it came from."""
    stages = ladder(turn.context.settings.service.jurisdiction, complaint.about, complaint.complainer)
    lines = [Text("<b>{facts}</b>", values={"facts": words.facts(turn, complaint)})]
    lines += words.acknowledge_by(turn, complaint)
    lines += [ASKED] if complaint.status is Status.ASKING else []
    lines.append(
        ROAD.fill(
            n=stages.index(complaint.stage) + 1,
            stages=len(stages),
            stage=words.STAGE[complaint.stage],
            picture=picture(stages, complaint.stage),
        )
    )
    lines.append(
        CAME.fill(
            day=turn.day(complaint.received_at),
            channel=channels.named(complaint.channel),
            language=Tongue(complaint.language),
            complainer=COMPLAINER[complaint.complainer],
            who=complaint.name or ANONYMOUS,
        )
    )
    lines += [BECAUSE.fill(why=because(complaint.extended_reason))] if complaint.extended_reason else []
    lines += [SAFE_WAYS.fill(ways=_ways(complaint.answer_way))] if complaint.answer_way else []
    lines += [ADVOCATE] if complaint.advocate_wanted else []
    if complaint.person and (reach := await talks.reach(turn.reader, complaint.person)) is not Reach.NOW:
        lines.append(REACHED[reach])
    return lines


def because(reason: str) -> Text:
    """Why it takes longer: one of the reasons, and a colleague's own words after it."""
    code, _colon, own = reason.partition(": ")
    why = LONGER[Longer(code)] if code in set(Longer) else code
    return WITH_WORDS.fill(why=why, words=own) if own else Text("{why}", values={"why": why})


def _ways(chosen: str) -> list[Text | str]:
    labels: dict[str, Text] = {option.value: option.label for option in WAYS} | {"advocate": THROUGH_ADVOCATE}
    return [labels.get(way, way) for way in chosen.split(", ")]


def _words(turn: Turn, complaint: Complaint) -> Sequence[Markup]:
    if complaint.emptied_at:
        return [turn.html(RUBBED_OUT)]
    told = [(HAPPENED, complaint.what_happened), (WANTED, complaint.wanted_outcome), (CHANGED, complaint.learning)]
    return [Markup("<b>{}</b>\n{}").format(turn.html(title), said) for title, said in told if said]


def _message(turn: Turn, message: Message) -> Markup:
    state = READ if message.read_at else NOT_READ
    head = SAID[message.kind].fill(day=turn.day(message.at), time=turn.time(message.at), state=state)
    return Markup("<b>{}</b>\n{}").format(turn.html(head), message.words)
