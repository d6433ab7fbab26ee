"""A fresh database of each kind."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from forewarn.store import Database
from forewarn.store.migrate import migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        made = Database.at(tmp_path / "forewarn.db")
    else:
        made = Database(fresh_postgresql(request.getfixturevalue("postgresql")))
    migrate(made)
    yield made
    made.close()


def fresh_postgresql(address: str) -> str:
    """The address of a new, empty database on the server."""
    name = f"t_{uuid.uuid4().hex}"
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.replace("/postgres?", f"/{name}?")
