"""What one page for a desk officer shows of a brief: the few things a decision needs first, and how much is left out.

Owns the choice. It is by stated rule, the same for every brief: of the figures those of the longest span, corroborated
before reported, deaths before other counts; of each list the first few; of the options those that the alert's authors
or the signs name. What is left out is counted and is in the analyst's brief.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from forewarn.respond.brief.data import BriefData, BriefOption

__all__ = ["Desk", "desk_of"]

_FIGURES, _CHANGES, _AGAINST, _GAPS, _OPTIONS = 4, 2, 3, 3, 2


@dataclass(frozen=True, eq=False)
class Desk:
    """The one page: figures, changes, counter-evidence, gaps, options by pillar, and what is left out, in words."""

    figures: tuple[Any, ...]
    coverage: str
    changes: tuple[str, ...]
    against: tuple[Any, ...]
    gaps: tuple[str, ...]
    pillars: tuple[Any, ...]
    left_out: str


def desk_of(
    data: BriefData, figures: Sequence[Any], changes: Sequence[str], against: Sequence[Any], pillars: Sequence[Any]
) -> Desk:
    """The page, from the views of the whole brief (see :mod:`forewarn.respond.brief.layout`)."""
    longest = [view for view in figures if view.figure.coverage == figures[0].figure.coverage]
    first = sorted(longest, key=lambda view: (view.figure.noun != "deaths", view.figure.count.status != "corroborated"))
    named = {one.split()[0] for one in (data.alert.options if data.alert else ()) if one.strip()}
    chosen = tuple(type(one)(one.number, one.name, _chosen(one.options, named)) for one in pillars)
    shown = sum(len(one.options) for one in chosen)
    every = sum(len(one.options) for one in pillars)
    fewer = len(figures) - len(first[:_FIGURES])
    return Desk(
        figures=tuple(first[:_FIGURES]),
        coverage=figures[0].figure.coverage if figures else "",
        changes=tuple(changes[:_CHANGES]),
        against=tuple(against[:_AGAINST]),
        gaps=data.all_gaps[:_GAPS],
        pillars=chosen,
        left_out=f"{fewer} more figures and {every - shown} more options: analyst's brief.",
    )


def _chosen(options: Sequence[BriefOption], named: set[str]) -> tuple[BriefOption, ...]:
    """The first few that the alert names or a sign calls to mind; what only a person may select is never among them."""
    open_to_all = [one for one in options if not one.on_selection]
    called = [one for one in open_to_all if one.reason and (not named or one.measure_id in named)]
    return tuple((called or [one for one in open_to_all if one.measure_id in named])[:_OPTIONS])
