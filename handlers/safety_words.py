"""What is said to somebody who may be in danger: fixed words (domain.md, section 6), and the lines that are open."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.domain.helplines import HelpLine, Who, open_lines
from bot.domain.roles import Role
from bot.engine.turn import Turn
from bot.i18n import FALLBACK, Text, _, in_language
from bot.pages import Page
from bot.store import interests

THANKS = _("Thank you for telling me. You were right to tell. It is not your fault.")
NO_SECRET = _("I can't keep this secret, because I want you to be safe. I am telling {who} now.")
NO_SECRET_NIGHT = _(
    "I can't keep this secret, because I want you to be safe. Nobody is awake at the desk now, or they are off work. "
    "So I am telling {who}."
)
NO_SECRET_AWAY = _(
    "I can't keep this secret, because I want you to be safe. I am telling {who}. Nobody is awake at the desk now, "
    "or they are off work. They read it when they are back. So please ring someone now."
)
NOBODY = _(
    "I can't tell anybody from here, and nobody reads this chat. So please ring someone now. "
    "Or go to a grown-up near you that you trust."
)
AGAIN = _("I've put that with what you told me before.")
ARE_YOU_SAFE = _("Are you safe right now?")
YES_SAFE = _("Yes")
NOT_SAFE_NOW = _("No")
CALL_NOW = _(
    "Call {call}. Say your name and where you are. If you can't speak, press {press} on a mobile when they ask."
)
ALSO_RING = _("You can also ring {name} on {call}. It is free.")
TELLING_TOO = _("I am telling {who} too.")
GLAD = _("Good. If that changes, ring 999 at once, and tell me again. You don't have to say more here.")

READ_YET = _("Has somebody read it?")
READ = _("Yes. Somebody whose job is to help read it on {day} at {time}. They may want to talk with you.")
MORE_SINCE = _("You told me more after that. I've told them that there is more.")
NOT_READ = _(
    "Not yet. I have sent your message. Nobody has answered yet. Please tell an adult near you that you trust."
)
STILL_ASKING = _("I keep asking, one person after another.")
DESK_IS_EMPTY = _("Nobody is awake at the desk now, or they are off work.")
NOTHING_TOLD = _("You have not asked me to tell anybody yet.")

TELL_NOW = _("Tell someone now")
ONLY_SHOW = _("Only show me who can help")
NOT_TOLD = _("That's fine. I have told nobody. These people can help at any time.")
TOLD_BY_BUTTON = _("You don't have to say why. If you want to, type it here. Then they read that too.")
WEB_PAGE = _("You can also write to me on our web page. It needs no account and no phone number.")

OPEN_PAGE = _("Open the web page")

LINES = _("These people can help now. It is free to ring them.")
EMERGENCY = _(
    "<b>{call}</b>: in danger now. Say your name and where you are. "
    "If you can't speak, press {press} on a mobile when they ask."
)
RING = _("<b>{name}</b>: ring {call}")
TEXT_TO = _("<b>{name}</b>: text {word} to {text}")
RING_OR_TEXT = _("<b>{name}</b>: ring {call}, or text {text}")

WORRY = _("Are you OK? Do you want to tell me more, or talk to someone?")
NOT_SENT = _("I have told nobody what you typed.")
FORM_WAITS = _("Your other answers are still here.")
TELL_MORE = _("I want to tell more")
I_AM_OK = _("I'm OK")
USE_IT = _("Use what I typed as my answer")
THAT_IS_FINE = _("That's fine. You can tell me any time.")
WHAT_IS_IT = _("What would you like to tell? You don't have to say much. I send it to {who}. Their job is to help.")
WORRY_TOLD = _("Thank you. You were right to tell. I have sent it to {who}.")
WORRY_NOT_TOLD = _(
    "Thank you. You were right to tell. But I can't tell anybody from here. So please talk to someone else about it."
)

VOLUNTEER_TOLD = _(
    "Thank you for saying so. {Who} is told now, and reads your words. If a child is in danger, ring 999. "
    "Please don't ask the child more, and say nothing to whoever it is about."
)
VOLUNTEER_NOBODY = _(
    "Thank you for saying so. Nobody can be told from here. Please ring your manager or the council now. "
    "If a child is in danger, ring 999."
)
VOLUNTEER_WHAT_IS_IT = _(
    "What did you see or hear? Write it as it was said, in the same words if you can. {Who} reads it at once. "
    "If a child is in danger now, ring 999 first. Please don't ask the child more."
)
VOLUNTEER_WORRY = _("Is a child not OK? You can tell {who} now. Nobody has been told what you typed.")

FEW = 4
"""So many lines are shown: in danger nobody reads a list."""

GROWN_UP = 40
"""The age that a volunteer is taken to have."""

_ORDER = (Who.YOUNG, Who.ANYONE, Who.WORRIED, Who.IN_CARE, Who.AWAY)


async def lines(turn: Turn) -> Text:
    """The lines that answer them at this hour, one under another."""
    rows = [LINES, *map(_line, await _open_to(turn))]
    return Text("\n".join(f"{{line_{at}}}" for at in range(len(rows)))).fill(
        **{f"line_{at}": row for at, row in enumerate(rows)}
    )


async def call_now(turn: Turn) -> list[Text]:
    """What to do at once: who is not safe right now."""
    first, *others = await _open_to(turn)
    ring = [ALSO_RING.fill(name=line.name, call=line.call) for line in others if line.first]
    return [CALL_NOW.fill(call=first.call, press=first.press), *ring[:1]]


def beside(turn: Turn, *parts: Text | Page) -> Markup:
    """One under another; and the same in the language they typed in, and in English beside words of a computer's."""
    turn.about_safety = True
    words, own = turn.context.words, turn.language
    others = [typed] if (typed := turn.typed_in) else []
    others += [FALLBACK] if any(words.language(language).by_machine for language in (own, *others)) else []
    below = [
        in_language(Markup("<b>{}</b>\n{}").format(words.name(language), _in(turn, language, parts)), language)
        for language in dict.fromkeys(others)
        if language != own
    ]
    return Markup("\n\n").join((_in(turn, own, parts), *below))


def _in(turn: Turn, language: str, parts: Sequence[Text | Page]) -> Markup:
    words, pages = turn.context.words, turn.context.pages
    said = [
        words.html(part, language) if isinstance(part, Text) else (pages.get(part.name, language) or part).html
        for part in parts
    ]
    return Markup("\n\n").join(said)


async def _open_to(turn: Turn) -> Sequence[HelpLine]:
    """999 and Childline before all others; then those for young people."""
    settings, context = turn.context.settings, turn.context
    found = open_lines(
        context.helplines, settings.service.jurisdiction, await _age(turn), turn.now, turn.context.settings.zone
    )
    return sorted(found, key=lambda line: -1 if line.first else _ORDER.index(line.who))[:FEW]


async def _age(turn: Turn) -> int | None:
    if turn.person.role != Role.GUEST:
        return GROWN_UP
    interest = await interests.newest_of(turn.reader, turn.person.id)
    return interest.age if interest else None


def _line(line: HelpLine) -> Text:
    if line.press:
        return EMERGENCY.fill(call=line.call, press=line.press)
    if line.call and line.text:
        return RING_OR_TEXT.fill(name=line.name, call=line.call, text=line.text)
    if line.call:
        return RING.fill(name=line.name, call=line.call)
    return TEXT_TO.fill(name=line.name, word=line.text_word, text=line.text)
