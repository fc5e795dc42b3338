"""What somebody typed or tapped, read as the answer to one step."""

import re
import unicodedata
from collections.abc import Iterable

from bot.engine.folding import fold
from bot.engine.forms import Kind, Option, Problem, Step
from bot.engine.turn import Turn
from bot.engine.when import read_day
from bot.i18n import Text, _, n_

YES = _("Yes")
NO = _("No")
YES_WORDS = _("yes, y, yeah, yep, yea, ok, okay, sure, yes please")
NO_WORDS = _("no, n, nope, nah, no thanks, no thank you")
NUMBER_WORDS = _(
    "one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen, "
    "seventeen, eighteen, nineteen, twenty"
)
"""From one on; where a number has several forms, a slash parts them."""
DONE = _("That's all")
PICK = _("I didn't get that. Tap one of the buttons, or type its words or its number.")
TAP_OR_TYPE = _("I didn't get that. Tap one or more of the buttons, or type it in words.")
NEED_NUMBER = _("I need a number, like 11.")
NEED_DATE = _("I need a day, like 12 June or next Friday.")
NEED_TIME = _("I need a time, like 2pm or 14:30.")
NEED_WORDS = _("I need a few words. You can type them here.")

LONGEST_LIST = 500
"""Characters of several answers typed at once: more is a story, and not taken apart at every comma."""

_CONTROLS = frozenset({"Cc", "Cs", "Cn", "Co"})
_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs, as Unicode has it, that look like nothing."""

Value = str | int | bool | list[str]
"""What an answer is kept as."""


def too_long(longest: int) -> Text:
    return n_(
        "That's too long for me. Can you say it in {n} letter?",
        "That's too long for me. Can you say it in {n} letters or fewer?",
        longest,
    )


def read_typed(turn: Turn, step: Step, text: str) -> Value | Problem:
    """The value of a typed answer, or what would work instead."""
    if step.read:
        value: Value | Problem = step.read(turn, text)
        return value
    match step.kind:
        case Kind.CHOICE:
            only = step.options[0].value if len(step.options) == 1 and yes_or_no(turn, text) else None
            return match_option(turn, step.options, text) or only or Problem(PICK)
        case Kind.SEVERAL:
            return _several(turn, step, text)
        case Kind.NUMBER:
            return _number(turn, step, text)
        case Kind.DATE:
            return _date(turn, step, text)
        case Kind.YES_NO | Kind.CHECK | Kind.CONSENT:
            answer = yes_or_no(turn, text)
            return Problem(PICK) if answer is None else answer
    return _text(step, text)


def is_typed(turn: Turn, label: Text) -> bool:
    """Whether these words were typed, in any language spoken here."""
    return fold(turn.incoming.text) in {fold(words) for words in turn.context.words.every(label)}


def match_option(turn: Turn, options: Iterable[Option], text: str) -> str | None:
    """The option whose label this is, in any language spoken here, or whose number."""
    listed = list(options)
    typed = fold(text)
    if re.fullmatch(r"\d{1,2}", typed) and 1 <= int(typed) <= len(listed):
        return listed[int(typed) - 1].value
    for option in listed:
        if typed and typed in {fold(label) for label in turn.context.words.every(option.label)}:
            return option.value
    return None


def yes_or_no(turn: Turn, text: str) -> bool | None:
    """A plain yes or no in any language spoken here; anything else is neither."""
    typed = fold(text)
    for value, words in ((True, YES_WORDS), (False, NO_WORDS)):
        if typed in {fold(word) for listed in turn.context.words.every(words) for word in listed.split(",")}:
            return value
    return {"1": True, "2": False}.get(typed)


def clean(text: str) -> str:
    """Without control characters and the blank edges; line breaks stay.

    What turns the direction of all that follows goes too; what joins an emoji or a letter stays.
    """
    kept = "".join(
        c
        for c in text
        if c == "\n" or (unicodedata.category(c) not in _CONTROLS and unicodedata.bidirectional(c) not in _TURNS)
    )
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def _text(step: Step, text: str) -> str | Problem:
    cleaned = " ".join(clean(text).split()) if step.one_line else clean(text)
    if len(cleaned) > step.longest:
        return Problem(too_long(step.longest))
    return cleaned if _seen(cleaned) else Problem(NEED_WORDS)


def _seen(text: str) -> bool:
    """Whether there is anything to be seen: letters that leave no trace are an old trick for names."""
    return any(c not in _UNSEEN and unicodedata.category(c)[0] not in "CZM" for c in text)


def _several(turn: Turn, step: Step, text: str) -> list[str] | Problem:
    """Words with commas between them: labels become their values, other words are kept if the step takes them.

    Where it takes other words a number is no answer: it is more likely one to the question before.
    """
    if len(text) > LONGEST_LIST:
        return Problem(too_long(LONGEST_LIST))
    parts = [part for part in re.split(r"[,;،\n]| and | & ", clean(text)) if part.strip()]
    values = [match_option(turn, step.options, part) or (part.strip() if step.own_words else "") for part in parts]
    if step.own_words and any(re.fullmatch(r"\d{1,2}", fold(part)) for part in parts):
        return Problem(TAP_OR_TYPE)
    if not values or not all(values):
        return Problem(TAP_OR_TYPE if step.own_words else PICK)
    if any(len(value) > step.longest for value in values):
        return Problem(too_long(step.longest))
    return list(dict.fromkeys(values))


def _number(turn: Turn, step: Step, text: str) -> int | Problem:
    """Digits anywhere in it, or a number in words; digits inside such words, as in "3ashra", are letters."""
    words, number = _in_words(turn, text)
    digits = re.search(r"(?<![\w.,])\d{1,6}", text)
    if digits and digits[0] not in words:
        number = int(digits[0])
    return Problem(NEED_NUMBER) if number is None or not step.least <= number <= step.most else number


def _in_words(turn: Turn, text: str) -> tuple[str, int | None]:
    """The number whose words stand in it, and these; the longest first: "خمسة عشر", fifteen, before "خمسة", five."""
    typed = f" {fold(text)} "
    said = [
        (words, number)
        for listed in turn.context.words.every(NUMBER_WORDS)
        for number, forms in enumerate(listed.split(","), 1)
        for form in forms.split("/")
        if (words := fold(form)) and f" {words} " in typed
    ]
    return max(said, key=lambda found: len(found[0]), default=("", None))


def _date(turn: Turn, step: Step, text: str) -> str | Problem:
    """A day as people type it. It is read back before it counts: guesses at dates are often wrong."""
    found = read_day(turn, text, past=step.past)
    return found.isoformat() if found else Problem(NEED_DATE)
