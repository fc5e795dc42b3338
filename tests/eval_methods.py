"""`python -m tests.eval_methods`: other ways to understand, on the same phrases and lines as `make eval`.

Those of scikit-learn run only where it is installed; it is no dependency, and nothing of ivbot needs it.
"""

import importlib
import importlib.util
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

from rapidfuzz import fuzz, process
from rich.console import Console
from rich.table import Table

from bot.engine import phrases as ours
from bot.engine.folding import fold
from bot.engine.understanding import NONE
from bot.i18n import FALLBACK
from tests.eval import QUESTIONS, Line, read_lines, read_phrases

Scores = dict[str, float]
Method = Callable[[list[str], list[str], list[str]], list[Scores]]
"""From phrases, their labels, and texts to the scores of the labels of each text."""

VOTERS = 15


def fuzzy(known: list[str], labels: list[str], texts: list[str]) -> list[Scores]:
    """The nearest phrase by its words in any order."""
    found = []
    for text in texts:
        best: Scores = {}
        for _phrase, score, at in process.extract(text, known, scorer=fuzz.token_sort_ratio, limit=60):
            best.setdefault(labels[at], score)
        found.append(best)
    return found


def full_text(known: list[str], labels: list[str], texts: list[str]) -> list[Scores]:
    """SQLite's FTS5: the phrases that BM25 puts first over groups of three letters, each with a vote."""
    database = sqlite3.connect(":memory:")
    database.execute("create virtual table phrases using fts5(phrase, tokenize = 'trigram')")
    database.executemany("insert into phrases (phrase) values (?)", ([phrase] for phrase in known))
    found = []
    for text in texts:
        groups = {text[at : at + 3] for at in range(len(text) - 2)}
        query = " OR ".join(f'"{group}"' for group in sorted(groups)) or '"@@@"'
        rows = database.execute(
            "select rowid, bm25(phrases) from phrases where phrases match ? order by rank limit ?", (query, VOTERS)
        )
        votes: Scores = defaultdict(float)
        for rowid, rank in rows:
            votes[labels[rowid - 1]] += rank * rank
        found.append(dict(votes))
    return found


def counted(known: list[str], labels: list[str], texts: list[str]) -> list[Scores]:
    """Ours: naive Bayes by counting."""
    by_label: dict[str, list[str]] = defaultdict(list)
    for phrase, label in zip(known, labels, strict=True):
        by_label[label].append(phrase)
    learned = ours.Phrases(by_label)
    return [learned.weigh(ours.parts(text)) for text in texts]


def scikit(make: Callable[[], Any]) -> Method:
    """A classifier of scikit-learn over TF-IDF of our parts."""

    def method(known: list[str], labels: list[str], texts: list[str]) -> list[Scores]:
        text = importlib.import_module("sklearn.feature_extraction.text")
        vectors = text.TfidfVectorizer(analyzer=lambda line: list(map(str, ours.parts(line))), sublinear_tf=True)
        model = make().fit(vectors.fit_transform(known), labels)
        rate = getattr(model, "decision_function", None) or model.predict_proba
        return [dict(zip(model.classes_, map(float, row), strict=True)) for row in rate(vectors.transform(texts))]

    return method


def methods() -> Iterator[tuple[str, Method]]:
    yield "fuzzy: the nearest phrase, words in any order", fuzzy
    yield f"FTS5 trigrams, BM25, {VOTERS} votes", full_text
    yield "naive Bayes by counting (ours)", counted
    if importlib.util.find_spec("sklearn"):
        linear, neighbours, bayes, svm = (
            importlib.import_module(f"sklearn.{name}") for name in ("linear_model", "neighbors", "naive_bayes", "svm")
        )
        yield "TF-IDF, nearest centroid", scikit(neighbours.NearestCentroid)
        yield (
            "TF-IDF, nearest neighbours",
            scikit(lambda: neighbours.KNeighborsClassifier(VOTERS, weights="distance", metric="cosine")),
        )
        yield "TF-IDF, complement naive Bayes", scikit(lambda: bayes.ComplementNB(alpha=0.1))
        yield "TF-IDF, multinomial naive Bayes", scikit(lambda: bayes.MultinomialNB(alpha=0.01, fit_prior=False))
        yield "TF-IDF, logistic regression", scikit(lambda: linear.LogisticRegression(C=30, max_iter=500))
        yield "TF-IDF, linear support vectors", scikit(lambda: svm.LinearSVC(C=1))
        yield "TF-IDF, ridge", scikit(lambda: linear.RidgeClassifier(alpha=0.3))


def measure(method: Method, known: list[str], labels: list[str], lines: Sequence[Line]) -> list[str]:
    """Right if it must choose a topic, right among three, and right where 95 % of the off-topic lines are refused."""
    began = time.process_time()
    scored = method(known, labels, [fold(line.text) for line in lines])
    took = time.process_time() - began
    ranked = [sorted((name for name in scores if name != NONE), key=scores.__getitem__)[::-1] for scores in scored]
    lead = [
        scores[names[0]] - scores.get(NONE, 0.0) if names else float("-inf")
        for scores, names in zip(scored, ranked, strict=True)
    ]
    off = sorted(margin for margin, line in zip(lead, lines, strict=True) if line.topic == NONE)
    floor = off[int(0.95 * len(off))]
    on = [
        (names, margin, line.topic)
        for names, margin, line in zip(ranked, lead, lines, strict=True)
        if line.topic != NONE
    ]
    figures = (
        sum(names[:1] == [topic] for names, _margin, topic in on),
        sum(topic in names[:3] for names, _margin, topic in on),
        sum(names[:1] == [topic] and margin > floor for names, margin, topic in on),
    )
    return [*(f"{figure / len(on):.1%}" for figure in figures), f"{took:.1f} s"]


def main() -> None:
    topics, asides = read_phrases(FALLBACK)
    pairs = [(phrase, label) for label, lines in topics.items() for phrase in lines]
    pairs += [(line, NONE) for said in chain.from_iterable(asides.values()) if (line := fold(said))]
    known, labels = map(list, zip(*pairs, strict=True))
    lines = [line for path in sorted(QUESTIONS.glob("author*.tsv")) for line in read_lines(path, FALLBACK)]
    table = Table("way", "right", "right among three", "right, 95 % refused", "CPU, all in all", title="Other ways")
    for name, method in methods():
        table.add_row(name, *measure(method, known, labels, lines))
    Console(width=118).print(table)


if __name__ == "__main__":
    main()
