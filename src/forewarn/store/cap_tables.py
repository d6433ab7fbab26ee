"""The table of messages in the Common Alerting Protocol, sent and received. Only ever added to.

A sender stands in it as a digest alone: it says which messages are of one sender, and nobody's address is kept.
"""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from forewarn.store.columns import metadata, sequence, text, whole

__all__ = ["cap_messages"]

cap_messages = Table(
    "cap_messages",
    metadata,
    sequence(),
    text("message_id"),
    text("direction"),
    text("sender_digest"),
    text("identifier"),
    text("sent"),
    text("status"),
    text("kind"),
    text("scope"),
    text("event"),
    text("expires"),
    text("refers_to"),
    text("audience"),
    text("alert_id"),
    whole("alert_version"),
    text("body"),
    text("snapshot_id"),
    text("by"),
    text("recorded_at"),
    UniqueConstraint("message_id", "direction", name="cap_messages_once"),
    Index("cap_messages_by_alert", "alert_id"),
)
"""``refers_to`` is a JSON list of message ids with their identifiers; ``body`` holds what we sent."""
