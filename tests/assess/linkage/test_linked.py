"""Linkage that grows: a step touches what it must, people's judgements count, and all of it can be undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.assess import clusters, told_apart
from forewarn.assess.linkage.evidence import frequencies
from forewarn.assess.linkage.linked import Linked, Manner, extended, judged_by_people, nothing_linked
from forewarn.assess.linkage.prepare import prepared
from forewarn.assess.linkage.workplace import Engine, workplace
from forewarn.errors import InputValueError

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _claims(tell) -> pl.DataFrame:
    """Two happenings told three times each, far apart, and claims without date or place."""
    one = {"deaths_best": 8, "text": "eight killed at the bridge"}
    other = {"deaths_best": 30, "latitude": 9.4, "longitude": -5.6, "place_name": "Korhogo", "started_on": "2011-03-01"}
    lost = {"started_on": None, "place_name": "", "latitude": None, "longitude": None, "cell": 0, "country": ""}
    told = [one | {"source_name": name} for name in "abc"] + [other | {"source_name": name} for name in "abc"]
    told += [lost | {"admin1": "", "text": f"somebody was killed somewhere, number {n}"} for n in range(2)]
    return tell(*told, {"started_on": "2011-01-09", "ended_on": "2011-01-03"})


def _groups(linked: Linked) -> set[frozenset[str]]:
    return {frozenset(ids) for ids in linked.members.group_by("root").agg("claim_id")["claim_id"]}


def test_all_at_once_and_one_by_one_give_the_same_groups(tell):
    """Where rarity is alike, it does not matter in which steps, or in which order, claims arrive."""
    claims = _claims(tell)
    whole = extended(nothing_linked(), claims, decided_at=NOW).linked
    for order in (claims, claims.reverse()):
        state = nothing_linked()
        for at in range(0, order.height, 4):
            state = extended(state, order[at : at + 4], decided_at=NOW).linked
        assert _groups(state) == _groups(whole)
    assert sorted(len(group) for group in _groups(whole)) == [1, 1, 1, 3, 3]


def test_a_step_touches_only_what_new_claims_reach(tell):
    """The far happening is neither compared nor clustered again; its judgements are not repeated."""
    claims = _claims(tell)
    before = extended(nothing_linked(), claims.tail(-1), decided_at=NOW).linked
    step = extended(before, claims.head(1), decided_at=NOW)
    far = set(claims.filter(pl.col("place_name") == "Korhogo")["claim_id"])
    assert not far & set(step.touched["claim_id"])
    assert step.linked.judgements.head(before.judgements.height).equals(before.judgements)
    assert step.linked.judgements["judgement_id"].is_unique().all()


def test_a_person_splits_a_group_and_taking_it_back_restores_it(tell, judged):
    """A ban parts two claims; its withdrawal gives exactly the members there were."""
    before = extended(nothing_linked(), _claims(tell), decided_at=NOW).linked
    group = sorted(next(group for group in _groups(before) if len(group) == 3))
    ban = {"left": group[0], "right": group[1], "verdict": "different", "kind": "human", "judgement_id": "h1"}
    split = judged_by_people(before, judged(ban)).linked
    root = dict(split.members.select("claim_id", "root").iter_rows())
    assert root[group[0]] != root[group[1]]
    back = ban | {"verdict": "withdrawn", "withdraws": "h1", "judgement_id": "h2"}
    again = judged_by_people(split, judged(back)).linked
    columns = ["claim_id", "root"]
    assert again.members.select(columns).sort(columns).equals(before.members.select(columns).sort(columns))


def test_a_claim_is_linked_once(tell):
    """Giving it again is refused by name."""
    claims = _claims(tell)
    state = extended(nothing_linked(), claims, decided_at=NOW).linked
    with pytest.raises(InputValueError, match="already"):
        extended(state, claims.head(1), decided_at=NOW)


def _told(tell, told: list[tuple[int, int, int]]) -> pl.DataFrame:
    """Claims of a day and a number of dead, each with words of its own, by one of three sources."""
    words = ("bridge", "market", "school", "river", "camp", "church", "road", "mill", "farm", "port")
    return tell(
        *(
            {
                "started_on": f"2011-01-{day:02d}",
                "deaths_best": dead,
                "text": f"{words[n % 10]} {words[(n * 7 + 3) % 10]} number {n}",
                "source_name": "abc"[source],
            }
            for n, (day, dead, source) in enumerate(told)
        )
    )


_TELLINGS = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from([0, 2, 9]), st.integers(0, 2)), min_size=2, max_size=9
)


@settings(max_examples=12, deadline=None)
@given(_TELLINGS, st.data())
def test_with_rarity_fixed_any_split_of_arrivals_gives_the_groups_of_one_run(tell, told, data):
    """Scores hang on what is rare and on nothing else that arrival changes, so long as no claim copies another."""
    claims = _told(tell, told)
    with workplace(Engine()) as connection:
        manner = replace(Manner.usual(), rarity=frequencies(prepared(claims), connection))
    order = data.draw(st.permutations(range(claims.height)))
    cut = data.draw(st.integers(1, claims.height))
    whole = extended(nothing_linked(), claims, decided_at=NOW, manner=manner).linked
    first = extended(nothing_linked(), claims[order[:cut]], decided_at=NOW, manner=manner).linked
    both = extended(first, claims[order[cut:]], decided_at=NOW, manner=manner).linked if cut < len(order) else first
    assert _groups(both) == _groups(whole)


@settings(max_examples=8, deadline=None)
@given(_TELLINGS, st.integers(1, 8))
def test_what_a_step_leaves_is_what_all_judgements_give(tell, told, cut):
    """Reckoning only the webs that are touched gives the clusters of all judgements so far, whatever is rare when."""
    claims = _told(tell, told)
    state = nothing_linked()
    for part in (claims[:cut], claims[cut:]):
        state = extended(state, part, decided_at=NOW).linked if part.height else state
    found = clusters(claims["claim_id"], state.judgements, never=told_apart(claims))
    assert dict(state.members.select("claim_id", "root").iter_rows()) == dict(found.iter_rows())
