"""The tables of exchange with partners: whom we know and trust, every package made or received, and how far each side
has what the other made. Only added to.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table, UniqueConstraint

from forewarn.store.columns import metadata, sequence, text

__all__ = [
    "package_queue", "package_seals", "packages", "partner_addresses", "partner_entries", "partner_places",
    "sharing_notes", "sync_marks",
]  # fmt: skip

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
    Index("packages_by_source", "source_id"),
    Index("packages_by_direction", "direction", "sequence"),
)
"""``direction`` is in or out; ``source_id`` the release sent, or the package passed on or answered."""

package_seals = Table(
    "package_seals",
    metadata,
    sequence(),
    text("package_id"),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("package_id", name="package_seals_once"),
)
"""The bytes of every package made, as its file holds them."""

package_queue = Table(
    "package_queue",
    metadata,
    sequence(),
    *(text(name) for name in ("recipient", "package_id", "kind", "subject", "expires_on")),
    Index("package_queue_by_recipient", "recipient", "sequence"),
    Index("package_queue_by_package", "package_id"),
    Index("package_queue_by_subject", "subject"),
)
"""What may go to a recipient over a network, in the order made; ``subject`` is the package a notice is about."""

sync_marks = Table(
    "sync_marks",
    metadata,
    sequence(),
    *(text(name) for name in ("partner", "direction", "package_id", "at")),
    Index("sync_marks_by_partner", "partner", "direction", "sequence"),
)
"""The newest package of a partner that is here (``in``), or of ours that is there (``out``); the last row counts."""

partner_addresses = Table(
    "partner_addresses",
    metadata,
    sequence(),
    *(text(name) for name in ("partner", "address", "by", "at")),
    Index("partner_addresses_by_partner", "partner", "sequence"),
)
"""Where a partner is asked; the last row counts, an empty address takes it away."""

partner_places = Table(
    "partner_places",
    metadata,
    sequence(),
    *(text(name) for name in ("partner", "place", "by", "at")),
    Index("partner_places_by_partner", "partner", "sequence"),
)
"""For which country or arrangement a node stands; the last row counts, an empty place takes it away."""

sharing_notes = Table(
    "sharing_notes",
    metadata,
    sequence(),
    *(text(name) for name in ("package_id", "benefit", "risk", "by", "at")),
    Index("sharing_notes_by_package", "package_id"),
)
"""Why a package received was passed on: whom it helps, whom it could harm and what is done about that."""
