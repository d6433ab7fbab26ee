"""The last months dressed: none stays none, the middle stays where it was, and far months are wider than near ones."""

from __future__ import annotations

import numpy as np

from forewarn.forecast.models import History, Task
from forewarn.forecast.models.dressed import DressedHistory
from forewarn.forecast.models.examples import classroom


def _quantiles(values: list[list[float]], horizons: tuple[int, ...]) -> np.ndarray:
    units = tuple(f"u{k}" for k in range(len(values)))
    room = classroom(History(np.array(values), units, 400), Task(horizons, draws=1000, seed=1))
    return DressedHistory().quantiles(room).reshape(len(values), len(horizons), -1)


def test_months_without_deaths_stay_without():
    """Peace is dressed as peace, and a share of quiet months stays the share it was."""
    peace, mixed = _quantiles([[0.0] * 24, [0.0, 200.0] * 12], (3,))[:, 0]
    assert not peace.any()
    # half-life of a month: 1/2 + 1/8 + 1/32... of the weight is the even months', the last with deaths
    assert abs((mixed > 0).mean() - 2 / 3) < 0.01


def test_the_middle_stays_and_the_spread_widens_with_the_horizon():
    """On the log scale, by the spread stated, whatever the level."""
    levels = np.array([100.0, 3000.0])
    near, far = (_quantiles([[level] * 24 for level in levels], (3, 14))[:, k] for k in (0, 1))
    np.testing.assert_allclose(np.median(near, axis=1), levels, rtol=0.01)
    np.testing.assert_allclose(np.median(far, axis=1), levels, rtol=0.01)
    for made, horizon in ((near, 3), (far, 14)):
        np.testing.assert_allclose(np.log1p(made).std(axis=1), 0.35 + 0.03 * horizon, rtol=0.02)


def test_draws_of_one_month_of_the_past_meet_all_of_the_spread():
    """Which draw is spread how far is left to chance: the draws of each month reach both ways."""
    made = _quantiles([[10.0, 1000.0] * 12], (3,))[0, 0]
    assert (made < 8).mean() > 0.05
    assert (made > 1300).mean() > 0.15
