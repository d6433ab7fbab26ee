"""What can be done about an alert, by whom and by when, and the page on which it is decided.

Owns the options by pillar, the gate on force, the response clock and the brief. Least coercive first, no
recommendation, no total: people select, and what they decide is recorded.
"""

from __future__ import annotations

from forewarn.respond.brief import (
    AreaMap,
    BriefData,
    BriefOption,
    ClaimNote,
    Exceedance,
    Fan,
    FanMonth,
    Figure,
    KnownItem,
    MapCell,
    MapPlace,
    Moment,
    Outline,
    Reconstruction,
    ReportNote,
    Series,
    SeriesMonth,
    SnapshotNote,
    Timeline,
    Trace,
    render_html,
    render_markdown,
    render_pdf,
)
from forewarn.respond.clock import (
    Duty,
    ResponseClock,
    ResponseMetrics,
    due,
    overdue,
    response_clock,
    response_metrics,
)
from forewarn.respond.gate import gate_lines, gate_view
from forewarn.respond.ledger import Gap, Overlap, Tried, exhaustion, exhaustion_lines, gaps, overlaps
from forewarn.respond.measures import PillarOptions, Sign, measure, measure_library, options, select

__all__ = [
    "AreaMap",
    "BriefData",
    "BriefOption",
    "ClaimNote",
    "Duty",
    "Exceedance",
    "Fan",
    "FanMonth",
    "Figure",
    "Gap",
    "KnownItem",
    "MapCell",
    "MapPlace",
    "Moment",
    "Outline",
    "Overlap",
    "PillarOptions",
    "Reconstruction",
    "ReportNote",
    "ResponseClock",
    "ResponseMetrics",
    "Series",
    "SeriesMonth",
    "Sign",
    "SnapshotNote",
    "Timeline",
    "Trace",
    "Tried",
    "due",
    "exhaustion",
    "exhaustion_lines",
    "gaps",
    "gate_lines",
    "gate_view",
    "measure",
    "measure_library",
    "options",
    "overdue",
    "overlaps",
    "render_html",
    "render_markdown",
    "render_pdf",
    "response_clock",
    "response_metrics",
    "select",
]
