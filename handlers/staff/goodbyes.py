"""Volunteers who would like to stop: agreed to before the child is told, and ended on the child's road."""

from markupsafe import Markup

from bot.domain.interest import MATCH_PREFIX, Interest, Match, Reason, Status, staff_moves
from bot.domain.references import read_reference
from bot.domain.roles import STAFF
from bot.engine import filling
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.store import audit, goodbyes, interests, matches, people, volunteers
from bot.store.goodbyes import Goodbye
from handlers import menu

router = Router()

OPEN = n_("{n} goodbye to agree or to end:", "{n} goodbyes to agree or to end:")
LINE = _("{match} · asked {day} · {how}")
HOW = {
    "last_visit": _("a last visit on {last}"), "said": _("goodbye was said"), "cannot": _("can't come again"),
}  # fmt: skip
AGREED_LINE = _("agreed on {day}, the child is told")
FACTS = _("<b>{match}</b> · {interest} · {volunteer} · asked {day}")
LEAVES = _("They would like to stop altogether: their record can be closed after this match has ended.")
WORDS = _("They wrote: {words}")
NOT_TOLD = _("The child is told nothing before you agree, or end it.")
AGREE = _("Agree, and tell the child")
AGREED = _(
    "{match}: agreed. The child is told kindly, and the volunteer as well. Please see that the visit is planned."
)
PLAN_LAST = _("Plan the last visit")
END_IT = _("End it: the visitor stops")
LOOK_AGAIN = _("Look for another visitor")
WRITE = _("Write to the child")
GONE = _("There is no wish to stop under this number, or the match has ended.")
VOLUNTEER_AGREED = _(
    "{match}: {coordinator} has agreed to a last visit on {last}. "
    "The child has been told kindly, so you may speak of it now."
)


def line(turn: Turn, found: Goodbye) -> Text:
    """One of them in a list."""
    how = AGREED_LINE.fill(day=turn.day(found.agreed_at)) if found.agreed_at else _how(turn, found)
    return LINE.fill(match=found.match, day=turn.day(found.at), how=how)


def _how(turn: Turn, found: Goodbye) -> Text:
    return HOW[found.how].fill(last=turn.date(found.last_on) if found.last_on else "")


@router.button("goodbye", STAFF)
async def goodbye(turn: Turn) -> None:
    """One of them, and what can be done: agree to it, plan it, end it on the child's road."""
    turn.pause_form()
    typed, _colon, verb = turn.incoming.argument.partition(":")
    found = await goodbyes.of_match(turn.reader, read_reference(typed, MATCH_PREFIX) or "")
    match = await matches.find(turn.reader, found.match) if found else None
    interest = await interests.find(turn.reader, match.interest) if match else None
    if not (found and match and interest):
        turn.say(GONE, *menu.taps(turn))
    elif verb == "agree" and found.last_on:
        await _agree(turn, found, match, interest)
    elif verb == "end" and Status.ENDED in staff_moves(interest.status):
        steps = await interests.step_count(turn.reader, interest.reference)
        await filling.begin(
            turn, "to_ended", {"reason": Reason.VISITOR_STOPS.value}, about=f"{interest.reference}:{steps}"
        )
    else:
        await _show(turn, found, match, interest)


async def _show(turn: Turn, found: Goodbye, match: Match, interest: Interest) -> None:
    reference = interest.reference
    steps = await interests.step_count(turn.reader, reference)
    await audit.add(await turn.write(), turn.person.id, turn.person.role, "show_goodbye", found.match, turn.stamp)
    facts = FACTS.fill(match=match.reference, interest=reference, volunteer=match.volunteer, day=turn.day(found.at))
    agreed = [AGREED_LINE.fill(day=turn.day(found.agreed_at))] if found.agreed_at else [NOT_TOLD]
    lines = [
        facts, _how(turn, found), *([LEAVES] if found.leaving else []),
        *([WORDS.fill(words=found.words)] if found.words else []), *agreed,
    ]  # fmt: skip
    to_agree = found.last_on and not found.agreed_at
    turn.say(
        Markup("\n").join(turn.html(text) for text in lines),
        *([Tap(AGREE, f"goodbye:{found.match}:agree")] if to_agree else []),
        *([Tap(PLAN_LAST, f"plan:{reference}")] if found.last_on else []),
        Tap(END_IT, f"goodbye:{found.match}:end"),
        Tap(LOOK_AGAIN, f"move:{reference}:{steps}:{Status.WAITING}"),
        [Tap(WRITE, f"write:{reference}"), Tap(match.volunteer, f"volunteer:{match.volunteer}")],
        [Tap(reference, f"show:{reference}"), Tap(menu.MENU, "menu")],
    )


async def _agree(turn: Turn, found: Goodbye, match: Match, interest: Interest) -> None:
    """From now on the child can read that there will be a last visit. Pressed twice, it counts once."""
    if await goodbyes.agree(await turn.write(), found.match, turn.stamp):
        await audit.add(
            await turn.write(), turn.person.id, turn.person.role, "agree_goodbye", match.reference, turn.stamp
        )
        if child := await people.find(turn.reader, interest.person) if interest.person else None:
            await turn.nudge(child, "story")
        await _tell_volunteer(turn, found, match)
    turn.say(
        AGREED.fill(match=match.reference),
        Tap(PLAN_LAST, f"plan:{interest.reference}"),
        Tap(match.reference, f"goodbye:{match.reference}"),
        Tap(menu.MENU, "menu"),
    )


async def _tell_volunteer(turn: Turn, found: Goodbye, match: Match) -> None:
    volunteer = await volunteers.find(turn.reader, match.volunteer)
    person = await people.find(turn.reader, volunteer.person) if volunteer and volunteer.person else None
    if person and found.last_on:
        words = VOLUNTEER_AGREED.fill(match=match.reference, last=turn.date(found.last_on))
        await turn.tell(person, words, Tap(_("My visits"), "work"))
