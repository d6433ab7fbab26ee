"""Attacks on health care and protection are counted without telling where they can be repeated."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import Batch
from forewarn.errors import ForewarnError, InputFormatError

Collect = Callable[..., list[Batch]]
AsCsv = Callable[[Iterable[dict[str, str]]], bytes]
Totals = Callable[[list[Batch]], tuple[int, int, int]]

ROW = {
    "Date": "2023-05-30 00:00:00",
    "Event Description": "May 2023: armed men entered Dorn Clinic and killed a nurse.",
    "Country": "Karvia",
    "Country ISO": "XKA",
    "Admin 1": "North",
    "Latitude": "12.5",
    "Longitude": "20.25",
    "Geo Precision": "(2) 25 km Precision ",
    "Reported Perpetrator": "NSA",
    "Reported Perpetrator Name": "Northern Militia",
    "Weapon Carried/Used": "Firearms",
    "Location ": "Dorn Clinic",
    "Number of Attacks on Health Facilities Reporting Damaged": "1",
    "Access Denied or Obstructed": "False",
    "Health Workers Killed": "1",
    "Health Workers Injured": "2",
    "Health Workers Kidnapped": "0",
    "Health Workers Arrested": "0",
    "Health Workers Threatened": "0",
    "Health Workers Sexually Assaulted": "0",
    "SiND Event ID": "42677.0",
}


def claim(collect: Collect, data: bytes) -> dict[str, Any]:
    """The first claim of a file."""
    batch = collect("insecurity-insight", data)[0]
    assert batch.rejects.height == 0, batch.rejects.rows()
    return batch.claims.row(0, named=True)


def test_counts_are_at_least_and_zero_is_unknown(collect: Collect, as_csv: AsCsv) -> None:
    """Only people of the theme are counted, so nobody can say how many there were in all."""
    told = claim(collect, as_csv([ROW]))
    assert (told["act"], told["external_id"], told["target"]) == ("killing", "42677", "health workers")
    assert (told["deaths_low"], told["deaths_best"], told["deaths_high"]) == (1, None, None)
    assert (told["civilian_deaths_low"], told["injured_low"], told["abducted_low"]) == (1, 2, None)
    assert (told["alleged_by"], told["country"], told["started_on"]) == ("Northern Militia", "XKA", "2023-05-30")


def test_what_could_get_a_place_attacked_again_is_in_nothing(collect: Collect, as_csv: AsCsv) -> None:
    """Descriptions and names of facilities enter no report, claim or reject; the rest is of high sensitivity."""
    batch = collect("insecurity-insight", as_csv([ROW, {**ROW, "Country ISO": "??", "SiND Event ID": "2"}]))[0]
    assert batch.rejects.height == 1
    for frame in (batch.reports, batch.claims, batch.rejected):
        assert "Dorn" not in frame.write_csv()
    assert batch.claims["sensitivity"].to_list() == ["high"]


@pytest.mark.parametrize(
    ("precision", "latitude", "told"),
    [
        ("(1) Exact", None, "admin1"),
        ("", None, "admin1"),
        ("(2) 25 km Precision ", 12.5, "near"),
        ("(4) Province", 12.5, "admin1"),
        ("(6) Country", 12.5, "country"),
    ],
)
def test_only_blurred_coordinates_are_kept(
    collect: Collect, as_csv: AsCsv, precision: str, latitude: float | None, told: str
) -> None:
    """An exact place, or one of unstated precision, is dropped."""
    found = claim(collect, as_csv([{**ROW, "Geo Precision": precision}]))
    assert (found["latitude"], found["place_precision"]) == (latitude, told)


@pytest.mark.parametrize(
    ("change", "act", "sensitivity"),
    [
        ({"Health Workers Sexually Assaulted": "1"}, "sexual_violence", "severe"),
        ({"Health Workers Kidnapped": "3"}, "abduction", "high"),
        ({"Health Workers Arrested": "3"}, "detention", "high"),
        ({}, "destruction", "high"),
        ({"Number of Attacks on Health Facilities Reporting Damaged": "0"}, "unknown", "high"),
        (
            {"Number of Attacks on Health Facilities Reporting Damaged": "0", "Access Denied or Obstructed": "True"},
            "denial_of_access",
            "high",
        ),
    ],
)
def test_the_gravest_that_is_counted_is_the_act(
    collect: Collect, as_csv: AsCsv, change: dict[str, str], act: str, sensitivity: str
) -> None:
    """Sexual violence makes a row severe; where nothing is counted, the act is unknown."""
    nobody = {"Health Workers Killed": "0", "Health Workers Injured": "0"}
    told = claim(collect, as_csv([{**ROW, **nobody, **change}]))
    assert (told["act"], told["sensitivity"]) == (act, sensitivity)


def test_other_themes_have_other_names(collect: Collect, as_csv: AsCsv) -> None:
    """Protection and education count other people in columns of their own; nothing said of the body is no party."""
    row = {
        "Date": "2023-05-30",
        "Country": "Karvia",
        "Country ISO": "XKA",
        "Actor Type": "No Information",
        "Actor Name": "NoInformation",
        "Students Killed": "2",
        "Educators Killed": "1",
        "SiND ID": "7",
    }
    told = claim(collect, as_csv([row]))
    assert (told["deaths_low"], told["target"], told["external_id"]) == (3, "educators, students", "7")
    assert (told["alleged_by"], json.loads(told["parties"])) == ("", [])


def test_an_attack_that_harmed_nobody_is_one_on_the_service(collect: Collect, as_csv: AsCsv) -> None:
    """A clinic destroyed at night: the sheet of health care says what it was about, another sheet does not."""
    row = {name: "0" if name.startswith("Health Workers") else value for name, value in ROW.items()}
    assert claim(collect, as_csv([row]))["target"] == "health care"
    other = {name: value for name, value in row.items() if not name.startswith("Health Workers")}
    assert claim(collect, as_csv([other]))["target"] == ""


def test_a_table_of_something_else_is_refused(collect: Collect) -> None:
    """Without day and country it is no such spreadsheet."""
    with pytest.raises(InputFormatError, match="lacks the column Date"):
        collect("insecurity-insight", b"a,b\n1,2\n")


@pytest.mark.parametrize(
    ("file", "rows", "killing"),
    [("attacks_on_health_care_dev.csv", 2836, 337), ("protection_in_danger_2020_2023.xlsx", 624, 250)],
)
def test_the_real_spreadsheets_load_whole(
    shared_data: Path, collect: Collect, totals: Totals, file: str, rows: int, killing: int
) -> None:
    """Every incident makes a report and a claim; none is rejected, none has a place closer than 25 km."""
    batches = collect("insecurity-insight", shared_data / "feeds" / file)
    assert totals(batches) == (rows, rows, 0)
    claims = batches[0].claims
    assert claims.filter(claims["act"] == "killing").height == killing
    assert set(claims["place_precision"].unique()) <= {"near", "admin2", "admin1", "country"}
    assert set(claims["sensitivity"].unique()) <= {"high", "severe"}
    assert claims["text"].unique().to_list() == [""]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    cells=st.dictionaries(
        st.sampled_from(sorted(ROW)),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=15) | st.sampled_from(["NaN", "-1", "1e999", "=A1"]),
    ),
    noise=st.binary(max_size=20),
)
def test_no_cell_breaks_the_reader(collect: Collect, as_csv: AsCsv, cells: dict[str, str], noise: bytes) -> None:
    """Rows are taken or rejected, or the file is refused in one line."""
    try:
        batches = collect("insecurity-insight", as_csv([{**ROW, **cells}, ROW]) + noise)
    except ForewarnError:
        return
    for batch in batches:
        assert batch.read == batch.reports.height + batch.rejects.height
