"""Which claims are worth comparing: candidate pairs by time and place, found without comparing all with all.

Two claims are candidates when their periods are at most ``window_days`` apart and their places touch: same or
neighbouring PRIO-GRID cell, same name, or, where one of them is not known to the cell, the same area or country.
Copies are only paired with the first of them. Two rows of one channel that gives one row per happening are
never a pair. The work is bounded: a crowded block is narrowed, and said so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from forewarn.assess.linkage.prepare import prepared
from forewarn.assess.linkage.workplace import Engine, workplace
from forewarn.model.grid import cell_neighbours

__all__ = ["Blocking", "Candidates", "candidate_pairs", "find_pairs"]

_READ = ["n", "first", "last", "is_new", "only_one", "cell", "country", "area", "name", "deaths_best", "said"]
_COLUMNS = ["n", "first", "last", "is_new", "only_one", "cell", "name_key", "area_key", "country_key"]
_KEYS_OF = {"name": ("country", "name"), "area": ("country", "area"), "country": ("country",)}

_KEYS = """
    create or replace temp view {side} as
    select n, first, last, is_new, only_one, key, {flags}
        unnest(
            range(floor((first - {slack}) / {width})::bigint, floor((last + {slack}) / {width})::bigint + 1)
        ) as bucket
    from ({keyed})
"""

_FINE = "l.only_one = 0 or l.only_one <> r.only_one"
_REACH = "greatest(l.first, r.first) - least(l.last, r.last) <= {window}"
_ONCE = "l.bucket = greatest(floor((l.first - {window}) / {width}), floor(r.first / {width}))"
_ORDER = """case when l.coarse then l.n <> r.n and (l.is_new or r.is_new)
    else l.is_new and (case when r.is_new then l.n < r.n or (l.n <> r.n and l.one_way) else true end) end"""

_SIZES = """
    with l as (select {block}, only_one, count(*) as c from seeking semi join {among} using (key, bucket) group by all),
    r as (select {block}, only_one, count(*) as c from sought semi join {among} using (key, bucket) group by all),
    barred as (
        select {block}, sum(l.c * r.c) as c from l join r using ({block}, only_one) where only_one <> 0 group by all
    ),
    left_all as (select {block}, sum(c) as c from l group by all),
    right_all as (select {block}, sum(c) as c from r group by all)
    select {block}, greatest(a.c, b.c)::bigint as claims, a.c * b.c - coalesce(barred.c, 0) as pairs
    from left_all a join right_all b using ({block}) left join barred using ({block})
"""

_JOINED = f"""
    select least(l.n, r.n) as i, greatest(l.n, r.n) as j
    from seeking l join sought r on l.key = r.key and l.bucket = r.bucket {{also}}
    where ({_FINE}) and {_REACH} and {_ONCE} and {_ORDER} and {{where}}
"""

_NEAREST = f"""
    with members as (
        select distinct n, first, last, is_new, only_one, name, deaths_best, said, key, bucket
        from (select n, key, bucket, first, last, is_new, only_one from seeking
            union all select n, key, bucket, first, last, is_new, only_one from sought)
        semi join full_days using (key, bucket, first) join order_by using (n)
    ),
    ordered as (
        select *, row_number() over (partition by key, bucket, first order by name, deaths_best, said, n) as place,
            count(*) over (partition by key, bucket, first) as crowd
        from members
    ),
    stepped as (select *, place + unnest(range(1, {{neighbours}} + 1)) as other from ordered),
    pivots as (select * from ordered where (place - 1) % greatest(1, crowd // {{neighbours}}) = 0)
    select least(l.n, r.n) as i, greatest(l.n, r.n) as j
    from stepped l join ordered r
        on l.key = r.key and l.bucket = r.bucket and l.first = r.first and l.other = r.place
    where ({_FINE}) and {_REACH} and (l.is_new or r.is_new)
    union all
    select least(l.n, r.n) as i, greatest(l.n, r.n) as j
    from ordered l join pivots r on l.key = r.key and l.bucket = r.bucket and l.first = r.first
    where l.n <> r.n and ({_FINE}) and {_REACH} and (l.is_new or r.is_new)
"""


@dataclass(frozen=True, slots=True)
class Blocking:
    """How widely to look.

    Attributes:
        window_days: largest gap between two periods.
        crowd: a block of more pairs than this many claims squared is narrowed to claims of one first day.
        neighbours: in a block still crowded then, each claim is compared with so many next to it, in order of
            place name, deaths and text, and with as many that stand at equal steps through the whole crowd.
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
    claims: pl.DataFrame,
    new_ids: Collection[str] | None = None,
    *,
    blocking: Blocking | None = None,
    is_part: bool = False,
) -> Candidates:
    """The pairs of claims that may speak of one happening.

    Args:
        claims: rows of ``CLAIM_COLUMNS``; ``row_is`` may be present.
        new_ids: when given, only pairs that touch one of these claims.
        blocking: how widely to look.
        is_part: whether ``claims`` is only the part of a store that the new ones can reach.

    Claims without a period or without any place are only paired with claims of the same words and details.
    """
    frame = prepared(claims)
    is_new = pl.lit(value=True) if new_ids is None else pl.col("claim_id").is_in(list(new_ids))
    frame = frame.with_columns(is_new=is_new)
    with workplace(Engine()) as connection:
        crowded = find_pairs(connection, frame, blocking=blocking, is_part=is_part)
        numbered = connection.sql("select i, j from candidates").pl()
    return Candidates(_named(numbered, frame), crowded)


def find_pairs(
    connection: duckdb.DuckDBPyConnection,
    frame: pl.DataFrame,
    *,
    blocking: Blocking | None = None,
    is_part: bool = False,
) -> pl.DataFrame:
    """Make the table ``candidates`` of ``i`` and ``j``, ``i < j``, and return the blocks that were narrowed.

    ``frame`` is prepared, with ``is_new``; every pair touches a new claim. ``is_part`` says that there are old claims
    even if none is in the frame: a crowded block is then narrowed as beside them.
    """
    blocking = blocking or Blocking()
    is_lone = (pl.col("copies") == pl.col("n")) & pl.col("first").is_not_null() & pl.col("has_place")
    lone = _worth_placing(frame.select(*_READ, is_lone=is_lone).filter("is_lone"), blocking).with_columns(_keys())
    copied = frame.select("n", "copies", "is_new").filter(pl.col("copies") != pl.col("n"))
    copied = copied.join(frame.select(copies="n", is_new_first="is_new"), on="copies")
    copied = copied.filter(pl.col("is_new") | pl.col("is_new_first")).select(i="copies", j="n")
    sizes = {"window": blocking.window_days, "width": blocking.window_days + 1}
    all_new = bool(lone["is_new"].all()) and not is_part
    _register_keys(connection, lone.select(_COLUMNS), sizes, all_new=all_new)
    crowded = _narrow(connection, lone, blocking)
    parts = [_JOINED.format(**sizes, also="", where="true")]
    if not crowded.is_empty():
        connection.register("order_by", lone.select("n", "name", "deaths_best", "said").to_arrow())
        parts = _narrowed_parts(sizes, blocking)
    connection.register("copied", copied.to_arrow())
    query = " union all ".join(f"({part})" for part in parts)
    again = (lone["cell"] == 0).any() or not crowded.is_empty()
    query = f"select distinct i, j from ({query})" if again else query
    connection.execute(
        f"create or replace table candidates as select * from ({query}) union all select i, j from copied"
    )
    for view in ("seeking", "sought"):
        connection.execute(f"drop view {view}")
    for given in ("copied", "lone", "near_cells", "order_by"):
        connection.unregister(given)
    return crowded


def _register_keys(
    connection: duckdb.DuckDBPyConnection, lone: pl.DataFrame, sizes: dict[str, int], *, all_new: bool
) -> None:
    """Make ``seeking`` and ``sought``: each claim once for each key and each stretch of days it touches.

    All are found by cell, name, area and country. New claims seek in their own and the neighbouring cells; those not
    known to the cell seek by name, in the area, or, where that is not known either, in the country. A key is the number
    of the cell, or a negative number that stands for the text.
    """
    cells = lone.filter(pl.col("cell") > 0)["cell"].unique().cast(pl.Int64).to_numpy()
    around = np.column_stack([cells, cell_neighbours(cells)]) if cells.size else np.zeros((0, 9), dtype=np.int64)
    near = pl.DataFrame({"cell": np.repeat(cells, 9), "other": around.ravel()}).filter(pl.col("other") > 0)
    near = near.filter(pl.col("other") >= pl.col("cell")) if all_new else near
    connection.register("lone", lone.to_arrow())
    connection.register("near_cells", near.to_arrow())
    one_way = "near_cells.cell <> near_cells.other" if all_new else "false"
    coarse = "select lone.*, {key}_key as key, true as coarse, false as one_way from lone where cell = 0 and {holds}"
    found = "select lone.*, {key} as key from lone where {key} <> 0"
    seek = [
        f"select lone.*, near_cells.other as key, false as coarse, {one_way} as one_way"
        " from lone join near_cells using (cell) where is_new"
    ]
    any_coarse = bool((lone["cell"] == 0).any())
    if any_coarse:
        seek += [coarse.format(key=key, holds=f"{key}_key <> 0") for key in ("name", "area")]
        seek.append(coarse.format(key="country", holds="country_key <> 0 and area_key = 0"))
    wide = [found.format(key=f"{key}_key") for key in _KEYS_OF] if any_coarse else []
    sought = [found.format(key="cell"), *wide]
    for side, parts, slack, flags in (
        ("seeking", seek, sizes["window"], "coarse, one_way,"),
        ("sought", sought, 0, ""),
    ):
        keyed = " union all ".join(parts)
        connection.execute(_KEYS.format(side=side, keyed=keyed, slack=slack, width=sizes["width"], flags=flags))


def _narrow(connection: duckdb.DuckDBPyConnection, lone: pl.DataFrame, blocking: Blocking) -> pl.DataFrame:
    """Make ``tight`` and ``full_days``, the blocks and days in which not every pair is taken; tell which."""
    limit = blocking.crowd**2
    _find_large(connection, lone, limit)
    blocks = _SIZES.format(block="key, bucket", among="large")
    connection.execute(f"create or replace temp table tight as select * from ({blocks}) where pairs > {limit}")
    days = _SIZES.format(block="key, bucket, first", among="tight")
    connection.execute(f"create or replace temp table full_days as select * from ({days}) where pairs > {limit}")
    tight: pl.DataFrame = connection.sql(
        "select key, bucket, claims, exists (select 1 from full_days f where f.key = t.key and f.bucket = t.bucket)"
        " as is_full from tight t"
    ).pl()
    by_order = f"one first day, then the {blocking.neighbours} nearest by name, deaths and text"
    width = blocking.window_days + 1
    named = tight.join(_block_names(lone, tight["key"]), on="key", how="left")
    return named.select(
        block=pl.format("{} from {}", "name", (pl.col("bucket") * width).cast(pl.Int32).cast(pl.Date)),
        claims=pl.col("claims").cast(pl.Int64),
        narrowing=pl.when("is_full").then(pl.lit(by_order)).otherwise(pl.lit("one first day")),
    ).sort("block")


def _find_large(connection: duckdb.DuckDBPyConnection, lone: pl.DataFrame, limit: int) -> None:
    """Make ``large``: the blocks that may have more pairs than the limit, told from how many are sought there.

    Nine cells in three stretches of days can seek in one cell.
    """
    connection.execute(
        "create or replace temp table held as select key, bucket, count(*) as c from sought group by all"
    )
    [(most, longest)] = connection.sql(
        "select coalesce(max(c), 0), (select coalesce(max(last - first), 0) from lone) from held where key > 0"
    ).fetchall()
    coarse = int((lone["cell"] == 0).sum()) * (longest + 3)
    seekers = max(27 * most, coarse)
    connection.execute(
        f"create or replace temp table large as select key, bucket from held where c * {seekers} > {limit}"
    )


def _block_names(lone: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    """``key`` and ``name`` of blocks, for those who read."""
    cells = lone.select(key=pl.col("cell").cast(pl.Int64), name=pl.format("cell {}", "cell"))
    parts = [
        lone.select(key=f"{kind}_key", name=pl.concat_str(pl.lit(f"{kind} "), pl.concat_str(*columns, separator="/")))
        for kind, columns in _KEYS_OF.items()
    ]
    return pl.concat([cells, *parts]).filter(pl.col("key").is_in(keys.implode())).unique("key")


def _narrowed_parts(sizes: dict[str, int], blocking: Blocking) -> list[str]:
    """All pairs of the roomy blocks, those of one first day in the tight, the nearest in the full days."""
    roomy = "not exists (select 1 from tight t where t.key = l.key and t.bucket = l.bucket)"
    within = "exists (select 1 from tight t where t.key = l.key and t.bucket = l.bucket) and not exists"
    within += " (select 1 from full_days f where f.key = l.key and f.bucket = l.bucket and f.first = l.first)"
    return [
        _JOINED.format(**sizes, also="", where=roomy),
        _JOINED.format(**sizes, also="and l.first = r.first", where=within),
        _NEAREST.format(window=sizes["window"], neighbours=blocking.neighbours),
    ]


def _worth_placing(frame: pl.DataFrame, blocking: Blocking) -> pl.DataFrame:
    """The claims that have a possible partner in time; rows of an exclusive channel that is alone then have none."""
    width = max(31, blocking.window_days + 1)
    near = frame.select("only_one", bucket=pl.col("first").floordiv(width))
    near = pl.concat([near.with_columns(pl.col("bucket") + step) for step in (-3, -2, -1, 0, 1, 2, 3)]).unique()
    mixed = near.group_by("bucket").agg(worth=(pl.col("only_one") == "").any() | (pl.col("only_one").n_unique() > 1))
    worth = mixed.filter("worth").select("bucket")
    return frame.filter(pl.col("first").floordiv(width).is_in(worth["bucket"].to_list()))


def _keys() -> list[pl.Expr]:
    """Name, area and country as negative numbers, 0 where not told; the exclusive channel as a number, 0 for none."""
    texts = {
        kind: pl.when(pl.col(columns[-1]).fill_null("") != "").then(pl.concat_str(*columns, separator="/"))
        for kind, columns in _KEYS_OF.items()
    }
    keys = [
        (-1 - (text.hash(seed) // 4).cast(pl.Int64)).alias(f"{kind}_key")
        for seed, (kind, text) in enumerate(texts.items())
    ]
    keys = [
        pl.when(pl.col(_KEYS_OF[kind][-1]).fill_null("") != "").then(key).otherwise(0).alias(f"{kind}_key")
        for kind, key in zip(texts, keys, strict=True)
    ]
    return [
        *keys,
        pl.when(pl.col("only_one") == "")
        .then(0)
        .otherwise(pl.col("only_one").rank("dense"))
        .cast(pl.Int32)
        .alias("only_one"),
        pl.col("cell").cast(pl.Int64),
    ]


def _named(numbered: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Numbers of claims turned into ids, pairs without a new claim left out."""
    ids = frame.select("n", "claim_id", "is_new")
    named = numbered.join(ids, left_on="i", right_on="n").join(ids, left_on="j", right_on="n", suffix="_j")
    named = named.filter(pl.col("is_new") | pl.col("is_new_j"))
    one, other = pl.col("claim_id"), pl.col("claim_id_j")
    return named.select(left=pl.min_horizontal(one, other), right=pl.max_horizontal(one, other)).sort("left", "right")
