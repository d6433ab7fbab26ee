"""Placing by name: only what has no coordinates, only what one place bears."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from forewarn.collect import Batch, Mapping
from forewarn.collect.channels.declared import declared
from forewarn.collect.places.located import AMBIGUOUS, NOT_FOUND, PLACED, placed_by_name
from forewarn.model.grid import cell_at

Collect = Callable[..., list[Batch]]

SCHEMA = {
    "_country": pl.String,
    "place_name": pl.String,
    "_latitude": pl.Float64,
    "_longitude": pl.Float64,
    "place_precision": pl.String,
}


def _placed(*rows: tuple[object, ...]) -> tuple[list[tuple[object, ...]], dict[str, int]]:
    frame, notes = placed_by_name(pl.DataFrame(rows, schema=SCHEMA, orient="row"))
    assert frame.schema == SCHEMA
    return frame.select("_latitude", "_longitude", "place_precision").rows(), dict(notes)


def test_a_row_without_coordinates_is_placed_near():
    """Also where its source says that it is exact: a name does not say where in the town."""
    rows, notes = _placed(("CIV", "Bouaké", None, None, None), ("CIV", "Bouaké", None, None, "exact"))
    assert {precision for _, _, precision in rows} == {"near"}
    assert all(7.6 < latitude < 7.8 and -5.1 < longitude < -4.9 for latitude, longitude, _ in rows)
    assert notes == {PLACED: 2}


def test_what_is_known_otherwise_is_left_alone():
    """Coordinates that are there, half of them, a coarser precision, no name, no country."""
    rows = (
        ("CIV", "Bouaké", 5.0, -4.0, None),
        ("CIV", "Bouaké", 5.0, None, None),
        ("CIV", "Bouaké", None, None, "admin1"),
        ("CIV", "Bouaké", None, None, "unknown"),
        ("CIV", None, None, None, None),
        (None, "Bouaké", None, None, None),
    )
    assert _placed(*rows) == ([row[2:] for row in rows], {})


def test_ambiguous_and_unknown_names_place_nothing_and_are_counted():
    """Nothing is decided by size, nothing by likeness."""
    rows, notes = _placed(("USA", "Springfield", None, None, None), ("CIV", "Bouak", None, None, None))
    assert rows == [(None, None, None)] * 2
    assert notes == {AMBIGUOUS: 1, NOT_FOUND: 1}


def test_a_chunk_without_rows_stays_one():
    """No rows, no remarks."""
    assert _placed() == ([], {})


def test_a_mapping_asks_for_it(collect: Collect) -> None:
    """With ``geocode`` the claim has a place and a cell, and the remarks say so; without it neither."""
    data = b"where,land\nBouake,CIV\n"
    fields = "fields:\n  place_name: where\n  country: land\n"
    for line, cell, notes in (("geocode: true\n", cell_at(7.694, -5.030), ((PLACED, 1),)), ("", 0, ())):
        text = f"name: t\ntitle: T\npublisher: P\nlicence: L\n{line}{fields}"
        batch = collect("table", data, declared(Mapping, text.encode(), "t.yml"))[0]
        claim = batch.claims.row(0, named=True)
        assert (claim["cell"], claim["place_precision"]) == (cell, "near" if cell else "country")
        assert batch.notes == notes
