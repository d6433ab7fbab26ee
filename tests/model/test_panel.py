"""The panel noun: what it refuses."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forewarn.errors import InputValueError, UnknownNameError
from forewarn.model.panel import IncidentArrays, Panel


def _panel(values: np.ndarray, **changes: object) -> Panel:
    given_ = {
        "values": values,
        "units": ("MMR", "BGD"),
        "first_month": 109,
        "features": ("deaths",),
        "level": "country",
        "as_known_at": date(2017, 7, 31),
    }
    return Panel(**{**given_, **changes})


def test_panel_knows_its_months_and_features():
    """Months run without a gap from the first; a feature is a view [unit, month]."""
    panel = _panel(np.arange(6, dtype=np.float32).reshape(2, 3, 1))
    assert list(panel.months) == [109, 110, 111]
    assert panel.feature("deaths").tolist() == [[0, 1, 2], [3, 4, 5]]
    with pytest.raises(UnknownNameError, match="use one of deaths"):
        panel.feature("death")


def test_panel_is_cut_without_a_trace_of_the_future():
    """A panel until a month has no later month, nor its coverage."""
    panel = _panel(np.zeros((2, 3, 1)), observed=np.ones((2, 3), dtype=bool)).until(110)
    assert (panel.last_month, panel.observed.shape) == (110, (2, 2))


def test_panel_cannot_be_changed():
    """Neither through the panel nor by accident: its arrays are read-only."""
    with pytest.raises(ValueError, match="read-only"):
        _panel(np.zeros((2, 3, 1))).values[0, 0, 0] = 1


@pytest.mark.parametrize(
    "changes",
    [
        {"values": np.zeros((2, 3))},
        {"values": np.zeros((3, 3, 1))},
        {"values": np.zeros((2, 3, 1), dtype=int)},
        {"values": np.full((2, 3, 1), np.inf)},
        {"units": ("MMR", "MMR")},
        {"units": ("MMR", " ")},
        {"level": "village"},
        {"first_month": 99_999},
        {"observed": np.ones((2, 2), dtype=bool)},
        {"observed": np.ones((2, 3))},
    ],
)
def test_panel_refuses_to_exist_wrong(changes):
    """Wrong shapes, kinds, infinite numbers, double units, unknown levels and absurd months are refused."""
    with pytest.raises(InputValueError):
        _panel(**{"values": np.zeros((2, 3, 1)), **changes})


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("unit", [0, -1]),
        ("unit", [0]),
        ("month", [1, 99_999]),
        ("known_on", np.array(["2017-01-01", "NaT"], dtype="datetime64[D]")),
        ("counts", {"deaths": [1.0, np.nan]}),
        ("counts", {"deaths": [1.0, -1.0]}),
        ("counts", {"deaths": [1.0, np.inf]}),
        ("counts", {"deaths": [1.0]}),
    ],
)
def test_incident_columns_refuse_what_cannot_be_counted(column, value):
    """Unplaced, undated, uneven, missing, negative and infinite columns are refused."""
    columns = {"unit": [0, 1], "month": [1, 2], "known_on": np.array(["2017-01-01"] * 2, dtype="datetime64[D]")}
    with pytest.raises(InputValueError):
        IncidentArrays(**{**columns, column: value})
