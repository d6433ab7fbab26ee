"""Incidents with data: the steps of handling one, what each has to tell, and the codes there are.

Owns the typed reading of ``breach.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forewarn.taxonomy.reading import Node, load_list

__all__ = ["BreachStep", "breach_codes", "breach_fields", "breach_steps"]


@dataclass(frozen=True, slots=True)
class BreachStep:
    """A step: its name, in words, and the fields it has to tell."""

    name: str
    label: str
    fields: tuple[str, ...]


@cache
def breach_steps() -> dict[str, BreachStep]:
    """The steps by name, in their order."""
    found = {}
    for name, node in _top()["steps"].entries.items():
        fields = node.fields("label", "fields")
        for one in fields["fields"].items():
            one.choice(*breach_fields())
        found[name] = BreachStep(name, fields["label"].text(), fields["fields"].texts())
    return found


@cache
def breach_fields() -> dict[str, str]:
    """The fields, and what each tells."""
    return _top()["fields"].labels()


@cache
def breach_codes() -> dict[str, tuple[str, ...]]:
    """Of fields that take a code, the codes."""
    return {name: node.texts() for name, node in _top()["codes"].entries.items()}


@cache
def _top() -> dict[str, Node]:
    return load_list("breach.yaml").fields("id", "version", "steps", "fields", "codes")
