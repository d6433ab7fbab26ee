"""Forecast files in VIEWS' columns: what goes in comes out, with its provenance, or nothing is left."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as arrow
import pyarrow.parquet as arrow_parquet
import pytest

from forewarn.errors import InputError, InputFormatError, InputValueError
from forewarn.exchange import DrawBlock, Provenance, provenance_of, write_draws, write_forecast
from forewarn.model.forecast import Forecast

TOLD = Provenance("m", "deaths", "cell", date(2024, 3, 31), 531, 7, "1.2")


def forecast(level: str = "country", units: tuple[str, ...] = ("9", "10")) -> Forecast:
    draws = np.random.default_rng(1).poisson(3, (len(units), 2, 5)).astype(np.float32)
    return Forecast("deaths", level, units, (532, 533), "m", date(2024, 3, 31), 531, 7, "1.2", draws=draws)


@pytest.mark.parametrize(
    ("level", "units", "column"),
    [
        ("country", ("9", "KEN"), "country_id"),
        ("cell", ("62356", "79599"), "priogrid_gid"),
        ("admin1", ("A/1", "B"), "admin1_id"),
    ],
)
def test_a_forecast_comes_back_as_it_went(tmp_path: Path, level: str, units: tuple[str, ...], column: str):
    """Every draw, by unit and month; cells as numbers, other units as text."""
    made = forecast(level, units)
    assert write_forecast(made, tmp_path / "f.parquet") == 20
    table = pl.read_parquet(tmp_path / "f.parquet").sort(pl.col(column).cast(pl.String), "month_id", "draw")
    order = np.argsort(units)
    assert np.array_equal(table["outcome"].to_numpy().reshape(2, 2, 5), made.draws[order])
    assert table[column].dtype == (pl.Int64 if level == "cell" else pl.String)


def test_a_file_says_where_it_comes_from(tmp_path: Path):
    """In its metadata and in every row."""
    write_forecast(forecast(), tmp_path / "f.parquet")
    assert provenance_of(tmp_path / "f.parquet") == Provenance.of(forecast())
    columns = pl.read_parquet(tmp_path / "f.parquet").select("model", "data_vintage", "seed", "code_version").unique()
    assert columns.with_columns(pl.col(pl.Categorical).cast(pl.String)).rows() == [("m", "2024-03-31", 7, "1.2")]


def test_blocks_are_written_as_they_come(tmp_path: Path):
    """One row group each, so a reader of one month skips the others."""
    blocks = (DrawBlock(np.array([5, 6]), month, np.zeros((2, 3), dtype=np.int32)) for month in (532, 533, 534))
    assert write_draws(blocks, tmp_path / "f.parquet", provenance=TOLD) == 18
    assert arrow_parquet.ParquetFile(tmp_path / "f.parquet").num_row_groups == 3


def test_nothing_half_written_is_left(tmp_path: Path):
    """Neither when a block fails nor when none comes."""

    def failing():
        yield DrawBlock(np.array([5]), 532, np.zeros((1, 3), dtype=np.int32))
        raise RuntimeError("the worker died")

    with pytest.raises(RuntimeError):
        write_draws(failing(), tmp_path / "f.parquet", provenance=TOLD)
    with pytest.raises(InputValueError, match="not one draw"):
        write_draws(iter(()), tmp_path / "f.parquet", provenance=TOLD)
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written_are_refused(tmp_path: Path):
    """Another ending; a folder that is not there."""
    with pytest.raises(InputFormatError, match="parquet"):
        write_forecast(forecast(), tmp_path / "f.csv")
    with pytest.raises(InputError, match="folder"):
        write_forecast(forecast(), tmp_path / "no" / "f.parquet")


@pytest.mark.parametrize("draws", [[[1.0, np.nan]], [[-1.0, 0.0]], [[np.inf, 0.0]], [[]], [[1.0], [2.0]]])
def test_draws_that_are_none_are_refused(draws):
    """Missing, negative, infinite, empty, or of other units."""
    with pytest.raises(InputValueError, match="draws"):
        DrawBlock(("a",), 532, np.array(draws, dtype=np.float32))


@pytest.mark.parametrize(
    "metadata",
    [{}, {"forewarn": "{"}, {"forewarn": "[]"}, {"forewarn": '"x"'}, {"forewarn": '{"model": "m"}'},
     {"forewarn": '{"data_vintage": 5}'}, {"forewarn": '{"data_vintage": "2024-99-99"}'},
     {"forewarn": b"\xff\xfe"}, {"forewarn": '{"data_vintage": "2024-01-01", "evil": 1}'}],
)  # fmt: skip
def test_files_of_others_say_nothing(tmp_path: Path, metadata):
    """No metadata, or such as is not ours, is no error: the file is then of unknown provenance."""
    arrow_parquet.write_table(arrow.table({"a": [1]}).replace_schema_metadata(metadata), tmp_path / "f.parquet")
    assert provenance_of(tmp_path / "f.parquet") is None


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\x00" * 40 + b"PAR1", b"not parquet at all"])
def test_what_is_no_parquet_is_refused(tmp_path: Path, content: bytes):
    """Empty, cut off, or something else under that name."""
    (tmp_path / "f.parquet").write_bytes(content)
    with pytest.raises(InputFormatError, match="whole parquet"):
        provenance_of(tmp_path / "f.parquet")


def test_provenance_is_checked():
    """A blank model and a level nobody knows are refused."""
    with pytest.raises(InputValueError):
        Provenance(" ", "deaths", "cell", date(2024, 1, 1), 5, 0, "1")
    with pytest.raises(InputValueError, match="level"):
        Provenance("m", "deaths", "planet", date(2024, 1, 1), 5, 0, "1")
