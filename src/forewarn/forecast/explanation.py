"""Why a forecast says what it says: what moved it, what it resembles, and what would change it.

Any model is asked again, in one run, about copies of the unit whose past is altered: months taken as unknown, or one
more month added. Differences are between copies of that one run, so they are the model's own answers and not a second
model's. Pools also show their members, trees what each group of features added. None of it says why anything happened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForecastError, UnknownNameError, shorten
from forewarn.forecast.features.past import PAST
from forewarn.forecast.models import Forecaster, History, Task
from forewarn.forecast.models.analogue import Analogue
from forewarn.forecast.models.examples import FEWEST, classroom
from forewarn.forecast.models.opening import OpensFeatures, OpensMembers

__all__ = ["THRESHOLD", "Analogy", "Answer", "Explanation", "MonthWeight", "Share", "explain"]

THRESHOLD = 25.0
"""The chance explained is that of at least so many over the whole horizon."""

_BLOCKS = ((0, 1), (1, 3), (3, 12), (12, 36), (36, None))
_SEPARATOR = "\x1f"
_ANALOGUES = 5
_HEAVIEST = 6
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model answers about one altered past: ``chance`` of at least :data:`THRESHOLD`, and ``mean``.

    ``months`` are the first and last altered; ``change`` is the chance less the unaltered one. An answer of ``None``
    means that the model knows too little then.
    """

    kind: str
    words: str
    months: tuple[int, int]
    chance: float | None
    mean: float | None
    change: float | None


@dataclass(frozen=True, slots=True)
class Analogy:
    """A month of some unit that looked most like this one, how far off, and what followed over as many months."""

    unit: str
    month: int
    distance: float
    before: float
    followed: float


@dataclass(frozen=True, slots=True)
class MonthWeight:
    """A month of the unit's own past: its count, and its share of the draws of a model that repeats the past."""

    month: int
    count: float
    share: float


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the model: its share, or what it added; ``says`` the chance of 25 in a month, where it has one."""

    name: str
    share: float
    says: float | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one unit's forecast says what it says.

    ``moved`` are answers with parts of the past unknown, ``would_change`` with a month more; ``analogues`` nearest
    first; ``weights`` heaviest months first, for models that repeat the past; ``members`` of a pool; ``features`` by
    group, what each added to the upper tenth of ``log(1 + count)``.
    """

    unit: str
    model: str
    last_month: int
    horizon: int
    chance: float
    mean: float
    moved: tuple[Answer, ...]
    would_change: tuple[Answer, ...]
    analogues: tuple[Analogy, ...]
    weights: tuple[MonthWeight, ...]
    members: tuple[Share, ...]
    features: tuple[Share, ...]


def explain(forecaster: Forecaster, history: History, task: Task, *, unit: str) -> Explanation:
    """The explanation of one unit's forecast over the whole horizon of a task.

    Raises:
        UnknownNameError: the unit is not in the history.
        ForecastError: the model knows too little of it.
    """
    if unit not in history.units:
        raise UnknownNameError(f"no unit '{shorten(unit)}' was forecast", where="explain", mend="name one that was")
    own = history.values[history.units.index(unit)].astype(np.float64)
    altered = {**_without(own, history.last_month), **_with_more(own, history.last_month)}
    answers = _asked(forecaster, history, task, unit, own, altered)
    chance, mean = answers[""]
    if chance is None or mean is None:
        raise ForecastError(f"too little is known of '{shorten(unit)}'", where="explain", mend="treat it as unknown")
    said = {key: _answer(altered[key], answers[key], chance) for key in altered}
    return Explanation(
        unit=unit,
        model=forecaster.name,
        last_month=history.last_month,
        horizon=len(task.horizons),
        chance=chance,
        mean=mean,
        moved=tuple(one for one in said.values() if one.kind == "unknown"),
        would_change=tuple(one for one in said.values() if one.kind == "more"),
        analogues=_analogues(history, task, unit),
        weights=_weights(forecaster, own, history.last_month),
        members=_members(forecaster, history, task, unit),
        features=_features(forecaster, history, task, unit),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Altered:
    kind: str
    words: str
    months: tuple[int, int]
    values: Floats


def _without(own: Floats, last: int) -> dict[str, _Altered]:
    """The past with one stretch of months taken as unknown."""
    found = {}
    for start, end in _BLOCKS:
        stop = own.size - start
        begin = 0 if end is None else max(own.size - end, 0)
        if begin >= stop or np.isnan(own[begin:stop]).all():
            continue
        values = own.copy()
        values[begin:stop] = np.nan
        months = (last - own.size + 1 + begin, last - own.size + stop)
        found[f"unknown-{start}"] = _Altered("unknown", f"{float(np.nansum(own[begin:stop])):,.0f}", months, values)
    return found


def _with_more(own: Floats, last: int) -> dict[str, _Altered]:
    """The past with one month more: quiet, like the last, like the worst of the year, or 25."""
    known = own[~np.isnan(own)]
    if not known.size:
        return {}
    year = own[-12:]
    wanted = {
        "quiet": 0.0,
        "like the last known": float(known[-1]),
        "like the worst of the last year": 0.0 if np.isnan(year).all() else float(np.nanmax(year)),
        "25": 25.0,
        "100": 100.0,
    }
    found: dict[str, _Altered] = {}
    seen: set[float] = set()
    for words, count in wanted.items():
        if count in seen:
            continue
        seen.add(count)
        values = np.append(own[1:], count)
        said = f"{words} ({count:,.0f})" if not words.isdigit() else f"with {words}"
        found[f"more-{count:g}"] = _Altered("more", said, (last + 1, last + 1), values)
    return found


def _asked(
    forecaster: Forecaster, history: History, task: Task, unit: str, own: Floats, altered: dict[str, _Altered]
) -> dict[str, tuple[float | None, float | None]]:
    """Chance and mean for the unaltered past (the empty key) and for each altered one, from one run."""
    keys = ["", *altered]
    copies = [own, *(one.values for one in altered.values())]
    extended = replace(
        history,
        values=np.concatenate([history.values.astype(np.float64), np.stack(copies)]),
        units=(*history.units, *(f"{unit}{_SEPARATOR}{key or 'as it is'}" for key in keys)),
        covariates=None,
        covariate_names=(),
    )
    totals = forecaster.forecast(extended, task)[len(history.units) :].sum(axis=1)
    found: dict[str, tuple[float | None, float | None]] = {}
    for key, draws in zip(keys, totals, strict=True):
        known = not np.isnan(draws).any()
        found[key] = (float((draws >= THRESHOLD).mean()), float(draws.mean())) if known else (None, None)
    return found


def _answer(one: _Altered, found: tuple[float | None, float | None], chance: float) -> Answer:
    said, mean = found
    return Answer(one.kind, one.words, one.months, said, mean, None if said is None else said - chance)


def _analogues(history: History, task: Task, unit: str) -> tuple[Analogy, ...]:
    """The nearest precedents at the first horizon, one a unit and year, none of the unit's own last year."""
    room = classroom(replace(history, covariates=None, covariate_names=()), replace(task, horizons=task.horizons[:1]))
    if len(room.examples(Analogue().sampling, purpose="count")) < FEWEST:
        return ()
    found = Analogue().precedents(room)
    row = room.history.units.index(unit)
    first = room.history.last_month - room.history.values.shape[1] + 1
    made: list[Analogy] = []
    taken: set[tuple[str, int]] = set()
    for place, distance in zip(found.place[row], found.distance[row], strict=True):
        who, origin = int(found.examples.unit[place]), int(found.examples.origin[place])
        name, values = room.history.units[who], room.history.values[who]
        after = values[origin + 1 : origin + 1 + len(task.horizons)]
        if after.size < len(task.horizons) or np.isnan(after).all() or (name, origin // 12) in taken:
            continue
        taken.add((name, origin // 12))
        before = values[max(origin - 11, 0) : origin + 1]
        made.append(Analogy(name, first + origin, float(distance), float(np.nansum(before)), float(np.nansum(after))))
        if len(made) == _ANALOGUES:
            break
    return tuple(made)


_SHARES: dict[str, Callable[[Floats], Floats]] = {
    "conflictology": lambda age: (age < 12).astype(np.float64),
    "last_poisson": lambda age: (age < 1).astype(np.float64),
    "weighted_history": lambda age: np.exp2(-age / 12.0),
}
"""The share of each known month by its age, before they are made to add up; conflictology counts known months."""


def _weights(forecaster: Forecaster, own: Floats, last: int) -> tuple[MonthWeight, ...]:
    share_of = _SHARES.get(forecaster.name.split("+", maxsplit=1)[0])
    known = np.flatnonzero(~np.isnan(own))
    if share_of is None or not known.size:
        return ()
    rank = np.arange(known.size)[::-1].astype(np.float64)
    age = (own.size - 1 - known).astype(np.float64) if forecaster.name.startswith("weighted") else rank
    share = share_of(age)
    share /= share.sum()
    order = np.lexsort((-share, -(share * np.log1p(own[known]))))[:_HEAVIEST]
    months = last - own.size + 1 + known
    return tuple(MonthWeight(int(months[k]), float(own[known[k]]), float(share[k])) for k in order)


def _members(forecaster: Forecaster, history: History, task: Task, unit: str) -> tuple[Share, ...]:
    opened = forecaster.members(history, task) if isinstance(forecaster, OpensMembers) else None
    if opened is None:
        return ()
    row = opened.units.index(unit)
    shares = zip(opened.names, opened.weights[row], opened.quantiles, strict=True)
    return tuple(Share(name, float(w), float((said[row] >= THRESHOLD).mean())) for name, w, said in shares)


def _features(forecaster: Forecaster, history: History, task: Task, unit: str) -> tuple[Share, ...]:
    """Mean over the horizon of what each group added, the largest first; empty where the trees are not for the unit."""
    opened = forecaster.contributions(history, task) if isinstance(forecaster, OpensFeatures) else None
    if opened is None:
        return ()
    values = opened.values[opened.units.index(unit)].mean(axis=0)
    if np.isnan(values).any():
        return ()
    sums: dict[str, float] = {}
    for name, value in zip(opened.features, values, strict=True):
        sums[_group(name)] = sums.get(_group(name), 0.0) + float(value)
    return tuple(Share(name, value) for name, value in sorted(sums.items(), key=lambda item: -abs(item[1])))


_BY_NAME = {feature.name: feature for feature in PAST}
_STEMS = {
    "since": "time since the last months with violence",
    "share": "how often there was violence",
    "spread": "how much months differ",
    "peak": "the worst months",
    "drift": "rise or fall",
    "horizon": "how far ahead",
    "season": "the same months of last year",
}


def _group(name: str) -> str:
    """The declared group of a feature: by what it measures and, for levels, how far back it looks."""
    stem = name.split("_", maxsplit=1)[0]
    if stem in _STEMS:
        return _STEMS[stem]
    feature = _BY_NAME.get(name)
    if feature is None:
        return "other"
    half_life = name.rsplit("_", maxsplit=1)[-1]
    months = feature.months or (int(half_life) * 2 if half_life.isdigit() else 999)
    return next(words for most, words in _REACH if months <= most)


_REACH = (
    (6, "level of the last half-year"),
    (16, "level of the last year"),
    (60, "level of the last five years"),
    (9_999, "level of the long past"),
)
