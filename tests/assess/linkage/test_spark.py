"""Linkage on Spark: the same judgements as on DuckDB, word for word."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

import polars as pl
import pytest

from forewarn.assess.linkage import scoring
from forewarn.assess.linkage.compare import compare
from forewarn.assess.linkage.pairs import candidate_pairs
from forewarn.assess.linkage.workplace import Engine
from forewarn.errors import ConfigurationError, MissingExtraError


def claims(tell: Callable[..., pl.DataFrame]) -> pl.DataFrame:
    """Few claims that agree, nearly agree and leave out in many ways."""
    words = ["Gunmen attack the market", "Market attacked by gunmen", "Two dead in raid", "", "Houses burnt"]
    nowhere = {"latitude": None, "longitude": None, "cell": 0}
    return tell(
        *(
            {
                "started_on": f"2020-03-{1 + number % 4:02}" if number % 9 else None,
                "known_on": f"2020-03-{5 + number % 7:02}",
                "act": ("killing", "attack", "unknown")[number % 3],
                "place_name": ("Alba", "Bela", "")[number % 3],
                "deaths_best": number % 6 if number % 7 else None,
                "target": ("Farmers", "Traders", "")[number % 3],
                "parties": ["Group A", "Group B"] if number % 2 else ["Group A"],
                "text": words[number % 5],
                "source_name": f"Paper {number % 4}",
            }
            | ({"latitude": 6.74 + (number % 4) / 20} if number % 5 else nowhere)
            for number in range(24)
        )
    )


@pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="needs PySpark, an extra")
@pytest.mark.filterwarnings("ignore")
def test_spark_gives_the_judgements_of_duckdb(tell: Callable[..., pl.DataFrame]) -> None:
    """Every pair, verdict, score and reason is the same on both engines."""
    told = claims(tell)
    pairs = candidate_pairs(told).pairs
    on_duckdb = compare(told, pairs)
    assert on_duckdb["verdict"].n_unique() == 2
    assert compare(told, pairs, engine=Engine("spark", master="local[1]", partitions=1)).equals(on_duckdb)


def test_spark_that_is_not_there_is_said_so(tell: Callable[..., pl.DataFrame], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without PySpark one line says what to install."""

    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named '{name}'", name="pyspark")

    told = claims(tell)
    pairs = candidate_pairs(told).pairs
    monkeypatch.setattr(scoring.importlib, "import_module", missing)
    with pytest.raises(MissingExtraError, match="linkage on Spark needs pyspark"):
        compare(told, pairs, engine=Engine("spark"))


def test_an_engine_nobody_knows_is_refused() -> None:
    """The line names the engines there are."""
    with pytest.raises(ConfigurationError, match="does not run on 'ray'"):
        Engine("ray")
