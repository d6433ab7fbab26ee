"""The trend of a protection theme as a small picture: bars for figures, hatched bands where nobody could see.

Owns the drawing. Returns one SVG element that stands in a page by itself: no script, no link, no date, the same bytes
for the same trend. A month without a figure has no bar, which is not a bar of zero; all of it is told in words too.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from forewarn.assess.themes import Band, ThemeMonth, ThemeTrend
from forewarn.clock import month_label
from forewarn.ids import sha256_hex
from forewarn.model.place import unit_name

__all__ = ["trend_picture"]

_WIDTH, _HEIGHT = 480, 110
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 6, 14, 18
_BAR, _LINE, _MUTED = "var(--deaths, #8a1c1c)", "var(--line, #777777)", "var(--muted, #555555)"
_STATES = {"not_observed": "nobody could see", "unknown": "not known whether anybody could see"}


def trend_picture(name: str, trend: ThemeTrend) -> str:
    """The SVG of a trend: incidents by month, a dot where some are told but too few to show or not counted."""
    prefix = f"th{sha256_hex(f'{trend.theme} {trend.unit}'.encode())[:8]}"
    size = {"viewBox": f"0 0 {_WIDTH} {_HEIGHT}", "width": str(_WIDTH), "height": str(_HEIGHT)}
    root = ET.Element("svg", {**size, "role": "img", "aria-labelledby": f"{prefix}-t {prefix}-d"})
    ET.SubElement(root, "title", {"id": f"{prefix}-t"}).text = _plain(f"{name}, {unit_name(trend.unit)}")
    ET.SubElement(root, "desc", {"id": f"{prefix}-d"}).text = _plain(_told(trend))
    _hatch(root, prefix)
    top = max((month.incidents or 0 for month in trend.months), default=0) or 1
    for band in trend.bands:
        _draw_band(root, trend, band, prefix)
    for position, month in enumerate(trend.months):
        left = _x(trend, position)
        _draw_month(root, month, (left, 0.8 * (_x(trend, position + 1) - left)), top)
    _draw_axes(root, trend, top)
    return ET.tostring(root, encoding="unicode")


def _told(trend: ThemeTrend) -> str:
    """The picture in words."""
    if not trend.months:
        return "No months."
    first, last = month_label(trend.months[0].month), month_label(trend.months[-1].month)
    parts = [f"Incidents told of by month, whatever their status, {first} to {last}: at least {trend.at_least}"]
    parts += [f"{number} of them {status}" for status, number in trend.by_status]
    parts += [f"{_span(band)} {_STATES[band.state]}" for band in trend.bands]
    return "; ".join(parts) + "."


def _span(band: Band) -> str:
    first, last = month_label(band.first), month_label(band.last)
    return first if band.first == band.last else f"{first} to {last}"


def _hatch(root: ET.Element, prefix: str) -> None:
    pattern = ET.SubElement(
        ET.SubElement(root, "defs"),
        "pattern",
        {"id": f"{prefix}-h", "width": "6", "height": "6", "patternUnits": "userSpaceOnUse"},
    )
    ET.SubElement(pattern, "path", {"d": "M0 6 L6 0", "stroke": _LINE, "stroke-width": "1", "opacity": "0.5"})


def _draw_band(root: ET.Element, trend: ThemeTrend, band: Band, prefix: str) -> None:
    start = trend.months[0].month
    left, right = _x(trend, band.first - start), _x(trend, band.last - start + 1)
    place = {"x": f"{left:.1f}", "y": str(_TOP), "width": f"{right - left:.1f}", "height": str(_plot_height())}
    drawn = ET.SubElement(root, "rect", {**place, "fill": f"url(#{prefix}-h)", "class": "band"})
    ET.SubElement(drawn, "title").text = f"{_span(band)}: {_STATES[band.state]}"


def _draw_month(root: ET.Element, month: ThemeMonth, slot: tuple[float, float], top: int) -> None:
    left, width = slot
    base, said = _HEIGHT - _BOTTOM, "; ".join(_month_words(month))
    if month.is_suppressed or month.is_told:
        dot = {"cx": f"{left + 2:.1f}", "cy": str(base - 4), "r": "2", "fill": "none", "stroke": _BAR, "class": "told"}
        ET.SubElement(ET.SubElement(root, "circle", dot), "title").text = said
    if month.incidents:
        height = _plot_height() * month.incidents / top
        place = {"x": f"{left:.1f}", "y": f"{base - height:.1f}", "width": f"{width:.1f}", "height": f"{height:.1f}"}
        ET.SubElement(ET.SubElement(root, "rect", {**place, "fill": _BAR, "class": "bar"}), "title").text = said


def _month_words(month: ThemeMonth) -> Iterator[str]:
    label = month_label(month.month)
    if month.is_suppressed:
        yield f"{label}: too few to show"
    elif month.incidents is not None:
        yield f"{label}: {'at least ' if month.state != 'observed' else ''}{month.incidents} told of"
        yield from (f"{part.incidents} of them {part.status}" for part in month.by_status)
    if month.is_told:
        yield f"{label}: told of by others, not counted"


def _draw_axes(root: ET.Element, trend: ThemeTrend, top: int) -> None:
    base = _HEIGHT - _BOTTOM
    ET.SubElement(root, "path", {"d": f"M{_LEFT} {base} H{_WIDTH - _RIGHT}", "stroke": _LINE, "fill": "none"})
    style = {"font-size": "10", "font-family": "system-ui, sans-serif", "fill": _MUTED}
    for text, y in ((str(top), _TOP + 4), ("0", base)):
        ET.SubElement(root, "text", {**style, "x": str(_LEFT - 4), "y": str(y), "text-anchor": "end"}).text = text
    if trend.months:
        ends = ((trend.months[0], _LEFT, "start"), (trend.months[-1], _WIDTH - _RIGHT, "end"))
        for month, x, anchor in ends:
            label = ET.SubElement(root, "text", {**style, "x": str(x), "y": str(_HEIGHT - 5), "text-anchor": anchor})
            label.text = month_label(month.month)


def _x(trend: ThemeTrend, position: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * position / max(1, len(trend.months))


def _plot_height() -> int:
    return _HEIGHT - _TOP - _BOTTOM


def _plain(text: str) -> str:
    """Text without characters that no XML may hold or that steer others."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
