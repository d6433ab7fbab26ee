"""The map for a viewer: areas with who could see, a forecast's chances, populated places, and its table.

An area that nobody is known to have watched is said to be unseen in that month, however quiet it is. The incidents on
it are in ``map_points``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from forewarn.assess import coverage
from forewarn.clock import month_label
from forewarn.collect.places import Ring
from forewarn.errors import InputValueError
from forewarn.model.access import Viewer
from forewarn.model.grid import CellBox, cell_centre
from forewarn.model.place import UnitLevel
from forewarn.model.provenance import Sensitivity
from forewarn.operations.boundaries import atlas_of
from forewarn.operations.forecast_viewing import RunListed, RunShown, forecast_for, forecasts_for
from forewarn.operations.knowledge import coverage_statements
from forewarn.operations.places import Window, places_in, rings_of_units
from forewarn.operations.workspace import Workspace
from forewarn.store.seen_sums import area_reaches, counted_by_area
from forewarn.taxonomy import is_fictional

__all__ = ["THRESHOLDS", "AreaShown", "MapBase", "MapShown", "MapWish", "base_for", "map_for"]

_SLIDER_MONTHS = 60
_MOST_PLACES = 400
THRESHOLDS = (1, 25, 100, 1000)


@dataclass(frozen=True, slots=True)
class MapWish:
    """What is asked for: the last month, how many months up to it, a forecast (empty: the latest) and a number."""

    until: int
    months: int = 3
    forecast_id: str = ""
    number: int = 25

    def __post_init__(self) -> None:
        if not 1 <= self.months <= _SLIDER_MONTHS:
            raise InputValueError(f"{self.months} months", where="months", mend=f"ask for 1 to {_SLIDER_MONTHS}")
        if self.number not in THRESHOLDS:
            raise InputValueError(f"{self.number}", where="number", mend="ask for 1, 25, 100 or 1000")

    @property
    def span(self) -> range:
        """The months asked for."""
        return range(self.until - self.months + 1, self.until + 1)


@dataclass(frozen=True, slots=True)
class AreaShown:
    """An area.

    Attributes:
        unit: its name.
        incidents, low, high: in the months asked for, as far as the viewer may see.
        observed: in how many of the months asked for somebody is known to have watched.
        chance: that the forecast gives for the number asked for; ``None`` without a forecast.
        is_drawn: whether skill was shown, so that the chance may be drawn.
    """

    unit: str
    incidents: int
    low: int
    high: int
    observed: int
    chance: float | None
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class MapShown:
    """The map as a table: the areas by name, the forecasts there are, and the one chosen."""

    wish: MapWish
    areas: list[AreaShown]
    runs: list[RunListed]
    chosen: RunListed | None
    fictional: bool


@dataclass(frozen=True, slots=True)
class MapBase:
    """What the drawing needs beside the table and the incidents.

    Attributes:
        months: of the slider, as text.
        areas: by name, its rings, its months as ``o`` (watched) and ``.`` (not), and its chance where it may be drawn.
        cells: middle and chance of each cell of a forecast of cells, where drawn.
        places: name, latitude, longitude, population, the largest first.
        window: south, west, north and east of all that is drawn; ``None`` where nothing is.
    """

    months: list[str]
    areas: list[dict[str, Any]]
    cells: list[tuple[float, float, float]]
    places: list[tuple[str, float, float, int]]
    window: Window | None


def map_for(workspace: Workspace, viewer: Viewer, wish: MapWish) -> MapShown:
    """The areas that the viewer may be shown anything of, with incidents, sight and chances."""
    runs = forecasts_for(workspace, viewer) if "forecast" in viewer.sights else []
    run = _run(workspace, viewer, wish, runs)
    with workspace.database.reading() as connection:
        counted = _counted(connection, viewer, wish.span)
        units = _units(connection, viewer, counted, run, workspace.today)
        seen = _observed(connection, units, wish.span, workspace.today)
    chances = _chances(run, wish)
    areas = [
        AreaShown(unit, *counted.get(unit, (0, 0, 0)), len(seen[unit]), *chances.get(unit, (None, False)))
        for unit in units
    ]
    fictional = bool(units) and all(is_fictional(unit[:3]) for unit in units)
    return MapShown(wish, areas, runs, run.listed if run else None, fictional)


def base_for(workspace: Workspace, viewer: Viewer, wish: MapWish) -> MapBase:
    """What is drawn below the incidents of the months of the slider."""
    runs = forecasts_for(workspace, viewer) if "forecast" in viewer.sights else []
    run = _run(workspace, viewer, wish, runs)
    months = range(wish.until - _SLIDER_MONTHS + 1, wish.until + 1)
    with workspace.database.reading() as connection:
        reaches: dict[str, CellBox] = {}
        if "incident" in viewer.sights:
            reaches = area_reaches(connection, viewer, months)
        units = _units(connection, viewer, filter(None, reaches), run, workspace.today)
        seen = _observed(connection, units, months, workspace.today)
        rings = rings_of_units(units, atlas_of(workspace, connection))
    chances = _chances(run, wish)
    areas = [
        {
            "unit": unit,
            "rings": rings.get(unit, ()),
            "seen": "".join("o" if month in seen[unit] else "." for month in months),
            "chance": chance if is_drawn else None,
        }
        for unit in units
        for chance, is_drawn in (chances.get(unit, (None, False)),)
    ]
    cells = _cells(run, wish)
    window = _window([one.degrees for one in reaches.values()], rings.values(), cells)
    return MapBase([month_label(month) for month in months], areas, cells, _places(window, units), window)


def _run(workspace: Workspace, viewer: Viewer, wish: MapWish, runs: list[RunListed]) -> RunShown | None:
    if wish.forecast_id == "none" or not runs:
        return None
    return forecast_for(workspace, viewer, wish.forecast_id or runs[0].forecast_id)


def _counted(connection: Connection, viewer: Viewer, months: range) -> dict[str, tuple[int, int, int]]:
    return counted_by_area(connection, viewer, months) if "incident" in viewer.sights else {}


def _units(
    connection: Connection, viewer: Viewer, counted: Iterable[str], run: RunShown | None, today: date
) -> list[str]:
    """Areas with incidents, of the forecast, and those that somebody says they watch, as far as the viewer sees."""
    units = set(counted)
    if run is not None and run.listed.run.level != UnitLevel.CELL:
        units |= {row["unit"] for row in run.rows}
    for one in coverage_statements(connection, today):
        if viewer.may_see("incident", one.country, one.admin1, Sensitivity.LOW):
            units.add(one.area)
    return sorted(units)


def _observed(connection: Connection, units: list[str], months: range, today: date) -> dict[str, set[int]]:
    seen: dict[str, set[int]] = {unit: set() for unit in units}
    covered = coverage(coverage_statements(connection, today), units, months)
    for unit, month, state in covered.select("unit", "month", "state").iter_rows():
        if state == "observed":
            seen[unit].add(month)
    return seen


def _chances(run: RunShown | None, wish: MapWish) -> dict[str, tuple[float, bool]]:
    return {row["unit"]: (float(row[f"p{wish.number}"]), bool(row["drawn"])) for row in run.rows} if run else {}


def _cells(run: RunShown | None, wish: MapWish) -> list[tuple[float, float, float]]:
    if run is None or run.listed.run.level != UnitLevel.CELL:
        return []
    return [(*cell_centre(int(row["unit"])), float(row[f"p{wish.number}"])) for row in run.rows if row["drawn"]]


def _window(
    boxes: list[tuple[float, float, float, float]], outlines: Iterable[tuple[Ring, ...]], cells: list[Any]
) -> Window | None:
    points = [corner for west, south, east, north in boxes for corner in ((south, west), (north, east))]
    points += [(latitude, longitude) for rings in outlines for ring in rings for longitude, latitude in ring]
    points += [(latitude, longitude) for latitude, longitude, _ in cells]
    if not points:
        return None
    latitudes, longitudes = [one[0] for one in points], [one[1] for one in points]
    return (min(latitudes), min(longitudes), max(latitudes), max(longitudes))


def _places(window: Window | None, units: list[str]) -> list[tuple[str, float, float, int]]:
    """The largest places around; of the exercise for its countries, of the world for the others."""
    if window is None:
        return []
    south, west, north, east = window
    around, found = (south - 2, west - 2, north + 2, east + 2), []
    for kind in sorted({is_fictional(unit[:3]) for unit in units}):
        country = next(unit[:3] for unit in units if is_fictional(unit[:3]) == kind)
        found += [
            (p.name, p.latitude, p.longitude, p.population) for p in places_in(around, country, most=_MOST_PLACES)
        ]
    return found
