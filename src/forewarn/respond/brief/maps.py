"""The map of a brief: deaths by half-degree cell, over towns and the outlines of areas.

Owns the projection (plate carrée, stretched at the middle latitude), the size of circles and which labels find
room. A circle's area is the number of deaths: the solid one the low end, the ring the high end. Circles stand at
the centre of their cell and nothing finer than a cell is ever drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from forewarn.model.grid import cell_centre
from forewarn.respond.brief.canvas import Look, Paper, Told, paper
from forewarn.respond.brief.escape import harmless
from forewarn.respond.brief.figures import number_range
from forewarn.respond.brief.pictures import AreaMap, MapPlace, Ring

__all__ = ["map_description", "map_svg"]

_KM_PER_DEGREE = 111.32
_PLACES_LABELLED = 14
_CELLS_LABELLED = 8


@dataclass(frozen=True, slots=True)
class _View:
    """What the map shows: degrees west, south, east, north; pixels per degree of longitude and of latitude."""

    west: float
    south: float
    east: float
    north: float
    across: float
    up: float

    def pixels(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Pixels from the south-west corner."""
        return (longitude - self.west) * self.across, (latitude - self.south) * self.up

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether the point is on the map."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


def map_svg(area: AreaMap, *, width: int, prefix: str) -> str:
    """The map as an SVG element, ``width`` CSS pixels wide."""
    view, height = _view(area, width)
    drawn = paper(
        width, height, (0, 0, 0, 0), across=(view.west, view.east), up=(view.south, view.north), prefix=prefix
    )  # fmt: skip
    _draw_ground(drawn, area, view)
    taken: list[Box] = _corners(width, height)
    _draw_cells(drawn, area, view, taken)
    _draw_places(drawn, area.places, view, taken)
    _draw_scale(drawn, view)
    return drawn.written(area.label, map_description(area))


def map_description(area: AreaMap) -> str:
    """What the map shows, in words."""
    if not area.cells:
        return f"No {area.noun} could be placed in a cell. {area.coverage}"
    most = max(area.cells, key=lambda cell: (cell.high, cell.cell))
    latitude, longitude = cell_centre(most.cell)
    near = _nearest(area.places, latitude, longitude)
    low, high = sum(cell.low for cell in area.cells), sum(cell.high for cell in area.cells)
    unplaced = f" {area.unplaced:,} incidents are known too roughly to be on the map." if area.unplaced else ""
    return (
        f"{len(area.cells):,} half-degree cells with {number_range(low, high)} {area.noun} in all; most in the cell "
        f"around {latitude:g}, {longitude:g}{near}: {number_range(most.low, most.high)}.{unplaced} {area.coverage}"
    )


def _nearest(places: tuple[MapPlace, ...], latitude: float, longitude: float) -> str:
    if not places:
        return ""
    place = min(places, key=lambda p: (p.latitude - latitude) ** 2 + (p.longitude - longitude) ** 2)
    is_near = math.hypot(place.latitude - latitude, place.longitude - longitude) < 1
    return f", near {place.name}" if is_near else ""


def _view(area: AreaMap, width: int) -> tuple[_View, int]:
    """The focus outline, or else the cells, or else the places, with a margin; at least three degrees wide."""
    points = [point for outline in area.outlines if outline.is_focus for ring in outline.rings for point in ring] + [
        (longitude, latitude) for latitude, longitude in (cell_centre(cell.cell) for cell in area.cells)
    ]
    points = points or [(p.longitude, p.latitude) for p in area.places]
    points = points or [point for outline in area.outlines for ring in outline.rings for point in ring]
    west, east = _padded([x for x, _ in points])
    south, north = _padded([y for _, y in points])
    stretch = 1 / max(math.cos(math.radians((south + north) / 2)), 0.2)
    ratio = (north - south) * stretch / (east - west)
    if ratio > 1.25:
        west, east = _widened(west, east, ratio / 1.25)
    elif ratio < 0.62:
        south, north = _widened(south, north, 0.62 / ratio)
    across = width / (east - west)
    view = _View(west, south, east, north, across, across * stretch)
    return view, round((north - south) * view.up)


def _padded(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    half = max((high - low) / 2 + 0.45, 1.5)
    return (low + high) / 2 - half, (low + high) / 2 + half


def _widened(low: float, high: float, factor: float) -> tuple[float, float]:
    middle, half = (low + high) / 2, (high - low) / 2 * factor
    return middle - half, middle + half


def _draw_ground(drawn: Paper, area: AreaMap, view: _View) -> None:
    drawn.bar(drawn.across, drawn.up, Look("land"))
    for outline in sorted(area.outlines, key=lambda one: one.is_focus):
        look = Look("focus", "muted", 1.4) if outline.is_focus else Look("", "hatch", 0.8)
        for ring in outline.rings:
            points = _thinned(ring, view)
            if len(points) >= 3:
                drawn.shape(points, look)
    for degree in range(math.ceil(view.west), math.floor(view.east) + 1):
        drawn.line([(degree, edge) for edge in drawn.up], "line", 0.5)
    for degree in range(math.ceil(view.south), math.floor(view.north) + 1):
        drawn.line([(edge, degree) for edge in drawn.across], "line", 0.5)


def _thinned(ring: Ring, view: _View) -> list[tuple[float, float]]:
    """The ring without points nearer than a pixel to the one kept before; nothing when it is off the map."""
    longitudes, latitudes = [x for x, _ in ring], [y for _, y in ring]
    is_off = not ring or max(longitudes) < view.west or min(longitudes) > view.east
    if is_off or max(latitudes) < view.south or min(latitudes) > view.north:
        return []
    kept = [ring[0]]
    for longitude, latitude in ring[1:]:
        across, up = (longitude - kept[-1][0]) * view.across, (latitude - kept[-1][1]) * view.up
        if across * across + up * up >= 1.0:
            kept.append((longitude, latitude))
    return kept


Box = tuple[float, float, float, float]


def _corners(width: int, height: int) -> list[Box]:
    """Where no label may stand: the scale and the arrow, in pixels from the south-west."""
    return [(0, 0, 150, 34), (width - 30, height - 46, width, height)]


def _draw_cells(drawn: Paper, area: AreaMap, view: _View, taken: list[Box]) -> None:
    if not area.cells:
        return
    most = max(cell.high for cell in area.cells)
    for cell in sorted(area.cells, key=lambda one: (-one.high, one.cell)):
        latitude, longitude = cell_centre(cell.cell)
        half = 0.25
        sides = (longitude - half, longitude + half), (latitude - half, latitude + half)
        drawn.bar(*sides, Look("", "deaths-soft", 0.8))
        words = f"Cell {cell.cell}: {number_range(cell.low, cell.high)} {area.noun} in {cell.incidents:,} incidents"
        for name, number in (("high", cell.high), ("low", cell.low)):
            look = Look("deaths" if number == cell.low else "deaths-soft", "deaths", 0.8)
            drawn.dot(longitude, latitude, _radius(number, most), look, Told(f"{name}-{cell.cell}", words))
    _label_cells(drawn, area, view, most, taken)


def _radius(number: int, most: int) -> float:
    """Pixels: area by number, the largest 30, and never too small to be seen."""
    return max(30 * math.sqrt(number / most), 3.0) if number and most else 0.0


def _label_cells(drawn: Paper, area: AreaMap, view: _View, most: int, taken: list[Box]) -> None:
    ranked = sorted(area.cells, key=lambda one: (-one.high, one.cell))
    for cell in ranked:
        latitude, longitude = cell_centre(cell.cell)
        x, y = view.pixels(longitude, latitude)
        radius = _radius(cell.high, most)
        taken.append((x - radius, y - radius, x + radius, y + radius))
    for cell in ranked[:_CELLS_LABELLED]:
        latitude, longitude = cell_centre(cell.cell)
        text = number_range(cell.low, cell.high)
        _label(drawn, view, (longitude, latitude), _radius(cell.high, most) + 3, text, taken, "deaths", "bold")


def _draw_places(drawn: Paper, places: tuple[MapPlace, ...], view: _View, taken: list[Box]) -> None:
    shown = [place for place in places if view.holds(place.longitude, place.latitude)]
    for rank, place in enumerate(sorted(shown, key=lambda p: (-p.population, p.name))):
        side = 4.4 if rank < _PLACES_LABELLED else 2.4
        drawn.square(place.longitude, place.latitude, side, Look("paper", "ink", 0.9))
        if rank < _PLACES_LABELLED:
            _label(drawn, view, (place.longitude, place.latitude), 5, place.name, taken, "ink", "")


def _label(
    drawn: Paper, view: _View, at: tuple[float, float], gap: float, text: str, taken: list[Box], *look: str
) -> None:
    """The label on the first side that is free, or nowhere: a missing label is better than two on one another."""
    colour, weight = look
    plain = harmless(" ".join(text.split()))
    shown = plain if len(plain) <= 28 else f"{plain[:27]}…"
    wide, tall = 6.9 * len(shown), 14.0
    x, y = view.pixels(*at)
    right, top = (view.east - view.west) * view.across, (view.north - view.south) * view.up
    for ha, left, bottom in _sides(x, y, gap, wide, tall):
        box = (left, bottom, left + wide, bottom + tall)
        is_inside = box[0] >= 2 and box[1] >= 2 and box[2] <= right - 2 and box[3] <= top - 2
        if is_inside and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            anchor = {"left": left, "right": left + wide, "center": x}[ha]
            place = (view.west + anchor / view.across, view.south + (bottom + 3.2) / view.up)
            drawn.words(*place, shown, colour, at=(ha, "baseline"), weight=weight)
            return


def _sides(x: float, y: float, gap: float, wide: float, tall: float) -> list[tuple[str, float, float]]:
    """Where a label may stand beside a point: right, left, above, below; then the same farther away."""
    return [
        side
        for far in (gap, gap + 22)
        for side in (
            ("left", x + far, y - tall / 2), ("right", x - far - wide, y - tall / 2),
            ("center", x - wide / 2, y + far), ("center", x - wide / 2, y - far - tall),
        )
    ]  # fmt: skip


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _draw_scale(drawn: Paper, view: _View) -> None:
    """A bar of a round number of kilometres, and where north is."""
    pixels_per_km = view.up / _KM_PER_DEGREE
    longest = 130 / pixels_per_km
    km = max(step * 10**power for power in range(5) for step in (1, 2, 5) if step * 10**power <= max(longest, 1))
    left, bottom = view.west + 14 / view.across, view.south + 14 / view.up
    drawn.line([(left, bottom), (left + km * pixels_per_km / view.across, bottom)], "ink", 2)
    drawn.words(left, bottom + 5 / view.up, f"{km:,} km", "ink", at=("left", "bottom"), size=11)
    north, middle = view.north - 10 / view.up, view.east - 16 / view.across
    drawn.line([(middle, north - 24 / view.up), (middle, north - 6 / view.up)], "ink", 1.2)
    wing = north - 7 / view.up
    head = [(middle - 3 / view.across, wing), (middle, north), (middle + 3 / view.across, wing)]
    drawn.shape(head, Look("ink", "ink", 1.2))
    drawn.words(middle, north - 26 / view.up, "N", "ink", at=("center", "top"), size=11)
