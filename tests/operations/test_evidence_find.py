"""Finding items by what is sealed with them, each find logged as a read."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from forewarn.config import load_settings
from forewarn.errors import StoreError, UnknownNameError, UsageError
from forewarn.model.evidence import Consent, EvidenceItem
from forewarn.operations import evidence as e
from forewarn.operations.evidence_find import find_sealed
from forewarn.operations.evidence_purge import purge
from forewarn.operations.init import init
from forewarn.operations.workspace import opened
from forewarn.store.evidence_tables import evidence_items

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


def test_DNH_03_each_of_100_000_items_is_found_by_id_digest_and_address(tmp_path: Path) -> None:
    """Any item, by its whole id, its digest or the beginning of it, and where it was got; an id stands once."""
    settings = load_settings({"workspace": tmp_path / "w"}, environ={})
    init(settings)
    count = 100_000

    def record(number: int) -> dict[str, object]:
        digest = sha256(str(number).encode()).hexdigest()
        said = {**ITEM.record(), "evidence_id": f"evd_{digest}", "acquired_where": f"https://example.org/{number}"}
        return dict(said)

    with opened(settings) as workspace:
        with workspace.database.writing() as connection:
            names, first = ITEM.record().keys(), tuple(ITEM.record().values())[1:]
            where = list(names).index("acquired_where") - 1
            rows = (
                (
                    f"evd_{sha256(str(n).encode()).hexdigest()}",
                    *first[:where],
                    f"https://example.org/{n}",
                    *first[where + 1 :],
                )
                for n in range(count)
            )
            marks = ", ".join("?" * len(names))
            connection.exec_driver_sql(f"INSERT INTO evidence_items ({', '.join(names)}) VALUES ({marks})", list(rows))
        with workspace.database.reading() as connection:
            for number in range(0, count, 1_999):
                told = record(number)
                name = str(told["evidence_id"])
                for asked in (name, name[4:], name[4:28], str(told["acquired_where"])):
                    assert e.item_of(connection, asked).record() == told
            for asked in ("https://example.org/none", "f" * 64, "evd_" + "0" * 64):
                with pytest.raises(UnknownNameError):
                    e.item_of(connection, asked)
        with pytest.raises(StoreError), workspace.database.writing() as connection:
            connection.execute(evidence_items.insert(), record(7))


ITEM = EvidenceItem(
    "evd_" + "0" * 64, 1, "0" * 128, "there", datetime(2026, 1, 1, tzinfo=UTC), "found", "none", "proof", "officer",
    Consent("a form", "proof"), "proceedings",
)  # fmt: skip
