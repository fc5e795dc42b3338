"""What people like doing: some of it tapped, some typed in their own words."""

from collections.abc import Iterable

from bot.engine.folding import fold
from bot.engine.turn import Turn
from bot.i18n import Text
from handlers.interest_form import LIKE


def kept(turn: Turn, said: str) -> str:
    """The value of something somebody likes, however it was written down."""
    folded = fold(said)
    labels = {option.value: {fold(label) for label in turn.context.words.every(option.label)} for option in LIKE}
    return next((value for value, known in labels.items() if folded == value or folded in known), folded)


def label(value: str) -> Text | str:
    """How it is shown."""
    return next((option.label for option in LIKE if option.value == value), value)


def shared(turn: Turn, one: Iterable[str], other: Iterable[str]) -> list[Text | str]:
    """What two people both like, as it is shown."""
    both = {kept(turn, said) for said in one} & {kept(turn, said) for said in other}
    return [label(value) for value in sorted(both)]
