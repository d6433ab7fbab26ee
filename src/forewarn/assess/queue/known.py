"""What the queue of review is worked out from, and the form in which kinds of items give what waits.

A kind looks at frames and returns one row per item. It says what the item is about and how many deaths hang on it;
whether an alert rests on it, how sensitive it is and where it lies follow from its claims, for every kind alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

__all__ = ["FOUND", "MOST", "PENDING", "PROPOSED", "Kind", "Known"]

MOST = 0.5
"""A figure rests on one incident where its deaths are more than this share of all told for the area and month."""

_COLUMNS: dict[str, Any] = {
    **dict.fromkeys(("subject", "other", "reason"), pl.String),
    "claims": pl.List(pl.String),
    "deaths_high": pl.Int64,
    "score": pl.Float64,
}
FOUND = pl.Schema({name: _COLUMNS[name] for name in ("subject", "other", "claims", "deaths_high", "score", "reason")})
"""What a kind returns; ``claims`` are those concerned, ``deaths_high`` and ``score`` may be null."""


PENDING: dict[str, Any] = {
    **dict.fromkeys(("decision_id", "item", "verdict", "author", "reason"), pl.String),
    "claims": pl.List(pl.String),
}

PROPOSED: dict[str, Any] = {
    **dict.fromkeys(("unit", "indicator", "state", "because", "proposal_id"), pl.String),
    "claims": pl.List(pl.String),
}
"""What rules propose of indicators of areas."""


@dataclass(frozen=True, eq=False)
class Known:
    """What is known when the queue is asked for.

    Attributes:
        claims: current claims, rows of ``CLAIM_COLUMNS``.
        incidents, members: as assembled; ``claim_id`` and ``incident_id``. One without members counts in sums alone.
        judgements, grades: every one ever made.
        alerted: claims that an open alert names as evidence.
        coded: claims by which a person has coded elements of the incident that holds them.
        corrected: claims that a person has corrected.
        looked: ``subject`` and ``at`` of decisions that hold by which a person said to have looked.
        pending: ``decision_id``, ``item``, ``verdict``, ``author``, ``reason``, ``claims`` of decisions that wait for a
            second person.
        proposed: rows of :data:`PROPOSED` that nobody has assessed; empty where nobody asks for them.
    """

    claims: pl.DataFrame
    incidents: pl.DataFrame
    members: pl.DataFrame
    judgements: pl.DataFrame
    grades: pl.DataFrame
    alerted: frozenset[str] = frozenset()
    coded: frozenset[str] = frozenset()
    corrected: frozenset[str] = frozenset()
    looked: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"subject": pl.String, "at": pl.String}))
    pending: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PENDING))
    proposed: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PROPOSED))

    @cached_property
    def tolls(self) -> pl.DataFrame:
        """``claim_id`` and ``toll``, the greatest number of deaths the claim gives; null where it gives none."""
        return self.claims.select("claim_id", toll=pl.max_horizontal("deaths_low", "deaths_best", "deaths_high"))

    @cached_property
    def highs(self) -> pl.DataFrame:
        """``claim_id``, ``incident_id`` and ``high``, the greatest number of deaths told of its incident."""
        highs = self.incidents.select("incident_id", high=_most_told())
        return self.members.select("claim_id", "incident_id").join(highs, on="incident_id", how="left")

    @cached_property
    def shares(self) -> pl.DataFrame:
        """By claim: its incident, the most deaths told of that, and their ``share`` in ``unit`` and ``month``."""
        area = pl.when(pl.col("admin1") != "").then(pl.format("{}/{}", "country", "admin1")).otherwise("country")
        where = self.incidents.filter((pl.col("country") != "") & pl.col("started_on").is_not_null()).select(
            "incident_id", unit=area, month=pl.col("started_on").str.slice(0, 7)
        )
        high = self.incidents.select("incident_id", high=_most_told())
        sums = where.join(high, on="incident_id").group_by("unit", "month").agg(total=pl.col("high").sum())
        placed = self.highs.join(where, on="incident_id").join(sums, on=["unit", "month"])
        return placed.with_columns(share=pl.col("high") / pl.col("total")).drop("total")


def _most_told() -> pl.Expr:
    return pl.max_horizontal("deaths_low", "deaths_best", "deaths_high")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that may wait for a person.

    Attributes:
        name: one word.
        title: what waits, in a line.
        asked: the question put to the person.
        verdicts: what may be decided in review itself.
        command: what decides otherwise than by a verdict; ``{subject}`` stands for what it is about.
        on_request: listed only when this kind is asked for.
        find: from what is known to rows of :data:`FOUND`.
    """

    name: str
    title: str
    asked: str
    find: Callable[[Known], pl.DataFrame]
    verdicts: tuple[str, ...] = ()
    command: str = ""
    on_request: bool = False
