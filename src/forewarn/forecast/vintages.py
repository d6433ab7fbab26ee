"""One forecast scored by what was known first and by what is known now, in one row.

Only unit-months that both vintages have are scored, so that the two figures differ by revision alone.
"""

from __future__ import annotations

import numpy as np

from forewarn.forecast.backtest import CountCase, CountResult
from forewarn.forecast.comparison import Row
from forewarn.forecast.evaluation import count_scores, paired_interval

__all__ = ["vintage_rows"]

_SCORES = ("crps", "ign", "mis", "log1p_crps")


def vintage_rows(result: CountResult, latest: CountCase, first: CountCase | None, *, seed: int) -> list[Row]:
    """Scores by the first and the latest vintage, and the difference of the CRPS with its 95 % interval over units;
    no row without a first vintage, or where the two share no unit-month."""
    if first is None:
        return []
    place = {unit: k for k, unit in enumerate(latest.history.units)}
    rows = [place[unit] for unit in result.units]
    early, late = first.actual[rows], latest.actual[rows]
    row, column = np.nonzero(~np.isnan(early) & ~np.isnan(late))
    if not row.size:
        return []
    unit, period = np.array(result.units)[row], np.asarray(result.window.periods, dtype=np.int64)[column]
    draws = result.draws[row, column]
    by_first, by_latest = (count_scores(draws, a[row, column], unit=unit, period=period) for a in (early, late))
    gap = paired_interval(by_latest.crps, by_first.crps, unit, seed=seed)
    return [
        {
            "model": result.model,
            "window": result.window.label,
            **{f"{name}_first": by_first.means()[name] for name in _SCORES},
            **{f"{name}_latest": by_latest.means()[name] for name in _SCORES},
            "crps_difference": gap.value,
            "low_95": gap.low,
            "high_95": gap.high,
            "unit_periods": int(row.size),
            "revised": int((early[row, column] != late[row, column]).sum()),
        }
    ]
