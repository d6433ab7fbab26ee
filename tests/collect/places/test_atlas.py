"""The atlas: in which area a point or a cell lies, and borders for the eye."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from forewarn.collect.places import Area, Atlas, ShapeRule, read_shapes
from forewarn.collect.places.atlas import MOST_POINTS
from forewarn.model.grid import cell_at
from forewarn.taxonomy import country_by_views


def _area(name: str, west: float, east: float) -> Area:
    return Area(f"MLI/{name}", "MLI", name, "admin1", shapely.MultiPolygon([shapely.box(west, 0, east, 10)]))


ATLAS = Atlas((_area("Gao", 0, 5), _area("Kidal", 5, 10), _area("Disputed", 8, 12)))


@given(st.floats(-20, 20), st.floats(-20, 20))
def test_a_point_has_the_one_area_it_lies_in(latitude, longitude):
    """Inside one area alone; on a shared border, in an overlap or outside it has none."""
    area = ATLAS.areas_at(latitude, longitude, level="admin1")[0]
    inside = [a for a in ATLAS.areas if shapely.intersects(a.shape, shapely.Point(longitude, latitude))]
    assert area == (inside[0] if len(inside) == 1 else None)


def test_missing_points_and_levels_have_no_area():
    """Nothing is known of them."""
    assert ATLAS.areas_at([np.nan, 5.0], [1.0, 1.0], level="admin1")[0] is None
    assert ATLAS.areas_at(5.0, 1.0, level="country") == [None]
    assert Atlas().areas_of_cells([1, 2], level="admin1") == {}


def test_cells_go_by_their_middle():
    """A cell that a border cuts belongs where its centre lies."""
    cells = [cell_at(5.1, 0.1), cell_at(5.1, 4.9), cell_at(5.1, 9.1), cell_at(50.0, 50.0)]
    found = ATLAS.areas_of_cells(cells, level="admin1")
    assert {cell: area.name for cell, area in found.items()} == {cells[0]: "Gao", cells[1]: "Gao"}


def test_names_are_matched_within_a_country():
    """Claims say "Région de Gao"."""
    assert ATLAS.match("Région de Gao", "MLI").key == "MLI/Gao"
    assert ATLAS.match("Gao", "NER").how == "unknown"


def test_borders_are_thinned_and_cut():
    """A coast of a hundred thousand points becomes a few; far areas are not drawn; all points are on the globe."""
    angles = np.linspace(0, 2 * np.pi, 100_000)
    wild = 3 + 0.05 * np.sin(angles * 5_000)
    coast = shapely.Polygon(np.column_stack([wild * np.cos(angles), wild * np.sin(angles)]))
    atlas = Atlas((Area("MLI/Coast", "MLI", "Coast", "admin1", coast), _area("Far", 100, 110)))
    ((area, rings),) = atlas.borders((-4, -4, 4, 4), "MLI", level="admin1")
    assert area.name == "Coast"
    assert 4 < sum(map(len, rings)) <= MOST_POINTS
    drawn = shapely.Polygon(rings[0])
    assert shapely.area(shapely.symmetric_difference(drawn, coast)) < 0.1 * shapely.area(coast)


def test_cells_lie_where_the_grid_of_the_field_says(shared_data: Path):
    """Of the cells that both place, nine in ten and more lie in the same country as in PRIO-GRID's own list."""
    geo = shared_data / "geo"
    atlas = Atlas(read_shapes(geo / "world_countries.geojson", "w", ShapeRule("country", country_property="id")).areas)
    grid = pl.read_parquet(geo / "priogrid_cell_country.parquet")
    found = atlas.areas_of_cells(grid["pg_id"].to_list(), level="country")
    theirs = dict(zip(grid["pg_id"], (country_by_views(n).iso3 for n in grid["country_id"]), strict=True))
    same = sum(area.country == theirs[cell] for cell, area in found.items())
    assert len(found) > 0.9 * grid.height
    assert same / len(found) == pytest.approx(0.991, abs=0.002)
