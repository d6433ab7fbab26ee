"""The tables in which linkage keeps what it would else reckon anew from every claim at each run.

All are derived: they may be emptied at any time, and the next whole assessment fills them again.
"""

from __future__ import annotations

from sqlalchemy import Index, Table
from sqlalchemy import text as sql

from forewarn.store.columns import metadata, sequence, text, whole

__all__ = ["linkage_counts", "linkage_state", "linked_claims"]

_DUE = sql("again_on != ''")

linked_claims = Table(
    "linked_claims",
    metadata,
    text("claim_id", primary_key=True),
    whole("cell"),
    text("country"),
    whole("first", nullable=True),
    whole("last", nullable=True),
    text("words"),
    whole("waiting"),
    text("again_on"),
    Index("linked_claims_by_cell", "cell", "first"),
    Index("linked_claims_by_country", "country", "first"),
    Index("linked_claims_by_area", "country", "cell", "first"),
    Index("linked_claims_by_words", "words"),
    Index("linked_claims_due", "again_on", sqlite_where=_DUE, postgresql_where=_DUE),
)
"""The claims that have been compared: where and when each is sought (days since 1970), a digest of its words, the pairs
that wait for a person in which it stands first, and the day from which its incident is to be assembled again."""

linkage_counts = Table(
    "linkage_counts",
    metadata,
    text("kind", primary_key=True),
    text("key", primary_key=True),
    whole("count"),
)
"""How often words, parties, targets, documents and places on a day occur among the linked claims."""

linkage_state = Table(
    "linkage_state",
    metadata,
    sequence(),
    text("stamp"),
    text("assessed_on"),
    whole("judgements"),
    whole("quarantines"),
    whole("rulings"),
    whole("records"),
    whole("overrulings"),
    whole("withdrawals"),
    whole("decisions"),
    whole("confirmations"),
)
"""One row: by which rules and on which day the incidents were assembled, and from how many of people's decisions."""
