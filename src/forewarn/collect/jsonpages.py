"""Reading JSON as services give it: a list, a page with a list in it, pages one after the other, or single objects.

Owns the streaming of items out of a document of any size: memory holds a block and one item. Numbers stay as
written. Refuses what breaks off, items longer than :data:`LONGEST` characters, and nesting deeper than
:data:`DEEPEST`, which is a fault of the item alone.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NoReturn

from forewarn.collect.gathering import Unread
from forewarn.collect.tabular.opening import Readable, open_text, require_text_bytes
from forewarn.errors import InputFormatError

__all__ = ["DEEPEST", "LONGEST", "flat", "json_items", "json_text"]

LONGEST = 32_000_000
DEEPEST = 32
_BLOCK = 1 << 20
_BLANK = " \t\r\n"
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def json_items(path: Path, name: str, lists: Collection[str]) -> Iterator[dict[str, Any] | Unread]:
    """The objects in a file of JSON, one after the other; what is no object, or too deep, is unread.

    Args:
        path: the bytes, UTF-8, plain or gzipped.
        name: what to call the file in messages.
        lists: keys of a page under which its items stand; an object with none of them is an item itself.

    Raises:
        InputEncodingError: it is not UTF-8.
        InputFormatError: it is no JSON, is cut off, or an item is too long.
    """
    require_text_bytes(path, name)
    file = open_text(path, name)
    try:
        for value in _Reading(file, name).values(lists):
            yield _checked(value)
    finally:
        file.close()


def json_text(value: object) -> str | None:
    """A value as a cell: text as it is, nothing as ``None``, lists and objects as JSON text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def flat(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of nested objects with their paths, joined by ``/``; lists are leaves."""
    for key, inner in value.items():
        path = f"{prefix}/{key}" if prefix else key
        if isinstance(inner, dict) and inner:
            yield from flat(inner, path)
        else:
            yield path, inner


def _checked(value: object) -> dict[str, Any] | Unread:
    if not isinstance(value, dict):
        return Unread(str(value)[:80], "is not a JSON object", "give objects with named values")
    if _depth(value) > DEEPEST:
        return Unread("", f"is nested more than {DEEPEST} deep", "give less deeply nested objects")
    return value


def _depth(value: object) -> int:
    """How many objects and lists stand inside each other, counted to one more than is allowed."""
    depth, level = 0, [value]
    while level and depth <= DEEPEST:
        depth += 1
        below: list[object] = []
        for one in level:
            parts = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
            below += [part for part in parts if isinstance(part, dict | list)]
        level = below
    return depth


class _Reading:
    """One pass over the text: a window of it, and where in the window we are."""

    def __init__(self, file: Readable, name: str) -> None:
        self._file, self._name = file, name
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text, self._at, self._ended = "", 0, False

    def values(self, lists: Collection[str]) -> Iterator[object]:
        """The items of every document in the file."""
        while sign := self._peek():
            if sign == "[":
                yield from self._list()
            elif sign == "{":
                yield from self._object(lists)
            else:
                self._refuse("is no JSON list or object")

    def _list(self) -> Iterator[object]:
        self._at += 1
        if self._skip("]"):
            return
        while True:
            yield self._value()
            if self._skip("]"):
                return
            self._require(",")

    def _object(self, lists: Collection[str]) -> Iterator[object]:
        """The items of a page, or the object itself where it has none of the lists."""
        self._at += 1
        own: dict[str, object] = {}
        is_page, size = False, 0
        more = not self._skip("}")
        while more:
            key = self._value()
            self._require(":")
            if isinstance(key, str) and key in lists and self._peek() == "[":
                is_page = True
                yield from self._list()
            else:
                before = self._at
                own[str(key)] = self._value()
                size += max(self._at - before, 0)
                if size > LONGEST:
                    self._refuse(f"has an object of more than {LONGEST:,} characters")
            more = not self._skip("}")
            if more:
                self._require(",")
        if not is_page:
            yield own

    def _value(self) -> object:
        """The value that stands here; the window grows until it is whole."""
        self._peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                self._refuse("is nested too deeply")
            except ValueError:
                end = -1
            # A number at the end of the window may go on behind it.
            if 0 <= end < len(self._text) or (end >= 0 and self._ended):
                self._at = end
                return value
            if len(self._text) - self._at > LONGEST:
                self._refuse(f"has an item of more than {LONGEST:,} characters, or is no JSON")
            if not self._more():
                self._refuse("is cut off, or is no JSON")

    def _peek(self) -> str:
        """The next character that is no blank, empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANK:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _skip(self, sign: str) -> bool:
        is_there = self._peek() == sign
        self._at += is_there
        return is_there

    def _require(self, sign: str) -> None:
        if not self._skip(sign):
            self._refuse("is cut off, or is no JSON")

    def _more(self) -> bool:
        """Widen the window, letting go of what has been read; whether there was more."""
        if self._ended:
            return False
        wanted = max(_BLOCK, len(self._text) - self._at)
        block = self._file.read(wanted)
        self._ended = not block
        self._text = self._text[self._at :] + self._decoder.decode(block, final=not block)
        self._at = 0
        return not self._ended

    def _refuse(self, what: str) -> NoReturn:
        raise InputFormatError(what, where=self._name, mend="get the whole file again")
