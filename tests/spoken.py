"""Languages for a test: what is to be known of each, and a catalogue without words where the test writes none."""

import shutil
from pathlib import Path

from bot.i18n import Words
from bot.language import FILE, MACHINE, NATIVE
from bot.settings import Settings
from tests.extract import LOCALES, catalogue_path

EMPTY = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'


def write_language(folder: Path, code: str, alike: str = "") -> Path:
    """Write locales/CODE/language.toml into a test's own folder: ours, or that of a language `alike`. Its folder."""
    place = folder / code
    place.mkdir(parents=True, exist_ok=True)
    shutil.copy(LOCALES / (alike or code) / FILE, place / FILE)
    return place


def read_by_somebody(folder: Path, code: str) -> None:
    """locales/ with all that we have, and in one language all of it read by somebody whose own language it is."""
    for place in LOCALES.iterdir():
        if place.name != code:
            (folder / place.name).symlink_to(place)
    own = write_language(folder, code)
    text = (own / FILE).read_text("utf-8")
    (own / FILE).write_text(text.replace(f'review = "{MACHINE}', f'review = "{NATIVE}'), "utf-8")
    for part in (LOCALES / code).iterdir():
        if part.name != FILE:
            (own / part.name).symlink_to(part)


def words_of(folder: Path, *languages: str) -> Words:
    """A service that speaks these languages, with what the folder has of them."""
    for language in {*languages, "en"}:
        path = catalogue_path(folder, language)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(EMPTY, encoding="utf-8")
        if not (folder / language / FILE).exists():
            write_language(folder, language)
    return Words(folder, languages, Settings().placeholders)
