"""Counting incidents for a viewer: sums by month of an area, and by area.

Only incidents of which one sight covers the area and every claim are counted; what may not be seen is not
selected, so it is in no sum. A count is a range: what is not said of one end is taken from the other.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, not_, or_, select, true

from forewarn.model.access import EVERYWHERE, Viewer
from forewarn.store import schema
from forewarn.store.sighted import within

__all__ = ["counted_by_area", "counted_by_month", "incident_seen", "planned_for_its_days"]


def planned_for_its_days(connection: Connection) -> None:
    """Have PostgreSQL plan what follows in this transaction for the days asked for.

    After some questions it takes one plan for all days, which does not know a month from three years.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL plan_cache_mode = 'force_custom_plan'")


def incident_seen(viewer: Viewer, *, by_day: bool = False) -> ColumnElement[bool]:
    """Whether an incident of ``incidents`` joined with its marks may be shown to the viewer.

    Asked for by day, its class is hidden from the engine, which else takes the index of classes and reads every row.
    """
    marks, members, claims = schema.incident_marks, schema.incident_claims, schema.claims
    sights = viewer.sight_of("incident")
    level: ColumnElement[str] = func.coalesce(marks.c.sensitivity, "") if by_day else marks.c.sensitivity
    told = SimpleNamespace(country=marks.c.country, admin1=marks.c.admin1, sensitivity=level)
    inside = within(sights, told)
    if all(EVERYWHERE in one.areas for one in sights):
        return inside  # the class of an incident is that of its most sensitive claim
    joined = members.join(claims, claims.c.claim_id == members.c.claim_id)
    hidden = exists().select_from(joined).where(members.c.incident_id == marks.c.incident_id)
    # Claims of its own area and no higher class lie in the sight that it lies in; the others are looked at one by one.
    wide = [replace(one, areas=tuple(area for area in one.areas if "/" not in area)) for one in sights]
    at_home = or_(marks.c.spread == 0, and_(marks.c.spread == 1, within(wide, told)))
    return and_(inside, or_(at_home, not_(hidden.where(not_(within(sights, claims.c))))))


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
    planned_for_its_days(connection)
    marks = schema.incident_marks
    sums = (func.count(), *(func.coalesce(func.sum(marks.c[f"deaths_{end}"]), 0) for end in ("low", "high")))
    asked = [marks.c.day >= since, marks.c.day <= until, marks.c.country != ""]
    asked.append(incident_seen(viewer, by_day=True))
    query = select(marks.c.country, marks.c.admin1, *sums).where(*asked)
    found = {}
    for country, admin1, number, low, high in connection.execute(query.group_by(marks.c.country, marks.c.admin1)):
        found[f"{country}/{admin1}" if admin1 else country] = (int(number), int(low), max(int(low), int(high)))
    return found
