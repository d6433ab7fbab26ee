"""Claims in the form in which they are compared: days as numbers, names and texts in one spelling.

Owns the reading of the flat claim table for linkage. Refuses frames that lack columns of ``CLAIM_COLUMNS`` or
hold a claim twice. Nothing is filled in: a claim whose period is missing or longer than
:data:`LONGEST_SPAN_DAYS` has no place in time, one without country, name or coordinates none in space.
"""

from __future__ import annotations

import polars as pl

from forewarn.errors import InputFormatError, InputValueError, shorten
from forewarn.model.tables import CLAIM_COLUMNS

__all__ = ["DTYPES", "LONGEST_SPAN_DAYS", "list_text", "prepared", "require_claims", "spelling"]

LONGEST_SPAN_DAYS = 62
"""A claim that covers a longer period sums up many happenings and is not placed in time."""

LONGEST_COMPARED = 400
"""Characters of a text that are compared; the beginning tells one report from another."""

DTYPES = {"text": pl.String, "day": pl.String, "instant": pl.String, "count": pl.Int64, "number": pl.Float64}
DTYPES["list"] = pl.String

_WIDENING_DAYS = {"week": 3, "month": 15, "unknown": 3}
_NOT_SAID = ["", "unknown", "other", "none", "not specified"]


def require_claims(claims: pl.DataFrame, columns: tuple[str, ...] = ()) -> pl.DataFrame:
    """The frame, after checking that it has the columns of claims and each claim once.

    Raises:
        InputFormatError: when a column is missing. InputValueError: when a claim stands twice.
    """
    wanted = columns or tuple(column.name for column in CLAIM_COLUMNS)
    missing = [name for name in wanted if name not in claims.columns]
    if missing:
        raise InputFormatError(
            f"lacks the columns {', '.join(missing[:5])}", where="claims", mend="give the columns of a claim"
        )
    if claims["claim_id"].n_unique() != claims.height:
        twice = claims.filter(pl.col("claim_id").is_duplicated())["claim_id"][0]
        raise InputValueError(f"{shorten(twice)} stands twice", where="claims", mend="give each claim once")
    return claims


def spelling(text: pl.Expr) -> pl.Expr:
    """A text in one spelling: first 400 characters, lower case, without Latin accents and punctuation."""
    cut = text.fill_null("").str.slice(0, LONGEST_COMPARED).str.normalize("NFKD")
    plain = cut.str.replace_all("[\u0300-\u036f]", "").str.to_lowercase()
    return plain.str.replace_all(r"[^\p{L}\p{M}\p{N}]+", " ").str.strip_chars()


def list_text(column: str) -> pl.Expr:
    """The JSON text of a list column, an empty list where it is missing or blank."""
    return pl.when(pl.col(column).fill_null("").str.strip_chars() == "").then(pl.lit("[]")).otherwise(pl.col(column))


def prepared(claims: pl.DataFrame) -> pl.DataFrame:
    """One row per claim, sorted by when it became known, then id, with what is compared.

    Columns added: ``n`` (position), ``first`` and ``last`` (days since 1970 of the widened period, null
    where the claim has no place in time), ``is_day`` (one day, told to the day), ``name``, ``area``, ``said``
    (place, admin1 area and text in one spelling), ``who``, ``whom`` (parties and target), ``only_one`` (the
    channel where it gives one row per happening, else empty), ``has_place``, ``copies`` (the position of the
    first claim with the same words and details, its own where there is none), ``teller`` (the source in one spelling,
    empty where it is not given or ``source_is`` says ``unnamed``), ``printed`` (day since 1970 of publication, null
    where that is not how the claim became known) and ``spot`` (country and place name, else the cell: where the crowd
    is counted; may be empty).
    """
    require_claims(claims)
    row_is = pl.col("row_is").fill_null("") if "row_is" in claims.columns else pl.lit("")
    frame = claims.sort("known_on", "claim_id").with_row_index("n")
    frame = frame.with_columns(
        only_one=pl.when(row_is == "incident").then("channel").otherwise(pl.lit("")),
        name=spelling(pl.col("place_name")),
        area=spelling(pl.col("admin1")),
        said=spelling(pl.col("text")),
        who=_parties_spelling(),
        whom=_said_or_empty(spelling(pl.col("target"))),
        cell=pl.col("cell").fill_null(0),
    )
    teller = spelling(pl.col("source_name")) if "source_name" in claims.columns else pl.lit("")
    if "source_is" in claims.columns:
        teller = pl.when(pl.col("source_is").fill_null("") == "unnamed").then(pl.lit("")).otherwise(teller)
    printed = pl.col("known_on").str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32)
    return _with_copies(_with_period(frame)).with_columns(
        has_place=(pl.col("country") != "") | (pl.col("name") != "") | (pl.col("cell") != 0),
        teller=teller,
        printed=pl.when(pl.col("known_basis") == "published").then(printed),
        spot=_spot(),
    )


def _spot() -> pl.Expr:
    """Where a crowd is counted: the named place, else the cell, else nowhere."""
    named = pl.format("{}/{}", "country", "name")
    return (
        pl.when(pl.col("name") != "")
        .then(named)
        .when(pl.col("cell") != 0)
        .then(pl.col("cell").cast(pl.String))
        .otherwise(pl.lit(""))
    )


def _said_or_empty(text: pl.Expr) -> pl.Expr:
    return pl.when(text.is_in(_NOT_SAID)).then(pl.lit("")).otherwise(text)


def _parties_spelling() -> pl.Expr:
    """The names of the parties in one spelling, each once, in alphabetical order."""
    names = list_text("parties").str.replace_all(r"\\u([0-9a-f]{4})", " ").str.extract_all(r'"(?:[^"\\]|\\.)*"')
    return names.list.eval(spelling(pl.element())).list.unique().list.sort().list.join(" | ")


def _with_period(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``first``, ``last`` and ``is_day``."""
    start = pl.col("started_on").str.to_date("%Y-%m-%d", strict=False)
    end = pl.col("ended_on").str.to_date("%Y-%m-%d", strict=False)
    days = frame.with_columns(_start=pl.coalesce(start, end), _end=pl.coalesce(end, start)).with_columns(
        _slack=pl.when(pl.col("_start") == pl.col("_end"))
        .then(pl.col("date_precision").replace_strict(_WIDENING_DAYS, default=0, return_dtype=pl.Int32))
        .otherwise(0)
    )
    first = pl.col("_start").cast(pl.Int32) - pl.col("_slack")
    last = pl.col("_end").cast(pl.Int32) + pl.col("_slack")
    placed = (last - first < LONGEST_SPAN_DAYS) & (last >= first) & (pl.col("date_precision") != "year")
    return days.with_columns(
        first=pl.when(placed).then(first),
        last=pl.when(placed).then(last),
        is_day=placed & (first == last) & (pl.col("date_precision") == "day"),
    ).drop("_start", "_end", "_slack")


def _with_copies(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``copies``: claims with the same words and all details alike go to the first known of them."""
    details = ["said", "started_on", "ended_on", "country", "admin1", "name", "latitude", "longitude", "act"]
    details += ["violence", "who", "whom"]
    details += [column.name for column in CLAIM_COLUMNS if column.name.endswith(("_low", "_best", "_high"))]
    is_comparable = (pl.col("said").str.len_chars() >= 25) & (pl.col("only_one") == "")
    first = pl.when(is_comparable).then(pl.col("n").min().over(details)).otherwise("n")
    return frame.with_columns(copies=first)
