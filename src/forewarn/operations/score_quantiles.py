"""Scoring a file of quantiles: rows become a matrix of units and months by level, and what does not fit is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from forewarn.errors import InputValueError
from forewarn.forecast.quantile_card import quantile_card
from forewarn.forecast.tables import key_columns, require_counts, require_unique

__all__ = ["score_quantiles"]


def score_quantiles(table: pl.LazyFrame, happened: Mapping[int, Mapping[str, float]], *, where: str) -> dict[str, Any]:
    """The page of a table with ``location``, ``month_id``, ``level`` and ``outcome``.

    ``matched`` and ``forecasts`` count unit-months. Every unit-month must give every level, once.
    """
    frame = table.collect()
    keys = key_columns(frame, unit="location", period="month_id", where=where)
    level = frame["level"].cast(pl.Float64, strict=False)
    if level.is_null().any():
        raise InputValueError(
            "a level is no number", where=f"{where}, column output_type_id", mend="write 0.05, 0.5 and so on"
        )
    rows = keys.with_columns(level=level, outcome=require_counts(frame["outcome"], where=where, empty_is_missing=False))
    require_unique(rows.select("unit", "period", "level"), where=where)
    rows = rows.sort("period", "unit", "level")
    levels = rows["level"].unique().sort().to_numpy()
    pairs = rows.select("period", "unit").unique(maintain_order=True)
    if rows.height != pairs.height * levels.size:
        raise InputValueError(
            "some unit-months lack a level", where=where, mend=f"give all {levels.size} levels for each"
        )
    matrix = rows["outcome"].to_numpy().reshape(pairs.height, levels.size)
    actual = np.array([happened.get(period, {}).get(unit, np.nan) for period, unit in pairs.iter_rows()])
    known = ~np.isnan(actual)
    units = pairs["unit"].to_numpy().astype(np.str_)
    card = quantile_card(matrix[known], levels, actual[known], unit=units[known])
    return {"kind": "quantiles", **card, "matched": int(known.sum()), "forecasts": pairs.height}
