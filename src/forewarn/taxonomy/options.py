"""What is noted about each measure, and which signs of a situation call it to mind.

Owns the typed reading of ``measure_notes.yaml`` and ``measure_matches.yaml``. Every measure has a note; a match names
indicators of the risk framework and measures of coercion 0 and 1 only, and the list is refused whole where it names
anything else: software calls to mind, it does not propose coercion.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forewarn.taxonomy.framework import risk_framework
from forewarn.taxonomy.lists import measures
from forewarn.taxonomy.reading import Node, load_list

__all__ = ["MATCHES_FILE", "NOTES_FILE", "MatchRule", "MeasureNote", "match_rules", "notes_on_measures"]

NOTES_FILE = "measure_notes.yaml"
MATCHES_FILE = "measure_matches.yaml"
_MOST_COERCION = 1


@dataclass(frozen=True, slots=True)
class MeasureNote:
    """What to check first before a measure (``harm``), and what it asks for women, peace and security (``wps``)."""

    harm: str
    wps: str


@dataclass(frozen=True, slots=True)
class MatchRule:
    """Signs, by indicator number, that call measures to mind, and the reason in words."""

    because: str
    indicators: tuple[str, ...]
    measures: tuple[str, ...]


@cache
def notes_on_measures() -> dict[str, MeasureNote]:
    """The note on each measure by its id; every measure of the library has one."""
    top = load_list(NOTES_FILE).fields("id", "version", "notes")
    found = {name: _note(node) for name, node in top["notes"].entries.items()}
    known = {one.id for one in measures()}
    if odd := sorted(known ^ found.keys()):
        top["notes"].refuse(f"{odd[0]} is in one list and not in the other")
    return found


@cache
def match_rules() -> tuple[MatchRule, ...]:
    """The rules, in the order of the file."""
    top = load_list(MATCHES_FILE).fields("id", "version", "check", "rules")
    return tuple(_rule(node) for node in top["rules"].items())


def _note(node: Node) -> MeasureNote:
    fields = node.fields("check", "harm", "wps")
    fields["check"].choice("V", "K", "K?")
    return MeasureNote(fields["harm"].text(), fields["wps"].text())


def _rule(node: Node) -> MatchRule:
    fields = node.fields("because", "indicators", "measures")
    indicators = {one.id for factor in risk_framework() for one in factor.indicators if not one.is_placeholder}
    mild = {one.id for one in measures() if one.coercion <= _MOST_COERCION}
    rule = MatchRule(fields["because"].text(), fields["indicators"].texts(), fields["measures"].texts())
    for name in rule.indicators:
        if name not in indicators:
            fields["indicators"].refuse(f"'{name}' is no indicator")
    for name in rule.measures:
        if name not in mild:
            fields["measures"].refuse(f"'{name}' is no measure of coercion 0 or 1")
    return rule
