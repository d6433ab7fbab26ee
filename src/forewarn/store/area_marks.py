"""What the marks of incidents say of areas: which there are, and what of them was known by a day.

Asked for by index, so that naming an area reads none of its claims. The marks are today's incidents; one counts as
known by a day when a claim of it was known by then.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Select, func, select

from forewarn.model.place import UnitLevel
from forewarn.model.provenance import Sensitivity
from forewarn.store import schema

__all__ = ["areas_told", "claims_of_one_before", "first_day_told", "is_told", "unplaced_before", "without_a_day"]

_CLASSES = tuple(one.value for one in Sensitivity)
"""All of them, named so that the days of a country are found by index."""


def areas_told(connection: Connection, country: str = "") -> list[tuple[str, str]]:
    """Country and first-level area of all incidents, each pair once, as written; of one country where it is named."""
    marks = schema.incident_marks
    query = select(marks.c.country, marks.c.admin1).distinct().where(marks.c.country != "")
    if country:
        query = query.where(marks.c.country == country, marks.c.sensitivity.in_(_CLASSES))
    return sorted((code, name) for code, name in connection.execute(query))


def is_told(connection: Connection, country: str, names: Sequence[str], known_by: str) -> bool:
    """Whether an incident known by an ISO day lies in a country; where ``names`` are given, in an area of that name."""
    asked = _in_country(country, names)
    return connection.execute(_known(asked, known_by).limit(1)).first() is not None


def claims_of_one_before(
    connection: Connection, country: str, names: Sequence[str], since: str, known_by: str
) -> list[str]:
    """The claims of one incident there that began before an ISO day and was known by another; none where none did."""
    marks, members = schema.incident_marks, schema.incident_claims
    asked = [*_in_country(country, names), marks.c.day > "", marks.c.day < since]
    found = connection.execute(_known(asked, known_by).limit(1)).scalar()
    query = select(members.c.claim_id).where(members.c.incident_id == found).order_by(members.c.claim_id)
    return list(connection.execute(query).scalars()) if found else []


def unplaced_before(connection: Connection, country: str, since: str, known_by: str) -> int:
    """How many incidents of a country name no area and began before an ISO day, or on none that is known."""
    marks = schema.incident_marks
    asked = [*_in_country(country, ()), func.trim(marks.c.admin1) == "", marks.c.day < since]
    return _count(connection, asked, known_by)


def without_a_day(connection: Connection, level: UnitLevel, known_by: str) -> int:
    """How many incidents lie in some unit of a level and say no day."""
    return _count(connection, [schema.incident_marks.c.day == "", *_placed(level)], known_by)


def first_day_told(connection: Connection, level: UnitLevel, known_by: str) -> str:
    """The first ISO day of an incident that lies in some unit of a level; empty where there is none."""
    marks = schema.incident_marks
    query = _known([marks.c.day > "", *_placed(level)], known_by).with_only_columns(marks.c.day)
    return str(connection.execute(query.order_by(marks.c.day).limit(1)).scalar() or "")


def _in_country(country: str, names: Sequence[str]) -> list[ColumnElement[bool]]:
    marks = schema.incident_marks
    asked = [marks.c.country == country, marks.c.sensitivity.in_(_CLASSES)]
    return [*asked, marks.c.admin1.in_(names)] if names else asked


def _placed(level: UnitLevel) -> list[ColumnElement[bool]]:
    marks = schema.incident_marks
    if level is UnitLevel.CELL:
        return [marks.c.cell > 0]
    return [marks.c.country != "", *([func.trim(marks.c.admin1) != ""] if level is UnitLevel.ADMIN1 else [])]


def _known(asked: Sequence[ColumnElement[bool]], known_by: str) -> Select[tuple[str]]:
    marks, incidents = schema.incident_marks, schema.incidents
    joined = marks.join(incidents, incidents.c.incident_id == marks.c.incident_id)
    return select(marks.c.incident_id).select_from(joined).where(*asked, incidents.c.known_on <= known_by)


def _count(connection: Connection, asked: Sequence[ColumnElement[bool]], known_by: str) -> int:
    counted = _known(asked, known_by).with_only_columns(func.count())
    return int(connection.execute(counted).scalar() or 0)
