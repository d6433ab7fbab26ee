"""Corrections of claims: only what was read out of a report, one spelling of each value, and never half a claim."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.claim import Claim, CountRange
from forewarn.model.correction import CORRECTABLE, corrected, plain_value
from forewarn.model.place import Place
from forewarn.model.tables import claim_row


@pytest.fixture(scope="module")
def row() -> dict[str, Any]:
    """A claim as it was read."""
    return claim_row(
        Claim(
            content_id("clm", "1"),
            content_id("rpt", "1"),
            "news",
            date(2024, 3, 5),
            "published",
            act="killing",
            started_on=date(2024, 3, 1),
            ended_on=date(2024, 3, 1),
            date_precision="day",
            place=Place("XAA", "West", "", "Port", 6.74, -7.35, "exact"),
            counts=(("deaths", CountRange(2, 3, 5)),),
        )
    )


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("deaths_best", " 012 ", "12"),
        ("started_on", "2024-03-02", "2024-03-02"),
        ("latitude", "6.50", "6.5"),
        ("target", "  market   traders ", "market traders"),
        ("deaths_high", "  ", ""),
    ],
)
def test_values_come_in_one_spelling(column: str, text: str, value: str) -> None:
    """Numbers, days and words as they are kept, however typed; blank says that the report does not tell."""
    assert plain_value(column, text) == value


@pytest.mark.parametrize(
    ("column", "text"),
    [
        *((name, "1") for name in ("claim_id", "known_on", "text", "origins", "sensitivity", "source_id", "cell", "")),
        *(("deaths_best", text) for text in ("-1", "3.5", "1e3", "²", "9" * 13, "nan", "twelve")),
        ("started_on", "2024-02-30"),
        ("latitude", "nan"),
        ("longitude", "inf"),
        ("target", "x" * 301),
    ],
)
def test_what_is_no_value_is_refused(column: str, text: str) -> None:
    """Nothing of where a claim comes from, and nothing that the column could not hold."""
    with pytest.raises(InputValueError):
        plain_value(column, text)


@pytest.mark.parametrize(
    "changes",
    [{"deaths_low": "9"}, {"latitude": ""}, {"act": "genocide"}, {"ended_on": "2024-02-01"}, {"country": "Elsewhere"}],
)
def test_no_half_claim_comes_of_it(row: dict[str, Any], changes: dict[str, str]) -> None:
    """Ends out of order, half a coordinate, an act of no list: refused together."""
    with pytest.raises(InputValueError):
        corrected(row, changes)


def test_the_cell_follows_the_place(row: dict[str, Any]) -> None:
    """Moved, the claim lies in another cell; without a spot, in none."""
    moved = corrected(row, {"latitude": "10.0", "longitude": "20.0"})
    assert moved["cell"] not in (0, row["cell"])
    assert corrected(row, {"latitude": "", "longitude": ""})["cell"] == 0


@given(st.dictionaries(st.sampled_from(CORRECTABLE), st.sampled_from(["", "1", "4", "2024-03-02", "attack", "day"])))
def test_a_correction_changes_what_it_names_and_nothing_else(row: dict[str, Any], values: dict[str, str]) -> None:
    """Whatever is accepted differs only in the columns named and the cell, and corrected back is the very claim."""
    try:
        plain = {column: plain_value(column, value) for column, value in values.items()}
        after = corrected(row, plain)
    except InputValueError:
        return
    assert {name for name in row if after[name] != row[name]} <= {*plain, "cell"}
    back = {name: "" if row[name] is None else str(row[name]) for name in plain}
    assert corrected(after, back) == row
