"""Imports from coordinators' spreadsheets: each kind is one declaration; all rows are taken, or none is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import WrongUse
from bot.reports import columns, tables
from bot.reports.cells import BadCell
from bot.reports.columns import Line, Problem, Table
from bot.reports.imports.interest import Interests
from bot.reports.imports.kind import BadRow, Column, Given, Kind, Row
from bot.reports.imports.matches import Matches
from bot.reports.imports.visits import Visits
from bot.reports.imports.volunteers import Volunteers
from bot.reports.tables import Raw
from bot.store.database import Reader

IMPORTS: dict[str, type[Kind]] = {
    "volunteers": Volunteers,
    "matches": Matches,
    "visits": Visits,
    "interest": Interests,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was read: its rows, and every cell that could not be read."""

    titles: Mapping[str, str]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]  # what the coordinator should know of how it was read


def read(kind: str, path: Path, sheet: str, given: Given) -> Sheet:
    """A file as rows of values. Raises WrongUse for what is no table, or lacks a column that is needed."""
    raw = tables.rows(path, sheet)
    try:
        return sheet_of(kind, raw, given)
    except WrongUse as error:
        raise WrongUse(f"{path}: {error}") from error


def sheet_of(kind: str, raw: Raw, given: Given) -> Sheet:
    """Rows as values. Raises WrongUse when a column is missing that is needed."""
    wanted, needed = IMPORTS[kind].columns(given.settings), IMPORTS[kind].needed
    table = columns.named(raw.rows, {name: column.titles for name, column in wanted.items()}, needed)
    if not table.lines and not table.problems:
        raise WrongUse("has titles, but no rows below them.")
    rows: list[Row] = []
    problems = list(table.problems)
    for line in table.lines:
        row, wrong = _row(line, wanted, table)
        wrong += [
            Problem(line.number, table.titles[name], "is blank")
            for name, *others in needed
            if not others and name not in line.cells
        ]
        rows += [] if wrong else [row]
        problems += wrong
    return Sheet(table.titles, tuple(rows), tuple(problems), tuple(_notes(table, raw.encoding)))


async def take(kind: str, sheet: Sheet, reader: Reader, given: Given) -> tuple[Kind, list[Problem]]:
    """What is to be written, and every row that cannot be."""
    taker = await IMPORTS[kind].begin(reader, given)
    return taker, judge(taker, sheet)


def judge(taker: Kind, sheet: Sheet) -> list[Problem]:
    """Every row that cannot be taken or could not be read, by number. The others are taken."""
    problems = list(sheet.problems)
    for row in sheet.rows:
        try:
            taker.take(row)
        except BadRow as bad:
            problems.append(Problem(row.number, sheet.titles.get(bad.field, ""), str(bad)))
    return sorted(problems, key=lambda problem: problem.row)


def _row(line: Line, wanted: Mapping[str, Column], table: Table) -> tuple[Row, list[Problem]]:
    values: dict[str, Any] = {}
    problems = []
    for name, cell in line.cells.items():
        try:
            values[name] = wanted[name].read(cell)
        except BadCell as error:
            problems.append(Problem(line.number, table.titles[name], str(error)))
    return Row(line.number, values), problems


def _notes(table: Table, encoding: str) -> list[str]:
    notes = [f"Blank rows left out: {table.blank}."] if table.blank else []
    notes += [f"Rows of totals left out: {', '.join(map(str, table.totals))}."] if table.totals else []
    notes += [f"Columns that are not read: {', '.join(table.unread)}."] if table.unread else []
    notes += [f"Read as {encoding}: check letters like é and signs like £."] if encoding else []
    return notes
