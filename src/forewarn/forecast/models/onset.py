"""Models of the chance that something starts: base rates first, then a regression on covariates.

``climatology`` is the rate everywhere, ``own_history`` the unit's own rate drawn towards it, ``ever`` the
rule "it happened here before", ``rule`` a rule of thumb on columns named by the user, ``ridge_logistic`` a
penalised regression. None looks at an outcome of the rows it forecasts. Missing covariates are set to the mean
of the rows learnt from and flagged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from forewarn.errors import ForecastError
from forewarn.forecast.models.forecaster import OnsetRows

__all__ = ["Climatology", "EverBefore", "OwnHistory", "RidgeLogistic", "Rule", "require_learnable"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Climatology:
    """The share of unit-periods with an onset, everywhere the same."""

    name: str = "climatology"

    def probabilities(self, rows: OnsetRows) -> Floats:
        """The base rate of the rows learnt from."""
        return np.full(int((~rows.learnt).sum()), _base_rate(rows))


@dataclass(frozen=True, slots=True)
class OwnHistory:
    """The unit's own rate of onset, drawn towards the base rate by so many periods of it."""

    prior_periods: float = 20.0
    name: str = "own_history"

    def probabilities(self, rows: OnsetRows) -> Floats:
        """``(onsets + prior * base) / (periods + prior)``; the base rate for a unit never seen."""
        names, codes = np.unique(rows.units, return_inverse=True)
        learnt = rows.learnt
        onsets = np.bincount(codes[learnt], weights=rows.outcome[learnt], minlength=names.size)
        periods = np.bincount(codes[learnt], minlength=names.size)
        rate = (onsets + self.prior_periods * _base_rate(rows)) / (periods + self.prior_periods)
        probabilities: Floats = rate[codes[~learnt]]
        return probabilities


@dataclass(frozen=True, slots=True)
class EverBefore:
    """Two rates: one where the unit had an onset in the periods learnt from, one where it had none.

    The rate after a first onset is learnt from the periods that followed each unit's first one.
    """

    name: str = "ever_before"

    def probabilities(self, rows: OnsetRows) -> Floats:
        """The rate of the group the unit belongs to, with half an onset added to each group."""
        _require_outcomes(rows)
        names, codes = np.unique(rows.units, return_inverse=True)
        learnt = rows.learnt
        first = np.full(names.size, np.inf)
        hit = learnt & (rows.outcome == 1)
        np.minimum.at(first, codes[hit], rows.periods[hit])
        after = rows.periods > first[codes]
        rates = [_smoothed(rows.outcome[learnt & (after == group)]) for group in (False, True)]
        return np.where(after[~learnt], rates[1], rates[0])


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of thumb: the more of it, the likelier; how much likelier is learnt, the order is the rule's.

    The rule is a number per row (:attr:`OnsetRows.rule`), for example "ever" plus "how many are going on".
    """

    name: str = "rule"

    def probabilities(self, rows: OnsetRows) -> Floats:
        """A logistic regression on the one number, its slope not below zero; missing counts as zero."""
        _require_outcomes(rows)
        if rows.rule is None:
            raise ForecastError("no rule is named", where=self.name, mend="name its columns in the spec, key 'rule'")
        learnt = rows.learnt
        value = np.nan_to_num(rows.rule)
        scale = float(value[learnt].std()) or 1.0
        x, y = value / scale, rows.outcome

        def loss(w: Floats) -> tuple[float, Floats]:
            z = w[0] + w[1] * x[learnt]
            miss = expit(z) - y[learnt]
            gradient = np.array([miss.sum(), miss @ x[learnt] + w[1]])
            return float((np.logaddexp(0.0, z) - y[learnt] * z).sum() + w[1] ** 2 / 2), gradient

        limits = [(-20.0, 20.0), (1e-3, 20.0)]
        fitted = minimize(loss, np.array([-3.0, 0.5]), jac=True, method="L-BFGS-B", bounds=limits).x
        return np.asarray(expit(fitted[0] + fitted[1] * x[~learnt]), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class RidgeLogistic:
    """Logistic regression on standardised covariates with a quadratic penalty, fitted by L-BFGS.

    ``penalty`` is the weight of half the squared coefficients against the summed log loss; the intercept
    is free.
    """

    penalty: float = 10.0
    name: str = "ridge_logistic"

    def probabilities(self, rows: OnsetRows) -> Floats:
        """The fitted chance per row; needs at least one covariate."""
        _require_covariates(rows, self.name)
        _require_outcomes(rows)
        learnt = rows.learnt
        x = _standardised(rows.covariates, learnt)
        weights = self._fit(x[learnt], rows.outcome[learnt])
        probabilities: Floats = expit(x[~learnt] @ weights)
        return probabilities

    def _fit(self, x: Floats, y: Floats) -> Floats:
        free = np.ones(x.shape[1])
        free[0] = 0.0

        def loss(w: Floats) -> tuple[float, Floats]:
            z = x @ w
            value = np.logaddexp(0.0, z).sum() - y @ z + self.penalty / 2 * (free * w) @ w
            return float(value), x.T @ (expit(z) - y) + self.penalty * free * w

        fitted = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 500})
        weights: Floats = fitted.x
        return weights


def require_learnable(rows: OnsetRows, model: str) -> None:
    """Refuse rows without onsets, with nothing but onsets, or without a covariate: nothing can be learnt."""
    _require_outcomes(rows)
    known = rows.outcome[rows.learnt]
    if known.min() == known.max():
        what = "onsets" if known[0] else "0: there is no onset to learn from"
        raise ForecastError(
            f"all {known.size:,} outcomes known are {what}",
            where=model,
            mend="learn from a longer past, or use another model",
        )
    _require_covariates(rows, model)


def _require_covariates(rows: OnsetRows, model: str) -> None:
    if rows.covariates.shape[1] == 0:
        raise ForecastError("the panel has no numeric covariate", where=model, mend="add covariates or drop the model")


def _require_outcomes(rows: OnsetRows) -> None:
    if not rows.learnt.any():
        raise ForecastError("no outcome is known to learn from", where="onset", mend="let data_through be later")


def _base_rate(rows: OnsetRows) -> float:
    _require_outcomes(rows)
    return float(rows.outcome[rows.learnt].mean())


def _smoothed(outcome: Floats) -> float:
    return float((outcome.sum() + 0.5) / (outcome.size + 1.0))


def _standardised(covariates: Floats, learnt: NDArray[np.bool_]) -> Floats:
    """A column of ones, the covariates in standard deviations, and a flag where some are missing."""
    missing = np.isnan(covariates)
    seen = np.where(missing, 0.0, covariates)[learnt]
    count = np.maximum((~missing[learnt]).sum(axis=0), 1)
    mean = seen.sum(axis=0) / count
    filled = np.where(missing, mean, covariates)
    deviation = filled[learnt].std(axis=0)
    scaled = (filled - mean) / np.where(deviation > 0, deviation, np.inf)
    flags = missing[:, missing[learnt].any(axis=0)].astype(np.float64)
    return np.hstack([np.ones((covariates.shape[0], 1)), np.clip(scaled, -10, 10), flags])
