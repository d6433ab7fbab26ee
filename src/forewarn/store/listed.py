"""Lists of claims, reports and incidents for a viewer, a page at a time: the latest first, then by id.

The rights are the way into the index: one stream for each area and class that the viewer may see, each in the order of
the list and as short as the page, put together at the end. So a page costs the same however many records there are
that may not be seen, and its time and length tell nothing of them. A record whose class is none of the four is in no
list of claims or reports. A question is put together once for sights and filters of a sort, then asked with values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
)

from forewarn.model.access import EVERYWHERE, Sight, Viewer
from forewarn.model.grid import COLUMNS, CellBox
from forewarn.model.provenance import Sensitivity
from forewarn.store import schema
from forewarn.store.sighted import area_condition, classes_to, within

__all__ = ["Sort", "Wanted", "claims_listed", "incidents_listed", "reports_listed", "sort_of", "values_of"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for; what is empty asks nothing.

    Attributes:
        area: a country, or a first-level area as ``COUNTRY/AREA``.
        act, status: a code; a claim has no status, a report neither.
        since, until: ISO days, both included: of claims and reports when they became known, of incidents the first day.
        only: one id.
        after: the place in the list that the page follows: the day and ids of the last row before it.
        box: of incidents alone, west, south, east and north in degrees, in which they are told to lie; west beyond east
            is across the date line.
        limit: most rows.
    """

    area: str = ""
    act: str = ""
    status: str = ""
    since: str = ""
    until: str = ""
    only: str = ""
    after: tuple[str, ...] | None = None
    box: tuple[float, float, float, float] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Sort:
    """What a list is asked by, without the values: the area, the names of what is given, how its box lies.

    ``box`` says of the box, and of that box with a margin, whether it is across the date line; ``by_cell`` that it is
    small, and asked for cell by cell.
    """

    area: str
    given: frozenset[str]
    box: tuple[bool, bool] | None
    by_cell: bool = False


@dataclass(frozen=True, slots=True)
class _Cell:
    """One area (``*`` for everywhere) and class that may be seen; ``most`` of what may be seen there."""

    area: str
    level: Sensitivity
    most: Sensitivity


def claims_listed(connection: Connection, viewer: Viewer, wanted: Wanted) -> list[tuple[str, str, str]]:
    """Day of knowledge, report id and claim id of the claims of a page."""
    return _page(connection, _claims(viewer.sight_of("claim"), sort_of(wanted)), wanted)


def reports_listed(connection: Connection, viewer: Viewer, wanted: Wanted) -> list[tuple[str, str]]:
    """Day of knowledge and id of the reports of a page: those of which every claim may be seen, and the report."""
    return _page(connection, _reports(viewer.sight_of("report"), sort_of(wanted)), wanted)


def incidents_listed(connection: Connection, viewer: Viewer, wanted: Wanted) -> list[tuple[str, str]]:
    """First day and id of the incidents of a page: those of which one sight covers the area and every claim."""
    exact = viewer.sight_of("claim") if wanted.box else ()
    return _page(connection, _incidents(viewer.sight_of("incident"), exact, sort_of(wanted)), wanted)


@lru_cache(maxsize=512)
def _claims(sights: tuple[Sight, ...], sort: Sort) -> tuple[Select[Any], ...]:
    table = schema.claims
    keys = (table.c.known_on, table.c.report_id, table.c.claim_id)
    return _streams(keys, [_asked(table, cell, sort, keys) for cell in _cells(sights, sort.area)], sort)


@lru_cache(maxsize=512)
def _reports(sights: tuple[Sight, ...], sort: Sort) -> tuple[Select[Any], ...]:
    claims, reports = schema.claims, schema.reports
    keys = (claims.c.known_on, claims.c.report_id)
    asked = []
    for cell in _cells(sights, sort.area):
        other = claims.alias("other")
        hidden = exists().where(other.c.report_id == claims.c.report_id, not_(within(sights, other.c)))
        itself = exists().where(
            reports.c.report_id == claims.c.report_id, reports.c.sensitivity.in_(classes_to(cell.most))
        )
        asked.append([*_asked(claims, cell, sort, keys), not_(hidden), itself])
    return tuple(one.distinct() for one in _streams(keys, asked, sort))


@lru_cache(maxsize=512)
def _incidents(sights: tuple[Sight, ...], exact: tuple[Sight, ...], sort: Sort) -> tuple[Select[Any], ...]:
    marks, members, claims = schema.incident_marks, schema.incident_claims, schema.claims
    keys = (marks.c.day, marks.c.incident_id)
    joined = members.join(claims, claims.c.claim_id == members.c.claim_id)
    every = []
    for cell in _cells(sights, sort.area):
        asked = _asked(marks, cell, sort, keys)
        if sort.by_cell:
            asked.append(marks.c.cell == bindparam("cell"))
        if sort.box:
            asked += _told_inside(exact, *sort.box)
        if not any(EVERYWHERE in one.areas and one.most.rank >= cell.level.rank for one in sights):
            inner = select(literal(1)).select_from(joined).where(members.c.incident_id == marks.c.incident_id)
            asked.append(not_(inner.where(not_(within(sights, claims.c))).exists()))
        every.append(asked)
    return _streams(keys, every, sort)


_FILTERS = ("act", "status", "since", "until", "only", "after")


def sort_of(wanted: Wanted) -> Sort:
    """What of a question is put together once."""
    given = frozenset(name for name in _FILTERS if getattr(wanted, name))
    box = (_across(wanted.box), _across(_grown(wanted.box))) if wanted.box else None
    return Sort(wanted.area, given, box, bool(_cells_of(wanted)))


def values_of(wanted: Wanted) -> dict[str, Any]:
    """What a question of that sort is asked with."""
    said = {name: getattr(wanted, name) for name in _FILTERS if name != "after"}
    said |= {f"after_{place}": part for place, part in enumerate(wanted.after or ())}
    if wanted.box:
        said |= zip(_SIDES, wanted.box, strict=True)
        said |= zip((f"wide_{side}" for side in _SIDES), _grown(wanted.box), strict=True)
    return said | {"most": wanted.limit}


def _cells_of(wanted: Wanted) -> tuple[int, ...]:
    """The cells of a small box; none of a large one, whose latest incidents are soon found by going back in time."""
    if wanted.box is None or wanted.only:
        return ()
    west, south, east, north = wanted.box
    if not (west <= east < min(west + _SMALL, 180) and south <= north < south + _SMALL):
        return ()
    box = CellBox.around(*wanted.box)
    rows, columns = range(box.first_row, box.last_row + 1), range(box.first_column, box.last_column + 1)
    return tuple(row * COLUMNS + column + 1 for row in rows for column in columns)


_SMALL = 1.0
"""Degrees that a small box is less wide and high than; it touches nine cells at most."""


def _cells(sights: Sequence[Sight], area: str) -> list[_Cell]:
    """The areas and classes of sights within an area, none inside another of its class."""
    found: dict[tuple[str, Sensitivity], Sensitivity] = {}
    for sight in sights:
        for place in _narrowed(sight, area):
            for level in (one for one in Sensitivity if one.rank <= sight.most.rank):
                most = found.get((place, level), level)
                found[place, level] = max(most, sight.most, key=lambda one: one.rank)
    return [
        _Cell(place, level, most)
        for (place, level), most in found.items()
        if not any((wider, level) in found for wider in _wider(place))
    ]


def _narrowed(sight: Sight, area: str) -> Iterator[str]:
    """The areas of a sight, as far as they lie within the one asked for."""
    for place in sight.areas:
        if not area or place == area or area in _wider(place):
            yield place
        elif place in _wider(area):
            yield area


def _wider(place: str) -> tuple[str, ...]:
    """The areas that a place lies in."""
    if place == EVERYWHERE:
        return ()
    country, mark, _ = place.partition("/")
    return (EVERYWHERE, country) if mark else (EVERYWHERE,)


def _asked(table: Table, cell: _Cell, sort: Sort, keys: Sequence[ColumnElement[str]]) -> list[ColumnElement[bool]]:
    level: ColumnElement[str] = table.c.sensitivity
    # Of one that is named, the name is the way in: the class is hidden from the engine, which else walks all of it.
    asked = [(func.coalesce(level, "") if "only" in sort.given else level) == cell.level.value]
    if cell.area != EVERYWHERE:
        asked.append(area_condition([cell.area], table.c))
    day, last = keys[0], keys[-1]
    for name in ("act", "status"):
        if name in sort.given and name in table.c:
            asked.append(table.c[name] == bindparam(name))
    if "since" in sort.given:
        asked.append(day >= bindparam("since"))
    if "until" in sort.given:
        asked += [day <= bindparam("until"), day != ""]
    if "only" in sort.given:
        asked.append(last == bindparam("only"))
    if "after" in sort.given:
        asked.append(tuple_(*keys) < tuple_(*(bindparam(f"after_{place}", type_=String) for place in range(len(keys)))))
    return asked


_SIDES = ("west", "south", "east", "north")


def _told_inside(sights: Sequence[Sight], across: bool, wide_across: bool) -> list[ColumnElement[bool]]:
    """Whether an incident lies in the box as it is told: as a point to who may see its claims, else as its cell.

    Otherwise ever smaller boxes would tell what is not told.
    """
    marks, incidents = schema.incident_marks, schema.incidents
    column = (marks.c.cell - 1) % 720
    row = (marks.c.cell - 1 - column) / 720
    middle = _inside(row * 0.5 - 89.75, column * 0.5 - 179.75, across)
    touched = _inside(row * 0.5 - 89.75, column * 0.5 - 179.75, wide_across, "wide_")
    point = select(literal(1)).where(
        incidents.c.incident_id == marks.c.incident_id, _inside(incidents.c.latitude, incidents.c.longitude, across)
    )
    exact = within(sights, marks.c)
    told = and_(marks.c.cell > 0, touched, or_(and_(exact, point.exists()), and_(not_(exact), middle)))
    # As a case, which the engine takes for not so rare: else it reads all there is and sorts it, for a page.
    return [case((told, 1), else_=0) == 1]


def _inside(
    latitude: ColumnElement[Any], longitude: ColumnElement[Any], across: bool, which: str = ""
) -> ColumnElement[bool]:
    west, south, east, north = (bindparam(f"{which}{side}", type_=Float) for side in _SIDES)
    beside = or_(longitude >= west, longitude <= east) if across else longitude.between(west, east)
    return and_(latitude.between(south, north), beside)


def _across(box: tuple[float, float, float, float]) -> bool:
    return box[0] > box[2]


def _grown(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The box with a margin of half a cell: whatever cell's middle lies in it can hold a point of the box."""
    west, south, east, north = box
    wide = east - west + (360 if west > east else 0) >= 359
    return (-180.0 if wide else west - 0.25, south - 0.25, 180.0 if wide else east + 0.25, north + 0.25)


def _streams(
    keys: Sequence[ColumnElement[str]], asked: Iterable[Iterable[ColumnElement[bool]]], sort: Sort
) -> tuple[Select[Any], ...]:
    """A question for each list of conditions; of one that is named, a single one."""
    told: Any = select(*keys)
    each = [and_(*conditions) for conditions in asked]
    if "only" in sort.given:  # in no order: else the engine may walk the list to the one that is named
        return (told.where(or_(false(), *each)),)
    ordered = told.order_by(*(key.desc() for key in keys)).limit(bindparam("most", type_=Integer))
    return tuple(ordered.where(one) for one in each)


def _page(connection: Connection, streams: Sequence[Select[Any]], wanted: Wanted) -> list[tuple[Any, ...]]:
    """The first rows of all streams together, each once. Their keys are days and ids, which sort alike everywhere."""
    said = values_of(wanted)
    asked = [said | {"cell": cell} for cell in _cells_of(wanted)] or [said]
    rows = {tuple(row) for stream in streams for one in asked for row in connection.execute(stream, one).all()}
    return sorted(rows, reverse=True)[: wanted.limit]
