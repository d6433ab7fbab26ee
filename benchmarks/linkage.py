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
import resource
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import combinations_with_replacement
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from forewarn.assess import clusters, told_apart
from forewarn.assess.linkage.compare import compare, findings
from forewarn.assess.linkage.fit import fitted
from forewarn.assess.linkage.linked import extended, nothing_linked
from forewarn.assess.linkage.pairs import candidate_pairs
from forewarn.assess.linkage.prepare import DTYPES
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
from forewarn.ids import content_ids, sha256_hex
from forewarn.model.grid import cells_of
from forewarn.model.tables import CLAIM_COLUMNS

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
DATA = SHARED / "linkage" / "event_reports_ivory_coast.csv"
OTHER = SHARED / "events" / "ucdp_ged191_myanmar_bangladesh.csv"
MAPPING = Path(__file__).resolve().parents[1] / "examples" / "mappings" / "event_reports.yml"
FOLDS = 5
NEW = 1_000
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
    found = {"quality": quality(claims, gold)}
    if options.other.exists():
        found["quality"] |= elsewhere(options.other)
    if options.claims:
        found["scale"] = scale(options.claims)
    found["against limits"] = against_limits(found)
    print(json.dumps(found, indent=1) if options.json else table(found))


def table(found: dict[str, dict[str, list[float]]]) -> str:
    """The figures as text."""
    lines = [f"{'':48}  pairwise P    R   F1   B-cubed P    R   F1"]
    for name, figures in found["quality"].items():
        told = [f"{value:.2f}" for value in figures]
        lines.append(f"{name:48}        {'  '.join(told[:3])}        {'  '.join(told[3:])}")
    for part in ("scale", "against limits"):
        lines += ["", part, *(f"  {name:46} {value:,.2f}" for name, value in found.get(part, {}).items())]
    return "\n".join(lines)


def against_limits(found: dict[str, dict[str, list[float]]]) -> dict[str, float]:
    """How the figures stand to the limits: below 1 is within, for times and memory; from 1 up for F1."""
    measured = {"F1 without the events judged": found["quality"]["trained without the events judged"][2]}
    measured |= found.get("scale", {})
    return {name: round(measured[name] / limit, 3) for name, limit in LIMITS.items() if name in measured}


def scale(count: int) -> dict[str, float]:
    """Seconds and memory to link invented claims, and then a thousand more."""
    claims, _ = invented(count + NEW)
    mixed = claims.sample(fraction=1.0, shuffle=True, seed=1)
    new, old = mixed.head(NEW), mixed.tail(-NEW)
    del claims, mixed
    started = time.perf_counter()
    first = extended(nothing_linked(), old, decided_at=datetime(2026, 1, 1, tzinfo=UTC))
    whole = time.perf_counter() - started
    started = time.perf_counter()
    second = extended(first.linked, new, decided_at=datetime(2026, 1, 2, tzinfo=UTC))
    return {
        "claims": count,
        "pairs compared": first.compared,
        "seconds": whole,
        "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "new claims": NEW,
        "new pairs compared": second.compared,
        "claims clustered anew": second.touched.height,
        "seconds for new": time.perf_counter() - started,
    }


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


def elsewhere(path: Path) -> dict[str, list[float]]:
    """Quality of the shipped rules on events of another country, each told by each of its sources with damage.

    Of four tellings one has the day moved by one, one gives only the area, one another number of dead, one no parties;
    which is drawn by chance with a fixed seed. Damage is mild and texts are the sources' own headlines, so the figure
    shows that nothing breaks abroad, not how the rules fare on reports coded independently.
    """
    rows = pl.read_csv(path, infer_schema_length=None).with_columns(
        pl.col("source_office", "source_date", "source_headline").fill_null("").str.split(";")
    )
    counts = [pl.col(name).list.len() for name in ("source_office", "source_date", "source_headline")]
    told = rows.filter((counts[0] == counts[1]) & (counts[1] == counts[2])).explode(
        "source_office", "source_date", "source_headline"
    )
    chance = np.random.default_rng(19)
    size = told.height
    moved = pl.Series(np.where(chance.random(size) < 0.25, chance.choice([-1, 1], size), 0))
    coarse, silent = pl.Series(chance.random(size) < 0.25), pl.Series(chance.random(size) < 0.25)
    other = pl.Series(np.where(chance.random(size) < 0.25, chance.integers(1, 4, size), 0))
    days = [pl.col(name).str.to_date().dt.offset_by(pl.format("{}d", moved)).cast(pl.String) for name in _ENDS]
    dead = (pl.col("best") + other).cast(pl.Int64)
    ids = content_ids("clm", [[str(n) for n in range(size)]])
    printed = pl.col("source_date").str.to_date("%Y-%m-%d", strict=False)
    latitude, longitude = (pl.when(~coarse).then(pl.col(name).cast(pl.Float64)) for name in ("latitude", "longitude"))
    frame = told.select(
        claim_id=pl.Series(ids),
        report_id=pl.Series(ids),
        channel=pl.lit("retold"),
        act=pl.when(pl.col("type_of_violence") == 3).then(pl.lit("killing")).otherwise(pl.lit("clash")),
        started_on=days[0],
        ended_on=days[1],
        date_precision=pl.when(pl.col("date_prec") == 1).then(pl.lit("day")).otherwise(pl.lit("week")),
        known_on=pl.coalesce(printed.cast(pl.String), days[1]),
        known_basis=pl.when(printed.is_null()).then(pl.lit("ended_plus_delay")).otherwise(pl.lit("published")),
        country=pl.col("country").str.slice(0, 3).str.to_uppercase(),
        admin1=pl.col("adm_1").fill_null(""),
        place_name=pl.when(~coarse).then(pl.col("where_coordinates")).otherwise(pl.lit("")),
        latitude=latitude,
        longitude=longitude,
        place_precision=pl.when(coarse).then(pl.lit("admin1")).otherwise(pl.lit("near")),
        parties=pl.when(silent).then(pl.lit("[]")).otherwise(pl.format('["{}", "{}"]', "side_a", "side_b")),
        deaths_best=dead,
        text="source_headline",
        source_name="source_office",
    )
    cells = cells_of(frame["latitude"].fill_null(np.nan).to_numpy(), frame["longitude"].fill_null(np.nan).to_numpy())
    claims = _as_claims(frame.with_columns(cell=pl.Series(cells)))
    gold = dict(zip(ids, told["id"].cast(pl.String), strict=True))
    place_and_day = claims.select(pl.format("{} {}", "started_on", "place_name")).to_series()
    ways = {
        "retold abroad: same date and place": dict(zip(claims["claim_id"], place_and_day, strict=True)),
        "retold abroad: shipped rules": linked(claims, candidate_pairs(claims).pairs, rulebook()),
    }
    return {name: [*pairwise(found, gold), *b_cubed(found, gold)] for name, found in ways.items()}


_ENDS = ("date_start", "date_end")


def _as_claims(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame with every column of a claim, empty where it is not given."""
    usual = {"violence": "unknown", "sensitivity": "low", "date_precision": "day", "known_basis": "published"}
    columns = []
    for column in CLAIM_COLUMNS:
        kind = DTYPES[column.kind]
        empty = pl.lit(usual.get(column.name, "" if kind == pl.String and column.kind != "day" else None), kind)
        columns.append(pl.col(column.name).cast(kind) if column.name in frame.columns else empty.alias(column.name))
    return frame.select(*columns, "source_name")


def invented(count: int, seed: int = 0) -> tuple[pl.DataFrame, np.ndarray]:
    """Invented claims on invented happenings, and the happening of each.

    A geometric number of tellings a happening, at most 40; places by a power law over 4,000 towns, so that some are
    crowded; a tenth of the happenings on sixty days of twenty years; days, deaths, acts and words told with error.
    """
    chance = np.random.default_rng(seed)
    towns, days = 4_000, 20 * 365
    latitude, longitude = chance.uniform(-30, 35, towns).round(4), chance.uniform(-15, 48, towns).round(4)
    share = np.arange(1, towns + 1) ** -0.8
    ends = np.cumsum(np.minimum(chance.geometric(0.45, count), 40))
    event = np.searchsorted(ends, np.arange(count), side="right")
    events = int(event[-1]) + 1
    town = chance.choice(towns, events, p=share / share.sum())[event]
    day = chance.integers(0, days, events)
    crowd = chance.random(events) < 0.1
    day[crowd] = chance.choice(chance.integers(0, days, 60), int(crowd.sum()))
    told = np.datetime64("2000-01-01") + (day[event] + chance.choice([0, 0, 0, 0, 0, 0, 1, -1], count))
    dead = np.minimum(chance.zipf(1.9, events) - 1, 5_000)[event]
    dead = np.where(chance.random(count) < 0.75, dead, np.maximum(0, dead + chance.integers(-2, 3, count)))
    acts = np.array(["killing", "clash", "attack", "bombardment", "abduction", "unknown"])
    act = np.where(chance.random(count) < 0.8, chance.integers(0, 6, events)[event], 5)
    sounds = ("lo", "mi", "ta", "ne", "ro", "si", "ku", "va", "do", "pe", "zan", "tir", "mol", "bek")
    words = np.array([f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("a", "e", "io", "u", "ar", "en") for c in sounds])
    topic = chance.integers(0, words.size, (events, 6))[event]
    text = words[np.where(chance.random((count, 6)) < 0.6, topic, chance.integers(0, words.size, (count, 6)))]
    sides = chance.integers(0, 200, (events, 2))[event]
    frame = pl.DataFrame(
        {
            "claim_id": [f"clm_{number:064x}" for number in range(count)],
            "started_on": pl.Series(told).cast(pl.Date).dt.strftime("%Y-%m-%d"),
            "known_on": pl.Series(told + chance.integers(0, 4, count)).cast(pl.Date).dt.strftime("%Y-%m-%d"),
            "act": acts[act],
            "town": town,
            "latitude": latitude[town],
            "longitude": longitude[town],
            "cell": cells_of(latitude[town], longitude[town]),
            "deaths_best": dead,
            "one": sides[:, 0],
            "other": sides[:, 1],
            "source": chance.integers(0, 300, count),
            "text": pl.DataFrame(text).select(pl.concat_str(pl.all(), separator=" ")).to_series(),
        }
    )
    frame = frame.with_columns(
        report_id=pl.col("claim_id").str.replace("clm", "rpt"),
        ended_on="started_on",
        country=pl.format("X{}", (pl.col("town") % 40).cast(pl.String).str.zfill(2)),
        place_name=pl.format("Town {}", "town"),
        place_precision=pl.lit("near"),
        parties=pl.format('["Group {}", "Group {}"]', "one", "other"),
        source_name=pl.format("Source {}", "source"),
        channel=pl.lit("news"),
    )
    return _as_claims(frame), event


if __name__ == "__main__":
    main()
