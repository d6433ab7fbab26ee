"""Evidence: an original kept bit for bit, and the chain of everything done to it.

An :class:`EvidenceItem` names the bytes and the circumstances of their acquisition, all mandatory. A
:class:`CustodyEntry` is one link of an append-only chain: each carries the digest of the one before, so that any
changed, missing, added or reordered link shows. Operators are pseudonyms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forewarn.ids import content_id
from forewarn.model.provenance import Sensitivity
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = ["CUSTODY_ACTS", "CustodyEntry", "EvidenceItem", "first_break"]

CUSTODY_ACTS = ("intake", "read", "copy", "export", "unseal", "grade", "decision", "transfer", "purge")


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """An original, named by its bytes, with where, when, how, why and by whom it was acquired."""

    evidence_id: str
    size_bytes: int
    acquired_where: str
    acquired_at: datetime
    method: str
    tool: str
    why: str
    operator: str
    sensitivity: Sensitivity = Sensitivity.SEVERE

    def __post_init__(self) -> None:
        require_id(self.evidence_id, "evidence_id", "evd")
        for field in ("acquired_where", "method", "tool", "why", "operator"):
            require_text(getattr(self, field), field)
        require_instant(self.acquired_at, "acquired_at")


@dataclass(frozen=True, slots=True)
class CustodyEntry:
    """One link of the custody chain: who did what to which item, when and why, after which link.

    ``previous`` is the digest of the link before, or empty for the first.
    """

    sequence: int
    previous: str
    evidence_id: str
    act: str
    by: str
    at: datetime
    why: str

    def __post_init__(self) -> None:
        require_id(self.evidence_id, "evidence_id", "evd")
        require_choice(self.act, "act", CUSTODY_ACTS)
        require_text(self.by, "by", longest=200)
        require_text(self.why, "why")
        require_instant(self.at, "at")

    @property
    def digest(self) -> str:
        """``cst_`` and the SHA-256 over the link and, through ``previous``, all before it."""
        stamp = self.at.isoformat()
        return content_id("cst", self.sequence, self.previous, self.evidence_id, self.act, self.by, stamp, self.why)


def first_break(chain: Sequence[CustodyEntry]) -> int | None:
    """The position (from 0) of the first link that does not follow from the one before; ``None`` if all do."""
    previous = ""
    for position, link in enumerate(chain):
        if link.sequence != position + 1 or link.previous != previous:
            return position
        previous = link.digest
    return None
