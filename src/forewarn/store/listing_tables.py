"""The tables by which lists and the map are asked for: what decides who may see what, in which order.

Nothing here says anything of its own: each row repeats what its incident and claims, or its alert's text, say, so that
a list is one question answered by an index instead of a walk through texts.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table
from sqlalchemy import text as sql

from forewarn.store.columns import metadata, text, whole

__all__ = ["SUMMED", "alert_marks", "incident_marks", "incident_sums"]

_BEYOND, _EMPTIED = sql("spread > 0"), sql("incidents = 0")

incident_marks = Table(
    "incident_marks",
    metadata,
    text("incident_id", primary_key=True),
    *(text(name) for name in ("sensitivity", "country", "admin1", "day", "act", "status")),
    whole("cell"),
    *(Column(name, BigInteger, nullable=False, server_default="0") for name in ("contested", "spread")),
    whole("deaths_low", nullable=True),
    whole("deaths_high", nullable=True),
    Index("incident_marks_by_class", "sensitivity", "day", "incident_id", "act", "status", "cell"),
    Index("incident_marks_by_cell", "cell", "sensitivity", "day", "incident_id"),
    Index("incident_marks_by_place", "country", "sensitivity", "day", "incident_id", "admin1", "act", "status", "cell"),
    Index("incident_marks_by_day", "day", "incident_id", "sensitivity", "country", "admin1", "cell", "spread"),
    Index("incident_marks_by_cell_and_day", "cell", "day", "incident_id"),
    Index(
        "incident_marks_beyond",
        *("country", "day", "admin1", "sensitivity", "spread", "incident_id"),
        sqlite_where=_BEYOND,
        postgresql_where=_BEYOND,
    ),
)
"""By what a list of incidents is asked for: the most sensitive class among its claims (severe where one is not of the
four), its area and cell, its first day (empty where not known), what was done, and how it stands. For the map, whether
it is contested, and its deaths: what is not said of one end is the best, and null stands where nothing is said. How far
its claims are spread: 0 where all lie in its own area, 1 in its own country, 2 beyond it."""

SUMMED = ("incidents", "contested", "corroborated", "low_said", "high_said", "deaths_low", "deaths_high")
"""What is summed of incidents: how many, how many of them contested or only corroborated, how many say something of
deaths at least and at most, and the deaths."""

incident_sums = Table(
    "incident_sums",
    metadata,
    *(text(name, primary_key=True) for name in ("period", "sensitivity", "country", "admin1")),
    *(Column(name, BigInteger, primary_key=True, autoincrement=False) for name in ("spread", "cell")),
    *(whole(name) for name in SUMMED),
    Index("incident_sums_emptied", "period", sqlite_where=_EMPTIED, postgresql_where=_EMPTIED),
    sqlite_with_rowid=False,
)
"""Marks of incidents summed by all that decides who may see them, by cell, and by month (``2026-01``), quarter
(``2026-q1``) and year (``2026``) of the first day. Years and quarters are there so that three years are few rows."""

alert_marks = Table(
    "alert_marks",
    metadata,
    text("alert_id", primary_key=True),
    whole("version", primary_key=True),
    *(text(name) for name in ("unit", "sensitivity", "decision_needed_by", "written_at")),
    Index("alert_marks_by_deadline", "decision_needed_by", "alert_id"),
)
"""By what a list of alerts is asked for: of each version its area, how sensitive its mark makes it, its deadline."""
