"""The table of what back-tests said of a forecast run: its skill, by the status of the conflict.

Derived from the run's own panel and model; a run made again from the same input says the same.
"""

from __future__ import annotations

from sqlalchemy import Table

from forewarn.store.columns import metadata, text, whole

__all__ = ["forecast_skill"]

forecast_skill = Table(
    "forecast_skill",
    metadata,
    text("forecast_id", primary_key=True),
    text("kind", primary_key=True),
    text("name", primary_key=True),
    whole("units"),
    whole("unit_periods"),
    text("verdict"),
    text("sentence"),
)
"""``kind`` is ``all`` or ``status``; ``verdict`` and ``sentence`` as the back-test gave them."""
