"""Placing by name: coordinates for rows that name a place and give none, where a mapping asks for it.

Owns the rule. A row keeps the coordinates it has; a row whose source says that the place is known only roughly is left
as it is; a name that several places bear, or none, places nothing. How many rows were placed, and how many were not,
is told each time.
"""

from __future__ import annotations

import polars as pl

from forewarn.collect.places.gazetteer import PRECISION, locate

__all__ = ["AMBIGUOUS", "NOT_FOUND", "PLACED", "placed_by_name"]

PLACED = "placed by the name of the place (GeoNames), to its surroundings"
AMBIGUOUS = "not placed: several places bear the name"
NOT_FOUND = "not placed: no place of that name is known"

_KEY = ["_country", "place_name"]


def placed_by_name(frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[tuple[str, int], ...]]:
    """The frame with ``_latitude``, ``_longitude`` and ``place_precision`` filled where a name gives them; remarks.

    Args:
        frame: typed fields of good rows. Only rows without any coordinate are looked at that name a place and a country
            and whose precision is not said to be coarser than a place's surroundings.
    """
    wanted = pl.all_horizontal(pl.col("_latitude", "_longitude").is_null(), pl.col(*_KEY).is_not_null()) & pl.col(
        "place_precision"
    ).is_in(["exact", PRECISION]).fill_null(value=True)
    names = frame.filter(wanted).group_by(_KEY, maintain_order=True).len()
    found = _found(names)
    remarks = found.group_by("outcome").agg(pl.col("len").sum())
    placed = found.filter(pl.col("outcome") == PLACED).drop("outcome", "len")
    frame = frame.join(placed, on=_KEY, how="left", maintain_order="left")
    here = wanted & pl.col("found_latitude").is_not_null()
    frame = frame.with_columns(
        pl.when(here).then("found_latitude").otherwise("_latitude").alias("_latitude"),
        pl.when(here).then("found_longitude").otherwise("_longitude").alias("_longitude"),
        pl.when(here).then(pl.lit(PRECISION)).otherwise("place_precision").alias("place_precision"),
    ).drop("found_latitude", "found_longitude")
    return frame, tuple(sorted((text, int(count)) for text, count in remarks.iter_rows()))


def _found(names: pl.DataFrame) -> pl.DataFrame:
    """The names with what each was found to mean."""
    outcomes, latitudes, longitudes = [], [], []
    for country, name in names.select(_KEY).iter_rows():
        located = locate(name, country)
        place = located.place
        outcomes.append(PLACED if place else AMBIGUOUS if located.is_ambiguous else NOT_FOUND)
        latitudes.append(place.latitude if place else None)
        longitudes.append(place.longitude if place else None)
    return names.with_columns(
        pl.Series("outcome", outcomes, dtype=pl.String),
        pl.Series("found_latitude", latitudes, dtype=pl.Float64),
        pl.Series("found_longitude", longitudes, dtype=pl.Float64),
    )
