"""What can be tracked between a warning and a decision: kinds with their states, and what can be known of a case.

Owns the typed reading of ``tracker.yaml``. Words for states describe what somebody recorded; none is a judgement of the
owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forewarn.taxonomy.reading import Node, load_list

__all__ = ["TrackerKind", "case_words", "kind_from_undertaking", "tracker_kinds"]


@dataclass(frozen=True, slots=True)
class TrackerKind:
    """A kind of item: its states, those in which nothing is owed any more, and those that need evidence."""

    name: str
    label: str
    states: tuple[str, ...]
    settled: tuple[str, ...]
    proven: tuple[str, ...]


@cache
def tracker_kinds() -> dict[str, TrackerKind]:
    """All kinds by name."""
    return {name: _kind(name, node) for name, node in _top()["kinds"].entries.items()}


@cache
def case_words() -> dict[str, str]:
    """What can be on record about an incident, by code; the first is shown where nothing was found."""
    return _top()["cases"].labels()


@cache
def kind_from_undertaking() -> dict[str, str]:
    """By kind of undertaking in a document, the kind of item it becomes when a person takes it up."""
    found = _top()["from_undertaking"]
    return {code: node.choice(*tracker_kinds()) for code, node in found.entries.items()}


@cache
def _top() -> dict[str, Node]:
    return load_list("tracker.yaml").fields("id", "version", "kinds", "cases", "from_undertaking")


def _kind(name: str, node: Node) -> TrackerKind:
    fields = node.fields("label", "states", "settled", "proven")
    states = fields["states"].texts()
    for list_name in ("settled", "proven"):
        for one in fields[list_name].items():
            one.choice(*states)
    return TrackerKind(name, fields["label"].text(), states, fields["settled"].texts(), fields["proven"].texts())
