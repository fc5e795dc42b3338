"""Complaining: about whom first, an advocate before a word is written, and a yes that says who will read it.

What becomes of it is followed in handlers/my_complaint.py.
"""

from typing import Any

from markupsafe import Markup

from bot.domain.complaints import (
    PREFIX,
    SUBJECTS,
    Complainer,
    Complaint,
    Stage,
    Status,
    Subject,
)
from bot.domain.references import new_code, new_reference
from bot.domain.roles import EVERYBODY, STAFF, Role
from bot.engine import filling
from bot.engine.forms import ABOUT, Answers, Form, Kind, Option, Step
from bot.engine.message import Kind as Event
from bot.engine.router import SAFETY, Router
from bot.engine.turn import Tap, Turn
from bot.i18n import Text, _, n_
from bot.store import codes, complaints, enquiries, interests, people
from handlers import complaint_words as words
from handlers import menu
from handlers.cases.notify import News, tell
from handlers.interest_form import HERE, WAYS

router = Router()

LONGEST = 4000
"""Characters of what happened, and of what is said later."""

RECEIPT = "complaint:"
"""What a return code is about that was given for a complaint, before its reference."""

FOR_STAFF = _(
    "This chat is for your work. A complaint of your own goes to your manager, or to {provider}. "
    "/due shows the complaints you answer."
)
YOURS = _("These are your complaints. Tap one to see how far it is.")
ONE = Text("{reference} · {about}")
NEW = _("Tell about something new")
SOMETHING_ELSE = _("Tell about something else")
TOO_MANY = n_(
    "You have {n} complaint here that nobody has answered yet. You can add to it, or take it back. "
    "If you are not safe, tap the red button. That always works.",
    "You have {n} complaints here that nobody has answered yet. You can add to one of them, or take one back. "
    "If you are not safe, tap the red button. That always works.",
)

WHO = _(
    "You have a right to say what is wrong. First, who or what is it about? "
    "I ask this first, so that they are not the ones who read it."
)
ADVOCATE = _(
    "Would you like an advocate? That's a person who helps you say what you want. They are on your side, "
    "and it's free. I pass your wish on with your complaint."
)
RING_ONE = _("You can also ring for one yourself:")
LIKE_ONE = Option("yes", _("I'd like an advocate"))
BY_MYSELF = Option("no", _("No, I'll say it myself"))
NOTED = _("I'll pass on that you would like an advocate. You can go on now, or talk to one first and come back.")
WHAT = _(
    "What happened? Say it in your own words. A few are enough. I send them when you say yes at the end. "
    "If somebody might get hurt, I tell people who can help at once."
)
IF_NOT_SAFE = _("If somebody hurts you, or you don't feel safe, tap the red button. Then you see who can help now.")
WANTED = _("What would you like to happen? You can skip this.")
NAME = _(
    "What is your name? You can skip this. Then it goes without a name, and you can still read the answer here. "
    "People may guess who you are from what you wrote. "
    "If somebody might get hurt, they may try to find out."
)
WAY = _(
    "How can they answer you in a way that is safe for you? To answer you here is the most private. "
    'Tap as many as you like, then "That\'s all". You can type another way, too.'
)
CHILDS_WAYS = (
    HERE,
    *(option for option in WAYS if option.value == "school"),
    Option("advocate", _("Through my advocate")),
)
SHALL_I = _("You can take it back any day. Shall I send it?")
SEND = Option("yes", _("Yes, send it"))
DONT = Option("no", _("No, don't send it"))
TITLES = {
    "about": _("About"), "advocate": _("Advocate"), "what": _("What happened"), "wanted": _("You'd like"),
    "name": _("Name"), "way": _("Answer me"),
}  # fmt: skip

NOT_SENT = _(
    "That's fine. I haven't sent anything, and I've kept none of it. Your words may still show on this screen "
    "until you close it. You can say it any day."
)
SENT = _("Thank you for telling me. I've sent it.")
KEPT = _("Thank you for telling me.")
NUMBER = _("Your complaint has the number <b>{reference}</b>.")
ADVOCATE_TOO = _("I've told them that you would like an advocate.")
NOBODY_TOLD = _(
    "I keep it for those who should read it. But I can't reach them right now, and that's not your fault. "
    "So please talk to somebody else, too."
)
RING_THEM = _("You can ring {who}: {phone}.")
NEXT_HERE = _("I tell you here when something happens. You can look at it here any day.")
NEXT_WITH_CODE = _(
    "Their answer will be here. If you leave this page, come back with your code to read it. "
    "It works without your name, too."
)
MINE = _("My complaint")
OUTSIDE = _(
    "Nobody here can take a complaint about that. They would have a part in it, or I can't reach them. "
    "So I take nothing down. I only note that there was one. Others can look at it from outside."
)


@router.command("complain", EVERYBODY)
@router.button("complain", EVERYBODY)
async def complain(turn: Turn) -> None:
    """Those they made, or a new one."""
    asked = turn.incoming.argument if turn.incoming.kind is Event.BUTTON else ""
    mine = await complaints.of_person(turn.reader, turn.person.id)
    if turn.person.role in STAFF or await people.handles(turn.reader, turn.person.id):
        menu.say_menu(turn, FOR_STAFF)
    elif asked == "day":
        _how_the_day(turn)
    elif mine and asked != "new":
        turn.pause_form()
        turn.say(YOURS, *_listed(mine), *menu_or_form(turn))
    elif await _too_many(turn):
        _say_too_many(turn, mine)
    elif turn.form and turn.form.name in {"complaint", "receipt"}:
        await filling.ask(turn)
    else:
        await filling.begin(turn, "complaint", about=await _as_whom(turn))


def _listed(mine: list[Complaint]) -> list[Tap]:
    named = [Tap(ONE.fill(reference=c.reference, about=words.about(c)), f"mycomplaint:{c.reference}") for c in mine]
    return [*named, Tap(NEW, "complain:new")]


def menu_or_form(turn: Turn) -> list[Tap]:
    """Back to an open form, and to the menu."""
    return [*([Tap(menu.CARRY_ON, "resume")] if turn.form else []), Tap(menu.MENU, "menu")]


async def _too_many(turn: Turn) -> bool:
    limit = turn.context.settings.limits.open_complaints
    return await complaints.open_count(turn.reader, turn.person.id) >= limit


def _say_too_many(turn: Turn, mine: list[Complaint]) -> None:
    turn.pause_form()
    number = turn.context.settings.limits.open_complaints
    red = Tap(menu.NOT_SAFE, SAFETY, danger=True)
    turn.say(TOO_MANY.fill(n=number), *_listed(mine)[:-1], red, *menu_or_form(turn))


# As whom: kept as what the form is about, with the subjects that nobody here may see


async def _as_whom(turn: Turn) -> str:
    """`child:complaints_team,bot`: as whom they complain, and which subjects go outside."""
    complainer = await _complainer(turn)
    out = [s for s in SUBJECTS[complainer] if not words.route_of(turn, s, Stage.LOCAL, complainer)]
    return f"{complainer}:{','.join(out)}"


async def _complainer(turn: Turn) -> Complainer:
    """Volunteers by their role; adults by what they have told us before; everybody else is a child to us."""
    if turn.person.role == Role.VOLUNTEER:
        return Complainer.VOLUNTEER
    if await interests.newest_of(turn.reader, turn.person.id):
        return Complainer.CHILD
    asked = await interests.asked_for_others(turn.reader, turn.person.id)
    enquired = await enquiries.of_person(turn.reader, turn.person.id)
    return Complainer.ADULT if asked or enquired else Complainer.CHILD


def _kept(answers: Answers) -> tuple[Complainer, list[str]]:
    """As whom, and what goes outside: while the form is open, and when it is done."""
    told = str(answers.get(ABOUT) or answers.get("about") or Complainer.CHILD)
    complainer, _colon, out = told.partition(":")
    return Complainer(complainer), out.split(",")


def _subject(answers: Answers) -> Subject | None:
    chosen = answers.get(f"{_kept(answers)[0]}_about")
    return Subject(chosen) if chosen else None


def _inside(answers: Answers) -> bool:
    """Whether somebody here may see it."""
    return _subject(answers) not in {None, *_kept(answers)[1]}


def _child_inside(answers: Answers) -> bool:
    return _inside(answers) and _kept(answers)[0] is Complainer.CHILD


def _grown_inside(answers: Answers) -> bool:
    return _inside(answers) and not _child_inside(answers)


# What is asked


def _about_step(complainer: Complainer) -> Step:
    """The first question: each has a list of their own."""
    options = tuple(Option(subject, words.ABOUT[complainer][subject]) for subject in SUBJECTS[complainer])

    def mine(answers: Answers) -> bool:
        return _kept(answers)[0] is complainer

    return Step(f"{complainer}_about", Kind.CHOICE, WHO, TITLES["about"], options, mine)


def _advocate_words(turn: Turn, _answers: Answers) -> Markup:
    ring = Markup("{}\n{}").format(turn.html(RING_ONE), words.advocate_lines(turn))
    return Markup("\n\n").join([turn.html(ADVOCATE), ring])


def _may_be_harm(answers: Answers) -> bool:
    return _subject(answers) in {Subject.VISITOR, Subject.CARER}


def _what_words(turn: Turn, answers: Answers) -> Markup:
    noted = [NOTED] if answers.get("advocate") == LIKE_ONE.value else []
    red = [IF_NOT_SAFE] if _may_be_harm(answers) else []
    return Markup("\n\n").join(map(turn.html, [*noted, WHAT, *red]))


def _red_button(answers: Answers) -> tuple[Tap, ...]:
    return (Tap(menu.NOT_SAFE, SAFETY, danger=True),) if _may_be_harm(answers) else ()


def _send_words(turn: Turn, answers: Answers) -> Markup:
    """Who will read it and who will not, and by which day they answer."""
    subject, complainer = _subject(answers) or Subject.COUNCIL, _kept(answers)[0]
    clock = words.clock_of(turn, subject, Stage.LOCAL)
    return Markup("\n\n").join([
        words.sees(turn, subject, words.route_of(turn, subject, Stage.LOCAL, complainer)),
        turn.html(words.MAY_ASK),
        turn.html(words.by_when(clock)),
        turn.html(SHALL_I),
    ])  # fmt: skip


def _day_button(_answers: Answers) -> tuple[Tap, ...]:
    return (Tap(words.HOW_THE_DAY, "complain:day"),)


def _how_the_day(turn: Turn) -> None:
    """How the day of the answer is worked out, while they make up their mind."""
    subject = _subject(turn.form.answers) if turn.form and turn.form.name == "complaint" else None
    turn.pause_form()
    if subject:
        turn.say(words.reckoned(turn, words.clock_of(turn, subject, Stage.LOCAL)), *menu_or_form(turn))
    else:
        menu.say_menu(turn, menu.STALE)


STEPS = (
    *(_about_step(complainer) for complainer in Complainer),
    Step("advocate", Kind.CHOICE, _advocate_words, TITLES["advocate"], (LIKE_ONE, BY_MYSELF), _child_inside),
    Step("what", Kind.TEXT, _what_words, TITLES["what"], when=_inside, longest=LONGEST, also=_red_button),
    Step("wanted", Kind.TEXT, WANTED, TITLES["wanted"], when=_inside, optional=True, longest=2000),
    Step("name", Kind.TEXT, NAME, TITLES["name"], when=_inside, optional=True, longest=80),
    Step("way", Kind.SEVERAL, WAY, TITLES["way"], CHILDS_WAYS, _child_inside, own_words=True, longest=200),
    Step("reach", Kind.SEVERAL, WAY, TITLES["way"], (HERE,), _grown_inside, own_words=True, longest=200),
    Step("check", Kind.CHECK, WHO, when=_inside),
    Step("send", Kind.YES_NO, _send_words, options=(SEND, DONT), when=_inside, also=_day_button),
)


# What is done


async def done(turn: Turn, answers: dict[str, Any]) -> None:
    """The answers become a complaint; or, where nobody here may see it, the mark that there was one."""
    complainer, subject = _kept(answers)[0], _subject(answers) or Subject.COUNCIL
    contacts = words.route_of(turn, subject, Stage.LOCAL, complainer)
    if not answers.get("send", True):
        turn.say(NOT_SENT, *menu.taps(turn))
    elif not contacts or "send" not in answers:
        await _outside(turn, complainer, subject)
    elif await _too_many(turn):
        _say_too_many(turn, await complaints.of_person(turn.reader, turn.person.id))
    else:
        await _send(turn, await _complaint(turn, complainer, subject, contacts, answers))


async def _complaint(
    turn: Turn, complainer: Complainer, subject: Subject, contacts: tuple[str, ...], answers: Answers
) -> Complaint:
    """What was answered, as it is kept. Without contacts it is over at once, and has no words."""
    while await complaints.taken(turn.reader, reference := new_reference(PREFIX)):
        pass
    return Complaint(
        reference=reference,
        person=turn.person.id,
        complainer=complainer,
        channel=turn.incoming.channel,
        language=turn.language,
        received_at=turn.stamp,
        about=subject,
        about_person=None,
        what_happened=answers.get("what") or "",
        wanted_outcome=answers.get("wanted") or "",
        anonymous=not answers.get("name"),
        name=answers.get("name") or "",
        answer_way=", ".join(answers.get("way") or answers.get("reach") or ()),
        advocate_wanted=answers.get("advocate") == LIKE_ONE.value,
        route=contacts,
        stage=Stage.LOCAL if contacts else Stage.OMBUDSMAN,
        status=Status.RECEIVED if contacts else Status.CLOSED,
        clock=words.clock_of(turn, subject, Stage.LOCAL),
        closed_at=None if contacts else turn.stamp,
    )


async def _outside(turn: Turn, complainer: Complainer, subject: Subject) -> None:
    """Nobody here may see it: that is said before a word is written, and where else they can go."""
    before = await complaints.of_person(turn.reader, turn.person.id)
    if not any(complaint.about is subject and not complaint.route for complaint in before):
        await complaints.add(await turn.write(), await _complaint(turn, complainer, subject, (), {}))
    where, pages = words.outside(turn, subject, complainer)
    text = Markup("\n\n").join([turn.html(OUTSIDE), where])
    turn.say(text, *pages, Tap(SOMETHING_ELSE, "complain:new"), *menu_or_form(turn))


async def _send(turn: Turn, made: Complaint) -> None:
    await complaints.add(await turn.write(), made)
    told = await tell(turn, made, News.NEW)
    number = turn.html(NUMBER.fill(reference=made.reference))
    if told:
        said = [turn.html(SENT), number, *([turn.html(ADVOCATE_TOO)] if made.advocate_wanted else [])]
    else:
        said = [turn.html(KEPT), number, *not_told(turn, made)]
    if turn.person.role == Role.GUEST and not await codes.has_receipt(turn.reader, turn.person.id):
        turn.say(Markup("\n\n").join(said))
        code = new_code()
        await codes.add_receipt(await turn.write(), code, turn.person.id, turn.stamp)
        await filling.begin(turn, "receipt", {"?code": code}, about=f"{RECEIPT}{made.reference}")
    else:
        _next(turn, made.reference, *said)


def not_told(turn: Turn, made: Complaint) -> list[Markup]:
    """It is kept, but no message of ours reaches those who should read it: what they can do themselves."""
    contacts = turn.context.settings.contacts
    known = [getattr(contacts, contact) for contact in made.route]
    ring = [RING_THEM.fill(who=contact.name, phone=contact.phone) for contact in known if contact.phone]
    lines = [words.lines(turn)] if made.complainer is Complainer.CHILD else []
    return [*map(turn.html, [NOBODY_TOLD, *ring]), *lines]


def code_saved(turn: Turn, about: str) -> None:
    """The code is written down: now what happens next."""
    _next(turn, about.removeprefix(RECEIPT))


def _next(turn: Turn, reference: str, *said: Markup) -> None:
    how = NEXT_WITH_CODE if turn.incoming.channel == "web" and turn.person.role == Role.GUEST else NEXT_HERE
    text = Markup("\n\n").join([*said, turn.html(how)])
    turn.say(text, Tap(MINE, f"mycomplaint:{reference}"), *menu_or_form(turn))


FORMS = (Form("complaint", STEPS, done),)
