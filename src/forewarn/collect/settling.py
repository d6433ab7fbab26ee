"""Settling what a good row leaves open: ranges, precisions and the grid cell.

Every rule is stated in a docstring and is the same for all channels. Values out of order become a range only
where the channel's rules say so, and how many did is told. Nothing is filled in but a precision and, where a mapping
asks for it, the coordinates that the name of a place gives.
"""

from __future__ import annotations

import polars as pl

from forewarn.collect.knowing import with_known, with_origins
from forewarn.collect.places.located import placed_by_name
from forewarn.collect.telling import Rules
from forewarn.model.claim import COUNTED
from forewarn.model.grid import cells_of

__all__ = ["COUNTS_SPANNED", "DAYS_SPANNED", "settled"]

COUNTS_SPANNED = "counts out of order taken as a range"
DAYS_SPANNED = "first and last day out of order taken as a range"

_PLACED = ("exact", "near", "admin2")


def settled(frame: pl.DataFrame, rules: Rules) -> tuple[pl.DataFrame, tuple[tuple[str, int], ...]]:
    """The frame with ``known_on``, ``known_basis``, ``cell``, ``origins`` and both precisions; and the remarks.

    Args:
        frame: typed fields of good rows.
        rules: what holds for all rows.
    """
    frame, notes = _spanned(frame, rules)
    if rules.geocode:
        frame, placed = placed_by_name(frame)
        notes += placed
    frame = _with_precisions(frame)
    frame = with_origins(_with_cell(frame), rules.today)
    return with_known(frame, rules), notes


def _spanned(frame: pl.DataFrame, rules: Rules) -> tuple[pl.DataFrame, tuple[tuple[str, int], ...]]:
    """Counts and days in order: from the least to the greatest of the values given."""
    notes: list[tuple[str, int]] = []
    if "counts" in rules.spans:
        off = pl.any_horizontal(_is_off(name) for name in COUNTED)
        notes.append((COUNTS_SPANNED, int(frame.select(off.sum()).item())))
        frame = frame.with_columns(end for name in COUNTED for end in _span(name))
    if "days" in rules.spans:
        first, last = pl.col("_started_on"), pl.col("_ended_on")
        turned = (first > last).fill_null(value=False)
        notes.append((DAYS_SPANNED, int(frame.select(turned.sum()).item())))
        frame = frame.with_columns(
            pl.when(turned).then(last).otherwise(first).alias("_started_on"),
            pl.when(turned).then(first).otherwise(last).alias("_ended_on"),
        )
    return frame, tuple((text, count) for text, count in notes if count)


def _is_off(name: str) -> pl.Expr:
    low, best, high = (pl.col(f"_{name}_{end}") for end in ("low", "best", "high"))
    return ((low > best) | (best > high) | (low > high)).fill_null(value=False)


def _span(name: str) -> tuple[pl.Expr, pl.Expr]:
    ends = [f"_{name}_{end}" for end in ("low", "best", "high")]
    off = _is_off(name)
    return (
        pl.when(off).then(pl.min_horizontal(ends)).otherwise(pl.col(ends[0])).alias(ends[0]),
        pl.when(off).then(pl.max_horizontal(ends)).otherwise(pl.col(ends[2])).alias(ends[2]),
    )


def _with_precisions(frame: pl.DataFrame) -> pl.DataFrame:
    """What the source does not say of its precision: of the day by the length of the period, of the place by the
    finest thing named. Coordinates of unstated precision count as near; a period longer than a year as unknown."""
    days = (pl.col("_ended_on") - pl.col("_started_on")).dt.total_days()
    by_length = (
        pl.when(days == 0)
        .then(pl.lit("day"))
        .when(days <= 6)
        .then(pl.lit("week"))
        .when(days <= 31)
        .then(pl.lit("month"))
        .when(days <= 366)
        .then(pl.lit("year"))
        .when(pl.col("_ended_on").is_null() & pl.col("_started_on").is_not_null())
        .then(pl.lit("day"))
        .otherwise(pl.lit("unknown"))
    )
    by_name = (
        pl.when(pl.col("_latitude").is_not_null())
        .then(pl.lit("near"))
        .when(pl.col("admin2").is_not_null())
        .then(pl.lit("admin2"))
        .when(pl.col("admin1").is_not_null())
        .then(pl.lit("admin1"))
        .when(pl.col("_country").is_not_null())
        .then(pl.lit("country"))
        .otherwise(pl.lit("unknown"))
    )
    folded = [pl.col(name).str.replace_all(r"\s+", " ") for name in ("admin1", "admin2")]
    return frame.with_columns(
        pl.col("date_precision").fill_null(by_length),
        pl.col("place_precision").fill_null(by_name),
        pl.col("act").fill_null("unknown"),
        pl.col("violence").fill_null("unknown"),
        *folded,
    )


def _with_cell(frame: pl.DataFrame) -> pl.DataFrame:
    """The PRIO-GRID cell where the place is known to the second-level area or closer, else 0."""
    latitude = frame["_latitude"].fill_null(float("nan")).to_numpy()
    longitude = frame["_longitude"].fill_null(float("nan")).to_numpy()
    cells = pl.Series("cell", cells_of(latitude, longitude), dtype=pl.Int64)
    placed = pl.col("place_precision").is_in(_PLACED)
    return frame.with_columns(cells).with_columns(pl.when(placed).then("cell").otherwise(0).alias("cell"))
