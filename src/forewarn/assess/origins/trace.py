"""Independent origins: how many said it first, once copies, re-shares and citations are taken away.

Owns the tracing of every cited name to an origin, with the reason wherever one is not counted. What is copied
counts once however often it is copied; who cites another adds nothing to the other; a source's own name counts
only where it cites nobody. Nothing dated after the day asked for is counted. Independence beyond that is never
claimed: two names in the table that secretly share a source are two.
"""

from __future__ import annotations

import re
from datetime import date

import polars as pl
from rapidfuzz import fuzz, process

from forewarn.assess.origins.names import is_republisher, listed_origin, origin_name
from forewarn.assess.linkage.prepare import list_text, require_claims, spelling
from forewarn.errors import InputFormatError, shorten

__all__ = ["COPY_LIKENESS", "count_origins", "trace_origins"]

COPY_LIKENESS = 90
"""Likeness of two texts (0..100, normalised edit distance) from which one counts as a copy of the other."""

SHORTEST_COPY = 25
"""Texts with fewer characters are too short to tell a copy by."""

ORIGINALS_COMPARED = 2_000
"""Bounds the work in a cluster of very many different texts; copies follow their original closely."""

_NEEDED = ("claim_id", "channel", "known_on", "origins", "text")
_TRACE = {
    "root": pl.String,
    "claim_id": pl.String,
    "cited": pl.String,
    "origin": pl.String,
    "counted": pl.Boolean,
    "reason": pl.String,
}
_ACCORDING = re.compile(r"\b(?:according to|quoting|citing|selon|d['’]après)\s+(.{2,80})", re.IGNORECASE)


def trace_origins(claims: pl.DataFrame, clusters: pl.DataFrame, *, as_known_at: date | None = None) -> pl.DataFrame:
    """Every cited name of every claim, the origin it goes back to, and whether it counts.

    Args:
        claims: rows of ``CLAIM_COLUMNS``; ``source_name`` may be present and else the channel stands for it.
        clusters: ``claim_id`` and ``root``.
        as_known_at: claims known and origins dated later are not counted; all are when missing.

    Returns:
        ``root, claim_id, cited, origin, counted, reason``, sorted; within a cluster each origin is counted at
        most once, at the first claim known that goes back to it.
    """
    require_claims(claims, _NEEDED)
    placed = claims.join(clusters.select("claim_id", "root"), on="claim_id")
    if as_known_at is not None:
        placed = placed.filter(pl.col("known_on") <= as_known_at.isoformat())
    cited = _cited(placed, as_known_at)
    copies = _copies(placed)
    traced = cited.join(copies, on="claim_id", how="left").sort("root", "known_on", "claim_id", "origin", "cited")
    usable = pl.col("original").is_null() & (pl.col("why") == "")
    position = pl.int_range(pl.len()).over("root", "origin", usable)
    traced = traced.with_columns(counted=usable & (position == 0))
    reason = (
        pl.when("counted")
        .then(pl.lit(""))
        .when(pl.col("original").is_not_null())
        .then(pl.format("a copy of {}", "original"))
        .when(pl.col("why") != "")
        .then("why")
        .otherwise(pl.format("goes back to {}, counted already", "origin"))
    )
    return traced.with_columns(reason=reason).select(*_TRACE).cast(_TRACE)  # type: ignore[arg-type]


def count_origins(trace: pl.DataFrame) -> pl.DataFrame:
    """``root``, ``independent_origins`` and ``origins`` (their names, in order) of a trace."""
    return (
        trace.group_by("root")
        .agg(
            independent_origins=pl.col("counted").sum().cast(pl.Int64),
            origins=pl.col("origin").filter("counted").sort(),
        )
        .sort("root")
    )


def _cited(placed: pl.DataFrame, as_known_at: date | None) -> pl.DataFrame:
    """One row per claim and cited name with its origin, and in ``why`` a reason not to count it."""
    keys = placed.select(
        "root", "claim_id", "known_on", "origins", teller=_teller(placed), behind=_behind(placed["text"])
    )
    listed = _exploded(keys)
    names = _names(pl.concat([keys["teller"], listed["cited"]]))
    weighed = _weighed(listed, names, as_known_at)
    silent = keys.join(weighed.filter(pl.col("why") == ""), on="claim_id", how="anti")
    own = silent.with_columns(cited="teller", why=pl.lit("")).join(names, on="cited")
    columns = ["root", "claim_id", "known_on", "cited", "origin", "behind", "why"]
    both = pl.concat([weighed.select(columns), own.select(columns)])
    is_usable = pl.col("why") == ""
    is_relay = is_usable & (is_usable.sum().over("claim_id") == 1) & pl.col("behind").is_not_null()
    return both.with_columns(origin=pl.when(is_relay).then("behind").otherwise("origin")).drop("behind")


def _teller(placed: pl.DataFrame) -> pl.Expr:
    """The claim's own source, its channel where the source has no name."""
    if "source_name" not in placed.columns:
        return pl.col("channel")
    return pl.when(pl.col("source_name").fill_null("") == "").then("channel").otherwise("source_name")


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
    """Add ``origin`` and ``why``: late names, re-publishers and a source's own name beside others do not count."""
    tellers = names.select(teller="cited", own_origin="origin")
    late = (
        pl.lit(value=False) if as_known_at is None else (pl.col("on") > as_known_at.isoformat()).fill_null(value=False)
    )
    both = (
        listed.join(names, on="cited")
        .join(tellers, on="teller")
        .with_columns(late=late, is_self=pl.col("origin") == pl.col("own_origin"))
    )
    beside = (~pl.col("late") & ~pl.col("passes_on") & ~pl.col("is_self")).any().over("claim_id")
    why = (
        pl.when("late")
        .then(pl.lit("dated after the day asked for"))
        .when(pl.col("passes_on") & beside)
        .then(pl.lit("passes on what others said"))
        .when(pl.col("is_self") & beside)
        .then(pl.lit("a source citing itself beside others"))
    )
    return both.with_columns(why=why.otherwise(pl.lit("")))


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


def _behind(texts: pl.Series) -> pl.Series:
    """The listed agency the text says it has it from ("according to X"), or null."""
    told = texts.fill_null("").str.slice(0, 2_000)
    hints = told.str.contains(r"(?i)according to |quoting |citing |selon |d['’]après ")
    found = [
        next((name for after in _ACCORDING.findall(text) if (name := listed_origin(after))), None) if is_hint else None
        for text, is_hint in zip(told.to_list(), hints.to_list(), strict=True)
    ]
    return pl.Series("behind", found, dtype=pl.String)


def _copies(placed: pl.DataFrame) -> pl.DataFrame:
    """``claim_id`` and ``original``: claims whose text goes back to an earlier claim of their cluster."""
    shared = placed.filter(pl.len().over("root") > 1).select(
        "root", "claim_id", "known_on", said=spelling(pl.col("text"))
    )
    shared = shared.filter(pl.col("said").str.len_chars() >= SHORTEST_COPY).sort("root", "known_on", "claim_id")
    shared = shared.filter(pl.len().over("root") > 1)
    found: list[tuple[str, str]] = []
    for _, cluster in shared.group_by("root", maintain_order=True):
        found += _copies_within(cluster["claim_id"].to_list(), cluster["said"].to_list())
    return pl.DataFrame(found, schema={"claim_id": pl.String, "original": pl.String}, orient="row")


def _copies_within(ids: list[str], texts: list[str]) -> list[tuple[str, str]]:
    """Pairs (copy, original) among claims in order of becoming known; an original is no copy itself.

    The same words are always found; nearly the same ones among the latest :data:`ORIGINALS_COMPARED` originals.
    """
    originals: dict[str, str] = {}
    known: list[str] = []
    found = []
    for claim, text in zip(ids, texts, strict=True):
        if text in originals:
            found.append((claim, originals[text]))
            continue
        recent = known[-ORIGINALS_COMPARED:]
        alike = process.extractOne(text, recent, scorer=fuzz.ratio, score_cutoff=COPY_LIKENESS)
        if alike:
            originals[text] = originals[alike[0]]
            found.append((claim, originals[text]))
        else:
            originals[text] = claim
            known.append(text)
    return found
