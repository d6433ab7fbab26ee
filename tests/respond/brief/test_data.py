"""What a brief says, and what it refuses to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.alert import EvidenceLine
from forewarn.model.claim import CountRange
from forewarn.respond.brief import (
    BriefData,
    BriefOption,
    Figure,
    KnownItem,
    MapCell,
    Reconstruction,
    Series,
    SeriesMonth,
    Trace,
)

Make = Callable[..., BriefData]
STRANGER = content_id("clm", "stranger")
LATER = content_id("clm", "later")


def test_a_claim_outside_the_trace_is_refused_wherever_it_is_cited(brief: Make) -> None:
    """Figures, evidence, known items, months and map: none can cite what cannot be walked back."""
    plain = brief()
    assert plain.series is not None
    assert plain.area is not None
    for changes in (
        {"figures": (Figure("x", "label", CountRange(1), "deaths", "seen", (STRANGER,)),)},
        {"evidence_for": (EvidenceLine("x", (STRANGER,)),)},
        {"evidence_against": (EvidenceLine("x", (STRANGER,)),)},
        {"reconstruction": Reconstruction((KnownItem("x", date(2030, 1, 1), (STRANGER,)),))},
        {"series": replace(plain.series, claim_ids=(STRANGER,))},
        {"series": replace(plain.series, later_claim_ids=(STRANGER,))},
        {"area": replace(plain.area, claim_ids=(STRANGER,))},
    ):
        with pytest.raises(InputValueError, match="cited without its line in the trace"):
            brief(**changes)


def test_later_knowledge_is_refused_outside_its_own_part(brief: Make, later: BriefData) -> None:
    """A claim known in August cannot stand in a figure of June, only among what became known later."""
    with pytest.raises(InputValueError, match="became known on 2030-08-09"):
        brief(figures=(Figure("x", "label", CountRange(80), "deaths", "seen", (LATER,)),))
    assert LATER in set(later.cited_later())
    assert LATER not in set(later.cited())


def test_items_stand_on_the_right_side_of_the_day(brief: Make) -> None:
    """Neither side of a reconstruction can hold the other's."""
    early, late = KnownItem("x", date(2030, 1, 1), ()), KnownItem("x", date(2030, 8, 1), ())
    for wrong in (Reconstruction((late,)), Reconstruction((), (early,))):
        with pytest.raises(InputValueError, match="is told as"):
            brief(reconstruction=wrong)


def test_a_trace_with_a_missing_link_does_not_exist(brief: Make) -> None:
    """Claim to report to snapshot, without a gap."""
    trace = brief().trace
    with pytest.raises(InputValueError, match="its report"):
        Trace(trace.claims, trace.reports[1:], trace.snapshots)
    with pytest.raises(InputValueError, match="its snapshot"):
        Trace(trace.claims, trace.reports, ())


def test_totals_are_at_least_and_keep_their_status() -> None:
    """``at least N``; a number without claims, or a figure without coverage, does not exist; unknown is not 0."""
    claim = (STRANGER,)
    figure = Figure("x", "label", CountRange(3, 5, 9), "deaths", "seen", claim)
    assert (figure.said, figure.spread) == ("at least 3", "best 5, up to 9")
    assert Figure("x", "label", CountRange(4, 4, 4), "deaths", "seen", claim).spread == ""
    assert Figure("x", "label", CountRange(), "deaths", "seen", ()).said == "unknown"
    assert Figure("x", "label", CountRange(None, None, 9), "deaths", "seen", claim).said == "up to 9"
    for changes in ({"claim_ids": ()}, {"coverage": " "}, {"key": "A b"}, {"key": "x'onload="}):
        with pytest.raises(InputValueError):
            replace(figure, **changes)  # type: ignore[arg-type]


def test_an_exercise_is_marked_as_its_alert_is(brief: Make) -> None:
    """A fictional alert cannot stand in a brief that says it is real."""
    with pytest.raises(InputValueError, match="fictional"):
        brief(fictional=False)


def test_force_is_no_option() -> None:
    """Coercion 4 cannot be put into a brief."""
    with pytest.raises(InputValueError, match="force"):
        BriefOption(3, "M390", "x", 4, "x", "n/a")


def test_months_do_not_confuse_unseen_with_none() -> None:
    """An observed month has numbers; an unobserved one may have none; a series leaves no month out."""
    with pytest.raises(InputValueError):
        SeriesMonth(600, None, None, None, True)
    with pytest.raises(InputValueError):
        SeriesMonth(600, 5, 3, 9, True)
    with pytest.raises(InputValueError, match="gap"):
        Series("x", "deaths", (SeriesMonth(600, 0, 0, 0, True), SeriesMonth(602, 0, 0, 0, True)), "seen", ())


def test_nothing_finer_than_a_cell_can_be_mapped() -> None:
    """Cells are those of the grid; a range is in order."""
    for cell, low, high in ((0, 1, 2), (259_201, 1, 2), (1, 3, 2), (1, -1, 2)):
        with pytest.raises(InputValueError):
            MapCell(cell, low, high, 1)
