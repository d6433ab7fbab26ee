"""Clusters: a pure function of the judgements, whatever order they come in, undone exactly."""

from __future__ import annotations

import string
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.assess import clusters, current_judgements, needs_review, resolve, told_apart
from forewarn.errors import InputFormatError

CLAIMS = list(string.ascii_lowercase[:8])


def _groups(frame: pl.DataFrame) -> set[frozenset[str]]:
    grouped = frame.group_by("root").agg("claim_id")
    assert all(root == min(ids) for root, ids in grouped.iter_rows())
    return {frozenset(ids) for ids in grouped["claim_id"] if len(ids) > 1}


def _never(**said: str) -> pl.DataFrame:
    """What keeps claims apart, from ``a="channel:x"``, ``a="document:y"`` or ``a="days:3-4"``."""
    rows = []
    for claim, text in said.items():
        kind, _, value = text.partition(":")
        row = {"claim_id": claim, "channel": "", "document": "", "first": None, "last": None}
        if kind == "days":
            row["first"], row["last"] = (int(day) for day in value.split("-"))
        else:
            row[kind] = value
        rows.append(row)
    days = {"first": pl.Int32, "last": pl.Int32}
    return pl.DataFrame(rows, schema={"claim_id": pl.String, "channel": pl.String, "document": pl.String, **days})


@st.composite
def histories(draw):
    """Judgements by machine and people on few claims, some withdrawn."""
    rows = []
    for number in range(draw(st.integers(0, 14))):
        left, right = sorted(draw(st.lists(st.sampled_from(CLAIMS), min_size=2, max_size=2, unique=True)))
        kind = draw(st.sampled_from(["machine", "human"]))
        verdicts = ["same", "unsure"] if kind == "machine" else ["same", "different", "unsure"]
        rows.append(
            {
                "judgement_id": f"j{number:02d}",
                "left": left,
                "right": right,
                "verdict": draw(st.sampled_from(verdicts)),
                "kind": kind,
                "decided_at": f"2020-01-{draw(st.integers(1, 5)):02d}T00:00:00Z",
                "score": draw(st.sampled_from([0.6, 0.7, 0.9])) if kind == "machine" else None,
            }
        )
    for number in range(draw(st.integers(0, 3)) if rows else 0):
        taken = draw(st.sampled_from(rows))
        rows.append(taken | _withdrawal(taken, f"w{number}"))
    return rows


def _withdrawal(taken: dict, name: str) -> dict:
    return {
        "judgement_id": name,
        "verdict": "withdrawn",
        "kind": "human",
        "score": None,
        "withdraws": taken["judgement_id"],
    }


@settings(max_examples=150, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(judged, rows, chance):
    """Any shuffling of the same judgements gives the same clusters and the same refusals."""
    shuffled, ids = rows.copy(), CLAIMS.copy()
    chance.shuffle(shuffled)
    chance.shuffle(ids)
    one, other = resolve(CLAIMS, judged(*rows)), resolve(ids, judged(*shuffled))
    assert one.members.equals(other.members)
    assert one.refused.equals(other.refused)


@settings(max_examples=150, deadline=None)
@given(histories(), histories(), st.randoms(use_true_random=False))
def test_taking_back_restores_exactly(judged, rows, more, chance):
    """Adding judgements and withdrawing each of them gives what was there before."""
    added = [row | {"judgement_id": f"x{row['judgement_id']}"} for row in more if row["verdict"] != "withdrawn"]
    undone = [row | _withdrawal(row, f"u{row['judgement_id']}") for row in added]
    everything = rows + added + undone
    chance.shuffle(everything)
    assert clusters(CLAIMS, judged(*rows)).equals(clusters(CLAIMS, judged(*everything)))


@settings(max_examples=150, deadline=None)
@given(histories())
def test_what_a_person_holds_to_be_different_is_never_together(judged, rows):
    """No chain of links, of whatever length, joins two claims a person holds apart."""
    frame = judged(*rows)
    root = dict(clusters(CLAIMS, frame).iter_rows())
    held = current_judgements(frame).filter((pl.col("kind") == "human") & (pl.col("verdict") == "different"))
    assert all(root[left] != root[right] for left, right in held.select("left", "right").iter_rows())


@settings(max_examples=100, deadline=None)
@given(histories(), st.dictionaries(st.sampled_from(CLAIMS), st.sampled_from(["channel:x", "channel:y"])))
def test_rows_of_an_exclusive_channel_are_never_together(judged, rows, said):
    """Not even people join two rows of a channel that gives one row per happening."""
    members = clusters(CLAIMS, judged(*rows), never=_never(**said))
    grouped = members.with_columns(key=pl.col("claim_id").replace_strict(said, default=None)).drop_nulls("key")
    assert grouped.filter(pl.struct("root", "key").is_duplicated()).is_empty()


def test_claims_without_judgements_stand_alone(judged):
    """Each is its own root."""
    assert clusters(["b", "a"], judged()).rows() == [("a", "a"), ("b", "b")]


def test_a_person_beats_the_machine_and_a_later_person_an_earlier(judged):
    """The same pair: machine same, person different, later person same."""
    machine = {"left": "a", "right": "b", "verdict": "same", "score": 0.9}
    person = {"left": "a", "right": "b", "verdict": "different", "kind": "human", "decided_at": "2020-01-02T00:00:00Z"}
    later = person | {"verdict": "same", "decided_at": "2020-01-03T00:00:00Z"}
    assert _groups(clusters(CLAIMS, judged(machine))) == {frozenset("ab")}
    assert _groups(clusters(CLAIMS, judged(machine, person))) == set()
    assert _groups(clusters(CLAIMS, judged(later, person, machine))) == {frozenset("ab")}


def test_a_person_who_is_unsure_takes_the_machines_link_away(judged):
    """The pair goes back to the queue."""
    machine = {"left": "a", "right": "b", "verdict": "same", "score": 0.9}
    person = {"left": "a", "right": "b", "verdict": "unsure", "kind": "human"}
    assert _groups(clusters(CLAIMS, judged(machine, person))) == set()


def test_a_withdrawal_takes_back_only_the_judgement_it_names(judged):
    """The earlier judgement of the same person holds again; withdrawing the withdrawal restores the later."""
    first = {"judgement_id": "j1", "left": "a", "right": "b", "verdict": "different", "kind": "human"}
    second = first | {"judgement_id": "j2", "verdict": "same", "decided_at": "2020-01-02T00:00:00Z"}
    back = second | _withdrawal(second, "j3")
    assert _groups(clusters(CLAIMS, judged(first, second))) == {frozenset("ab")}
    assert _groups(clusters(CLAIMS, judged(first, second, back))) == set()
    again = back | _withdrawal(back, "j4")
    assert _groups(clusters(CLAIMS, judged(first, second, back, again))) == {frozenset("ab")}


def test_the_machine_takes_back_no_persons_judgement(judged):
    """Such a row has no effect."""
    person = {"judgement_id": "j1", "left": "a", "right": "b", "verdict": "same", "kind": "human"}
    machine = person | _withdrawal(person, "j2") | {"kind": "machine"}
    assert _groups(clusters(CLAIMS, judged(person, machine))) == {frozenset("ab")}


def test_withdrawals_in_a_ring_do_no_harm(judged):
    """Rows that name each other, which no true ids do, end and are deterministic."""
    one = {"judgement_id": "w1", "left": "a", "right": "b", "verdict": "withdrawn", "kind": "human", "withdraws": "w2"}
    ring = judged(one, one | {"judgement_id": "w2", "withdraws": "w1"})
    assert _groups(clusters(CLAIMS, ring)) == set()


def test_the_stronger_link_wins_and_the_refused_one_is_told(judged):
    """b is linked to both sides of a ban: it goes where the score is higher."""
    ban = {"left": "a", "right": "c", "verdict": "different", "kind": "human"}
    weak = {"left": "a", "right": "b", "verdict": "same", "score": 0.6}
    strong = {"left": "b", "right": "c", "verdict": "same", "score": 0.9}
    found = resolve(CLAIMS, judged(weak, strong, ban))
    assert _groups(found.members) == {frozenset("bc")}
    assert found.refused.select("left", "right").rows() == [("a", "b")]
    assert "different" in found.refused["reason"][0]


def test_items_of_one_document_are_kept_apart_from_the_machine_only(judged):
    """The machine may not join them by way of a third; a person may."""
    never = _never(a="document:x", c="document:x")
    chain = [
        {"left": "a", "right": "b", "verdict": "same", "score": 0.9},
        {"left": "b", "right": "c", "verdict": "same", "score": 0.8},
    ]
    assert _groups(clusters(CLAIMS, judged(*chain), never=never)) == {frozenset("ab")}
    person = {"left": "a", "right": "c", "verdict": "same", "kind": "human"}
    assert _groups(clusters(CLAIMS, judged(*chain, person), never=never)) == {frozenset("abc")}


def test_a_chain_of_days_does_not_become_one_happening(judged):
    """Days 1, 3, 5 linked one by one: the machine stops where the ends are too far apart."""
    never = _never(a="days:1-1", b="days:3-3", c="days:5-5")
    chain = [
        {"left": "a", "right": "b", "verdict": "same", "score": 0.9},
        {"left": "b", "right": "c", "verdict": "same", "score": 0.8},
    ]
    assert _groups(clusters(CLAIMS, judged(*chain), never=never)) == {frozenset("ab")}


def test_a_weak_bridge_between_two_strong_groups_is_cut(judged):
    """Three and three that agree among themselves, one strong link between: two groups, and the link is told."""
    inner = [{"left": x, "right": y, "verdict": "same", "score": 0.9} for x, y in ("ab", "ac", "bc", "de", "df", "ef")]
    bridge = {"left": "c", "right": "d", "verdict": "same", "score": 0.85}
    found = resolve(CLAIMS, judged(*inner, bridge))
    assert _groups(found.members) == {frozenset("abc"), frozenset("def")}
    assert found.refused.select("left", "right", "reason").rows() == [
        ("c", "d", "the two groups as wholes agree too little")
    ]


def test_unsure_pairs_speak_for_and_against(judged):
    """One sure link and many pairs near the threshold hold a group together; without them it falls apart."""
    near = [{"left": x, "right": "d", "verdict": "unsure", "score": 0.3} for x in "ab"]
    inner = [{"left": x, "right": y, "verdict": "same", "score": 0.9} for x, y in ("ab", "ac", "bc")]
    bridge = {"left": "c", "right": "d", "verdict": "same", "score": 0.6}
    assert _groups(clusters(CLAIMS, judged(*inner, bridge, *near))) == {frozenset("abcd")}
    assert _groups(clusters(CLAIMS, judged(*inner, bridge))) == {frozenset("abc")}


def test_people_move_a_claim_from_one_group_to_another(judged):
    """Different from its old group, same as the new: the claim moves, the others stay."""
    inner = [{"left": x, "right": y, "verdict": "same", "score": 0.9} for x, y in ("ab", "ac", "bc", "de", "df", "ef")]
    apart = [{"left": x, "right": "c", "verdict": "different", "kind": "human"} for x in "ab"]
    joined = {"left": "c", "right": "d", "verdict": "same", "kind": "human"}
    assert _groups(clusters(CLAIMS, judged(*inner, *apart, joined))) == {frozenset("ab"), frozenset("cdef")}


def test_ten_thousand_copies_become_one_cluster_and_one_voice(judged):
    """Copies join what they copy, and do not outvote a later telling of their own happening."""
    ids = [f"c{n:05d}" for n in range(10_001)]
    rows = [{"left": ids[0], "right": copy, "verdict": "same", "score": 1.0} for copy in ids[1:-1]]
    rows.append({"left": ids[0], "right": ids[-1], "verdict": "same", "score": 0.6})
    assert clusters(ids, judged(*rows))["root"].unique().to_list() == [ids[0]]


def test_a_crowd_of_ten_thousand_compared_in_part_becomes_one_cluster(judged):
    """Each is compared with thirty others only: nobody is asked to agree with ten thousand."""
    ids = [f"c{n:05d}" for n in range(10_000)]
    rows = [
        {"left": pivot, "right": claim, "verdict": "same", "score": 0.9} for pivot in ids[:30] for claim in ids[30:]
    ]
    rows += [{"left": a, "right": b, "verdict": "same", "score": 0.9} for a, b in combinations(ids[:30], 2)]
    assert clusters(ids, judged(*rows))["root"].unique().to_list() == [ids[0]]


def test_only_claims_known_are_linked(judged):
    """A link by way of a claim that is not given is not seen: no look ahead."""
    chain = [
        {"left": "a", "right": "b", "verdict": "same", "score": 0.9},
        {"left": "b", "right": "c", "verdict": "same", "score": 0.9},
    ]
    assert clusters(["a", "c"], judged(*chain)).rows() == [("a", "a"), ("c", "c")]


def test_what_keeps_claims_apart_is_read_from_them(tell):
    """Channels with a row per happening, and documents with several items; copies of an item are free."""
    words = {"text": "Rapport sur les violences de septembre à novembre"}
    frame = tell({"row_is": "incident", "channel": "ged"}, words, words, words | {"deaths_best": 3})
    ids = frame["claim_id"].to_list()
    apart = {row["claim_id"]: row for row in told_apart(frame).iter_rows(named=True)}
    assert [apart[claim]["channel"] for claim in ids] == ["ged", "", "", ""]
    documents = sorted(apart[claim]["document"] for claim in ids)
    assert documents[:2] == ["", ""]
    assert documents[2] == documents[3] != ""


def test_the_queue_asks_about_most_deaths_first(tell, judged):
    """Ordered by the greatest toll either claim gives; unknown comes last; what people settled is not asked."""
    frame = tell({"deaths_best": 3}, {"deaths_high": 80}, {"deaths_best": 5}, {}, {}, {"deaths_best": 99})
    a, b, c, d, e, f = frame["claim_id"].to_list()
    pairs = [tuple(sorted(pair)) for pair in ((a, c), (a, b), (d, e), (b, f))]
    rows = [{"left": left, "right": right, "verdict": "unsure", "score": 0.4} for left, right in pairs]
    settled = rows[3] | {"verdict": "different", "kind": "human"}
    queue = needs_review(judged(*rows, settled), frame)
    assert queue.select("left", "right").rows() == [pairs[1], pairs[0], pairs[2]]
    assert queue["deaths"].to_list() == [80, 5, None]


def test_judgements_without_their_columns_are_refused(judged):
    """The message names the column."""
    with pytest.raises(InputFormatError, match="withdraws"):
        clusters(CLAIMS, judged().drop("withdraws"))
