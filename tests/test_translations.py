"""Every language beside English: all of it is there, what is filled in fits, and what is typed is known.

A string changed in the code fails here until every catalogue has followed. docs/translation.md says how to help.
"""

import re
import string
from collections.abc import Iterator
from gettext import c2py

import frontmatter
import pytest
from babel.messages.catalog import Message

from bot.engine.context import read_alarm
from bot.engine.danger import Danger
from bot.engine.folding import fold
from bot.i18n import FALLBACK, Text, Words
from bot.language import Review, read_language
from bot.pages import SIMPLE, Pages
from bot.settings import Settings
from bot.typed import GROUPS, read_asides
from tests import extract, reading
from tests.extract import LOCALES
from tests.test_words import LONGEST_SENTENCE, LONGEST_TITLE, TAGS, TOPICS, labels, name

LANGUAGES = [language for language in extract.languages(LOCALES) if language != FALLBACK]
LONGEST_LABEL = 40
"""Characters of a button: words elsewhere are longer than English ones."""
LONGEST_SIMPLE_SENTENCE = 14
FEWEST_ASKS = 80
BENT = {"coordinator"}
"""Names of settings that a language may say in its own words, because it bends them."""
ONE_NUMBER = {"n"}
"""May be left out of a form that is said of one number alone: "one day"."""
NO_SENTENCES = reading.NOT_SAID

ENGLISH_PAGES = sorted(path.relative_to(LOCALES / FALLBACK) for path in LOCALES.glob("en/pages/**/*.md"))
PAGES = [LOCALES / language / path for language in LANGUAGES for path in ENGLISH_PAGES]

pytestmark = pytest.mark.parametrize("language", LANGUAGES)


def forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """A string, or each form of one that depends on a number."""
    return [text] if isinstance(text, str) else list(text or ())


def messages(language: str) -> Iterator[Message]:
    catalogue = extract.read(extract.catalogue_path(LOCALES, language), language)
    return (message for message in catalogue if message.id)


def fields(text: str) -> set[str]:
    """The placeholders that a translation keeps; {Who} is {who} at the beginning of a sentence."""
    found = string.Formatter().parse(text)
    named = {field for _before, field, _format, _conversion in found if field is not None}
    return {field[0].lower() + field[1:] for field in named} - BENT


def pieces(language: str) -> Iterator[tuple[str, str]]:
    """Everything that is said, with where it stands."""
    for message in messages(language):
        if forms(message.id)[0] not in NO_SENTENCES:
            yield from ((forms(message.id)[0], text) for text in forms(message.string))
    for piece in reading.pages(language):
        yield piece.where, piece.text


def test_every_string_is_there(language: str) -> None:
    """What the code says, this language says: nothing missing, nothing fuzzy, nothing that is no longer said."""
    kept = {forms(message.id)[0]: message for message in messages(language)}
    wanted = {forms(message.id)[0] for message in extract.template() if message.id}
    bare = [msgid for msgid, message in kept.items() if message.fuzzy or not all(forms(message.string) or [""])]

    assert sorted(wanted - kept.keys()) == [], "run `python -m tests.extract`, then translate what is new"
    assert sorted(kept.keys() - wanted) == [], "run `python -m tests.extract`"
    assert sorted(bare) == []
    assert len(kept) > 1000


def test_each_number_has_its_form(language: str) -> None:
    """A string that depends on a number has as many forms as the catalogue's rule asks for."""
    catalogue = extract.read(extract.catalogue_path(LOCALES, language), language)
    counts = {len(forms(message.string)) for message in messages(language) if isinstance(message.id, tuple | list)}

    assert counts == {catalogue.num_plurals}


def test_each_number_is_said_in_its_form(language: str) -> None:
    """In every string that depends on a number, a number of each class of the language finds its own form."""
    catalogue = extract.read(extract.catalogue_path(LOCALES, language), language)
    words = Words(LOCALES, [language], Settings().placeholders)
    form_of, by_form = c2py(catalogue.plural_expr), dict[int, int]()
    for n in range(200):
        by_form.setdefault(form_of(n), n)

    assert by_form.keys() == set(range(catalogue.num_plurals))
    for message in messages(language):
        if not isinstance(message.id, tuple | list):
            continue
        one, many = message.id
        for form, n in by_form.items():
            own = forms(message.string)[form]
            values = {**dict.fromkeys(fields(one) | fields(many), "x"), "n": n}
            assert words.plain(Text(one, many).fill(**values), language) == words.plain(
                Text(own).fill(**values), language
            )


def test_what_is_filled_in_has_its_place(language: str) -> None:
    """Each placeholder of the English is in the translation, and no other; tags are the same, and none is strange."""
    wrong = []
    for message in messages(language):
        plural = isinstance(message.id, tuple | list)
        wanted = [fields(text) for text in forms(message.id)]
        wanted += [kept - ONE_NUMBER for kept in wanted if plural]
        tags = [sorted(TAGS.findall(text)) for text in forms(message.id)]
        wrong += [
            f"{text!r}: {message.id!r}"
            for text in filter(None, forms(message.string))
            if fields(text) not in wanted or sorted(TAGS.findall(text)) not in tags or "<" in TAGS.sub("", text)
        ]

    assert wrong == []


def test_labels_fit_their_buttons(language: str) -> None:
    """A button's words fit on a phone and end in no full stop: it says what the button does."""
    every = set(labels())
    own = {forms(message.string)[0] for message in messages(language) if forms(message.id)[0] in every}

    assert {label for label in own if len(label) > LONGEST_LABEL} == set()
    assert {label for label in own if label.endswith((".", "۔"))} == set()


def test_telegram_takes_its_words(language: str) -> None:
    """Telegram's limits: short description 120, description 512, a command's description 256 characters."""
    import handlers  # noqa: PLC0415 - the whole bot, for three of its constants

    words = Words(LOCALES, [language], Settings().placeholders)
    short, long = (words.plain(text, language) for text in handlers.ABOUT)

    assert (len(short) <= 120, len(long) <= 512) == (True, True)
    assert [text for _command, text in handlers.COMMANDS if not 3 <= len(words.plain(text, language)) <= 256] == []


def test_every_page_is_there(language: str) -> None:
    """Each English page, its simple form and its Welsh one is there; it says who read it, and little else."""
    folder = LOCALES / language
    wrong = []
    for path in ENGLISH_PAGES:
        if not (folder / path).exists():
            wrong.append(f"{path} is missing")
            continue
        own = frontmatter.load(str(folder / path), encoding="utf-8")
        source = frontmatter.load(str(LOCALES / FALLBACK / path), encoding="utf-8")
        wanted = {"title", "review"} & {*source.keys()}
        wrong += [f"{path}: {own.keys()}"] if set(own.keys()) != wanted or not Review.parse(own["review"]) else []
        wrong += [f"{path}: {own['title']}"] if "title" in wanted and len(str(own["title"])) > LONGEST_TITLE else []
        if fields(own.content) != fields(source.content):
            wrong.append(f"{path}: {fields(own.content) ^ fields(source.content)}")
        if own.content.count("**") != source.content.count("**"):
            wrong.append(f"{path}: bold")

    assert wrong == []
    assert [name(path) for path in folder.glob("pages/**/*.md") if path.relative_to(folder) not in ENGLISH_PAGES] == []


def test_no_sentence_is_long(language: str) -> None:
    """A sentence has 20 words or fewer, as in English; on a simple page 14, as many as other languages need for 12."""
    found = [(where, sentence) for where, text in pieces(language) for sentence in reading.sentences(text)]
    longest = [
        (len(reading.words(sentence)), where, sentence)
        for where, sentence in found
        if len(reading.words(sentence))
        > (LONGEST_SIMPLE_SENTENCE if f"/{SIMPLE}/" in where and where.endswith(".md") else LONGEST_SENTENCE)
    ]

    assert longest == []
    assert len(found) > 1000


def test_nothing_shouts(language: str) -> None:
    """One exclamation mark a message at most."""
    assert [text for _where, text in pieces(language) if len(re.findall(r"[!!]", text)) > 1] == []


def test_no_direction_is_set_by_hand(language: str) -> None:
    """What is filled in is set apart by the program; a mark in a text would be one too many, and nobody sees it."""
    marks = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")

    assert [text for _where, text in pieces(language) if marks.search(text)] == []


def test_what_is_typed_is_known(language: str) -> None:
    """Each page has its ways of being asked for, each leading to one page, and none of them an alarm; asides too."""
    pages = Pages(Words(LOCALES, [language], Settings().placeholders), "england")
    asides = read_asides(LOCALES, [language])
    own = [page for page in pages.every() if page.language == language]
    asked = [(fold(ask), page.name) for page in own for ask in page.asks]
    alarm = read_alarm(LOCALES, [language], pages, asides)
    named = [line for line, _page in asked]

    assert [page.name for page in own if page.name in TOPICS and len(page.asks) < FEWEST_ASKS] == []
    assert sorted(line for line, page in set(asked) if any(line == one and page != other for one, other in asked)) == []
    assert [line for line in named if alarm.hear(line, language).danger is Danger.DANGER] == []
    assert {group for group, lines in asides[language].items() if len(lines) < 10} == set()
    assert asides[language].keys() == set(GROUPS)


def test_each_language_says_what_it_is(language: str) -> None:
    """A folder of locales/ has its own name, its dates, who read it, and its glossary."""
    own = read_language(LOCALES, language)

    assert own.name
    assert len(own.formats.day.split()) == 3
    assert (LOCALES / language / "glossary.md").read_text("utf-8").count("\n") > 15
