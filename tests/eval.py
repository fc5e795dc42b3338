"""`make eval`: how well what somebody types is understood, on lines that nothing was learned from.

The lines of tests/questions/ were written by people who wrote no `asks` for the topics of their own file. Nothing here
is a test: figures are read by people, and kept in docs/understanding.md.
"""

import argparse
import random
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.engine import understanding
from bot.engine.context import read_alarm
from bot.engine.folding import fold
from bot.engine.understanding import NONE, SAFETY_PAGE, Learned, Understood
from bot.i18n import FALLBACK, Words
from bot.pages import Pages
from bot.settings import DATA, Settings
from bot.typed import read_asides
from tests.machine import machine

QUESTIONS = Path(__file__).with_name("questions")
LANGUAGES = sorted(path.parent.name for path in (DATA / "locales").glob("*/asks.toml"))
FOLDS = 10
SURES = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8)
HELLOS = ("hi ", "hello, ", "hey bot ", "hiya. ", "good evening, ", "ok so ", "hi my name is jay and im 10, ", "um ")
THANKS = (" thanks", " please and thank you", ". bye", " lol", ", ok?", " thank you so much")

Phrases = Mapping[str, Sequence[str]]
Read = Callable[[str], Understood]


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody typed, and the topic a fair reader gives it."""

    text: str
    topic: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """Shares of the lines on a topic, and of those on none."""

    lines: int
    right: float
    wrong: float
    offered: float
    off_topic: int
    refused: float

    def row(self) -> list[str]:
        def share(value: float, of: int) -> str:
            return f"{value:.1%}" if of else "-"

        return [
            str(self.lines),
            *(share(value, self.lines) for value in (self.right, self.wrong, self.offered)),
            str(self.off_topic),
            share(self.refused, self.off_topic),
        ]


HEADER = ("", "lines", "right at first try", "wrong page", "right among offers", "off topic", "refused")


def marks(read: Read, lines: Iterable[Line]) -> Marks:
    """Read every line."""
    every = [(line, read(line.text)) for line in lines]
    on = [(line.topic, understood) for line, understood in every if line.topic != NONE]
    off = [understood for line, understood in every if line.topic == NONE]
    return Marks(
        len(on),
        sum(understood.topic == topic for topic, understood in on) / max(len(on), 1),
        sum(understood.topic not in {topic, NONE} for topic, understood in on) / max(len(on), 1),
        sum(topic in understood.offers for topic, understood in on) / max(len(on), 1),
        len(off),
        sum(understood.topic == NONE for understood in off) / max(len(off), 1),
    )


def read_lines(path: Path, language: str) -> list[Line]:
    """A file of `topic<TAB>text`, or of `lang<TAB>topic<TAB>text`; the first row names the columns.

    Without a column for it the language is in the file's name, as in topics-pl.tsv; else it is English.
    """
    named = path.stem.partition("-")[2] or FALLBACK
    header, *rows = (row.split("\t") for row in path.read_text(encoding="utf-8").splitlines() if row)
    cells = [dict(zip(header, row, strict=True)) for row in rows]
    return [Line(cell["text"], cell["topic"], path.stem) for cell in cells if cell.get("lang", named) == language]


def every_language(paths: Sequence[Path]) -> tuple[Table, Table]:
    """How each language does; and whether it is noticed in a chat that is in another."""
    topics = Table(*HEADER, title="Each language")
    noticed = Table("typed in", "lines", *(f"a chat in {code}" for code in LANGUAGES), title="Another language noticed")
    words = Words(DATA / "locales", LANGUAGES, Settings().placeholders)
    pages, asides = Pages(words, "england"), read_asides(DATA / "locales", LANGUAGES)
    known, alarm = understanding.Understanding(pages, asides), read_alarm(DATA / "locales", LANGUAGES, pages, asides)
    for code in LANGUAGES:
        lines = [line for path in paths for line in read_lines(path, code)]
        if lines:
            topics.add_row(f"{code} {words.name(code)}", *marks(partial(known.topic, language=code), lines).row())
            found = {own: Counter(alarm.language_of(line.text, own) for line in lines) for own in LANGUAGES}
            wrong = len(lines) - found[code][None]
            shares = [
                f"wrongly {wrong / len(lines):.1%}" if own == code else f"{heard[code] / len(lines):.1%}"
                for own, heard in found.items()
            ]
            noticed.add_row(code, str(len(lines)), *shares)
    return topics, noticed


def read_phrases(language: str) -> tuple[Phrases, Phrases]:
    """The phrases of each topic, and those of each group of asides."""
    pages = Pages(Words(DATA / "locales", [language], Settings().placeholders), "england")
    topics = {
        page.name: [fold(phrase) for phrase in (*page.asks, page.title)]
        for page in pages.every()
        if page.language == language and page.asks and page.name != SAFETY_PAGE
    }
    return topics, read_asides(DATA / "locales", [language]).get(language, {})


def without(phrases: Phrases, fold_number: int) -> tuple[dict[str, list[str]], list[Line]]:
    """All but every tenth phrase, and those tenth ones."""
    kept: dict[str, list[str]] = {}
    left: list[Line] = []
    for name, lines in phrases.items():
        mixed = random.Random(name).sample(list(lines), len(lines))
        kept[name] = [line for at, line in enumerate(mixed) if at % FOLDS != fold_number]
        left += [Line(line, name) for line in mixed[fold_number::FOLDS]]
    return kept, left


def crossed(topics: Phrases, asides: Phrases) -> Marks:
    """Each tenth of the phrases, read by what the other nine tenths taught."""
    lines: list[Line] = []
    answers: dict[str, Understood] = {}
    for number in range(FOLDS):
        some_topics, asked = without(topics, number)
        some_asides, said = without(asides, number)
        learned = Learned(some_topics, some_asides)
        left = [*asked, *(Line(line.text, NONE) for line in said)]
        answers |= {line.text: learned.read(line.text) for line in left}
        lines += left
    return marks(answers.__getitem__, lines)


def main_table(read: Read, lines: Sequence[Line], topics: Phrases) -> Table:
    table = Table(*HEADER, title="Lines that nothing was learned from")
    for author in sorted({line.author for line in lines}):
        table.add_row(author, *marks(read, [line for line in lines if line.author == author]).row())
    known = {phrase for phrases in topics.values() for phrase in phrases}
    table.add_row("all", *marks(read, lines).row(), style="bold")
    table.add_row(
        "no phrase word for word", *marks(read, [line for line in lines if fold(line.text) not in known]).row()
    )
    return table


def manners(read: Read, lines: Sequence[Line]) -> Table:
    """The same lines as people mix them with greetings and with one another."""
    chance = random.Random(1)
    on = [line for line in lines if line.topic != NONE]
    table = Table(*HEADER[:5], title="The same lines, dressed up")
    hello = [Line(chance.choice(HELLOS) + line.text, line.topic) for line in on]
    thanks = [Line(line.text + chance.choice(THANKS), line.topic) for line in on]
    table.add_row("after a greeting", *marks(read, hello).row()[:4])
    table.add_row("before a thank-you", *marks(read, thanks).row()[:4])
    others = chance.sample(on, len(on))
    for join in (". ", " and "):
        both = [
            ({one.topic, two.topic}, read(one.text + join + two.text))
            for one, two in zip(on, others, strict=True)
            if one.topic != two.topic
        ]
        either = sum(it.topic in pair for pair, it in both) / len(both)
        offered = sum(pair <= set(it.offers) for pair, it in both) / len(both)
        wrong = sum(it.topic not in {*pair, NONE} for pair, it in both) / len(both)
        table.add_row(
            f"two with {join!r}", str(len(both)), f"{either:.1%} (either)", f"{wrong:.1%}", f"{offered:.1%} (both)"
        )
    return table


def curve(read: Read, lines: Sequence[Line]) -> Table:
    """What another threshold would do."""
    table = Table(*HEADER, title="The threshold SURE")
    kept = understanding.SURE
    for sure in SURES:
        understanding.SURE = sure
        table.add_row(f"{sure:.2f}{' (ours)' if sure == kept else ''}", *marks(read, lines).row())
    understanding.SURE = kept
    return table


def confusions(read: Read, lines: Sequence[Line]) -> tuple[Table, Table]:
    """What is taken for what, and how each topic does."""
    every = [(line.topic, read(line.text)) for line in lines]
    taken = Counter((topic, it.topic) for topic, it in every if it.topic != topic)
    pairs = Table("topic", "taken for", "times", title="Confusions")
    for (topic, other), times in taken.most_common(20):
        pairs.add_row(topic, "not sure" if other == NONE else other, str(times))
    by_topic = Table(*HEADER, title="By topic, the weakest first")
    found = {
        topic: marks(read, [line for line in lines if line.topic == topic]) for topic in {line.topic for line in lines}
    }
    for topic, it in sorted(found.items(), key=lambda entry: (entry[1].right + entry[1].refused, entry[0])):
        by_topic.add_row(topic, *it.row())
    return pairs, by_topic


def learning(topics: Phrases, asides: Phrases, lines: Sequence[Line]) -> Table:
    """What fewer phrases would do."""
    table = Table(*HEADER, title="The learning curve")
    for share in (0.1, 0.2, 0.3, 0.5, 0.7, 0.85, 1.0):
        some = {
            name: random.Random(name).sample(list(phrases), max(1, round(share * len(phrases))))
            for name, phrases in topics.items()
        }
        count = sum(map(len, some.values()))
        table.add_row(f"{share:.0%}: {count} phrases", *marks(Learned(some, asides).read, lines).row())
    return table


def cost(topics: Phrases, asides: Phrases, lines: Sequence[Line]) -> Table:
    """Time of one core, and memory."""
    table = Table("what", "figure", title=f"Cost: {machine()}")
    tracemalloc.start()
    learned = Learned(topics, asides)
    table.add_row("memory", f"{tracemalloc.get_traced_memory()[0] / 2**20:.1f} MiB")
    tracemalloc.stop()
    began = time.process_time()
    learned = Learned(topics, asides)
    table.add_row(
        "learning", f"{(time.process_time() - began) * 1000:.0f} ms for {sum(map(len, topics.values()))} phrases"
    )
    for what in ("first reading", "second reading"):
        began = time.process_time()
        for line in lines:
            learned.read(line.text)
        table.add_row(what, f"{len(lines) / (time.process_time() - began):,.0f} lines a second")
    long = "what is an iv and can i have one because " * 250
    known = understanding.Understanding(Pages(Words(DATA / "locales", [FALLBACK], Settings().placeholders), "england"))
    known.topic(long)
    began = time.process_time()
    known.topic(long)
    table.add_row("a text of 10,000 characters", f"{(time.process_time() - began) * 1000:.1f} ms")
    return table


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.eval")
    options.add_argument("--lines", type=Path, nargs="*", help="other files of lines, instead of tests/questions/")
    options.add_argument("--lang", default=FALLBACK)
    options.add_argument(
        "--all", action="store_true", help="also the learning curve and the phrases against themselves"
    )
    chosen = options.parse_args()
    topics, asides = read_phrases(chosen.lang)
    lines = [
        line for path in chosen.lines or sorted(QUESTIONS.glob("[!d]*.tsv")) for line in read_lines(path, chosen.lang)
    ]
    read = Learned(topics, asides).read
    console = Console(width=118)
    console.print(*every_language(chosen.lines or sorted(QUESTIONS.glob("[!d]*.tsv"))))
    console.print(main_table(read, lines, topics), manners(read, lines), curve(read, lines), *confusions(read, lines))
    if chosen.all:
        table = Table(*HEADER, title="Each tenth of the phrases, read by what the others taught")
        table.add_row("asks and asides", *crossed(topics, asides).row())
        console.print(table, learning(topics, asides, lines))
    console.print(cost(topics, asides, lines))


if __name__ == "__main__":
    main()
