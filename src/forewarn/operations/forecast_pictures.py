"""Pictures about forecasts, drawn on the paper of the briefs: calibration, and what moved a forecast.

Owns what is drawn and how it is told to who cannot see it. Nothing here computes a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forewarn.forecast.calibration import GroupCalibration
from forewarn.respond.brief.canvas import Look, paper

__all__ = ["bars_svg", "pit_svg", "reliability_svg"]

_TOP = 1e-9


def pit_svg(group: GroupCalibration, *, prefix: str, width: int = 330, height: int = 210) -> str:
    """The PIT in ten bins, with the line on which a calibrated forecast lies."""
    shares = group.pit_histogram
    bins = len(shares)
    top = 1.15 * max(*shares, 1.6 / bins)
    drawn = paper(width, height, (40, 14, 8, 34), across=(0, 1), up=(0, top), prefix=prefix)
    for number, share in enumerate(shares):
        middle, half = (number + 0.5) / bins, 0.47 / bins
        drawn.bar((middle - half, middle + half), (0, share), Look("ahead-soft"))
    drawn.line([(0, 1 / bins), (1, 1 / bins)], "ink", 1.4)
    drawn.ticks_across([(0, "0"), (0.5, "half of what was said"), (1, "1")])
    drawn.ticks_up([(0, "0"), (1 / bins, f"{1 / bins:.0%}")])
    said = ", ".join(f"{share:.0%}" for share in shares)
    title = f"Where what happened fell in what was said: {group.group}"
    told = f"Share of forecasts in each tenth, from the lowest: {said}. Each would be {1 / bins:.0%} when calibrated."
    return drawn.written(title, told)


def reliability_svg(
    group: GroupCalibration, threshold: str, *, prefix: str, width: int = 330, height: int = 250
) -> str:
    """Said against happened, by band; a band's mark grows with its forecasts, and the diagonal is calibrated."""
    edges = (-0.02, 1.02)
    drawn = paper(width, height, (46, 14, 12, 34), across=edges, up=edges, prefix=prefix)
    bands = [band for band in group.reliability[threshold] if band["forecasts"]]
    drawn.line([(0, 0), (1, 1)], "muted", 1.2, "4.8 3.6")
    points = [(band["mean_probability"], band["observed_share"]) for band in bands]
    for band, point in zip(bands, points, strict=True):
        drawn.dot(*point, (5 + 4 * min(len(str(band["forecasts"])), 5)) / 4.4, Look("ahead"))
    if points:
        drawn.line(points, "ahead", 1.2)
    ticks = [(0, "0 %"), (0.5, "50 %"), (1, "100 %")]
    drawn.ticks_across(ticks)
    drawn.ticks_up(ticks)
    title = f"Chance said of {threshold} or more, against how often it happened: {group.group}"
    return drawn.written(title, _bands_in_words(bands))


def bars_svg(bars: Sequence[tuple[str, float]], *, title: str, noun: str, prefix: str, width: int = 620) -> str:
    """Bars to both sides of zero, one a line, as shares of one: what raised and what lowered a chance."""
    height = 30 * max(len(bars), 1) + 40
    reach = max([abs(value) for _, value in bars] + [_TOP]) * 1.5
    across = (-reach if any(value < 0 for _, value in bars) else 0, reach)
    drawn = paper(width, height, (275, 8, 60, 26), across=across, up=(len(bars) - 0.4, -0.6), prefix=prefix)
    for place, (_, value) in enumerate(bars):
        drawn.bar((0, value), (place - 0.31, place + 0.31), Look("deaths" if value > 0 else "ahead"))
        side = "left" if value >= 0 else "right"
        said = f"\N{NO-BREAK SPACE}{value:+.1%}\N{NO-BREAK SPACE}"
        drawn.words(value, place, said, "ink", at=(side, "center"), size=11)
    drawn.line([(0, edge) for edge in drawn.up], "ink", 1)
    drawn.ticks_across([(0, "0")])
    drawn.ticks_up((place, name) for place, (name, _) in enumerate(bars))
    said = "; ".join(f"{name} {value:+.1%}" for name, value in bars)
    return drawn.written(title, f"{noun}: {said}.")


def _bands_in_words(bands: Sequence[dict[str, Any]]) -> str:
    if not bands:
        return "No forecast."
    parts = [
        f"said {b['mean_probability']:.0%}, happened {b['observed_share']:.0%} of {b['forecasts']:,}" for b in bands
    ]
    return "; ".join(parts) + "."
