"""Word files (docx) to text: the paragraphs in order, tables row by row, notes at the end.

Owns the unpacking and its limits. Refuses packed files made to harm, document types inside the XML, and files without
a Word document. Text marked as deleted or hidden is left out and counted; nothing linked or embedded is followed.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from forewarn.collect.documents.reading.furniture import furniture_of, merged
from forewarn.collect.documents.reading.source import SourceText
from forewarn.collect.xml import LARGEST_BYTES, children, local_name, read_xml
from forewarn.errors import InputFormatError
from forewarn.model.document import Span

__all__ = ["read_docx"]

_MOST_PARTS = 4_000
_LARGEST_RATIO = 400
_SMALL = 1_000_000
_BODY = "word/document.xml"
_HEADS = re.compile(r"word/(?:header|footer)\d{0,4}\.xml")
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_OFF = frozenset(("0", "false", "off"))
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_PASSED_OVER = frozenset(("Fallback", "pPr", "rPr", "sectPr", "tblPr", "tcPr", "trPr", "instrText", "delInstrText"))
_DELETED = frozenset(("del", "moveFrom"))
_BROKEN = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, struct.error,
    OverflowError, MemoryError,
)  # fmt: skip


def read_docx(data: bytes, name: str) -> SourceText:
    """The text of a Word file, paragraphs parted by blank lines, cells of a row by tabs.

    Heads and feet stand first, marked as furniture; footnotes and endnotes last.

    Raises:
        InputFormatError: it is broken, encrypted, made to harm, or no Word document.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _Reading(package, name).source()
    except InputFormatError:
        raise
    except _BROKEN:
        raise InputFormatError("is no whole docx file", where=name, mend="get it again") from None


class _Reading:
    """One pass over a package."""

    def __init__(self, package: zipfile.ZipFile, name: str) -> None:
        self._package = package
        self._name = name
        self._parts = {part.filename: part for part in package.infolist()}
        self._hidden = self._deleted = 0
        self._is_numbered = False

    def source(self) -> SourceText:
        """The text of the package."""
        if len(self._parts) > _MOST_PARTS:
            raise InputFormatError(f"has more than {_MOST_PARTS:,} parts", where=self._name, mend="save it again")
        if _BODY not in self._parts:
            raise InputFormatError("is packed, and no Word document", where=self._name, mend="give docx, PDF or text")
        heads = list(dict.fromkeys(words for part in sorted(self._parts) if _HEADS.fullmatch(part)
                                   for words in self._paragraphs(self._root(part))))  # fmt: skip
        body = list(self._paragraphs(self._root(_BODY)))
        for part in _NOTES:
            if part in self._parts:
                body += self._paragraphs(self._root(part))
        head = "\n\n".join(heads) + "\n\n" if heads else ""
        text = head + "\n\n".join(body)
        furniture = merged([Span(0, len(head)), *furniture_of(text)])
        return SourceText(text, "docx", furniture=furniture, flags=self._flags(), notes=self._notes())

    def _flags(self) -> tuple[str, ...]:
        told = (("deleted_text", self._deleted), ("hidden_text", self._hidden), ("numbers_not_read", self._is_numbered))
        return tuple(flag for flag, given in told if given)

    def _notes(self) -> tuple[str, ...]:
        told = (
            (self._deleted, f"{self._deleted:,} characters marked as deleted were left out."),
            (self._hidden, f"{self._hidden:,} characters of hidden text were left out."),
            (self._is_numbered, "Numbers that Word counts by itself are not in the text."),
        )
        return tuple(words for given, words in told if given)

    def _root(self, part: str) -> etree._Element:
        info = self._parts[part]
        with self._package.open(info) as file:
            data = file.read(LARGEST_BYTES + 1)
        if len(data) > max(_SMALL, _LARGEST_RATIO * info.compress_size):
            raise InputFormatError("unpacks to far more than it holds", where=self._name, mend="save it again")
        return read_xml(data, f"{self._name}, {part}")

    def _paragraphs(self, root: etree._Element) -> Iterator[str]:
        """The paragraphs below an element that hold words, and the rows of tables."""
        for element in root:
            kind = local_name(element)
            if kind == "p":
                yield from self._paragraph(element)
            elif kind == "tr":
                yield from self._row(element)
            elif kind not in _PASSED_OVER and kind not in _DELETED:
                yield from self._paragraphs(element)

    def _row(self, row: etree._Element) -> Iterator[str]:
        cells = [
            list(self._paragraphs(cell)) for cell in row.iter() if local_name(cell) == "tc" and _row_of(cell) is row
        ]
        if all(len(cell) <= 1 and "\n" not in "".join(cell) for cell in cells):
            words = "\t".join("".join(cell) for cell in cells).strip()
            if words:
                yield words
        else:
            yield from (words for cell in cells for words in cell)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[str]:
        boxes: list[etree._Element] = []
        self._is_numbered = self._is_numbered or any(
            local_name(mark) == "numPr" for part in children(paragraph, "pPr") for mark in part
        )
        words = "".join(self._runs(paragraph, boxes)).strip()
        if words:
            yield words
        for box in boxes:
            yield from self._paragraphs(box)

    def _runs(self, element: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
        for part in element:
            kind = local_name(part)
            if kind in _DELETED:
                self._deleted += sum(
                    len(words.text or "") for words in part.iter() if local_name(words) in ("delText", "t")
                )
            elif kind == "txbxContent":
                boxes.append(part)
            elif kind == "t":
                yield part.text or ""
            elif kind in _CHARACTERS:
                yield _CHARACTERS[kind]
            elif kind == "r" and _is_hidden(part):
                self._hidden += sum(len(words.text or "") for words in part.iter() if local_name(words) == "t")
            elif kind not in _PASSED_OVER:
                yield from self._runs(part, boxes)


def _row_of(cell: etree._Element) -> etree._Element | None:
    """The row a cell stands in, content controls between them passed over."""
    above = cell.getparent()
    while above is not None and local_name(above) != "tr":
        above = above.getparent()
    return above


def _is_hidden(run: etree._Element) -> bool:
    """Whether a run of text is set as hidden."""
    for properties in children(run, "rPr"):
        for mark in children(properties, "vanish"):
            values = [value for key, value in mark.attrib.items() if str(key).rpartition("}")[2] == "val"]
            return not values or str(values[0]).lower() not in _OFF
    return False
