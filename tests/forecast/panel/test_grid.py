"""Neighbours as matrices."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.errors import InputValueError, UnknownNameError
from forewarn.forecast.panel import cell_adjacency, pair_adjacency


def test_cells_touch_by_sides_and_corners():
    """Of four cells, in any order, those in a 2 x 2 square touch, and the one far away touches none."""
    matrix = cell_adjacency([100_721, 100_002, 9, 100_001]).toarray()
    np.testing.assert_array_equal(matrix, [[0, 1, 0, 1], [1, 0, 0, 1], [0, 0, 0, 0], [1, 1, 0, 0]])


def test_cells_touch_across_the_date_line():
    """The first and the last cell of a row are neighbours."""
    assert cell_adjacency([72_001, 72_720]).toarray().tolist() == [[0, 1], [1, 0]]


def test_no_cells_have_no_neighbours():
    """An empty list gives an empty matrix."""
    assert cell_adjacency([]).shape == (0, 0)


def test_a_cell_twice_is_refused():
    """It would count its neighbours twice."""
    with pytest.raises(InputValueError, match="twice"):
        cell_adjacency([5, 5])


def test_pairs_hold_both_ways_once():
    """Pairs given twice or reversed count once, a unit with itself not at all."""
    matrix = pair_adjacency(["a", "b", "c"], [("a", "b"), ("b", "a"), ("a", "b"), ("c", "c")])
    assert matrix.toarray().tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_pairs_with_unknown_units_are_refused():
    """A pair naming a unit that is not in the panel is a slip."""
    with pytest.raises(UnknownNameError, match="'x'"):
        pair_adjacency(["a"], [("a", "x")])
