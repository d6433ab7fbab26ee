"""The tables. Columns of reports, claims and incidents come from ``model.tables``, the single truth of their form.

Everything outside :data:`DERIVED` is append-only. Days and instants are ISO 8601 text: they sort as they read,
on both engines, and an export needs no conversion. Lists and documents are JSON text.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, Table, Text, UniqueConstraint

from forewarn.model import tables

__all__ = [
    "APPEND_ONLY",
    "DERIVED",
    "REVISION",
    "alert_events",
    "alerts",
    "boundaries",
    "claims",
    "collections",
    "coverage",
    "fetches",
    "forecast_units",
    "forecasts",
    "grades",
    "incident_claims",
    "incidents",
    "judgements",
    "metadata",
    "reports",
    "runs",
    "snapshots",
    "sources",
    "standings",
]

REVISION = "0001"
"""The migration this code reads and writes."""

metadata = MetaData()


def _text(name: str, *, primary_key: bool = False) -> Column[str]:
    return Column(name, Text, nullable=False, primary_key=primary_key)


def _whole(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable, primary_key=primary_key, autoincrement=False)


def _sequence() -> Column[int]:
    whole = BigInteger().with_variant(Integer, "sqlite")
    return Column("sequence", whole, primary_key=True, autoincrement=True)


def _columns(columns: Iterable[tables.Column]) -> list[Column[object]]:
    made: list[Column[object]] = []
    for position, column in enumerate(columns):
        kind = {"count": BigInteger, "number": Float}.get(column.kind, Text)
        first = position == 0
        nullable = column.kind not in ("text", "list")
        made.append(Column(column.name, kind, primary_key=first, nullable=nullable and not first))
    return made


snapshots = Table(
    "snapshots",
    metadata,
    _text("snapshot_id", primary_key=True),
    _whole("size_bytes"),
    _text("channel"),
    _text("origin"),
    _text("received_at"),
    _text("media_type"),
    _text("publisher"),
    _text("licence"),
    _text("headers"),
)

sources = Table(
    "sources",
    metadata,
    _text("source_id", primary_key=True),
    _text("name"),
    _text("kind"),
    _text("language"),
)

reports = Table(
    "reports",
    metadata,
    *_columns(tables.REPORT_COLUMNS),
    Index("reports_by_external_id", "channel", "external_id"),
    Index("reports_by_superseded", "supersedes"),
    Index("reports_by_snapshot", "snapshot_id", "row"),
)

claims = Table(
    "claims",
    metadata,
    *_columns(tables.CLAIM_COLUMNS),
    Index("claims_by_report", "report_id"),
    Index("claims_by_area", "country", "admin1", "started_on"),
    Index("claims_by_known", "known_on"),
)

collections = Table(
    "collections",
    metadata,
    _sequence(),
    _text("snapshot_id"),
    _text("channel"),
    _text("row_is"),
    _text("recipe"),
    _text("mapping_id"),
    _text("collected_at"),
    _whole("read"),
    _whole("accepted"),
    _whole("duplicates"),
    _whole("revised"),
    _whole("withdrawn"),
    _whole("rejected"),
    _text("rejects_file"),
    _text("released_on"),
    Index("collections_by_snapshot", "snapshot_id", "recipe"),
)
"""What was read from which snapshot, with which recipe (SHA-256 over definition and mapping) and mapping file kept."""

standings = Table(
    "standings",
    metadata,
    _sequence(),
    _text("report_id"),
    _text("standing"),
    _text("snapshot_id"),
    _text("known_on"),
    _text("recorded_at"),
    Index("standings_by_report", "report_id", "sequence"),
)
"""A complete release of a data set no longer holds a report (``withdrawn``), or holds it again (``reinstated``)."""

fetches = Table(
    "fetches",
    metadata,
    _sequence(),
    _text("channel"),
    _text("address"),
    _whole("status"),
    _text("etag"),
    _text("last_modified"),
    _text("snapshot_id"),
    _text("fetched_at"),
    Index("fetches_by_address", "channel", "address"),
)
"""What was asked of a publisher and what came: addresses without credentials; the snapshot is empty if nothing new."""

runs = Table(
    "runs",
    metadata,
    _sequence(),
    _text("job"),
    _text("started_at"),
    _text("finished_at"),
    _text("state"),
    _text("message"),
    _text("counts"),
    Index("runs_by_job", "job", "started_at"),
)
"""What the watch has run, and how it ended."""

boundaries = Table(
    "boundaries",
    metadata,
    _text("boundary_id", primary_key=True),
    _text("snapshot_id"),
    _text("title"),
    _text("publisher"),
    _text("licence"),
    _text("level"),
    _text("valid_on"),
    _whole("features"),
    _text("added_at"),
)
"""Boundary files a user has added; none is shipped."""

coverage = Table(
    "coverage",
    metadata,
    _text("coverage_id", primary_key=True),
    _text("channel"),
    _text("country"),
    _text("admin1"),
    _whole("month_first"),
    _whole("month_last"),
    _text("kind"),
    _text("basis"),
    _text("known_on"),
)

judgements = Table(
    "judgements",
    metadata,
    _sequence(),
    _text("judgement_id"),
    _text("left"),
    _text("right"),
    _text("verdict"),
    _text("kind"),
    _text("author"),
    _text("decided_at"),
    _text("reason"),
    Column("score", Float, nullable=True),
    _text("withdraws"),
    UniqueConstraint("judgement_id", name="judgements_once"),
    Index("judgements_by_left", "left"),
    Index("judgements_by_right", "right"),
)

grades = Table(
    "grades",
    metadata,
    _sequence(),
    _text("grade_id"),
    _text("subject"),
    _text("axis"),
    _text("value"),
    _text("author"),
    _text("graded_at"),
    _text("reason"),
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
    _text("claim_id", primary_key=True),
    _text("incident_id"),
    Index("incident_claims_by_incident", "incident_id"),
)

forecasts = Table(
    "forecasts",
    metadata,
    _text("forecast_id", primary_key=True),
    _text("target"),
    _text("level"),
    _text("model"),
    _text("as_known_at"),
    _whole("data_through"),
    _whole("horizon"),
    _whole("draws"),
    _whole("seed"),
    _text("code_version"),
    _text("input_sha256"),
    _text("file"),
    _text("made_at"),
)

forecast_units = Table(
    "forecast_units",
    metadata,
    _text("forecast_id", primary_key=True),
    _text("unit", primary_key=True),
    _whole("month", primary_key=True),
    *(Column(name, Float, nullable=False) for name in ("mean", "q05", "q25", "q50", "q75", "q95")),
    *(Column(name, Float, nullable=False) for name in ("p1", "p25", "p100", "p1000")),
)
"""Summaries of the draws; month 0 is the sum over the horizon. The draws themselves are in the forecast's file."""

alerts = Table(
    "alerts",
    metadata,
    _text("alert_id", primary_key=True),
    _whole("version", primary_key=True),
    _text("unit"),
    _text("level"),
    _text("body"),
    _text("written_at"),
)

alert_events = Table(
    "alert_events",
    metadata,
    _sequence(),
    _text("event_id"),
    _text("alert_id"),
    _whole("position"),
    _text("kind"),
    _text("by"),
    _text("at"),
    _whole("version"),
    _text("note"),
    _text("decision"),
    _text("second"),
    _text("outcome"),
    UniqueConstraint("event_id", name="alert_events_once"),
    UniqueConstraint("alert_id", "position", name="alert_events_in_order"),
)

DERIVED = frozenset({"incidents", "incident_claims"})
"""Tables that may be thrown away: they are a pure function of the others."""

APPEND_ONLY = tuple(sorted(set(metadata.tables) - DERIVED))
"""Tables whose rows are only ever added."""
