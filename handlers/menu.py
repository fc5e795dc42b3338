"""The menu: what one can do from here, and what is said when there is nothing else to say."""

from bot.domain.roles import EVERYBODY, STAFF, VOLUNTEERS
from bot.engine.answers import is_typed
from bot.engine.filling import STOP_LABEL
from bot.engine.router import SAFETY, Router
from bot.engine.turn import Tap, Turn
from bot.i18n import OWN, Text, _

router = Router()

MENU = _("Menu")
NOT_SAFE = _("I'm not safe")
LANGUAGE = Text("🌐 {own}").fill(own=OWN)
CARRY_ON = _("Carry on with my answers")
WHAT_NOW = _("What would you like to do?")
MORE = _("More")
WHAT_ELSE = _("Here is what else I can do.")
STAFF_HELP = _(
    "/inbox shows what is new and what waits. /show IV-7K3Q-M shows one request. /talks shows who would like to talk. "
    "/concerns, /complaints, /ideas and /enquiries show those. /promises shows how the 14 standards are going. "
    "/matches shows who visits whom, /volunteers who may, /expenses what is to be paid. /export makes a file."
)
STAFF_TAPS: list[Tap | list[Tap]] = [
    [Tap(_("Requests"), "inbox"), Tap(_("Talks"), "talks")],
    [Tap(_("Ideas"), "ideas"), Tap(_("Enquiries"), "enquiries")],
    [Tap(_("Complaints"), "complaints"), Tap(_("Concerns"), "concerns")],
    [Tap(_("Matches"), "matches"), Tap(_("Volunteers"), "volunteers")],
    Tap(_("Make a file"), "export"),
]
VOLUNTEER_HELP = _(
    "/work shows your visits, hours and expenses, and what you can do. You can also tap a button, or type a question. "
    "/talk writes to {coordinator}. /complain is for what is wrong. If a child is in danger, ring 999, then send /safe."
)
VOLUNTEER_TAPS: list[Tap | list[Tap]] = [
    Tap(_("My visits"), "work"),
    [Tap(_("Plan a visit"), "vplan"), Tap(_("Report a visit"), "report")],
    [Tap(_("My stages"), "stages"), Tap(_("Expenses"), "vexpenses")],
    Tap(_("I have a worry"), "vworry", danger=True),
    [Tap(_("Talk to {coordinator}"), "talk"), Tap(_("Complain"), "complain")],
    [Tap(_("About being a visitor"), "vrole"), Tap(_("What you keep about me"), "data")],
]
HELP = _(
    "Tap a button, or type a question in your own words.\n\n"
    "/menu shows what I can do. /stop stops what we are doing. /safe shows who can help if you're not safe."
)
UNKNOWN = _("I don't know that one. Here is what I can do.")
STALE = _("That button is from before. Here is what I can do now.")
TOO_FAST = _("That was a lot at once, and I missed some of it. Please try again in a minute.")


@router.command("menu", EVERYBODY)
@router.button("menu", EVERYBODY)
async def menu(turn: Turn) -> None:
    say_menu(turn, WHAT_NOW)


@router.command("help", EVERYBODY)
async def help_(turn: Turn) -> None:
    role = turn.person.role
    say_menu(turn, STAFF_HELP if role in STAFF else VOLUNTEER_HELP if role in VOLUNTEERS else HELP)


@router.button("more", EVERYBODY)
async def more(turn: Turn) -> None:
    """What does not fit on the first screen."""
    turn.pause_form()
    turn.say(WHAT_ELSE, *_more(turn))


def _more(turn: Turn) -> list[Tap | list[Tap]]:
    return [
        Tap(_("The 14 promises"), "standards"),
        Tap(_("What you keep about me"), "data"),
        [Tap(_("I have an idea"), "idea"), Tap(_("You said, we did"), "changes")],
        Tap(_("Tell what is wrong"), "complain"),
        Tap(_("Hide this chat"), f"page:hide-chat-{turn.incoming.channel}"),
        Tap(_("Who are you, and who sees this?"), "page:about-bot"),
        [Tap(_("Ask for a child"), "interest:child"), Tap(_("I'd like to be a visitor"), "enquiry")],
        Tap(MENU, "menu"),
    ]


def say_menu(turn: Turn, text: Text) -> None:
    """Some words, and everything one can do from here. An open form waits meanwhile."""
    turn.pause_form()
    turn.say(text, *taps(turn))


def taps(turn: Turn) -> list[Tap | list[Tap]]:
    first: list[Tap | list[Tap]] = [Tap(CARRY_ON, "resume")] if turn.form else []
    if turn.person.role in STAFF:
        return [*first, *STAFF_TAPS, *_languages(turn)]
    if turn.person.role in VOLUNTEERS:
        return [*first, *VOLUNTEER_TAPS, *_languages(turn)]
    everybody: list[Tap | list[Tap]] = [
        Tap(_("What is an independent visitor?"), "page:what-is-an-iv"),
        Tap(_("Can I have one?"), "page:can-i-have-one"),
        Tap(_("I'd like one"), "interest"),
        [Tap(_("My request"), "story"), Tap(_("I have a code"), "code")],
        [Tap(_("Talk to a person"), "talk"), Tap(MORE, "more")],
    ]
    not_safe: list[Tap | list[Tap]] = [Tap(NOT_SAFE, SAFETY, danger=True)]
    on_screen = turn.incoming.channel == "web"  # the chat page has it on every screen already
    return [*first, *everybody, *_languages(turn), *([] if on_screen else not_safe)]


def _languages(turn: Turn) -> list[Tap | list[Tap]]:
    """On the chat page it is on every screen already."""
    words = turn.context.words
    return [] if turn.incoming.channel == "web" or len(words.languages) == 1 else [Tap(LANGUAGE, "languages")]


def typed(turn: Turn) -> str:
    """The data of the button, of those one can press at any time, whose words were typed instead."""
    always: list[Tap | list[Tap]] = [Tap(STOP_LABEL, "stop"), Tap(CARRY_ON, "resume"), *taps(turn), *_more(turn)]
    for row in always:
        for tap in row if isinstance(row, list) else [row]:
            if isinstance(tap.label, Text) and is_typed(turn, tap.label):
                return tap.data
    return ""


@router.other("stale", EVERYBODY)
async def stale(turn: Turn) -> None:
    say_menu(turn, STALE)


@router.other("unknown", EVERYBODY)
async def unknown(turn: Turn) -> None:
    say_menu(turn, UNKNOWN)


@router.other("too_fast", EVERYBODY)
async def too_fast(turn: Turn) -> None:
    """Said once a minute; answering each one would only make it worse."""
    if turn.excess == 1:
        turn.say(TOO_FAST, *([Tap(CARRY_ON, "resume")] if turn.form else []), Tap(MENU, "menu"))
