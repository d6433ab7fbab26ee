"""Norms of humanitarian and human rights law that conduct may engage, and when the machine points to one.

Owns the typed reading of ``norms.yaml``. Nothing here says that a norm applies or was breached: humanitarian law needs
an armed conflict, whose classification is taken from a cited body, and both are for people.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forewarn.errors import UnknownNameError, shorten
from forewarn.taxonomy.naming import suggestion
from forewarn.taxonomy.reading import Node, load_list

__all__ = ["Norm", "norm", "norms"]

REGIMES = ("IHL", "IHRL")


@dataclass(frozen=True, slots=True)
class Norm:
    """One norm.

    Attributes:
        id: such as ``IHL-medical``.
        regime: ``IHL`` or ``IHRL``.
        text: what it asks, in our words.
        sources: treaty articles and rules of custom.
        applies: when its regime applies at all.
        acts: the acts for which the machine points to it.
        targets: kinds of target of which one must be told; any when empty.
    """

    id: str
    regime: str
    text: str
    sources: tuple[str, ...]
    applies: str
    acts: tuple[str, ...]
    targets: tuple[str, ...]


@cache
def norms() -> tuple[Norm, ...]:
    """All norms, in the order of the file."""
    top = load_list("norms.yaml").fields("id", "version", "regimes", "norms")
    regimes = top["regimes"].fields(*REGIMES)
    applies = {name: node.fields("name", "applies")["applies"].text() for name, node in regimes.items()}
    return tuple(_norm(name, node, applies) for name, node in top["norms"].entries.items())


def norm(norm_id: str) -> Norm:
    """One norm by its id; :class:`UnknownNameError` for any other."""
    for one in norms():
        if one.id == norm_id:
            return one
    mend = suggestion(norm_id, [one.id for one in norms()])
    raise UnknownNameError(f"no norm '{shorten(norm_id)}'", where="norms.yaml", mend=mend)


def _norm(name: str, node: Node, applies: dict[str, str]) -> Norm:
    fields = node.fields("regime", "text", "sources", "acts", "targets")
    regime = fields["regime"].choice(*REGIMES)
    if not name.startswith(f"{regime}-"):
        node.refuse(f"'{name}' does not begin with its regime")
    return Norm(
        name,
        regime,
        fields["text"].text(),
        fields["sources"].texts(),
        applies[regime],
        fields["acts"].texts(),
        fields["targets"].texts(),
    )
