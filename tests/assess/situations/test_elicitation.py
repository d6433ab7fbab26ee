"""The pool: equal weights, members always beside it, no expert above another."""

from __future__ import annotations

import dataclasses
import random
from datetime import UTC, datetime, timedelta
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.assess.situations import Member, Pool, pool
from forewarn.ids import content_id
from forewarn.model.elicitation import LEVELS, Estimate, Kind

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ASKED = content_id("elc", "x")
TRIPLES = st.lists(st.floats(0, 1e6), min_size=3, max_size=3).map(lambda one: tuple(sorted(one)))


def given_by(values: dict[str, tuple[float, ...]], round: int = 1, **more: str) -> list[Estimate]:
    """One estimate for each expert."""
    return [
        Estimate(ASKED, round, name, one, "because", NOW + timedelta(round), **more) for name, one in values.items()
    ]


def test_a_probability_is_pooled_by_median_and_mean() -> None:
    """By hand: .1, .2 and .6 give .2 and .3."""
    found = pool(Kind.PROBABILITY, given_by({"tern": (0.6,), "gull": (0.1,), "heron": (0.2,)}), 1)
    assert found.median == (0.2,)
    assert found.linear == pytest.approx((0.3,))
    assert [member.expert for member in found.members] == ["gull", "heron", "tern"]
    assert "equal weights" in found.how


def test_silence_in_the_second_round_stands_by_the_first() -> None:
    """Nobody is dropped for saying nothing more, and a dissent is kept with its reason."""
    rows = given_by({"heron": (0.2,), "tern": (0.6,)}) + given_by({"heron": (0.5,)}, 2, dissent="the road is cut")
    found = pool(Kind.PROBABILITY, rows, 2)
    assert [(m.expert, m.round, m.first, m.values) for m in found.members] == [
        ("heron", 2, (0.2,), (0.5,)),
        ("tern", 1, (0.6,), (0.6,)),
    ]
    assert found.members[0].dissent == "the road is cut"
    assert pool(Kind.PROBABILITY, rows, 1).linear == pytest.approx((0.4,))


def test_the_linear_pool_is_the_mixture_of_the_distributions() -> None:
    """Against a million draws from the two distributions, even between their points."""
    one, other = (10.0, 20.0, 30.0), (100.0, 150.0, 300.0)
    found = pool(Kind.QUANTILES, given_by({"heron": one, "tern": other}), 1)
    rng, low, high = np.random.default_rng(1), 0.0, 300 + 29.0
    chances = rng.random((2, 500_000))
    drawn = [np.interp(p, [0, *LEVELS, 1], [low, *q, high]) for p, q in zip(chances, (one, other), strict=True)]
    expected = np.quantile(np.concatenate(drawn), LEVELS)
    assert found.linear == pytest.approx(expected, rel=0.01)
    assert found.median == (55.0, 85.0, 165.0)


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), TRIPLES, min_size=1), st.randoms())
def test_the_pool_lies_within_its_members_and_knows_no_order(
    values: dict[str, tuple[float, ...]], dice: random.Random
) -> None:
    """No figure is beyond what a member gave, figures rise, and neither rows nor names matter."""
    rows = given_by(values)
    found = pool(Kind.QUANTILES, rows, 1)
    for level in range(3):
        assert found.lowest[level] <= found.linear[level] <= found.highest[level]
        assert found.median[level] == median(one[level] for one in values.values())
    assert list(found.linear) == sorted(found.linear)
    dice.shuffle(rows)
    assert pool(Kind.QUANTILES, rows, 1) == found
    names = list(values)
    dice.shuffle(names)
    renamed = pool(Kind.QUANTILES, given_by(dict(zip(names, values.values(), strict=True))), 1)
    assert (renamed.median, renamed.linear) == (found.median, found.linear)


@given(TRIPLES, st.integers(1, 4))
def test_experts_who_agree_are_believed(values: tuple[float, ...], count: int) -> None:
    """The pool of equal estimates is that estimate."""
    found = pool(Kind.QUANTILES, given_by({f"e{n}": values for n in range(count)}), 1)
    assert found.linear == pytest.approx(values, rel=1e-9, abs=1e-9)


def test_without_estimates_there_is_no_figure() -> None:
    """Nothing is made of nothing."""
    found = pool(Kind.QUANTILES, [], 1)
    assert (found.members, found.median, found.linear) == ((), (), ())


def test_nothing_ranks_an_expert() -> None:
    """Neither member nor pool has a weight, a score or a rank."""
    fields = {field.name for noun in (Member, Pool) for field in dataclasses.fields(noun)}
    assert fields.isdisjoint({"weight", "weights", "score", "rank", "skill", "calibration"})
