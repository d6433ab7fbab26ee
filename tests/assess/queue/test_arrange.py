"""Splitting, moving and merging: exactly what was asked for, by judgements that can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.assess.linkage.resolve import JUDGEMENT_COLUMNS, clusters, told_apart
from forewarn.assess.queue import Arrangement, Stamp, arranged, web_of
from forewarn.errors import RuleError

Frame = Callable[..., pl.DataFrame]
STAMP = Stamp("heron", "2030-01-01T00:00:00Z")


def appended(judgements: pl.DataFrame, told: list[tuple[str, str, str]]) -> pl.DataFrame:
    """The judgements with those of a person."""
    rows = [(f"p{n}", *one, "human", STAMP.author, STAMP.decided_at, None, "") for n, one in enumerate(told)]
    made = pl.DataFrame(rows, schema=JUDGEMENT_COLUMNS, orient="row")
    return pl.concat([judgements.select(list(JUDGEMENT_COLUMNS)), made])


def groups_of(claims: pl.DataFrame, judgements: pl.DataFrame) -> set[frozenset[str]]:
    """The clusters that follow."""
    found = clusters(claims["claim_id"], judgements, never=told_apart(claims))
    return {frozenset(part["claim_id"]) for _, part in found.group_by("root")}


def cliques(claims: pl.DataFrame, sizes: list[int], bridges: list[tuple[int, int]] = []) -> list[dict[str, Any]]:  # noqa: B006
    """Every pair within each run of claims linked by the machine, and bridges between claims by number."""
    ids, rows, start = claims["claim_id"].to_list(), [], 0
    for size in sizes:
        run = ids[start : start + size]
        rows += [pair for n, one in enumerate(run) for other in run[n + 1 :] for pair in [(one, other)]]
        start += size
    rows += [(ids[one], ids[other]) for one, other in bridges]
    return [{"left": min(p), "right": max(p), "verdict": "same", "score": 0.9} for p in rows]


def test_a_split_takes_out_what_was_named(tell: Frame, judged: Frame) -> None:
    """The named claims become one group, the rest stays one, though all are linked with all."""
    claims = tell(*[{} for _ in range(8)])
    judgements = judged(*cliques(claims, [8]))
    ids = claims["claim_id"].to_list()
    wish = Arrangement((tuple(ids[3:]), tuple(ids[:3])), tuple(ids[:3]), ((ids[3], ids[0]),))
    told = arranged(wish, claims, judgements, STAMP)
    assert groups_of(claims, appended(judgements, told)) == {frozenset(ids[:3]), frozenset(ids[3:])}


def test_the_rest_is_held_together_where_it_would_fall_apart(tell: Frame, judged: Frame) -> None:
    """A claim in the middle is taken out: the two halves it held together stay together."""
    claims = tell(*[{} for _ in range(3)])
    ids = claims["claim_id"].to_list()
    middle, rest = ids[1], (ids[0], ids[2])
    rows = [{"left": min(middle, one), "right": max(middle, one), "verdict": "same", "score": 0.95} for one in rest]
    judgements = judged(*rows)
    wish = Arrangement((rest, (middle,)), (middle,), ((rest[0], middle),))
    told = arranged(wish, claims, judgements, STAMP)
    assert groups_of(claims, appended(judgements, told)) == {frozenset(rest), frozenset([middle])}


def test_a_move_and_a_merge_overrule_earlier_words(tell: Frame, judged: Frame) -> None:
    """A person's earlier link or ban that says otherwise is answered by a later judgement on the same pair."""
    claims = tell(*[{} for _ in range(6)])
    ids = claims["claim_id"].to_list()
    word = {"kind": "human", "author": "stork", "decided_at": "2021-01-01T00:00:00Z"}
    pair = dict(zip(("left", "right"), sorted((ids[0], ids[1])), strict=True))
    ban = dict(zip(("left", "right"), sorted((ids[0], ids[4])), strict=True))
    rows = [*cliques(claims, [3, 3]), {**pair, **word, "verdict": "same"}, {**ban, **word, "verdict": "different"}]
    judgements = judged(*rows)
    wish = Arrangement(((*ids[3:], ids[0]), tuple(ids[1:3])), (ids[0],), ((ids[0], ids[1]),))
    told = arranged(wish, claims, judgements, STAMP)
    assert (*sorted((ids[0], ids[1])), "different") in told
    assert (*sorted((ids[0], ids[4])), "same") in told
    expected = {frozenset([*ids[3:], ids[0]]), frozenset(ids[1:3])}
    assert groups_of(claims, appended(judgements, told)) == expected
    whole = Arrangement((tuple(ids),), (ids[3],))
    together = arranged(whole, claims, judgements, STAMP)
    assert groups_of(claims, appended(judgements, together)) == {frozenset(ids)}


def test_what_was_split_off_can_be_moved_back(tell: Frame, judged: Frame) -> None:
    """The ban of the split stands on the very pair that is to be linked: it is answered there."""
    claims = tell(*[{} for _ in range(4)])
    ids = claims["claim_id"].to_list()
    judgements = judged(*cliques(claims, [4]))
    wish = Arrangement((tuple(ids[1:]), (ids[0],)), (ids[0],), ((ids[1], ids[0]),))
    parted = appended(judgements, arranged(wish, claims, judgements, STAMP))
    later = Stamp("ibis", "2031-01-01T00:00:00Z")
    told = arranged(Arrangement(((*ids[1:], ids[0]),), (ids[0],)), claims, parted, later)
    assert told == [(*sorted((ids[0], ids[1])), "same")]


def test_what_no_person_can_join_is_refused_with_the_reason(tell: Frame, judged: Frame) -> None:
    """Two rows of one channel with one row per happening never come together; it ends, and says why."""
    claims = tell({"channel": "ged", "row_is": "incident"}, {"channel": "ged", "row_is": "incident"})
    ids = claims["claim_id"].to_list()
    judgements = judged(*cliques(claims, [1, 1]))
    with pytest.raises(RuleError, match="one row per happening"):
        arranged(Arrangement((tuple(ids),), (ids[1],)), claims, judgements, STAMP)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_any_split_of_any_cluster_comes_out_as_asked(tell: Frame, judged: Frame, data: st.DataObject) -> None:
    """Whatever the machine and people said before, the named claims and the rest lie as asked."""
    size = data.draw(st.integers(2, 9))
    claims = tell(*[{"place_name": f"p{n}"} for n in range(size)])
    ids = claims["claim_id"].to_list()
    pairs = [(min(a, b), max(a, b)) for n, a in enumerate(ids) for b in ids[n + 1 :]]
    rows = []
    for left, right in pairs:
        verdict = data.draw(st.sampled_from(["same", "unsure", "none", "human same", "human different"]))
        if verdict == "none":
            continue
        by = {"kind": "human", "decided_at": f"202{data.draw(st.integers(1, 4))}-01-01T00:00:00Z"}
        score = data.draw(st.sampled_from([0.2, 0.5, 0.9]))
        extra = by if verdict.startswith("human") else {"score": score}
        rows.append({"left": left, "right": right, "verdict": verdict.split()[-1], **extra})
    judgements = judged(*rows)
    cluster = max(groups_of(claims, judgements), key=lambda one: (len(one), sorted(one)))
    if len(cluster) < 2:
        return
    held = sorted(cluster)
    out = data.draw(st.lists(st.sampled_from(held), min_size=1, max_size=len(held) - 1, unique=True))
    rest = [one for one in held if one not in out]
    wish = Arrangement((tuple(rest), tuple(out)), tuple(out), ((rest[0], out[0]),))
    found = groups_of(claims, appended(judgements, arranged(wish, claims, judgements, STAMP)))
    of = {claim: group for group in found for claim in group}
    assert len({of[one] for one in rest}) == 1
    assert len({of[one] for one in out}) == 1
    assert of[rest[0]] != of[out[0]]


def test_a_web_is_what_hangs_together(tell: Frame, judged: Frame) -> None:
    """Judgements of any kind bind; what none names stands alone."""
    claims = tell(*[{} for _ in range(6)])
    ids = claims["claim_id"].to_list()
    judgements = judged(*cliques(claims, [2, 3], [(1, 2)]))
    assert sorted(ids[:5]) == web_of([ids[0]], judgements)
    assert [ids[5]] == web_of([ids[5]], judgements)
    assert not web_of([], judgements)


def test_ten_thousand_claims_are_split(tell: Frame, judged: Frame) -> None:
    """A cluster of 10,000 claims, each linked with 25 others, loses 3 of them by few judgements."""
    size = 10_000
    claims = tell(*[{} for _ in range(size)])
    ids = claims["claim_id"].to_list()
    rows = [(ids[n], ids[(n + step) % size]) for n in range(size) for step in range(1, 26)]
    judgements = judged(*[{"left": min(p), "right": max(p), "verdict": "same", "score": 0.9995} for p in rows])
    out, rest = tuple(ids[:3]), tuple(ids[3:])
    told = arranged(Arrangement((rest, out), out, ((rest[0], out[0]),)), claims, judgements, STAMP)
    assert groups_of(claims, appended(judgements, told)) == {frozenset(out), frozenset(rest)}
    assert len(told) < 100
