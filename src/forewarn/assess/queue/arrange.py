"""Splitting, moving and merging incidents as judgements of a person: few of them, and exactly what was asked for.

Owns the search for those judgements. Each step asks the same rules that make the clusters what would follow, and adds
a link for every piece that fell off; earlier words of people that say otherwise are overruled one by one, never
silently. What no judgement of a person can do is refused with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from forewarn.assess.linkage.resolve import JUDGEMENT_COLUMNS, Resolution, current_judgements, resolve, told_apart
from forewarn.errors import RuleError
from forewarn.ids import short

__all__ = ["Arrangement", "Stamp", "arranged", "web_of"]

_ROUNDS = 3
"""After so many rounds every claim that is still astray is linked by itself, and not the piece it is in."""

Told = tuple[str, str, str]
"""Left, right and verdict; left sorts before right."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What is asked for.

    Attributes:
        groups: the claims that are to be together, each group with its anchor first.
        named: the claims a person named: each is linked to the anchor of its group.
        apart: pairs of claims held to be different; the groups they are in stay apart.
    """

    groups: tuple[tuple[str, ...], ...]
    named: tuple[str, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who would judge and when, ISO 8601 in UTC: later than any judgement that is to be overruled."""

    author: str
    decided_at: str


def web_of(claims: Iterable[str], judgements: pl.DataFrame) -> list[str]:
    """The claims that hang together with these by judgements of any kind, these included, sorted."""
    wanted = sorted(set(claims))
    ends = pl.concat([judgements["left"], judgements["right"], pl.Series("left", wanted, dtype=pl.String)])
    names = ends.unique().sort()
    if not names.len():
        return []
    numbers = pl.DataFrame({"name": names}).with_row_index("n")
    left, right = (
        judgements.select(name=side).join(numbers, on="name", how="left", maintain_order="left")["n"].to_numpy()
        for side in ("left", "right")
    )
    size = names.len()
    graph = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    labels = pl.Series(connected_components(graph, directed=False)[1])
    held = labels.filter(names.is_in(wanted)).unique()
    return names.filter(labels.is_in(held.implode())).to_list()


def arranged(arrangement: Arrangement, claims: pl.DataFrame, judgements: pl.DataFrame, stamp: Stamp) -> list[Told]:
    """The judgements that bring about what is asked for, sorted.

    Args:
        arrangement: what is asked for.
        claims: rows of claims with ``row_is``, at least those of :func:`web_of` the groups.
        judgements: rows of :data:`JUDGEMENT_COLUMNS`, at least those about these claims.
        stamp: whose judgements they would be.

    Raises:
        RuleError: no judgement of a person brings it about; the reason is told.
    """
    search = _Search.of(arrangement, claims, judgements, stamp)
    search.overrule()
    for claim in arrangement.named:
        search.tell(search.anchors[claim], claim, "same")
    for one, other in arrangement.apart:
        search.tell(one, other, "different")
    turn = 0
    while astray := search.astray():
        for piece in astray:
            for claim in piece if turn >= _ROUNDS else piece[:1]:
                search.link(claim)
        turn += 1
    return search.told()


@dataclass(slots=True)
class _Search:
    """The judgements found so far and what follows from them."""

    arrangement: Arrangement
    inside: list[str]
    judgements: pl.DataFrame
    never: pl.DataFrame
    stamp: Stamp
    anchors: dict[str, str]
    found: dict[tuple[str, str], str]

    @classmethod
    def of(cls, wish: Arrangement, claims: pl.DataFrame, judgements: pl.DataFrame, stamp: Stamp) -> _Search:
        inside = web_of([claim for group in wish.groups for claim in group], judgements)
        near = judgements.select(list(JUDGEMENT_COLUMNS)).filter(pl.col("left").is_in(inside))
        never = told_apart(claims.filter(pl.col("claim_id").is_in(inside)))
        anchors = {claim: group[0] for group in wish.groups for claim in group}
        return cls(wish, inside, near, never, stamp, anchors, {})

    def told(self) -> list[Told]:
        return [(left, right, verdict) for (left, right), verdict in sorted(self.found.items())]

    def tell(self, one: str, other: str, verdict: str) -> None:
        if one != other:
            left, right = sorted((one, other))
            self.found[left, right] = verdict

    def link(self, claim: str) -> None:
        """Link a claim that is astray to the anchor of its group. Where it is linked already, nothing can help."""
        left, right = sorted((self.anchors[claim], claim))
        if self.found.get((left, right)) == "same":
            raise self._refusal(left, right)
        self.found[left, right] = "same"

    def overrule(self) -> None:
        """Answer every word of a person that says otherwise: links between the groups, bans within one."""
        current = current_judgements(self.judgements).filter(pl.col("kind") == "human")
        held_apart = {frozenset(self.anchors[claim] for claim in pair) for pair in self.arrangement.apart}
        for left, right, verdict in current.select("left", "right", "verdict").iter_rows():
            one, other = self.anchors.get(left), self.anchors.get(right)
            if one is None or other is None:
                continue
            if verdict == "same" and frozenset((one, other)) in held_apart:
                self.found[left, right] = "different"
            elif verdict == "different" and one == other:
                self.found[left, right] = "same"

    def astray(self) -> list[list[str]]:
        """The pieces of the groups that would not be with their anchor."""
        roots = dict(self._resolution().members.iter_rows())
        pieces: dict[tuple[str, str], list[str]] = defaultdict(list)
        for claim, anchor in self.anchors.items():
            if roots[claim] != roots[anchor]:
                pieces[anchor, roots[claim]].append(claim)
        return [pieces[key] for key in sorted(pieces)]

    def _resolution(self) -> Resolution:
        rows = [
            (f"found-{place}", left, right, verdict, "human", self.stamp.author, self.stamp.decided_at, None, "")
            for place, (left, right, verdict) in enumerate(self.told())
        ]
        told = pl.DataFrame(rows, schema=JUDGEMENT_COLUMNS, orient="row")
        return resolve(self.inside, pl.concat([self.judgements, told]), never=self.never)

    def _refusal(self, left: str, right: str) -> RuleError:
        refused = self._resolution().refused.filter((pl.col("left") == left) & (pl.col("right") == right))
        reason = refused["reason"][0] if refused.height else "other judgements of people forbid it"
        return RuleError(
            str(reason),
            where=f"{short(left)} and {short(right)}",
            mend="see 'forewarn review history' for what holds them apart",
        )
