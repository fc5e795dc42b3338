"""How happy the child was, as the volunteer saw it, and who chose what they did."""

from collections.abc import Iterator

from bot.domain.reports import MIDDLE
from bot.engine.report_line.reading import Reading
from bot.engine.report_line.tokens import Form
from bot.engine.report_line.words import FACES, Sort

Mood = tuple[int, int, int]
"""Where it starts, where it ends, and how happy, 1 to 5."""

NOT_HAPPY = 2
"""What a happy word says after a "not"."""


def mood(line: Reading) -> int | None:
    """Of words that disagree none counts; of several alike the mildest."""
    found = [*_faces(line), *_feelings(line), *_said_of_the_mood(line), *_said_of_them(line)]
    values = {value for _start, _end, value in found}
    if len({(value > MIDDLE) - (value < MIDDLE) for value in values}) != 1:
        return None
    for start, end, _value in found:
        line.use(start, end)
    return min(values, key=lambda value: abs(value - MIDDLE))


def chosen_by(line: Reading) -> str:
    """Who chose, if one alone is named."""
    found = [one for one in line.every(Sort.CHOSE) if not line.denied(one[0])]
    if len({who for _start, _end, who in found}) != 1:
        return ""
    for start, end, _who in found:
        line.use(start, end)
    return str(found[0][2])


def _faces(line: Reading) -> Iterator[Mood]:
    for place, token in enumerate(line.tokens):
        if token.form is Form.FACE and line.free(place, place + 1):
            yield place, place + 1, FACES[token.word]


def _feelings(line: Reading) -> Iterator[Mood]:
    """Happy, upset and the like, which are said of people alone; of the child, unless they are said of another."""
    for start, end, value in line.every(Sort.MOOD):
        first = _whose(line, start)
        no = line.before(first, Sort.NOT)
        if line.before(first, Sort.SOMEBODY_ELSE) < first:
            continue
        if no < first and int(value) > MIDDLE:
            yield _whose(line, no), end, NOT_HAPPY
        elif not line.denied(first):
            yield first, line.end(end, Sort.MOOD_IS), int(value)


def _said_of_the_mood(line: Reading) -> Iterator[Mood]:
    """Mood was good, mood 4, mood: 4/5."""
    for start, end, _value in line.every(Sort.MOOD_IS):
        after = end
        while (more := line.end(after, Sort.SOMEWHAT)) > after:
            after = more
        score, _of, most = line.word(after).partition("/")
        if found := line.at(after, Sort.MOOD_IF_OF_THEM) or line.at(after, Sort.MOOD):
            yield start, found[1], int(found[0])
        elif score in set("12345") and most in {"", "5"}:
            yield start, after + 1, int(score)


def _said_of_them(line: Reading) -> Iterator[Mood]:
    """Good, ok and the like count when they are said of the child, and of nothing that the child was good at."""
    for start, end, value in line.every(Sort.MOOD_IF_OF_THEM):
        first = _whose(line, start)
        of_mood = line.end(end, Sort.MOOD_IS)
        of_them = line.at(first, Sort.THEY_WERE) is not None and (line.stops(end) or not line.free(end, end + 1))
        if (of_mood > end or of_them) and not line.denied(first):
            yield first, of_mood, int(value)


def _whose(line: Reading, place: int) -> int:
    """Where "he was in a very" starts, before a mood."""
    while (before := line.before(place, Sort.THEY_WERE, Sort.SOMEWHAT)) < place and line.free(before, place):
        place = before
    return place
