"""CAP 1.2: alerts of others are statements; exercises are never real; places are no closer than an area."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import Batch
from forewarn.collect.channels.cap import NOT_REAL, read
from forewarn.errors import ForewarnError, InputError, InputFormatError

Collect = Callable[..., list[Batch]]

ALERT = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>A-1</identifier>
<sender>planted@example.org</sender><sent>2024-05-01T01:00:00+02:00</sent><status>Actual</status>
<msgType>Update</msgType><source>Planted Name</source><scope>Public</scope>
<references>planted@example.org,A-0,2024-04-30T01:00:00+02:00</references>
<info><language>en</language><category>Security</category><event>Attacks</event><urgency>Immediate</urgency>
<severity>Severe</severity><certainty>Likely</certainty><senderName>A body</senderName><headline>Take cover</headline>
<description>Words</description><contact>Planted Name</contact><area><areaDesc>Ash district</areaDesc>
<polygon>10.01,20.01 10.01,20.31 10.31,20.31 10.31,20.01 10.01,20.01</polygon></area></info>
<info><language>fr</language><category>Security</category><event>Attaques</event><urgency>Immediate</urgency>
<severity>Severe</severity><certainty>Likely</certainty></info></alert>"""


def rows_of(tmp_path: Path, text: str) -> list[dict[str, str | None]]:
    path = tmp_path / "given"
    path.write_text(text)
    return [row for chunk in read(path, "given") for row in chunk.frame.to_dicts()]


def test_each_info_block_is_a_statement(collect: Collect, tmp_path: Path) -> None:
    """With its language, the day it was sent and the body's printed name; addresses and persons are gone."""
    batch = collect("cap", ALERT.encode())[0]
    told = batch.reports.select("external_id", "title", "language", "published_on", "kind").rows()
    assert told == [
        ("A-1#1", "Take cover", "en", "2024-04-30", "statement"),
        ("A-1#2", "Attaques", "fr", "2024-04-30", "statement"),
    ]
    assert batch.claims.height == 0
    first = rows_of(tmp_path, ALERT)[0]
    assert first["references"] == "A-0,2024-04-30T01:00:00+02:00"
    assert "lanted" not in str(first)


@pytest.mark.parametrize("status", ["Exercise", "System", "Test", "Draft"])
def test_what_is_not_real_says_so(collect: Collect, status: str) -> None:
    """In the title of each report, and in the remarks on the file."""
    batch = collect("cap", ALERT.replace("Actual", status).encode())[0]
    assert all(title.startswith("[NOT REAL] ") for title in batch.reports["title"])
    assert (NOT_REAL, 2) in batch.notes


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("<circle>10.12,20.34 5</circle>", ("10.1", "20.3", "admin2")),
        ("<circle>10.12,20.34 150</circle>", ("10.1", "20.3", "admin1")),
        ("<circle>10.12,20.34 900</circle>", ("10.1", "20.3", "country")),
        ("", (None, None, None)),
    ],
)
def test_a_place_is_an_area_with_its_precision(
    tmp_path: Path, drawn: str, expected: tuple[str | None, str | None, str | None]
) -> None:
    """To a tenth of a degree, never closer than a second-level area."""
    start, end = ALERT.index("<polygon>"), ALERT.index("</polygon>") + len("</polygon>")
    row = rows_of(tmp_path, ALERT[:start] + drawn + ALERT[end:])[0]
    assert (row["latitude"], row["longitude"], row["place_precision"]) == expected


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("cap:1.2|cap:1.1", "not a CAP 1.2 alert"),
        ("<identifier>A-1</identifier>|", "lacks 'identifier'"),
        ("Actual|Real", "'Real' is no status"),
        ("<severity>Severe|<severity>Bad", "'Bad' is no severity"),
        ("<event>Attacks</event>|", "lacks 'event'"),
        ("2024-05-01T01:00:00+02:00</sent>|2024-05-01</sent>", "sent is no instant"),
        (" 10.01,20.01</polygon>|</polygon>", "not closed"),
        ("10.31,20.31|98,20.31", "off the globe"),
        ("10.31,20.31|NaN,1e9", "no number"),
        ("planted@example.org,A-0,2024|A-0", "reference"),
    ],
)
def test_what_the_standard_does_not_allow_is_refused(collect: Collect, change: str, words: str) -> None:
    """Each with the element and what it should be."""
    old, new = change.split("|")
    with pytest.raises(InputError, match=words):
        collect("cap", ALERT.replace(old, new).encode())


def test_other_xml_is_refused(collect: Collect) -> None:
    """A feed is no alert."""
    with pytest.raises(InputFormatError, match="not a CAP"):
        collect("cap", b"<rss/>")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_altered_alerts_are_read_or_refused(collect: Collect, data: st.DataObject) -> None:
    """Any character may be another."""
    spot = data.draw(st.integers(0, len(ALERT) - 1))
    with suppress(ForewarnError):
        assert collect("cap", (ALERT[:spot] + data.draw(st.text(max_size=3)) + ALERT[spot + 1 :]).encode())
