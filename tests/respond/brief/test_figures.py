"""The pictures."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from forewarn.respond.brief import AreaMap, BriefData, Fan, FanMonth, MapCell, MapPlace, Outline, Series, SeriesMonth
from forewarn.respond.brief.canvas import COLOURS
from forewarn.respond.brief.figures import months_svg
from forewarn.respond.brief.maps import map_svg

Make = Callable[..., BriefData]


def _months(brief: Make, width: int = 620) -> str:
    data = brief()
    assert data.series is not None
    return months_svg(data.series, data.fan, width=width, prefix="p")


def _map(brief: Make) -> str:
    area = brief().area
    assert area is not None
    return map_svg(area, width=450, prefix="m")


def _texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter("text")]  # noqa: S314 - our own drawing


def test_pictures_are_parts_of_a_page(brief: Make) -> None:
    """Each is one SVG element, told in words, with ids of its own, without script, address or colour of its own."""
    for svg, prefix in ((_months(brief), "p"), (_map(brief), "m")):
        root = ET.fromstring(svg)  # noqa: S314 - our own drawing
        assert (root.tag, root.get("role")) == ("svg", "img")
        assert root.get("aria-labelledby") == f"{prefix}-title {prefix}-desc"
        assert len(root[0].text or "") > 10
        assert len(root[1].text or "") > 40
        assert not re.search(r"<script|<style|http|<metadata|<\?xml", svg)
        assert set(re.findall(r"var\(--([a-z-]+)\)", svg)) <= set(COLOURS)
        assert set(re.findall(r' (?:fill|stroke)="(.)', svg)) <= {"v", "u", "n"}  # a variable, a pattern, or none
        assert all(name.startswith(prefix) for name in re.findall(r'\bid="([^"]+)"', svg))


def test_the_same_data_give_the_same_bytes(brief: Make) -> None:
    """Nothing random and no date is in a drawing."""
    assert _months(brief) == _months(brief)
    assert _map(brief) == _map(brief)


def test_unseen_none_and_some_look_different(brief: Make) -> None:
    """An unobserved month is hatched and said to be unknown; an observed month without a death is not."""
    svg = _months(brief)
    assert svg.count("not observed; nobody knows") == 2
    assert svg.count("<pattern") == 1
    assert "2030-04: at least 14 deaths, best 18, up to 28" in svg
    assert "2028-07: at least" not in svg


def test_numbers_beyond_the_scale_are_written_out(later: BriefData) -> None:
    """What became known later is cut at the top, marked, and its range is said."""
    assert later.series is not None
    for width in (620, 350):
        svg = months_svg(later.series, later.fan, width=width, prefix="p")
        assert "80–300 ↑" in _texts(svg)
        assert "as became known later: 80–300 deaths" in svg


def test_the_map_shows_cells_towns_and_scale(brief: Make) -> None:
    """Ranges stand beside circles, towns have names, the scale is a round number of kilometres."""
    texts = _texts(_map(brief))
    assert {"20–44", "6–9", "10–12", "Ombra", "Velk", "100 km", "N"} <= set(texts)
    assert "2 incidents are known too roughly" in _map(brief)


@pytest.mark.parametrize("name", ["<b>x</b>", "$\\frac{1}{0}$", "a & b", 'q"uote', "မောင်တော", "عربي", "x" * 400])
def test_names_are_never_markup_or_mathematics(brief: Make, name: str) -> None:
    """A town of any name is text: no tag, no formula, no warning about a missing glyph."""
    area = brief().area
    assert area is not None
    svg = map_svg(replace(area, places=(MapPlace(name, 12.9, 20.6, 9_000),)), width=450, prefix="m")
    shown = name if len(name) <= 28 else f"{name[:27]}…"
    assert shown in _texts(svg)
    assert "<b>" not in svg


def test_empty_and_extreme_data_are_drawn() -> None:
    """No cell, one place; one month; all unobserved; ten million: each gives a picture."""
    empty = AreaMap("Map", "deaths", (), (MapPlace("Town", 0.0, 179.9, 1),), "Nobody was looking.", ())
    assert "could be placed" in map_svg(empty, width=350, prefix="m")
    polar = AreaMap("Map", "deaths", (MapCell(1, 0, 0, 1), MapCell(259_200, 0, 9, 1)), (), "Seen.", ())
    assert "</svg>" in map_svg(polar, width=350, prefix="m")
    line = AreaMap("Map", "deaths", (), (), "Seen.", (), (Outline("x", (((0.0, 0.0), (1.0, 1.0)),)),))
    assert "</svg>" in map_svg(line, width=350, prefix="m")
    big = 10_000_000
    for months in (
        (SeriesMonth(600, None, None, None, False),),
        (SeriesMonth(600, 0, 0, 0, True),),
        (SeriesMonth(600, big, big, big, True),),
        tuple(SeriesMonth(month, 1, 2, 3, month % 2 == 0) for month in range(1, 500)),
    ):
        series = Series("Months", "deaths", months, "Seen.", ())
        fan = Fan((FanMonth(601, 0, 0, 0, 0, 1e6),), "deaths", "zero", "f", 600, date(2030, 6, 30))
        assert "</svg>" in months_svg(series, fan, width=350, prefix="p")
        assert "</svg>" in months_svg(series, None, width=620, prefix="p")
