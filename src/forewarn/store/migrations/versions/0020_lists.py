"""Lists by index: marks of incidents and alerts, indexes of claims by class and place; tokens for programs."""

import sqlalchemy as sa
from alembic import op
from pydantic import TypeAdapter

from forewarn.model.alert import Alert
from forewarn.store.marks import mark_alert
from forewarn.store.migrate import append_only_triggers

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and indexes, and mark the alerts that are there; incidents are marked by 0030."""
    connection = op.get_bind()
    whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    tokens = "token_id token_hash user_id label scopes by at expires_at withdraws"
    op.create_table(
        "api_tokens",
        sa.Column("sequence", whole, nullable=False, autoincrement=True),
        *_texts(tokens),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("token_id", name="api_tokens_once"),
    )
    op.create_index("api_tokens_by_hash", "api_tokens", ["token_hash"])
    op.create_index("api_tokens_by_user", "api_tokens", ["user_id"])
    append_only_triggers(connection, "api_tokens")
    op.create_table(
        "incident_marks",
        *_texts("incident_id sensitivity country admin1 day act status"),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("incident_id"),
    )
    by_class = ["sensitivity", "day", "incident_id"]
    op.create_index("incident_marks_by_class", "incident_marks", [*by_class, "act", "status", "cell"])
    op.create_index(
        "incident_marks_by_place", "incident_marks", ["country", *by_class, "admin1", "act", "status", "cell"]
    )
    op.create_table(
        "alert_marks",
        *_texts("alert_id"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        *_texts("unit sensitivity decision_needed_by written_at"),
        sa.PrimaryKeyConstraint("alert_id", "version"),
    )
    op.create_index("alert_marks_by_deadline", "alert_marks", ["decision_needed_by", "alert_id"])
    append_only_triggers(connection, "alert_marks")
    known = ["sensitivity", "known_on", "report_id"]
    op.create_index("claims_by_class", "claims", [*known, "act"])
    op.create_index("claims_by_place", "claims", ["country", *known, "admin1", "act"])
    read = TypeAdapter(Alert).validate_json
    for body, written_at in connection.execute(sa.text("SELECT body, written_at FROM alerts")).all():
        mark_alert(connection, read(body), written_at=written_at)


def _texts(names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names.split()]
