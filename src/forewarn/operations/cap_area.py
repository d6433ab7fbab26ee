"""The area of an alert for a CAP message: by name and code, with an outline where one is known.

Outlines come from boundaries that users have added, or are the exercise's own; none is shipped for a real State. They
are coarsened by the exchange room before anything is written.
"""

from __future__ import annotations

from typing import Any

import shapely
from sqlalchemy import Connection

from forewarn.errors import UnknownNameError
from forewarn.exchange.cap import area_of
from forewarn.learn import exercise_region
from forewarn.model.cap import CapArea
from forewarn.model.place import unit_name
from forewarn.operations.boundaries import atlas_of
from forewarn.operations.workspace import Workspace
from forewarn.taxonomy import country, is_fictional

__all__ = ["area_for"]


def area_for(workspace: Workspace, connection: Connection, unit: str) -> CapArea:
    """The area of a unit: a country, an area in one, or a grid cell."""
    if unit.isdigit():
        return area_of(unit, "")
    code = unit.partition("/")[0]
    if is_fictional(code):
        return area_of(unit, _fictional_name(code), _fictional_shape(unit))
    return area_of(unit, _name(code), _shape(workspace, connection, unit, code))


def _name(code: str) -> str:
    try:
        return country(code).name
    except UnknownNameError:
        return code


def _fictional_name(code: str) -> str:
    names = {one.code: one.name for one in exercise_region().countries}
    return f"{names.get(code, code)} (fictional)"


def _fictional_shape(unit: str) -> Any:
    code = unit.partition("/")[0]
    drawn = [
        shapely.Polygon(area.outline)
        for area in exercise_region().areas
        if unit in (area.area_id, f"{code}/{area.name}") or (unit == code and area.country == code)
    ]
    return shapely.union_all(drawn) if drawn else None


def _shape(workspace: Workspace, connection: Connection, unit: str, code: str) -> Any:
    atlas = atlas_of(workspace, connection)
    level = "admin1" if "/" in unit else "country"
    meant = atlas.match(unit_name(unit), code, level=level).key if level == "admin1" else code
    found = [area.shape for area in atlas.areas if (area.level, area.unit) == (level, meant)]
    return found[0] if len(found) == 1 else None
