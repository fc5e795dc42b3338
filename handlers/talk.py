"""Talking to a person: from anywhere, answered here or where the child says.

Who reads it and when they can is said before the first word. Everything somebody says goes into their one talk.
"""

from typing import Any

from markupsafe import Markup

from bot.domain.references import new_code, new_reference, read_reference
from bot.domain.roles import EVERYBODY, STAFF
from bot.engine import filling
from bot.engine.answers import read_typed
from bot.engine.forms import Answers, Form, Kind, Problem, Step, with_answer
from bot.engine.message import Kind as Event
from bot.engine.router import Router
from bot.engine.turn import OpenForm, Tap, Turn
from bot.i18n import Text, _
from bot.store import codes, talks
from bot.store.talks import PREFIX, Line, Talk
from handlers import hours, menu
from handlers.interest_form import WAYS

router = Router()

LONGEST = 2000
"""Characters of what is said in one go."""

ABOUT = "talk"
"""What a return code is about that was given for an answer here."""

FORM_OF = {"": "talk", "more": "talk_more", "way": "talk_way"}
"""The form that a button of ours opens, by its argument."""

FOR_STAFF = _("This chat is your own desk: whoever wants to talk writes to you. /talks shows them.")
NEW_TALK = _("Somebody would like to talk. /talks shows it.")
NEW_WAY = _("{reference}: they have changed how they can be answered safely. /talks shows it.")
TALKS = _("Talks")
WHO_READS = _(
    "A person will answer you, not me. {Coordinator} and their manager read what you write. "
    "If somebody might get hurt, they must tell others who can help."
)
MESSAGE = _("What would you like to say? You can skip this. Then I ask them to get in touch.")
WAY = _(
    'How can they answer you in a way that is safe for you? Tap as many as you like, then "That\'s all". '
    "Or type another way, like a phone number and when to ring. Then I send it."
)
REPLY_WAYS = tuple(option for option in WAYS if option.value != "social_worker")
SENT = _("Thank you. I've told {coordinator} that you would like to talk.")
PASSED_ON = _("Thank you. I've passed it on to {coordinator}.")
KEPT = _('I\'ve kept your words for {coordinator}, but not sent them yet. Tap "Carry on with my answers" to send them.')
READ_HERE = _("When they answer, I tell you here.")
READ_WITH_CODE = _("Their answer will be here. If you leave this page, come back with your code to read it.")
READ_ELSEWHERE = _("They will answer in the way you chose.")
NOT_READ_YET = _("You asked on {day}. Nobody has read it yet.")
READ_NOT_ANSWERED = _("You asked on {day}. They have read it, but they have not answered yet.")
THEY_WROTE = _("On {day} {coordinator} wrote:")
THEY_REACHED_YOU = _("On {day} {coordinator} told me that they have answered you in another way.")
MORE = _("What would you like to say? {Coordinator} and their manager read it.")
WAY_CHANGED = _("Thank you. I've told them to answer you that way.")
DONE = _("That's fine. You can write again any day.")
WRITE_BACK = _("Write back")
ANSWER_WAITS = _("Read the other message")
ADD = _("Add something")
CHANGE_WAY = _("Change how they answer me")
ENOUGH = _("That's all for now")


@router.command("talk", EVERYBODY)
@router.button("talk", EVERYBODY)
async def talk(turn: Turn) -> None:
    """Begin a talk, or go on with the one there is."""
    asked = turn.incoming.argument if turn.incoming.kind is Event.BUTTON else ""
    mine = await talks.of(turn.reader, turn.person.id)
    if turn.person.role in STAFF:
        menu.say_menu(turn, FOR_STAFF)
    elif asked in FORM_OF and (mine is None) == (asked == ""):
        await _open(turn, FORM_OF[asked])
    elif mine and asked == "done":
        menu.say_menu(turn, DONE)
    elif mine and (asked == "" or read_reference(asked, PREFIX) == mine.reference):
        await show(turn, mine)
    else:
        menu.say_menu(turn, menu.STALE)


async def _open(turn: Turn, form: str) -> None:
    """One of our forms; a code first, which is shown until they say that it is saved."""
    if turn.form and turn.form.name in {"receipt", form}:
        await filling.ask(turn)
    else:
        await filling.begin(turn, form)


async def show(turn: Turn, talk: Talk) -> None:
    """What was answered, or since when nobody has; whoever sees an answer has read it."""
    turn.pause_form()
    said = await talks.lines(turn.reader, talk.reference)
    answers = [line for line in said if line.by_staff]
    parts = [_answer(turn, line) for line in [line for line in answers if not line.read_at] or answers[-1:]]
    await talks.read(await turn.write(), talk.reference, turn.stamp, by_staff=False)
    if talk.waiting:
        asked = [line for line in said if not line.by_staff]
        words = READ_NOT_ANSWERED if all(line.read_at for line in asked) else NOT_READ_YET
        parts += [turn.html(words.fill(day=turn.day(asked[-1].at))), *_outlook(turn)]
        taps = [Tap(ADD, "talk:more"), Tap(CHANGE_WAY, "talk:way")]
    else:
        taps = [Tap(WRITE_BACK, "talk:more"), Tap(ENOUGH, "talk:done")]
    carry_on = [Tap(menu.CARRY_ON, "resume")] if turn.form else []
    turn.say(Markup("\n\n").join(parts), *taps, *carry_on, Tap(menu.MENU, "menu"))


async def waiting(turn: Turn) -> list[Tap]:
    """To an answer they have not read: of several messages that wait, the newest is often the only one opened."""
    return [Tap(ANSWER_WAITS, "talk")] if await talks.answer_waits(turn.reader, turn.person.id) else []


def _answer(turn: Turn, line: Line) -> Markup:
    if not line.words:
        return turn.html(THEY_REACHED_YOU.fill(day=turn.day(line.at)))
    return Markup("<b>{}</b>\n{}").format(turn.html(THEY_WROTE.fill(day=turn.day(line.at))), line.words)


def _outlook(turn: Turn) -> list[Markup]:
    """When somebody can see it, and what to do if it cannot wait."""
    return [hours.outlook(turn), *([turn.html(hours.CANNOT_WAIT)] if hours.away(turn) else [])]


def _first_words(turn: Turn, _answers: Answers) -> Markup:
    return Markup("\n\n").join([turn.html(WHO_READS), hours.outlook(turn), turn.html(MESSAGE)])


async def done(turn: Turn, answers: dict[str, Any]) -> None:
    """What was said goes to the coordinators; if a talk was begun meanwhile on another device, into that one."""
    ways = ", ".join(answers["way"])
    mine = await talks.of(turn.reader, turn.person.id)
    if mine:
        await talks.set_way(await turn.write(), mine.reference, ways)
    else:
        mine = await open_talk(turn, turn.person.id, turn.incoming.channel, turn.language, ways)
    await _pass_on(turn, mine, answers["message"] or "")
    await _thank(turn, SENT)


async def more_done(turn: Turn, answers: dict[str, Any]) -> None:
    mine = await talks.of(turn.reader, turn.person.id)
    if mine:
        await _pass_on(turn, mine, answers["words"])
        await _thank(turn, PASSED_ON)
    else:
        menu.say_menu(turn, menu.STALE)


async def way_done(turn: Turn, answers: dict[str, Any]) -> None:
    mine = await talks.of(turn.reader, turn.person.id)
    if mine:
        await talks.set_way(await turn.write(), mine.reference, ", ".join(answers["way"]))
        await _ring(turn, NEW_WAY.fill(reference=mine.reference))
        await _thank(turn, WAY_CHANGED)
    else:
        menu.say_menu(turn, menu.STALE)


async def open_talk(turn: Turn, person: str, channel: str, language: str, ways: str) -> Talk:
    """The talk of somebody who has none yet."""
    while await talks.taken(turn.reader, reference := new_reference(PREFIX)):
        pass
    opened = Talk(reference, person, channel, language, ways, turn.stamp, waiting=False, touched_at=turn.stamp)
    await talks.add(await turn.write(), opened)
    return opened


async def _pass_on(turn: Turn, talk: Talk, words: str) -> None:
    """One more line; staff are told once, until one of them has read what is there."""
    told = await talks.unread(turn.reader, talk.reference)
    await talks.say(await turn.write(), talk.reference, turn.person.id, words, turn.stamp, by_staff=False)
    if not told:
        await _ring(turn, NEW_TALK)


async def _ring(turn: Turn, words: Text) -> None:
    await turn.tell_staff(words, Tap(TALKS, "talks"))


async def _thank(turn: Turn, words: Text) -> None:
    """What happens next. Whoever is answered here on the chat page needs a code to come back to it."""
    mine = await talks.of(turn.reader, turn.person.id)
    if mine and mine.here and turn.incoming.channel == "web" and not await codes.has_receipt(turn.reader, mine.person):
        code = new_code()
        await codes.add_receipt(await turn.write(), code, mine.person, turn.stamp)
        turn.say(words)
        await filling.begin(turn, "receipt", {"?code": code}, about=ABOUT)
    elif mine:
        next_(turn, mine, words)


async def code_saved(turn: Turn) -> None:
    """The code is written down: now what happens next."""
    mine = await talks.of(turn.reader, turn.person.id)
    if mine:
        next_(turn, mine)
    else:
        menu.say_menu(turn, menu.WHAT_NOW)


def next_(turn: Turn, talk: Talk, *thanks: Text) -> None:
    """How and when they are answered."""
    here = READ_WITH_CODE if turn.incoming.channel == "web" else READ_HERE
    how = here if talk.here else READ_ELSEWHERE
    turn.say(Markup("\n\n").join([*map(turn.html, (*thanks, how)), *_outlook(turn)]), *menu.taps(turn))


async def keep_words(turn: Turn, typed: str) -> Text | None:
    """Danger `typed` where a person was to read it is not lost on the way to the safety page; what became of it."""
    if not turn.form or turn.form.paused or turn.form.name not in {"talk", "talk_more"}:
        return None
    step = turn.context.forms[turn.form.name].current(turn.form.answers)
    if not step or step.kind is not Kind.TEXT:
        return None
    words = read_typed(turn, step, typed)
    if isinstance(words, Problem):
        return None
    if turn.form.name == "talk":
        turn.form = OpenForm("talk", with_answer(turn.form.answers, step.key, words))
        return KEPT
    mine = await talks.of(turn.reader, turn.person.id)
    if not mine:
        return None
    turn.close_form()
    await _pass_on(turn, mine, str(words))
    return PASSED_ON


WAY_STEP = Step("way", Kind.SEVERAL, WAY, options=REPLY_WAYS, own_words=True, longest=200)
FORMS = (
    Form("talk", (Step("message", Kind.TEXT, _first_words, optional=True, longest=LONGEST), WAY_STEP), done),
    Form("talk_more", (Step("words", Kind.TEXT, MORE, longest=LONGEST),), more_done, worth_keeping=False),
    Form("talk_way", (WAY_STEP,), way_done, worth_keeping=False),
)
