"""Counting and placing incidents for a viewer: sums by month of an area, and points of a map.

Only incidents of which one sight covers the area and every claim are counted or placed; what may not be seen is not
selected, so it is in no sum. A count is a range: what is not said of one end is taken from the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, not_, select, true

from forewarn.model.access import EVERYWHERE, Viewer
from forewarn.store import schema
from forewarn.store.sighted import within

__all__ = ["PlacedIncident", "counted_by_area", "counted_by_month", "incident_seen", "placed_incidents"]


def incident_seen(viewer: Viewer) -> ColumnElement[bool]:
    """Whether an incident of ``incidents`` joined with its marks may be shown to the viewer."""
    marks, members, claims = schema.incident_marks, schema.incident_claims, schema.claims
    sights = viewer.sight_of("incident")
    inside = within(sights, marks.c)
    if all(EVERYWHERE in one.areas for one in sights):
        return inside  # the class of an incident is that of its most sensitive claim
    joined = members.join(claims, claims.c.claim_id == members.c.claim_id)
    hidden = exists().select_from(joined).where(members.c.incident_id == marks.c.incident_id)
    return and_(inside, not_(hidden.where(not_(within(sights, claims.c)))))


def counted_by_month(
    connection: Connection, viewer: Viewer, area: str, count: str, *, violence: str, since: str, known_by: str
) -> dict[str, tuple[int, int, int]]:
    """By month (``2017-08``), low, best and high of a count over the incidents of an area that may be seen.

    Args:
        area: a country, or ``COUNTRY/AREA``.
        count: such as ``deaths``; ``incidents`` counts the incidents themselves.
        violence: only of that type; empty for all.
        since, known_by: ISO days: of the first incident, and by which an incident was known.
    """
    table, marks = schema.incidents, schema.incident_marks
    country, _, admin1 = area.partition("/")
    month = func.substr(marks.c.day, 1, 7)
    ends: list[ColumnElement[Any]] = [func.count(), func.count(), func.count()]
    if count != "incidents":
        low, best, high = (table.c[f"{count}_{end}"] for end in ("low", "best", "high"))
        pairs = ((low, best, high), (best, low, high), (high, best, low))
        ends = [func.coalesce(func.sum(func.coalesce(*order)), 0) for order in pairs]
    asked = [marks.c.country == country, marks.c.admin1 == admin1 if admin1 else true()]
    asked += [marks.c.day >= since, table.c.known_on <= known_by, incident_seen(viewer)]
    if violence:
        asked.append(table.c.violence == violence)
    joined = marks.join(table, table.c.incident_id == marks.c.incident_id)
    rows = connection.execute(select(month, *ends).select_from(joined).where(*asked).group_by(month))
    return {row[0]: tuple(sorted(int(one) for one in row[1:])) for row in rows}  # type: ignore[misc]


def counted_by_area(
    connection: Connection, viewer: Viewer, *, since: str, until: str
) -> dict[str, tuple[int, int, int]]:
    """By area (a country alone where no more is known): incidents between two days, deaths at least and at most."""
    table, marks = schema.incidents, schema.incident_marks
    least = func.coalesce(table.c.deaths_low, table.c.deaths_best, 0)
    most = func.coalesce(table.c.deaths_high, table.c.deaths_best, table.c.deaths_low, 0)
    sums = (func.count(), func.coalesce(func.sum(least), 0), func.coalesce(func.sum(most), 0))
    asked = [marks.c.day >= since, marks.c.day <= until, marks.c.country != "", incident_seen(viewer)]
    joined = marks.join(table, table.c.incident_id == marks.c.incident_id)
    query = select(marks.c.country, marks.c.admin1, *sums).select_from(joined).where(*asked)
    found = {}
    for country, admin1, number, low, high in connection.execute(query.group_by(marks.c.country, marks.c.admin1)):
        found[f"{country}/{admin1}" if admin1 else country] = (int(number), int(low), max(int(low), int(high)))
    return found


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
    connection: Connection, viewer: Viewer, *, since: str, until: str, limit: int
) -> list[PlacedIncident]:
    """Incidents with a point between two days that may be seen, the latest first, at most ``limit``."""
    table, marks = schema.incidents, schema.incident_marks
    low = func.coalesce(table.c.deaths_low, table.c.deaths_best)
    high = func.coalesce(table.c.deaths_high, table.c.deaths_best, table.c.deaths_low)
    plain = (table.c[name] for name in ("incident_id", "latitude", "longitude", "cell", "place_precision"))
    rest = (marks.c.country, marks.c.admin1, marks.c.act, table.c.contested)
    columns = (*plain, *rest, low, high, marks.c.day, marks.c.status, marks.c.sensitivity)
    asked = [table.c.latitude.is_not(None), table.c.longitude.is_not(None), marks.c.day >= since, marks.c.day <= until]
    joined = marks.join(table, table.c.incident_id == marks.c.incident_id)
    query = select(*columns).select_from(joined).where(*asked, incident_seen(viewer))
    query = query.order_by(marks.c.day.desc(), marks.c.incident_id.desc()).limit(limit)
    return [PlacedIncident(*row) for row in connection.execute(query)]
