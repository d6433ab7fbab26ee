"""The tables of evidence: records of items, the custody chain, and timestamps of its head. Only ever added to,
but that the database lets the words on an item be put out, in one way, once the log has its purge.

No content of an item stands in them, nor its name: those are sealed in the vault, so that erasing a key erases them.
"""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from forewarn.store.columns import metadata, sequence, text, whole

__all__ = ["ERASED", "custody_anchors", "custody_erasures", "custody_log", "evidence_items"]

ERASED = "erased"
"""What stands in the place of words of an item that was purged."""

evidence_items = Table(
    "evidence_items",
    metadata,
    sequence(),
    text("evidence_id"),
    whole("size_bytes"),
    *(text(name) for name in ("sha3_512", "acquired_where", "acquired_at", "method", "tool", "why", "operator")),
    *(text(name) for name in ("basis", "purpose", "sharing", "retention", "sensitivity", "derived_from")),
    UniqueConstraint("evidence_id", name="evidence_items_once"),
    Index("evidence_items_by_where", "acquired_where"),
)

custody_log = Table(
    "custody_log",
    metadata,
    whole("sequence", primary_key=True),
    *(text(name) for name in ("previous", "evidence_id", "act", "by", "at", "why", "detail", "digest")),
    UniqueConstraint("digest", name="custody_log_once"),
    Index("custody_log_by_item", "evidence_id"),
)
"""``sequence`` is counted without gaps by whoever appends, under the write lock."""

custody_erasures = Table("custody_erasures", metadata, whole("sequence", primary_key=True), text("content"))
"""Of a custody entry whose words were put out: the digest of its content, so that the chain can be followed."""

custody_anchors = Table(
    "custody_anchors",
    metadata,
    sequence(),
    text("anchor_id"),
    whole("position"),
    *(text(name) for name in ("head", "authority", "token", "at")),
    UniqueConstraint("anchor_id", name="custody_anchors_once"),
)
"""``token`` is the answer of a timestamping authority (RFC 3161), in base64."""
