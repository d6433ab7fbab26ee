"""The tables by which lists are asked for: what decides who may see an incident or alert, and in which order.

Nothing here says anything of its own: each row repeats what its incident and claims, or its alert's text, say, so that
a list is one question answered by an index instead of a walk through texts.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table

from forewarn.store.columns import metadata, text, whole

__all__ = ["alert_marks", "incident_marks"]

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
    Index(
        "incident_marks_by_day",
        *("day", "sensitivity", "country", "admin1", "cell", "status", "contested", "spread"),
        *("deaths_low", "deaths_high", "incident_id"),
    ),
)
"""By what a list of incidents is asked for: the most sensitive class among its claims (severe where one is not of the
four), its area and cell, its first day (empty where not known), what was done, and how it stands. For the map, whether
it is contested, and its deaths: what is not said of one end is the best, and null stands where nothing is said. How far
its claims are spread: 0 where all lie in its own area, 1 in its own country, 2 beyond it."""

alert_marks = Table(
    "alert_marks",
    metadata,
    text("alert_id", primary_key=True),
    whole("version", primary_key=True),
    *(text(name) for name in ("unit", "sensitivity", "decision_needed_by", "written_at")),
    Index("alert_marks_by_deadline", "decision_needed_by", "alert_id"),
)
"""By what a list of alerts is asked for: of each version its area, how sensitive its mark makes it, its deadline."""
