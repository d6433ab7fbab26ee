"""Protection themes and measured indicators: rules stand on coded lists, and what is shown is settled as data."""

from __future__ import annotations

from pathlib import Path

from forewarn.assess.themes.marks import phrase_pattern
from forewarn.model.claim import ACTS, VIOLENCE_TYPES
from forewarn.model.report import SOURCE_KINDS
from forewarn.taxonomy import indicator
from forewarn.taxonomy.measured import measured_rules, windows
from forewarn.taxonomy.protection import mandated_sources, protection_theme, protection_themes


def test_the_themes_of_the_mission_are_there() -> None:
    """Ten themes, each with lists, rules and a caution; rules give codes of the theme's own lists."""
    assert [theme.id for theme in protection_themes()] == [
        "migrants",
        "health_care",
        "education",
        "access",
        "children",
        "sexual_violence",
        "journalists_defenders",
        "arms_flows",
        "indirect_effects",
        "peacekeepers_aid_workers",
    ]
    for theme in protection_themes():
        assert theme.lists
        assert theme.rules
        assert theme.caution
        names = {one.name for one in theme.lists}
        assert {rule.code.partition(":")[0] for rule in theme.rules} <= names


def test_rules_use_words_that_claims_can_have() -> None:
    """A misspelt act, kind of violence or source would never match: there is none."""
    for theme in protection_themes():
        for rule in theme.rules:
            assert set(rule.acts) <= set(ACTS)
            assert set(rule.violence) <= set(VIOLENCE_TYPES)
            assert set(rule.sources) <= set(SOURCE_KINDS)
    for measured in measured_rules():
        assert set(measured.acts) <= set(ACTS)
        assert set(measured.violence) <= set(VIOLENCE_TYPES)
    assert set(mandated_sources()) <= set(SOURCE_KINDS)


def test_six_grave_violations_each_have_a_rule() -> None:
    """None of the six is left without a way to be seen."""
    rules = protection_theme("children").rules
    assert {rule.code for rule in rules} == {f"mrm_grave_violations:GV{n}" for n in range(1, 7)}


def test_what_could_lead_to_people_is_never_listed() -> None:
    """Migrants, children and sexual violence: no list, small numbers suppressed; migrants by country alone."""
    for name in ("migrants", "children", "sexual_violence"):
        theme = protection_theme(name)
        assert not theme.is_listed
        assert theme.smallest >= 10
    assert protection_theme("migrants").levels == ("country",)
    assert protection_theme("sexual_violence").counted == "mandated"


def test_measured_rules_are_of_indicators_that_can_be_measured() -> None:
    """Each is an indicator of the framework, and none is of intent, motive, policy or plan."""
    factors = {indicator(rule.indicator).factor_id for rule in measured_rules()}
    assert factors.isdisjoint({"RF3", "RF4", "RF9", "RF10", "RF12"})
    assert all(protection_theme(rule.theme).is_listed for rule in measured_rules() if rule.theme)
    assert windows().times > 1
    assert all(phrase_pattern(rule.words) for rule in measured_rules() if rule.words.phrases)


def test_the_page_states_true_figures() -> None:
    """The reference of the lists counts what there is."""
    page = (Path(__file__).parents[2] / "docs" / "reference" / "taxonomy.md").read_text(encoding="utf-8")
    assert f"{len(measured_rules())} rules by which incident data propose" in page
