"""The timeline of a brief: what is known to have happened, day by day and by kind, over the months nobody observed.

Owns the noun and its drawing. A mark is an incident, at the day it began; filled where somebody is known to have been
killed, open where not. Months that nobody observed are hatched across all kinds, so that an empty stretch is not taken
for calm. Kinds without an incident are left out and said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedFormatter, FixedLocator

from forewarn.clock import first_day, last_day, month_label, month_of
from forewarn.errors import InputValueError
from forewarn.model.validation import require_choice, require_order, require_text
from forewarn.respond.brief.canvas import COLOURS, paper, write

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
    drawn = paper(width, _TOP + _BOTTOM + _LANE_HEIGHT * len(lanes), (_LEFT, _TOP, _RIGHT, _BOTTOM))
    axes = drawn.axes
    axes.set_xlim(date2num(timeline.first) - 0.5, date2num(timeline.last) + 0.5)
    axes.set_ylim(len(lanes) - 0.5, -0.5)
    _scales(axes, timeline, lanes, is_wide=width >= 500)
    tips: dict[str, str] = {}
    for month in timeline.unseen:
        _hatch(axes, timeline, month, len(lanes), tips)
    for number, one in enumerate(timeline.moments):
        _mark(axes, one, lanes.index(one.lane), f"moment-{number}", tips)
    title = f"{timeline.label}, {timeline.first} to {timeline.last}"
    return write(drawn, prefix=prefix, title=title, description=timeline_description(timeline), tips=tips)


def timeline_description(timeline: Timeline) -> str:
    """What the picture shows, in words."""
    counted = {lane: sum(one.lane == lane for one in timeline.moments) for lane in timeline.lanes}
    said = "; ".join(f"{lane}: {number:,}" for lane, number in counted.items()) or "no incident is known"
    gaps = ", ".join(month_label(month) for month in timeline.unseen) or "none"
    return f"{len(timeline.moments):,} incidents by kind ({said}). Months nobody observed: {gaps}."


def _scales(axes: Axes, timeline: Timeline, lanes: tuple[str, ...], *, is_wide: bool) -> None:
    axes.yaxis.set_major_locator(FixedLocator(list(range(len(lanes)))))
    axes.yaxis.set_major_formatter(FixedFormatter(list(lanes)))
    for position in range(len(lanes)):
        axes.axhline(position, color=COLOURS["line"], linewidth=0.8, zorder=0)
    months = range(month_of(timeline.first), month_of(timeline.last) + 1)
    room = 13 if is_wide else 6
    every = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(months) / step <= room)
    ticks = [month for month in months if (month - 1) % every == 0 and first_day(month) >= timeline.first]
    axes.xaxis.set_major_locator(FixedLocator([float(date2num(first_day(month))) for month in ticks]))
    axes.xaxis.set_major_formatter(FixedFormatter([month_label(month) for month in ticks]))


def _hatch(axes: Axes, timeline: Timeline, month: int, lanes: int, tips: dict[str, str]) -> None:
    start = max(date2num(timeline.first), date2num(first_day(month))) - 0.5
    end = min(date2num(timeline.last), date2num(last_day(month))) + 0.5
    if end <= start:
        return
    gap = Rectangle((start, -0.5), end - start, lanes, facecolor="none", edgecolor=COLOURS["hatch"], linewidth=0)
    gap.set_hatch("////")
    gap.set_gid(f"unseen-{month}")
    axes.add_patch(gap)
    tips[f"unseen-{month}"] = f"{month_label(month)}: not observed; nobody knows"


def _mark(axes: Axes, one: Moment, lane: int, gid: str, tips: dict[str, str]) -> None:
    is_deadly = bool(one.killed)
    (mark,) = axes.plot(
        [float(date2num(one.day))], [lane], marker="o", markersize=min(5.0 + (one.killed or 0) ** 0.5, 14.0),
        markerfacecolor=COLOURS["deaths"] if is_deadly else COLOURS["paper"], markeredgecolor=COLOURS["deaths"],
        markeredgewidth=1.2, zorder=3, clip_on=False,
    )  # fmt: skip
    mark.set_gid(gid)
    tips[gid] = one.words
