"""Drawings for pages that allow no inline style: every declaration of a style attribute becomes an attribute.

Owns the cleaning, and that the words of a drawing, its title, account and tips among them, are in the language of the
page. Type is left to the sheet of style; what is not an attribute of SVG is dropped.
"""

from __future__ import annotations

from functools import lru_cache
from xml.etree import ElementTree as ET

from markupsafe import Markup

from forewarn.web.said import said
from forewarn.web.written import month_name

__all__ = ["drawn"]

_KEPT = frozenset(
    {
        "clip-path", "clip-rule", "color", "fill", "fill-opacity", "fill-rule", "font-size", "font-style",
        "font-weight", "opacity", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap",
        "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor", "visibility",
    }
)  # fmt: skip
_WORDS = ("title", "desc", "text", "tspan")
"""The elements that hold words."""


@lru_cache(maxsize=512)
def drawn(svg: str, language: str = "en") -> Markup:
    """The drawing, written by our own drawing code, in that language, fit to stand inside a page."""
    if not svg:
        return Markup("")
    root = ET.fromstring(svg)  # noqa: S314 - written by our own drawing code
    for element in root.iter():
        if element.text and element.tag in _WORDS:
            element.text = month_name(language, element.text) or said(language, element.text)
        style = element.attrib.pop("style", "")
        for declaration in style.split(";"):
            name, _, value = (part.strip() for part in declaration.partition(":"))
            if name == "font":
                element.attrib.update(_font(value))
            elif name in _KEPT and value:
                element.set(name, value)
    width = root.attrib.pop("width", "")
    root.attrib.pop("height", None)
    root.set("class", f"drawing w{'wide' if float(width or 0) > 500 else 'small'}")
    return Markup(ET.tostring(root, encoding="unicode", short_empty_elements=True))  # noqa: S704 - escaped by ElementTree


def _font(value: str) -> dict[str, str]:
    """``600 11.5px sans-serif``: size and weight; the family is the page's."""
    parts = value.split()
    size = next((part for part in parts if part.endswith("px")), "")
    weight = next((part for part in parts if part in ("bold", "500", "600", "700")), "")
    return {**({"font-size": size} if size else {}), **({"font-weight": weight} if weight else {})}
