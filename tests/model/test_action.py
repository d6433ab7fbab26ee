"""An action refuses to exist without who, where, since when and from which source; its latest entry stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import ForewarnError, InputValueError, RuleError
from forewarn.model.action import ACTION_STANDINGS, Action, standing_actions

NOW = datetime(2017, 9, 1, 12, tzinfo=UTC)
ACTION = Action("M202", 0, "XKA", "Regional body", date(2017, 3, 1), "under_way", "S/2017/1", "desk", NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"measure_id": "202"},
        {"unit": " "},
        {"source": ""},
        {"started_on": NOW},
        {"standing": "done"},
        {"standing": "ended"},
        {"ended_on": date(2017, 4, 1)},
        {"standing": "ended", "ended_on": date(2017, 2, 1)},
        {"result": "a\x00b"},
        {"at": datetime(2017, 9, 1)},
    ],
)
def test_what_is_half_told_is_refused(wrong: dict[str, object]) -> None:
    """No measure, place, source or day; an end without a day, or before its beginning."""
    with pytest.raises(InputValueError):
        replace(ACTION, **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"actor": "unknown"},
        {"by": "software"},
        {"why_inadequate": "too slow"},
        {"judged_by": "The Council"},
        {"why_inadequate": "too slow", "judged_by": "nobody"},
        {"coercion": 2},
        {"coercion": 3, "authority": "n/a"},
    ],
)
def test_nobody_acts_judges_or_coerces_unnamed(wrong: dict[str, object]) -> None:
    """An actor, a judge of inadequacy and, from coercion 2 on, a deciding body are named."""
    with pytest.raises(RuleError):
        replace(ACTION, **wrong)


def test_an_action_keeps_its_id_however_it_stands() -> None:
    """Measure, place, actor and first day name it; how the actor's name is cased or spaced does not matter."""
    later = replace(ACTION, actor=" regional  BODY", standing="ended", ended_on=date(2017, 5, 1), result="a truce")
    assert later.action_id == ACTION.action_id
    assert later.entry_id != ACTION.entry_id


entries = st.lists(
    st.builds(
        lambda standing, minutes, actor: replace(
            ACTION,
            standing=standing,
            actor=actor,
            ended_on=date(2017, 5, 1) if standing in ("ended", "refused") else None,
            at=NOW + timedelta(minutes=minutes),
        ),
        st.sampled_from(ACTION_STANDINGS),
        st.integers(0, 3),
        st.sampled_from(["One", "Two"]),
    ),
    max_size=12,
)


@given(entries, st.randoms(use_true_random=False))
def test_the_order_of_telling_does_not_matter(told: list[Action], random: Random) -> None:
    """The latest entry of each action stands, whatever the order; what was a mistake is gone."""
    mixed = list(told)
    random.shuffle(mixed)
    assert standing_actions(mixed) == standing_actions(told)
    held = standing_actions(told)
    assert len({one.action_id for one in held}) == len(held)
    assert all(one.standing != "mistaken" for one in held)


def test_errors_are_the_projects_own() -> None:
    """Every refusal says what, where and what to do."""
    with pytest.raises(ForewarnError) as refused:
        replace(ACTION, coercion=2)
    assert refused.value.where
    assert refused.value.mend
