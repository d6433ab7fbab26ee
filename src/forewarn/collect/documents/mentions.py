"""A mention: a reference in the making, in positions of the text folded for matching.

Owns what the finders of symbols, resolutions and names hand to one another. Mentions do not overlap; the finder that
is surer goes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Mention", "not_overlapping"]


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention.

    Attributes:
        start, end: where it stands.
        kind: as of :data:`forewarn.model.document.REFERENCE_KINDS`.
        target: normal form of what it points to; empty when that cannot be settled.
        flags: what is doubtful.
        pinpoint: the place in its target, as printed.
        cls: class that a printed symbol tells; empty where no symbol is printed.
        names: keys of all symbols its target has, for comparing with the words beside it.
    """

    start: int
    end: int
    kind: str
    target: str
    flags: tuple[str, ...] = ()
    pinpoint: str = ""
    cls: str = ""
    names: tuple[str, ...] = ()


def not_overlapping(groups: Iterable[Iterable[Mention]], length: int) -> list[Mention]:
    """The mentions in order of place, each group giving way to those before it; several may share one exact place."""
    taken = bytearray(length)
    kept: list[Mention] = []
    for group in groups:
        fresh = [one for one in group if not any(taken[one.start : one.end])]
        for one in fresh:
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
        kept += fresh
    return sorted(kept, key=lambda one: (one.start, one.end))
