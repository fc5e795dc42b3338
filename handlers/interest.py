"""Asking for an independent visitor: the child's own road, and the adult's, which waits for the child's yes."""

from typing import Any

from markupsafe import Markup

from bot.domain.consent import Answer, Purpose
from bot.domain.interest import CLOSED, PREFIX, Fit, Interest, Status, fit
from bot.domain.references import new_code, new_reference
from bot.domain.retention import CHILD_CODE_VALID
from bot.domain.roles import EVERYBODY, STAFF
from bot.engine import filling
from bot.engine.forms import Answers, Form, Kind, Option, Step
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _
from bot.store import codes as code_store
from bot.store import consents, interests, people
from handlers import codes, menu, story

router = Router()

TELEGRAM_IS_16 = _(
    "Telegram is made for people of 16 and over. If you are younger, our web page is better: "
    "you need no account and no phone number."
)
TELEGRAM_IS_16_NO_PAGE = _("Telegram is made for people of 16 and over. If you are younger, please ask an adult you trust to help you.")
OPEN_PAGE = _("Open the web page")
GO_ON_HERE = _("Go on here")
I_AM_16 = _("I'm 16 or over")
TOO_YOUNG_HERE = _(
    "If you're under 16, I can't do this with you on Telegram. I haven't kept your answer. "
    "Our web page is made for you. If I got your age wrong, type it again."
)

FOR_WHOM = _("Who would the visitor be for?")
ME = Option("me", _("Me"))
A_CHILD = Option("child", _("A child I care for or work with"))
WHO_ARE_YOU = _("Who are you to this child?")
ADULTS = (
    Option("carer", _("I care for them")),
    Option("social_worker", _("I'm their social worker")),
    Option("reviewing_officer", _("I run their reviews")),
    Option("advocate", _("I'm their advocate")),
    Option("family", _("I'm family")),
    Option("other", _("Somebody else")),
)
NAME = _("What shall we call you? Your first name is fine, or a nickname.")
THEIR_NAME = _("What is the child's first name or nickname? Please leave out their surname.")
AGE = _("How old are you? A number is fine, like 11.")
THEIR_AGE = _("How old is the child? A number is fine, like 11.")
AREA = _("Do you live in {area}?")
THEIR_AREA = _("Does the child live in {area}?")
AREAS = (
    Option("in", _("Yes")),
    Option("out", _("No, somewhere else")),
    Option("unsure", _("I'm not sure")),
)
LIKES = _("What do you like doing? Tap as many as you like. You can type your own too.")
LIKE = (
    Option("football", _("Football")),
    Option("sport", _("Other sport")),
    Option("music", _("Music")),
    Option("making", _("Art and making things")),
    Option("games", _("Games")),
    Option("films", _("Films and shows")),
    Option("reading", _("Books and stories")),
    Option("animals", _("Animals")),
    Option("food", _("Cooking and eating out")),
    Option("outdoors", _("Being outside")),
    Option("shops", _("Shops and hair")),
    Option("talking", _("A chat and a walk")),
)
WISHES = _(
    "What would you like your visitor to be like? You could say a man or a woman, young or older, "
    "what they are into, or that they share your faith. You can skip this."
)
REACH = _(
    "How can the coordinator reach you so that it's safe for you? Tap as many as you like, "
    "or type another way, like a phone number and when to ring."
)
WAYS = (
    Option("chat", _("Here in this chat")),
    Option("carer", _("Through the people I live with")),
    Option("social_worker", _("Through my social worker")),
    Option("school", _("At school")),
)
ANYTHING = _("Is there anything else you want to say? You can skip this.")
SEND = _(
    "I can send your answers to {coordinator} at {provider}. They look for visitors for young people. "
    "Only the people whose job that is will see them. Then they talk with you. "
    "They don't tell your social worker unless you say so.\n\n"
    "You can change your mind any day. Shall I send them?"
)
SEND_YES = Option("yes", _("Yes, send them"))
SEND_NO = Option("no", _("No, don't send them"))
SHARE = _(
    "May {coordinator} tell your social worker that you would like a visitor? Your social worker has a say "
    "in your plan, so it often helps. It's fine to say no. You can say yes later.\n\nMay they tell?"
)
SHARE_YES = Option("yes", _("Yes, they may tell"))
SHARE_NO = Option("no", _("No, not now"))

TITLES = {
    "for": _("For"), "who": _("You are"), "name": _("Name"), "age": _("Age"), "area": _("Lives here"), "likes": _("Likes"),
    "wishes": _("Visitor"), "reach": _("Reach me"), "anything": _("Also"),
}  # fmt: skip

YOUNGER = _(
    "Our visitors are for people aged {age_from} to {age_to}. You're not there yet, but there is still help. "
    "Tell your social worker, or the person who runs your meetings, that you would like a visitor. "
    "You can ring Childline free on 0800 1111 about anything.\n\nIf I got the age wrong, type it again."
)
OLDER = _(
    "Our visitors are for people aged {age_from} to {age_to}. There is other help for you. "
    "Your personal adviser can tell you what there is near you. You can ring Help at Hand free on 0800 528 0731: "
    "they help people in care and people who have left care.\n\nIf I got the age wrong, type it again."
)

SENT = _("Thank you, {name}. I've sent your answers to {coordinator}.")
YOUR_REFERENCE = _("Your request has the number <b>{reference}</b>.")
SAVE_CODE = _(
    "One more thing. This is your code to come back:\n\n<b>{code}</b>\n\nWrite it down and keep it to yourself. "
    "It opens your story on any phone or computer."
)
SAVED = Option("saved", _("I've saved it"))
NEXT = _(
    "That's all. {coordinator} reads it next. When there is news, I'll tell you here. "
    "It can take some months to find the right person. You can look at your request any time."
)
NOT_SENT = _(
    "That's fine. I haven't sent anything, and I've rubbed out your answers. I only note that somebody said no, "
    "without your name. You can change your mind any day."
)
HAVE_ONE = _("You have asked for a visitor already.")
FOR_STAFF = _("This chat is for your work. Please use another one to ask for a visitor.")
ADULT_DONE = _(
    "Thank you. Nobody has been told yet, because it's the child's choice. Your request has the number "
    "<b>{reference}</b>.\n\nPlease give the child this code. It works for {days} days:\n\n<b>{code}</b>\n\n"
    "They type it here, or at {page}. They can read what you told me, change it, and say yes or no."
)
THIS_PAGE = _("this page")
NEW_REQUEST = _("There is a new request. /inbox shows it.")


def _by_whom(own: Text, about_a_child: Text) -> Any:
    """The question in the words for a child, or for an adult who asks for one."""

    def words(turn: Turn, answers: Answers) -> Text:
        service = turn.context.settings.service
        return (about_a_child if answers.get("for") == "child" else own).fill(area=service.area)

    return words


def _with_contacts(text: Text) -> Any:
    def words(turn: Turn, _answers: Answers) -> Text:
        settings = turn.context.settings
        return text.fill(coordinator=settings.contacts.coordinator.name, provider=settings.service.provider)

    return words


def _for_me(answers: Answers) -> bool:
    return answers.get("for") == "me"


def _for_a_child(answers: Answers) -> bool:
    return answers.get("for") == "child"


def _agreed(answers: Answers) -> bool:
    return _for_me(answers) and bool((answers.get("send") or {}).get("given"))


def check_age(turn: Turn, answers: Answers, age: int) -> Text | None:
    """Who is outside the range is told kindly what there is instead; who is under 16 on Telegram, where to go."""
    service = turn.context.settings.service
    telegram = turn.context.settings.telegram
    if turn.incoming.channel == "telegram" and telegram.under_16 == "web_only" and age < 16 and _for_me(answers):
        return TOO_YOUNG_HERE
    match fit(age, service.age_from, service.age_to):
        case Fit.TOO_YOUNG:
            return YOUNGER.fill(age_from=service.age_from, age_to=service.age_to)
        case Fit.TOO_OLD:
            return OLDER.fill(age_from=service.age_from, age_to=service.age_to)
        case Fit.FITS:
            return None


@router.button("interest", EVERYBODY)
@router.command("interest", EVERYBODY)
async def begin(turn: Turn) -> None:
    """The first question, unless there is a request already or Telegram is not the place."""
    if turn.person.role in STAFF:
        menu.say_menu(turn, FOR_STAFF)
        return
    interest = await interests.newest_of(turn.reader, turn.person.id)
    if interest and interest.status not in CLOSED | {Status.AWAITING_CHILD}:
        turn.say(HAVE_ONE)
        await story.show(turn)
        return
    if turn.form and turn.form.name == "interest":
        await filling.ask(turn)
        return
    if _offer_page(turn):
        return
    await filling.begin(turn, "interest")


def _offer_page(turn: Turn) -> bool:
    """On Telegram under-16s are offered the chat page before the first question (settings: telegram.under_16)."""
    settings = turn.context.settings
    if turn.incoming.channel != "telegram" or settings.telegram.under_16 == "allow" or turn.incoming.data == "interest:here":
        return False
    page = settings.web.public_url
    go_on = I_AM_16 if settings.telegram.under_16 == "web_only" else GO_ON_HERE
    links = [Tap(OPEN_PAGE, url=page)] if page else []
    turn.say(TELEGRAM_IS_16 if page else TELEGRAM_IS_16_NO_PAGE, *links, Tap(go_on, "interest:here"), Tap(menu.MENU, "menu"))
    return True


async def done(turn: Turn, answers: dict[str, Any]) -> None:
    """The answers become records."""
    if answers["for"] == "child":
        await _asked_by_adult(turn, answers)
        return
    send = Answer.read(answers["send"])
    interest = await _record(turn, answers if send.given else {}, person=turn.person.id, asked_by="child")
    writer = await turn.write()
    await consents.add(writer, turn.person.id, interest.reference, Purpose.SEND, send)
    if not send.given:
        await interests.move(writer, interest.reference, Status.DECLINED, turn.person.id, turn.stamp, "child said no")
        turn.say(NOT_SENT, *menu.taps(turn))
        return
    await consents.add(writer, turn.person.id, interest.reference, Purpose.SHARE, Answer.read(answers["share"]))
    await interests.move(writer, interest.reference, Status.ASKED, turn.person.id, turn.stamp)
    coordinator = turn.context.settings.contacts.coordinator.name
    thanks = turn.html(SENT.fill(name=interest.name, coordinator=coordinator))
    turn.say(Markup("\n\n").join([thanks, turn.html(YOUR_REFERENCE.fill(reference=interest.reference))]))
    code = new_code()
    await code_store.add_receipt(writer, code, turn.person.id, turn.stamp)
    await filling.begin(turn, "receipt", {"?code": code})
    for person in await people.with_roles(turn.reader, sorted(STAFF)):
        await turn.tell(person, NEW_REQUEST, Tap(_("New requests"), "inbox"))


async def _asked_by_adult(turn: Turn, answers: dict[str, Any]) -> None:
    interest = await _record(turn, answers, person=None, asked_by=answers["who"])
    code = await codes.give_child_code(turn, interest.reference)
    page = turn.context.settings.web.public_url or THIS_PAGE
    turn.say(ADULT_DONE.fill(reference=interest.reference, code=code, page=page, days=CHILD_CODE_VALID.days), *menu.taps(turn))


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


def _code_words(_turn: Turn, answers: Answers) -> Text:
    return SAVE_CODE.fill(code=answers["?code"])


async def receipt_done(turn: Turn, _answers: dict[str, Any]) -> None:
    coordinator = turn.context.settings.contacts.coordinator.name
    turn.say(NEXT.fill(coordinator=coordinator[:1].upper() + coordinator[1:]), *menu.taps(turn))


FORMS = (
    Form(
        "interest",
        (
            Step("for", Kind.CHOICE, FOR_WHOM, TITLES["for"], options=(ME, A_CHILD)),
            Step("who", Kind.CHOICE, WHO_ARE_YOU, TITLES["who"], options=ADULTS, when=_for_a_child),
            Step("name", Kind.TEXT, _by_whom(NAME, THEIR_NAME), TITLES["name"], longest=40),
            Step("age", Kind.NUMBER, _by_whom(AGE, THEIR_AGE), TITLES["age"], most=120, check=check_age),
            Step("area", Kind.CHOICE, _by_whom(AREA, THEIR_AREA), TITLES["area"], options=AREAS),
            Step("likes", Kind.SEVERAL, LIKES, TITLES["likes"], LIKE, _for_me, optional=True, own_words=True, longest=60),
            Step("wishes", Kind.TEXT, WISHES, TITLES["wishes"], when=_for_me, optional=True),
            Step("reach", Kind.SEVERAL, REACH, TITLES["reach"], WAYS, _for_me, own_words=True, longest=200),
            Step("anything", Kind.TEXT, ANYTHING, TITLES["anything"], when=_for_me, optional=True, longest=2000),
            Step("check", Kind.CHECK, FOR_WHOM),
            Step("send", Kind.CONSENT, _with_contacts(SEND), options=(SEND_YES, SEND_NO), when=_for_me),
            Step("share", Kind.CONSENT, _with_contacts(SHARE), options=(SHARE_YES, SHARE_NO), when=_agreed),
        ),
        done,
    ),
    Form(
        "receipt",
        (Step("saved", Kind.CHOICE, _code_words, options=(SAVED,)),),
        receipt_done,
        can_stop=False,
    ),
)
