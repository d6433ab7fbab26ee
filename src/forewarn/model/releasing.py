"""A release to others as two people make it: one proposes after a preview, another approves, and only then it leaves.

Owns the entries and the rule that the two are not the same person. What is approved is what was previewed: the digest
over the rows binds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forewarn.errors import LifecycleError, SeparationError
from forewarn.ids import content_id, short
from forewarn.model.terms import ReleaseTerms
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = ["ReleaseEntry", "approved", "proposed"]


@dataclass(frozen=True, slots=True)
class ReleaseEntry:
    """One step of a release.

    Attributes:
        kind: ``proposed`` or ``approved``.
        by: who did it.
        at: when, UTC.
        terms: of the release.
        digest: SHA-256 over the rows that leave.
        release_id: ``rel_`` and the SHA-256 over who proposed which rows on which terms and when.
        removed: why something is not there, and how often.
        content: the rows that left, as JSON; empty for a proposal.
    """

    kind: str
    by: str
    at: datetime
    terms: ReleaseTerms
    digest: str
    release_id: str
    removed: tuple[tuple[str, int], ...] = ()
    content: str = ""

    def __post_init__(self) -> None:
        require_choice(self.kind, "kind", ("proposed", "approved"))
        require_text(self.by, "by", longest=200)
        require_instant(self.at, "at")
        require_id(self.release_id, "release_id", "rel")

    @property
    def entry_id(self) -> str:
        """``ren_`` and the SHA-256 over the step."""
        return content_id("ren", self.release_id, self.kind, self.by, self.at.isoformat())


def proposed(
    terms: ReleaseTerms, digest: str, removed: tuple[tuple[str, int], ...], *, by: str, at: datetime
) -> ReleaseEntry:
    """The proposal of what a preview showed. Raises :class:`InputValueError` without a note on benefit and risk."""
    terms.require_note()
    terms_text = [f"{name}={value}" for name, value in sorted(terms.plain().items())]
    made = content_id("rel", terms_text, digest, by, at.isoformat())
    return ReleaseEntry("proposed", by, at, terms, digest, made, removed)


def approved(proposal: ReleaseEntry, digest: str, content: str, *, by: str, at: datetime) -> ReleaseEntry:
    """The approval of a proposal by another person.

    Raises:
        SeparationError: by whoever proposed it.
        InputValueError: it has no note on benefit and risk.
        LifecycleError: what would leave now is not what was previewed, or the terms have run out.
    """
    proposal.terms.require_note()
    where = f"release {short(proposal.release_id)}"
    if " ".join(by.split()).casefold() == " ".join(proposal.by.split()).casefold():
        raise SeparationError("was proposed by the same person", where=where, mend="have another person approve it")
    if digest != proposal.digest:
        raise LifecycleError("what would leave has changed since the preview", where=where, mend="preview it again")
    if at.date() > proposal.terms.expires_on:
        raise LifecycleError(f"ended on {proposal.terms.expires_on}", where=where, mend="preview it with a later day")
    return ReleaseEntry("approved", by, at, proposal.terms, digest, proposal.release_id, proposal.removed, content)
