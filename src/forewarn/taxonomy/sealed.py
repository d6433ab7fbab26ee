"""What may be kept of a reporter, witness or victim: roles, bases, fields each with its purpose, and kinds of care.

Owns the typed reading of ``sealed.yaml``. A field that has no purpose there does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forewarn.taxonomy.reading import Node, load_list

__all__ = ["Care", "care_kinds", "sealed_bases", "sealed_fields", "sealed_roles"]


@dataclass(frozen=True, slots=True)
class Care:
    """A kind of person or harm that asks for more care: fields it needs and refuses, and the words to be shown."""

    name: str
    needs: tuple[str, ...]
    refuses: tuple[str, ...]
    words: str


@cache
def sealed_roles() -> dict[str, str]:
    """What a person can be to what was reported."""
    return _top()["roles"].labels()


@cache
def sealed_bases() -> dict[str, str]:
    """On what a person's data may be kept."""
    return _top()["bases"].labels()


@cache
def sealed_fields() -> dict[str, str]:
    """The fields there are, and the purpose of each."""
    return _top()["fields"].labels()


@cache
def care_kinds() -> dict[str, Care]:
    """The kinds of care by name."""
    return {name: _care(name, node) for name, node in _top()["care"].entries.items()}


def _care(name: str, node: Node) -> Care:
    fields = node.fields("needs", "refuses", "words")
    for key in ("needs", "refuses"):
        for one in fields[key].items():
            one.choice(*sealed_fields())
    return Care(name, fields["needs"].texts(), fields["refuses"].texts(), fields["words"].text())


@cache
def _top() -> dict[str, Node]:
    return load_list("sealed.yaml").fields("id", "version", "roles", "bases", "fields", "care")
