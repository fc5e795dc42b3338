"""What does not count when words are compared: case, accents, punctuation, which of two letters a keyboard has."""

import unicodedata
from functools import lru_cache

ALIKE = {
    "ł": "l",
    "đ": "d",
    "ø": "o",
    "ı": "i",
    "ґ": "г",
    "ي": "ی",
    "ى": "ی",
    "ك": "ک",
    "ة": "ه",
    "ە": "ه",
    "ہ": "ه",
}
"""Letters whose accent Unicode does not take apart, and those of which Arabic or Persian keyboards have the other."""

_REMEMBERED = 200
_LENGTHENED = "\u0640"
"""Between Arabic letters it only makes a word longer."""


class _Letters(dict[int, int | str | None]):
    """What each character counts as: itself when it is a letter or a digit, nothing as an accent, else a space."""

    def __missing__(self, point: int) -> int | None:
        character = chr(point)
        letter = character.isalnum() or unicodedata.category(character).startswith("M")
        self[point] = kept = None if unicodedata.combining(character) else point if letter else 32
        return kept


_LETTERS = _Letters(
    dict.fromkeys(map(ord, f"'’‘ʼ`´\ufe0f{_LENGTHENED}")) | {ord(one): other for one, other in ALIKE.items()}
)


def fold(text: str) -> str:
    """Letters and digits alone: case, accents, punctuation and doubled spaces do not count."""
    return _fold_short(text) if len(text) <= _REMEMBERED else _fold(text)


def _fold(text: str) -> str:
    bare = text.casefold()
    if not bare.isascii():
        bare = unicodedata.normalize("NFKD", bare)
    return " ".join(bare.translate(_LETTERS).split())


_fold_short = lru_cache(maxsize=4096)(_fold)
