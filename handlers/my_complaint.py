"""Following a complaint: how far it is, what they asked and answered, and what can be done about it."""

from typing import Any

from markupsafe import Markup

from bot.domain.complaints import MOVES, OPEN, PREFIX, RUNNING, Complainer, Complaint, Message, Stage, Status, Step
from bot.domain.references import read_reference
from bot.domain.roles import EVERYBODY, Viewer
from bot.engine import filling
from bot.engine.forms import Form, Kind
from bot.engine.forms import Step as Question
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.store import audit, complaint_steps, complaints
from handlers import complaint_words as words
from handlers import menu
from handlers.cases.notify import News, tell
from handlers.cases.words import today
from handlers.complaint import LONGEST, MINE, menu_or_form, not_told

router = Router()

WRITE_BACK = _("Write back")
ADD = _("Add something")
NOT_HAPPY = _("I'm not happy with the answer")
HAPPY = _("I'm happy with it")
ADVOCATE = _("I'd like an advocate")
TAKE_BACK = _("Take it back")
THEY_ASKED = _("On {day} they asked you:")
THEY_ANSWERED = _("On {day} they answered you:")
MORE = _("What would you like to say? Those who look at your complaint will read it.")
PASSED_ON = _("Thank you. I've passed it on.")
OVER = _("That complaint is not open any more, so I can't add to it.")
GLAD = _("That's good to know. I've closed it.")
CHANGE_YOUR_MIND = _("You can still change your mind until {day}.")
ADVOCATE_NOTED = _("I've told them that you would like an advocate. You can also ring for one yourself:")
TAKE_IT_FURTHER = _("That's fine, and it's your right. It can go one step further.")
READ_BY = _("They can read what you wrote, and what you were told.")
FURTHER = _("Shall I take it further?")
YES_FURTHER = _("Yes, take it further")
NO_LEAVE = _("No, leave it")
GONE_FURTHER = _("I've taken it further.")
NO_MORE_HERE = _("That's fine, and it's your right. Nobody else here can look at it. Others can, from outside.")
TOO_LATE = _("The time to take it further here is over. Others can still look at it, from outside.")
TAKE_IT_BACK = _(
    "Do you want to take your complaint back? Then I rub out your words, and what they wrote. I can't bring them back. "
    "Those who looked at it are told. The note that you complained stays, without your words."
)
YES_TAKE_BACK = _("Yes, take it back")
NO_KEEP = _("No, keep it")
TAKEN_BACK = _(
    "I've taken it back, and rubbed out your words. They may have read them before. You can complain again any day."
)


@router.button("mycomplaint", EVERYBODY)
async def mine(turn: Turn) -> None:
    """One complaint of theirs, and what they do about it. Somebody else's number shows nothing."""
    asked, _colon, verb = turn.incoming.argument.partition(":")
    reference = read_reference(asked, PREFIX)
    found = await complaints.own(turn.reader, reference, turn.person.id) if reference else None
    if found is None:
        menu.say_menu(turn, menu.STALE)
        return
    match verb:
        case "write" if found.status in OPEN:
            await filling.begin(turn, "complaint_more", about=found.reference)
        case "day" if found.status in RUNNING:
            turn.pause_form()
            turn.say(words.reckoned(turn, found.clock), _back_to(found), Tap(menu.MENU, "menu"))
        case "advocate" if found.status in OPEN and found.complainer is Complainer.CHILD:
            await _advocate(turn, found)
        case "happy" if found.status is Status.ANSWERED:
            await _happy(turn, found)
        case "unhappy" | "unhappy:yes" if found.answered_at:
            await _not_happy(turn, found, sure=verb.endswith("yes"))
        case "back" | "back:yes" if Status.WITHDRAWN in MOVES[found.status]:
            await _take_back(turn, found, sure=verb.endswith("yes"))
        case _:
            await show(turn, found)


def _back_to(found: Complaint) -> Tap:
    return Tap(MINE, f"mycomplaint:{found.reference}")


async def show(turn: Turn, found: Complaint, lead: Markup | None = None) -> None:
    """What they have not read yet, then how far it is; whoever sees an answer has read it."""
    turn.pause_form()
    viewer = Viewer(turn.person.id, turn.person.role)
    said = await complaints.messages(turn.reader, found.reference, viewer)
    for message in _to_show(found, said):
        turn.say(_message(turn, message))
    await complaint_steps.read_own(await turn.write(), found.reference, turn.person.id, turn.stamp)
    events = await complaints.events(turn.reader, found.reference, viewer)
    done = {Step(event["kind"]) for event in events if event["stage"] == found.stage}
    here = any(message.kind == "answer" and message.at == found.answered_at for message in said)
    day = turn.day(found.received_at)
    name = words.YOURS.fill(reference=found.reference, about=words.about(found), day=day)
    parts = [*([lead] if lead else []), turn.html(name), *words.road(turn, found, done, here=here)]
    turn.say(Markup("\n\n").join(parts), *_taps(turn, found), *menu_or_form(turn))


def _to_show(found: Complaint, said: list[Message]) -> list[Message]:
    """What is new to them; else the question that is open, or the last answer."""
    theirs = [message for message in said if message.kind != "reply"]
    new = [message for message in theirs if not message.read_at]
    again = found.status in {Status.ASKING, Status.ANSWERED, Status.CLOSED}
    return new or (theirs[-1:] if again else [])


def _message(turn: Turn, said: Message) -> Markup:
    head = THEY_ASKED if said.kind == "question" else THEY_ANSWERED
    return Markup("<b>{}</b>\n{}").format(turn.html(head.fill(day=turn.day(said.at))), said.words)


def _taps(turn: Turn, found: Complaint) -> list[Tap | list[Tap]]:
    """What a child can do about it now."""
    data = f"mycomplaint:{found.reference}"
    taps: list[Tap | list[Tap]] = []
    if found.status in OPEN:
        taps.append(Tap(WRITE_BACK if found.status is Status.ASKING else ADD, f"{data}:write"))
    if found.status is Status.ANSWERED:
        taps.append(Tap(HAPPY, f"{data}:happy"))
    if found.status in {Status.ANSWERED, Status.CLOSED} and found.answered_at and found.stage is not Stage.OMBUDSMAN:
        taps.append(Tap(NOT_HAPPY, f"{data}:unhappy"))
    if found.status in OPEN and found.complainer is Complainer.CHILD and not found.advocate_wanted:
        taps.append(Tap(ADVOCATE, f"{data}:advocate"))
    if found.status in RUNNING:
        taps.append(Tap(words.HOW_THE_DAY, f"{data}:day"))
    if found.stage is Stage.OMBUDSMAN:
        taps += words.outside(turn, found.about, found.complainer)[1]
    if Status.WITHDRAWN in MOVES[found.status]:
        taps.append(Tap(TAKE_BACK, f"{data}:back"))
    return taps


async def more_done(turn: Turn, answers: dict[str, Any]) -> None:
    """What they wrote goes to those who look at it; they are told once, until one of them has read what is there."""
    reference = answers["about"]
    found = await complaints.own(turn.reader, reference, turn.person.id)
    if found is None:
        menu.say_menu(turn, menu.STALE)
        return
    before = await complaints.messages(turn.reader, reference, Viewer(turn.person.id, turn.person.role))
    waits = any(message.kind == "reply" and not message.read_at for message in before)
    if await complaint_steps.reply(await turn.write(), reference, turn.person.id, answers["words"], turn.stamp):
        told = [] if waits or await tell(turn, found, News.REPLY) else not_told(turn, found)
        await _again(turn, found, turn.html(PASSED_ON), *told)
    else:
        await _again(turn, found, turn.html(OVER))


async def _again(turn: Turn, found: Complaint, *lead: Markup) -> None:
    """Some words, and the complaint as it is now."""
    now = await complaints.own(turn.reader, found.reference, turn.person.id)
    await show(turn, now or found, Markup("\n\n").join(lead))


async def _advocate(turn: Turn, found: Complaint) -> None:
    if await complaint_steps.want_advocate(await turn.write(), found.reference, turn.person.id, turn.stamp):
        await tell(turn, found, News.ADVOCATE)
    turn.pause_form()
    said = Markup("{}\n{}").format(turn.html(ADVOCATE_NOTED), words.advocate_lines(turn))
    turn.say(said, _back_to(found), *menu_or_form(turn))


async def _happy(turn: Turn, found: Complaint) -> None:
    await complaint_steps.settle(await turn.write(), found.reference, turn.person.id, turn.stamp)
    open_ = found.may_go_on(words.stages(turn, found), today(turn)) and found.request_by
    said = [GLAD, *([CHANGE_YOUR_MIND.fill(day=found.request_by)] if open_ else [])]
    turn.say(Markup(" ").join(map(turn.html, said)), _back_to(found), *menu_or_form(turn))


async def _not_happy(turn: Turn, found: Complaint, *, sure: bool) -> None:
    """The next stage, asked once; or where else they can go."""
    turn.pause_form()
    steps = words.stages(turn, found)
    stage = found.may_go_on(steps, today(turn))
    contacts = words.route_of(turn, found.about, stage, found.complainer) if stage else ()
    if stage is Stage.OMBUDSMAN:
        await _go_on(turn, found, stage, found.route)
        _outside(turn, found, NO_MORE_HERE)
    elif stage is None or not contacts:
        late = found.stage in steps[:-1] and stage is None
        _outside(turn, found, TOO_LATE if late else NO_MORE_HERE)
    elif not sure:
        _ask_first(turn, found, stage, contacts)
    elif await _go_on(turn, found, stage, contacts):
        now = await complaints.own(turn.reader, found.reference, turn.person.id) or found
        told = [] if await tell(turn, now, News.NEXT_STAGE) else not_told(turn, now)
        await _again(turn, now, turn.html(GONE_FURTHER), *told)


def _ask_first(turn: Turn, found: Complaint, stage: Stage, contacts: tuple[str, ...]) -> None:
    """What comes next, who reads it and until when."""
    until = (words.PANEL_UNTIL if stage is Stage.PANEL else words.UNTIL).fill(
        day=words.clock_of(turn, found.about, stage).due_on
    )
    parts = [
        turn.html(TAKE_IT_FURTHER),
        turn.html(words.stage_words(turn, stage, contacts)),
        words.sees(turn, found.about, contacts),
        Markup(" ").join(map(turn.html, [READ_BY, until, FURTHER])),
    ]
    data = f"mycomplaint:{found.reference}"
    turn.say(Markup("\n\n").join(parts), Tap(YES_FURTHER, f"{data}:unhappy:yes"), Tap(NO_LEAVE, data))


async def _go_on(turn: Turn, found: Complaint, stage: Stage, contacts: tuple[str, ...]) -> bool:
    clock = found.clock if stage is Stage.OMBUDSMAN else words.clock_of(turn, found.about, stage)
    writer, day = await turn.write(), today(turn)
    person = turn.person.id
    return await complaint_steps.go_on(writer, found.reference, person, stage, contacts, clock, day, turn.stamp)


def _outside(turn: Turn, found: Complaint, lead: Text) -> None:
    where, pages = words.outside(turn, found.about, found.complainer)
    turn.say(Markup("\n\n").join([turn.html(lead), where]), *pages, _back_to(found), *menu_or_form(turn))


async def _take_back(turn: Turn, found: Complaint, *, sure: bool) -> None:
    """Asked once, done at once: the words are gone, from the screens as well; it stays counted."""
    if not sure:
        turn.pause_form()
        turn.say(
            TAKE_IT_BACK,
            Tap(YES_TAKE_BACK, f"mycomplaint:{found.reference}:back:yes"),
            Tap(NO_KEEP, f"mycomplaint:{found.reference}"),
        )
        return
    if turn.form and turn.form.name == "complaint_more":
        turn.close_form()
    await turn.forget(await own_words(turn, found), [found.reference])
    writer = await turn.write()
    await complaint_steps.withdraw(writer, found.reference, turn.person.id, turn.stamp)
    await audit.add(writer, turn.person.id, turn.person.role, "take_back", found.reference, turn.stamp)
    await tell(turn, found, News.WITHDRAWN)
    turn.say(TAKEN_BACK, *menu.taps(turn))


async def own_words(turn: Turn, found: Complaint) -> list[str]:
    """All that was written in it and about it: that is what can be found again on other screens."""
    said = await complaints.messages(turn.reader, found.reference, Viewer(turn.person.id, turn.person.role))
    told = (found.what_happened, found.wanted_outcome, found.name, *found.answer_way.split(", "))
    return [text for text in (*told, *(message.words for message in said)) if text]


FORMS = (
    Form("complaint_more", (Question("words", Kind.TEXT, MORE, longest=LONGEST),), more_done, worth_keeping=False),
)
