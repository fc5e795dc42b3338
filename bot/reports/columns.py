"""Which column of a spreadsheet is which: titles as coordinators write them, and rows as named cells."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.errors import WrongUse
from bot.reports.cells import BadCell, Cell, plain
from bot.reports.tables import Rows, filled

_TITLES_WITHIN = 20
"""The titles are in one of the first rows that are not blank: above them may be a heading."""

_TOTALS = frozenset({"total", "totals", "grandtotal", "subtotal", "sum"})
"""What a row begins with that adds up the others, as `key` has it."""

Titles = Mapping[str, Sequence[str]]
"""The fields to look for, each with the titles its column may have; the first one is shown."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be taken. `column` is its title in the file; empty: it is the row as a whole."""

    row: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"row {self.row}, column {self.column}: {self.text}" if self.column else f"row {self.row}: {self.text}"


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its number, and by the names of the fields those of its cells that are not blank."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """What was found. `titles` are those of the file, by the names of the fields."""

    titles: Mapping[str, str]
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    blank: int
    totals: tuple[int, ...]  # the numbers of the rows that add up the others
    unread: tuple[str, ...]  # columns with something in them that nobody looks for


def named(rows: Rows, fields: Titles, needed: Iterable[Sequence[str]]) -> Table:
    """The rows below the titles. `needed` are groups of fields: one of each has to have a column.

    Raises WrongUse when none has, or a field has two.
    """
    place = max(range(len(rows[:_TITLES_WITHIN])), key=lambda n: (len(_known(rows[n][1], fields)), -n))
    top, header = rows[place]
    known = _known(header, fields)
    places = {name: found[0] for name, found in known.items()}
    shown = [str(title).strip() for title in header if filled([title])]
    for group in needed:
        if not known.keys() & set(group):
            called = " or ".join(fields[name][0] for name in group)
            raise WrongUse(f"no column is called {called}. The titles in row {top} are: {', '.join(shown)}.")
    for name, found in known.items():
        if len(found) > 1:
            both = " and ".join(str(header[column]).strip() for column in found)
            raise WrongUse(f"two columns could be {fields[name][0]}: {both}. Rename or delete one of them.")
    titles = {name: str(header[column]).strip() for name, column in places.items()}
    lines: list[Line] = []
    problems: list[Problem] = []
    below = rows[place + 1 :]
    totals = tuple(number for number, cells in below if _adds_up(cells))
    for number, cells in below:
        if number in totals:
            continue
        line, wrong = _line(number, cells, places, titles)
        lines += [line] if line.cells and not wrong else []
        problems += wrong
    unread = [
        str(header[column]).strip() if column < len(header) and filled([header[column]]) else f"number {column + 1}"
        for column in sorted({n for _number, cells in below for n, cell in enumerate(cells) if filled([cell])})
        if column not in places.values()
    ]
    blank = below[-1][0] - top - len(below) if below else 0
    return Table(titles, tuple(lines), tuple(problems), blank, totals, tuple(unread))


def key(title: str) -> str:
    """A title or a name without what people vary: case, Latin accents, spaces, signs."""
    letters = unicodedata.normalize("NFKD", title.casefold())
    return "".join(letter for letter in letters if letter.isalnum() or _carries_meaning(letter)) or title.strip()


def _carries_meaning(letter: str) -> bool:
    """Whether a mark is more than an accent: the vowel signs of many scripts are."""
    return unicodedata.category(letter).startswith("M") and not "\u0300" <= letter <= "\u036f"


def _known(header: Sequence[Cell], fields: Titles) -> dict[str, list[int]]:
    """Which columns have a title that one of the fields may have."""
    meant = {key(title): name for name, titles in fields.items() for title in (name, *titles)}
    known: dict[str, list[int]] = {}
    for column, title in enumerate(header):
        if isinstance(title, str) and (name := meant.get(key(title))):
            known.setdefault(name, []).append(column)
    return known


def _adds_up(cells: Sequence[Cell]) -> bool:
    """Whether the first thing in a row is the word for a total."""
    first = next((cell for cell in cells if filled([cell])), None)
    return isinstance(first, str) and key(first) in _TOTALS


def _line(
    number: int, cells: Sequence[Cell], places: Mapping[str, int], titles: Mapping[str, str]
) -> tuple[Line, list[Problem]]:
    found: dict[str, Cell] = {}
    problems = []
    for name, column in places.items():
        try:
            cell = plain(cells[column]) if column < len(cells) else None
        except BadCell as error:
            problems.append(Problem(number, titles[name], str(error)))
        else:
            found |= {} if cell is None else {name: cell}
    return Line(number, found), problems
