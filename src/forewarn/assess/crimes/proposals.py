"""What the machine proposes for an incident from its act, the words for its target and its counts.

Every proposal is labelled ``machine``, explains itself and sets nothing. The actor is never read, so the same deed
gets the same proposals whoever is alleged. Inferential elements cannot be proposed: making such a proposal raises.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from forewarn.model.claim import ACTS
from forewarn.model.coding import CODING_SCHEMES, refuse_locked
from forewarn.model.validation import require_choice
from forewarn.taxonomy import Node, act, crimes, folded, parse_yaml
from forewarn.taxonomy.norms import norms

__all__ = ["Proposal", "propose", "target_kinds"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A code the machine points to.

    Attributes:
        scheme: element, act or norm.
        code: of the lists.
        wording: how it is to be shown; a crime or norm is only ever one that conduct *may engage*.
        basis: which rule, and what it saw.
        confidence: ``moderate`` where two or more independent origins tell it, else ``low``; never higher.
        claim_ids: the incident's claims.
        label: ``machine``, always.
    """

    scheme: str
    code: str
    wording: str
    basis: str
    confidence: str
    claim_ids: tuple[str, ...]
    label: str = "machine"

    def __post_init__(self) -> None:
        require_choice(self.scheme, "scheme", CODING_SCHEMES)
        require_choice(self.confidence, "confidence", ("low", "moderate"))
        require_choice(self.label, "label", ("machine",))
        refuse_locked(self.code)


def propose(incident: Mapping[str, Any]) -> tuple[Proposal, ...]:
    """The proposals for an incident: elements, then acts, then norms, each code once by the first rule that calls it.

    Args:
        incident: the columns of an incident with ``claim_ids``. ``alleged_by`` and ``parties`` are not looked at.
    """
    kinds = target_kinds(incident)
    found: dict[tuple[str, str], Proposal] = {}
    for rule in _rules():
        seen = _seen(incident["act"], kinds, rule.acts, rule.targets)
        if seen:
            for scheme, codes in (("element", rule.elements), ("act", rule.codes)):
                for code in codes:
                    found.setdefault((scheme, code), _proposal(incident, scheme, code, f"rule {rule.name}: {seen}"))
    for norm in norms():
        if seen := _seen(incident["act"], kinds, norm.acts, norm.targets):
            found["norm", norm.id] = _proposal(incident, "norm", norm.id, f"rule of {norm.id}: {seen}")
    order = {scheme: place for place, scheme in enumerate(CODING_SCHEMES)}
    return tuple(sorted(found.values(), key=lambda one: order[one.scheme]))


def target_kinds(incident: Mapping[str, Any]) -> dict[str, str]:
    """The kinds of target told, each with what told it: words of the target, civilian deaths, one-sided violence."""
    text = f" {folded(incident['target'] or '')} "
    kinds = {}
    for kind, words in _targets().items():
        told = next((word for word in words if f" {word} " in text), "")
        if told:
            kinds[kind] = f"target '{told}'"
    if any(incident[f"civilian_deaths_{end}"] for end in ("low", "best")):
        kinds |= {"civilian_deaths": _DEAD, "civilians": kinds.get("civilians", _DEAD)}
    if incident["violence"] == "one_sided":
        kinds.setdefault("civilians", "violence told as one-sided")
    return kinds


_DEAD = "civilian deaths are told"


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    acts: tuple[str, ...]
    targets: tuple[str, ...]
    elements: tuple[str, ...]
    codes: tuple[str, ...]


def _seen(told: str, kinds: Mapping[str, str], acts: Sequence[str], targets: Sequence[str]) -> str:
    """What a rule saw, in words; empty where it does not hold."""
    if told not in acts:
        return ""
    if not targets:
        return f"act '{told}'"
    because = next((kinds[target] for target in targets if target in kinds), "")
    return f"act '{told}', {because}" if because else ""


def _proposal(incident: Mapping[str, Any], scheme: str, code: str, basis: str) -> Proposal:
    confidence = "moderate" if (incident["independent_origins"] or 0) >= 2 else "low"
    return Proposal(scheme, code, wording(scheme, code), basis, confidence, tuple(incident["claim_ids"]))


@cache
def wording(scheme: str, code: str) -> str:
    """How a code is shown: an element as an observable, an act or norm as one that conduct may engage."""
    if scheme == "element":
        found = next(one for crime in crimes() for one in crime.elements if one.id == code)
        return f"{code}: {found.text}"
    if scheme == "act":
        listed = act(code)
        return f"may engage {code} ({listed.text}), listed under indicators relevant to {_named(listed.crime_id)}"
    norm = next(one for one in norms() if one.id == code)
    return f"may engage {norm.id} ({norm.text}; {', '.join(norm.sources)}); applies {norm.applies}"


def _named(crime_id: str) -> str:
    return crime_id.replace("_", " ")


@cache
def _file() -> dict[str, Node]:
    data = resources.files("forewarn.assess.crimes").joinpath("proposals.yaml").read_bytes()
    return parse_yaml(data, "proposals.yaml").fields("id", "version", "targets", "rules")


@cache
def _targets() -> dict[str, tuple[str, ...]]:
    return {kind: node.texts() for kind, node in _file()["targets"].entries.items()}


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(_rule(name, node) for name, node in _file()["rules"].entries.items())


def _rule(name: str, node: Node) -> _Rule:
    fields = {key: part.texts() for key, part in node.fields("acts", "targets", "elements", "codes").items()}
    known = {one.id for crime in crimes() for one in crime.elements if not one.is_inferential}
    for key, allowed in (("acts", set(ACTS)), ("targets", {*_targets(), "civilian_deaths"}), ("elements", known)):
        for word in fields[key]:
            if word not in allowed:
                node.refuse(f"'{word}' may not stand under {key}")
    for code in fields["codes"]:
        if act(code).crime_id == "genocide":
            node.refuse(f"proposes {code}, which is for people")
    return _Rule(name, fields["acts"], fields["targets"], fields["elements"], fields["codes"])
