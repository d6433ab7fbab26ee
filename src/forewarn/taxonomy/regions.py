"""Regions of UN M49: a tree from the world down to subregions, and the States and territories in each.

Owns the groups that statistics are added up by. They imply nothing about political affiliation; what M49 puts in no
group is in none here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forewarn.errors import UnknownNameError, shorten
from forewarn.taxonomy.countries import country
from forewarn.taxonomy.naming import folded, suggestion
from forewarn.taxonomy.reading import Node, load_list

__all__ = ["Region", "region", "regions", "regions_of"]

_FILE = "regions.yaml"


@dataclass(frozen=True, slots=True)
class Region:
    """A region of UN M49.

    Attributes:
        m49: its three digits, as text.
        name: in English.
        within: the region it lies in; empty for the world.
        countries: alpha-3 codes of all that lie in it, through its subregions too, in order.
    """

    m49: str
    name: str
    within: str
    countries: tuple[str, ...]


def regions() -> tuple[Region, ...]:
    """All regions, by number."""
    return tuple(_table()[m49] for m49 in sorted(_table()))


def region(m49_or_name: str) -> Region:
    """The region of that number or name. Raises :class:`UnknownNameError` when there is none."""
    wanted = m49_or_name.strip()
    for one in _table().values():
        if wanted.zfill(3) == one.m49 or folded(wanted) == folded(one.name):
            return one
    names = [one.name for one in regions()]
    raise UnknownNameError(f"no region '{shorten(wanted)}'", where="regions", mend=suggestion(wanted, names))


def regions_of(code_or_name: str) -> tuple[Region, ...]:
    """The regions a country lies in, the smallest first, the world last; none for what M49 groups nowhere."""
    iso3 = country(code_or_name).iso3
    return tuple(sorted((one for one in _table().values() if iso3 in one.countries), key=lambda r: len(r.countries)))


@cache
def _table() -> dict[str, Region]:
    nodes = load_list(_FILE).fields("id", "version", "regions")["regions"].entries
    fields = {m49: node.fields("name", optional=("within", "countries")) for m49, node in nodes.items()}
    within = {m49: each["within"].text() if "within" in each else "" for m49, each in fields.items()}
    own = {m49: each["countries"].texts() if "countries" in each else () for m49, each in fields.items()}
    _require_tree(nodes, within, own)
    held: dict[str, list[str]] = {m49: [] for m49 in nodes}
    for m49, members in own.items():
        above = m49
        while above:
            held[above] += members
            above = within[above]
    return {
        m49: Region(m49, each["name"].text(), within[m49], tuple(sorted(held[m49]))) for m49, each in fields.items()
    }


def _require_tree(nodes: dict[str, Node], within: dict[str, str], own: dict[str, tuple[str, ...]]) -> None:
    """Every region lies in one that stands before it, and every country in one region."""
    before: set[str] = {""}
    placed: dict[str, str] = {}
    for m49, node in nodes.items():
        if within[m49] not in before:
            node.refuse(f"lies within '{shorten(within[m49])}', which does not stand before it")
        before.add(m49)
        for iso3 in own[m49]:
            if placed.setdefault(country(iso3).iso3, m49) != m49:
                node.refuse(f"holds {iso3}, which {placed[iso3]} holds too")
