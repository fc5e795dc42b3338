"""A code for a volunteer's phone, and letting one go."""

from typing import Any

from markupsafe import Markup

from bot.domain.retention import INVITE_VALID
from bot.domain.roles import STAFF
from bot.engine import filling
from bot.engine.forms import Form, Kind, Step
from bot.engine.router import Router
from bot.engine.turn import Tap, Turn
from bot.i18n import _, n_
from bot.store import codes, people, volunteers
from bot.store.clock import stamp
from handlers import menu
from handlers.staff import volunteer_words
from handlers.staff.volunteers import VOLUNTEERS, at_work, note

router = Router()

THE_CODE = _(
    "A code for {name}, {reference}. It opens what is theirs on one phone or computer, once, until {day}. "
    "Codes made before open nothing any more.\n\n<b>{code}</b>"
)
BY_LINK = _("They type it in their chat with me, or open {link}")
BY_TYPING = _("They type it in their chat with me.")
ALONE = _("Sign their other phones out")
SIGNED_OUT = _("Every phone and computer they used is signed out, and their return codes are gone.")
WHY_LEAVE = _("Why do they stop? A few words for your colleagues: the volunteer can ask to read them.")
STILL_MATCHED = n_(
    "{reference} still visits {n} child. End that match first: the child gets a goodbye.",
    "{reference} still visits {n} children. End those matches first: the children get a goodbye.",
)
GONE = _("{reference} is no volunteer any more. Their codes open nothing. The bot has told them nothing: please do.")


@router.button("vcode", STAFF)
async def code(turn: Turn) -> None:
    """A one-time code for one phone; a lost one is signed out by a button."""
    typed, _colon, alone = turn.incoming.argument.partition(":")
    turn.pause_form()
    volunteer = await at_work(turn, typed)
    if volunteer is None:
        return
    reference, writer = volunteer.reference, await turn.write()
    said = []
    if alone == "alone" and volunteer.person:
        await people.sign_out(writer, volunteer.person)
        await note(turn, "sign_volunteer_out", reference)
        said.append(SIGNED_OUT)
    await codes.end_volunteer_codes(writer, reference)
    new = await codes.for_volunteer(writer, reference, volunteer.name, turn.now)
    await note(turn, "code_for_volunteer", reference)
    until = turn.day(stamp(turn.now + INVITE_VALID))
    page = turn.context.settings.web.public_url
    link = Markup(f"{page}/?start={new}")  # noqa: S704 - a setting and a code: nothing anybody wrote
    said += [
        THE_CODE.fill(name=volunteer_words.name_of(volunteer), reference=reference, day=until, code=new),
        BY_LINK.fill(link=link) if page else BY_TYPING,
    ]
    here = bool(volunteer.person) and alone != "alone"
    turn.say(
        Markup("\n\n").join(map(turn.html, said)),
        *([Tap(ALONE, f"vcode:{reference}:alone")] if here else []),
        Tap(reference, f"volunteer:{reference}"),
    )


@router.button("vletgo", STAFF)
async def let_go(turn: Turn) -> None:
    """Somebody stops: with a reason, and not while a child counts on them."""
    turn.pause_form()
    volunteer = await at_work(turn, turn.incoming.argument)
    if volunteer and not await _matched(turn, volunteer.reference):
        await filling.begin(turn, "vletgo", about=volunteer.reference)


async def gone(turn: Turn, answers: dict[str, Any]) -> None:
    """They are no volunteer any more."""
    volunteer = await at_work(turn, str(answers["about"]))
    if volunteer is None or await _matched(turn, volunteer.reference):
        return
    writer = await turn.write()
    await volunteers.leave(writer, volunteer.reference, turn.stamp, answers["reason"])
    await codes.end_volunteer_codes(writer, volunteer.reference)
    await note(turn, "let_volunteer_go", volunteer.reference)
    turn.say(GONE.fill(reference=volunteer.reference), Tap(VOLUNTEERS, "volunteers"), Tap(menu.MENU, "menu"))


async def _matched(turn: Turn, reference: str) -> bool:
    """Whether a child counts on them; then that is said."""
    running = await volunteers.matches(turn.reader, reference)
    if running:
        taps = [Tap(match["reference"], f"matched:{match['reference']}") for match in running]
        turn.say(STILL_MATCHED.fill(reference=reference, n=len(running)), *taps, Tap(VOLUNTEERS, "volunteers"))
    return bool(running)


FORMS = (Form("vletgo", (Step("reason", Kind.TEXT, WHY_LEAVE, longest=200),), gone, worth_keeping=False),)
