"""Classes of retention: how long evidence is kept before it may be purged.

Owns the typed reading of ``retention.yaml``. The periods are defaults of ours, and no rule of law.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forewarn.taxonomy.reading import load_list

__all__ = ["RetentionClass", "retention_classes"]


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
    for name, node in load_list("retention.yaml").fields("id", "version", "classes")["classes"].entries.items():
        fields = node.fields("label", "days")
        days = None if fields["days"].value is None else fields["days"].whole(1, 36_500)
        found[name] = RetentionClass(name, fields["label"].text(), days)
    return found
