"""The reason of a judgement in words: what each rule found, with the details of the pair.

Owns the details (days apart, kilometres, counts, acts) that fill the words of ``rules.yaml``. Says nothing of a rule
that found nothing worth telling. Works on columns, for the few pairs that are kept.
"""

from __future__ import annotations

import math

import polars as pl

from forewarn.assess.linkage.comparisons import CONDITIONS
from forewarn.assess.linkage.rulebook import RuleBook

__all__ = ["told"]

_EARTH_KM = 6371.0088
_NEEDED = ["n", "first", "last", "place_name", "latitude", "longitude", "act", "printed"]
_NEEDED += [f"{name}_{end}" for name in ("deaths", "injured") for end in ("low", "best", "high")]


def told(frame: pl.DataFrame, found: pl.DataFrame, rules: RuleBook) -> pl.Series:
    """One text for each scored pair of prepared claims, the parts in the order of the rules, joined by ``; ``."""
    sides = frame.select(_NEEDED)
    both = found.join(sides, left_on="i", right_on="n", how="left", maintain_order="left")
    both = both.join(sides, left_on="j", right_on="n", how="left", suffix="_r", maintain_order="left")
    details = _details()
    words = [_words(rules, rule, details.get(rule, pl.lit(""))) for rule in CONDITIONS]
    spoken = pl.concat_str([pl.when(part != "").then(part + "; ").otherwise(pl.lit("")) for part in words])
    return both.select(reason=spoken.str.strip_suffix("; ")).to_series()


def _words(rules: RuleBook, rule: str, detail: pl.Expr) -> pl.Expr:
    levels = dict(enumerate(rules.rules[rule][level].words for level in CONDITIONS[rule]))
    template = pl.col(f"{rule}_level").replace_strict(levels, return_dtype=pl.String)
    return template.str.replace("{}", detail.fill_null(""), literal=True)


def _details() -> dict[str, pl.Expr]:
    act, act_r = (pl.col(side).str.replace_all("_", " ") for side in ("act", "act_r"))
    return {
        "time": (pl.max_horizontal("first", "first_r") - pl.min_horizontal("last", "last_r")).cast(pl.String),
        "place": _place(),
        "act": pl.when(act == act_r).then(act).otherwise(pl.format("{}, {}", act, act_r)),
        "deaths": _range_words("deaths"),
        "injured": _range_words("injured"),
        "published": (pl.col("printed") - pl.col("printed_r")).abs().cast(pl.String),
    }


def _place() -> pl.Expr:
    """The name of a spot both share, else the kilometres between them, else the name."""
    lat, lon, lat_r, lon_r = (pl.col(name) * (math.pi / 180) for name in _coordinates())
    half = ((lat_r - lat) / 2).sin() ** 2 + lat.cos() * lat_r.cos() * ((lon_r - lon) / 2).sin() ** 2
    km = 2 * _EARTH_KM * half.clip(0.0, 1.0).sqrt().arcsin()
    spot = pl.when(pl.col("place_name") != "").then(pl.col("place_name")).otherwise(pl.lit("to the kilometre"))
    apart = km.round(0).cast(pl.Int64).cast(pl.String)
    return pl.when(km < 1).then(spot).when(km.is_not_null()).then(apart).otherwise(pl.col("place_name"))


def _coordinates() -> tuple[str, str, str, str]:
    return "latitude", "longitude", "latitude_r", "longitude_r"


def _range_words(name: str) -> pl.Expr:
    """``8 and 8–10``; the one number where both give it."""
    sides = []
    for side in ("", "_r"):
        low, best, high = (pl.col(f"{name}_{end}{side}") for end in ("low", "best", "high"))
        low, high = pl.coalesce(low, best, high), pl.coalesce(high, best, low)
        sides.append(pl.when(low == high).then(low.cast(pl.String)).otherwise(pl.format("{}–{}", low, high)))
    return pl.when(sides[0] == sides[1]).then(sides[0]).otherwise(pl.format("{} and {}", *sides))
