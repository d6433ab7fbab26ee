"""UCDP GED: one row per happening with at least one death, coded from news and reports.

Owns what its columns and codes mean in our words. Where a release leaves out the kind of violence, it follows
from how UCDP names the parties; where it leaves out the best estimate, it is the sum of its parts, as UCDP
defines it. Anything else that is not said stays unknown.
"""

from __future__ import annotations

import polars as pl

from forewarn.clock import day_from_text
from forewarn.collect.telling import Telling
from forewarn.errors import InputValueError, UnknownNameError
from forewarn.taxonomy import country_by_gw

__all__ = ["tell"]

_VIOLENCE = {"1": "state_based", "2": "non_state", "3": "one_sided"}
_ACTS = {"state_based": "clash", "non_state": "clash", "one_sided": "killing"}
_DATE_PRECISIONS = {"1": "day", "2": "week", "3": "week", "4": "month", "5": "year"}
_PLACE_PRECISIONS = {
    "1": "exact",
    "2": "near",
    "3": "admin2",
    "4": "admin1",
    "5": "admin2",  # a line or a vague area inside a region, with a representative point
    "6": "country",
    "7": "unknown",  # international waters or airspace
}
_PARTS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
_CIVILIANS = "Civilians"
_GOVERNMENT = "Government of "
_COLUMNS = {
    "external_id": "id",
    "started_on": "date_start",
    "ended_on": "date_end",
    "admin1": "adm_1",
    "admin2": "adm_2",
    "latitude": "latitude",
    "longitude": "longitude",
    "place_name": "where_coordinates",
    "deaths_low": "low",
    "deaths_best": "best",
    "deaths_high": "high",
}
_MESSAGE_COLUMNS = {
    **_COLUMNS,
    "country": "country",
    "violence": "type_of_violence",
    "date_precision": "date_prec",
    "place_precision": "where_prec",
    "civilian_deaths_low": "low",
    "civilian_deaths_best": "deaths_civilians",
    "civilian_deaths_high": "high",
    "text": "source_headline",
}
_COPIES = {f"civilian_deaths_{end}": f"deaths_{end}" for end in ("low", "best", "high")}


def tell(frame: pl.DataFrame) -> Telling:
    """What GED rows say.

    Args:
        frame: a chunk with the names of release 19.1; optional columns may be absent.
    """
    frame = _with_all(frame)
    one_sided = pl.col("violence") == "one_sided"
    frame = frame.with_columns(_violence()).with_columns(
        *(pl.col(column).alias(field) for field, column in _COLUMNS.items()),
        act=pl.col("violence").replace_strict(_ACTS, default="unknown"),
        date_precision=pl.col("date_prec").replace(_DATE_PRECISIONS),
        place_precision=pl.col("where_prec").replace(_PLACE_PRECISIONS),
        country=_countries(frame),
        parties=pl.concat_list("side_a", pl.when(~one_sided | (pl.col("side_b") != _CIVILIANS)).then("side_b")),
        alleged_by=pl.when(one_sided).then("side_a"),
        target=pl.when(one_sided).then("side_b"),
        text=pl.coalesce("source_headline", "source_article", "where_coordinates"),
        title=pl.col("source_headline"),
        civilian_deaths_low=pl.when(one_sided).then("low"),
        civilian_deaths_best=pl.when(one_sided).then("best").otherwise("deaths_civilians"),
        civilian_deaths_high=pl.when(one_sided).then("high"),
        **_sources(),
    )
    return Telling(frame, _MESSAGE_COLUMNS, _COPIES)


def _with_all(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column that is read, absent ones null, and ``best`` where only its parts are given."""
    read = [*_COLUMNS.values(), *_PARTS, "type_of_violence", "date_prec", "where_prec", "country", "country_id"]
    read += ["side_a", "side_b", "source_article", "source_office", "source_date", "source_headline"]
    has_best = "best" in frame.columns
    absent = [pl.lit(None, pl.String).alias(name) for name in read if name not in frame.columns]
    frame = frame.with_columns(absent)
    if has_best:
        return frame
    parts = [pl.col(name).cast(pl.Float64, strict=False) for name in _PARTS]
    total = pl.sum_horizontal(parts, ignore_nulls=False)
    return frame.with_columns(total.cast(pl.Int64, strict=False).cast(pl.String).alias("best"))


def _violence() -> pl.Expr:
    """The kind of violence; an unknown code stays as it is, to be rejected.

    Where no kind is given: UCDP calls the victims of one-sided violence "Civilians", and a state always
    "Government of ...".
    """
    sides = pl.col("side_a"), pl.col("side_b")
    by_name = (
        pl.when(sides[1] == _CIVILIANS)
        .then(pl.lit("one_sided"))
        .when(pl.any_horizontal(side.str.starts_with(_GOVERNMENT) for side in sides))
        .then(pl.lit("state_based"))
        .otherwise(pl.lit("non_state"))
    )
    return pl.col("type_of_violence").replace(_VIOLENCE).fill_null(by_name).alias("violence")


def _countries(frame: pl.DataFrame) -> pl.Series:
    """The printed name; where there is none, the alpha-3 code of the Gleditsch-Ward number on that day."""
    if not frame["country"].null_count():
        return frame["country"]
    told = frame.select("country", "country_id", day=pl.col("date_start").str.slice(0, 10))
    names = [name or _by_number(number, day) for name, number, day in told.iter_rows()]
    return pl.Series("country", names, dtype=pl.String)


def _by_number(number: str | None, day: str | None) -> str | None:
    try:
        return country_by_gw(int(number or ""), day_from_text(day or "")).iso3
    except (ValueError, InputValueError, UnknownNameError):
        return None


def _sources() -> dict[str, pl.Expr]:
    """Offices with their days, lists parted by semicolons; without an office, the citation as it is printed. Where
    the lists differ in length, or a citation has several days, the days belong to no office but still count."""
    offices, days = (pl.col(name).str.split(";") for name in ("source_office", "source_date"))
    in_text = pl.col("source_article").str.extract_all(r"\b\d{4}-\d{2}-\d{2}\b")
    has_office = pl.col("source_office").is_not_null()
    has_day = pl.col("source_date").is_not_null()
    is_paired = has_office & (offices.list.len() == days.list.len())
    return {
        "origin_names": pl.when(has_office).then(offices).otherwise(pl.concat_list("source_article")),
        "origin_days": pl.when(has_day).then(days).otherwise(in_text.list.head(1)),
        "source_days": pl.when(has_day & ~is_paired).then(days).when(~has_day & (in_text.list.len() > 1)).then(in_text),
    }
