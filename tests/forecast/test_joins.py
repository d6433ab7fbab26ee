"""Joined tables: added up by unit and period, matched by country, missing where they have nothing."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from forewarn.errors import InputFormatError, InputValueError
from forewarn.forecast.joins import joined_columns
from forewarn.forecast.spec import JoinSpec

FLOWS = pl.DataFrame(
    {
        "origin": ["NPL", "NPL", "FJI", None, "NPL"],
        "year": [2000.0, 2000.0, 2000.0, 2000.0, 2001.0],
        "fled": [10, 5, None, 7, 2],
    }
)
SPEC = JoinSpec(file="flows.parquet", unit="origin", period="year", columns=["fled"], match="country")
UNITS, PERIODS = np.array(["Nepal", "Fiji", "Nepal", "Atlantis"]), np.array([2000, 2000, 2002, 2000])


def test_amounts_are_added_up_and_what_is_not_there_is_missing():
    """Two flows of a year are one sum; a missing amount, year or country is missing, not zero."""
    made = joined_columns(UNITS, PERIODS, FLOWS, SPEC, where="flows")
    np.testing.assert_allclose(made.values[:, 0], [np.log1p(15), np.nan, np.nan, np.nan])
    assert made.units_without == ("Atlantis",)


@pytest.mark.parametrize(
    ("column", "error", "message"),
    [
        (pl.Series("fled", [1, 2, -3, 4, 5]), InputValueError, "row 3, column fled"),
        (pl.Series("fled", list("abcde")), InputFormatError, "not numbers"),
        (pl.Series("year", [2000.5] * 5), InputValueError, "no whole number"),
        (pl.Series("origin", ["Atlantis"] * 5), InputValueError, "no unit of the panel"),
    ],
)
def test_what_cannot_be_joined_is_refused_in_one_line(column, error, message):
    """Negative people, words for numbers, half years, units that nobody shares."""
    with pytest.raises(error, match=message) as caught:
        joined_columns(UNITS, PERIODS, FLOWS.with_columns(column), SPEC, where="flows")
    assert "\n" not in str(caught.value)
