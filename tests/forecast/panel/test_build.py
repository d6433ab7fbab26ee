"""Counting incidents as known at a date."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import ForecastError, InputValueError
from forewarn.forecast.panel import Frame, build_panel, last_complete_month
from forewarn.model.panel import IncidentArrays

FRAME = Frame(("north", "south"), 445, 456, "admin1")  # 2017


def _incidents(rows: list[tuple[int, int, str, float]]) -> IncidentArrays:
    unit, month, known_on, deaths = zip(*rows, strict=True) if rows else ((), (), (), ())
    return IncidentArrays(unit, month, np.array(known_on, dtype="datetime64[D]"), {"deaths": deaths})


def test_counts_and_sums_land_in_their_unit_month():
    """Incidents are counted and their deaths summed; silence is zero when no coverage is stated."""
    panel = build_panel(
        _incidents([(0, 445, "2017-02-01", 3), (0, 445, "2017-02-01", 4), (1, 447, "2017-04-01", 5)]),
        FRAME,
        as_known_at=date(2017, 3, 31),
    )
    assert panel.features == ("incidents", "deaths")
    assert panel.feature("deaths").tolist() == [[7, 0, 0], [0, 0, 0]]
    assert panel.feature("incidents").tolist() == [[2, 0, 0], [0, 0, 0]]


def test_what_was_learnt_later_is_not_seen():
    """An incident of January that became known in May is not in a panel as known in April, but in June."""
    incidents = _incidents([(0, 445, "2017-05-02", 9)])
    assert build_panel(incidents, FRAME, as_known_at=date(2017, 4, 30)).feature("deaths").sum() == 0
    assert build_panel(incidents, FRAME, as_known_at=date(2017, 5, 2)).feature("deaths")[0, 0] == 9


def test_a_month_not_yet_over_is_cut():
    """On the 30th of July the panel ends with June, on the 31st with July."""
    assert build_panel(_incidents([]), FRAME, as_known_at=date(2017, 7, 30)).last_month == 450
    assert build_panel(_incidents([]), FRAME, as_known_at=date(2017, 7, 31)).last_month == 451
    assert last_complete_month(date(2020, 2, 29)) == 482


def test_silence_without_coverage_is_missing():
    """Uncovered and silent is NaN; uncovered with a report keeps the report; covered and silent is zero."""
    observed = np.zeros((2, 12), dtype=bool)
    observed[1] = True
    panel = build_panel(
        _incidents([(0, 446, "2017-03-01", 2)]), FRAME, as_known_at=date(2017, 3, 31), observed=observed
    )
    np.testing.assert_array_equal(panel.feature("deaths"), [[np.nan, 2, np.nan], [0, 0, 0]])
    assert panel.observed.tolist() == [[False] * 3, [True] * 3]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 1),
            st.integers(440, 460),
            st.dates(date(2016, 1, 1), date(2018, 12, 31)).map(str),
            st.integers(0, 1000).map(float),
        ),
        max_size=30,
    ),
    st.dates(date(2017, 1, 31), date(2018, 6, 30)),
)
def test_a_panel_is_the_sum_over_what_was_known(rows, day):
    """For any incidents and any day, each unit-month holds the deaths known by then, and nothing else."""
    panel = build_panel(_incidents(rows), FRAME, as_known_at=day)
    for u in range(2):
        for month in panel.months:
            known = [d for unit, m, k, d in rows if (unit, m) == (u, month) and date.fromisoformat(k) <= day]
            assert panel.feature("deaths")[u, month - 445] == sum(known)


def test_a_frame_in_the_future_is_refused():
    """No month of it was over, so there is no panel."""
    with pytest.raises(ForecastError, match="no month from 445"):
        build_panel(_incidents([]), FRAME, as_known_at=date(2016, 12, 31))


def test_incidents_of_unknown_units_are_refused():
    """An index beyond the units is a slip, not another unit."""
    with pytest.raises(InputValueError, match="index 2 for 2 units"):
        build_panel(_incidents([(2, 445, "2017-01-01", 1)]), FRAME, as_known_at=date(2017, 12, 31))


def test_frames_and_coverage_must_fit():
    """A frame that ends before it starts and coverage of another shape are refused."""
    with pytest.raises(InputValueError, match="after"):
        Frame(("a",), 2, 1, "cell")
    with pytest.raises(InputValueError, match="observed"):
        build_panel(_incidents([]), FRAME, as_known_at=date(2017, 12, 31), observed=np.ones((2, 3), dtype=bool))
