"""From bytes to batches: every row is accounted for, and every bad input ends in one line that says what to do."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from forewarn.collect import Batch, Mapping, RejectsFile, channel, load_mapping, original_row
from forewarn.collect.channels.declared import declared
from forewarn.collect.tabular import delimited
from forewarn.errors import (
    ForewarnError,
    InputEncodingError,
    InputFormatError,
    InputNotFoundError,
    UnknownNameError,
    UsageError,
)

Collect = Callable[..., list[Batch]]
Ged = Callable[..., bytes]
Totals = Callable[[list[Batch]], tuple[int, int, int]]

MAPPING = b"""
name: monitors
title: Field monitors
publisher: A network
licence: internal
identity: [reporter, phone]
fields: {external_id: id, started_on: day, country: country, deaths: killed, text: words}
"""


@pytest.fixture
def monitors() -> Mapping:
    """A mapping with columns that tell who reported."""
    return declared(Mapping, MAPPING, "monitors.yml")


MONITORED = b"""id,day,country,killed,words,reporter,phone
a,2020-01-01,KEN,1,seen by me,Jane Doe,0700 123456
b,2020-01-02,KEN,-1,seen too,John Roe,0700 654321
"""


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"best": "-5"}, "best", "is negative"),
        ({"high": "99999999999"}, "high", "is above 10,000,000"),
        ({"best": "9.5"}, "best", "is not a whole number"),
        ({"best": "NaN"}, "best", "is not a finite number"),
        ({"best": "1e999"}, "best", "is not a finite number"),
        ({"best": "many"}, "best", "is not a number"),
        ({"low": "12", "high": "8"}, "low", "low, best and high are out of order"),
        ({"latitude": "90.5"}, "latitude", "is outside -90..90"),
        ({"longitude": "-181"}, "longitude", "is outside -180..180"),
        ({"longitude": "NaN"}, "longitude", "is outside -180..180"),
        ({"latitude": ""}, "latitude", "is missing while longitude is given"),
        ({"date_end": "2024-06-02"}, "date_end", "is in the future (today is 2024-06-01)"),
        ({"date_start": "1799-12-31"}, "date_start", "is before 1800-01-01"),
        ({"date_start": "30.8.2017"}, "date_start", "is not a date"),
        ({"date_start": "2017-02-29"}, "date_start", "is not a date"),
        ({"date_start": "2017-09-01"}, "date_start", "is after the day it ended"),
        ({"country": "Atlantis"}, "country", "is not a country we know"),
        ({"id": " "}, "id", "is missing"),
        ({"low": ""}, "low", "is missing"),
        ({"type_of_violence": "4"}, "type_of_violence", "is not a known word or code"),
        ({"where_prec": "8"}, "where_prec", "is not a known word or code"),
    ],
)
def test_a_bad_cell_rejects_its_row_alone(
    collect: Collect, ged: Ged, change: dict[str, str], column: str, reason: str
) -> None:
    """The row is rejected with its number, the file's own column, the value, the reason and a mend; others pass."""
    batch = collect("ucdp-ged", ged({}, change, {}))[0]
    assert (batch.read, batch.reports.height, batch.claims.height) == (3, 2, 2)
    assert batch.rejects.rows() == [(2, column, change[column].strip(), reason, batch.rejects["mend"][0])]
    assert batch.rejects["mend"][0]
    assert batch.rejected[column].to_list() == [change[column] or None]


def test_all_that_is_wrong_with_a_row_is_told_once(collect: Collect, ged: Ged) -> None:
    """One line per rejected row, with every faulty column."""
    batch = collect("ucdp-ged", ged({"best": "-1", "latitude": "100"}))[0]
    assert batch.rejects.select("column", "value").rows() == [("latitude | best", "100 | -1")]


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda data: data[:-30], InputFormatError, "cut off in row 1"),
        (lambda data: data.replace(b"Some village", b"Some villag\xe9"), InputEncodingError, "line 2: byte"),
        (lambda data: b"", InputFormatError, "is empty"),
        (lambda data: data.replace(b"date_start", b"date_begun"), InputFormatError, "lacks the column date_start"),
        (lambda data: data.replace(b",", b"^"), InputFormatError, "lacks the columns"),
    ],
)
def test_a_bad_file_is_one_line(
    collect: Collect, ged: Ged, make: Callable[[bytes], bytes], error: type[ForewarnError], words: str
) -> None:
    """A file that cannot be read as a whole is refused, naming the file and the mend."""
    with pytest.raises(error, match=words) as caught:
        collect("ucdp-ged", make(ged()))
    assert str(caught.value).startswith("given.csv")
    assert caught.value.mend
    assert "\n" not in str(caught.value)


def test_rejects_can_be_corrected_and_fed_back(collect: Collect, ged: Ged, tmp_path: Path) -> None:
    """A corrected rejects file is collected like the original, and gives the very reports it would have given."""
    first = collect("ucdp-ged", ged({"latitude": "-200"}, {}))
    with RejectsFile(tmp_path / "rejects.csv") as file:
        for batch in first:
            file.add(batch.rejects, batch.rejected)
    with (tmp_path / "rejects.csv").open(newline="", encoding="utf-8") as lines:
        header, row = list(csv.reader(lines))
    row[header.index("latitude")] = "20.5"
    with (tmp_path / "rejects.csv").open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines).writerows([header, row])
    again = collect("ucdp-ged", tmp_path / "rejects.csv")
    meant = collect("ucdp-ged", ged({}))
    assert again[0].reports["report_id"].to_list() == meant[0].reports["report_id"].to_list()


def test_the_identity_of_reporters_enters_nothing(collect: Collect, monitors: Mapping, tmp_path: Path) -> None:
    """Names and numbers of reporters are in no report, claim, source or reject, and do not change the content."""
    (batch,) = collect("table", MONITORED, monitors)
    for frame in (batch.reports, batch.claims, batch.sources, batch.rejects, batch.rejected):
        assert not any(word in frame.write_csv() for word in ("Jane", "Roe", "0700", "reporter", "phone"))
    (other,) = collect("table", MONITORED.replace(b"Jane Doe", b"Somebody"), monitors)
    assert batch.reports["content_sha256"].to_list() == other.reports["content_sha256"].to_list()
    (path,) = [p for p in (tmp_path / "snapshots").rglob("*") if p.is_file() and b"Jane" in p.read_bytes()]
    row = original_row(channel("table"), path, row=1, mapping=monitors)
    assert row == {"id": "a", "day": "2020-01-01", "country": "KEN", "killed": "1", "words": "seen by me"}


def test_a_missing_identity_column_is_remarked(collect: Collect, monitors: Mapping) -> None:
    """A misspelt identity column would let a name through; the reading says so."""
    (batch,) = collect("table", MONITORED.replace(b",phone", b",telephone"), monitors)
    assert ("identity column 'phone' is not in the file", 0) in batch.notes


def test_any_row_can_be_shown_as_received(collect: Collect, ged: Ged, tmp_path: Path) -> None:
    """The row of a report is found again in the snapshot; a row that is not there is told so."""
    collect("ucdp-ged", ged({}, {"adm_1": ""}))
    (path,) = [p for p in (tmp_path / "snapshots").rglob("*") if p.is_file()]
    row = original_row(channel("ucdp-ged"), path, row=2)
    assert (row["id"], row["adm_1"], row["where_coordinates"]) == ("1002", "", "Some village")
    assert "source_original" not in row
    with pytest.raises(UnknownNameError, match="no row 3"):
        original_row(channel("ucdp-ged"), path, row=3)
    with pytest.raises(InputNotFoundError, match="bytes of the snapshot are gone"):
        original_row(channel("ucdp-ged"), tmp_path / "gone", row=1)


def test_mappings_belong_to_channels_that_need_them(collect: Collect, ged: Ged, monitors: Mapping) -> None:
    """A missing or superfluous mapping is refused before anything is read."""
    with pytest.raises(UsageError, match="needs a mapping"):
        collect("table", ged())
    with pytest.raises(UsageError, match="takes no mapping"):
        collect("ucdp-ged", ged(), monitors)


def test_chunks_do_not_show_in_the_result(collect: Collect, ged: Ged, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in one chunk or in many, the same rows give the same reports, claims and rejects."""
    data = ged(*({"best": str(n)} if n % 5 else {"best": "-1"} for n in range(1, 60)))
    once = collect("ucdp-ged", data)
    monkeypatch.setattr(delimited, "_BLOCK", 2_000)
    monkeypatch.setattr(delimited, "HEAD_BYTES", 1_000)
    many = collect("ucdp-ged", data)
    assert len(many) > 5
    for name in ("reports", "claims", "rejects"):
        joined = pl.concat([getattr(batch, name) for batch in many])
        assert joined.equals(pl.concat([getattr(batch, name) for batch in once]))


def test_a_column_that_is_filled_too_rarely_is_remarked(collect: Collect, ged: Ged) -> None:
    """Less than the channel's definition expects is said at the end, with the share."""
    batches = collect("ucdp-ged", ged({}, {"source_article": ""}))
    assert batches[-1].read == 0
    assert batches[-1].notes == (("column 'source_article' is filled in 50% of rows, 90% expected", 1),)


def test_an_empty_table_says_so(collect: Collect, ged: Ged) -> None:
    """A header without rows gives no report and one remark."""
    header = ged().split(b"\n")[0] + b"\n"
    (batch,) = collect("ucdp-ged", header)
    assert (batch.read, batch.notes) == (0, (("no rows", 0),))


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_table_without_rows_is_still_one_of_the_channel(collect: Collect, tmp_path: Path, ending: str) -> None:
    """Something else, cut off behind its header, is refused and not taken for a day without news."""
    path = tmp_path / f"other.{ending}"
    getattr(pl.DataFrame({"junk": ["1"]}).clear(), f"write_{ending}")(path)
    with pytest.raises(InputFormatError, match="lacks the columns id"):
        collect("ucdp-ged", path)


@pytest.mark.parametrize(
    ("file", "rows", "notes"),
    [
        ("events/ucdp_ged191_myanmar_bangladesh.csv", 3194, {"counts out of order taken as a range": 6}),
        (
            "events/ucdp_ged191_bangladesh_hxl.csv",
            601,
            {"hashtag row skipped": 1, "counts out of order taken as a range": 1},
        ),
        ("events/ucdp_ged_2021_sample.jsonl", 651, {}),
    ],
)
def test_the_real_ged_files_load_whole(
    shared_data: Path, collect: Collect, totals: Totals, file: str, rows: int, notes: dict[str, int]
) -> None:
    """Every row of the real files makes a report and a claim; none is rejected."""
    batches = collect("ucdp-ged", shared_data / file)
    assert totals(batches) == (rows, rows, 0)
    assert {text: n for batch in batches for text, n in batch.notes if n} == notes


def test_how_the_real_rows_became_known(shared_data: Path, collect: Collect) -> None:
    """A quarter of the GED rows have a dated source; the others wait for the stated delay."""
    batches = collect("ucdp-ged", shared_data / "events" / "ucdp_ged191_myanmar_bangladesh.csv")
    counted = pl.concat([batch.claims for batch in batches])["known_basis"].value_counts().rows()
    assert dict(counted) == {"source_date": 815, "ended_plus_delay": 2379}


def test_the_real_event_reports_load_whole(shared_data: Path, collect: Collect, totals: Totals) -> None:
    """All 1,062 reports load with the example mapping, and the coders' own linkage is nowhere in the result."""
    mapping = load_mapping(Path(__file__).parents[2] / "examples" / "mappings" / "event_reports.yml")
    batches = collect("table", shared_data / "linkage" / "event_reports_ivory_coast.csv", mapping)
    assert totals(batches) == (1062, 1062, 0)
    told = "".join(frame.write_csv() for b in batches for frame in (b.reports, b.claims, b.sources, b.rejected))
    assert "CIV-0001" not in told
    assert sum(n for batch in batches for _, n in batch.notes) == 4
