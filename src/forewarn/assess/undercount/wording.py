"""The words an undercount travels with: what it is, what it assumes, and what in these lists speaks against it.

Every sentence speaks of an estimate of unreported cases. None calls it a number of persons known, and none drops the
limits. Figures are cut to three significant digits: more would pretend.
"""

from __future__ import annotations

import math

from forewarn.assess.undercount.estimate import Estimate, Undercount

__all__ = ["assumptions", "headline", "rounded", "warnings"]

_SURPRISING = 0.02
_WIDE = 5.0
_APART = 1.5


def rounded(value: float) -> str:
    """Three significant digits, with thousands parted; ``no upper limit`` for infinity."""
    if math.isinf(value):
        return "no upper limit"
    if value < 1:
        return "0" if value < 0.5 else "1"
    digits = 2 - math.floor(math.log10(value))
    return f"{round(value, min(digits, 0)):,.0f}"


def headline(made: Undercount) -> str:
    """The estimate in one sentence: always a range."""
    return (
        f"An estimate, not a count: beside the {made.observed:,} cases on record, between "
        f"{rounded(made.unreported_low)} and {rounded(made.unreported_high)} cases are estimated to be on none of the "
        f"{len(made.sizes)} lists ({made.plan.level:.0%} limits of {_ways(made)})."
    )


def _ways(made: Undercount) -> str:
    return "two ways of estimating, spanned" if len(made.estimates) > 1 else "one way of estimating"


def assumptions(made: Undercount) -> tuple[str, ...]:
    """What must hold for the estimate to mean anything."""
    general = (
        "Every list speaks of the same kind of case, in the same area and period, and the cases did not change while "
        "the lists were made.",
        "Cases are matched across lists without error. The uncertainty of matching is not in the limits: each missed "
        "match raises the estimate, each false one lowers it.",
        "Every case could have come onto some list; cases that none could ever hold are not estimated.",
    )
    if len(made.sizes) == 2:
        return (
            "THE TWO LISTS ARE INDEPENDENT: being on one makes being on the other neither likelier nor less likely. "
            "Somebody vouched for this; two lists cannot show it, and the estimate stands or falls with it.",
            *general,
        )
    most = "two" if made.plan.order == 2 else f"up to {made.plan.order}"
    return (
        f"Lists depend on each other at most through terms of {most} lists, and cases that no list holds follow the "
        "same pattern; no data can show that they do.",
        *general,
    )


def warnings(made: Undercount) -> tuple[str, ...]:
    """What in these lists speaks against leaning on the estimate; empty where nothing does."""
    return (*_of_estimates(made), *_of_pairs(made), *_of_cases(made))


def _of_estimates(made: Undercount) -> list[str]:
    said = []
    totals = sorted(one.total for one in made.estimates)
    if totals[-1] > _APART * totals[0]:
        said.append(
            f"The ways of estimating differ by a factor of {totals[-1] / totals[0]:.1f}: which lists depend on each "
            "other decides the answer, and these data do not settle it."
        )
    for one in made.estimates:
        said += _of_estimate(one)
    return said


def _of_estimate(one: Estimate) -> list[str]:
    said = []
    if math.isinf(one.unreported_high):
        said.append(f"The {one.method} estimate has no upper limit: the lists may overlap by chance alone.")
    elif one.total_high > _WIDE * one.total_low:
        said.append(f"The {one.method} limits are a factor of {one.total_high / one.total_low:.0f} apart.")
    if one.unestimated > 0:
        said.append(f"{one.unestimated:.1%} of resampled tables have no {one.method} estimate; they count as infinite.")
    if one.limits == "percentile":
        said.append(f"The {one.method} limits could not be corrected for bias.")
    return said


def _of_pairs(made: Undercount) -> list[str]:
    said = []
    for pair in made.dependence:
        if pair.p <= _SURPRISING:
            more = pair.shared > pair.expected
            said.append(
                f"{pair.first} and {pair.second} share {pair.shared:,} cases where independent lists would share "
                f"{pair.expected:,.1f}: they {'go together' if more else 'avoid each other'}."
            )
    for name in made.sizes:
        own = [pair for pair in made.dependence if name in (pair.first, pair.second)]
        if len(made.sizes) > 2 and not any(pair.shared for pair in own):
            said.append(f"{name} shares no case with any other list; how it depends on them cannot be seen.")
    return said


def _of_cases(made: Undercount) -> list[str]:
    seen = made.heterogeneity
    if seen.p <= _SURPRISING:
        return [
            f"{seen.thrice:,} cases are on three lists or more where independent lists would give "
            f"{seen.expected_thrice:,.1f}: some cases are easier to record than others, and then too few are estimated."
        ]
    return []
