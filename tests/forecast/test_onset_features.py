"""Changes: by hand, and blind to later periods and to the order of rows."""

from __future__ import annotations

import numpy as np

from forewarn.forecast.onset_features import LAGS, changes


def test_changes_are_against_the_same_unit_so_long_ago():
    """A gap, a first period and a missing value give a missing change, never zero."""
    units = np.array(["a", "a", "a", "b", "b"])
    periods = np.array([2000, 2001, 2003, 2000, 2003])
    x = np.array([[1.0], [4.0], [9.0], [5.0], [np.nan]])
    made = changes(units, periods, x)
    assert LAGS == (3,)
    np.testing.assert_array_equal(made[:, 0], [np.nan, np.nan, 8.0, np.nan, np.nan])


def test_changes_do_not_see_later_periods_nor_the_order_of_rows():
    """Cut or shuffled, a row has the same changes."""
    random = np.random.default_rng(1)
    units, periods = np.repeat(np.array(list("abc")), 12), np.tile(np.arange(12), 3)
    x = random.normal(size=(36, 2))
    whole = changes(units, periods, x)
    early = periods <= 7
    np.testing.assert_array_equal(changes(units[early], periods[early], x[early]), whole[early])
    order = random.permutation(36)
    np.testing.assert_array_equal(changes(units[order], periods[order], x[order]), whole[order])
