"""Every word the bot says: easy to read, kind, true to its source, and the same in every catalogue."""

import ast
import importlib
import pkgutil
import re
import string
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import frontmatter
import pytest

import handlers
from bot.domain.interest import Status
from bot.engine import answers, batch, filling
from bot.engine.context import read_alarm
from bot.engine.danger import Danger
from bot.engine.folding import fold
from bot.engine.understanding import SAFETY_PAGE
from bot.i18n import Text, Words
from bot.language import Review
from bot.pages import SIMPLE, Pages
from bot.settings import Settings
from handlers import (
    codes,
    complaint,
    complaint_words,
    interest,
    interest_form,
    menu,
    pages,
    questions,
    road_words,
    safety_words,
    story,
)
from tests import extract, reading
from tests.extract import LOCALES, ROOT
from tests.reading import ADULTS, LEARNED, Piece

HARDEST_GRADE = 5.0
LONGEST_SENTENCE = 20  # words
LONGEST_MESSAGE = 60  # words
LONGEST_LABEL = 34  # characters: one line on a small phone
LONGEST_TITLE = 40  # characters
LONGEST_DATA = 64  # bytes: Telegram's limit for what a button carries

TOPICS = {
    "what-is-an-iv", "can-i-have-one", "how-to-ask", "my-choice", "who-are-they", "checks", "what-we-do", "how-often",
    "how-long", "private", "choosing", "waiting", "not-getting-on", "ending", "missed-visit", "money", "after-18",
    "moved-away", "not-a-social-worker", "speak-up", "complain", "my-data", "standards", "extra-help", "family",
    "talk-to-person", "volunteer", "refer-a-child", "about-bot",
}  # fmt: skip
"""CONTRACT.md, Topics."""

MORE_PAGES = {
    SAFETY_PAGE: "danger is no topic to choose from: it comes before all of them",
    "elsewhere": "Scotland and Northern Ireland, gone on to from other pages",
    "hide-chat-web": "how to hide the chat, by channel",
    "hide-chat-telegram": "how to hide the chat, by channel",
    **{f"standard-{number}": "a card for each of the 14 standards" for number in range(1, 15)},
}

FORBIDDEN = {
    r"don'?t worry": "they may have reason to",
    r"just": "what is easy for us may not be for them",
    r"(?<!more )simply": "as just",
    r"unfortunately": "say what is so",
    r"please note": "say it",
    r"as soon as possible|shortly|in due course": "give a number or a day",
    r"invalid|you must|you failed|wrong (code|number|answer)": "nobody is blamed: say what would work",
    r"are you sure": "say what will happen instead",
    r"submit": "a button says what it does",
    r"parents?|mum|dad|at home|your home": "no family and no home is assumed",
    r"placements?|service users?|young persons": "nobody says that of themselves",
}
"""VOICE.md."""

JARGON = {
    "CLA", "LAC", "looked after child", "IRO", "EOI", "expression of interest", "care plan", "contact", "siblings",
    "referral", "match", "matched", "ending", "corporate parent", "representation", "disclosure", "allegation", "LADO",
    "safeguarding", "out of area", "UASC", "section 20", "care order", "consent", "objection", "DBS", "care leaver",
    "safer recruitment", "expenses", "Mosaic", "case file", "stage 1", "data", "process", "eligible",
}  # fmt: skip
"""domain.md, section 10, left column, and its like: words of the office. A child is told the thing itself."""

SAFETY_WORDS = [words for words in vars(safety_words).values() if isinstance(words, Text) and words.msgid not in ADULTS]

GRAVE = {
    text.msgid
    for text in (
        batch.SORRY, interest_form.YOUNGER, interest_form.OLDER, interest_form.TOO_YOUNG_HERE,
        interest.NOT_SENT, interest_form.SEND, interest_form.SHARE, codes.NOT_KNOWN, codes.MISREAD,
        questions.NO_IDEA, menu.NOT_SAFE, story.STANDS[Status.DECLINED], story.TAKE_IT_BACK, story.TAKEN_BACK,
        *SAFETY_WORDS, *road_words.PAUSED.values(), *road_words.SAID_NO.values(), *road_words.GOODBYE.values(),
        road_words.STILL_ASK, complaint.NOT_SENT, complaint.SENT, complaint.KEPT, complaint_words.LATE,
    )
}  # fmt: skip
"""Danger, bad news and every question that can be answered with no: nothing in them shouts or smiles."""

EMOJI = re.compile(r"[\u2600-\u27bf\U0001f000-\U0001faff]")
TAGS = re.compile(r"</?(?:b|i|a)(?: href=\"[^\"]+\")?>")

MESSAGES = list(reading.messages())
PAGES = list(reading.pages())
PIECES = MESSAGES + PAGES
SIMPLE_FILES = sorted(path for path in LOCALES.glob("en/pages/**/*.md") if path.parent.name == SIMPLE)
FILES = sorted(path for path in LOCALES.glob("en/pages/**/*.md") if path.parent.name != SIMPLE)
KNOWN_TO_SETTINGS = Settings().placeholders


def name(path: Path) -> str:
    return path.relative_to(LOCALES).as_posix()


def own_front(path: Path) -> dict[str, Any]:
    return dict(frontmatter.load(str(path), encoding="utf-8").metadata)


def front(path: Path) -> dict[str, Any]:
    """What a page says of itself; one of Wales has the rest from the page it stands in for."""
    above = path.parent.parent / path.name
    return (own_front(above) if path.parent.name == "wales" else {}) | own_front(path)


def placeholders(text: str) -> list[str]:
    return sorted(field for _before, field, _format, _conversion in string.Formatter().parse(text) if field is not None)


def forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """A string, or each form of one that depends on a number."""
    return [text] if isinstance(text, str) else list(text or ())


def said(pattern: str, text: str, *, flags: int = re.IGNORECASE) -> bool:
    return re.search(rf"(?<!\w)(?:{pattern})(?!\w)", reading.plain(text), flags) is not None


def shown(pieces: list[Piece]) -> list[str]:
    return [f"{piece.where}: {piece.text}" for piece in pieces]


def test_everything_is_easy_to_read() -> None:
    """Each page and each message of 25 words or more is at grade 5 or lower; when not, the ten hardest are shown."""
    graded = reading.hardest(len(PIECES))

    assert [piece.where for grade, piece in graded if grade > HARDEST_GRADE] == [], (
        f"the ten hardest:\n{reading.table()}"
    )
    assert len(graded) > len(PAGES)


def test_no_sentence_is_long() -> None:
    """A sentence has 20 words or fewer, in every string a child may read."""
    long = [
        f"{piece.where}: {sentence}"
        for piece in PIECES
        for sentence in reading.sentences(piece.text)
        if len(reading.words(sentence)) > LONGEST_SENTENCE
    ]

    assert long == []
    assert len(MESSAGES) > 100


def test_no_message_is_long() -> None:
    """A message has 60 words or fewer."""
    counted = {piece.where: len(reading.words(piece.text)) for piece in PAGES}
    counted |= {
        piece.text: len(reading.words(piece.text)) for piece in MESSAGES if piece.text != handlers.ABOUT[1].msgid
    }

    assert [(text, count) for text, count in counted.items() if count > LONGEST_MESSAGE] == []


def test_no_word_is_long() -> None:
    """No word a child reads has four syllables, but for those they learn here."""
    titles = [Piece(name(path), front(path)["title"]) for path in FILES]
    long = {piece.where: found for piece in (*PIECES, *titles) if (found := reading.long_words(piece.text))}

    assert long == {}


def test_every_learned_word_is_used_and_argued() -> None:
    """The list of words to learn stays short: each has its reason, and each is said or soon will be."""
    soon = {"advocate", "complaint"}
    everything = " ".join(piece.text for piece in PIECES).lower() + " {coordinator} "

    assert {word for word in LEARNED if word not in everything} <= soon
    assert [word for word, why in LEARNED.items() if not why] == []


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_nothing_is_said_that_would_not_be_said_to_their_face(pattern: str) -> None:
    """VOICE.md's forbidden words are in no message and on no page."""
    assert shown([piece for piece in PIECES if said(pattern, piece.text)]) == [], FORBIDDEN[pattern]


@pytest.mark.parametrize("term", sorted(JARGON))
def test_no_jargon(term: str) -> None:
    """Words of the office are not said to children."""
    flags = 0 if term.isupper() else re.IGNORECASE

    assert shown([piece for piece in PIECES if said(re.escape(term), piece.text, flags=flags)]) == []


def test_nothing_shouts() -> None:
    """A message has one exclamation mark at most; one about danger, or with bad news or a choice in it, has none."""
    grave = [piece for piece in PIECES if piece.text in GRAVE or SAFETY_PAGE in piece.where]

    assert shown([piece for piece in PIECES if piece.text.count("!") > 1]) == []
    assert shown([piece for piece in grave if "!" in piece.text]) == []
    assert len(grave) == len(GRAVE) + 1


def test_emoji_never_carry_the_meaning() -> None:
    """At most one emoji, in front; none about danger, bad news or a choice."""
    for piece in PIECES:
        found = [match.start() for match in EMOJI.finditer(piece.text)]
        assert found in ([], [0]), piece
        assert not (found and (piece.text in GRAVE or SAFETY_PAGE in piece.where)), piece


def test_what_adults_read_is_still_in_use() -> None:
    """Each exemption names a string that is said, and why no child reads it."""
    everything = {forms(message.id)[0] for message in extract.template()}

    assert sorted(ADULTS.keys() - everything) == []
    assert sorted(reading.NOT_SAID - everything) == []
    assert list((ROOT / reading.FOR_STAFF).glob("*.py"))


def test_the_measure_measures() -> None:
    """A letter from the council fails where a sentence for a child passes."""
    letter = (
        "Unfortunately, consideration of your application necessitates the submission of additional documentation. "
        "A determination regarding eligibility will be communicated in due course by the responsible authority."
    )

    assert reading.grade(letter) > 15
    assert reading.grade("The cat sat. It had a hat. You can see it too.") < 1
    assert reading.long_words("An independent visitor fills in documentation.") == ["documentation"]
    assert reading.sentences("One. Two?\n- **Three**\nfour") == ["One.", "Two?", "Three", "four"]
    assert [reading.syllables(word) for word in ("cat", "anything", "grown", "eligibility")] == [1, 3, 1, 6]


# The catalogues


def test_the_template_is_what_the_code_says() -> None:
    """locales/ivbot.pot has every marked string and no other: after a change, `python -m tests.extract`."""
    now, kept = extract.template(), extract.read(extract.TEMPLATE)

    assert {message.id for message in kept} == {message.id for message in now}
    assert len(now) > 100


def test_extracting_twice_changes_nothing(tmp_path: Path) -> None:
    """A refreshed catalogue keeps its translations and who made them, and holds no date and no program's name."""
    extract.write(tmp_path, ("cy",))
    path = extract.catalogue_path(tmp_path, "cy")
    path.write_text("# Translated by: Nia.\n" + path.read_text().split("\n", 1)[1].replace(
        'msgid "Menu"\nmsgstr ""', 'msgid "Menu"\nmsgstr "Dewislen"'
    ))  # fmt: skip
    extract.write(tmp_path)
    once = {file.name: file.read_text() for file in tmp_path.rglob("*.po*")}
    extract.write(tmp_path)

    assert {file.name: file.read_text() for file in tmp_path.rglob("*.po*")} == once
    assert "# Translated by: Nia.\n" in once["ivbot.po"]
    assert 'msgstr "Dewislen"' in once["ivbot.po"]
    assert not re.search(r"Date:|Generated-By|Babel|\d{4}-\d\d-\d\d", "".join(once.values()))


def test_no_string_has_a_tag_that_channels_do_not_know() -> None:
    """Messages have b and i at most; everything else that looks like a tag would be shown or refused."""
    strings = [text for message in extract.template() for text in forms(message.id)]

    assert [text for text in strings if "<" in TAGS.sub("", text)] == []
    assert [text for text in strings if text.count("<b>") != text.count("</b>")] == []


# What channels show


def test_telegram_takes_our_words() -> None:
    """Telegram's limits: short description 120, description 512, command descriptions 256, names of small letters."""
    short, long = handlers.ABOUT

    assert len(short.msgid) <= 120
    assert len(long.msgid) <= 512
    assert [text.msgid for _command, text in handlers.COMMANDS if not 3 <= len(text.msgid) <= 256] == []
    assert [command for command, _text in handlers.COMMANDS if not re.fullmatch(r"[a-z_]{1,32}", command)] == []
    assert {command for command, _text in handlers.COMMANDS} <= handlers.ROUTER.commands.keys()


def topic_modules() -> list[ModuleType]:
    """Every module of handlers/, which each stand for a topic."""
    return [importlib.import_module(found.name) for found in pkgutil.walk_packages(handlers.__path__, "handlers.")]


def labels() -> Iterator[str]:
    """Every text that handlers, forms and the engine put on a button."""
    for module in topic_modules():
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        local = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Tap":
                yield from (text.msgid for text in _texts(node.args[0], local, module))
    for form in handlers.FORMS.values():
        yield from (option.label.msgid for step in form.steps for option in step.options)
        yield from (f"✎ {step.title.msgid}" for step in form.steps if step.title)
    yield from (label.msgid for label, _data, _danger in handlers.ALWAYS)
    yield from (text.msgid for text in (filling.BACK_LABEL, filling.SKIP_LABEL, filling.STOP_LABEL, filling.RIGHT))
    yield from (text.msgid for text in (filling.DAY_RIGHT, filling.DAY_OTHER, answers.YES, answers.NO, answers.DONE))


def _texts(node: ast.expr, local: dict[str, ast.expr], module: ModuleType) -> list[Text]:
    """The texts an expression may be: a constant of its module, marked words, either branch of a choice."""
    if isinstance(node, ast.IfExp):
        return _texts(node.body, local, module) + _texts(node.orelse, local, module)
    if isinstance(node, ast.Name) and node.id not in vars(module):
        return _texts(local[node.id], local, module) if node.id in local else []
    try:
        value = eval(compile(ast.Expression(node), "label", "eval"), vars(module))
    except (NameError, AttributeError):  # the name of a language, the number of a request: known only when it is said
        return []
    return [value] if isinstance(value, Text) else []


def test_labels_fit_their_buttons() -> None:
    """A button's label has 34 characters or fewer and no full stop: it says what the button does."""
    found = set(labels())

    assert sorted(label for label in found if len(label) > LONGEST_LABEL) == []
    assert sorted(label for label in found if label.endswith(".")) == []
    assert {interest.I_AM_16.msgid, interest.GO_ON_HERE.msgid, menu.CARRY_ON.msgid, "I'd like one", "Football"} <= found
    assert len(found) > 50


def test_buttons_carry_no_more_than_they_can() -> None:
    """What the button of any answer, page or language sends back fits into 64 bytes."""
    datas = [
        f"{filling.VERB}:{form.name}:{step.key}:{action}{value}"
        for form in handlers.FORMS.values()
        for step in form.steps
        for action in (filling.CHOOSE, filling.TOGGLE, filling.ALL, filling.SKIP, filling.BACK, filling.CHANGE)
        for value in ("yes", "no", *(option.value for option in step.options))
    ]
    datas += [f"page:{path.stem}" for path in FILES]

    assert [data for data in datas if len(data.encode()) > LONGEST_DATA] == []
    assert len(datas) > 100


# The pages


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_page_is_complete(path: Path) -> None:
    """Front matter is whole: a title that fits a button, ways to ask, two or three next steps, a source."""
    meta = front(path)
    known = {file.stem for file in (LOCALES / "en" / "pages").glob("*.md")}

    assert meta.keys() == {"title", "next", "do", "source", "review"}
    assert 0 < len(meta["title"]) <= LONGEST_TITLE
    assert len(meta["next"] + meta["do"]) in {2, 3}
    assert set(meta["next"]) <= known - {path.stem}
    assert set(meta["do"]) <= pages.ACTIONS.keys()
    assert len(meta["source"]) > 10
    assert Review.parse(meta["review"])
    assert path.stem in known


def test_pages_are_the_topics_of_the_contract() -> None:
    """Each topic of CONTRACT.md has its page; there are few others, each with a reason."""
    assert {path.stem for path in FILES} == TOPICS | MORE_PAGES.keys()
    assert len(TOPICS) == 29


@pytest.mark.parametrize("path", SIMPLE_FILES, ids=name)
def test_a_simple_form_is_simpler(path: Path) -> None:
    """It belongs to a page, is shorter, and is easier: grade 4, 12 words a sentence, 35 in all."""
    full = path.parent.parent / path.name
    body = frontmatter.load(str(path), encoding="utf-8").content

    assert full.is_file()
    assert front(path).keys() == {"review"}
    assert len(reading.words(body)) <= min(35, len(reading.words(frontmatter.load(str(full)).content)))
    assert max(len(reading.words(sentence)) for sentence in reading.sentences(body)) <= 12
    assert reading.grade(body) <= 4


def test_each_topic_and_standard_has_a_simple_form() -> None:
    """Whoever is young, or asks for it, can read everything in short words."""
    simple = {path.stem for path in SIMPLE_FILES}

    assert (TOPICS | MORE_PAGES.keys()) - simple == {SAFETY_PAGE}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_placeholders_are_known(path: Path) -> None:
    """A page's braces hold what the settings always have, and a name in them starts no sentence: it may be 'the …'."""
    content = frontmatter.load(str(path), encoding="utf-8").content

    assert {field for field in placeholders(content) if not KNOWN_TO_SETTINGS.get(field)} == set()
    assert re.findall(r"(?:^|[.?!]\s+|\n)\{(?:coordinator|provider|area)\}", content) == []


def test_a_page_of_wales_is_a_page_here() -> None:
    """It stands in for another one, and says only what differs."""
    overrides = [path for path in FILES if path.parent.parent == LOCALES / "en" / "pages"]

    assert [name(path) for path in overrides if not (path.parent.parent / path.name).exists()] == []
    assert [name(path) for path in overrides if own_front(path).keys() != {"source", "review"}] == []
    assert {path.parent.name for path in overrides} == {"wales"}


def test_no_phrase_asks_for_two_pages() -> None:
    """Each way of asking leads to one page, and none of them sounds like danger."""
    known = Pages(Words(LOCALES, ["en"], KNOWN_TO_SETTINGS), "england")
    asked = [(fold(ask), page.name) for page in known.every() for ask in page.asks]
    few = [page.name for page in known.every() if (len(page.asks) < 40) is (page.name in TOPICS)]
    alarm = read_alarm(LOCALES, ["en"], known, {})
    alarms = [phrase for phrase, _page in asked if alarm.hear(phrase, "en").danger is Danger.DANGER]

    assert sorted(phrase for phrase, _page in asked if [other for other, _ in asked].count(phrase) > 1) == []
    assert alarms == []
    assert few == []


def test_the_safety_page_says_what_is_so() -> None:
    """No promise that somebody is reading, and what can be done; thanks and the numbers to ring stand above it."""
    page = Pages(Words(LOCALES, ["en"], KNOWN_TO_SETTINGS), "england").get(SAFETY_PAGE, "en")
    assert page
    for words in ("Nobody reads this chat", "tell someone whose job is to help", "a grown-up you trust"):
        assert words in page.html
