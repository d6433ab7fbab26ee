"""What people record of incidents: casualties, overruled counts, codings, cited findings, withdrawals."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and close them to change."""
    _table("casualty_records", "record_id", "claim_id replaces body author decided_at reason", index="claim_id")
    _table(
        "count_overrulings",
        "overruling_id",
        "claim_id counted status standard death_kind author decided_at reason",
        index="claim_id",
        numbers="low best high",
    )
    rest = "claim_id scheme code state confidence basis_claims author decided_at reason"
    _table("codings", "coding_id", rest, index="claim_id")
    rest = "subject element body citation found_on standard quote author decided_at"
    _table("body_findings", "finding_id", rest, index="subject")
    _table("withdrawals", "withdrawal_id", "withdraws author decided_at reason")


def _table(name: str, key: str, rest: str, *, index: str = "", numbers: str = "") -> None:
    whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        name,
        sa.Column("sequence", whole, nullable=False, autoincrement=True),
        *_text(f"{key} {rest}"),
        *(sa.Column(number, sa.BigInteger(), nullable=True) for number in numbers.split()),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint(key, name=f"{name}_once"),
    )
    if index:
        op.create_index(f"{name}_by_{index.removesuffix('_id')}", name, [index])
    append_only_triggers(op.get_bind(), name)


def _text(names: str) -> Iterator[sa.Column[str]]:
    return (sa.Column(name, sa.Text(), nullable=False) for name in names.split())
