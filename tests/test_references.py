"""References and codes: what people misread, mistype and swap is noticed."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.references import (
    ALPHABET,
    check_letter,
    code_in,
    grouped,
    hashed,
    new_code,
    new_reference,
    read_code,
    read_reference,
    without_codes,
)

LETTERS = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=14)


@given(LETTERS, st.data())
def test_every_wrong_letter_is_noticed(letters: str, data: st.DataObject) -> None:
    """One letter changed for another never keeps the check letter."""
    place = data.draw(st.integers(0, len(letters) - 1))
    other = data.draw(st.sampled_from(ALPHABET))
    assume(other != letters[place])
    assert check_letter(letters[:place] + other + letters[place + 1 :]) != check_letter(letters)


@given(LETTERS, st.data())
def test_every_swap_is_noticed(letters: str, data: st.DataObject) -> None:
    """Two different letters that change places never keep the check letter."""
    assume(len(letters) > 1)
    one = data.draw(st.integers(0, len(letters) - 2))
    two = data.draw(st.integers(one + 1, len(letters) - 1))
    assume(letters[one] != letters[two])
    swapped = list(letters)
    swapped[one], swapped[two] = swapped[two], swapped[one]
    assert check_letter("".join(swapped)) != check_letter(letters)


@pytest.mark.parametrize("_attempt", range(50))
def test_a_code_is_read_as_people_write_it(_attempt: int) -> None:
    """Lower case, no dashes, other dashes, spaces, O for 0, I or L for 1: the same code."""
    code = new_code()
    bare = code.replace("-", "")
    for typed in (code, code.lower(), bare, f"  {bare[:4]} {bare[4:8]} {bare[8:]} ", code.replace("-", "–"),
                  code.replace("0", "O").replace("1", "l")):  # fmt: skip
        assert read_code(typed) == code
    assert code_in(code)
    assert code_in(bare)


@given(st.text(max_size=30))
def test_any_text_can_be_read(text: str) -> None:
    """Whatever is typed, reading a code or a reference answers without an error."""
    code = read_code(text)
    assert code is None or read_code(code) == code
    reference = read_reference(text, "IV")
    assert reference is None or read_reference(reference, "IV") == reference


def test_words_are_not_codes() -> None:
    """Three words of four letters, and long words, are what somebody says."""
    for words in ("what dogs like", "tell them that", "independents", "I am 11 and sad", "im-not-sure"):
        assert not code_in(words)


@pytest.mark.parametrize("_attempt", range(50))
def test_codes_and_references_are_told_from_words(_attempt: int) -> None:
    """What else was said stays whole; three words, and what has the wrong check letter, are what somebody said."""
    code, reference = new_code(), new_reference("IV")
    for written in (code, code.lower(), reference, reference.lower(), new_reference("C")):
        assert without_codes(f"my code is {written}, help me").split() == ["my", "code", "is", ",", "help", "me"]
    wrong = code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % len(ALPHABET)]
    for words in ("kill self 2day", "im-not-sure", "he-hits-me2", "HE-HURT-5", "I-HURT-5", wrong):
        assert without_codes(words) == words


@pytest.mark.parametrize("_attempt", range(50))
def test_a_reference_is_read_as_people_say_it(_attempt: int) -> None:
    """With or without its prefix and dashes."""
    reference = new_reference("IV")
    for typed in (reference, reference.lower(), reference.replace("-", ""), reference.removeprefix("IV-")):
        assert read_reference(typed, "IV") == reference


def test_codes_are_secret_and_kept_as_hashes() -> None:
    """A thousand codes differ, their hashes do not show them, and each is three groups of four."""
    codes = {new_code() for _n in range(1000)}
    assert len(codes) == 1000
    assert all(grouped(code.replace("-", "")) == code and len(hashed(code)) == 64 for code in codes)
