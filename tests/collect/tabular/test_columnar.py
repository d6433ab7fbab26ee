"""Parquet is read as text, in chunks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from forewarn.collect.tabular import columnar, read_table
from forewarn.errors import InputFormatError


def test_values_become_text(tmp_path: Path) -> None:
    """Days and instants in ISO 8601, numbers as they print, lists as JSON, blanks as missing."""
    frame = pl.DataFrame(
        {
            "day": [date(2017, 8, 25)],
            "at": [datetime(2017, 8, 25, 6, 30, tzinfo=UTC)],
            "count": [7],
            "share": [2.5],
            "is": [True],
            "names": [["a", "b"]],
            "blank": [""],
        }
    )
    frame.write_parquet(tmp_path / "given")
    (chunk,) = read_table(tmp_path / "given", "given.parquet")
    assert chunk.frame.rows() == [("2017-08-25", "2017-08-25 06:30:00", "7", "2.5", "true", '["a", "b"]', None)]


def test_rows_are_numbered_across_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers go on from chunk to chunk."""
    monkeypatch.setattr(columnar, "_ROWS", 3)
    pl.DataFrame({"a": range(7)}).write_parquet(tmp_path / "given")
    chunks = list(read_table(tmp_path / "given", "given.parquet"))
    assert [chunk.rows.to_list() for chunk in chunks] == [[1, 2, 3], [4, 5, 6], [7]]


def test_damaged_files_and_bytes_are_refused(tmp_path: Path) -> None:
    """A cut-off file is one error; a column of bytes is named."""
    pl.DataFrame({"a": [b"\x00"]}).write_parquet(tmp_path / "given")
    with pytest.raises(InputFormatError, match="column a: holds bytes"):
        list(read_table(tmp_path / "given", "given.parquet"))
    (tmp_path / "given").write_bytes((tmp_path / "given").read_bytes()[:40])
    with pytest.raises(InputFormatError, match="cannot be read as parquet"):
        list(read_table(tmp_path / "given", "given.parquet"))
