"""A part of what is kept about somebody, under its title."""

from dataclasses import dataclass

from bot.i18n import Text

LINE = Text("{title}: {value}")


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of thing."""

    title: Text
    lines: tuple[Text, ...]
