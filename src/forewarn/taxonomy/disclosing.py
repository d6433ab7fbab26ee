"""How sensitive each field is, and which words stand for places that must not be told.

Owns the typed reading of ``disclosure.yaml``. A field that the list does not name is of the highest class, so that a
new column stays in until somebody has thought about it.
"""

from __future__ import annotations

from functools import cache

from forewarn.taxonomy.reading import Node, load_list

__all__ = ["FIELD_CLASSES", "classified_fields", "field_class", "sensitive_place_words"]

FIELD_CLASSES = ("low", "moderate", "high", "severe")


def field_class(name: str) -> str:
    """How sensitive a field is, one of :data:`FIELD_CLASSES`; ``severe`` where nobody has said."""
    return _fields().get(name, "severe")


@cache
def sensitive_place_words() -> tuple[str, ...]:
    """Words for clinics, shelters, camps and ways that people use, folded in case."""
    return tuple(word.casefold() for word in _top()["sensitive_places"].texts())


@cache
def classified_fields() -> frozenset[str]:
    """The fields that somebody has classified."""
    return frozenset(_fields())


@cache
def _fields() -> dict[str, str]:
    found = _top()["fields"].fields(*FIELD_CLASSES)
    return {name: kind for kind, names in found.items() for name in names.texts()}


@cache
def _top() -> dict[str, Node]:
    return load_list("disclosure.yaml").fields("id", "version", "fields", "sensitive_places")
