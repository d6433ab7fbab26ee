"""The tables; those of documents stand in ``document_tables``, those of casualties and codings in
``casualty_tables``. Columns of reports, claims and incidents come
from ``model.tables``, the single truth of their form.

Everything outside :data:`DERIVED` and :data:`PASSING` is append-only. Days and instants are ISO 8601 text: they sort
as they read, on both engines, and an export needs no conversion. Lists and documents are JSON text.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Float,
    FromClause,
    Index,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy import text as sql

from forewarn.model import tables
from forewarn.store.access_tables import (
    PASSING,
    api_tokens,
    credentials,
    grants,
    invitations,
    sessions,
    sights,
    token_uses,
    users,
)
from forewarn.store.alert_updates import alert_updates
from forewarn.store.breaches import breach_entries
from forewarn.store.cap_tables import cap_messages
from forewarn.store.casualty_tables import body_findings, casualty_records, codings, count_overrulings, withdrawals
from forewarn.store.columns import metadata, sequence, text, whole
from forewarn.store.delivery_tables import notices, receipts, recipients
from forewarn.store.disclosure_tables import release_entries
from forewarn.store.document_tables import (
    document_files,
    document_readings,
    document_references,
    document_symbols,
    documents,
    paragraphs,
    passages,
    speeches,
    theme_marks,
    undertakings,
)
from forewarn.store.evidence_tables import custody_anchors, custody_erasures, custody_log, evidence_items
from forewarn.store.forecast_tables import forecast_skill
from forewarn.store.grading_tables import grade_sights, origin_rulings, quarantines
from forewarn.store.linkage_tables import linkage_counts, linkage_state, linked_claims
from forewarn.store.listing_tables import alert_marks, incident_marks, incident_sums
from forewarn.store.package_tables import (
    package_queue,
    package_seals,
    packages,
    partner_addresses,
    partner_entries,
    partner_places,
    sharing_notes,
    sync_marks,
)
from forewarn.store.response_tables import action_entries, gate_assertions
from forewarn.store.review_tables import (
    review_changes,
    review_confirmations,
    review_decisions,
    review_effects,
    review_item_claims,
    review_items,
    review_items_state,
    review_names,
    review_touched,
)
from forewarn.store.situation_tables import (
    assessments,
    elicitation_comments,
    elicitation_steps,
    elicitations,
    estimates,
)
from forewarn.store.toolkit_tables import toolkit_answers, toolkit_assessments
from forewarn.store.tracker_tables import case_entries, tracked_entries, tracked_items

__all__ = [
    "APPEND_ONLY", "DERIVED", "PASSING", "REVISION", "action_entries", "alert_events", "alert_marks", "alert_updates",
    "alerts", "api_tokens", "assessments", "body_findings", "boundaries", "breach_entries", "cap_messages",
    "case_entries", "casualty_records", "claims", "codings", "collections", "count_overrulings", "coverage",
    "credentials", "custody_anchors", "custody_erasures", "custody_log", "document_files", "document_readings",
    "document_references", "document_symbols", "documents", "elicitation_comments", "elicitation_steps", "elicitations",
    "estimates", "evidence_items", "fetches", "forecast_skill", "forecast_units", "forecasts", "gate_assertions",
    "grade_sights", "grades", "grants", "incident_claims", "incident_marks", "incident_sums", "incidents",
    "invitations", "judgements", "linkage_counts", "linkage_state", "linked_claims", "metadata", "notices",
    "origin_rulings", "package_queue", "package_seals", "packages", "paragraphs", "partner_addresses",
    "partner_entries", "partner_places", "passages", "quarantines", "receipts", "recipients", "release_entries",
    "reports", "review_changes", "review_confirmations", "review_decisions", "review_effects", "review_item_claims",
    "review_items", "review_items_state", "review_names", "review_touched", "revises", "runs", "sessions",
    "sharing_notes", "sights",
    "snapshots", "sources", "speeches", "standings", "sync_marks", "theme_marks", "token_uses", "toolkit_answers",
    "toolkit_assessments", "tracked_entries", "tracked_items", "undertakings", "users", "withdrawals",
]  # fmt: skip

REVISION = "0037"
"""The migration this code reads and writes."""


def _columns(columns: Iterable[tables.Column]) -> list[Column[object]]:
    made: list[Column[object]] = []
    for position, column in enumerate(columns):
        kind = {"count": BigInteger, "number": Float}.get(column.kind, Text)
        first = position == 0
        nullable = column.kind not in ("text", "list")
        made.append(Column(column.name, kind, primary_key=first, nullable=nullable and not first))
    return made


_REVISES = sql("supersedes <> ''")


def revises(table: FromClause) -> ColumnElement[bool]:
    """Whether a report of that alias supersedes another: needed beside any look for a successor.

    The index of successors leaves out the many reports that supersede nothing, and an engine takes it only where it
    is told the same in the same words.
    """
    return table.c.supersedes != literal_column("''")


snapshots = Table(
    "snapshots",
    metadata,
    text("snapshot_id", primary_key=True),
    whole("size_bytes"),
    text("channel"),
    text("origin"),
    text("received_at"),
    text("media_type"),
    text("publisher"),
    text("licence"),
    text("headers"),
)

sources = Table(
    "sources",
    metadata,
    text("source_id", primary_key=True),
    text("name"),
    text("kind"),
    text("language"),
)

reports = Table(
    "reports",
    metadata,
    *_columns(tables.REPORT_COLUMNS),
    Index("reports_by_external_id", "channel", "external_id"),
    Index("reports_by_superseded", "supersedes", sqlite_where=_REVISES, postgresql_where=_REVISES),
    Index("reports_by_snapshot", "snapshot_id", "row"),
)

claims = Table(
    "claims",
    metadata,
    *_columns(tables.CLAIM_COLUMNS),
    Index("claims_by_report", "report_id"),
    Index("claims_by_day", "country", "started_on"),
    Index("claims_by_known", "known_on"),
    Index("claims_by_class", "sensitivity", "known_on", "report_id", "act"),
    Index("claims_by_place", "country", "sensitivity", "known_on", "report_id", "admin1", "act"),
)

collections = Table(
    "collections",
    metadata,
    sequence(),
    text("snapshot_id"),
    text("channel"),
    text("row_is"),
    text("recipe"),
    text("mapping_id"),
    text("collected_at"),
    whole("read"),
    whole("accepted"),
    whole("duplicates"),
    whole("revised"),
    whole("withdrawn"),
    whole("rejected"),
    text("rejects_file"),
    text("released_on"),
    Index("collections_by_snapshot", "snapshot_id", "recipe"),
)
"""What was read from which snapshot, with which recipe (SHA-256 over definition and mapping) and mapping file kept."""

standings = Table(
    "standings",
    metadata,
    sequence(),
    text("report_id"),
    text("standing"),
    text("snapshot_id"),
    text("known_on"),
    text("recorded_at"),
    Index("standings_by_report", "report_id", "sequence"),
)
"""A complete release of a data set no longer holds a report (``withdrawn``), or holds it again (``reinstated``)."""

fetches = Table(
    "fetches",
    metadata,
    sequence(),
    text("channel"),
    text("address"),
    whole("status"),
    text("etag"),
    text("last_modified"),
    text("snapshot_id"),
    text("fetched_at"),
    Index("fetches_by_address", "channel", "address"),
)
"""What was asked of a publisher and what came: addresses without credentials; the snapshot is empty if nothing new."""

runs = Table(
    "runs",
    metadata,
    sequence(),
    text("job"),
    text("started_at"),
    text("finished_at"),
    text("state"),
    text("message"),
    text("counts"),
    Index("runs_by_job", "job", "started_at"),
)
"""What the watch has run, and how it ended."""

boundaries = Table(
    "boundaries",
    metadata,
    text("boundary_id", primary_key=True),
    text("snapshot_id"),
    text("title"),
    text("publisher"),
    text("licence"),
    text("level"),
    text("valid_on"),
    whole("features"),
    text("added_at"),
)
"""Boundary files a user has added; none is shipped."""

coverage = Table(
    "coverage",
    metadata,
    text("coverage_id", primary_key=True),
    text("channel"),
    text("country"),
    text("admin1"),
    whole("month_first"),
    whole("month_last"),
    text("kind"),
    text("basis"),
    text("known_on"),
)

_OF_PEOPLE = sql("kind = 'human'")

judgements = Table(
    "judgements",
    metadata,
    sequence(),
    text("judgement_id"),
    text("left"),
    text("right"),
    text("verdict"),
    text("kind"),
    text("author"),
    text("decided_at"),
    text("reason"),
    Column("score", Float, nullable=True),
    text("withdraws"),
    UniqueConstraint("judgement_id", name="judgements_once"),
    Index("judgements_by_left", "left"),
    Index("judgements_by_right", "right"),
    Index("judgements_of_people", "sequence", sqlite_where=_OF_PEOPLE, postgresql_where=_OF_PEOPLE),
    Index("judgements_of_people_by_day", "decided_at", sqlite_where=_OF_PEOPLE, postgresql_where=_OF_PEOPLE),
)

grades = Table(
    "grades",
    metadata,
    sequence(),
    text("grade_id"),
    text("subject"),
    text("axis"),
    text("value"),
    text("author"),
    text("graded_at"),
    text("reason"),
    text("basis"),
    text("holds_from"),
    text("entered"),
    UniqueConstraint("grade_id", name="grades_once"),
    Index("grades_by_subject", "subject", "axis"),
)

incidents = Table(
    "incidents",
    metadata,
    *_columns(tables.INCIDENT_COLUMNS),
    Index("incidents_by_area", "country", "admin1", "started_on"),
)

incident_claims = Table(
    "incident_claims",
    metadata,
    text("claim_id", primary_key=True),
    text("incident_id"),
    Index("incident_claims_by_incident", "incident_id"),
)

forecasts = Table(
    "forecasts",
    metadata,
    text("forecast_id", primary_key=True),
    text("target"),
    text("level"),
    text("model"),
    text("as_known_at"),
    whole("data_through"),
    whole("horizon"),
    whole("draws"),
    whole("seed"),
    text("code_version"),
    text("input_sha256"),
    text("file"),
    text("made_at"),
)

forecast_units = Table(
    "forecast_units",
    metadata,
    text("forecast_id", primary_key=True),
    text("unit", primary_key=True),
    whole("month", primary_key=True),
    *(Column(name, Float, nullable=False) for name in ("mean", "q05", "q25", "q50", "q75", "q95")),
    *(Column(name, Float, nullable=False) for name in ("p1", "p25", "p100", "p1000")),
)
"""Summaries of the draws; month 0 is the sum over the horizon. The draws themselves are in the forecast's file."""

alerts = Table(
    "alerts",
    metadata,
    text("alert_id", primary_key=True),
    whole("version", primary_key=True),
    text("unit"),
    text("level"),
    text("body"),
    text("written_at"),
)

alert_events = Table(
    "alert_events",
    metadata,
    sequence(),
    text("event_id"),
    text("alert_id"),
    whole("position"),
    text("kind"),
    text("by"),
    text("at"),
    whole("version"),
    text("note"),
    text("decision"),
    text("second"),
    text("outcome"),
    UniqueConstraint("event_id", name="alert_events_once"),
    UniqueConstraint("alert_id", "position", name="alert_events_in_order"),
)

DERIVED = frozenset({
    "incidents", "incident_claims", "incident_marks", "incident_sums", "linked_claims", "linkage_counts",
    "linkage_state", "review_item_claims", "review_items", "review_items_state", "review_names", "review_touched",
})  # fmt: skip
"""Tables that may be thrown away: they are a pure function of the others."""

APPEND_ONLY = tuple(sorted(set(metadata.tables) - DERIVED - PASSING))
"""Tables whose rows are only ever added."""
