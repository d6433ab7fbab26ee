"""Marks of others: the narrowest holds, and what bears one never counts as less sensitive than it allows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.model.markings import (
    TLP_MARKINGS,
    audience_of_marking,
    audience_of_tag,
    narrowest,
    sensitivity_under,
)
from forewarn.model.provenance import Sensitivity
from forewarn.model.releasability import AUDIENCES, TLP_LABELS, most_sensitive_for


@pytest.mark.parametrize("audience", AUDIENCES)
def test_dnh_13_a_mark_is_never_widened(audience: str) -> None:
    """DNH-13: what counts as the class of a mark may be shown to no audience wider than that mark."""
    wider = AUDIENCES[: AUDIENCES.index(audience)]
    assert all(most_sensitive_for(one).rank < sensitivity_under(audience).rank for one in wider)


def test_dnh_13_what_bears_no_known_mark_is_severe() -> None:
    """DNH-13: the default is the highest."""
    for unknown in ("", "white", "TLP:GREEN", "public"):
        assert sensitivity_under(unknown) is Sensitivity.SEVERE


@given(st.lists(st.sampled_from([*AUDIENCES, "", "public"])))
def test_of_several_marks_the_narrowest_holds(marks: list[str]) -> None:
    """Whatever the order, and whatever stands among them that is no mark."""
    known = [one for one in marks if one in AUDIENCES]
    assert narrowest(marks) == narrowest(reversed(marks))
    assert all(AUDIENCES.index(narrowest(marks)) >= AUDIENCES.index(one) for one in known)
    assert (narrowest(marks) in known) if known else narrowest(marks) == ""


def test_objects_and_tags_map_both_ways() -> None:
    """Each audience has one object and one tag; those of the first version of the protocol are understood."""
    assert {audience_of_marking(one): name for name, one in TLP_MARKINGS.items()} == {name: name for name in AUDIENCES}
    assert [audience_of_tag(label) for label in TLP_LABELS] == list(AUDIENCES)
    assert audience_of_tag(" TLP:White ") == "clear"
    assert audience_of_marking("marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed") == "red"
    for other in ("tlp:amber+", "tlp:greenish", "PAP:GREEN", ""):
        assert audience_of_tag(other) == ""
