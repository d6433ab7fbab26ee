"""How well, how fast and in what memory claims are linked: quality on coded reports, scale on invented claims.

Quality: pairwise and B-cubed precision, recall and F1 of (a) same date and city, (b) the shipped rules, which were
trained on this very file, (c) rules trained without the events they judge, (d) rules trained without the elections
they judge, (e) the shipped rules on another country: each UCDP event of Myanmar and Bangladesh told again from each of
its sources with stated damage, on which nothing was trained. Scale: a million invented claims, then a thousand new.

    python benchmarks/linkage.py [--data FILE] [--other FILE] [--claims 1000000] [--json] [--train FILE]
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import UTC, datetime
from itertools import combinations_with_replacement
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from forewarn.assess import clusters, told_apart
from forewarn.assess.linkage.compare import compare, findings
from forewarn.assess.linkage.fit import fitted
from forewarn.assess.linkage.pairs import candidate_pairs
from forewarn.assess.linkage.rulebook import RuleBook, rulebook, yaml_from_rulebook
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

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
DATA = SHARED / "linkage" / "event_reports_ivory_coast.csv"
OTHER = SHARED / "events" / "ucdp_ged191_myanmar_bangladesh.csv"
MAPPING = Path(__file__).resolve().parents[1] / "examples" / "mappings" / "event_reports.yml"
FOLDS = 5
ELECTIONS = {"2000": 0, "2001": 0, "2010": 1, "2011": 2, "2020": 4, "2021": 4}
"""Years that make a block of time; every other year is block 3."""
LIMITS = {"F1 without the events judged": 0.72, "seconds": 90.0, "gigabytes": 4.0, "seconds for new": 3.0}
Clusters = dict[str, str]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--other", type=Path, default=OTHER)
    parser.add_argument("--claims", type=int, default=1_000_000, help="invented claims for the scale; 0 for none")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--train", type=Path, help="train on all of --data and write the rules to this file")
    options = parser.parse_args()
    claims, gold = claims_of(options.data)
    if options.train:
        options.train.write_text(yaml_from_rulebook(trained(claims, gold), _HEADER))
        return
    lines = {"reports": claims.height, "events": len(set(gold.values())), "quality": quality(claims, gold)}
    print(json.dumps(lines))


_HEADER = """\
How two claims are compared: what each finding is worth, in points, and the words it is told in.

One point doubles the odds that two claims speak of one happening (log base 2, the match weights of Fellegi and
Sunter 1969). The points of all rules are added to `start`; score = 1 / (1 + 2 ^ -points). Groups of claims whose pairs
score `same` on average become one; from `unsure` upwards a pair is listed, and a person is asked about it. `same` is
below one half because a missed link costs as much as a false one: the threshold that is best for F1 is half of the F1
that can be had (Lipton, Elkan and Naryanaswamy 2014). `by_hand` is what a person set first; `points` is what was
learnt, drawn towards it; where the training file shows no such pair the two are equal. The training file is of one
country; nothing in it is named here. Change `by_hand` and words by hand, and let the command make the rest."""


def trained(claims: pl.DataFrame, gold: Clusters) -> RuleBook:
    """The shipped rule book with its points learnt from all pairs of a file."""
    found = findings(claims, candidate_pairs(claims).pairs)
    return fitted(found, truth(found, gold), rulebook())


def truth(pairs: pl.DataFrame, gold: Clusters) -> pl.Series:
    """Whether the coders put both claims of a pair in one event."""
    return pl.Series([gold[left] == gold[right] for left, right in pairs.select("left", "right").iter_rows()])


def quality(claims: pl.DataFrame, gold: Clusters) -> dict[str, list[float]]:
    """Precision, recall and F1, pairwise and B-cubed, of each way to link."""
    place_and_day = claims.select(pl.format("{} {}", "started_on", "place_name")).to_series()
    pairs = candidate_pairs(claims).pairs
    blocks = dict(claims.select("claim_id", pl.col("started_on").fill_null("").str.slice(0, 4)).iter_rows())
    hashed = {claim: int(sha256_hex(event.encode())[:8], 16) % FOLDS for claim, event in gold.items()}
    elections = {claim: ELECTIONS.get(year, 3) for claim, year in blocks.items()}
    ways = {
        "same date and city": dict(zip(claims["claim_id"], place_and_day, strict=True)),
        "shipped rules (trained on this file)": linked(claims, pairs, rulebook()),
        "trained without the events judged": cross_validated(claims, gold, hashed),
        "trained without the elections judged": cross_validated(claims, gold, elections),
    }
    return {name: [*pairwise(found, gold), *b_cubed(found, gold)] for name, found in ways.items()}


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


def cross_validated(claims: pl.DataFrame, gold: Clusters, fold: dict[str, int]) -> Clusters:
    """Clusters of the whole file in which no pair is judged by rules that saw an event of either claim.

    Pairs between folds a and b are judged by rules trained without both, so the file stays as crowded as it is.
    """
    found = findings(claims, candidate_pairs(claims).pairs)
    same = truth(found, gold)
    folds = [(fold[left], fold[right]) for left, right in found.select("left", "right").iter_rows()]
    verdicts = []
    for first, second in combinations_with_replacement(range(FOLDS), 2):
        judged = pl.Series([set(pair) == {first, second} for pair in folds])
        seen = pl.Series([not set(pair) & {first, second} for pair in folds])
        rules = fitted(found.filter(seen), same.filter(seen), rulebook())
        verdicts.append(compare(claims, found.filter(judged).select("left", "right"), rules=rules))
    return clustered(claims, pl.concat(verdicts))


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


if __name__ == "__main__":
    main()
