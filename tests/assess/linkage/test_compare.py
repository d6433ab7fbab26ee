"""The rules: what they find, what they say, what follows."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.assess import rulebook
from forewarn.assess.linkage.compare import compare, findings
from forewarn.assess.linkage.comparisons import CONDITIONS
from forewarn.errors import InputValueError

_NOWHERE = {"latitude": None, "longitude": None, "cell": 0}


def _pair(frame: pl.DataFrame) -> pl.DataFrame:
    left, right = sorted(frame["claim_id"].to_list())
    return pl.DataFrame({"left": [left], "right": [right]})


def _found(frame: pl.DataFrame) -> dict[str, str]:
    return findings(frame, _pair(frame)).row(0, named=True)


def test_every_rule_has_its_levels_in_the_table():
    """Rules in code and in the table are the same, level for level."""
    assert {rule: set(levels) for rule, levels in CONDITIONS.items()} == {
        rule: set(levels) for rule, levels in rulebook().rules.items()
    }


@pytest.mark.parametrize(
    ("rule", "one", "other", "level"),
    [
        ("time", {}, {}, "same_day"),
        ("time", {}, {"ended_on": "2011-01-05"}, "same_start"),
        ("time", {"ended_on": "2011-01-06"}, {"started_on": "2011-01-05"}, "overlap"),
        ("time", {}, {"started_on": "2011-01-04"}, "one_day"),
        ("time", {}, {"started_on": "2011-01-05"}, "two_days"),
        ("time", {}, {"started_on": "2011-01-06"}, "days"),
        ("time", {}, {"started_on": None}, "unknown"),
        ("place", {}, {}, "same_exact_spot"),
        ("place", {}, {"place_precision": "near"}, "same_spot"),
        ("place", {}, {"latitude": 6.745}, "close"),
        ("place", {}, {"latitude": 6.76}, "near"),
        ("place", {}, {"latitude": 6.80}, "around"),
        ("place", {}, {"latitude": 6.90}, "apart"),
        ("place", {}, {"latitude": 7.00}, "further"),
        ("place", {}, {"latitude": 7.90}, "far"),
        ("place", {"longitude": 179.99}, {"longitude": -179.99}, "near"),
        ("place", {}, _NOWHERE, "same_name"),
        ("place", {}, _NOWHERE | {"place_name": "Man"}, "other_name"),
        ("place", {}, _NOWHERE | {"place_name": ""}, "same_area"),
        ("place", {}, _NOWHERE | {"place_name": "", "admin1": ""}, "same_country"),
        ("place", {}, _NOWHERE | {"place_name": "", "admin1": "East"}, "elsewhere"),
        ("place", {}, _NOWHERE | {"country": "XAB"}, "elsewhere"),
        ("crowd", {}, {}, "quiet"),
        ("crowd", {}, {"started_on": None}, "unknown"),
        ("act", {}, {"act": "clash"}, "akin"),
        ("act", {}, {"act": "displacement"}, "different"),
        ("act", {}, {"act": "unknown"}, "unknown"),
        ("violence", {}, {"violence": "state_based"}, "different"),
        ("actors", {"parties": ["Army"]}, {"parties": ["ARMY"]}, "same"),
        ("actors", {"parties": ["Army of the North"]}, {"parties": ["Army of the South"]}, "half"),
        ("actors", {"parties": ["Army"]}, {"parties": ["Rebels"]}, "different"),
        ("actors", {"parties": []}, {"parties": ["Rebels"]}, "unknown"),
        ("target", {"target": "Voters"}, {"target": "voters"}, "same_common"),
        ("target", {"target": "Voters"}, {"target": "Pupils"}, "different"),
        ("target", {"target": "Voters"}, {"target": "Unknown"}, "unknown"),
        ("deaths", {"deaths_best": 12}, {"deaths_best": 12}, "same_many"),
        ("deaths", {"deaths_best": 8}, {"deaths_best": 8}, "same_number"),
        ("deaths", {"deaths_best": 2}, {"deaths_best": 2}, "same_few"),
        ("deaths", {"deaths_best": 1}, {"deaths_best": 1}, "same_one"),
        ("deaths", {"deaths_best": 8}, {"deaths_low": 5, "deaths_best": 7, "deaths_high": 10}, "overlap"),
        ("deaths", {"deaths_best": 8}, {"deaths_best": 5}, "close"),
        ("deaths", {"deaths_best": 8}, {"deaths_best": 3}, "of_one_order"),
        ("deaths", {"deaths_best": 8}, {"deaths_best": 80}, "far"),
        ("deaths", {"deaths_best": 8}, {"deaths_best": 0}, "some_or_none"),
        ("deaths", {"deaths_best": 0}, {"deaths_best": 0}, "none"),
        ("deaths", {"deaths_best": 8}, {}, "unknown"),
        ("injured", {"injured_best": 51}, {"injured_best": 51}, "same_number"),
        ("injured", {"injured_best": 51}, {"injured_best": 60}, "close"),
        ("source", {"source_name": "A", "text": "one"}, {"source_name": "A", "text": "two"}, "same"),
        ("source", {"source_name": "A", "text": "one"}, {"source_name": "B", "text": "two"}, "other"),
        ("published", {}, {}, "same_day"),
        ("published", {}, {"known_on": "2011-01-12"}, "week"),
        ("published", {}, {"known_basis": "ended_plus_delay"}, "unknown"),
        ("document", {"text": "one"}, {"text": "two"}, "single"),
    ],
)  # fmt: skip
def test_a_rule_finds_its_level(tell, rule, one, other, level):
    """Each level of each rule is reached by what its name says."""
    assert level == _found(tell(one, other))[rule]


def test_the_same_words_with_other_details_are_separate_items_of_one_document(tell):
    """A report that lists ten killings tells of ten, not of one."""
    words = {"text": "Rapport sur les violences de septembre à novembre"}
    assert _found(tell(words, words | {"deaths_best": 3}))["text"] == "separate_items"


def test_nearly_the_same_words_are_one_story_rewritten(tell):
    """An update changes a number in the words and in the count."""
    first, second = (
        "Four killed in clashes in western town, police say",
        "Five killed in clashes in western town, police say",
    )
    assert _found(tell({"text": first}, {"text": second}))["text"] == "rewritten"
    assert _found(tell({"text": first}, {"text": "Students march for wages"}))["text"] == "unlike"


def test_a_rare_word_says_more_than_a_common_one(tell):
    """Two claims that share the word all others use are less alike than two that share one nobody else uses."""
    others = [{"text": f"attack on village number{n}"} for n in range(30)]
    common = tell({"text": "attack dawn lorry bridge"}, {"text": "attack market noon school"}, *others)
    rare = tell({"text": "warehouse dawn lorry bridge"}, {"text": "warehouse market noon school"}, *others)
    levels = list(CONDITIONS["text"])
    ids = sorted(common["claim_id"].to_list()[:2])
    pair = pl.DataFrame({"left": ids[:1], "right": ids[1:]})
    of_common, of_rare = (levels.index(findings(frame, pair)["text"][0]) for frame in (common, rare))
    assert of_rare < of_common


def test_a_crowd_is_counted_where_it_is(tell):
    """Thirty claims of one town and day are a crowd; of thirty towns they are none."""
    crowd = tell(*({"text": f"number {n}"} for n in range(30)))
    spread = tell(*({"text": f"number {n}", "place_name": f"Town {n}"} for n in range(30)))
    for frame, level in ((crowd, "crowded"), (spread, "quiet")):
        ids = sorted(frame["claim_id"].to_list()[:2])
        assert findings(frame, pl.DataFrame({"left": ids[:1], "right": ids[1:]}))["crowd"][0] == level


def test_the_reason_tells_what_was_found_in_words(tell):
    """Gap, place, act, parties and deaths are told; nothing is said of what says nothing."""
    later = {"deaths_low": 8, "deaths_best": 9, "deaths_high": 10, "started_on": "2011-01-05"}
    frame = tell({"deaths_best": 8}, later)
    told = compare(frame, _pair(frame)).row(0, named=True)
    assert told["verdict"] == "unsure"
    reasons = told["reason"].split("; ")
    assert reasons[:2] == ["2 days apart", "same exact spot (Duékoué)"]
    assert "same act (killing)" in reasons
    assert "same parties" in reasons
    assert {"8 and 8–10 dead, ranges overlap", "8–10 and 8 dead, ranges overlap"} & set(reasons)


def test_a_hostile_place_name_is_told_as_it_is(tell):
    """Signs that templates use are no templates."""
    frame = tell({"place_name": "$1 {} ${a}"}, {"place_name": "$1 {} ${a}"})
    assert "same exact spot ($1 {} ${a})" in compare(frame, _pair(frame))["reason"][0]


def test_what_is_held_to_be_different_is_not_listed(tell):
    """Another act, party and toll on the next day is no judgement."""
    other = {"started_on": "2011-01-06", "act": "protest", "deaths_best": 0, "parties": ["Students"]}
    frame = tell({"deaths_best": 90}, other)
    assert compare(frame, _pair(frame)).is_empty()


def test_copies_without_date_or_place_are_the_same(tell):
    """Identical words and details are enough where nothing else is known."""
    lost = {"started_on": None, "latitude": None, "longitude": None, "place_name": "", "country": "", "admin1": ""}
    lost |= {"cell": 0, "text": "Somebody was killed somewhere, nobody knows when"}
    frame = tell(lost, lost)
    assert compare(frame, _pair(frame))["verdict"].to_list() == ["same"]


def test_a_pair_with_a_claim_that_is_not_there_is_refused(tell):
    """The message names the claim."""
    frame = tell({}, {})
    with pytest.raises(InputValueError, match="not among the claims"):
        compare(frame[:1], _pair(frame))


def test_no_pairs_give_no_judgements(tell):
    """An empty frame of pairs is no error."""
    frame = tell({}, {})
    assert compare(frame, _pair(frame).clear()).is_empty()


_SAID = st.fixed_dictionaries(
    {
        "started_on": st.sampled_from(["2011-01-03", "2011-01-04", None]),
        "act": st.sampled_from(["killing", "clash", "unknown"]),
        "deaths_best": st.sampled_from([None, 0, 1, 8, 10_000_000]),
        "latitude": st.sampled_from([6.74, -89.9, 90.0]),
        "target": st.sampled_from(["", "voters"]),
        "text": st.text(max_size=40),
        "parties": st.lists(st.sampled_from(["Army", "Rebels", "Militia"]), max_size=2),
    }
)


@settings(max_examples=8, deadline=None)
@given(_SAID, _SAID)
def test_a_judgement_does_not_depend_on_which_claim_comes_first(tell, one, other):
    """Exchanging what two claims say changes neither score nor verdict."""
    frame, exchanged = tell(one, other), tell(other, one)
    columns = ["verdict", "score"]
    assert compare(frame, _pair(frame))[columns].rows() == compare(exchanged, _pair(exchanged))[columns].rows()


@settings(max_examples=6, deadline=None)
@given(_SAID, _SAID)
def test_parties_are_treated_alike_whatever_their_names(tell, one, other):
    """Renaming every party to one of another side changes no score: there is one rule for all."""
    names = {"Army": "Guild", "Rebels": "Wardens", "Militia": "Troopers"}
    renamed = [said | {"parties": [names[name] for name in said["parties"]]} for said in (one, other)]
    swapped = {"Army": "Rebels", "Rebels": "Army", "Militia": "Militia"}
    exchanged = [said | {"parties": [swapped[name] for name in said["parties"]]} for said in (one, other)]
    scores = [compare(frame, _pair(frame))["score"].to_list() for frame in (tell(one, other), tell(*exchanged))]
    assert scores[0] == scores[1]
    levels = {_found(tell(*renamed))["actors"], _found(tell(one, other))["actors"]}
    assert levels <= {"same"} or "same" not in levels


def test_the_score_is_the_sum_of_points_as_odds(tell):
    """The number beside a judgement follows from the table by the stated formula."""
    frame = tell({"deaths_best": 8}, {"deaths_best": 8})
    found, rules = _found(frame), rulebook()
    points = rules.start + sum(rules.rules[rule][found[rule]].points for rule in CONDITIONS)
    assert pytest.approx(1 / (1 + 2**-points), abs=1e-4) == compare(frame, _pair(frame))["score"][0]
