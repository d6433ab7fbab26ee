"""Queues, marks and addresses of partners: in order, for each alone, nothing that is taken back; on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from forewarn.ids import content_id
from forewarn.model.package import PackageManifest
from forewarn.store import Database, sync

NOW = datetime(2026, 1, 2, tzinfo=UTC)
TODAY, END = date(2026, 3, 1), date(2026, 6, 1)
ONE, OTHER = "b" * 64, "c" * 64
ROWS = PackageManifest("release", "a" * 64, (ONE, OTHER), 1, NOW, "a study", END, "TLP:GREEN", "PAP:AMBER")
A, B, C, D, E = (content_id("pkg", name) for name in "abcde")


def test_each_has_a_queue_of_what_still_stands(database: Database) -> None:
    """In the order made, from any place or the beginning; what ended, was recalled or replaced is held back."""
    alone = replace(ROWS, recipients=(ONE,))
    with database.writing() as connection:
        sync.enqueue(connection, {A: ROWS, B: alone, C: replace(ROWS, expires_on=date(2026, 2, 1))})
        sync.enqueue(connection, {D: alone.about("recall", A, reason="wrong"), E: ROWS.about("ack", A)})
        sync.add_sealed(connection, {A: b"\x00bytes", B: b""})
        sync.enqueue(connection, {})
        sync.add_sealed(connection, {})
    with database.reading() as connection:
        assert [(one.package_id, one.is_held_back) for one in sync.waiting(connection, ONE, "", TODAY)] == [
            (A, True), (B, False), (C, True), (D, False), (E, False),
        ]  # fmt: skip
        assert [one.package_id for one in sync.waiting(connection, ONE, C, TODAY)] == [D, E]
        assert [(one.package_id, one.is_held_back) for one in sync.waiting(connection, OTHER, B, TODAY)] == [
            (A, False), (C, True), (E, False),
        ]  # fmt: skip
        assert [sync.is_in_queue(connection, OTHER, one) for one in (A, B, "")] == [True, False, False]
        assert sync.sealed_bytes(connection, A) == b"\x00bytes"
        assert sync.sealed_bytes(connection, C) is None


def test_the_last_mark_and_address_count(database: Database) -> None:
    """Of each partner and direction; a mark that stands adds no row."""
    with database.writing() as connection:
        for place in (A, B, B):
            sync.add_mark(connection, ONE, "in", place, NOW)
        sync.add_mark(connection, ONE, "out", C, NOW)
        for address in ("https://a.example/exchange", ""):
            sync.add_address(connection, ONE, address, by="A", at=NOW)
        sync.add_address(connection, OTHER, "https://b.example/exchange", by="A", at=NOW)
        sync.add_sharing_note(connection, A, ("it helps", "none"), by="A", at=NOW)
    with database.reading() as connection:
        marks = [sync.mark_of(connection, *one) for one in ((ONE, "in"), (ONE, "out"), (OTHER, "in"))]
        assert marks == [B, C, ""]
        assert len(connection.execute(sync.sync_marks.select()).fetchall()) == 3
        assert [sync.address_of(connection, one) for one in (ONE, OTHER)] == ["", "https://b.example/exchange"]
