"""Chance that is the same everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import InputValueError
from forewarn.learn.exercise.dice import Dice

SEEDS = st.integers(0, 2**63 - 1)


@given(SEEDS, st.integers(1, 1000), st.integers(0, 3000))
def test_throws_stay_in_their_bounds(seed: int, below: int, mean: int) -> None:
    """No throw leaves the range it was asked for."""
    dice = Dice(seed, "bounds")
    assert 0 <= dice.whole(below) < below
    assert 5 <= dice.between(5, 5 + below) <= 5 + below
    assert 1 <= dice.heavy(500, below) <= below
    assert 0 <= dice.count(mean) <= 60
    assert mean // 1000 <= dice.nearly(mean) <= mean // 1000 + 1
    assert sorted(dice.shuffled(range(below))) == list(range(below))


@given(SEEDS)
def test_a_stream_is_its_seed_and_name(seed: int) -> None:
    """Equal seed and name give equal throws; another name or seed gives others."""
    throws = [Dice(seed, "one").whole(2**60) for _ in range(2)]
    assert throws[0] == throws[1]
    assert Dice(seed, "other").whole(2**60) != throws[0]
    assert Dice((seed + 1) % 2**63, "one").whole(2**60) != throws[0]


def test_the_bits_are_these() -> None:
    """The first throws of a known stream are written down: another platform or numpy that differs is noticed."""
    dice = Dice(1, "fixed")
    assert [dice.whole(1_000_000) for _ in range(4)] == [75599, 112238, 458100, 343191]


def test_counts_keep_their_mean_and_their_tail() -> None:
    """Geometric counts have the mean asked for; heavy numbers have far more than their median above it."""
    dice = Dice(3, "law")
    counts = [dice.count(700) for _ in range(40_000)]
    assert sum(counts) / len(counts) == pytest.approx(0.7, abs=0.03)
    sizes = sorted(dice.heavy(400, 1000) for _ in range(40_000))
    assert sizes[len(sizes) // 2] <= 2
    assert sizes[-40] > 60


@pytest.mark.parametrize("seed", [-1, 2**63, True, 1.5, "7", None])
def test_what_is_no_seed_is_refused(seed: object) -> None:
    """A seed is a whole number from 0; nothing else is taken for one."""
    with pytest.raises(InputValueError, match="seed"):
        Dice(seed, "x")  # type: ignore[arg-type]
