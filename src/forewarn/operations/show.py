"""Looking at one thing in full: a report, claim or incident, down to the row as it was received.

This is the analyst's own view inside the workspace; nothing of it is made to be passed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from forewarn.assess import current_judgements, quarantined_claims
from forewarn.clock import instant_text
from forewarn.errors import UsageError, shorten
from forewarn.model.casualty import CasualtyRecord, CountOverruling
from forewarn.operations.grading import grades_for
from forewarn.operations.trace import Traced, trace_claims, trace_reports
from forewarn.operations.workspace import Workspace
from forewarn.store import decisions, grading, reading, schema
from forewarn.store.casualties import read_recorded
from forewarn.store.corrections import Corrections, corrections

__all__ = ["Shown", "corrected_values", "judgements_among", "show"]

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
        grades: reliability of the sources and credibility of the claims; F and 6 where nobody graded, hidden from a
            person who has not graded it until they ask to see it, which is kept.
        judgements: what joins or parts the claims, with reason and author.
        kept_out: its claims that are in quarantine, with kind and reason: they are counted nowhere.
        corrected: each value that a person put in place of what was read, with the value as received; the record and
            the claims are shown as corrected.
        overruled: of an incident, each count that a person recorded or overruled in place of what its claims give.
    """

    kind: str
    record: dict[str, Any]
    claims: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    grades: list[dict[str, Any]] = field(default_factory=list)
    judgements: list[dict[str, Any]] = field(default_factory=list)
    kept_out: list[dict[str, Any]] = field(default_factory=list)
    corrected: list[dict[str, Any]] = field(default_factory=list)
    overruled: list[dict[str, Any]] = field(default_factory=list)


def show(workspace: Workspace, name: str, *, by: str = "", grades: bool = False) -> Shown:
    """The report, claim or incident of that id, or of an id that begins so, as this person may see it.

    With ``grades`` every grade on it is shown, and that this person has seen them is kept.
    """
    prefix = name.partition("_")[0]
    if prefix not in _KINDS:
        raise UsageError(
            f"'{shorten(name)}' is no id of a report, claim or incident", mend="ids begin rpt_, clm_, inc_"
        )
    table, key, noun = _KINDS[prefix]
    if grades and not by:
        raise UsageError("whoever is shown grades is kept by name", where="--grades", mend="give --by, or set author")
    opened = workspace.database.writing if grades else workspace.database.reading
    with opened() as connection:
        full = reading.find_id(connection, table, key, name, noun)
        record = dict(connection.execute(select(*table.columns).where(table.c[key] == full)).mappings().one())
        claim_ids = _claim_ids(connection, noun, full)
        below = trace_claims(workspace, connection, claim_ids)
        held = corrections(connection, {full, *claim_ids})
        record = dict(held.rows.get(full, record))
        if noun == "report" and not claim_ids:
            below = trace_reports(workspace, connection, [full])
        return Shown(
            noun,
            record,
            list(below.claims.values()),
            list(below.reports.values()),
            dict(below.rows),
            grades_for(workspace, connection, _graded(claim_ids, below.reports), by=by, reveal=grades),
            judgements_among(connection, set(claim_ids)),
            _kept_out(connection, claim_ids, below),
            [line for claim in claim_ids for line in corrected_values(held, claim)],
            _overruled(connection, set(claim_ids)) if noun == "incident" else [],
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


def _graded(claims: list[str], reports: Mapping[str, dict[str, Any]]) -> dict[str, list[str]]:
    """What is graded on which axis: the sources behind, and the claims."""
    return {"reliability": [report["source_id"] for report in reports.values()], "credibility": claims}


def _kept_out(connection: Connection, claims: list[str], below: Traced) -> list[dict[str, Any]]:
    known = [claim for claim in claims if claim in below.claims]
    sources = [below.reports[below.claims[claim]["report_id"]]["source_id"] for claim in known]
    shape = dict.fromkeys(("claim_id", "source_id"), pl.String)
    frame = pl.DataFrame({"claim_id": known, "source_id": sources}, schema=shape)
    return quarantined_claims(frame, grading.read_quarantines(connection)).to_dicts()


def corrected_values(held: Corrections, claim: str) -> Iterator[dict[str, Any]]:
    """Each column of a claim that reads otherwise than received, with whose word it is that holds."""
    for column, before, after in held.told(claim):
        said = [
            one
            for one in held.by[claim]
            if one.decision_id not in held.passed_over and column in {change.name for change in one.changes}
        ]
        last = said[-1]
        yield {
            "claim_id": claim,
            "column": column,
            "received": before,
            "corrected": after,
            "by": last.by,
            "at": instant_text(last.at),
            "reason": last.why,
            "decision": last.decision_id,
        }


def _overruled(connection: Connection, claims: set[str]) -> list[dict[str, Any]]:
    """What people put in place of counts of the incident that holds these claims, the records first."""
    made = read_recorded(connection)
    said: list[tuple[str, str, list[str], str, CasualtyRecord | CountOverruling]]
    said = [("record", one.record_id, sorted(one.counts), "", one) for one in made.records if one.claim_id in claims]
    said += [
        ("overruling", one.overruling_id, [one.counted], str(one.number), one)
        for one in made.overrulings
        if one.claim_id in claims
    ]
    return [
        {"kind": kind, "id": name, "counts": counts, "number": number, "by": one.author, "reason": one.reason}
        for kind, name, counts, number, one in said
    ]


def judgements_among(connection: Connection, claims: set[str]) -> list[dict[str, Any]]:
    """What joins or parts these claims now, by rule or by people, with reason and author."""
    held = current_judgements(decisions.read_judgements(connection, sorted(claims)))
    inside = held.filter(held["left"].is_in(claims) & held["right"].is_in(claims))
    return inside.select("judgement_id", "left", "right", "verdict", "kind", "author", "score", "reason").to_dicts()
