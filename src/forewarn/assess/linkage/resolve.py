"""Clusters of claims as a pure function of the judgements about them.

Judgements are only ever added. A person beats the machine, a later person an earlier one, and a withdrawal takes
back exactly the judgement it names. A person's ``different`` keeps two clusters apart whatever else links them.
The order in which judgements arrive does not matter; taking one back gives exactly what was without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forewarn.assess.linkage.agreement import COPY, UNIT, Open
from forewarn.assess.linkage.forest import LONGEST_GAP_DAYS, Forest
from forewarn.assess.linkage.prepare import prepared
from forewarn.assess.linkage.rulebook import rulebook
from forewarn.errors import InputFormatError

__all__ = [
    "JUDGEMENT_COLUMNS",
    "LONGEST_GAP_DAYS",
    "Holding",
    "Placing",
    "Resolution",
    "apart",
    "clusters",
    "current_judgements",
    "needs_review",
    "resolve",
    "told_apart",
    "webs_of",
]

JUDGEMENT_COLUMNS = {
    "judgement_id": pl.String,
    "left": pl.String,
    "right": pl.String,
    "verdict": pl.String,
    "kind": pl.String,
    "author": pl.String,
    "decided_at": pl.String,
    "score": pl.Float64,
    "withdraws": pl.String,
}
"""What a row of judgements holds, as far as clusters depend on it; ``decided_at`` is ISO 8601 in UTC."""

_PAIR = ["left", "right"]
_OUTVOTED = "the two groups as wholes agree too little"
_REFUSED = {"left": pl.String, "right": pl.String, "kind": pl.String, "reason": pl.String}


@dataclass(frozen=True, slots=True)
class Resolution:
    """Clusters, and the links that were not followed.

    Attributes:
        members: ``claim_id`` and ``root``, the least id of its cluster; one row per claim, sorted.
        refused: ``left, right, kind, reason`` of judgements ``same`` that something stronger forbids.
    """

    members: pl.DataFrame
    refused: pl.DataFrame


def clusters(claim_ids: Iterable[str], judgements: pl.DataFrame, *, never: pl.DataFrame | None = None) -> pl.DataFrame:
    """The cluster of every claim: ``claim_id`` and ``root``; see :func:`resolve`."""
    return resolve(claim_ids, judgements, never=never).members


def resolve(
    claim_ids: Iterable[str],
    judgements: pl.DataFrame,
    *,
    never: pl.DataFrame | None = None,
    least_agreement: float | None = None,
) -> Resolution:
    """Clusters and refused links of the claims.

    Args:
        claim_ids: the claims to place, each once; judgements on others are passed over. For the state known at
            a day, give the claims known then.
        judgements: rows of :data:`JUDGEMENT_COLUMNS`, in any order.
        never: from :func:`told_apart`: what may not come together.
        least_agreement: mean score, 0..1, over the pairs between two groups from which the machine makes them one;
            the rule book's ``same`` when missing.

    People's links are followed first, the latest first; then copies join what they copy; then the two groups that
    agree most become one, again and again, while they agree enough. So one strong link between two groups that
    otherwise differ is a weak bridge, and is cut. A link that would break a ban is refused.
    """
    ids = sorted(set(claim_ids))
    found = _placing(ids, judgements, never, least_agreement or rulebook().same)
    known = pl.DataFrame({"claim_id": ids}, schema={"claim_id": pl.String})
    members = known.with_columns(root=known["claim_id"].gather(found.roots()))
    told_why = [(ids[left], ids[right], kind, reason) for left, right, kind, reason in found.refused()]
    return Resolution(members, pl.DataFrame(told_why, schema=_REFUSED, orient="row"))


def webs_of(claim_ids: Iterable[str], judgements: pl.DataFrame, claims: pl.DataFrame) -> NDArray[np.int64]:
    """Of each claim, in order of the ids, the number of its web; claims of different webs are clustered apart."""
    return _placing(sorted(set(claim_ids)), judgements, told_apart(claims), rulebook().same).webs


def _placing(ids: list[str], judgements: pl.DataFrame, never: pl.DataFrame | None, least: float) -> Placing:
    numbers = pl.DataFrame({"claim_id": ids}, schema={"claim_id": pl.String}).with_row_index("number")
    holds = Holding.of(current_judgements(_numbered(judgements, numbers)))
    return Placing.of(len(ids), holds, _by_number(never, numbers), least=least)


@dataclass(frozen=True, eq=False, slots=True)
class Holding:
    """The judgements that hold, ``left`` and ``right`` numbers of claims.

    Attributes:
        told: people's ``same``, in the order in which they are followed.
        bans: people's ``different``.
        seen: the machine's, with ``whole``, the score in ten-thousandths, and ``is_same``.
    """

    told: pl.DataFrame
    bans: pl.DataFrame
    seen: pl.DataFrame

    @classmethod
    def of(cls, current: pl.DataFrame) -> Holding:
        """From one judgement a pair, :data:`JUDGEMENT_COLUMNS` with numbers."""
        is_human, is_same = pl.col("kind") == "human", pl.col("verdict") == "same"
        told = current.filter(is_human & is_same)
        told = told.sort("decided_at", "left", "right", descending=[True, False, False])
        score = pl.coalesce("score", pl.when(is_same).then(1.0).otherwise(0.0))
        seen = current.filter(~is_human & pl.col("verdict").is_in(["same", "unsure"])).select(
            "left", "right", whole=(score * UNIT).round(0).cast(pl.Int32), is_same=is_same
        )
        return cls(
            told.select(_PAIR), current.filter(is_human & (pl.col("verdict") == "different")).select(_PAIR), seen
        )

    def named(self) -> pl.Series:
        """The numbers of the claims that any link names."""
        ends = [frame[side] for frame in (self.told, self.seen) for side in _PAIR]
        return pl.concat(ends).unique()


@dataclass(frozen=True, eq=False, slots=True)
class Placing:
    """Claims by number, joined as people say and to what they copy, and what of the rest may yet become one.

    Attributes:
        webs: of each claim its web; claims of different webs are clustered without each other.
    """

    webs: NDArray[np.int64]
    holds: Holding
    _open: Open
    _refused: list[tuple[int, int, str, str]]

    @classmethod
    def of(cls, size: int, holds: Holding, never: pl.DataFrame, *, least: float) -> Placing:
        """So many claims by number in the order of their ids.

        ``never`` has ``claim_id`` (a number), ``channel``, ``document``, ``first`` and ``last``, a claim at most once.
        """
        named = holds.named().rename("claim_id").to_frame()
        forest = Forest.of(size, never.join(named, on="claim_id", how="semi"), holds.bans)
        refused = []
        for left, right in holds.told.iter_rows():
            if reason := forest.join(left, right, by_machine=False):
                refused.append((left, right, "human", reason))
        is_copy = pl.col("whole") >= COPY
        copies = holds.seen.filter(is_copy).sort("whole", "left", "right", descending=[True, False, False])
        silent = [
            right for left, right in copies.select(_PAIR).iter_rows() if not forest.join(left, right, by_machine=True)
        ]
        scores = holds.seen.filter(~is_copy)
        opened = Open.of(forest, scores, silent=np.array(silent, dtype=np.int64), least=least)
        return cls(opened.labels[forest.roots()], holds, opened, refused)

    def so_far(self) -> NDArray[np.int64]:
        """The root of each claim before the machine's groups are joined."""
        return self._open.forest.roots()

    def roots(self) -> NDArray[np.int64]:
        """The root of each claim, the least of its cluster."""
        self._open.join()
        return self._open.forest.roots()

    def refused(self) -> list[tuple[int, int, str, str]]:
        """``left, right, kind, reason`` of the links that were not followed; after :meth:`roots`."""
        forest, roots = self._open.forest, self._open.forest.roots()
        same = self.holds.seen.filter("is_same")
        is_cut = roots[same["left"].to_numpy()] != roots[same["right"].to_numpy()]
        cut = same.filter(pl.Series(is_cut, dtype=pl.Boolean))
        cut = cut.sort("whole", "left", "right", descending=[True, False, False])
        machine = [
            (left, right, "machine", forest.forbids(left, right) or _OUTVOTED)
            for left, right in cut.select(_PAIR).iter_rows()
        ]
        return [*self._refused, *machine]


def _numbered(judgements: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """The judgements on known claims, with the places of the claims in order instead of their ids."""
    coded = _with_columns(judgements).select(list(JUDGEMENT_COLUMNS))
    for side in _PAIR:
        coded = coded.join(numbers.rename({"claim_id": side}), on=side, how="inner")
        coded = coded.drop(side).rename({"number": side})
    return coded


def current_judgements(judgements: pl.DataFrame) -> pl.DataFrame:
    """The one judgement that holds for each pair, sorted by the pair; withdrawn and outdone ones left out."""
    gone = _withdrawn(_with_columns(judgements))
    held = judgements.filter((pl.col("verdict") != "withdrawn") & ~pl.col("judgement_id").is_in(list(gone)))
    again = held.select(_PAIR).is_duplicated()
    ranked = held.filter(again).with_columns(_human=pl.col("kind") == "human")
    ranked = (
        ranked.sort("_human", "decided_at", "judgement_id")
        .unique(["left", "right"], keep="last", maintain_order=True)
        .drop("_human")
    )
    return pl.concat([held.filter(~again), ranked]).sort("left", "right")


def _with_columns(judgements: pl.DataFrame) -> pl.DataFrame:
    missing = [name for name in JUDGEMENT_COLUMNS if name not in judgements.columns]
    if missing:
        raise InputFormatError(
            f"lacks the columns {', '.join(missing)}", where="judgements", mend="give the columns of a judgement"
        )
    return judgements


def told_apart(claims: pl.DataFrame) -> pl.DataFrame:
    """What keeps claims apart: ``claim_id``, ``channel``, ``document``, ``first`` and ``last``.

    Two claims of one ``channel`` that gives one row per happening are never one. What follows binds the machine
    only; a person may join them. Two claims with the same words of 25 characters or more and other details are
    separate items of one ``document``. Claims whose periods (days since 1970) are more than
    :data:`LONGEST_GAP_DAYS` apart do not come together by way of others in between. Empty text or null where
    nothing keeps a claim apart.
    """
    return apart(prepared(claims))


def apart(frame: pl.DataFrame) -> pl.DataFrame:
    """The same of claims that are prepared already; see :func:`told_apart`."""
    is_item = (pl.col("said").str.len_chars() >= 25) & (pl.col("copies") == pl.col("n")) & (pl.col("only_one") == "")
    document = pl.when(is_item).then("said").otherwise(pl.lit(""))
    return frame.select("claim_id", "first", "last", channel="only_one", document=document)


def needs_review(judgements: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """The pairs nobody has settled, those with most deaths first.

    Returns:
        ``left, right, score, reason, deaths``; ``deaths`` is the greatest number either claim gives, null where
        neither gives one, which comes last. ``reason`` is empty where the judgements carry none.
    """
    unsure = current_judgements(judgements).filter(pl.col("verdict") == "unsure")
    if "reason" not in unsure.columns:
        unsure = unsure.with_columns(reason=pl.lit(""))
    toll = claims.select("claim_id", toll=pl.max_horizontal("deaths_low", "deaths_best", "deaths_high"))
    both = unsure.join(toll, left_on="left", right_on="claim_id").join(
        toll, left_on="right", right_on="claim_id", suffix="_r"
    )
    ranked = both.with_columns(deaths=pl.max_horizontal("toll", "toll_r")).sort(
        "deaths", "score", "left", "right", descending=[True, True, False, False], nulls_last=True
    )
    return ranked.select("left", "right", "score", "reason", "deaths")


def _withdrawn(judgements: pl.DataFrame) -> set[str]:
    """Ids of judgements taken back. A withdrawal may be taken back too; the machine takes back no person's."""
    people = set(judgements.filter(pl.col("kind") == "human")["judgement_id"])
    taking = judgements.filter(pl.col("verdict") == "withdrawn").select("judgement_id", "withdraws", "kind")
    takers: dict[str, list[str]] = defaultdict(list)
    for taker, taken, kind in taking.iter_rows():
        if kind == "human" or taken not in people:
            takers[taken].append(taker)
    return {taken for taken in takers if _is_taken_back(taken, takers)}


def _is_taken_back(judgement: str, takers: Mapping[str, list[str]]) -> bool:
    """Whether a withdrawal that stands names the judgement; a ring of withdrawals, which no ids give, has no effect."""
    order, seen, stack = [], {judgement}, [judgement]
    while stack:
        one = stack.pop()
        order.append(one)
        fresh = [taker for taker in takers.get(one, ()) if taker not in seen]
        seen.update(fresh)
        stack.extend(fresh)
    gone: dict[str, bool] = {}
    for one in reversed(order):
        gone[one] = any(not gone.get(taker, True) for taker in takers.get(one, ()))
    return gone[judgement]


def _by_number(never: pl.DataFrame | None, numbers: pl.DataFrame) -> pl.DataFrame:
    """What keeps apart the known claims, by number."""
    if never is None:
        kinds = {"claim_id": pl.UInt32, "channel": pl.String, "document": pl.String}
        return pl.DataFrame(schema={**kinds, "first": pl.Int32, "last": pl.Int32})
    coded = never.join(numbers, on="claim_id", how="inner")
    return coded.drop("claim_id").rename({"number": "claim_id"})
