"""The picture of a judgement: true to the points, safe to put into a page."""

from __future__ import annotations

import polars as pl
import pytest
from lxml import etree

from forewarn.assess.linkage.compare import compare
from forewarn.assess.linkage.picture import evidence_of, waterfall


def test_the_bars_add_up_to_the_score(tell):
    """What the picture shows is what the judgement rests on."""
    frame = tell({"deaths_best": 8}, {"deaths_best": 8})
    left, right = sorted(frame["claim_id"])
    evidence = evidence_of(frame, right, left)
    total = sum(one.points for one in evidence)
    pairs = pl.DataFrame({"left": [left], "right": [right]})
    assert compare(frame, pairs)["score"][0] == pytest.approx(1 / (1 + 2**-total), abs=1e-3)


def test_the_picture_is_one_plain_svg_element_and_always_the_same(tell):
    """Well formed, no script, no outside address, every rule in words."""
    frame = tell({"deaths_best": 8}, {"started_on": "2011-01-05", "deaths_best": 80})
    evidence = evidence_of(frame, *frame["claim_id"].to_list())
    drawn = waterfall(evidence)
    assert drawn == waterfall(evidence)
    root = etree.fromstring(drawn)
    assert root.tag.endswith("svg")
    assert "<script" not in drawn
    assert "deaths: far" in drawn
    assert "together" in drawn
