"""One page and its trace, as PDF: set without fetching anything, the same each time."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdfium2
import pytest

from forewarn.errors import MissingExtraError
from forewarn.respond.brief import BriefData, render_html, render_markdown, render_pdf

Make = Callable[..., BriefData]


def pages(data: bytes) -> list[str]:
    """The text of each page."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(data))]


def test_pdf_is_one_page_and_its_trace_and_the_same_each_time(brief: Make) -> None:
    """The trace begins on the second page; the same brief gives the same bytes."""
    data = brief()
    try:
        first = render_pdf(data, "desk")
    except MissingExtraError as error:
        pytest.skip(error.what)
    assert first == render_pdf(data, "desk")
    found = pages(first)
    assert "Options, all three pillars" in found[0]
    assert "Where every figure comes from" in found[1]


@pytest.mark.parametrize("render", [render_html, render_markdown])
def test_one_page_says_what_is_withheld_and_for_whom(brief: Make, render: Callable[[BriefData, str], str]) -> None:
    """Audience and what is withheld stand at the top, on both lengths."""
    data = brief(audience="TLP:GREEN", withheld="3 incidents are withheld")
    for length in ("desk", "analyst"):
        page = render(data, length).replace("\\", "")
        assert "TLP:GREEN" in page
        assert "3 incidents are withheld" in page
