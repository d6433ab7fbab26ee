"""Onsets of counts: what one is, and that rows to learn from see nothing later."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.errors import ForecastError, InputValueError
from forewarn.forecast.models import History
from forewarn.forecast.onsets_from_counts import OnsetDefinition, onset_rows_of_counts, onsets_of_counts

NAN = np.nan
SHORT = OnsetDefinition(at_least=25, quiet=2)


def test_an_onset_is_a_high_month_after_quiet_ones():
    """Not while it goes on, not where a missing month could hide an earlier one; a low month is never one."""
    values = np.array([[0, 30, 40, 0, 0, 25, NAN, 0, 26, 24], [0, 0, 24, 25, 0, 30, 0, 0, 30, 0]], dtype=float)
    found = onsets_of_counts(values, SHORT)
    np.testing.assert_array_equal(found[0], [0, NAN, 0, 0, 0, 1, NAN, 0, NAN, 0])
    np.testing.assert_array_equal(found[1], [0, 0, 0, 1, 0, 0, 0, 0, 1, 0])


def test_rows_to_learn_from_see_nothing_later():
    """Whatever the last months hold, rows of earlier months are the same; each unit is asked at each horizon."""
    random = np.random.default_rng(0)
    values = random.negative_binomial(0.2, 0.01, size=(3, 80)).astype(float)
    other = values.copy()
    other[:, 70:] += 100
    one, two = (onset_rows_of_counts(History(v, ("a", "b", "c"), 479), (3, 4), SHORT, seed=0) for v in (values, other))
    for rows in (one, two):
        assert rows.periods[~rows.learnt].tolist() == [482, 483] * 3
        assert rows.units[~rows.learnt].tolist() == ["a", "a", "b", "b", "c", "c"]
        assert rows.periods[rows.learnt].max() == 479
    early = [rows.learnt & (rows.periods < 470) for rows in (one, two)]
    np.testing.assert_array_equal(one.covariates[early[0]], two.covariates[early[1]])
    np.testing.assert_array_equal(one.outcome[early[0]], two.outcome[early[1]])


def test_what_cannot_be_learnt_or_meant_is_refused():
    """Too short a past; a threshold that is none; a quiet time of no months."""
    with pytest.raises(ForecastError, match="too few to learn"):
        onset_rows_of_counts(History(np.ones((1, 20)), ("a",), 479), (3,), SHORT, seed=0)
    for at_least, quiet in ((0.0, 12), (NAN, 12), (25.0, 0)):
        with pytest.raises(InputValueError):
            OnsetDefinition(at_least, quiet)
