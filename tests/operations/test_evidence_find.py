"""Finding items by what is sealed with them, each find logged as a read."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forewarn.config import load_settings
from forewarn.errors import UsageError
from forewarn.operations import evidence as e
from forewarn.operations.evidence_find import find_sealed
from forewarn.operations.evidence_purge import purge
from forewarn.operations.init import init
from forewarn.operations.workspace import opened

SAID = e.Acquisition("there", datetime(2026, 1, 1, tzinfo=UTC), "handed over", "proof")


def test_DNH_03_06_an_item_is_found_by_what_is_sealed_with_it_and_the_find_is_logged(tmp_path: Path) -> None:
    """By its name or a part of a container, in whatever case; others are not logged; a purged item is not found."""
    settings = load_settings({"workspace": tmp_path / "w"}, environ={})
    init(settings)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("letters/Convoy-17.txt", "x")
    (tmp_path / "convoy.txt").write_text("words")
    (tmp_path / "other.txt").write_text("convoy is only in the text")
    with opened(settings) as workspace:
        items = [e.add(workspace, tmp_path / name, SAID, by="officer") for name in ("a.zip", "convoy.txt", "other.txt")]
        found = find_sealed(workspace, "CONVOY", by="analyst", why="to code it")
        assert [(one.item.evidence_id, one.places) for one in found] == [
            (items[0].evidence_id, (("index.parts[0].name", "letters/Convoy-17.txt"),)),
            (items[1].evidence_id, (("name", "convoy.txt"),)),
        ]
        assert [[entry.act for entry in e.log_of(workspace, one.evidence_id)] for one in items] == [
            ["intake", "read"], ["intake", "read"], ["intake"],
        ]  # fmt: skip
        purge(workspace, [items[1].evidence_id], by="officer", why="over", is_early=True)
        assert len(find_sealed(workspace, "convoy", by="analyst", why="to code it")) == 1
        with pytest.raises(UsageError, match="too short"):
            find_sealed(workspace, " a ", by="analyst", why="to code it")
