"""A visit to come: the child's side. They hear of it when their visitor will be there, and may say anything to it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.domain.concerns import Source
from bot.domain.roles import EVERYBODY
from bot.domain.visits import Said, Visit, VolunteerSaid
from bot.engine import filling
from bot.engine.forms import Form, Kind, Step
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.store import matches, visit_reports, visits, volunteers
from handlers import faces, gate, menu, pages, safety, talk, visit_news, wishes
from handlers.visit_news import about

router = Router()

COMES = _("{visitor} would like to see you on {day} at {time}.")
MOVED = _("{visitor} can't come on {day}. It's not because of you.")
COULD_WORK = _("{visitor} said {day} at {time} could work.")
PLAN = _("The plan: {plan}")
YOU_CHOOSE = _("Is that good for you? You can change your mind later.")
YOU_SAID = {
    Said.YES: _("You said yes. You can still change your mind."),
    Said.ANOTHER_DAY: _("You asked for another day."),
}
YES = _("Yes")
ANOTHER_DAY = _("Another day")
NO = _("I don't want to")
NOT_SAFE = _("I don't feel safe")
CALLED_OFF = _("The visit on {day} will not happen. It's not because of you.")
YOU_CALLED_OFF = _("You said no to the visit on {day}. It will not happen.")
NEW_DAY_COMES = _("{Coordinator} will look for another day with {visitor}. Then I'll tell you here.")
NEW_TIME = _("We are finding a new time for your visit on {day}. It's not because of you. I'll tell you here.")
GOES_ON = _("Visits can go on again. I'm asking {visitor} if {day} is still good. Then I'll tell you here.")
CHANGED = _("Something has changed since you last looked. This is how it is now.")
OVER = _("That visit is over.")
COULD_NOT_COME = _("{visitor} couldn't come on {day}. It's not because of you.")
DID_NOT_HAPPEN = _("Your visit with {visitor} on {day} did not happen. It's not because of you.")
NOTHING_WRONG = _("Your visit with {visitor} on {day} did not happen. You did nothing wrong.")
THEY_WROTE = _("{visitor} wrote to you: {words}")
IT_DID_HAPPEN = _("It did happen")
NO_VISIT = _("There is no visit planned right now. When there is one, you'll find it here.")
GOOD = _("Good. {Coordinator} and {visitor} can see your answer.")
WHICH_DAY = _("That's fine. Which day would be better? {Coordinator} and your visitor can read it. You can skip this.")
FIND_A_DAY = _("Thank you. {visitor} will look for another day. Then I'll tell you here.")
NOT_THIS_ONE = _(
    "That's fine. You don't have to say why. The visit on {day} will not happen. "
    "I only tell {visitor} that it is off, not who said so."
)
TOLD_NOT_SAFE = _("You don't have to go to this visit. {Coordinator} is told that too.")
NOT_TOLD_WHY = _("The visit on {day} is off. I don't tell {visitor} why.")
PAUSED = _(
    "Visits are on pause now. It's not because of you. Somebody has to look at something first. "
    "I tell you here when that changes. You can talk to a person any day."
)
STAFF_SAID = _("{reference}: the child has answered about a visit.")
STAFF_NOT_SAFE = _("{reference}: the child does not feel safe about a visit. Please look now.")


@router.button("visit", EVERYBODY)
async def visit(turn: Turn) -> None:
    """One visit they know of; or, without a reference, the next one.

    The buttons know how often it had changed when they were shown: a yes is one to what was read, not to what came of
    it since. Who does not feel safe is helped from the oldest button.
    """
    reference, said, changes = (*turn.incoming.argument.split(":"), "", "")[:3]
    found = await (visits.of_child(turn.reader, reference, turn.person.id) if reference else _next(turn))
    turn.pause_form()
    if said == Said.NOT_SAFE:
        await _not_safe(turn, found)
    elif found.status == "paused" if found else await _are_paused(turn):
        turn.say(PAUSED, pages.ACTIONS["talk"], Tap(menu.MENU, "menu"))
    elif found is None:
        turn.say(NO_VISIT, Tap(menu.MENU, "menu"))
    elif found.status == "cancelled":
        await _called_off(turn, found)
    elif not found.to_come(turn.stamp):
        await _is_over(turn, found)
    elif not found.confirmed_at:
        _say_new_time(turn, found)
    elif said in ANSWERS and changes == str(found.changes):
        await ANSWERS[said](turn, found)
    else:
        _show(turn, found, await talk.waiting(turn), *([CHANGED] if said in ANSWERS else []))


async def _are_paused(turn: Turn) -> bool:
    """Whether their visitor may not visit now, whatever the reason: then there is no visit until that is over."""
    match = await wishes.current(turn)
    return match is not None and not await volunteers.is_ready(turn.reader, match.volunteer, gate.today(turn.now))


async def _called_off(turn: Turn, found: Visit) -> None:
    """It will not happen; and when their visitor could come instead, if they have said so."""
    by_child, by_visitor = found.cancelled_by == "child", found.cancelled_by == "volunteer"
    off = about(turn, YOU_CALLED_OFF if by_child else MOVED if by_visitor else CALLED_OFF, found)
    await _instead(turn, found, [off], comes=COULD_WORK if by_visitor else COMES, looked_for=not by_child)


async def _is_over(turn: Turn, found: Visit) -> None:
    """One face is enough. If their visitor says that it did not happen: kind words, and when they could come instead.

    Whoever knows better can say so.
    """
    report = await visit_reports.find(turn.reader, found.reference)
    wrote = [about(turn, THEY_WROTE, found).fill(words=report["for_child"])] if report and report["for_child"] else []
    if report is None or report["happened"]:
        turn.say(turn.joined(OVER, *wrote), *faces.taps(found), Tap(menu.MENU, "menu"))
        return
    missed = about(turn, WHY_MISSED.get(report["why_not"], DID_NOT_HAPPEN), found)
    it_did = Tap(IT_DID_HAPPEN, f"face:{found.reference}")
    comes = COULD_WORK if report["why_not"] == "i_could_not" else COMES
    await _instead(turn, found, [missed, *wrote], it_did, comes=comes, looked_for=True)


WHY_MISSED = {
    "i_could_not": COULD_NOT_COME,
    "child_could_not": NOTHING_WRONG,
    "child_did_not_want": NOTHING_WRONG,
    "nobody_there": NOTHING_WRONG,
}
"""What a child reads of a visit that did not happen, by what their visitor says of it."""


async def _instead(turn: Turn, found: Visit, said: Sequence[Text], *taps: Tap, comes: Text, looked_for: bool) -> None:
    """After a visit that is off, or was missed: the next one, or whether another day is looked for."""
    new = await _next(turn)
    if new and new.match == found.match and new.confirmed_at:
        stands_in = new.moved_from == found.planned_for and not new.child_said  # which it says by itself
        _show(turn, new, taps, *([] if stands_in else said), comes=comes)
        return
    now = await matches.current(turn.reader, found.interest)
    goes_on = looked_for and now is not None and now.reference == found.match
    more = [about(turn, NEW_DAY_COMES, found)] if goes_on else []
    turn.say(turn.joined(*said, *more), *taps, pages.ACTIONS["story"], Tap(menu.MENU, "menu"))


def _say_new_time(turn: Turn, found: Visit) -> None:
    """They knew of a time that does not hold, and their visitor has not said yes to another."""
    asked_again = found.moved_from == found.planned_for and found.volunteer_said is VolunteerSaid.NOTHING
    day = turn.day(found.moved_from or found.planned_for)
    words = about(turn, GOES_ON if asked_again else NEW_TIME, found).fill(day=day)
    turn.say(words, pages.ACTIONS["talk"], Tap(menu.MENU, "menu"))


def _show(turn: Turn, found: Visit, waiting: Sequence[Tap], *before: Text, comes: Text = COMES) -> None:
    """The day, the time and the plan, and what they may say to it."""
    if found.moved_from and found.moved_from != found.planned_for and not found.child_said:
        before = (*before, about(turn, MOVED, found).fill(day=turn.day(found.moved_from)))
        comes = COULD_WORK
    lines = [comes, *([PLAN] if found.plan else []), YOU_SAID.get(found.child_said, YOU_CHOOSE)]

    def tap(label: Text, said: Said, *, danger: bool = False) -> Tap:
        return Tap(label, f"visit:{found.reference}:{said}:{found.changes}", danger=danger)

    turn.say(
        turn.joined(*before, *(about(turn, line, found) for line in lines)),
        [tap(YES, Said.YES), tap(ANOTHER_DAY, Said.ANOTHER_DAY)],
        tap(NO, Said.NO),
        tap(NOT_SAFE, Said.NOT_SAFE, danger=True),
        *waiting,
        Tap(menu.MENU, "menu"),
    )


async def _yes(turn: Turn, found: Visit) -> None:
    await _says(turn, found, Said.YES)
    if found.child_said is Said.ANOTHER_DAY:
        await visit_news.show_visitor(turn, found, visit_news.STILL_GOOD)
    turn.say(about(turn, GOOD, found), pages.ACTIONS["story"], Tap(menu.MENU, "menu"))


async def _another_day(turn: Turn, found: Visit) -> None:
    """Another day: which one may be said. Their visitor hears at once that one is wanted, and then chooses it."""
    await _says(turn, found, Said.ANOTHER_DAY)
    await visit_news.show_visitor(turn, found, visit_news.ANOTHER_DAY)
    if turn.form:
        turn.say(about(turn, FIND_A_DAY, found), *menu.taps(turn))
    else:
        await filling.begin(turn, "another_day", about=found.reference)


async def _no(turn: Turn, found: Visit) -> None:
    await _says(turn, found, Said.NO)
    await _call_off(turn, found)
    turn.say(about(turn, NOT_THIS_ONE, found), *wishes.WISHES, Tap(menu.MENU, "menu"))


async def _says(turn: Turn, found: Visit, said: Said) -> None:
    """What the child says counts at once; the coordinator is told, without a word of it."""
    await visits.child_said(await turn.write(), found.reference, said)
    if said is not found.child_said:
        await visit_news.tell_staff(turn, found, STAFF_SAID)


async def _not_safe(turn: Turn, found: Visit | None) -> None:
    """Somebody is told, whatever became of the visit. If it is to come it is off, and to the visitor that is a no."""
    also = [TOLD_NOT_SAFE]
    if found:
        await visit_news.tell_staff(turn, found, STAFF_NOT_SAFE)
    if found and found.to_come(turn.stamp):
        await visits.child_said(await turn.write(), found.reference, Said.NOT_SAFE)
        await _call_off(turn, found)
        also.append(about(turn, NOT_TOLD_WHY, found))
    await safety.tell_someone(turn, Source.VISIT, *also)


async def _call_off(turn: Turn, found: Visit) -> None:
    """By the child. Their visitor reads the same words whatever the child said."""
    await visits.cancel(await turn.write(), found.reference, "child")
    await visit_news.tell_visitor_off(turn, found)


ANSWERS: dict[str, Callable[[Turn, Visit], Awaitable[None]]] = {
    Said.YES: _yes,
    Said.ANOTHER_DAY: _another_day,
    Said.NO: _no,
}
"""What a child says of a visit, besides that they don't feel safe."""


async def another_day(turn: Turn, answers: dict[str, Any]) -> None:
    """They may have said which day would be better."""
    found = await visits.of_child(turn.reader, answers["about"], turn.person.id)
    if found is None:
        menu.say_menu(turn, menu.STALE)
        return
    if found.child_said is Said.ANOTHER_DAY:  # not when it was moved meanwhile
        await visits.child_words(await turn.write(), found.reference, answers["day"] or "")
    turn.say(about(turn, FIND_A_DAY, found), Tap(menu.MENU, "menu"))


async def _next(turn: Turn) -> Visit | None:
    return await visits.next_of_child(turn.reader, turn.person.id, turn.stamp)


FORMS = (Form("another_day", (Step("day", Kind.TEXT, WHICH_DAY, optional=True, longest=200),), another_day),)
