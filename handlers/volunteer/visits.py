"""A visit to come, for its volunteer: I'll be there, I need to move it, I can't. One tap, or one word."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.domain.roles import VOLUNTEERS
from bot.domain.visits import Said, Visit, VolunteerSaid
from bot.engine import appointment, filling
from bot.engine.folding import fold
from bot.engine.forms import ABOUT
from bot.engine.message import Document, Kind
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.reports.calendar_file import FORMAT, KIND
from bot.store import visit_reports, visits, volunteers
from handlers import gate, menu, visit_news
from handlers.visit_news import about
from handlers.volunteer import planning, report, work

router = Router()

WITH = _("{day} at {time}, with {child}.")
PLAN = _("The plan: {plan}")
CAN_YOU = _("Can you be there? {child} is asked once you have said so.")
THEY_SAID = {
    Said.NOTHING: _("You'll be there. {child} has not answered yet."),
    Said.YES: _("You'll be there, and {child} said yes."),
    Said.ANOTHER_DAY: _("{child} would like another day. You can choose one."),
}
BETTER_DAY = _("They wrote: {words}")
TELL_THEM_HOW = _("At this visit, please tell {child} how to complain when something is not right. This page says how.")
HOW_TO_COMPLAIN = _("How to complain")
HAS_TO_MOVE = _("It has to move, and there is no new time yet.")
CHANGED = _("Something has changed since. This is how it is now.")
OVER = _("That visit is over.")
REPORT = _("Report a visit")
ON_PAUSE = _("The visit on {day} is on pause. {Coordinator} will be in touch.")
YOU_CALLED_OFF = _("You called off the visit on {day} at {time}.")
CANT = _("Thank you for saying so. {child} is told kindly today. This file takes it out of your calendar.")
CANT_UNTOLD = _("Thank you for saying so. {child} had not been told yet. This file takes it out of your calendar.")
INSTEAD = _("When could you come instead? If you don't know yet, tap Stop.")
LATER = _("That's fine. {Coordinator} knows, and {child} reads that a new time is being found. Plan it when you can.")
CHOOSE_A_TIME = _("Choose a time")
WHICH = _("Which visit is that about?")
WHICH_ONE = _("{day} at {time}")
STAFF_CANT = _("{visit} · {day} at {time} is off: the visitor can't come. A child who knew of it is told kindly.")

# Lists of what is typed after a reminder.
THERE_WORDS = _(
    "yes, y, yep, yeah, yes please, ok, okay, sure, fine, i'll be there, yes i'll be there, ok i'll be there, "
    "will be there, be there, i will be there, yes i will be there, see you there, see you then, i'm coming, coming, "
    "i can, i can come, yes i can, i can make it, confirmed, confirm, all good, good"
)
MOVE_WORDS = _(
    "move, move it, i need to move it, need to move it, i have to move it, can we move it, can i move it, another day, "
    "another time, a different day, different day, different time, change, change it, change the day, change the time, "
    "reschedule, can we reschedule, i need to reschedule, not that day, can't that day, postpone"
)
CANT_WORDS = _(
    "no, n, nope, i can't, can't, sorry i can't, no i can't, i can't come, can't come, i can't make it, can't make it, "
    "sorry can't make it, sorry i can't make it, can not make it, cannot make it, i cannot make it, i cannot come, "
    "i won't be there, won't be there, not coming, i'm not coming, i'm ill, i'm sick, cancel, cancel it, call it off"
)
PLAN_WORDS = _("plan a visit, plan visit, plan, new visit, plan a new visit, plan the next visit")
REPORT_WORDS = _("report, report visit, report a visit, report my visit, report it, visit report, my report")
LISTS = (THERE_WORDS, MOVE_WORDS, CANT_WORDS, PLAN_WORDS, REPORT_WORDS)
"""No sentences: what typed words are compared with."""


@router.button("vvisit", VOLUNTEERS)
async def visit(turn: Turn) -> None:
    """One of their own visits, or what they say of it. A button from before a change shows what it is now."""
    reference, said, changes = (*turn.incoming.argument.split(":"), "", "")[:3]
    found = await visits.of_volunteer(turn.reader, reference, turn.person.id)
    if found is None:
        menu.say_menu(turn, menu.STALE)
    elif not found.to_come(turn.stamp):
        turn.pause_form()
        _say_no_more(turn, found)
    elif said in ANSWERS and changes == str(found.changes):
        await ANSWERS[said](turn, found)
    else:
        await _show(turn, found, *([CHANGED] if said in ANSWERS else []))


def _say_no_more(turn: Turn, found: Visit) -> None:
    """A visit that is not to come. Whoever called it off but themselves, the words are the same."""
    if found.status == "paused":
        turn.say(about(turn, ON_PAUSE, found), Tap(work.TALK, "talk"), Tap(menu.MENU, "menu"))
    elif found.status != "cancelled":
        turn.say(OVER, Tap(REPORT, f"report:{found.reference}"), Tap(menu.MENU, "menu"))
    elif found.cancelled_by == "volunteer":
        turn.say(about(turn, YOU_CALLED_OFF, found), Tap(work.PLAN, f"vplan:{found.match}"), Tap(menu.MENU, "menu"))
    else:
        file = Tap(visit_news.CALENDAR, f"vics:{found.reference}")
        turn.say(about(turn, visit_news.OFF, found), file, Tap(work.TALK, "talk"), Tap(menu.MENU, "menu"))


async def _show(turn: Turn, found: Visit, *before: Text) -> None:
    turn.pause_form()
    how = await _has_to_tell_how(turn, found)
    lines = [*before, WITH, *([PLAN] if found.plan else []), _stands(found), *([TELL_THEM_HOW] if how else [])]
    child = await planning.child_of(turn, found.interest)
    said = [about(turn, line, found).fill(child=child) for line in lines]
    wrote = [BETTER_DAY.fill(words=found.child_words)] if found.child_words else []
    choices = planning.taps(found)[:1] if found.confirmed_at else visit_news.answers(found)
    file = [Tap(visit_news.CALENDAR, f"vics:{found.reference}")] if found.confirmed_at else []
    await visits.asked(await turn.write(), found.reference, turn.stamp)
    page = [Tap(HOW_TO_COMPLAIN, "page:complain")] if how else []
    turn.say(turn.joined(*said, *wrote), *choices, *page, *file, Tap(menu.MENU, "menu"))


async def _has_to_tell_how(turn: Turn, found: Visit) -> bool:
    """Whether the service wants the child to hear from their visitor how to complain, and they have not yet."""
    wanted = turn.context.settings.visits.explain_complaints
    return wanted and not await visit_reports.explained(turn.reader, found.match)


def _stands(found: Visit) -> Text:
    if found.confirmed_at:
        return THEY_SAID.get(found.child_said, THEY_SAID[Said.NOTHING])
    return HAS_TO_MOVE if found.volunteer_said is VolunteerSaid.MOVE else CAN_YOU


async def _cant(turn: Turn, found: Visit) -> None:
    """It is off at once, no reason is asked, and another time is."""
    turn.drop_form("vmove")
    await visits.cancel(await turn.write(), found.reference, "volunteer")
    child = await planning.child_of(turn, found.interest)
    words = CANT if found.told else CANT_UNTOLD
    turn.say(about(turn, words, found).fill(child=child), document=Document(KIND, FORMAT, found.reference))
    await visit_news.tell_child(turn, found)
    await visit_news.tell_staff(turn, found, STAFF_CANT)
    if await volunteers.is_ready(turn.reader, found.volunteer, gate.today(turn.now)):
        turn.open_form("vplan", {ABOUT: planning.instead_of(found)})
        await filling.ask(turn, INSTEAD)


async def _later(turn: Turn, found: Visit) -> None:
    """It has to move, and they don't know when to."""
    choosing = turn.form is not None and turn.form.name == "vmove"
    turn.drop_form("vmove")
    turn.pause_form()
    if found.confirmed_at or (choosing and not found.told):
        await visit_news.has_no_time(turn, found)
    child = await planning.child_of(turn, found.interest)
    choose = Tap(CHOOSE_A_TIME, visit_news.answer(found, "move"))
    turn.say(LATER.fill(child=child), choose, Tap(menu.MENU, "menu"))


ANSWERS: dict[str, Callable[[Turn, Visit], Awaitable[None]]] = {
    "yes": planning.be_there,
    "move": planning.begin_move,
    "no": _cant,
    "later": _later,
}
"""What a volunteer says of a visit, by the word in the button."""

TYPED = {"yes": THERE_WORDS, "move": MOVE_WORDS, "no": CANT_WORDS}


async def typed(turn: Turn) -> bool:
    """A word typed when a visit is the last thing they were asked about or reminded of; or to plan or report one.

    False when it is neither. Only plain words count: what is not one of them is better asked again than guessed.
    """
    when = _when(turn)
    if when or _is(turn, PLAN_WORDS):
        turn.incoming = replace(turn.incoming, kind=Kind.BUTTON, data="vplan")
        await planning.plan_for(turn, when)
        return True
    if _is(turn, REPORT_WORDS):
        turn.incoming = replace(turn.incoming, kind=Kind.BUTTON, data="report")
        await report.report(turn)
        return True
    said = next((said for said, words in TYPED.items() if _is(turn, words)), "")
    asked = await visits.last_asked(turn.reader, turn.person.id, turn.stamp) if said else []
    if len(asked) == 1:
        await ANSWERS[said](turn, asked[0])
    elif asked:
        turn.pause_form()
        each = [Tap(about(turn, WHICH_ONE, one), visit_news.answer(one, said)) for one in asked]
        turn.say(WHICH, *each, Tap(menu.MENU, "menu"))
    return bool(asked)


def _is(turn: Turn, listed: Text) -> bool:
    """Whether these words were typed, out of a list in any language spoken here."""
    return fold(turn.incoming.text) in _words(turn, listed)


def _words(turn: Turn, listed: Text) -> set[str]:
    return {fold(words) for line in turn.context.words.every(listed) for words in line.split(",")}


def _when(turn: Turn) -> str:
    """What was typed after the words for planning a visit, if it says when: "plan a visit sat 2pm"."""
    words = turn.incoming.text.split()
    listed = _words(turn, PLAN_WORDS)
    rests = (" ".join(words[n:]) for n in range(len(words) - 1, 0, -1) if fold(" ".join(words[:n])) in listed)
    return next((rest for rest in rests if appointment.understood(turn, rest)), "")


@router.button("vics", VOLUNTEERS)
async def calendar(turn: Turn) -> None:
    """The file of a visit of one's own, for a calendar."""
    turn.pause_form()
    found = await visits.of_volunteer(turn.reader, turn.incoming.argument, turn.person.id)
    if found:
        visit_news.say_file(turn, found)
    else:
        menu.say_menu(turn, menu.STALE)
