"""Documents from the file to the answer: kept once, found by any printing of the symbol, quoted as they stand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from forewarn.collect.documents import assemble
from forewarn.config import load_settings
from forewarn.errors import ForewarnError, UnknownNameError, UsageError
from forewarn.operations import document
from forewarn.operations.collect import Collected, collect
from forewarn.operations.document import Asked
from forewarn.operations.document_files import parse_files, require_format, write_documents
from forewarn.operations.init import init
from forewarn.operations.positions import positions
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import schema

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "documents"
FILES = sorted(EXAMPLES.iterdir())
THEME = "protection_of_civilians"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A fresh workspace."""
    settings = load_settings({"workspace": tmp_path / "work", "author": "analyst"}, environ={})
    init(settings)
    with opened(settings) as one:
        yield one


@pytest.fixture
def kept(workspace: Workspace) -> Workspace:
    """A workspace in which the examples have been collected."""
    assert [one.accepted for one in collect(workspace, "un-document", FILES)] == [1, 1, 1]
    return workspace


def counts(workspace: Workspace) -> dict[str, int]:
    """Rows of every table, but those that say that something was read."""
    with workspace.database.reading() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in schema.metadata.tables.items()
        }


def test_a_document_is_a_report_that_claims_nothing(kept: Workspace) -> None:
    """One report a file, a statement under its symbol on its day; no claim, no incident."""
    table = schema.reports
    with kept.database.reading() as connection:
        found = connection.execute(select(table.c.external_id, table.c.kind, table.c.known_on)).all()
    assert ("S/PV.99901", "statement", "2019-03-05") in {tuple(row) for row in found}
    assert counts(kept)["claims"] == 0


def test_collecting_again_changes_nothing(kept: Workspace) -> None:
    """The same bytes, also under another name, add no row."""
    before = counts(kept)
    again = collect(kept, "un-document", FILES)
    assert [one.seen_before for one in again] == [True, True, True]
    assert counts(kept) == before


def test_a_newer_parser_reads_kept_files_again(kept: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Collecting the same bytes with a newer parser adds a reading and no document."""
    monkeypatch.setattr(document, "PARSER", f"{assemble.PARSER}-next")
    collect(kept, "un-document", FILES)
    made = counts(kept)
    assert (made["documents"], made["document_readings"]) == (3, 6)
    assert len(document.list_documents(kept)) == 3


def test_case_40_the_same_words_in_another_file_are_one_document(kept: Workspace, tmp_path: Path) -> None:
    """Other line ends are other bytes: one more file, each with its hash, and no other reading."""
    other = tmp_path / "same.txt"
    other.write_bytes((EXAMPLES / "record.txt").read_bytes().replace(b"\n", b"\r\n"))
    (made,) = collect(kept, "un-document", [other])
    assert any("another file of document S/PV.99901" in note for note in made.notes)
    assert {one.symbol: one.files for one in document.list_documents(kept)}["S/PV.99901"] == 2
    assert len(document.show(kept, "S/PV.99901").snapshot_ids) == 2


def test_a_refused_report_keeps_no_document(workspace: Workspace, tmp_path: Path) -> None:
    """What is dated in the future is refused whole, with its reason."""
    path = tmp_path / "future.txt"
    path.write_text((EXAMPLES / "record.txt").read_text().replace("5 March 2019", "5 March 2199"))
    (made,) = collect(workspace, "un-document", [path])
    assert (made.accepted, made.rejected) == (0, 1)
    assert document.list_documents(workspace) == []


def test_what_cannot_be_read_is_refused_and_its_bytes_stay(workspace: Workspace, tmp_path: Path) -> None:
    """Bytes that are no text are one clear error; nothing but the snapshot is kept."""
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.4\nnothing more")
    with pytest.raises(ForewarnError):
        collect(workspace, "un-document", [path])
    assert list(workspace.paths.snapshots.rglob("*.*")) or list(workspace.paths.snapshots.iterdir())
    assert counts(workspace)["documents"] == counts(workspace)["reports"] == 0


def test_show_takes_any_printing_of_the_symbol(kept: Workspace) -> None:
    """Case of words, white space and a star do not matter; an id's beginning does too."""
    found = document.show(kept, "S/PV.99901")
    assert document.show(kept, "S/PV.99901*") == found
    assert document.show(kept, found.document_id[:16]) == found
    with pytest.raises(UnknownNameError):
        document.show(kept, "S/PV.99902")


def test_a_kept_document_is_the_parsed_one(kept: Workspace) -> None:
    """What the store gives back is what the parser made, but for the file it came from."""
    (parsed,) = parse_files([EXAMPLES / "record.txt"])
    assert parsed.document is not None
    assert replace(document.show(kept, "S/PV.99901"), snapshot_ids=()) == parsed.document


def test_search_quotes_the_text_as_it_stands(kept: Workspace) -> None:
    """State by name or code, theme and days cut the answer; offsets lead to the words."""
    for state in ("Ghana", "GHA", "ghana"):
        hits = document.search(kept, "observers", Asked(state=state))
        assert {hit.iso3 for hit in hits} == {"GHA"}
        assert len(hits) == 3
    for hit in hits:
        text = document.show(kept, hit.document_id).text
        assert text[hit.start : hit.end] == hit.snippet
        assert {text[start:end] for start, end in hit.found} == {"observers"}
    assert len(document.search(kept, "observers", Asked(first=date(2020, 1, 1)))) == 2
    assert document.search(kept, "observers", Asked(state="Iceland")) == []


def test_positions_quote_one_state_through_time(kept: Workspace) -> None:
    """Oldest first; each beside the one before: kinds and words that came and went. Nothing is scored."""
    found = positions(kept, Asked(state="Ghana", theme=THEME))
    assert [one.dated_on for one in found] == [date(2019, 3, 5), date(2019, 11, 20), date(2020, 5, 13)]
    assert found[0].compared_with == ""
    assert [one.compared_with for one in found[1:]] == [one.document_id for one in found[:-1]]
    last = found[-1]
    assert (last.kinds_added, last.kinds_dropped) == (("supports",), ("calls_for",))
    assert "deployment" in last.words_added
    assert "respect" in last.words_dropped
    assert {"ghana", "akvane"}.isdisjoint(word for one in found for word in (*one.words_added, *one.words_dropped))
    for one in found:
        text = document.show(kept, one.document_id).text
        assert all(text[quote.start : quote.end] == quote.text for quote in one.quotes)
    assert {quote.speaker for one in found[:1] for quote in one.quotes} == {"Mr. Akvane (Ghana)"}
    assert positions(kept, Asked(state="Iceland", theme=THEME)) == []


def test_a_statement_without_a_day_is_compared_with_none(kept: Workspace, tmp_path: Path) -> None:
    """Nobody can say what came before it; it stands last."""
    path = tmp_path / "excerpt.txt"
    path.write_text("Mr. Akvane (Ghana): We call on all to protect civilians in every conflict.\n")
    collect(kept, "un-document", [path])
    found = positions(kept, Asked(state="GHA", theme=THEME))
    assert found[-1].dated_on is None
    assert (found[-1].compared_with, found[-1].words_added) == ("", ())


def test_undertakings_are_listed_by_state_and_kind(kept: Workspace) -> None:
    """Each with its instrument and due date as printed; a denied one says so; an unknown kind is refused."""
    (first, second) = document.undertakings(kept, Asked(state="GHA"), kinds=["commits"])
    assert (first["instrument"], first["due"]) == ("S/RES/9286 (2018)", "by the end of 2019")
    assert second["symbol"] == ""
    supports = document.undertakings(kept, Asked(state="GHA"), kinds=["supports"])
    assert [one["negated"] for one in supports] == [True, False]
    with pytest.raises(UsageError, match="--kind"):
        document.undertakings(kept, Asked(), kinds=["promises"])


def test_an_unknown_theme_is_refused_with_the_nearest() -> None:
    """Case does not matter; a list may be named before the code."""
    assert document.theme_of("rf1") == "RF1"
    assert document.theme_of(f"theme:{THEME}") == f"theme:{THEME}"
    with pytest.raises(UnknownNameError, match="protection_of_civilians"):
        document.theme_of("protection_of_civilian")
    assert THEME in {one.code for one in document.themes()}


def test_documents_that_cite_are_found_by_any_printing(kept: Workspace) -> None:
    """The statement that mentions the record is found by the record's symbol."""
    assert [one.cls for one in document.list_documents(kept, cites="S/PV.99901")] == ["prepared_statement"]


def test_one_broken_file_does_not_stop_the_others(tmp_path: Path) -> None:
    """It comes back with its error, in its place."""
    (tmp_path / "gone").mkdir()
    parsed = parse_files([EXAMPLES / "record.txt", tmp_path / "nowhere.txt", EXAMPLES / "statement.md"])
    assert [one.error is None for one in parsed] == [True, False, True]


def test_files_of_one_name_do_not_write_over_each_other(tmp_path: Path) -> None:
    """Two records of two folders with one name are two files."""
    (tmp_path / "other").mkdir()
    shutil.copy(EXAMPLES / "second_record.txt", tmp_path / "other" / "record.txt")
    parsed = parse_files([EXAMPLES / "record.txt", tmp_path / "other" / "record.txt"])
    written = write_documents(parsed, tmp_path / "out", "json")
    assert len({one.read_bytes() for one in written}) == 2
    with pytest.raises(UsageError, match="--format"):
        require_format("pdf")


def test_a_folder_that_cannot_be_written_to_is_one_clear_error(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(ForewarnError, match="cannot be written"):
        write_documents(parse_files([EXAMPLES / "record.txt"]), tmp_path / "out", "akn")


def test_what_is_collected_is_told(workspace: Workspace) -> None:
    """The result names the document and what was found."""
    made: list[Collected] = collect(workspace, "un-document", [EXAMPLES / "record.txt"])
    assert any(note.startswith("kept as document S/PV.99901: 5 speeches") for note in made[0].notes)
