"""Asking experts: the order of the steps, blindness, and taking back, whatever the order of the rows."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import InputValueError, LifecycleError, SeparationError
from forewarn.model.elicitation import (
    PHASES,
    Elicitation,
    Estimate,
    Kind,
    Step,
    phase_of,
    require_may_close,
    require_may_discuss,
    require_may_estimate,
    standing_estimates,
)
from forewarn.model.situation import not_taken_back

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ASKED = Elicitation("25 or more deaths in XKA by July?", Kind.PROBABILITY, "", "XKA", "desk", NOW)


def estimate(expert: str, value: float, *, round: int = 1, minute: int = 0, **more: str) -> Estimate:
    """An estimate, or the taking back of one."""
    values = () if "withdraws" in more else (value,)
    at = NOW + timedelta(minutes=minute)
    return Estimate(ASKED.elicitation_id, round, expert, values, "because", at, **more)


def steps(count: int) -> list[Step]:
    """That many phases ended."""
    return [Step(ASKED.elicitation_id, n + 1, PHASES[n], "desk", NOW) for n in range(count)]


def test_phases_follow_one_another() -> None:
    """First round, discussion, second round, closed; and no step is skipped."""
    assert [phase_of(steps(n)) for n in range(4)] == list(PHASES)
    with pytest.raises(InputValueError, match="does not end"):
        Step(ASKED.elicitation_id, 1, "round_2", "desk", NOW)


def test_whoever_saw_the_first_round_without_answering_cannot_answer_the_second() -> None:
    """Independent estimates come first: a late comer has seen the others'."""
    before = [estimate("heron", 0.2), estimate("tern", 0.4)]
    require_may_estimate(ASKED, steps(2), before, estimate("heron", 0.3, round=2))
    with pytest.raises(LifecycleError, match="blind first round"):
        require_may_estimate(ASKED, steps(2), before, estimate("gull", 0.3, round=2))


@pytest.mark.parametrize(("phase", "round"), [(0, 2), (1, 1), (1, 2), (2, 1), (3, 1), (3, 2)])
def test_no_estimate_comes_in_outside_its_round(phase: int, round: int) -> None:
    """Estimates of a round are taken while it is open, and never after."""
    with pytest.raises(LifecycleError, match="comes in"):
        require_may_estimate(ASKED, steps(phase), [estimate("heron", 0.1)], estimate("heron", 0.3, round=round))


def test_one_opinion_is_no_elicitation() -> None:
    """The first round ends with two estimates at least, and a closed question stays closed."""
    with pytest.raises(LifecycleError, match="1 of at least 2"):
        require_may_close(ASKED, [], [estimate("heron", 0.2)])
    assert require_may_close(ASKED, [], [estimate("heron", 0.2), estimate("tern", 0.2)]) == "round_1"
    with pytest.raises(LifecycleError, match="closed already"):
        require_may_close(ASKED, steps(3), [])


def test_discussion_is_between_the_rounds() -> None:
    """Nothing is discussed while a round is open."""
    require_may_discuss(ASKED, steps(1))
    for done in (0, 2, 3):
        with pytest.raises(LifecycleError):
            require_may_discuss(ASKED, steps(done))


def test_only_ones_own_estimate_is_taken_back() -> None:
    """Nobody removes what another said."""
    said = estimate("heron", 0.2)
    with pytest.raises(SeparationError):
        require_may_estimate(ASKED, [], [said], estimate("tern", 0, withdraws=said.estimate_id))
    require_may_estimate(ASKED, [], [said], estimate("heron", 0, withdraws=said.estimate_id))


@pytest.mark.parametrize("name", ["Jane Doe", "jane@example.org", "", "x" * 41, "é", "a\nb"])
def test_experts_go_by_a_pseudonym(name: str) -> None:
    """A full name or an address is refused."""
    with pytest.raises(InputValueError, match="pseudonym"):
        estimate(name, 0.2)


@pytest.mark.parametrize("values", [(float("nan"),), (float("inf"),), (-0.1,), (3.0, 2.0, 4.0), (1e13,)])
def test_values_are_finite_rising_and_not_negative(values: tuple[float, ...]) -> None:
    """What is no estimate is refused."""
    with pytest.raises(InputValueError):
        Estimate(ASKED.elicitation_id, 1, "heron", values, "because", NOW)


@pytest.mark.parametrize("values", [(1.1,), (0.1, 0.2, 0.3)])
def test_values_fit_the_question(values: tuple[float, ...]) -> None:
    """A probability is one number from 0 to 1."""
    with pytest.raises(InputValueError):
        require_may_estimate(ASKED, [], [], Estimate(ASKED.elicitation_id, 1, "heron", values, "because", NOW))


def test_the_first_round_has_nothing_to_dissent_from() -> None:
    """Dissent belongs to the second round."""
    with pytest.raises(InputValueError, match="dissent"):
        estimate("heron", 0.2, dissent="no")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1), st.integers(0, 5)), max_size=12), st.randoms())
def test_the_order_of_estimates_does_not_matter(said: list[tuple[str, float, int]], dice: random.Random) -> None:
    """Which estimate of an expert holds is a function of the rows, not of their order."""
    rows = [estimate(expert, value, minute=minute) for expert, value, minute in said]
    mixed = list(rows)
    dice.shuffle(mixed)
    assert standing_estimates(rows, 1) == standing_estimates(mixed, 1)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1), st.integers(0, 5)), min_size=1, max_size=8))
def test_taking_back_restores_exactly(said: list[tuple[str, float, int]]) -> None:
    """Adding an estimate and taking it back leaves what was; taking that back brings the estimate again."""
    rows = [estimate(expert, value, minute=minute) for expert, value, minute in said]
    before = standing_estimates(rows, 1)
    new = estimate("a", 0.5, minute=9)
    back = estimate("a", 0, minute=10, withdraws=new.estimate_id)
    again = estimate("a", 0, minute=11, withdraws=back.estimate_id)
    assert standing_estimates([*rows, new, back], 1) == before
    assert standing_estimates([again, *rows, back, new], 1) == standing_estimates([*rows, new], 1)


def test_a_long_chain_of_taking_back_is_followed() -> None:
    """Ten thousand takings back of each other are worked out without recursion, by parity."""
    chain = {str(n): str(n - 1) if n else "" for n in range(10_001)}
    assert not_taken_back(chain) == {str(n) for n in range(0, 10_001, 2)}
