"""Releases to others by two people: preview, approval, list; and what cannot be got round."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from forewarn.__main__ import main

NOTE = ("--benefit", "planners of protection", "--risk", "none known; places are coarse")
TERMS = ("--audience", "green", "--purpose", "a study", "--until", "2031-01-01", *NOTE)
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
  latitude: lat
  longitude: lon
  place_precision: {constant: exact}
  deaths: deaths
  text: words
"""

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as its author in a workspace of thirty claims in Bamako, one in the desert, nine of a clinic."""
    monkeypatch.setenv("FOREWARN_WORKSPACE", str(tmp_path / "work"))
    monkeypatch.setenv("FOREWARN_TODAY", "2030-01-01")
    lines = [f"r{n},2029-0{n % 3 + 1}-0{n % 9 + 1},Mali,12.65,-8.0,{n + 5},Word canary" for n in range(30)]
    lines.append("lone,2029-02-02,Mali,20.2,-3.0,77,Word canary")
    lines += [f"c{n},2029-01-0{n % 9 + 1},Niger,13.5,2.1,{n + 5},At the clinic" for n in range(9)]
    (tmp_path / "small.yml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "a.csv").write_text("\n".join(["id,day,country,lat,lon,deaths,words", *lines]) + "\n")

    def command(*arguments: object) -> tuple[int, str]:
        capsys.readouterr()
        code = main([str(one) for one in arguments])
        captured = capsys.readouterr()
        return code, captured.out or captured.err

    assert command("init")[0] == 0
    assert command("collect", "table", tmp_path / "a.csv", "--mapping", tmp_path / "small.yml")[0] == 0
    assert command("assess")[0] == 0
    return command


def test_dnh_15_two_people_release_what_was_previewed(run: Run, tmp_path: Path) -> None:
    """DNH-15: the preview says what stays and why; its author cannot approve it; another can, once."""
    code, text = run("release", "preview", "table", *TERMS, "--by", "First", "--json")
    assert code == 0, text
    shown = json.loads(text)
    assert any("hidden" in why for why, _ in shown["removed"])
    assert any("field text" in why for why, _ in shown["removed"])
    assert run("release", "approve", shown["release_id"], "--out", tmp_path / "t.stix.json", "--by", "Second")[0] == 2
    out = tmp_path / "table.csv"
    name = shown["release_id"][:14]
    assert run("release", "approve", name, "--out", out, "--by", " first ")[0] == 42
    assert not out.exists()
    assert "none known; places are coarse" in run("release", "list")[1]
    assert run("release", "approve", name, "--out", tmp_path / "nowhere" / "t.csv", "--by", "Second")[0] == 21

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("forewarn.store.disclosures.add_release_entry", stopped)
        assert run("release", "approve", name, "--out", out, "--by", "Second")[0] == 130
    assert not out.exists(), "stopped before it was recorded"
    code, text = run("release", "approve", name, "--out", out, "--by", "Second")
    assert code == 0, text
    table = pl.read_csv(out)
    assert table.height == shown["rows"]
    assert "canary" not in out.read_text()
    assert table.filter(country="MLI")["latitude"].null_count() < table.filter(country="MLI").height
    assert table.filter(country="NER")["latitude"].null_count() == table.filter(country="NER").height > 0
    assert table.filter(~pl.col("is_hidden"))["incidents"].min() >= 5
    assert table["releasability"].unique().to_list() == ["TLP:GREEN"]
    assert run("release", "approve", name, "--out", out, "--by", "Third")[0] == 41
    first = out.read_bytes()
    assert run("release", "write", name, "--out", out)[0] == 0
    assert out.read_bytes() == first
    listed = json.loads(run("release", "list", "--json")[1])
    assert [(one["proposed_by"], one["approved_by"]) for one in listed] == [("First", "Second")]
    for other in (("--people", "20000"), ("--period", "year")):
        assert run("release", "preview", "table", *TERMS, *other, "--by", "First")[0] == 43


def test_what_changed_since_the_preview_is_not_approved(run: Run, tmp_path: Path) -> None:
    """New claims between preview and approval: neither file nor record."""
    code, text = run("release", "preview", "table", *TERMS, "--by", "First", "--json")
    assert code == 0, text
    more = [f"m{n},2029-01-09,Mali,12.65,-8.0,{n + 9},More" for n in range(9)]
    (tmp_path / "b.csv").write_text("\n".join(["id,day,country,lat,lon,deaths,words", *more]) + "\n")
    assert run("collect", "table", tmp_path / "b.csv", "--mapping", tmp_path / "small.yml")[0] == 0
    assert run("assess")[0] == 0
    code, said = run(
        "release", "approve", json.loads(text)["release_id"], "--out", tmp_path / "t.csv", "--by", "Second"
    )
    assert (code, (tmp_path / "t.csv").exists()) == (41, False)
    assert "has changed since the preview" in said


def test_dnh_15_too_few_records_never_leave(run: Run) -> None:
    """Thirty-one claims cannot be told one by one at a risk below 3 %: refused with the reason."""
    code, said = run("release", "preview", "records", *TERMS, "--country", "MLI", "--by", "First")
    assert code == 43
    assert "nothing may leave" in said
    assert run("release", "preview", "people", *TERMS, "--by", "First")[0] == 24
    assert run("release", "approve", "rel_0", "--by", "Second")[0] == 30
