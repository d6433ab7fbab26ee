"""What a brief covers and for whom: the months, the audience, and what is withheld from it.

For an audience only incidents and claims that it may be shown are counted, listed or drawn, and how many are withheld
is said. So no figure of a brief can be taken apart into what was withheld. An alert is shown to nobody its authors'
releasability leaves out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from forewarn.clock import last_complete_month, month_from_text, month_label
from forewarn.errors import UsageError
from forewarn.model.provenance import Sensitivity
from forewarn.model.releasability import most_sensitive_for
from forewarn.operations.knowledge import Knowledge

__all__ = ["Months", "Released", "Sentence", "months_asked", "released", "standing_months"]

Sentence = Callable[[range], str]
"""What could be seen in some months, in words."""


@dataclass(frozen=True, slots=True)
class Months:
    """A span of months that figures are given for: its name in figures' keys, its words, first and last month."""

    key: str
    words: str
    first: int
    last: int

    @property
    def span(self) -> range:
        """The months themselves."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True, eq=False)
class Released:
    """What an audience may be shown.

    Attributes:
        incidents: those it may.
        claims: ids of claims it may.
        withheld: how many incidents it may not.
    """

    incidents: pl.DataFrame
    claims: frozenset[str]
    withheld: int

    def sentence(self, audience: str) -> str:
        """What is withheld, in words; empty where nothing is."""
        if not self.withheld:
            return ""
        noun = "incident is" if self.withheld == 1 else "incidents are"
        return (
            f"{self.withheld:,} {noun} withheld from TLP:{audience.upper()} and counted nowhere here: "
            "the numbers are lower than what is known."
        )


def standing_months(as_known_at: date) -> tuple[Months, ...]:
    """The last twelve and the last three complete months as known on the day."""
    last = last_complete_month(as_known_at)
    return (Months("12", "last twelve months", last - 11, last), Months("3", "last three months", last - 2, last))


def months_asked(as_known_at: date, first: str, last: str) -> tuple[Months, ...]:
    """The months somebody asks for, ``2017-01`` to ``2017-08``; an open end is the last complete month.

    Raises :class:`UsageError` where the first is after the last, or more than fifty years are asked for.
    """
    if not first and not last:
        return standing_months(as_known_at)
    end = last_complete_month(as_known_at)
    until = month_from_text(last, where="--to") if last else end
    since = month_from_text(first, where="--from") if first else until - 11
    if since > until:
        raise UsageError("the first month is after the last", where="--from", mend="swap them")
    if until > end:
        raise UsageError(
            f"{month_label(until)} was not over on {as_known_at}", where="--to", mend="ask for earlier months"
        )
    if until - since >= 600:
        raise UsageError("is more than fifty years", where="--from", mend="ask for fewer months")
    return (Months("period", f"{month_label(since)} to {month_label(until)}", since, until),)


def released(known: Knowledge, incidents: pl.DataFrame, audience: str) -> Released:
    """What of the incidents of a unit an audience may be shown; a claim without a class counts as severe."""
    ranks = {one.value: one.rank for one in Sensitivity}
    most = most_sensitive_for(audience).rank
    rank = pl.col("sensitivity").replace_strict(ranks, default=max(ranks.values()), return_dtype=pl.Int64)
    claims = known.claims.select("claim_id", rank=rank)
    own = incidents.select("incident_id", claim_id="claim_ids").explode("claim_id").join(claims, on="claim_id")
    worst = own.group_by("incident_id").agg(pl.col("rank").max())
    shown = incidents.join(worst.filter(pl.col("rank") <= most), on="incident_id", how="semi", maintain_order="left")
    allowed = frozenset(claims.filter(pl.col("rank") <= most)["claim_id"])
    return Released(shown, allowed, incidents.height - shown.height)
