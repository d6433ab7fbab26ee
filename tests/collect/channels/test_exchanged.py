"""Documents of partners as STIX, FollowTheMoney, MISP and GeoJSON: read as claims under their marks, or refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import Batch, load_mapping
from forewarn.errors import ForewarnError, InputFormatError
from forewarn.model.markings import EXTENSION_ID, TLP_MARKINGS

Collect = Callable[..., list[Batch]]
UUID = "a32066d8-fc50-5e6b-b058-4f9bfaebde1d"
INCIDENT = f"incident--{UUID}"
CANARY = "Planted Name"
PARTNER_MARK = "marking-definition--11111111-1111-4111-8111-111111111111"


def stix(*more: dict[str, Any], **changes: Any) -> bytes:
    """A bundle with an incident, its body and place; its objects in an order that must not matter."""
    record = {"extension_type": "property-extension", "act": "killing", "month": "2024-03", "deaths_best": 3}
    incident = {
        **{"type": "incident", "spec_version": "2.1", "id": INCIDENT, "created_by_ref": "identity--1"},
        **{"created": "2024-04-01T00:00:00.000Z", "modified": "2024-05-01T00:00:00.000Z", "name": "An attack"},
        **{"object_marking_refs": [TLP_MARKINGS["green"]], "extensions": {EXTENSION_ID: record}, **changes},
    }
    place = {"type": "location", "id": "location--1", "country": "ML", "latitude": 14.25, "longitude": 2.25}
    tied = {"type": "relationship", "id": "relationship--1", "relationship_type": "located-at"}
    return _json(
        {"type": "bundle", "id": f"bundle--{UUID}", "objects": [
            incident,
            {**tied, "source_ref": INCIDENT, "target_ref": "location--1"},
            {**place, "precision": 55600.0},
            {"type": "identity", "id": "identity--1", "name": "A body", "identity_class": "organization"},
            {"type": "identity", "id": "identity--2", "name": CANARY, "identity_class": "individual"},
            {"type": "marking-definition", "id": PARTNER_MARK, "definition_type": "tlp", "definition": {"tlp": "red"}},
            *more,
        ]}
    )  # fmt: skip


def ftm(*more: dict[str, Any], **changes: Any) -> bytes:
    """Lines with an event and its address behind it."""
    told = {
        **{"name": ["An attack"], "startDate": ["2024-03"], "endDate": ["2024-03"], "country": ["ml"]},
        **{"publisher": ["A body"], "modifiedAt": ["2024-05-01"], "addressEntity": ["adr"], "involved": [CANARY]},
        "keywords": ["tlp:green", 'forewarn:act="killing"', 'forewarn:deaths_best="3"', 'forewarn:degrees="0.5"'],
        **changes,
    }
    address = {"latitude": ["14.25"], "longitude": ["2.25"]}
    entities = [
        {"id": "one", "schema": "Event", "properties": told},
        {"id": "adr", "schema": "Address", "properties": address},
        *more,
    ]
    return b"\n".join(_json(one) for one in entities)


def misp(*more: dict[str, Any], **changes: Any) -> bytes:
    """An answer of a server: one event with one claim, and an attribute that names somebody."""
    fields = {"act": "killing", "month": "2024-03", "country": "MLI", "deaths_best": "3", "degrees": "0.5"}
    fields |= {"latitude": "14.25", "longitude": "2.25"}
    attributes = [{"object_relation": name, "value": value, "type": "text"} for name, value in fields.items()]
    event = {
        **{"uuid": UUID, "info": "An attack", "date": "2024-05-01", "Orgc": {"name": "A body"}},
        **{"Tag": [{"name": "tlp:green"}], "Attribute": [{"type": "first-name", "value": CANARY}]},
        "Object": [{"name": "conflict-claim", "uuid": UUID, "Attribute": attributes}, *more],
        **changes,
    }
    return _json({"response": [{"Event": event}]})


def geojson(*more: dict[str, Any], **changes: Any) -> bytes:
    """A collection with one feature."""
    told = {"act": "killing", "month": "2024-03", "country": "ML", "deaths_best": 3, "degrees": 0.5}
    told |= {"releasability": "TLP:GREEN", "published_on": "2024-05-01", "reporter": CANARY, **changes}
    feature = {"type": "Feature", "id": "one", "properties": told}
    geometry = {"type": "Point", "coordinates": [2.25, 14.25]}
    return _json({"type": "FeatureCollection", "features": [{**feature, "geometry": geometry}, *more]})


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


FORMS: dict[str, Callable[..., bytes]] = {"stix": stix, "ftm": ftm, "misp": misp, "geojson": geojson}


def everything(batches: list[Batch]) -> str:
    """All that is kept of a file, and all that is written of what was refused."""
    frames = [f for b in batches for f in (b.reports, b.claims, b.sources, b.rejects, b.rejected)]
    return "".join(frame.write_csv() for frame in frames)


@pytest.mark.parametrize("name", FORMS)
def test_a_document_becomes_a_report_and_a_claim(collect: Collect, name: str) -> None:
    """The same happening from each form; the day it was published; nobody's name."""
    batches = collect(name, FORMS[name]())
    claim = batches[0].claims.row(0, named=True)
    told = [claim[key] for key in ("act", "started_on", "ended_on", "date_precision", "country", "deaths_best")]
    assert told == ["killing", "2024-03-01", "2024-03-31", "month", "MLI", 3]
    place = [claim[key] for key in ("latitude", "longitude", "place_precision")]
    assert place == [14.25, 2.25, "admin2"]
    assert claim["cell"] > 0
    assert (claim["known_on"], claim["known_basis"]) == ("2024-05-01", "published")
    assert CANARY not in everything(batches)
    assert [batch.rejects.height for batch in batches] == [0]


@pytest.mark.parametrize("name", FORMS)
def test_dnh_13_a_mark_sets_the_class_and_none_is_severe(collect: Collect, name: str) -> None:
    """DNH-13: TLP:GREEN is moderate, for low may be shown to the world; without a mark, the highest class."""
    changes: dict[str, dict[str, Any]] = {
        "stix": {"object_marking_refs": ["marking-definition--00000000-0000-4000-8000-000000000000"]},
        "ftm": {"keywords": ["tlp:something", 'forewarn:act="killing"']},
        "misp": {"Tag": []},
        "geojson": {"releasability": "as you like"},
    }
    classes = [collect(name, FORMS[name](**more))[0].claims["sensitivity"][0] for more in ({}, changes[name])]
    assert classes == ["moderate", "severe"]


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("stix", {"object_marking_refs": [TLP_MARKINGS["clear"]]}, "low"),
        ("stix", {"object_marking_refs": [TLP_MARKINGS["clear"], PARTNER_MARK]}, "severe"),
        ("stix", {"granular_markings": [{"marking_ref": TLP_MARKINGS["amber+strict"], "selectors": ["name"]}]}, "high"),
        ("ftm", {"keywords": ["tlp:clear", "tlp:amber+strict", 'forewarn:act="killing"']}, "high"),
        ("misp", {"Tag": [{"name": "tlp:white"}]}, "low"),
        ("misp", {"Tag": [{"name": "tlp:clear"}, {"name": "TLP:AMBER"}]}, "moderate"),
        ("geojson", {"releasability": "TLP:RED", "sensitivity": "low"}, "severe"),
    ],
)
def test_of_several_marks_the_narrowest_holds(
    collect: Collect, name: str, changes: dict[str, Any], expected: str
) -> None:
    """Published objects, a partner's own, marks on parts, and both versions of the protocol."""
    assert collect(name, FORMS[name](**changes))[0].claims["sensitivity"].to_list() == [expected]


@pytest.mark.parametrize(
    ("name", "other", "value"),
    [
        ("stix", {"type": "malware", "id": "malware--1", "name": CANARY}, "malware"),
        ("stix", {"type": "incident", "spec_version": "3.0", "id": "incident--3", "name": CANARY}, "3.0"),
        ("stix", {"type": "incident", "id": "incident--3", "revoked": True, "name": CANARY}, "incident--3"),
        ("ftm", {"id": "p", "schema": "Person", "properties": {"name": [CANARY]}}, "Person"),
        ("geojson", {"type": "Thing", "name": CANARY}, "Thing"),
        ("geojson", {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [["NaN", 1]]}}, "Polygon"),
        ("geojson", {"type": "Feature", "geometry": {"type": "LineString", "coordinates": "12"}}, "LineString"),
    ],
)
def test_what_is_not_read_is_refused_by_its_type(
    collect: Collect, name: str, other: dict[str, Any], value: str
) -> None:
    """With the reason, and without anything that stood in it; the rest of the document is read."""
    batches = collect(name, FORMS[name](other))
    assert batches[0].claims.height == 1
    assert batches[0].rejects["value"].to_list() == [value]
    assert CANARY not in everything(batches)


@pytest.mark.parametrize("name", FORMS)
def test_dnh_35_an_id_stands_for_one_thing(collect: Collect, name: str) -> None:
    """DNH-35: a second thing of one id is refused; the same twice is one report; a later version of STIX is another."""
    document = json.loads(stix()) if name == "stix" else None
    first = {
        "stix": document["objects"][0] if document else None,
        "ftm": json.loads(ftm().splitlines()[0]),
        "misp": json.loads(misp())["response"][0]["Event"]["Object"][0],
        "geojson": json.loads(geojson())["features"][0],
    }[name]
    text = json.dumps(first)
    again, other = json.loads(text), json.loads(text.replace("killing", "torture"))
    batch = collect(name, FORMS[name](again, other))[0]
    assert batch.rejects["reason"].to_list() == ["stands for two different things"]
    assert (batch.read, batch.reports["report_id"].n_unique()) == (3, 1)
    if name == "stix":
        later = json.loads(json.dumps(other).replace("2024-05-01", "2024-05-02"))
        assert collect(name, stix(later))[0].reports["report_id"].n_unique() == 2


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999999", "-4", "99999999999"])
def test_dnh_35_numbers_that_are_none_are_refused(collect: Collect, name: str, value: str) -> None:
    """DNH-35: in a count, in a document that is otherwise good."""
    text = FORMS[name]().replace(b'"3"', f'"{value}"'.encode()).replace(b": 3", f": {value}".encode())
    batch = collect(name, text.replace(b'\\"3\\"', f'\\"{value}\\"'.encode()))[0]
    assert batch.claims.height == 0
    assert batch.rejects.height == 1


@pytest.mark.parametrize("name", FORMS)
def test_dnh_35_depth_and_what_is_cut_off_are_refused(collect: Collect, name: str) -> None:
    """DNH-35: an object nested too deeply is refused alone, a document that breaks off as a whole."""
    deep: dict[str, Any] = {}
    for _ in range(60):
        deep = {"a": [deep]}
    document = {"stix": {"objects": [deep]}, "ftm": deep, "misp": {"response": [deep]}, "geojson": {"features": [deep]}}
    assert "nested more than" in collect(name, _json(document[name]))[0].rejects["reason"][0]
    with pytest.raises(InputFormatError, match="cut off"):
        collect(name, FORMS[name]()[:-9])


def test_what_tells_no_happening_claims_nothing(collect: Collect) -> None:
    """An event of MISP about something else, a bare incident of STIX: reports, with title and place, and no claims."""
    located = {"name": "geolocation", "Attribute": [{"object_relation": "country", "value": "Mali"}]}
    batch = collect("misp", misp(Object=[located]))[0]
    assert (batch.claims.height, batch.reports["title"].to_list()) == (0, ["An attack"])
    batch = collect("stix", stix(extensions={}))[0]
    assert (batch.claims.height, batch.reports["title"].to_list()) == (0, ["An attack"])
    assert batch.sources["name"].to_list() == ["A body"]


def test_a_shape_is_told_by_its_middle(collect: Collect) -> None:
    """As closely as it reaches: half a degree is a second-level area, three are a first-level one."""
    for side, expected in ((0.5, "admin2"), (3, "admin1")):
        ring = [[2, 14], [2 + side, 14], [2 + side, 14 + side], [2, 14 + side], [2, 14]]
        feature = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}}
        told = feature | {"properties": {"act": "killing", "started_on": "2024-03-01"}}
        claim = collect("geojson", _json({"type": "FeatureCollection", "features": [told]}))[0].claims.row(
            0, named=True
        )
        assert (claim["latitude"], claim["place_precision"]) == (14 + side / 2, expected)


MAPPING = """
name: monitors
title: Monitors of a partner
publisher: A partner
licence: as agreed
sensitivity: high
identity: [seen_by]
fields:
  external_id: ref
  started_on: when/day
  country: {constant: MLI}
  latitude: latitude
  longitude: longitude
  place_precision: {constant: near}
  act: {constant: attack}
  target: who
"""


def test_a_mapping_says_what_the_properties_of_others_mean(collect: Collect, tmp_path: Path) -> None:
    """Their own names, nested or not; the point as coordinates; who reported is dropped before a row is made."""
    (tmp_path / "m.yml").write_text(MAPPING)
    properties = {"ref": "r1", "when": {"day": "2024-03-01"}, "who": "villagers", "seen_by": CANARY}
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [2.3, 14.2]}}
    text = _json({"type": "FeatureCollection", "features": [feature]})
    batches = collect("geojson", text, load_mapping(tmp_path / "m.yml"))
    claim = batches[0].claims.row(0, named=True)
    told = [
        claim[key] for key in ("external_id", "started_on", "latitude", "longitude", "act", "target", "sensitivity")
    ]
    assert told == ["r1", "2024-03-01", 14.2, 2.3, "attack", "villagers", "high"]
    assert claim["channel"] == "geojson:monitors"
    assert CANARY not in everything(batches)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("type", "schema", "Event", "properties", "geometry", "coordinates", "extensions", "object_marking_refs", "Tag")
KEYS += ("objects", "features", "granular_markings", "Object", "uuid", "info", "Orgc", "keywords", "id", EXTENSION_ID)
objects = st.dictionaries(st.sampled_from(KEYS), junk | st.dictionaries(st.sampled_from(KEYS), junk), max_size=6)


@given(st.sampled_from(list(FORMS)), st.lists(objects, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_dnh_35_anything_at_all_is_read_or_refused(collect: Collect, name: str, parts: list[dict[str, Any]]) -> None:
    """DNH-35: known keys with whatever stands under them: rows, rejects, or one error of ours; all are counted."""
    text = b"\n".join(_json(one) for one in parts)
    with suppress(ForewarnError):
        for batch in collect(name, text):
            assert isinstance(batch.rejects, pl.DataFrame)
            assert batch.read == batch.reports.height + batch.rejects.height
