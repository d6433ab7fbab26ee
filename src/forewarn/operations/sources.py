"""Sources: who tells, how they have fared, who is kept out of the counts, and whether two claims share an origin.

Listed by name, never by record: this is no ranking. Grades are in the list only on request, and the request is kept,
because whoever has seen a source's reliability no longer grades its claims blind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from sqlalchemy import Connection, case, func, select

from forewarn.assess import OUTCOMES, Suggestion, in_quarantine, propose_reliability
from forewarn.errors import RuleError, UsageError
from forewarn.ids import short
from forewarn.model.grading import OriginRuling, Quarantine
from forewarn.operations.grading import HIDDEN, find_subject, grades_for
from forewarn.operations.knowledge import knowledge
from forewarn.operations.linking import catch_up
from forewarn.operations.review_keep import Entered, Entry, enter
from forewarn.operations.source_records import records_of
from forewarn.operations.workspace import Workspace
from forewarn.store import decisions, grading, reading, schema

__all__ = [
    "KeptOut",
    "OriginsShown",
    "SourceLine",
    "SourceShown",
    "list_sources",
    "quarantine",
    "release",
    "rule_origins",
    "show_origins",
    "show_source",
    "withdraw_ruling",
]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source in the list: how many reports it sent, its reliability where that was asked for, and why it is out."""

    source_id: str
    name: str
    kind: str
    reports: int
    reliability: str
    quarantine: str


@dataclass(frozen=True, slots=True)
class SourceShown:
    """One source in full.

    Attributes:
        source_id, name, kind: who it is.
        reliability: the grade that holds, or hidden, with author, day, basis and reason.
        history: every grade ever given, oldest first; empty while hidden.
        record: by outcome, the claims that came to it.
        proposal: what the record suggests, labelled; it sets nothing.
        quarantines: every quarantine and release, oldest first.
    """

    source_id: str
    name: str
    kind: str
    reliability: dict[str, Any]
    history: tuple[dict[str, Any], ...]
    record: dict[str, tuple[str, ...]]
    proposal: Suggestion
    quarantines: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class KeptOut:
    """What a quarantine, release or ruling came to: its id, what it concerns, and how many incidents there are now.

    ``state`` is ``pending`` while it waits for a second person, who confirms ``decision``; then nothing has changed.
    """

    id: str
    subject: str
    incidents: int
    incidents_with_quarantine: int
    state: str = "holds"
    decision: str = ""


@dataclass(frozen=True, slots=True)
class OriginsShown:
    """The origins of an incident: how many, how many if no weaker ground held, the trace, and every dependence."""

    incident_id: str
    independent_origins: int
    without_weak: int
    in_quarantine: int
    trace: tuple[dict[str, Any], ...]
    dependences: tuple[dict[str, Any], ...]


def list_sources(workspace: Workspace, *, by: str, grades: bool = False, limit: int = 50) -> list[SourceLine]:
    """The sources by name; with ``grades`` their reliability, which is kept as seen by this person."""
    with workspace.database.writing() as connection:
        table, reports = schema.sources, schema.reports
        sent = select(reports.c.source_id, func.count().label("sent")).group_by(reports.c.source_id).subquery("sent")
        query = select(table.c.source_id, table.c.name, table.c.kind, func.coalesce(sent.c.sent, 0))
        query = query.outerjoin(sent, sent.c.source_id == table.c.source_id).order_by(table.c.name).limit(limit)
        rows = connection.execute(query).fetchall()
        held = in_quarantine(grading.read_quarantines(connection))
        why = dict(held.select("subject", pl.format("{}: {}", "kind", "reason")).rows())
        given: dict[str, str] = {}
        if grades:
            names = {"reliability": [row[0] for row in rows]}
            shown = grades_for(workspace, connection, names, by=by, reveal=True)
            given = {row["subject"]: row["value"] for row in shown}
    return [
        SourceLine(source, name, kind, int(count), given.get(source, ""), why.get(source, ""))
        for source, name, kind, count in rows
    ]


def show_source(workspace: Workspace, name: str, *, by: str, grades: bool = False) -> SourceShown:
    """A source with its record; its grades once this person has graded it, or on request, which is kept."""
    with workspace.database.writing() as connection:
        full = _source(connection, name)
        table = schema.sources
        row = connection.execute(select(table.c.name, table.c.kind).where(table.c.source_id == full)).one()
        held = grades_for(workspace, connection, {"reliability": [full]}, by=by, reveal=grades)[0]
        is_open = held["value"] != HIDDEN
        given = decisions.read_grades(connection).filter(pl.col("subject") == full).drop("sequence")
        said = grading.read_quarantines(connection).filter(pl.col("subject") == full).drop("sequence")
        record = records_of(workspace, connection, full)
    return SourceShown(
        full,
        row.name,
        row.kind,
        held,
        tuple(given.to_dicts()) if is_open else (),
        {outcome: tuple(record.claims.get(outcome, ())) for outcome in OUTCOMES},
        propose_reliability(record),
        tuple(said.to_dicts()),
    )


def quarantine(workspace: Workspace, subject: str, kind: str, *, by: str, why: str) -> KeptOut:
    """Keep a source or claim out of the counts, with the reason; it stays where it is and is shown as kept out."""
    with workspace.database.writing() as connection:
        full, _ = find_subject(connection, subject)
        if not _holding(connection, full).is_empty():
            raise RuleError("is in quarantine already", where=short(full), mend="release it first to change the reason")
        made = Quarantine(full, kind, by, workspace.now, why)
        grading.add_quarantine(connection, made)
        return _after(connection, workspace, made.quarantine_id, full)


def release(workspace: Workspace, subject: str, *, by: str, why: str) -> KeptOut:
    """Count a source or claim again: what held before the quarantine holds again. Of sensitive claims, by two."""
    with workspace.database.writing() as connection:
        full, _ = find_subject(connection, subject)
        holding = _holding(connection, full)
        if holding.is_empty():
            raise RuleError("is not in quarantine", where=short(full), mend="see 'forewarn sources list'")
        made = Quarantine(full, "", by, workspace.now, why, releases=holding["quarantine_id"][0])
        claims = grading.claims_counted_again(connection, full)
        entry = Entry("release", made, made.quarantine_id, f"release {short(full)}", full, claims)
        kept = enter(connection, workspace, entry, lambda: grading.add_quarantine(connection, made), by=by, why=why)
        return _after(connection, workspace, entry.id, full, kept)


def show_origins(workspace: Workspace, incident: str) -> OriginsShown:
    """Who an incident goes back to, and why its claims are held to be dependent."""
    with workspace.database.reading() as connection:
        full = reading.find_id(connection, schema.incidents, "incident_id", incident, "incident")
        known = knowledge(connection, workspace.today).assembly
    of_it = pl.col("incident_id") == full
    trace = known.trace.filter(of_it)
    row = known.incidents.filter(of_it).row(0, named=True)
    strong = trace.filter(pl.col("strong") != "")["strong"].n_unique()
    dependences = tuple(known.dependences.filter(of_it).drop("incident_id").to_dicts())
    told = tuple(trace.select("claim_id", "cited", "origin", "counted", "reason").to_dicts())
    return OriginsShown(full, row["independent_origins"], strong, row["in_quarantine"], told, dependences)


def rule_origins(workspace: Workspace, first: str, second: str, verdict: str, *, by: str, why: str) -> KeptOut:
    """Rule that two claims go back to one origin (``dependent``) or do not (``independent``); if sensitive, by two."""
    with workspace.database.writing() as connection:
        left, right = sorted(
            reading.find_id(connection, schema.claims, "claim_id", name, "claim") for name in (first, second)
        )
        if left == right:
            raise UsageError("both are one claim", mend="name two claims")
        if verdict not in ("dependent", "independent"):
            raise UsageError("is no ruling", where="verdict", mend="use dependent or independent")
        return _ruled(connection, workspace, OriginRuling(left, right, verdict, by, workspace.now, why))


def withdraw_ruling(workspace: Workspace, ruling_id: str, *, by: str, why: str) -> KeptOut:
    """Take a ruling back; what held before it holds again."""
    with workspace.database.writing() as connection:
        table = schema.origin_rulings
        full = reading.find_id(connection, table, "ruling_id", ruling_id, "ruling")
        row = connection.execute(select(table.c.left, table.c.right, table.c.verdict).where(table.c.ruling_id == full))
        left, right, verdict = row.one()
        if verdict == "withdrawn":
            raise RuleError("is a withdrawal itself", where=short(full), mend="rule again instead")
        made = OriginRuling(left, right, "withdrawn", by, workspace.now, why, withdraws=full)
        return _ruled(connection, workspace, made)


def _ruled(connection: Connection, workspace: Workspace, made: OriginRuling) -> KeptOut:
    """Kept at once, or waiting for a second person where one of the claims is sensitive."""
    said = f"{made.verdict} {short(made.left)} {short(made.right)}"
    entry = Entry("rule", made, made.ruling_id, said, made.left, (made.left, made.right))
    by, why = made.author, made.reason
    kept = enter(connection, workspace, entry, lambda: grading.add_ruling(connection, made), by=by, why=why)
    return _after(connection, workspace, entry.id, made.left, kept)


def _source(connection: Connection, name: str) -> str:
    full, axis = find_subject(connection, name)
    if axis != "reliability":
        raise UsageError("is a claim", where=short(full), mend="name a source")
    return full


def _holding(connection: Connection, subject: str) -> pl.DataFrame:
    return in_quarantine(grading.read_quarantines(connection)).filter(pl.col("subject") == subject)


def _after(
    connection: Connection, workspace: Workspace, made: str, subject: str, kept: Entered | None = None
) -> KeptOut:
    catch_up(connection, workspace.today)
    table = schema.incidents
    query = select(func.count(), func.sum(case((table.c.in_quarantine > 0, 1), else_=0)))
    count, kept_out = connection.execute(query.select_from(table)).one()
    told = KeptOut(made, subject, int(count), int(kept_out or 0))
    return told if kept is None else replace(told, id=kept.id, state=kept.state, decision=kept.decision)
