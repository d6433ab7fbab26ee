"""A document as plain values, as JSON, and back again without loss.

Owns the form ``forewarn.document/1``: the fields of the nouns under their own names, days and instants as ISO 8601,
absent values as null. Refuses what is not that form: unknown and missing fields, values of another kind, spans that
leave the text. ``document_of_json(document_as_json(d))`` equals ``d``.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from itertools import repeat
from typing import Any, get_args, get_origin, get_type_hints

from forewarn.errors import InputFormatError, InputValueError, shorten
from forewarn.model.document import Document, Span

__all__ = ["DOCUMENT_SCHEMA", "document_as_json", "document_as_plain", "document_of_json", "document_of_plain"]

DOCUMENT_SCHEMA = "forewarn.document/1"
"""The name of the form, in the field ``schema``."""

_MEND = "give a document as 'forewarn document parse --format json' writes it"

_PLAIN = (str, int, float, bool, tuple[str, ...], date | None, datetime | None, int | None)


def document_as_json(document: Document) -> str:
    """The document as one JSON object, the same text for equal documents."""
    return json.dumps(document_as_plain(document), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def document_of_json(text: str, *, name: str = "document") -> Document:
    """The document that the text holds.

    Raises:
        InputFormatError: it is not JSON, or not of the form.
        InputValueError: a value is out of its range.
    """
    try:
        plain = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise InputFormatError("is not JSON", where=name, mend=_MEND) from None
    return document_of_plain(plain, name=name)


def document_as_plain(document: Document) -> dict[str, Any]:
    """The document as dictionaries, lists, texts, numbers and nothing else; ``schema`` first."""
    return {"schema": DOCUMENT_SCHEMA, **_plain(document)}


def document_of_plain(plain: object, *, name: str = "document") -> Document:
    """The document of plain values; see :func:`document_of_json`."""
    if not isinstance(plain, dict) or plain.get("schema") != DOCUMENT_SCHEMA:
        raise InputFormatError(f"does not say that it is {DOCUMENT_SCHEMA}", where=name, mend=_MEND)
    values = {key: value for key, value in plain.items() if key != "schema"}
    try:
        document: Document = _reader(Document)(values)
    except _WrongError as wrong:
        raise InputFormatError(str(wrong), where=f"{name}{''.join(reversed(wrong.way))}", mend=_MEND) from None
    for where, span in _spans(document, name):
        if span.end > len(document.text):
            raise InputValueError(f"{span.start}..{span.end} leaves the text", where=where, mend="correct the offsets")
    return document


def _no_constant(word: str) -> float:
    raise ValueError(word)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


class _WrongError(Exception):
    """A value that is not of the form, with the way to it, innermost part first."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.way: list[str] = []


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What makes values of an annotation out of plain ones; it raises :class:`_WrongError`."""
    if isinstance(kind, types.UnionType):
        (inner,) = (_reader(one) for one in get_args(kind) if one is not types.NoneType)
        return lambda value: None if value is None else inner(value)
    if get_origin(kind) is tuple:
        return _list_reader(get_args(kind))
    if is_dataclass(kind):
        return _noun_reader(kind)
    if kind in (date, datetime):
        return _day_reader(kind)
    return _scalar_reader(kind)


def _scalar_reader(kind: Any) -> Callable[[Any], Any]:
    accepted = {float: (float, int)}.get(kind, (kind,))

    def read(value: Any) -> Any:
        if type(value) not in accepted:
            raise _refused(value, kind.__name__)
        try:
            return kind(value)
        except OverflowError:
            raise _refused(value, kind.__name__) from None

    return read


def _list_reader(kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    many = kinds[1:] == (Ellipsis,)
    readers = [_reader(kinds[0])] if many else [_reader(one) for one in kinds]

    def read(value: Any) -> Any:
        if not isinstance(value, list) or not (many or len(value) == len(readers)):
            raise _refused(value, "list" if many else f"list of {len(readers)}")
        made: list[Any] = []
        try:
            made.extend(
                reader(one) for one, reader in zip(value, repeat(readers[0]) if many else readers, strict=False)
            )
        except _WrongError as wrong:
            wrong.way.append(f"[{len(made)}]")
            raise
        return tuple(made)

    return read


def _noun_reader(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = {name: _reader(hint) for name, hint in hints.items()}
    required = tuple(one.name for one in fields(kind) if one.default is MISSING)

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise _refused(value, kind.__name__)
        values, name = {}, ""
        try:
            for name, one in value.items():
                if name not in readers:
                    raise _WrongError(f"is no field of a {kind.__name__}")
                values[name] = readers[name](one)
            for name in required:
                if name not in values:
                    raise _WrongError("is missing")
        except _WrongError as wrong:
            wrong.way.append(f".{shorten(name)}")
            raise
        return kind(**values)

    return read


def _day_reader(kind: Any) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        try:
            return kind.fromisoformat(value)
        except (TypeError, ValueError):
            raise _refused(value, "day or instant") from None

    return read


def _refused(value: Any, wanted: str) -> _WrongError:
    return _WrongError(f"{shorten(repr(value)[:200], 40)} is no {wanted}")


@cache
def _inner_fields(kind: Any) -> tuple[str, ...]:
    """The fields of a noun that may hold spans."""
    return tuple(name for name, hint in get_type_hints(kind).items() if hint not in _PLAIN)


def _spans(value: Any, where: str) -> Iterator[tuple[str, Span]]:
    if isinstance(value, Span):
        yield where, value
    elif isinstance(value, tuple):
        for position, inner in enumerate(value):
            yield from _spans(inner, f"{where}[{position}]")
    elif is_dataclass(value):
        kind: Any = type(value)
        for name in _inner_fields(kind):
            yield from _spans(getattr(value, name), f"{where}.{name}")
