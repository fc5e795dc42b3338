"""What people say that asks for no page: greetings, thanks, jokes, homework. One TOML file a language, by group."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.errors import BadPage
from bot.i18n import FALLBACK

GROUPS = ("hello", "thanks", "bye", "ok", "laugh", "rude", "joke", "sad", "other")

Asides = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Phrases by language and group."""


def read_asides(folder: Path, languages: Sequence[str]) -> Asides:
    """The asides of each language that has some, in locales/LANG/asides.toml. Raises BadPage."""
    paths = {language: folder / language / "asides.toml" for language in {*languages, FALLBACK}}
    return {language: _read(path) for language, path in paths.items() if path.exists()}


def _read(path: Path) -> Mapping[str, tuple[str, ...]]:
    try:
        groups = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadPage(path, "the asides are not TOML") from error
    for name, phrases in groups.items():
        if name not in GROUPS:
            raise BadPage(path, f"{name} is no group: there are {', '.join(GROUPS)}")
        if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
            raise BadPage(path, f"{name}: must be a list of texts")
    return {name: tuple(groups.get(name, ())) for name in GROUPS}
