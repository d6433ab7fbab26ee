"""Independent origins: copies and citations never raise the number."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.assess import count_origins, trace_origins
from forewarn.errors import InputFormatError

STORY = "Eight people were killed when armed men entered the village at dawn, residents said"
OTHER = "Hospital staff counted nine bodies after the fighting in the north of the district"


def _together(claims: pl.DataFrame) -> pl.DataFrame:
    return claims.select("claim_id", root=pl.lit("r"))


def _count(claims: pl.DataFrame, **options: object) -> int:
    return count_origins(trace_origins(claims, _together(claims), **options))["independent_origins"][0]


def _reasons(claims: pl.DataFrame) -> list[str]:
    trace = trace_origins(claims, _together(claims))
    return sorted(trace.filter(~pl.col("counted"))["reason"])


def test_fifty_copies_of_one_report_are_one_origin(tell):
    """Fifty outlets with the same words under their own names count once, and say why."""
    copies = tell(
        *({"text": STORY, "source_name": f"Paper {n}", "known_on": f"2011-02-{n % 28 + 1:02d}"} for n in range(50))
    )
    assert _count(copies) == 1
    assert all(reason.startswith("a copy of clm_") for reason in _reasons(copies))


def test_a_slightly_changed_copy_is_still_a_copy(tell):
    """A changed number and lost punctuation do not make a second origin."""
    changed = STORY.replace("Eight", "SEVEN").replace(",", " –")
    assert _count(tell({"text": STORY, "source_name": "A"}, {"text": changed, "source_name": "B"})) == 1


def test_two_different_reports_by_two_sources_are_two(tell):
    """Different words under different names."""
    assert _count(tell({"text": STORY, "source_name": "A"}, {"text": OTHER, "source_name": "B"})) == 2


def test_who_cites_an_agency_goes_back_to_it(tell):
    """By the origins column, by spelling, and by the words of the text."""
    claims = tell(
        {"origins": [["AFP", None]], "text": STORY},
        {"origins": [["Agence France-Presse", None]], "text": OTHER},
        {"source_name": "Le Monde", "text": "Selon l'AFP, huit personnes ont été tuées dans la région de l'ouest"},
        {"source_name": "Daily", "text": "According to the AFP there were eight dead in a village in the west"},
    )
    assert _count(claims) == 1
    assert _reasons(claims) == ["goes back to AFP, counted already"] * 3


def test_a_data_set_counts_only_where_it_cites_nobody(tell):
    """Its own name, or its channel's where it has none."""
    assert count_origins(trace_origins(one := tell({"source_name": "GED"}), _together(one)))["origins"][
        0
    ].to_list() == ["GED"]
    assert trace_origins(one := tell({"channel": "ged"}), _together(one))["origin"].to_list() == ["ged"]
    citing = tell({"source_name": "GED", "origins": [["Reuters", None], ["Local Radio", None]]})
    assert trace_origins(citing, _together(citing))["origin"].to_list() == ["Local Radio", "Reuters"]


def test_a_source_citing_itself_is_one_origin_and_none_beside_others(tell):
    """Quoting one's own earlier report adds nothing."""
    assert _count(tell({"source_name": "HRW", "origins": [["Human Rights Watch", None]]})) == 1
    beside = tell({"source_name": "HRW", "origins": [["Human Rights Watch", None], ["Reuters", None]]})
    assert _count(beside) == 1
    assert _reasons(beside) == ["a source citing itself beside others"]


def test_who_passes_on_counts_only_where_nobody_is_named_behind(tell):
    """BBC Monitoring beside Xinhua is Xinhua; alone it is itself."""
    assert _count(tell({"origins": [["BBC Monitoring", None], ["Xinhua", None]]})) == 1
    assert _count(tell({"origins": [["BBC Monitoring", None]]})) == 1


def test_nothing_dated_later_is_counted(tell):
    """As known at a day: later claims and later origins are not there yet; an undated origin is."""
    claims = tell(
        {"known_on": "2011-01-05", "origins": [["AFP", "2011-01-04"], ["HRW", "2011-10-01"], ["Radio", None]]},
        {"known_on": "2011-02-01", "origins": [["Reuters", "2011-01-04"]]},
    )
    assert _count(claims, as_known_at=date(2011, 1, 31)) == 2
    assert _count(claims, as_known_at=date(2011, 2, 1)) == 3
    assert _count(claims) == 4


def test_who_is_dated_before_what_happened_counts_only_where_nobody_else_is_named(tell):
    """A clock is off, or another happening is meant; a day is left for time zones, and it says why."""
    early, near, later = ["Early Post", "2010-12-20"], ["Near Post", "2011-01-02"], ["Late Post", "2011-01-04"]
    claims = tell({"origins": [early, near, later]})
    found = trace_origins(claims, _together(claims))
    assert set(found.filter("counted")["origin"]) == {"Near Post", "Late Post"}
    assert "a clock is off" in found.filter(pl.col("origin") == "Early Post")["reason"][0]
    alone = tell({"origins": [early]})
    assert trace_origins(alone, _together(alone)).filter("counted")["origin"].to_list() == ["Early Post"]


def test_a_claim_whose_origins_are_all_dated_later_counts_for_its_own_source(tell):
    """Somebody did say it by then: the one who told us."""
    claims = tell({"source_name": "GED", "origins": [["HRW", "2012-01-01"]]})
    trace = trace_origins(claims, _together(claims), as_known_at=date(2011, 6, 1)).filter("counted")
    assert trace["origin"].to_list() == ["GED"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from([STORY, OTHER, "short", ""])), min_size=1, max_size=6),
    st.data(),
)
def test_adding_a_copy_under_any_name_never_raises_the_count(tell, told, data):
    """Whatever is there already, a later claim with words already told adds no origin."""
    rows = [{"source_name": name, "text": text} for name, text in told]
    long = [row for row in rows if len(row["text"]) >= 25]
    if not long:
        return
    copy = data.draw(st.sampled_from(long)) | {"source_name": "Z", "known_on": "2012-01-01"}
    assert _count(tell(*rows, copy)) == _count(tell(*rows))


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(5)))
def test_the_order_of_rows_does_not_matter(tell, order):
    """Origins are counted by when claims became known, not by where they stand in the frame."""
    claims = tell(
        {"source_name": "A", "text": STORY},
        {"source_name": "B", "text": STORY, "known_on": "2011-01-06"},
        {"origins": [["AP", None]], "text": OTHER},
        {"origins": [["AP", None], ["HRW", None]]},
        {"source_name": "C", "known_on": "2011-01-07"},
    )
    assert trace_origins(claims, _together(claims)).equals(trace_origins(claims[list(order)], _together(claims)))


def test_origins_that_are_not_pairs_in_json_are_refused(tell):
    """The message names the column and the form."""
    claims = tell({"origins": "AFP; Reuters"})
    with pytest.raises(InputFormatError, match="column origins"):
        trace_origins(claims, _together(claims))
