"""The phrases that danger is told by: one TOML file a language, which says itself what each table of it is for."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import BadPage

FILE = "danger.toml"
NAMES = re.compile(r"{(\w+)}")
"""In a phrase any of the words that are alike: `{who} hits me`."""


class DangerPhrases(BaseModel):
    """The phrases of one language as they are written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    near: float
    sure: float
    fillers: str
    means: dict[str, str]
    alike: dict[str, str]
    certain: dict[str, str]
    danger: dict[str, str]
    worry: dict[str, str]
    harmless: dict[str, str]
    idioms: dict[str, str]

    @classmethod
    def read(cls, path: Path) -> "DangerPhrases":
        """Raises BadPage with the path when it cannot be read."""
        try:
            phrases = cls.model_validate(tomllib.loads(path.read_text("utf-8")))
        except ValidationError as error:
            first = error.errors()[0]
            raise BadPage(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
        except (OSError, ValueError) as error:
            raise BadPage(path, f"the phrases cannot be read ({type(error).__name__})") from error
        for kind, line in chain(lines_of(phrases.certain), lines_of(phrases.idioms)):
            if unknown := set(NAMES.findall(line)) - phrases.alike.keys():
                raise BadPage(path, f"{kind}: {line}: there is no {unknown.pop()} in [alike]")
        return phrases


def read_phrases(folder: Path, languages: Iterable[str]) -> dict[str, DangerPhrases]:
    """The phrases of each language that has them. Raises BadPage."""
    paths = {language: folder / language / FILE for language in languages}
    return {language: DangerPhrases.read(path) for language, path in paths.items() if path.exists()}


def lines_of(table: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each line with its kind."""
    return ((kind, line) for kind, lines in table.items() for line in lines.splitlines() if line)
