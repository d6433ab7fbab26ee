"""What leaves, by sensitivity: default deny, and nothing silently missing."""

from __future__ import annotations

import polars as pl
import pytest

from forewarn.exchange import release
from forewarn.model.grid import cell_at, cell_centre

PLACE = (-33.512, -15.487)


def rows(*classes: str) -> pl.DataFrame:
    """One claim of each class, all of one village."""
    return pl.DataFrame(
        {
            "claim_id": [f"clm_{number}" for number in range(len(classes))],
            "incident_id": ["inc_1"] * len(classes),
            "sensitivity": list(classes),
            "deaths_best": [3] * len(classes),
            "latitude": [PLACE[0]] * len(classes),
            "longitude": [PLACE[1]] * len(classes),
            "cell": [cell_at(*PLACE)] * len(classes),
            "place_name": ["The village"] * len(classes),
            "text": ["Somebody said so"] * len(classes),
        }
    )


def test_low_rows_leave_as_they_are() -> None:
    """What is public stays whole."""
    made = release(rows("low"))
    assert made.rows.equals(rows("low"))
    assert (made.coarsened, made.withheld) == (0, 0)


def test_moderate_rows_leave_without_words_and_without_the_place() -> None:
    """The figure leaves; the village and what was said do not: only the middle of the half-degree cell."""
    made = release(rows("moderate"))
    row = made.rows.row(0, named=True)
    assert row["deaths_best"] == 3
    assert (row["place_name"], row["text"]) == (None, None)
    assert (row["latitude"], row["longitude"]) == cell_centre(cell_at(*PLACE)) != PLACE
    assert made.coarsened == 1


@pytest.mark.parametrize("unclassified", ["high", "severe", "", "nonsense"])
def test_what_nobody_cleared_leaves_as_ids_only(unclassified: str) -> None:
    """High, severe and unknown classes leave a trace that they exist, and nothing else."""
    made = release(rows(unclassified))
    row = made.rows.row(0, named=True)
    kept = {name for name, value in row.items() if value is not None}
    assert kept == {"claim_id", "incident_id", "sensitivity"}
    assert made.withheld == 1


def test_no_row_is_lost() -> None:
    """Rows are withheld in part, never dropped: totals of rows agree on both sides."""
    made = release(rows("low", "moderate", "severe", "low"))
    assert made.rows["claim_id"].to_list() == [f"clm_{number}" for number in range(4)]
