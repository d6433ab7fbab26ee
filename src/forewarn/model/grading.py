"""What people say of sources and of the independence of claims: rulings on origins, quarantine, and who saw what.

Each is an appended fact with an author and a reason; taking one back is a fact too. A ruling is about two claims, so
it follows them into whichever incident holds them. Quarantine says that something is not to be counted, never that it
is to be forgotten: the reason stays and is shown wherever the count is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = ["QUARANTINE_KINDS", "RULINGS", "GradeSight", "OriginRuling", "Quarantine"]

RULINGS = ("dependent", "independent", "withdrawn")
"""What a person rules on two claims; ``withdrawn`` takes an earlier ruling back."""

QUARANTINE_KINDS = ("deceptive_source", "known_hoax", "under_inquiry")
"""Why it is not counted: it deceives on purpose; it was shown to be made up; nobody can tell yet."""


@dataclass(frozen=True, slots=True)
class OriginRuling:
    """A person's word on whether two claims go back to one origin. ``left`` sorts before ``right``."""

    left: str
    right: str
    verdict: str
    author: str
    ruled_at: datetime
    reason: str
    withdraws: str = ""

    def __post_init__(self) -> None:
        require_id(self.left, "left", "clm")
        require_id(self.right, "right", "clm")
        if self.left >= self.right:
            raise InputValueError("left must sort before right", where="ruling", mend="swap the two claims")
        require_choice(self.verdict, "verdict", RULINGS)
        require_text(self.author, "author", longest=200)
        require_text(self.reason, "reason", longest=2_000)
        require_instant(self.ruled_at, "ruled_at")
        if (self.verdict == "withdrawn") != bool(self.withdraws):
            raise InputValueError("a withdrawal names what it withdraws", where="withdraws", mend="name it")

    @property
    def ruling_id(self) -> str:
        """``orl_`` and the SHA-256 over everything said."""
        said = (self.left, self.right, self.verdict, self.author, self.ruled_at.isoformat(), self.reason)
        return content_id("orl", *said, self.withdraws)


@dataclass(frozen=True, slots=True)
class Quarantine:
    """A source or a claim that is not to be counted, or (``releases`` set) counted again.

    ``kind`` is one of :data:`QUARANTINE_KINDS`, empty for a release; ``releases`` is the id of the quarantine that a
    release ends.
    """

    subject: str
    kind: str
    author: str
    decided_at: datetime
    reason: str
    releases: str = ""

    def __post_init__(self) -> None:
        require_id(self.subject, "subject", "src" if self.subject.startswith("src_") else "clm")
        if not self.releases:
            require_choice(self.kind, "kind", QUARANTINE_KINDS)
        elif self.kind:
            raise InputValueError("a release has no kind", where="kind", mend="leave it empty")
        require_text(self.author, "author", longest=200)
        require_text(self.reason, "reason", longest=2_000)
        require_instant(self.decided_at, "decided_at")

    @property
    def quarantine_id(self) -> str:
        """``qrt_`` and the SHA-256 over everything said."""
        stamp = self.decided_at.isoformat()
        return content_id("qrt", self.subject, self.kind, self.author, stamp, self.reason, self.releases)


@dataclass(frozen=True, slots=True)
class GradeSight:
    """That a person was shown the grades on a claim or source: whoever has seen them no longer grades blind."""

    subject: str
    person: str
    seen_at: datetime

    def __post_init__(self) -> None:
        require_id(self.subject, "subject", "src" if self.subject.startswith("src_") else "clm")
        require_text(self.person, "person", longest=200)
        require_instant(self.seen_at, "seen_at")
