"""Names of areas as different lists write them: which name of one list is meant by a name of another.

Owns three steps, tried in order: the same text; the same letters once case, accents and signs are folded; the same
once words for kinds of area are left out ("Rakhine State", "Rakhine"). A step that finds two areas finds none: an
ambiguous name is told as such and never decided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from forewarn.taxonomy import folded

__all__ = ["HOW", "Match", "NameIndex", "plain_name"]

HOW = ("exact", "folded", "without_kind", "ambiguous", "unknown")
"""How a name was matched, or why it was not."""

_KINDS = frozenset(
    (
        "state", "region", "division", "province", "district", "governorate", "department", "departement",
        "prefecture", "county", "territory", "wilaya", "wilayat", "oblast", "municipality", "township", "commune",
        "area", "estado", "provincia", "departamento", "gouvernorat", "provinsi",
    )
)  # fmt: skip
_LINKS = frozenset(["of", "de", "du", "des", "d", "la", "le", "del", "do", "da"])


@dataclass(frozen=True, slots=True)
class Match:
    """What a name was found to mean.

    Attributes:
        key: what the list has for it; empty where nothing or more than one thing was found.
        how: one of :data:`HOW`.
        among: the keys it could mean, where it is ambiguous.
    """

    key: str
    how: str
    among: tuple[str, ...] = ()


class NameIndex:
    """A list of names to look others up in.

    Args:
        named: pairs of a name and its key; a key may have several names.
    """

    def __init__(self, named: Iterable[tuple[str, str]]) -> None:
        self._steps: list[tuple[str, Callable[[str], str], dict[str, set[str]]]] = [
            (how, spelling, defaultdict(set))
            for how, spelling in (("exact", _tidy), ("folded", folded), ("without_kind", plain_name))
        ]
        for name, key in named:
            for _, spelling, found in self._steps:
                found[spelling(name)].add(key)

    def match(self, name: str) -> Match:
        """What the name means; a blank one, or one without Latin letters that is not there as it stands, is unknown."""
        for how, spelling, found in self._steps:
            spelt = spelling(name)
            keys = found.get(spelt, set()) if spelt else set()
            if len(keys) == 1:
                return Match(next(iter(keys)), how)
            if keys:
                return Match("", "ambiguous", tuple(sorted(keys)))
        return Match("", "unknown")


def plain_name(name: str) -> str:
    """The folded name without words for a kind of area at either end: "Région de Gao" is "gao".

    A name made of such words alone stays as it is.
    """
    words = folded(name.replace("'", " ").replace("’", " ")).split()
    kept = list(words)
    while kept and kept[-1] in _KINDS:
        kept.pop()
    if kept and kept[0] in _KINDS:
        kept.pop(0)
        while kept and kept[0] in _LINKS:
            kept.pop(0)
    return " ".join(kept or words)


def _tidy(name: str) -> str:
    return " ".join(name.split())
