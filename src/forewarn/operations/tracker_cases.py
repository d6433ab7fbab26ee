"""Accountability beside incidents, and incidents beside truces.

Owns two read views and one act. The status of a case is what somebody found on public record, hung on a claim of the
incident; without any it says that no public record was found, which proves nothing. Incidents within the area and days
of a truce are listed with what could be seen then; who broke it is not said, for nothing here knows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import polars as pl
from sqlalchemy import Connection, select

from forewarn.assess import coverage, coverage_sentence
from forewarn.clock import month_of
from forewarn.errors import UnknownNameError, UsageError, shorten
from forewarn.model.place import UnitLevel
from forewarn.model.tracked import CaseEntry
from forewarn.operations.knowledge import Knowledge, knowledge
from forewarn.operations.situation import area_named
from forewarn.operations.tracker import ItemView, refuse_names, refuse_verdicts, shown, views_of
from forewarn.operations.workspace import Workspace
from forewarn.respond.tracker import CaseView, case_view
from forewarn.store import reading, schema
from forewarn.store.tracker import add_case, read_cases
from forewarn.store.tracker_tables import case_entries
from forewarn.taxonomy.tracker import case_words

__all__ = ["CaseIncident", "Cases", "TruceShown", "cases", "record_case", "truce", "undo_case"]


@dataclass(frozen=True, slots=True)
class CaseIncident:
    """An incident in a list: when, where, what, how far it is known, and what is on record about it."""

    incident_id: str
    started_on: str
    country: str
    admin1: str
    act: str
    status: str
    independent_origins: int
    case: CaseView


@dataclass(frozen=True, slots=True)
class Cases:
    """A situation's accountability processes, and its incidents with what is on public record about each."""

    unit: str
    processes: list[ItemView]
    words: str
    incidents: list[CaseIncident]


@dataclass(frozen=True, slots=True)
class TruceShown:
    """A truce and the incidents within its area and days; ``words`` says what they do not show."""

    truce: ItemView
    first: date
    last: date
    incidents: list[CaseIncident]
    sight: str
    words: str


def cases(workspace: Workspace, unit: str, *, as_known_at: date) -> Cases:
    """The processes of a situation and the case status of each of its incidents, latest first."""
    area = area_named(unit)
    with workspace.database.reading() as connection:
        found = _incidents(connection, knowledge(connection, as_known_at), area)
        processes = [
            v for v in views_of(connection, workspace.today) if v.item.kind == "process" and v.item.unit == area
        ]
    words = "" if processes else "No public record found of an accountability process for this situation."
    return Cases(area, processes, words, found)


def record_case(workspace: Workspace, name: str, status: str, *, by: str, **more: object) -> CaseEntry:
    """Record what is on public record about an incident, or that somebody looked and found none.

    Args:
        workspace: a workspace.
        name: the incident's id, or that of one of its claims, or the beginning of one.
        status: of the cases in ``taxonomy/tracker.yaml``.
        by: who records it.
        more: ``source``, and where they are told ``body``, ``on`` and ``note``.
    """
    if status not in case_words():
        raise UsageError(f"'{shorten(status)}' is no status", where="status", mend=f"use {', '.join(case_words())}")
    refuse_names(body=str(more.get("body", "")), note=str(more.get("note", "")))
    refuse_verdicts(note=str(more.get("note", "")))
    with workspace.database.writing() as connection:
        made = CaseEntry(_claim_of(connection, name), status, by=by, at=workspace.now, **more)  # type: ignore[arg-type]
        add_case(connection, made)
    return made


def undo_case(workspace: Workspace, name: str, *, by: str, why: str) -> CaseEntry:
    """Take a case entry back."""
    with workspace.database.writing() as connection:
        full = reading.find_id(connection, case_entries, "case_id", name, "case entry")
        taken = next(one for one in read_cases(connection) if one.case_id == full)
        made = CaseEntry(taken.claim_id, "", "", by, workspace.now, note=why, undoes=full)
        add_case(connection, made)
    return made


def truce(workspace: Workspace, name: str, *, as_known_at: date) -> TruceShown:
    """A truce with the incidents known in its area from its first to its last day, or to the day of knowledge."""
    view, _ = shown(workspace, name)
    item = view.item
    if item.kind != "truce" or item.starts_on is None:
        raise UsageError(f"is a {item.kind}", where=f"item {shorten(name)}", mend="name a truce")
    last = min(_ended_on(view) or view.due_on or as_known_at, as_known_at)
    with workspace.database.reading() as connection:
        known = knowledge(connection, as_known_at)
        found = _incidents(connection, known, item.unit, item.starts_on, last)
        months = range(month_of(item.starts_on), max(month_of(last), month_of(item.starts_on)) + 1)
        sight = coverage_sentence(coverage(known.statements, [item.unit], months), item.unit)
    words = (
        "Incidents reported inside the area and days of the truce. They show neither who acted nor whether the truce "
        "was broken; no report is not calm."
    )
    return TruceShown(view, item.starts_on, last, found, sight, words)


def _ended_on(view: ItemView) -> date | None:
    """The day somebody recorded that a truce ended; missing where nobody did."""
    ends = [one.on for one in view.history if one.kind == "state" and one.value == "ended" and one.on]
    return ends[-1] if ends and view.state == "ended" else None


def _incidents(
    connection: Connection, known: Knowledge, area: str, first: date | None = None, last: date | None = None
) -> list[CaseIncident]:
    level = UnitLevel.ADMIN1 if "/" in area else UnitLevel.COUNTRY
    frame = known.incidents(level).filter(pl.col("unit") == area)
    if first is not None and last is not None:
        began = pl.col("started_on").cast(pl.String)
        ended = pl.coalesce(pl.col("ended_on").cast(pl.String), began)
        frame = frame.filter((began <= last.isoformat()) & (ended >= first.isoformat()))
    by_claim: dict[str, list[CaseEntry]] = defaultdict(list)
    for entry in read_cases(connection):
        by_claim[entry.claim_id].append(entry)
    made = []
    for row in frame.sort("started_on", descending=True, nulls_last=True).iter_rows(named=True):
        own = [one for claim in row["claim_ids"] if claim in by_claim for one in by_claim[claim]]
        made.append(
            CaseIncident(
                incident_id=row["incident_id"],
                started_on=str(row["started_on"] or ""),
                country=row["country"],
                admin1=row["admin1"] or "",
                act=row["act"] or "",
                status=row["status"],
                independent_origins=int(row["independent_origins"] or 0),
                case=case_view(own),
            )
        )
    return made


def _claim_of(connection: Connection, name: str) -> str:
    """A claim of the incident that is named, or the claim itself."""
    if name.startswith("clm_"):
        return reading.find_id(connection, schema.claims, "claim_id", name, "claim")
    prefix = name if name.startswith("inc_") else f"inc_{name}"
    incident = reading.find_id(connection, schema.incident_claims, "incident_id", prefix, "incident")
    table = schema.incident_claims
    query = select(table.c.claim_id).where(table.c.incident_id == incident).order_by(table.c.claim_id).limit(1)
    found = connection.execute(query).scalar()
    if found is None:
        raise UnknownNameError(f"no incident '{shorten(name)}'", mend="see 'forewarn tracker cases UNIT'")
    return str(found)
