"""Ranked lists: what looking at k places would have found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.forecast import scoring


def test_recall_looks_at_each_period_alone():
    """The top one of two years finds two of three onsets."""
    recall = scoring.recall_in_top([0.9, 0.1, 0.5, 0.2], [1, 0, 1, 1], top=1, period=[1, 1, 2, 2])
    assert recall == pytest.approx(2 / 3)


@given(st.integers(1, 10))
def test_ties_at_the_cut_count_in_proportion(top):
    """With ten equal probabilities and four onsets, k places find 0.4 k of them, whatever the order."""
    y = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    assert scoring.hits_in_top(np.full(10, 0.5), y, top=top) == pytest.approx(0.4 * top)
    assert scoring.hits_in_top(np.full(10, 0.5), y[::-1], top=top) == pytest.approx(0.4 * top)


def test_overforecast_ratio():
    """Three expected for two that happened is 1.5; unknown when nothing happened."""
    assert scoring.overforecast_ratio([1.0, 1.0, 1.0], [1, 1, 0]) == 1.5
    assert scoring.overforecast_ratio([0.5], [0]) is None
    assert scoring.recall_in_top([0.5], [0], top=1) is None
