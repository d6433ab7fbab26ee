"""The points, words and thresholds by which claims are linked, read from ``rules.yaml``.

Owns the reading of the table into a frozen :class:`RuleBook`, refused whole when a number or a rule is off.
Holds no rule itself: what a finding is, is code in ``compare``; what it is worth is written in the table, where
everyone can read it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from forewarn.errors import ConfigurationError
from forewarn.taxonomy import Node, parse_yaml

__all__ = ["Level", "RuleBook", "rulebook", "rulebook_from_yaml", "yaml_from_rulebook"]

_FILE = "rules.yaml"
_MOST_POINTS = 20.0


@dataclass(frozen=True, slots=True)
class Level:
    """One finding of a rule.

    Attributes:
        points: what it is worth, log2 of how much likelier it makes that two claims are one.
        words: how it is told; ``{}`` stands for the detail.
        by_hand: the points a person set before any were learnt, to which learning is drawn.
    """

    points: float
    words: str
    by_hand: float = 0.0


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules with their levels.

    Attributes:
        version: of the table, named as the author of machine judgements.
        made_by: the command that made the table.
        start: points of a candidate pair of which nothing is known; ``start_by_hand`` before learning.
        same, unsure: lowest scores, 0..1, for a link and for a question to a person.
        rules: by name of the rule, its levels by name.
    """

    version: str
    made_by: str
    start: float
    start_by_hand: float
    same: float
    unsure: float
    rules: Mapping[str, Mapping[str, Level]]

    def __post_init__(self) -> None:
        if not 0.0 < self.unsure <= self.same < 1.0:
            raise ConfigurationError(
                f"unsure {self.unsure} and same {self.same} are out of order",
                where=_FILE,
                mend="keep 0 < unsure <= same < 1",
            )

    @property
    def least_points(self) -> float:
        """The points, log2 of the odds, below which a pair is not listed."""
        return math.log2(self.unsure / (1.0 - self.unsure))

    @property
    def link_points(self) -> float:
        """The points from which the machine says ``same``."""
        return math.log2(self.same / (1.0 - self.same))

    @property
    def author(self) -> str:
        """The name under which its judgements are kept."""
        return f"linkage rules {self.version}"


@cache
def rulebook() -> RuleBook:
    """The table shipped with the package."""
    data = resources.files("forewarn.assess.linkage").joinpath(_FILE).read_bytes()
    return rulebook_from_yaml(data, _FILE)


def rulebook_from_yaml(data: bytes | str, name: str) -> RuleBook:
    """A table from YAML.

    Raises:
        ConfigurationError: naming the file and key that is off.
    """
    top = parse_yaml(data, name).fields("id", "version", "made_by", "start", "start_by_hand", "same", "unsure", "rules")
    rules = {rule: _levels(node) for rule, node in top["rules"].entries.items()}
    return RuleBook(
        version=top["version"].text(),
        made_by=top["made_by"].text(),
        start=_number(top["start"]),
        start_by_hand=_number(top["start_by_hand"]),
        same=_number(top["same"]),
        unsure=_number(top["unsure"]),
        rules=MappingProxyType(rules),
    )


def yaml_from_rulebook(rules: RuleBook, explanation: str) -> str:
    """The table as YAML that :func:`rulebook_from_yaml` reads, the explanation above it as a comment."""
    lines = [f"# {line}".rstrip() for line in explanation.splitlines()]
    lines += ["id: linkage-rules", f"version: {json.dumps(rules.version)}", f"made_by: {json.dumps(rules.made_by)}"]
    lines += [f"start: {rules.start:g}", f"start_by_hand: {rules.start_by_hand:g}"]
    lines += [f"same: {rules.same:g}", f"unsure: {rules.unsure:g}", "rules:"]
    for rule, levels in rules.rules.items():
        lines.append(f"  {rule}:")
        for name, level in levels.items():
            words = json.dumps(level.words, ensure_ascii=False)
            lines.append(f"    {name}: {{points: {level.points:g}, by_hand: {level.by_hand:g}, words: {words}}}")
    return "\n".join(lines) + "\n"


def _levels(node: Node) -> Mapping[str, Level]:
    levels = {}
    for name, level in node.entries.items():
        fields = level.fields("points", "by_hand", "words")
        words = fields["words"].value
        if not isinstance(words, str):
            fields["words"].refuse("is not text", mend="put it in quotes")
        levels[name] = Level(_number(fields["points"]), words, _number(fields["by_hand"]))
    return MappingProxyType(levels)


def _number(node: Node) -> float:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _MOST_POINTS:
        node.refuse("is not a number between -20 and 20")
    return float(value)
