"""Reading XML that may have been made to harm: one small document, or a refusal that says why.

Owns the only XML parser of the package. Refuses document types (and with them entities of every sort), anything
deeper than :data:`DEEPEST`, larger than :data:`LARGEST_BYTES` or of more than :data:`MOST_ELEMENTS` elements;
comments and processing instructions are passed over. Nothing outside the bytes is ever read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from lxml import etree

from forewarn.collect.tabular.opening import open_text
from forewarn.errors import InputFormatError

__all__ = [
    "DEEPEST",
    "LARGEST_BYTES",
    "MOST_ELEMENTS",
    "children",
    "local_name",
    "read_xml",
    "read_xml_file",
    "text_of",
]

LARGEST_BYTES = 32_000_000
DEEPEST = 64
MOST_ELEMENTS = 500_000
_MOST_ATTRIBUTES = 200
_BLOCK = 32_768


class _RefusedError(Exception):
    """What is in the document that is not taken, and what to do about it."""


class _Bounded:
    """Builds the tree while counting, and refuses a document type before what it declares is read."""

    def __init__(self) -> None:
        self._builder = etree.TreeBuilder()
        self._depth = self._elements = 0
        self._refused = ""

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        self._refuse("has a document type (DTD), which is not read")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if len(attributes) > _MOST_ATTRIBUTES:
            self._refuse(f"has an element with more than {_MOST_ATTRIBUTES} attributes")
        if self._depth > DEEPEST:
            self._refuse(f"is nested more than {DEEPEST} deep")
        if self._elements > MOST_ELEMENTS:
            self._refuse(f"has more than {MOST_ELEMENTS:,} elements")
        self._builder.start(tag, attributes)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._builder.end(tag)

    def data(self, text: str) -> None:
        self._builder.data(text)

    def close(self) -> etree._Element:
        # The parser closes its target after an error too, and would tell of an unfinished tree instead.
        if self._refused:
            raise _RefusedError(self._refused)
        return self._builder.close()

    def _refuse(self, what: str) -> NoReturn:
        self._refused = what
        raise _RefusedError(what)


def read_xml(data: bytes, name: str) -> etree._Element:
    """The root of the document.

    Args:
        data: the whole document, in the encoding it declares.
        name: what to call it in messages.

    Raises:
        InputFormatError: it is not well-formed, too large or too deep, or has a document type.
    """
    if len(data) > LARGEST_BYTES:
        raise InputFormatError(f"is larger than {LARGEST_BYTES:,} bytes of XML", where=name, mend="split it")
    parser = etree.XMLParser(
        target=_Bounded(),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
    )
    try:
        for start in range(0, len(data), _BLOCK):
            parser.feed(data[start : start + _BLOCK])
        root = parser.close()
    except _RefusedError as refused:
        raise InputFormatError(str(refused), where=name, mend="get it again from its sender, without that") from None
    except (etree.LxmlError, ValueError, LookupError, AssertionError) as error:
        line = getattr(error, "lineno", None)
        where = f"{name}, line {line}" if line else name
        raise InputFormatError("is not well-formed XML", where=where, mend="get the whole file again") from None
    if root is None:
        raise InputFormatError("is empty", where=name, mend="get the whole file again")
    return root


def read_xml_file(path: Path, name: str) -> etree._Element:
    """The root of the document in a file, unpacked where it is gzipped; errors as of :func:`read_xml`."""
    file = open_text(path, name)
    data = bytearray()
    try:
        while len(data) <= LARGEST_BYTES and (block := file.read(_BLOCK)):
            data += block
    finally:
        file.close()
    return read_xml(bytes(data), name)


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children of those names, whatever their namespace."""
    return (child for child in element if local_name(child) in names)


def text_of(element: etree._Element, *names: str) -> str:
    """The text of the first child of the first name that has any, markup inside it included as text; else empty."""
    for name in names:
        for child in children(element, name):
            if text := "".join(str(part) for part in child.itertext()).strip():
                return text
    return ""
