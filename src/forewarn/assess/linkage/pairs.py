"""Which claims are worth comparing: candidate pairs by time and place, found without comparing all with all.

Two claims are candidates when their periods are at most ``window_days`` apart and their places touch: same or
neighbouring PRIO-GRID cell, same name, or, where one of them is not known to the cell, the same area or country.
Copies are only paired with the first of them. Two rows of one channel that gives one row per happening are
never a pair. The work is bounded: a crowded block is narrowed, and said so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import polars as pl

from forewarn.assess.linkage.prepare import prepared

__all__ = ["Blocking", "Candidates", "candidate_pairs"]

_BLOCK = ["key", "bucket"]


@dataclass(frozen=True, slots=True)
class Blocking:
    """How widely to look.

    Attributes:
        window_days: largest gap between two periods.
        crowd: a block of more pairs than this many claims squared is narrowed to claims of one first day.
        neighbours: in a block still crowded then, each claim is compared with so many next to it, in order of
            place name, deaths and text.
    """

    window_days: int = 3
    crowd: int = 300
    neighbours: int = 25


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs to compare, and where not all could be.

    Attributes:
        pairs: ``left`` and ``right`` claim ids, left before right, sorted, each pair once.
        crowded: ``block``, ``claims``, ``narrowing``: the blocks in which not every pair was taken.
    """

    pairs: pl.DataFrame
    crowded: pl.DataFrame


def candidate_pairs(
    claims: pl.DataFrame, new_ids: Collection[str] | None = None, *, blocking: Blocking | None = None
) -> Candidates:
    """The pairs of claims that may speak of one happening.

    Args:
        claims: rows of ``CLAIM_COLUMNS``; ``row_is`` may be present.
        new_ids: when given, only pairs that touch one of these claims.
        blocking: how widely to look.

    Claims without a period or without any place are only paired with claims of the same words and details.
    """
    blocking = blocking or Blocking()
    frame = prepared(claims)
    new = pl.lit(value=True) if new_ids is None else pl.col("claim_id").is_in(list(new_ids))
    frame = frame.with_columns(is_new=new)
    lone = frame.filter((pl.col("copies") == pl.col("n")) & pl.col("first").is_not_null() & pl.col("has_place"))
    found, crowded = _blocked(_worth_placing(lone, blocking), blocking)
    copied = frame.filter(pl.col("copies") != pl.col("n")).select(i="copies", j="n")
    numbered = pl.concat([copied, found]).unique()
    return Candidates(_named(numbered, frame), crowded)


def _worth_placing(frame: pl.DataFrame, blocking: Blocking) -> pl.DataFrame:
    """The claims that have a possible partner in time; rows of an exclusive channel that is alone then have none."""
    width = max(31, blocking.window_days + 1)
    near = frame.select("only_one", bucket=pl.col("first").floordiv(width))
    near = pl.concat([near.with_columns(pl.col("bucket") + step) for step in (-3, -2, -1, 0, 1, 2, 3)]).unique()
    mixed = near.group_by("bucket").agg(worth=(pl.col("only_one") == "").any() | (pl.col("only_one").n_unique() > 1))
    worth = mixed.filter("worth").select("bucket")
    return frame.filter(pl.col("first").floordiv(width).is_in(worth["bucket"].to_list()))


def _named(numbered: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Numbers of claims turned into ids, pairs without a new claim left out."""
    ids = frame.select("n", "claim_id", "is_new")
    named = numbered.join(ids, left_on="i", right_on="n").join(ids, left_on="j", right_on="n", suffix="_j")
    named = named.filter(pl.col("is_new") | pl.col("is_new_j"))
    one, other = pl.col("claim_id"), pl.col("claim_id_j")
    return named.select(left=pl.min_horizontal(one, other), right=pl.max_horizontal(one, other)).sort("left", "right")


def _blocked(frame: pl.DataFrame, blocking: Blocking) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Candidate pairs (i < j) by blocks of place and time, and the crowded blocks."""
    width = blocking.window_days + 1
    seeking = _in_buckets(_place_keys(frame, seeking=True), blocking.window_days, width)
    sought = _in_buckets(_place_keys(frame, seeking=False), 0, width)
    touched = pl.concat([side.filter("is_new").select(_BLOCK) for side in (seeking, sought)]).unique()
    sizes = _block_sizes(seeking, sought, _BLOCK).join(touched, on=_BLOCK, how="semi")
    limit = blocking.crowd**2
    roomy = sizes.filter((pl.col("pairs") > 0) & (pl.col("pairs") <= limit)).select(_BLOCK)
    tight = sizes.filter(pl.col("pairs") > limit)
    parts = list(_joined(seeking.join(roomy, on=_BLOCK, how="semi"), sought, _BLOCK))
    narrowed, crowded = _narrowed(seeking, sought, tight, blocking)
    pairs = pl.concat([*parts, narrowed]).unique()
    days = frame.select("n", "first", "last")
    pairs = pairs.join(days, left_on="i", right_on="n").join(days, left_on="j", right_on="n", suffix="_j")
    gap = pl.max_horizontal("first", "first_j") - pl.min_horizontal("last", "last_j")
    return pairs.filter(gap <= blocking.window_days).select("i", "j"), crowded


def _place_keys(frame: pl.DataFrame, *, seeking: bool) -> pl.DataFrame:
    """The keys under which a claim seeks others, or under which it is found.

    All seek and are found by cell and by name; only claims not known to the cell seek in the whole area, or in
    the whole country where the area is not known either.
    """
    columns = ["n", "first", "last", "is_new", "only_one", "name", "deaths_best", "said"]
    country, area, is_coarse = pl.col("country"), pl.col("area"), pl.col("cell") == 0
    steps = [0] if not seeking else [row * 720 + column for row in (-1, 0, 1) for column in (-1, 0, 1)]
    in_area = (area != "") & (is_coarse if seeking else pl.lit(value=True))
    in_country = (country != "") & ((is_coarse & (area == "")) if seeking else pl.lit(value=True))
    parts = [
        frame.filter(~is_coarse).select(*columns, key=pl.format("cell {}", pl.col("cell") + step)) for step in steps
    ]
    parts += [
        frame.filter(pl.col("name") != "").select(*columns, key=pl.format("name {}/{}", country, "name")),
        frame.filter(in_area).select(*columns, key=pl.format("area {}/{}", country, area)),
        frame.filter(in_country).select(*columns, key=pl.format("country {}", country)),
    ]
    return pl.concat(parts)


def _in_buckets(keyed: pl.DataFrame, slack: int, width: int) -> pl.DataFrame:
    """Each key once per stretch of days it touches."""
    first, last = (pl.col("first") - slack).floordiv(width), (pl.col("last") + slack).floordiv(width)
    return keyed.with_columns(bucket=pl.int_ranges(first, last + 1)).explode("bucket", empty_as_null=False)


def _block_sizes(seeking: pl.DataFrame, sought: pl.DataFrame, block: list[str]) -> pl.DataFrame:
    """Pairs each block would give, pairs within one exclusive channel not counted."""
    channel = pl.col("only_one") != ""
    left = seeking.group_by(*block, "only_one").len("l")
    right = sought.group_by(*block, "only_one").len("r")
    barred = (
        left.filter(channel)
        .join(right.filter(channel), on=[*block, "only_one"])
        .group_by(block)
        .agg(barred=(pl.col("l") * pl.col("r")).sum())
    )
    totals = left.group_by(block).agg(pl.col("l").sum()).join(right.group_by(block).agg(pl.col("r").sum()), on=block)
    both = totals.join(barred, on=block, how="left").with_columns(pl.col("barred").fill_null(0))
    return both.with_columns(
        pairs=pl.col("l").cast(pl.Int64) * pl.col("r").cast(pl.Int64) - pl.col("barred"),
        claims=pl.max_horizontal("l", "r"),
    )


def _joined(seeking: pl.DataFrame, sought: pl.DataFrame, on: list[str]) -> Iterator[pl.DataFrame]:
    """Pairs with a common block, channel by channel so that barred pairs are never made."""
    l_free, r_free = seeking.filter(pl.col("only_one") == ""), sought.filter(pl.col("only_one") == "")
    l_bound, r_bound = seeking.filter(pl.col("only_one") != ""), sought.filter(pl.col("only_one") != "")
    yield _pairs(l_free, sought, on)
    yield _pairs(l_bound, r_free, on)
    for channel in l_bound["only_one"].unique().sort():
        mine, others = pl.col("only_one") == channel, pl.col("only_one") != channel
        yield _pairs(l_bound.filter(mine), r_bound.filter(others), on)


def _pairs(seeking: pl.DataFrame, sought: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """The join of two sides as numbers i < j; where both sides seek, one order is enough."""
    one_way = pl.col("key").str.starts_with("area ") | pl.col("key").str.starts_with("country ")
    joined = (
        seeking.lazy()
        .select("n", "is_new", *on)
        .join(sought.lazy().select("n", "is_new", *on), on=on, suffix="_r")
        .filter((pl.col("n") != pl.col("n_r")) & ((pl.col("n") < pl.col("n_r")) | one_way))
        .filter(pl.col("is_new") | pl.col("is_new_r"))
    )
    return joined.select(i=pl.min_horizontal("n", "n_r"), j=pl.max_horizontal("n", "n_r")).unique().collect()


def _narrowed(
    seeking: pl.DataFrame, sought: pl.DataFrame, tight: pl.DataFrame, blocking: Blocking
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs of the crowded blocks: by first day, and where that is crowded too, by nearness in a stated order."""
    by_day = [*_BLOCK, "first"]
    left, right = (side.join(tight, on=_BLOCK, how="semi") for side in (seeking, sought))
    sizes = _block_sizes(left, right, by_day).filter(pl.col("pairs") > 0)
    is_full = pl.col("pairs") > blocking.crowd**2
    roomy, full = sizes.filter(~is_full).select(by_day), sizes.filter(is_full).select(by_day)
    parts = list(_joined(left.join(roomy, on=by_day, how="semi"), right, by_day))
    both = pl.concat([left, right]).unique(["n", *by_day]).join(full, on=by_day, how="semi")
    parts.append(_nearest(both, by_day, blocking.neighbours))
    still = (
        full.select(_BLOCK)
        .unique()
        .with_columns(
            narrowing=pl.lit(f"one first day, then the {blocking.neighbours} nearest by name, deaths and text")
        )
    )
    crowded = tight.join(still, on=_BLOCK, how="left").select(
        block=pl.format("{} from {}", "key", (pl.col("bucket") * (blocking.window_days + 1)).cast(pl.Date)),
        claims=pl.col("claims").cast(pl.Int64),
        narrowing=pl.col("narrowing").fill_null("one first day"),
    )
    return pl.concat(parts), crowded.sort("block")


def _nearest(frame: pl.DataFrame, block: list[str], neighbours: int) -> pl.DataFrame:
    """Each claim with the next few of its block, in order of place name, deaths and text."""
    ordered = frame.sort(*block, "name", "deaths_best", "said", "n").select("n", "is_new", "only_one", *block)
    steps = []
    for step in range(1, neighbours + 1):
        other = ordered.select(pl.all().shift(-step).name.suffix("_r"))
        near = pl.concat([ordered, other], how="horizontal").filter(
            pl.all_horizontal(pl.col(name) == pl.col(f"{name}_r") for name in block)
            & (pl.col("is_new") | pl.col("is_new_r"))
            & ((pl.col("only_one") == "") | (pl.col("only_one") != pl.col("only_one_r")))
        )
        steps.append(near.select(i=pl.min_horizontal("n", "n_r"), j=pl.max_horizontal("n", "n_r")))
    return pl.concat([pl.DataFrame(schema={"i": pl.UInt32, "j": pl.UInt32}), *steps])
