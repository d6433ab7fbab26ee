"""Rejected rows go to a file that can be corrected, opened in a spreadsheet without danger, and read again."""

from __future__ import annotations

import csv
import errno
import os
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.collect.rejects import (
    FAULTS,
    REJECT_COLUMNS,
    RejectsFile,
    fault_row,
    gathered,
    neutralized,
    restored,
    write_rejects,
)
from forewarn.collect.tabular import read_table
from forewarn.errors import StoreFullError


def faults(*rows: tuple[int, str, str, str, str]) -> pl.DataFrame:
    """Faults as a frame."""
    return pl.DataFrame(rows, schema=FAULTS, orient="row")


ONE = faults(fault_row(7, "best", "-5", "is negative", "correct it"))


def test_faults_of_one_row_are_gathered() -> None:
    """Each rejected row stands once, in order of rows, with all that is wrong with it."""
    found = gathered(
        faults((9, "a", "x", "is bad", "mend"), (2, "b", "y", "is ill", "heal"), (9, "c", "z", "too", "m"))
    )
    assert found["row"].to_list() == [2, 9]
    assert found.row(1) == (9, "a | c", "x | z", "is bad | too", "mend | m")


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_neutralizing_is_safe_and_reversible(cells: list[str]) -> None:
    """No cell begins as a formula does, and every cell comes back as it was."""
    frame = pl.DataFrame({"cell": pl.Series(cells, dtype=pl.String)})
    safe = frame.select(neutralized(pl.col("cell")))
    assert not any(cell[:1] in tuple("=+-@\t\r") for cell in safe["cell"] if cell)
    assert safe.select(restored(pl.col("cell")))["cell"].to_list() == cells


def test_the_file_holds_reasons_and_original_cells(tmp_path: Path) -> None:
    """First row, column, value, reason and mend; then the row as it came, formulas neutralized."""
    originals = pl.DataFrame({"id": ["=1+1"], "best": ["-5"], "note": ["a\nb"]})
    assert write_rejects(tmp_path / "rejects.csv", [(ONE, originals)]) == 1
    with (tmp_path / "rejects.csv").open(newline="", encoding="utf-8") as file:
        header, row = list(csv.reader(file))
    assert header == [*REJECT_COLUMNS, "id", "best", "note"]
    assert row == ["7", "best", "'-5", "is negative", "correct it", "'=1+1", "'-5", "a\nb"]


def test_the_file_can_be_read_again(tmp_path: Path) -> None:
    """Fed back, a rejects file gives exactly the original columns and cells, negative numbers included."""
    originals = pl.DataFrame({"row": ["r"], "longitude": ["-7.3"], "=bad": ["'=x"], "empty": [None]})
    write_rejects(tmp_path / "rejects.csv", [(ONE, originals.cast(pl.String))])
    (chunk,) = read_table(tmp_path / "rejects.csv", "rejects.csv")
    assert chunk.frame.rows(named=True) == [{"row": "r", "longitude": "-7.3", "=bad": "'=x", "empty": None}]


def test_columns_may_come_late(tmp_path: Path) -> None:
    """Rows from before a column was known are filled up, so that every line has the same width."""
    with RejectsFile(tmp_path / "rejects.csv") as file:
        file.add(ONE, pl.DataFrame({"a": ["1"]}))
        file.add(ONE, pl.DataFrame({"b": ["2"]}))
    with (tmp_path / "rejects.csv").open(newline="", encoding="utf-8") as lines:
        assert [row[5:] for row in csv.reader(lines)] == [["a", "b"], ["1", ""], ["", "2"]]


def test_without_rejects_there_is_no_file(tmp_path: Path) -> None:
    """Nothing rejected, nothing written."""
    assert write_rejects(tmp_path / "rejects.csv", []) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_fault_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    """Leaving by an exception leaves neither a file nor part of one."""

    def stopped() -> None:
        with RejectsFile(tmp_path / "rejects.csv") as file:
            file.add(ONE, pl.DataFrame({"a": ["1"]}))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full, an earlier file stays as it was."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    (tmp_path / "rejects.csv").write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreFullError):
        write_rejects(tmp_path / "rejects.csv", [(ONE, pl.DataFrame({"a": ["1"]}))])
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]
