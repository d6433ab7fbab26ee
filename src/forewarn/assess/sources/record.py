"""A source's track record: what became of its claims, and the reliability a person may consider because of it.

Owns one rule for every source, looking at claims and never at a name, a kind or anybody's grade. *Confirmed*: an
independent origin tells the same happening and contradicts no count. *Contradicted*: an independent origin gives a
range of a count that does not meet the claim's. *Retracted*: the source took it back. *Alone*: nobody else told it,
which is no mark against it. A record is shown beside a grade and never becomes one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from forewarn.assess.incidents.grade import Suggestion
from forewarn.model.claim import COUNTED

__all__ = ["LEAST_JUDGED", "OUTCOMES", "TrackRecord", "propose_reliability", "track_records"]

OUTCOMES = ("confirmed", "contradicted", "retracted", "alone")
"""What can have become of a claim. One that was taken back is retracted, whatever else it is."""

LEAST_JUDGED = 10
"""Fewer claims that others could confirm or contradict say nothing about a source."""

SHARES = ((0.95, "B"), (0.8, "C"), (0.6, "D"))
"""Least shares of judged claims that were confirmed, and the letter each proposes; below all, E. Never A."""


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """What became of the claims of a source, with the claims behind each number."""

    source_id: str
    claims: Mapping[str, tuple[str, ...]]

    def count(self, outcome: str) -> int:
        """How many claims came to that outcome."""
        return len(self.claims.get(outcome, ()))

    @property
    def judged(self) -> int:
        """Claims that somebody could confirm or contradict, or that were taken back."""
        return self.count("confirmed") + self.count("contradicted") + self.count("retracted")


def track_records(claims: pl.DataFrame, trace: pl.DataFrame, retracted: Collection[str] = ()) -> dict[str, TrackRecord]:
    """The record of every source, by its id.

    Args:
        claims: rows of ``CLAIM_COLUMNS`` with ``source_id``; those taken back too, as long as they are to be counted.
        trace: the tracing of their origins, with ``incident_id`` or ``root``, and ``telling``.
        retracted: claims the source took back.
    """
    happening = "incident_id" if "incident_id" in trace.columns else "root"
    tellings = trace.filter(pl.col("telling") != "").group_by(happening, "claim_id").agg(pl.col("telling").unique())
    columns = [f"{name}_{end}" for name in COUNTED for end in ("low", "best", "high")]
    told = claims.select("claim_id", "source_id", *columns).join(tellings, on="claim_id", how="left")
    shared = told.filter(pl.col(happening).is_not_null()).partition_by(happening, maintain_order=True)
    outcome: dict[str, str] = {}
    for rows in shared:
        if rows.height > 1:
            outcome |= _outcomes(rows.to_dicts())
    outcome |= dict.fromkeys(retracted, "retracted")
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for claim, source in told.sort("claim_id").select("claim_id", "source_id").iter_rows():
        found[source][outcome.get(claim, "alone")].append(claim)
    return {
        source: TrackRecord(source, {name: tuple(claims_of.get(name, ())) for name in OUTCOMES})
        for source, claims_of in sorted(found.items())
    }


def propose_reliability(record: TrackRecord) -> Suggestion:
    """A reliability a person may consider, by the share of judged claims that were confirmed.

    F where fewer than :data:`LEAST_JUDGED` could be judged. It counts agreement, and agreement is not truth: sources
    that repeat one rumour independently confirm each other, and who alone can reach a place is never confirmed.
    """
    counts = ", ".join(f"{record.count(outcome):,} {outcome}" for outcome in OUTCOMES)
    if record.judged < LEAST_JUDGED:
        return Suggestion("F", f"{counts}: fewer than {LEAST_JUDGED} claims that others could confirm or contradict")
    share = record.count("confirmed") / record.judged
    letter = next((letter for least, letter in SHARES if share >= least), "E")
    return Suggestion(letter, f"{counts}: {share:.0%} of {record.judged:,} that could be judged were confirmed")


def _outcomes(rows: list[dict[str, object]]) -> dict[str, str]:
    """The outcome of each claim of one happening that somebody independent tells too.

    Two claims are independent where they have no group of origins in common. Each is held against the outermost ranges
    of others alone, so that a happening told ten thousand times is not compared pair by pair.
    """
    ends = _ends(rows)
    everywhere = {group for row in rows for group in _groups(row)}
    found = {}
    for row in rows:
        own = _groups(row)
        if not own or not everywhere - own:
            continue
        found[str(row["claim_id"])] = "contradicted" if _is_contradicted(row, own, ends) else "confirmed"
    return found


_Ends = dict[str, tuple[list[tuple[int, str]], list[tuple[int, str]]]]


def _ends(rows: Sequence[dict[str, object]]) -> _Ends:
    """By count, with the group each is of: greatest values from the least up, least values from the greatest down."""
    ends: _Ends = {}
    for name in COUNTED:
        given = [(group, *_range(row, name)) for row in rows for group in _groups(row)]
        upper = sorted((most, group) for group, _, most in given if most is not None)
        lower = sorted(((least, group) for group, least, _ in given if least is not None), reverse=True)
        ends[name] = (upper, lower)
    return ends


def _is_contradicted(row: dict[str, object], own: set[str], ends: _Ends) -> bool:
    """Whether the range of a count lies wholly above or below one that another group gives."""
    for name in COUNTED:
        least, most = _range(row, name)
        lowest_most = next((end for end, group in ends[name][0] if group not in own), None)
        highest_least = next((end for end, group in ends[name][1] if group not in own), None)
        if least is not None and lowest_most is not None and lowest_most < least:
            return True
        if most is not None and highest_least is not None and highest_least > most:
            return True
    return False


def _groups(row: dict[str, object]) -> set[str]:
    return {str(group) for group in row["telling"] or ()}  # type: ignore[attr-defined]


def _range(row: dict[str, object], name: str) -> tuple[int | None, int | None]:
    """Least and greatest a claim gives: low or else best, high or else best."""
    low, best, high = (row[f"{name}_{end}"] for end in ("low", "best", "high"))
    return (best if low is None else low), (best if high is None else high)  # type: ignore[return-value]
