"""Exports: every current claim once, in order of ids, whatever the number of parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from forewarn.__main__ import main

MAPPING = """\
name: small
title: A small table
publisher: Nobody (fictional)
licence: CC0-1.0
sensitivity: low
fields:
  external_id: id
  started_on: day
  ended_on: day
  country: country
  sensitivity: class
  deaths: deaths
"""
CLASSES = ("low", "moderate", "high", "severe")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with 25 claims, one superseded, assembled into incidents; answers are read six rows at a time."""
    monkeypatch.setenv("FOREWARN_WORKSPACE", str(tmp_path / "work"))
    monkeypatch.setenv("FOREWARN_AUTHOR", "analyst")
    monkeypatch.setattr("forewarn.store.reading.PART_ROWS", 6)
    (tmp_path / "small.yml").write_text(MAPPING, encoding="utf-8")
    lines = [f"r{n},2020-01-{n + 1:02},Mali,{CLASSES[n % 4]},{n}" for n in range(25)]
    for name, rows in (("a", lines), ("b", ["r3,2020-01-04,Mali,severe,99"])):
        (tmp_path / f"{name}.csv").write_text("\n".join(["id,day,country,class,deaths", *rows]) + "\n")
    assert main(["init"]) == 0
    for name in "ab":
        assert main(["collect", "table", str(tmp_path / f"{name}.csv"), "--mapping", str(tmp_path / "small.yml")]) == 0
    assert main(["assess"]) == 0
    return tmp_path


def exported(workspace: Path, what: str, *options: Any) -> pl.DataFrame:
    """What an export to parquet holds."""
    out = workspace / f"{what}.parquet"
    assert main(["export", what, "--out", str(out), *options]) == 0
    return pl.read_parquet(out)


def test_every_current_claim_leaves_once(workspace: Path) -> None:
    """In order of ids, each with its incident; ids alone where the class is high or severe."""
    claims = exported(workspace, "claims")
    assert claims.height == 25
    assert claims["claim_id"].is_sorted()
    assert claims["claim_id"].n_unique() == 25
    assert claims["incident_id"].null_count() == 0
    shown = claims.filter(pl.col("deaths_best").is_not_null())
    assert shown["sensitivity"].unique().sort().to_list() == ["low", "moderate"]
    assert shown.filter(pl.col("sensitivity") == "low")["source_name"].unique().to_list() == ["A small table"]


def test_incidents_take_the_highest_class_of_their_claims(workspace: Path) -> None:
    """Joined in the database, as it was beside it."""
    claims, incidents = exported(workspace, "claims"), exported(workspace, "incidents")
    rank = {name: number for number, name in enumerate(CLASSES)}
    ranked = claims.with_columns(pl.col("sensitivity").replace_strict(rank, return_dtype=pl.Int64))
    highest = ranked.group_by("incident_id").agg(pl.col("sensitivity").max()).sort("incident_id")
    found = incidents.with_columns(pl.col("sensitivity").replace_strict(rank, return_dtype=pl.Int64))
    assert found.select("incident_id", "sensitivity").sort("incident_id").equals(highest)
    assert incidents["incident_id"].is_sorted()


def test_reports_leave_with_their_history(workspace: Path) -> None:
    """Superseded reports too: who was told what is not forgotten."""
    assert exported(workspace, "reports").height == 26


def test_before_anything_was_known_nothing_leaves(workspace: Path) -> None:
    """An export as known on an early day is empty, with its columns."""
    claims = exported(workspace, "claims", "--as-known-at", "2019-01-01")
    assert claims.height == 0
    assert "incident_id" in claims.columns
