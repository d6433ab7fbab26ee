"""Dependence between tellings: each ground on its own, the laws of counting, and a person's word above the rules."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.assess import Ruling, count_origins, trace
from forewarn.ids import content_id

STORY = "Eight people were killed when armed men entered the village at dawn, residents of the district said"
OTHER = "Hospital staff counted nine bodies after the fighting in the north of the district on the same evening"
THIRD = "A commander of the auxiliaries denied that any of his men had been near the river crossing that day"
LONG = (
    "The attackers came from the river before sunrise, burnt fourteen houses and the school, and took the cattle with"
    " them towards the border; the prefect has asked for soldiers"
)
FRENCH = "Le 3 janvier, 12 villageois ont été tués et 34 autres blessés dans une attaque près de Duékoué, dit la mairie"
ENGLISH = "On January 3, 12 villagers were killed and 34 others injured in an attack near Duékoué, the town hall said"
ARABIC = "قتل 12 شخصا وأصيب 34 آخرون في هجوم قرب الخرطوم يوم 3 يناير"
ABOUT_KHARTOUM = "At least 12 people were killed and 34 were hurt in an attack near Khartoum on the 3 of January"
POOL = [STORY, OTHER, THIRD, LONG, f"Breaking: {STORY}", f"{STORY} on Monday", FRENCH, ENGLISH, ARABIC, "short", ""]


def _trace(claims: pl.DataFrame, **options: object):
    return trace(claims, claims.select("claim_id", root=pl.lit("r")), **options)


def _count(claims: pl.DataFrame, **options: object) -> int:
    found = count_origins(_trace(claims, **options).trace)
    return found["independent_origins"][0] if found.height else 0


def _id(number: int) -> str:
    return content_id("clm", str(number))


def _ruling(one: int, other: int, verdict: str) -> Ruling:
    left, right = sorted((_id(one), _id(other)))
    return Ruling(left, right, verdict, "Ann", "she spoke to both")


@pytest.mark.parametrize(
    ("first", "second", "rule", "strength"),
    [
        (STORY, STORY, "same_words", "strong"),
        (STORY, STORY.replace("Eight", "Seven"), "near_words", "strong"),
        (
            LONG,
            f"Our man adds that the road is cut. {LONG} Nobody has come.",
            "shared_passage",
            "strong",
        ),
        (
            "Police say 17 people died and 43 were hurt when gunmen fired on a market crowd",
            "Police said 17 persons died, 43 are hurt, after gunmen fired at the market's crowd",
            "same_numbers",
            "strong",
        ),
        (FRENCH, ENGLISH, "translation", "weak"),
        (ARABIC, ABOUT_KHARTOUM, "translation", "weak"),
    ],
)
def test_each_ground_is_recorded_with_rule_strength_and_words(tell, first, second, rule, strength):
    """One record a pair: who is held to go back to whom, by which rule, in words, by which version of the rules."""
    claims = tell({"text": first, "source_name": "A"}, {"text": second, "source_name": "B", "known_on": "2011-01-06"})
    found = _trace(claims).dependences.to_dicts()
    assert [(row["rule"], row["strength"], row["later"], row["earlier"]) for row in found] == [
        (rule, strength, _id(1), _id(0))
    ]
    assert found[0]["reason"]
    assert found[0]["author"] == "origins 3"
    assert _count(claims) == 1


def test_a_weak_ground_shows_what_the_count_would_be_without_it(tell):
    """A translation is held to be one origin, and two if it is none."""
    claims = tell({"text": FRENCH, "source_name": "A"}, {"text": ENGLISH, "source_name": "B"})
    assert count_origins(_trace(claims).trace).select("independent_origins", "without_weak").row(0) == (1, 2)


def test_texts_with_other_numbers_or_agencies_are_no_translations(tell):
    """Two hundred and forty-three hurt are not thirty-four, and AFP is not Reuters."""
    other = ENGLISH.replace("34", "243").replace("12", "7")
    assert _count(tell({"text": FRENCH, "source_name": "A"}, {"text": other, "source_name": "B"})) == 2
    both = tell({"text": FRENCH, "origins": [["AFP", None]]}, {"text": ENGLISH, "origins": [["Reuters", None]]})
    assert _count(both) == 2


def test_a_chain_of_according_to_is_one_origin(tell):
    """C has it from B, B has it from A: all three are A, though no two share a word and B is on no list."""
    claims = tell(
        {"source_name": "Lakeside Radio", "text": OTHER},
        {"source_name": "The Herald", "text": f"According to Lakeside Radio the dead are many. {THIRD}"},
        {"source_name": "The Mail", "text": "Quoting The Herald, this paper can say that help is needed in the west"},
    )
    assert _count(claims) == 1
    assert {"same_origin", "cites_teller"} <= set(_trace(claims).dependences["rule"])


def test_a_re_share_dated_before_what_it_shares_is_held_to_it_and_says_so(tell):
    """A clock is off: the one who cites still goes back to the one who is cited."""
    claims = tell(
        {"source_name": "The Herald", "text": f"According to AFP: {THIRD}", "known_on": "2011-01-05"},
        {"source_name": "The Mail", "text": f"RT The Herald {OTHER}", "known_on": "2011-01-01"},
    )
    assert _count(claims) == 1
    assert any("a clock is off" in reason for reason in _trace(claims).dependences["reason"])


def test_two_who_cite_each_other_are_one_origin(tell):
    """A circle has one origin, not two and not none."""
    claims = tell(
        {"source_name": "The Herald", "origins": [["The Mail", None]], "text": STORY},
        {"source_name": "The Mail", "origins": [["The Herald", None]], "text": OTHER},
    )
    assert _count(claims) == 1


def test_a_person_can_overrule_a_dependence_and_make_one(tell):
    """Ruled independent, copies count twice and the record says who overruled it; ruled dependent, two count once."""
    copies = tell({"text": STORY, "source_name": "A"}, {"text": STORY, "source_name": "B"})
    ruled = _trace(copies, rulings=[_ruling(0, 1, "independent")])
    assert ruled.trace["counted"].sum() == 2
    assert ruled.dependences["overruled"].to_list() == ["ruled independent by Ann: she spoke to both"]
    different = tell({"text": STORY, "source_name": "A"}, {"text": OTHER, "source_name": "B"})
    ruled = _trace(different, rulings=[_ruling(0, 1, "dependent")])
    assert ruled.trace["counted"].sum() == 1
    assert ruled.dependences.select("strength", "author").rows() == [("ruled", "Ann")]
    assert _count(different) == 2


def test_claims_in_quarantine_stay_in_the_trace_and_count_for_nothing(tell):
    """Seen, named, not counted; and a copy of a hoax does not vanish behind it."""
    claims = tell({"text": STORY, "source_name": "A"}, {"text": STORY, "source_name": "B", "known_on": "2011-01-06"})
    found = _trace(claims, quarantined=[_id(0)]).trace
    assert found.select("claim_id", "counted", "reason").rows() == [
        (_id(0), False, "in quarantine, not counted"),
        (_id(1), True, ""),
    ]


_told = st.tuples(
    st.sampled_from(["A", "B", "C", "AFP"]),
    st.sampled_from(POOL),
    st.sampled_from(["2011-01-04", "2011-01-05", "2011-01-09"]),
    st.sampled_from([[], [["AFP", None]], [["Reuters", None], ["A", None]], [["B", None]]]),
)


def _rows(told: list[tuple[str, str, str, object]]) -> list[dict[str, object]]:
    return [
        {"claim_id": _id(n), "source_name": name, "text": text, "known_on": day, "origins": origins}
        for n, (name, text, day, origins) in enumerate(told)
    ]


def _groups(traced: pl.DataFrame) -> set[frozenset[str]]:
    used = traced.filter(pl.col("telling") != "")
    return {frozenset(claims) for claims in used.group_by("telling").agg("claim_id")["claim_id"].to_list()}


@settings(max_examples=60, deadline=None)
@given(st.lists(_told, min_size=1, max_size=6), st.randoms())
def test_the_order_of_claims_does_not_matter(tell, told, random):
    """The same trace and the same records from the same claims in any order."""
    rows = _rows(told)
    mixed = random.sample(rows, len(rows))
    one, other = _trace(tell(*rows)), _trace(tell(*mixed))
    assert one.trace.equals(other.trace)
    assert one.dependences.equals(other.dependences)


@settings(max_examples=80, deadline=None)
@given(st.lists(_told, min_size=1, max_size=6), st.data())
def test_adding_a_copy_never_raises_the_count_whenever_it_is_dated(tell, told, data):
    """A copy under any name, citing what its original cites or one name more, dated before or after it."""
    rows = _rows(told)
    long = [row for row in rows if len(str(row["text"])) >= 25]
    if not long:
        return
    original = data.draw(st.sampled_from(long))
    day = data.draw(st.sampled_from(["2010-12-31", str(original["known_on"]), "2012-01-01"]))
    cites = data.draw(st.sampled_from([original["origins"], [["Z", None]]]))
    copy = original | {"claim_id": content_id("clm", "copy"), "source_name": "Z", "known_on": day, "origins": cites}
    assert _count(tell(*rows, copy)) <= _count(tell(*rows))


@settings(max_examples=60, deadline=None)
@given(st.lists(_told, min_size=2, max_size=6), st.data())
def test_taking_a_claim_away_leaves_what_ties_two_others(tell, told, data):
    """Two claims held to be dependent for what they say themselves stay in one group whichever third one goes."""
    rows = _rows(told)
    gone = data.draw(st.integers(0, len(rows) - 1))
    kept = [row for number, row in enumerate(rows) if number != gone]
    groups = _groups(_trace(tell(*kept)).trace)
    for record in _trace(tell(*rows)).dependences.iter_rows(named=True):
        pair = {record["later"], record["earlier"]}
        if _id(gone) not in pair:
            assert any(pair <= one for one in groups), record["rule"]


@settings(max_examples=40, deadline=None)
@given(st.lists(_told, min_size=1, max_size=5), st.permutations(["A", "B", "C", "D", "E"]))
def test_names_of_sources_are_only_names(tell, told, other_names):
    """Exchanging the names of sources exchanges nothing else: which claims go together and how many count."""
    listed = dict(zip("ABCDE", other_names, strict=True))
    told = [(name if name != "AFP" else "D", text, day, []) for name, text, day, _ in told]
    renamed = [(listed[name], *rest) for name, *rest in told]
    one, other = (_trace(tell(*_rows(rows))).trace for rows in (told, renamed))
    assert _groups(one) == _groups(other)
    assert one.select("claim_id", "counted").equals(other.select("claim_id", "counted"))


@settings(max_examples=40, deadline=None)
@given(st.lists(_told, min_size=2, max_size=6), st.data())
def test_two_claims_ruled_independent_are_never_one_origin(tell, told, data):
    """Whatever chain of copies and citations would join them."""
    rows = _rows(told)
    one, other = data.draw(st.sampled_from([(a, b) for a in range(len(rows)) for b in range(a)]))
    traced = _trace(tell(*rows), rulings=[_ruling(one, other, "independent")]).trace
    assert not any({_id(one), _id(other)} <= group for group in _groups(traced))
