"""Pages of reports, claims, incidents, alerts and decisions for a viewer: what programs are given through the API.

Each function asks the store with the viewer, keeps what was shown that is sensitive, and gives plain rows. What may not
be seen is not selected. Nothing here is a release: the rows are for the person who asks, on this node.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from forewarn.clock import instant_text
from forewarn.errors import UnknownNameError
from forewarn.model.access import Viewer
from forewarn.model.alert import Alert
from forewarn.model.grid import cell_centre
from forewarn.model.provenance import Sensitivity
from forewarn.operations.alert import alert_life
from forewarn.operations.viewing import AlertListed, alerts_listed, keep_sights
from forewarn.operations.workspace import Workspace
from forewarn.store import reading, schema, viewed
from forewarn.store.listed import Wanted, claims_listed, reports_listed
from forewarn.store.releases import current_among
from forewarn.taxonomy import is_fictional

__all__ = [
    "Listed", "Wanted", "alert_row", "alerts_page", "claims_page", "decisions_page", "incident_row", "incidents_page",
    "only_one", "reports_page",
]  # fmt: skip

_CONTENT: TypeAdapter[Alert] = TypeAdapter(Alert)
_ALERT = tuple(field.name for field in fields(AlertListed))


@dataclass(frozen=True, slots=True)
class Listed:
    """A page: its rows, and the place after the last one, missing on the last page."""

    rows: list[dict[str, Any]]
    after: tuple[str, ...] | None = None


def reports_page(workspace: Workspace, viewer: Viewer, wanted: Wanted) -> Listed:
    """Reports that hold claims, the latest known first, with their source."""
    with workspace.database.reading() as connection:
        keys, after = _cut(reports_listed(connection, viewer, _one_more(wanted)), wanted)
        trail = reading.report_trail(connection, [name for _, name in keys])
        current = current_among(connection, trail)
    rows = [trail[name] for _, name in keys if name in trail]
    keep_sights(workspace, viewer, [("report", row["report_id"]) for row in rows if _is_sensitive(row)])
    return Listed([{**row, "current": row["report_id"] in current} for row in rows], after)


def claims_page(workspace: Workspace, viewer: Viewer, wanted: Wanted) -> Listed:
    """Claims, the latest known first, as corrected; ``current`` says whether their report still stands."""
    with workspace.database.reading() as connection:
        keys, after = _cut(claims_listed(connection, viewer, _one_more(wanted)), wanted)
        by_id = reading.claim_rows(connection, [name for _, _, name in keys])
        current = current_among(connection, (report for _, report, _ in keys))
    by_id = {name: row for name, row in by_id.items() if _covers(viewer, row)}
    rows = [_plain(by_id[name]) for _, _, name in keys if name in by_id]
    keep_sights(workspace, viewer, [("claim", row["claim_id"]) for row in rows if _is_sensitive(row)])
    return Listed([{**row, "current": row["report_id"] in current} for row in rows], after)


def incidents_page(workspace: Workspace, viewer: Viewer, wanted: Wanted) -> Listed:
    """Incidents, the latest first; the place is told coarsely to who may not see their claims."""
    with workspace.database.reading() as connection:
        rows, sensitive = _incidents(connection, viewer, _one_more(wanted))
    rows, after = _cut(rows, wanted, ("started_on", "incident_id"))
    shown = {row["incident_id"] for row in rows}
    keep_sights(workspace, viewer, [("incident", one) for one in sensitive if one in shown])
    return Listed([_told(viewer, row, is_sensitive=row["incident_id"] in sensitive) for row in rows], after)


def incident_row(workspace: Workspace, viewer: Viewer, incident_id: str) -> dict[str, Any]:
    """One incident, with the ids of those of its claims that the viewer may be shown, and how many others."""
    row = only_one(incidents_page(workspace, viewer, Wanted(only=incident_id, limit=1)), "incident")
    with workspace.database.reading() as connection:
        table = schema.incident_claims
        query = select(table.c.claim_id).where(table.c.incident_id == incident_id)
        members = sorted(connection.execute(query).scalars())
        seen = sorted(viewed.seen_claims(connection, viewer, members))
    return {**row, "claim_ids": seen, "claims_unseen": len(members) - len(seen)}


def alerts_page(workspace: Workspace, viewer: Viewer, wanted: Wanted) -> Listed:
    """Alerts, the soonest deadline first."""
    found = alerts_listed(workspace, viewer, _one_more(wanted))
    told = [
        {**{name: getattr(one, name) for name in _ALERT}, "decision_needed_by": instant_text(one.decision_needed_by)}
        for one in found
    ]
    return Listed(*_cut(told, wanted, ("decision_needed_by", "alert_id")))


def alert_row(workspace: Workspace, viewer: Viewer, alert_id: str) -> dict[str, Any]:
    """One alert with its whole content and its life."""
    row = only_one(alerts_page(workspace, viewer, Wanted(only=alert_id, limit=1)), "alert")
    with workspace.database.reading() as connection:
        shown = alert_life(connection, alert_id)  # which the line above says may be seen, and has kept
    life = [
        {"kind": one.kind, "by": one.by, "at": instant_text(one.at), "version": one.version, "note": one.note,
         "decision": one.decision, "outcome": one.outcome}
        for one in shown.events
    ]  # fmt: skip
    return {**row, "content": _CONTENT.dump_python(shown.alert, mode="json"), "life": life}


def decisions_page(workspace: Workspace, viewer: Viewer, wanted: Wanted) -> Listed:
    """Decisions on alerts, the latest first, a deadline that passed unanswered among them."""
    with workspace.database.reading() as connection:
        rows = viewed.seen_decisions(connection, viewer, _one_more(wanted))
    rows, after = _cut(rows, wanted, ("at", "event_id"))
    keep_sights(workspace, viewer, [("decision", row["event_id"]) for row in rows if _is_sensitive(row)])
    told = [{"decision_id": row["event_id"], **_without(row, ("event_id", "sensitivity"))} for row in rows]
    return Listed(told, after)


def only_one(page: Listed, noun: str) -> dict[str, Any]:
    """The one row of a page. Raises :class:`UnknownNameError` where there is none that may be seen."""
    if not page.rows:
        raise UnknownNameError(f"no such {noun}", mend=f"see the list of {noun}s")
    return page.rows[0]


def _incidents(connection: Connection, viewer: Viewer, wanted: Wanted) -> tuple[list[dict[str, Any]], list[str]]:
    rows = viewed.seen_incidents(connection, viewer, wanted)
    return rows, viewed.sensitive_incidents(connection, [row["incident_id"] for row in rows])


def _told(viewer: Viewer, row: dict[str, Any], *, is_sensitive: bool) -> dict[str, Any]:
    """An incident as told; to who may not see claims of its kind there, its place as area and half-degree cell."""
    level = Sensitivity.SEVERE if is_sensitive else Sensitivity.MODERATE
    told = {**_plain(row), "fictional": is_fictional(row["country"]), "generalized": False}
    if viewer.may_see("claim", row["country"], row["admin1"], level):
        return told
    latitude, longitude = cell_centre(row["cell"]) if row["cell"] else (None, None)
    coarse = {"admin2": "", "place_name": "", "target": "", "latitude": latitude, "longitude": longitude}
    return {**told, **coarse, "generalized": True}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Lists as lists, not as text."""
    told = {**row, "parties": _list(row["parties"])}
    if "origins" in row:
        told["origins"] = [{"name": name, "on": on} for name, on in _list(row["origins"])]
    return told


def _list(said: str | None) -> list[Any]:
    found: list[Any] = json.loads(said) if said and said != "[]" else []
    return found


def _covers(viewer: Viewer, claim: Mapping[str, Any]) -> bool:
    """Also as corrected: a correction never shows more than what was received would."""
    return viewer.may_see("claim", claim["country"], claim["admin1"], Sensitivity.kept(claim["sensitivity"]))


def _is_sensitive(row: Mapping[str, Any]) -> bool:
    return row["sensitivity"] not in viewed.CALM


def _one_more(wanted: Wanted) -> Wanted:
    return replace(wanted, limit=wanted.limit + 1)


def _cut(found: Sequence[Any], wanted: Wanted, names: tuple[str, ...] = ()) -> tuple[list[Any], tuple[str, ...] | None]:
    """The rows of the page, and the place after it if there are more."""
    rows = list(found[: wanted.limit])
    if len(found) <= wanted.limit or not rows:
        return rows, None
    last = rows[-1]
    return rows, tuple(str(last[name] or "") for name in names) if names else tuple(last)


def _without(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
