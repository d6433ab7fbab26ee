"""How well the linkage rules find the coder's events on an open file of 1,062 media reports.

Prints pairwise and B-cubed precision, recall and F1 of: same date and city; the shipped rules; the same rules with
points estimated under cross-validation with events kept whole. The shipped points were set by hand with an eye on
this very file, so their line is no forecast of what they do elsewhere.

    python benchmarks/linkage.py [--data ../shared/data/linkage/event_reports_ivory_coast.csv]
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import combinations_with_replacement
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from forewarn.assess import RuleBook, candidate_pairs, clusters, compare, findings, rulebook, told_apart
from forewarn.assess.linkage.compare import RULES
from forewarn.assess.linkage.rulebook import Level
from forewarn.collect import (
    ParseRequest,
    Provenance,
    channel,
    keep_snapshot,
    load_mapping,
    parse,
    snapshot_path,
)
from forewarn.ids import sha256_hex

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "linkage" / "event_reports_ivory_coast.csv"
MAPPING = Path(__file__).resolve().parents[1] / "examples" / "mappings" / "event_reports.yml"
FOLDS = 5
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
Clusters = dict[str, str]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    claims, gold = claims_of(parser.parse_args().data)
    print(f"{claims.height} reports on {len(set(gold.values()))} events")
    print(f"{'':44}  pairwise P    R   F1   B-cubed P    R   F1")
    started = time.perf_counter()
    place_and_day = claims.select(pl.format("{} {}", "started_on", "place_name")).to_series()
    show("same date and city", dict(zip(claims["claim_id"], place_and_day, strict=True)), gold)
    candidates = candidate_pairs(claims)
    show("shipped rules", linked(claims, candidates.pairs, rulebook()), gold)
    show(f"re-estimated rules, {FOLDS} folds of events", cross_validated(claims, gold), gold)
    found = sum(gold[left] == gold[right] for left, right in candidates.pairs.iter_rows())
    true = sum(n * (n - 1) // 2 for n in Counter(gold.values()).values())
    print(f"candidate pairs: {candidates.pairs.height}, {found} of the {true} true pairs among them")
    print(f"{time.perf_counter() - started:.1f} s")


def claims_of(path: Path, mapping: Path = MAPPING) -> tuple[pl.DataFrame, Clusters]:
    """The claims of the reports, collected as users do, and the event the coders put each in.

    The mapping leaves ``event_id`` out; it is read here beside the claims, by external id, to score by.
    """
    received_at = datetime(2026, 1, 1, tzinfo=UTC)
    provenance = Provenance("table", "benchmark", "see the mapping", received_at)
    with TemporaryDirectory() as folder:
        snapshot = keep_snapshot(path, Path(folder), provenance=provenance)
        request = ParseRequest(
            definition=channel("table"),
            snapshot_path=snapshot_path(Path(folder), snapshot),
            snapshot=snapshot,
            received_at=received_at,
            today=received_at.date(),
            mapping=load_mapping(mapping),
        )
        batches = list(parse(request))
    rejected = sum(batch.rejects.height for batch in batches)
    if rejected:
        print(f"{rejected} rows rejected")
    reports, claims, sources = (
        pl.concat([getattr(batch, part) for batch in batches]) for part in ("reports", "claims", "sources")
    )
    names = reports.select("report_id", "source_id").join(
        sources.unique("source_id").select("source_id", source_name="name"), on="source_id"
    )
    claims = claims.join(names.drop("source_id"), on="report_id", how="left", maintain_order="left")
    events = dict(pl.read_csv(path, infer_schema_length=None).select("id", "event_id").iter_rows())
    return claims, {claim: events[own] for claim, own in claims.select("claim_id", "external_id").iter_rows()}


def linked(claims: pl.DataFrame, pairs: pl.DataFrame, rules: RuleBook) -> Clusters:
    """The clusters the machine's judgements give."""
    return clustered(claims, compare(claims, pairs, rules=rules))


def clustered(claims: pl.DataFrame, verdicts: pl.DataFrame) -> Clusters:
    """The clusters that verdicts of the machine give."""
    judged = verdicts.with_columns(
        judgement_id=pl.format("{}{}", "left", "right"),
        kind=pl.lit("machine"),
        author=pl.lit("benchmark"),
        decided_at=pl.lit("2026-01-01T00:00:00Z"),
        withdraws=pl.lit(""),
    )
    return dict(clusters(claims["claim_id"], judged, never=told_apart(claims)).iter_rows())


def cross_validated(claims: pl.DataFrame, gold: Clusters) -> Clusters:
    """Clusters of the whole file in which no pair is judged by rules that saw an event of either claim.

    Events fall into folds by a hash. Pairs between folds a and b are judged by rules estimated without both, so
    the file stays as crowded as it is.
    """
    fold = {claim: int(sha256_hex(event.encode())[:8], 16) % FOLDS for claim, event in gold.items()}
    pairs = candidate_pairs(claims).pairs
    between = [tuple(sorted((fold[left], fold[right]))) for left, right in pairs.iter_rows()]
    verdicts = []
    for first, second in combinations_with_replacement(range(FOLDS), 2):
        seen = [claim for claim in claims["claim_id"] if fold[claim] not in (first, second)]
        rules = estimated(claims.filter(pl.col("claim_id").is_in(seen)), gold)
        mine = pl.Series([folds == (first, second) for folds in between])
        verdicts.append(compare(claims, pairs.filter(mine), rules=rules))
    return clustered(claims, pl.concat(verdicts))


def estimated(claims: pl.DataFrame, gold: Clusters) -> RuleBook:
    """Points as log2 of how much likelier a level is among true pairs; the threshold with the best F1 here."""
    pairs = candidate_pairs(claims).pairs
    true = pl.Series([gold[left] == gold[right] for left, right in pairs.iter_rows()])
    found = findings(claims, pairs)
    rules = {rule: _points(found[rule], true, rulebook().rules[rule]) for rule in RULES}
    start = math.log2(int(true.sum()) / int((~true).sum()))
    books = [RuleBook("estimated", start, score, score, rules) for score in THRESHOLDS]
    return max(books, key=lambda book: pairwise(linked(claims, pairs, book), gold)[2])


def _points(level: pl.Series, true: pl.Series, shipped: Iterable[str]) -> dict[str, Level]:
    names = list(shipped)
    with_it, without = Counter(level.filter(true)), Counter(level.filter(~true))
    same, other = int(true.sum()) + len(names), int((~true).sum()) + len(names)
    return {
        name: Level(math.log2((with_it[name] + 1) / same) - math.log2((without[name] + 1) / other), "")
        for name in names
    }


def pairwise(found: Clusters, gold: Clusters) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of claims held to be one."""
    both, ours, theirs = (
        sum(n * (n - 1) // 2 for n in Counter(keys).values())
        for keys in (((found[c], gold[c]) for c in found), found.values(), (gold[c] for c in found))
    )
    return _with_f1(both / ours if ours else 1.0, both / theirs if theirs else 1.0)


def b_cubed(found: Clusters, gold: Clusters) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 (Bagga and Baldwin 1998): each claim weighs the same."""
    both = Counter((found[claim], gold[claim]) for claim in found)
    ours, theirs = Counter(found.values()), Counter(gold[claim] for claim in found)
    precision = sum(n * n / ours[one] for (one, _), n in both.items()) / len(found)
    recall = sum(n * n / theirs[other] for (_, other), n in both.items()) / len(found)
    return _with_f1(precision, recall)


def _with_f1(precision: float, recall: float) -> tuple[float, float, float]:
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


def show(name: str, found: Clusters, gold: Clusters) -> None:
    """One line of the table."""
    figures = [f"{value:.2f}" for value in (*pairwise(found, gold), *b_cubed(found, gold))]
    print(f"{name:44}        {'  '.join(figures[:3])}        {'  '.join(figures[3:])}")


if __name__ == "__main__":
    main()
