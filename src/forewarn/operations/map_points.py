"""Incidents on the map for a viewer: few of them each as a point, many as groups of neighbouring cells with sums.

Owns how far the map is told for one view of it: a box of whole half-degree cells, some months, a step of the grid. A
point is where it was reported only for who may be shown the claims there; for others it is the middle of its cell. A
group lies at the mean of its cells, whoever asks. Whatever sensitive incident stands alone is kept as a sight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forewarn.errors import InputValueError
from forewarn.model.access import SENSITIVE_FROM, Viewer
from forewarn.model.grid import WORLD, CellBox, cell_centre
from forewarn.model.provenance import Sensitivity
from forewarn.operations.viewing import keep_sights
from forewarn.operations.workspace import Workspace
from forewarn.store.seen_places import PlacedIncident, placed_incidents
from forewarn.store.seen_sums import IncidentGroup, grouped_incidents

__all__ = ["MOST_POINTS", "STEPS", "MapIncidents", "MapView", "incidents_in"]

MOST_POINTS = 1_500
"""Incidents that are told one by one; more of them are told in groups, or at the nearest the latest alone."""
STEPS = (0, 1, 2, 4, 8, 16, 32)
_CLASSES = {one.value: one for one in Sensitivity}
_POINT = ("id", "lat", "lon", "coarse", "day", "act", "area", "low", "high", "status")
_GROUP = ("lat", "lon", "incidents", "reported", "corroborated", "contested", "unsaid", "low", "high", "id")


@dataclass(frozen=True, slots=True)
class MapView:
    """What of the map is looked at: whole cells, and the side of a group in cells; 0: so near that points are told."""

    box: CellBox = WORLD
    step: int = 8

    def __post_init__(self) -> None:
        if self.step not in STEPS:
            raise InputValueError(f"{self.step}", where="step", mend=f"ask for one of {', '.join(map(str, STEPS))}")


@dataclass(frozen=True, slots=True)
class MapIncidents:
    """Incidents of a view.

    Attributes:
        box: west, south, east and north in degrees of what is told.
        step: the step that was asked for.
        incidents: how many there are in the box that the viewer may see.
        points, groups: one list for each thing told; of one of the two nothing.
        left: whether there are more than are told.
    """

    box: tuple[float, float, float, float]
    step: int
    incidents: int
    points: dict[str, list[Any]]
    groups: dict[str, list[Any]]
    left: bool = False


def incidents_in(workspace: Workspace, viewer: Viewer, months: range, view: MapView) -> MapIncidents:
    """The incidents of some months in a view; each sensitive one that is told alone is kept as a sight."""
    if "incident" not in viewer.sights:
        return MapIncidents(view.box.degrees, view.step, 0, _columns(_POINT, []), _columns(_GROUP, []))
    placed = []
    with workspace.database.reading() as connection:
        groups = grouped_incidents(connection, viewer, view.box, view.step or 1, months)
        number = sum(one.incidents for one in groups)
        if number <= MOST_POINTS or not view.step:
            are_few, groups = number <= MOST_POINTS, []
            placed = placed_incidents(connection, viewer, view.box, months, limit=MOST_POINTS, are_few=are_few)
    alone = [one.incident_id for one in groups if one.incidents == 1 and one.rank >= SENSITIVE_FROM.rank]
    alone += [one.incident_id for one in placed if _class(one).rank >= SENSITIVE_FROM.rank]
    keep_sights(workspace, viewer, [("incident", one) for one in alone])
    return MapIncidents(
        view.box.degrees, view.step, number, _points(viewer, placed), _columns(_GROUP, [_told(one) for one in groups]),
        left=not groups and number > len(placed),
    )  # fmt: skip


def _told(one: IncidentGroup) -> tuple[Any, ...]:
    place = (round(one.row / 2 - 89.75, 3), round(one.column / 2 - 179.75, 3))
    plain = one.incidents - one.corroborated - one.contested
    name = one.incident_id if one.incidents == 1 else ""
    standing = (plain, one.corroborated, one.contested)
    return (*place, one.incidents, *standing, one.unsaid, one.low, one.high, name)


def _points(viewer: Viewer, placed: list[PlacedIncident]) -> dict[str, list[Any]]:
    exact: dict[tuple[str, str, Sensitivity], bool] = {}
    rows = []
    for one in placed:
        key = (one.country, one.admin1, _class(one))
        if key not in exact:
            exact[key] = viewer.may_see("claim", *key)
        latitude, longitude = (one.latitude, one.longitude) if exact[key] else cell_centre(one.cell)
        told = (one.incident_id, latitude, longitude, not exact[key] or one.precision not in ("exact", "near"))
        area = f"{one.country}/{one.admin1}" if one.admin1 else one.country
        standing = "contested" if one.contested else one.status
        rows.append((*told, one.day, one.act, area, one.low, one.high, standing))
    return _columns(_POINT, rows)


def _columns(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[k] for row in rows] for k, name in enumerate(names)}


def _class(one: PlacedIncident) -> Sensitivity:
    return _CLASSES.get(one.sensitivity, Sensitivity.SEVERE)
