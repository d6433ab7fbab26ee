"""What two claims have in common, rule by rule, and whether they speak of one happening.

Owns the findings (one small function a rule) and the decision by the points of a :class:`RuleBook`. Works on
columns: a rule is a pair of expressions over the joined claims, its level and the detail for its words. The
machine says ``same`` or ``unsure`` with its reason; what it holds to be different it does not list. It never
reads the names of actors for anything but their likeness.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from forewarn.assess.linkage.prepare import prepared
from forewarn.assess.linkage.rulebook import RuleBook, rulebook
from forewarn.errors import InputValueError, shorten

__all__ = ["RULES", "Finding", "compare", "findings"]

_EARTH_KM = 6371.0088
_LONGEST_WHO = 300

_COMPARED = [
    "claim_id",
    "n",
    "copies",
    "first",
    "last",
    "is_day",
    "country",
    "area",
    "name",
    "place_name",
    "cell",
    "latitude",
    "longitude",
    "act",
    "violence",
    "who",
    "whom",
    "said",
]
_COMPARED += [f"{name}_{end}" for name in ("deaths", "injured") for end in ("low", "best", "high")]

_AKIN = ("killing", "clash", "attack", "bombardment")
_ALSO_AKIN = ("detention", "abduction", "torture")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: the name of a level, and the detail its words are filled with."""

    level: pl.Expr
    detail: pl.Expr


def compare(claims: pl.DataFrame, pairs: pl.DataFrame, *, rules: RuleBook | None = None) -> pl.DataFrame:
    """The judgements of the machine on pairs of claims.

    Args:
        claims: rows of ``CLAIM_COLUMNS``.
        pairs: ``left`` and ``right`` claim ids.
        rules: the table; the shipped one when missing.

    Returns:
        ``left, right, verdict, score, reason`` with verdict ``same`` or ``unsure``, sorted by the ids. Pairs
        held to be different are left out.
    """
    rules = rules or rulebook()
    found = findings(claims, pairs)
    points = sum((_points(rules, rule) for rule in RULES), pl.lit(rules.start))
    scored = found.with_columns(score=(1.0 / (1.0 + (2.0 ** (-points)))).round(4))
    kept = scored.filter(pl.col("score") >= rules.unsure)
    words = pl.concat_list([_words(rules, rule) for rule in RULES])
    return kept.select(
        "left",
        "right",
        verdict=pl.when(pl.col("score") >= rules.same).then(pl.lit("same")).otherwise(pl.lit("unsure")),
        score="score",
        reason=words.list.eval(pl.element().filter(pl.element() != "")).list.join("; "),
    ).sort("left", "right")


def findings(claims: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """For each pair the level of each rule, and under ``rule_detail`` what its words are filled with."""
    joined = _with_likeness(_joined(claims, pairs))
    found = {rule: find() for rule, find in RULES.items()}
    return joined.select(
        "left",
        "right",
        **{rule: finding.level for rule, finding in found.items()},
        **{f"{rule}_detail": finding.detail.cast(pl.String) for rule, finding in found.items()},
    )


def _joined(claims: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    frame = prepared(claims).select(_COMPARED)
    both = pairs.select("left", "right").join(frame, left_on="left", right_on="claim_id", how="left")
    both = both.join(frame, left_on="right", right_on="claim_id", how="left", suffix="_r")
    unknown = both.filter(pl.col("n").is_null() | pl.col("n_r").is_null())
    if unknown.height:
        pair = unknown.row(0, named=True)
        lost = pair["left"] if pair["n"] is None else pair["right"]
        raise InputValueError(f"{shorten(lost)} is not among the claims", where="pairs", mend="give both claims")
    return both


def _with_likeness(both: pl.DataFrame) -> pl.DataFrame:
    """Add ``km`` between two places known to the cell, and the likeness, 0..100, of texts and parties."""
    return both.with_columns(
        km=_distance(both),
        texts=_likeness(both, "said", fuzz.token_sort_ratio),
        parties=_likeness(both, "who", fuzz.token_sort_ratio),
        shared=_likeness(both, "who", fuzz.token_set_ratio),
    )


def _likeness(both: pl.DataFrame, column: str, scorer: Callable[..., float]) -> pl.Series:
    """Likeness of two text columns, null where either is empty."""
    left = both[column].str.slice(0, _LONGEST_WHO).to_list()
    right = both[f"{column}_r"].str.slice(0, _LONGEST_WHO).to_list()
    alike = pl.Series(process.cpdist(left, right, scorer=scorer, dtype=np.float32), dtype=pl.Float32)
    is_said = (both[column] != "") & (both[f"{column}_r"] != "")
    return pl.select(pl.when(is_said).then(alike)).to_series()


def _distance(both: pl.DataFrame) -> pl.Series:
    """Great-circle kilometres (haversine) where both claims are known to the cell, else null."""
    is_known = (both["cell"] != 0) & (both["cell_r"] != 0)
    names = ("latitude", "longitude", "latitude_r", "longitude_r")
    lat, lon, lat_r, lon_r = (np.radians(both[name].fill_null(np.nan).to_numpy()) for name in names)
    half = np.sin((lat_r - lat) / 2) ** 2 + np.cos(lat) * np.cos(lat_r) * np.sin((lon_r - lon) / 2) ** 2
    km = pl.Series(2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))), dtype=pl.Float64).fill_nan(None)
    return pl.select(pl.when(is_known).then(km)).to_series()


def _points(rules: RuleBook, rule: str) -> pl.Expr:
    levels = {name: level.points for name, level in rules.rules[rule].items()}
    return pl.col(rule).replace_strict(levels, return_dtype=pl.Float64)


def _words(rules: RuleBook, rule: str) -> pl.Expr:
    levels = {name: level.words for name, level in rules.rules[rule].items()}
    template = pl.col(rule).replace_strict(levels, return_dtype=pl.String)
    return template.str.replace("{}", pl.col(f"{rule}_detail").fill_null(""), literal=True)


def _first_true(*cases: tuple[pl.Expr, str], otherwise: str) -> pl.Expr:
    """The name of the first case that holds."""
    level = pl.lit(otherwise)
    for holds, name in reversed(cases):
        level = pl.when(holds).then(pl.lit(name)).otherwise(level)
    return level


def _both(column: str) -> tuple[pl.Expr, pl.Expr]:
    return pl.col(column), pl.col(f"{column}_r")


def _gap() -> pl.Expr:
    """Days between two periods; zero or less where they overlap."""
    return pl.max_horizontal(*_both("first")) - pl.min_horizontal(*_both("last"))


def _is_same_day() -> pl.Expr:
    first, first_r = _both("first")
    return pl.col("is_day") & pl.col("is_day_r") & (first == first_r)


def _time() -> Finding:
    level = _first_true(
        (pl.any_horizontal(end.is_null() for end in _both("first")), "unknown"),
        (_is_same_day(), "same_day"),
        (_gap() <= 0, "overlap"),
        (_gap() == 1, "one_day"),
        otherwise="days",
    )
    return Finding(level, _gap())


def _is_same_name() -> pl.Expr:
    name, name_r = _both("name")
    return (name != "") & (name == name_r) & (pl.col("country") == pl.col("country_r"))


def _place() -> Finding:
    """Coordinates first, then names, then the areas both lie in."""
    km, (name, name_r), (area, area_r) = pl.col("km"), _both("name"), _both("area")
    country, country_r = _both("country")
    is_coarse = (pl.col("cell") == 0) | (pl.col("cell_r") == 0)
    level = _first_true(
        (km < 1, "same_spot"),
        (km < 3, "close"),
        (km < 10, "around"),
        (km < 25, "apart"),
        (km.is_not_null(), "far"),
        (_is_same_name(), "same_name"),
        ((country != "") & (country_r != "") & (country != country_r), "elsewhere"),
        ((area != "") & (area_r != "") & (area != area_r), "elsewhere"),
        ((area != "") & (area == area_r) & is_coarse, "same_area"),
        ((name != "") & (name_r != "") & (name != name_r) & (country == country_r), "same_country"),
        ((country != "") & (country == country_r) & is_coarse, "same_country"),
        otherwise="unknown",
    )
    is_near = km < 1
    spot = pl.when(name != "").then(pl.col("place_name")).otherwise(pl.lit("to the kilometre"))
    detail = pl.when(is_near).then(spot).when(km.is_not_null()).then(km.round(0).cast(pl.Int64).cast(pl.String))
    return Finding(level, detail.otherwise(pl.col("place_name")))


def _act() -> Finding:
    act, act_r = _both("act")
    blank = ["unknown", "other", ""]
    akin = [act.is_in(group) & act_r.is_in(group) for group in (_AKIN, _ALSO_AKIN)]
    level = _first_true(
        (act.is_in(blank) | act_r.is_in(blank), "unknown"),
        (act == act_r, "same"),
        (pl.any_horizontal(akin), "akin"),
        otherwise="different",
    )
    one, two = (side.str.replace_all("_", " ") for side in (act, act_r))
    return Finding(level, pl.when(act == act_r).then(one).otherwise(pl.format("{}, {}", one, two)))


def _violence() -> Finding:
    kind, kind_r = _both("violence")
    blank = ["unknown", ""]
    level = _first_true(
        (kind.is_in(blank) | kind_r.is_in(blank), "unknown"), (kind == kind_r, "same"), otherwise="different"
    )
    return Finding(level, pl.lit(""))


def _actors() -> Finding:
    level = _first_true(
        (pl.col("parties").is_null(), "unknown"),
        (pl.max_horizontal("parties", "shared") >= 90, "same"),
        (pl.col("shared") >= 50, "some"),
        otherwise="different",
    )
    return Finding(level, pl.lit(""))


def _target() -> Finding:
    whom, whom_r = _both("whom")
    level = _first_true(((whom == "") | (whom_r == ""), "unknown"), (whom == whom_r, "same"), otherwise="different")
    return Finding(level, pl.lit(""))


def _bounds(name: str, side: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Low, best and high of a count, a missing end taken from those that are known."""
    low, best, high = (pl.col(f"{name}_{end}{side}") for end in ("low", "best", "high"))
    return pl.coalesce(low, best, high), pl.coalesce(best, low, high), pl.coalesce(high, best, low)


def _range_words(name: str) -> pl.Expr:
    """``8 and 8–10``; the one number where both give it."""
    sides = []
    for side in ("", "_r"):
        low, _, high = _bounds(name, side)
        sides.append(pl.when(low == high).then(low.cast(pl.String)).otherwise(pl.format("{}–{}", low, high)))
    return pl.when(sides[0] == sides[1]).then(sides[0]).otherwise(pl.format("{} and {}", *sides))


def _deaths() -> Finding:
    low, best, high = _bounds("deaths", "")
    low_r, best_r, high_r = _bounds("deaths", "_r")
    least, most = pl.min_horizontal(best, best_r), pl.max_horizontal(best, best_r)
    level = _first_true(
        (best.is_null() | best_r.is_null(), "unknown"),
        ((high == 0) & (high_r == 0), "none"),
        ((best == best_r) & (best >= 3), "same_number"),
        ((best == best_r) & (best >= 1), "same_few"),
        ((low <= high_r) & (low_r <= high), "overlap"),
        (least == 0, "some_or_none"),
        (least * 2 >= most, "close"),
        otherwise="far",
    )
    same = (best == best_r) & (best >= 1)
    return Finding(level, pl.when(same).then(best.cast(pl.String)).otherwise(_range_words("deaths")))


def _injured() -> Finding:
    low, best, high = _bounds("injured", "")
    low_r, best_r, high_r = _bounds("injured", "_r")
    is_some = (best >= 3) & (best_r >= 3)
    level = _first_true(
        (best.is_null() | best_r.is_null() | ~is_some, "other"),
        (best == best_r, "same_number"),
        ((low <= high_r) & (low_r <= high), "overlap"),
        otherwise="other",
    )
    same = best == best_r
    return Finding(level, pl.when(same).then(best.cast(pl.String)).otherwise(_range_words("injured")))


def _text() -> Finding:
    """Copies first; then one document with several items; then one story in nearly the same words.

    The same words with other details are another item of the same document: an update changes the words.
    """
    alike, (said, said_r) = pl.col("texts"), _both("said")
    is_same_item = _is_same_day() & ((pl.col("km") < 1) | (pl.col("km").is_null() & _is_same_name()))
    level = _first_true(
        (pl.col("copies") == pl.col("copies_r"), "copy"),
        (alike.is_null(), "unknown"),
        ((alike >= 90) & ((said == said_r) | ~is_same_item), "separate_items"),
        (alike >= 90, "rewritten"),
        (alike >= 60, "alike"),
        otherwise="unlike",
    )
    return Finding(level, (alike / 100).round(2))


RULES: dict[str, Callable[[], Finding]] = {
    "time": _time,
    "place": _place,
    "act": _act,
    "violence": _violence,
    "actors": _actors,
    "target": _target,
    "deaths": _deaths,
    "injured": _injured,
    "text": _text,
}
"""Every rule by its name in the table, in the order in which reasons are told."""
