"""The pictures of forecasts for pages: kept a while, by what they show.

Returns SVG with style attributes, as the files have it; a page that allows none cleans them.
"""

from __future__ import annotations

import json
from functools import lru_cache

from forewarn.forecast.calibration import GroupCalibration
from forewarn.forecast.explanation import Explanation
from forewarn.operations.explanation_page import answer_bars
from forewarn.operations.forecast_pictures import bars_svg, pit_svg, reliability_svg
from forewarn.operations.forecast_told import calibration_from
from forewarn.respond import Fan, Series
from forewarn.respond.brief.figures import months_svg

__all__ = ["bars_drawn", "calibration_drawn", "months_drawn"]


@lru_cache(maxsize=256)
def months_drawn(series: Series, fan: Fan | None, *, width: int) -> str:
    """Months as known, and what may come where a fan is given; ``width`` in CSS pixels."""
    return months_svg(series, fan, width=width, prefix=f"months{width}", height=300)


def bars_drawn(found: Explanation) -> tuple[str, str]:
    """What moved the chance of 25 or more, and what one more month would change it by; empty where nothing is known."""
    made = [
        bars_svg(bars, title=title, noun=noun, prefix=prefix) if bars else ""
        for title, noun, prefix, bars in (
            ("What each stretch of the past added", "added", "moved", answer_bars(found.moved)),
            ("What one more month would change", "change", "change", answer_bars(found.would_change)),
        )
    ]
    return made[0], made[1]


def calibration_drawn(group: GroupCalibration, *, prefix: str) -> tuple[tuple[str, str], ...]:
    """Where what happened fell in what was said (threshold empty), then said against happened by threshold."""
    return _calibration(json.dumps(group.as_dict()), prefix)


@lru_cache(maxsize=64)
def _calibration(text: str, prefix: str) -> tuple[tuple[str, str], ...]:
    group = calibration_from(json.loads(text))
    made = [("", pit_svg(group, prefix=f"{prefix}-pit"))]
    for name in group.reliability:
        made.append((name, reliability_svg(group, name, prefix=f"{prefix}-r{name}")))
    return tuple(made)
