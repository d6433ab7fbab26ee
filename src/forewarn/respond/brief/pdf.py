"""A brief as PDF, set from the same HTML by WeasyPrint, which is an optional extra.

Owns the one place where that library is loaded: late, because it reads system libraries for text and is not needed for
anything else. Nothing is fetched while a page is set, whatever an address in it says. The same brief gives the same
bytes but for the line that says when it was made: the file names neither a time nor a random identifier. What paper
does not show is taken out before, for each element costs time. Most of the time is the library's, for text and lines.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import re
from typing import Any, NoReturn

from forewarn.errors import MissingExtraError
from forewarn.respond.brief.data import BriefData
from forewarn.respond.brief.layout import instant_words
from forewarn.respond.brief.render import render_html

__all__ = ["page_digest", "pdf_of", "printed_html", "render_pdf"]

_COLOUR = re.compile(r"(--[a-z-]+):(#[0-9a-f]{3,6})")
_VARIABLE = re.compile(r"var\((--[a-z-]+)\)")
_PICTURES = re.compile(
    r'(<figure class="timeline">\s*)?(<div class="svg-wide">.*?</div>)(<div class="svg-narrow">.*?</div>)', re.DOTALL
)


def render_pdf(data: BriefData, length: str = "analyst") -> bytes:
    """The brief as the bytes of a PDF/UA file with tagged text.

    Raises :class:`MissingExtraError` where WeasyPrint or the system libraries it needs are not there.
    """
    return pdf_of(printed_html(data, length))


def printed_html(data: BriefData, length: str = "analyst") -> str:
    """The page as it is set: in the colours of print, each picture once, as wide as paper shows it."""
    html = _PICTURES.sub(lambda found: f"{found[1]}{found[2]}" if found[1] else found[3], render_html(data, length))
    style = html[html.index("@media print{:root{") :]
    palette = dict(_COLOUR.findall(style[: style.index("}")]))
    return _VARIABLE.sub(lambda found: palette.get(found[1], found[0]), html)


def page_digest(html: str, data: BriefData) -> str:
    """The digest of a page of :func:`printed_html` without the instant that its last line says it was made at."""
    line = f"<p>Made at {instant_words(data.made_at)}"  # no text of a brief holds a tag
    return hashlib.sha256(html.replace(line, "<p>").encode()).hexdigest()


def pdf_of(html: str) -> bytes:
    """A page of :func:`printed_html`, set; in drawings the library does not look variables up.

    Raises :class:`MissingExtraError` where WeasyPrint or the system libraries it needs are not there.
    """
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    document = _library().HTML(string=html, url_fetcher=_refuse)
    return bytes(document.write_pdf(pdf_identifier=identifier, pdf_variant="pdf/ua-1"))


def _library() -> Any:
    for name in ("weasyprint", "fontTools"):  # they report every rule of style they do not know
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return importlib.import_module("weasyprint")
    except (ImportError, OSError):
        raise MissingExtraError(
            "PDF needs WeasyPrint and the text library Pango, which are not here",
            where="--format pdf",
            mend="pip install 'forewarn[pdf]' (and the system's pango), or write --format html and print it",
        ) from None


def _refuse(url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError("nothing is fetched for a brief")
