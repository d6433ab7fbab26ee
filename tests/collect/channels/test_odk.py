"""ODK: submissions as XML, alone or zipped with attachments, and as OData pages."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import Batch
from forewarn.collect.channels.odk import read
from forewarn.errors import ForewarnError, InputFormatError

Collect = Callable[..., list[Batch]]

XML = b"""<?xml version="1.0"?>
<data id="form" version="2" submissionDate="2024-05-03T10:00:00Z" xmlns:orx="http://openrosa.org/xforms">
  <what><day>2024-05-01</day><photo>pic.jpg</photo></what>
  <person><age>5</age><phonenumber>Planted</phonenumber></person><person><age>6</age></person>
  <username>Planted</username><start-geopoint>1.5 2.5 0 0</start-geopoint>
  <orx:meta><orx:instanceID>uuid:123</orx:instanceID><orx:instanceName>Planted</orx:instanceName></orx:meta>
</data>"""
SMALL = b"<data><q>1</q><meta><instanceID>uuid:%d</instanceID></meta></data>"


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def rows_of(tmp_path: Path, data: bytes) -> list[dict[str, str | None]]:
    path = tmp_path / "given"
    path.write_bytes(data)
    return [row for chunk in read(path, "given") for row in chunk.frame.to_dicts()]


def test_a_submission_in_xml_is_a_row_without_its_reporter(tmp_path: Path) -> None:
    """Groups are paths, repeats JSON text; accounts, telephones, the instance's name and the start place are gone."""
    (row,) = rows_of(tmp_path, XML)
    assert row == {
        "@id": "form",
        "@version": "2",
        "@submissionDate": "2024-05-03T10:00:00Z",
        "what/day": "2024-05-01",
        "what/photo": "pic.jpg",
        "person": '[{"age":"5"},{"age":"6"}]',
        "meta/instanceID": "uuid:123",
    }


def test_its_id_and_day_are_those_of_the_submission(collect: Collect) -> None:
    """The id without its prefix; the day the server had it."""
    report = collect("odk", XML)[0].reports.row(0, named=True)
    assert (report["external_id"], report["published_on"], report["kind"]) == ("123", "2024-05-03", "form")


def test_attachments_are_listed_by_digest_and_never_read(tmp_path: Path) -> None:
    """Files beside a submission belong to it; an audit log, which follows the person, is not even listed."""
    picture = b"not a picture at all"
    rows = rows_of(
        tmp_path,
        zipped(
            {"a/submission.xml": SMALL % 1, "a/pic.jpg": picture, "a/audit.csv": b"x", "b/submission.xml": SMALL % 2}
        ),
    )
    assert [row["meta/instanceID"] for row in rows] == ["uuid:1", "uuid:2"]
    listed = json.loads(rows[0]["attachments"] or "")
    assert listed == [
        {"name": "pic.jpg", "size_bytes": str(len(picture)), "sha256": hashlib.sha256(picture).hexdigest()}
    ]
    assert rows[1]["attachments"] is None


def test_a_broken_submission_is_a_reject_and_the_others_stay(collect: Collect) -> None:
    """One telephone's broken file does not stop the rest."""
    (batch, *_) = collect("odk", zipped({"a/s.xml": SMALL % 1, "b/s.xml": b"<data><q>", "c/s.xml": SMALL % 3}))
    assert batch.reports["external_id"].to_list() == ["1", "3"]
    assert "not well-formed" in batch.rejects.row(0, named=True)["reason"]


def test_odata_pages_are_read(collect: Collect) -> None:
    """Central's JSON, with its own words for id and day, and without who submitted."""
    one = {
        "__id": "uuid:9",
        "__system": {"submissionDate": "2024-05-04T00:00:00Z", "submitterName": "Planted", "deviceId": "Planted"},
    }
    (batch,) = [b for b in collect("odk", json.dumps({"value": [one]}).encode()) if b.read]
    assert batch.reports.row(0, named=True)["external_id"] == "9"
    assert "Planted" not in batch.reports.write_csv()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.xml": b"0" * 60_000_000}, "unpacks to more than"),
        ({"readme.txt": b"hello"}, "without any XML"),
    ],
)
def test_zips_made_to_harm_or_without_forms_are_refused(collect: Collect, files: dict[str, bytes], words: str) -> None:
    """Before anything is unpacked."""
    with pytest.raises(InputFormatError, match=words):
        collect("odk", zipped(files))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_zips_are_read_or_refused(collect: Collect, data: st.DataObject) -> None:
    """Cut off or altered anywhere."""
    whole = zipped({"a/s.xml": SMALL % 1, "a/pic.jpg": b"1234" * 9})
    spot = data.draw(st.integers(2, len(whole) - 1))
    damaged = data.draw(st.sampled_from([whole[:spot], whole[:spot] + b"\xff" + whole[spot + 1 :]]))
    with suppress(ForewarnError):
        collect("odk", damaged)
