"""My request: what a child asked for, where it stands, and the yes that may come later."""

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from bot.domain.consent import Answer, Purpose
from bot.domain.interest import CLOSED, Interest, Status
from bot.domain.roles import EVERYBODY, STAFF
from bot.engine import filling
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import _
from bot.store import audit, consents, interests, people
from handlers import menu

router = Router()

NOTHING_YET = _("You haven't asked for a visitor yet.")
STANDS = {
    Status.AWAITING_CHILD: _("Nothing has been sent yet. You choose, yes or no."),
    Status.ASKED: _("Your answers are with {coordinator}."),
    Status.DECLINED: _("You said no, and nothing was sent. You can ask any day."),
    Status.WITHDRAWN: _("You took it back, and your answers are rubbed out. You can ask again any day."),
}
SINCE = _("Your request <b>{reference}</b>, since {day}.")
CHILD_ANSWERED = _("<b>{reference}</b>: the child has answered. What they said is theirs to tell.")
ADULT_WAITS = _("<b>{reference}</b>: waiting for the child. They use the code you gave them.")
TOLD = _("This is what you told me:")
TOLD_ABOUT_YOU = _("This is what I was told about you:")
CHOOSE_NOW = _("Choose now")
SHARE_LATER = _("Tell my social worker too")
LIKE_ONE = _("I'd like one")
SHARED = _("Thank you. {coordinator} may now tell your social worker.")
NOT_SHARED = _("That's fine. Your social worker is not told. You can say yes any day.")
TAKE_BACK = _("Take my request back")
TAKE_IT_BACK = _(
    "Do you want to take your request back? Then I rub your answers out, and I tell {coordinator} that you took it "
    "back. You don't have to say why. You can ask again any day."
)
YES_TAKE_BACK = _("Yes, take it back")
NO_KEEP = _("No, keep it")
TAKEN_BACK = _(
    "I've taken it back, and rubbed out your answers. I only keep the note that there was a request. "
    "{coordinator} may have read your answers before. You can ask them to forget those too."
)
REQUEST_TAKEN_BACK = _("{reference}: this request was taken back.")


@router.command("story", EVERYBODY)
@router.button("story", EVERYBODY)
async def open_(turn: Turn) -> None:
    turn.pause_form()
    await show(turn)


async def show(turn: Turn) -> None:
    """The newest request of whoever is here; for an adult, those that wait for a child."""
    interest = await interests.newest_of(turn.reader, turn.person.id)
    if interest is None:
        asked = [_for_the_adult(turn, i) for i in await interests.asked_for_others(turn.reader, turn.person.id)]
        text = Markup("\n").join(asked) if asked else turn.html(NOTHING_YET)
        turn.say(text, *([] if asked else [Tap(LIKE_ONE, "interest")]), Tap(menu.MENU, "menu"))
        return
    parts = [turn.html(SINCE.fill(reference=interest.reference, day=turn.day(interest.status_since)))]
    if interest.status in STANDS:
        parts.append(turn.html(STANDS[interest.status].fill(coordinator=_coordinator(turn))))
    if interest.status not in CLOSED:
        heading = TOLD_ABOUT_YOU if interest.status == Status.AWAITING_CHILD else TOLD
        parts += [turn.html(heading), told(turn, interest)]
    turn.say(Markup("\n\n").join(parts), *await _taps(turn, interest), Tap(menu.MENU, "menu"))


def _for_the_adult(turn: Turn, interest: Interest) -> Markup:
    """Whether the child has answered; never what."""
    words = ADULT_WAITS if interest.status == Status.AWAITING_CHILD else CHILD_ANSWERED
    return turn.html(words.fill(reference=interest.reference))


async def _taps(turn: Turn, interest: Interest) -> list[Tap]:
    if interest.status in CLOSED:
        return [Tap(LIKE_ONE, "interest")]
    if interest.status == Status.AWAITING_CHILD:
        return [Tap(CHOOSE_NOW, "interest")]
    if interest.status != Status.ASKED:
        return []
    shared = await consents.newest(turn.reader, interest.reference, Purpose.SHARE)
    share_later = [] if shared and shared["given"] else [Tap(SHARE_LATER, "share")]
    return [*share_later, Tap(TAKE_BACK, "takeback")]


@router.button("share", EVERYBODY)
async def share(turn: Turn) -> None:
    """The yes that may come later: the same question again."""
    if turn.form and turn.form.name == "receipt":
        await filling.ask(turn)  # their code first: it is shown until they say that it is saved
    elif await _asked(turn):
        await filling.begin(turn, "share")
    else:
        menu.say_menu(turn, menu.STALE)


async def shared(turn: Turn, answers: dict[str, Any]) -> None:
    """The question about the social worker was answered again."""
    interest = await _asked(turn)
    if interest is None:
        menu.say_menu(turn, menu.STALE)
        return
    answer = Answer.read(answers["share"])
    await consents.add(await turn.write(), turn.person.id, interest.reference, Purpose.SHARE, answer)
    turn.say(
        SHARED.fill(coordinator=_coordinator(turn, first=True)) if answer.given else NOT_SHARED, Tap(menu.MENU, "menu")
    )


@router.button("takeback", EVERYBODY)
async def take_back(turn: Turn) -> None:
    """The yes is taken back: asked once, done at once, and the answers are gone."""
    interest = await _asked(turn)
    if interest is None:
        menu.say_menu(turn, menu.STALE)
        return
    if turn.incoming.argument != "yes":
        turn.say(
            TAKE_IT_BACK.fill(coordinator=_coordinator(turn)), Tap(YES_TAKE_BACK, "takeback:yes"), Tap(NO_KEEP, "story")
        )
        return
    if turn.form and turn.form.name == "share":
        turn.close_form()
    writer = await turn.write()
    await consents.withdraw(writer, interest.reference, turn.stamp)
    await interests.erase(writer, interest.reference, turn.stamp)
    await interests.move(writer, interest.reference, Status.WITHDRAWN, turn.person.id, turn.stamp, "taken back")
    await audit.add(writer, turn.person.id, turn.person.role, "take_back", interest.reference, turn.stamp)
    turn.say(TAKEN_BACK.fill(coordinator=_coordinator(turn, first=True)), *menu.taps(turn))
    for person in await people.with_roles(turn.reader, sorted(STAFF)):
        await turn.tell(person, REQUEST_TAKEN_BACK.fill(reference=interest.reference))


async def _asked(turn: Turn) -> Interest | None:
    """Their request, while it is with the coordinator."""
    interest = await interests.newest_of(turn.reader, turn.person.id)
    return interest if interest and interest.status == Status.ASKED else None


def _coordinator(turn: Turn, *, first: bool = False) -> str:
    """What the coordinator is called; `first` in a sentence."""
    name = turn.context.settings.contacts.coordinator.name
    return name[:1].upper() + name[1:] if first else name


def told(turn: Turn, interest: Interest) -> Markup:
    """What was told, under the titles the form has for it."""
    form = turn.context.forms["interest"]
    values = {
        "name": interest.name,
        "age": interest.age,
        "area": interest.area,
        "likes": list(interest.likes),
        "wishes": interest.visitor_wishes,
        "reach": [part for part in interest.contact_way.split(", ") if part],
        "anything": interest.anything_else,
    }
    answers = {key: value for key, value in values.items() if value not in ("", [], None)} | {"for": "me"}
    titled = replace(form, steps=tuple(step for step in form.steps if step.key != "for"))
    return filling.summary(turn, titled, answers)
