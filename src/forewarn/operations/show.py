"""Looking at one thing in full: a report, claim or incident, down to the row as it was received.

This is the analyst's own view inside the workspace; nothing of it is made to be passed on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from forewarn.assess import current_judgements, grades_of
from forewarn.errors import UsageError, shorten
from forewarn.operations.trace import trace_claims, trace_reports
from forewarn.operations.workspace import Workspace
from forewarn.store import decisions, reading, schema

__all__ = ["Shown", "show"]

_KINDS = {
    "rpt": (schema.reports, "report_id", "report"),
    "clm": (schema.claims, "claim_id", "claim"),
    "inc": (schema.incidents, "incident_id", "incident"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing and what it rests on.

    Attributes:
        kind: report, claim or incident.
        record: its own columns.
        claims: the claims it makes, or is made of.
        reports: the reports behind them, with source, snapshot and row number.
        rows: by report id, the cells as received.
        grades: reliability of the sources and credibility of the claims; F and 6 where nobody graded.
        judgements: what joins or parts the claims, with reason and author.
    """

    kind: str
    record: dict[str, Any]
    claims: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    grades: list[dict[str, Any]] = field(default_factory=list)
    judgements: list[dict[str, Any]] = field(default_factory=list)


def show(workspace: Workspace, name: str) -> Shown:
    """The report, claim or incident of that id, or of an id that begins so."""
    prefix = name.partition("_")[0]
    if prefix not in _KINDS:
        raise UsageError(
            f"'{shorten(name)}' is no id of a report, claim or incident", mend="ids begin rpt_, clm_, inc_"
        )
    table, key, noun = _KINDS[prefix]
    with workspace.database.reading() as connection:
        full = reading.find_id(connection, table, key, name, noun)
        record = dict(connection.execute(select(*table.columns).where(table.c[key] == full)).mappings().one())
        claim_ids = _claim_ids(connection, noun, full)
        below = trace_claims(workspace, connection, claim_ids)
        if noun == "report" and not claim_ids:
            below = trace_reports(workspace, connection, [full])
        return Shown(
            noun,
            record,
            list(below.claims.values()),
            list(below.reports.values()),
            dict(below.rows),
            _grades(connection, claim_ids, [report["source_id"] for report in below.reports.values()]),
            _judgements(connection, set(claim_ids)),
        )


def _claim_ids(connection: Connection, noun: str, full: str) -> list[str]:
    if noun == "claim":
        return [full]
    members, claims = schema.incident_claims, schema.claims
    query = (
        select(members.c.claim_id).where(members.c.incident_id == full)
        if noun == "incident"
        else select(claims.c.claim_id).where(claims.c.report_id == full)
    )
    return sorted(connection.execute(query).scalars())


def _grades(connection: Connection, claims: list[str], sources: list[str]) -> list[dict[str, Any]]:
    given = decisions.read_grades(connection)
    rows = []
    for axis, subjects in (("reliability", sources), ("credibility", claims)):
        rows += [{"axis": axis, **row} for row in grades_of(subjects, axis, given).to_dicts()]
    return rows


def _judgements(connection: Connection, claims: set[str]) -> list[dict[str, Any]]:
    held = current_judgements(decisions.read_judgements(connection))
    inside = held.filter(held["left"].is_in(claims) & held["right"].is_in(claims))
    return inside.select("judgement_id", "left", "right", "verdict", "kind", "author", "score", "reason").to_dicts()
