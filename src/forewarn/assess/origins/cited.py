"""Who each claim goes back to, as far as it says: one row per claim and name it cites.

Owns the reading of the list of origins and of "according to ..." in the text. A source's own name counts only where it
cites nobody; who passes on counts only where nobody behind is named; nothing dated after the day asked for counts.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from forewarn.assess.linkage.prepare import list_text
from forewarn.assess.origins.names import citing_pattern, is_republisher, named_behind, origin_name
from forewarn.errors import InputFormatError, shorten

__all__ = ["cited_names", "teller"]


def teller(claims: pl.DataFrame) -> pl.Expr:
    """The claim's own source, its channel where the source has no name."""
    if "source_name" not in claims.columns:
        return pl.col("channel")
    return pl.when(pl.col("source_name").fill_null("") == "").then("channel").otherwise("source_name")


def cited_names(placed: pl.DataFrame, as_known_at: date | None) -> pl.DataFrame:
    """``root, claim_id, known_on, cited, origin, own, why``: a reason in ``why`` not to count the name, or empty.

    Args:
        placed: claims with ``root``; one who is cited in a text is looked for among the tellers of the same root.
        as_known_at: origins dated later are not counted; all are when missing.
    """
    began = pl.col("started_on") if "started_on" in placed.columns else pl.lit(None, pl.String)
    keys = placed.select("root", "claim_id", "known_on", "origins", "text", teller=teller(placed), began=began)
    keys = keys.with_columns(behind=_behind(keys)).drop("text")
    listed = _exploded(keys)
    names = _names(pl.concat([keys["teller"], listed["cited"]]))
    keys = keys.join(names.select(teller="cited", own="origin"), on="teller", how="left", maintain_order="left")
    weighed = _weighed(listed, names, as_known_at)
    silent = keys.join(weighed.filter(pl.col("why") == ""), on="claim_id", how="anti")
    own = silent.with_columns(cited="teller", why=pl.lit("")).join(names, on="cited")
    columns = ["root", "claim_id", "known_on", "cited", "origin", "behind", "own", "why"]
    both = pl.concat([weighed.select(columns), own.select(columns)])
    is_usable = pl.col("why") == ""
    is_relay = is_usable & (is_usable.sum().over("claim_id") == 1) & pl.col("behind").is_not_null()
    return both.with_columns(origin=pl.when(is_relay).then("behind").otherwise("origin")).drop("behind")


def _names(cited: pl.Series) -> pl.DataFrame:
    """``cited``, its ``origin`` and whether it only ``passes_on``, each name once."""
    names = cited.unique().drop_nulls().to_list()
    columns = {
        "cited": names,
        "origin": [origin_name(name) for name in names],
        "passes_on": [is_republisher(name) for name in names],
    }
    return pl.DataFrame(columns, schema={"cited": pl.String, "origin": pl.String, "passes_on": pl.Boolean})


def _weighed(listed: pl.DataFrame, names: pl.DataFrame, as_known_at: date | None) -> pl.DataFrame:
    """Add ``origin`` and ``why``: late names do not count; nor, beside others, a re-publisher, a source's own name, or
    one dated more than a day before what happened began (a day is left for time zones)."""
    tellers = names.select(teller="cited", own="origin")
    late = (
        pl.lit(value=False) if as_known_at is None else (pl.col("on") > as_known_at.isoformat()).fill_null(value=False)
    )
    both = (
        listed.join(names, on="cited")
        .join(tellers, on="teller")
        .with_columns(late=late, is_self=pl.col("origin") == pl.col("own"), early=_early())
    )
    idle = pl.any_horizontal("late", "passes_on", "is_self", "early")
    beside = (~idle).any().over("claim_id")
    why = (
        pl.when("late")
        .then(pl.lit("dated after the day asked for"))
        .when(pl.col("passes_on") & beside)
        .then(pl.lit("passes on what others said"))
        .when(pl.col("is_self") & beside)
        .then(pl.lit("a source citing itself beside others"))
        .when(pl.col("early") & beside)
        .then(pl.lit("dated before what happened: a clock is off, or it tells of something earlier"))
    )
    return both.with_columns(why=why.otherwise(pl.lit("")))


def _early() -> pl.Expr:
    """Whether the name is dated more than a day before what happened began; not where either day is missing."""
    day_before = pl.col("began").str.to_date("%Y-%m-%d", strict=False).dt.offset_by("-1d")
    return (pl.col("on").str.to_date("%Y-%m-%d", strict=False) < day_before).fill_null(value=False)


def _exploded(keys: pl.DataFrame) -> pl.DataFrame:
    """One row per claim and origin named in the list column, with the day it is dated or null."""
    kind = pl.List(pl.List(pl.String))
    try:
        lists = keys.with_columns(pairs=list_text("origins").str.json_decode(kind))
    except pl.exceptions.ComputeError as error:
        raise InputFormatError(
            f"is not JSON pairs of name and day ({shorten(error, 60)})",
            where="claims, column origins",
            mend="write [[name, day or null], ...]",
        ) from None
    rows = lists.explode("pairs").filter(pl.col("pairs").list.len() > 0)
    named = rows.with_columns(
        cited=pl.col("pairs").list.get(0, null_on_oob=True).str.strip_chars(),
        on=pl.col("pairs").list.get(1, null_on_oob=True),
    )
    return named.filter(pl.col("cited").fill_null("") != "").drop("pairs", "origins")


def _behind(keys: pl.DataFrame) -> pl.Series:
    """Whom the text says it has it from: a listed body, or another teller of the same happening; else null."""
    hinting = keys.filter(pl.col("text").fill_null("").str.contains(citing_pattern()))
    roots = hinting.select("root").unique().join(keys.select("root", "teller"), on="root", how="left")
    around = dict(roots.group_by("root").agg(pl.col("teller").unique()).iter_rows())
    found: dict[str, str] = {}
    for root, claim, text, own in hinting.select("root", "claim_id", "text", "teller").iter_rows():
        known = [name for name in around[root] if name != own]
        if name := named_behind(text, known):
            found[claim] = name
    return pl.Series("behind", [found.get(claim) for claim in keys["claim_id"]], dtype=pl.String)
