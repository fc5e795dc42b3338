"""Who could fit a child: the coordinator sees the reasons, in words, and asks one of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from markupsafe import Markup

from bot.domain import matching
from bot.domain.interest import MAY_BE_PROPOSED, PROPOSAL_PREFIX, Interest, Proposal
from bot.domain.matching import Candidate, Child, Code, Fit, LeftOut, Reason
from bot.domain.recruitment import PREFIX as VOLUNTEER
from bot.domain.references import new_reference, read_reference
from bot.domain.roles import STAFF
from bot.engine.folding import fold
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, Tongue, _
from bot.store import audit, matches, people, proposals, volunteers
from handlers import gate, likes, menu
from handlers.staff import match_words, matching_words, proposing, request

router = Router()

AT_ONCE = 4
"""How many are shown on one screen."""

HEAD = _("<b>{reference}</b> · who could fit. You decide, not I: this is only what is noted about each.")
ORDER = _(
    "In this order: nothing speaks against them, what they both like, the language, the wishes, the provider, the "
    "area, free places."
)
OWN_WORDS = _("The child's own words: “{words}”")
NO_WORDS = _("The child has not said whom they would like.")
READ_AS = _("Read in them: {wishes}.")
NOT_PLAIN = _("Nothing in them was plain enough to be looked for here. Please weigh them yourself.")
NAME = _("<b>{name}</b> · {volunteer}")
FOR = _("For: {reasons}")
AGAINST = _("Against: {reasons}")
UNKNOWN = _("Not known: {reasons}")
LEFT_OUT = _("Not in the list: {why}.")
NOBODY = _("There is nobody who can be asked.")
ASK = _("Ask {called} and the child")
MORE = _("More people")
NOT_NOW = _("{reference} is at “{status}”. Somebody can be asked while it is referred or waiting.")
NO_SUCH = _("There is no volunteer with that number who can be asked for {reference}.")
ASKED = _("{proposal}: {called} is asked. If they say yes, the child is asked. You are told what they say.")
NOT_IN_THE_BOT = _(
    "{proposal}: {called} is not in the bot. Please ask them yourself, then say here what they told you."
)
WOULD_YOU = _("{reference}: would you like to meet a young person? No is fine.")
SEE = _("Show me")
OPEN = _("{proposal} is open: one is asked at a time.")


@dataclass(frozen=True, slots=True)
class Fits:
    """Who may be asked for a child, and who may not."""

    child: Child
    listed: list[tuple[Candidate, tuple[Reason, ...]]]
    everybody: list[Candidate]


@router.button("candidates", STAFF)
async def candidates(turn: Turn) -> None:
    """Some of those who could fit, and the child's own words beside."""
    turn.pause_form()
    typed, _colon, skipped = turn.incoming.argument.partition(":")
    interest = await _to_match(turn, typed)
    if interest is None:
        return
    await audit.add(await turn.write(), turn.person.id, turn.person.role, "show", interest.reference, turn.stamp)
    found = await _fits(turn, interest)
    first = int(skipped) if skipped.isdecimal() and int(skipped[:4]) < len(found.listed) else 0
    shown = found.listed[first : first + AT_ONCE]
    running = await proposals.of_interest(turn.reader, interest.reference)
    texts = [
        Markup("\n").join([turn.html(HEAD.fill(reference=interest.reference)), *_wishes(turn, interest, found.child)]),
        *([turn.html(OPEN.fill(proposal=running.reference))] if running else []),
        *([turn.html(ORDER)] if shown else [turn.html(NOBODY)]),
        *(_candidate(turn, one, why) for one, why in shown),
        *_left_out(turn, found.everybody),
    ]
    ask = [] if running else [one.volunteer for one, _why in shown]
    more = found.listed[first + AT_ONCE :]
    turn.say(
        Markup("\n\n").join(texts),
        *(Tap(ASK.fill(called=one.called), f"propose:{interest.reference}:{one.reference}") for one in ask),
        *([Tap(running.reference, f"proposal:{running.reference}")] if running else []),
        *([Tap(MORE, f"candidates:{interest.reference}:{first + AT_ONCE}")] if more else []),
        Tap(interest.reference, f"show:{interest.reference}"),
        Tap(menu.MENU, "menu"),
    )


@router.button("propose", STAFF)
async def propose(turn: Turn) -> None:
    """The volunteer is asked, and nothing of the child comes to them unasked; the child is asked after their yes."""
    typed, _colon, which = turn.incoming.argument.partition(":")
    interest = await _to_match(turn, typed)
    if interest is None:
        return
    if running := await proposals.of_interest(turn.reader, interest.reference):
        turn.say(OPEN.fill(proposal=running.reference), *proposing.taps(running))
        return
    chosen = read_reference(which, VOLUNTEER)
    listed = (await _fits(turn, interest)).listed
    volunteer = next((one.volunteer for one, _why in listed if one.volunteer.reference == chosen), None)
    if volunteer is None:
        turn.say(NO_SUCH.fill(reference=interest.reference), *_who(interest))
        return
    while await proposals.taken(turn.reader, reference := new_reference(PROPOSAL_PREFIX)):
        pass
    writer, made = await turn.write(), Proposal(reference, interest.reference, volunteer.reference, turn.stamp)
    await proposals.add(writer, made, turn.person.id)
    await audit.add(writer, turn.person.id, turn.person.role, "propose", reference, turn.stamp)
    asked = await people.find(turn.reader, volunteer.person) if volunteer.person else None
    words = ASKED if asked else NOT_IN_THE_BOT
    turn.say(words.fill(proposal=reference, called=volunteer.called), *proposing.taps(made))
    if asked:
        await turn.tell(asked, WOULD_YOU.fill(reference=reference), Tap(SEE, f"vmeet:{reference}"))


async def _to_match(turn: Turn, typed: str) -> Interest | None:
    """The request, if its child agrees that it is seen and somebody may be asked; otherwise they are told."""
    interest = await request.agreed(turn, typed)
    if interest and interest.status not in MAY_BE_PROPOSED:
        status = request.STATUS[interest.status]
        turn.say(NOT_NOW.fill(reference=interest.reference, status=status), *_who(interest)[1:])
        return None
    return interest


def _who(interest: Interest) -> list[Tap]:
    return [
        Tap(request.WHO_COULD_FIT, f"candidates:{interest.reference}"),
        Tap(interest.reference, f"show:{interest.reference}"),
        Tap(menu.MENU, "menu"),
    ]


async def _fits(turn: Turn, interest: Interest) -> Fits:
    """Everybody who is a volunteer, looked at for one child."""
    words = turn.context.words
    ready = {one.reference for one in await volunteers.ready(turn.reader, gate.today(turn.now))}
    loads, asked = await matches.loads(turn.reader), await proposals.loads(turn.reader, interest.reference)
    ended = await matches.ended(turn.reader, interest.reference)
    closed = await proposals.closed_before(turn.reader, interest.reference)
    own = {interest.person, interest.asked_by_person} - {None}
    everybody = [
        Candidate(
            replace(volunteer, likes=tuple(likes.kept(turn, like) for like in volunteer.likes)),
            volunteer.reference in ready,
            load=loads.get(volunteer.reference, 0),
            asked=asked.get(volunteer.reference, 0),
            past=matching.past(interest, volunteer, ended, closed),
            conflict=volunteer.person in own,
            languages=_codes(turn, volunteer.languages),
            faith=matching_words.faith(words, volunteer.faith),
        )
        for volunteer in await volunteers.some(turn.reader)
    ]
    wishes = matching_words.wishes(words, interest.visitor_wishes, interest.language)
    liked = frozenset(likes.kept(turn, like) for like in interest.likes)
    child = Child(liked, interest.language, interest.area, wishes, interest.provider)
    return Fits(child, matching.in_order(child, everybody), everybody)


def _codes(turn: Turn, spoken: Iterable[str]) -> frozenset[str]:
    """The languages somebody speaks, noted as a code or as a name; one that is not known stays as it is written."""
    words = turn.context.words
    codes = {fold(name): code for code in words.languages for name in words.names(code)}
    return frozenset(codes.get(fold(one), fold(one)) for one in spoken)


def _wishes(turn: Turn, interest: Interest, child: Child) -> list[Markup]:
    """What the child said, always; and what was read in it."""
    if not interest.visitor_wishes:
        return [turn.html(NO_WORDS)]
    read = READ_AS.fill(wishes=[matching_words.WISHES[wish] for wish in sorted(child.wishes)])
    return [turn.html(OWN_WORDS.fill(words=interest.visitor_wishes)), turn.html(read if child.wishes else NOT_PLAIN)]


def _candidate(turn: Turn, one: Candidate, why: tuple[Reason, ...]) -> Markup:
    """One volunteer: what speaks for them, against them, and what is not known."""
    lines = [turn.html(NAME.fill(name=one.volunteer.name, volunteer=one.volunteer.reference))]
    for head, fit in ((FOR, Fit.FOR), (AGAINST, Fit.AGAINST), (UNKNOWN, Fit.UNKNOWN)):
        told = [text for reason in why if reason.fit is fit and (text := _told(reason))]
        lines += [turn.html(head.fill(reasons=match_words.joined(turn, told)))] if told else []
    return Markup("\n").join(lines)


def _told(reason: Reason) -> Text | None:
    spoken = Tongue(reason.values[0]) if reason.code is Code.LANGUAGE else ""
    return matching_words.told(reason, spoken, [likes.label(value) for value in reason.values])


def _left_out(turn: Turn, everybody: Iterable[Candidate]) -> list[Markup]:
    counts = matching.left_out(everybody)
    why = [matching_words.LEFT_OUT[reason].fill(n=counts[reason]) for reason in LeftOut if counts[reason]]
    return [turn.html(LEFT_OUT.fill(why=why))] if why else []
