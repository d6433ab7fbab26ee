"""Calibration: figures by hand, and what a calibrated forecast looks like."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.errors import InputValueError
from forewarn.forecast import scoring


def test_coverage_and_width_by_hand():
    """The 90 % interval of 0..20 is 1..19: it holds 1 and not 0, and is 18 wide."""
    draws = np.tile(np.arange(21.0), (2, 1))
    found = scoring.interval_coverage(draws, [1.0, 0.0], level=0.9)
    assert (found.share, found.mean_width) == (0.5, pytest.approx(18.0))


def test_pit_of_a_calibrated_count_forecast_is_flat():
    """Counts with many ties still give a flat histogram, without random numbers."""
    random = np.random.default_rng(11)
    rate = random.gamma(0.5, 4.0, size=(6000, 1))
    found = scoring.pit_histogram(random.poisson(rate, size=(6000, 400)), random.poisson(rate[:, 0]))
    assert found.sum() == pytest.approx(1.0)
    assert np.abs(found - 0.1).max() < 0.02


def test_pit_shows_forecasts_that_are_too_low():
    """Actuals above every draw fall into the last bin, below every draw into the first."""
    assert scoring.pit_histogram([[1.0, 2.0]], [9.0])[-1] == 1.0
    assert scoring.pit_histogram([[1.0, 2.0]], [0.0])[0] == 1.0


def test_reliability_by_band():
    """Each band says how many forecasts it holds, what they said and what happened; empty bands say so."""
    low, middle, high = scoring.reliability([0.1, 0.2, 1.0], [0, 1, 1], edges=[0, 0.5, 0.9, 1])
    assert (low.forecasts, low.mean_probability, low.observed_share) == (2, pytest.approx(0.15), 0.5)
    assert (middle.forecasts, middle.mean_probability) == (0, None)
    assert (high.forecasts, high.observed_share) == (1, 1.0)


def test_reliability_refuses_bands_that_leave_gaps():
    """Edges must rise from 0 to 1."""
    with pytest.raises(InputValueError, match="0 to 1"):
        scoring.reliability([0.1], [0], edges=[0.1, 1])
