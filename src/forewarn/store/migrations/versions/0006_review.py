"""Decisions in review, the judgements each makes once it holds, and confirmations by a second person."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and close them to change."""
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "review_decisions",
        sa.Column("sequence", number, nullable=False, autoincrement=True),
        *_texts("decision_id act item subjects verdict author person decided_at reason"),
        sa.Column("two", sa.BigInteger(), nullable=False),
        *_texts("undoes"),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("decision_id", name="review_decisions_once"),
    )
    op.create_index("review_decisions_by_item", "review_decisions", ["item"])
    op.create_table(
        "review_effects",
        *_texts("decision_id"),
        sa.Column("position", sa.BigInteger(), nullable=False, autoincrement=False),
        *_texts("judgement_id left right verdict withdraws"),
        sa.PrimaryKeyConstraint("decision_id", "position"),
    )
    op.create_index("review_effects_by_judgement", "review_effects", ["judgement_id"])
    op.create_table(
        "review_confirmations",
        sa.Column("sequence", number, nullable=False, autoincrement=True),
        *_texts("confirmation_id decision_id author person confirmed_at reason"),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("confirmation_id", name="review_confirmations_once"),
    )
    op.create_index("review_confirmations_by_decision", "review_confirmations", ["decision_id"])
    for table in ("review_decisions", "review_effects", "review_confirmations"):
        append_only_triggers(op.get_bind(), table)
    _refuse_own_confirmations(op.get_bind())


def _refuse_own_confirmations(connection: sa.Connection) -> None:
    """Whoever decided does not confirm, by which program ever the row is written."""
    own = "SELECT 1 FROM review_decisions d WHERE d.decision_id = NEW.decision_id AND d.person = NEW.person"
    said = "nobody confirms what they decided"
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "CREATE TRIGGER review_confirmations_by_another BEFORE INSERT ON review_confirmations "
            f"WHEN EXISTS ({own}) BEGIN SELECT RAISE(ABORT, '{said}'); END"
        )
        return
    connection.exec_driver_sql(
        "CREATE FUNCTION forewarn_confirmed_by_another() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF EXISTS ({own}) THEN RAISE EXCEPTION '{said}'; END IF; RETURN NEW; END $$"
    )
    connection.exec_driver_sql(
        "CREATE TRIGGER review_confirmations_by_another BEFORE INSERT ON review_confirmations "
        "FOR EACH ROW EXECUTE FUNCTION forewarn_confirmed_by_another()"
    )


def _texts(names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names.split()]
