"""A fresh database of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from forewarn.store import Database
from forewarn.store.migrate import migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        made = Database.at(tmp_path / "forewarn.db")
    else:
        made = Database(request.getfixturevalue("empty_postgresql")())
    migrate(made)
    yield made
    made.close()
