"""The undercount: how many cases no list holds, with limits, by two ways, or a refusal that says why.

It refuses what cannot be estimated: one list, two lists unless their independence is vouched for, lists that hardly
overlap. It gives no single number: a stepwise choice and an average over models stand side by side, each with an
interval that counts its choosing in, and the range that spans them. An estimate is never a count of persons known.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from forewarn.assess.undercount.averaging import ENUMERATED_LISTS, Family, average, family_of
from forewarn.assess.undercount.dependence import Heterogeneity, PairDependence, heterogeneity, pair_dependence
from forewarn.assess.undercount.design import Design, pairwise_design
from forewarn.assess.undercount.fitting import fit
from forewarn.assess.undercount.histories import Histories
from forewarn.assess.undercount.intervals import interval, resampled
from forewarn.assess.undercount.selection import THRESHOLD, choose
from forewarn.errors import InputValueError, RuleError

__all__ = ["FEWEST_SHARED", "Estimate", "Plan", "Undercount", "estimate_undercount"]

FEWEST_SHARED = 7
"""Cases on two or more lists below which nothing is estimated: with seven, the bias of the two-list estimate is
negligible with 95% confidence (Robson and Regier 1964, Transactions of the American Fisheries Society 93)."""

_MOST_UNESTIMATED = 0.2

Reals = NDArray[np.float64]
Progress = Callable[[int, int, str], None]


def _no_progress(done: int, total: int, what: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to estimate.

    Attributes:
        replicates: resampled tables behind each interval, 100 or more.
        level: the share of intervals that should hold the truth, .5 to .999.
        seed: of the resampling.
        threshold: the p below which a pair of lists is held dependent, 0..1.
        order: most lists in one term of the averaged models, 2 or more; above 2 for at most five lists.
        two_lists_independent: whether somebody vouches that two lists are independent.
    """

    replicates: int = 1000
    level: float = 0.95
    seed: int = 1
    threshold: float = THRESHOLD
    order: int = 2
    two_lists_independent: bool = False

    def __post_init__(self) -> None:
        for name, value, least, most in (
            ("replicates", self.replicates, 100, 100_000),
            ("level", self.level, 0.5, 0.999),
            ("seed", self.seed, 0, 2**63 - 1),
            ("threshold", self.threshold, 0.0, 1.0),
            ("order", self.order, 2, 5),
        ):
            if not least <= value <= most:
                raise InputValueError(f"{value} is outside {least} to {most}", where=name, mend="change it")


@dataclass(frozen=True, slots=True)
class Estimate:
    """One way's estimate.

    Attributes:
        method: ``independent``, ``stepwise`` or ``averaged``.
        unreported: cases on no list.
        unreported_low: lower limit.
        unreported_high: upper limit; infinite where the data set none.
        total: unreported and observed together.
        total_low: likewise.
        total_high: likewise.
        dependent: pairs of lists in the model, ``A+B``; for an average, with the weight of models that have them.
        limits: ``bca`` or ``percentile``.
        unestimated: the share of resampled tables without an estimate.
        models: models the estimate rests on.
    """

    method: str
    unreported: float
    unreported_low: float
    unreported_high: float
    total: float
    total_low: float
    total_high: float
    dependent: dict[str, float]
    limits: str
    unestimated: float
    models: int


@dataclass(frozen=True, slots=True)
class Undercount:
    """What is estimated of the cases that no list holds, and all that the estimate rests on.

    Attributes:
        sizes: cases by list.
        observed: cases on at least one list.
        recaptured: cases on two lists or more.
        estimates: each way's.
        unreported_low: the least lower limit of them all.
        unreported_high: the greatest upper limit.
        if_independent: cases on no list if all lists were independent, without an interval.
        dependence: every pair of lists.
        heterogeneity: how many lists cases are on.
        plan: how it was estimated.
    """

    sizes: dict[str, int]
    observed: int
    recaptured: int
    estimates: tuple[Estimate, ...]
    unreported_low: float
    unreported_high: float
    if_independent: float
    dependence: tuple[PairDependence, ...]
    heterogeneity: Heterogeneity
    plan: Plan


def estimate_undercount(
    histories: Histories, plan: Plan | None = None, *, progress: Progress = _no_progress
) -> Undercount:
    """Estimate how many cases no list holds.

    ``progress`` is told, for lists enough to take long, how many of the models averaged are done.

    Raises:
        RuleError: nothing can be estimated, and why: fewer than three lists that overlap (two without a voucher),
            too few shared cases, no estimate under independence, or in over a fifth of resampled tables.
    """
    plan = plan or Plan()
    _refuse_few(histories, plan)
    design = pairwise_design(len(histories.lists))
    counts = histories.counts[None].astype(float)
    main = fit(design, counts, design.main[None])
    if not main.exists[0]:
        raise RuleError("even independent lists have no estimate here", where="lists", mend="join lists or add one")
    tables = resampled(histories.counts, replicates=plan.replicates, seed=plan.seed)
    made: tuple[Estimate, ...]
    if len(histories.lists) == 2:
        made = (_estimate("independent", partial(_independent, design), histories, plan, tables),)
    else:
        made = (_stepwise(design, histories, plan, tables), _averaged(histories, plan, tables, progress))
    return Undercount(
        sizes=histories.sizes,
        observed=histories.observed,
        recaptured=histories.recaptured,
        estimates=made,
        unreported_low=min(one.unreported_low for one in made),
        unreported_high=max(one.unreported_high for one in made),
        if_independent=float(main.dark[0]),
        dependence=pair_dependence(histories),
        heterogeneity=heterogeneity(histories),
        plan=plan,
    )


def _refuse_few(histories: Histories, plan: Plan) -> None:
    names = histories.lists
    if plan.order > 2 and not plan.order < len(names) <= ENUMERATED_LISTS:
        raise InputValueError(
            f"order {plan.order} is not for {len(names)} lists", where="order", mend="take 2, or up to lists less one"
        )
    if len(names) < 2:
        raise RuleError("one list cannot show what it misses", where="lists", mend="add two that overlap with it")
    overlapping = _overlapping(histories)
    if len(names) == 2 and not plan.two_lists_independent:
        raise RuleError(
            "two lists give an estimate only if they are independent, which they cannot show",
            where="lists",
            mend="add a third, or vouch for their independence",
        )
    if len(names) > 2 and overlapping < 3:
        raise RuleError(
            f"only {overlapping} of {len(names)} lists share a case with another",
            where="lists",
            mend="three are needed: add a list, or join some",
        )
    if histories.recaptured < FEWEST_SHARED:
        raise RuleError(
            f"only {histories.recaptured} cases are on two lists or more; {FEWEST_SHARED} is the least",
            where="lists",
            mend="add lists, or widen the area or period",
        )


def _overlapping(histories: Histories) -> int:
    """Lists that share a case with another."""
    met = 0
    for h in np.flatnonzero(histories.counts) + 1:
        if int(h).bit_count() > 1:
            met |= int(h)
    return met.bit_count()


def _independent(design: Design, tables: Reals) -> Reals:
    return fit(design, tables, np.broadcast_to(design.main, (len(tables), design.main.size))).dark


def _stepwise(design: Design, histories: Histories, plan: Plan, tables: Reals) -> Estimate:
    def dark(counts: Reals) -> Reals:
        return choose(design, counts, threshold=plan.threshold).dark

    active = choose(design, histories.counts[None].astype(float), threshold=plan.threshold).active
    pairs = _pair_weights(design, histories, active.astype(float)[0])
    return _estimate("stepwise", dark, histories, plan, tables, dependent=pairs)


def _averaged(histories: Histories, plan: Plan, tables: Reals, progress: Progress) -> Estimate:
    counts = histories.counts.astype(float)
    family = family_of(len(histories.lists), counts, order=plan.order)
    weights = average(family, counts[None])[1][0]
    pairs = _pair_weights(family.design, histories, weights @ family.models)
    return _estimate(
        "averaged",
        partial(_average_dark, family, progress),
        histories,
        plan,
        tables,
        dependent=pairs,
        models=len(family.models),
    )


def _average_dark(family: Family, progress: Progress, tables: Reals) -> Reals:
    whole = len(family.models)
    return average(family, tables, told=lambda done: progress(done, whole, "fitting models to drawn tables"))[0]


def _estimate(
    method: str,
    dark: Callable[[Reals], Reals],
    histories: Histories,
    plan: Plan,
    tables: Reals,
    *,
    dependent: dict[str, float] | None = None,
    models: int = 1,
) -> Estimate:
    point = float(dark(histories.counts[None].astype(float))[0])
    limits = interval(histories.counts, tables, dark, level=plan.level)
    if limits.unestimated > _MOST_UNESTIMATED or not math.isfinite(point):
        raise RuleError(
            f"{limits.unestimated:.0%} of resampled tables have no estimate: the overlaps are too thin",
            where="lists",
            mend="add lists, join some, or widen the area or period",
        )
    seen = histories.observed
    return Estimate(
        method,
        point,
        limits.low,
        limits.high,
        seen + point,
        seen + limits.low,
        seen + limits.high,
        dependent or {},
        limits.kind,
        limits.unestimated,
        models,
    )


def _pair_weights(design: Design, histories: Histories, weights: Reals) -> dict[str, float]:
    """The pairs in the model or models, heaviest first; those below a tenth are left out."""
    made = {}
    for place in np.argsort(-weights, kind="stable"):
        term = design.terms[place]
        if term.bit_count() > 1 and weights[place] >= 0.1:
            names = [name for i, name in enumerate(histories.lists) if term >> i & 1]
            made["+".join(names)] = round(float(weights[place]), 3)
    return made
