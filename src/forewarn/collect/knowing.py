"""Who said it first and since when it could be known.

Owns the origins of a claim and the day it became known, which decides what a forecast may see. Never makes a
thing known before it happened or after we received it; days that cannot be true are passed over, not mended.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from forewarn.collect.telling import Rules

__all__ = ["json_list", "with_known", "with_origins"]

_LONGEST_ORIGIN = 300
_CONTROLS = r"[\s\x00-\x1f\x7f]+"


def with_origins(frame: pl.DataFrame, today: date) -> pl.DataFrame:
    """Add ``origins`` (JSON text of names and days) and ``_source_day``.

    Each distinct origin stands once with the earliest plausible day it is given, earliest first, undated last.
    ``_source_day`` is the earliest plausible day of all sources. A day before the happening began or after today
    is a slip and counts as not given.
    """
    frame = frame.with_row_index("_n")
    named = _plausible(_named(frame), today)
    given = frame.filter(pl.col("source_days").list.len() > 0).select("_n", "_started_on", day=pl.col("source_days"))
    given = _plausible(given.explode("day", empty_as_null=True), today)
    days = pl.concat([named.select("_n", "day"), given]).drop_nulls()
    dated = days.group_by("_n").agg(pl.col("day").min().alias("_source_day"))
    for found in (dated, _written(named)):
        frame = frame.join(found, on="_n", how="left", maintain_order="left")
    listed = pl.lit("[") + pl.col("origins").fill_null("") + pl.lit("]")
    return frame.with_columns(listed.alias("origins")).drop("_n")


def with_known(frame: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Add ``_known_on`` and ``known_basis``: the first way of ``rules.known_by`` that gives a day.

    A publication day before the happening began is passed over. What would be known only after we received it
    was known that day; nothing is known before it began.
    """
    received = pl.lit(rules.received_at.date())
    began, ended = pl.col("_started_on"), pl.coalesce("_ended_on", "_started_on")
    published = pl.col("_published_on")
    ways = {
        "published": pl.when((published >= began).fill_null(value=True)).then(published),
        "source_date": pl.col("_source_day"),
        "ended_plus_delay": ended + pl.duration(days=rules.delay_days),
        "received": received,
    }
    chosen = [(name, ways[name]) for name in (*rules.known_by, "received")]
    basis = pl.coalesce(pl.when(day.is_not_null()).then(pl.lit(name)) for name, day in chosen)
    frame = frame.with_columns(pl.coalesce(day for _, day in chosen).alias("_known_on"), basis.alias("known_basis"))
    is_late = pl.col("_known_on") > received
    frame = frame.with_columns(
        pl.when(is_late).then(received).otherwise("_known_on").alias("_known_on"),
        pl.when(is_late).then(pl.lit("received")).otherwise("known_basis").alias("known_basis"),
    )
    return frame.with_columns(pl.max_horizontal("_known_on", began).alias("_known_on"))


def json_list(names: pl.Expr) -> pl.Expr:
    """A list of names as JSON text: white space folded, blanks left out, each once, ``[]`` for none."""
    name = pl.element().str.replace_all(_CONTROLS, " ").str.strip_chars()
    folded = names.list.eval(name.filter(name != "")).list.unique(maintain_order=True)
    joined = folded.list.eval(_quoted(pl.element())).list.join(", ")
    return pl.lit("[") + joined.fill_null("") + pl.lit("]")


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    """``_n``, ``name`` and ``day`` (text) of every origin; days are left out where they do not match the names."""
    some = frame.select("_n", "_started_on", name=pl.col("origin_names"), day=pl.col("origin_days"))
    some = some.filter(pl.col("name").list.len() > 0)
    match = (pl.col("name").list.len() == pl.col("day").list.len()).fill_null(value=False)
    paired = some.filter(match).explode("name", "day", empty_as_null=True)
    lone = some.filter(~match).with_columns(pl.lit(None, pl.String).alias("day"))
    lone = lone.explode("name", empty_as_null=True)
    folded = pl.col("name").str.replace_all(_CONTROLS, " ").str.strip_chars().str.slice(0, _LONGEST_ORIGIN)
    return pl.concat([paired, lone]).with_columns(folded).filter(pl.col("name") != "")


def _plausible(days: pl.DataFrame, today: date) -> pl.DataFrame:
    """The days as dates, null where they cannot be true; ``_started_on`` is dropped."""
    day = pl.col("day").str.strip_chars().str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    is_possible = (pl.col("day") <= today) & (pl.col("day") >= pl.col("_started_on")).fill_null(value=True)
    return days.with_columns(day).with_columns(pl.when(is_possible).then("day").alias("day")).drop("_started_on")


def _written(named: pl.DataFrame) -> pl.DataFrame:
    """``_n`` and ``origins``: names and days of each row as the inside of a JSON list."""
    has_several = named["_n"].is_duplicated()
    several = named.filter(has_several).group_by("_n", "name").agg(pl.col("day").min())
    several = several.sort("_n", "day", "name", nulls_last=True).select("_n", _pair().alias("origins"))
    # Gathering into lists and joining those takes a sixth of the time of joining while grouping.
    joined = several.group_by("_n", maintain_order=True).agg("origins").with_columns(pl.col("origins").list.join(", "))
    return pl.concat([named.filter(~has_several).select("_n", _pair().alias("origins")), joined])


def _pair() -> pl.Expr:
    """One origin as JSON: its name and its day or null."""
    day = pl.lit('"') + pl.col("day").dt.to_string("%Y-%m-%d") + pl.lit('"')
    return pl.lit("[") + _quoted(pl.col("name")) + pl.lit(", ") + day.fill_null("null") + pl.lit("]")


def _quoted(name: pl.Expr) -> pl.Expr:
    escaped = name.str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
    return pl.lit('"') + escaped + pl.lit('"')
