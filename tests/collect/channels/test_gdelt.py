"""GDELT is read as what it is: coded by machine, without names, the place and day of an article's event."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import Batch, channel, original_row
from forewarn.collect.channels.gdelt_files import EVENTS_1, EVENTS_2, MENTIONS
from forewarn.errors import ForewarnError, InputFormatError

Collect = Callable[..., list[Batch]]
Totals = Callable[[list[Batch]], tuple[int, int, int]]

EVENT = {
    "GLOBALEVENTID": "900000001",
    "SQLDATE": "20240203",
    "Actor1Name": "SOME MINISTER",
    "Actor1CountryCode": "MLI",
    "Actor1Type1Code": "MIL",
    "Actor2Name": 'A "QUOTED NAME',
    "IsRootEvent": "1",
    "EventCode": "193",
    "NumMentions": "6",
    "NumSources": "1",
    "ActionGeo_Type": "4",
    "ActionGeo_FullName": "Kidal, Kidal, Mali",
    "ActionGeo_CountryCode": "ML",
    "ActionGeo_Lat": "18.4411",
    "ActionGeo_Long": "1.4078",
    "DATEADDED": "20240204001500",
    "SOURCEURL": "https://user:pw@www.Karvia-Times.example:8080/some-article?id=1",
}
MENTION = {
    "GLOBALEVENTID": "900000001",
    "MentionTimeDate": "20240204001500",
    "MentionSourceName": "karvia-times.example",
    "MentionIdentifier": "https://karvia-times.example/a",
    "SentenceID": "2",
    "Confidence": "50",
}


def line(columns: tuple[str, ...], *rows: dict[str, str]) -> bytes:
    """Rows as GDELT writes them."""
    return "".join("\t".join(row.get(column, "") for column in columns) + "\n" for row in rows).encode()


def claim(collect: Collect, data: bytes) -> dict[str, Any]:
    """The first claim of a file."""
    batch = collect("gdelt", data)[0]
    assert batch.rejects.height == 0, batch.rejects.rows()
    return batch.claims.row(0, named=True)


@pytest.mark.parametrize("columns", [EVENTS_1, EVENTS_2])
def test_an_event_has_its_place_its_days_and_its_host(collect: Collect, columns: tuple[str, ...]) -> None:
    """Both releases are told apart by their width; a quote is a character; credentials in an address stay out."""
    told = claim(collect, line(columns, EVENT))
    assert (told["act"], told["started_on"], told["known_on"], told["known_basis"]) == (
        "clash",
        "2024-02-03",
        "2024-02-04",
        "published",
    )
    assert (told["country"], told["place_precision"], told["latitude"]) == ("MLI", "near", 18.4411)
    assert json.loads(told["origins"]) == [["karvia-times.example", "2024-02-04"]]
    assert json.loads(told["parties"]) == ["MLI MIL"]
    assert "pw" not in told["text"]
    assert "coded by machine" in told["text"]
    assert all(told[f"deaths_{end}"] is None for end in ("low", "best", "high"))


def test_names_of_actors_are_in_nothing(collect: Collect, tmp_path: Path) -> None:
    """They may be names of persons: no report, claim or shown row has them."""
    batch = collect("gdelt", line(EVENTS_2, EVENT, {**EVENT, "SQLDATE": "x"}))[0]
    assert batch.rejects.height == 1
    for frame in (batch.reports, batch.claims, batch.rejected):
        assert "MINISTER" not in frame.write_csv()
    (path,) = [one for one in (tmp_path / "snapshots").rglob("*") if one.is_file()]
    row = original_row(channel("gdelt"), path, row=1)
    assert "Actor1Name" not in row
    assert row["SOURCEURL"].startswith("https://")


@pytest.mark.parametrize(
    ("code", "act"),
    [
        ("043", "other"),
        ("138", "threat"),
        ("145", "protest"),
        ("1711", "other"),
        ("173", "detention"),
        ("180", "attack"),
        ("181", "abduction"),
        ("1821", "sexual_violence"),
        ("191", "denial_of_access"),
        ("195", "bombardment"),
        ("202", "killing"),
        ("203", "attack"),
        ("", "unknown"),
        ("---", "unknown"),
    ],
)
def test_cameo_codes_are_acts_only_where_they_say_one(collect: Collect, code: str, act: str) -> None:
    """What a code leaves open stays open; a word of law is no act."""
    assert claim(collect, line(EVENTS_1, {**EVENT, "EventCode": code}))["act"] == act


@pytest.mark.parametrize(
    ("fips", "iso3"), [("GM", "DEU"), ("SU", "SDN"), ("OD", "SSD"), ("GZ", "PSE"), ("KV", "XKX"), ("OS", ""), ("", "")]
)
def test_countries_are_fips_codes(collect: Collect, fips: str, iso3: str) -> None:
    """GM is Germany and SU is Sudan here; the sea has no country."""
    assert claim(collect, line(EVENTS_1, {**EVENT, "ActionGeo_CountryCode": fips}))["country"] == iso3


def test_a_code_nobody_knows_is_rejected(collect: Collect) -> None:
    """No country is guessed."""
    batch = collect("gdelt", line(EVENTS_1, {**EVENT, "ActionGeo_CountryCode": "Q9"}))[0]
    assert batch.rejects.select("column", "value", "reason").rows() == [
        ("ActionGeo_CountryCode", "FIPS Q9", "is not a country we know")
    ]


def test_a_mention_is_the_report_of_an_outlet(collect: Collect) -> None:
    """It names the event by its id and claims nothing itself; each mention is a report of its own."""
    batch = collect("gdelt", line(MENTIONS, MENTION, {**MENTION, "SentenceID": "3"}))[0]
    told = batch.reports.row(0, named=True)
    assert batch.claims.height == 0
    assert batch.sources["name"].to_list() == ["karvia-times.example"]
    assert told["known_on"] == "2024-02-04"
    assert told["external_id"].startswith("900000001/")
    assert batch.reports["external_id"].n_unique() == 2


def test_plain_zipped_and_gzipped_are_the_same(collect: Collect) -> None:
    """GDELT publishes zips; the rows are the same."""
    plain = line(EVENTS_2, EVENT)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("20240204001500.export.CSV", plain)
    ids = {
        collect("gdelt", data)[0].reports["report_id"][0] for data in (plain, packed.getvalue(), gzip.compress(plain))
    }
    assert len(ids) == 1


def zipped(*files: tuple[str, bytes]) -> bytes:
    """An archive of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (line(EVENTS_2, EVENT, EVENT)[:-200], "cut off in row 2"),
        (b"a\tb\tc\n", "has 3 cells in row 1"),
        (zipped(("a", b"x"), ("b", b"y")), "holds 2 files"),
        (zipped(("bomb", b"0" * 60_000_000)), "unpacks to more than"),
        (zipped(("a", line(EVENTS_1, EVENT)))[:-40], "damaged or cut-off zip"),
        (gzip.compress(line(EVENTS_1, EVENT))[:-9], "cut off"),
        (b"\xff\xfe\x00", "NUL|UTF-8"),
        (line(EVENTS_1, EVENT)[:40] + b"\0" + line(EVENTS_1, EVENT)[40:], "NUL"),
    ],
)
def test_what_is_damaged_is_refused_whole(collect: Collect, data: bytes, words: str) -> None:
    """One line says what is wrong; nothing of the file is taken."""
    with pytest.raises(ForewarnError, match=words) as caught:
        collect("gdelt", data)
    assert isinstance(caught.value, InputFormatError) or "UTF-8" in words
    assert caught.value.mend


def test_a_row_of_another_width_is_rejected_alone(collect: Collect) -> None:
    """The rows around it are taken, with their numbers."""
    good = line(EVENTS_1, EVENT)
    batch = collect("gdelt", good + b"too\tshort\n" + good)[0]
    assert batch.rejects["row"].to_list() == [2]
    assert batch.reports["row"].to_list() == [1, 3]


@pytest.mark.parametrize(
    ("file", "rows"),
    [
        ("events1samp.csv", 50),
        ("events2samp.csv", 50),
        ("events2listsamp.csv", 50),
        ("events2Transsamp.csv", 50),
        ("mentionssamp.csv", 1635),
        ("mentionslistsamp.csv", 50),
        ("mentionssamp_50.csv", 50),
    ],
)
def test_the_real_samples_load_whole(shared_data: Path, collect: Collect, totals: Totals, file: str, rows: int) -> None:
    """Every row of GDELT's samples makes a report with an id of its own; none is rejected."""
    batches = collect("gdelt", shared_data / "events" / "gdelt" / file)
    assert totals(batches) == (rows, rows, 0)
    assert batches[0].reports["external_id"].n_unique() == rows


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(
    cells=st.dictionaries(st.sampled_from(EVENTS_2), st.text(st.characters(exclude_categories=["Cs"]), max_size=12)),
    noise=st.binary(max_size=60),
    at=st.integers(0, 400),
    packed=st.sampled_from(["plain", "gzip", "zip"]),
)
def test_no_bytes_break_the_reader(collect: Collect, cells: dict[str, str], noise: bytes, at: int, packed: str) -> None:
    """Noise anywhere in a file, packed or not, gives rows taken or rejected, or a refusal."""
    data = line(EVENTS_2, {**EVENT, **cells}, EVENT)
    data = data[:at] + noise + data[at:]
    data = {"plain": data, "gzip": gzip.compress(data), "zip": zipped(("a", data))}[packed]
    try:
        batches = collect("gdelt", data)
    except ForewarnError:
        return
    for batch in batches:
        assert batch.read == batch.reports.height + batch.rejects.height
