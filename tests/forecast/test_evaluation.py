"""Intervals and comparisons."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.errors import ForecastError
from forewarn.forecast import count_scores, heaviest_unit, mean_interval, paired_interval

UNITS = np.repeat(np.array([f"u{k}" for k in range(40)]), 12)


def test_the_interval_comes_from_units_not_months():
    """When all months of a unit are alike, forty units say no more than forty numbers do."""
    random = np.random.default_rng(6)
    per_unit = random.normal(size=40)
    found = mean_interval(np.repeat(per_unit, 12), UNITS, seed=1)
    width = 2 * 1.96 * per_unit.std() / np.sqrt(40)
    assert found.high - found.low == pytest.approx(width, rel=0.15)
    assert found.low < found.value < found.high


def test_one_unit_has_no_interval():
    """Nothing can be resampled, so nothing is claimed."""
    found = mean_interval(np.ones(12), UNITS[:12], seed=1)
    assert (found.value, found.low, found.high) == (1.0, None, None)


def test_a_constant_advantage_is_certain():
    """Pairing removes what both models share: a model better by one everywhere is so without doubt."""
    scores = np.random.default_rng(0).gamma(0.1, 100, size=UNITS.size)
    found = paired_interval(scores - 1, scores, UNITS, seed=1)
    assert (found.low, found.value, found.high) == pytest.approx((-1, -1, -1))


def test_the_heaviest_unit_is_named():
    """One country with most of the score is shown, and the mean without it."""
    scores = np.where(UNITS == "u7", 39.0, 1.0)
    found = heaviest_unit(scores, UNITS)
    assert (found.unit, found.share, found.mean_without) == ("u7", pytest.approx(0.5), 1.0)


def test_nothing_to_score_is_an_error():
    """An empty match is not a perfect score."""
    with pytest.raises(ForecastError, match="nothing to score"):
        count_scores(np.empty((0, 5)), np.empty(0), unit=np.empty(0, dtype=str), period=np.empty(0, dtype=int))
