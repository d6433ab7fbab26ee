"""The store: one schema on SQLite or PostgreSQL, through SQLAlchemy Core. No ORM, no sessions.

``database`` opens, locks and maps errors; ``schema`` names the tables; ``intake`` adds reports and claims;
``reading`` gives them back as frames; ``decisions`` appends and replays judgements, grades and alerts;
``forecasts`` keeps forecast runs. Tables of facts and decisions are append-only, held by triggers: not even a
person with the database open in another tool edits them by accident.
"""

from forewarn.store.database import Database
from forewarn.store.schema import APPEND_ONLY, REVISION, metadata

__all__ = ["APPEND_ONLY", "REVISION", "Database", "metadata"]
