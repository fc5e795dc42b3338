"""What an import is made of: columns, rows of values, and whatever takes them."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from bot.reports import cells
from bot.reports.cells import BadCell, Cell
from bot.reports.columns import key
from bot.settings import Settings
from bot.store.clock import moment, stamp
from bot.store.database import Reader, Writer

LONGEST_NAME, LONGEST_TEXT = 100, 1000


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the titles it may have, the first as we would write it, and how a cell of it is read."""

    titles: tuple[str, ...]
    read: Callable[[Cell], object] = cells.text


@dataclass(frozen=True, slots=True)
class Given:
    """What an import is made against."""

    settings: Settings
    now: dt.datetime

    @property
    def stamp(self) -> str:
        return stamp(self.now)

    @property
    def zone(self) -> ZoneInfo:
        return self.settings.zone

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()

    def day(self, stamped: str) -> dt.date:
        """The day of a stamp, where the service is."""
        return moment(stamped).astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Row:
    """A row whose cells could all be read; what is blank is not in it."""

    number: int
    values: Mapping[str, Any]

    def get(self, name: str, otherwise: Any = "") -> Any:  # noqa: ANN401 - a cell is whatever its column reads
        return self.values.get(name, otherwise)


class BadRow(Exception):
    """A row that cannot be taken: why, and in which field, if it is in one."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class Kind(ABC):
    """Takes rows one after another, then writes them all."""

    needed: ClassVar[Sequence[Sequence[str]]]
    """Groups of fields: of each, one has to have a column. A field alone needs something in every row."""

    @staticmethod
    @abstractmethod
    def columns(settings: Settings) -> Mapping[str, Column]: ...

    @classmethod
    @abstractmethod
    async def begin(cls, reader: Reader, given: Given) -> Self:
        """With all that has to be known of what is there."""

    @abstractmethod
    def take(self, row: Row) -> None:
        """Raises BadRow."""

    @abstractmethod
    async def write(self, writer: Writer) -> None: ...

    @abstractmethod
    def summary(self) -> list[str]:
        """What was taken, in lines for the coordinator to check."""


def words(longest: int) -> Callable[[Cell], str]:
    """A reader of text of so many letters at most."""

    def read(cell: Cell) -> str:
        found = cells.text(cell)
        if len(found) > longest:
            raise BadCell(f"{found[:20]}… is longer than {longest} letters")
        return found

    return read


def a_name(cell: Cell) -> str:
    """The name of somebody whom children may meet: words, and no number that slipped in from beside it."""
    found = words(LONGEST_NAME)(cell)
    if not any(map(str.isalpha, found)):
        raise BadCell(f"{found} is no name")
    return found


def one_of(choices: Mapping[str, tuple[str, ...]]) -> Callable[[Cell], str]:
    """A reader of one of some values, each with what people write for it."""
    meant = {key(said): value for value, many in choices.items() for said in (value, *many)}

    def read(cell: Cell) -> str:
        typed = cells.text(cell)
        found = meant.get(key(typed))
        if found is None:
            raise BadCell(f"{typed} is none of: {', '.join(choices)}")
        return found

    return read


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many}"
