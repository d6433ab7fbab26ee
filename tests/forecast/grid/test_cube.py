"""The grid's cube: the numbers of a plain loop, whatever the blocks and threads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import InputValueError, UnknownNameError
from forewarn.forecast.grid import GridSeries, Look, build_cube, default_looks, feature_names
from forewarn.forecast.grid import cube as cube_module
from forewarn.forecast.grid.looks import ring_steps
from forewarn.model.grid import cell_at, cell_centres, cell_neighbours

CELLS = np.array([(180 + r) * 720 + 350 + c + 1 for r in range(6) for c in range(5)], dtype=np.int64)
LOOKS = (
    Look("a", 0, (0, 2), (3,), (4,), (2.0,)),
    Look("a", 1, (1,), (2,), (3,), (5.0,)),
    Look("a", 2, (0,), (4,), (), (5.0,)),
)


def series_of(seed: int, *, gaps: bool, months: int = 14) -> GridSeries:
    random = np.random.default_rng(seed)
    values = random.poisson(0.15, (CELLS.size, months)).astype(np.float32)
    values[random.choice(CELLS.size, 15, replace=False)] = 0
    if gaps:
        values[random.random(values.shape) < 0.1] = np.nan
    return GridSeries({"a": values}, CELLS, 1)


def around(values: np.ndarray, ring: int) -> np.ndarray:
    """The sum over a ring by distance in rows and columns."""
    if ring == 0:
        return values
    row, column = np.divmod(CELLS, 720)
    made = np.zeros_like(values)
    for k in range(CELLS.size):
        far = np.maximum(np.abs(row - row[k]), np.abs(column - column[k]))
        near = values[(far <= ring) & (far > 0)]
        made[k] = np.where(np.isnan(near).all(axis=0), np.nan, np.nansum(near, axis=0))
    return made


def by_hand(look: Look, values: np.ndarray) -> np.ndarray:
    """Every feature by definition, one cell-month at a time."""
    seen, planes = around(values, look.ring), []
    for kind, arguments in (
        ("lag", look.lags),
        ("sum", look.sums),
        ("active", look.active),
        ("decay", look.half_lives),
    ):
        for argument in arguments:
            plane = np.full(seen.shape, np.nan)
            for cell, month in np.ndindex(*seen.shape):
                past = seen[cell, : month + 1]
                if kind == "lag" and month >= argument:
                    plane[cell, month] = past[month - argument]
                elif kind in ("sum", "active") and past.size >= argument:
                    window = past[-argument:]
                    total = window.sum() if kind == "sum" else (window > 0).sum()
                    plane[cell, month] = np.nan if np.isnan(window).any() else total
                elif kind == "decay" and not np.isnan(past).all():
                    hits = np.flatnonzero(past > 0)
                    plane[cell, month] = 2.0 ** (-(month - hits[-1]) / argument) if hits.size else 0.0
            planes.append(plane)
    return np.stack(planes)


@given(seed=st.integers(0, 10_000), gaps=st.booleans(), threads=st.sampled_from([1, 2]))
def test_the_numbers_are_those_of_the_definition(seed, gaps, threads):
    """Lags, sums, months of violence, decays, own and of both rings, with and without gaps."""
    series = series_of(seed, gaps=gaps)
    made = build_cube(series, LOOKS, threads=threads)
    expected = np.concatenate([by_hand(look, series.values["a"]) for look in LOOKS])
    np.testing.assert_allclose(made.planes, expected, rtol=1e-5)


def test_blocks_and_threads_change_nothing(monkeypatch):
    """To the last bit."""
    series = series_of(3, gaps=True)
    whole = build_cube(series, LOOKS).planes
    monkeypatch.setattr(cube_module, "_BLOCK_VALUES", 40)
    assert np.array_equal(whole, build_cube(series, LOOKS, threads=2).planes, equal_nan=True)


def test_no_feature_sees_the_future():
    """A series cut at a month gives that month the same features."""
    series = series_of(5, gaps=False)
    cut = build_cube(series.until(9), LOOKS)
    assert np.array_equal(cut.last_rows(), build_cube(series, LOOKS).planes[:, :, 8].T, equal_nan=True)


def test_rings_cross_the_date_line_and_stop_at_the_pole():
    """Twenty-four cells far from an edge; fewer beside a pole; the last column lies beside the first."""
    every = np.arange(1, 720 * 360 + 1)
    for place in ((10.0, 179.9), (10.0, -179.9), (0.2, 0.2)):
        ring = ring_steps(np.array([cell_at(*place)]), every, 2)[0]
        assert len(set(ring.tolist())) == 24
        assert ring.min() >= 0
    corner = np.array([cell_at(-89.9, -179.9)])
    found = ring_steps(corner, every, 2)[0]
    latitude, _ = cell_centres(every[found[found >= 0]])
    assert (found >= 0).sum() == 14
    assert latitude.max() == -88.75
    assert set(cell_neighbours(corner)[0].tolist()) - {0} <= set(every[found[found >= 0]].tolist())


def test_the_cube_is_written_where_asked():
    """Into an array of the caller's; one of another shape is refused."""
    series = series_of(1, gaps=False)
    out = np.empty((len(feature_names(LOOKS)), *series.values["a"].shape), dtype=np.float32)
    assert build_cube(series, LOOKS, out=out).planes is out
    with pytest.raises(InputValueError, match="out"):
        build_cube(series, LOOKS, out=out[:, :, 1:])


def test_a_world_without_violence_and_one_month_have_a_cube():
    """All zero; a single month: sums of more months are missing, nothing fails."""
    quiet = GridSeries({"a": np.zeros((CELLS.size, 1))}, CELLS, 1)
    made = build_cube(quiet, LOOKS)
    assert np.nanmax(made.planes) == 0
    assert np.isnan(made.plane("a_sum_3")).all()


def test_forty_features_and_no_cell_among_them():
    """What the benchmark promises; a feature named twice is refused."""
    names = feature_names(default_looks("x", ("y", "z")))
    assert len(set(names)) == 40
    with pytest.raises(InputValueError, match="twice"):
        feature_names((Look("a", lags=(1,)), Look("a", lags=(1,))))


@pytest.mark.parametrize(
    ("series", "message"),
    [
        ({"a": np.full((30, 2), -1.0)}, "negative"),
        ({"a": np.full((30, 2), np.inf)}, "infinite"),
        ({"a": np.zeros((29, 2))}, "shapes"),
        ({"a": np.zeros((30, 2)), "b": np.zeros((30, 3))}, "shapes"),
        ({}, "shapes"),
    ],
)
def test_impossible_series_are_refused(series, message):
    """Negative, infinite, of another length, or none at all."""
    with pytest.raises(InputValueError, match=message):
        GridSeries(series, CELLS, 1)


def test_slips_in_a_look_are_named():
    """A lag into the future, a window of nothing, a ring and a series that do not exist, a cell twice."""
    for wrong in ({"lags": (-1,)}, {"sums": (0,)}, {"half_lives": (float("nan"),)}, {"ring": 3}):
        with pytest.raises(InputValueError):
            Look("a", **wrong)
    with pytest.raises(UnknownNameError, match="deaths"):
        build_cube(series_of(0, gaps=False), (Look("deaths", lags=(1,)),))
    with pytest.raises(InputValueError, match="twice"):
        GridSeries({"a": np.zeros((2, 2))}, np.array([5, 5]), 1)
