"""`python -m tests.extract [LANGUAGE …]`: locales/ivbot.pot is written anew from the code, and every catalogue follows.

A LANGUAGE that has no catalogue yet gets one. No dates and no names of programs are written: without a change in the
code, running it again changes nothing.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "locales"
TEMPLATE = LOCALES / "ivbot.pot"
CODE = ("bot", "handlers")
KEYWORDS: dict[str, tuple[int | tuple[int, int] | tuple[int, str], ...] | None] = {
    "_": None,
    "n_": (1, 2),
    "Named": None,
}


def catalogue_path(folder: Path, language: str) -> Path:
    return folder / language / "LC_MESSAGES" / "ivbot.po"


def template() -> Catalog:
    """Every string the code marks for translation, with the files it stands in."""
    found = Catalog(project="ivbot", charset="utf-8")
    for folder in CODE:
        for name, line, msgid, _comments, _context in extract_from_dir(
            str(ROOT / folder), method_map=[("**.py", "python")], keywords=KEYWORDS
        ):
            found.add(msgid, locations=[(f"{folder}/{name}", line)])
    return found


def read(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def languages(folder: Path) -> list[str]:
    return sorted(path.parent.parent.name for path in folder.glob("*/LC_MESSAGES/ivbot.po"))


def text(catalogue: Catalog, comment: str) -> str:
    """A catalogue as a file: sorted, without dates, places and what is no longer said."""
    fields = ["Project-Id-Version: ivbot"]
    if catalogue.locale_identifier:
        fields += [f"Language: {catalogue.locale_identifier}", f"Plural-Forms: {catalogue.plural_forms}"]
    fields += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    body = io.BytesIO()
    write_po(body, catalogue, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    header = "".join(f'"{field}\\n"\n' for field in fields)
    return f'{comment}msgid ""\nmsgstr ""\n{header}\n{body.getvalue().decode().strip()}\n'


def comment(path: Path) -> str:
    """What stands above a catalogue: who translated it, who checked it. It is theirs and stays."""
    lines = path.read_text(encoding="utf-8").split('msgid ""', 1)[0].splitlines(keepends=True)
    return "".join(line for line in lines if line.startswith("#") and not line.startswith("#,"))


def write(folder: Path = LOCALES, wanted: tuple[str, ...] = ()) -> None:
    """The template and each catalogue of the folder; new words are added, and words no longer used are dropped."""
    now = template()
    (folder / TEMPLATE.name).write_text(
        text(now, "# What ivbot says in short strings. See docs/words.md.\n"), encoding="utf-8"
    )
    for language in sorted({*languages(folder), *wanted}):
        path = catalogue_path(folder, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        known = read(path, language) if path.exists() else Catalog(locale=language, charset="utf-8")
        above = comment(path) if path.exists() else f"# ivbot in {language}. Translated by: . Checked by: .\n"
        known.update(now, no_fuzzy_matching=True)
        path.write_text(text(known, above), encoding="utf-8")


if __name__ == "__main__":
    write(wanted=tuple(sys.argv[1:]))
