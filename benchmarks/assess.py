"""What ``forewarn assess`` costs on a large store and what it is worth: the command itself, as users run it.

Quality: the coded reports are collected, assessed and exported by command; incidents are set against the coders' own
``event_id``, beside same date and city. Cost: a store of invented claims, then a thousand new; the run over what is new
is set against a run over the whole store with the same result (``--whole``), measured in the same run. With
``--mapping`` the same file is collected again by mappings that name less of it: no source, no coordinates, no text.

    python benchmarks/assess.py [--data FILE] [--mapping all] [--claims 200000] [--json]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import yaml

from linkage import DATA, MAPPING, NEW, b_cubed, invented, pairwise

COUNTRIES = ("MLI", "NER", "BFA", "TCD", "SDN", "SSD", "ETH", "SOM", "KEN", "UGA", "COD", "CAF", "CMR", "NGA", "CIV")
_FIELDS = """\
name: invented
title: Invented claims
publisher: Nobody (fictional)
licence: CC0-1.0
sensitivity: low
fields:
  external_id: id
  source: source
  published_on: printed
  started_on: day
  ended_on: day
  country: country
  place_name: town
  latitude: latitude
  longitude: longitude
  act: {column: act, map: {killing: killing, clash: clash, attack: attack, bombardment: bombardment, "*": unknown}}
  parties: [one, other]
  deaths: deaths
  text: text
"""


_PLACED = ("external_id", "started_on", "ended_on", "country", "place_name")
_COORDINATES = ("latitude", "longitude", "place_precision")
VARIANTS: dict[str, tuple[str, ...]] = {
    "without-source": ("source", "origins"),
    "without-coordinates": _COORDINATES,
    "without-source-and-coordinates": ("source", "origins", *_COORDINATES),
    "day-and-city": ("only", *_PLACED),
    "day-city-and-text": ("only", *_PLACED, "title", "text"),
    "day-city-and-coordinates": ("only", *_PLACED, *_COORDINATES),
}
"""Mappings that name less of the file: the fields left out, or after ``only`` those kept."""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--mapping", choices=("as-is", "all", *VARIANTS), default="as-is", help="which mappings to try")
    parser.add_argument("--claims", type=int, default=200_000, help="invented claims in the store; 0 for none")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    wanted = {"as-is": (), "all": tuple(VARIANTS)}.get(options.mapping, (options.mapping,))
    found: dict[str, Any] = {"quality": by_command(options.data)}
    for name in wanted:
        found["quality"] |= by_reduced(options.data, name)
    if options.claims:
        found["cost"] = cost(options.claims)
    print(json.dumps(found, indent=1) if options.json else table(found))


def table(found: dict[str, Any]) -> str:
    """The figures as text."""
    lines = [f"{'by command':54}  pairwise P    R   F1   B-cubed P    R   F1"]
    for name, figures in found["quality"].items():
        told = [f"{value:.2f}" for value in figures]
        lines.append(f"{name:54}        {'  '.join(told[:3])}        {'  '.join(told[3:])}")
    lines += ["", *(f"{name:50} {value:,.2f}" for name, value in found.get("cost", {}).items())]
    return "\n".join(lines)


def by_command(path: Path, mapping: Path = MAPPING) -> dict[str, list[float]]:
    """How well the incidents of the export match the coders' events, and how well same date and city does."""
    with TemporaryDirectory() as folder:
        run(folder, "init")
        run(folder, "collect", "table", str(path), "--mapping", str(mapping))
        run(folder, "assess")
        out = Path(folder) / "claims.csv"
        run(folder, "export", "claims", "--out", str(out))
        claims = pl.read_csv(out, infer_schema_length=None)
    events = dict(pl.read_csv(path, infer_schema_length=None).select("id", "event_id").iter_rows())
    gold = {claim: events[own] for claim, own in claims.select("claim_id", "external_id").iter_rows()}
    place = claims.select("claim_id", pl.format("{} {}", "started_on", "place_name"))
    ways = {"same date and city": place, "incidents": claims.select("claim_id", "incident_id")}
    return {
        name: [*pairwise(dict(frame.iter_rows()), gold), *b_cubed(dict(frame.iter_rows()), gold)]
        for name, frame in ways.items()
    }


def by_reduced(path: Path, name: str) -> dict[str, list[float]]:
    """The same by a mapping that names less."""
    listed = VARIANTS[name]
    said = yaml.safe_load(MAPPING.read_text(encoding="utf-8"))
    fields = said["fields"]
    keeps_listed = listed[0] == "only"
    said["fields"] = {field: told for field, told in fields.items() if (field in listed) == keeps_listed}
    with TemporaryDirectory() as folder:
        mapping = Path(folder) / "reduced.yml"
        mapping.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
        return {f"{name}: {way}": figures for way, figures in by_command(path, mapping).items()}


def cost(count: int) -> dict[str, float]:
    """Seconds of the command: first run, a thousand new, and the whole store again; the two must agree."""
    claims, _ = invented(count + NEW)
    mixed = claims.sample(fraction=1.0, shuffle=True, seed=1)
    del claims
    with TemporaryDirectory() as folder:
        run(folder, "init")
        mapping = Path(folder) / "invented.yml"
        mapping.write_text(_FIELDS, encoding="utf-8")
        for name, part in (("old", mixed.tail(-NEW)), ("new", mixed.head(NEW))):
            file = Path(folder) / f"{name}.csv"
            rows(part).write_csv(file)
            run(folder, "collect", "table", str(file), "--mapping", str(mapping), "--partial")
            if name == "old":
                first, _ = timed(folder, "assess")
        new, part = timed(folder, "assess")
        nothing, _ = timed(folder, "assess")
        whole, again = timed(folder, "assess", "--whole")
    kept = ("claims", "incidents", "corroborated", "contested", "to_review")
    if [part[name] for name in kept] != [again[name] for name in kept]:
        raise SystemExit("the run over what is new and the run over everything disagree")
    return {
        "claims": count,
        "new claims": NEW,
        "seconds, first run": first,
        "seconds, what is new": new,
        "seconds, nothing new": nothing,
        "seconds, whole store again": whole,
        "share of the whole run": new / whole,
        "pairs compared for what is new": part["compared"],
        "claims assembled for what is new": part["reassembled"],
        "gigabytes, greatest of all commands": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6,
    }


def rows(claims: pl.DataFrame) -> pl.DataFrame:
    """The claims as somebody would hand them in."""
    names = pl.col("parties").str.json_decode(pl.List(pl.String))
    countries = pl.col("country").str.slice(1).cast(pl.Int64).mod(len(COUNTRIES))
    return claims.select(
        id="claim_id",
        source="source_name",
        printed="known_on",
        day="started_on",
        country=countries.replace_strict(dict(enumerate(COUNTRIES)), return_dtype=pl.String),
        town="place_name",
        latitude="latitude",
        longitude="longitude",
        act="act",
        one=names.list.get(0),
        other=names.list.get(1),
        deaths="deaths_best",
        text="text",
    )


def timed(folder: str, *arguments: str) -> tuple[float, dict[str, Any]]:
    """Seconds by the clock of a command with its start, and what it said."""
    started = time.perf_counter()
    said = run(folder, *arguments)
    return time.perf_counter() - started, json.loads(said)


def run(folder: str, *arguments: str) -> str:
    """What ``forewarn`` says to a command in a workspace, as JSON."""
    command = [sys.executable, "-m", "forewarn", *arguments, "--workspace", folder, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"forewarn {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    main()
