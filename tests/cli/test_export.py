"""Exporting at the command line: every row, in each format, with formulas made harmless."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import prov.model
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


def test_lineage_of_an_incident_goes_back_to_the_bytes(run: Any, filled: Path, tmp_path: Path) -> None:
    """As PROV: from the incident named to its claims, their reports and the one file they were read from."""
    incident = cells_of(run, tmp_path, "incidents")[0]
    name, path = incident["incident_id"], tmp_path / "a.prov.json"
    done = run("export", "lineage", "--incident", name[:16], "--out", path, "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["rows"], told["format"]) == (int(incident["claims"]), "prov.json")
    document = prov.model.ProvDocument.deserialize(content=path.read_text(encoding="utf-8"), format="json")
    went = {}
    for step in document.get_records(prov.model.ProvDerivation):
        later, earlier = (str(value).removeprefix("fw:") for _, value in step.formal_attributes[:2])
        went[later] = earlier
    assert [went[name][:4], went[went[name]][:4], went[went[went[name]]][:4]] == ["clm_", "rpt_", "snp_"]
    assert "Words" not in path.read_text()
    assert run("export", "lineage", "--incident", "inc_none", "--out", path).code == 30
    assert run("export", "claims", "--incident", name, "--out", path).code != 0


def cells_of(run: Any, folder: Path, what: str) -> list[dict[str, str]]:
    """The rows of an export."""
    run("export", what, "--out", folder / f"{what}.csv")
    return cells(folder / f"{what}.csv")


def test_a_partner_collects_what_was_exported(run: Any, filled: Path, tmp_path: Path, workspace: Path) -> None:
    """STIX out and in again: another report beside ours, of the highest class, as often as it is collected."""
    bundle = tmp_path / "claims.stix.json"
    assert run("export", "claims", "--out", bundle).code == 0
    for accepted in (ROWS, 0):
        done = run("collect", "stix", bundle, "--json")
        assert done.code == 0, done.err
        told = json.loads(done.out)[0]
        assert (told["accepted"], told["rejected"]) == (accepted, 0)
    came = pl.DataFrame(cells_of(run, tmp_path, "claims")).filter(channel="stix")
    assert (came.height, came["sensitivity"].unique().to_list()) == (ROWS, ["severe"])
    assert (tmp_path / "claims.csv-metadata.json").is_file()
