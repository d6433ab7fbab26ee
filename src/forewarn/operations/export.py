"""Exporting claims, incidents or reports to a file, through disclosure.

One row per claim, incident or report; claims carry ``external_id`` and ``incident_id``. An incident takes the
highest sensitivity among its claims.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from sqlalchemy import Connection, select

from forewarn.errors import UsageError, shorten
from forewarn.exchange import release, write_release
from forewarn.model.provenance import Sensitivity
from forewarn.model.tables import REPORT_COLUMNS
from forewarn.operations.workspace import Workspace
from forewarn.store import reading, schema

__all__ = ["EXPORTS", "Exported", "export"]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: rows, of them coarsened and withheld by sensitivity, and the format."""

    what: str
    file: str
    format: str
    rows: int
    coarsened: int
    withheld: int


def export(workspace: Workspace, what: str, out: Path | None, *, as_known_at: date | None = None) -> Exported:
    """Write what may leave of the claims, incidents or reports to a file; by default CSV in the outputs."""
    if what not in EXPORTS:
        raise UsageError(f"'{shorten(what)}' cannot be exported", mend=f"use one of {', '.join(sorted(EXPORTS))}")
    target = workspace.output(out, f"{what}.csv")
    with workspace.database.reading() as connection:
        rows = EXPORTS[what](connection, as_known_at)
    made = release(rows)
    written = write_release(made, target)
    return Exported(what, target.name, written, made.rows.height, made.coarsened, made.withheld)


def _claims(connection: Connection, as_known_at: date | None) -> pl.DataFrame:
    claims = reading.read_claims(connection, as_known_at=as_known_at).drop("source_id")
    members = reading.incident_members(connection)
    return claims.join(members, on="claim_id", how="left", maintain_order="left")


def _incidents(connection: Connection, as_known_at: date | None) -> pl.DataFrame:
    if as_known_at is not None:
        raise UsageError("incidents are exported as known now", where="--as-known-at", mend="export claims instead")
    incidents = reading.read_incidents(connection)
    claims = reading.read_claims(connection).select("claim_id", "sensitivity")
    rank = {member.value: member.rank for member in Sensitivity}
    highest = (
        reading.incident_members(connection)
        .join(claims, on="claim_id")
        .with_columns(pl.col("sensitivity").replace_strict(rank, default=3, return_dtype=pl.Int64).alias("rank"))
        .sort("rank", descending=True)
        .unique("incident_id", keep="first", maintain_order=True)
        .select("incident_id", "sensitivity")
    )
    joined = incidents.join(highest, on="incident_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col("sensitivity").fill_null(Sensitivity.SEVERE.value))


def _reports(connection: Connection, as_known_at: date | None) -> pl.DataFrame:
    query = select(*schema.reports.columns).order_by(schema.reports.c.report_id)
    if as_known_at is not None:
        query = query.where(schema.reports.c.known_on <= as_known_at.isoformat())
    rows = [tuple(row) for row in connection.execute(query)]
    return pl.DataFrame(rows, schema=reading.frame_schema(REPORT_COLUMNS), orient="row")


EXPORTS = {"claims": _claims, "incidents": _incidents, "reports": _reports}
"""What can be exported, and where its rows come from."""
