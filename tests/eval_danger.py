"""How well danger is heard: recall and false alarms by kind. `python -m tests.eval_danger [--wrong] [EXAM.tsv ...]`.

Two measures. Cross-validation: each phrase of locales/LANG/danger.toml is judged by a detector that knows neither it
nor phrases much like it; they are written to be hard, so this is lower than life. And exams, which nothing is learned
from: tests/questions/danger-LANG.tsv and any file named (columns `text`, `kind`, `label` or `danger` 0 and 1, `lang`).
"""

import csv
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rich.console import Console
from rich.table import Table

from bot.engine.danger import Alarm, Danger, Detector
from bot.engine.danger_phrases import DangerPhrases, lines_of, read_phrases
from bot.engine.understanding import SAFETY_PAGE
from bot.i18n import Words
from bot.pages import Pages
from bot.settings import Settings
from bot.typed import read_asides
from tests.extract import LOCALES, ROOT

QUESTIONS = ROOT / "tests" / "questions"
FOLDS = 5
LIKE = 84
"""From this likeness (of 100) two phrases are never on different sides of a fold."""
LEARNED = {"danger": Danger.DANGER, "certain": Danger.DANGER, "worry": Danger.WORRY, "harmless": Danger.NONE}


class Line(NamedTuple):
    """Something typed, and what it should sound like."""

    language: str
    label: Danger
    kind: str
    text: str


class Answer(NamedTuple):
    line: Line
    danger: Danger
    words: str


def languages() -> list[str]:
    """Those that have phrases."""
    return sorted(path.parent.name for path in LOCALES.glob("*/danger.toml"))


def harmless() -> dict[str, list[str]]:
    """By language what is asked of the pages, and what asks for none of them; who is sad may be in danger."""
    pages = Pages(Words(LOCALES, languages(), Settings().placeholders), "england")
    lines: dict[str, list[str]] = defaultdict(list)
    for page in pages.every():
        if page.name != SAFETY_PAGE:
            lines[page.language].extend(page.asks)
    for language, groups in read_asides(LOCALES, languages()).items():
        lines[language].extend(line for group, those in groups.items() if group != "sad" for line in those)
    return dict(lines)


def exam(path: Path) -> list[Line]:
    """The lines of one file. Its language is in its name when it has no column for it."""
    with path.open(encoding="utf-8") as file:
        return [
            Line(row.get("lang") or path.stem.split("-")[1], _label(row), row["kind"], row["text"])
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def _label(row: Mapping[str, str]) -> Danger:
    if "label" in row:
        return Danger(row["label"])
    return Danger.DANGER if row["danger"] == "1" else Danger.NONE


def answers(alarm: Alarm, lines: Iterable[Line]) -> list[Answer]:
    return [
        Answer(line, heard.danger, heard.words) for line in lines for heard in [alarm.hear(line.text, line.language)]
    ]


def cross_validated(language: str, phrases: DangerPhrases, more: list[str]) -> Iterator[Answer]:
    """Each phrase as a detector hears it that has learned nothing like it."""
    lines = [(table, kind, line) for table in LEARNED for kind, line in lines_of(getattr(phrases, table))]
    folds = _folds([line for _table, _kind, line in lines])
    for fold in range(FOLDS):
        kept: dict[str, dict[str, list[str]]] = {table: defaultdict(list) for table in LEARNED}
        for (table, kind, line), own in zip(lines, folds, strict=True):
            if own != fold:
                kept[table][kind].append(line)
        learned = {table: {kind: "\n".join(those) for kind, those in kinds.items()} for table, kinds in kept.items()}
        detector = Detector(phrases.model_copy(update=learned), more)
        for (table, kind, line), own in zip(lines, folds, strict=True):
            if own == fold and "{" not in line:
                heard = detector.hear(line)
                yield Answer(Line(language, LEARNED[table], kind, line), heard.danger, heard.words)


def _folds(lines: list[str]) -> list[int]:
    """A fold for each line, the same for those that are alike."""
    first = list(range(len(lines)))
    for at, line in enumerate(lines):
        for _line, _score, other in process.extract(line, lines[:at], scorer=fuzz.ratio, score_cutoff=LIKE, limit=20):
            was, now = sorted((first[at], first[other]), reverse=True)
            first = [now if group == was else group for group in first] if was != now else first
    order = {group: number % FOLDS for number, group in enumerate(dict.fromkeys(first))}
    return [order[group] for group in first]


def table(title: str, given: Iterable[Answer]) -> Table:
    """Of each kind, how many sounded like danger, a worry or neither."""
    counts: dict[tuple[str, str, str], Counter[Danger]] = defaultdict(Counter)
    for line, danger, _words in given:
        for kind in (line.kind, "all"):
            counts[line.language, line.label, kind][danger] += 1
    shown = Table("language", "is", "kind", "lines", "danger", "worry", "none", title=title)
    for (language, label, kind), heard in sorted(counts.items()):
        shares = (f"{heard[danger] / heard.total():.1%}" for danger in Danger)
        shown.add_row(language, label, kind, str(heard.total()), *shares, style="bold" if kind == "all" else "")
    return shown


def chats(title: str, alarm: Alarm, lines: list[Line]) -> Table:
    """What is heard of the same lines in a chat of each language, their own among them."""
    groups = {danger: [line.text for line in lines if line.label is danger] for danger in Danger}
    shown = Table("a chat in", *(f"{label}: {len(texts)} lines" for label, texts in groups.items()), title=title)
    for chat in languages():
        heard = [Counter(alarm.hear(text, chat).danger for text in texts) for texts in groups.values()]
        shown.add_row(chat, *(", ".join(f"{danger} {counts[danger]}" for danger in Danger) for counts in heard))
    return shown


def speed(phrases: DangerPhrases, more: list[str], lines: list[Line]) -> str:
    """Time of the processor, the least of five, so that others on the machine count less."""
    long = " ".join(line.text for line in lines)[:10_000]

    def least(run: Callable[[], object]) -> float:
        times = []
        for _turn in range(5):
            at = time.process_time()
            run()
            times.append(time.process_time() - at)
        return min(times)

    detector = Detector(phrases, more)
    start, short = least(lambda: Detector(phrases, more)), least(lambda: [detector.hear(line.text) for line in lines])
    return (
        f"start {1000 * start:.0f} ms, {len(lines) / short:.0f} texts a second, "
        f"{len(long)} characters in {1000 * least(lambda: detector.hear(long)):.1f} ms"
    )


def main(paths: list[Path], *, wrong: bool) -> None:
    console = Console(width=110)
    read, more = read_phrases(LOCALES, languages()), harmless()
    alarm = Alarm(read, more)
    for path in sorted(QUESTIONS.glob("danger-*.tsv")) + paths:
        lines = [line for line in exam(path) if line.language in read]
        given = answers(alarm, lines)
        console.print(table(path.name, given))
        console.print(chats(f"{path.name}, heard in a chat of each language", alarm, lines))
        for line, danger, words in given:
            if wrong and danger != line.label and Danger.NONE in {danger, line.label}:
                console.print(f"{line.label} heard as {danger}: {line.text} [{words}]", markup=False, highlight=False)
    for language, phrases in read.items():
        asked = [Line(language, Danger.NONE, "asked of the pages", line) for line in more.get(language, ())]
        console.print(table("what children ordinarily say (learned from)", answers(alarm, asked)))
        console.print(table("cross-validated", cross_validated(language, phrases, more.get(language, []))))
        console.print(speed(phrases, more.get(language, []), asked[:2000]))


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:] if not name.startswith("-")], wrong="--wrong" in sys.argv)
