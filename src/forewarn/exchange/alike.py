"""Records that leave one by one: each like at least k others in everything by which it could be known again.

Place, month, act and violence are what a record could be known by. A record keeps as much of them as enough others
share, and is left out where even its country and year are shared by too few. The groups grow until the mean chance of
picking the right record, groups over records, is below the limit. Source: Sweeney (2002), "k-anonymity"; the risk is
that of the OCHA guidance note on statistical disclosure control (2019), with no credit for a sample.
"""

from __future__ import annotations

import math

import polars as pl

from forewarn.exchange.generalizing import PLACE
from forewarn.model.terms import MOST_RISK

__all__ = ["KNOWN_BY", "grouped", "risk_of"]

KNOWN_BY = (*PLACE, "month", "act", "violence")
"""The columns by which a record could be known again."""

_LEVELS: tuple[tuple[str, ...], ...] = (
    (),
    ("act",),
    ("act", "month"),
    ("act", "month", "violence"),
    ("act", "month", "violence", "place"),
)
"""What is made coarser, step by step: the act hidden, the month a year, the violence hidden, the place its country."""


def grouped(rows: pl.DataFrame, alike: int) -> pl.DataFrame:
    """The rows that can leave, with :data:`KNOWN_BY` as coarse as need be; none where nothing can."""
    most = math.floor(1 / MOST_RISK) + 1
    for fewest in sorted({alike, *(size for size in (10, 20) if size > alike), max(alike, most)}):
        made = _with_groups_of(rows, fewest)
        if risk_of(made) < MOST_RISK:
            return made
    return rows.clear()


def risk_of(rows: pl.DataFrame) -> float:
    """The mean chance that a record is picked from those like it: groups over records; 0 for none."""
    return rows.select(KNOWN_BY).n_unique() / rows.height if rows.height else 0.0


def _with_groups_of(rows: pl.DataFrame, fewest: int) -> pl.DataFrame:
    settled = []
    for level in _LEVELS:
        coarse = _coarse(rows, level).with_columns(pl.len().over(KNOWN_BY).alias("_alike"))
        enough = pl.Series(coarse["_alike"] >= fewest)
        settled.append(coarse.filter(enough).drop("_alike"))
        rows = rows.filter(~enough)
    return pl.concat(settled)


def _coarse(rows: pl.DataFrame, level: tuple[str, ...]) -> pl.DataFrame:
    changes = [pl.lit("").alias(name) for name in ("act", "violence") if name in level]
    if "month" in level:
        changes.append(pl.col("month").str.slice(0, 4))
    if "place" in level:
        changes += [pl.lit(None, dtype=pl.Float64).alias(name) for name in PLACE[1:]]
    return rows.with_columns(changes)
