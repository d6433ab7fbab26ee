"""From a claim down to the bytes: its report, its source, its snapshot, and the row as it was received.

Originals are read from the snapshots, each file once however many of its rows are asked for.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection

from forewarn.collect import ChannelDefinition, channel, load_mapping, original_rows
from forewarn.errors import ForewarnError
from forewarn.operations.workspace import Workspace
from forewarn.store import reading

__all__ = ["Traced", "trace_claims", "trace_reports"]


@dataclass(frozen=True, slots=True)
class Traced:
    """Claims with the reports they come from, and the rows as received.

    Attributes:
        claims: by claim id, the flat claim.
        reports: by report id, the flat report with its source and snapshot.
        rows: by report id, the cells as received; absent where the bytes are gone or may not be read.
    """

    claims: Mapping[str, dict[str, Any]]
    reports: Mapping[str, dict[str, Any]]
    rows: Mapping[str, dict[str, str]]


def trace_claims(
    workspace: Workspace, connection: Connection, claim_ids: Iterable[str], *, largest_bytes: int | None = None
) -> Traced:
    """The claims of those ids, down to the rows they were read from; rows of larger files than said are left out."""
    frame = reading.claims_of(connection, sorted(set(claim_ids)))
    claims = {row["claim_id"]: row for row in frame.iter_rows(named=True)}
    ids = frame["report_id"].unique().to_list()
    below = trace_reports(workspace, connection, ids, largest_bytes=largest_bytes)
    return Traced(claims, below.reports, below.rows)


def trace_reports(
    workspace: Workspace, connection: Connection, report_ids: Iterable[str], *, largest_bytes: int | None = None
) -> Traced:
    """The reports of those ids, down to the rows they were read from; rows of larger files than said are left out."""
    reports = reading.report_trail(connection, sorted(set(report_ids)))
    wanted: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for report_id, report in reports.items():
        if largest_bytes is not None and int(report["size_bytes"] or 0) > largest_bytes:
            continue
        wanted[report["snapshot_id"], report["channel"]][int(report["row"])] = report_id
    rows: dict[str, dict[str, str]] = {}
    for (snapshot_id, name), numbers in wanted.items():
        found = _rows(workspace, connection, snapshot_id, name, list(numbers))
        rows |= {numbers[number]: cells for number, cells in found.items()}
    return Traced({}, reports, rows)


def said_of(claim: Mapping[str, Any]) -> str:
    """What a claim says, in one line without its words: day, act, area, deaths."""
    when = claim["started_on"] or "day not said"
    if claim["ended_on"] and claim["ended_on"] != claim["started_on"]:
        when = f"{when} to {claim['ended_on']}"
    where = ", ".join(part for part in (claim["admin1"], claim["country"]) if part) or "place not said"
    return f"{when}: {claim['act'].replace('_', ' ')}, {where}, {deaths_words(claim)}"


def deaths_words(row: Mapping[str, Any]) -> str:
    """The deaths of a claim or incident as a range; unknown where nobody said."""
    low, best, high = (row[f"deaths_{end}"] for end in ("low", "best", "high"))
    if low is None and best is None and high is None:
        return "deaths unknown"
    known = [number for number in (low, best, high) if number is not None]
    least, most = min(known), max(known)
    if least == most:
        return f"{least:,} death" + ("s" if least != 1 else "")
    return f"{least:,} to {most:,} deaths" if best is None else f"{least:,} to {most:,} deaths, best {best:,}"


def origins_of(claim: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    """Who a claim says it comes from, with the day where it gives one."""
    return [(name, on) for name, on in json.loads(claim["origins"] or "[]")]


def _rows(
    workspace: Workspace, connection: Connection, snapshot_id: str, name: str, numbers: list[int]
) -> dict[int, dict[str, str]]:
    definition: ChannelDefinition = channel(name.partition(":")[0])
    mapping_id = reading.mapping_of(connection, snapshot_id, name)
    try:
        mapping = load_mapping(_path(workspace, mapping_id)) if mapping_id else None
        return original_rows(definition, _path(workspace, snapshot_id), numbers, mapping=mapping)
    except ForewarnError:
        return {}  # the trace still names the snapshot and the row; 'forewarn doctor' says what is missing


def _path(workspace: Workspace, snapshot_id: str) -> Path:
    digest = snapshot_id.removeprefix("snp_")
    return workspace.paths.snapshots / digest[:2] / digest


def frame_ids(frame: pl.DataFrame) -> list[str]:
    """The claim ids of a frame of incidents with ``claim_ids``, each once, sorted."""
    return sorted(set(frame["claim_ids"].explode().drop_nulls().to_list()))
