"""Sharing groups: they come from the dated lists of regional arrangements, and hold only partners we trust."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from forewarn.__main__ import main
from forewarn.exchange.envelope import new_keys

MAPPING = """\
name: small
title: A small table
publisher: Nobody (fictional)
licence: CC0-1.0
sensitivity: low
fields: {external_id: id, started_on: day, ended_on: day, country: country, deaths: deaths}
"""
TERMS = (
    "--audience",
    "green",
    "--purpose",
    "a study",
    "--until",
    "2031-01-01",
    "--benefit",
    "planners",
    "--risk",
    "none",
)
PARTNERS = {"Abuja": "Nigeria", "Bamako": "MLI", "Djibouti": "DJI", "Secretariat": "ecowas"}
Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A node that stands for the African Union, and four partners, of whom it does not trust Djibouti."""
    monkeypatch.setenv("FOREWARN_WORKSPACE", str(tmp_path / "work"))
    monkeypatch.setenv("FOREWARN_AUTHOR", "desk")
    monkeypatch.setenv("FOREWARN_TODAY", "2030-01-01")

    def command(*arguments: object, code: int = 0) -> Any:
        capsys.readouterr()
        assert main([*(str(one) for one in arguments), "--json"]) == code
        said = capsys.readouterr()
        return json.loads(said.out) if said.out.startswith(("[", "{")) else said.err

    assert main(["init"]) == 0
    command("partners", "card", "Desk", "--out", tmp_path / "own.json")
    for name, place in PARTNERS.items():
        card = new_keys(name).card
        (tmp_path / "card.json").write_text(json.dumps({"format": "forewarn-card", **asdict(card)}))
        command("partners", "add", tmp_path / "card.json")
        if name != "Djibouti":
            command("partners", "trust", name, "--fingerprint", card.fingerprint)
        assert command("partners", "place", name, place)["place"] == {"Nigeria": "NGA", "ecowas": "ECOWAS"}.get(
            place, place
        )
    return command


def test_the_groups_of_a_regional_node_are_its_arrangement_and_those_within(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they are on the day: Mali left ECOWAS in 2025. Members for whom nobody stands are named."""
    assert "forewarn partners place" in str(run("partners", "groups", code=10))
    assert run("partners", "place", "Desk", "AU") == {"name": "Desk", "place": "AU"}
    groups = {one["name"]: one for one in run("partners", "groups")}
    assert set(groups) == {"AU", "ECOWAS", "IGAD"}
    assert groups["AU"]["partners"] == ["Abuja", "Bamako"]
    assert groups["ECOWAS"]["partners"] == ["Abuja", "Secretariat"]
    assert (groups["IGAD"]["partners"], groups["IGAD"]["not_trusted"]) == ([], ["Djibouti"])
    assert "GHA" in groups["ECOWAS"]["absent"]
    assert "NGA" not in groups["ECOWAS"]["absent"]
    monkeypatch.setenv("FOREWARN_TODAY", "2024-06-01")
    earlier = {one["name"]: one["partners"] for one in run("partners", "groups")}
    assert earlier["ECOWAS"] == ["Abuja", "Bamako", "Secretariat"]
    run("partners", "place", "Desk", "Kazakhstan")
    assert {one["name"] for one in run("partners", "groups")} == {"OSCE", "CICA", "SCO", "CIS", "CSTO", "UNRCCA"}
    run("partners", "place", "Desk", "Nowhere", code=30)


def test_a_package_goes_to_a_group_as_it_is_today(run: Run, tmp_path: Path) -> None:
    """To its trusted partners beside those named; to nobody where none is trusted; never without a recipient."""
    (tmp_path / "small.yml").write_text(MAPPING)
    lines = [f"r{n},2029-0{n % 2 + 1}-02,Mali,{n % 3 + 5}" for n in range(40)]
    (tmp_path / "a.csv").write_text("\n".join(["id,day,country,deaths", *lines]) + "\n")
    run("collect", "table", tmp_path / "a.csv", "--mapping", tmp_path / "small.yml")
    run("assess")
    shown = run("release", "preview", "table", *TERMS, "--by", "First")
    release = run("release", "approve", shown["release_id"], "--by", "Second")["release_id"]
    made = run("package", "create", release, "--group", "ecowas", "--to", "Bamako")
    assert sorted(made["recipients"]) == ["Abuja", "Bamako", "Secretariat"]
    run("package", "create", release, "--group", "IGAD", code=43)
    run("package", "create", release, "--group", "NATO", code=30)
    run("package", "create", release, code=2)
