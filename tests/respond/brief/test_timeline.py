"""The timeline: every incident a mark, every unobserved month a gap, told in words too."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree as ET

import pytest

from forewarn.errors import InputValueError
from forewarn.respond.brief.timeline import LANES, Moment, Timeline, timeline_description, timeline_svg


def line(*moments: Moment, unseen: tuple[int, ...] = ()) -> Timeline:
    """A year."""
    return Timeline("Timeline of incidents, Ombra", date(2029, 7, 1), date(2030, 6, 30), moments, unseen, ())


MARKS = (
    Moment(date(2029, 8, 3), "one-sided", 4, "a killing"),
    Moment(date(2030, 6, 30), "early signs", None, "<script>a threat</script>"),
)


def test_every_incident_and_every_gap_is_drawn_and_told() -> None:
    """A mark each, a hatched stretch each, lanes without an incident left out; words are escaped."""
    drawn = timeline_svg(line(*MARKS, unseen=(597, 598)), width=900, prefix="t")
    root = ET.fromstring(drawn)  # noqa: S314 - our own drawing
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert {"t-moment-0", "t-moment-1", "t-unseen-597", "t-unseen-598"} <= set(ids)
    assert "<script>" not in drawn
    assert "non-state" not in drawn
    said = timeline_description(line(*MARKS, unseen=(597,)))
    assert "2 incidents" in said
    assert "2029-09" in said


def test_nothing_known_is_drawn_as_nothing_known() -> None:
    """An empty timeline says so, with its gaps."""
    assert "nothing known" in timeline_svg(line(unseen=(597,)), width=350, prefix="t")
    assert "no incident is known" in timeline_description(line())


def test_the_same_gives_the_same_bytes() -> None:
    """No random id, no date."""
    assert timeline_svg(line(*MARKS), width=900, prefix="t") == timeline_svg(line(*MARKS), width=900, prefix="t")


def test_what_lies_outside_or_in_no_lane_is_refused() -> None:
    """A day outside the span, a lane there is not, a span the wrong way round."""
    with pytest.raises(InputValueError):
        line(Moment(date(2031, 1, 1), LANES[0], 1, "later"))
    with pytest.raises(InputValueError):
        Moment(date(2030, 1, 1), "riots", 1, "x")
    with pytest.raises(InputValueError):
        Timeline("x", date(2030, 1, 2), date(2030, 1, 1), (), (), ())
