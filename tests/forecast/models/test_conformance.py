"""Every forecaster of counts keeps the protocol, and the checks find those that do not."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.forecast.models import count_forecaster, forecaster_names
from forewarn.testing import check_forecaster


@pytest.mark.parametrize("name", forecaster_names("count"))
def test_every_registered_model_conforms(name):
    """Shapes, seeds, order and names of units, gaps, peace, one month, missing covariates."""
    check_forecaster(count_forecaster(name))


class _Flawed:
    """Draws of one half, spoilt in one way."""

    name = "flawed"

    def __init__(self, spoil):
        self.spoil = spoil

    def forecast(self, history, task):
        draws = np.full((len(history.units), len(task.horizons), task.draws), 0.5, dtype=np.float32)
        return self.spoil(draws, history)


def _by_name(draws, history):
    return draws * np.array([len(unit) ** 3.0 for unit in history.units], dtype=np.float32)[:, None, None]


def _as_zero(draws, history):
    return draws * np.nan_to_num(history.values).mean(axis=1)[:, None, None].astype(np.float32)


def _in_place(draws, history):
    history.values[0] = 0.0
    return draws


def _in_part(draws, _history):
    draws[0, 0, 0] = np.nan
    return draws


FLAWS = {
    "negative": lambda draws, _: -draws,
    "not float32": lambda draws, _: draws.astype(float),
    "in part": _in_part,
    "same seed": lambda draws, _: draws + np.float32(np.random.default_rng().random()),
    "another order": lambda draws, _: draws * np.arange(len(draws), dtype=np.float32)[:, None, None],
    "names of units": _by_name,
    "at war": lambda draws, _: draws * 9,
    "history given is changed": _in_place,
    "fail": lambda _draws, _: 1 / 0,
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_each_flaw_is_found(flaw):
    """With a message that says which."""
    with pytest.raises(AssertionError, match=flaw):
        check_forecaster(_Flawed(FLAWS[flaw]))


def test_missing_taken_for_zero_is_found():
    """A mean over all months of a series whose gaps became zeros falls; one that reads more into gaps does not."""

    def less_where_missing(draws, history):
        gaps = np.isnan(history.values).mean(axis=1)
        return draws * (1.0 - gaps)[:, None, None].astype(np.float32)

    with pytest.raises(AssertionError, match="taken for zeros"):
        check_forecaster(_Flawed(less_where_missing))
