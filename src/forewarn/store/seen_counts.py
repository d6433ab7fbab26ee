"""Counting incidents for a viewer: whether one may be shown, and sums by month of an area.

Only incidents of which one sight covers the area and every claim are counted; what may not be seen is not
selected, so it is in no sum. A count is a range: what is not said of one end is taken from the other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, literal_column, not_, or_, select, true

from forewarn.model.access import EVERYWHERE, Sight, Viewer
from forewarn.store import schema
from forewarn.store.sighted import within

__all__ = ["RIGHTS", "counted_by_month", "incident_seen", "planned_for_its_days", "seen_alone", "seen_in_sum"]

RIGHTS = ("country", "admin1", "sensitivity")
"""What of a mark says who may see it."""


def planned_for_its_days(connection: Connection) -> None:
    """Have PostgreSQL plan what follows in this transaction for the days asked for.

    After some questions it takes one plan for all days, which does not know a month from three years.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL plan_cache_mode = 'force_custom_plan'")


def incident_seen(viewer: Viewer, *, veiled: bool = False) -> ColumnElement[bool]:
    """Whether an incident of ``incidents`` joined with its marks may be shown to the viewer.

    Asked for by day or by cell, its class and area are ``veiled`` from the engine, which else takes the index of
    classes or of areas and reads every row.
    """
    sights, told = viewer.sight_of("incident"), _told(RIGHTS if veiled else ())
    if _is_everywhere(sights):
        return within(sights, told)  # the class of an incident is that of its most sensitive claim
    return and_(within(sights, told), or_(_at_home(sights, told), not_(_hidden(sights))))


def seen_in_sum(viewer: Viewer, columns: Any) -> ColumnElement[bool]:
    """Whether a sum, all of whose incidents share area, class and spread, may be shown: without a look at claims."""
    sights = viewer.sight_of("incident")
    inside = within(sights, columns)
    return inside if _is_everywhere(sights) else and_(inside, _at_home(sights, columns))


def seen_alone(viewer: Viewer) -> ColumnElement[bool] | None:
    """Whether an incident by its marks may be shown, but is in no sum that may; ``None`` where there are none such."""
    sights = viewer.sight_of("incident")
    if _is_everywhere(sights):
        return None
    marks = schema.incident_marks
    told = _told(("sensitivity",))
    return and_(
        marks.c.spread > literal_column("0"), within(sights, told), not_(_at_home(sights, told)), not_(_hidden(sights))
    )


def _told(veiled: Collection[str]) -> SimpleNamespace:
    marks = schema.incident_marks.c
    told = {name: func.coalesce(marks[name], "") if name in veiled else marks[name] for name in RIGHTS}
    return SimpleNamespace(**told, spread=marks.spread)


def _is_everywhere(sights: Sequence[Sight]) -> bool:
    return all(EVERYWHERE in one.areas for one in sights)


def _at_home(sights: Sequence[Sight], columns: Any) -> ColumnElement[bool]:
    """Claims of its own area and no higher class lie in the sight that the incident lies in."""
    wide = [replace(one, areas=tuple(area for area in one.areas if "/" not in area)) for one in sights]
    return or_(columns.spread == 0, and_(columns.spread == 1, within(wide, columns)))


def _hidden(sights: Sequence[Sight]) -> ColumnElement[bool]:
    """Whether one of the claims of a marked incident lies in no sight."""
    marks, members, claims = schema.incident_marks, schema.incident_claims, schema.claims
    joined = members.join(claims, claims.c.claim_id == members.c.claim_id)
    of_it = select(members.c.claim_id).select_from(joined).where(members.c.incident_id == marks.c.incident_id)
    return of_it.where(not_(within(sights, claims.c))).correlate(marks).exists()


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
