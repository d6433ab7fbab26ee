"""Counting and placing incidents for a viewer: sums by month of an area, and points of a map.

Only incidents of which one sight covers the area and every claim are counted or placed; what may not be seen is not
selected, so it is in no sum. A count is a range: what is not said of one end is taken from the other.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, not_, or_, select, true

from forewarn.model.access import EVERYWHERE, Viewer
from forewarn.store import schema
from forewarn.store.sighted import area_condition, within

__all__ = ["counted_by_month", "incident_seen", "placed_incidents"]


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
    month = func.substr(table.c.started_on, 1, 7)
    ends: list[ColumnElement[Any]] = [func.count(), func.count(), func.count()]
    if count != "incidents":
        low, best, high = (table.c[f"{count}_{end}"] for end in ("low", "best", "high"))
        pairs = ((low, best, high), (best, low, high), (high, best, low))
        ends = [func.coalesce(func.sum(func.coalesce(*order)), 0) for order in pairs]
    asked = [table.c.country == country, table.c.admin1 == admin1 if admin1 else true()]
    asked += [table.c.started_on >= since, table.c.known_on <= known_by, incident_seen(viewer)]
    if violence:
        asked.append(table.c.violence == violence)
    joined = table.join(marks, marks.c.incident_id == table.c.incident_id)
    rows = connection.execute(select(month, *ends).select_from(joined).where(*asked).group_by(month))
    return {row[0]: tuple(sorted(int(one) for one in row[1:])) for row in rows}  # type: ignore[misc]


def placed_incidents(
    connection: Connection, viewer: Viewer, *, areas: tuple[str, ...] = (), since: str = "", until: str = "",
    limit: int = 50_000,
) -> list[dict[str, Any]]:  # fmt: skip
    """Incidents with a point and a day that may be seen, the latest first."""
    table, marks = schema.incidents, schema.incident_marks
    asked = [table.c.latitude.is_not(None), table.c.longitude.is_not(None), marks.c.day != "", incident_seen(viewer)]
    if areas:
        asked.append(or_(*(area_condition([one], marks.c) for one in areas)))
    if since:
        asked.append(marks.c.day >= since)
    if until:
        asked.append(marks.c.day <= until)
    names = (
        "incident_id", "latitude", "longitude", "country", "admin1", "act", "contested", "claims",
        "independent_origins", "deaths_low", "deaths_best", "deaths_high",
    )  # fmt: skip
    columns = [*(table.c[name] for name in names if name in table.c), marks.c.day, marks.c.status, marks.c.sensitivity]
    joined = marks.join(table, marks.c.incident_id == table.c.incident_id)
    query = select(*columns).select_from(joined).where(*asked)
    query = query.order_by(marks.c.day.desc(), marks.c.incident_id.desc()).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]
