"""A brief: one page for whoever must decide, with every figure traced to the row it came from.

Owns what a brief says (``data``, ``pictures``), how it is ordered (``layout``), drawn and rendered. It refuses
figures without claims, knowledge from after its day, force as an option, and words of sources that could act.
"""

from __future__ import annotations

from forewarn.respond.brief.data import (
    BriefData,
    BriefOption,
    ClaimNote,
    Figure,
    KnownItem,
    Reconstruction,
    ReportNote,
    SnapshotNote,
    Trace,
)
from forewarn.respond.brief.pdf import render_pdf
from forewarn.respond.brief.pictures import (
    AreaMap,
    Exceedance,
    Fan,
    FanMonth,
    MapCell,
    MapPlace,
    Outline,
    Series,
    SeriesMonth,
)
from forewarn.respond.brief.render import read_templates, render_html, render_markdown
from forewarn.respond.brief.timeline import Moment, Timeline

__all__ = [
    "AreaMap",
    "BriefData",
    "BriefOption",
    "ClaimNote",
    "Exceedance",
    "Fan",
    "FanMonth",
    "Figure",
    "KnownItem",
    "MapCell",
    "MapPlace",
    "Moment",
    "Outline",
    "Reconstruction",
    "ReportNote",
    "Series",
    "SeriesMonth",
    "SnapshotNote",
    "Timeline",
    "Trace",
    "read_templates",
    "render_html",
    "render_markdown",
    "render_pdf",
]
