"""A judgement as a picture: the evidence of one pair, rule by rule, from where it starts to where it ends.

Owns the drawing of the waterfall: each bar is what one rule adds to or takes from the odds, in points (a point doubles
them). Returns SVG text that stands alone in a page: no script, no link, no date, the same bytes for the same pair. Each
bar is also told in words, so that nothing hangs on colour. Imports matplotlib, so nothing else here imports it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from forewarn.assess.linkage.compare import findings
from forewarn.assess.linkage.rulebook import RuleBook, rulebook

__all__ = ["Evidence", "evidence_of", "waterfall"]

_FOR, _AGAINST, _END = "#1b6ca8", "#b3541e", "#444444"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one rule found in a pair: its name, the level, and its points."""

    rule: str
    level: str
    points: float


def evidence_of(claims: pl.DataFrame, left: str, right: str, *, rules: RuleBook | None = None) -> tuple[Evidence, ...]:
    """What each rule finds in two claims, the start first; rules that say nothing are left out.

    ``claims`` are all at hand, as for :func:`~forewarn.assess.linkage.compare.compare`.
    """
    rules = rules or rulebook()
    first, second = sorted((left, right))
    found = findings(claims, pl.DataFrame({"left": [first], "right": [second]})).row(0, named=True)
    told = [Evidence(rule, found[rule], levels[found[rule]].points) for rule, levels in rules.rules.items()]
    return (Evidence("start", "any candidate pair", rules.start), *(one for one in told if one.points))


def waterfall(evidence: Sequence[Evidence], *, rules: RuleBook | None = None) -> str:
    """The evidence as SVG text: a bar a rule, the sum below, and the points from which claims are linked."""
    rules = rules or rulebook()
    total = sum(one.points for one in evidence)
    score = 1.0 / (1.0 + 2.0**-total)
    height = 0.9 + 0.32 * (len(evidence) + 1)
    figure = Figure(figsize=(7.5, height), layout="constrained")
    axes = figure.add_subplot()
    at = 0.0
    for row, one in enumerate(evidence):
        axes.barh(row, one.points, left=at, color=_FOR if one.points > 0 else _AGAINST)
        axes.text(at + max(one.points, 0.0), row, f" {one.points:+.1f}", va="center", fontsize=8)
        at += one.points
    axes.barh(len(evidence), total, color=_END)
    axes.text(max(total, 0.0), len(evidence), f" {total:+.1f}, score {score:.2f}", va="center", fontsize=8)
    axes.axvline(rules.link_points, color=_END, linestyle="--", linewidth=1)
    labels = [f"{one.rule}: {one.level.replace('_', ' ')}" for one in evidence]
    axes.set_yticks(range(len(evidence) + 1), [*labels, "together"], fontsize=8)
    axes.invert_yaxis()
    axes.margins(x=0.18)
    axes.set_xlabel(f"points; one doubles the odds; linked from {rules.link_points:+.1f} (dashed)", fontsize=8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    return _svg(figure, f"Evidence that two claims are one happening: score {score:.2f}")


def _svg(figure: Figure, title: str) -> str:
    """The figure as an ``svg`` element with a title, without a prologue."""
    written = io.StringIO()
    with rc_context({"svg.hashsalt": "forewarn", "svg.fonttype": "none"}):
        FigureCanvasSVG(figure).print_svg(written, metadata={"Date": None, "Creator": None, "Title": title})
    text = written.getvalue()
    return text[text.index("<svg") :]
