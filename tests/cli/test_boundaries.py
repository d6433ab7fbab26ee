"""``forewarn boundaries`` as users run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

WHOSE = ("--title", "Areas", "--publisher", "Survey", "--licence", "CC BY 4.0")
PCODES = (
    "Location,Admin Level,P-Code,Name,Parent P-Code,Valid from date\n"
    "MLI,1,ML07,Gao,MLI,2020-01-01\nMLI,2,ML0701,Gao,ML07,\nMLI,2,ML0702,Bourem,ML07,\n"
)


@pytest.fixture
def areas(tmp_path: Path) -> Path:
    path = tmp_path / "areas.geojson"
    squares = {"Gao": -1, "Kidal": 3}
    features = [
        {
            "type": "Feature",
            "properties": {"NAME_1": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[west, 15], [west + 4, 15], [west + 4, 20], [west, 20], [west, 15]]],
            },
        }
        for name, west in squares.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_boundaries_are_added_once_and_listed(run, workspace, areas):
    """The bytes and the declaration are kept; the same again changes nothing; another declaration is another."""
    order = ("boundaries", "add", areas, *WHOSE, "--level", "admin1", "--name-property", "NAME_1", "--json")
    first = json.loads(run(*order, "--country", "Mali").out)
    again = json.loads(run(*order, "--country", "MLI").out)
    assert (first["features"], first["countries"], first["seen_before"]) == (2, ["MLI"], False)
    assert (again["boundary"], again["seen_before"]) == (first["boundary"], True)
    for kept in (first["boundary"], first["snapshot"]):
        digest = kept.split("_")[1]
        assert (workspace / "snapshots" / digest[:2] / digest).is_file()
    run(*order, "--country", "MLI", "--valid-on", "2012-01-01")
    listed = json.loads(run("boundaries", "list", "--json").out)
    assert sorted((row["level"], row["valid_on"]) for row in listed) == [("admin1", ""), ("admin1", "2012-01-01")]


def test_nothing_is_shipped(run, workspace):
    """A fresh workspace has no boundaries."""
    assert json.loads(run("boundaries", "list", "--json").out) == []
    assert "none is shipped" in run("boundaries", "list").out


def test_names_of_claims_are_matched(run, workspace, areas, tmp_path, table, mapping):
    """By P-code and by area; a name nobody knows stays unknown."""
    codes = tmp_path / "codes.csv"
    codes.write_text(PCODES, encoding="utf-8")
    assert run("boundaries", "add", codes, *WHOSE).code == 0
    shapes = ("boundaries", "add", areas, *WHOSE, "--level", "admin1", "--country", "MLI", "--name-property", "NAME_1")
    assert run(*shapes).code == 0
    rows = ("1,2020-01-02,MLI,Gao Region,16,0,1,1,1,attack,x", "2,2020-01-02,MLI,Elsewhere,16,0,1,1,1,attack,x")
    assert run("collect", "table", table(*rows), "--mapping", mapping).code == 0
    made = json.loads(run("boundaries", "match", "--json").out)
    assert {one["name"]: (one["pcode"], one["area"]) for one in made["names"]} == {
        "Gao Region": ("ML07", "MLI/Gao"),
        "Elsewhere": ("", ""),
    }
    assert made["pcodes"] == {"unknown": 1, "without_kind": 1}


def test_codes_and_names_are_looked_up(run, workspace, tmp_path):
    """Both ways; ambiguous and unknown are errors of their own code."""
    assert run("boundaries", "lookup", "ML07").code == 30
    codes = tmp_path / "codes.csv"
    codes.write_text(PCODES, encoding="utf-8")
    assert run("boundaries", "add", codes, *WHOSE).code == 0
    assert json.loads(run("boundaries", "lookup", "ml0702", "--json").out)["name"] == "Bourem"
    found = json.loads(run("boundaries", "lookup", "GAO", "--country", "Mali", "--level", 2, "--json").out)
    assert (found["code"], found["how"]) == ("ML0701", "folded")
    assert run("boundaries", "lookup", "Timbuktu", "--country", "MLI").code == 30


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--level", "admin1"), 2, "which country"),
        (("--level", "planet"), 2, "no level"),
        (("--country", "MLI"), 2, "give --level"),
        (("--level", "admin1", "--country", "Atlantis"), 30, "Atlantis"),
        (("--level", "admin1", "--country", "MLI"), 23, "NAME_1"),
        (("--level", "admin1", "--country", "MLI", "--valid-on", "soon"), 24, "--valid-on"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(run, workspace, areas, options, code, words):
    """And nothing is recorded."""
    done = run("boundaries", "add", areas, *WHOSE, *options)
    assert done.code == code
    assert words in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert json.loads(run("boundaries", "list", "--json").out) == []


def test_blank_terms_are_refused(run, workspace, areas):
    """Whose boundaries these are is always known."""
    done = run("boundaries", "add", areas, "--title", "x", "--publisher", " ", "--licence", "x", "--level", "country")
    assert (done.code, "--publisher" in done.err) == (2, True)
