"""Reading helplines.toml."""

import tomllib
from dataclasses import fields
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.domain import hours
from bot.domain.helplines import HelpLine
from bot.errors import BadPage
from bot.settings import DATA

_LINE = TypeAdapter(HelpLine)


def read_helplines(path: Path = DATA / "helplines.toml") -> tuple[HelpLine, ...]:
    """The lines, in the order of the file. Raises BadPage, which says which line and what is wrong with it."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("line")
    except OSError as error:
        raise BadPage(path, f"cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise BadPage(path, f"is not TOML: {error}") from None
    if not isinstance(tables, list):
        raise BadPage(path, "has no [[line]] tables")
    lines = tuple(_line(path, number, table) for number, table in enumerate(tables, start=1))
    names = [line.name for line in lines]
    if twice := {name for name in names if names.count(name) > 1}:
        raise BadPage(path, f"{min(twice)} is there twice")
    if not any(line.first for line in lines):
        raise BadPage(path, "no line is marked with first = true")
    return lines


def _line(path: Path, number: int, table: object) -> HelpLine:
    name = table.get("name") if isinstance(table, dict) else None
    try:
        return _checked(table)
    except ValueError as error:
        raise BadPage(path, f"line {number} ({name or 'no name'}): {error}") from None


def _checked(table: object) -> HelpLine:
    """Raises ValueError, which says what is wrong."""
    try:
        line = _LINE.validate_python(table)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    if isinstance(table, dict) and (unknown := table.keys() - {field.name for field in fields(HelpLine)}):
        raise ValueError(f"there is no {min(unknown)}")
    try:
        hours.parse(line.hours or "always")
    except ValueError as error:
        raise ValueError(f"hours: {error}") from None
    if not (line.call or line.text or line.url):
        raise ValueError("there is nothing to ring, text or open")
    return line
