"""Redacting in a workspace: a derivative apart from its original, on terms no wider, logged with both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forewarn.config import load_settings
from forewarn.errors import DisclosureError, InputError
from forewarn.model.evidence import Consent
from forewarn.model.provenance import Sensitivity
from forewarn.operations import evidence as e
from forewarn.operations.evidence_check import check
from forewarn.operations.evidence_redact import Marks, redact
from forewarn.operations.evidence_sharing import check_package, export, record_consent, withdraw
from forewarn.operations.init import init
from forewarn.operations.workspace import Workspace, opened

WORDS = b"Anna saw it from the school."
SAID = e.Acquisition(
    "there", datetime(2026, 1, 1, tzinfo=UTC), "handed over", "proof", basis="signed form", purpose="accountability",
    sharing="investigators",
)  # fmt: skip
MASK = Marks(((0, 4),))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with one text."""
    settings = load_settings({"workspace": tmp_path / "w", "author": "officer"}, environ={})
    init(settings)
    (tmp_path / "a.txt").write_bytes(WORDS)
    with opened(settings) as workspace:
        e.add(workspace, tmp_path / "a.txt", SAID, by="officer")
        yield workspace


def test_DNH_07_a_derivative_stands_apart_and_the_original_stays_as_it_is(workspace: Workspace, tmp_path: Path) -> None:
    """Sealed among working copies, pointing to its original, as sensitive as that, shared with nobody; all holds."""
    original = e.listed(workspace)[0]
    sealed = workspace.paths.evidence / "originals" / original.sha256[:2] / original.sha256
    before = (sealed.read_bytes(), sealed.stat().st_mtime_ns)
    made, still = redact(workspace, original.evidence_id, MASK, by="officer", why="to be shared")
    assert (made.derived_from, made.sensitivity, made.consent.sharing) == (
        original.evidence_id,
        Sensitivity.SEVERE,
        "nobody",
    )
    assert still == ()
    assert (sealed.read_bytes(), sealed.stat().st_mtime_ns) == before
    assert (workspace.paths.evidence / "working" / made.sha256[:2] / made.sha256).is_file()
    for item, data in ((original, WORDS), (made, "█████ saw it from the school.".encode())):
        e.copy_out(workspace, item.evidence_id, tmp_path / item.sha256, by="officer", why="to look at it")
        assert (tmp_path / item.sha256).read_bytes() == data
    assert [one.act for one in e.log_of(workspace, original.evidence_id)] == ["intake", "redact", "copy"]
    assert e.log_of(workspace, original.evidence_id)[1].detail["derivative"] == made.evidence_id
    assert check(workspace).faults == ()
    again, _ = redact(workspace, made.evidence_id, Marks(((0, 5), (20, 26))), by="officer", why="more")
    assert again.derived_from == made.evidence_id
    assert check(workspace).faults == ()


def test_DNH_20_a_derivative_is_shared_no_further_than_its_original_without_a_consent_of_its_own(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Wider is refused; with a consent of its own it leaves alone; once the original's is withdrawn, no more."""
    original = e.listed(workspace)[0]
    with pytest.raises(DisclosureError, match="investigators, not public"):
        redact(workspace, original.evidence_id, MASK, by="officer", why="w", sharing="public")
    made, _ = redact(workspace, original.evidence_id, MASK, by="officer", why="w", sensitivity=Sensitivity.LOW)
    agreed = Consent("signed form, for the masked text", "awareness", "public")
    record_consent(workspace, made.evidence_id, agreed, by="officer", why="asked")
    terms = {"to": "the press", "audience": "public", "purpose": "awareness", "by": "officer", "why": "asked"}
    export(workspace, [made.evidence_id], tmp_path / "bag", **terms)
    assert check_package(tmp_path / "bag") == ()
    assert not any(b"Anna" in path.read_bytes() for path in (tmp_path / "bag").rglob("*") if path.is_file())
    with pytest.raises(DisclosureError):
        export(workspace, [original.evidence_id], tmp_path / "bag2", **terms)
    withdraw(workspace, original.evidence_id, by="officer", why="asked by the source")
    with pytest.raises(DisclosureError, match="withdrawn"):
        export(workspace, [made.evidence_id], tmp_path / "bag3", **terms)
    with pytest.raises(DisclosureError, match="withdrawn"):
        redact(workspace, original.evidence_id, Marks(((0, 8),)), by="officer", why="w")


def test_what_is_refused_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    """A kind without a safe way: an error, and neither a derivative nor an entry."""
    (tmp_path / "a.ogg").write_bytes(b"OggS" + bytes(60))
    item = e.add(workspace, tmp_path / "a.ogg", replace(SAID, where="elsewhere"), by="officer")
    with pytest.raises(InputError, match="cannot be redacted safely"):
        redact(workspace, item.evidence_id, Marks(), by="officer", why="w")
    assert len(e.listed(workspace)) == 2
    assert [one.act for one in e.log_of(workspace, item.evidence_id)] == ["intake"]
