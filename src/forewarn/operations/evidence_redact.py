"""Making a redacted derivative of an original: sealed apart, pointing to what it was made from, logged with both.

The original is read and never written. What is masked is what a person marked; how sensitive the result is is that
person's word too, and by default no less strict than the original. It may be shared no further than the original until
a consent of its own is recorded.
"""

from __future__ import annotations

import io

from forewarn.account.marks import Box, Marks, Span
from forewarn.account.redaction import LARGEST_BYTES, redacted
from forewarn.errors import DisclosureError, InputError
from forewarn.ids import short
from forewarn.model.evidence import SHARING_LEVELS, EvidenceItem
from forewarn.model.provenance import Sensitivity
from forewarn.operations.evidence import Acquisition, append, kept_item, seal_item, vault_of
from forewarn.operations.evidence_sharing import consent_of
from forewarn.operations.tracker import refuse_names
from forewarn.operations.workspace import Progress, Workspace, no_progress

__all__ = ["Box", "Marks", "Span", "redact"]


def redact(
    workspace: Workspace, name: str, marked: Marks, *, by: str, why: str, sharing: str = "nobody",
    sensitivity: Sensitivity | None = None, progress: Progress = no_progress,
) -> tuple[EvidenceItem, tuple[Span, ...]]:  # fmt: skip
    """Seal a derivative of an item, masked and stripped; see :func:`forewarn.account.redaction.redacted`.

    Returns:
        Its record, and where in the original text what was masked still stands unmasked.

    Raises:
        DisclosureError: consent was withdrawn, or it would be shared further than the original.
        InputError: it is too large, of a kind that cannot be redacted safely, or a mask is outside it.
    """
    refuse_names(why=why)
    vault = vault_of(workspace)
    with workspace.database.reading() as connection:
        item = kept_item(connection, name)
        consent = consent_of(connection, item)
    where = short(item.evidence_id)
    if consent is None:
        raise DisclosureError("consent was withdrawn", where=where, mend="leave it")
    if sharing in SHARING_LEVELS and SHARING_LEVELS.index(sharing) > SHARING_LEVELS.index(consent.sharing):
        what = f"may be shared with {consent.sharing}, not {sharing}"
        raise DisclosureError(what, where=where, mend="redact it, then record a consent for the derivative")
    if item.size_bytes > LARGEST_BYTES:
        raise InputError(f"is larger than {LARGEST_BYTES:,} bytes", where=where, mend="cut out a part, and add that")
    data = b"".join(vault.read(item.sha256, is_derivative=bool(item.derived_from)))
    kind = str(vault.description(item.sha256)["media_type"])
    made = redacted(data, kind, marked, each=lambda done: progress(done, 0, "drawing anew"))
    said = Acquisition(
        f"made from {item.evidence_id}", workspace.now, f"redacted: {made.done}", why, tool="forewarn evidence redact",
        basis=consent.basis, purpose=consent.purpose, sharing=sharing, retention=item.retention,
        sensitivity=sensitivity or item.sensitivity,
    )  # fmt: skip
    described = {"name": f"redacted-{item.sha256[:12]}", "media_type": made.media_type, "index": {}}
    result = seal_item(workspace, io.BytesIO(made.data), said, described, by=by, derived_from=item.evidence_id)
    with workspace.database.writing() as connection:
        detail = {"derivative": result.evidence_id, "done": made.done}
        append(workspace, connection, vault.key, item.evidence_id, "redact", by=by, why=why, detail=detail)
    return result, made.still_at
