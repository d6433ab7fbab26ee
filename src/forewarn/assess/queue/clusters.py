"""Kinds about whole incidents and the figures they carry: those that grew, missing grades, proposed elements.

An incident has grown when claims came to it after a person last looked, or when it is large and nobody ever did. A
claim carries a figure where it tells the most deaths of an incident that makes up most of its area's month.
"""

from __future__ import annotations

import polars as pl

from forewarn.assess.crimes.proposals import propose
from forewarn.assess.incidents.grade import current_grades
from forewarn.assess.queue.known import FOUND, MOST, Known

__all__ = ["LARGE", "grew", "proposed_elements", "ungraded"]

LARGE = 25
"""An incident of so many claims is looked at once even if nobody asked."""


def grew(known: Known) -> pl.DataFrame:
    """Incidents that claims joined after a person last looked, or of :data:`LARGE` claims that nobody looked at.

    A person looked who judged a claim of it or said so. A claim joined when it was first compared with another.
    """
    made = known.judgements.filter(pl.col("verdict") != "withdrawn")
    ends = pl.concat([made.select("kind", "decided_at", claim_id=side) for side in ("left", "right")])
    placed = ends.join(known.members, on="claim_id")
    judged = placed.filter(pl.col("kind") == "human").select("incident_id", at="decided_at")
    said = known.looked.select(incident_id="subject", at="at")
    looked = pl.concat([judged, said]).group_by("incident_id").agg(pl.col("at").max())
    by_machine = placed.filter(pl.col("kind") == "machine")
    joined = by_machine.group_by("incident_id", "claim_id").agg(joined=pl.col("decided_at").min())
    joined = joined.join(looked, on="incident_id", how="left")
    late = joined.filter(pl.col("joined") > pl.col("at")).group_by("incident_id").agg(late=pl.len())
    rows = known.members.group_by("incident_id").agg(claims=pl.col("claim_id").sort())
    rows = rows.join(looked, on="incident_id", how="left").join(late, on="incident_id", how="left")
    size = pl.col("claims").list.len()
    never = pl.col("at").is_null() & (size >= LARGE)
    rows = rows.filter(pl.col("late").is_not_null() | never)
    highs = known.highs.select("incident_id", deaths_high="high").unique()
    told = (
        pl.when(pl.col("late").is_not_null())
        .then(pl.format("{} of {} claims joined after a person last looked", "late", size))
        .otherwise(pl.format("{} claims, and nobody has looked", size))
    )
    rows = rows.join(highs, on="incident_id", how="left").with_columns(reason=told)
    return _found(rows.rename({"incident_id": "subject"}))


def ungraded(known: Known) -> pl.DataFrame:
    """Claims without a credibility that carry most of a figure, or that an open alert names as evidence.

    Of the claims that tell the most deaths of an incident the first known stands for them all. Deaths are its own.
    """
    graded = current_grades(known.grades).filter(pl.col("axis") == "credibility").select(claim_id="subject")
    told = known.claims.select("claim_id", "known_on").join(known.tolls, on="claim_id")
    told = told.join(known.shares, on="claim_id", how="left")
    first = told.filter((pl.col("toll") == pl.col("high")) & (pl.col("toll") > 0)).sort("known_on", "claim_id")
    first = first.unique("incident_id", keep="first", maintain_order=True).filter(pl.col("share") > MOST)
    carries = first.with_columns(
        reason=pl.format(
            "tells the most deaths of an incident that makes up {} % of those told for {} in {}",
            (pl.col("share") * 100).round(0).cast(pl.Int64),
            "unit",
            "month",
        )
    )
    named = told.filter(pl.col("claim_id").is_in(sorted(known.alerted)))
    named = named.with_columns(reason=pl.lit("an open alert names it as evidence"))
    columns = ["claim_id", "toll", "reason"]
    both = pl.concat([named.select(columns), carries.select(columns)]).unique("claim_id", keep="first")
    waiting = both.join(graded, on="claim_id", how="anti").sort("claim_id")
    return _found(waiting.select("reason", subject="claim_id", claims=pl.concat_list("claim_id"), deaths_high="toll"))


def proposed_elements(known: Known) -> pl.DataFrame:
    """Incidents with elements a rule proposes and nobody coded, that carry most of a figure or an open alert.

    Deaths are the greatest number told of the incident.
    """
    shares = known.shares
    carries = shares.filter((pl.col("share") > MOST) & (pl.col("high") > 0))["incident_id"]
    named = known.members.filter(pl.col("claim_id").is_in(sorted(known.alerted)))["incident_id"]
    coded = known.members.filter(pl.col("claim_id").is_in(sorted(known.coded))).select("incident_id").unique()
    ids = pl.concat([carries, named]).unique()
    rows = known.incidents.filter(pl.col("incident_id").is_in(ids.implode())).join(coded, on="incident_id", how="anti")
    claims = known.members.group_by("incident_id").agg(claim_ids=pl.col("claim_id").sort())
    found = []
    for row in rows.join(claims, on="incident_id").sort("incident_id").iter_rows(named=True):
        codes = [one for one in propose(row) if one.scheme == "element"]
        if codes:
            ends = [row[f"deaths_{end}"] for end in ("low", "best", "high") if row[f"deaths_{end}"] is not None]
            named_codes = ", ".join(one.code for one in codes)
            told = f"machine: {codes[0].basis} points to {named_codes}; nobody has coded it"
            found.append((row["incident_id"], row["claim_ids"], max(ends, default=None), told))
    shape = [(name, FOUND[name]) for name in ("subject", "claims", "deaths_high", "reason")]
    return _found(pl.DataFrame(found, schema=shape, orient="row"))


def _found(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        "subject",
        pl.lit("").alias("other"),
        "claims",
        "deaths_high",
        pl.lit(None, dtype=pl.Float64).alias("score"),
        "reason",
    ).cast(FOUND)
