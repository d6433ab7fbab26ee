"""Reading for a viewer: the rights are part of the question, so what may not be seen is not selected.

A claim is seen where a sight covers its area and sensitivity as received; an incident where one covers its area and
every claim in it, for its figures rest on all of them. A sensitivity that is not one of the four counts as severe.
An alert counts by the mark in its newest text, kept beside it when that was written; a decision is seen with its alert.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
)

from forewarn.model.access import SENSITIVE_FROM, Sight, Viewer
from forewarn.model.provenance import Sensitivity
from forewarn.store import schema
from forewarn.store.columns import rows_of
from forewarn.store.listed import Sort, Wanted, incidents_listed, sort_of, values_of
from forewarn.store.marks import alert_sensitivity
from forewarn.store.sighted import classes_to, unit_within, within

__all__ = [
    "alert_sensitivity", "seen_alert_ids", "seen_alerts", "seen_claims", "seen_decisions", "seen_forecast_units",
    "seen_incidents", "sensitive_incidents",
]  # fmt: skip

CALM = tuple(classes_to(max((one for one in Sensitivity if one.rank < SENSITIVE_FROM.rank), key=lambda one: one.rank)))
"""The classes whose readings are not kept."""

_STATUS = {
    "draft": "draft", "revise": "draft", "review": "reviewed", "issue": "issued", "update": "updated",
    "decide": "decision_recorded", "lapse": "decision_recorded", "act": "action_recorded", "close": "closed",
    "after_action": "after_action", "cancel": "cancelled",
}  # fmt: skip
"""Where a step leads; ``read`` and ``comment`` stand aside. What is issued or updated and was read is ``read``."""


def seen_claims(connection: Connection, viewer: Viewer, claim_ids: Sequence[str]) -> set[str]:
    """Those of the claims that the viewer may be shown.

    The claims are found by id and then judged: put so that no index of areas and classes, which finds half the store,
    is taken instead.
    """
    table = schema.claims
    allowed = case((within(viewer.sight_of("claim"), table.c), 1), else_=0) == 1
    found: set[str] = set()
    for start in range(0, len(claim_ids), 500):
        asked = table.c.claim_id.in_(claim_ids[start : start + 500])
        found.update(connection.execute(select(table.c.claim_id).where(asked, allowed)).scalars())
    return found


def seen_incidents(connection: Connection, viewer: Viewer, wanted: Wanted) -> list[dict[str, Any]]:
    """Incidents the viewer may be shown, the latest first, at most as many as wanted."""
    names = [name for _, name in incidents_listed(connection, viewer, wanted)]
    by_id = {row["incident_id"]: row for row in rows_of(connection.execute(_INCIDENTS, {"names": names}))}
    return [by_id[name] for name in names if name in by_id]


def sensitive_incidents(connection: Connection, incident_ids: Sequence[str]) -> list[str]:
    """Those of the incidents that hold a claim of high or severe sensitivity."""
    return sorted(connection.execute(_SENSITIVE, {"names": incident_ids}).scalars())


_NAMES: ColumnElement[Any] = bindparam("names", expanding=True)
_INCIDENTS = select(*schema.incidents.columns).where(schema.incidents.c.incident_id.in_(_NAMES))
_SENSITIVE = select(schema.incident_marks.c.incident_id).where(
    schema.incident_marks.c.incident_id.in_(_NAMES), schema.incident_marks.c.sensitivity.not_in(CALM)
)


def seen_alert_ids(connection: Connection, viewer: Viewer) -> list[str]:
    """The alerts a viewer may be shown, by area and by the mark of their newest version, in the order drafted."""
    marks, first = schema.alert_marks, schema.alert_marks.alias("first")
    joined = marks.join(first, and_(first.c.alert_id == marks.c.alert_id, first.c.version == 1))
    query = select(marks.c.alert_id).select_from(joined).where(_newest(marks), _alert_allowed(viewer.sight_of("alert")))
    return list(connection.execute(query.order_by(first.c.written_at, marks.c.alert_id)).scalars())


def seen_alerts(
    connection: Connection, viewer: Viewer, wanted: Wanted, *, latest: bool = False
) -> list[dict[str, Any]]:
    """The alerts of a page, the soonest deadline first or the latest, with newest ``body``, ``status``, ``decision``.

    Days bound the deadline; ``status`` may be several, with commas between. The place in the list is deadline and id.
    """
    query = _alerts(viewer.sight_of("alert"), sort_of(wanted), latest=latest)
    return rows_of(connection.execute(query, values_of(wanted) | {"names": wanted.status.split(",")}))


@lru_cache(maxsize=512)
def _alerts(sights: tuple[Sight, ...], sort: Sort, *, latest: bool) -> Select[Any]:
    marks, texts, keys = schema.alert_marks, schema.alerts, _ALERT_KEYS
    status = _status()
    asked = [_newest(marks), _alert_allowed(sights), *_narrowed(marks.c.unit, sort.area)]
    if "status" in sort.given:
        asked.append(status.in_(_NAMES))
    if "only" in sort.given:
        asked.append(marks.c.alert_id == bindparam("only"))
    asked += _days(func.substr(keys[0], 1, 10), sort)
    if "after" in sort.given:
        asked.append(tuple_(*keys) > _AFTER)
    joined = marks.join(texts, and_(texts.c.alert_id == marks.c.alert_id, texts.c.version == marks.c.version))
    told = (marks.c.unit, marks.c.version, marks.c.sensitivity, texts.c.level, texts.c.body)
    query = select(*keys, *told, status.label("status"), _decision().label("decision")).select_from(joined)
    order = [key.desc() if latest else key for key in keys]
    return query.where(*asked).order_by(*order).limit(bindparam("most", type_=Integer))


def seen_decisions(connection: Connection, viewer: Viewer, wanted: Wanted) -> list[dict[str, Any]]:
    """What was decided on alerts the viewer may be shown, the clock's silence included, the latest first."""
    query = _decisions(viewer.sight_of("alert"), sort_of(wanted))
    return rows_of(connection.execute(query, values_of(wanted)))


@lru_cache(maxsize=512)
def _decisions(sights: tuple[Sight, ...], sort: Sort) -> Select[Any]:
    marks, events = schema.alert_marks, schema.alert_events
    keys = (events.c.at, events.c.event_id)
    joined = events.join(marks, and_(marks.c.alert_id == events.c.alert_id, _newest(marks)))
    asked = [events.c.kind.in_(("decide", "lapse")), _alert_allowed(sights), *_narrowed(marks.c.unit, sort.area)]
    asked += _days(func.substr(events.c.at, 1, 10), sort)
    if "status" in sort.given:
        asked.append(events.c.decision == bindparam("status"))
    if "only" in sort.given:
        asked.append(events.c.event_id == bindparam("only"))
    if "after" in sort.given:
        asked.append(tuple_(*keys) < _AFTER)
    columns = [events.c[name] for name in ("event_id", "alert_id", "version", "decision", "by", "at", "note")]
    query = select(*columns, marks.c.unit, marks.c.sensitivity).select_from(joined).where(*asked)
    return query.order_by(*(key.desc() for key in keys)).limit(bindparam("most", type_=Integer))


def seen_forecast_units(
    connection: Connection, viewer: Viewer, forecast_id: str, wanted: Wanted, *, month: int | None = None
) -> list[dict[str, Any]]:
    """The summaries of a forecast for the units a viewer may be shown, by unit and month; all count as moderate."""
    table = schema.forecast_units
    asked = [table.c.forecast_id == forecast_id, unit_within(viewer.sight_of("forecast"), table.c.unit, _FORECAST)]
    asked += _narrowed(table.c.unit, wanted.area)
    if month is not None:
        asked.append(table.c.month == month)
    if wanted.after:
        unit, after = wanted.after[0], int(wanted.after[1])
        asked.append(or_(table.c.unit > unit, and_(table.c.unit == unit, table.c.month > after)))
    query = select(*table.columns).where(*asked).order_by(table.c.unit, table.c.month).limit(wanted.limit)
    return [dict(row) for row in connection.execute(query).mappings()]


_FORECAST = Sensitivity.MODERATE
_AFTER = tuple_(*(bindparam(f"after_{place}", type_=String) for place in range(2)))
_ALERT_KEYS = (schema.alert_marks.c.decision_needed_by, schema.alert_marks.c.alert_id)


def _alert_allowed(sights: Sequence[Sight]) -> ColumnElement[bool]:
    marks = schema.alert_marks
    return unit_within(sights, marks.c.unit, marks.c.sensitivity)


def _newest(marks: Table) -> ColumnElement[bool]:
    later = schema.alert_marks.alias("later")
    return ~exists().where(later.c.alert_id == marks.c.alert_id, later.c.version > marks.c.version)


def _status() -> ColumnElement[str]:
    """Where an alert stands, by the last of its steps; as :func:`forewarn.model.alert_life.replay` tells it."""
    marks, events = schema.alert_marks, schema.alert_events
    mine = events.c.alert_id == marks.c.alert_id
    last = select(case(_STATUS, value=events.c.kind, else_="")).where(mine, events.c.kind.not_in(("read", "comment")))
    step = last.order_by(events.c.position.desc()).limit(1).scalar_subquery()
    was_read = exists().where(mine, events.c.kind == "read", events.c.version == marks.c.version)
    return case((and_(step.in_(("issued", "updated")), was_read), "read"), else_=step)


def _decision() -> ColumnElement[str]:
    """What was decided last, or empty."""
    events = schema.alert_events
    last = select(events.c.decision).where(events.c.alert_id == schema.alert_marks.c.alert_id, events.c.decision != "")
    return func.coalesce(last.order_by(events.c.position.desc()).limit(1).scalar_subquery(), "")


def _narrowed(unit: ColumnElement[str], area: str) -> list[ColumnElement[bool]]:
    return [or_(unit == area, unit.startswith(f"{area}/", autoescape=True))] if area else []


def _days(day: ColumnElement[str], sort: Sort) -> list[ColumnElement[bool]]:
    bounds = [day >= bindparam("since")] if "since" in sort.given else []
    return [*bounds, day <= bindparam("until")] if "until" in sort.given else bounds
