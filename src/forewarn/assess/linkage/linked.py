"""Linkage that is kept and grows: what was judged stays judged, and new claims touch only what they can reach.

Owns the state between two runs and the step from one to the next. A step prepares, compares and clusters the new claims
and the old ones in reach of them, and nothing else; judgements are appended, never changed. Rarity is counted over all
claims known at the step, so an old judgement keeps the score it was given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from forewarn.assess.linkage.compare import judged, vectors
from forewarn.assess.linkage.evidence import Frequencies, frequencies
from forewarn.assess.linkage.pairs import Blocking, find_pairs
from forewarn.assess.linkage.prepare import DTYPES, LONGEST_SPAN_DAYS, prepared
from forewarn.assess.linkage.resolve import JUDGEMENT_COLUMNS, apart, resolve
from forewarn.assess.linkage.rulebook import RuleBook, rulebook
from forewarn.assess.linkage.workplace import Engine, workplace
from forewarn.clock import instant_text
from forewarn.errors import InputValueError, shorten
from forewarn.ids import content_ids
from forewarn.model.grid import cell_neighbours
from forewarn.model.tables import CLAIM_COLUMNS

__all__ = ["Linked", "Step", "extended", "judged_by_people", "nothing_linked"]


_KEPT = {"source_name": pl.String, "row_is": pl.String, "first": pl.Int32, "last": pl.Int32, "said": pl.String}
_KEPT |= {"only_one": pl.String, "document": pl.String}


@dataclass(frozen=True, slots=True)
class Linked:
    """Claims and how they hang together.

    Attributes:
        claims: rows of ``CLAIM_COLUMNS`` with ``source_name`` and ``row_is``, and what is kept of their preparation:
            ``first`` and ``last`` day, the words ``said``, and the channel and document that keep them apart.
        known: how often things occur among them.
        judgements: every judgement so far, ``JUDGEMENT_COLUMNS`` and ``reason``.
        members: ``claim_id``, ``root`` of its cluster, and ``web``, the least claim it hangs together with by
            judgements of any kind.
    """

    claims: pl.DataFrame
    known: Frequencies
    judgements: pl.DataFrame
    members: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Step:
    """What a step led to.

    Attributes:
        linked: the state after it.
        compared: pairs looked at.
        judgements: those appended.
        touched: ``claim_id`` and ``root`` of every claim whose cluster was reckoned anew.
        crowded: the blocks in which not every pair was taken.
    """

    linked: Linked
    compared: int
    judgements: pl.DataFrame
    touched: pl.DataFrame
    crowded: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Manner:
    """By which rules, how widely and where linkage runs."""

    rules: RuleBook
    blocking: Blocking
    engine: Engine

    @classmethod
    def usual(cls) -> Manner:
        """The shipped rules on this machine."""
        return cls(rulebook(), Blocking(), Engine())


def nothing_linked() -> Linked:
    """The state before the first claim."""
    claims = pl.DataFrame(schema={column.name: DTYPES[column.kind] for column in CLAIM_COLUMNS} | _KEPT)
    seen = pl.DataFrame(schema={"kind": pl.String, "key": pl.String, "count": pl.Int64})
    judgements = pl.DataFrame(schema={**JUDGEMENT_COLUMNS, "reason": pl.String})
    members = pl.DataFrame(schema={"claim_id": pl.String, "root": pl.String, "web": pl.String})
    return Linked(claims, Frequencies(0, seen), judgements, members)


def extended(linked: Linked, new: pl.DataFrame, *, decided_at: datetime, manner: Manner | None = None) -> Step:
    """The state after new claims.

    Args:
        linked: the state before.
        new: rows of ``CLAIM_COLUMNS`` that are not in it; ``source_name`` and ``row_is`` may be present.
        decided_at: the instant the machine's judgements are dated.
        manner: rules, blocking and engine.

    Raises:
        InputValueError: a claim is linked already.
    """
    manner = manner or Manner.usual()
    plain = new.with_columns(pl.lit("").alias(name) for name in ("source_name", "row_is") if name not in new.columns)
    again = plain.join(linked.claims, on="claim_id", how="semi")
    if again.height:
        raise InputValueError(f"{shorten(again['claim_id'][0])} is linked already", where="claims", mend="leave it out")
    near = _in_reach(linked.claims, plain, manner.blocking) if linked.claims.height else linked.claims
    told = [column.name for column in CLAIM_COLUMNS] + ["source_name", "row_is"]
    frame = prepared(pl.concat([near.select(told), plain.select(told)]))
    frame = frame.with_columns(is_new=pl.col("claim_id").is_in(plain["claim_id"].implode()))
    fresh = frame.filter("is_new").join(apart(frame).select("claim_id", "document"), on="claim_id", how="left")
    fresh = fresh.select(linked.claims.columns)
    with workplace(manner.engine) as connection:
        known = linked.known.plus(frequencies(frame.filter("is_new"), connection))
        crowded = find_pairs(connection, frame, blocking=manner.blocking)
        numbered = connection.sql("select i, j from candidates").pl()
        touched = frame.join(pl.concat([numbered.select(n="i"), numbered.select(n="j")]).unique(), on="n", how="semi")
        found = vectors(connection, touched, numbered, known=known, rules=manner.rules)
    made = _signed(judged(frame, found, manner.rules), manner.rules.author, decided_at)
    alone = fresh.select("claim_id", root="claim_id", web="claim_id")
    state = Linked(
        pl.concat([linked.claims, fresh]),
        known,
        pl.concat([linked.judgements, made]),
        pl.concat([linked.members, alone]),
    )
    compared = numbered.height
    del frame, near, numbered, found, touched, fresh, plain
    members, reckoned = _clustered_anew(state, made)
    return Step(replace(state, members=members), compared, made, reckoned, crowded)


def judged_by_people(linked: Linked, judgements: pl.DataFrame) -> Step:
    """The state after judgements of people: links, bans and withdrawals. Only what they touch is clustered anew."""
    made = judgements.select(linked.judgements.columns)
    state = replace(linked, judgements=pl.concat([linked.judgements, made]))
    members, reckoned = _clustered_anew(state, made)
    return Step(replace(state, members=members), 0, made, reckoned, pl.DataFrame())


def _in_reach(old: pl.DataFrame, new: pl.DataFrame, blocking: Blocking) -> pl.DataFrame:
    """The old claims a new one could be paired with: near in time, and near in space or in the same words."""
    cells = new.filter(pl.col("cell") > 0)["cell"].unique().to_numpy().astype(np.int64)
    near = np.unique(np.concatenate([cells, cell_neighbours(cells).ravel()])) if cells.size else cells
    new = prepared(new)
    width = LONGEST_SPAN_DAYS + blocking.window_days + 1
    stretch = new.select(stretch=pl.col("first").floordiv(width)).drop_nulls().unique()
    stretches = pl.concat([stretch.with_columns(pl.col("stretch") + step) for step in (-1, 0, 1)]).unique()
    is_coarse = pl.col("cell").fill_null(0) == 0
    somewhere = pl.lit(value=new.filter(is_coarse).height > 0)
    reached = is_coarse | somewhere | pl.col("cell").is_in(pl.Series(near).implode())
    timely = pl.col("first").floordiv(width).is_in(stretches["stretch"].implode())
    same_words = pl.col("said").is_in(new.filter(pl.col("said") != "")["said"].implode())
    return old.filter((reached & timely) | same_words)


def _signed(made: pl.DataFrame, author: str, decided_at: datetime) -> pl.DataFrame:
    """Verdicts as judgements, with an id, an author and a time."""
    stamp = instant_text(decided_at)
    parts = [made["left"].to_list(), made["right"].to_list(), [f"{author} {stamp}"] * made.height]
    ids = content_ids("jdg", parts) if made.height else []
    return made.select(
        pl.Series("judgement_id", ids, dtype=pl.String),
        "left",
        "right",
        "verdict",
        kind=pl.lit("machine"),
        author=pl.lit(author),
        decided_at=pl.lit(stamp),
        score="score",
        withdraws=pl.lit(""),
        reason="reason",
    )


def _clustered_anew(state: Linked, made: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Members with the clusters of every web that a judgement touches reckoned anew, and those alone."""
    named = pl.concat([made.select(claim_id="left"), made.select(claim_id="right")]).unique()
    webs = state.members.join(named, on="claim_id", how="semi").select("web").unique()
    inside = state.members.join(webs, on="web", how="semi").select("claim_id")
    judgements = state.judgements.join(inside, left_on="left", right_on="claim_id", how="semi")
    kept = state.claims.select("claim_id", "first", "last", "document", channel="only_one")
    never = kept.join(inside, on="claim_id", how="semi")
    found = resolve(inside["claim_id"], judgements, never=never).members
    found = found.join(_webs(inside, judgements), on="claim_id", how="left")
    rest = state.members.join(inside, on="claim_id", how="anti")
    return pl.concat([rest, found.select("claim_id", "root", "web")]), found


def _webs(claims: pl.DataFrame, judgements: pl.DataFrame) -> pl.DataFrame:
    """``claim_id`` and ``web``: the least claim it is connected with by judgements."""
    numbered = claims.sort("claim_id").with_row_index("n")
    ends = [
        judgements.select(claim_id=side)
        .join(numbered, on="claim_id", how="left", maintain_order="left")["n"]
        .to_numpy()
        for side in ("left", "right")
    ]
    size = numbered.height
    graph = coo_matrix((np.ones(len(ends[0]), dtype=np.int8), (ends[0], ends[1])), shape=(size, size))
    labels = connected_components(graph, directed=False)[1]
    labelled = numbered.with_columns(label=pl.Series(labels))
    return labelled.select("claim_id", web=pl.col("claim_id").min().over("label"))
