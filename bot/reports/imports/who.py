"""Whom a cell names: a child, a volunteer or their match, by reference or by name."""

import re
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from bot.domain.references import new_reference, read_reference
from bot.reports.columns import key
from bot.reports.imports.kind import BadRow

_Found = TypeVar("_Found")


class Index(Generic[_Found]):
    """Records to be found by reference, or by a name: the first kind of name that somebody has counts."""

    def __init__(self, prefix: str, reference: Callable[[_Found], str], *names: Callable[[_Found], str]) -> None:
        self._prefix = prefix
        self._reference = reference
        self._names = names
        self._by_reference: dict[str, list[_Found]] = {}
        self._by_name: tuple[dict[str, list[_Found]], ...] = tuple({} for _name in names)

    def add(self, records: Iterable[_Found]) -> "Index[_Found]":
        for record in records:
            self._by_reference.setdefault(self._reference(record), []).append(record)
            for by_name, name in zip(self._by_name, self._names, strict=True):
                if said := name(record):
                    by_name.setdefault(key(said), []).append(record)
        return self

    def find(self, typed: str, field: str) -> list[_Found]:
        """All that this may mean. Raises BadRow for a reference that is misspelt."""
        if re.match(rf"{self._prefix}\s*[-–—]", typed, re.IGNORECASE):
            reference = read_reference(typed, self._prefix)
            if reference is None:
                raise BadRow(f"{typed} is no reference: check each letter", field)
            return self._by_reference.get(reference, [])
        return next((found for by_name in self._by_name if (found := by_name.get(key(typed)))), [])


def only(found: Iterable[_Found], missing: str, typed: str, field: str, reference: Callable[[_Found], str]) -> _Found:
    """The one that is meant. Raises BadRow when there is none, which is then `missing`, or more than one."""
    several = list(found)
    if not several:
        raise BadRow(missing, field)
    if len(several) > 1:
        raise BadRow(f"{typed} may be {' or '.join(map(reference, several))}: write the reference", field)
    return several[0]


def free_reference(prefix: str, there: set[str]) -> str:
    """A new reference, which is then among those that are there."""
    while (reference := new_reference(prefix)) in there:
        pass
    there.add(reference)
    return reference
