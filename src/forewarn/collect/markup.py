"""Text out of HTML: what a reader would see, as plain text.

Owns the one place where markup of messages is taken off. Scripts, styles and everything in the head are left out;
nothing is fetched, run or followed. What the parser gives up on is stripped of tags by pattern, so no text is lost.
"""

from __future__ import annotations

import re

from lxml import etree

__all__ = ["plain_text"]

_LOOKS_MARKED_UP = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#]")
_TAG = re.compile(r"<[^<>]*>")
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
_LINES = re.compile(r" ?\n[ \n]*")
_SILENT = frozenset(("script", "style", "head", "title", "template", "noscript", "object", "svg"))
_BREAKS = frozenset(("p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table"))


class _Visible:
    """Gathers the text outside of silent elements."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._silent = 0

    def start(self, tag: str, _: dict[str, str]) -> None:
        self._silent += tag in _SILENT
        if tag in _BREAKS:
            self._parts.append("\n")

    def end(self, tag: str) -> None:
        self._silent -= tag in _SILENT

    def data(self, text: str) -> None:
        if not self._silent:
            self._parts.append(text)

    def close(self) -> str:
        return "".join(self._parts)


def plain_text(text: str) -> str:
    """The text without markup, white space folded, line breaks where blocks end. Plain text stays as it is."""
    if _LOOKS_MARKED_UP.search(text):
        text = _parsed(text)
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()


def _parsed(text: str) -> str:
    data = text.replace("\0", " ").encode("utf-8", "replace")
    parser = etree.HTMLParser(target=_Visible(), no_network=True, huge_tree=False, encoding="utf-8")
    try:
        parser.feed(data)
        told = str(parser.close())
    except (etree.LxmlError, ValueError, AssertionError):
        return _TAG.sub(" ", text)
    gave_up = any(error.level_name == "FATAL" for error in parser.error_log)
    return _TAG.sub(" ", text) if gave_up else told
