"""The declared policy."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import ConfigurationError, ForewarnError, InputValueError
from forewarn.warn.policy import alert_policy


def test_the_shipped_policy_names_itself_and_cannot_be_changed() -> None:
    """A policy is data with a name and version; nobody alters it in passing."""
    policy = alert_policy()
    assert (policy.name, policy.version) == ("forewarn-default", "0.2")
    with pytest.raises(FrozenInstanceError):
        policy.quiet_days = 0  # type: ignore[misc]


def test_an_override_replaces_only_what_it_names() -> None:
    """Mappings are merged key by key, lists are replaced whole."""
    shipped = alert_policy()
    policy = alert_policy("name: ours\nrecent: {months: 6, violence: [one_sided, non_state]}\n")
    assert (policy.name, policy.recent.months) == ("ours", 6)
    assert policy.recent.violence == ("one_sided", "non_state")
    assert (policy.recent.rules, policy.forecast_rules) == (shipped.recent.rules, shipped.forecast_rules)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("quiet_dais: 3", "ours.yml"),
        ("hold_share: 1.5", "hold_share"),
        ("hold_share: .nan", "hold_share"),
        ("forecast_rules: [{level: W9, deaths: 1, probability: 0.1, ratio: 1}]", "forecast_rules[1].level"),
        ("forecast_rules: [{level: W1, deaths: 1, probability: high, ratio: 1}]", "forecast_rules[1].probability"),
        ("recent: {months: 0}", "recent.months"),
        ("quiet_days: yes", "quiet_days"),
        ("usual_rate: -0.1", "usual_rate"),
        ("precursors: {factor: RF15}", "precursors.factor"),
        ("precursors: {acts: [threat, rumour]}", "precursors.acts[2]"),
        ("precursors: {rules: [{level: W3, incidents: 6, kinds: 2, ratio: 1}]}", "precursors.rules[1].level"),
        ("precursors: {rules: [{level: W1, incidents: 0, kinds: 2, ratio: 1}]}", "precursors.rules[1].incidents"),
        ("precursors: {single_origin_cap: W3}", "precursors.single_origin_cap"),
    ],
)
def test_a_wrong_override_is_refused_with_its_place(text: str, where: str) -> None:
    """Unknown keys, wrong kinds and numbers out of range name the key."""
    with pytest.raises(ConfigurationError) as caught:
        alert_policy(text, name="ours.yml")
    assert where in caught.value.where


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("precursors: {acts: [threat, threat, detention]}", "an act twice"),
        ("precursors: {acts: [threat]}", "asks for 2 kinds of 1 acts"),
    ],
)
def test_early_signs_that_no_rule_could_meet_are_refused(text: str, what: str) -> None:
    """An act counted twice, or more kinds than there are acts, is a mistake and not a policy."""
    with pytest.raises(InputValueError, match=what):
        alert_policy(text)


def test_a_level_once_reached_is_kept_on_fewer_early_signs() -> None:
    """Hysteresis covers early signs as it covers deaths: thresholds fall to the declared share, never to nothing."""
    shipped, held = alert_policy().precursors.rules, alert_policy().held().precursors.rules
    assert [(r.incidents, r.kinds, r.ratio) for r in reversed(held)] == [(9, 3, 1.5), (5, 2, 1.125)]
    assert [rule.level for rule in shipped] == [rule.level for rule in held]


def test_high_confidence_cannot_ask_for_less_than_moderate() -> None:
    """Parts that contradict each other are refused."""
    with pytest.raises(InputValueError, match="less for high"):
        alert_policy("confidence: {high: {origins: 1, coverage: 0.1}}")


def test_held_thresholds_are_lower_everywhere() -> None:
    """Hysteresis: what keeps a level never asks for more than what reaches it."""
    policy = alert_policy()
    held = policy.held()
    for rule, kept in zip(policy.forecast_rules, held.forecast_rules, strict=True):
        assert kept.probability < rule.probability
        assert kept.ratio <= rule.ratio
    for before, after in zip(policy.recent.rules, held.recent.rules, strict=True):
        assert (after.deaths, after.incidents, after.ratio) <= (before.deaths, before.incidents, before.ratio)


@given(st.text(max_size=200))
def test_any_text_gives_a_policy_or_one_clear_line(text: str) -> None:
    """Hostile overrides end in an error of the family or not at all."""
    with suppress(ForewarnError):
        alert_policy(text)
