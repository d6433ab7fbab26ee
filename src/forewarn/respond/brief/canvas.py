"""The paper the pictures are drawn on: an SVG element made fit to stand inside a page.

Owns the colours, the type and the escaping: colours are CSS variables, so one drawing serves light and dark pages; ids
get a prefix; no script, no outside reference, no date. The same drawing gives the same bytes. It is written straight
as SVG, for a page waits for it: a library of plots takes a hundred times as long for the same bars. Text is always
escaped, and characters that steer others are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree import ElementTree as ET

from forewarn.respond.brief.escape import harmless

__all__ = ["COLOURS", "Look", "Paper", "Span", "Told", "paper"]

COLOURS = (
    "ink", "muted", "line", "paper", "land", "deaths", "deaths-soft", "ahead", "ahead-soft", "ahead-softer", "hatch",
    "focus",
)  # fmt: skip
"""The CSS variables that a page gives a colour each; a drawing names them and no colour."""

Span = tuple[float, float]
"""From one value to another, in the units of an axis."""

_FONT = "font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
_SIZE = 11.5
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_BASELINES = {"baseline": 0.0, "bottom": -0.22, "center": 0.35, "top": 0.93}
"""How far the line that letters stand on lies below the point named, as a share of their size."""


class Look(NamedTuple):
    """The colours of a shape by name, nothing where it has none, and the width of its edge in pixels."""

    fill: str = ""
    edge: str = ""
    line: float = 0.0
    dash: str = ""


class Told(NamedTuple):
    """What is shown on pointing at a shape, and the id it is known by."""

    name: str
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """A drawing in the making, ``width`` by ``height`` CSS pixels.

    Attributes:
        width, height: in CSS pixels.
        margins: pixels left of, above, right of and below what the axes span.
        across, up: what the axes span, from left to right and from the bottom to the top.
        prefix: put before every id, so that several drawings can share a page.
        root: the element.
        inside: where shapes and words go: the element, or what is clipped to it.
    """

    width: int
    height: int
    margins: tuple[float, float, float, float]
    across: Span
    up: Span
    prefix: str
    root: ET.Element
    inside: ET.Element

    @property
    def pixels_per_x(self) -> float:
        """CSS pixels to one unit of the axis across."""
        return (self.width - self.margins[0] - self.margins[2]) / (self.across[1] - self.across[0])

    def x(self, value: float) -> float:
        """Pixels from the left edge."""
        return self.margins[0] + (value - self.across[0]) * self.pixels_per_x

    def y(self, value: float) -> float:
        """Pixels from the upper edge."""
        inside = self.height - self.margins[1] - self.margins[3]
        return self.height - self.margins[3] - (value - self.up[0]) * inside / (self.up[1] - self.up[0])

    def bar(self, across: Span, up: Span, look: Look, told: Told | None = None) -> None:
        """A rectangle between two values of each axis."""
        (left, right), (above, below) = sorted(map(self.x, across)), sorted(map(self.y, up))
        size = {"x": left, "y": above, "width": right - left, "height": below - above}
        self._add("rect", size, look, told)

    def hatched(self, across: Span, up: Span, told: Told) -> None:
        """The same, hatched."""
        name = f"{self.prefix}-hatched"
        if self.root.find("defs/pattern") is None:
            lines = {"id": name, "width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
            pattern = ET.SubElement(ET.SubElement(self.root, "defs"), "pattern", lines)
            stroke = {"stroke": "var(--hatch)", "stroke-width": "0.8"}
            ET.SubElement(pattern, "path", {"d": "M-1 1L1 -1M0 6L6 0M5 7L7 5", **stroke})
        self.bar(across, up, Look(f"url(#{name})"), told)

    def line(self, points: Iterable[tuple[float, float]], colour: str, width: float, dash: str = "") -> None:
        """A line through some points."""
        self._add("path", {"d": self._way(points)}, Look("", colour, width, dash))

    def shape(self, points: Iterable[tuple[float, float]], look: Look) -> None:
        """A closed line through some points."""
        self._add("path", {"d": f"{self._way(points)}Z"}, look)

    def dot(self, x: float, y: float, radius: float, look: Look, told: Told | None = None) -> None:
        """A circle of so many pixels around a point."""
        self._add("circle", {"cx": self.x(x), "cy": self.y(y), "r": radius}, look, told)

    def square(self, x: float, y: float, side: float, look: Look) -> None:
        """A square of so many pixels around a point."""
        corner = {"x": self.x(x) - side / 2, "y": self.y(y) - side / 2}
        self._add("rect", {**corner, "width": side, "height": side}, look)

    def words(
        self, x: float, y: float, text: str, colour: str, *,
        at: tuple[str, str] = ("left", "baseline"), weight: str = "", size: float = _SIZE,
    ) -> None:  # fmt: skip
        """Words at a point; ``at`` says which side and which height of them lies there."""
        self._write((self.x(x), self.y(y)), text, colour, at, (size, weight))

    def ticks_across(self, ticks: Iterable[tuple[float, str]]) -> None:
        """Labels below the axis across; a label can have two lines."""
        below = self.height - self.margins[3] + 6
        for value, label in ticks:
            for number, line in enumerate(label.split("\n")):
                place = (self.x(value), below + number * 1.2 * _SIZE)
                self._write(place, line, "muted", ("center", "top"), (_SIZE, ""))

    def ticks_up(self, ticks: Iterable[tuple[float, str]]) -> None:
        """Labels left of the axis up."""
        for value, label in ticks:
            self._write((self.margins[0] - 6, self.y(value)), label, "muted", ("right", "center"), (_SIZE, ""))

    def written(self, title: str, description: str) -> str:
        """The SVG element as text, to be put into a page; with what a reader who cannot see it is told."""
        for position, (name, text) in enumerate((("title", title), ("desc", description))):
            told = ET.Element(name, {"id": f"{self.prefix}-{name}"})
            told.text = harmless(text)
            self.root.insert(position, told)
        return ET.tostring(self.root, encoding="unicode", short_empty_elements=True)

    def _way(self, points: Iterable[tuple[float, float]]) -> str:
        return "M" + "L".join(f"{_plain(self.x(x))} {_plain(self.y(y))}" for x, y in points)

    def _add(self, tag: str, place: dict[str, float] | dict[str, str], look: Look, told: Told | None = None) -> None:
        given = {name: value if isinstance(value, str) else _plain(value) for name, value in place.items()}
        given["fill"] = _colour(look.fill)
        if look.edge:
            given |= {"stroke": _colour(look.edge), "stroke-width": _plain(look.line)}
        if look.dash:
            given["stroke-dasharray"] = look.dash
        if told:
            given["id"] = f"{self.prefix}-{told.name}"
        element = ET.SubElement(self.inside, tag, given)
        if told:
            ET.SubElement(element, "title").text = harmless(told.words)

    def _write(
        self, place: tuple[float, float], text: str, colour: str, at: tuple[str, str], letters: tuple[float, str]
    ) -> None:
        (x, y), (size, weight) = place, letters
        given = {"x": _plain(x), "y": _plain(y + _BASELINES[at[1]] * size), "font-size": f"{size:g}px"}
        given |= {"fill": _colour(colour), "text-anchor": _ANCHORS[at[0]]}
        if weight:
            given["font-weight"] = weight
        ET.SubElement(self.inside, "text", given).text = harmless(text)


def paper(
    width: int, height: int, margins: tuple[float, float, float, float], *, across: Span, up: Span, prefix: str
) -> Paper:
    """Empty paper; nothing is drawn around the axes. Without margins nothing is drawn beyond the edges either."""
    given = {"viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height), "role": "img"}
    given |= {"aria-labelledby": f"{prefix}-title {prefix}-desc", "stroke-linejoin": "round", "style": _FONT}
    root = ET.Element("svg", given)
    inside = root
    if not any(margins):
        clip = ET.SubElement(ET.SubElement(root, "defs"), "clipPath", {"id": f"{prefix}-inside"})
        ET.SubElement(clip, "rect", {"width": str(width), "height": str(height)})
        inside = ET.SubElement(root, "g", {"clip-path": f"url(#{prefix}-inside)"})
    return Paper(width, height, margins, across, up, prefix, root, inside)


def _colour(name: str) -> str:
    return (name if name.startswith("url(") else f"var(--{name})") if name else "none"


def _plain(number: float) -> str:
    """The number to a hundredth of a pixel."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
