"""Classes of retention: how long evidence is kept before it may be purged.

Owns the typed reading of ``retention.yaml``. The periods are defaults of ours, and no rule of law.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from forewarn.taxonomy.reading import Node, load_list

__all__ = ["RetentionClass", "default_retention", "retention_classes"]


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """A class by name, in words, and its days after acquisition; ``None`` has no end."""

    name: str
    label: str
    days: int | None


@cache
def retention_classes() -> dict[str, RetentionClass]:
    """All classes by name, longest first."""
    found = {}
    for name, node in _list()["classes"].entries.items():
        fields = node.fields("label", "days")
        days = None if fields["days"].value is None else fields["days"].whole(1, 36_500)
        found[name] = RetentionClass(name, fields["label"].text(), days)
    return found


def default_retention(sensitivity: str) -> str:
    """The class of an item of that sensitivity for which nobody named one."""
    return _list()["defaults"].fields("low", "moderate", "high", "severe")[sensitivity].choice(*retention_classes())


@cache
def _list() -> Mapping[str, Node]:
    return load_list("retention.yaml").fields("id", "version", "defaults", "classes")
