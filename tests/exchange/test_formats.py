"""The formats of others: each file is read by a library that is not ours, and holds what was released and no more."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import csvw
import polars as pl
import prov.model
import pymisp
import pytest
import shapely
import stix2
import stix2validator

from forewarn.errors import UsageError
from forewarn.exchange import LINEAGE_FIELDS, Release, hand_back, release, release_to, write_release
from forewarn.exchange.codebook import codebook_path
from forewarn.model.claim import ACTS
from forewarn.model.grid import cell_at
from forewarn.model.markings import EXTENSION_ID, TLP_MARKINGS
from forewarn.model.terms import ReleaseTerms

AT = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
TOWN = (14.25, 2.25)
TERMS = ReleaseTerms("records", "green", "PAP:AMBER", "a study", date(2026, 12, 31))
RECORDS = 45


def claims(sensitivity: str = "low") -> pl.DataFrame:
    """Claims of one town and month in Mali, a name in every field that can hold one."""
    words = ("text", "target", "title", "place_name", "alleged_by", "admin2", "external_id", "source_name")
    one: dict[str, Any] = {
        **dict.fromkeys(words, "Canary Name"),
        **{f"{name}_{end}": 2 for name in ("deaths", "civilian_deaths") for end in ("low", "best", "high")},
        **{"country": "MLI", "admin1": "North", "act": "killing", "violence": "one_sided", "sensitivity": sensitivity},
        **{"started_on": "2025-03-04", "ended_on": "2025-03-05", "known_on": "2025-03-09", "date_precision": "day"},
        **{"latitude": TOWN[0], "longitude": TOWN[1], "cell": cell_at(*TOWN), "report_id": "rpt_0"},
        "parties": '["Canary Name"]',
    }
    return pl.DataFrame([{"claim_id": f"clm_{number}", **one} for number in range(RECORDS)])


@pytest.fixture(scope="module")
def released() -> Release:
    """Records for a community, as two people would let them out."""
    return release_to(claims(), TERMS, people={("MLI", cell_at(*TOWN)): 60_000}, today=AT.date())


def written(made: Release, folder: Path, ending: str) -> str:
    """The text of the file of that ending."""
    path = folder / f"a.{ending}"
    assert write_release(made, path, at=AT) == ending
    return path.read_text(encoding="utf-8")


def test_stix_is_valid_and_says_who_may_have_it(released: Release, tmp_path: Path) -> None:
    """The validator of OASIS finds no error; stix2 reads an incident for each record under its two markings."""
    text = written(released, tmp_path, "stix.json")
    result = stix2validator.validate_string(text, stix2validator.ValidationOptions(version="2.1"))
    assert result.is_valid, result.errors
    bundle = stix2.parse(text, allow_custom=False)
    incidents = [one for one in bundle.objects if one["type"] == "incident"]
    assert len(incidents) == RECORDS
    statement = next(one for one in bundle.objects if one.get("definition_type") == "statement")
    assert "a study" in statement["definition"]["statement"]
    assert incidents[0]["object_marking_refs"] == [TLP_MARKINGS["green"], statement["id"]]
    told = {one["extensions"][EXTENSION_ID]["claim_id"]: one["extensions"][EXTENSION_ID] for one in incidents}
    assert told.keys() == set(released.rows["claim_id"])
    assert (told["clm_0"]["month"], told["clm_0"]["deaths_best"]) == ("2025-03", 2)
    location = next(one for one in bundle.objects if one["type"] == "location")
    assert (location["country"], location["latitude"], location["precision"]) == ("ML", TOWN[0], 55_600)
    assert {one["created"].isoformat()[:10] for one in incidents} == {"2020-01-01"}


def test_followthemoney_reads_an_event_for_each_record(released: Release, tmp_path: Path) -> None:
    """Every entity is of the model, and none is about a person or a company."""
    reason = "needs followthemoney, which needs ICU to be built: pip install --group readers"
    followthemoney = pytest.importorskip("followthemoney", reason=reason)
    lines = [json.loads(line) for line in written(released, tmp_path, "ftm.json").splitlines()]
    entities = [followthemoney.model.get_proxy(line) for line in lines]
    assert [one.schema.name for one in entities].count("Event") == RECORDS
    assert {one.schema.name for one in entities} == {"Event", "Address"}
    for line, one in zip(lines, entities, strict=True):
        one.schema.validate(line)
    event = next(one for one in entities if one.id == "clm_0")
    assert (event.get("country"), event.get("startDate")) == (["ml"], ["2025-03"])
    assert {"tlp:green", 'forewarn:act="killing"', 'forewarn:deaths_best="2"'} <= set(event.get("keywords"))
    address = next(one for one in entities if one.id == event.get("addressEntity")[0])
    assert float(address.first("latitude")) == TOWN[0]


def misp_events(text: str) -> list[pymisp.MISPEvent]:
    """The events of an answer, as PyMISP reads them."""
    read = []
    for one in json.loads(text)["response"]:
        read.append(pymisp.MISPEvent())
        read[-1].from_dict(**one)
    return read


def test_many_records_are_several_events(released: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No event grows beyond what a server takes; every record is in one of them, and all bear the marks."""
    monkeypatch.setattr("forewarn.exchange.misp.MOST_OBJECTS", 20)
    events = misp_events(written(released, tmp_path, "misp.json"))
    assert [len(one.objects) for one in events] == [20, 20, 5]
    assert {tag.name for one in events for tag in one.tags} == {"tlp:green", "PAP:AMBER"}
    assert len({one.uuid for one in events}) == 3


def test_misp_reads_an_object_for_each_record(released: Release, tmp_path: Path) -> None:
    """PyMISP reads the event: its tags are the label and the actions, and it spreads no wider than its community."""
    (event,) = misp_events(written(released, tmp_path, "misp.json"))
    assert {tag.name for tag in event.tags} == {"tlp:green", "PAP:AMBER"}
    assert (event.distribution, len(event.objects)) == (1, RECORDS)
    first = {one.object_relation: one.value for one in event.objects[0].attributes}
    assert (first["claim_id"], first["act"], float(first["latitude"])) == ("clm_0", "killing", TOWN[0])
    assert not any(one.to_ids for one in event.objects[0].attributes)


def test_geojson_is_read_as_points(released: Release, tmp_path: Path) -> None:
    """GEOS reads the middle of the block, longitude first."""
    read = shapely.from_geojson(written(released, tmp_path, "geojson"))
    assert {(point.x, point.y) for point in read.geoms} == {(TOWN[1], TOWN[0])}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_table_has_its_data_dictionary(released: Release, tmp_path: Path, ending: str) -> None:
    """csvw finds it by its name, and reads every cell of the CSV by it; each column has meaning, type and class."""
    path = tmp_path / f"a.{ending}"
    write_release(released, path, at=AT)
    book = json.loads(codebook_path(path).read_text(encoding="utf-8"))
    columns = {one["name"]: one for one in book["tableSchema"]["columns"]}
    assert list(columns) == released.rows.columns
    assert not [name for name, one in columns.items() if one["dc:description"].startswith("not described")]
    assert columns["claim_id"]["dc:accessRights"] == "low"
    assert columns["act"]["datatype"]["format"].split("|") == list(ACTS)
    if ending == "csv":
        table = csvw.Table.from_file(codebook_path(path))
        read = list(table.iterdicts(strict=True))
        assert len(read) == RECORDS
        assert (read[0]["deaths_best"], read[0]["expires_on"].date()) == (2, date(2026, 12, 31))
        table.check_primary_key()


def test_lineage_is_prov_without_names_or_places(tmp_path: Path) -> None:
    """The prov library reads incident, claim, report and bytes, and walks from one to the other; severe ends at ids."""
    row = dict.fromkeys(LINEAGE_FIELDS, "x") | {"claim_id": "clm_1", "incident_id": "inc_1", "report_id": "rpt_1"}
    row |= {"snapshot_id": "snp_1", "row": 3, "received_at": "2026-01-02T03:04:05Z", "sensitivity": "low"}
    row |= {"supersedes": "rpt_0"}
    hidden = row | {"claim_id": "clm_2", "report_id": "rpt_2", "snapshot_id": "snp_2", "sensitivity": "severe"}
    text = written(release(pl.DataFrame([row, hidden])), tmp_path, "prov.json")
    document = prov.model.ProvDocument.deserialize(io.StringIO(text), format="json")
    steps = document.get_records(prov.model.ProvDerivation)
    pairs = {tuple(str(value) for _, value in step.formal_attributes[:2]) for step in steps}
    assert {("fw:inc_1", "fw:clm_1"), ("fw:clm_1", "fw:rpt_1"), ("fw:rpt_1", "fw:snp_1")} <= pairs
    assert {("fw:rpt_1", "fw:rpt_0"), ("fw:inc_1", "fw:clm_2"), ("fw:clm_2", "fw:rpt_2")} <= pairs
    assert "snp_2" not in text
    assert len(list(document.get_records(prov.model.ProvActivity))) == 1


@pytest.mark.parametrize("ending", ["stix.json", "ftm.json", "misp.json"])
@pytest.mark.parametrize("sensitivity", ["low", "moderate", "severe"])
def test_no_word_leaves_and_what_nobody_released_is_red(tmp_path: Path, ending: str, sensitivity: str) -> None:
    """Even the owner's own file holds no words in these formats, and is marked for nobody else."""
    text = written(release(claims(sensitivity)), tmp_path, ending)
    assert "Canary" not in text
    assert ("2025-03-04" in text) == (sensitivity != "severe")
    assert "tlp:red" in text.lower()
    assert "tlp:green" not in text.lower()


def test_rows_of_several_marks_bear_the_narrowest(released: Release, tmp_path: Path) -> None:
    """A partner's rows beside our own: a file that has one mark for all has that of the rows nobody released."""
    mixed = pl.concat([released.rows, released.rows.head(1).with_columns(releasability=None, purpose=None)])
    (event,) = misp_events(written(hand_back(mixed), tmp_path, "misp.json"))
    assert "tlp:red" in {tag.name for tag in event.tags}
    assert event.distribution == 0
    write_release(hand_back(mixed), tmp_path / "a.csv")
    assert json.loads(codebook_path(tmp_path / "a.csv").read_text())["dc:rights"] == "TLP:RED"
    write_release(released, tmp_path / "a.csv")
    assert json.loads(codebook_path(tmp_path / "a.csv").read_text())["dc:rights"].startswith("TLP:GREEN; PAP:AMBER")


@pytest.mark.parametrize("ending", ["stix.json", "ftm.json", "misp.json", "prov.json"])
def test_counts_have_no_form_there(tmp_path: Path, ending: str) -> None:
    """A table of counts is refused before anything is written."""
    table = release(pl.DataFrame({"country": ["MLI"], "incidents": [7], "sensitivity": ["low"]}))
    with pytest.raises(UsageError):
        write_release(table, tmp_path / f"a.{ending}")
    assert not list(tmp_path.iterdir())
