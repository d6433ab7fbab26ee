"""Reading for a viewer: the rights are part of the question, so what may not be seen is not selected.

A claim is seen where a sight covers its area and sensitivity as received; an incident where one covers its area and
every claim in it, for its figures rest on all of them. A sensitivity that is not one of the four counts as severe.
Alerts are marked in their text, so their marks are read here, before anything is handed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, false, func, not_, or_, select, true

from forewarn.model.access import EVERYWHERE, SENSITIVE_FROM, Sight, Viewer
from forewarn.model.alert import Alert
from forewarn.model.provenance import Sensitivity
from forewarn.model.releasability import marking_of, most_sensitive_for
from forewarn.store import decisions, schema

__all__ = ["alert_sensitivity", "seen_alert_ids", "seen_claims", "seen_incidents", "sensitive_incidents"]


def seen_claims(connection: Connection, viewer: Viewer, claim_ids: Sequence[str]) -> set[str]:
    """Those of the claims that the viewer may be shown."""
    table = schema.claims
    allowed = _within(viewer.sight_of("claim"), table.c, table.c.sensitivity)
    found: set[str] = set()
    for start in range(0, len(claim_ids), 500):
        asked = table.c.claim_id.in_(claim_ids[start : start + 500])
        found.update(connection.execute(select(table.c.claim_id).where(asked, allowed)).scalars())
    return found


def seen_incidents(
    connection: Connection, viewer: Viewer, *, area: str = "", only: str = "", after: tuple[str, str] | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:  # fmt: skip
    """Incidents the viewer may be shown, the latest first, at most ``limit``; after a day and id where given."""
    table = schema.incidents
    when = func.coalesce(table.c.started_on, "")
    conditions: list[ColumnElement[bool]] = [_incident_allowed(viewer)]
    if only:
        conditions.append(table.c.incident_id == only)
    if area:
        country, _, admin1 = area.partition("/")
        conditions.append(table.c.country == country)
        conditions.append(table.c.admin1 == admin1 if admin1 else true())
    if after:
        conditions.append(or_(when < after[0], and_(when == after[0], table.c.incident_id > after[1])))
    query = select(*table.columns).where(*conditions).order_by(when.desc(), table.c.incident_id).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def sensitive_incidents(connection: Connection, incident_ids: Sequence[str]) -> list[str]:
    """Those of the incidents that hold a claim of high or severe sensitivity."""
    members, claims = schema.incident_claims, schema.claims
    joined = members.join(claims, claims.c.claim_id == members.c.claim_id)
    calm = [one.value for one in Sensitivity if one.rank < SENSITIVE_FROM.rank]
    query = select(members.c.incident_id).select_from(joined).distinct()
    query = query.where(members.c.incident_id.in_(incident_ids), claims.c.sensitivity.not_in(calm))
    return sorted(connection.execute(query).scalars())


def seen_alert_ids(connection: Connection, viewer: Viewer) -> list[str]:
    """The alerts a viewer may be shown, by area and by the mark of their newest version, in the order drafted."""
    table = schema.alerts
    inside = or_(false(), *(_area_of_unit(one, table.c.unit) for one in viewer.sight_of("alert")))
    query = select(table.c.alert_id).where(table.c.version == 1, inside).order_by(table.c.written_at, table.c.alert_id)
    found = []
    for alert_id in connection.execute(query).scalars():
        alert = decisions.read_alert(connection, alert_id)
        country, _, admin1 = alert.unit.partition("/")
        if viewer.may_see("alert", country, admin1, alert_sensitivity(alert)):
            found.append(str(alert_id))
    return found


def alert_sensitivity(alert: Alert) -> Sensitivity:
    """How sensitive an alert is by its mark; without one that is understood, severe."""
    return most_sensitive_for(marking_of(alert.releasability))


def _incident_allowed(viewer: Viewer) -> ColumnElement[bool]:
    """In one sight, area and all: a right to the place and another to the class do not add up to both."""
    table, members, claims = schema.incidents, schema.incident_claims, schema.claims
    sights = viewer.sight_of("incident")
    hidden = exists(
        select(members.c.claim_id)
        .join(claims, claims.c.claim_id == members.c.claim_id)
        .where(members.c.incident_id == table.c.incident_id, not_(_within(sights, claims.c, claims.c.sensitivity)))
    )
    inside = or_(false(), *(_area(one, table.c) for one in sights))
    return and_(inside, not_(hidden))


def _within(sights: Sequence[Sight], columns: Any, sensitivity: ColumnElement[str]) -> ColumnElement[bool]:
    return or_(false(), *(and_(_area(one, columns), _class(one.most, sensitivity)) for one in sights))


def _class(most: Sensitivity, column: ColumnElement[str]) -> ColumnElement[bool]:
    if most is Sensitivity.SEVERE:
        return true()
    return column.in_([one.value for one in Sensitivity if one.rank <= most.rank])


def _area(sight: Sight, columns: Any) -> ColumnElement[bool]:
    if EVERYWHERE in sight.areas:
        return true()
    parts = [area.partition("/") for area in sight.areas]
    said = (
        and_(columns.country == country, columns.admin1 == admin1) if admin1 else columns.country == country
        for country, _, admin1 in parts
    )  # fmt: skip
    return or_(false(), *said)


def _area_of_unit(sight: Sight, unit: ColumnElement[str]) -> ColumnElement[bool]:
    if EVERYWHERE in sight.areas:
        return true()
    said = (
        unit == area if "/" in area else or_(unit == area, unit.startswith(f"{area}/", autoescape=True))
        for area in sight.areas
    )
    return or_(false(), *said)
