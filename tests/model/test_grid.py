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
from forewarn.model.grid import (
    CELL_COUNT,
    COLUMNS,
    NO_CELL,
    WORLD,
    CellBox,
    cell_at,
    cell_centre,
    cell_centres,
    cell_neighbours,
    cells_of,
)
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


@given(
    st.floats(-180, 179.9), st.floats(-90, 89.9), st.floats(0, 300), st.floats(0, 180), st.sampled_from([1, 2, 8, 32])
)
def test_a_box_of_cells_holds_the_box_of_degrees_in_whole_squares(west, south, wide, high, step):
    """Every point of the degrees lies in a cell of the box, and its sides lie on the lines of the squares."""
    east, north = min(west + wide, 180), min(south + high, 90)
    box = CellBox.around(west, south, east, north, step)
    for point in ((south, west), (north, min(east, 179.999)), ((south + north) / 2, (west + min(east, 179.999)) / 2)):
        row, column = divmod(cell_at(*point) - 1, COLUMNS)
        edge = (
            point[0] * 2 == row - 180 and row - 1 == box.last_row,
            point[1] * 2 == column - 360 and column - 1 == box.last_column,
        )
        assert box.first_row <= row <= box.last_row or edge[0]
        assert box.first_column <= column <= box.last_column or edge[1]
    assert (box.first_row % step, box.first_column % step) == (0, 0)
    assert (box.last_row + 1) % step == 0 or box.last_row == WORLD.last_row
    assert (box.last_column + 1) % step == 0 or box.last_column == WORLD.last_column


@pytest.mark.parametrize(
    "box", [(10, 0, 9, 1), (0, 5, 1, 4), (-181, 0, 1, 1), (0, 0, 1, 91), (np.nan, 0, 1, 1), (0, 0, np.inf, 1)]
)
def test_what_is_no_box_of_the_earth_is_refused(box):
    """Swapped sides, and numbers that are no degrees."""
    with pytest.raises(InputValueError):
        CellBox.around(*box)
