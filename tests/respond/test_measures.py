"""Options: three pillars side by side, least coercive first, and a line software does not cross."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import RuleError, UnknownNameError
from forewarn.model.response import Measure
from forewarn.respond.measures import families, measure, measure_library, options, select

SUBSETS = st.none() | st.sets(st.sampled_from(families()))
COERCIVE = [one for one in measure_library() if 2 <= one.coercion <= 3]


@given(SUBSETS, st.none() | st.integers(0, 36))
def test_three_pillars_always_and_nothing_coercive_proposed(wanted: set[str] | None, lead_months: int | None) -> None:
    """Whatever is asked for, all pillars are there and no measure of coercion 2 or more is proposed, 4 nowhere."""
    shown = options(wanted_families=wanted, lead_months=lead_months)
    assert [pillar.pillar for pillar in shown] == [1, 2, 3]
    for pillar in shown:
        assert all(one.measure.coercion < 2 and one.measure.proposed_by_tool for one in pillar.proposed)
        assert all(one.measure.coercion in (2, 3) for one in pillar.on_selection)
        assert {one.measure.pillar for one in (*pillar.proposed, *pillar.on_selection)} <= {pillar.pillar}


@given(SUBSETS)
def test_least_coercive_first_then_the_soonest(wanted: set[str] | None) -> None:
    """Within a pillar coercion never falls, and at equal coercion the earliest effect never comes sooner."""
    for pillar in options(wanted_families=wanted):
        for listed in (pillar.proposed, pillar.on_selection):
            for before, after in pairwise(one.measure for one in listed):
                assert before.coercion <= after.coercion
                if before.coercion == after.coercion:
                    assert before.horizon_months[0] <= after.horizon_months[0]


def test_every_measure_but_force_is_listed_once() -> None:
    """42 of the 43: what is not proposed is listed for a person's selection."""
    listed = [one.measure.id for pillar in options() for one in (*pillar.proposed, *pillar.on_selection)]
    assert len(listed) == len(set(listed)) == 42
    assert {one.id for one in measure_library()} - set(listed) == {"M390"}
    assert sorted(one.id for one in COERCIVE) == ["M212", "M306", "M307", "M308", "M313"]


def test_the_lead_time_changes_the_reason_and_not_the_order() -> None:
    """A slow measure stays in its place and says that it is slow."""
    without, within = options(), options(lead_months=2)
    assert [[one.measure for one in pillar.proposed] for pillar in without] == [
        [one.measure for one in pillar.proposed] for pillar in within
    ]
    reasons = {one.measure.id: one.reason for pillar in within for one in pillar.proposed}
    assert "an effect can begin within the 2 months ahead" in reasons["M202"]
    assert "no effect is expected within the 2 months ahead" in reasons["M101"]
    assert "check first: backlash on victims" in reasons["M301"]


def test_an_unknown_family_is_refused() -> None:
    """A misspelt filter does not yield an empty page."""
    with pytest.raises(UnknownNameError, match="did you mean diplomatic"):
        options(wanted_families=["diplomacy"])


def test_a_person_selects_and_is_named() -> None:
    """Without coercion a name is enough."""
    chosen = select("M202", "desk-7")
    assert (chosen.measure.id, chosen.by, chosen.citing) == ("M202", "desk-7", "")
    with pytest.raises(RuleError, match="nobody selects"):
        select("M202", " ")


@pytest.mark.parametrize("one", COERCIVE, ids=lambda one: one.id)
def test_coercion_needs_a_cited_body(one: Measure) -> None:
    """From coercion 2 on, the deciding body is cited."""
    with pytest.raises(RuleError, match="cite the deciding body"):
        select(one.id, "desk-7", citing=" ")
    assert select(one.id, "desk-7", citing="S/RES/2653 (2022)").citing == "S/RES/2653 (2022)"


@given(st.text(min_size=1), st.text())
def test_dnh_30_force_is_never_selected(by: str, citing: str) -> None:
    """Whoever asks and whatever is cited, the use of force is not selectable."""
    with pytest.raises(RuleError):
        select("M390", by, citing=citing)


def test_an_unknown_measure_is_refused() -> None:
    """No measure is made up."""
    with pytest.raises(UnknownNameError, match="no measure 'M999'"):
        measure("M999")
