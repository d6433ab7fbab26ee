"""A table of narratives into a table of claims."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forewarn.collect.narratives.extract import CLAIM_SCHEMA, LONGEST, Source, extract_frame, narratives_of
from forewarn.errors import InputFormatError, InputValueError


def test_one_row_a_claim_with_the_number_of_its_row() -> None:
    """Blank narratives give none, a turn to another incident two; the columns are always the same."""
    texts = ["A clinic was looted.", None, "  ", "A clinic was hit. In a separate incident, two men were shot."]
    made = extract_frame(pl.DataFrame({"t": texts}), "t")
    assert made.select("row", "claim").rows() == [(1, 1), (4, 1), (4, 2)]
    assert dict(made.schema) == CLAIM_SCHEMA
    assert dict(extract_frame(pl.DataFrame({"t": []}), "t").schema) == CLAIM_SCHEMA


def test_what_the_text_does_not_say_is_missing() -> None:
    """Silence is not nought: no counts, no date, no coordinates."""
    row = extract_frame(pl.DataFrame({"t": ["A clinic was looted."]}), "t").row(0, named=True)
    assert [name for name in row if name.endswith(("_low", "_best", "_high")) and row[name] is not None] == []
    assert (row["date_start"], row["date_precision"]) == (None, "unknown")
    assert (row["latitude"], row["place_precision"], row["actor_class"]) == (None, "unknown", "unknown")


def test_a_row_gives_its_context() -> None:
    """Relative words count from the row's day; towns are looked up in the row's country, by code or name."""
    table = pl.DataFrame(
        {
            "t": ["A clinic in Monywa was hit yesterday."] * 3,
            "d": ["2023-11-15 00:00:00", "soon", None],
            "c": ["Myanmar", "MMR", "Atlantis"],
        }
    )
    made = extract_frame(table, "t", date_column="d", country_column="c")
    assert made["date_start"].to_list() == [date(2023, 11, 14), None, None]
    assert made["country"].to_list() == ["MMR", "MMR", None]
    assert made["latitude"].is_not_null().to_list() == [True, True, False]
    filed = narratives_of(table, Source("t", "d", "c"), [1, 2, 3])
    assert (filed.unread_dates, filed.unread_countries) == (1, 1)


def test_every_value_names_its_rule_and_its_words() -> None:
    """``rule`` and ``evidence`` hold the same fields in the same order, and the offsets cut words out of the text."""
    text = "June 2021: Two nurses were killed by soldiers in Monywa."
    row = extract_frame(pl.DataFrame({"t": [text], "c": ["MMR"]}), "t", country_column="c").row(0, named=True)
    rules = dict(pair.split("=") for pair in row["rule"].split())
    words = {
        field: text[slice(*(int(end) for end in span.split("-")))]
        for field, span in (pair.split("=") for pair in row["evidence"].split())
    }
    assert list(rules) == list(words)
    assert (words["date"], words["place"], words["act"]) == ("June 2021", "Monywa", "killed")
    assert rules["date"] == "dates.month"


def test_no_persons_name_is_in_the_result() -> None:
    """Victims, suspects and witnesses have no name in any column, though the text has."""
    text = "Dr Zawmin Thantlwin was shot in Monywa by Bosun Qorvath, said Ketlin Marsh. Mr. Olbrecht denied it."
    made = extract_frame(pl.DataFrame({"t": [text], "c": ["MMR"]}), "t", country_column="c")
    shown = " ".join(str(value) for value in made.row(0))
    for name in ("Zawmin", "Thantlwin", "Bosun", "Qorvath", "Ketlin", "Marsh", "Olbrecht"):
        assert name not in shown


def test_a_table_that_cannot_be_read_is_refused_in_one_line() -> None:
    """A column that is not there, a cell that is no narrative."""
    with pytest.raises(InputFormatError, match="no column 'x' among t"):
        extract_frame(pl.DataFrame({"t": ["a"]}), "x")
    with pytest.raises(InputValueError, match="row 2, column t"):
        extract_frame(pl.DataFrame({"t": ["a", "a" * (LONGEST + 1)]}), "t")


def test_health_workers_agree_with_the_coded_records(shared_data: Path) -> None:
    """Killed, injured and kidnapped are exact in at least 90 of 100 rows each."""
    table = pl.read_csv(shared_data / "feeds" / "attacks_on_health_care_dev.csv", infer_schema_length=0)
    made = extract_frame(table, "Event Description").filter(pl.col("claim") == 1)
    both = table.with_columns(row=pl.int_range(1, table.height + 1)).join(made, on="row", how="left")
    for column, kind in (("Killed", "killed"), ("Injured", "injured"), ("Kidnapped", "abducted")):
        truth = both[f"Health Workers {column}"].cast(pl.Float64).fill_null(0)
        right = truth == both[f"health_workers_{kind}_best"].fill_null(0)
        assert (right.mean() or 0) >= 0.90
