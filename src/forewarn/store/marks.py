"""Keeping the rows by which lists are asked for, whenever an incident or an alert is written.

Owns how sensitive an incident and an alert are: an incident as its most sensitive claim, an alert by its mark. A class
that is none of the four, and a mark that is not understood, count as severe.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from forewarn.clock import instant_text
from forewarn.model.alert import Alert
from forewarn.model.provenance import Sensitivity
from forewarn.model.releasability import marking_of, most_sensitive_for
from forewarn.store import schema
from forewarn.store.database import came_in
from forewarn.store.map_sums import add_sums, subtract_sums, sum_all

__all__ = [
    "alert_sensitivity",
    "cells_before",
    "count_before",
    "mark_alert",
    "mark_incidents",
    "put_marks",
    "unmark_incidents",
]


def alert_sensitivity(alert: Alert) -> Sensitivity:
    """How sensitive an alert is by its mark; without one that is understood, severe."""
    return most_sensitive_for(marking_of(alert.releasability))


def mark_alert(connection: Connection, alert: Alert, *, written_at: str) -> None:
    """Keep by what a version of an alert is listed."""
    row = {"alert_id": alert.alert_id, "version": alert.version, "unit": alert.unit, "written_at": written_at}
    row |= {"sensitivity": alert_sensitivity(alert).value, "decision_needed_by": instant_text(alert.decision_needed_by)}
    connection.execute(schema.alert_marks.insert(), row)


def mark_incidents(connection: Connection, among: ColumnElement[bool] | None = None) -> None:
    """Keep by what incidents are listed: those of a condition on ``incidents``, none of which is marked yet, or all.

    All are marked anew, so that the marks never outlive what they repeat; the sums of the map go with them.
    """
    put_marks(connection, among)
    if among is None:
        sum_all(connection)
    else:
        names = select(schema.incidents.c.incident_id).where(among)
        add_sums(connection, schema.incident_marks.c.incident_id.in_(names))


def put_marks(connection: Connection, among: ColumnElement[bool] | None = None) -> None:
    """The marks alone, without the sums: as :func:`mark_incidents` for a store that has none yet."""
    marks, incidents, claims = schema.incident_marks, schema.incidents, schema.claims
    members = schema.incident_claims
    if among is None:
        connection.execute(marks.delete())
    classes = {one.value: one.rank for one in Sensitivity}
    highest = func.max(case(classes, value=claims.c.sensitivity, else_=Sensitivity.SEVERE.rank))
    named = case({rank: name for name, rank in classes.items()}, value=highest, else_=Sensitivity.SEVERE.value)
    joined = incidents.outerjoin(members, members.c.incident_id == incidents.c.incident_id)
    joined = joined.outerjoin(claims, claims.c.claim_id == members.c.claim_id)
    plain = (incidents.c.country, incidents.c.admin1)
    day, last = func.coalesce(incidents.c.started_on, ""), (incidents.c.act, incidents.c.status, incidents.c.cell)
    ends = [incidents.c[f"deaths_{end}"] for end in ("low", "best", "high")]
    deaths = (func.coalesce(*ends[:2]), func.coalesce(ends[2], ends[1], ends[0]))
    beyond = case((claims.c.country != incidents.c.country, 2), (claims.c.admin1 != incidents.c.admin1, 1), else_=0)
    marked = (func.coalesce(incidents.c.cell, 0), func.coalesce(incidents.c.contested, 0), func.max(beyond))
    told = (*last[:2], *marked, *deaths)
    query = select(incidents.c.incident_id, named, *plain, day, *told).select_from(joined)
    query = query.group_by(incidents.c.incident_id, *plain, incidents.c.started_on, *last, incidents.c.contested, *ends)
    if among is not None:
        query = query.where(among)
    made = connection.execute(marks.insert().from_select([column.name for column in marks.columns], query))
    came_in(connection, marks.name, made.rowcount)


def unmark_incidents(connection: Connection, names: Select[tuple[str]] | Sequence[str]) -> int:
    """Take away the marks of incidents of these ids, and what they are in the sums of the map; how many they were."""
    is_one = schema.incident_marks.c.incident_id.in_(names)
    subtract_sums(connection, is_one)
    return int(connection.execute(schema.incident_marks.delete().where(is_one)).rowcount)


def count_before(connection: Connection, unit: str, classes: Sequence[str], since: str, known_by: str) -> int:
    """How many incidents of an area are of those classes and began before a day, or on none that is known.

    Args:
        connection: a reading connection.
        unit: a country, or ``COUNTRY/AREA``.
        classes: of an incident's most sensitive claim.
        since, known_by: ISO days: the first that is not counted, and by which an incident was known.
    """
    marks, incidents, members, claims = schema.incident_marks, schema.incidents, schema.incident_claims, schema.claims
    asked = _before(unit, classes, since)
    whole = connection.execute(select(func.count()).select_from(marks).where(*asked)).scalar() or 0
    # Few became known since: they are found by their claims, and taken from a count by index.
    joined = claims.join(members, members.c.claim_id == claims.c.claim_id)
    joined = joined.join(incidents, incidents.c.incident_id == members.c.incident_id)
    late = select(members.c.incident_id).select_from(joined)
    late = late.where(claims.c.known_on > known_by, incidents.c.known_on > known_by)
    later = select(func.count()).select_from(marks).where(*asked, marks.c.incident_id.in_(late))
    return int(whole) - int(connection.execute(later).scalar() or 0)


def cells_before(connection: Connection, unit: str, classes: Sequence[str], since: str, known_by: str) -> list[int]:
    """The cells in which these incidents lie, each once; those of a day after ``known_by`` are none of them."""
    marks = schema.incident_marks
    query = select(marks.c.cell).distinct().where(marks.c.cell > 0, marks.c.day <= known_by)
    return sorted(connection.execute(query.where(*_before(unit, classes, since))).scalars())


def _before(unit: str, classes: Sequence[str], since: str) -> list[ColumnElement[bool]]:
    marks = schema.incident_marks
    country, _, admin1 = unit.partition("/")
    asked = [marks.c.country == country, marks.c.sensitivity.in_(classes), marks.c.day < since]
    return [*asked, marks.c.admin1 == admin1] if admin1 else asked
