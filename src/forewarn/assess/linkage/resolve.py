"""Clusters of claims as a pure function of the judgements about them.

Judgements are only ever added. A person beats the machine, a later person an earlier one, and a withdrawal takes
back exactly the judgement it names. A person's ``different`` keeps two clusters apart whatever else links them.
The order in which judgements arrive does not matter; taking one back gives exactly what was without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from forewarn.assess.linkage.prepare import prepared
from forewarn.errors import InputFormatError

__all__ = [
    "JUDGEMENT_COLUMNS",
    "LONGEST_GAP_DAYS",
    "Resolution",
    "clusters",
    "current_judgements",
    "needs_review",
    "resolve",
    "told_apart",
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

LONGEST_GAP_DAYS = 3
"""The machine brings no two claims together whose periods are more than so many days apart."""

_REFUSED = {"left": pl.String, "right": pl.String, "kind": pl.String, "reason": pl.String}
_APART = "people hold claims of the two groups to be different"
_CHANNEL = "both groups have a row of one channel that gives one row per happening"
_LONG = "the two groups together would spread over too many days"
_DOCUMENT = "both groups have an item of one document that lists them separately"


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


def resolve(claim_ids: Iterable[str], judgements: pl.DataFrame, *, never: pl.DataFrame | None = None) -> Resolution:
    """Clusters and refused links of the claims.

    Args:
        claim_ids: the claims to place, each once; judgements on others are passed over. For the state known at
            a day, give the claims known then.
        judgements: rows of :data:`JUDGEMENT_COLUMNS`, in any order.
        never: from :func:`told_apart`: what may not come together.

    Links are followed in a fixed order: people's, latest first, then the machine's by score and ids. A link that
    would break a ban is refused.
    """
    ids = sorted(set(claim_ids))
    known = pl.DataFrame({"claim_id": ids}, schema={"claim_id": pl.String})
    current = (
        current_judgements(judgements)
        .join(known, left_on="left", right_on="claim_id", how="semi")
        .join(known, left_on="right", right_on="claim_id", how="semi")
    )
    is_human = pl.col("kind") == "human"
    bans = current.filter(is_human & (pl.col("verdict") == "different"))
    same = current.filter(pl.col("verdict") == "same").with_columns(_human=is_human)
    links = pl.concat(
        [
            same.filter("_human").sort("decided_at", "left", "right", descending=[True, False, False]),
            same.filter(~pl.col("_human")).sort("score", "left", "right", descending=[True, False, False]),
        ]
    )
    forest = _Forest.of(_linked_only(never, links), bans)
    refused = []
    for left, right, kind in links.select("left", "right", "kind").iter_rows():
        if reason := forest.join(left, right, by_machine=kind != "human"):
            refused.append((left, right, kind, reason))
    roots = [forest.root(claim) for claim in ids]
    members = known.with_columns(root=pl.Series(roots, dtype=pl.String))
    return Resolution(members, pl.DataFrame(refused, schema=_REFUSED, orient="row"))


def current_judgements(judgements: pl.DataFrame) -> pl.DataFrame:
    """The one judgement that holds for each pair, sorted by the pair; withdrawn and outdone ones left out."""
    missing = [name for name in JUDGEMENT_COLUMNS if name not in judgements.columns]
    if missing:
        raise InputFormatError(
            f"lacks the columns {', '.join(missing)}", where="judgements", mend="give the columns of a judgement"
        )
    gone = _withdrawn(judgements)
    held = judgements.filter((pl.col("verdict") != "withdrawn") & ~pl.col("judgement_id").is_in(list(gone)))
    ranked = held.with_columns(_human=pl.col("kind") == "human").sort("_human", "decided_at", "judgement_id")
    return ranked.unique(["left", "right"], keep="last", maintain_order=True).drop("_human").sort("left", "right")


def told_apart(claims: pl.DataFrame) -> pl.DataFrame:
    """What keeps claims apart: ``claim_id``, ``channel``, ``document``, ``first`` and ``last``.

    Two claims of one ``channel`` that gives one row per happening are never one. What follows binds the machine
    only; a person may join them. Two claims with the same words of 25 characters or more and other details are
    separate items of one ``document``. Claims whose periods (days since 1970) are more than
    :data:`LONGEST_GAP_DAYS` apart do not come together by way of others in between. Empty text or null where
    nothing keeps a claim apart.
    """
    frame = prepared(claims)
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


def _linked_only(never: pl.DataFrame | None, links: pl.DataFrame) -> pl.DataFrame:
    """What keeps apart those claims that any link names; of one claim at most one row."""
    if never is None:
        kinds = {"claim_id": pl.String, "channel": pl.String, "document": pl.String}
        return pl.DataFrame(schema={**kinds, "first": pl.Int32, "last": pl.Int32})
    named = pl.concat([links.select(claim_id="left"), links.select(claim_id="right")]).unique()
    return never.join(named, on="claim_id", how="semi")


@dataclass(slots=True)
class _Forest:
    """Disjoint sets of claims that know whom they may not meet."""

    channels: dict[str, set[str]]
    documents: dict[str, set[str]]
    foes: dict[str, set[str]]
    periods: dict[str, tuple[int, int]]
    parent: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, never: pl.DataFrame, bans: pl.DataFrame) -> _Forest:
        """Every claim by itself."""
        foes: dict[str, set[str]] = defaultdict(set)
        for left, right in bans.select("left", "right").iter_rows():
            foes[left].add(right)
            foes[right].add(left)
        dated = never.filter(pl.col("first").is_not_null()).select("claim_id", "first", "last")
        periods = {claim: (first, last) for claim, first, last in dated.iter_rows()}
        return cls(_keys(never, "channel"), _keys(never, "document"), dict(foes), periods)

    def root(self, claim: str) -> str:
        """The least claim of the set."""
        top = claim
        while (above := self.parent.get(top, top)) != top:
            top = above
        while (above := self.parent.get(claim, claim)) != top:
            self.parent[claim], claim = top, above
        return top

    def join(self, left: str, right: str, *, by_machine: bool) -> str:
        """Make the two sets one; the reason where that is not allowed, else the empty text."""
        one, other = sorted((self.root(left), self.root(right)))
        if one == other:
            return ""
        reason = self._forbidden(one, other) or (self._forbidden_to_machine(one, other) if by_machine else "")
        if reason:
            return reason
        self.parent[other] = one
        for sets in (self.channels, self.documents, self.foes):
            if other in sets:
                small, large = sorted((sets.pop(other), sets.get(one, set())), key=len)
                large.update(small)
                sets[one] = large
        if period := self._period(one, other):
            self.periods[one] = period
        return ""

    def _period(self, one: str, other: str) -> tuple[int, int] | None:
        """Latest first and earliest last day over both sets; no two claims are further apart than these."""
        known = [self.periods[side] for side in (one, other) if side in self.periods]
        return (max(first for first, _ in known), min(last for _, last in known)) if known else None

    def _forbidden(self, one: str, other: str) -> str:
        sides = ((self.foes.get(one, set()), other), (self.foes.get(other, set()), one))
        few, whom = min(sides, key=lambda side: len(side[0]))
        if any(self.root(foe) == whom for foe in few):
            return _APART
        return _CHANNEL if _meet(self.channels, one, other) else ""

    def _forbidden_to_machine(self, one: str, other: str) -> str:
        if _meet(self.documents, one, other):
            return _DOCUMENT
        period = self._period(one, other)
        return _LONG if period and period[0] - period[1] > LONGEST_GAP_DAYS else ""


def _keys(never: pl.DataFrame, kind: str) -> dict[str, set[str]]:
    said = never.filter(pl.col(kind) != "").select("claim_id", kind)
    return {claim: {key} for claim, key in said.iter_rows()}


def _meet(sets: Mapping[str, set[str]], one: str, other: str) -> bool:
    return one in sets and other in sets and not sets[one].isdisjoint(sets[other])
