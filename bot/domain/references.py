"""References and codes that can be read on the phone: Crockford's base32 with a check letter.

The check is a polynomial over the field of 32 elements, so every single wrong letter and every swap of two
different letters is noticed. A reference (`IV-7K3Q-M`) names a record and is no secret; a code (`7K3Q-9M2X-4TBR`)
opens one and is kept only as a hash.
"""

import hashlib
import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LETTERS = 12
REFERENCE_LETTERS = 4

_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_LOOKALIKES = str.maketrans("OILU", "011V")
_OURS = f"[{ALPHABET}]"
_WRITTEN = re.compile(
    rf"(?<![\w-])(?:[A-Z]{{1,2}}-{_OURS}{{4}}-{_OURS}|{_OURS}{{4}}(?:-{_OURS}{{4}}){{2}})(?![\w-])",
    re.IGNORECASE | re.ASCII,
)
_PRIMITIVE = 0b100101  # x^5 + x^2 + 1


def check_letter(letters: str) -> str:
    """The letter that makes a slip of the pen show."""
    total = 0
    for letter in letters:
        total = _times_x(total ^ _VALUE[letter])
    return ALPHABET[total]


def new_reference(prefix: str) -> str:
    """A new reference, `IV-7K3Q-M`. The store makes sure that it is not taken."""
    letters = _draw(REFERENCE_LETTERS)
    return f"{prefix}-{letters}-{check_letter(letters)}"


def new_code() -> str:
    """A new secret code of nearly 55 random bits, in three groups of four; a digit in it tells it from three words."""
    letters = _draw(CODE_LETTERS - 1)
    while letters.isalpha():
        letters = _draw(CODE_LETTERS - 1)
    return grouped(letters + check_letter(letters))


def grouped(letters: str) -> str:
    """`7K3Q9M2X4TBR` as people write it down: `7K3Q-9M2X-4TBR`."""
    return "-".join(re.findall("....", letters))


def read_code(typed: str) -> str | None:
    """The code in what somebody typed, O for 0 and I for 1 forgiven; None when it is none."""
    letters = re.sub(r"[\s\-–—.]", "", typed.strip().upper()).translate(_LOOKALIKES)
    if len(letters) != CODE_LETTERS or not set(letters) <= _VALUE.keys():
        return None
    return grouped(letters) if check_letter(letters[:-1]) == letters[-1] else None


def code_in(typed: str) -> str:
    """What was meant as a code: three groups of four anywhere in it, or just twelve letters; a digit among them."""
    bare = typed.strip().upper()
    found = re.search(r"(?<!\w)[0-9A-Z]{4}[\s\-–—.][0-9A-Z]{4}[\s\-–—.][0-9A-Z]{4}(?!\w)", bare)
    meant = found[0] if found else bare if re.fullmatch(r"[0-9A-Z]{12}", bare) else ""
    return meant if any(letter.isdigit() for letter in meant) else ""


def without_codes(typed: str) -> str:
    """The words somebody typed: codes and references taken out, whose letters may spell anything.

    Only what has its dashes and the right check letter, in the very letters that we write, is one: with spaces between,
    or another letter in it, it is words.
    """
    return _WRITTEN.sub(lambda found: " " if _is_written(found[0]) else found[0], typed)


def read_reference(typed: str, prefix: str) -> str | None:
    """The reference in what somebody typed, with or without its prefix and dashes; None when it is none."""
    letters = re.sub(r"[\s\-–—.]", "", typed.strip().upper()).removeprefix(prefix).translate(_LOOKALIKES)
    if len(letters) != REFERENCE_LETTERS + 1 or not set(letters) <= _VALUE.keys():
        return None
    body, check = letters[:-1], letters[-1]
    return f"{prefix}-{body}-{check}" if check_letter(body) == check else None


def hashed(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def _is_written(typed: str) -> bool:
    """Whether it is a code with a digit in it, or a reference of whatever kind."""
    prefix = typed.split("-", maxsplit=1)[0].upper()
    return bool(code_in(typed) and read_code(typed)) or read_reference(typed, prefix) is not None


def _draw(letters: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _letter in range(letters))


def _times_x(value: int) -> int:
    value <<= 1
    return value ^ _PRIMITIVE if value & 0b100000 else value
