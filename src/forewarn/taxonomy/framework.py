"""The fourteen risk factors of the UN Framework of Analysis and their indicators.

Owns the typed reading of ``risk_framework.yaml``. Factors are of equal rank; there is no weight, no sum and
no single number. Each indicator carries a check mark that says how its wording was compared with the UN
document: ``V`` compared with a public reproduction, ``K`` from memory, ``K?`` to be compared before release.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from forewarn.errors import UnknownNameError, shorten
from forewarn.taxonomy.reading import Node, load_list

__all__ = ["FRAMEWORK_FILE", "Indicator", "RiskFactor", "indicator", "risk_factor", "risk_framework"]

FRAMEWORK_FILE = "risk_framework.yaml"
_SCOPES = ("common", "genocide", "crimes_against_humanity", "war_crimes")
_KINDS = ("structural", "dynamic", "structural-dynamic", "trigger")
_INDICATOR = re.compile(r"([1-9]\d?)\.([1-9]\d?|x)")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: its number such as ``7.14``, our paraphrase, and the check mark of the wording."""

    id: str
    factor_id: str
    text: str
    check: str

    @property
    def is_placeholder(self) -> bool:
        """Whether it keeps a place for an item of the original not yet compared; nothing may be coded on it."""
        return self.id.endswith(".x")


@dataclass(frozen=True, slots=True)
class RiskFactor:
    """One risk factor: ``RF1`` to ``RF14``, with its scope (common or one crime) and kind."""

    id: str
    name: str
    scope: str
    kind: str
    indicators: tuple[Indicator, ...]


@cache
def risk_framework() -> tuple[RiskFactor, ...]:
    """The fourteen factors in order, each with its indicators."""
    top = load_list(FRAMEWORK_FILE).fields("id", "version", "factors", "indicators")
    indicators = [_indicator(number, node) for number, node in top["indicators"].entries.items()]
    factors = tuple(_factor(item, indicators) for item in top["factors"].items())
    if sum(len(factor.indicators) for factor in factors) != len(indicators):
        top["indicators"].refuse("holds an indicator of no factor, or a factor stands twice")
    return factors


def risk_factor(factor_id: str) -> RiskFactor:
    """One factor by its id; :class:`UnknownNameError` for any other name."""
    for factor in risk_framework():
        if factor.id == factor_id:
            return factor
    raise UnknownNameError(f"no risk factor '{shorten(factor_id)}'", where=FRAMEWORK_FILE, mend="use RF1 to RF14")


def indicator(number: str) -> Indicator:
    """One indicator by its number; :class:`UnknownNameError` for any other."""
    for factor in risk_framework():
        for candidate in factor.indicators:
            if candidate.id == number:
                return candidate
    raise UnknownNameError(f"no indicator '{shorten(number)}'", where=FRAMEWORK_FILE, mend="use a number such as 7.14")


def _factor(node: Node, indicators: list[Indicator]) -> RiskFactor:
    fields = node.fields("id", "name", "scope", "kind")
    factor_id = fields["id"].text()
    own = tuple(candidate for candidate in indicators if candidate.factor_id == factor_id)
    if not own:
        node.refuse(f"{factor_id} has no indicators")
    return RiskFactor(
        factor_id, fields["name"].text(), fields["scope"].choice(*_SCOPES), fields["kind"].choice(*_KINDS), own
    )


def _indicator(number: str, node: Node) -> Indicator:
    match = _INDICATOR.fullmatch(number)
    if match is None:
        node.refuse(f"'{shorten(number)}' is not a number such as 7.14", mend="quote it: 7.10 is not 7.1")
    fields = node.fields("check", "text")
    return Indicator(number, f"RF{match.group(1)}", fields["text"].text(), fields["check"].choice("V", "K", "K?"))
