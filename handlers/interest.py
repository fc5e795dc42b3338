"""Asking for an independent visitor: the child's own road, and the adult's, which waits for the child's yes."""

from dataclasses import replace
from typing import Any, TypeGuard

from markupsafe import Markup

from bot.domain.consent import Answer, Purpose
from bot.domain.interest import CLOSED, PREFIX, Interest, Status
from bot.domain.references import new_code, new_reference
from bot.domain.retention import CHILD_CODE_VALID
from bot.domain.roles import EVERYBODY, STAFF
from bot.engine import filling
from bot.engine.forms import Answers, Form
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.store import audit, consents, interests, matches
from bot.store import codes as code_store
from handlers import codes, complaint, menu, story, talk
from handlers.interest_form import RECEIPT_STEP, SHARE_STEP, STEPS
from handlers.safety_words import OPEN_PAGE

router = Router()

SIMPLE_BELOW = 11
"""Whoever says that they are younger reads the simple form of pages from then on."""

TELEGRAM_IS_16 = _(
    "Telegram is made for people of 16 and over. If you are younger, our web page is better: "
    "you need no account and no phone number."
)
TELEGRAM_IS_16_NO_PAGE = _(
    "Telegram is made for people of 16 and over. If you are younger, please ask a grown-up you trust to help you."
)
GO_ON_HERE = _("Go on here")
I_AM_16 = _("I'm 16 or over")
SENT = _("Thank you, {name}. I've sent your answers to {coordinator}.")
YOUR_REFERENCE = _("Your request has the number <b>{reference}</b>.")
NEXT = _(
    "That's all. {Coordinator} reads it next, and reaches you in the way you chose. "
    "It can take some months to find the right person. You can look at your request here at any time."
)
NOT_SENT = _(
    "That's fine. I haven't sent anything, and I've rubbed out your answers. I only note that somebody said no. "
    "Your name is not in it. Your words may still show on this screen until you close it. "
    "You can change your mind any day."
)
HAVE_ONE = _("You have asked for a visitor already.")
FOR_STAFF = _("This chat is for your work. Please use another one to ask for a visitor.")
ADULT_DONE = _(
    "Thank you. Nobody has been told yet, because it's the child's choice. Your request has the number "
    "<b>{reference}</b>.\n\nPlease give the child this code. {works}\n\n<b>{code}</b>\n\n"
    "They type it in a chat of their own, {place}. They can read what you told me, change it, and say yes or no."
)
CODE_FOR_THE_ADULT = _(
    "This second code is for you alone. With it you can see whether the child has answered, and get them a new code."
)
WORKS_FOR = n_("It works for {n} day:", "It works for {n} days:", CHILD_CODE_VALID.days)
NEW_CODE = _(
    "Here is a new code for the child of <b>{reference}</b>. The one before has ended. {works}\n\n"
    "<b>{code}</b>\n\nThey type it in a chat of their own, {place}."
)
AT_THE_PAGE = _("at {page}")
ON_THEIR_PHONE = _("like on their phone")
NEW_REQUEST = _("There is a new request. /inbox shows it.")


@router.button("interest", EVERYBODY)
@router.command("interest", EVERYBODY)
async def begin(turn: Turn) -> None:
    """The first question, unless there is a request already or Telegram is not the place."""
    if turn.person.role in STAFF:
        menu.say_menu(turn, FOR_STAFF)
        return
    if turn.incoming.data == "interest:child":
        await _begin_for_a_child(turn)
        return
    interest = await interests.newest_of(turn.reader, turn.person.id)
    if interest and interest.status not in CLOSED | {Status.AWAITING_CHILD}:
        await story.show(turn, HAVE_ONE)
        return
    if turn.form and turn.form.name == "interest":
        await filling.ask(turn)
        return
    if _offer_page(turn):
        return
    await filling.begin(turn, "interest", codes.known_of(turn, interest) if _is_waiting(interest) else None)


async def _begin_for_a_child(turn: Turn) -> None:
    """An adult asks: straight to who they are to the child. Answers given before are not lost."""
    if turn.form and turn.form.name == "interest" and "for" in turn.form.answers:
        await filling.ask(turn)
    else:
        await filling.begin(turn, "interest", {"for": "child"})


def _is_waiting(interest: Interest | None) -> TypeGuard[Interest]:
    return interest is not None and interest.status == Status.AWAITING_CHILD


def _offer_page(turn: Turn) -> bool:
    """On Telegram under-16s are offered the chat page before the first question (settings: telegram.under_16)."""
    settings = turn.context.settings
    if (
        turn.incoming.channel != "telegram"
        or settings.telegram.under_16 == "allow"
        or turn.incoming.data == "interest:here"
    ):
        return False
    page = settings.web.public_url
    go_on = I_AM_16 if settings.telegram.under_16 == "web_only" else GO_ON_HERE
    links = [Tap(OPEN_PAGE, url=page)] if page else []
    turn.say(
        TELEGRAM_IS_16 if page else TELEGRAM_IS_16_NO_PAGE, *links, Tap(go_on, "interest:here"), Tap(menu.MENU, "menu")
    )
    return True


async def done(turn: Turn, answers: dict[str, Any]) -> None:
    """The answers become records."""
    if answers["for"] == "child":
        await _asked_by_adult(turn, answers)
        return
    if await story.open_request(turn):  # sent meanwhile, from another device or after the code of another
        await story.show(turn, HAVE_ONE)
        return
    send = Answer.read(answers["send"])
    if answers["age"] < SIMPLE_BELOW:
        turn.person = replace(turn.person, simple=True)
    interest = await _record(turn, answers if send.given else {}, person=turn.person.id, asked_by="child")
    writer = await turn.write()
    await consents.add(writer, turn.person.id, interest.reference, Purpose.SEND, send)
    if not send.given:
        await interests.move(writer, interest.reference, Status.DECLINED, turn.person.id, turn.stamp, "child said no")
        turn.say(NOT_SENT, *menu.taps(turn))
        return
    await consents.add(writer, turn.person.id, interest.reference, Purpose.SHARE, Answer.read(answers["share"]))
    if await matches.current(turn.reader, interest.reference):
        await interests.go_on(writer, interest.reference, turn.person.id, turn.stamp)
    else:
        await interests.move(writer, interest.reference, Status.ASKED, turn.person.id, turn.stamp)
    thanks = turn.html(SENT.fill(name=interest.name))
    turn.say(Markup("\n\n").join([thanks, turn.html(YOUR_REFERENCE.fill(reference=interest.reference))]))
    code = new_code()
    await code_store.add_receipt(writer, code, turn.person.id, turn.stamp)
    await filling.begin(turn, "receipt", {"?code": code})
    await turn.tell_staff(NEW_REQUEST, Tap(_("New requests"), "inbox"))


async def _asked_by_adult(turn: Turn, answers: dict[str, Any]) -> None:
    interest = await _record(turn, answers, person=None, asked_by=answers["who"])
    code = await codes.give_child_code(turn, interest.reference)
    told = ADULT_DONE.fill(reference=interest.reference, code=code, place=_place(turn), works=WORKS_FOR)
    if turn.incoming.channel == "web":
        turn.say(told)
        await codes.give(turn, CODE_FOR_THE_ADULT, *menu.taps(turn))
    else:
        turn.say(told, *menu.taps(turn))


def _place(turn: Turn) -> Text:
    """Where the child types the code."""
    page = turn.context.settings.web.public_url
    return AT_THE_PAGE.fill(page=page) if page else ON_THEIR_PHONE


@router.button("newcode", EVERYBODY)
async def new_child_code(turn: Turn) -> None:
    """The child has lost the code: another one, which ends the one before."""
    turn.pause_form()
    interest = await interests.find(turn.reader, turn.incoming.argument)
    if not _is_waiting(interest) or not _passes_codes_on(turn, interest):
        menu.say_menu(turn, menu.STALE)
        return
    writer = await turn.write()
    await code_store.end_child_codes(writer, interest.reference)
    code = await codes.give_child_code(turn, interest.reference)
    await audit.add(writer, turn.person.id, turn.person.role, "new_child_code", interest.reference, turn.stamp)
    turn.say(
        NEW_CODE.fill(reference=interest.reference, code=code, place=_place(turn), works=WORKS_FOR),
        Tap(menu.MENU, "menu"),
    )


def _passes_codes_on(turn: Turn, interest: Interest) -> bool:
    """Whoever asked for the child; for a request that came from a spreadsheet, any of the staff."""
    if interest.asked_by_person is None:
        return interest.asked_by != "child" and turn.person.role in STAFF
    return interest.asked_by_person == turn.person.id


async def _record(turn: Turn, answers: Answers, *, person: str | None, asked_by: str) -> Interest:
    """A new interest; or, when an adult asked first, theirs with the child's answers in it."""
    writer = await turn.write()
    earlier = await interests.newest_of(turn.reader, person) if person else None
    claimed = earlier if earlier and earlier.status == Status.AWAITING_CHILD else None
    interest = Interest(
        reference=claimed.reference if claimed else await _free_reference(turn),
        person=person,
        asked_by=claimed.asked_by if claimed else asked_by,
        asked_by_person=claimed.asked_by_person if claimed else None if person else turn.person.id,
        channel=turn.incoming.channel,
        language=turn.language,
        received_at=claimed.received_at if claimed else turn.stamp,
        status=Status.AWAITING_CHILD,
        status_since=turn.stamp,
        name=answers.get("name", ""),
        age=answers.get("age"),
        area=answers.get("area", ""),
        likes=tuple(answers.get("likes") or ()),
        visitor_wishes=answers.get("wishes") or "",
        contact_way=", ".join(answers.get("reach") or ()),
        anything_else=answers.get("anything") or "",
    )
    await (interests.update if claimed else interests.add)(writer, interest)
    return interest


async def _free_reference(turn: Turn) -> str:
    while await interests.taken(turn.reader, reference := new_reference(PREFIX)):
        pass
    return reference


async def receipt_done(turn: Turn, answers: dict[str, Any]) -> None:
    about = answers.get("about", "")
    if about == talk.ABOUT:
        await talk.code_saved(turn)
    elif about.startswith(complaint.RECEIPT):
        complaint.code_saved(turn, about)
    else:
        turn.say(NEXT, *menu.taps(turn))


FORMS = (
    Form("interest", STEPS, done),
    Form("share", (SHARE_STEP,), story.shared, worth_keeping=False),
    Form("receipt", (RECEIPT_STEP,), receipt_done, can_stop=False),
)
