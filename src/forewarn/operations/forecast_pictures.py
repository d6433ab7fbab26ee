"""Pictures about forecasts, drawn on the paper of the briefs: calibration, and what moved a forecast.

Owns what is drawn and how it is told to who cannot see it. Nothing here computes a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.ticker import FixedFormatter, FixedLocator

from forewarn.forecast.calibration import GroupCalibration
from forewarn.respond.brief.canvas import COLOURS, paper, write

__all__ = ["bars_svg", "pit_svg", "reliability_svg"]

_TOP = 1e-9


def pit_svg(group: GroupCalibration, *, prefix: str, width: int = 330, height: int = 210) -> str:
    """The PIT in ten bins, with the line on which a calibrated forecast lies."""
    drawn = paper(width, height, (40, 14, 8, 34))
    axes, shares = drawn.axes, group.pit_histogram
    bins = len(shares)
    top = 1.15 * max(*shares, 1.6 / bins)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, top)
    axes.bar([(k + 0.5) / bins for k in range(bins)], shares, width=0.94 / bins, color=COLOURS["ahead-soft"])
    axes.axhline(1 / bins, color=COLOURS["ink"], linewidth=1.4)
    axes.xaxis.set_major_locator(FixedLocator([0, 0.5, 1]))
    axes.xaxis.set_major_formatter(FixedFormatter(["0", "half of what was said", "1"]))
    axes.yaxis.set_major_locator(FixedLocator([0, 1 / bins]))
    axes.yaxis.set_major_formatter(FixedFormatter(["0", f"{1 / bins:.0%}"]))
    said = ", ".join(f"{share:.0%}" for share in shares)
    title = f"Where what happened fell in what was said: {group.group}"
    told = f"Share of forecasts in each tenth, from the lowest: {said}. Each would be {1 / bins:.0%} when calibrated."
    return write(drawn, prefix=prefix, title=title, description=told)


def reliability_svg(
    group: GroupCalibration, threshold: str, *, prefix: str, width: int = 330, height: int = 250
) -> str:
    """Said against happened, by band; a band's mark grows with its forecasts, and the diagonal is calibrated."""
    drawn = paper(width, height, (46, 14, 12, 34))
    axes = drawn.axes
    bands = [band for band in group.reliability[threshold] if band["forecasts"]]
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    axes.plot([0, 1], [0, 1], color=COLOURS["muted"], linewidth=1.2, linestyle=(0, (4, 3)))
    for band in bands:
        size = 5 + 4 * min(len(str(band["forecasts"])), 5)
        axes.plot(
            [band["mean_probability"]], [band["observed_share"]], marker="o", markersize=size / 2.2,
            color=COLOURS["ahead"], clip_on=False,
        )  # fmt: skip
    axes.plot(
        [b["mean_probability"] for b in bands], [b["observed_share"] for b in bands], color=COLOURS["ahead"],
        linewidth=1.2,
    )  # fmt: skip
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(FixedLocator([0, 0.5, 1]))
        axis.set_major_formatter(FixedFormatter(["0 %", "50 %", "100 %"]))
    title = f"Chance said of {threshold} or more, against how often it happened: {group.group}"
    return write(drawn, prefix=prefix, title=title, description=_bands_in_words(bands))


def bars_svg(bars: Sequence[tuple[str, float]], *, title: str, noun: str, prefix: str, width: int = 620) -> str:
    """Bars to both sides of zero, one a line, as shares of one: what raised and what lowered a chance."""
    height = 30 * max(len(bars), 1) + 40
    drawn = paper(width, height, (275, 8, 60, 26))
    axes = drawn.axes
    reach = max([abs(value) for _, value in bars] + [_TOP]) * 1.5
    axes.set_xlim(-reach if any(value < 0 for _, value in bars) else 0, reach)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    for place, (_, value) in enumerate(bars):
        colour = COLOURS["deaths"] if value > 0 else COLOURS["ahead"]
        axes.barh([place], [value], height=0.62, color=colour)
        axes.text(
            value, place, f" {value:+.1%} ", va="center", ha="left" if value >= 0 else "right", fontsize=11,
            color=COLOURS["ink"], clip_on=False,
        )  # fmt: skip
    axes.axvline(0, color=COLOURS["ink"], linewidth=1)
    axes.xaxis.set_major_locator(FixedLocator([0]))
    axes.xaxis.set_major_formatter(FixedFormatter(["0"]))
    axes.yaxis.set_major_locator(FixedLocator(range(len(bars))))
    axes.yaxis.set_major_formatter(FixedFormatter([name for name, _ in bars]))
    said = "; ".join(f"{name} {value:+.1%}" for name, value in bars)
    return write(drawn, prefix=prefix, title=title, description=f"{noun}: {said}.")


def _bands_in_words(bands: Sequence[dict[str, Any]]) -> str:
    if not bands:
        return "No forecast."
    parts = [
        f"said {b['mean_probability']:.0%}, happened {b['observed_share']:.0%} of {b['forecasts']:,}" for b in bands
    ]
    return "; ".join(parts) + "."
