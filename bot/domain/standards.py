"""The 14 national standards, said to children as promises (domain.md, section 2), and what children say of them."""

from enum import StrEnum

STANDARDS = range(1, 15)

ABOUT_SAFETY = frozenset({3, 5, 9, 11})
"""Standards whose breach may mean that a child is not safe: words kept, visitors checked, feelings asked, rules."""

ABOUT_A_VISITOR = frozenset({2, 5, 6, 8, 9, 10, 11})
"""Standards that only somebody who has, or had, a visitor can speak of."""

FEW = 5
"""Counts below this are not told as numbers: somebody could guess who it was (domain.md 2, standard 13)."""


class Answer(StrEnum):
    """What a child says to "Is this happening for you?"."""

    YES = "yes"
    NOT_REALLY = "not_really"
    NOT_SURE = "not_sure"
