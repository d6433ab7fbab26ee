"""Incidents as views over clusters of claims: every figure derived by a stated rule, none typed in.

Owns the rules by which many tellings give one row. Low is the lowest low, high the highest high, best the median
of one best per independent telling; what nobody gave stays missing. The finest date and the finest place win;
what was done is what most tellings say; on a tie about who is alleged, nobody is named. Works as known at a day:
claims that became known later are not seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from forewarn.assess.linkage.prepare import DTYPES, list_text, require_claims, spelling
from forewarn.assess.origins.dependence import Ruling
from forewarn.assess.origins.trace import IN_QUARANTINE, count_origins, trace
from forewarn.errors import InputFormatError, shorten
from forewarn.ids import content_ids
from forewarn.model.claim import COUNTED, DATE_PRECISIONS
from forewarn.model.place import PLACE_PRECISIONS
from forewarn.model.tables import INCIDENT_COLUMNS

__all__ = ["Assembly", "assemble"]

_WHERE = ("country", "admin1", "admin2", "place_name", "latitude", "longitude", "place_precision", "cell")
_TOLD = ("act", "violence", "target")


@dataclass(frozen=True, slots=True)
class Assembly:
    """Incidents and what they rest on.

    Attributes:
        incidents: one row per incident, the columns of ``INCIDENT_COLUMNS``, sorted by ``incident_id``.
        members: ``incident_id`` and ``claim_id``, sorted.
        trace: the tracing of origins, with ``incident_id`` in place of the cluster's root.
        dependences: why two of its claims are held to be dependent, likewise.
    """

    incidents: pl.DataFrame
    members: pl.DataFrame
    trace: pl.DataFrame
    dependences: pl.DataFrame


def assemble(
    claims: pl.DataFrame,
    clusters: pl.DataFrame,
    *,
    as_known_at: date | None = None,
    rulings: Sequence[Ruling] = (),
    quarantined: Collection[str] = (),
) -> Assembly:
    """The incidents held to have happened, as far as known.

    Args:
        claims: rows of ``CLAIM_COLUMNS``; ``source_name`` may be present.
        clusters: ``claim_id`` and ``root``; claims without a cluster stand alone.
        as_known_at: claims with a later ``known_on`` are left out, as are origins dated later. All when missing.
        rulings: what people said of pairs of claims: whether they go back to one origin.
        quarantined: ids of claims that stay members, and give the incident its id, but count for nothing else; an
            incident of such claims alone is not held to have happened and is left out.

    A range holds every value given: where one claim says at least 100 and another 5, it runs from 5 to 100 and the
    incident is contested. ``contested`` looks at every kind of count; ``status`` is ``corroborated`` from two
    independent origins.
    """
    require_claims(claims)
    if as_known_at is not None:
        claims = claims.filter(pl.col("known_on") <= as_known_at.isoformat())
    placed = claims.join(clusters.select("claim_id", "root"), on="claim_id", how="left")
    placed = placed.with_columns(pl.col("root").fill_null(pl.col("claim_id"))).sort("root", "known_on", "claim_id")
    out = pl.col("claim_id").is_in(list(quarantined))
    held = placed.filter(~out.all().over("root"))
    where = held.select("claim_id", "root")
    traced = trace(held.drop("root"), where, as_known_at=as_known_at, rulings=rulings, quarantined=quarantined)
    origins = count_origins(traced.trace).select("root", "independent_origins")
    identity = _identity(held)
    placed = held.filter(~out).join(_tellings(traced.trace), on="claim_id", how="left", maintain_order="left")
    parts = [_claims_of(identity, placed), origins, _when(placed), _where(placed)]
    parts += [_what(placed), _counts(placed)]
    rows = parts[0]
    for part in parts[1:]:
        rows = rows.join(part, on="root", how="left", validate="1:1")
    rows = rows.with_columns(
        status=pl.when(pl.col("independent_origins") >= 2).then(pl.lit("corroborated")).otherwise(pl.lit("reported")),
        overruled=pl.lit(""),
    )
    ids = rows.select("root", "incident_id")
    members = held.select("root", "claim_id").join(ids, on="root").select("incident_id", "claim_id")
    columns = [pl.col(column.name).cast(DTYPES[column.kind]) for column in INCIDENT_COLUMNS]
    return Assembly(
        rows.select(columns).sort("incident_id"),
        members.sort("incident_id", "claim_id"),
        *(
            frame.join(ids, on="root").select("incident_id", pl.exclude("root", "incident_id"))
            for frame in (traced.trace, traced.dependences)
        ),
    )


def _tellings(traced: pl.DataFrame) -> pl.DataFrame:
    """``claim_id``, ``telling`` (the groups of origins it goes back to, joined) and whether it ``is_copy``."""
    return (
        traced.filter(pl.col("reason") != IN_QUARANTINE)
        .group_by("claim_id")
        .agg(
            telling=pl.col("telling").filter(pl.col("telling") != "").unique().sort().str.join(" | "),
            is_copy=pl.col("reason").str.starts_with("a copy of ").any(),
        )
    )


def _claims_of(identity: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """The identity with ``claims`` and ``known_on`` over those that count, and how many are ``in_quarantine``."""
    counted = placed.group_by("root").agg(counted=pl.len().cast(pl.Int64), first_known=pl.col("known_on").min())
    both = identity.join(counted, on="root", how="left")
    return both.select(
        "root",
        "incident_id",
        known_on="first_known",
        claims="counted",
        in_quarantine=pl.col("claims") - pl.col("counted"),
    )


def _identity(placed: pl.DataFrame) -> pl.DataFrame:
    """``root``, ``incident_id`` from the first claim known, ``claims`` and ``known_on``."""
    first = placed.group_by("root", maintain_order=True).agg(
        pl.col("claim_id").first(), pl.col("known_on").first(), claims=pl.len().cast(pl.Int64)
    )
    ids = content_ids("inc", [first["claim_id"].to_list()])
    return first.drop("claim_id").with_columns(incident_id=pl.Series(ids, dtype=pl.String))


def _when(placed: pl.DataFrame) -> pl.DataFrame:
    """Earliest start and latest end among the claims with the finest date; a claim without a day comes last."""
    rank = pl.col("date_precision").replace_strict(_ranks(DATE_PRECISIONS), default=9, return_dtype=pl.Int8)
    ranked = placed.select(
        "root",
        "date_precision",
        "started_on",
        "ended_on",
        _rank=pl.when(pl.col("started_on").is_null()).then(9).otherwise(rank),
    )
    finest = ranked.filter(pl.col("_rank") == pl.col("_rank").min().over("root"))
    return finest.group_by("root").agg(
        pl.col("started_on").min(), pl.col("ended_on").max(), pl.col("date_precision").first()
    )


def _where(placed: pl.DataFrame) -> pl.DataFrame:
    """The place of the claim with the finest place; of several, the spot most claims give, then the first known."""
    rank = pl.col("place_precision").replace_strict(_ranks(PLACE_PRECISIONS), default=9, return_dtype=pl.Int8)
    frame = placed.select("root", "known_on", "claim_id", "is_copy", *_WHERE, _rank=rank)
    finest = frame.filter(pl.col("_rank") == pl.col("_rank").min().over("root"))
    votes = (~pl.col("is_copy").fill_null(value=False)).sum().over("root", "cell", "place_name")
    ordered = finest.with_columns(_votes=votes).sort(
        "root", "_votes", "known_on", "claim_id", descending=[False, True, False, False]
    )
    return ordered.group_by("root", maintain_order=True).first().select("root", *_WHERE)


def _ranks(names: Iterable[str]) -> dict[str, int]:
    return {name: rank for rank, name in enumerate(names)}


def _what(placed: pl.DataFrame) -> pl.DataFrame:
    """Act, violence and target as most tellings say (then the first known), parties, and who is alleged."""
    rows = placed.select("root").unique(maintain_order=True)
    for column in _TOLD:
        rows = rows.join(_most_told(placed, column), on="root", how="left")
    rows = rows.with_columns(
        pl.col("act").fill_null("unknown"), pl.col("violence").fill_null("unknown"), pl.col("target").fill_null("")
    )
    rows = rows.join(_most_told(placed, "alleged_by", tie_names_nobody=True), on="root", how="left")
    return rows.with_columns(pl.col("alleged_by").fill_null("")).join(_parties(placed), on="root", how="left")


def _most_told(placed: pl.DataFrame, column: str, *, tie_names_nobody: bool = False) -> pl.DataFrame:
    """``root`` and the value most tellings give, blanks and ``unknown`` left out, spellings taken together."""
    said = placed.select("root", "telling", column, _spelled=spelling(pl.col(column)))
    said = said.filter(~pl.col("_spelled").is_in(["", "unknown"]))
    votes = said.group_by("root", "_spelled", maintain_order=True).agg(
        pl.col(column).first(), _votes=pl.col("telling").n_unique()
    )
    most = votes.filter(pl.col("_votes") == pl.col("_votes").max().over("root"))
    if tie_names_nobody:
        most = most.filter(pl.len().over("root") == 1)
    return most.group_by("root", maintain_order=True).first().select("root", column)


def _parties(placed: pl.DataFrame) -> pl.DataFrame:
    """``root`` and ``parties``: every name any claim gives, once, in order of becoming known, as JSON."""
    single = placed.filter(pl.len().over("root") == 1).select("root", parties=list_text("parties"))
    shared = placed.filter(pl.len().over("root") > 1).select("root", names=list_text("parties"))
    try:
        lists = shared.with_columns(pl.col("names").str.json_decode(pl.List(pl.String)))
    except pl.exceptions.ComputeError as error:
        raise InputFormatError(
            f"is not a JSON list of names ({shorten(error, 60)})",
            where="claims, column parties",
            mend='write ["name", ...]',
        ) from None
    named = lists.explode("names").drop_nulls().unique(maintain_order=True)
    joined = named.group_by("root", maintain_order=True).agg(
        parties=pl.format("[{}]", _json_text(pl.col("names")).str.join(", "))
    )
    without = shared.select("root").unique().join(joined, on="root", how="anti").with_columns(parties=pl.lit("[]"))
    return pl.concat([single, joined.select("root", "parties"), without])


def _json_text(text: pl.Expr) -> pl.Expr:
    """A text as a JSON string; control characters become spaces."""
    plain = text.str.replace_all(r"\p{Cc}", " ")
    escaped = plain.str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
    return pl.format('"{}"', escaped)


def _counts(placed: pl.DataFrame) -> pl.DataFrame:
    """Low, best and high of every kind of count, and ``contested``."""
    aggregates: list[pl.Expr] = []
    disputes = []
    for name in COUNTED:
        low, best, high = (pl.col(f"{name}_{end}") for end in ("low", "best", "high"))
        least, most = pl.coalesce(low, best), pl.coalesce(high, best)
        lowest, highest = pl.min_horizontal(low, best, high), pl.max_horizontal(low, best, high)
        aggregates += [
            pl.when(least.is_not_null().any()).then(lowest.min()).alias(f"{name}_low"),
            pl.when(most.is_not_null().any()).then(highest.max()).alias(f"{name}_high"),
            (least.max() > most.min()).fill_null(value=False).alias(f"_{name}"),
        ]
        disputes.append(f"_{name}")
    rows = placed.group_by("root").agg(aggregates)
    for name in COUNTED:
        rows = rows.join(_best(placed, f"{name}_best"), on="root", how="left")
    return rows.with_columns(contested=pl.any_horizontal(disputes).cast(pl.Int64)).drop(disputes)


def _best(placed: pl.DataFrame, column: str) -> pl.DataFrame:
    """``root`` and the lower median of one value per telling: of each the last known that is no copy."""
    given = placed.filter(pl.col(column).is_not_null() & ~pl.col("is_copy").fill_null(value=False))
    one = given.select("root", "telling", column).unique(["root", "telling"], keep="last", maintain_order=True)
    ordered = one.sort("root", column)
    return ordered.group_by("root", maintain_order=True).agg(pl.col(column).get((pl.len() - 1) // 2))
