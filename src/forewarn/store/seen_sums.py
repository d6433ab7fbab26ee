"""Sums of incidents for a viewer: by area, how far each area reaches, and groups of neighbouring half-degree cells.

They are read from the sums by cell and period, which are kept by all that decides who may see an incident; the few
whose claims lie in other areas than their own are looked at one by one, where a sight might not cover them. So each
number is exactly that of the incidents told one by one. Groups and boxes are of whole cells: they tell no place more
closely than a cell, whoever asks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    case,
    func,
    literal,
    select,
    true,
    union_all,
)

from forewarn.model.access import Viewer
from forewarn.model.grid import COLUMNS, CellBox
from forewarn.model.provenance import Sensitivity
from forewarn.store import schema
from forewarn.store.listing_tables import SUMMED
from forewarn.store.map_sums import counted_each, days_between, periods_of
from forewarn.store.seen_counts import RIGHTS, incident_seen, planned_for_its_days, seen_alone, seen_in_sum

__all__ = [
    "IncidentGroup",
    "area_reaches",
    "cells_seen",
    "cells_within",
    "counted_by_area",
    "grouped_incidents",
    "in_cells",
]

_RANKS = {one.value: one.rank for one in Sensitivity}


@dataclass(frozen=True, slots=True)
class IncidentGroup:
    """Incidents of neighbouring cells together.

    Attributes:
        row, column: the mean of their cells', counted from the south-west corner of the grid.
        incidents: how many; ``contested`` and ``corroborated`` of them, the rest is reported.
        unsaid: how many of them say nothing of deaths.
        low, high: deaths, summed over those that say; ``None`` where none does.
        rank: of the most sensitive class among them.
        incident_id: of the one, where it stands alone; else empty.
    """

    row: float
    column: float
    incidents: int
    contested: int
    corroborated: int
    unsaid: int
    low: int | None
    high: int | None
    rank: int
    incident_id: str


def counted_by_area(connection: Connection, viewer: Viewer, months: range) -> dict[str, tuple[int, int, int]]:
    """By area (a country alone where no more is known): incidents of some months, deaths at least and at most."""
    planned_for_its_days(connection)
    seen = _seen(viewer, months)
    sums = (func.sum(seen.c[name]) for name in ("incidents", "deaths_low", "deaths_high"))
    query = select(seen.c.country, seen.c.admin1, *sums).where(seen.c.country != "")
    found = {}
    for country, admin1, number, low, high in connection.execute(query.group_by(seen.c.country, seen.c.admin1)):
        found[_area(country, admin1)] = (int(number), int(low), max(int(low), int(high)))
    return found


def area_reaches(connection: Connection, viewer: Viewer, months: range) -> dict[str, CellBox]:
    """By area (empty where not known), the cells between which its incidents of some months lie."""
    planned_for_its_days(connection)
    seen = _seen(viewer, months)
    ends = [side(one(seen.c.cell)) for one in (_row, _column) for side in (func.min, func.max)]
    query = select(seen.c.country, seen.c.admin1, *ends).where(seen.c.cell > 0)
    rows = connection.execute(query.group_by(seen.c.country, seen.c.admin1))
    return {_area(country, admin1): CellBox(*(int(one) for one in cells)) for country, admin1, *cells in rows}


def grouped_incidents(
    connection: Connection, viewer: Viewer, box: CellBox, step: int, months: range
) -> list[IncidentGroup]:
    """The incidents of a box in some months, put together in squares of ``step`` by ``step`` cells."""
    planned_for_its_days(connection)
    seen = _seen(viewer, months)
    row, place, number = _row(seen.c.cell), _column(seen.c.cell), seen.c.incidents
    columns = (
        func.sum(row * number),
        func.sum(place * number),
        *(func.sum(seen.c[name]) for name in SUMMED),
        func.max(case(_RANKS, value=seen.c.sensitivity, else_=Sensitivity.SEVERE.rank)),
    )
    query = select(*columns).where(cells_within(seen.c.cell, box)).group_by(row // step, place // step)
    rows = [[int(one or 0) for one in found] for found in connection.execute(query)]
    alone = _alone(connection, viewer, months, [_cell(one[0], one[1]) for one in rows if one[2] == 1])
    return [_group(one, alone) for one in rows]


def cells_within(cell: ColumnElement[int], box: CellBox) -> ColumnElement[bool]:
    """Whether a cell lies in a box; no cell lies in none."""
    first, last = box.first_row * COLUMNS + 1, (box.last_row + 1) * COLUMNS
    is_wide = (box.first_column, box.last_column) == (0, COLUMNS - 1)
    return cell.between(first, last) & (true() if is_wide else _column(cell).between(box.first_column, box.last_column))


def cells_seen(connection: Connection, viewer: Viewer, box: CellBox, months: range) -> list[int]:
    """The cells of a box in which the viewer may see incidents of some months, each once."""
    seen = _seen(viewer, months)
    query = select(seen.c.cell).where(cells_within(seen.c.cell, box)).distinct()
    return list(connection.execute(query).scalars())


def in_cells(connection: Connection, cells: Sequence[int], months: range) -> tuple[ColumnElement[bool], ...]:
    """That an incident lies in one of the cells, each given once, in some months.

    The cells are a table that is joined, so that an engine goes from each to the index of cells, not through all days.
    """
    marks = schema.incident_marks.c
    if connection.dialect.name == "sqlite":
        some = func.json_each(json.dumps(cells)).table_valued("value")
    else:
        some = func.unnest(literal(cells, ARRAY(BigInteger))).table_valued("value").render_derived()
    return marks.cell == some.c.value, marks.day.between(*days_between(months))


def _seen(viewer: Viewer, months: range) -> FromClause:
    """What the viewer may see of some months, as rows of sums."""
    sums, marks = schema.incident_sums, schema.incident_marks
    keys = (*RIGHTS, "cell")
    told: Select[Any] = select(*(sums.c[name] for name in (*keys, *SUMMED)))
    told = told.where(sums.c.period.in_(periods_of(months)), seen_in_sum(viewer, sums.c))
    alone = seen_alone(viewer)
    if alone is None:
        return told.subquery()
    each = (one.label(name) for name, one in zip(SUMMED, counted_each(), strict=True))
    few = select(*(marks.c[name] for name in keys), *each)
    return union_all(told, few.where(marks.c.day.between(*days_between(months)), alone)).subquery()


def _alone(connection: Connection, viewer: Viewer, months: range, cells: Sequence[int]) -> dict[int, str]:
    """The incident of each of some cells in which the viewer may see one alone."""
    marks = schema.incident_marks
    query = select(marks.c.cell, marks.c.incident_id)
    query = query.where(*in_cells(connection, cells, months), incident_seen(viewer, veiled=True))
    return {row.cell: row.incident_id for row in connection.execute(query)} if cells else {}


def _group(found: Sequence[int], alone: dict[int, str]) -> IncidentGroup:
    rows, columns, number, contested, corroborated, low_said, high_said, low, high, rank = found
    return IncidentGroup(
        rows / number, columns / number, number, contested, corroborated, number - low_said,
        low if low_said else None, high if high_said else None, rank,
        alone.get(_cell(rows, columns), "") if number == 1 else "",
    )  # fmt: skip


def _area(country: str, admin1: str) -> str:
    return f"{country}/{admin1}" if admin1 else country


def _cell(row: int, column: int) -> int:
    return row * COLUMNS + column + 1


def _row(cell: ColumnElement[int]) -> ColumnElement[int]:
    return (cell - 1) // COLUMNS


def _column(cell: ColumnElement[int]) -> ColumnElement[int]:
    return (cell - 1) % COLUMNS
