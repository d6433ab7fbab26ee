"""Tables of anybody's making: used, or refused with file, row and mend."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from forewarn.errors import ForewarnError, InputEncodingError, InputFormatError, InputNotFoundError, InputValueError
from forewarn.forecast import CountTable, count_table, read_table


def _table(path: Path) -> CountTable:
    return count_table(read_table(path), unit="u", period="t", value="n", where=path.name)


def _csv(folder: Path, text: str | bytes) -> Path:
    path = folder / "panel.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_gaps_and_empty_cells_are_missing(tmp_path):
    """A row that is not there and a cell without a number are NaN, not zero."""
    table = _table(_csv(tmp_path, "u,t,n\nb,3,1\na,1,2\na,3,\n"))
    assert (table.units, table.first_period, table.last_period) == (("a", "b"), 1, 3)
    np.testing.assert_array_equal(table.values, [[2, np.nan, np.nan], [np.nan, np.nan, 1]])


def test_numbers_name_units_alike_in_every_format(tmp_path):
    """57, 57.0 and '57' are the same unit."""
    for kind, values in ((pl.Int64, [57]), (pl.Float64, [57.0]), (pl.String, ["57"])):
        path = tmp_path / "panel.parquet"
        pl.DataFrame({"u": pl.Series(values, dtype=kind), "t": [1], "n": [0]}).write_parquet(path)
        assert _table(path).units == ("57",)


def test_periods_outside_the_table_are_missing(tmp_path):
    """Asking beyond the table gives NaN, not an error and not zero."""
    table = _table(_csv(tmp_path, "u,t,n\na,5,1\na,6,2\n"))
    np.testing.assert_array_equal(table.between(4, 7), [[np.nan, 1, 2, np.nan]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("u,t,n\na,1,1\nb,1,1\na,1,2\n", r"panel.csv, row 3: unit a, period 1 comes twice"),
        ("u,t,n\na,1,1\nb,1,-3\n", r"panel.csv, row 2, column n: -3 is not a count"),
        ("u,t,n\na,1,1\nb,1,NaN\n", r"row 2, column n: nan is not a count.*leave the cell empty"),
        ("u,t,n\na,1,inf\n", r"row 1, column n: inf is not a count"),
        ("u,t,n\na,1,1e30\n", r"row 1, column n"),
        ("u,t,n\na,1,many\n", r"row 1, column n: many is no number"),
        ("u,t,n\na,1.5,1\n", r"row 1, column t: 1.5 is no whole number"),
        ("u,t,n\na,,1\n", r"column t"),
        ("u,t,n\n,1,1\n", r"row 1, column u"),
        ("u,t,n\na,1,1\na,99999999,1\n", r"column t: periods run from"),
    ],
)
def test_values_out_of_range_name_their_row(tmp_path, text, message):
    """Doubles, negative, missing, infinite, absurd and non-numeric values stop the reading."""
    with pytest.raises((InputValueError, InputFormatError), match=message):
        _table(_csv(tmp_path, text))


def test_files_that_cannot_be_read_say_why(tmp_path):
    """Absent, of another format, in another encoding, cut off, empty: one line each."""
    with pytest.raises(InputNotFoundError):
        read_table(tmp_path / "nowhere.csv")
    (tmp_path / "a.xlsx").write_bytes(b"x")
    with pytest.raises(InputFormatError, match="neither csv nor parquet"):
        read_table(tmp_path / "a.xlsx")
    with pytest.raises(InputEncodingError, match="UTF-8"):
        read_table(_csv(tmp_path, b"u,t,n\nC\xf4te d'Ivoire,1,2\n"))
    with pytest.raises(InputFormatError, match="last row is cut off"):
        read_table(_csv(tmp_path, "u,t,n\na,1,1\na,2"))
    with pytest.raises(InputFormatError, match="no rows"):
        read_table(_csv(tmp_path, "u,t,n\n"))
    with pytest.raises(InputFormatError):
        read_table(_csv(tmp_path, ""))
    with pytest.raises(InputFormatError, match=r"no column 'n'.*its columns are u, t"):
        read_table(_csv(tmp_path, "u,t\na,1\n"), ["u", "t", "n"])


@pytest.mark.parametrize("kept", [0, 4, 50, 200])
def test_cut_off_parquet_is_refused(tmp_path, kept):
    """Wherever a parquet was cut, it is not read in part."""
    path = tmp_path / "panel.parquet"
    pl.DataFrame({"u": ["a"] * 50, "t": range(50), "n": range(50)}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ForewarnError):
        read_table(path)
