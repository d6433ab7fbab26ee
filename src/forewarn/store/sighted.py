"""How far a viewer sees, as conditions of SQL: areas, classes, and both in one sight.

Owns the one translation of :class:`~forewarn.model.access.Sight` into questions. No sight, no rows. A class that is
none of the four lies only within a sight of severe records.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true

from forewarn.model.access import EVERYWHERE, Sight
from forewarn.model.provenance import Sensitivity

__all__ = ["area_condition", "classes_to", "unit_within", "within"]


def within(sights: Sequence[Sight], columns: Any) -> ColumnElement[bool]:
    """Whether a row with ``country``, ``admin1`` and ``sensitivity`` lies within one of the sights."""
    return or_(
        false(), *(and_(area_condition(one.areas, columns), _class(one.most, columns.sensitivity)) for one in sights)
    )


def unit_within(
    sights: Sequence[Sight], unit: ColumnElement[str], sensitivity: ColumnElement[str] | Sensitivity
) -> ColumnElement[bool]:
    """Whether a row of a unit (``MMR``, ``MMR/Rakhine State``, a cell) lies within one of the sights."""
    return or_(false(), *(and_(_area_of_unit(one, unit), _class(one.most, sensitivity)) for one in sights))


def area_condition(areas: Sequence[str], columns: Any) -> ColumnElement[bool]:
    """Whether ``country`` and ``admin1`` lie in one of the areas."""
    if EVERYWHERE in areas:
        return true()
    parts = [area.partition("/") for area in areas]
    said = (
        and_(columns.country == country, columns.admin1 == admin1) if admin1 else columns.country == country
        for country, _, admin1 in parts
    )  # fmt: skip
    return or_(false(), *said)


def classes_to(most: Sensitivity) -> list[str]:
    """The classes up to one, that one included."""
    return [one.value for one in Sensitivity if one.rank <= most.rank]


def _class(most: Sensitivity, sensitivity: ColumnElement[str] | Sensitivity) -> ColumnElement[bool]:
    if isinstance(sensitivity, Sensitivity):
        return true() if sensitivity.rank <= most.rank else false()
    return true() if most is Sensitivity.SEVERE else sensitivity.in_(classes_to(most))


def _area_of_unit(sight: Sight, unit: ColumnElement[str]) -> ColumnElement[bool]:
    if EVERYWHERE in sight.areas:
        return true()
    said = (
        unit == area if "/" in area else or_(unit == area, unit.startswith(f"{area}/", autoescape=True))
        for area in sight.areas
    )
    return or_(false(), *said)
