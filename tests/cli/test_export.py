"""Exporting at the command line: every row, in each format, with formulas made harmless."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

ROWS = 7


@pytest.fixture
def filled(run: Any, workspace: Path, mapping: Path, table: Any) -> Path:
    """A workspace with a few claims, one of which would be run by a spreadsheet."""
    lines = [f"r{n},2024-03-0{n},XKA,North,-33.5,-15.5,{n},,,killing,Words {n}" for n in range(1, ROWS)]
    path = table(*lines, "r7,2024-03-07,XKA,North,-33.5,-15.5,7,,,killing,=SUM(1+1)")
    assert run("collect", "table", path, "--mapping", mapping).code == 0
    assert run("assess").code == 0
    return workspace


def cells(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, as a plain reader sees them."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("what", ["claims", "incidents", "reports"])
def test_every_row_is_there_in_every_format(run: Any, filled: Path, tmp_path: Path, what: str) -> None:
    """CSV, parquet and GeoJSON hold the same number of rows, each once."""
    key = f"{what[:-1]}_id"
    paths = [tmp_path / f"{what}.{ending}" for ending in ("csv", "parquet", "geojson")]
    for path in paths:
        done = run("export", what, "--out", path)
        assert done.code == 0, done.err
    ids = pl.read_parquet(paths[1])[key]
    assert ids.n_unique() == len(ids) > 0
    assert sorted(row[key] for row in cells(paths[0])) == sorted(ids)
    features = json.loads(paths[2].read_text(encoding="utf-8"))["features"]
    assert sorted(feature["properties"][key] for feature in features) == sorted(ids)


def test_claims_carry_the_senders_id_and_their_incident(run: Any, filled: Path, tmp_path: Path) -> None:
    """One row per claim, with the external id it came with and the incident it is part of."""
    run("export", "claims", "--out", tmp_path / "claims.csv")
    frame = pl.read_csv(tmp_path / "claims.csv")
    assert sorted(frame["external_id"]) == [f"r{n}" for n in range(1, ROWS + 1)]
    assert frame["incident_id"].null_count() == 0


def test_no_cell_is_run_as_a_formula(run: Any, filled: Path, tmp_path: Path) -> None:
    """Text that a spreadsheet would execute stands behind an apostrophe."""
    run("export", "claims", "--out", tmp_path / "claims.csv")
    texts = [row["text"] for row in cells(tmp_path / "claims.csv")]
    assert "'=SUM(1+1)" in texts
    assert not [text for text in texts if text.startswith("=")]


def test_an_unknown_ending_or_folder_is_one_line(run: Any, filled: Path, tmp_path: Path) -> None:
    """Nothing is written, and the mend is named."""
    assert run("export", "claims", "--out", tmp_path / "claims.doc").code == 2
    assert run("export", "claims", "--out", tmp_path / "nowhere" / "claims.csv").code == 20
    assert run("export", "people", "--out", tmp_path / "claims.csv").code == 2
