"""The fictional region: three countries, about thirty first-level areas, their outlines and populated places.

It lies in the empty South Atlantic between 36° and 28° south and 22° and 10° west, where there is no land, and
its countries have ISO 3166 user-assigned codes. It is made from the seed alone: another seed is another
geography with names from the same invented pool.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from forewarn.learn.exercise.dice import DEFAULT_SEED, Dice
from forewarn.learn.exercise.lattice import Cell, centre, draw_land, outline, share_out, shifts, touching
from forewarn.learn.exercise.names import AREA_NAMES, COUNTRY_NAMES, PLACE_NAMES, REGION_NAME
from forewarn.model.place import admin1_id

__all__ = ["COUNTRY_CODES", "Area", "FictionalCountry", "PopulatedPlace", "Region", "exercise_region"]

COUNTRY_CODES = ("XKA", "XKB", "XKC")
"""User-assigned codes of ISO 3166-1 (XAA to XZZ): no country has or will have them."""

_AREAS_EACH = (12, 10, 8)
_COUNTRY_WEIGHTS = (12, 10, 8)
_OFF_CENTRE = 80
_CAPITAL_POPULATION = (900_000, 620_000, 480_000)


@dataclass(frozen=True, slots=True)
class PopulatedPlace:
    """A town or village: its name, the area it lies in, WGS 84 degrees to three decimals, inhabitants."""

    name: str
    area: str
    latitude: float
    longitude: float
    population: int
    is_capital: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A first-level area.

    Attributes:
        area_id: ``XKA/Name``, as :func:`forewarn.model.place.admin1_id` writes it.
        country, name: its two parts.
        outline: closed ring of (longitude, latitude), counter-clockwise, GeoJSON's order.
        population: of its places and of the country around them.
        neighbours: ids of the areas it shares a border with, sorted.
        places: its populated places, largest first.
    """

    area_id: str
    country: str
    name: str
    outline: tuple[tuple[float, float], ...]
    population: int
    neighbours: tuple[str, ...]
    places: tuple[PopulatedPlace, ...]


@dataclass(frozen=True, slots=True)
class FictionalCountry:
    """A country of the exercise: ``code`` from :data:`COUNTRY_CODES`, its name and its capital's name."""

    code: str
    name: str
    capital: str


@dataclass(frozen=True)
class Region:
    """The whole region; ``areas`` are sorted by id, ``countries`` by code."""

    name: str
    seed: int
    countries: tuple[FictionalCountry, ...]
    areas: tuple[Area, ...]

    @cached_property
    def _by_id(self) -> dict[str, Area]:
        return {area.area_id: area for area in self.areas}

    @property
    def places(self) -> tuple[PopulatedPlace, ...]:
        """Every populated place, by area."""
        return tuple(place for area in self.areas for place in area.places)

    def area(self, area_id: str) -> Area:
        """The area of that id; ``KeyError`` when there is none."""
        return self._by_id[area_id]

    def country(self, code: str) -> FictionalCountry:
        """The country of that code; ``KeyError`` when there is none."""
        return {country.code: country for country in self.countries}[code]

    def of_country(self, code: str) -> tuple[Area, ...]:
        """The areas of a country."""
        return tuple(area for area in self.areas if area.country == code)

    def geojson(self) -> dict[str, Any]:
        """The outlines as a GeoJSON FeatureCollection (RFC 7946), marked as fictional."""
        return {
            "type": "FeatureCollection",
            "name": self.name,
            "features": [
                {
                    "type": "Feature",
                    "id": area.area_id,
                    "properties": {
                        "country": area.country,
                        "name": area.name,
                        "population": area.population,
                        "fictional": True,
                    },
                    "geometry": {"type": "Polygon", "coordinates": [[list(point) for point in area.outline]]},
                }
                for area in self.areas
            ],
        }


@cache
def exercise_region(seed: int = DEFAULT_SEED) -> Region:
    """The region of a seed; made once and kept."""
    land = draw_land(Dice(seed, "region/land"))
    states = share_out(land, _COUNTRY_WEIGHTS, Dice(seed, "region/countries"))
    owner = _areas_of(states, Dice(seed, "region/areas"))
    names = Dice(seed, "region/area names").shuffled(AREA_NAMES)
    ids = {index: admin1_id(COUNTRY_CODES[_country_of(index)], names[index]) for index in sorted(set(owner.values()))}
    places = _places(owner, ids, seed)
    borders, moved = touching(owner), shifts(Dice(seed, "region/borders"))
    rural = Dice(seed, "region/rural population")
    areas = []
    for index, area_id in ids.items():
        ring = outline([cell for cell, who in owner.items() if who == index], moved)
        towns = sum(place.population for place in places[index])
        areas.append(
            Area(
                area_id=area_id,
                country=COUNTRY_CODES[_country_of(index)],
                name=names[index],
                outline=tuple((x / 1000, y / 1000) for x, y in ring),
                population=towns + rural.between(600, 2400) * 100,
                neighbours=tuple(sorted(ids[other] for other in borders[index])),
                places=places[index],
            )
        )
    return Region(REGION_NAME, seed, _countries(places, seed), tuple(sorted(areas, key=lambda a: a.area_id)))


def _country_of(index: int) -> int:
    """Area indices count through the countries: 0-11, 12-21, 22-29."""
    return 0 if index < _AREAS_EACH[0] else 1 if index < _AREAS_EACH[0] + _AREAS_EACH[1] else 2


def _areas_of(states: dict[Cell, int], dice: Dice) -> dict[Cell, int]:
    owner: dict[Cell, int] = {}
    for state, number in enumerate(_AREAS_EACH):
        cells = frozenset(cell for cell, who in states.items() if who == state)
        first = sum(_AREAS_EACH[:state])
        shares = share_out(cells, (1,) * number, dice)
        owner.update({cell: first + share for cell, share in shares.items()})
    return owner


def _places(owner: dict[Cell, int], ids: dict[int, str], seed: int) -> dict[int, tuple[PopulatedPlace, ...]]:
    """Three to six places an area, one to a cell at most; sizes in a country fall as one over the rank."""
    dice = Dice(seed, "region/places")
    names = iter(dice.shuffled(PLACE_NAMES))
    spots: dict[int, list[tuple[str, int, int]]] = {}
    for index in ids:
        cells = dice.shuffled(sorted(cell for cell, who in owner.items() if who == index))
        chosen = [centre(cell) for cell in cells[: dice.between(4, 6)]]
        spots[index] = [(next(names), x + _off(dice), y + _off(dice)) for x, y in chosen]
    found: dict[int, list[PopulatedPlace]] = {index: [] for index in ids}
    for state, capital in enumerate(_CAPITAL_POPULATION):
        ranked = dice.shuffled(
            [(index, *spot) for index in ids if _country_of(index) == state for spot in spots[index]]
        )
        for rank, (index, name, x, y) in enumerate(ranked, start=1):
            people = capital // rank // 100 * 100
            found[index].append(PopulatedPlace(name, ids[index], y / 1000, x / 1000, people, is_capital=rank == 1))
    return {index: tuple(towns) for index, towns in found.items()}


def _off(dice: Dice) -> int:
    return dice.between(-_OFF_CENTRE, _OFF_CENTRE)


def _countries(places: dict[int, tuple[PopulatedPlace, ...]], seed: int) -> tuple[FictionalCountry, ...]:
    names = Dice(seed, "region/country names").shuffled(COUNTRY_NAMES)
    capitals = {
        _country_of(index): place.name for index, towns in places.items() for place in towns if place.is_capital
    }
    return tuple(FictionalCountry(code, names[n], capitals[n]) for n, code in enumerate(COUNTRY_CODES))
