"""Placing incidents for a viewer as points, one by one; their sums are in ``seen_sums``.

Only incidents of which one sight covers the area and every claim are placed; what may not be seen is not selected.
Boxes are of whole cells: ever smaller ones tell no place more closely than a cell, whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from forewarn.model.access import Viewer
from forewarn.model.grid import CellBox
from forewarn.store import schema
from forewarn.store.map_sums import days_between
from forewarn.store.seen_counts import incident_seen, planned_for_its_days
from forewarn.store.seen_sums import cells_seen, cells_within, in_cells

__all__ = ["PlacedIncident", "placed_incidents"]


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


def placed_incidents(
    connection: Connection, viewer: Viewer, box: CellBox, months: range, *, limit: int, are_few: bool = False
) -> list[PlacedIncident]:
    """Incidents of a box in some months as points, the latest first, at most ``limit``.

    The latest of many are found by the index of days. Where there are no more than the limit (``are_few``), that index
    would be read to its end: they are found by the cells in which there are some.
    """
    planned_for_its_days(connection)
    table, marks = schema.incidents, schema.incident_marks
    keys = (marks.c.day, marks.c.incident_id)
    where: tuple[ColumnElement[bool], ...] = (
        marks.c.day.between(*days_between(months)),
        cells_within(marks.c.cell, box),
    )
    if are_few:
        where = in_cells(connection, cells_seen(connection, viewer, box, months), months)
    seen = incident_seen(viewer, veiled=True)
    latest = select(*keys).where(*where, seen).order_by(*(one.desc() for one in keys)).limit(limit).subquery()
    place = (table.c[name] for name in ("incident_id", "latitude", "longitude", "cell", "place_precision"))
    names = ("country", "admin1", "act", "contested", "deaths_low", "deaths_high", "day", "status", "sensitivity")
    query = select(*place, *(marks.c[name] for name in names))
    for other in (marks, table):
        query = query.join_from(latest, other, other.c.incident_id == latest.c.incident_id)
    rows = connection.execute(query.order_by(latest.c.day.desc(), latest.c.incident_id.desc()))
    return [PlacedIncident(*row) for row in rows]
