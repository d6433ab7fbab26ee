"""What each claim brings to a comparison, weighed by how common it is among the claims at hand.

Owns the frequencies (words, parties, targets, items of one document, claims of one place and day) and the columns
that the conditions of ``comparisons`` read. A rare word, target or party says more than a common one; how rare is
always counted in the data, never taken from another country. Frequencies add up, so new claims are counted alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

__all__ = ["Frequencies", "evidence", "frequencies"]

_COUNTED = {
    "words": "select unnest(list_distinct(string_split(said, ' '))) as key from claims where said <> ''",
    "parties": "select unnest(list_distinct(string_split(replace(who, '| ', ''), ' '))) as key from claims"
    " where who <> ''",
    "targets": "select whom as key from claims where whom <> ''",
    "documents": "select md5(said) as key from claims where said <> ''",
    "crowds": "select spot || '@' || cast(first as varchar) as key from claims where spot <> '' and first is not null",
}

_WEIGHTED = """
    create or replace table coded_{name} as
    with parts as (select n, unnest(list_distinct(string_split({text}, ' '))) as key from claims where {text} <> ''),
    coded as (
        select n, (hash(parts.key) // 2048)::bigint * 1024
            + greatest(
                1, least(1023, {scale} * pow(ln(({total} + 1) / (coalesce(seen.count, 1) + 1)), {power}))
            )::bigint as code
        from parts left join seen_{name} as seen on parts.key = seen.key
    )
    select n, list(code) as {name}, sum(code % 1024)::double as {name}_weight from coded group by n
"""

_EVIDENCE = """
    select c.n, c.first, c.last, c.is_day, c.name, c.country, c.area, c.said, c.teller, c.printed, c.whom, c.copies,
        case when c.cell <> 0 then cos(radians(latitude)) * cos(radians(longitude)) end as x,
        case when c.cell <> 0 then cos(radians(latitude)) * sin(radians(longitude)) end as y,
        case when c.cell <> 0 then sin(radians(latitude)) end as z,
        c.place_precision = 'exact' as is_exact,
        case when act not in ('unknown', 'other', '') then act end as act,
        case when violence not in ('unknown', '') then violence end as violence,
        coded_parties.parties, parties_weight, words, words_weight,
        coalesce(t.count, 1) / {total} as whom_share,
        coalesce(d.count, 1) as items,
        case when c.spot <> '' and c.first is not null
            then coalesce(a.count, 0) + coalesce(b.count, 1) + coalesce(e.count, 0) - 1 end as crowd,
        {counts}
    from claims c
    left join coded_words using (n) left join coded_parties using (n)
    left join seen_targets t on c.whom = t.key
    left join seen_documents d on md5(c.said) = d.key
    left join seen_crowds a on c.spot || '@' || cast(c.first - 1 as varchar) = a.key
    left join seen_crowds b on c.spot || '@' || cast(c.first as varchar) = b.key
    left join seen_crowds e on c.spot || '@' || cast(c.first + 1 as varchar) = e.key
"""

_OTHERS = 10
"""Claims added in thought that share nothing, so that among a handful nothing counts as common."""

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
        seen = pl.concat([self.seen, other.seen]).group_by("kind", "key").agg(pl.col("count").sum())
        return Frequencies(self.claims + other.claims, seen)


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


def evidence(prepared: pl.DataFrame, known: Frequencies, connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make the table of that name in the connection: one row per prepared claim, the columns that are compared.

    Its key is ``n``. Counts miss no end that another gives; what is unknown is null or the empty text.
    """
    connection.register("claims", prepared.to_arrow())
    for kind in _COUNTED:
        connection.register(f"seen_{kind}", known.seen.filter(pl.col("kind") == kind).to_arrow())
    total = known.claims + _OTHERS
    texts = {"words": ("said", 5, 2), "parties": ("replace(who, '| ', '')", 70, 1)}
    for kind, (text, scale, power) in texts.items():
        connection.execute(_WEIGHTED.format(name=kind, text=text, scale=scale, power=power, total=total))
    counts = ", ".join(
        f"coalesce({', '.join(f'{count}_{one}' for one in order.split(', '))}) as {count}_{end}"
        for count in ("deaths", "injured")
        for end, order in _ENDS.items()
    )
    connection.execute(f"create or replace table {name} as {_EVIDENCE.format(total=total, counts=counts)}")
    for gone in ("words", "parties"):
        connection.execute(f"drop table coded_{gone}")
    for view in ("claims", *(f"seen_{kind}" for kind in _COUNTED)):
        connection.unregister(view)
