"""Explanations: what a model answers about altered pasts, its precedents, its members and its features."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.errors import ForecastError, UnknownNameError
from forewarn.forecast.explanation import THRESHOLD, explain
from forewarn.forecast.models import History, Task, count_forecaster

TASK = Task((1, 2, 3), 400, 3)


def history(units: int = 30, months: int = 60) -> History:
    """Units of all levels, one of them quiet but for its last month."""
    random = np.random.default_rng(5)
    values = random.negative_binomial(0.6, 0.05, (units, months)).astype(float)
    values[: units // 3] = random.random((units // 3, months)) < 0.03
    values[0] = 0
    values[0, -1] = 200
    return History(values, tuple(f"u{k:02}" for k in range(units)), 500)


def test_the_month_that_moved_it_is_found_and_a_quiet_month_lowers_it():
    """All the chance of a unit with one bad month comes from that month; another quiet month lowers it little."""
    found = explain(count_forecaster("conflictology"), history(), TASK, unit="u00")
    first = found.moved[0]
    assert first.months == (500, 500)
    assert first.chance == 0.0
    assert first.change == -found.chance
    assert found.chance == pytest.approx(1 - (11 / 12) ** 3, abs=0.06)
    more = {one.words: one for one in found.would_change}
    assert more["with 100"].chance > found.chance > more["quiet (0)"].chance - 0.06
    assert found.weights[0].month == 500
    assert found.weights[0].share == pytest.approx(1 / 12)


def test_the_same_question_gets_the_same_answer_and_the_history_is_untouched():
    """Nothing is drawn from a clock, and the arrays given stay as they are."""
    given = history()
    before = given.values.copy()
    one = explain(count_forecaster("weighted_history"), given, TASK, unit="u12")
    assert one == explain(count_forecaster("weighted_history"), given, TASK, unit="u12")
    assert (given.values == before).all()
    assert sum(w.share for w in one.weights) < 1


def test_analogues_say_what_followed_and_are_not_seen_from_the_future():
    """Each precedent has its whole horizon inside the history; what followed is the sum of those months."""
    given = history()
    found = explain(count_forecaster("weighted_history"), given, TASK, unit="u20")
    assert len(found.analogues) == 5
    assert [a.distance for a in found.analogues] == sorted(a.distance for a in found.analogues)
    for one in found.analogues:
        column = one.month - (500 - 60 + 1)
        assert one.month + 3 <= 500
        assert one.followed == given.values[given.units.index(one.unit), column + 1 : column + 4].sum()


def test_pools_and_trees_open_themselves():
    """Shares of the members add up to one; features are grouped, the largest first."""
    found = explain(count_forecaster("ensemble"), history(40, 90), Task((1, 2), 100, 1), unit="u35")
    assert sum(one.share for one in found.members) == pytest.approx(1)
    assert all(one.says is not None and 0 <= one.says <= 1 for one in found.members)
    sizes = [abs(one.share) for one in found.features]
    assert sizes == sorted(sizes, reverse=True)
    assert "level of the last half-year" in {one.name for one in found.features}
    assert found.weights == ()
    assert THRESHOLD == 25


def test_what_is_not_known_is_not_explained():
    """A unit not in the panel, and one of which no month is known."""
    given = history()
    with pytest.raises(UnknownNameError, match="no unit"):
        explain(count_forecaster("zero"), given, TASK, unit="nowhere")
    values = given.values.copy()
    values[3] = np.nan
    with pytest.raises(ForecastError, match="too little"):
        explain(count_forecaster("conflictology"), History(values, given.units, 500), TASK, unit="u03")
