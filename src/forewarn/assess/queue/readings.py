"""Kinds about what was read: claims that may say something else than their words, indicators a rule proposes.

A reading is doubted by what can be seen in the claim itself: a number that does not stand in its words, a day after it
became known, a count that no day or place puts into any figure. Whether it is wrong, only a person can say.
"""

from __future__ import annotations

import polars as pl

from forewarn.assess.queue.known import FOUND, MOST, Known

__all__ = ["LEAST_TOLL", "doubtful_readings", "proposed_indicators"]

LEAST_TOLL = 20
"""Smaller numbers are often written as words, which are not looked for."""

_DATES = r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\b(?:19|20)\d{2}\b|\d{1,2}:\d{2}"
_NUMBERS = r"[0-9]+(?:[.,\u{a0}\u{202f} ][0-9]{3})*"


def doubtful_readings(known: Known) -> pl.DataFrame:
    """Claims with deaths that may have been misread, and that nobody has looked at or corrected. Deaths are their own.

    A number that is not in the words counts only where the claim carries most of a figure, or an open alert names it.
    """
    seen = pl.concat([known.looked["subject"], pl.Series("subject", list(known.corrected), dtype=pl.String)])
    told = known.claims.join(known.tolls, on="claim_id").filter(pl.col("toll") > 0)
    told = told.filter(~pl.col("claim_id").is_in(seen.implode()))
    carrying = known.shares.filter(pl.col("share") > MOST)
    weighty = told.join(carrying, on="claim_id", how="inner").filter(pl.col("toll") == pl.col("high"))["claim_id"]
    named = pl.concat([weighty, pl.Series("claim_id", sorted(known.alerted), dtype=pl.String)])
    late = pl.col("started_on") > pl.col("known_on")
    nowhere, undated = pl.col("country") == "", pl.col("started_on").is_null()
    unsaid = pl.col("claim_id").is_in(named.implode()) & _unsaid()
    reason = (
        pl.when(late)
        .then(
            pl.format(
                "is dated {}, after it became known on {}: a day misread, or a clock off", "started_on", "known_on"
            )
        )
        .when(undated)
        .then(pl.lit("tells deaths and no day: it is in no month's figures"))
        .when(nowhere)
        .then(pl.lit("tells deaths and no country: it is in no area's figures"))
        .when(unsaid)
        .then(pl.format("tells {} deaths, and its words give other numbers", "toll"))
    )
    rows = told.with_columns(reason=reason).filter(pl.col("reason").is_not_null()).sort("claim_id")
    return _found(
        rows.select(
            "reason", subject="claim_id", other=pl.lit(""), claims=pl.concat_list("claim_id"), deaths_high="toll"
        )
    )


def proposed_indicators(known: Known) -> pl.DataFrame:
    """Indicators of areas that a rule proposes and nobody assessed; deaths are the most that a claim of it tells."""
    rows = known.proposed
    deaths = (
        rows.select("unit", "indicator", claim_id="claims")
        .explode("claim_id")
        .join(known.tolls, on="claim_id", how="left")
        .group_by("unit", "indicator")
        .agg(deaths_high=pl.col("toll").max())
    )
    said = pl.format("machine: {} would be {}: {}", "indicator", "state", "because")
    rows = rows.join(deaths, on=["unit", "indicator"], how="left").sort("unit", "indicator")
    return _found(rows.select("claims", "deaths_high", subject="unit", other="indicator", reason=said))


def _unsaid() -> pl.Expr:
    """The words hold numbers beside dates, all in plain digits, and none of them is a number of deaths of the claim."""
    text = pl.col("text").str.replace_all(_DATES, " ")
    numbers = text.str.extract_all(_NUMBERS).list.eval(
        pl.element().str.replace_all(r"[^0-9]", "").cast(pl.Int64, strict=False)
    )
    ends = [numbers.list.contains(pl.col(f"deaths_{end}")).fill_null(value=False) for end in ("low", "best", "high")]
    other_digits = text.str.contains(r"[\p{Nd}--[0-9]]")
    return (pl.col("toll") >= LEAST_TOLL) & (numbers.list.len() > 0) & ~pl.any_horizontal(ends) & ~other_digits


def _found(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(score=pl.lit(None, dtype=pl.Float64)).select(list(FOUND)).cast(FOUND)
