"""My request: what a child asked for, where it stands, and the yes that may come later or be taken back."""

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from bot.domain.consent import Answer, Purpose
from bot.domain.interest import (
    BEFORE_A_VISITOR,
    BY_STAFF,
    CLOSED,
    ROAD,
    WITH_A_VISITOR,
    Interest,
    Match,
    Note,
    Reason,
    Status,
)
from bot.domain.roles import EVERYBODY, STAFF
from bot.engine import filling
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.store import audit, breaks, consents, goodbyes, interests, matches, proposals, referrals, visit_reports
from handlers import menu, pages, road_words, talk, wishes

router = Router()

NOTHING_YET = _("You haven't asked for a visitor yet.")
STANDS = {
    Status.AWAITING_CHILD: _("Nothing has been sent yet. You choose, yes or no."),
    Status.DECLINED: _("You said no, and nothing was sent. You can ask any day."),
    Status.WITHDRAWN: _("You took it back, and your answers are rubbed out. You can ask again any day."),
}
SINCE = _("Your request <b>{reference}</b>, since {day}.")
CHILD_ANSWERED = _("<b>{reference}</b>: the child has answered. What they said is theirs to tell.")
ADULT_WAITS = _("<b>{reference}</b>: waiting for the child. They use the code you gave them.")
NEW_CODE = _("A new code for {reference}")
TOLD_ABOUT_YOU = _("This is what I was told about you:")
CHOOSE_NOW = _("Choose now")
CHANGE = _("Change my answers")
ADD = _("Add something")
WHY_SO_LONG = _("Why does it take so long?")
NOT_NOW = _("Not now")
GO_ON = _("Go on again")
ASK_LATER = _("Ask me again later")
NEXT_VISIT = _("My next visit")
WHAT_THEY_WROTE = _("What {visitor} wrote")
SHARE_LATER = _("Tell my social worker too")
LIKE_ONE = _("I'd like one")
SOMEBODY = _("There is somebody you could meet. You can look who it is, and say yes or no.")
SEE_WHO = _("See who it is")
MAY_WE_REFER = _("{Coordinator} would like to put your name down for a visitor. They do it when you say yes.")
PUT_MY_NAME_DOWN = _("Put my name down")
SHARED = _("Thank you. {Coordinator} may now tell your social worker.")
NOT_SHARED = _("That's fine. Your social worker is not told. You can say yes any day.")
NO_WAY_TO_YOU = _(
    "You wanted to be reached through your social worker. But they may not be told, so {coordinator} can't reach you "
    "that way. You can let them tell your social worker, or choose another way. Or talk to a person here."
)
TAKE_BACK = _("Take my request back")
TAKE_IT_BACK = _(
    "Do you want to take your request back? Then I rub your answers out, and I tell {coordinator} that you took it "
    "back. You don't have to say why. You can ask again any day."
)
AND_THE_VISITOR = _("Then the visits stop as well. {Coordinator} will talk to {visitor}.")
YES_TAKE_BACK = _("Yes, take it back")
NO_KEEP = _("No, keep it")
TAKEN_BACK = _(
    "I've taken it back, and rubbed out your answers. I only keep the note that there was a request. "
    "{Coordinator} may have read your answers before. You can ask them to forget those too."
)
REQUEST_TAKEN_BACK = _("{reference}: this request was taken back.")
MATCH_TAKEN_BACK = _("{reference}: this request was taken back. There was a visitor: please talk to them.")
FORMS_ABOUT_IT = {"share", "change", "add", "refer"}
"""Forms that have no sense without a request."""


@router.command("story", EVERYBODY)
@router.button("story", EVERYBODY)
async def open_(turn: Turn) -> None:
    turn.pause_form()
    await show(turn)


async def show(turn: Turn, lead: Text | None = None) -> None:
    """The newest request of whoever is here; for an adult, those that wait for a child. `lead` goes before it."""
    if turn.person.role in STAFF:
        menu.say_menu(turn, menu.WHAT_NOW)
        return
    interest = await interests.newest_of(turn.reader, turn.person.id)
    if interest is None:
        asked = await interests.asked_for_others(turn.reader, turn.person.id)
        text = Markup("\n").join(_for_the_adult(turn, i) for i in asked) or turn.html(NOTHING_YET)
        waiting = [i.reference for i in asked if i.status == Status.AWAITING_CHILD]
        codes = [Tap(NEW_CODE.fill(reference=reference), f"newcode:{reference}") for reference in waiting]
        turn.say(text, *codes, *([] if asked else [Tap(LIKE_ONE, "interest")]), Tap(menu.MENU, "menu"))
        return
    parts = [*([turn.html(lead)] if lead else []), *await _words(turn, interest)]
    turn.say(
        Markup("\n\n").join(parts), *await talk.waiting(turn), *await _taps(turn, interest), Tap(menu.MENU, "menu")
    )


async def _words(turn: Turn, interest: Interest) -> list[Markup]:
    """Where it stands, what comes next, and since when."""
    since = turn.html(SINCE.fill(reference=interest.reference, day=turn.day(interest.status_since)))
    visitor = await matches.newest(turn.reader, interest.reference)
    match interest.status:
        case Status.NOT_NOW:
            return [road_words.paused(turn, interest), since]
        case Status.ENDED:
            return [road_words.ended(turn, interest, visitor), since]
        case Status.DECLINED if interest.closed_reason in set(Reason):
            return [road_words.declined(turn, interest), since]
        case Status.AWAITING_CHILD:
            return [since, turn.html(STANDS[interest.status]), turn.html(TOLD_ABOUT_YOU), told(turn, interest)]
        case Status.DECLINED | Status.WITHDRAWN:
            return [since, turn.html(STANDS[interest.status])]
    road = road_words.on_the_road(turn, interest, visitor, await _news(turn, interest))
    stuck = [turn.html(NO_WAY_TO_YOU)] if await _no_way(turn, interest) else []
    asked = [turn.html(MAY_WE_REFER)] if await referrals.waits_since(turn.reader, interest) else []
    somebody = [turn.html(SOMEBODY)] if await proposals.of_child(turn.reader, turn.person.id) else []
    return [road, *await _of_the_visitor(turn, visitor), *asked, *somebody, *stuck, since]


async def _of_the_visitor(turn: Turn, match: Match | None) -> list[Markup]:
    if match is None or match.ended_at:
        return []
    pause = await breaks.of_match(turn.reader, match.reference)
    return road_words.of_the_visitor(turn, match, pause, await goodbyes.of_match(turn.reader, match.reference))


async def _news(turn: Turn, interest: Interest) -> Note | None:
    """What a coordinator noted last, since the last step."""
    noted = await interests.notes(turn.reader, interest.reference, 20)
    return next((Note(n["kind"]) for n in noted if n["kind"] in BY_STAFF and n["at"] > interest.status_since), None)


async def _no_way(turn: Turn, interest: Interest) -> bool:
    """Whether the only way they chose to be reached is through somebody who may not be told."""
    only = interest.contact_way == "social_worker" and interest.status in BEFORE_A_VISITOR
    return only and not await _may_tell(turn, interest)


async def _may_tell(turn: Turn, interest: Interest) -> bool:
    shared = await consents.newest(turn.reader, interest.reference, Purpose.SHARE)
    return bool(shared and shared["given"] and not shared["withdrawn_at"])


def _for_the_adult(turn: Turn, interest: Interest) -> Markup:
    """Whether the child has answered; never what."""
    words = ADULT_WAITS if interest.status == Status.AWAITING_CHILD else CHILD_ANSWERED
    return turn.html(words.fill(reference=interest.reference))


async def _taps(turn: Turn, interest: Interest) -> list[Tap | list[Tap]]:
    """What a child can do about it from here."""
    person = pages.ACTIONS["talk"]
    if interest.status in CLOSED:
        return [Tap(LIKE_ONE, "interest"), *([person] if interest.closed_reason in set(Reason) else [])]
    if interest.status == Status.AWAITING_CHILD:
        return [Tap(CHOOSE_NOW, "interest")]
    share = [] if await _may_tell(turn, interest) else [Tap(SHARE_LATER, "share")]
    answers: list[Tap | list[Tap]] = [[Tap(CHANGE, "change"), Tap(ADD, "add")]]
    back = Tap(TAKE_BACK, "takeback")
    if interest.status in WITH_A_VISITOR:
        written = await visit_reports.written_to(turn.reader, turn.person.id, 1)
        wrote = [Tap(WHAT_THEY_WROTE.fill(visitor=row["visitor"]), "wrote") for row in written]
        return [Tap(NEXT_VISIT, "visit"), *wrote, *wishes.WISHES, *answers, *share, back]
    if interest.may_go_on:
        return [Tap(GO_ON, "goon"), Tap(ASK_LATER, "pause"), *answers, *share, back]
    if interest.status is Status.NOT_NOW:
        return [person, *answers, *share, back]
    found = await proposals.of_child(turn.reader, turn.person.id)
    meet = [Tap(SEE_WHO, f"meet:{found.reference}")] if found else []
    refer = [Tap(PUT_MY_NAME_DOWN, "refer")] if await referrals.may_answer(turn.reader, interest) else []
    return [*meet, *refer, *answers, Tap(WHY_SO_LONG, "why"), *share, [Tap(NOT_NOW, "pause"), back]]


@router.button("share", EVERYBODY)
async def share(turn: Turn) -> None:
    """The yes that may come later: the same question again."""
    if turn.form and turn.form.name == "receipt":
        await filling.ask(turn)  # their code first: it is shown until they say that it is saved
    elif await open_request(turn):
        await filling.begin(turn, "share")
    else:
        menu.say_menu(turn, menu.STALE)


async def shared(turn: Turn, answers: dict[str, Any]) -> None:
    """The question about the social worker was answered again."""
    interest = await open_request(turn)
    if interest is None:
        menu.say_menu(turn, menu.STALE)
        return
    answer = Answer.read(answers["share"])
    await consents.add(await turn.write(), turn.person.id, interest.reference, Purpose.SHARE, answer)
    if await _no_way(turn, interest):
        await show(turn, NOT_SHARED)
    else:
        turn.say(SHARED if answer.given else NOT_SHARED, Tap(menu.MENU, "menu"))


@router.button("takeback", EVERYBODY)
async def take_back(turn: Turn) -> None:
    """The yes is taken back: asked once, done at once, and the answers are gone.

    The yes to it names the request: pressed again after a new one was made, it asks about that one first.
    """
    interest = await open_request(turn)
    if interest is None:
        menu.say_menu(turn, menu.STALE)
        return
    match = await matches.current(turn.reader, interest.reference)
    if turn.incoming.argument != interest.reference:
        turn.pause_form()
        parts = [TAKE_IT_BACK, *([AND_THE_VISITOR.fill(visitor=match.visitor)] if match else [])]
        text = Markup("\n\n").join(turn.html(part) for part in parts)
        turn.say(text, Tap(YES_TAKE_BACK, f"takeback:{interest.reference}"), Tap(NO_KEEP, "story"))
        return
    await _take_back(turn, interest, match)


async def _take_back(turn: Turn, interest: Interest, match: Match | None) -> None:
    if turn.form and turn.form.name in FORMS_ABOUT_IT:
        turn.close_form()
    of_it = [interest.reference, *([match.reference] if match else [])]
    await turn.forget(await _own_words(turn, interest), of_it)
    writer = await turn.write()
    await consents.withdraw(writer, interest.reference, turn.stamp)
    await interests.move(writer, interest.reference, Status.WITHDRAWN, turn.person.id, turn.stamp, "taken back")
    await interests.erase(writer, interest.reference, turn.stamp)
    await audit.add(writer, turn.person.id, turn.person.role, "take_back", interest.reference, turn.stamp)
    turn.say(TAKEN_BACK, *menu.taps(turn))
    await tell_staff(turn, MATCH_TAKEN_BACK if match else REQUEST_TAKEN_BACK, interest.reference, closed=True)


async def _own_words(turn: Turn, interest: Interest) -> list[str]:
    """What was typed for a request, and of its visits: that is what can be found again on other screens."""
    noted = await interests.notes(turn.reader, interest.reference, -1)
    typed = (interest.name, interest.visitor_wishes, interest.anything_else, *(note["words"] for note in noted))
    return [*(text for text in typed if text), *await visit_reports.words(turn.reader, interest.reference)]


async def open_request(turn: Turn) -> Interest | None:
    """Their request, while it is on the road or has a pause."""
    interest = await interests.newest_of(turn.reader, turn.person.id)
    return interest if interest and interest.status in {*ROAD, Status.NOT_NOW} else None


async def tell_staff(turn: Turn, text: Text, reference: str, *, closed: bool = False) -> None:
    """Those who work on a request learn that something happened, and by a button what. Not who, and no content."""
    taps = [] if closed else [Tap(reference, f"show:{reference}")]
    await turn.tell_staff(text.fill(reference=reference), *taps)


def answers_of(interest: Interest) -> dict[str, Any]:
    """What was told, as the form keeps it; None where nothing is known."""
    values = {
        "name": interest.name,
        "age": interest.age,
        "area": interest.area,
        "likes": list(interest.likes),
        "wishes": interest.visitor_wishes,
        "reach": [part for part in interest.contact_way.split(", ") if part],
        "anything": interest.anything_else,
    }
    return {key: None if value in ("", []) else value for key, value in values.items()}


def told(turn: Turn, interest: Interest) -> Markup:
    """What was told, under the titles the form has for it."""
    form = turn.context.forms["interest"]
    answers = {key: value for key, value in answers_of(interest).items() if value is not None} | {"for": "me"}
    titled = replace(form, steps=tuple(step for step in form.steps if step.key != "for"))
    return filling.summary(turn, titled, answers)
