"""What holds for every report of a visit: what it costs, when two people disagree, and what a child may be told."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reports import (
    MISSED_TOO_OFTEN,
    cost_pence,
    disagree,
    missed_in_a_row,
    needs_receipt,
    over_budget,
    tells_how_to_reach,
)
from bot.domain.visits import Outcome

FACES = st.integers(1, 5)
MAYBE = st.none() | FACES


@given(st.integers(0, 100_000), st.integers(0, 10_000), st.integers(0, 1_000))
def test_a_claim_is_rounded_once_and_half_a_penny_up(pence: int, tenths: int, rate: int) -> None:
    """What was spent and the miles at the rate of the day, as a calculator has it."""
    exact = pence + Decimal(tenths * rate) / 10

    assert cost_pence(pence, tenths, rate) == exact.quantize(Decimal(1), ROUND_HALF_UP)


def test_the_usual_rate() -> None:
    """£4.20 for the bus, and 12.1 miles at 45p."""
    assert cost_pence(420, 121, 45) == 420 + 545
    assert cost_pence(0, 1, 45) == 5
    assert cost_pence(0, 0, 45) == 0


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_budget_may_be_spent_to_the_penny(cost: int, budget: int) -> None:
    """Only what is above the budget has to be explained; only money that was spent can have a receipt."""
    assert over_budget(cost, budget) == (cost > budget)
    assert needs_receipt(cost, budget) == (cost >= max(1, budget))


@given(MAYBE, MAYBE)
def test_who_says_nothing_does_not_disagree(mood: int | None, face: int | None) -> None:
    """One face alone is no disagreement, and which of the two is the happier makes no difference."""
    assert not disagree(mood, None, happened=True, child_missed=False)
    assert not disagree(None, face, happened=True, child_missed=False)
    assert disagree(mood, face, happened=None, child_missed=False) == disagree(
        face, mood, happened=None, child_missed=False
    )


@given(MAYBE, FACES)
def test_a_visit_that_happened_for_one_alone(mood: int | None, face: int) -> None:
    """One says that it happened and the other that it did not: whatever the faces."""
    assert disagree(mood, None, happened=True, child_missed=True)
    assert disagree(mood, face, happened=False, child_missed=False)
    assert not disagree(None, None, happened=False, child_missed=True)
    assert not disagree(None, None, happened=None, child_missed=True)


@pytest.mark.parametrize(("mood", "face", "apart"), [
    (5, 1, True), (4, 2, True), (2, 4, True), (1, 5, True),
    (5, 3, False), (3, 1, False), (3, 3, False), (5, 4, False), (1, 2, False), (None, 1, False), (5, None, False),
])  # fmt: skip
def test_faces_on_two_sides_of_the_middle(mood: int | None, face: int | None, *, apart: bool) -> None:
    """Two faces or more apart with the middle between them; anything else is one of many ways to see a day."""
    assert disagree(mood, face, happened=True, child_missed=False) == apart


@given(st.lists(st.sampled_from([*Outcome])))
def test_only_visits_that_were_to_be_count_as_missed(outcomes: list[Outcome]) -> None:
    """Called off in time, or still to come, is no visit missed and none that happened."""
    said = "".join({"missed": "m", "happened": "h"}.get(outcome, "") for outcome in outcomes)

    assert missed_in_a_row(outcomes) == len(said) - len(said.rstrip("m"))


def test_two_in_a_row() -> None:
    """A visit that happened begins the count anew."""
    assert missed_in_a_row(["missed", "missed"]) >= MISSED_TOO_OFTEN
    assert missed_in_a_row(["missed", "cancelled", "missed", "planned"]) >= MISSED_TOO_OFTEN
    assert missed_in_a_row(["missed", "missed", "happened", "missed"]) < MISSED_TOO_OFTEN


@pytest.mark.parametrize("words", [
    "ring me 07700 900123", "my number is 07700-900-123", "add me @alexexample", "alex@example.org",
    "look at https://example.org/x", "www.example.org", "find me on insta.com",
])  # fmt: skip
def test_no_way_past_the_service(words: str) -> None:
    """Phone numbers, addresses on the net and names there do not reach a child in a report."""
    assert tells_how_to_reach(words)


@pytest.mark.parametrize("words", [
    "You were great at bowling. 112 points!", "See you on 14.6. at 2:30", "You won 21-15, 21-9 and 3 more",
    "Thanks for a lovely day.Next time we try the other one", "",
])  # fmt: skip
def test_kind_words_pass(words: str) -> None:
    """Numbers and days that people say to each other are no way to reach anybody."""
    assert not tells_how_to_reach(words)
