"""The custody chain: any tampering with the stored links is named, and an untouched chain holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.account import Fault, Head, WorkspaceKey, chain_faults, head_fault, next_entry, read_head, write_head
from forewarn.account.custody import Link
from forewarn.clock import instant_text
from forewarn.ids import content_id
from forewarn.model.evidence import CUSTODY_ACTS, CustodyEntry

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ITEM = content_id("evd", 1)
KEY = WorkspaceKey(b"k" * 32)


def stored(one: CustodyEntry) -> Link:
    said = (one.act, one.by, instant_text(one.at), one.why, one.detail_text, one.digest)
    return (one.sequence, one.previous, one.evidence_id, *said)


def chain(length: int = 6) -> list[Link]:
    head, links = Head(0, ""), []
    for number in range(length):
        act = CUSTODY_ACTS[number % len(CUSTODY_ACTS)]
        entry = next_entry(head, ITEM, act, by="officer", at=NOW, why=f'reason "é" {number}', detail={"n": str(number)})
        links.append(stored(entry))
        head = Head(entry.sequence, entry.digest)
    return links


CHAIN = chain()


def test_an_untouched_chain_holds() -> None:
    """The quick check computes the very digests of the noun."""
    found: dict[int, str] = {}
    assert list(chain_faults(CHAIN, found)) == []
    assert found == {link[0]: link[8] for link in CHAIN}
    assert head_fault(Head(6, CHAIN[-1][8]), found) is None
    assert head_fault(Head(0, ""), {}) is None


@given(st.integers(0, 5), st.integers(0, 8), st.data())
def test_DNH_06_any_altered_column_names_its_link(row: int, column: int, data: st.DataObject) -> None:
    """Whatever column of whatever row is changed, that row is named (a changed number as a gap beside it)."""
    links = [list(link) for link in CHAIN]
    old = links[row][column]
    links[row][column] = 99 if column == 0 else data.draw(st.text().filter(lambda text: text != old))
    faults = list(chain_faults([tuple(link) for link in links]))  # type: ignore[misc]
    wanted = 99 if column == 0 else row + 1
    assert any(fault.where == f"custody entry {wanted}" for fault in faults)


@given(st.integers(0, 5), st.sampled_from(["delete", "swap", "insert", "replace"]))
def test_DNH_06_deleted_reordered_inserted_and_replaced_rows_are_named(row: int, how: str) -> None:
    """Also when whoever does it computes proper digests for what they put in."""
    links, found = list(CHAIN), {}
    if how == "delete":
        del links[row]
    elif how == "swap":
        other = (row + 1) % 6
        links[row], links[other] = (links[row][0], *links[other][1:]), (links[other][0], *links[row][1:])
    else:
        said = CustodyEntry(row + 1, links[row][1], ITEM, "read", "intruder", NOW, "never happened")
        links[row : row + (how == "replace")] = [stored(said)]
    faults = list(chain_faults(links, found))
    last = head_fault(Head(6, CHAIN[-1][8]), found)
    faults += [last] if last else []
    assert faults
    assert all(isinstance(fault, Fault) for fault in faults)
    named = " ".join(fault.where for fault in faults)
    assert any(f"entry {number}" in named for number in (row + 1, row + 2))


def test_DNH_06_links_cut_off_at_the_end_or_written_anew_are_named() -> None:
    """The signed head shows what the chain alone cannot."""
    found: dict[int, str] = {}
    assert list(chain_faults(CHAIN[:4], found)) == []
    told = head_fault(Head(6, CHAIN[-1][8]), found)
    assert told is not None
    assert told.where == "custody entry 5 to 6"
    added = head_fault(Head(3, CHAIN[2][8]), found)
    assert added is not None
    assert added.where == "custody entry 4"
    anew = head_fault(Head(4, CHAIN[-1][8]), found)
    assert anew is not None
    assert "anew" in anew.what


def test_the_head_is_signed(tmp_path: Path) -> None:
    """A head comes back as written; altered, signed by another key, or gone, it is named."""
    path, head = tmp_path / "custody.head", Head(6, CHAIN[-1][8])
    write_head(path, head, KEY)
    assert read_head(path, KEY) == head
    assert isinstance(read_head(path, WorkspaceKey(b"x" * 32)), Fault)
    path.write_text(path.read_text().replace('"count": 6', '"count": 5'))
    assert isinstance(read_head(path, KEY), Fault)
    path.unlink()
    told = read_head(path, KEY)
    assert isinstance(told, Fault)
    assert "missing" in told.what


def test_a_link_names_an_item_unless_it_is_of_the_whole() -> None:
    """Only anchors and rotations name no item."""
    entry = next_entry(Head(0, ""), "", "anchor", by="officer", at=NOW, why="daily")
    assert entry.sequence == 1
    with pytest.raises(ValueError, match="evd"):
        replace(entry, act="read")
