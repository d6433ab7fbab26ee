"""The timeline of a brief: what is known to have happened, day by day and by kind, over the months nobody observed.

Owns the noun and its drawing. A mark is an incident, at the day it began; filled where somebody is known to have been
killed, open where not. Months that nobody observed are hatched across all kinds, so that an empty stretch is not taken
for calm. Kinds without an incident are left out and said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forewarn.clock import first_day, last_day, month_label, month_of
from forewarn.errors import InputValueError
from forewarn.model.validation import require_choice, require_order, require_text
from forewarn.respond.brief.canvas import Look, Paper, Told, paper

__all__ = ["LANES", "Moment", "Timeline", "timeline_description", "timeline_svg"]

LANES = ("one-sided", "state-based", "non-state", "kind unstated", "early signs")
"""Kinds of organized violence, then acts short of killing; the order is fixed."""

_LANE_HEIGHT = 24
_LEFT, _TOP, _RIGHT, _BOTTOM = 92, 10, 14, 34


@dataclass(frozen=True, slots=True)
class Moment:
    """An incident: its first day, its lane, how many at least were killed (``None`` where nobody says), its words."""

    day: date
    lane: str
    killed: int | None
    words: str

    def __post_init__(self) -> None:
        require_choice(self.lane, "lane", LANES)
        require_text(self.words, "moment", longest=2_000)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Incidents between two days, and the months of that span that nobody observed.

    Attributes:
        label: of what, where.
        first, last: the days.
        moments: in the order of days; none outside the span.
        unseen: month ids.
        claim_ids: the claims behind the moments.
    """

    label: str
    first: date
    last: date
    moments: tuple[Moment, ...]
    unseen: tuple[int, ...]
    claim_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        require_text(self.label, "timeline label")
        require_order(self.first, self.last, "timeline")
        for one in self.moments:
            if not self.first <= one.day <= self.last:
                raise InputValueError(f"{one.day} is outside the span", where="timeline", mend="widen the span")

    @property
    def lanes(self) -> tuple[str, ...]:
        """The lanes that have a moment, in their order."""
        used = {one.lane for one in self.moments}
        return tuple(lane for lane in LANES if lane in used)


def timeline_svg(timeline: Timeline, *, width: int, prefix: str) -> str:
    """The timeline as an SVG element, ``width`` CSS pixels wide and as high as its lanes need."""
    lanes = timeline.lanes or ("nothing known",)
    drawn = paper(
        width, _TOP + _BOTTOM + _LANE_HEIGHT * len(lanes), (_LEFT, _TOP, _RIGHT, _BOTTOM), prefix=prefix,
        across=(timeline.first.toordinal() - 0.5, timeline.last.toordinal() + 0.5), up=(len(lanes) - 0.5, -0.5),
    )  # fmt: skip
    _scales(drawn, timeline, lanes, is_wide=width >= 500)
    for month in timeline.unseen:
        _hatch(drawn, timeline, month)
    for number, one in enumerate(timeline.moments):
        _mark(drawn, one, lanes.index(one.lane), f"moment-{number}")
    return drawn.written(f"{timeline.label}, {timeline.first} to {timeline.last}", timeline_description(timeline))


def timeline_description(timeline: Timeline) -> str:
    """What the picture shows, in words."""
    counted = {lane: sum(one.lane == lane for one in timeline.moments) for lane in timeline.lanes}
    said = "; ".join(f"{lane}: {number:,}" for lane, number in counted.items()) or "no incident is known"
    gaps = ", ".join(month_label(month) for month in timeline.unseen) or "none"
    return f"{len(timeline.moments):,} incidents by kind ({said}). Months nobody observed: {gaps}."


def _scales(drawn: Paper, timeline: Timeline, lanes: tuple[str, ...], *, is_wide: bool) -> None:
    drawn.ticks_up(enumerate(lanes))
    for position in range(len(lanes)):
        drawn.line([(edge, position) for edge in drawn.across], "line", 0.8)
    months = range(month_of(timeline.first), month_of(timeline.last) + 1)
    room = 13 if is_wide else 6
    every = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(months) / step <= room)
    ticks = [month for month in months if (month - 1) % every == 0 and first_day(month) >= timeline.first]
    drawn.ticks_across((first_day(month).toordinal(), month_label(month)) for month in ticks)


def _hatch(drawn: Paper, timeline: Timeline, month: int) -> None:
    start = max(timeline.first, first_day(month)).toordinal() - 0.5
    end = min(timeline.last, last_day(month)).toordinal() + 0.5
    if end > start:
        said = Told(f"unseen-{month}", f"{month_label(month)}: not observed; nobody knows")
        drawn.hatched((start, end), drawn.up, said)


def _mark(drawn: Paper, one: Moment, lane: int, name: str) -> None:
    look = Look("deaths" if one.killed else "paper", "deaths", 1.2)
    size = min(5.0 + (one.killed or 0) ** 0.5, 14.0)
    drawn.dot(one.day.toordinal(), lane, size / 2, look, Told(name, one.words))
