"""A brief as one HTML file or as Markdown.

Owns the templates' environment. The HTML stands alone: no script, no outside request (its own policy forbids
both), light and dark, from a phone to paper. Every value is escaped; a value that a template forgot to fill is an
error. The same data give the same bytes, but for the line that says when it was made.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined, Undefined
from markupsafe import Markup

from forewarn.clock import month_label
from forewarn.ids import short
from forewarn.respond.brief.data import BriefData
from forewarn.respond.brief.escape import harmless, markdown
from forewarn.respond.brief.figures import months_svg
from forewarn.respond.brief.layout import (
    claims_words,
    coercion_words,
    fan_words,
    instant_words,
    month_words,
    page_of,
)
from forewarn.respond.brief.maps import map_svg
from forewarn.respond.brief.timeline import timeline_description, timeline_svg

__all__ = ["read_templates", "render_html", "render_markdown"]

_TEMPLATES = {"analyst": "brief", "desk": "desk"}
_MONTHS_WIDTHS = (("wide", 620), ("narrow", 350))
_MAP_WIDTHS = (("wide", 450), ("narrow", 350))
_TIMELINE_WIDTHS = (("wide", 1040), ("narrow", 350))
"""Each picture is drawn twice, about as wide as it is shown, so that its words can be read on every screen."""


def render_html(data: BriefData, length: str = "analyst") -> str:
    """The brief as one self-contained HTML file; ``desk`` is one page with the trace behind it."""
    template = _environment("html").get_template(f"{_TEMPLATES[length]}.html.j2")
    return template.render(page=page_of(data), pictures=_pictures(data), style=_style())


def render_markdown(data: BriefData, length: str = "analyst") -> str:
    """The brief as Markdown: the pictures as tables, the same links to claims, reports and snapshots."""
    return _environment("markdown").get_template(f"{_TEMPLATES[length]}.md.j2").render(page=page_of(data))


def read_templates() -> None:
    """Compile the templates of briefs now, so that whoever asks for the first brief does not wait for it."""
    for name in _TEMPLATES.values():
        _environment("html").get_template(f"{name}.html.j2")
        _environment("markdown").get_template(f"{name}.md.j2")
    for kind, ending in (("html", "html"), ("markdown", "md")):
        _environment(kind).get_template(f"trace.{ending}.j2")
    _style()


def _pictures(data: BriefData) -> dict[str, list[Markup]]:
    """Each picture, wide and narrow."""
    found: dict[str, list[str]] = {}
    if data.series:
        found["months"] = [months_svg(data.series, data.fan, width=w, prefix=f"months-{n}") for n, w in _MONTHS_WIDTHS]
    if data.area:
        found["map"] = [map_svg(data.area, width=w, prefix=f"map-{n}") for n, w in _MAP_WIDTHS]
    if data.timeline:
        found["timeline"] = [timeline_svg(data.timeline, width=w, prefix=f"timeline-{n}") for n, w in _TIMELINE_WIDTHS]
    # the writer of the drawing has escaped every text in it
    return {name: [Markup(svg) for svg in drawn] for name, drawn in found.items()}  # noqa: S704


@cache
def _style() -> Markup:
    text = resources.files("forewarn.respond.brief").joinpath("templates", "brief.css").read_text("utf-8")
    return Markup(text)  # noqa: S704 - our own file


@cache
def _environment(kind: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("forewarn.respond.brief"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_html_value if kind == "html" else _markdown_value,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "claims": claims_words,
        "coercion": coercion_words,
        "instant": instant_words,
        "own": Markup,  # for ids that we made ourselves, and nothing else
        "short": short,
        "month": month_label,
        "month_words": month_words,
        "fan_words": fan_words,
        "timeline_words": timeline_description,
        "counted": lambda number: f"{number:,.0f}",
    }
    return environment


def _markdown_value(value: object) -> object:
    if isinstance(value, Undefined):
        return value
    return value if isinstance(value, Markup) else Markup(markdown(value))  # noqa: S704 - escaped as Markdown


def _html_value(value: object) -> object:
    return value if isinstance(value, Markup) or not isinstance(value, str) else harmless(value)
