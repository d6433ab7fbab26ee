"""The tables of notices: addresses for roles, notices, and the receipts of handing them over. Only added to."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from forewarn.store.columns import metadata, sequence, text, whole

__all__ = ["notices", "receipts", "recipients"]

recipients = Table(
    "recipients",
    metadata,
    sequence(),
    *(text(name) for name in ("recipient_id", "role", "means", "address", "by", "at")),
    whole("removed"),
    Index("recipients_by_id", "recipient_id"),
)

notices = Table(
    "notices",
    metadata,
    sequence(),
    *(text(name) for name in ("notice_id", "alert_id")),
    whole("version"),
    *(text(name) for name in ("kind", "mark", "role", "level", "country", "deadline")),
    whole("fictional"),
    UniqueConstraint("notice_id", name="notices_once"),
    Index("notices_by_alert", "alert_id"),
)

receipts = Table(
    "receipts",
    metadata,
    sequence(),
    *(text(name) for name in ("notice_id", "recipient_id")),
    whole("handed_over"),
    *(text(name) for name in ("detail", "at")),
    Index("receipts_by_notice", "notice_id"),
)
