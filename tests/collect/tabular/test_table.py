"""One entry for every format; hashtag rows belong to the header."""

from __future__ import annotations

from pathlib import Path

import pytest

from forewarn.collect.tabular import TableOptions, read_table
from forewarn.errors import InputFormatError


def test_a_hashtag_row_is_left_out_and_told(tmp_path: Path) -> None:
    """The row of HXL hashtags is no data: the row below it is row 1, and the reading says that it was skipped."""
    (tmp_path / "given").write_bytes(b"day,place\n#date,\n2020-01-01,A\n2020-01-02\n2020-01-03,C\n")
    (chunk,) = read_table(tmp_path / "given", "given.csv")
    assert chunk.frame["day"].to_list() == ["2020-01-01", "2020-01-02", "2020-01-03"]
    assert chunk.rows.to_list() == [1, 2, 3]
    assert chunk.faults["row"].to_list() == [2]
    assert chunk.notes == (("hashtag row skipped", 1),)


def test_a_row_with_one_hash_stays(tmp_path: Path) -> None:
    """A headline that begins with a hash is data."""
    (tmp_path / "given").write_bytes(b"day,text\n2020-01-01,#help\n")
    (chunk,) = read_table(tmp_path / "given", "given.csv")
    assert chunk.frame.height == 1
    assert chunk.notes == ()


def test_a_declared_format_must_be_true(tmp_path: Path) -> None:
    """A workbook that is declared to be a CSV is refused, not read as gibberish."""
    (tmp_path / "given").write_bytes(b"PAR1....")
    with pytest.raises(InputFormatError, match="is parquet, not csv"):
        read_table(tmp_path / "given", "given.csv", TableOptions(format="csv"))


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_rejects_come_back_as_csv_whatever_they_were(tmp_path: Path, delimiter: str) -> None:
    """Rejects of a workbook, corrected and perhaps saved with another delimiter, are read with the same mapping."""
    rows = (["row", "column", "value", "reason", "mend", "a"], ["3", "a", "x", "is bad", "mend it", "'-5"])
    (tmp_path / "given").write_text("\n".join(delimiter.join(row) for row in rows) + "\n")
    options = TableOptions(format="xlsx", delimiter="|", sheet="Data")
    (chunk,) = read_table(tmp_path / "given", "rejects.csv", options)
    assert chunk.frame.rows(named=True) == [{"a": "-5"}]
