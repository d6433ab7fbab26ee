"""Placing incidents for a viewer: how far each area reaches, groups of neighbouring half-degree cells, and points.

Only incidents of which one sight covers the area and every claim are placed; what may not be seen is not selected, so
it is in no group. Groups and boxes are of whole cells: they tell no place more closely than a cell, whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select, true

from forewarn.model.access import Viewer
from forewarn.model.grid import COLUMNS, WORLD, CellBox
from forewarn.model.provenance import Sensitivity
from forewarn.store import schema
from forewarn.store.seen_counts import incident_seen, planned_for_its_days

__all__ = ["IncidentGroup", "PlacedIncident", "area_reaches", "grouped_incidents", "placed_incidents"]

_RANKS = {one.value: one.rank for one in Sensitivity}


@dataclass(frozen=True, slots=True)
class IncidentGroup:
    """Incidents of neighbouring cells together.

    Attributes:
        row, column: the mean of their cells', counted from the south-west corner of the grid.
        incidents: how many; ``contested`` and ``corroborated`` of them, the rest is reported.
        unsaid: how many of them say nothing of deaths.
        low, high: deaths, summed over those that say; ``None`` where none does.
        rank: of the most sensitive class among them.
        incident_id: of one of them: the one, where it stands alone.
    """

    row: float
    column: float
    incidents: int
    contested: int
    corroborated: int
    unsaid: int
    low: int | None
    high: int | None
    rank: int
    incident_id: str


@dataclass(frozen=True, slots=True)
class PlacedIncident:
    """An incident as a point: where, when, deaths as a range (``None``: not said), how it stands, its class."""

    incident_id: str
    latitude: float
    longitude: float
    cell: int
    precision: str
    country: str
    admin1: str
    act: str
    contested: bool
    low: int | None
    high: int | None
    day: str
    status: str
    sensitivity: str


def area_reaches(connection: Connection, viewer: Viewer, *, since: str, until: str) -> dict[str, CellBox]:
    """By area (empty where not known), the cells between which its incidents between two days lie."""
    planned_for_its_days(connection)
    marks = schema.incident_marks
    row, column = _row(), _column()
    ends = (func.min(row), func.max(row), func.min(column), func.max(column))
    asked = _asked(viewer, since, until, WORLD)
    query = select(marks.c.country, marks.c.admin1, *ends).where(*asked).group_by(marks.c.country, marks.c.admin1)
    found = {}
    for country, admin1, *cells in connection.execute(query):
        found[f"{country}/{admin1}" if admin1 else country] = CellBox(*(int(one) for one in cells))
    return found


def grouped_incidents(
    connection: Connection, viewer: Viewer, box: CellBox, step: int, *, since: str, until: str
) -> list[IncidentGroup]:
    """The incidents of a box between two days, put together in squares of ``step`` by ``step`` cells."""
    planned_for_its_days(connection)
    marks = schema.incident_marks
    row, column = _row(), _column()
    counted: tuple[ColumnElement[Any], ...] = (
        marks.c.contested == 1,
        (marks.c.contested == 0) & (marks.c.status == "corroborated"),
        marks.c.deaths_low.is_(None),
    )
    columns = (
        func.avg(row),
        func.avg(column),
        func.count(),
        *(func.sum(case((one, 1), else_=0)) for one in counted),
        *(func.sum(marks.c[f"deaths_{end}"]) for end in ("low", "high")),
        func.max(case(_RANKS, value=marks.c.sensitivity, else_=Sensitivity.SEVERE.rank)),
        func.min(marks.c.incident_id),
    )
    query = select(*columns).where(*_asked(viewer, since, until, box)).group_by(row // step, column // step)
    return [_group(tuple(found)) for found in connection.execute(query)]


def placed_incidents(
    connection: Connection, viewer: Viewer, box: CellBox, *, since: str, until: str, limit: int
) -> list[PlacedIncident]:
    """Incidents of a box between two days as points, the latest first, at most ``limit``."""
    planned_for_its_days(connection)
    table, marks = schema.incidents, schema.incident_marks
    keys = (marks.c.day, marks.c.incident_id)
    # The latest are found by the index of days alone; the rest is read of them only.
    asked = select(*keys).where(*_asked(viewer, since, until, box))
    latest = asked.order_by(*(one.desc() for one in keys)).limit(limit).subquery()
    place = (table.c[name] for name in ("incident_id", "latitude", "longitude", "cell", "place_precision"))
    names = ("country", "admin1", "act", "contested", "deaths_low", "deaths_high", "day", "status", "sensitivity")
    query = select(*place, *(marks.c[name] for name in names))
    for other in (marks, table):
        query = query.join_from(latest, other, other.c.incident_id == latest.c.incident_id)
    rows = connection.execute(query.order_by(latest.c.day.desc(), latest.c.incident_id.desc()))
    return [PlacedIncident(*row) for row in rows]


def _group(found: tuple[Any, ...]) -> IncidentGroup:
    row, column, incidents, contested, corroborated, unsaid, low, high, rank, incident_id = found
    counts = (int(incidents), int(contested), int(corroborated), int(unsaid))
    ends = (None if low is None else int(low), None if high is None else int(high))
    return IncidentGroup(float(row), float(column), *counts, *ends, int(rank), str(incident_id))


def _asked(viewer: Viewer, since: str, until: str, box: CellBox) -> list[ColumnElement[bool]]:
    marks = schema.incident_marks
    first, last = box.first_row * COLUMNS + 1, (box.last_row + 1) * COLUMNS
    is_wide = (box.first_column, box.last_column) == (0, COLUMNS - 1)
    across = true() if is_wide else _column().between(box.first_column, box.last_column)
    inside = [marks.c.day.between(since, until), marks.c.cell.between(first, last), across]
    return [*inside, incident_seen(viewer, by_day=True)]


def _row() -> ColumnElement[int]:
    return (schema.incident_marks.c.cell - 1) // COLUMNS


def _column() -> ColumnElement[int]:
    return (schema.incident_marks.c.cell - 1) % COLUMNS
