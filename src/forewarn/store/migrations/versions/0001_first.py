"""The first schema: reports to alerts, with what is derived from them."""

from collections.abc import Iterator

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


def _sequence() -> sa.Column[int]:
    whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("sequence", whole, nullable=False, autoincrement=True)


def _maybe_number(names: str) -> Iterator[sa.Column[float]]:
    return (sa.Column(name, sa.Float(), nullable=True) for name in names.split())


def _maybe_text(names: str) -> Iterator[sa.Column[str]]:
    return (sa.Column(name, sa.Text(), nullable=True) for name in names.split())


def _maybe_whole(names: str) -> Iterator[sa.Column[int]]:
    return (sa.Column(name, sa.BigInteger(), nullable=True) for name in names.split())


def _number(names: str) -> Iterator[sa.Column[float]]:
    return (sa.Column(name, sa.Float(), nullable=False) for name in names.split())


def _text(names: str) -> Iterator[sa.Column[str]]:
    return (sa.Column(name, sa.Text(), nullable=False) for name in names.split())


def _whole(names: str) -> Iterator[sa.Column[int]]:
    return (sa.Column(name, sa.BigInteger(), nullable=False) for name in names.split())


def _alert_events() -> None:
    op.create_table(
        "alert_events",
        _sequence(),
        *_text("event_id alert_id"),
        *_whole("position"),
        *_text("kind by at"),
        *_whole("version"),
        *_text("note decision second outcome"),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("alert_id", "position", name="alert_events_in_order"),
        sa.UniqueConstraint("event_id", name="alert_events_once"),
    )


def _alerts() -> None:
    op.create_table(
        "alerts",
        *_text("alert_id"),
        *_whole("version"),
        *_text("unit level body written_at"),
        sa.PrimaryKeyConstraint("alert_id", "version"),
    )


def _boundaries() -> None:
    op.create_table(
        "boundaries",
        *_text("boundary_id snapshot_id title publisher licence level valid_on"),
        *_whole("features"),
        *_text("added_at"),
        sa.PrimaryKeyConstraint("boundary_id"),
    )


def _claims() -> None:
    op.create_table(
        "claims",
        *_text("claim_id report_id channel external_id act violence"),
        *_maybe_text("started_on ended_on"),
        *_text("date_precision"),
        *_maybe_text("known_on"),
        *_text("known_basis country admin1 admin2 place_name"),
        *_maybe_number("latitude longitude"),
        *_text("place_precision"),
        *_maybe_whole("cell"),
        *_text("parties alleged_by target"),
        *_maybe_whole(
            "deaths_low deaths_best deaths_high civilian_deaths_low civilian_deaths_best "
            "civilian_deaths_high injured_low injured_best injured_high abducted_low abducted_best "
            "abducted_high detained_low detained_best detained_high displaced_low displaced_best "
            "displaced_high"
        ),
        *_text("origins text language sensitivity"),
        sa.PrimaryKeyConstraint("claim_id"),
    )
    op.create_index("claims_by_area", "claims", ["country", "admin1", "started_on"])
    op.create_index("claims_by_known", "claims", ["known_on"])
    op.create_index("claims_by_report", "claims", ["report_id"])


def _collections() -> None:
    op.create_table(
        "collections",
        _sequence(),
        *_text("snapshot_id channel row_is recipe mapping_id collected_at"),
        *_whole("read accepted duplicates revised withdrawn rejected"),
        *_text("rejects_file released_on"),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("collections_by_snapshot", "collections", ["snapshot_id", "recipe"])


def _coverage() -> None:
    op.create_table(
        "coverage",
        *_text("coverage_id channel country admin1"),
        *_whole("month_first month_last"),
        *_text("kind basis known_on"),
        sa.PrimaryKeyConstraint("coverage_id"),
    )


def _fetches() -> None:
    op.create_table(
        "fetches",
        _sequence(),
        *_text("channel address"),
        *_whole("status"),
        *_text("etag last_modified snapshot_id fetched_at"),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("fetches_by_address", "fetches", ["channel", "address"])


def _forecast_units() -> None:
    op.create_table(
        "forecast_units",
        *_text("forecast_id unit"),
        *_whole("month"),
        *_number("mean q05 q25 q50 q75 q95 p1 p25 p100 p1000"),
        sa.PrimaryKeyConstraint("forecast_id", "unit", "month"),
    )


def _forecasts() -> None:
    op.create_table(
        "forecasts",
        *_text("forecast_id target level model as_known_at"),
        *_whole("data_through horizon draws seed"),
        *_text("code_version input_sha256 file made_at"),
        sa.PrimaryKeyConstraint("forecast_id"),
    )


def _grades() -> None:
    op.create_table(
        "grades",
        _sequence(),
        *_text("grade_id subject axis value author graded_at reason"),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("grade_id", name="grades_once"),
    )
    op.create_index("grades_by_subject", "grades", ["subject", "axis"])


def _incident_claims() -> None:
    op.create_table(
        "incident_claims",
        *_text("claim_id incident_id"),
        sa.PrimaryKeyConstraint("claim_id"),
    )
    op.create_index("incident_claims_by_incident", "incident_claims", ["incident_id"])


def _incidents() -> None:
    op.create_table(
        "incidents",
        *_text("incident_id"),
        *_maybe_whole("claims independent_origins contested"),
        *_text("status act violence"),
        *_maybe_text("started_on ended_on"),
        *_text("date_precision"),
        *_maybe_text("known_on"),
        *_text("country admin1 admin2 place_name"),
        *_maybe_number("latitude longitude"),
        *_text("place_precision"),
        *_maybe_whole("cell"),
        *_text("parties alleged_by target"),
        *_maybe_whole(
            "deaths_low deaths_best deaths_high civilian_deaths_low civilian_deaths_best "
            "civilian_deaths_high injured_low injured_best injured_high abducted_low abducted_best "
            "abducted_high detained_low detained_best detained_high displaced_low displaced_best "
            "displaced_high"
        ),
        sa.PrimaryKeyConstraint("incident_id"),
    )
    op.create_index("incidents_by_area", "incidents", ["country", "admin1", "started_on"])


def _judgements() -> None:
    op.create_table(
        "judgements",
        _sequence(),
        *_text("judgement_id left right verdict kind author decided_at reason"),
        *_maybe_number("score"),
        *_text("withdraws"),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("judgement_id", name="judgements_once"),
    )
    op.create_index("judgements_by_left", "judgements", ["left"])
    op.create_index("judgements_by_right", "judgements", ["right"])


def _reports() -> None:
    op.create_table(
        "reports",
        *_text("report_id channel external_id source_id kind snapshot_id"),
        *_maybe_whole("row"),
        *_text("content_sha256"),
        *_maybe_text("published_on known_on"),
        *_text("known_basis"),
        *_maybe_text("received_at"),
        *_text("language title sensitivity supersedes"),
        sa.PrimaryKeyConstraint("report_id"),
    )
    op.create_index("reports_by_external_id", "reports", ["channel", "external_id"])
    op.create_index("reports_by_snapshot", "reports", ["snapshot_id", "row"])
    revises = sa.text("supersedes <> ''")
    op.create_index("reports_by_superseded", "reports", ["supersedes"], sqlite_where=revises, postgresql_where=revises)


def _runs() -> None:
    op.create_table(
        "runs",
        _sequence(),
        *_text("job started_at finished_at state message counts"),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("runs_by_job", "runs", ["job", "started_at"])


def _snapshots() -> None:
    op.create_table(
        "snapshots",
        *_text("snapshot_id"),
        *_whole("size_bytes"),
        *_text("channel origin received_at media_type publisher licence headers"),
        sa.PrimaryKeyConstraint("snapshot_id"),
    )


def _sources() -> None:
    op.create_table(
        "sources",
        *_text("source_id name kind language"),
        sa.PrimaryKeyConstraint("source_id"),
    )


def _standings() -> None:
    op.create_table(
        "standings",
        _sequence(),
        *_text("report_id standing snapshot_id known_on recorded_at"),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("standings_by_report", "standings", ["report_id", "sequence"])
