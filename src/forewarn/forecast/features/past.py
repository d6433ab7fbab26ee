"""Features of a series made of its own past: levels, spells, peaks, spread and drift on a log scale.

Row *t* reads months up to *t* only, so a series cut at *t* gives the same row. Missing months are left out of
means and shares, never read as zero; where none is known the feature is NaN. No feature names the unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from forewarn.errors import InputValueError

__all__ = ["PAST", "Feature", "FeatureCube", "past_features", "year_before"]

_LAGS = (0, 1, 2, 3, 4, 5)
_MEANS = (3, 6, 12, 24, 36, 60, 120)
_SPREADS = (6, 12, 24, 60)
_PEAKS = (12, 36, 120)
_HALF_LIVES = (2, 4, 8, 16, 48)
_THRESHOLDS = (1, 25, 100)
_NEVER = 999.0
"""Months waited where it never happened: beyond any history, so trees set it apart."""

_DRIFTS = (("drift_3_12", "mean_3", "mean_12"), ("drift_12_36", "mean_12", "mean_36"))
Plane = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its name, the series it reads, and how many months back (``None``: all of them).

    ``is_level`` tells a level, ``log(1 + deaths a month)``, from shares, waits and differences.
    """

    name: str
    reads: str
    months: int | None
    is_level: bool


def _declared() -> Iterator[Feature]:
    for k in _LAGS:
        yield Feature(f"lag_{k}", "target", k + 1, is_level=True)
    for w in _MEANS:
        yield Feature(f"mean_{w}", "target", w, is_level=True)
        yield Feature(f"share_{w}", "target", w, is_level=False)
    for w in _SPREADS:
        yield Feature(f"logmean_{w}", "target", w, is_level=True)
        yield Feature(f"spread_{w}", "target", w, is_level=False)
    for w in _PEAKS:
        yield Feature(f"peak_{w}", "target", w, is_level=True)
    for h in _HALF_LIVES:
        yield Feature(f"decay_{h}", "target", None, is_level=True)
        yield Feature(f"logdecay_{h}", "target", None, is_level=True)
    for threshold in _THRESHOLDS:
        yield Feature(f"since_{threshold}", "target", None, is_level=False)
    for name, _, _ in _DRIFTS:
        yield Feature(name, "target", 36, is_level=False)
    yield Feature("mean_ever", "target", None, is_level=True)
    yield Feature("share_ever", "target", None, is_level=False)


PAST: tuple[Feature, ...] = tuple(_declared())
"""The features of one series, in the order they are made."""


@dataclass(frozen=True, slots=True, eq=False)
class FeatureCube:
    """``values[unit, month, feature]`` as float32, NaN where unknown, with the declaration of each feature."""

    values: NDArray[np.float32]
    features: tuple[Feature, ...]

    def position(self, name: str) -> int:
        """Where a feature stands."""
        names = [feature.name for feature in self.features]
        if name not in names:
            raise InputValueError(f"no feature '{name}'", where="features", mend=f"use one of {', '.join(names)}")
        return names.index(name)

    def plane(self, name: str) -> NDArray[np.float32]:
        """One feature as ``[unit, month]``, without copying."""
        view: NDArray[np.float32] = self.values[:, :, self.position(name)]
        return view


def past_features(series: Plane) -> FeatureCube:
    """The features :data:`PAST` of counts ``[unit, month]``, NaN missing."""
    if series.ndim != 2:
        raise InputValueError(f"has {series.ndim} axes", where="series", mend="give [unit, month]")
    past = _Past.of(series)
    made: dict[str, Plane] = {}
    with np.errstate(divide="ignore", invalid="ignore"):
        for part in (_lags, _windows, _decays, _waits, _ever):
            made.update(part(past))
        for name, recent, before in _DRIFTS:
            made[name] = made[recent] - made[before]
    values = np.empty((*series.shape, len(PAST)), dtype=np.float32)
    for k, feature in enumerate(PAST):
        values[:, :, k] = made[feature.name]
    return FeatureCube(values, PAST)


def year_before(
    series: Plane, unit: NDArray[np.int64], origin: NDArray[np.int64], horizon: NDArray[np.int64]
) -> NDArray[np.float64]:
    """``log(1 + deaths a month)`` around the same season of the last year known, for each row.

    The mean of the month twelve (or twenty-four...) months before ``origin + horizon`` and of its two neighbours, as
    far as they are not after ``origin`` and known; NaN where none is. Fighting has its seasons.
    """
    middle = origin + horizon - 12 * np.ceil(horizon / 12).astype(np.int64)
    month = middle[:, None] + np.arange(-1, 2)
    seen = (month >= 0) & (month <= origin[:, None])
    value = series[unit[:, None], np.clip(month, 0, series.shape[1] - 1)].astype(np.float64)
    seen &= ~np.isnan(value)
    months = seen.sum(axis=1)
    total = np.where(seen, value, 0.0).sum(axis=1)
    return np.where(months > 0, np.log1p(total / np.maximum(months, 1)), np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class _Past:
    """The series in three forms: zero where missing, its logarithm, and one where known."""

    count: Plane
    log: Plane
    known: Plane

    @classmethod
    def of(cls, series: Plane) -> _Past:
        missing = np.isnan(series)
        count = np.where(missing, 0.0, series).astype(np.float64)
        return cls(count, np.log1p(count), (~missing).astype(np.float64))


def _lags(past: _Past) -> Iterator[tuple[str, Plane]]:
    log = np.where(past.known > 0, past.log, np.nan)
    for k in _LAGS:
        plane = np.full(log.shape, np.nan)
        plane[:, k:] = log[:, : max(log.shape[1] - k, 0)]
        yield f"lag_{k}", plane


def _windows(past: _Past) -> Iterator[tuple[str, Plane]]:
    for w in _MEANS:
        months = _sums(past.known, w)
        yield f"mean_{w}", np.log1p(_sums(past.count, w) / months)
        yield f"share_{w}", _sums((past.count > 0).astype(np.float64), w) / months
    for w in _SPREADS:
        months = _sums(past.known, w)
        mean = _sums(past.log, w) / months
        yield f"logmean_{w}", mean
        yield f"spread_{w}", np.sqrt(np.maximum(_sums(past.log * past.log, w) / months - mean * mean, 0.0))
    for w in _PEAKS:
        # the origin puts the window's last month on the month itself
        yield f"peak_{w}", maximum_filter1d(past.log, w, axis=1, mode="constant", origin=(w - 1) // 2)


def _decays(past: _Past) -> Iterator[tuple[str, Plane]]:
    for half_life in _HALF_LIVES:
        months = _faded(past.known, half_life)
        yield f"decay_{half_life}", np.log1p(_faded(past.count, half_life) / months)
        yield f"logdecay_{half_life}", _faded(past.log, half_life) / months


def _waits(past: _Past) -> Iterator[tuple[str, Plane]]:
    month = np.arange(past.count.shape[1])
    for threshold in _THRESHOLDS:
        hit = (past.count >= threshold) if threshold > 1 else (past.count > 0)
        last = np.maximum.accumulate(np.where(hit, month, -1), axis=1)
        yield f"since_{threshold}", np.where(last >= 0, month - last, _NEVER)


def _ever(past: _Past) -> Iterator[tuple[str, Plane]]:
    months = np.cumsum(past.known, axis=1)
    yield "mean_ever", np.log1p(np.cumsum(past.count, axis=1) / months)
    yield "share_ever", np.cumsum(past.count > 0, axis=1) / months


def _sums(plane: Plane, window: int) -> Plane:
    """Sums over the window, shorter at the start."""
    total = np.zeros((plane.shape[0], plane.shape[1] + 1))
    np.cumsum(plane, axis=1, out=total[:, 1:])
    start = np.maximum(np.arange(plane.shape[1]) + 1 - window, 0)
    sums: Plane = total[:, 1:] - total[:, start]
    return sums


def _faded(plane: Plane, half_life: float) -> Plane:
    """Sums in which a month counts half when it is a half-life older."""
    keep = 2.0 ** (-1.0 / half_life)
    result = np.empty(plane.shape)
    state = np.zeros(plane.shape[0])
    for t in range(plane.shape[1]):
        state = keep * state + plane[:, t]
        result[:, t] = state
    return result
