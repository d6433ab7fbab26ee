"""The paper the pictures are drawn on: matplotlib's SVG, made fit to stand inside a page.

Owns the colours, the type and the cleaning of matplotlib's output: colours become CSS variables, so one drawing
serves light and dark pages; ids get a prefix; no script, no outside reference, no date. The same figure gives
the same bytes. Text is always escaped, and characters that steer others are shown.
"""

from __future__ import annotations

import io
import re
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from forewarn.respond.brief.escape import harmless

__all__ = ["COLOURS", "DRAWING", "Paper", "paper", "write"]

DRAWING = threading.Lock()
"""To be held by whoever draws in one of several threads: matplotlib's settings are shared."""

COLOURS = {
    "ink": "#010203",
    "muted": "#010204",
    "line": "#010205",
    "paper": "#010206",
    "land": "#010207",
    "deaths": "#010208",
    "deaths-soft": "#010209",
    "ahead": "#01020a",
    "ahead-soft": "#01020b",
    "ahead-softer": "#01020c",
    "hatch": "#01020d",
    "focus": "#01020e",
}
"""Stand-ins drawn by matplotlib, by the name of the CSS variable each becomes. Never seen by a reader."""

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
_TO_VARIABLE = {colour: f"var(--{name})" for name, colour in COLOURS.items()}
_STAND_IN = re.compile("|".join(_TO_VARIABLE))
_FONT_STYLE = re.compile(r"font: ([^;']*?)([\d.]+px) [^;]*")
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "forewarn",
    "path.simplify": False,
    "hatch.linewidth": 0.8,
    "hatch.color": COLOURS["hatch"],
    "font.family": ["DejaVu Sans"],
    "font.size": 12,
    "axes.unicode_minus": False,
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A figure and its one pair of axes, ``width`` by ``height`` CSS pixels."""

    figure: Figure
    axes: Axes
    width: int
    height: int


def paper(width: int, height: int, margins: tuple[float, float, float, float]) -> Paper:
    """Empty paper with margins in pixels: left, top, right, bottom. Nothing is drawn around the axes."""
    left, top, right, bottom = margins
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        axes = figure.add_axes(
            (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
        )
    figure.patch.set_visible(False)
    axes.patch.set_visible(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, labelsize=11.5, labelcolor=COLOURS["muted"], pad=6)
    return Paper(figure, axes, width, height)


def write(drawn: Paper, *, prefix: str, title: str, description: str, tips: Mapping[str, str] | None = None) -> str:
    """The SVG element as text, to be put into a page.

    Args:
        drawn: the finished drawing.
        prefix: put before every id, so that several drawings can share a page.
        title, description: what a reader who cannot see it is told.
        tips: by gid of an artist, the text shown on pointing at it.
    """
    buffer = io.BytesIO()
    with mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        # Only the width of labels is measured with matplotlib's own font; the reader's browser has the glyphs.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        FigureCanvasSVG(drawn.figure).print_svg(buffer, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    root = ET.fromstring(buffer.getvalue())  # noqa: S314 - written by matplotlib just now
    return _cleaned(root, drawn, prefix, title, description, tips or {})


def _cleaned(root: ET.Element, drawn: Paper, prefix: str, title: str, description: str, tips: Mapping[str, str]) -> str:
    for child in list(root):
        is_style = child.tag == f"{_SVG}defs" and child.find(f"{_SVG}style") is not None
        if child.tag == f"{_SVG}metadata" or is_style:
            root.remove(child)
    for element in root.iter():
        _clean(element, prefix, tips)
    root.attrib.clear()
    root.attrib.update(
        {
            "viewBox": f"0 0 {drawn.width} {drawn.height}",
            "width": str(drawn.width),
            "height": str(drawn.height),
            "role": "img",
            "aria-labelledby": f"{prefix}-title {prefix}-desc",
            "stroke-linejoin": "round",
        }
    )
    for position, (name, text) in enumerate((("title", title), ("desc", description))):
        told = ET.Element(name, {"id": f"{prefix}-{name}"})
        told.text = harmless(text)
        root.insert(position, told)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True)


def _clean(element: ET.Element, prefix: str, tips: Mapping[str, str]) -> None:
    element.tag = element.tag.removeprefix(_SVG)
    if element.get("id") in tips:
        tip = ET.Element("title")
        tip.text = harmless(tips[str(element.get("id"))])
        element.insert(0, tip)
    for name, value in list(element.attrib.items()):
        del element.attrib[name]
        element.attrib[name.removeprefix(_XLINK)] = _attribute(name, value, prefix)
    if element.tag == "text":
        element.attrib["style"] = _FONT_STYLE.sub(rf"font: \1\2 {_FONT}", element.get("style", ""))


def _attribute(name: str, value: str, prefix: str) -> str:
    if name == "id":
        return f"{prefix}-{value}"
    if value.startswith("#") and name.endswith("href"):
        return f"#{prefix}-{value[1:]}"
    value = value.replace("url(#", f"url(#{prefix}-")
    return _STAND_IN.sub(lambda match: _TO_VARIABLE[match[0]], value)
