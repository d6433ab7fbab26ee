"""What each claim brings to a comparison, weighed by how common it is among the claims at hand.

Owns the frequencies (words, parties, targets, items of one document, claims of one place and day) and the columns
that the conditions of ``comparisons`` read. A rare word, target or party says more than a common one; how rare is
always counted in the data, never taken from another country. Frequencies add up, so new claims are counted alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from forewarn.assess.linkage.comparisons import SHARED

__all__ = ["READ", "Frequencies", "Tokens", "evidence", "frequencies", "keys_read"]

_COUNTED = {
    "words": "select unnest(list_distinct(string_split(said, ' '))) as key from claims where said <> ''",
    "parties": "select unnest(list_distinct(string_split(replace(who, '| ', ''), ' '))) as key from claims"
    " where who <> ''",
    "targets": "select whom as key from claims where whom <> ''",
    "documents": "select md5(said) as key from claims where said <> ''",
    "crowds": "select spot || '@' || cast(first as varchar) as key from claims where spot <> '' and first is not null",
}

_WEIGHTED = """
    with parts as (select n, unnest(list_distinct(string_split({text}, ' '))) as key from claims where {text} <> '')
    select n, seen.place, case when seen.place is null then parts.key end as unseen,
        greatest(
            1, least(1023, {scale} * pow(ln(({total} + 1) / (coalesce(seen.count, 1) + 1)), {power}))
        )::integer as weight
    from parts left join seen_{name} as seen on parts.key = seen.key
"""

_EVIDENCE = """
    select c.n, c.first, c.last, c.is_day, c.copies, c.printed, {codes},
        case when c.cell <> 0 then 6371 * cos(radians(latitude)) * cos(radians(longitude)) end as x,
        case when c.cell <> 0 then 6371 * cos(radians(latitude)) * sin(radians(longitude)) end as y,
        case when c.cell <> 0 then 6371 * sin(radians(latitude)) end as z,
        c.place_precision = 'exact' as is_exact,
        case when act in ('killing', 'clash', 'attack', 'bombardment') then 1
            when act in ('detention', 'abduction', 'torture') then 2 else 0 end::utinyint as kin,
        parties_weight, words_weight,
        coalesce(t.count, 1) / {total} as whom_share,
        coalesce(d.count, 1) as items,
        case when c.spot <> '' and c.first is not null
            then coalesce(a.count, 0) + coalesce(b.count, 1) + coalesce(e.count, 0) - 1 end as crowd,
        0::utinyint as match_key,
        {counts}
    from claims c
    left join seen_targets t on c.whom = t.key
    left join seen_documents d on md5(c.said) = d.key
    left join seen_crowds a on c.spot || '@' || cast(c.first - 1 as varchar) = a.key
    left join seen_crowds b on c.spot || '@' || cast(c.first as varchar) = b.key
    left join seen_crowds e on c.spot || '@' || cast(c.first + 1 as varchar) = e.key
"""

_CODES: dict[str, tuple[str, ...]] = dict.fromkeys(("name", "country", "area", "said", "teller", "whom"), ("",))
_CODES |= {"act": ("unknown", "other", ""), "violence": ("unknown", "")}
"""Texts that are only ever asked whether they are equal, and what of each counts as nothing said."""

READ = ["n", "first", "last", "is_day", "copies", "printed", "cell", "latitude", "longitude", "place_precision", "spot"]
READ += [*_CODES, "who", *(f"{count}_{end}" for count in ("deaths", "injured") for end in ("low", "best", "high"))]

_OTHERS = 10
"""Claims added in thought that share nothing, so that among a handful nothing counts as common."""

_TOKENS = {
    "words": {"text": "said", "scale": 5, "power": 2},
    "parties": {"text": "replace(who, '| ', '')", "scale": 70, "power": 1},
}

_AT_ONCE = 250_000

_ENDS = {"low": "low, best, high", "best": "best, low, high", "high": "high, best, low"}


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How often things occur among claims.

    Attributes:
        claims: how many claims were counted.
        seen: ``kind``, ``key`` and ``count``; kinds are words, parties, targets, documents, crowds.
    """

    claims: int
    seen: pl.DataFrame

    def plus(self, other: Frequencies) -> Frequencies:
        """Both together; the claims counted must not overlap."""
        few, many = sorted((self.seen, other.seen), key=lambda seen: seen.height)
        both = many.join(few, on=["kind", "key"], how="left", suffix="_more")
        again = both.filter(pl.col("count_more").is_not_null())
        seen = both.select("kind", "key", pl.col("count") + pl.col("count_more").fill_null(0))
        fresh = few.join(again, on=["kind", "key"], how="anti")
        return Frequencies(self.claims + other.claims, pl.concat([seen, fresh.select(seen.columns)]))


@dataclass(frozen=True, eq=False, slots=True)
class Tokens:
    """The words and parties of claims with their weights; rows are claims by number, columns words."""

    words: csr_array
    parties: csr_array

    def shared(self, left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.int64]:
        """For each pair what both have in common, as ``match_key``; see :data:`~.comparisons.SHARED`."""
        both = np.empty(len(left), dtype=np.int64)
        for start in range(0, len(left), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            words, parties = (_in_common(matrix, left[part], right[part]) for matrix in (self.words, self.parties))
            both[part] = words * SHARED + np.minimum(parties, SHARED - 1)
        return both


def _in_common(weights: csr_array, left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.int64]:
    one, other = weights[left], weights[right]
    other.data = np.ones_like(other.data)
    return np.asarray(one.multiply(other).sum(axis=1), dtype=np.int64).ravel()


def frequencies(prepared: pl.DataFrame, connection: duckdb.DuckDBPyConnection) -> Frequencies:
    """The frequencies of prepared claims."""
    connection.register("claims", prepared.select("said", "who", "whom", "spot", "first").to_arrow())
    parts = [
        f"select '{kind}' as kind, key, count(*) as count from ({query}) where key <> '' group by key"
        for kind, query in _COUNTED.items()
    ]
    seen = connection.sql(" union all ".join(parts)).pl()
    connection.unregister("claims")
    return Frequencies(prepared.height, seen)


def keys_read(prepared: pl.DataFrame, connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """``kind`` and ``key`` of what :func:`evidence` looks up of prepared claims."""
    own = frequencies(prepared, connection).seen.select("kind", "key")
    days = prepared.filter((pl.col("spot") != "") & pl.col("first").is_not_null()).select("spot", "first")
    beside = [
        days.select(pl.lit("crowds").alias("kind"), key=pl.format("{}@{}", "spot", pl.col("first") + step))
        for step in (-1, 1)
    ]
    return pl.concat([own, *beside]).unique()


def evidence(prepared: pl.DataFrame, known: Frequencies, connection: duckdb.DuckDBPyConnection, name: str) -> Tokens:
    """Make the table of that name in the connection: one row per prepared claim, the columns that are compared.

    Its key is ``n``. Counts miss no end that another gives; what is unknown is null, or 0 in place of a text. Words and
    parties, which are weighed for each pair, are returned.
    """
    connection.register("claims", prepared.select(READ).to_arrow())
    for kind in _COUNTED:
        seen = known.seen.filter(pl.col("kind") == kind).drop("kind").with_row_index("place")
        connection.register(f"seen_{kind}", seen.to_arrow())
    total = known.claims + _OTHERS
    size = int(prepared["n"].to_numpy().max(initial=0)) + 1
    words, parties = (
        _weighed(connection.sql(_WEIGHTED.format(name=kind, total=total, **how)).pl(), size)
        for kind, how in _TOKENS.items()
    )
    places = prepared["n"].to_numpy()
    sums = {f"{kind}_weight": _sums(matrix)[places] for kind, matrix in (("words", words), ("parties", parties))}
    connection.register("claims", prepared.select(READ).with_columns(**sums).to_arrow())
    query = _EVIDENCE.format(total=total, counts=_counts(), codes=_codes())
    connection.execute(f"create or replace table {name} as {query}")
    for view in ("claims", *(f"seen_{kind}" for kind in _COUNTED)):
        connection.unregister(view)
    return Tokens(words, parties)


def _counts() -> str:
    return ", ".join(
        f"coalesce({', '.join(f'{count}_{one}' for one in order.split(', '))}) as {count}_{end}"
        for count in ("deaths", "injured")
        for end, order in _ENDS.items()
    )


def _codes() -> str:
    """Each text as a number by which it is told from every other, 0 where nothing is said."""
    return ", ".join(
        f"case when c.{name} is null or c.{name} in ({', '.join(repr(one) for one in silent)}) then 0"
        f" else (hash(c.{name}) // 2)::bigint end as {name}"
        for name, silent in _CODES.items()
    )


def _weighed(parts: pl.DataFrame, size: int) -> csr_array:
    """The weight of each word (columns) of each claim (rows)."""
    known = int(parts["place"].fill_null(0).to_numpy().max(initial=0)) + 1
    unseen = parts["unseen"].rank("dense").fill_null(0) + known
    column = pl.select(pl.coalesce(parts["place"].cast(pl.Int64), unseen.cast(pl.Int64))).to_series().to_numpy()
    cells = (parts["weight"].to_numpy(), (parts["n"].to_numpy(), column))
    return coo_array(cells, shape=(size, int(column.max(initial=0)) + 1), dtype=np.int32).tocsr()


def _sums(weights: csr_array) -> NDArray[np.float64]:
    return np.asarray(weights.sum(axis=1), dtype=np.float64).ravel()
