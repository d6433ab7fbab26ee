"""What a viewer may read, and do with alerts: the reading side of the front door.

Every function takes a :class:`Viewer`. A record that may not be seen is answered as one that does not exist, so that a
guessed id tells nothing; each sensitive record that is shown is kept with the reason, before it is handed on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from forewarn.clock import instant_from_text
from forewarn.errors import SeparationError, UnknownNameError
from forewarn.model.access import SENSITIVE_FROM, Viewer
from forewarn.model.alert_life import AlertState
from forewarn.model.provenance import Sensitivity
from forewarn.operations.alert import AlertSummary, Step, alert_lives, step, summary_of
from forewarn.operations.alert_text import ShownAlert, show_alert
from forewarn.operations.grading import grades_for
from forewarn.operations.show import corrected_values, judgements_among
from forewarn.operations.trace import Traced, deaths_words, said_of, trace_claims
from forewarn.operations.workspace import Workspace
from forewarn.store import accounts, schema, viewed
from forewarn.store.corrections import corrections
from forewarn.store.listed import Wanted
from forewarn.taxonomy import is_fictional

__all__ = [
    "AlertListed",
    "IncidentShown",
    "alert_for",
    "alerts_for",
    "alerts_listed",
    "incident_for",
    "incident_of",
    "incidents_for",
    "keep_sights",
    "listed_incidents",
    "row_for",
    "step_for",
]


_ALL = 1_000_000
_LARGE_BYTES = 5_000_000
"""A row of a larger file is looked up when asked for alone: it takes a second in a file of a million rows."""


@dataclass(frozen=True, slots=True)
class IncidentShown:
    """An incident with those of its claims that the viewer may be shown, and the way down to each row.

    Attributes:
        incident: its columns, and whether it is ``fictional``.
        deaths: its deaths in words.
        claims: each with ``said``, ``report``, the cells ``row`` as received (empty where it stands ``row_apart``, in a
            large file: :func:`row_for`), its ``grades`` as this person may see them, and what was ``corrected`` of it.
        unseen: how many of its claims this person's roles do not show.
        judgements: what joins or parts the claims that are shown, with reason and author.
    """

    incident: dict[str, Any]
    deaths: str
    claims: list[dict[str, Any]] = field(default_factory=list)
    unseen: int = 0
    judgements: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AlertListed:
    """An alert in a list: where it stands, and whether its deadline has passed unanswered."""

    alert_id: str
    unit: str
    level: str
    version: int
    status: str
    what_could_happen: str
    addressee: str
    decision: str
    decision_needed_by: datetime
    overdue: bool
    fictional: bool


def incidents_for(
    workspace: Workspace, viewer: Viewer, *, area: str = "", after: tuple[str, str] | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """Incidents the viewer may be shown, the latest first, with deaths in words and whether fictional."""
    return listed_incidents(workspace, viewer, Wanted(area=area, after=after, limit=limit))


def listed_incidents(workspace: Workspace, viewer: Viewer, wanted: Wanted) -> list[dict[str, Any]]:
    """The same for whatever a list is asked for."""
    with workspace.database.reading() as connection:
        rows = viewed.seen_incidents(connection, viewer, wanted)
        sensitive = viewed.sensitive_incidents(connection, [row["incident_id"] for row in rows])
    keep_sights(workspace, viewer, [("incident", one) for one in sensitive])
    return [{**row, "deaths": deaths_words(row), "fictional": is_fictional(row["country"])} for row in rows]


def incident_for(workspace: Workspace, viewer: Viewer, incident_id: str) -> IncidentShown:
    """An incident side by side with its claims. Raises :class:`UnknownNameError` where the viewer may not see it."""
    with workspace.database.reading() as connection:
        rows = viewed.seen_incidents(connection, viewer, Wanted(only=incident_id, limit=1))
        if not rows:
            raise UnknownNameError("no such incident", mend="see the list of incidents")
        table = schema.incident_claims
        query = select(table.c.claim_id).where(table.c.incident_id == incident_id)
        members = sorted(connection.execute(query).scalars())
        seen = sorted(viewed.seen_claims(connection, viewer, members))
        below = trace_claims(workspace, connection, seen, largest_bytes=_LARGE_BYTES)
        sensitive = viewed.sensitive_incidents(connection, [incident_id])
        sources = [report["source_id"] for report in below.reports.values()]
        graded = {"reliability": sorted(set(sources)), "credibility": seen}
        grades = grades_for(workspace, connection, graded, by=viewer.name, reveal=False)
        held = corrections(connection, seen)
        judgements = judgements_among(connection, set(seen))
    shown = [dict(claim) for claim in below.claims.values() if _covered(viewer, claim)]
    high = [one["claim_id"] for one in shown if Sensitivity.kept(one["sensitivity"]).rank >= SENSITIVE_FROM.rank]
    keep_sights(workspace, viewer, [*(("incident", one) for one in sensitive), *(("claim", one) for one in high)])
    claims = [
        {
            **one,
            "said": said_of(one),
            "from": [name for name, _ in json.loads(one["origins"] or "[]")],
            "report": below.reports.get(one["report_id"], {}),
            "row": below.rows.get(one["report_id"], {}),
            "row_apart": int(below.reports.get(one["report_id"], {}).get("size_bytes") or 0) > _LARGE_BYTES,
            "grades": [grade for grade in grades if grade["subject"] in (one["claim_id"], _source_of(below, one))],
            "corrected": list(corrected_values(held, one["claim_id"])),
        }
        for one in shown
    ]
    one = {**rows[0], "fictional": is_fictional(rows[0]["country"])}
    return IncidentShown(one, deaths_words(one), claims, len(members) - len(shown), judgements)


def incident_of(workspace: Workspace, viewer: Viewer, claim_id: str) -> str:
    """The incident that a claim is part of. Raises :class:`UnknownNameError` where the viewer may not see the claim."""
    with workspace.database.reading() as connection:
        table = schema.incident_claims
        found = connection.execute(select(table.c.incident_id).where(table.c.claim_id == claim_id)).scalar()
        if found is None or not viewed.seen_claims(connection, viewer, [claim_id]):
            raise UnknownNameError("no such claim", mend="see the list of incidents")
    return str(found)


def row_for(workspace: Workspace, viewer: Viewer, claim_id: str) -> dict[str, Any]:
    """The ``report`` of a claim and its ``row`` as received. Raises :class:`UnknownNameError` where it may not be seen.

    A sensitive claim that is shown is kept as a sight.
    """
    incident_of(workspace, viewer, claim_id)
    with workspace.database.reading() as connection:
        below = trace_claims(workspace, connection, [claim_id])
    claim = below.claims[claim_id]
    if not _covered(viewer, claim):
        raise UnknownNameError("no such claim", mend="see the list of incidents")
    if Sensitivity.kept(claim["sensitivity"]).rank >= SENSITIVE_FROM.rank:
        keep_sights(workspace, viewer, [("claim", claim_id)])
    name = claim["report_id"]
    return {"claim_id": claim_id, "report": below.reports.get(name, {}), "row": below.rows.get(name, {})}


def alerts_for(
    workspace: Workspace, viewer: Viewer, wanted: Wanted | None = None, *, latest: bool = False
) -> list[AlertSummary]:
    """The alerts the viewer may be shown with what may follow in their life, the soonest deadline first, or the latest.

    Each is read whole; where a line of each is enough, :func:`alerts_listed` is quicker.
    """
    with workspace.database.reading() as connection:
        rows = viewed.seen_alerts(connection, viewer, wanted or Wanted(limit=_ALL), latest=latest)
        lives = alert_lives(connection, [row["alert_id"] for row in rows])
    keep_sights(workspace, viewer, _sensitive_alerts(rows))
    return [summary_of(life, workspace.now) for life in lives]


def alerts_listed(workspace: Workspace, viewer: Viewer, wanted: Wanted, *, latest: bool = False) -> list[AlertListed]:
    """A page of the alerts the viewer may be shown, a line each, the soonest deadline first, or the latest."""
    with workspace.database.reading() as connection:
        rows = viewed.seen_alerts(connection, viewer, wanted, latest=latest)
    keep_sights(workspace, viewer, _sensitive_alerts(rows))
    return [_listed(row, workspace.now) for row in rows]


def alert_for(workspace: Workspace, viewer: Viewer, alert_id: str) -> ShownAlert:
    """An alert in full. Raises :class:`UnknownNameError` where the viewer may not see it."""
    if not alerts_listed(workspace, viewer, Wanted(only=alert_id, limit=1)):
        raise UnknownNameError("no such alert", mend="see the list of alerts")
    return show_alert(workspace, alert_id)


def step_for(workspace: Workspace, viewer: Viewer, alert_id: str, wanted: Step) -> AlertState:
    """Take a step on an alert that the viewer may see, if their roles allow that step; ``by`` is the viewer."""
    alert_for(workspace, viewer, alert_id)
    if f"alert_{wanted.kind}" not in viewer.acts:
        raise SeparationError("your roles do not allow this step", where=wanted.kind, mend="ask who may")
    return step(workspace, alert_id, Step(wanted.kind, viewer.name, wanted.note, wanted.decision, wanted.outcome))


def _source_of(below: Traced, claim: Any) -> str:
    return str(below.reports.get(claim["report_id"], {}).get("source_id", ""))


def _covered(viewer: Viewer, claim: Any) -> bool:
    """Also as corrected: a correction never shows more than what was received would."""
    return viewer.may_see("claim", claim["country"], claim["admin1"], Sensitivity.kept(claim["sensitivity"]))


def _sensitive_alerts(rows: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    return [("alert", row["alert_id"]) for row in rows if row["sensitivity"] not in viewed.CALM]


def _listed(row: dict[str, Any], now: datetime) -> AlertListed:
    said, deadline = json.loads(row["body"]), instant_from_text(row["decision_needed_by"])
    return AlertListed(
        alert_id=row["alert_id"],
        unit=row["unit"],
        level=row["level"],
        version=row["version"],
        status=row["status"],
        what_could_happen=said["what_could_happen"],
        addressee=said["addressee"],
        decision=row["decision"],
        decision_needed_by=deadline,
        overdue=row["status"] in ("issued", "updated", "read") and now > deadline,
        fictional=bool(said.get("fictional")),
    )


def keep_sights(workspace: Workspace, viewer: Viewer, seen: list[tuple[str, str]]) -> None:
    """Keep that the viewer was shown sensitive records, as kind and id, before they are handed on."""
    if seen:
        with workspace.database.writing() as connection:
            accounts.add_sights(connection, viewer, seen, at=workspace.now)
