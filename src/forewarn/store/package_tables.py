"""The tables of exchange with partners: whom we know and trust, and every package made or received. Only added to."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from forewarn.store.columns import metadata, sequence, text

__all__ = ["packages", "partner_entries"]

partner_entries = Table(
    "partner_entries",
    metadata,
    sequence(),
    *(text(name) for name in ("kind", "name", "sign", "seal", "by", "at")),
    Index("partner_entries_by_name", "name"),
)
"""``kind`` is self, added, trusted or distrusted."""

packages = Table(
    "packages",
    metadata,
    sequence(),
    *(text(name) for name in ("package_id", "direction", "manifest", "content", "source_id", "by", "at")),
    UniqueConstraint("package_id", name="packages_once"),
)
"""``direction`` is in or out; ``source_id`` the release sent, or the package passed on or answered."""
