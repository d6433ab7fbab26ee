"""One furnished workspace for a module, and tokens of people of every role, made without passwords to be fast."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from starlette.testclient import TestClient

from forewarn.config import load_settings
from forewarn.ids import content_id
from forewarn.model.access import Grant
from forewarn.model.provenance import Sensitivity
from forewarn.model.situation import IndicatorAssessment
from forewarn.operations import tokens
from forewarn.operations.init import init
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import accounts, forecasts, schema, situations
from forewarn.taxonomy.access import rights
from forewarn.web.app import make_app

NOW = datetime(2026, 1, 2, 9, tzinfo=UTC)
REASON = {"X-Reason": "a check of the rights"}
_spec = importlib.util.spec_from_file_location("web_conftest", Path(__file__).parents[1] / "conftest.py")
assert _spec
assert _spec.loader
shared = importlib.util.module_from_spec(_spec)
import sys  # noqa: E402

sys.modules["web_conftest"] = shared
_spec.loader.exec_module(shared)


@dataclass
class Node:
    """The application over a furnished workspace; ``now`` may be turned by a test that turns it back."""

    workspace: Workspace
    now: datetime = NOW
    app: Any = field(init=False)
    made: int = 0
    name_of = staticmethod(shared.name_of)

    def __post_init__(self) -> None:
        self.app = make_app(self.workspace, clock=lambda: self.now)

    def client(self, token: str = "") -> TestClient:
        """Somebody who sends that token."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        base = "https://127.0.0.1:8400"
        return TestClient(self.app, base_url=base, headers=headers, raise_server_exceptions=False)

    def person(self, *grants: tuple[str, str, str]) -> str:
        """Somebody new with grants of role, areas and class; their name."""
        self.made += 1
        name = f"person-{self.made}"
        with self.workspace.database.writing() as connection:
            user = accounts.add_user(connection, name, "$none", by="head", at=NOW)
            for role, areas, most in grants:
                grant = content_id("gra", name, role, areas, most)
                one = Grant(
                    grant, user, role, tuple(areas.split(",")), Sensitivity(most), "head", "2026-01-01T00:00:00Z"
                )
                accounts.add_grant(connection, one)
        return name

    def token(self, *grants: tuple[str, str, str], scopes: tuple[str, ...] = (), days: int = 30) -> str:
        """The token of somebody new, for all that their roles give unless scopes are named."""
        owner = tokens.person_named(self.workspace, self.person(*grants))
        wanted = scopes or tuple(tokens.scopes_for(owner))
        return tokens.make_token(self.workspace, owner, "a test", wanted, days=days, at=self.now).token


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node with records of every class in three places, an assessment of each, and a forecast."""
    yield from furnished(tmp_path_factory.mktemp("node"), "")


def furnished(folder: Path, address: str) -> Iterator[Node]:
    """A node in a folder; on another database where an address is given."""
    given = {"workspace": folder / "w", "today": "2026-01-02"} | ({"database_url": address} if address else {})
    settings = load_settings(given, environ={})
    init(settings)
    with opened(settings) as workspace:
        shared.furnish(workspace.database)
        with workspace.database.writing() as connection:
            add_more(connection)
        yield Node(workspace)


def add_more(connection: Any) -> None:
    """A reading of an indicator that rests on each low claim, one on a severe one; a forecast of two units."""
    for area, level in ((area, level) for area in shared.AREAS for level in ("low", "severe")):
        claim, indicator = shared.name_of("claim", area, level), {"low": "1.1", "severe": "1.2"}[level]
        said = IndicatorAssessment(area, indicator, "clear", "ana", NOW, f"said {level}", claim_ids=(claim,))
        connection.execute(schema.assessments.insert(), situations._row(said))  # two persons would have to agree
    run = forecasts.ForecastRun(
        "deaths", "admin1", "m", "2026-01-01", 552, 3, 10, 0, "1", "0" * 64, "", "2026-01-01T00:00:00Z"
    )
    numbers = dict.fromkeys(forecasts.FORECAST_SUMMARY, 0.5)
    units = [{"unit": unit, "month": month, **numbers} for unit in shared.AREAS for month in (0, 553, 554)]
    forecasts.add_forecast(connection, run, pl.DataFrame(units))


def pages(client: TestClient, path: str, **headers: str) -> Iterator[dict[str, Any]]:
    """The rows of all pages of a list."""
    mark, cursor = "&" if "?" in path else "?", ""
    while True:
        answer = client.get(f"/api/v1{path}" + (f"{mark}cursor={cursor}" if cursor else ""), headers=headers)
        assert answer.status_code == 200, answer.text
        yield from answer.json()["items"]
        cursor = answer.json()["next_cursor"]
        if not cursor:
            return


@pytest.fixture(scope="module")
def all_of() -> Callable[..., Iterator[dict[str, Any]]]:
    """What goes through the pages of a list."""
    return pages


@pytest.fixture(scope="module")
def roles() -> tuple[str, ...]:
    """Every role of the table."""
    return tuple(rights().roles)
