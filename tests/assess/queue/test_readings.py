"""Readings to be doubted: what can be seen in the claim itself, and only where something hangs on it."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from forewarn.assess.incidents.assemble import assemble
from forewarn.assess.incidents.grade import GRADE_COLUMNS
from forewarn.assess.queue import PROPOSED, Known, queue

Frame = Callable[..., pl.DataFrame]
WORDS = "Soldiers killed people in the market of the town, the hospital counted 12 wounded on 2011-01-03 at 10:30"


def known(claims: pl.DataFrame, judged: Frame, **more: object) -> Known:
    """The claims each in an incident of its own, with nothing decided."""
    alone = claims.select("claim_id", root="claim_id")
    made = assemble(claims, alone)
    grades = pl.DataFrame(schema=dict.fromkeys(GRADE_COLUMNS, pl.String))
    return Known(claims, made.incidents, made.members, judged(), grades, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"deaths_best": 3, "started_on": "2011-02-01"}, "after it became known"),
        ({"deaths_best": 3, "started_on": None, "ended_on": None}, "no day"),
        ({"deaths_best": 3, "country": "", "admin1": ""}, "no country"),
        ({"deaths_best": 120, "text": WORDS}, "tells 120 deaths, and its words give other numbers"),
    ],
)
def test_each_doubt_says_why(tell: Frame, judged: Frame, said: dict[str, object], reason: str) -> None:
    """One item for the claim, with the reason in words, the deaths it tells, a verdict and a command."""
    claims = tell(said)
    items = queue(known(claims, judged), ["extraction"])
    assert items["subject"].to_list() == claims["claim_id"].to_list()
    assert reason in items["reason"][0]
    assert items["deaths_high"][0] == said["deaths_best"]


@pytest.mark.parametrize(
    "said",
    [
        {"deaths_best": 3},
        {"deaths_best": 12, "text": WORDS},
        {"deaths_best": 120, "text": WORDS.replace("12 wounded", "120 dead, 12 wounded")},
        {"deaths_best": 1200, "text": "the count stands at 1,200 dead"},
        {"deaths_best": 120, "text": "soldiers killed people on 2011-01-03, at 10:30, in 2011"},
        {"deaths_best": 120, "text": "١٢٠ dead, 12 wounded"},
        {"deaths_best": 0, "started_on": "2011-02-01"},
        {"started_on": "2011-02-01"},
    ],
)
def test_what_agrees_or_carries_nothing_is_not_doubted(tell: Frame, judged: Frame, said: dict[str, object]) -> None:
    """Small numbers, numbers that stand in the words in any form, days that are no counts, claims without deaths."""
    assert queue(known(tell(said), judged), ["extraction"]).is_empty()


def test_who_was_seen_or_corrected_waits_no_more(tell: Frame, judged: Frame) -> None:
    """An answer or a correction takes the item out."""
    claims = tell({"deaths_best": 3, "started_on": None, "ended_on": None})
    claim = claims["claim_id"][0]
    looked = pl.DataFrame({"subject": [claim], "at": ["2011-02-01T00:00:00Z"]})
    assert queue(known(claims, judged, looked=looked), ["extraction"]).is_empty()
    assert queue(known(claims, judged, corrected=frozenset({claim})), ["extraction"]).is_empty()


def test_a_proposed_indicator_is_asked_only_on_request(tell: Frame, judged: Frame) -> None:
    """With its rule, its claims' deaths and the states that may be given; not in the list of all kinds."""
    claims = tell({"deaths_best": 7})
    row = ("XAA/West", "7.3", "clear", "12 in 12 months", "prp_1", claims["claim_id"].to_list())
    found = known(claims, judged, proposed=pl.DataFrame([row], schema=PROPOSED, orient="row"))
    items = queue(found, ["indicator"])
    assert items.select("subject", "other", "deaths_high").row(0) == ("XAA/West", "7.3", 7)
    assert "7.3 would be clear: 12 in 12 months" in items["reason"][0]
    assert "indicator" not in queue(found)["kind"].to_list()
