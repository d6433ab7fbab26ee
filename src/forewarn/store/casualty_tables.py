"""The tables of what people record of incidents: casualties, overruled counts, codings, cited findings, withdrawals.

Each row names a claim and not an incident: incidents are derived and change as claims join and part, and what was
recorded follows the claim into whichever incident holds it. Nothing is replaced; a withdrawal is a row of its own, and
may itself be withdrawn.
"""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from forewarn.store.columns import metadata, sequence, text, whole

__all__ = ["body_findings", "casualty_records", "codings", "count_overrulings", "withdrawals"]

casualty_records = Table(
    "casualty_records",
    metadata,
    sequence(),
    text("record_id"),
    text("claim_id"),
    text("replaces"),
    text("body"),
    text("author"),
    text("decided_at"),
    text("reason"),
    UniqueConstraint("record_id", name="casualty_records_once"),
    Index("casualty_records_by_claim", "claim_id"),
)
"""Acts, victim groups and alleged bodies with their links, as JSON; ``replaces`` is the record it was written upon."""

count_overrulings = Table(
    "count_overrulings",
    metadata,
    sequence(),
    text("overruling_id"),
    text("claim_id"),
    text("counted"),
    whole("low", nullable=True),
    whole("best", nullable=True),
    whole("high", nullable=True),
    text("status"),
    text("standard"),
    text("death_kind"),
    text("author"),
    text("decided_at"),
    text("reason"),
    UniqueConstraint("overruling_id", name="count_overrulings_once"),
    Index("count_overrulings_by_claim", "claim_id"),
)

codings = Table(
    "codings",
    metadata,
    sequence(),
    text("coding_id"),
    text("claim_id"),
    text("scheme"),
    text("code"),
    text("state"),
    text("confidence"),
    text("basis_claims"),
    text("author"),
    text("decided_at"),
    text("reason"),
    UniqueConstraint("coding_id", name="codings_once"),
    Index("codings_by_claim", "claim_id"),
)

body_findings = Table(
    "body_findings",
    metadata,
    sequence(),
    text("finding_id"),
    text("subject"),
    text("element"),
    text("body"),
    text("citation"),
    text("found_on"),
    text("standard"),
    text("quote"),
    text("author"),
    text("decided_at"),
    UniqueConstraint("finding_id", name="body_findings_once"),
    Index("body_findings_by_subject", "subject"),
)
"""What a named body has found, quoted, on an element that software is locked out of; the subject is a claim or unit."""

withdrawals = Table(
    "withdrawals",
    metadata,
    sequence(),
    text("withdrawal_id"),
    text("withdraws"),
    text("author"),
    text("decided_at"),
    text("reason"),
    UniqueConstraint("withdrawal_id", name="withdrawals_once"),
)
