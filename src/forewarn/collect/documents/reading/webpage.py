"""HTML to text: what a reader of the page would see, block by block.

Owns what is left out: scripts, styles, and everything hidden by attribute or style, counted and told in a note.
Nothing is fetched, run or followed; navigation is kept and marked as furniture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from forewarn.collect.documents.reading.encodings import decoded
from forewarn.collect.documents.reading.furniture import furniture_of, merged
from forewarn.collect.documents.reading.source import SourceText
from forewarn.errors import InputEncodingError, InputFormatError
from forewarn.model.document import Span

__all__ = ["read_html"]

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_UTF_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_SILENT = frozenset(
    ("script", "style", "head", "template", "noscript", "object", "svg", "iframe", "canvas", "select", "textarea")
)
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot"),
        *("thead", "tr", "ul"),
    )
)
_AROUND = frozenset(("nav", "footer"))
_CELLS = frozenset(("td", "th"))
_HIDING = (
    r"display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}(?:hidden|collapse)|font-size\s{0,5}:\s{0,5}0(?:\.0{1,5})?"
    r"(?:px|pt|em|rem|%)?\s{0,5}(?:;|!|$)|opacity\s{0,5}:\s{0,5}0(?:\.0{1,5})?\s{0,5}(?:;|!|$)|"
    r"(?:left|top|text-indent)\s{0,5}:\s{0,5}-\d{3,}"
)
_HIDDEN = re.compile(_HIDING, re.IGNORECASE)
_SELECTOR = re.compile(r"[.#][A-Za-z_][\w-]{0,60}")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_MOST_ELEMENTS = 500_000
_LONGEST_SHEET = 200_000
_BLOCK = 65_536


def read_html(data: bytes, name: str) -> SourceText:
    """The visible text of a page, blocks parted by blank lines, cells of a row by tabs.

    Raises:
        InputEncodingError: its bytes are not in the encoding it declares, or hold NUL.
        InputFormatError: it has more elements than a document can.
    """
    text, notes = _decoded(data, name)
    seen = _Seen(_hiding_selectors(data))
    parser = etree.HTMLParser(target=seen, no_network=True, huge_tree=False, encoding="utf-8")
    raw = text.encode("utf-8", "replace")
    try:
        for start in range(0, len(raw), _BLOCK):
            parser.feed(raw[start : start + _BLOCK])
        parser.close()
    except _TooManyError:
        raise InputFormatError(f"has more than {_MOST_ELEMENTS:,} elements", where=name, mend="split it") from None
    except (etree.LxmlError, ValueError, AssertionError):
        if raw.strip():
            raise InputFormatError(
                "is no HTML that can be read", where=name, mend="save it again, or as text"
            ) from None
    if any(error.level_name == "FATAL" and error.type_name != "ERR_DOCUMENT_EMPTY" for error in parser.error_log):
        raise InputFormatError("is no HTML that can be read", where=name, mend="save it again, or as text")
    return seen.source(notes)


def _decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    declared = _CHARSET.search(data[:4096])
    if declared is None or data.startswith(_UTF_MARKS):
        return decoded(data, name)
    charset = declared[1].decode("ascii").lower()
    if charset in ("utf-8", "utf8", "iso-8859-1", "latin1", "windows-1252", "us-ascii"):
        return decoded(data, name)
    try:
        text = data.decode(charset)
    except (LookupError, UnicodeError):
        raise InputEncodingError(f"is not in {charset}, as it declares", where=name, mend="save it as UTF-8") from None
    return decoded(text.encode("utf-8", "replace"), name)


def _hiding_selectors(data: bytes) -> frozenset[str]:
    """The classes and ids that a style sheet in the page hides."""
    found: set[str] = set()
    for sheet in _sheets(data):
        for rule in sheet.split("}"):
            selectors, _, how = rule.rpartition("{")
            if how and _HIDDEN.search(how):
                found.update(part.strip() for part in selectors.split(",") if _SELECTOR.fullmatch(part.strip()))
    return frozenset(found)


def _sheets(data: bytes) -> Iterator[str]:
    """The style sheets in the page, from each opening tag to the next closing one."""
    folded, at = data.lower(), 0
    while (opened := folded.find(b"<style", at)) >= 0:
        start, end = folded.find(b">", opened) + 1, folded.find(b"</style", opened)
        if not 0 < start <= end:
            return
        yield data[start : min(end, start + _LONGEST_SHEET)].decode("utf-8", "replace")
        at = end


class _TooManyError(Exception):
    """The page has more elements than are read."""


class _Seen:
    """Gathers what can be seen, as the parser walks the page."""

    def __init__(self, hiding: frozenset[str]) -> None:
        self._hiding = hiding
        self._parts: list[str] = []
        self._length = self._elements = self._hidden = self._silent = 0
        self._open: list[tuple[str, str]] = []
        self._counts = {"hidden": 0, "silent": 0, "pre": 0, "around": 0}
        self._around: list[int] = []
        self._furniture: list[Span] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise _TooManyError
        how = self._how(tag, attributes)
        self._open.append((tag, how))
        if how:
            self._counts[how] += 1
        if tag in _BLOCKS:
            self._end_block()
        elif tag == "br":
            self._end_line()
        elif tag in _CELLS and self._length and not self._parts[-1].endswith("\n"):
            self._put("\t")
        if how == "around" and self._counts["around"] == 1:
            self._around.append(self._length)

    def end(self, tag: str) -> None:
        """An element ends; the parser closes what a page forgot to close."""
        if tag in _BLOCKS:
            self._end_block()
        while self._open:
            opened, how = self._open.pop()
            if how:
                self._counts[how] -= 1
            if how == "around" and not self._counts["around"]:
                self._furniture.append(Span(self._around.pop(), self._length))
            if opened == tag:
                break

    def data(self, text: str) -> None:
        """Characters."""
        if self._counts["silent"]:
            self._silent += 1
        elif self._counts["hidden"]:
            self._hidden += len(text.strip())
        elif self._counts["pre"]:
            self._put(text)
        else:
            self._words(_BLANKS.sub(" ", text))

    def close(self) -> str:
        """The page ends."""
        return ""

    def source(self, notes: tuple[str, ...]) -> SourceText:
        """What was gathered."""
        text = "".join(self._parts)
        flags = []
        if self._hidden:
            flags.append("hidden_text")
            notes = (*notes, f"{self._hidden:,} characters of hidden text were left out.")
        if self._silent:
            notes = (*notes, "Scripts, styles and what is not shown were left out.")
        inside = [Span(span.start, min(span.end, len(text))) for span in self._furniture if span.start < len(text)]
        return SourceText(
            text, "html", furniture=merged([*inside, *furniture_of(text)]), flags=tuple(flags), notes=notes
        )

    def _how(self, tag: str, attributes: dict[str, str]) -> str:
        if tag in _SILENT:
            return "silent"
        names = {f".{name}" for name in attributes.get("class", "").split()} | {f"#{attributes.get('id', '')}"}
        if "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")[:2000]) or names & self._hiding:
            return "hidden"
        if tag == "pre":
            return "pre"
        return "around" if tag in _AROUND else ""

    def _words(self, words: str) -> None:
        last = self._parts[-1][-1] if self._parts else "\n"
        self._put(words.lstrip(" ") if last in " \n\t" else words)

    def _end_line(self) -> None:
        if self._parts and not (self._counts["silent"] or self._counts["hidden"]):
            self._put("\n")

    def _end_block(self) -> None:
        if not self._parts or self._parts[-1] == "\n\n":
            return
        self._put("\n\n")

    def _put(self, words: str) -> None:
        if words:
            self._parts.append(words)
            self._length += len(words)
