"""Coverage: silence is unknown unless somebody looked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.assess import coverage, coverage_sentence, sight_of, who_could_see
from forewarn.clock import month_from_text
from forewarn.errors import InputValueError
from forewarn.model.coverage import CoverageStatement

JANUARY = month_from_text("2017-01")


def _saw(**said: object) -> CoverageStatement:
    usual = {
        "channel": "radio",
        "country": "XAA",
        "month_first": JANUARY,
        "month_last": JANUARY + 1,
        "basis": "monitors there",
    }
    return CoverageStatement(**(usual | said))


def _state(statements: list[CoverageStatement], unit: str, month: int = JANUARY, **options: object) -> str:
    return coverage(statements, [unit], [month], **options)["state"][0]


def test_where_nobody_says_anything_it_is_unknown():
    """No statement, another country, another month: unknown, never quiet."""
    assert _state([], "XAA") == "unknown"
    assert _state([_saw()], "XAB") == "unknown"
    assert _state([_saw()], "XAA", JANUARY + 2) == "unknown"


def test_a_country_statement_covers_its_areas_and_not_the_other_way_round():
    """An area seen is not a country seen."""
    assert _state([_saw()], "XAA/West") == "observed"
    assert _state([_saw(admin1="West")], "XAA/West") == "observed"
    assert _state([_saw(admin1="West")], "XAA/East") == "unknown"
    assert _state([_saw(admin1="West")], "XAA") == "unknown"


def test_that_areas_within_were_spoken_of_is_not_kept_silent():
    """A country of whose areas somebody spoke is unknown, but nobody is said to have said nothing."""
    covered = coverage(
        [_saw(admin1="West"), _saw(admin1="East", kind="no_access")], ["XAA"], range(JANUARY, JANUARY + 3)
    )
    sight = sight_of(covered)
    assert covered["state"].to_list() == ["unknown"] * 3
    assert covered["basis"].to_list() == ["only of 2 areas within", "only of 2 areas within", ""]
    assert (sight.unknown, sight.partly, sight.bases) == (3, 2, ())
    assert "in 2 somebody spoke of areas within" in str(sight)
    assert "in 2 of them somebody spoke of areas within" in coverage_sentence(covered, "XAA")
    with pytest.raises(InputValueError, match="no part of unknown"):
        replace(sight, partly=4)


def test_no_access_is_not_observed_and_a_channel_that_saw_outweighs_it():
    """Where two differ the basis names both."""
    closed = _saw(channel="mission", kind="no_access", basis="checkpoints closed")
    assert _state([closed], "XAA/West") == "not_observed"
    row = coverage([closed, _saw()], ["XAA/West"], [JANUARY]).row(0, named=True)
    assert row["state"] == "observed"
    assert "checkpoints closed" in row["basis"]
    assert "monitors there" in row["basis"]


def test_a_cell_is_seen_through_the_area_it_lies_in():
    """Without an area a cell is unknown."""
    assert _state([_saw(admin1="West")], "150000", areas={"150000": "XAA/West"}) == "observed"
    assert _state([_saw()], "150000") == "unknown"


def test_the_sentence_says_what_silence_means():
    """Every state with its number of months, and the warning unless all was seen."""
    closed = _saw(kind="no_access", month_first=JANUARY + 2, month_last=JANUARY + 2, basis="closed")
    covered = coverage([_saw(), closed], ["XAA/West"], range(JANUARY, JANUARY + 4))
    assert coverage_sentence(covered, "XAA/West") == (
        "Of 4 months from 2017-01 to 2017-04 in West, 2 observed, 1 not observed (no access), 1 unknown (nobody said "
        "whether they looked): where it was not seen, no reports does not mean no incidents."
    )
    seen = coverage([_saw()], ["XAA"], [JANUARY])
    assert coverage_sentence(seen, "XAA") == "Of 1 month in 2017-01 in XAA, 1 observed."
    assert "unknown" in coverage_sentence(seen, "XAB/North")


@pytest.mark.parametrize(
    "said", [{"kind": "quiet"}, {"basis": " "}, {"month_first": JANUARY + 9}, {"channel": ""}, {"country": ""}]
)
def test_a_statement_that_says_nothing_sound_is_refused(said):
    """A basis, a known kind and an ordered period are required."""
    with pytest.raises(InputValueError):
        _saw(**said)


def test_the_sight_of_a_frame_accounts_for_every_month():
    """Observed, not observed and unknown fill the areas and months; an empty frame is a sight of nothing."""
    closed = _saw(kind="no_access", month_first=JANUARY + 2, month_last=JANUARY + 2, basis="closed")
    sight = sight_of(coverage([_saw(), closed], ["XAA", "XAA/West"], range(JANUARY, JANUARY + 4)))
    assert (sight.observed, sight.not_observed, sight.unknown) == (4, 2, 2)
    assert (sight.units, sight.month_first, sight.month_last) == (("XAA", "XAA/West"), JANUARY, JANUARY + 3)
    assert any("closed" in basis for basis in sight.bases)
    assert sight_of(coverage([], [], [])).unit_months == 0


_STATEMENTS = st.lists(
    st.builds(
        _saw,
        kind=st.sampled_from(["observed", "no_access"]),
        admin1=st.sampled_from(["", "West", "East"]),
        month_first=st.integers(JANUARY, JANUARY + 3),
        month_last=st.integers(JANUARY + 3, JANUARY + 6),
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(_STATEMENTS, st.randoms())
def test_any_statements_give_a_sight_whatever_their_order(statements, random):
    """However statements overlap and contradict, every unit-month has one state, and order does not matter."""
    units, months = ["XAA", "XAA/West", "XAB"], range(JANUARY, JANUARY + 8)
    before = coverage(statements, units, months)
    random.shuffle(statements)
    assert coverage(statements, units, months).equals(before)
    assert sight_of(before).unit_months == 24


def test_who_could_see_names_those_who_speak_of_the_area_and_time():
    """Other areas and other times are left out; the whole country speaks for its areas."""
    elsewhere, later = _saw(admin1="East"), _saw(month_first=JANUARY + 5, month_last=JANUARY + 5)
    own = _saw(admin1="West")
    assert who_could_see([elsewhere, later, own, _saw()], ["XAA/West"], [JANUARY]) == [_saw(), own]
    assert who_could_see([own], ["XAA/West"], []) == []
