"""The grid is PRIO-GRID, with one rule for the date line, the poles and what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import InputValueError
from forewarn.model.grid import CELL_COUNT, NO_CELL, cell_at, cell_centre, cell_centres, cell_neighbours, cells_of
from forewarn.model.place import Place

CELLS = st.integers(1, CELL_COUNT)


@given(CELLS)
def test_a_cell_contains_its_centre(cell):
    """The centre of a cell lies in it."""
    assert int(cells_of(*cell_centres(cell))) == cell


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_point_on_earth_has_a_cell(latitude, longitude):
    """Poles and the date line included."""
    assert 1 <= int(cells_of(latitude, longitude)) <= CELL_COUNT


def test_corners_of_the_grid():
    """The grid starts in the south-west; 180 degrees east is 180 degrees west."""
    assert cells_of([-90, -90, 90, 90], [-180, 180, -180, 179.9]).tolist() == [1, 1, 258_481, CELL_COUNT]


@pytest.mark.parametrize("point", [(91, 0), (0, 181), (np.inf, 0), (np.nan, 200)])
def test_points_out_of_range_are_refused(point):
    """Swapped or damaged coordinates do not land in some cell."""
    with pytest.raises(InputValueError, match="out of range"):
        cells_of(*point)


def test_a_missing_coordinate_gives_no_cell():
    """Half a position is none; the points beside it keep theirs."""
    assert cells_of([np.nan, 0.0, -90.0], [0.0, np.nan, -180.0]).tolist() == [NO_CELL, NO_CELL, 1]


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_one_point_and_many_agree(latitude, longitude):
    """The scalar and the vector forms give the same cell, and the place noun the same again."""
    cell = cell_at(latitude, longitude)
    assert cells_of([latitude], [longitude]).tolist() == [cell]
    assert Place(latitude=latitude, longitude=longitude, precision="exact").cell == cell


@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9))
def test_a_point_lies_within_a_quarter_degree_of_its_cells_centre(latitude, longitude):
    """Cells are half a degree wide, in both directions."""
    centre = cell_centre(cell_at(latitude, longitude))
    assert abs(centre[0] - latitude) <= 0.25 + 1e-9  # adding 180 rounds
    assert abs(centre[1] - longitude) <= 0.25 + 1e-9  # adding 180 rounds


@pytest.mark.parametrize("cell", [NO_CELL, -1, CELL_COUNT + 1])
def test_what_is_no_cell_has_no_centre(cell):
    """An id outside the grid is refused."""
    with pytest.raises(InputValueError, match="whole numbers"):
        cell_centre(cell)


@given(CELLS)
def test_neighbours_are_mutual_and_eight(cell):
    """Away from the poles there are eight; whoever is a neighbour has one back, across the date line too."""
    around = cell_neighbours(cell)
    inside = around[around > 0]
    assert len(set(inside.tolist())) == len(inside) == (8 if 720 < cell <= CELL_COUNT - 720 else 5)
    assert all(cell in cell_neighbours(other) for other in inside)


def test_neighbours_wrap_at_the_date_line():
    """West of the first column lies the last one of the same row."""
    assert 360 * 720 // 2 + 720 in cell_neighbours(360 * 720 // 2 + 1)


def test_grid_agrees_with_real_events(shared_data: Path):
    """Every real event with coordinates lies in the cell its source says."""
    path = shared_data / "events" / "ucdp_ged191_myanmar_bangladesh.csv"
    events = pl.read_csv(path, columns=["latitude", "longitude", "priogrid_gid"], infer_schema_length=None)
    assert events.height > 3000
    found = cells_of(events["latitude"].to_numpy(), events["longitude"].to_numpy())
    np.testing.assert_array_equal(events["priogrid_gid"].to_numpy(), found)


def test_challenge_cells_are_cells(shared_data: Path):
    """The 13,110 cells of the challenge have centres in Africa and the Middle East."""
    cells = json.loads((shared_data / "geo" / "priogrid_africa_middle_east_cells.json").read_text())
    latitude, longitude = cell_centres(cells)
    assert len(cells) == 13_110
    # the southernmost is Prince Edward Island
    assert [latitude.min(), latitude.max() < 44] == [-46.75, True]
    assert [longitude.min() > -26, longitude.max() < 65] == [True, True]
