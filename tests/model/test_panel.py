"""The panel noun and the grid: what they refuse, and that the grid is PRIO-GRID."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import InputValueError, UnknownNameError
from forewarn.model.panel import (
    CELL_COUNT,
    IncidentArrays,
    Panel,
    cell_centres,
    cell_neighbours,
    cells_at,
)

CELLS = st.integers(1, CELL_COUNT)


def _panel(values: np.ndarray, **changes: object) -> Panel:
    given_ = {
        "values": values,
        "units": ("MMR", "BGD"),
        "first_month": 109,
        "features": ("deaths",),
        "level": "country",
        "as_known_at": date(2017, 7, 31),
    }
    return Panel(**{**given_, **changes})


def test_panel_knows_its_months_and_features():
    """Months run without a gap from the first; a feature is a view [unit, month]."""
    panel = _panel(np.arange(6, dtype=np.float32).reshape(2, 3, 1))
    assert list(panel.months) == [109, 110, 111]
    assert panel.feature("deaths").tolist() == [[0, 1, 2], [3, 4, 5]]
    with pytest.raises(UnknownNameError, match="use one of deaths"):
        panel.feature("death")


def test_panel_is_cut_without_a_trace_of_the_future():
    """A panel until a month has no later month, nor its coverage."""
    panel = _panel(np.zeros((2, 3, 1)), observed=np.ones((2, 3), dtype=bool)).until(110)
    assert (panel.last_month, panel.observed.shape) == (110, (2, 2))


def test_panel_cannot_be_changed():
    """Neither through the panel nor by accident: its arrays are read-only."""
    with pytest.raises(ValueError, match="read-only"):
        _panel(np.zeros((2, 3, 1))).values[0, 0, 0] = 1


@pytest.mark.parametrize(
    "changes",
    [
        {"values": np.zeros((2, 3))},
        {"values": np.zeros((3, 3, 1))},
        {"values": np.zeros((2, 3, 1), dtype=int)},
        {"values": np.full((2, 3, 1), np.inf)},
        {"units": ("MMR", "MMR")},
        {"units": ("MMR", " ")},
        {"level": "village"},
        {"first_month": 99_999},
        {"observed": np.ones((2, 2), dtype=bool)},
        {"observed": np.ones((2, 3))},
    ],
)
def test_panel_refuses_to_exist_wrong(changes):
    """Wrong shapes, kinds, infinite numbers, double units, unknown levels and absurd months are refused."""
    with pytest.raises(InputValueError):
        _panel(**{"values": np.zeros((2, 3, 1)), **changes})


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("unit", [0, -1]),
        ("unit", [0]),
        ("month", [1, 99_999]),
        ("known_on", np.array(["2017-01-01", "NaT"], dtype="datetime64[D]")),
        ("counts", {"deaths": [1.0, np.nan]}),
        ("counts", {"deaths": [1.0, -1.0]}),
        ("counts", {"deaths": [1.0, np.inf]}),
        ("counts", {"deaths": [1.0]}),
    ],
)
def test_incident_columns_refuse_what_cannot_be_counted(column, value):
    """Unplaced, undated, uneven, missing, negative and infinite columns are refused."""
    columns = {"unit": [0, 1], "month": [1, 2], "known_on": np.array(["2017-01-01"] * 2, dtype="datetime64[D]")}
    with pytest.raises(InputValueError):
        IncidentArrays(**{**columns, column: value})


@given(CELLS)
def test_a_cell_contains_its_centre(cell):
    """The centre of a cell lies in it."""
    assert int(cells_at(*cell_centres(cell))) == cell


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_point_on_earth_has_a_cell(latitude, longitude):
    """Poles and the date line included."""
    assert 1 <= int(cells_at(latitude, longitude)) <= CELL_COUNT


def test_corners_of_the_grid():
    """The grid starts in the south-west; 180 degrees east is 180 degrees west."""
    assert cells_at([-90, -90, 90, 90], [-180, 180, -180, 179.9]).tolist() == [1, 1, 258_481, CELL_COUNT]


@pytest.mark.parametrize("point", [(91, 0), (0, 181), (np.nan, 0), (np.inf, 0)])
def test_points_out_of_range_are_refused(point):
    """Swapped or missing coordinates do not land in some cell."""
    with pytest.raises(InputValueError, match="out of range"):
        cells_at(*point)


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
    found = cells_at(events["latitude"].to_numpy(), events["longitude"].to_numpy())
    np.testing.assert_array_equal(events["priogrid_gid"].to_numpy(), found)


def test_challenge_cells_are_cells(shared_data: Path):
    """The 13,110 cells of the challenge have centres in Africa and the Middle East."""
    cells = json.loads((shared_data / "geo" / "priogrid_africa_middle_east_cells.json").read_text())
    latitude, longitude = cell_centres(cells)
    assert len(cells) == 13_110
    # the southernmost is Prince Edward Island
    assert [latitude.min(), latitude.max() < 44] == [-46.75, True]
    assert [longitude.min() > -26, longitude.max() < 65] == [True, True]
