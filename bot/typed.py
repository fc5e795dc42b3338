"""What people type, by what it is about: asks.toml by page, asides.toml by group. One TOML file a language.

Asides ask for no page: greetings, thanks, jokes, homework.
"""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from bot.errors import BadPage
from bot.i18n import FALLBACK

ASKS, ASIDES = "asks.toml", "asides.toml"
GROUPS = ("hello", "thanks", "bye", "ok", "laugh", "rude", "joke", "sad", "other")

Typed = Mapping[str, tuple[str, ...]]
"""Phrases by page or group."""
Asides = Mapping[str, Typed]
"""Phrases by language and group."""


def read_asides(folder: Path, languages: Sequence[str]) -> Asides:
    """The asides of each language that has some. Raises BadPage."""
    paths = {language: folder / language / ASIDES for language in {*languages, FALLBACK}}
    return {
        language: dict.fromkeys(GROUPS, ()) | read_typed(path, GROUPS)
        for language, path in paths.items()
        if path.exists()
    }


def read_typed(path: Path, names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The phrases of one file, a line each. Raises BadPage, also when one is for something that is not in `names`."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadPage(path, f"it is not TOML ({type(error).__name__})") from error
    for name, lines in found.items():
        if name not in names:
            raise BadPage(path, f"{name} is not known here: there are {', '.join(names)}")
        if not isinstance(lines, str):
            raise BadPage(path, f"{name}: must be lines of text")
    return {name: tuple(filter(None, map(str.strip, lines.splitlines()))) for name, lines in found.items()}
