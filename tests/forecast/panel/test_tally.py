"""Incidents added up where their table is: the same numbers on every engine, and those of the panel."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest

from forewarn.errors import InputFormatError, InputValueError, UnknownNameError
from forewarn.forecast.panel import Frame, build_panel, tallied_arrays, tally
from forewarn.model.panel import IncidentArrays

KNOWN = date(2020, 12, 31)
UNITS = ("north", "south", "west")


def incidents(rows: int = 400) -> pl.DataFrame:
    """Made up: some known too late, some without a figure of deaths."""
    random = np.random.default_rng(3)
    deaths = random.integers(0, 9, rows)
    return pl.DataFrame(
        {
            "unit": random.choice(UNITS[:2], rows),
            "month": random.integers(480, 492, rows).astype(np.int32),
            "known_on": [date(2020, 6, 1) + timedelta(days=int(k)) for k in random.integers(0, 400, rows)],
            "deaths": pl.Series([None if k % 5 == 0 else int(d) for k, d in enumerate(deaths)], dtype=pl.Int64),
            "injured": random.integers(0, 30, rows) / 2,
        }
    )


def in_duckdb(table: pl.DataFrame) -> Any:
    return duckdb.from_arrow(table.to_arrow())


@pytest.fixture(scope="module")
def in_spark() -> Iterator[Callable[[pl.DataFrame], Any]]:
    """Tables of a PySpark on this machine, in one process; skipped without the extra ``spark``."""
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed: pip install 'forewarn[spark]'")
    from pyspark.sql import SparkSession

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Spark's own libraries say is not ours
        settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1", "spark.driver.host": "127.0.0.1"}
        session = SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()
        yield lambda table: session.createDataFrame(
            table.rows(), schema="unit string, month int, known_on date, deaths long, injured double"
        )
        session.stop()


def test_every_engine_gives_the_same_numbers():
    """Polars at once, polars when asked, and DuckDB."""
    table = incidents()
    expected = tally(table, as_known_at=KNOWN, counts=("deaths", "injured"))
    for same in (table.lazy(), in_duckdb(table)):
        assert tally(same, as_known_at=KNOWN, counts=("deaths", "injured")).equals(expected)


@pytest.mark.filterwarnings("ignore")
def test_pyspark_gives_the_same_numbers(in_spark):
    """The same lines, unchanged."""
    table = incidents()
    expected = tally(table, as_known_at=KNOWN, counts=("deaths", "injured"))
    assert tally(in_spark(table), as_known_at=KNOWN, counts=("deaths", "injured")).equals(expected)


def test_a_tally_makes_the_panel_that_the_incidents_make():
    """Incident by incident or added up before: the same cube."""
    table = incidents().filter(pl.col("deaths").is_not_null())
    place = {unit: k for k, unit in enumerate(UNITS)}
    single = IncidentArrays(
        unit=np.array([place[unit] for unit in table["unit"]], dtype=np.int32),
        month=table["month"].to_numpy(),
        known_on=table["known_on"].to_numpy(),
        counts={name: table[name].to_numpy().astype(np.float64) for name in ("deaths", "injured")},
    )
    added = tally(table, as_known_at=KNOWN, counts=("deaths", "injured"))
    frame = Frame(UNITS, 478, 492, "country")
    whole = build_panel(single, frame, as_known_at=KNOWN)
    made = build_panel(tallied_arrays(added, UNITS, as_known_at=KNOWN), frame, as_known_at=KNOWN)
    assert made.features == whole.features
    assert np.array_equal(made.values, whole.values)
    assert made.values.sum() > 0


def test_what_nobody_told_is_missing_and_not_zero():
    """A unit-month whose incidents give no figure has none."""
    table = pl.DataFrame({"unit": ["a", "a"], "month": [1, 2], "known_on": [KNOWN] * 2, "deaths": [None, 0]})
    assert tally(table, as_known_at=KNOWN, counts=("deaths",))["deaths"].to_list() == [None, 0.0]


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf")])
def test_impossible_counts_are_refused_though_others_outweigh_them(wrong):
    """On polars and on DuckDB alike."""
    table = incidents().with_columns(
        injured=pl.when(pl.int_range(pl.len()) == 0).then(wrong).otherwise("injured"), known_on=pl.lit(KNOWN)
    )
    for same in (table, in_duckdb(table)):
        with pytest.raises(InputValueError, match="injured"):
            tally(same, as_known_at=KNOWN, counts=("injured",))


def test_slips_in_a_table_are_named():
    """A column that is not there, a unit that is missing, a unit nobody knows."""
    table = incidents()
    with pytest.raises(InputFormatError, match="no column 'killed'"):
        tally(table, as_known_at=KNOWN, counts=("killed",))
    with pytest.raises(InputValueError, match="no unit or no month"):
        tally(table.with_columns(unit=pl.lit(None, dtype=pl.String)), as_known_at=KNOWN)
    with pytest.raises(UnknownNameError, match="no unit 'south'"):
        tallied_arrays(tally(table, as_known_at=KNOWN), ("north",), as_known_at=KNOWN)
