"""Evidence: an original kept bit for bit, and the chain of everything done to it.

An :class:`EvidenceItem` names the bytes and the circumstances of their acquisition, all mandatory. A
:class:`CustodyEntry` is one link of an append-only chain: each carries the digest of the one before, so that any
changed, missing, added or reordered link shows. A link can be followed from the digest of its content alone, so that a
part of the chain may be handed over without the rest of its words. Operators are pseudonyms.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from forewarn.clock import instant_text
from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.provenance import Sensitivity
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = ["CUSTODY_ACTS", "SHARING_LEVELS", "Consent", "CustodyEntry", "EvidenceItem", "first_break"]

CUSTODY_ACTS = (
    "intake", "read", "copy", "redact", "export", "unseal", "grade", "decision", "transfer", "consent", "withdrawal",
    "hold", "release", "purge", "anchor", "rotate", "enrol", "retire", "seal", "ask", "allow",
)  # fmt: skip
"""What can be done to an item or a sealed identity; some are done to the whole store and name none."""

_OF_THE_WHOLE = ("anchor", "rotate", "enrol", "retire")

SHARING_LEVELS = ("nobody", "investigators", "partners", "public")
"""With whom an item may be shared, narrowest first."""


@dataclass(frozen=True, slots=True)
class Consent:
    """On what basis an item is held, for which purpose, and how far it may be shared.

    Attributes:
        basis: the consent given, or the other lawful basis, in words.
        purpose: what it may be used for; no other use is open.
        sharing: one of :data:`SHARING_LEVELS`.
    """

    basis: str
    purpose: str
    sharing: str = "nobody"

    def __post_init__(self) -> None:
        require_text(self.basis, "basis")
        require_text(self.purpose, "purpose", longest=300)
        require_choice(self.sharing, "sharing", SHARING_LEVELS)


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """An original or a derivative, named by its bytes, with where, when, how, why and by whom it was acquired.

    Attributes:
        evidence_id: ``evd_`` and the SHA-256 of the bytes.
        size_bytes: their number.
        sha3_512: a second digest of another family, hexadecimal.
        acquired_where, acquired_at, method, tool, why, operator: the circumstances; the operator is a pseudonym.
        consent: basis, purpose, and how far it may be shared.
        retention: the class that says how long it is kept.
        sensitivity: what nobody has classified is severe.
        derived_from: the item a derivative was made from; empty for an original.
    """

    evidence_id: str
    size_bytes: int
    sha3_512: str
    acquired_where: str
    acquired_at: datetime
    method: str
    tool: str
    why: str
    operator: str
    consent: Consent
    retention: str
    sensitivity: Sensitivity = Sensitivity.SEVERE
    derived_from: str = ""

    def __post_init__(self) -> None:
        require_id(self.evidence_id, "evidence_id", "evd")
        for name in ("acquired_where", "method", "tool", "why", "operator", "retention"):
            require_text(getattr(self, name), name)
        require_instant(self.acquired_at, "acquired_at")
        if len(self.sha3_512) != 128 or self.size_bytes < 0:
            raise InputValueError("is no digest of bytes", where="sha3_512", mend="compute it from the bytes")
        if self.derived_from:
            require_id(self.derived_from, "derived_from", "evd")

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, hexadecimal."""
        return self.evidence_id.removeprefix("evd_")

    def record(self) -> dict[str, str | int]:
        """The item as flat text, for the store, for packages and for :attr:`digest`."""
        return {
            "evidence_id": self.evidence_id, "size_bytes": self.size_bytes, "sha3_512": self.sha3_512,
            "acquired_where": self.acquired_where, "acquired_at": instant_text(self.acquired_at),
            "method": self.method, "tool": self.tool, "why": self.why, "operator": self.operator,
            "basis": self.consent.basis, "purpose": self.consent.purpose, "sharing": self.consent.sharing,
            "retention": self.retention, "sensitivity": self.sensitivity.value, "derived_from": self.derived_from,
        }  # fmt: skip

    @property
    def digest(self) -> str:
        """``rec_`` and the SHA-256 over the whole record; it stands in the custody entry of the intake."""
        return content_id("rec", *(part for pair in self.record().items() for part in pair))


@dataclass(frozen=True, slots=True)
class CustodyEntry:
    """One link of the custody chain: who did what to which item or sealed identity, when and why, after which link.

    ``previous`` is the digest of the link before, or empty for the first. ``detail`` holds what else is on record of
    the act, as flat text.
    """

    sequence: int
    previous: str
    evidence_id: str
    act: str
    by: str
    at: datetime
    why: str
    detail: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_choice(self.act, "act", CUSTODY_ACTS)
        if self.evidence_id or self.act not in _OF_THE_WHOLE:
            require_id(self.evidence_id, "evidence_id", "sid" if self.evidence_id.startswith("sid_") else "evd")
        require_text(self.by, "by", longest=200)
        require_text(self.why, "why")
        require_instant(self.at, "at")

    @property
    def detail_text(self) -> str:
        """The detail as JSON with sorted keys."""
        return json.dumps(dict(self.detail), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def content(self) -> str:
        """``act_`` and the SHA-256 over what was done, without its place in the chain."""
        stamp = instant_text(self.at)
        return content_id("act", self.evidence_id, self.act, self.by, stamp, self.why, self.detail_text)

    @property
    def digest(self) -> str:
        """``cst_`` and the SHA-256 over the link and, through ``previous``, all before it."""
        return content_id("cst", self.sequence, self.previous, self.content)


def first_break(chain: Sequence[CustodyEntry]) -> int | None:
    """The position (from 0) of the first link that does not follow from the one before; ``None`` if all do."""
    previous = ""
    for position, link in enumerate(chain):
        if link.sequence != position + 1 or link.previous != previous:
            return position
        previous = link.digest
    return None
