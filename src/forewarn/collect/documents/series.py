"""The series, bodies and natures a document symbol is made of, as ``symbol_series.yaml`` lists them.

Owns the reading of that list. It knows which part of a symbol names a body, a nature or a change, and from when a
series bears session or year; it knows nothing of single documents.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from forewarn.taxonomy.reading import Node, parse_yaml

__all__ = ["Series", "SymbolLists", "organ_prefix", "shipped_list", "symbol_lists"]


@dataclass(frozen=True, slots=True)
class Series:
    """A series of symbols.

    Attributes:
        code: its first part, such as ``A``.
        name: the organ or programme it belongs to.
        numbered: ``session`` or ``year`` where documents bear one behind the series; else empty.
        first: the first session or year that stands there; 0 where none does.
        weak: the code is also an ordinary abbreviation, so running text must show more than one part behind it.
    """

    code: str
    name: str
    numbered: str = ""
    first: int = 0
    weak: bool = False


@dataclass(frozen=True, slots=True)
class SymbolLists:
    """All of the list: series by code, bodies by prefix, dotted parts, and class by nature."""

    series: dict[str, Series]
    bodies: dict[str, str]
    dotted_bodies: tuple[str, ...]
    dotted_natures: tuple[str, ...]
    changes: tuple[str, ...]
    natures: dict[str, str]


def shipped_list(file: str) -> Node:
    """A list shipped beside this module, as the node of its top mapping."""
    return parse_yaml(resources.files("forewarn.collect.documents").joinpath(file).read_bytes(), file)


@cache
def symbol_lists() -> SymbolLists:
    """The list, read once."""
    top = shipped_list("symbol_series.yaml").fields(
        "id", "version", "series", "bodies", "dotted_bodies", "dotted_natures", "changes", "natures"
    )
    return SymbolLists(
        {code: _series(code, node) for code, node in top["series"].entries.items()},
        top["bodies"].labels(),
        top["dotted_bodies"].texts(),
        top["dotted_natures"].texts(),
        top["changes"].texts(),
        top["natures"].labels(),
    )


def _series(code: str, node: Node) -> Series:
    fields = node.fields("name", optional=("numbered", "first", "weak"))
    return Series(
        code,
        fields["name"].text(),
        fields["numbered"].choice("session", "year") if "numbered" in fields else "",
        fields["first"].whole(1, 2100) if "first" in fields else 0,
        "weak" in fields and fields["weak"].truth(),
    )


def organ_prefix(organ: str) -> str:
    """The prefix resolutions of an organ bear: ``S``, ``A``, ``A/HRC`` or ``E``; empty when it is none of these.

    Takes the name of the organ in any case, with or without "the" or "United Nations", or the prefix itself; a
    committee of the Assembly counts as the Assembly.
    """
    name = " ".join(organ.casefold().split()).removeprefix("the ").removeprefix("united nations ")
    return _prefixes().get(name, "")


@cache
def _prefixes() -> dict[str, str]:
    lists = symbol_lists()
    found = {name.casefold(): "A" for prefix, name in lists.bodies.items() if prefix.startswith(("A/C.", "A/BUR"))}
    for prefix in ("S", "A", "E"):
        found |= {prefix.casefold(): prefix, lists.series[prefix].name.casefold(): prefix}
    council = lists.bodies["A/HRC"].casefold()
    return found | {council: "A/HRC", "a/hrc": "A/HRC", "hrc": "A/HRC", "sc": "S", "ga": "A", "ecosoc": "E"}
