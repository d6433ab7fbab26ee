"""The first schema: reports to alerts."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = (
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
    "judgements",
    "reports",
    "runs",
    "snapshots",
    "sources",
    "standings",
)


def upgrade() -> None:
    """Make every table, then close the append-only ones to change."""
    _alert_events()
    _alerts()
    _boundaries()
    _claims()
    _collections()
    _coverage()
    _fetches()
    _forecast_units()
    _forecasts()
    _grades()
    _incident_claims()
    _incidents()
    _judgements()
    _reports()
    _runs()
    _snapshots()
    _sources()
    _standings()
    for table in APPEND_ONLY:
        append_only_triggers(op.get_bind(), table)


def _alert_events() -> None:
    op.create_table(
        "alert_events",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("second", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("alert_id", "position", name="alert_events_in_order"),
        sa.UniqueConstraint("event_id", name="alert_events_once"),
    )


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("alert_id", "version"),
    )


def _boundaries() -> None:
    op.create_table(
        "boundaries",
        sa.Column("boundary_id", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("valid_on", sa.Text(), nullable=False),
        sa.Column("features", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("boundary_id"),
    )


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("violence", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Text(), nullable=True),
        sa.Column("ended_on", sa.Text(), nullable=True),
        sa.Column("date_precision", sa.Text(), nullable=False),
        sa.Column("known_on", sa.Text(), nullable=True),
        sa.Column("known_basis", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("admin1", sa.Text(), nullable=False),
        sa.Column("admin2", sa.Text(), nullable=False),
        sa.Column("place_name", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("place_precision", sa.Text(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=True),
        sa.Column("parties", sa.Text(), nullable=False),
        sa.Column("alleged_by", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("deaths_low", sa.BigInteger(), nullable=True),
        sa.Column("deaths_best", sa.BigInteger(), nullable=True),
        sa.Column("deaths_high", sa.BigInteger(), nullable=True),
        sa.Column("civilian_deaths_low", sa.BigInteger(), nullable=True),
        sa.Column("civilian_deaths_best", sa.BigInteger(), nullable=True),
        sa.Column("civilian_deaths_high", sa.BigInteger(), nullable=True),
        sa.Column("injured_low", sa.BigInteger(), nullable=True),
        sa.Column("injured_best", sa.BigInteger(), nullable=True),
        sa.Column("injured_high", sa.BigInteger(), nullable=True),
        sa.Column("abducted_low", sa.BigInteger(), nullable=True),
        sa.Column("abducted_best", sa.BigInteger(), nullable=True),
        sa.Column("abducted_high", sa.BigInteger(), nullable=True),
        sa.Column("detained_low", sa.BigInteger(), nullable=True),
        sa.Column("detained_best", sa.BigInteger(), nullable=True),
        sa.Column("detained_high", sa.BigInteger(), nullable=True),
        sa.Column("displaced_low", sa.BigInteger(), nullable=True),
        sa.Column("displaced_best", sa.BigInteger(), nullable=True),
        sa.Column("displaced_high", sa.BigInteger(), nullable=True),
        sa.Column("origins", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("claim_id"),
    )
    op.create_index("claims_by_area", "claims", ["country", "admin1", "started_on"])
    op.create_index("claims_by_known", "claims", ["known_on"])
    op.create_index("claims_by_report", "claims", ["report_id"])


def _collections() -> None:
    op.create_table(
        "collections",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True),
        sa.Column("snapshot_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("row_is", sa.Text(), nullable=False),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.Column("mapping_id", sa.Text(), nullable=False),
        sa.Column("collected_at", sa.Text(), nullable=False),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("duplicates", sa.BigInteger(), nullable=False),
        sa.Column("revised", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn", sa.BigInteger(), nullable=False),
        sa.Column("rejected", sa.BigInteger(), nullable=False),
        sa.Column("rejects_file", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("collections_by_snapshot", "collections", ["snapshot_id", "recipe"])


def _coverage() -> None:
    op.create_table(
        "coverage",
        sa.Column("coverage_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("admin1", sa.Text(), nullable=False),
        sa.Column("month_first", sa.BigInteger(), nullable=False),
        sa.Column("month_last", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("known_on", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("coverage_id"),
    )


def _fetches() -> None:
    op.create_table(
        "fetches",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("fetches_by_address", "fetches", ["channel", "address"])


def _forecast_units() -> None:
    op.create_table(
        "forecast_units",
        sa.Column("forecast_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("month", sa.BigInteger(), nullable=False),
        sa.Column("mean", sa.Float(), nullable=False),
        sa.Column("q05", sa.Float(), nullable=False),
        sa.Column("q25", sa.Float(), nullable=False),
        sa.Column("q50", sa.Float(), nullable=False),
        sa.Column("q75", sa.Float(), nullable=False),
        sa.Column("q95", sa.Float(), nullable=False),
        sa.Column("p1", sa.Float(), nullable=False),
        sa.Column("p25", sa.Float(), nullable=False),
        sa.Column("p100", sa.Float(), nullable=False),
        sa.Column("p1000", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("forecast_id", "unit", "month"),
    )


def _forecasts() -> None:
    op.create_table(
        "forecasts",
        sa.Column("forecast_id", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("as_known_at", sa.Text(), nullable=False),
        sa.Column("data_through", sa.BigInteger(), nullable=False),
        sa.Column("horizon", sa.BigInteger(), nullable=False),
        sa.Column("draws", sa.BigInteger(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("input_sha256", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("forecast_id"),
    )


def _grades() -> None:
    op.create_table(
        "grades",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True),
        sa.Column("grade_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("axis", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("graded_at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("grade_id", name="grades_once"),
    )
    op.create_index("grades_by_subject", "grades", ["subject", "axis"])


def _incident_claims() -> None:
    op.create_table(
        "incident_claims",
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("claim_id"),
    )
    op.create_index("incident_claims_by_incident", "incident_claims", ["incident_id"])


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("claims", sa.BigInteger(), nullable=True),
        sa.Column("independent_origins", sa.BigInteger(), nullable=True),
        sa.Column("contested", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("violence", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Text(), nullable=True),
        sa.Column("ended_on", sa.Text(), nullable=True),
        sa.Column("date_precision", sa.Text(), nullable=False),
        sa.Column("known_on", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("admin1", sa.Text(), nullable=False),
        sa.Column("admin2", sa.Text(), nullable=False),
        sa.Column("place_name", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("place_precision", sa.Text(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=True),
        sa.Column("parties", sa.Text(), nullable=False),
        sa.Column("alleged_by", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("deaths_low", sa.BigInteger(), nullable=True),
        sa.Column("deaths_best", sa.BigInteger(), nullable=True),
        sa.Column("deaths_high", sa.BigInteger(), nullable=True),
        sa.Column("civilian_deaths_low", sa.BigInteger(), nullable=True),
        sa.Column("civilian_deaths_best", sa.BigInteger(), nullable=True),
        sa.Column("civilian_deaths_high", sa.BigInteger(), nullable=True),
        sa.Column("injured_low", sa.BigInteger(), nullable=True),
        sa.Column("injured_best", sa.BigInteger(), nullable=True),
        sa.Column("injured_high", sa.BigInteger(), nullable=True),
        sa.Column("abducted_low", sa.BigInteger(), nullable=True),
        sa.Column("abducted_best", sa.BigInteger(), nullable=True),
        sa.Column("abducted_high", sa.BigInteger(), nullable=True),
        sa.Column("detained_low", sa.BigInteger(), nullable=True),
        sa.Column("detained_best", sa.BigInteger(), nullable=True),
        sa.Column("detained_high", sa.BigInteger(), nullable=True),
        sa.Column("displaced_low", sa.BigInteger(), nullable=True),
        sa.Column("displaced_best", sa.BigInteger(), nullable=True),
        sa.Column("displaced_high", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("incident_id"),
    )
    op.create_index("incidents_by_area", "incidents", ["country", "admin1", "started_on"])


def _judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True),
        sa.Column("judgement_id", sa.Text(), nullable=False),
        sa.Column("left", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("withdraws", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("judgement_id", name="judgements_once"),
    )
    op.create_index("judgements_by_left", "judgements", ["left"])
    op.create_index("judgements_by_right", "judgements", ["right"])


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.Text(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=True),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Text(), nullable=True),
        sa.Column("known_on", sa.Text(), nullable=True),
        sa.Column("known_basis", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("supersedes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("report_id"),
    )
    op.create_index("reports_by_external_id", "reports", ["channel", "external_id"])
    op.create_index("reports_by_snapshot", "reports", ["snapshot_id", "row"])
    op.create_index("reports_by_superseded", "reports", ["supersedes"])


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("runs_by_job", "runs", ["job", "started_at"])


def _snapshots() -> None:
    op.create_table(
        "snapshots",
        sa.Column("snapshot_id", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("snapshot_id"),
    )


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source_id"),
    )


def _standings() -> None:
    op.create_table(
        "standings",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.Text(), nullable=False),
        sa.Column("known_on", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("report_id", "snapshot_id", name="standings_once"),
    )
