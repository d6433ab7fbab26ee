"""The gazetteer: one place of a name, or none; never finer than a name allows."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.collect.places import locate
from forewarn.collect.places.gazetteer import PRECISION
from forewarn.model.place import PLACE_PRECISIONS


def test_a_name_that_one_place_bears_is_placed_nearby():
    """Case and accents do not matter; the precision is that of a name, and there is a grid cell."""
    found = locate("bouaké", "CIV", "Gbeke")
    assert found.place is not None
    assert (found.place.name, found.place.country, found.place.admin1) == ("bouaké", "CIV", "Gbeke")
    assert (round(found.place.latitude or 0, 1), round(found.place.longitude or 0, 1)) == (7.7, -5.0)
    assert found.place.precision == PRECISION == "near"
    assert found.place.cell > 0
    assert PLACE_PRECISIONS.index(found.place.precision) > PLACE_PRECISIONS.index("exact")


def test_a_name_that_several_bear_is_not_decided():
    """Not even where one of them is far larger."""
    found = locate("Springfield", "USA")
    assert found.place is None
    assert found.is_ambiguous
    assert len(found.candidates) > 10
    assert found.candidates[0].population >= found.candidates[-1].population


def test_the_area_decides_where_boundaries_tell_it():
    """With the area of each candidate known, one in the named area is enough, and one elsewhere is not."""

    def area_at(latitude: float, longitude: float) -> str:
        return "Illinois" if 36.9 < latitude < 42.6 and -91 < longitude < -87 else ""

    assert locate("Springfield", "USA", "State of Illinois", area_at=area_at).place is not None
    assert locate("Springfield", "USA", "Alaska", area_at=area_at).candidates == ()
    assert locate("Springfield", "USA", "Illinois").is_ambiguous


@pytest.mark.parametrize(
    ("name", "country"), [("", "CIV"), ("Nowhere at all", "CIV"), ("Bouaké", "XAA"), ("!!", "MMR")]
)
def test_what_is_not_there_is_not_placed(name, country):
    """Nothing near in spelling is taken; fictional countries have no places in GeoNames."""
    found = locate(name, country)
    assert found.place is None
    assert not found.is_ambiguous


@given(st.text(max_size=300))
def test_any_name_has_an_answer(name):
    """A place, several, or nothing."""
    found = locate(name, "CIV")
    assert (found.place is not None) == (len(found.candidates) == 1)


def test_real_places_are_found_where_they_are(shared_data: Path):
    """Of the cities coders have placed by hand, nine in ten are found, and of those 99 in 100 within 25 km."""
    path = shared_data / "linkage" / "event_reports_ivory_coast.csv"
    events = pl.read_csv(path, infer_schema_length=0).filter(
        pl.col("city").is_not_null() & pl.col("latitude").is_not_null()
    )
    tally: Counter[str] = Counter()
    for row in events.iter_rows(named=True):
        place = locate(row["city"], "CIV").place
        if place is None or place.latitude is None or place.longitude is None:
            tally["not placed"] += 1
            continue
        up = 111.2 * (place.latitude - float(row["latitude"]))
        across = 111.2 * math.cos(math.radians(place.latitude)) * (place.longitude - float(row["longitude"]))
        tally["near" if math.hypot(up, across) <= 25 else "far"] += 1
    placed = tally["near"] + tally["far"]
    assert placed / tally.total() > 0.9
    assert tally["near"] / placed > 0.99
