"""A small workspace with a record of every class in three places, and people of every role who sign in as people do."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table
from starlette.testclient import TestClient

from forewarn.config import load_settings
from forewarn.ids import content_id
from forewarn.model.alert import Alert, EvidenceLine
from forewarn.model.alert_life import AlertEvent
from forewarn.model.situation import IndicatorAssessment
from forewarn.operations import accounts, passwords
from forewarn.operations.init import init
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import Database, decisions, schema, situations
from forewarn.store.marks import mark_incidents
from forewarn.testing import complete_alert
from forewarn.web.app import make_app

AREAS = ("XKA/North", "XKA/South", "XKB/North")
CLASSES = ("low", "moderate", "high", "severe")
MARKS = dict(zip(CLASSES, ("TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"), strict=True))
PASSWORD = "four calm grey herons"  # noqa: S105 - of nobody
NOW = datetime(2026, 1, 2, 9, tzinfo=UTC)


def token_in(page: str) -> str:
    """The token of the forms of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def send(client: TestClient, path: str, *, page: str = "", **fields: str):  # type: ignore[no-untyped-def]
    """Fill in the form of a page and send it."""
    return client.post(path, data={"csrf": token_in(client.get(page or path).text), **fields})


def name_of(kind: str, area: str, sensitivity: str) -> str:
    """The id of the record of that kind, place and class."""
    return content_id({"incident": "inc", "alert": "alr", "claim": "clm", "report": "rpt"}[kind], area, sensitivity)


CONFIRMED = content_id("dec", "x")
"""A decision that a second person has confirmed."""

INDICATORS = dict(zip(CLASSES, ("7.1", "7.2", "7.3", "7.4"), strict=True))
"""An indicator that a reading of each class is of."""


def reading_of(area: str, sensitivity: str) -> IndicatorAssessment:
    """A reading that rests on the claim of an area and class."""
    claim = name_of("claim", area, sensitivity)
    basis, at = f"because of {claim}", NOW - timedelta(days=1)
    return IndicatorAssessment(area, INDICATORS[sensitivity], "weak", "writer", at, basis, (claim,))


@dataclass
class House:
    """The application with its workspace and a clock that a test may turn; ``people`` are signed in on demand."""

    workspace: Workspace
    now: datetime = NOW
    admin: TestClient = field(init=False)
    send = staticmethod(send)
    token_in = staticmethod(token_in)
    name_of = staticmethod(name_of)
    reading_of = staticmethod(reading_of)
    areas, classes, confirmed = AREAS, CLASSES, CONFIRMED

    def __post_init__(self) -> None:
        self.app = make_app(self.workspace, clock=lambda: self.now)
        self.admin = self.joined(accounts.first_link(self.workspace, at=self.now), "head")

    def visitor(self) -> TestClient:
        """Somebody nobody knows."""
        return TestClient(self.app, base_url="https://127.0.0.1:8400", follow_redirects=False)

    def joined(self, link: str, name: str) -> TestClient:
        """Who uses a link and signs in."""
        client = self.visitor()
        assert send(client, f"/join/{link}", name=name, password=PASSWORD).status_code == 303
        assert send(client, "/sign-in", name=name, password=PASSWORD).status_code == 303
        return client

    def person(self, role: str, *, areas: str = "*", most: str = "severe", name: str = "") -> TestClient:
        """Somebody new with a role, invited by the administrator."""
        page = send(self.admin, "/people/invite", page="/people", role=role, areas=areas, most=most)
        link = re.search(r"/join/([\w-]+)", page.text)
        assert link, page.text
        return self.joined(link[1], name or f"{role.replace('_', '-')}-{content_id('usr', areas, most)[4:10]}")


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace furnished once, to be copied for each test."""
    settings = load_settings({"workspace": tmp_path_factory.mktemp("house") / "w", "today": "2026-01-02"}, environ={})
    init(settings)
    with opened(settings) as workspace:
        furnish(workspace.database)
    return settings.workspace


@pytest.fixture
def house(tmp_path: Path, furnished: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The house, with an administrator who is called head; its passwords are hashed cheaply."""
    monkeypatch.setattr(passwords, "COST", passwords.Cost(1, 1, 64))
    copied = shutil.copytree(furnished, tmp_path / "w")
    with opened(load_settings({"workspace": copied, "today": "2026-01-02"}, environ={})) as workspace:
        yield House(workspace)


def furnish(database: Database) -> None:
    """One report, claim, incident and alert for every area and class."""
    with database.writing() as connection:
        add: Callable[[Table, dict[str, object]], object] = lambda table, row: connection.execute(  # noqa: E731
            table.insert(), {**_blank(table), **row}
        )
        agreed = {"author": "second", "person": "second", "confirmed_at": "2026-01-01T00:00:00Z", "reason": "read it"}
        add(schema.review_confirmations, {"decision_id": CONFIRMED, **agreed})
        add(schema.sources, {"source_id": content_id("src", "x"), "name": "A source", "kind": "ngo"})
        add(schema.snapshots, {"snapshot_id": content_id("snp", "x"), "origin": "file:x.csv", "channel": "table"})
        for area in AREAS:
            for sensitivity in CLASSES:
                report, claim = (name_of(kind, area, sensitivity) for kind in ("report", "claim"))
                country, _, admin1 = area.partition("/")
                placed = {"country": country, "admin1": admin1, "started_on": "2026-01-01", "known_on": "2026-01-01"}
                ids = {"report_id": report, "source_id": content_id("src", "x"), "snapshot_id": content_id("snp", "x")}
                add(schema.reports, {**ids, "row": 1, "channel": "table", "sensitivity": sensitivity})
                said = {"claim_id": claim, "report_id": report, "sensitivity": sensitivity, "text": f"told {claim}"}
                add(schema.claims, {**placed, **said, "channel": "table", "act": "killing"})
                incident = name_of("incident", area, sensitivity)
                add(schema.incidents, {**placed, "incident_id": incident, "act": "killing", "claims": 1})
                add(schema.incident_claims, {"incident_id": incident, "claim_id": claim})
                one = alert_of(area, sensitivity)
                decisions.add_alert_version(connection, one, written_at="2026-01-01T00:00:00Z")
                situations.add_assessment(connection, reading_of(area, sensitivity), decision=CONFIRMED)
                born = AlertEvent(one.alert_id, "draft", "writer", NOW - timedelta(days=1), 1)
                decisions.append_alert_event(connection, born)
        mark_incidents(connection)


def alert_of(area: str, sensitivity: str) -> Alert:
    """A complete draft for an area, with the mark of a class."""
    said, claim = "said", name_of("claim", area, sensitivity)
    return replace(_ALERT, alert_id=name_of("alert", area, sensitivity), unit=area, releasability=MARKS[sensitivity],
                   evidence_for=(EvidenceLine(said, (claim,), independent_origins=1),))  # fmt: skip


def _blank(table: Table) -> dict[str, object]:
    kinds = {"TEXT": "", "BIGINT": 0, "FLOAT": 0.0}
    return {c.name: None if c.nullable else kinds.get(str(c.type), "") for c in table.columns if c.name != "sequence"}


_SAID = {"unit": "XKA/North", "valid_until": date(2026, 6, 1), "decision_needed_by": NOW + timedelta(days=3)}
_ALERT = complete_alert(**_SAID, authors=("writer",), options=("M110",), fictional=False)
