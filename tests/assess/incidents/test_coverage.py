"""Coverage: silence is unknown unless somebody looked."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.assess import coverage, coverage_sentence, party_balance
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


_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "Army", "Rebels", "Militia"]),
        st.sampled_from(["reported", "corroborated"]),
        st.integers(0, 1),
        st.one_of(st.none(), st.integers(0, 9)),
    ),
    max_size=12,
)


def _balance(rows) -> dict[str, tuple]:
    schema = {"alleged_by": pl.String, "status": pl.String, "contested": pl.Int64, "deaths_low": pl.Int64}
    incidents = pl.DataFrame(rows, schema=schema, orient="row").with_columns(deaths_high=pl.col("deaths_low"))
    return {name: rest for name, *rest in party_balance(incidents).iter_rows()}


@settings(max_examples=60, deadline=None)
@given(_ROWS, st.permutations(["Army", "Rebels", "Militia"]))
def test_permuting_the_parties_permutes_the_balance(rows, names):
    """One rule for every party: what is counted does not depend on who it is."""
    renamed = dict(zip(["Army", "Rebels", "Militia"], names, strict=True)) | {"": ""}
    before, after = _balance(rows), _balance([(renamed[name], *rest) for name, *rest in rows])
    assert {renamed[name]: figures for name, figures in before.items()} == after


def test_incidents_that_allege_nobody_are_counted_too():
    """They come under the empty name; unknown deaths stay unknown."""
    assert _balance([("", "reported", 0, None)]) == {"": [1, 0, 0, None, None]}
