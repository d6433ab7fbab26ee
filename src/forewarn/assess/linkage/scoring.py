"""Splink at work: the comparison vector and match weight of candidate pairs, on DuckDB or Spark.

Owns the translation of a :class:`RuleBook` into a Splink model: one comparison a rule, one level a condition, the
Bayes factor of a level two to the power of its points. Splink, which takes half a second to import, is imported here
and in ``spark`` alone.
"""

from __future__ import annotations

import importlib
import logging
from typing import Any

import duckdb
import numpy as np
import polars as pl
import splink

from forewarn.assess.linkage.comparisons import CONDITIONS
from forewarn.assess.linkage.rulebook import RuleBook
from forewarn.assess.linkage.workplace import Engine
from forewarn.errors import MissingExtraError

__all__ = ["model_of", "scored"]


def scored(
    connection: duckdb.DuckDBPyConnection,
    evidence: str,
    pairs: str,
    *,
    rules: RuleBook,
    engine: Engine | None = None,
) -> pl.DataFrame:
    """The pairs that score at least ``rules.unsure``, with what was found.

    Args:
        connection: where the tables are.
        evidence: the table made by :func:`~forewarn.assess.linkage.evidence.evidence`.
        pairs: a table of ``i`` and ``j``, numbers of claims in it, ``i < j``, each pair once, and ``shared``, from
            :meth:`~forewarn.assess.linkage.evidence.Tokens.shared`.

        rules: what findings are worth.
        engine: where Splink runs; DuckDB when missing.

    Returns:
        ``i, j, points`` (log2 of the odds) and ``<rule>_level``, its position in :data:`CONDITIONS`.

    Raises:
        MissingExtraError: the engine is Spark, and PySpark is not installed.
    """
    table: pl.DataFrame
    if engine is not None and engine.name == "spark":
        table = _on_spark()(
            connection, (evidence, pairs), model=model_of(rules), least_points=rules.least_points, engine=engine
        )
    else:
        table = _on_duckdb(connection, evidence, pairs, rules)
    return table.select(
        "i",
        "j",
        pl.col("match_weight").alias("points"),
        *(_level_found(table[f"mw_{rule}"], _told_apart(rules, rule)).alias(f"{rule}_level") for rule in CONDITIONS),
    )


def _on_duckdb(connection: duckdb.DuckDBPyConnection, evidence: str, pairs: str, rules: RuleBook) -> pl.DataFrame:
    api = splink.DuckDBAPI(connection=connection)
    linker = splink.Linker(
        api.register(connection.table(evidence)), model_of(rules), log_level=logging.ERROR, validate_settings=False
    )
    blocked = connection.sql(f"select i as join_key_l, j as join_key_r, shared as match_key from {pairs}")
    linker.table_management.register_blocked_pairs_for_predict(api.register(blocked))
    found = linker.inference.predict(threshold_match_weight=rules.least_points, warning_mode="never")
    wanted = ", ".join(
        ["n_l::uinteger as i", "n_r::uinteger as j", "match_weight", *(f"mw_{rule}" for rule in CONDITIONS)]
    )
    table: pl.DataFrame = found.as_duckdbpyrelation().project(wanted).pl()
    found.drop_table_from_database_and_remove_from_cache()
    return table


def _on_spark() -> Any:
    """The same on Spark, if it is installed."""
    try:
        return importlib.import_module("forewarn.assess.linkage.spark").predicted
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"linkage on Spark needs {error.name}", where="linkage_engine", mend="pip install 'forewarn[spark]'"
        ) from None


def _told_apart(rules: RuleBook, rule: str) -> list[float]:
    """Points of the levels, a millionth of a point added to each after the last, so that no two are equal.

    Splink hands back the weight of a level without the whole row, and not its number.
    """
    return [rules.rules[rule][level].points + place * 1e-6 for place, level in enumerate(CONDITIONS[rule])]


def _level_found(weights: pl.Series, points: list[float]) -> pl.Series:
    """The position of the level each weight belongs to."""
    order = np.argsort(points)
    bounds = np.asarray(points)[order]
    place = np.searchsorted((bounds[1:] + bounds[:-1]) / 2, weights.to_numpy())
    return pl.Series(order[place].astype(np.uint8))


def model_of(rules: RuleBook) -> dict[str, Any]:
    """The Splink settings of a rule book. Only the ratio of m to u matters: ``2 ** points``."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "n",
        "probability_two_random_records_match": _share(rules.start),
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
        "additional_columns_to_retain": [],
        "blocking_rules_to_generate_predictions": ["l.n = r.n"],
        "comparisons": [
            {
                "output_column_name": rule,
                "comparison_description": rule,
                "comparison_levels": [
                    {
                        "sql_condition": condition,
                        "label_for_charts": level,
                        "m_probability": _share(points),
                        "u_probability": _share(-points),
                    }
                    for points, (level, condition) in zip(_told_apart(rules, rule), levels.items(), strict=True)
                ],
            }
            for rule, levels in CONDITIONS.items()
        ],
    }


def _share(points: float) -> float:
    return float(1.0 / (1.0 + 2.0**-points))
