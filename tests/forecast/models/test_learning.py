"""Models that learn: from the past alone, recent examples more, and better than the unit's own past where all share."""

from __future__ import annotations

import numpy as np

from forewarn.forecast.features import year_before
from forewarn.forecast.models import History, Task
from forewarn.forecast.models.examples import Sampling, classroom


def _room(months: int = 96):
    random = np.random.default_rng(0)
    values = random.poisson(3, (12, months)).astype(float)
    values[0, ::7] = np.nan
    return classroom(History(values, tuple("abcdefghijkl"), 400), Task((3, 8, 14), draws=20, seed=1))


def test_examples_lie_within_the_history_and_fade_with_age():
    """Origin and outcome are months known; one twelve years older weighs half."""
    room = _room(240)
    examples = room.examples(Sampling(), purpose="test")
    assert (examples.origin + examples.horizon < 240).all()
    outcome = room.history.values[examples.unit, examples.origin + examples.horizon]
    np.testing.assert_array_equal(outcome, examples.outcome)
    assert not np.isnan(room.history.values[examples.unit, examples.origin]).any()
    age = 239 - examples.origin
    np.testing.assert_allclose(examples.weight, np.exp2(-age / 144.0))


def test_the_season_before_reads_no_month_after_the_origin():
    """The months around the same month last year; those after the origin, before the start or missing are left out."""
    series = np.arange(30.0)[None, :] * 10
    unit, origin = np.zeros(4, dtype=int), np.array([20, 20, 20, 2])
    found = np.expm1(year_before(series, unit, origin, np.array([3, 12, 14, 3])))
    # around month 11; around the origin itself, the month after it unseen; two years back, around 10; before the start
    np.testing.assert_allclose(found[:3], [110.0, 195.0, 100.0])
    assert np.isnan(found[3])
    series[0, 11] = np.nan
    assert np.expm1(year_before(series, unit[:1], origin[:1], np.array([3])))[0].round(6) == 110.0
    series[0, 10] = np.nan
    assert np.expm1(year_before(series, unit[:1], origin[:1], np.array([3])))[0].round(6) == 120.0
