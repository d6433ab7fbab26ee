"""Features of the past: nothing from the future, missing is missing, and each is what its name says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from forewarn.errors import InputValueError
from forewarn.forecast.features import PAST, past_features

COUNTS = hnp.arrays(
    np.float64,
    st.tuples(st.integers(1, 3), st.integers(1, 60)),
    elements=st.one_of(st.just(np.nan), st.integers(0, 90)),
)


@settings(max_examples=40, deadline=None)
@given(COUNTS, st.integers(1, 60))
def test_a_series_cut_short_gives_the_same_rows(series, keep):
    """Row t reads months up to t only."""
    keep = min(keep, series.shape[1])
    whole, cut = past_features(series), past_features(series[:, :keep])
    np.testing.assert_array_equal(whole.values[:, :keep], cut.values)


@settings(max_examples=40, deadline=None)
@given(COUNTS)
def test_units_do_not_see_each_other(series):
    """A unit's features are the same whatever stands beside it."""
    np.testing.assert_array_equal(past_features(series).values[:1], past_features(series[:1]).values)


def test_levels_are_what_their_names_say():
    """Means, peaks, shares, waits and lags of a series one can reckon by hand."""
    series = np.zeros((1, 130))
    series[0, 100], series[0, 129] = 50.0, 6.0
    cube = past_features(series)
    last = {feature.name: float(cube.values[0, -1, k]) for k, feature in enumerate(cube.features)}
    assert last["lag_0"] == pytest.approx(np.log1p(6))
    assert last["mean_3"] == pytest.approx(np.log1p(2))
    assert last["share_12"] == pytest.approx(1 / 12)
    assert last["peak_12"] == pytest.approx(np.log1p(6))
    assert last["peak_36"] == pytest.approx(np.log1p(50))
    assert (last["since_1"], last["since_25"], last["since_100"]) == (0.0, 29.0, 999.0)


def test_a_peak_leaves_with_its_window():
    """A peak counts in its own month and the eleven after."""
    series = np.zeros((1, 40))
    series[0, 20] = 9.0
    peak = past_features(series).plane("peak_12")[0]
    assert np.flatnonzero(peak).tolist() == list(range(20, 32))


def test_missing_months_are_left_out():
    """A mean over a gap is the mean of the months known, and NaN where none is."""
    series = np.array([[4.0, np.nan, np.nan, np.nan]])
    mean = past_features(series).plane("mean_3")[0]
    assert mean[:3] == pytest.approx(np.log1p(4.0))
    assert np.isnan(mean[3])
    assert np.isnan(past_features(series).plane("lag_0")[0, 1])


def test_declarations_are_complete():
    """Each feature is declared once, says what it reads, and none is the unit."""
    names = [feature.name for feature in PAST]
    assert len(set(names)) == len(names) == past_features(np.zeros((1, 3))).values.shape[2]
    assert {feature.reads for feature in PAST} == {"target"}


def test_an_unknown_feature_is_refused():
    """With those that are known."""
    with pytest.raises(InputValueError, match="no feature 'mean_7'"):
        past_features(np.zeros((1, 3))).position("mean_7")
