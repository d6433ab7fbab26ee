"""Scoring on Spark: the same Splink model over the same evidence, on as many machines as the cluster has.

Owns the session and the way there and back in Arrow. Found, prepared and weighed claims come from DuckDB, on one
machine; what is spread out is the comparison of pairs, which grows fastest. Imported only where the engine is set to
Spark: PySpark is an extra, and starts a Java machine.
"""

from __future__ import annotations

import logging
from typing import Any

import duckdb
import polars as pl
import polars.selectors as cs
import splink
from pyspark.sql import SparkSession
from splink.backends.spark import SparkAPI

from forewarn.assess.linkage.workplace import Engine

__all__ = ["predicted"]

_RULES = "org.apache.spark.sql.catalyst.optimizer."
_PLAIN_PLANS = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.optimizer.excludedRules": f"{_RULES}CollapseProject,{_RULES}PushDownPredicates",
    "spark.log.level": "ERROR",
}


def predicted(
    connection: duckdb.DuckDBPyConnection,
    tables: tuple[str, str],
    *,
    model: dict[str, Any],
    least_points: float,
    engine: Engine,
) -> pl.DataFrame:
    """What Splink says on Spark of the pairs that reach the least points.

    Args:
        connection: where the tables are.
        tables: the names of evidence and pairs, as :func:`~forewarn.assess.linkage.scoring.scored` takes them.
        model: the Splink settings.
        least_points: log2 of the odds.
        engine: names the master of the cluster.

    Returns:
        ``i``, ``j``, ``match_weight`` and one ``mw_`` column for each comparison.
    """
    session = _session(engine)
    make: Any = SparkAPI
    api = make(spark_session=session, register_udfs_automatically=False, break_lineage_method="persist")
    evidence, pairs = (_signed(connection.table(name).pl()) for name in tables)
    blocked = pairs.select(join_key_l="i", join_key_r="j", match_key="shared")
    sides = [api.register(session.createDataFrame(frame.to_arrow())) for frame in (evidence, blocked)]
    linker = splink.Linker(sides[0], model, log_level=logging.ERROR, validate_settings=False)
    linker.table_management.register_blocked_pairs_for_predict(sides[1])
    found: Any = linker.inference.predict(threshold_match_weight=least_points, warning_mode="never")
    answer: pl.DataFrame = pl.DataFrame(found.as_pyarrow_table())
    found.drop_table_from_database_and_remove_from_cache()
    return answer.select(
        pl.col("n_l").cast(pl.UInt32).alias("i"),
        pl.col("n_r").cast(pl.UInt32).alias("j"),
        "match_weight",
        cs.starts_with("mw_"),
    )


def _session(engine: Engine) -> Any:
    """The session with that master, started if there is none. Decimals in conditions are doubles, as in DuckDB."""
    builder = SparkSession.builder.appName("forewarn linkage").master(engine.master)
    builder = builder.config("spark.sql.execution.arrow.pyspark.enabled", "true")
    builder = builder.config("spark.ui.enabled", "false").config("spark.sql.ansi.enabled", "false")
    # The optimizer would write the conditions of all rules into one expression, too long to compile.
    for name, value in _PLAIN_PLANS.items():
        builder = builder.config(name, value)
    builder = builder.config("spark.sql.shuffle.partitions", str(engine.partitions))
    return builder.getOrCreate()


def _signed(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without unsigned numbers, which Spark does not know."""
    return frame.with_columns(cs.unsigned_integer().cast(pl.Int64))
