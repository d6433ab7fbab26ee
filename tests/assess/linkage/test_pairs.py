"""Candidate pairs: complete where there is room, bounded where there is none."""

from __future__ import annotations

from itertools import combinations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.assess import Blocking, candidate_pairs

TOWNS = {"A": (6.74, -7.35), "B": (6.60, -7.30), "C": (9.50, -5.60)}


def _pairs(frame: pl.DataFrame, **options: object) -> set[tuple[str, str]]:
    return set(candidate_pairs(frame, **options).pairs.iter_rows())


def _at(town: str, day: int, **more: object) -> dict[str, object]:
    latitude, longitude = TOWNS[town]
    return {
        "place_name": town, "latitude": latitude, "longitude": longitude, "started_on": f"2011-01-{day:02d}", **more
    }  # fmt: skip


def test_near_in_time_and_place_is_a_pair_and_far_is_none(tell):
    """Three days and a neighbouring cell are near; four days, or a town 300 km off, are not."""
    frame = tell(_at("A", 1), _at("B", 4), _at("A", 5), _at("C", 1))
    ids = frame["claim_id"].to_list()
    assert {tuple(sorted((ids[0], ids[1]))), tuple(sorted((ids[1], ids[2])))} == _pairs(frame)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 28)), min_size=2, max_size=12))
def test_every_pair_in_reach_is_found_and_no_other(tell, told):
    """Blocking loses nothing: the pairs are those of comparing all with all."""
    frame = tell(*(_at(town, day, text=f"{n}") for n, (town, day) in enumerate(told)))
    ids = frame["claim_id"].to_list()
    near = {("A", "A"), ("B", "B"), ("C", "C"), ("A", "B"), ("B", "A")}
    expected = {
        tuple(sorted((ids[i], ids[j])))
        for i, j in combinations(range(len(told)), 2)
        if (told[i][0], told[j][0]) in near and abs(told[i][1] - told[j][1]) <= 3
    }
    assert expected == _pairs(frame)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 9)), min_size=2, max_size=10), st.data())
def test_what_is_new_gives_the_same_pairs_as_everything_at_once(tell, told, data):
    """Pairs among old claims and pairs touching new ones together are all pairs."""
    frame = tell(*(_at(town, day) for town, day in told))
    cut = data.draw(st.integers(0, len(told)))
    old, new = frame[:cut], frame[cut:]["claim_id"].to_list()
    assert _pairs(frame) == _pairs(old) | _pairs(frame, new_ids=new)
    assert not [pair for pair in _pairs(frame, new_ids=new) if not set(pair) & set(new)]


def test_claims_known_only_to_the_area_or_country_meet_all_in_it(tell):
    """A claim that names only the country is compared with those of the same days in it."""
    nowhere = {"place_name": "", "latitude": None, "longitude": None, "place_precision": "country"}
    frame = tell(_at("A", 1), nowhere | {"started_on": "2011-01-01", "admin1": ""}, _at("C", 2, country="XAB"))
    ids = frame["claim_id"].to_list()
    assert {tuple(sorted(ids[:2]))} == _pairs(frame)


def test_without_date_or_place_only_the_same_words_make_a_pair(tell):
    """Claims without a date are paired when their texts are the same, and not otherwise."""
    undated = {"started_on": None, "text": "Nobody knows when these people were killed"}
    frame = tell(undated, undated, undated | {"text": "Somewhere else somebody was killed one day"}, {})
    ids = frame["claim_id"].to_list()
    assert {tuple(sorted(ids[:2]))} == _pairs(frame)


def test_rows_of_one_channel_with_a_row_per_happening_are_never_a_pair(tell):
    """Two such rows are no pair; with another channel's row they are."""
    row = {"row_is": "incident", "channel": "ged"}
    frame = tell(row, row, {"channel": "acled", "row_is": "incident"}, {"channel": "news", "row_is": "report"})
    ids = frame["claim_id"].to_list()
    expected = {tuple(sorted(p)) for p in combinations(ids, 2)} - {tuple(sorted(ids[:2]))}
    assert expected == _pairs(frame)


def test_a_crowded_block_stays_small_and_is_named(tell):
    """Two hundred claims on one spot and day give a bounded number of pairs, and the block is reported."""
    frame = tell(*({"deaths_best": n, "text": f"report number {n}"} for n in range(200)))
    found = candidate_pairs(frame, blocking=Blocking(crowd=20, neighbours=5))
    assert 200 * (5 + 6) >= found.pairs.height >= 199 * 4
    assert found.crowded.height
    assert {"one first day, then the 5 nearest by name, deaths and text"} == set(found.crowded["narrowing"])


def test_a_crowd_of_many_days_is_narrowed_to_single_days(tell):
    """Where single days have room, all pairs of a day are kept."""
    days = [n % 3 + 1 for n in range(60)]
    frame = tell(*(_at("A", day, text=f"{n}") for n, day in enumerate(days)))
    pairs = candidate_pairs(frame, blocking=Blocking(crowd=25)).pairs
    assert pairs.height == 3 * 20 * 19 // 2


def test_ten_thousand_copies_are_paired_with_the_first_only(tell):
    """Copies of one report cost one pair each."""
    one = tell({"text": "Eight people were killed in the town on Monday"})
    many = pl.concat([one] * 10_000).with_columns(claim_id=pl.format("clm_{}", pl.int_range(pl.len())))
    assert candidate_pairs(many).pairs.height == 9_999


def test_no_claims_have_no_pairs(tell):
    """An empty frame is no error."""
    assert candidate_pairs(tell()).pairs.is_empty()
