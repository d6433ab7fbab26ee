"""Files of boundaries: checked before anything is drawn or counted by them."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from forewarn.collect.places import ShapeRule, read_shapes
from forewarn.errors import ForewarnError, InputEncodingError, InputFormatError, InputValueError, UsageError

SQUARE = [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]
RULE = ShapeRule("admin1", "MLI")


def _feature(name: object, *rings: object, kind: str = "Polygon", **properties: object) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": list(rings)}
    return {"type": "Feature", "id": "F1", "properties": {"name": name, **properties}, "geometry": geometry}


def _write(path: Path, *features: object, **members: object) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features), **members}), encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "areas.geojson"


def test_features_become_areas(file):
    """A shape with a hole, a name with odd white space, a third coordinate that is passed over."""
    hole = [[0.5, 0.5], [0.5, 1], [1, 1], [1, 0.5], [0.5, 0.5]]
    high = [[*point, 300.0] for point in SQUARE]
    shapes = read_shapes(_write(file, _feature("Gao ", high, hole)), "areas.geojson", RULE)
    assert [(a.unit, a.country, a.name, a.level) for a in shapes.areas] == [("MLI/Gao", "MLI", "Gao", "admin1")]
    assert shapely.area(shapes.areas[0].shape) == pytest.approx(4 - 0.25)
    assert shapes.notes == ()


def test_parts_of_one_area_are_put_together(file):
    """Islands that come as features of their own are one area."""
    island = [[x + 5, y] for x, y in SQUARE]
    shapes = read_shapes(_write(file, _feature("Gao", SQUARE), _feature("Gao", island)), "a", RULE)
    assert [shapely.area(area.shape) for area in shapes.areas] == [pytest.approx(8)]


def test_what_is_left_out_is_counted(file):
    """Without a name, without a shape, or not cut at the date line: not used, and said so."""
    leap = [[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]
    nowhere = {"type": "Feature", "properties": {"name": "Kidal"}, "geometry": None}
    shapes = read_shapes(
        _write(file, _feature(None, SQUARE), nowhere, _feature("X", leap), _feature("Gao", SQUARE)), "a", RULE
    )
    assert dict(shapes.notes) == {
        "features without a name, left out": 1,
        "features without a shape, left out": 1,
        "features whose border leaps across the date line ('X'), left out": 1,
    }
    assert [area.name for area in shapes.areas] == ["Gao"]


def test_a_border_that_crosses_itself_is_mended_and_counted(file):
    """A bow tie keeps its two triangles."""
    shapes = read_shapes(_write(file, _feature("Gao", [[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]])), "a", RULE)
    assert dict(shapes.notes) == {"features whose border crossed itself, mended": 1}
    assert shapely.area(shapes.areas[0].shape) == pytest.approx(2)


def test_countries_are_told_by_a_property(file):
    """By code, by name, or by the feature's id; unknown ones are left out by name."""
    features = [_feature("Mali", SQUARE, iso="MLI"), _feature("Atlantis", SQUARE, iso="ATL")]
    shapes = read_shapes(_write(file, *features), "a", ShapeRule("country", country_property="iso"))
    assert [area.unit for area in shapes.areas] == ["MLI"]
    assert dict(shapes.notes) == {"features of no known country ('ATL'), left out": 1}
    assert [a.unit for a in read_shapes(file, "a", ShapeRule("country")).areas] == ["MLI"]


@pytest.mark.parametrize(
    ("rings", "what"),
    [
        ([SQUARE[:-1]], "not closed"),
        ([SQUARE[:2]], "not closed"),
        ([[[0, 0], [200, 0], [200, 5], [0, 0]]], "out of range"),
        ([[[0, 0], [0, 95], [5, 95], [0, 0]]], "out of range"),
        ([[["0", "0"], ["1", "0"], ["1", "1"], ["0", "0"]]], "no numbers"),
        ([[[0, 0], [1, None], [1, 1], [0, 0]]], "no numbers"),
        ([[[0, 0], [1], [1, 1], [0, 0]]], "no numbers"),
        ([["ab", "cd", "ef", "ab"]], "no numbers"),
        ([[[0, 0], [0, 0], [0, 0], [0, 0]]], "encloses nothing"),
        ([], "has no coordinates"),
        (["x"], "no numbers"),
    ],
)
def test_wrong_coordinates_are_refused_with_their_feature(file, rings, what):
    """Nobody is put in a wrong area by a damaged file."""
    _write(file, _feature("Gao", SQUARE), _feature("Kidal", *rings))
    with pytest.raises(InputValueError, match=what) as caught:
        read_shapes(file, "areas.geojson", RULE)
    assert caught.value.where == "areas.geojson, feature 2"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b'"text"',
        b'{"type": "FeatureCollection"}',
        b'{"type": "FeatureCollection", "features": {}}',
        b'{"type": "FeatureCollection", "features": [1]}',
        b'{"type": "Banana", "features": []}',
        b'{"type": "Topology"}',
        b'{"type": "Topology", "arcs": [[1]], "objects": {"a": 3}}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"type": NaN}',
        b'{"type": ' + b"9" * 10_000 + b"}",
        b'{"type": "FeatureCollection", "features": [], "crs": {"properties": {"name": "EPSG:3857"}}}',
        b'{"type": "FeatureCollection", "features": []',
    ],
)
def test_what_is_no_geojson_is_refused(file, data):
    """Cut off, too deep, another form, another coordinate system: one line, no crash."""
    file.write_bytes(data)
    with pytest.raises(InputFormatError):
        read_shapes(file, "a", RULE)


def test_other_encodings_are_refused(file):
    """The message has the byte."""
    file.write_bytes('{"type": "Région"}'.encode("latin-1"))
    with pytest.raises(InputEncodingError, match="byte 12"):
        read_shapes(file, "a", RULE)


def test_a_wrong_property_is_answered_with_the_nearest(file):
    """No property is guessed."""
    with pytest.raises(InputFormatError, match="nearest is 'name'"):
        read_shapes(_write(file, _feature("Gao", SQUARE)), "a", ShapeRule("admin1", "MLI", name_property="nam"))


def test_areas_within_a_country_need_their_country():
    """And a level is one of three."""
    with pytest.raises(UsageError, match="which country"):
        ShapeRule("admin1")
    with pytest.raises(UsageError, match="no level"):
        ShapeRule("planet", "MLI")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=20,
)


@given(geometry=JSON, coordinates=JSON, kind=st.sampled_from(["Polygon", "MultiPolygon", "Point", None]))
def test_any_geometry_is_read_or_refused(tmp_path_factory, geometry, coordinates, kind):
    """Whatever stands where coordinates should be, the end is an area or an error that explains itself."""
    path = tmp_path_factory.getbasetemp() / "any.geojson"
    odd = {"type": "Feature", "properties": {"name": "Odd"}, "geometry": geometry}
    _write(path, odd, {**_feature("Gao"), "geometry": {"type": kind, "coordinates": coordinates}})
    with contextlib.suppress(ForewarnError):
        assert read_shapes(path, "a", RULE).areas


TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [10, 20]},
    "arcs": [
        [[0, 0], [0, 4]],
        [[0, 4], [4, 0], [0, -4], [-4, 0]],
        [[0, 0], [-4, 0], [0, 4], [4, 0]],
        [[0, 0], [None, 1]],
    ],
    "objects": {
        "areas": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "East"}},
                {"type": "MultiPolygon", "arcs": [[[2, -1]]], "properties": {"name": "West"}},
                {"type": "Polygon", "arcs": [[3]], "properties": {"name": "Damaged"}},
            ],
        }
    },
}


def test_topojson_shares_its_borders(file):
    """Arcs are unfolded forward and backward; a damaged arc costs only the area that needs it."""
    file.write_text(json.dumps(TOPOLOGY))
    shapes = read_shapes(file, "a", RULE)
    assert {a.name: shapely.bounds(a.shape).tolist() for a in shapes.areas} == {
        "East": [10, 20, 12, 22],
        "West": [8, 20, 10, 22],
    }
    assert dict(shapes.notes) == {"features without a shape, left out": 1}


def test_real_boundaries_load(shared_data: Path):
    """Every real file is read; what is left out has no name, no shape, no code, or leaps across the date line."""
    geo = shared_data / "geo"
    counts = {}
    for path in sorted((geo / "admin1").glob("*.json")):
        counts[path.stem] = len(read_shapes(path, path.name, ShapeRule("admin1", path.stem.upper())).areas)
    assert counts == {"bgd": 7, "civ": 19, "lby": 22, "mli": 9, "mmr": 14, "sdn": 17, "syr": 15}
    rule = ShapeRule("country", country_property="id")
    assert len(read_shapes(geo / "world_countries.geojson", "w", rule).areas) == 174
    assert len(read_shapes(geo / "world_countries_hires.topo.json", "w", rule).areas) == 246
