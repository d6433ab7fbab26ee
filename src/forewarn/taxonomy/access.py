"""The one table of rights: role by kind of record by sensitivity, and who may do what.

Owns the typed reading of ``access.yaml``. Default deny: a role, kind or act that is not in the table may do nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forewarn.taxonomy.reading import Node, load_list

__all__ = ["Rights", "rights"]

_CLASSES = ("low", "moderate", "high", "severe")


@dataclass(frozen=True, slots=True)
class Rights:
    """The table.

    Attributes:
        roles: what each role is, in words.
        sees: by kind of record, by role, the most sensitive class it may be shown.
        may: by act, the roles that may do it.
    """

    roles: dict[str, str]
    sees: dict[str, dict[str, str]]
    may: dict[str, tuple[str, ...]]


@cache
def rights() -> Rights:
    """The table, read once and refused whole if any part names an unknown role or class."""
    top = load_list("access.yaml").fields("id", "version", "roles", "sees", "may")
    roles = top["roles"].labels()
    sees = {kind: _cells(node, roles) for kind, node in top["sees"].entries.items()}
    may = {act: tuple(one.choice(*roles) for one in node.items()) for act, node in top["may"].entries.items()}
    return Rights(roles, sees, may)


def _cells(node: Node, roles: dict[str, str]) -> dict[str, str]:
    return {
        role: cell.choice(*_CLASSES) for role, cell in node.fields(*(r for r in roles if r in node.entries)).items()
    }
