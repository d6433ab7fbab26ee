"""Releases to others: what may be told apart by nobody, in one release or in two set against each other."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import forewarn
from forewarn.errors import DisclosureError, InputValueError
from forewarn.exchange import FORMATS, Release, release, release_to, write_release
from forewarn.exchange.alike import KNOWN_BY
from forewarn.exchange.generalizing import generalized
from forewarn.exchange.suppression import TOTAL, hidden_keys, with_totals
from forewarn.model.grid import cell_at
from forewarn.model.tables import CLAIM_COLUMNS, INCIDENT_COLUMNS, REPORT_COLUMNS
from forewarn.model.terms import ReleaseTerms
from forewarn.taxonomy.disclosing import classified_fields

TODAY = date(2026, 6, 1)
TOWN, DESERT = (14.25, 2.25), (20.25, 2.25)
PEOPLE = {("MLI", cell_at(*TOWN)): 60_000, ("MLI", cell_at(14.25, 2.75)): 50_000}


def terms(form: str = "table", **changes: Any) -> ReleaseTerms:
    """Terms for a community."""
    kept = {"audience": "green", "pap": "PAP:AMBER", "purpose": "a study", "expires_on": date(2026, 12, 31), **changes}
    return ReleaseTerms(form, **kept)


def rows(count: int, *, first: int = 0, place: tuple[float, float] = TOWN, **changes: Any) -> pl.DataFrame:
    """Claims of one place and month, a name in every field that can hold one."""
    words = ("text", "target", "title", "place_name", "alleged_by", "admin2", "external_id", "source_name")
    one = {
        **dict.fromkeys(words, "Canary Name"),
        **{f"{name}_{end}": 2 for name in ("deaths", "civilian_deaths") for end in ("low", "best", "high")},
        **{"country": "MLI", "admin1": "North", "act": "killing", "violence": "one_sided", "sensitivity": "low"},
        **{"started_on": "2025-03-04", "ended_on": "2025-03-05", "known_on": "2025-03-09", "date_precision": "day"},
        **{"latitude": place[0], "longitude": place[1], "cell": cell_at(*place), "nobody_classified": "Canary Name"},
        **changes,
    }
    return pl.DataFrame([{"claim_id": f"clm_{first + number}", **one} for number in range(count)])


def made(frame: pl.DataFrame, asked: ReleaseTerms | None = None, earlier: tuple[pl.DataFrame, ...] = ()) -> Release:
    """The release of those rows."""
    return release_to(frame, asked or terms(), people=PEOPLE, today=TODAY, earlier=earlier)


def test_dnh_13_every_field_has_a_class_and_others_stay_in() -> None:
    """DNH-13: every column of the store is classified; a column that is not appears nowhere, not even for the owner."""
    names = {column.name for column in (*CLAIM_COLUMNS, *INCIDENT_COLUMNS, *REPORT_COLUMNS)}
    assert names <= classified_fields()
    assert release(rows(3)).rows["nobody_classified"].null_count() == 3
    for form in ("table", "records"):
        assert "nobody_classified" not in made(rows(60), terms(form)).rows.columns


def test_dnh_13_no_name_or_word_ever_leaves() -> None:
    """DNH-13: whatever the audience, names, words, areas and the sender's ids stay, and it is said which fields did."""
    for form in ("table", "records"):
        for audience in ("clear", "green", "amber", "amber+strict"):
            out = made(rows(60), terms(form, audience=audience))
            assert "Canary" not in out.rows.write_csv()
            assert any("place_name" in why for why, _ in out.removed)


def test_dnh_13_rows_beyond_the_audience_and_rows_too_fresh_stay() -> None:
    """DNH-13: a community hears of no moderate row, nobody of a severe one, and nobody of last week."""
    frame = pl.concat(
        [
            rows(40),
            rows(7, first=100, sensitivity="moderate"),
            rows(7, first=200, sensitivity="severe"),
            rows(9, first=300, known_on="2026-05-20"),
        ]
    )
    out = made(frame)
    assert out.rows.filter(place=TOTAL, month=TOTAL)["incidents"].to_list() == [40]
    assert dict(out.removed)["more sensitive than the audience may see"] == 14
    assert dict(out.removed)["known or ended less than 30 days ago"] == 9
    assert made(frame, terms(audience="amber")).rows.filter(place=TOTAL, month=TOTAL)["incidents"].to_list() == [47]


@pytest.mark.parametrize("form", ["table", "records"])
def test_dnh_16_a_place_told_holds_people_enough(form: str) -> None:
    """DNH-16: a block is told only where so many live in it, never by rounding; the desert is its country."""
    out = made(pl.concat([rows(40), rows(40, first=50, place=DESERT)]), terms(form)).rows
    blocks = out.drop_nulls("latitude").select("latitude", "longitude", "degrees").unique()
    assert blocks.rows() == [(*TOWN, 0.5)]
    wider = made(rows(40), terms(form, people=100_000)).rows.drop_nulls("latitude")
    assert wider.select("latitude", "longitude", "degrees").unique().rows() == [(14.5, 2.5, 1.0)]


SAID = ("an attack on the clinic", "Un centre de santé", "قرب مخيم النازحين", "Aid route 4", "Two health centres")
SAID += ("قصف المستشفى ليلا", "وبالمخيمات", "les abris", "los refugios", "SAFE HOUSES", "medical facility", "corridors")


@pytest.mark.parametrize("said", SAID)
def test_dnh_14_clinics_shelters_and_routes_have_no_place(said: str) -> None:
    """DNH-14: where one is spoken of, or several are, with an article or not, no block is told, in town or not."""
    for form in ("table", "records"):
        out = made(rows(60, text=said), terms(form)).rows
        assert out["latitude"].null_count() == out.height


@pytest.mark.parametrize("ending", sorted(set(FORMATS) - {"prov.json"}))
def test_dnh_14_no_format_tells_the_point_of_a_clinic(ending: str, tmp_path: Path) -> None:
    """DNH-14: neither its point nor the block that holds it is in a file of any format, nor in what stands beside."""
    clinic = rows(60, text="The clinic was hit", place=(14.3127, 2.4138))
    write_release(made(clinic, terms("records")), tmp_path / f"a.{ending}")
    for path in tmp_path.iterdir():
        written = pl.read_parquet(path).write_csv() if path.suffix == ".parquet" else path.read_text()
        assert not [told for told in ("14.3127", "2.4138", "14.25", "2.25", "clinic") if told in written]


cities = st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)), st.integers(0, 30_000), max_size=20)


@given(cities, st.sampled_from([1_000, 10_000, 25_000]))
def test_dnh_16_those_told_alike_hold_people_enough(towns: dict[tuple[int, int], int], fewest: int) -> None:
    """DNH-16: all cells told as one block hold so many people together, without those that are told more closely.

    Else a block around a town would tell, of a row that is not in the town, the few who live beside it.
    """
    cells = {(row, column): cell_at(14.25 + row / 2, 2.25 + column / 2) for row in range(6) for column in range(6)}
    people = {("MLI", cells[at]): count for at, count in towns.items()}
    frame = pl.concat([rows(1, first=n, place=(14.25 + r / 2, 2.25 + c / 2)) for n, (r, c) in enumerate(cells)])
    told, _ = generalized(frame, terms(people=fewest), people)
    held: dict[tuple[float, ...], int] = {}
    for at, block in zip(cells, told.select("latitude", "longitude", "degrees").rows(), strict=True):
        held[block] = held.get(block, 0) + towns.get(at, 0)
    assert all(count >= fewest for block, count in held.items() if block[0] is not None)


def test_dnh_15_records_are_like_others_and_the_risk_is_small() -> None:
    """DNH-15: at least five alike in place, month, act and violence; the mean risk below 3 %; a lone one stays."""
    acts = ["killing"] * 80 + ["abduction"] * 6 + ["attack"] * 3
    frame = pl.concat([rows(1, first=n, act=act) for n, act in enumerate(acts)])
    frame = pl.concat([frame, rows(1, first=900, country="NER")])
    out = made(frame, terms("records"))
    assert out.rows.group_by(KNOWN_BY).len()["len"].min() >= 5
    assert 0 < out.risk < 0.03
    assert "clm_900" not in out.rows["claim_id"].to_list()
    with pytest.raises(DisclosureError, match="nothing may leave"):
        made(rows(33), terms("records"))


def test_dnh_15_two_releases_of_records_tell_nobody_apart() -> None:
    """DNH-15: a record told once is told the same again, and those that come new are like each other."""
    first = made(rows(60), terms("records")).rows
    again = made(rows(63), terms("records"), (first,)).rows
    assert again["claim_id"].n_unique() == 60
    later = made(rows(120), terms("records"), (first,)).rows
    new = later.filter(~pl.col("claim_id").is_in(first["claim_id"].implode()))
    assert new.group_by(KNOWN_BY).len()["len"].min() >= 5


counts = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")),
    st.tuples(st.integers(1, 30), st.integers(0, 30)),
    min_size=1,
)


@given(counts, st.integers(3, 20))
def test_dnh_15_no_hidden_number_can_be_reckoned(cells: dict[tuple[str, str], tuple[int, ...]], step: int) -> None:
    """DNH-15: everything small is hidden, and the sums of rows and columns determine none of what is."""
    table = with_totals(cells)
    named = sorted(table)[::step]
    hidden = sorted(hidden_keys(table, 5, named))
    assert set(named) <= set(hidden)
    assert {key for key, values in table.items() if any(0 < value < 5 for value in values)} <= set(hidden)
    sums = np.zeros((len(table) * 2, len(hidden)))
    lines = sorted({(0, row) for row, _ in table} | {(1, column) for _, column in table})
    for place, key in enumerate(hidden):
        for axis in (0, 1):
            sign = -1.0 if key[1 - axis] == TOTAL else 1.0
            sums[lines.index((axis, key[axis])), place] = sign
    for place in range(len(hidden)):
        alone = np.zeros(len(hidden))
        alone[place] = 1
        rank = np.linalg.matrix_rank(sums)
        assert np.linalg.matrix_rank(np.vstack([sums, alone])) > rank, hidden[place]


def test_dnh_15_two_tables_set_against_each_other_tell_no_few() -> None:
    """DNH-15: one report more hides the cell; what was hidden once stays hidden; a large change is shown."""
    other = rows(50, first=500, place=(14.25, 2.75))
    quarter = [rows(50, first=1000 * n, started_on=f"2025-0{n}-04") for n in (1, 2, 4)]
    base = pl.concat([rows(40), other, *quarter])
    first = made(base).rows
    assert not first["is_hidden"].any()
    again = made(pl.concat([base, rows(1, first=999)]), earlier=(first,)).rows
    march = again.filter(month="2025-03")
    assert march.filter(pl.col("latitude") == TOWN[0], pl.col("longitude") == TOWN[1])["incidents"].to_list() == [None]
    joined = again.join(first, on=["country", "place", "month"], suffix="_was").drop_nulls("incidents")
    change = (joined["incidents"] - joined["incidents_was"]).abs()
    assert not change.is_between(1, 4).any()
    third = made(pl.concat([base, rows(30, first=950)]), earlier=(first, again)).rows
    stays = again.filter("is_hidden").join(third, on=["country", "place", "month"], suffix="_now")
    assert stays["is_hidden_now"].all()


def test_a_year_hides_fewer_numbers_than_months() -> None:
    """Four incidents in each of twelve months: every month is hidden, the year is not."""
    frame = pl.concat([rows(4, first=10 * n, started_on=f"2024-{n:02}-04") for n in range(1, 13)])
    months, year = made(frame).rows, made(frame, terms(period="year")).rows
    assert months.filter(pl.col("month") != TOTAL)["is_hidden"].all()
    assert year.filter(month="2024", place=TOTAL)["incidents"].to_list() == [48]


def test_terms_have_limits() -> None:
    """Fewer than five alike, no delay, an audience of named persons, or an end that is past are refused."""
    for wrong in ({"alike": 4}, {"delay_days": 0}, {"audience": "red"}, {"pap": "PAP:WHITE"}, {"people": 10}):
        with pytest.raises(InputValueError):
            terms(**wrong)
    with pytest.raises(DisclosureError, match="ended on"):
        made(rows(60), terms(expires_on=date(2026, 5, 31)))


def test_a_release_says_for_whom_for_what_and_until_when() -> None:
    """The label, the actions permitted, the purpose and the end stand in every row."""
    told = made(rows(60)).rows.row(0, named=True)
    assert (told["releasability"], told["permissible_actions"]) == ("TLP:GREEN", "PAP:AMBER")
    assert (told["purpose"], told["expires_on"]) == ("a study", "2026-12-31")


def test_nobody_else_makes_a_release(tmp_path: Path) -> None:
    """A release cannot be made by hand, and what is none is refused before anything is written."""
    with pytest.raises(DisclosureError):
        Release(rows(1), 0, 0)
    for ending in FORMATS:
        with pytest.raises(DisclosureError, match="is no release"):
            write_release(rows(1), tmp_path / f"a.{ending}")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_no_writer_of_rows_is_reached_otherwise() -> None:
    """In the code itself: frames are written to files in ``exchange/files`` alone, by one function that wants releases.

    Files of the owner's own other results, panels and forecasts among them, hold no report; each is named here.
    """
    package = Path(forewarn.__file__).parent
    writes = {"write_csv", "write_parquet", "write_json", "write_ndjson", "write_excel", "ParquetWriter", "sink_csv"}
    writes |= {"sink_parquet", "write_avro", "write_ipc", "to_csv", "to_parquet"}
    found, users = set(), set()
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writes:
                found.add(name)
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "FORMATS":
                users.add(name)
    assert users == {"exchange/files.py"}
    assert found == {"exchange/files.py", *HOLD_NO_REPORT}


def test_dnh_13_no_writer_of_a_format_is_reached_otherwise() -> None:
    """DNH-13: each format for rows but those of ``exchange/files`` has a module, which nobody but that one imports.

    ``LINEAGE_FIELDS`` is a list of columns. What ``files`` itself takes is a release, which only disclosure makes.
    """
    package = Path(forewarn.__file__).parent
    writers = {FORMATS[ending].__module__ for ending in FORMATS} - {"forewarn.exchange.files"}  # type: ignore[attr-defined]
    assert {name.rpartition(".")[2] for name in writers} == {"ftm", "misp", "prov", "stix"}
    users = set()
    for path in (one for one in sorted(package.rglob("*.py")) if "forewarn.exchange" in one.read_text()):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                assert not writers & {one.name for one in node.names}
            is_of = isinstance(node, ast.ImportFrom) and (node.module in writers or node.module == "forewarn.exchange")
            for one in node.names if is_of else ():  # type: ignore[union-attr]
                if one.name != "LINEAGE_FIELDS" and (node.module in writers or f"{node.module}.{one.name}" in writers):
                    users.add(path.relative_to(package).as_posix())
    assert users == {"exchange/files.py"}


HOLD_NO_REPORT = {
    "exchange/forecast_files.py",
    "exchange/hubverse.py",
    "operations/backtest.py",
    "operations/delay.py",
    "store/bulk.py",
    "store/moving.py",
}
"""Modules that write frames and can hold no report: their rows are figures of units and months.
``store/bulk`` hands rows to the database, ``store/moving`` to a digest; they write no file."""
