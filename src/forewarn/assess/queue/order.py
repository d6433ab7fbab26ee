"""The queue: every kind of thing that may wait for a person, in the order of what hangs on it.

Order is a rule and not a score: what an open alert rests on comes first, then by the most deaths any telling gives,
an unknown number before none, then by sensitivity, then as the kinds are listed. Nothing about a person enters.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import polars as pl

from forewarn.assess.queue.clusters import grew, proposed_elements, ungraded
from forewarn.assess.queue.known import FOUND, Kind, Known
from forewarn.assess.queue.links import fell_apart, machine_links, unsure_links
from forewarn.assess.queue.readings import doubtful_readings, proposed_indicators
from forewarn.errors import UsageError, shorten
from forewarn.ids import content_ids
from forewarn.model.provenance import Sensitivity
from forewarn.model.situation import INDICATOR_STATES

__all__ = ["KINDS", "kind_named", "places", "queue"]

_ALL = (1 << 64) - 1
_MOST_DEATHS = 1 << 62


def _pending(known: Known) -> pl.DataFrame:
    """Decisions that wait for a second person; deaths are the greatest number their claims tell."""
    rows = known.pending.with_columns(
        reason=pl.format("{} decided '{}': {}", "author", "verdict", "reason"), subject="decision_id", other=pl.lit("")
    )
    told = rows.select("subject", claim_id="claims").explode("claim_id").join(known.tolls, on="claim_id", how="left")
    deaths = told.group_by("subject").agg(deaths_high=pl.col("toll").max())
    rows = rows.join(deaths, on="subject", how="left").with_columns(score=pl.lit(None, dtype=pl.Float64))
    return rows.select(list(FOUND)).cast(FOUND)


KINDS = (
    Kind(
        "confirmation",
        "decisions on sensitive claims that wait for a second person",
        "Does a second person agree?",
        _pending,
        ("confirm", "undo"),
    ),
    Kind(
        "link",
        "pairs of claims the rule is unsure of",
        "Do the two claims speak of one happening?",
        unsure_links,
        ("same", "different", "unsure"),
    ),
    Kind(
        "apart",
        "incidents kept apart although a link says they are one",
        "Are the two incidents one happening?",
        fell_apart,
        ("same", "different"),
    ),
    Kind(
        "grew",
        "incidents that grew since a person looked, or large ones nobody looked at",
        "Is it still one happening? Split off what is not.",
        grew,
        ("whole",),
    ),
    Kind(
        "grade",
        "claims without a grade that carry most of a figure, or an open alert",
        "How credible is the claim?",
        ungraded,
        ("1", "2", "3", "4", "5", "6"),
        command="forewarn review grade {subject} 1-6 --why '...'",
    ),
    Kind(
        "extraction",
        "claims that may have been misread, or that no day or place puts into any figure",
        "Does the claim say what its words say?",
        doubtful_readings,
        ("right",),
        command="forewarn review correct {subject} COLUMN=VALUE --why '...'",
    ),
    Kind(
        "element",
        "incidents with observable elements a rule proposes and nobody has coded",
        "Are the elements to be observed in it?",
        proposed_elements,
        ("coded", "not_coded", "unknown"),
        command="forewarn crimes show {subject}",
    ),
    Kind(
        "indicator",
        "risk indicators of areas that a rule proposes and nobody has assessed",
        "What is to be read of the indicator?",
        proposed_indicators,
        INDICATOR_STATES,
        command="forewarn situation propose '{subject}'",
        on_request=True,
    ),
    Kind(
        "machine-link",
        "links the machine made by itself",
        "Do the two claims speak of one happening?",
        machine_links,
        ("same", "different", "unsure"),
        on_request=True,
    ),
)
"""Every kind, in the order in which equals are listed. A new kind is a row here."""


def kind_named(name: str) -> Kind:
    """The kind of that name."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    known = ", ".join(kind.name for kind in KINDS)
    raise UsageError(f"'{shorten(name)}' is no kind of item", where="--kind", mend=f"use one of {known}")


def queue(known: Known, kinds: Sequence[str] = (), *, unit: str = "") -> pl.DataFrame:
    """Everything that waits, what matters most first.

    Args:
        known: what is known.
        kinds: names of kinds; without any, all but those listed on request.
        unit: a country, or a first-level area as ``COUNTRY/Area``; everywhere when empty.

    Returns:
        ``item_id``, ``kind``, the columns of :data:`FOUND`, ``in_alert``, ``sensitivity``, ``units``. What already
        waits for a second person is listed as that alone.
    """
    wanted = [kind_named(name) for name in kinds] or [kind for kind in KINDS if not kind.on_request]
    frames = []
    for kind in wanted:
        found = kind.find(known)
        parts = [kind.name, found["subject"].to_list(), found["other"].to_list()]
        ids = content_ids("itm", parts) if found.height else []
        frames.append(found.with_columns(pl.Series("item_id", ids, dtype=pl.String), kind=pl.lit(kind.name)))
    items = pl.concat(frames).join(known.pending.select(item_id="item"), on="item_id", how="anti")
    items = items.join(_consequence(known, items), on="item_id", how="left", maintain_order="left")
    items = items.with_columns(pl.col("in_alert").fill_null(value=False), pl.col("units").fill_null([]))
    if unit:
        inside = pl.element().str.starts_with(f"{unit}/") | (pl.element() == unit)
        items = items.filter(pl.col("units").list.eval(inside).list.any())
    return _ordered(items)


def _consequence(known: Known, items: pl.DataFrame) -> pl.DataFrame:
    """``item_id``, ``in_alert``, ``sensitivity`` and ``units``, from the claims of each item."""
    alerted = known.members.filter(pl.col("claim_id").is_in(sorted(known.alerted))).select("incident_id").unique()
    touched = known.members.join(alerted, on="incident_id", how="semi").select("claim_id", in_alert=pl.lit(value=True))
    area = pl.when(pl.col("admin1") != "").then(pl.format("{}/{}", "country", "admin1")).otherwise("country")
    facts = known.claims.select("claim_id", "sensitivity", unit=area).join(touched, on="claim_id", how="left")
    ranks = {one.value: one.rank for one in Sensitivity}
    rank = pl.col("sensitivity").replace_strict(ranks, default=Sensitivity.SEVERE.rank, return_dtype=pl.Int64)
    each = items.select("item_id", claim_id="claims").explode("claim_id").join(facts, on="claim_id", how="left")
    summed = each.group_by("item_id").agg(
        in_alert=pl.col("in_alert").fill_null(value=False).any(),
        rank=rank.max(),
        units=pl.col("unit").filter(pl.col("unit") != "").unique().sort(),
    )
    names = {one.rank: one.value for one in Sensitivity}
    severe = Sensitivity.SEVERE.value
    return summed.with_columns(
        sensitivity=pl.col("rank").replace_strict(names, default=severe, return_dtype=pl.String)
    ).drop("rank")


def _ordered(items: pl.DataFrame) -> pl.DataFrame:
    ranks = {one.value: one.rank for one in Sensitivity}
    places = {kind.name: place for place, kind in enumerate(KINDS)}
    keyed = items.with_columns(
        _deaths=pl.col("deaths_high").cast(pl.Float64).fill_null(0.5),
        _rank=pl.col("sensitivity").replace_strict(ranks, default=Sensitivity.SEVERE.rank, return_dtype=pl.Int64),
        _kind=pl.col("kind").replace_strict(places, return_dtype=pl.Int64),
    )
    keys = ["in_alert", "_deaths", "_rank", "_kind", "score", "subject", "other"]
    down = [True, True, True, False, True, False, False]
    ordered = keyed.sort(keys, descending=down, nulls_last=True).drop("_deaths", "_rank", "_kind")
    return ordered.select("item_id", "kind", *FOUND, "in_alert", "sensitivity", "units")


def places(items: pl.DataFrame) -> pl.Series:
    """The place of each item in the order of the queue, as a text that sorts so; no two are the same.

    The rows are those of :func:`queue`, of this run or of others. Only digits, small letters and ``_`` stand in a place
    but for what the subject brings, so that it sorts alike everywhere.
    """
    ranks = {one.value: one.rank for one in Sensitivity}
    kinds = {kind.name: place for place, kind in enumerate(KINDS)}
    scores = items.select("score").unique()
    down = scores.with_columns(down=pl.Series([_down(one) for one in scores["score"]], dtype=pl.String))
    deaths = _MOST_DEATHS - (2 * pl.col("deaths_high").cast(pl.Int64)).fill_null(1)
    rank = pl.col("sensitivity").replace_strict(ranks, default=Sensitivity.SEVERE.rank, return_dtype=pl.Int64)
    parts = (
        pl.when("in_alert").then(pl.lit("0")).otherwise(pl.lit("1")),
        deaths.cast(pl.String).str.zfill(20),
        (9 - rank).cast(pl.String),
        pl.col("kind").replace_strict(kinds, return_dtype=pl.Int64).cast(pl.String).str.zfill(2),
        "down", "subject", pl.lit("_"), "other",
    )  # fmt: skip
    keyed = items.join(down, on="score", how="left", nulls_equal=True, maintain_order="left")
    return keyed.select(place=pl.concat_str(*parts)).to_series()


def _down(number: float | None) -> str:
    """A number as a text that sorts the greatest first, none last."""
    if number is None:
        return "g" * 16
    (bits,) = struct.unpack(">Q", struct.pack(">d", number + 0.0))
    rising = bits ^ _ALL if bits >> 63 else bits | 1 << 63
    return f"{rising ^ _ALL:016x}"
