"""The only way out for rows: by sensitivity, default deny.

``low`` rows leave as they are; ``moderate`` rows leave without words and with places coarsened to the centre of
their half-degree cell; ``high`` and ``severe`` rows leave as ids only, so that nothing is silently missing. Rows
without a class count as severe. Coordinates of any class are rounded to nothing finer than the source gave.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from forewarn.model.grid import cell_centres

__all__ = ["IDENTIFYING", "WORDS", "Release", "release"]

WORDS = ("text", "title", "target", "place_name", "admin2", "parties", "alleged_by", "origins")
"""Columns that can tell more than a figure does: withheld from moderate rows."""

IDENTIFYING = ("claim_id", "report_id", "incident_id", "external_id", "channel", "sensitivity", "report_ids")
"""Columns that leave with every row: they name records, not people or places."""


@dataclass(frozen=True, slots=True)
class Release:
    """Rows that may leave, and what was done to them. Only :func:`release` makes one."""

    rows: pl.DataFrame
    coarsened: int
    withheld: int

    def __post_init__(self) -> None:
        if "sensitivity" not in self.rows.columns:
            raise ValueError("a release without a sensitivity column was not made by release()")


def release(rows: pl.DataFrame) -> Release:
    """What of the rows may leave. ``rows`` has a ``sensitivity`` column; unknown classes count as severe."""
    coarse = pl.col("sensitivity") == "moderate"
    hidden = ~pl.col("sensitivity").is_in(["low", "moderate"])
    counts = rows.select(coarse.sum().alias("coarse"), hidden.sum().alias("hidden")).row(0)
    shown = _coarsened(rows, coarse)
    blank = [
        pl.when(hidden).then(None).otherwise(pl.col(name)).alias(name)
        for name in shown.columns
        if name not in IDENTIFYING
    ]
    return Release(shown.with_columns(blank), int(counts[0] or 0), int(counts[1] or 0))


def _coarsened(rows: pl.DataFrame, coarse: pl.Expr) -> pl.DataFrame:
    words = [pl.when(coarse).then(None).otherwise(pl.col(name)).alias(name) for name in WORDS if name in rows.columns]
    rows = rows.with_columns(words)
    if not {"cell", "latitude", "longitude"} <= set(rows.columns):
        return rows
    cells = rows["cell"].fill_null(0).to_numpy()
    latitude, longitude = cell_centres(np.maximum(cells, 1))
    centres = pl.DataFrame({"_latitude": latitude, "_longitude": longitude, "_known": cells > 0})
    centre = {
        name: pl.when(coarse)
        .then(pl.when("_known").then(f"_{name}").otherwise(None))
        .otherwise(pl.col(name))
        .alias(name)
        for name in ("latitude", "longitude")
    }
    return rows.hstack(centres).with_columns(*centre.values()).drop(centres.columns)
