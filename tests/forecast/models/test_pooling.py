"""Pools and recalibration: shares of draws by weight, weights by proper score, tails as long as what came."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.errors import ForecastError
from forewarn.forecast.models.pooling import Trial, learn_weights, pooled, status_of
from forewarn.forecast.models.recalibration import Forecasts, learn_lengthening, lengthened


def test_a_pool_holds_each_member_in_its_share():
    """A quarter of the draws from the first, three quarters from the second; and by row."""
    members = [np.zeros((2, 40)), np.full((2, 40), 9.0)]
    draws = pooled(members, np.array([[0.25, 0.75], [1.0, 0.0]]), count=100)
    assert (draws == 9).sum(axis=1).tolist() == [75, 0]


def test_weights_go_to_the_member_that_was_right():
    """In each group alike; without a row there is nothing to learn."""
    random = np.random.default_rng(0)
    actual = random.poisson(20, 200).astype(float)
    right, wrong = (np.sort(random.poisson(level, (200, 80)), axis=1).astype(float) for level in (20, 2))
    right_wins = learn_weights([[Trial((right, wrong), actual)], [Trial((right, wrong), actual)]])
    assert right_wins[0] > 0.8
    assert right_wins.sum() == pytest.approx(1.0)
    with pytest.raises(ForecastError, match="no row"):
        learn_weights([[Trial((right[:0], wrong[:0]), actual[:0])]])


def test_status_is_by_deaths_a_month_and_unknown_is_quiet():
    """None, up to one, up to thirty, more."""
    assert status_of(np.array([0.0, 0.5, 5.0, 50.0, np.nan])).tolist() == [0, 1, 2, 3, 0]


def test_lengthening_moves_the_upper_tail_only():
    """Zeros and the median stay, the 95 % quantile moves by what was asked on the log scale, order is kept."""
    rising = np.sort(np.random.default_rng(1).lognormal(3, 1, (2, 1000)), axis=1)
    rising[0, :100] = 0.0
    moved = lengthened(rising, np.array([0.3, 0.0]))
    np.testing.assert_allclose(moved[1], rising[1])
    np.testing.assert_allclose(moved[0, :500], rising[0, :500])
    assert (np.diff(moved) >= 0).all()
    shift = np.log1p(np.quantile(moved[0], 0.95)) - np.log1p(np.quantile(rising[0], 0.95))
    assert shift == pytest.approx(0.3, abs=0.01)


def test_lengthening_is_learnt_where_tails_were_short_and_not_where_they_were_long_enough():
    """Draws of the right spread stay as they are; draws too narrow are mended."""
    random = np.random.default_rng(2)
    actual = np.round(random.lognormal(3, 1, 600))
    levels = (np.arange(200) + 0.5) / 200
    fit = np.tile(np.quantile(actual, levels), (600, 1))
    narrow = np.tile(np.expm1(3 + 0.7 * (np.log1p(np.quantile(actual, levels)) - 3)), (600, 1))
    assert learn_lengthening([Forecasts(fit, actual)]) <= 0.05
    assert learn_lengthening([Forecasts(narrow, actual)]) >= 0.3
    with pytest.raises(ForecastError, match="no row"):
        learn_lengthening([])
