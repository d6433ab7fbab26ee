"""The shipped words cover the shipped lists, and their small language is held to."""

from __future__ import annotations

import pytest

from forewarn import taxonomy
from forewarn.model.document import THEME_SCHEMES, UNDERTAKING_KINDS
from forewarn.taxonomy.wording import expanded, inflected, theme_words, undertaking_rules


def codes_of(scheme: str) -> set[str]:
    return {one.code for one in theme_words() if one.scheme == scheme}


def test_every_code_of_the_lists_has_words() -> None:
    """Pillars, crimes, risk factors, groups and measure families: all of them, and no others."""
    assert {str(measure.pillar) for measure in taxonomy.measures()} == codes_of("pillar")
    assert {crime.id for crime in taxonomy.crimes()} == codes_of("crime")
    assert {factor.id for factor in taxonomy.risk_framework()} == codes_of("risk_factor")
    assert {one.code for one in taxonomy.codes("civilian_groups")} - {"unknown"} == codes_of("vulnerable_group")
    assert {measure.family for measure in taxonomy.measures()} == codes_of("measure_family")
    assert set(THEME_SCHEMES) == {one.scheme for one in theme_words()}
    assert all(one.phrases and one.label for one in theme_words())


def test_every_kind_of_undertaking_has_a_rule() -> None:
    """The kinds of the model and of the rules are the same."""
    assert set(UNDERTAKING_KINDS) == {rule.kind for rule in undertaking_rules()}


def test_confidence_follows_the_rule_of_succession() -> None:
    """Nothing checked is one half; no rule is ever certain."""
    for rule in undertaking_rules():
        assert (rule.right + 1) / (rule.fired + 2) == rule.confidence
        assert 0 < rule.confidence < 1


def test_phrases_expand_to_plain_ones() -> None:
    """Choices multiply, words fold, stems and gaps stay."""
    assert list(expanded("(call|appeal) for")) == [("call", "for"), ("appeal", "for")]
    assert list(expanded("Non-State actor*")) == [("non", "state", "actor*")]
    assert inflected("call for") == "(call|calls|called|calling) for"
    assert inflected("deny").startswith("(deny|denies|denied|denying)")


@pytest.mark.parametrize(
    "phrase",
    ["", "..", ".. word", "word ..", "a*", "(a|b|c|d|e|f)" * 6, "a b c d e f g h i j"],
)
def test_what_is_no_phrase_is_refused(phrase: str) -> None:
    """Gaps at an edge, stems of a letter, and phrases that stand for too many others are refused."""
    with pytest.raises(ValueError):
        list(expanded(phrase))
