"""Proposals: what data say of indicators that can be measured, with the rule; nothing is made of silence."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.assess.situations import Proposal, propose
from forewarn.assess.themes import theme_marks
from forewarn.ids import content_id
from forewarn.model.situation import INDICATOR_STATES, TRENDS
from forewarn.taxonomy.measured import measured_rules
from forewarn.taxonomy.protection import protection_themes

LAST = 552  # 2025-12


def happened(
    months: list[int], *, act: str = "killing", corroborated: bool = False, text: str = ""
) -> list[dict[str, object]]:
    """One-sided incidents in these months of 2025."""
    return [
        {
            "n": n,
            "act": act,
            "violence": "one_sided",
            "text": text,
            "started_on": f"2025-{month:02d}-10",
            "status": "corroborated" if corroborated else "reported",
        }
        for n, month in enumerate(months)
    ]


def proposals(
    happenings: list[dict[str, object]], seen: range = range(1, 13), contested: int = 0
) -> dict[str, Proposal]:
    """What is proposed for XKA, by indicator, where those months of 2025 were observed."""
    shape = {"incident_id": pl.String, "claim_ids": pl.List(pl.String), "unit": pl.String, "started_on": pl.String,
             "date_precision": pl.String, "status": pl.String, "contested": pl.Int64,
             **{f"{c}_{e}": pl.Int64 for c in ("deaths", "displaced") for e in ("low", "best", "high")}}  # fmt: skip
    incidents = pl.DataFrame(
        [
            {
                "incident_id": content_id("inc", str(one["n"])),
                "claim_ids": [content_id("clm", str(one["n"]))],
                "unit": "XKA",
                "started_on": one["started_on"],
                "date_precision": "day",
                "status": one["status"],
                "contested": contested,
                "deaths_best": 2,
            }
            for one in happenings
        ],
        schema=shape,
    )
    names = ("claim_id", "act", "violence", "target", "text", "source_kind")
    claims = pl.DataFrame(
        [(content_id("clm", str(one["n"])), one["act"], one["violence"], "", one["text"], "ngo") for one in happenings],
        schema=dict.fromkeys(names, pl.String),
        orient="row",
    )
    covered = pl.DataFrame(
        [("XKA", LAST - 12 + n, "observed" if n in seen else "unknown") for n in range(1, 13)],
        schema=["unit", "month", "state"],
        orient="row",
    )
    marks = theme_marks(claims, protection_themes())
    made = propose("XKA", incidents=incidents, claims=claims, marks=marks, covered=covered)
    return {one.indicator: one for one in made}


def test_silence_proposes_nothing_without_sight() -> None:
    """With every month observed and nothing told, absence; with one month unseen, not observed."""
    assert {one.state for one in proposals([]).values()} == {"observed_absent"}
    assert {one.state for one in proposals([], range(1, 12)).values()} == {"not_observed"}
    assert {one.trend for one in proposals([], range(0)).values()} == {"unknown"}


def test_a_rise_is_told_against_the_months_before() -> None:
    """Twice as many, and three more: violence against civilians has risen; the rule and the figures are shown."""
    found = proposals(happened([1, 2, 7, 8, 9, 10, 11, 12], corroborated=True))["7.8"]
    assert (found.state, found.trend, found.found, found.before) == ("clear", "rising", 6, 2)
    assert "6 incidents from 2025-07 to 2025-12" in found.because
    assert "1.5 times" in found.rule
    assert found.kind == "machine"
    assert len(found.claim_ids) == 6


def test_a_fall_is_no_rise() -> None:
    """Fewer than before: the sign, which is a rise, is proposed as absent."""
    found = proposals(happened([1, 2, 3, 4, 5, 7], corroborated=True))["7.8"]
    assert (found.state, found.trend) == ("observed_absent", "falling")


def test_no_rise_is_proposed_as_absent_where_a_month_was_not_seen() -> None:
    """The month nobody saw may hold the rise: something told before it proves no absence, and the rule says so."""
    found = proposals(happened([1, 2, 3, 7], corroborated=True), range(1, 12))["7.8"]
    assert (found.state, found.trend) == ("not_observed", "steady")
    assert "every recent month" in found.rule


def test_one_origin_is_a_weak_sign_and_contradiction_a_contested_one() -> None:
    """Clear needs corroboration; where all counts contradict each other, so is the sign."""
    assert proposals(happened([7, 8, 9, 10], act="destruction"))["7.11"].state == "weak"
    assert proposals(happened([7, 8, 9, 10], act="destruction"), contested=1)["7.11"].state == "contested"


def test_rates_are_per_month_of_sight() -> None:
    """Two in two months seen before and three in six seen now are no rise, though three are more than two."""
    found = proposals(happened([5, 6, 7, 8, 9]), range(5, 13))["7.8"]
    assert found.trend == "unknown"
    found = proposals(happened([4, 5, 6, 7, 8, 9]), range(4, 13))["7.8"]
    assert (found.trend, found.seen_before) == ("steady", 3)


def test_hate_speech_is_found_by_its_words() -> None:
    """A threat without such words proposes nothing for it."""
    said = happened([9], act="threat", text="A broadcast called for herders to be driven out.")
    assert proposals(said)["7.14"].state == "weak"
    assert proposals(happened([9], act="threat", text="Shots in the air."))["7.14"].state == "observed_absent"


@settings(max_examples=12)
@given(st.lists(st.integers(1, 12), max_size=12), st.integers(0, 12), st.permutations(range(12)))
def test_proposals_are_readable_and_do_not_depend_on_order(months: list[int], seen: int, order: list[int]) -> None:
    """One for every rule, in states and trends that people know, the same whatever the order of the rows."""
    told = happened(months)
    found = proposals(told, range(1, seen + 1))
    assert list(found) == [rule.indicator for rule in measured_rules()]
    assert {one.state for one in found.values()} <= set(INDICATOR_STATES)
    assert {one.trend for one in found.values()} <= set(TRENDS)
    mixed = [told[n] for n in order if n < len(told)]
    assert {n: p.proposal_id for n, p in proposals(mixed, range(1, seen + 1)).items()} == {
        n: p.proposal_id for n, p in found.items()
    }
    for one in found.values():
        assert one.state in ("observed_absent", "not_observed") or one.claim_ids
