"""What could have been seen: where and when silence means something, and where it means nothing.

Owns the reading of statements of coverage over units and months. A month nobody speaks of is ``unknown``: no
report is never taken for no incident. A :class:`~forewarn.model.aggregate.Sight` is made here, for every aggregate.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from forewarn.clock import month_label
from forewarn.model.aggregate import Sight
from forewarn.model.coverage import CoverageStatement
from forewarn.model.place import unit_name

__all__ = [
    "COVERAGE_STATES",
    "coverage",
    "coverage_sentence",
    "sight_of",
    "who_could_see",
]

COVERAGE_STATES = ("observed", "not_observed", "unknown")

_SCHEMA = {"unit": pl.String, "month": pl.Int64, "state": pl.String, "basis": pl.String}


def coverage(
    statements: Iterable[CoverageStatement],
    units: Iterable[str],
    months: Iterable[int],
    *,
    areas: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """For every unit and month whether anybody could have seen.

    Args:
        statements: what is known of sight, in any order.
        units: countries, admin1 ids or cells.
        months: month ids.
        areas: for units that are cells, the country or admin1 id each lies in; a cell without one is unknown.

    Returns:
        ``unit, month, state, basis``, sorted by both. ``observed`` where a statement says that somebody looked,
        ``not_observed`` where there is none and one says that nobody could, else ``unknown``. A country is not
        observed because one of its areas is: it is unknown, with a basis that says of how many areas somebody spoke.
        Where statements differ, the basis names both.
    """
    by_area: dict[str, list[CoverageStatement]] = defaultdict(list)
    within: dict[str, list[CoverageStatement]] = defaultdict(list)
    for statement in sorted(statements, key=lambda s: (s.channel, s.area, s.month_first, s.kind, s.basis)):
        by_area[statement.area].append(statement)
        if statement.admin1:
            within[statement.country].append(statement)
    wanted = sorted(set(months))
    rows = []
    for unit in sorted(set(units)):
        area = (areas or {}).get(unit, unit)
        covering = _by_month([*by_area[area], *(by_area[area.partition("/")[0]] if "/" in area else ())], wanted)
        parts = _by_month(within[area], wanted)
        rows += [(unit, month, *_state(covering.get(month, []), parts.get(month, []))) for month in wanted]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _by_month(statements: Iterable[CoverageStatement], months: Sequence[int]) -> dict[int, list[CoverageStatement]]:
    """For each of the months, in order, the statements that speak of it."""
    covering: dict[int, list[CoverageStatement]] = defaultdict(list)
    for statement in statements:
        first = bisect_left(months, statement.month_first)
        for month in months[first : bisect_right(months, statement.month_last)]:
            covering[month].append(statement)
    return covering


def coverage_sentence(covered: pl.DataFrame, unit: str) -> str:
    """One sentence on a unit for a brief, from the frame of :func:`coverage`; unknown when it is not in it."""
    rows = covered.filter(pl.col("unit") == unit).sort("month")
    name = unit_name(unit)
    if rows.is_empty():
        return f"Whether anybody could see what happened in {name} is unknown: no reports does not mean no incidents."
    first, last = (month_label(int(rows["month"][end])) for end in (0, -1))
    span = f"in {first}" if first == last else f"from {first} to {last}"
    tally = dict(rows.group_by("state").len().iter_rows())
    partly = rows.filter((pl.col("state") == "unknown") & (pl.col("basis") != "")).height
    words = _STATE_WORDS | ({"unknown": _PARTLY.format(partly)} if partly else {})
    parts = [f"{tally[state]} {words[state]}" for state in COVERAGE_STATES if tally.get(state)]
    closing = "" if set(tally) == {"observed"} else ": where it was not seen, no reports does not mean no incidents"
    months = "month" if rows.height == 1 else "months"
    return f"Of {rows.height} {months} {span} in {name}, {', '.join(parts)}{closing}."


def sight_of(covered: pl.DataFrame) -> Sight:
    """What could have been seen in the units and months of a frame of :func:`coverage`, for an aggregate over them."""
    if covered.is_empty():
        return Sight((), 0, 0, 0, 0, 0)
    tally = dict(covered.group_by("state").len().iter_rows())
    is_unknown = pl.col("state") == "unknown"
    bases = covered.filter(~is_unknown)["basis"].unique(maintain_order=True).to_list()
    return Sight(
        units=tuple(covered["unit"].unique().sort()),
        month_first=int(covered["month"][0]),
        month_last=int(covered.sort("month")["month"][-1]),
        **{state: tally.get(state, 0) for state in COVERAGE_STATES},
        bases=tuple(basis for basis in bases if basis),
        partly=covered.filter(is_unknown, pl.col("basis") != "").height,
    )


def who_could_see(
    statements: Iterable[CoverageStatement], units: Iterable[str], months: Sequence[int]
) -> list[CoverageStatement]:
    """Who says what of their own sight of these units and months, by area, then first month, then channel."""
    wanted, span = list(units), range(min(months), max(months) + 1) if months else range(0)
    touching = [
        one
        for one in statements
        if any(one.area in (unit, unit.partition("/")[0]) for unit in wanted)
        and span
        and one.month_first <= span[-1]
        and one.month_last >= span[0]
    ]
    return sorted(touching, key=lambda one: (one.area, one.month_first, one.channel, one.kind, one.basis))


_PARTLY = "unknown (in {} of them somebody spoke of areas within, nobody of the whole)"
_STATE_WORDS = {
    "observed": "observed",
    "not_observed": "not observed (no access)",
    "unknown": "unknown (nobody said whether they looked)",
}


def _state(covering: list[CoverageStatement], parts: list[CoverageStatement]) -> tuple[str, str]:
    basis = "; ".join(dict.fromkeys(f"{s.channel}, {s.kind.replace('_', ' ')}: {s.basis}" for s in covering))
    kinds = {s.kind for s in covering}
    if "observed" in kinds:
        return "observed", basis
    if kinds:
        return "not_observed", basis
    areas = len({s.area for s in parts})
    return "unknown", f"only of {areas} {'area' if areas == 1 else 'areas'} within" if parts else ""
