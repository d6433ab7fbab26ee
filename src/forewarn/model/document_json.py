"""A document as plain values, as JSON, and back again without loss.

Owns the form ``forewarn.document/1``: the fields of the nouns under their own names, days and instants as ISO 8601,
absent values as null. Refuses what is not that form: unknown and missing fields, values of another kind, spans that
leave the text. ``document_of_json(document_as_json(d))`` equals ``d``.
"""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from forewarn.errors import InputFormatError, InputValueError, shorten
from forewarn.model.document import Document, Span

__all__ = ["DOCUMENT_SCHEMA", "document_as_json", "document_as_plain", "document_of_json", "document_of_plain"]

DOCUMENT_SCHEMA = "forewarn.document/1"
"""The name of the form, in the field ``schema``."""

_MEND = "give a document as 'forewarn document parse --format json' writes it"


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
    document: Document = _typed(values, Document, name)
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


def _typed(value: Any, kind: Any, where: str) -> Any:
    """The value as the annotation has it."""
    if isinstance(kind, types.UnionType):
        (inner,) = (one for one in get_args(kind) if one is not types.NoneType)
        return None if value is None else _typed(value, inner, where)
    if get_origin(kind) is tuple:
        return _typed_list(value, get_args(kind), where)
    if is_dataclass(kind):
        return _typed_noun(value, kind, where)
    if kind in (date, datetime):
        return _typed_day(value, kind, where)
    wanted = (int, float) if kind is float else kind
    if not isinstance(value, wanted) or (isinstance(value, bool) and kind is not bool):
        raise _refused(value, kind.__name__, where)
    return float(value) if kind is float else value


def _typed_list(value: Any, kinds: tuple[Any, ...], where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _refused(value, "list", where)
    if kinds[1:] == (Ellipsis,):
        return tuple(_typed(one, kinds[0], f"{where}[{position}]") for position, one in enumerate(value))
    if len(value) != len(kinds):
        raise _refused(value, f"list of {len(kinds)}", where)
    return tuple(_typed(one, kind, where) for one, kind in zip(value, kinds, strict=True))


def _typed_noun(value: Any, kind: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise _refused(value, kind.__name__, where)
    hints, required = _fields_of(kind)
    for name in value:
        if name not in hints:
            raise InputFormatError(f"has an unknown field '{shorten(name)}'", where=where, mend=_MEND)
    for name in required:
        if name not in value:
            raise InputFormatError(f"lacks the field '{name}'", where=where, mend=_MEND)
    return kind(**{name: _typed(one, hints[name], f"{where}.{name}") for name, one in value.items()})


@cache
def _fields_of(kind: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    hints = get_type_hints(kind)
    return hints, tuple(one.name for one in fields(kind) if one.default is MISSING)


def _typed_day(value: Any, kind: Any, where: str) -> Any:
    try:
        return kind.fromisoformat(value)
    except (TypeError, ValueError):
        raise _refused(value, "day or instant", where) from None


def _refused(value: Any, wanted: str, where: str) -> InputFormatError:
    return InputFormatError(f"{shorten(repr(value), 40)} is no {wanted}", where=where, mend=_MEND)


def _spans(value: Any, where: str) -> Iterator[tuple[str, Span]]:
    if isinstance(value, Span):
        yield where, value
    elif is_dataclass(value):
        for one in fields(value):
            yield from _spans(getattr(value, one.name), f"{where}.{one.name}")
    elif isinstance(value, tuple):
        for position, inner in enumerate(value):
            yield from _spans(inner, f"{where}[{position}]")
