"""The grid's features worked out for a handful of rows that stay in the processor's cache.

Rows stand one behind the other, so a shift by months is a shift of the whole; what it carries over from the row above
lands in the first months of a row, which are missing or mended. Sums of long windows are added up from shorter ones:
nothing is subtracted, so no small count is lost beside a large one, and a missing month makes its windows missing by
itself. Nothing here knows cells, blocks or files.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from forewarn.forecast.grid.looks import Look

__all__ = ["look_into"]

_Rows = NDArray[np.float32]


def look_into(values: _Rows, look: Look, places: Iterator[_Rows]) -> Iterator[_Rows]:
    """The features of a look, one after the other: each to be read, and only until the next is asked for.

    Args:
        values: ``[row, month]`` float32, C order, not negative; NaN is missing.
        look: which features.
        places: for each of them memory of the shape of ``values`` that it may stand in; a place that comes again is
            written over. What has memory anyway, such as a sum that a longer one is added up from, stands there.
    """
    for months in look.lags:
        place = next(places)
        yield _shifted(values, months, place) if months else values
    if look.sums:
        yield from _windows(values, look.sums, places)
    if not look.active and not look.half_lives:
        return
    missing = np.isnan(values) if np.isnan(values.max(initial=0)) else None
    if look.active:
        hits = np.greater(values, 0, out=np.empty_like(values), casting="unsafe")
        told = hits if missing is None else np.where(missing, np.float32(np.nan), hits)
        yield from _windows(told, look.active, places)
    if look.half_lives:
        waited = _months_since(values, missing)
        for half_life in look.half_lives:
            place = next(places)
            yield np.exp2(np.multiply(waited, np.float32(-1 / half_life), out=place), out=place)


def _shifted(values: _Rows, months: int, place: _Rows) -> _Rows:
    """The value that many months before; missing before the first month."""
    months = min(months, values.shape[1])
    if values.shape[0]:
        place.reshape(-1)[months:] = values.reshape(-1)[: values.size - months]
    place[:, :months] = np.nan
    return place


def _windows(values: _Rows, widths: tuple[int, ...], places: Iterator[_Rows]) -> Iterator[_Rows]:
    """The sum over each width, the month itself included; missing before there are so many months."""
    known = {1: values}
    for width in widths:
        place = next(places)
        if width > values.shape[1]:
            place.fill(np.nan)
            yield place
            continue
        summed = _summed(known, width)
        summed[:, : width - 1] = np.nan  # where no longer sum reads it either
        yield summed


def _summed(known: dict[int, _Rows], width: int) -> _Rows:
    """The sum over a width from the sums known, which it joins; right from the month that has so many before it."""
    while width not in known:
        longest = max(k for k in known if k < width)
        rest = width - longest
        # the longest doubled, while it fits; then what is left, itself made the same way
        other = longest if rest >= longest else rest
        known[longest + other] = _added(known[longest], _summed(known, other), longest)
    return known[width]


def _added(late: _Rows, early: _Rows, months: int) -> _Rows:
    """One sum and another that ended so many months before."""
    made = np.empty_like(late)
    flat, cut = made.reshape(-1), min(months, made.size)
    np.add(late.reshape(-1)[cut:], early.reshape(-1)[: made.size - cut], out=flat[cut:])
    flat[:cut] = np.nan
    return made


def _months_since(values: _Rows, missing: NDArray[np.bool_] | None) -> _Rows:
    """Months since the last value above zero; infinite when there was none, NaN before anything is known."""
    rows, months = values.shape
    hits = np.flatnonzero(values.reshape(-1) > 0)
    starts = np.arange(0, values.size, months)
    # a row begins with a hit that was never, before one in its first month
    never = np.searchsorted(hits, starts) + np.arange(rows)
    told = np.ones(hits.size + rows, dtype=np.bool_)
    told[never] = False
    turns = np.empty(told.size, dtype=np.int64)
    turns[never], turns[told] = starts, hits
    last = turns.astype(np.float32)
    last[never] = -np.inf
    # float32 holds places up to 16 million, far more than stay in a cache
    place = np.arange(values.size, dtype=np.float32)
    np.subtract(place, np.repeat(last, np.diff(turns, append=values.size)), out=place)
    waited: NDArray[np.float32] = place.reshape(values.shape)
    if missing is not None:
        waited[np.logical_and.accumulate(missing, axis=1)] = np.nan
    return waited
