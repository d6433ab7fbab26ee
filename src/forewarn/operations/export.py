"""Exporting claims, incidents, reports or their lineage to a file, through disclosure, a part at a time.

One row per claim, incident or report, by id; claims carry ``external_id`` and ``incident_id``. An incident takes the
highest sensitivity among its claims. Lineage is one row per claim with the report and the bytes it goes back to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection, Select, case, func, select

from forewarn.errors import UnknownNameError, UsageError, shorten
from forewarn.exchange import LINEAGE_FIELDS, Release, format_of, release, write_releases
from forewarn.model.provenance import Sensitivity
from forewarn.model.tables import CLAIM_COLUMNS, INCIDENT_COLUMNS, REPORT_COLUMNS
from forewarn.operations.ahead import ahead
from forewarn.operations.workspace import Workspace
from forewarn.store import reading, schema
from forewarn.store.corrections import corrections

__all__ = ["EXPORTS", "Exported", "export", "whole"]

Question = tuple[Select[Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: rows, of them coarsened and withheld by sensitivity, and the format."""

    what: str
    file: str
    format: str
    rows: int
    coarsened: int
    withheld: int


def export(
    workspace: Workspace, what: str, out: Path | None, *, as_known_at: date | None = None, incident: str = ""
) -> Exported:
    """Write what may leave of one of :data:`EXPORTS` to a file; by default CSV in the outputs.

    Args:
        what: what to write.
        out: where.
        as_known_at: as known then; not for incidents.
        incident: of lineage, that of one incident alone, by the beginning of its id.
    """
    if what not in EXPORTS:
        raise UsageError(f"'{shorten(what)}' cannot be exported", mend=f"use one of {', '.join(sorted(EXPORTS))}")
    target = workspace.output(out, f"{what}.csv")
    counts = _Counts()
    with workspace.database.reading() as connection:
        query, shape = EXPORTS[what](connection, as_known_at)
        query = _of_incident(connection, query, what, incident)
        format_of(target)
        held = corrections(connection)
        read = reading.frames(connection, query, shape)
        frames = (held.lay_over(rows) if what == "claims" else rows for rows in read)
        parts = (counts.note(release(rows)) for rows in ahead(frames))
        written = write_releases(parts, target, at=workspace.now)
    return Exported(what, target.name, written, counts.rows, counts.coarsened, counts.withheld)


def whole(connection: Connection, what: str) -> pl.DataFrame:
    """All rows of an export as known now, in one piece and before disclosure: for operations that disclose them."""
    query, shape = EXPORTS[what](connection, None)
    rows = pl.concat(reading.frames(connection, query, shape))
    return corrections(connection).lay_over(rows) if what == "claims" else rows


@dataclass(slots=True)
class _Counts:
    """What has been released so far."""

    rows: int = 0
    coarsened: int = 0
    withheld: int = 0

    def note(self, made: Release) -> Release:
        self.rows += made.rows.height
        self.coarsened += made.coarsened
        self.withheld += made.withheld
        return made


def _claims(connection: Connection, as_known_at: date | None) -> Question:
    members = schema.incident_claims
    query: Any = reading.current_claims(connection, as_known_at=as_known_at)
    query = query.outerjoin(members, members.c.claim_id == schema.claims.c.claim_id)
    columns = (*schema.claims.columns, schema.sources.c.name, members.c.incident_id)
    chosen: Select[Any] = query.with_only_columns(*columns)
    shape = reading.frame_schema(CLAIM_COLUMNS) | {"source_name": pl.String, "incident_id": pl.String}
    # As an expression, so that the rows are sorted: to follow the index takes half as long again.
    return chosen.order_by(func.coalesce(schema.claims.c.claim_id, "")), shape


def _incidents(connection: Connection, as_known_at: date | None) -> Question:
    if as_known_at is not None:
        raise UsageError("incidents are exported as known now", where="--as-known-at", mend="export claims instead")
    ranks = {member.value: member.rank for member in Sensitivity}
    claims, members, table = schema.claims, schema.incident_claims, schema.incidents
    most = max(ranks.values())
    rank = func.max(case(ranks, value=claims.c.sensitivity, else_=most)).label("rank")
    highest = select(members.c.incident_id, rank).join(claims, claims.c.claim_id == members.c.claim_id)
    found = highest.group_by(members.c.incident_id).subquery("highest")
    word = case({rank: name for name, rank in ranks.items()}, value=found.c.rank, else_=Sensitivity.SEVERE.value)
    query: Any = select(*table.columns, word).outerjoin(found, found.c.incident_id == table.c.incident_id)
    query = query.order_by(table.c.incident_id)
    return query, reading.frame_schema(INCIDENT_COLUMNS) | {"sensitivity": pl.String}


def _reports(connection: Connection, as_known_at: date | None) -> Question:
    query: Any = select(*schema.reports.columns).order_by(schema.reports.c.report_id)
    if as_known_at is not None:
        query = query.where(schema.reports.c.known_on <= as_known_at.isoformat())
    return query, reading.frame_schema(REPORT_COLUMNS)


def _lineage(connection: Connection, as_known_at: date | None) -> Question:
    claims, reports, members = schema.claims, schema.reports, schema.incident_claims
    query: Any = reading.current_claims(connection, as_known_at=as_known_at)
    query = query.outerjoin(members, members.c.claim_id == claims.c.claim_id)
    columns = {column.name: column for column in (*reports.columns, *claims.columns)}
    columns |= {"incident_id": members.c.incident_id}
    chosen: Select[Any] = query.with_only_columns(*(columns[name] for name in LINEAGE_FIELDS))
    shape = reading.frame_schema([*REPORT_COLUMNS, *CLAIM_COLUMNS]) | {"incident_id": pl.String}
    return chosen.order_by(func.coalesce(claims.c.claim_id, "")), {name: shape[name] for name in LINEAGE_FIELDS}


def _of_incident(connection: Connection, query: Select[Any], what: str, incident: str) -> Select[Any]:
    """The question asked of one incident alone, where one is named."""
    if not incident:
        return query
    if what != "lineage":
        raise UsageError("is for lineage", where="--incident", mend="leave it out")
    name = schema.incidents.c.incident_id
    ids = connection.execute(select(name).where(name.startswith(incident, autoescape=True))).scalars().fetchmany(2)
    if len(ids) != 1:
        problem = "more than one incident begins" if ids else "no incident"
        raise UnknownNameError(f"{problem} '{shorten(incident)}'", mend="see 'forewarn export incidents'")
    return query.where(schema.incident_claims.c.incident_id == ids[0])


EXPORTS = {"claims": _claims, "incidents": _incidents, "lineage": _lineage, "reports": _reports}
"""What can be exported, and the question that gives its rows."""
