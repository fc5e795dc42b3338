"""Adults who may like to become a visitor leave their interest: a short form, and one yes with its words kept."""

import re
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from bot.domain.consent import Answer
from bot.domain.references import new_reference
from bot.domain.roles import EVERYBODY, STAFF
from bot.engine import filling
from bot.engine.forms import Answers, Form, Kind, Option, Step
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.store import audit, enquiries
from bot.store.enquiries import PREFIX, Enquiry
from handlers import codes, menu

router = Router()

ADULT = _(
    "Thank you for thinking of it. I have five short questions, then I ask before I send anything. Are you 18 or over?"
)
NOT_YET_18 = _(
    "Thank you for asking. Visitors are 18 or over, so I've kept nothing. You can ask again when you're 18. "
    "Until then, you could tell other people about visitors. "
    "And if you're in care, you can ask for a visitor of your own."
)
LIKE_ONE = _("I'd like one")
NAME = _("What is your first name?")
REACH = _("How can we reach you? Give an email address or a phone number.")
REACH_NEEDED = _("I need an email address, like sam@example.org, or a phone number with its area code.")
AREA = _("Which town or part of {area} do you live in? Leave out your street and house number.")
INDEPENDENT = _(
    "A visitor has to be independent of the council. Does any of this apply to you?\n\n"
    "You work for its children's services, you are a councillor, or you are the partner of one of these "
    "or live with one. If it does, a person looks at it with you. It doesn't always mean no."
)
WHY = _("Would you like to say why you are interested, or when you have time? You can skip this.")
AGREE = _(
    "I can send this to {coordinator} at {provider}, who may get in touch with you about becoming a visitor. "
    "Only people with that job see it. {deleted} You can take it back here at any time. Shall I send it?"
)
DELETED = n_(
    "It is deleted {n} day after the last news about it.", "It is deleted {n} days after the last news about it."
)
AGREE_YES = Option("yes", _("Yes, send it"))
AGREE_NO = Option("no", _("No, don't send it"))
TIES = (Option("no", _("Yes")), Option("yes", _("No")), Option("unsure", _("I'm not sure")))
"""What is kept is whether they are independent, which is the other way round."""
TITLES = {
    "name": _("Name"), "reach": _("Reach me"), "area": _("Lives in"), "independent": _("Ties to the council"),
    "why": _("Why and when"),
}  # fmt: skip
SENT = _(
    "Thank you, {name}. I've sent it to {coordinator}. Its number is <b>{reference}</b>.\n\n"
    "They read it and get in touch. If it goes on from there: you meet, people who know you are asked, "
    "police records are checked, and there is training. You can stop at any point."
)
SENT_AGAIN = _("Thank you, {name}. I've sent the new answers to {coordinator}, under the same number: {reference}.")
NOT_SENT = _("That's fine. I've sent nothing and kept nothing.")
SENT_BEFORE = _("You sent this on {day}. Its number is <b>{reference}</b>.")
STANDS = {
    "new": _("Nobody has marked it as answered yet."),
    "contacted": _("{Coordinator} marked on {day} that they have been in touch."),
}
CHANGE = _("Change it")
TAKE_BACK = _("Take it back")
TAKE_IT_BACK = _(
    "Shall I take it back? Then I erase your answers, and tell {coordinator} that {reference} was taken back. "
    "You don't have to say why."
)
YES_TAKE_BACK = _("Yes, take it back")
NO_KEEP = _("No, keep it")
TAKEN_BACK = _(
    "I've taken it back and erased your answers. {Coordinator} may have read them before; "
    "you can ask them to erase what they wrote down."
)
FOR_STAFF = _("This chat is for your work. /enquiries shows who would like to be a visitor.")
NEW_ENQUIRY = _("There is a new enquiry from an adult: {reference}.")
ENQUIRY_CHANGED = _("{reference}: this enquiry has other answers now.")
ENQUIRY_TAKEN_BACK = _("{reference}: this enquiry was taken back.")

DIGITS_OF_A_NUMBER = 9
"""A phone number with its area code has at least so many."""


def reachable(typed: str) -> bool:
    """Whether this looks like an email address or a phone number. Whether it works, only trying can tell."""
    mail = re.search(r"[^\s@]+@[^\s@]+\.[^\s@.]{2,}", typed)
    return bool(mail) or len(re.findall(r"\d", typed)) >= DIGITS_OF_A_NUMBER


def _check_reach(_turn: Turn, _answers: Answers, reach: str) -> Text | None:
    return None if reachable(reach) else REACH_NEEDED


def _agree_words(turn: Turn, _answers: Answers) -> Text:
    return AGREE.fill(deleted=DELETED.fill(n=turn.context.settings.retention.enquiries))


def _is_adult(answers: Answers) -> bool:
    return answers.get("adult") is not False


@router.button("enquiry", EVERYBODY)
@router.command("enquiry", EVERYBODY)
async def enquiry(turn: Turn) -> None:
    """The first question, or what was sent before."""
    if turn.person.role in STAFF:
        menu.say_menu(turn, FOR_STAFF)
        return
    sent = await enquiries.of_person(turn.reader, turn.person.id)
    if sent is None:
        await _begin(turn)
        return
    match turn.incoming.data:
        case "enquiry:change":
            await filling.begin(turn, "enquiry", _answers_of(sent))
        case "enquiry:back":
            turn.pause_form()
            text = TAKE_IT_BACK.fill(reference=sent.reference)
            turn.say(text, Tap(YES_TAKE_BACK, "enquiry:back:yes"), Tap(NO_KEEP, "enquiry"))
        case "enquiry:back:yes":
            await _take_back(turn, sent)
        case _:
            _show(turn, sent)


async def _begin(turn: Turn) -> None:
    if turn.form and turn.form.name == "enquiry":
        await filling.ask(turn)
    else:
        await filling.begin(turn, "enquiry")


def _show(turn: Turn, sent: Enquiry) -> None:
    turn.pause_form()
    form = turn.context.forms["enquiry"]
    parts = [
        turn.html(SENT_BEFORE.fill(day=turn.day(sent.received_at), reference=sent.reference)),
        turn.html(STANDS[sent.status].fill(day=turn.day(sent.status_since))),
        filling.summary(turn, form, _answers_of(sent)),
    ]
    taps = (Tap(CHANGE, "enquiry:change"), Tap(TAKE_BACK, "enquiry:back"), Tap(menu.MENU, "menu"))
    turn.say(Markup("\n\n").join(parts), *taps)


def _answers_of(sent: Enquiry) -> dict[str, Any]:
    told = {"name": sent.name, "reach": sent.reach, "area": sent.area, "independent": sent.independent}
    return {"adult": True, **told, "why": sent.why or None}


async def done(turn: Turn, answers: dict[str, Any]) -> None:
    """The answers become an enquiry, or other answers of the one there is."""
    if not answers["adult"]:
        turn.say(NOT_YET_18, Tap(LIKE_ONE, "interest"), Tap(menu.MENU, "menu"))
        return
    agreed = Answer.read(answers["agree"])
    earlier = await enquiries.of_person(turn.reader, turn.person.id)
    if not agreed.given:
        if earlier:
            _show(turn, earlier)
        else:
            turn.say(NOT_SENT, *menu.taps(turn))
        return
    told = {key: answers[key] or "" for key in ("name", "reach", "area", "independent", "why")}
    now = {"channel": turn.incoming.channel, "language": turn.language, **told, **enquiries.agreed(agreed)}
    if earlier:
        await enquiries.save(await turn.write(), replace(earlier, **now))
        turn.say(SENT_AGAIN.fill(name=answers["name"], reference=earlier.reference), *menu.taps(turn))
        await _tell_staff(turn, ENQUIRY_CHANGED, earlier.reference)
        return
    reference = await _free_reference(turn)
    since = {"received_at": turn.stamp, "status": "new", "status_since": turn.stamp}
    await enquiries.save(await turn.write(), Enquiry(reference=reference, person=turn.person.id, **since, **now))
    thanks = SENT.fill(name=answers["name"], reference=reference)
    if turn.incoming.channel == "web":
        await codes.give(turn, thanks, *menu.taps(turn))
    else:
        turn.say(thanks, *menu.taps(turn))
    await _tell_staff(turn, NEW_ENQUIRY, reference)


async def _free_reference(turn: Turn) -> str:
    while await enquiries.taken(turn.reader, reference := new_reference(PREFIX)):
        pass
    return reference


async def _take_back(turn: Turn, sent: Enquiry) -> None:
    """The yes is taken back: what was told is gone, from the screens as well."""
    turn.drop_form("enquiry")
    writer = await turn.write()
    await turn.forget([sent.name, sent.reach, sent.area, sent.why], [sent.reference])
    await enquiries.take_back(writer, sent.reference, turn.stamp)
    await audit.add(writer, turn.person.id, turn.person.role, "take_back", sent.reference, turn.stamp)
    turn.say(TAKEN_BACK, *menu.taps(turn))
    await _tell_staff(turn, ENQUIRY_TAKEN_BACK, sent.reference)


async def _tell_staff(turn: Turn, text: Text, number: str) -> None:
    await turn.tell_staff(text.fill(reference=number), Tap(number, f"enquiries:{number}"))


FORMS = (
    Form(
        "enquiry",
        (
            Step("adult", Kind.YES_NO, ADULT),
            Step("name", Kind.TEXT, NAME, TITLES["name"], when=_is_adult, longest=60),
            Step("reach", Kind.TEXT, REACH, TITLES["reach"], when=_is_adult, longest=100, check=_check_reach),
            Step("area", Kind.TEXT, AREA, TITLES["area"], when=_is_adult, longest=80),
            Step("independent", Kind.CHOICE, INDEPENDENT, TITLES["independent"], TIES, _is_adult),
            Step("why", Kind.TEXT, WHY, TITLES["why"], when=_is_adult, optional=True),
            Step("check", Kind.CHECK, ADULT, when=_is_adult),
            Step("agree", Kind.CONSENT, _agree_words, options=(AGREE_YES, AGREE_NO), when=_is_adult),
        ),
        done,
    ),
)
