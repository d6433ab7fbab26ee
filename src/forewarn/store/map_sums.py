"""Sums of incidents by cell and period, for the map: kept as marks are put and taken away, in the same transaction.

Owns which periods make up some months, and that a sum is always that of the marks: what is put is added, what is taken
away is subtracted, and a row of no incident is none. Incidents of no known day are in no month, so in no sum.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Integer, and_, case, cast, func, literal, select, true
from sqlalchemy.dialects import postgresql, sqlite

from forewarn.clock import first_day, last_day, month_label
from forewarn.store.database import came_in
from forewarn.store.listing_tables import SUMMED, incident_marks, incident_sums

__all__ = ["add_sums", "counted_each", "days_between", "periods_of", "subtract_sums", "sum_all"]

_SAME = ("sensitivity", "country", "admin1", "spread", "cell")
_KEYS = ("period", *_SAME)


def periods_of(months: range) -> list[str]:
    """The fewest periods that make up some months: whole years, whole quarters of the rest, and months."""
    found, month = [], months.start
    while month < months.stop:
        label, place = month_label(month), (month - 1) % 12
        if place == 0 and month + 12 <= months.stop:
            period, length = label[:4], 12
        elif place % 3 == 0 and month + 3 <= months.stop:
            period, length = f"{label[:4]}-q{place // 3 + 1}", 3
        else:
            period, length = label, 1
        found.append(period)
        month += length
    return found


def days_between(months: range) -> tuple[str, str]:
    """The first and the last day of some months, as they are written."""
    return first_day(months[0]).isoformat(), last_day(months[-1]).isoformat()


def sum_all(connection: Connection) -> None:
    """Sum all marks anew."""
    connection.execute(incident_sums.delete())
    _add(connection, true(), 1)


def add_sums(connection: Connection, among: ColumnElement[bool]) -> None:
    """Add marks, given as a condition on them, that were put just now."""
    _add(connection, among, 1)


def subtract_sums(connection: Connection, among: ColumnElement[bool]) -> None:
    """Subtract marks, given as a condition on them, that are about to be taken away."""
    _add(connection, among, -1)
    connection.execute(incident_sums.delete().where(incident_sums.c.incidents == 0))


def counted_each() -> tuple[ColumnElement[int], ...]:
    """Of one mark, what is summed: as :data:`~.listing_tables.SUMMED` names it."""
    marks = incident_marks.c
    low, high = marks.deaths_low, marks.deaths_high
    is_contested = marks.contested == 1
    is_corroborated = and_(marks.contested == 0, marks.status == "corroborated")
    each = (is_contested, is_corroborated, low.is_not(None), high.is_not(None))
    return (literal(1), *(case((one, 1), else_=0) for one in each), func.coalesce(low, 0), func.coalesce(high, 0))


def _add(connection: Connection, among: ColumnElement[bool], sign: int) -> None:
    sums = [(func.sum(one) * sign).label(name) for name, one in zip(SUMMED, counted_each(), strict=True)]
    same = [incident_marks.c[name] for name in _SAME]
    is_sqlite = connection.dialect.name == "sqlite"
    for period in _periods():
        # In the order of the key: two that write wait for each other's rows in one order alone.
        query = select(period.label("period"), *same, *sums).where(among, incident_marks.c.day != "")
        query = query.group_by(period, *same).order_by(period, *same)
        put = sqlite.insert(incident_sums) if is_sqlite else postgresql.insert(incident_sums)
        put = put.from_select([*_KEYS, *SUMMED], query)
        more = {name: incident_sums.c[name] + put.excluded[name] for name in SUMMED}
        made = connection.execute(put.on_conflict_do_update(index_elements=list(_KEYS), set_=more))
        came_in(connection, incident_sums.name, made.rowcount)


def _periods() -> tuple[ColumnElement[str], ...]:
    day = incident_marks.c.day
    year = func.substr(day, 1, 4)
    quarter = (cast(func.substr(day, 6, 2), Integer) + 2) // 3
    return func.substr(day, 1, 7), year.concat("-q").concat(cast(quarter, incident_marks.c.day.type)), year
