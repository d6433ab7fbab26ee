"""The same answers from PostgreSQL: rights in the question, pages, the map, what is kept of sensitive readings."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

REASON = {"X-Reason": "a check of the rights"}


@pytest.fixture(scope="module")
def both(node: Any, postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The furnished node on SQLite, and its like on PostgreSQL."""
    engine = sqlalchemy.create_engine(postgresql.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sqlalchemy.text("CREATE DATABASE api_node"))
    engine.dispose()
    address = str(sqlalchemy.make_url(postgresql).set(database="api_node").render_as_string(hide_password=False))
    furnished = importlib.import_module(type(node).__module__).furnished
    made = furnished(Path(tmp_path_factory.mktemp("pg")), address)
    yield node, next(made)
    made.close()


@pytest.mark.parametrize("role", ["reader", "analyst", "decision_maker"])
def test_both_engines_answer_alike(both: Any, role: str) -> None:
    """Every list, in pages of three, with a reason and without, of one area and of all."""
    clients = [one.client(one.token((role, areas, "severe"))) for areas in ("XKA", "*") for one in both]
    for path in ("reports", "claims", "incidents", "alerts", "decisions", "situations", "forecasts", "channels"):
        for headers in ({}, REASON):
            told = [pages(client, f"/api/v1/{path}", headers) for client in clients]
            assert told[0] == told[1], path
            assert told[2] == told[3], path
    box = "/api/v1/ogc/collections/incidents/items?bbox=-180,-90,180,90&datetime=2025-01-01/.."
    answers = [client.get(box).json()["features"] for client in clients]
    assert answers[0] == answers[1]


def pages(client: Any, path: str, headers: dict[str, str]) -> Any:
    """All rows of a list, or why there are none."""
    rows, cursor = [], ""
    while True:
        answer = client.get(f"{path}?limit=3{cursor}", headers=headers)
        if answer.status_code != 200:
            return answer.status_code
        rows += answer.json()["items"]
        if not answer.json()["next_cursor"]:
            return rows
        cursor = f"&cursor={answer.json()['next_cursor']}"
