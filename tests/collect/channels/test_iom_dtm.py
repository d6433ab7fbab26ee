"""DTM rows are displaced people who are present in an area, told as such."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import Batch
from forewarn.errors import ForewarnError, InputFormatError

Collect = Callable[..., list[Batch]]
AsCsv = Callable[[Iterable[dict[str, str]]], bytes]

ROW = {
    "id": "5501",
    "operation": "Displacement in Karvia",
    "admin0Name": "Karvia",
    "admin0Pcode": "XKA",
    "admin1Name": "North",
    "admin1Pcode": "XK01",
    "admin2Name": "Upper Vale",
    "admin2Pcode": "XK0102",
    "numPresentIdpInd": "1250",
    "reportingDate": "2024-01-31T00:00:00",
    "yearReportingDate": "2024",
    "monthReportingDate": "1",
    "roundNumber": "7",
    "assessmentType": "BA",
    "idpOriginAdmin1Name": "South",
    "displacementReason": "Conflict",
}


def claim(collect: Collect, data: bytes) -> dict[str, Any]:
    """The first claim of a file."""
    batch = collect("iom-dtm", data)[0]
    assert batch.rejects.height == 0, batch.rejects.rows()
    return batch.claims.row(0, named=True)


def test_a_row_is_a_stock_where_people_are(collect: Collect, as_csv: AsCsv) -> None:
    """Country and areas are those where they are; the origin is told in words; the day is as close as a month."""
    told = claim(collect, as_csv([ROW]))
    assert (told["act"], told["displaced_low"], told["displaced_best"]) == ("displacement", None, 1250)
    assert (told["country"], told["admin1"], told["admin2"]) == ("XKA", "North", "Upper Vale")
    assert told["place_name"] == "Upper Vale (XK0102)"
    assert (told["started_on"], told["ended_on"], told["date_precision"]) == ("2024-01-31", "2024-01-31", "month")
    assert (told["known_on"], told["known_basis"]) == ("2024-03-01", "ended_plus_delay")
    assert "from South" in told["text"]
    assert "reason Conflict" in told["text"]


def test_a_round_that_found_nobody_looked(collect: Collect, as_csv: AsCsv) -> None:
    """Nobody found is a count of 0, not a displacement; nobody counted is unknown."""
    told = claim(collect, as_csv([{**ROW, "numPresentIdpInd": "0"}]))
    assert (told["act"], told["displaced_best"]) == ("other", 0)
    told = claim(collect, as_csv([{**ROW, "numPresentIdpInd": ""}]))
    assert (told["act"], told["displaced_best"]) == ("unknown", None)


def test_more_than_a_claim_may_hold_is_at_least_that(collect: Collect, as_csv: AsCsv) -> None:
    """Country totals above ten million exist; the number itself stands in the text."""
    told = claim(collect, as_csv([{**ROW, "numPresentIdpInd": "11559970"}]))
    assert (told["displaced_low"], told["displaced_best"]) == (10_000_000, None)
    assert "11559970" in told["text"]


@pytest.mark.parametrize("shape", ["result", "list", "lines"])
def test_the_api_gives_the_same_claims_as_the_extract(collect: Collect, as_csv: AsCsv, shape: str) -> None:
    """The API's answer, its list alone and the extract with hashtags are the same rows."""
    rows = [ROW, {**ROW, "admin2Name": "Lower Vale", "admin2Pcode": "XK0103"}]
    data = {
        "result": json.dumps({"isSuccess": True, "result": rows, "errorMessages": []}),
        "list": json.dumps(rows),
        "lines": "\n".join(json.dumps(row) for row in rows) + "\n",
    }[shape]
    meant, found = collect("iom-dtm", as_csv(rows))[0], collect("iom-dtm", data.encode())[0]
    assert found.reports["report_id"].to_list() == meant.reports["report_id"].to_list()
    hashtags = dict.fromkeys(ROW, "#x")
    (tagged,) = collect("iom-dtm", as_csv([hashtags, *rows]))
    assert tagged.reports["report_id"].to_list() == meant.reports["report_id"].to_list()


def test_a_correction_of_a_round_is_a_new_version(collect: Collect, as_csv: AsCsv) -> None:
    """Area, round, day, origin and reason say which row it is; the number of people may change."""
    one = collect("iom-dtm", as_csv([ROW]))[0].reports
    two = collect("iom-dtm", as_csv([{**ROW, "numPresentIdpInd": "1300", "id": "9"}]))[0].reports
    assert one["external_id"][0] == two["external_id"][0]
    assert one["content_sha256"][0] != two["content_sha256"][0]


def test_spreadsheets_of_rounds_have_other_names_and_no_names_of_persons(collect: Collect, as_csv: AsCsv) -> None:
    """Their columns are known by their names; whoever assessed or was asked is in nothing."""
    row = {
        "Survey Date": "2024-01-31",
        "ADM0_NAME": "Kenya",
        "ADM1_NAME": "North",
        "IDP Individuals": "12",
        "Enumerator name": "Jane Doe",
    }
    batch = collect("iom-dtm", as_csv([row]))[0]
    assert batch.claims.select("country", "displaced_best").rows() == [("KEN", 12)]
    assert "Jane" not in batch.claims.write_csv() + batch.reports.write_csv()


@pytest.mark.parametrize("count", ["many", "-4", "1.5", "NaN"])
def test_what_is_no_count_is_rejected(collect: Collect, as_csv: AsCsv, count: str) -> None:
    """With the file's own column and value."""
    batch = collect("iom-dtm", as_csv([{**ROW, "numPresentIdpInd": count}]))[0]
    assert batch.rejects.select("column", "value").rows() == [("numPresentIdpInd", count)]


def test_another_table_is_refused(collect: Collect) -> None:
    """Without a day and a count of people it is no DTM table."""
    with pytest.raises(InputFormatError, match="lacks the columns reportingDate"):
        collect("iom-dtm", b"a,b\n1,2\n")


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
    data = json.dumps({"result": rows}).encode() if is_json else as_csv(rows)
    try:
        batches = collect("iom-dtm", data + noise)
    except ForewarnError:
        return
    for batch in batches:
        assert batch.read == batch.reports.height + batch.rejects.height
