"""My request: what a child asked for, where it stands, and the yes that may come later."""

from dataclasses import replace

from markupsafe import Markup

from bot.domain.consent import Answer, Purpose
from bot.domain.interest import Interest, Status
from bot.domain.roles import EVERYBODY
from bot.engine import filling
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import _
from bot.store import consents, interests
from handlers import menu

router = Router()

NOTHING_YET = _("You haven't asked for a visitor yet.")
STANDS = {
    Status.AWAITING_CHILD: _("Nothing has been sent yet. It waits for your yes."),
    Status.ASKED: _("Your answers are with {coordinator}, who reads them next."),
    Status.DECLINED: _("You said no, and nothing was sent. You can ask any day."),
}
SINCE = _("Your request <b>{reference}</b>, since {day}.")
ADULT_WAITS = _("<b>{reference}</b>: waiting for the child. They use the code you gave them.")
TOLD = _("This is what you told me:")
SHARE_LATER = _("Tell my social worker too")
LIKE_ONE = _("I'd like one")
SHARED = _("Thank you. {coordinator} may now tell your social worker.")
SHARE_WORDS = _("Yes: {coordinator} may tell my social worker that I would like a visitor.")


@router.command("story", EVERYBODY)
@router.button("story", EVERYBODY)
async def open_(turn: Turn) -> None:
    turn.pause_form()
    await show(turn)


async def show(turn: Turn) -> None:
    """The newest request of whoever is here; for an adult, those that wait for a child."""
    interest = await interests.newest_of(turn.reader, turn.person.id)
    if interest is None:
        waiting = [turn.html(ADULT_WAITS.fill(reference=i.reference)) for i in await interests.awaiting(turn.reader, turn.person.id)]
        text = Markup("\n").join(waiting) if waiting else turn.html(NOTHING_YET)
        turn.say(text, *([] if waiting else [Tap(LIKE_ONE, "interest")]), Tap(menu.MENU, "menu"))
        return
    coordinator = turn.context.settings.contacts.coordinator.name
    parts = [turn.html(SINCE.fill(reference=interest.reference, day=turn.day(interest.status_since)))]
    if interest.status in STANDS:
        parts.append(turn.html(STANDS[interest.status].fill(coordinator=coordinator)))
    if interest.status != Status.DECLINED:
        parts += [turn.html(TOLD), told(turn, interest)]
    turn.say(Markup("\n\n").join(parts), *await _taps(turn, interest), Tap(menu.MENU, "menu"))


async def _taps(turn: Turn, interest: Interest) -> list[Tap]:
    if interest.status == Status.DECLINED:
        return [Tap(LIKE_ONE, "interest")]
    shared = await consents.newest(turn.reader, interest.reference, Purpose.SHARE)
    if interest.status == Status.ASKED and not (shared and shared["given"] and not shared["withdrawn_at"]):
        return [Tap(SHARE_LATER, "share")]
    return []


@router.button("share", EVERYBODY)
async def share(turn: Turn) -> None:
    """The yes that may come later, with words of its own."""
    interest = await interests.newest_of(turn.reader, turn.person.id)
    if not interest or interest.status != Status.ASKED:
        menu.say_menu(turn, menu.STALE)
        return
    coordinator = turn.context.settings.contacts.coordinator.name
    words = turn.plain(SHARE_WORDS.fill(coordinator=coordinator))
    answer = Answer(given=True, words=words, version=filling.version(words), language=turn.language, answered_at=turn.stamp)
    await consents.add(await turn.write(), turn.person.id, interest.reference, Purpose.SHARE, answer)
    turn.say(SHARED.fill(coordinator=coordinator[:1].upper() + coordinator[1:]), Tap(menu.MENU, "menu"))


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
