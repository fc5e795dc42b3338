"""What children type is matched to a page, or to a kind word, or to nothing: never to a guess."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from bot.commands import ask
from bot.engine.context import read_alarm
from bot.engine.danger import Danger
from bot.engine.folding import fold
from bot.engine.understanding import NONE, SAFETY_PAGE, SURE, Understanding, Understood
from bot.errors import BadPage
from bot.i18n import Words
from bot.pages import Pages
from bot.settings import DATA, Settings
from bot.typed import GROUPS, read_asides
from tests.eval import QUESTIONS, marks, read_lines
from tests.extract import LOCALES
from tests.spoken import words_of

VALUES = Settings().placeholders
PAGES = Pages(Words(LOCALES, ["en"], VALUES), "england")
ASIDES = read_asides(LOCALES, ["en"])
KNOWN = Understanding(PAGES, ASIDES)
ALARM = read_alarm(LOCALES, ["en"], PAGES, ASIDES)
STORY = "i am 8 and i live with my foster mum and we have a cat called biscuit and i was thinking about it in the car,"
PAGE = """---
title: {title}
next: []
do: []
source: nobody said so yet
review: machine, by a computer, on 2026-11-22
---
Words.
"""


def phrases() -> Iterator[tuple[str, str]]:
    """Each phrase of a page that can be asked for, with the page's name."""
    return ((ask, page.name) for page in PAGES.every() if page.name != SAFETY_PAGE for ask in page.asks)


def learned(folder: Path, language: str, asks: dict[str, list[str]], asides: str = "") -> Understanding:
    """Our English pages, and those of one more language."""
    pages = folder / language / "pages"
    pages.mkdir(parents=True)
    for name, lines in asks.items():
        (pages / f"{name}.md").write_text(PAGE.format(title=lines[0].title()), encoding="utf-8")
    listed = ["\n".join((f"{name} = '''", *lines, "'''")) for name, lines in asks.items()]
    (folder / language / "asks.toml").write_text("\n".join(listed), encoding="utf-8")
    if asides:
        (folder / language / "asides.toml").write_text(asides, encoding="utf-8")
    (folder / "en").symlink_to(LOCALES / "en")
    return Understanding(Pages(words_of(folder, "en", language), "england"), read_asides(folder, ["en", language]))


# Questions


def test_most_questions_are_understood() -> None:
    """Of lines nobody learned from, nine in ten find their page, 97 in 100 are offered it, and 19 in 20 others none."""
    lines = [line for path in sorted(QUESTIONS.glob("author*.tsv")) for line in read_lines(path, "en")]
    found = marks(KNOWN.topic, lines)

    assert (found.lines, found.off_topic) == (580, 120)
    assert found.right >= 0.9
    assert found.offered >= 0.97
    assert found.refused >= 0.95


def test_a_phrase_of_a_page_finds_its_page() -> None:
    """What a page says it is asked in wins at once, however it is punctuated."""
    wrong = [
        (phrase, name, understood)
        for phrase, name in phrases()
        if (understood := KNOWN.topic(f"{phrase.upper()}!!")).topic != name
        or understood.score < 1
        or understood.offers[0] != name
    ]

    assert wrong == []


@pytest.mark.parametrize(("typed", "topic"), [
    ("wat is a indapendant vister", "what-is-an-iv"), ("HOW OFTEN WILL I SEE THEM", "how-often"),
    ("can i pik who it iss", "choosing"), ("y is it takin so looong", "waiting"), ("delet al my mesages", "my-data"),
    ("my visiter didnt tern up agen", "missed-visit"), ("do i   need\nto pay ???", "money"),
    (f"{STORY} would the visitor tell my foster mum the things i say to them", "private"),
])  # fmt: skip
def test_spelling_shouting_and_stories_are_no_matter(typed: str, topic: str) -> None:
    """Misspelt, shouted, without a full stop or at the end of a story: a question is still that question."""
    assert KNOWN.topic(typed).topic == topic


@pytest.mark.parametrize("typed", [
    "hi can i have a visitor", "hello! can i have a visitor", "Hiya bot, can i have a visitor pls, thank you so much",
    "ok thanks. can i have a visitor", "lol can i have a visitor lol",
])  # fmt: skip
def test_a_greeting_before_a_question_is_the_question(typed: str) -> None:
    """Manners around a question are looked past."""
    understood = KNOWN.topic(typed)

    assert (understood.topic, understood.aside) == ("can-i-have-one", "")


@pytest.mark.parametrize(("typed", "topics"), [
    ("how often do they come? and who pays for the cinema", {"how-often", "money"}),
    ("can i pick a woman. do they tell my social worker what i say", {"choosing", "private"}),
    ("my visitor didnt come today and i want to make a complaint about the council", {"missed-visit", "complain"}),
])  # fmt: skip
def test_of_two_questions_both_are_offered(typed: str, topics: set[str]) -> None:
    """Two thoughts in one message: one is answered or none, and both are among the offers."""
    understood = KNOWN.topic(typed)

    assert understood.topic in {*topics, NONE}
    assert topics <= set(understood.offers)


@pytest.mark.parametrize("typed", ["can my visitor", "my visitor is", "the visitor thing"])
def test_when_unsure_the_nearest_are_offered(typed: str) -> None:
    """Words that may mean several things are not guessed at: two or three pages are offered, best first."""
    understood = KNOWN.topic(typed)

    assert understood.topic == NONE
    assert understood.aside == ""
    assert understood.score < SURE
    assert len(understood.offers) in {2, 3}


def test_only_topics_are_offered() -> None:
    """A page without asks, and the safety page, are never the answer to a question."""
    silent = [page for page in PAGES.every() if not page.asks]
    found = [KNOWN.topic(page.title) for page in silent] + [KNOWN.topic("im not safe")]
    named = {understood.topic for understood in found} | {name for understood in found for name in understood.offers}

    assert len(silent) > 10
    assert named & {SAFETY_PAGE, *(page.name for page in silent)} == set()


# What is no question


@pytest.mark.parametrize(("typed", "group"), [
    ("hellooooo", "hello"), ("heyy", "hello"), ("👋", "hello"), ("Thank youuu!", "thanks"), ("❤️", "thanks"),
    ("ok bye", "bye"), ("👍🏽", "ok"), ("yeah ok", "ok"), ("HAHAHAHA", "laugh"), ("😂😂😂", "laugh"),
    ("ur so stupid", "rude"), ("tell me another joke please", "joke"), ("im soooo bored", "sad"),
    ("i feel really lonely today", "sad"), ("what is 9 x 9", "other"), ("how much does a playstation cost", "other"),
    ("sdfjksdhf", "other"), ("what time is the football on", "other"),
])  # fmt: skip
def test_what_is_no_question_has_its_group(typed: str, group: str) -> None:
    """Greetings, thanks, laughter and homework find no page, and are told apart so that each can be answered kindly."""
    understood = KNOWN.topic(typed)

    assert (understood.topic, understood.aside) == (NONE, group)


@pytest.mark.parametrize("typed", [
    "how long do hamsters live", "when do the visitors leave the zoo", "i need money for robux", "who won the match",
    "what is an independent school", "volunteer at the dog shelter", "how often does the bus come to my school",
])  # fmt: skip
def test_our_words_in_another_sense_find_no_page(typed: str) -> None:
    """Visitors to the zoo and money for games are not about independent visitors."""
    assert KNOWN.topic(typed).topic == NONE


@pytest.mark.parametrize("typed", ["", "   ", "?!", "\x00", "🦄", "нет такого языка"])
def test_nothing_is_understood_of_nothing(typed: str) -> None:
    """An empty message, or one in a script that no page is written in, is nothing: no topic, no offer, no group."""
    assert KNOWN.topic(typed) == Understood(NONE, 0.0, ())


def test_asides_are_theirs_alone() -> None:
    """An aside is no way of asking for a page, is in one group, and does not sound like danger; each group has some."""
    said = [(fold(line) or line, group) for group, lines in ASIDES["en"].items() for line in lines]
    asked = {fold(phrase) for phrase, _name in phrases()}

    assert [line for line, _group in said if line in asked] == []
    assert sorted(line for line, _group in said if [other for other, _ in said].count(line) > 1) == []
    assert [line for line, group in said if group != "sad" and ALARM.hear(line, "en").danger is Danger.DANGER] == []
    assert {group for _line, group in said} == set(GROUPS)


@pytest.mark.parametrize(("text", "wrong"), [
    ("hello = [", "TOML"), ('greetings = "hi"', "greetings"), ('hello = ["hi"]', "hello"), ("hello = 1", "hello"),
])  # fmt: skip
def test_asides_that_cannot_be_read_are_named(tmp_path: Path, text: str, wrong: str) -> None:
    """A mistake in an asides file stops the start with its path and what is wrong."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "asides.toml").write_text(text, encoding="utf-8")

    with pytest.raises(BadPage, match=f"asides.toml.*{wrong}"):
        read_asides(tmp_path, ["en"])


# Every language


def test_a_translators_phrases_count_at_once(tmp_path: Path) -> None:
    """A language is understood from its own pages and asides, in its own script, misspelt as well."""
    known = learned(
        tmp_path,
        "uk",
        {
            "money": ["хто платить за квитки", "скільки це коштує", "чи треба мені гроші", "хто платить за їжу"],
            "how-often": ["як часто ми бачимось", "як часто вони приходять", "скільки годин", "у які дні"],
        },
        'hello = "привіт\\nдобрий день"',
    )

    assert known.topic("Скільки це коштує?", "uk").topic == "money"
    assert known.topic("а як чaсто вони приходит", "uk").offers[0] == "how-often"
    assert known.topic("Привіт!", "uk") == Understood(NONE, 0.0, (), "hello")
    assert known.topic("скільки це коштує", "en").topic == NONE


def test_english_is_understood_in_every_language(tmp_path: Path) -> None:
    """Who reads another language may type in English."""
    known = learned(tmp_path, "uk", {"money": ["хто платить за квитки"]})

    assert known.topic("can i have a visitor", "uk").topic == "can-i-have-one"
    assert known.topic("can i have a visitor", "xx").topic == "can-i-have-one"


# Always the same, at little cost


def test_the_answer_is_the_same_on_every_run() -> None:
    """Another process, with other hashes of strings, adds up the same parts in the same order."""
    code = (
        "from bot.engine.phrases import parts; from tests.test_understanding import KNOWN;"
        "print([(KNOWN.topic(line), [*parts(line)]) for line in ('is it ok', 'my mum')])"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }

    assert len(answers) == 1


def test_of_a_long_text_its_beginning_and_its_end_are_read() -> None:
    """Ten thousand characters cost no more than a few hundred: what is said first and last counts."""
    filler = "la la la " * 1200
    first, last = "how do i make a complaint about my social worker. ", "who pays for the cinema tickets"

    assert KNOWN.topic(first + filler).offers[0] == "complain"
    assert KNOWN.topic(filler + last).offers[0] == "money"
    assert {"complain", "money"} <= set(KNOWN.topic(first + filler + last).offers)
    assert KNOWN.topic(filler + first + filler).offers == ()


# `ivbot ask`


def test_ask_shows_why() -> None:
    """`ivbot ask` shows the topic with its score and what it would offer: in words, and as JSON without escapes."""
    known = ask.Knowledge(PAGES, KNOWN, ALARM)
    given = ask.answer(known, "en", "hello, who pays for the bus on trips ✨ é")
    answer = orjson.loads(given.as_json())

    assert re.match(rf"money \({given.score:.2f}\)\nNearest: money, [a-z-]+", given.as_words())
    assert (answer["topic"], answer["offers"][0], answer["danger"]) == ("money", "money", "none")
    assert answer["score"] == given.score >= SURE
    assert "✨ é" in given.as_json()
    assert ask.answer(known, "en", "haha").as_words() == "Off topic: laugh. Nearest: nothing"
    assert re.match(r"I would not guess \(0\.\d\d\)\. Nearest: ", ask.answer(known, "en", "can my visitor").as_words())


def test_ask_reads_what_a_running_bot_reads() -> None:
    """`ivbot ask` knows the asides."""
    known = ask.read(Settings())

    assert ask.answer(known, "en", "hiya").as_words().startswith("Off topic: hello")
    assert (DATA / "locales" / "en" / "asides.toml").exists()
