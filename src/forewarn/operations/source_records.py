"""What became of the claims of each source, from the store: the incidents as they stand, and what was taken back.

A claim was taken back when the last word on its report is that a complete release no longer holds it.
"""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection, func, select

from forewarn.assess import TrackRecord, track_records
from forewarn.model import tables
from forewarn.operations.knowledge import knowledge
from forewarn.operations.workspace import Workspace
from forewarn.store import reading, schema

__all__ = ["all_records", "records_of"]


def all_records(workspace: Workspace, connection: Connection) -> dict[str, TrackRecord]:
    """The record of every source, by id, as known today."""
    known = knowledge(connection, workspace.today)
    gone = _taken_back(connection)
    columns = [*(column.name for column in tables.CLAIM_COLUMNS), "source_id"]
    claims = pl.concat([known.claims.select(columns), gone.select(columns)]).unique("claim_id", maintain_order=True)
    return track_records(claims, known.assembly.trace, gone["claim_id"].to_list())


def records_of(workspace: Workspace, connection: Connection, source_id: str) -> TrackRecord:
    """The record of one source; empty where it has no claims."""
    return all_records(workspace, connection).get(source_id, TrackRecord(source_id, {}))


def _taken_back(connection: Connection) -> pl.DataFrame:
    """The claims, with ``source_id``, of reports whose latest standing is that they were withdrawn."""
    standings, reports = schema.standings, schema.reports
    latest = select(func.max(standings.c.sequence)).group_by(standings.c.report_id)
    query = (
        select(reports.c.report_id, reports.c.source_id)
        .join(standings, standings.c.report_id == reports.c.report_id)
        .where(standings.c.sequence.in_(latest), standings.c.standing == "withdrawn")
    )
    shape = {"report_id": pl.String, "source_id": pl.String}
    gone = pl.DataFrame([tuple(row) for row in connection.execute(query)], schema=shape, orient="row")
    ids = _claims_of_reports(connection, gone["report_id"].to_list())
    return reading.claims_of(connection, ids).join(gone, on="report_id")


def _claims_of_reports(connection: Connection, report_ids: list[str]) -> list[str]:
    table = schema.claims
    found: list[str] = []
    for start in range(0, len(report_ids), 500):
        query = select(table.c.claim_id).where(table.c.report_id.in_(report_ids[start : start + 500]))
        found += connection.execute(query).scalars()
    return sorted(found)
