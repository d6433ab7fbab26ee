"""Kobo: submissions become reports without who sent them; with a mapping, claims."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import Batch, Mapping, channel
from forewarn.collect.channels.declared import declared
from forewarn.collect.forms import is_reporter, json_row
from forewarn.errors import ForewarnError, InputFormatError, UsageError

Collect = Callable[..., list[Batch]]
Whole = Callable[[list[Batch], str], pl.DataFrame]

SUBMISSION = {
    "_id": 7,
    "_uuid": "u-7",
    "_submission_time": "2024-05-02T10:00:00",
    "_submitted_by": "Planted Name",
    "username": "Planted Name",
    "deviceid": "Planted Name",
    "_geolocation": [12.345678, 23.456789],
    "start-geopoint": "12.345678 23.456789 0 0",
    "meta/instanceName": "Planted Name",
    "what/day": "2024-05-01",
    "what/country": "SDN",
    "what": {"kind": "killing", "dead": 3, "phonenumber": "Planted Name"},
    "people": [{"age": 5, "people/simserial": "Planted Name"}],
    "_attachments": [{"filename": "Planted Name/attachments/photo.jpg", "mimetype": "image/jpeg"}],
    "_validation_status": {"by_whom": "Planted Name", "label": "Approved"},
}
MAPPING = b"""
name: monitors
title: Monitors
publisher: A network
licence: internal
kind: form
identity: [what/other]
fields:
  started_on: what/day
  country: what/country
  act: what/kind
  deaths: what/dead
  injured: what/hurt
"""


def page(*submissions: dict[str, object]) -> bytes:
    return json.dumps({"count": len(submissions), "next": None, "results": submissions}).encode()


@pytest.fixture
def mapping() -> Mapping:
    return declared(Mapping, MAPPING, "monitors.yml")


def test_without_a_mapping_a_submission_is_a_report_alone(collect: Collect, whole: Whole) -> None:
    """Its id, and the server's day; nothing is claimed, and nobody has classified it."""
    batches = collect("kobo", page(SUBMISSION, {"_uuid": "u-8"}))
    reports = whole(batches, "reports")
    assert reports["external_id"].to_list() == ["u-7", "u-8"]
    assert reports["published_on"].to_list() == ["2024-05-02", None]
    assert set(reports["kind"]) == {"form"}
    assert set(reports["sensitivity"]) == {"severe"}
    assert whole(batches, "claims").height == 0


def test_with_a_mapping_it_is_a_claim(collect: Collect, whole: Whole, mapping: Mapping) -> None:
    """Fields are taken as from a table; the id and day of the submission hold where the mapping names none; a question
    nobody answered is remarked, not refused."""
    batches = collect("kobo", page(SUBMISSION), mapping)
    claim = whole(batches, "claims").row(0, named=True)
    assert (claim["act"], claim["country"], claim["deaths_best"], claim["injured_best"]) == ("killing", "SDN", 3, None)
    assert (claim["channel"], claim["external_id"]) == ("kobo:monitors", "u-7")
    assert claim["known_on"] == "2024-05-02"
    notes = {note for batch in batches for note, _ in batch.notes}
    assert "column 'what/hurt' of the mapping is absent" in notes


def test_a_mapping_of_another_form_is_refused(collect: Collect, mapping: Mapping) -> None:
    """Where none of its columns is there, it is the wrong mapping."""
    with pytest.raises(InputFormatError, match="has no column"):
        collect("kobo", page({"_uuid": "u-8", "q": "1"}), mapping)


def test_a_mapping_belongs_to_channels_that_take_one(collect: Collect, mapping: Mapping) -> None:
    """A feed has its own fields."""
    with pytest.raises(UsageError, match="takes no mapping"):
        collect("feed", b"<rss/>", mapping)
    assert channel("kobo:monitors").name == "kobo"


@pytest.mark.parametrize("with_mapping", [False, True])
def test_who_reported_enters_nothing(collect: Collect, mapping: Mapping, with_mapping: bool) -> None:
    """Planted names and places in every identity field are found in no frame."""
    broken = {**SUBMISSION, "_uuid": "u-9", "_submission_time": "no day"}
    for batch in collect("kobo", page(SUBMISSION, broken), mapping if with_mapping else None):
        for frame in (batch.reports, batch.claims, batch.sources, batch.rejects, batch.rejected):
            assert "Planted" not in frame.write_csv()
            assert "12.345678" not in frame.write_csv()


def test_what_is_kept_of_a_submission_is_what_was_asked() -> None:
    """Answers by path, repeats as JSON text, attachments by bare name."""
    assert json_row(SUBMISSION) == {
        "_id": "7",
        "_uuid": "u-7",
        "_submission_time": "2024-05-02T10:00:00",
        "what/day": "2024-05-01",
        "what/country": "SDN",
        "what/kind": "killing",
        "what/dead": "3",
        "people": '[{"age":5}]',
        "_validation_status/label": "Approved",
        "attachments": '[{"name":"photo.jpg","type":"image/jpeg"}]',
    }


def test_exports_lose_the_same_columns(collect: Collect) -> None:
    """A CSV export is read like a page, and says which columns it lost."""
    rows = b"day,_uuid,_submission_time,username,_start-geopoint_latitude\n2024-05-01,u1,2024-05-02,Planted,1.5\n"
    batches = collect("kobo", rows)
    assert batches[0].reports["external_id"].to_list() == ["u1"]
    assert sum("tells who reported" in note for note, _ in batches[0].notes) == 2
    with pytest.raises(InputFormatError, match="nothing but who reported"):
        collect("kobo", b"username,deviceid\na,b\n")


@pytest.mark.parametrize("name", ["Device ID", "grp/username", "meta-instanceName", "SubmitterName", "_start-geopoint"])
def test_identity_is_known_however_it_is_written(name: str) -> None:
    """Case, blanks, signs and groups do not matter."""
    assert is_reporter(name)


@pytest.mark.parametrize("name", ["notes", "day", "start", "location", "what/name_of_village"])
def test_answers_are_not_taken_for_identity(name: str) -> None:
    """What the form asks is kept."""
    assert not is_reporter(name)


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8))
TREES = st.recursive(
    LEAVES, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=6), one, max_size=3), max_leaves=12
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(st.dictionaries(st.text(max_size=8), TREES, max_size=4), max_size=4))
def test_any_page_is_read_or_refused(collect: Collect, items: list[dict[str, object]]) -> None:
    """Each submission is a report or a reject with its reason, whatever its names and values."""
    with suppress(ForewarnError):
        batches = collect("kobo", json.dumps(items).encode())
        assert sum(b.read for b in batches) == sum(b.reports.height + b.rejects.height for b in batches) == len(items)
