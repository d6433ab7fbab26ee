"""The coded lists hold what the doctrine counts, unchanged."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn import taxonomy
from forewarn.errors import InputValueError, UnknownNameError
from forewarn.model.response import GateState
from forewarn.taxonomy import lists

FILES = ("alert", "codes", "crimes", "force_gate", "harm_controls", "responses", "risk_framework")


@pytest.mark.parametrize("name", FILES)
def test_lists_are_shipped_unchanged(name: str, shared_reference: Path) -> None:
    """The package data are the reference files, byte for byte, check marks included."""
    shipped = resources.files("forewarn.taxonomy").joinpath(f"{name}.yaml").read_bytes()
    assert shipped == (shared_reference / f"{name}.yaml").read_bytes()


def test_framework_has_fourteen_factors_and_142_entries() -> None:
    """Indicators per factor as the doctrine counts them, the placeholder of RF13 apart."""
    factors = taxonomy.risk_framework()
    counted = [sum(not one.is_placeholder for one in factor.indicators) for factor in factors]
    assert [f"RF{n}" for n in range(1, 15)] == [factor.id for factor in factors]
    assert counted == [11, 8, 10, 9, 8, 11, 14, 12, 6, 8, 8, 10, 16, 10]
    assert [one.id for factor in factors for one in factor.indicators if one.is_placeholder] == ["13.x"]
    assert {one.check for factor in factors for one in factor.indicators} == {"V", "K", "K?"}


def test_indicators_of_two_digits_are_not_read_as_numbers() -> None:
    """7.10 and 7.1 are two indicators."""
    assert taxonomy.indicator("7.10") != taxonomy.indicator("7.1")
    assert taxonomy.indicator("7.10").factor_id == "RF7"
    assert taxonomy.risk_factor("RF8").kind == "trigger"


def test_inferential_elements_are_marked() -> None:
    """Intent, policy, widespread or systematic and the conflict's classification are locked."""
    locked = {element.id for crime in taxonomy.crimes() for element in crime.locked}
    assert {"G3", "G4", "G5", "C2", "C3", "C4", "C5", "W1", "W2", "W4", "E3"} == locked


def test_crimes_have_their_acts() -> None:
    """Five acts of genocide, eleven against humanity, twenty-five families of war crimes."""
    counted = {crime.id: len(crime.acts) for crime in taxonomy.crimes()}
    assert counted == {
        "genocide": 5,
        "crimes_against_humanity": 11,
        "war_crimes": 25,
        "ethnic_cleansing": 0,
    }
    assert taxonomy.act("WC-01").refs == ("8(2)(a)(i)", "8(2)(c)(i)")
    assert not taxonomy.crime("war_crimes").peacetime_possible


def test_ethnic_cleansing_maps_to_acts_that_exist() -> None:
    """Each code it maps to is an act of another crime, but for the sentence on genocide."""
    maps_to = taxonomy.crime("ethnic_cleansing").maps_to
    assert [taxonomy.act(code).code for code in maps_to[:-1]] == list(maps_to[:-1])
    assert "only if intent" in maps_to[-1]


def test_measures_alert_gate_and_controls_are_complete() -> None:
    """43 measures, 23 alert fields, five profiles of 7, 5, 6, 5 and 8 conditions, 22 controls."""
    assert len(taxonomy.measures()) == 43
    assert len(taxonomy.alert_fields()) == 23
    assert [len(profile.conditions) for profile in taxonomy.force_gate().profiles] == [7, 5, 6, 5, 8]
    assert len(taxonomy.harm_controls().controls) == 22
    assert [one.id for one in taxonomy.measures() if one.proposed_by_tool == "never"] == ["M390"]


def test_gate_states_are_those_of_the_model() -> None:
    """The noun and the list name the same four states."""
    assert tuple(GateState) == taxonomy.force_gate().state_values


def test_codes_are_found_by_path_and_rules_are_not_codes() -> None:
    """Lists under sections, lists beside texts, and rules kept apart."""
    assert taxonomy.codes("sdg_16_1_2.cause").label("SA") == "Small arms and light weapons"
    assert [entry.code for entry in taxonomy.codes("access_constraints")] == [f"AC{n}" for n in range(1, 10)]
    assert "1" in taxonomy.codes("source_grading.credibility")
    assert len(taxonomy.codes("health_care_attacks.type")) == 15
    assert "rules" in taxonomy.notes("source_grading")
    assert "storage_rule" in taxonomy.notes("crsv")
    assert not {"crsv", "likelihood_rules", "source_grading.rules"} & set(taxonomy.code_lists())
    assert [standard.id for standard in taxonomy.proof_standards()] == ["P0", "P1", "P2", "P3", "P4", "P5", "PX"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: taxonomy.codes("access_constraint"),
        lambda: taxonomy.codes("access_constraints").label("AC0"),
        lambda: taxonomy.indicator("7.99"),
        lambda: taxonomy.risk_factor("RF15"),
        lambda: taxonomy.crime("aggression"),
        lambda: taxonomy.act("CAH-z"),
        lambda: taxonomy.likelihood_band("perhaps"),
    ],
)
def test_an_unknown_name_is_refused_with_a_mend(ask: Callable[[], object]) -> None:
    """Nothing unknown is quietly empty."""
    with pytest.raises(UnknownNameError) as caught:
        ask()
    assert caught.value.mend


@pytest.mark.parametrize(
    ("probability", "term"),
    [
        (0, "almost no chance"),
        (0.0499, "almost no chance"),
        (0.05, "very unlikely"),
        (0.2, "unlikely"),
        (0.45, "roughly even chance"),
        (0.55, "likely"),
        (0.8, "very likely"),
        (0.95, "almost certain"),
        (1, "almost certain"),
    ],
)
def test_touching_edges_belong_to_the_upper_band(probability: float, term: str) -> None:
    """Bands are half-open."""
    assert taxonomy.likelihood_term(probability) == term


@given(st.integers(min_value=1, max_value=98))
def test_term_and_band_agree(percent: int) -> None:
    """The band of the term of a probability holds that probability."""
    band = taxonomy.likelihood_band(taxonomy.likelihood_term(percent / 100))
    assert band.low <= percent < band.high


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_probable_is_never_a_lesser_term(one: float, other: float) -> None:
    """Terms are monotone in the probability."""
    order = [band.term for band in taxonomy.likelihood_bands()]
    low, high = sorted((one, other))
    assert order.index(taxonomy.likelihood_term(low)) <= order.index(taxonomy.likelihood_term(high))


@pytest.mark.parametrize("value", [-0.01, 1.01, float("nan"), float("inf")])
def test_what_is_no_probability_gets_no_term(value: float) -> None:
    """NaN and values outside 0 to 1 are refused."""
    with pytest.raises(InputValueError):
        taxonomy.likelihood_term(value)


def test_both_rows_of_likelihood_words_find_one_band() -> None:
    """Synonyms share a band."""
    assert taxonomy.likelihood_band("Highly  improbable") is taxonomy.likelihood_band("very unlikely")


def test_glossary_is_sorted_and_defines_the_core_words() -> None:
    """The words that DESIGN settles are defined, "event" is not among them."""
    words = list(taxonomy.glossary())
    assert words == sorted(words)
    assert {"report", "claim", "incident", "origin", "measure", "action", "alert"} <= set(words)
    assert "event" not in words


def test_lists_are_read_once() -> None:
    """The same object is handed out again."""
    assert taxonomy.measures() is lists.measures()
    assert taxonomy.countries()[0] is taxonomy.countries()[0]


def test_all_is_sorted_and_true() -> None:
    """The front door names what is there."""
    assert sorted(taxonomy.__all__) == list(taxonomy.__all__)
    assert all(hasattr(taxonomy, name) for name in taxonomy.__all__)


def test_the_reference_page_names_every_list_and_reader_with_true_figures() -> None:
    """Each file and each public function is on the page, and the counts it states are those of the lists."""
    page = (Path(__file__).parents[2] / "docs" / "reference" / "taxonomy.md").read_text(encoding="utf-8")
    shipped = [file.name for file in resources.files("forewarn.taxonomy").iterdir() if file.name.endswith(".yaml")]
    readers = [name for name in taxonomy.__all__ if name[0].islower()]
    indirect = {"folded", "nearest", "suggestion", "parse_yaml"}
    assert [name for name in shipped if f"`{name}`" not in page] == []
    assert [name for name in readers if name not in indirect and f"`{name}(" not in page] == []
    crimes, factors = taxonomy.crimes(), taxonomy.risk_framework()
    for figure in (
        f"{sum(len(crime.acts) for crime in crimes)} acts, {sum(len(crime.elements) for crime in crimes)} elements, "
        f"{sum(len(crime.locked) for crime in crimes)} of them inferential",
        f"{sum(len(factor.indicators) for factor in factors) - 1} indicators and one placeholder",
        f"{len(taxonomy.code_lists())} coded lists",
        f"{len(taxonomy.measures())} measures",
        f"{sum(len(profile.conditions) for profile in taxonomy.force_gate().profiles)} conditions",
        f"{len(taxonomy.countries())} States and territories",
    ):
        assert figure in page
