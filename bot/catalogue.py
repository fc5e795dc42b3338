"""The short strings of a language, as its .po file has them."""

import re
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from bot.errors import BadPage

ISOLATE, END_ISOLATE = "\u2068", "\u2069"
"""Around what may be read in another direction than the sentence it stands in."""


def read_catalogue(folder: Path, language: str) -> Catalog:
    """The short strings of a language. Raises BadPage when the file cannot be read."""
    path = folder / language / "LC_MESSAGES" / "ivbot.po"
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, abort_invalid=True)
    except (OSError, PoFileError, UnicodeDecodeError, ValueError) as error:
        raise BadPage(path, f"the catalogue cannot be read ({type(error).__name__})") from error


_APART = re.compile(r"(?<![\w/<.{])(?:/[a-z_]+|\+?\d+(?:[ \u00a0]\d+)+|[A-Z]{1,2}-[0-9A-Z]{4}-[0-9A-Z])(?!\w)")
"""What is read from left to right in every script, and has no letters that say so: numbers, commands, references."""


def set_apart(text: str) -> str:
    """A text of a language that is written from right to left, with what is read the other way isolated in it."""
    return _APART.sub(f"{ISOLATE}\\g<0>{END_ISOLATE}", text)


class Sentences:
    """A catalogue ready to be asked. What it does not have whole is said in English: half a plural, or a fuzzy one."""

    def __init__(self, catalogue: Catalog, *, right_to_left: bool) -> None:
        written = set_apart if right_to_left else str
        whole = [message for message in catalogue if message.id and not message.fuzzy and message.string]
        self._one = {message.id: written(message.string) for message in whole if isinstance(message.string, str)}
        self._counted = {
            message.id[0]: [*map(written, message.string)]
            for message in whole
            if isinstance(message.string, tuple) and all(message.string)
        }
        self._form = c2py(catalogue.plural_expr)

    def said(self, msgid: str) -> str:
        """The sentence in this language."""
        return self._one.get(msgid, msgid)

    def counted(self, msgid: str, plural: str, n: int) -> str:
        """The form of a sentence that is said of so many."""
        forms = self._counted.get(msgid)
        return forms[self._form(n)] if forms else msgid if n == 1 else plural
