"""Features: what they hold, and that they never look ahead."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from forewarn.errors import InputValueError
from forewarn.forecast.panel import FeaturePlan, cell_adjacency, make_features, pair_adjacency
from forewarn.model.panel import Panel

NAN = np.nan
PLAN = FeaturePlan(lags=(0, 1, 3), rolling=(1, 2, 4), half_lives=(2.0,), neighbour_lags=(1,))
SERIES = hnp.arrays(np.float32, (3, 9), elements=st.one_of(st.just(NAN), st.integers(0, 50).map(float)))
PAIRS = pair_adjacency(["a", "b", "c"], [("a", "b"), ("b", "c")])


def _panel(values: object) -> Panel:
    cube = np.asarray(values, dtype=np.float32)[:, :, None]
    units = ("a", "b", "c")[: cube.shape[0]]
    return Panel(cube, units, 1, ("deaths",), "admin1", date(2020, 1, 1))


def _made(values: object, plan: FeaturePlan, name: str, neighbours: object = None) -> np.ndarray:
    return make_features(_panel(values), plan, target="deaths", neighbours=neighbours).feature(name)


def test_lags_are_missing_before_the_first_month():
    """The value two months before, NaN where there was no month; a lag beyond the panel is all NaN."""
    np.testing.assert_array_equal(_made([[1, 2, 3]], FeaturePlan(lags=(2,)), "deaths_lag_2"), [[NAN, NAN, 1]])
    assert np.isnan(_made([[1, 2, 3]], FeaturePlan(lags=(9,)), "deaths_lag_9")).all()


def test_sums_need_every_month_of_their_window():
    """The sum of two months ends with the month itself; a gap makes it missing and then leaves."""
    np.testing.assert_array_equal(
        _made([[1, 2, NAN, 4, 5]], FeaturePlan(rolling=(2,)), "deaths_sum_2"), [[NAN, 3, NAN, NAN, 9]]
    )
    assert np.isnan(_made([[1, 2]], FeaturePlan(rolling=(3,)), "deaths_sum_3")).all()


def test_decay_halves_and_starts_unknown():
    """1 in a month of violence, half of it a half-life later, 0 before any, NaN before anything is known."""
    found = _made([[NAN, 0, 5, 0, NAN, 0]], FeaturePlan(half_lives=(1.0,)), "deaths_decay_1")
    np.testing.assert_array_equal(found, [[NAN, 0, 1, 0.5, 0.25, 0.125]])


def test_neighbours_sum_what_is_known():
    """Missing neighbours are left out; where all are missing the sum is; the unit itself does not count."""
    found = _made([[1, 1], [10, NAN], [NAN, 100]], FeaturePlan(neighbour_lags=(0,)), "deaths_neighbours_lag_0", PAIRS)
    np.testing.assert_array_equal(found, [[10, NAN], [1, 101], [10, NAN]])


@settings(max_examples=50)
@given(SERIES, st.integers(1, 8))
def test_features_never_see_the_future(values, months):
    """Cutting the panel at a month leaves every feature up to it unchanged."""
    whole = make_features(_panel(values), PLAN, target="deaths", neighbours=PAIRS).values[:, :months]
    cut = make_features(_panel(values[:, :months]), PLAN, target="deaths", neighbours=PAIRS).values
    np.testing.assert_array_equal(whole, cut)


@settings(max_examples=50)
@given(SERIES)
def test_sums_agree_with_adding_up(values):
    """A rolling sum is what adding the window's months one by one gives."""
    found = _made(values, FeaturePlan(rolling=(4,)), "deaths_sum_4")
    for t in range(values.shape[1]):
        expected = values[:, t - 3 : t + 1].sum(axis=1) if t >= 3 else np.full(3, NAN)
        np.testing.assert_array_equal(found[:, t], expected)


def test_blocks_do_not_show():
    """Units worked on in different blocks get what they would get alone."""
    random = np.random.default_rng(5)
    cells = list(range(150_001, 150_701))
    values = random.poisson(0.2, size=(700, 420)).astype(np.float32)[:, :, None]
    panel = Panel(values, tuple(map(str, cells)), 1, ("deaths",), "cell", date(2020, 1, 1))
    whole = make_features(panel, PLAN, target="deaths", neighbours=cell_adjacency(cells))
    alone = Panel(values[690:], panel.units[690:], 1, ("deaths",), "cell", date(2020, 1, 1))
    few = make_features(alone, FeaturePlan(lags=(0, 1, 3), rolling=(1, 2, 4), half_lives=(2.0,)), target="deaths")
    np.testing.assert_array_equal(whole.values[690:, :, :7], few.values)


def test_plans_refuse_the_future_and_nonsense():
    """Negative lags, empty windows and half-lives of nothing are refused; neighbours need a matrix."""
    for bad in ({"lags": (-1,)}, {"neighbour_lags": (-1,)}, {"rolling": (0,)}, {"half_lives": (0.0,)}):
        with pytest.raises(InputValueError):
            FeaturePlan(**bad)
    with pytest.raises(InputValueError, match="matrix of 1 x 1"):
        make_features(_panel([[1.0]]), FeaturePlan(neighbour_lags=(1,)), target="deaths")
