"""UNHCR's figures are people where they are; what counts something else is no displacement."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import Batch, ParseRequest, Provenance, channel, keep_snapshot, parse, snapshot_path
from forewarn.collect.channels.unhcr import table_of
from forewarn.errors import ForewarnError, InputFormatError

Collect = Callable[..., list[Batch]]
AsCsv = Callable[[Iterable[dict[str, str]]], bytes]
Totals = Callable[[list[Batch]], tuple[int, int, int]]

AFTER = datetime(2026, 6, 1, tzinfo=UTC)
"""A day after the last year of the real tables is over."""

ROW = {
    "year": "2022",
    "coo_name": "Sudan",
    "coo": "SUD",
    "coo_iso": "SDN",
    "coa_name": "Chad",
    "coa": "CHD",
    "coa_iso": "TCD",
    "refugees": "400000",
    "asylum_seekers": "200",
    "returned_refugees": "50",
    "idps": "0",
    "returned_idps": "0",
    "stateless": "0",
    "ooc": "0",
    "oip": "-",
    "hst": "900",
}


def claim(collect: Collect, data: bytes) -> dict[str, Any]:
    """The first claim of a file."""
    batch = collect("unhcr", data)[0]
    assert batch.rejects.height == 0, batch.rejects.rows()
    return batch.claims.row(0, named=True)


def test_people_are_counted_where_they_are(collect: Collect, as_csv: AsCsv) -> None:
    """The country is that of asylum; the origin is in words; only the displaced are summed."""
    told = claim(collect, as_csv([ROW]))
    assert (told["act"], told["displaced_best"], told["country"]) == ("displacement", 400_200, "TCD")
    assert told["target"] == "displaced people from Sudan"
    assert (told["started_on"], told["ended_on"], told["date_precision"]) == ("2022-01-01", "2022-12-31", "year")
    assert (told["known_on"], told["external_id"]) == ("2023-06-19", "population/2022/SUD/CHD")
    for words in ("refugees 400000", "returned refugees 50", "host community 900"):
        assert words in told["text"]


def test_what_is_no_displacement_claims_nothing(collect: Collect, as_csv: AsCsv) -> None:
    """Returns, hosts and papers are reports; they claim no happening."""
    decided = {k: ROW[k] for k in list(ROW)[:7]} | {"procedure_type": "G", "dec_recognized": "7", "dec_total": "9"}
    for row, external_id in (
        ({**ROW, "refugees": "0", "asylum_seekers": "0"}, None),
        (decided, "decisions/2022/SUD/CHD/G"),
    ):
        batch = collect("unhcr", as_csv([row]))[0]
        assert (batch.reports.height, batch.claims.height) == (1, 0)
        assert external_id in (None, batch.reports["external_id"][0])


@pytest.mark.parametrize(
    ("code", "name", "country"),
    [("UNK", "Unknown", ""), ("AB9", "Abyei Area", ""), ("", "Türkiye", "TUR"), ("XKA", "Karvia", "XKA")],
)
def test_where_nobody_knows_there_is_no_country(
    collect: Collect, as_csv: AsCsv, code: str, name: str, country: str
) -> None:
    """UNHCR's codes for what is no country leave it open; a missing code is found by the name."""
    assert claim(collect, as_csv([{**ROW, "coa_iso": code, "coa_name": name}]))["country"] == country


def test_a_code_nobody_knows_is_rejected(collect: Collect, as_csv: AsCsv) -> None:
    """No country is guessed."""
    batch = collect("unhcr", as_csv([{**ROW, "coa_iso": "QQQ"}]))[0]
    assert batch.rejects.select("column", "value").rows() == [("coa_iso", "QQQ")]


def test_more_than_a_claim_may_hold_is_at_least_that(collect: Collect, as_csv: AsCsv) -> None:
    """The internally displaced of Sudan were more than ten million at the end of 2024."""
    told = claim(collect, as_csv([{**ROW, "refugees": "0", "asylum_seekers": "0", "idps": "11559970"}]))
    assert (told["displaced_low"], told["displaced_best"]) == (10_000_000, None)
    assert "internally displaced 11559970" in told["text"]


def test_figures_of_others_have_their_source(collect: Collect, as_csv: AsCsv) -> None:
    """The totals of IDMC and UNRWA are theirs."""
    head = {k: ROW[k] for k in list(ROW)[:7]}
    rows = [{**head, "total": "5"}, {**head, "coo_name": "Palestinian", "coo": "GAZ", "coo_iso": "PSE", "total": "6"}]
    batch = collect("unhcr", as_csv(rows))[0]
    assert sorted(batch.sources.select("name", "kind").rows()) == [("IDMC", "ngo"), ("UNRWA", "un_body")]


@pytest.mark.parametrize("shape", ["items", "download"])
def test_the_api_and_the_download_say_the_same(collect: Collect, as_csv: AsCsv, shape: str) -> None:
    """Pages of items have numbers and text side by side; downloads have long names."""
    if shape == "items":
        item = {**ROW, "year": 2022, "refugees": 400000, "coo_id": 1}
        data = json.dumps({"page": 1, "maxPages": 1, "items": [item], "total": []}).encode()
    else:
        long = {"Year": "2022", "Country of origin": "Sudan", "Country of origin (ISO)": "SDN"}
        long |= {"Country of asylum": "Chad", "Country of asylum (ISO)": "TCD", "Asylum-seekers": "200"}
        data = as_csv([{**long, "Refugees under UNHCR's mandate": "400000", "IDPs of concern to UNHCR": "0"}])
    told = claim(collect, data)
    assert (told["displaced_best"], told["country"], told["started_on"]) == (400_200, "TCD", "2022-01-01")


def test_tables_are_told_apart_by_their_columns() -> None:
    """Each table has a column that no other has."""
    assert table_of(["refugees", "idps"]) == "population"
    assert table_of(["refugees", "refugee_like"]) == "flows"
    assert table_of(["applied"]) == "applications"
    assert table_of(["dec_total"]) == "decisions"
    assert table_of(["resettlement", "returned_idps"]) == "solutions"
    assert table_of(["total"]) == "total"


def test_a_year_that_is_not_over_is_rejected(collect: Collect, as_csv: AsCsv) -> None:
    """Mid-year figures wait until the year is over; the reason says so."""
    batch = collect("unhcr", as_csv([{**ROW, "year": "2024"}]))[0]
    assert batch.rejects["reason"].to_list() == ["is in the future (today is 2024-06-01)"]


def test_a_list_of_countries_is_refused(collect: Collect) -> None:
    """It holds no figures."""
    with pytest.raises(InputFormatError, match="lacks the column year"):
        collect("unhcr", b"iso_code,unhcr_code,name\nAFG,AFG,Afghanistan\n")


@pytest.mark.parametrize(
    ("table", "rows", "displaced"),
    [
        ("population", 138_893, 136_320),
        ("flows", 105_868, 105_868),
        ("idmc", 934, 934),
        ("unrwa", 296, 296),
        ("solutions", 21_258, 0),
        ("asylum_applications", 120_597, 0),
        ("asylum_decisions", 113_929, 0),
    ],
)
def test_the_real_tables_load_whole(
    shared_data: Path, tmp_path: Path, totals: Totals, table: str, rows: int, displaced: int
) -> None:
    """Every row makes a report with an id of its own; none is rejected."""
    definition = channel("unhcr")
    given_file = shared_data / "mass_killing" / "unhcr" / f"{table}.parquet"
    snapshot = keep_snapshot(given_file, tmp_path, provenance=Provenance("unhcr", "UNHCR", "CC BY 4.0", AFTER))
    request = ParseRequest(definition, snapshot_path(tmp_path, snapshot), snapshot, AFTER, AFTER.date())
    batches = list(parse(request))
    assert totals(batches) == (rows, rows, 0)
    assert pl.concat([batch.reports for batch in batches])["external_id"].n_unique() == rows
    assert sum(batch.claims.height for batch in batches) == displaced


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    cells=st.dictionaries(
        st.sampled_from(sorted(ROW)),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=15)
        | st.sampled_from(["NaN", "1e999", "=A1", "9" * 40]),
    ),
    noise=st.binary(max_size=20),
    is_json=st.booleans(),
)
def test_no_cell_breaks_the_reader(
    collect: Collect, as_csv: AsCsv, cells: dict[str, str], noise: bytes, is_json: bool
) -> None:
    """Rows are taken or rejected, or the file is refused."""
    rows = [{**ROW, **cells}, ROW]
    data = json.dumps({"items": rows}).encode() if is_json else as_csv(rows)
    try:
        batches = collect("unhcr", data + noise)
    except ForewarnError:
        return
    for batch in batches:
        assert batch.read == batch.reports.height + batch.rejects.height
