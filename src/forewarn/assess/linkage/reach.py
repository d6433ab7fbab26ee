"""What of a large store new claims can reach: where to seek it, and which claims hang together with those touched.

Owns the questions that a kept index answers, so that an assessment reads a part of the store and comes to exactly what
reading all of it would give. Every answer may hold more than is needed, never less.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forewarn.assess.linkage.agreement import COPY, UNIT, could_grow_large
from forewarn.assess.linkage.pairs import Blocking
from forewarn.assess.linkage.prepare import prepared
from forewarn.assess.linkage.resolve import webs_of
from forewarn.assess.linkage.rulebook import rulebook
from forewarn.ids import sha256_hex
from forewarn.model.grid import cell_neighbours

__all__ = ["Reach", "beyond", "places_of", "reach_of", "rows_in_reach"]

_PAIR = ["left", "right"]
_DIGEST = 24


@dataclass(frozen=True, eq=False, slots=True)
class Reach:
    """Where old claims lie that a new one could be compared with. Days are counted since 1970, both ends included.

    Attributes:
        cells: ``cell``, ``low``, ``high``: claims of that cell whose period touches those days.
        countries: ``country``, ``low``, ``high``, ``coarse`` (1 where a new claim there is not known to the cell): of a
            country the claims not known to the cell; all of them where ``coarse``, or where there is any such claim.
        words: ``words``: digests of texts.
    """

    cells: pl.DataFrame
    countries: pl.DataFrame
    words: pl.DataFrame


def places_of(claims: pl.DataFrame) -> pl.DataFrame:
    """Where each claim is sought: ``claim_id``, ``cell``, ``country``, ``first``, ``last``, ``words`` (a digest)."""
    frame = prepared(claims)
    words = [sha256_hex(said.encode())[:_DIGEST] if said else "" for said in frame["said"].to_list()]
    return frame.select(
        "claim_id",
        pl.col("cell").cast(pl.Int64),
        pl.col("country").fill_null(""),
        *(pl.col(end).cast(pl.Int64) for end in ("first", "last")),
        words=pl.Series(words, dtype=pl.String),
    )


def reach_of(places: pl.DataFrame, blocking: Blocking | None = None) -> Reach:
    """Where to seek what claims of those :func:`places_of` could be compared with.

    Whole blocks are sought, so that a crowded one is narrowed as it would be with everything at hand.
    """
    window = (blocking or Blocking()).window_days
    width = window + 1
    dated = places.filter(pl.col("first").is_not_null()).with_columns(
        low=(pl.col("first") - window).floordiv(width) * width - window,
        high=(pl.col("last") + window).floordiv(width) * width + width - 1 + window,
    )
    spans = dated.select("cell", "low", "high").filter(pl.col("cell") > 0).unique()
    known = spans["cell"].unique().to_numpy()
    around = np.column_stack([known, cell_neighbours(known)]) if known.size else np.zeros((0, 9), dtype=np.int64)
    near = pl.DataFrame({"cell": np.repeat(known, 9), "other": around.ravel().astype(np.int64)})
    cells = spans.join(near.filter(pl.col("other") > 0), on="cell").select(pl.col("other").alias("cell"), "low", "high")
    countries = dated.select("country", "low", "high", coarse=(pl.col("cell") <= 0).cast(pl.Int64)).unique()
    return Reach(cells.unique(), countries, places.select("words").filter(pl.col("words") != "").unique())


def rows_in_reach(old: pl.DataFrame, new: pl.DataFrame, blocking: Blocking) -> NDArray[np.int64]:
    """Rows of the old claims a new one could be paired with: near in time and space, or in the same words."""
    width = blocking.window_days + 1
    ready = prepared(new)
    sought = ready.filter(pl.col("first").is_not_null()).select(
        "cell", "country", *_stretches(width, blocking.window_days)
    )
    sought = sought.explode("stretch").unique()
    cells = sought["cell"].unique().to_numpy().astype(np.int64)
    cells = cells[cells > 0]
    around = np.column_stack([cells, cell_neighbours(cells)]) if cells.size else np.zeros((0, 9), dtype=np.int64)
    near = pl.DataFrame({"cell": np.repeat(cells, 9), "other": around.ravel()})
    near = sought.join(near, on="cell").select(pl.col("other").alias("cell"), "stretch").unique()
    countries = sought.select("country", "stretch").unique()
    coarse = sought.filter(pl.col("cell") == 0).select("country", "stretch").unique()
    rows = old.select("first", "last", "said", "country", pl.col("cell").fill_null(0)).with_row_index("row")
    same_words = rows.filter(pl.col("said").is_in(ready.filter(pl.col("said") != "")["said"].hash().implode()))["row"]
    days = rows.filter(pl.col("first").is_not_null()).with_columns(_stretches(width, 0)).drop("first", "last", "said")
    days = days.explode("stretch")
    found = [same_words, days.join(near.cast({"cell": days["cell"].dtype}), on=["cell", "stretch"], how="semi")["row"]]
    found.append(days.filter(pl.col("cell") == 0).join(countries, on=["country", "stretch"], how="semi")["row"])
    found.append(days.join(coarse, on=["country", "stretch"], how="semi")["row"])
    return pl.concat(found).unique().sort().to_numpy().astype(np.int64)


def _stretches(width: int, slack: int) -> list[pl.Expr]:
    """The stretches of so many days that a period and the days around it touch."""
    ends = (pl.col("first") - slack).floordiv(width), (pl.col("last") + slack).floordiv(width) + 1
    return [pl.int_ranges(*ends).alias("stretch")]


def beyond(inside: pl.Series, judgements: pl.DataFrame, claims: pl.DataFrame) -> pl.Series:
    """The claims without which those inside cannot be clustered as they would be with everything at hand.

    Args:
        inside: ids of claims.
        judgements: every judgement that names one of them, ``JUDGEMENT_COLUMNS``.
        claims: the rows of the claims inside, ``CLAIM_COLUMNS`` with ``row_is``.

    Nothing is missing where the answer is empty. Links that were withdrawn or outvoted are followed too.
    """
    edges = judgements.select(
        *_PAIR,
        whole=(pl.col("score").fill_null(1.0) * UNIT).round(0).cast(pl.Int64),
        is_human=(pl.col("kind") == "human") | (pl.col("verdict") == "withdrawn"),
    )
    copies = edges.filter(pl.col("whole") >= COPY)
    copied = pl.concat([copies["left"], copies["right"]]).unique()
    is_strong = (pl.col("whole") >= round(rulebook().same * UNIT)) | pl.col("is_human")
    is_strong |= pl.col("left").is_in(copied.implode()) | pl.col("right").is_in(copied.implode())
    if (found := _other_ends(edges.filter(is_strong), inside)).len():
        return found
    if not (weak := _other_ends(edges, inside)).len():
        return weak
    ids = inside.unique().sort()
    numbers = pl.DataFrame({"claim_id": ids}).with_row_index("number")
    web = webs_of(ids, judgements, claims)
    ends = edges.filter(~pl.col("is_human")).join(numbers, left_on="left", right_on="claim_id", how="left")
    ends = ends.join(numbers, left_on="right", right_on="claim_id", how="left", suffix="_r")
    ends = ends.with_columns(outside=pl.col("number").is_null() | pl.col("number_r").is_null())
    # A claim outside stands behind those inside, each a web of its own: only what it adds to the sums counts.
    left, right = (ends[name].fill_null(ids.len()).to_numpy().astype(np.int64) for name in ("number", "number_r"))
    spoken = edges.filter("is_human")
    joined = numbers.filter(pl.col("claim_id").is_in(pl.concat([spoken["left"], spoken["right"]]).unique().implode()))
    labels = np.append(np.unique(web, return_inverse=True)[1], ids.len())
    scores = (left, right, ends["whole"].to_numpy())
    is_large = could_grow_large(labels, scores, joined["number"].to_numpy().astype(np.int64), rulebook().same)
    is_large[-1] = False
    crossing = ends.filter(pl.col("outside") & pl.Series(is_large[left] | is_large[right], dtype=pl.Boolean))
    return _other_ends(crossing, inside)


def _other_ends(edges: pl.DataFrame, inside: pl.Series) -> pl.Series:
    """The claims that edges name and that are not inside."""
    named = pl.concat([edges["left"], edges["right"]]).unique()
    return named.filter(~named.is_in(inside.implode()))
