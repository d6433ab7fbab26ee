"""Independent origins: how many said it first, once copies, re-shares, citations and translations are taken away.

Owns the tracing of every cited name to an origin, with the reason wherever one is not counted, and the record of every
dependence. What is copied counts once however often it is copied. Nothing dated after the day asked for is counted,
nor what is in quarantine. Independence beyond that is never claimed: two names that secretly share a source are two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from forewarn.assess.linkage.prepare import require_claims, spelling
from forewarn.assess.origins.cited import cited_names
from forewarn.assess.origins.dependence import COPYING, Groups, Link, Mention, Ruling, Telling, group
from forewarn.assess.origins.wording import Words
from forewarn.ids import content_id, short

__all__ = ["IN_QUARANTINE", "RULE_AUTHOR", "Traced", "count_origins", "current_rulings", "trace", "trace_origins"]

IN_QUARANTINE = "in quarantine, not counted"
"""The reason of a name that is not counted because its claim is in quarantine."""

RULE_AUTHOR = "origins 3"
"""Who the software's records of dependence are by: the rules of this module, by version."""

_NEEDED = ("claim_id", "channel", "known_on", "origins", "text")
_TRACE = {
    "root": pl.String,
    "claim_id": pl.String,
    "cited": pl.String,
    "origin": pl.String,
    "counted": pl.Boolean,
    "reason": pl.String,
    "telling": pl.String,
    "strong": pl.String,
}
_DEPENDENCE = dict.fromkeys(
    ("root", "dependence_id", "later", "earlier", "rule", "strength", "reason", "author", "overruled"), pl.String
)
_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Traced:
    """What is known of the origins of the claims.

    Attributes:
        trace: every cited name of every claim: ``root, claim_id, cited, origin, counted, reason``, the group it
            belongs to (``telling``) and the one by strong grounds alone (``strong``), empty where it is not counted.
        dependences: why two claims are held to be dependent: ``root, dependence_id, later, earlier, rule, strength``
            (strong, weak or ruled), ``reason, author, overruled`` (why it does not count, or empty).
    """

    trace: pl.DataFrame
    dependences: pl.DataFrame


def trace(
    claims: pl.DataFrame,
    clusters: pl.DataFrame,
    *,
    as_known_at: date | None = None,
    rulings: Sequence[Ruling] = (),
    quarantined: Collection[str] = (),
) -> Traced:
    """Every cited name of every claim with the origin it goes back to, and every dependence between claims.

    Args:
        claims: rows of ``CLAIM_COLUMNS``; ``source_name`` may be present and else the channel stands for it.
        clusters: ``claim_id`` and ``root``.
        as_known_at: claims known and origins dated later are not counted; all are when missing.
        rulings: what people said of pairs of claims, as :func:`current_rulings` gives them.
        quarantined: ids of claims that are not counted, though they stay in the trace.
    """
    require_claims(claims, _NEEDED)
    placed = claims.join(clusters.select("claim_id", "root"), on="claim_id")
    if as_known_at is not None:
        placed = placed.filter(pl.col("known_on") <= as_known_at.isoformat())
    kept_out = pl.col("claim_id").is_in(list(quarantined))
    active, apart = placed.filter(~kept_out), placed.filter(kept_out)
    names = cited_names(active, as_known_at)
    usable = names.filter(pl.col("why") == "").sort("root", "known_on", "claim_id", "origin", "cited")
    is_single = pl.len().over("root") == 1
    single = usable.filter(is_single).with_columns(
        counted=pl.lit(value=True), reason=pl.lit(""), telling="claim_id", strong="claim_id"
    )
    shared, links = _shared(usable.filter(~is_single), active, rulings)
    idle = [names.filter(pl.col("why") != "").with_columns(reason="why")]
    if apart.height:
        idle.append(cited_names(apart, as_known_at).with_columns(reason=pl.lit(IN_QUARANTINE)))
    blank = {"counted": pl.lit(value=False), "telling": pl.lit(""), "strong": pl.lit("")}
    parts = [single, shared, *(part.with_columns(**blank) for part in idle)]
    whole = pl.concat([part.select(*_TRACE).cast(_TRACE) for part in parts])  # type: ignore[arg-type]
    known = placed.select("claim_id", "known_on")
    ordered = whole.join(known, on="claim_id", how="left").sort("root", "known_on", "claim_id", "origin", "cited")
    return Traced(ordered.select(*_TRACE), pl.DataFrame(links, schema=_DEPENDENCE, orient="row").sort(*_DEPENDENCE))


def trace_origins(claims: pl.DataFrame, clusters: pl.DataFrame, *, as_known_at: date | None = None) -> pl.DataFrame:
    """The ``trace`` of :func:`trace` without rulings and quarantine."""
    return trace(claims, clusters, as_known_at=as_known_at).trace


def count_origins(traced: pl.DataFrame) -> pl.DataFrame:
    """Per cluster of a trace: ``root``, ``independent_origins``, ``origins`` and ``without_weak``.

    ``origins`` are their names, in order; ``without_weak`` is how many there would be if no weaker ground held.
    """
    strong = pl.col("strong").filter(pl.col("strong") != "").n_unique()
    return (
        traced.group_by("root")
        .agg(
            independent_origins=pl.col("counted").sum().cast(pl.Int64),
            origins=pl.col("origin").filter("counted").sort(),
            without_weak=strong.cast(pl.Int64),
        )
        .sort("root")
    )


def current_rulings(rulings: pl.DataFrame) -> list[Ruling]:
    """What people's rulings come to: of each pair the latest that nobody withdrew, in order of the pairs.

    Args:
        rulings: every ruling made: ``ruling_id, left, right, verdict, author, ruled_at, reason, withdraws``.
    """
    withdrawn = rulings.filter(pl.col("verdict") == "withdrawn")["withdraws"]
    held = rulings.filter((pl.col("verdict") != "withdrawn") & ~pl.col("ruling_id").is_in(withdrawn.to_list()))
    latest = held.sort("ruled_at", "ruling_id").unique(["left", "right"], keep="last").sort("left", "right")
    return [Ruling(*row) for row in latest.select("left", "right", "verdict", "author", "reason").iter_rows()]


def _shared(usable: pl.DataFrame, active: pl.DataFrame, rulings: Sequence[Ruling]) -> tuple[pl.DataFrame, list[Any]]:
    """Trace and dependences of clusters with more than one mention."""
    language = pl.col("language").fill_null("") if "language" in active.columns else pl.lit("")
    said = active.select(
        "claim_id", said=spelling(pl.col("text")), text=pl.col("text").fill_null(""), language=language
    )
    rows = usable.join(said, on="claim_id", how="left", maintain_order="left").to_dicts()
    traced: list[_Row] = []
    links: list[Any] = []
    by_claim = _by_claim(rulings)
    for root, found in groupby(rows, key=itemgetter("root")):
        members = list(found)
        mentions = [Mention(row["claim_id"], row["cited"], row["origin"]) for row in members]
        groups = group(list(_tellings(members)), mentions, _about(members, by_claim))
        traced += _traced(members, groups)
        links += (_record(root, link) for link in groups.links)
    kept = [tuple(row[name] for name in _TRACE) for row in traced]
    return pl.DataFrame(kept, schema=_TRACE, orient="row"), links


def _by_claim(rulings: Iterable[Ruling]) -> dict[str, list[Ruling]]:
    found: dict[str, list[Ruling]] = {}
    for ruling in rulings:
        found.setdefault(ruling.left, []).append(ruling)
    return found


def _about(members: Sequence[_Row], by_claim: Mapping[str, list[Ruling]]) -> list[Ruling]:
    return [ruling for claim in dict.fromkeys(row["claim_id"] for row in members) for ruling in by_claim.get(claim, ())]


def _tellings(members: Sequence[_Row]) -> Iterator[Telling]:
    for claim, rows in groupby(members, key=itemgetter("claim_id")):
        mentions = list(rows)
        first = mentions[0]
        cites = frozenset(row["origin"] for row in mentions) - {first["own"]}
        words = Words(first["said"] or "", first["text"] or "", first["language"] or "", cites)
        yield Telling(claim, first["known_on"], first["own"], words)


def _traced(members: Sequence[_Row], groups: Groups) -> Iterator[_Row]:
    """The rows with ``counted``, ``reason`` and the claims that name their groups."""
    copied = {link.later: link for link in reversed(groups.links) if not link.overruled and link.ground.rule in COPYING}
    other = {link.later: link for link in reversed(groups.links) if not link.overruled and not link.origin}
    for place, row in enumerate(members):
        first, strong = members[groups.number[place]], members[groups.strong[place]]
        is_counted = groups.number[place] == place
        link = copied.get(row["claim_id"]) or other.get(row["claim_id"])
        yield row | {
            "counted": is_counted,
            "reason": "" if is_counted else _reason(first, link),
            "telling": f"{first['claim_id']}/{groups.number[place]}",
            "strong": f"{strong['claim_id']}/{groups.strong[place]}",
        }


def _reason(first: _Row, link: Link | None) -> str:
    if link is None:
        return f"goes back to {first['origin']}, counted already"
    if link.ground.rule in COPYING:
        return f"a copy of {link.earlier}"
    if link.author:
        return f"ruled to go back to {short(link.earlier)} by {link.author}: {link.ground.reason}"
    return f"held to be a translation of {short(link.earlier)} (a weaker ground)"


def _record(root: str, link: Link) -> tuple[str, ...]:
    strength = "ruled" if link.author else "weak" if link.ground.is_weak else "strong"
    author = link.author or RULE_AUTHOR
    key = content_id("dep", link.later, link.earlier, link.ground.rule, link.origin, author)
    said = (link.later, link.earlier, link.ground.rule, strength, link.ground.reason, author, link.overruled)
    return (root, key, *said)
