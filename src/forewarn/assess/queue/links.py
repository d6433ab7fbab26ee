"""Kinds about links: pairs the machine is unsure of, links it made, and links that were not followed.

A link that is not followed keeps two incidents apart although something says they are one: two strong groups with a
weak bridge between them, or a person's word against a ban. The strongest of them stands for the two incidents.
"""

from __future__ import annotations

import polars as pl

from forewarn.assess.linkage.resolve import current_judgements, needs_review
from forewarn.assess.queue.known import FOUND, Known

__all__ = ["fell_apart", "machine_links", "unsure_links"]


def unsure_links(known: Known) -> pl.DataFrame:
    """Pairs in the review band, or of which a person was unsure; deaths are the greatest number either tells."""
    pairs = needs_review(known.judgements, known.claims)
    return _found(pairs.rename({"deaths": "deaths_high"}))


def machine_links(known: Known) -> pl.DataFrame:
    """Links the machine made by itself; deaths are the greatest number either tells."""
    held = current_judgements(known.judgements).filter((pl.col("kind") == "machine") & (pl.col("verdict") == "same"))
    for side in ("left", "right"):
        held = held.join(known.tolls.rename({"claim_id": side, "toll": f"_{side}"}), on=side)
    return _found(held.with_columns(deaths_high=pl.max_horizontal("_left", "_right")))


def fell_apart(known: Known) -> pl.DataFrame:
    """Pairs of incidents with a link between them that was not followed, unless a person holds them to be different.

    Deaths are the greatest number told of either incident.
    """
    current = current_judgements(known.judgements)
    crossing = current.filter(pl.col("verdict").is_in(["same", "different"]))
    for side in ("left", "right"):
        highs = known.highs.rename({"claim_id": side, "incident_id": f"in_{side}", "high": f"high_{side}"})
        crossing = crossing.join(highs, on=side)
    crossing = crossing.filter(pl.col("in_left") != pl.col("in_right")).with_columns(
        one=pl.min_horizontal("in_left", "in_right"),
        two=pl.max_horizontal("in_left", "in_right"),
        by_person=pl.col("kind") == "human",
        deaths_high=pl.max_horizontal("high_left", "high_right"),
    )
    settled = crossing.filter(pl.col("by_person") & (pl.col("verdict") == "different")).select("one", "two")
    links = crossing.filter(pl.col("verdict") == "same").join(settled, on=["one", "two"], how="anti")
    order = ["by_person", "score", "left", "right"]
    links = links.sort(order, descending=[True, True, False, False], nulls_last=True)
    strongest = links.group_by("one", "two", maintain_order=True).agg(
        pl.col("left", "right", "score", "reason", "by_person", "deaths_high").first(), n=pl.len()
    )
    who = pl.when("by_person").then(pl.lit("a person's link")).otherwise(pl.lit("the machine's strongest link"))
    told = pl.format("{} is not followed, of {} between the two: {}", who, "n", "reason")
    return _found(strongest.with_columns(reason=told))


def _found(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.select(
        subject="left",
        other="right",
        claims=pl.concat_list("left", "right"),
        deaths_high="deaths_high",
        score="score",
        reason="reason",
    ).cast(FOUND)
